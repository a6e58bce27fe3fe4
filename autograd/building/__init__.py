"""Building: lowered programs as machine code, by the C compiler of this machine; kept on disk, and loaded.

    spelling   steps in C
    source     a lowered program in C, around which stand prelude.h and driver.h
    compilers  the C compiler that there is, its flags, and a run of it that ends
    keeping    the private folder in which what was built is found again
    library    what was built, loaded
    replay     a replay that runs it; over lanes, where nothing can be built

Each file uses only those above it. May import: border, calculus, engine, lowering, replay.
"""
