"""Branches: decisions of a function that is recorded, as selects in place of guards.

    choice        one of two things, by a condition: a number, or numbers in a structure
    ordering      Python's own max, min and sorted, as selects
    surroundings  a function as it is recorded: the same code, with these in place of Python's

Each file uses only those above it. May import: border, calculus, engine, values.
"""
