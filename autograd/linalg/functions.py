"""NumPy's functions of matrices, of numbers and Values."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.linalg.elimination import Factors, determinant, is_number, with_products
from autograd.linalg.matrices import as_given, entries_of, is_matrix, rows_of, square
from autograd.values._functions import abs, log, sign
from autograd.values.folds import sum
from autograd.values.series import prod
from autograd.values.value import Value

__all__ = ["SlogdetResult", "cholesky", "det", "inv", "slogdet", "solve"]


class SlogdetResult(NamedTuple):
    """What `slogdet` gives: the sign, and the logarithm of the magnitude."""

    sign: Any
    logabsdet: Any


def solve(a: Any, b: Any) -> Any:
    """The solution x of `a @ x = b`.

    Args:
        a: A square matrix of numbers and Values: a list of rows, or an array.
        b: The right-hand side: a vector; or several, which are the columns of a matrix.

    Returns:
        A list, or a list of rows for a matrix `b`; arrays if one of the two is an array. Floats if all are numbers.

    Raises:
        numpy.linalg.LinAlgError: `a` is not square, or singular. In a function that is recorded the solution of a
            singular system is infinite or nan.
        ValueError: `b` has more or fewer rows.

    Cost: n² nodes and n more for each right-hand side, of up to n products each. Recorded, n³ selections besides, as
        each row of a batch has pivots of its own.

    >>> from autograd import Value
    >>> a = [[Value(2.0), 1.0], [1.0, 3.0]]
    >>> x = solve(a, [3.0, 4.0])
    >>> x[0].backward()
    >>> [round(v.data, 12) for v in x], round(a[0][0].grad, 12)
    ([1.0, 1.0], -0.6)
    """
    rows = square(a, "solve: a")
    several = is_matrix(b)
    right = rows_of(b, "solve: b") if several else [[x] for x in entries_of(b, "solve: b")]
    if len(right) != len(rows):
        raise ValueError(f"solve: {len(rows)} rows in a, {len(right)} in b")
    found = solutions(Factors(rows, right), "solve")
    return as_given(found if several else [x for [x] in found], a, b)


def inv(a: Any) -> Any:
    """The inverse of a square matrix. To solve a system, `solve` takes less time and loses fewer digits.

    Raises:
        numpy.linalg.LinAlgError: it is not square, or singular; recorded, the inverse of that is infinite or nan.

    Rule: ∂z/∂aᵢⱼ = -z[:, i] z[j, :]. Cost: 3n² nodes of up to n products each.

    >>> inv([[2.0, 0.0], [0.0, 4.0]])
    [[0.5, 0.0], [0.0, 0.25]]
    """
    rows = square(a, "inv")
    identity = [[1.0 if i == j else 0.0 for j in range(len(rows))] for i in range(len(rows))]
    return as_given(solutions(Factors(rows, identity), "inv"), a)


def solutions(factors: Factors, what: str) -> list[list[Any]]:
    """The rows of the solutions.

    Raises:
        numpy.linalg.LinAlgError: the matrix is singular, if its pivots are numbers here.
    """
    for k, pivot in enumerate(factors.pivots()):
        if is_number(pivot) and pivot == 0.0:
            raise np.linalg.LinAlgError(
                f"{what}: the matrix is singular: once {k} of its {len(factors.rows)} columns are eliminated, nothing "
                "is left of the next one"
            )
    return factors.solved()


def det(a: Any) -> Any:
    """The determinant of a square matrix, 1.0 of an empty one.

    Of a singular matrix its first two derivatives are right too, and all of them where its rank is at least n - 2.

    Raises:
        numpy.linalg.LinAlgError: it is not square.

    Rule: ∂z/∂aᵢⱼ is the cofactor of aᵢⱼ. Cost: n³ nodes; recorded, 3n³, as each row of a batch has pivots of its own.

    >>> from autograd import Value
    >>> a = [[Value(1.0), 2.0], [2.0, 4.0]]
    >>> z = det(a)
    >>> z.backward()
    >>> z.data, a[0][0].grad
    (0.0, 4.0)
    """
    return determinant(square(a, "det"))


def slogdet(a: Any) -> SlogdetResult:
    """The sign of the determinant of a square matrix, and the logarithm of its magnitude, which cannot overflow.

    Returns:
        `(sign, logabsdet)`: 0.0 and -inf for a singular matrix. No gradient comes from the sign.

    Raises:
        numpy.linalg.LinAlgError: it is not square.

    Rule: ∂logabsdet/∂aᵢⱼ = inv(a)ⱼᵢ. Cost: n² nodes of up to n products each; recorded, n³ selections besides.

    >>> slogdet([[0.0, 1e200], [1e200, 0.0]])
    SlogdetResult(sign=-1.0, logabsdet=921.03403719761...)
    """
    factors = Factors(square(a, "slogdet"), [[] for _ in a])
    pivots = factors.pivots()
    signs = [sign(x) for x in pivots]
    return SlogdetResult(factors.sign * prod(signs), sum([log(abs(x)) for x in pivots]))


def cholesky(a: Any) -> Any:
    """The lower triangular matrix whose product with its own transpose is `a`, symmetric and positive definite.

    As in NumPy the lower triangle of `a` is read, and nothing above it: gradients go there.

    Raises:
        numpy.linalg.LinAlgError: `a` is not square, or not positive definite. In a function that is recorded the rows
            from where that shows are nan.

    Cost: n² nodes of up to n products each.

    >>> cholesky([[4.0, 2.0], [2.0, 5.0]])
    [[2.0, 0.0], [1.0, 2.0]]
    """
    rows = square(a, "cholesky")
    n = len(rows)
    found: list[list[Any]] = [[0.0] * n for _ in rows]
    negative: list[list[Any]] = [[] for _ in rows]
    for j in range(n):
        square_of_pivot = with_products(rows[j][j], negative[j], found[j][:j])
        if is_number(square_of_pivot) and not square_of_pivot > 0.0:
            left = square_of_pivot.data if isinstance(square_of_pivot, Value) else square_of_pivot
            raise np.linalg.LinAlgError(
                f"cholesky: the matrix is not positive definite: of row {j} is left {left:g}, which is to be above 0"
            )
        pivot = square_of_pivot**0.5
        found[j][j] = pivot
        for i in range(j + 1, n):
            found[i][j] = with_products(rows[i][j], negative[i], found[j][:j]) / pivot
            negative[i].append(-found[i][j])
    return as_given(found, a)
