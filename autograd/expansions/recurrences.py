"""Power series of functions, coefficient by coefficient: the loops of `power_series.py` over numbers.

Series stand in one array, a row of coefficients each. A step adds one coefficient to a row, from those that are there.
Plain Python that Cython compiles.
"""

from __future__ import annotations

from array import array

import cython

if not cython.compiled:
    from autograd.calculus._codes import DIV
    from autograd.calculus.kernel import value1, value2

__all__ = ["FIELDS", "LAW", "PRODUCT", "QUOTIENT", "head1", "head2", "run"]

LAW = 0
PRODUCT = 1
QUOTIENT = 2
FIELDS = 5
"""A step has: its kind, how many coefficients it is behind, its row, how many pairs of rows follow of which both depend
on t, and how many of which the second is a number; then these pairs."""


def head1(code: int, x: float) -> float:
    """The value of a row of one operand."""
    return value1(code, x)


def head2(code: int, x: float, y: float) -> float:
    """The value of a row of two operands."""
    return value2(code, x, y)


def run(steps: array[int], work: array[float], degrees: array[int], width: int) -> None:
    """Add the coefficients from 1 on to all rows that have steps.

    Args:
        steps: As above, in the order in which they are made in each round.
        work: The rows, `width` numbers each; the first of each is there.
        degrees: Of each row, beyond which coefficient there is nothing; of those that have steps they are found.
        width: One more than the order.
    """
    for k in range(1, width):
        at = 0
        while at < len(steps):
            n = k - steps[at + 1]
            if n > 0:
                extend(steps, at, n, work, degrees, width)
            at += FIELDS + 2 * (steps[at + 3] + steps[at + 4])


def extend(steps: array[int], at: int, n: int, work: array[float], degrees: array[int], width: int) -> None:
    """Add coefficient n to the row of a step."""
    kind, row, curved, straight = steps[at], steps[at + 2], steps[at + 3], steps[at + 4]
    first = at + FIELDS
    if n == 1:
        degrees[row] = degree_of(steps, at, degrees, width)
    if n > degrees[row]:
        return
    total = 0.0
    if kind == PRODUCT:
        x, y = steps[first], steps[first + 1]
        low, high = max(0, n - degrees[y]), min(n, degrees[x])
        for j in range(low, high + 1):
            total += work[x * width + j] * work[y * width + n - j]
    elif kind == QUOTIENT:
        x, y = steps[first], steps[first + 1]
        high = min(n, degrees[y])
        for j in range(1, high + 1):
            total += work[y * width + j] * work[row * width + n - j]
        total = (work[x * width + n] - total) if n <= degrees[x] else -total
        total = value2(DIV, total, work[y * width])
    else:
        for i in range(curved):
            x, y = steps[first + 2 * i], steps[first + 2 * i + 1]
            low, high = max(1, n - degrees[y]), min(n, degrees[x])
            for j in range(low, high + 1):
                total += j * work[x * width + j] * work[y * width + n - j]
        if curved:
            total /= n
        first += 2 * curved
        for i in range(straight):
            x, y = steps[first + 2 * i], steps[first + 2 * i + 1]
            if n <= degrees[x]:
                total += work[y * width] * work[x * width + n]
    work[row * width + n] = total


def degree_of(steps: array[int], at: int, degrees: array[int], width: int) -> int:
    """The degree of what a step is of, or the order if there is none, when those of what it needs are known."""
    if steps[at + 3] + steps[at + 4] == 0:  # a rule that sends nothing
        return 0
    first = at + FIELDS
    x, y = degrees[steps[first]], degrees[steps[first + 1]]
    found = width - 1
    if steps[at] == PRODUCT:
        found = min(found, x + y)
    elif steps[at] == QUOTIENT and y == 0:
        found = x
    elif steps[at] == LAW and not steps[at + 3]:
        found = 0
        for i in range(steps[at + 4]):
            found = max(found, degrees[steps[first + 2 * i]])
    return found
