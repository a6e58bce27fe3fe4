"""Such instructions run at the machine's speed, over threads.

    memory   memory for results
    machine  the instructions as loops that a C compiler turns into vector code
    replay   a batch in shares, over threads

Each file uses only those above it. May import: border, calculus, programs, lowering.
"""
