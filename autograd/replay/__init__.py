"""Replay: such instructions run at the machine's speed, over threads.

    memory      memory for results
    threads     a batch in shares, and threads that work on them
    directions  directions as a batch, and whether sums of products along them may overflow
    machine     the instructions as loops in C, of vector code: lanes.h, and lanes_of_width.h for each width; what
                programs in C use as well is in vectors.h, tiles.h and columns.h; where rows lie, in pages.h
    replay      a program over a batch

Each file uses only those above it. May import: border, calculus, programs, lowering.
"""
