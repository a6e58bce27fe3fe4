"""Straight-line programs without numbers: written, simplified, differentiated, printed, kept.

    steps            such a program, packed into arrays
    builder          writes one, step by step, sharing equal steps
    slots            its slots as a number type, on which the table's partials become programs
    simplification   the same program with fewer steps, to the same bits
    differentiation  its derivatives, as another program
    source           programs as text, Python, C and LaTeX
    file             programs in files

Each file uses only those above it. May import: border, calculus.
"""
