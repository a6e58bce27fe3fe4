"""Functions and their derivatives against PyTorch and JAX.

    peers  PyTorch and JAX as interpreters of the table
    same   the derivatives of a function against theirs

Each file uses only those above it. May import: border, calculus, derivatives, foreign, checks.
"""
