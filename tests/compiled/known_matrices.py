"""Functions whose matrices of derivatives are known in closed form, and a matrix asked for in every way."""

import math

import numpy as np
from scipy.sparse import csr_array

import autograd


def rosenbrock(x):
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def rosenbrock_hessian(x):
    """In closed form."""
    n = len(x)
    found = np.zeros((n, n))
    for i in range(n - 1):
        found[i, i] += 1200.0 * x[i] ** 2 - 400.0 * x[i + 1] + 2.0
        found[i + 1, i + 1] += 200.0
        found[i, i + 1] = found[i + 1, i] = -400.0 * x[i]
    return found


def met(x):
    """A function in which all inputs meet, along what is not linear."""
    return autograd.logsumexp(list(x)) * sum(v * v for v in x)


def met_hessian(x):
    """In closed form."""
    top = x.max()
    share = np.exp(x - top) / np.exp(x - top).sum()
    total, value = float(x @ x), top + math.log(np.exp(x - top).sum())
    curved = np.diag(share) - np.outer(share, share)
    return total * curved + np.outer(share, 2 * x) + np.outer(2 * x, share) + 2 * value * np.eye(len(x))


def shifted(x):
    return [x[i] * x[(i + 1) % len(x)] ** 2 + autograd.sin(x[i]) for i in range(len(x))]


def shifted_jacobian(x):
    n = len(x)
    found, after = np.zeros((n, n)), np.roll(x, -1)
    found[range(n), range(n)] = after**2 + np.cos(x)
    found[range(n), (np.arange(n) + 1) % n] = 2.0 * x * after
    return found


def as_dense(f, kind, *args, **options):
    """The matrix, three ways, which must be the same."""
    call = getattr(f, kind)
    matrix = call(*args, sparse=True, **options)
    pattern = f.pattern(*args, of=kind, **options)
    for _ in range(2):  # the second time by a repetition
        values = call(*args, sparse="values", **options)
        again = call(*args, sparse=True, **options)
        np.testing.assert_array_equal(values, matrix.data)
        np.testing.assert_array_equal(again.toarray(), matrix.toarray())
    assert isinstance(matrix, csr_array)
    assert matrix.has_canonical_format
    assert matrix.indices.tolist() == pattern.columns.tolist()
    assert matrix.indptr.tolist() == pattern.begins.tolist()
    assert (matrix.shape, matrix.nnz) == (pattern.shape, pattern.nnz)
    return matrix.toarray()
