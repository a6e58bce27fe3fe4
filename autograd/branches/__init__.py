"""Branches: decisions of a function that is recorded, as selects in place of guards.

    choice        one of two things, by a condition: a number, or numbers in a structure
    ordering      Python's own max, min and sorted, as selects
    conditions    conditions that are not decided, numbers that rows differ in
    merging       what two branches bind to one name, merged
    decisions     which lines are merged, and one run under that
    harmless      things that Python's own syntax may act on with no effect
    callees       what may be called in a merged branch
    effects       what is asked where syntax acts on things
    loops         how long a loop goes round, of which rounds not all rows need
    deciding      what a rewritten function asks where something is decided
    surroundings  a function as it is recorded: the same code, with these in place of Python's

Each file uses only those above it. May import: border, calculus, engine, values, sources.
"""
