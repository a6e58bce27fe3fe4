"""Arguments and results of any structure, as rows of numbers.

    structure  trees, their layout as numbers, and results put together again

Each file uses only those above it. May import: border, calculus, engine, values.
"""
