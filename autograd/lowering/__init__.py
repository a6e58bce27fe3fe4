"""Lowering, from a program to instructions over rows of 64 lanes.

    fusion        two steps as one instruction
    grouping      uniform steps, in groups of a kind
    uniform       uniform steps: the same in all lanes, computed once
    lowered       the result, which replay runs: numbers, and instructions over rows
    sums          sums over the batch, and the products they add up
    scheduling    instruction scheduling: which comes when
    skipping      stretches that a block does without, where a condition holds in no lane
    allocation    register allocation by live ranges: which row a slot has
    lowering      all of it, in order
    instructions  what came of it, read one after the other

Each file uses only those above it. May import: calculus, programs.
"""
