"""A value, or a derivative, as one expression in the names of its leaves: simplified, in Python and in LaTeX.

    expressions     the rows of the table over names and numbers, what is in common kept once
    simplification  expressions as one writes them by hand: like terms collected, powers for repeated factors
    latex           labels and operations in LaTeX's mathematics
    spelling        expressions written down, in Python and in LaTeX
    identifiers     labels as Python's names
    formula         a value, and a derivative, as one expression

Each file uses only those above it. May import: border, calculus, engine, values, graphs.
"""
