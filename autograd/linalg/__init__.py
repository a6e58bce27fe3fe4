"""Matrices of numbers and Values, by elimination, under NumPy's names; recorded, without guards.

`autograd.linalg.solve(a, b)` and the others give lists for lists, arrays for arrays, and floats for numbers alone. They
have derivatives of any order.

    matrices     matrices as they come in and go out
    elimination  Gaussian elimination with pivots, eager and recorded
    functions    solve, inv, det, slogdet, cholesky

Each file uses only those above it. May import: border, calculus, engine, values.
"""

from autograd.linalg.functions import SlogdetResult, cholesky, det, inv, slogdet, solve

__all__ = ["SlogdetResult", "cholesky", "det", "inv", "slogdet", "solve"]
