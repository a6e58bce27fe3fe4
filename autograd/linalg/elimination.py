"""Gaussian elimination with pivots, on rows of numbers and Values.

The eager engine compares numbers, and exchanges rows. In a function that is recorded the comparison is a condition, and
each entry is selected by it: so there is one path, whatever the numbers, and each row of a batch has pivots of its own.
The derivatives are those of the operations, right to any order, as no pivot's choice has one.

Source: G. H. Golub and C. F. Van Loan, Matrix Computations, §3.4 (pivoting; the gaxpy form, in which each entry of the
factors is one sum of products) and §4.2 (Cholesky).
"""

from __future__ import annotations

from functools import reduce
from math import fabs
from typing import Any

from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.linalg.matrices import Rows
from autograd.values._functions import abs, equal, less, maximum, where
from autograd.values.folds import dot
from autograd.values.value import Value

__all__ = ["Factors", "determinant", "is_number", "with_products"]


def is_number(x: Any) -> bool:
    """Whether it may be compared here and now: a float, or a Value that is not recorded."""
    return not isinstance(x, Value) or recorder() is None


def size(x: Any) -> Any:
    """Its magnitude to compare: a number if it may be one, so that nothing but results is in the graph."""
    if not isinstance(x, Value):
        return fabs(x)
    return abs(x) if recorder() is not None else fabs(data_of(x))


def below(x: Any, y: Any) -> Any:
    """Whether one size is less than another: a bool of numbers, else a condition."""
    return less(x, y) if isinstance(x, Value) or isinstance(y, Value) else x < y


def exchanged(condition: Any, xs: list[Any], ys: list[Any]) -> tuple[list[Any], list[Any]]:
    """Two lists the other way around where a condition holds."""
    if isinstance(condition, bool):
        return (ys, xs) if condition else (xs, ys)
    pairs = list(zip(xs, ys, strict=True))
    chosen = [x if x is y else where(condition, y, x) for x, y in pairs]
    return chosen, [x if x is y else where(condition, x, y) for x, y in pairs]


def flipped(condition: Any, sign: Any) -> Any:
    """A sign that changes where two rows, or two columns, are exchanged."""
    if isinstance(condition, bool):
        return -sign if condition else sign
    return where(condition, -sign, sign)


def divisor(pivot: Any) -> Any:
    """A pivot to divide by: 1 in place of 0, below which there is nothing but zeros."""
    if is_number(pivot):
        return pivot if pivot != 0.0 else 1.0
    return where(equal(pivot, 0.0), 1.0, pivot)


def with_products(x: Any, xs: list[Any], ys: list[Any]) -> Any:
    """`x` and what products add to it, `x` first even if 0, so that no zero becomes -0.0; `x` if none do."""
    return dot([x, *xs], [1.0, *ys]) if xs else x


class Factors:
    """The factors of a matrix whose rows were exchanged, with right-hand sides whose rows went along.

    Attributes:
        rows: On the diagonal and above it the one factor; below it the other, negative, without its diagonal of 1.
        right: The rows of the right-hand sides.
        sign: 1.0, or -1.0 for an odd number of exchanges.
    """

    def __init__(self, rows: Rows, right: Rows) -> None:
        self.rows, self.right, self.sign = rows, right, 1.0
        for k in range(len(rows)):
            self.step(k)

    def step(self, k: int) -> None:
        """Column k of the one factor and row k of the other, by the largest pivot that there is."""
        rows, right, n = self.rows, self.right, len(self.rows)
        above = [rows[i][k] for i in range(k)]
        for row in rows[k:]:
            row[k] = with_products(row[k], row[:k], above)
        for i in range(k + 1, n):
            larger = below(size(rows[k][k]), size(rows[i][k]))
            rows[k], rows[i] = exchanged(larger, rows[k], rows[i])
            right[k], right[i] = exchanged(larger, right[k], right[i])
            self.sign = flipped(larger, self.sign)
        pivot = rows[k]
        if k + 1 < n:
            by = -divisor(pivot[k])
            for row in rows[k + 1 :]:
                row[k] = row[k] / by
        for j in range(k + 1, n):
            pivot[j] = with_products(pivot[j], pivot[:k], [rows[i][j] for i in range(k)])

    def pivots(self) -> list[Any]:
        """The diagonal: their product, with the sign, is the determinant."""
        return [row[k] for k, row in enumerate(self.rows)]

    def solved(self) -> Rows:
        """The rows of the solutions, a column for each right-hand side; what is divided by 0 is infinite, or nan."""
        n = len(self.rows)
        columns = [self.solution([row[c] for row in self.right]) for c in range(len(self.right[0]) if n else 0)]
        return [[column[i] for column in columns] for i in range(n)]

    def solution(self, right: list[Any]) -> list[Any]:
        """The solution for one right-hand side; it is found negative, so that products are added only."""
        rows, n = self.rows, len(self.rows)
        x = list(right)
        for i in range(1, n):
            x[i] = with_products(x[i], rows[i][:i], x[:i])
        for i in range(n - 1, -1, -1):
            x[i] = with_products(x[i], rows[i][i + 1 :], x[i + 1 :]) / -rows[i][i]
        return [-negative for negative in x]


def determinant(rows: Rows) -> Any:
    """The determinant, by the largest pivots that there are in rows and columns, down to two rows.

    Of a singular matrix the last two rows have what the slopes need: nothing is divided by what may be 0 there.
    """
    n, sign = len(rows), 1.0
    if n < 2:
        return rows[0][0] if n else 1.0
    for k in range(n - 2):
        sign = largest_first(rows, k, sign)
        by = divisor(rows[k][k])
        for row in rows[k + 1 :]:
            factor = row[k] / by
            for j in range(k + 1, n):
                row[j] = row[j] - factor * rows[k][j]
    (a, b), (c, d) = rows[n - 2][n - 2 :], rows[n - 1][n - 2 :]
    for k in range(n - 2):  # the largest are multiplied by the smallest, lest their product be too large
        a, b = a * rows[k][k], b * rows[k][k]
    found = a * d - b * c
    return sign * found if isinstance(sign, Value) else found if sign > 0.0 else -found


def largest_first(rows: Rows, k: int, sign: Any) -> Any:
    """Exchange rows and columns from k on so that the largest entry comes first, in place; the sign after that."""
    n = len(rows)
    sizes = [reduce(larger_of, map(size, row[k:])) for row in rows[k:]]
    for i in range(k + 1, n):
        larger = below(sizes[0], sizes[i - k])
        rows[k], rows[i] = exchanged(larger, rows[k], rows[i])
        sizes[:1], sizes[i - k : i - k + 1] = exchanged(larger, sizes[:1], sizes[i - k : i - k + 1])
        sign = flipped(larger, sign)
    for j in range(k + 1, n):
        larger = below(size(rows[k][k]), size(rows[k][j]))
        columns = exchanged(larger, [row[k] for row in rows[k:]], [row[j] for row in rows[k:]])
        for row, first, other in zip(rows[k:], *columns, strict=True):
            row[k], row[j] = first, other
        sign = flipped(larger, sign)
    return sign


def larger_of(x: Any, y: Any) -> Any:
    """The larger of two sizes."""
    return maximum(x, y) if isinstance(x, Value) or isinstance(y, Value) else x if x > y else y
