"""Sparse matrices of derivatives: where they have entries, and how few directions tell these apart.

    linear      programs that are linear in a direction, with less to do along it
    nonzeros    which outputs of a program depend on which inputs
    colouring   columns that can be told apart in their sum
    pattern     Pattern: where a matrix has entries, and its colours

Each file uses only those above it. May import: calculus, programs.
"""
