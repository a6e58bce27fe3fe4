"""From a program to instructions over rows of 64 lanes.

    fusion      two steps as one instruction
    grouping    steps on single numbers, in groups of a kind
    uniform     what is the same in all lanes, computed once
    lowered     what replay runs: numbers, and instructions over rows
    scheduling  which instruction comes when
    allocation  which row a slot has, from when to when
    lowering    all of it, in order

Each file uses only those above it. May import: border, calculus, programs.
"""
