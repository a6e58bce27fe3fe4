"""Replay: such instructions run at the machine's speed, over threads.

    memory   memory for results
    threads  a batch in shares, and threads that work on them
    machine  the instructions as loops that a C compiler turns into vector code
    replay   a program over a batch

Each file uses only those above it. May import: border, calculus, programs, lowering.
"""
