"""What `power_series.py` finds for a row, done: over numbers as a routine that is kept, or over Values once.

Over numbers a row of operands that depend on t alike has the same series, but for their numbers. So these are found
once, and written down as whole numbers for the loops of `recurrences.py`, with the rows that give coefficients 0.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from autograd.calculus import table
from autograd.calculus.primitive import Primitive
from autograd.expansions.power_series import Expansion, Group, Series, moves
from autograd.expansions.recurrences import PRODUCT, QUOTIENT, head1, head2, run
from autograd.values.folds import dot

__all__ = ["Routine", "coefficients_over_values"]


class Routine:
    """The series of one function of operands, over numbers.

    Args:
        space: Where they were found.
        groups: All that goes on with it.
        inputs: The operands among them, in order.
        result: The function; if it does not move, or is one of the operands, there is nothing to do.
        order: Up to which coefficient.

    >>> space = Expansion()
    >>> x = space.given(0.0)
    >>> z = space.function(table.exp, (x,), 1.0)
    >>> routine = Routine(space, space.groups(z, 4), [x], z, 4)
    >>> routine.coefficients(routine.heads([array("d", [0.0, 2.0])], 1.0), [array("d", [0.0, 2.0])]).tolist()[:4]
    [1.0, 2.0, 2.0, 1.3333333333333333]
    """

    def __init__(
        self, space: Expansion, groups: Sequence[Group], inputs: Sequence[Series], result: Any, order: int
    ) -> None:
        self.width = order + 1
        self.places: dict[Any, int] = {}  # of a series, or of a constant as its digits, which row it has
        self.values: list[float] = []
        self.inputs = [self.place(x) for x in inputs]
        self.result = self.place(result)
        self.still = not moves(result)
        self.steps = array("i", self.written(groups))
        self.questions = [
            (question, self.place(x), self.place(x if other is None else other), answer)
            for question, x, other, answer in space.questions
        ]
        self.rows = self.rows_needed(space, result)
        self.work = array("d", bytes(8 * self.width * len(self.values)))
        self.degrees = array("i", bytes(4 * len(self.values)))

    def place(self, x: Any) -> int:
        """The row of a series or a number."""
        key = x if isinstance(x, Series) else x.hex()
        key = id(x) if isinstance(x, Series) else key
        if key not in self.places:
            self.places[key] = len(self.values)
            self.values.append(x.head if isinstance(x, Series) else x)
        return self.places[key]

    def written(self, groups: Sequence[Group]) -> list[int]:
        """The steps of a round, those furthest behind first, as `recurrences.py` has them."""
        found: list[int] = []
        for behind, group in reversed(groups):
            for x in group:
                found += [x.kind, behind, self.place(x), len(x.curved), len(x.straight)]
                found += [self.place(y) for pair in (*x.curved, *x.straight) for y in pair]
        return found

    def rows_needed(self, space: Expansion, result: Any) -> list[tuple[int, Primitive, list[int]]]:
        """Which rows give coefficients 0, of those that anything needs."""
        found: list[tuple[int, Primitive, list[int]]] = []
        for x in reversed(space.made):
            if id(x) in self.places and x.row is not None and x is not result:
                found.append((self.places[id(x)], x.row, [self.place(y) for y in x.operands]))
        return found[::-1]

    def heads(self, given: Sequence[Any], head: float) -> list[float] | None:
        """All coefficients 0; None if at these numbers the series are others.

        Args:
            given: Of each operand its coefficients; of one that does not move the number.
            head: Coefficient 0 of the result.
        """
        values = self.values.copy()
        for place, x in zip(self.inputs, given, strict=True):
            values[place] = x if type(x) is float else x[0]
        values[self.result] = head
        for place, row, operands in self.rows:
            arity = len(row.partials)
            if arity == 1:
                values[place] = head1(row.code, values[operands[0]])
            elif arity == 2:
                values[place] = head2(row.code, values[operands[0]], values[operands[1]])
            else:
                values[place] = row.evaluate([values[k] for k in operands])
        for question, x, other, answer in self.questions:
            if bool(question(values[x], values[other])) is not answer:
                return None
        return values

    def coefficients(self, heads: list[float], given: Sequence[Any]) -> array[float] | None:
        """The coefficients of the function; None if it does not move.

        Args:
            heads: What `heads` gave.
            given: What it was given.
        """
        if self.still:
            return None
        work, width = self.work, self.width
        work[::width] = array("d", heads)
        for place, x in zip(self.inputs, given, strict=True):
            if type(x) is not float:
                work[place * width : place * width + len(x)] = x
                self.degrees[place] = len(x) - 1
        run(self.steps, work, self.degrees, width)
        begin = self.result * width
        return work[begin : begin + self.degrees[self.result] + 1]


def coefficients_over_values(groups: Sequence[Group], result: Any, order: int) -> list[Any] | None:
    """The coefficients of a function as Values; None if it does not move.

    Args:
        groups: All that goes on with it.
        result: The function.
        order: Up to which coefficient.
    """
    if not moves(result):
        return None
    degrees: dict[Series, int] = {}
    for k in range(1, order + 1):
        for behind, group in reversed(groups):
            for x in group if k > behind else ():
                if k - behind == 1:
                    degrees[x] = degree_of(x, degrees, order)
                if k - behind <= degrees[x]:
                    x.coefficients.append(coefficient(x, k - behind))
    found: list[Any] = result.coefficients
    return found


def degree_of(x: Series, degrees: dict[Series, int], order: int) -> int:
    """Beyond which coefficient there is nothing of a series; the order if there is no such."""

    def degree(y: Any) -> int:
        """That of what it needs."""
        return degrees[y] if y in degrees else len(y.coefficients) - 1 if isinstance(y, Series) else 0

    pairs = x.curved or x.straight
    if x.kind == PRODUCT:
        return min(order, degree(pairs[0][0]) + degree(pairs[0][1]))
    if x.kind == QUOTIENT:
        return order if degree(pairs[0][1]) else degree(pairs[0][0])
    return order if x.curved else max((degree(y) for y, _ in pairs), default=0)


def coefficient(x: Series, n: int) -> Any:
    """Coefficient n of a series, all before it being there, as `recurrences.py` has it."""
    if x.kind == PRODUCT:
        y, z = x.curved[0]
        return convolved(y.coefficients, z.coefficients, n)
    if x.kind == QUOTIENT:
        y, z = x.curved[0]
        above, below = coefficients_of(y), coefficients_of(z)
        total = convolved(below, x.coefficients, n)
        total = above[n] - total if n < len(above) else -total
        return table.div(total, below[0])
    total = None
    for y, partial in x.curved:
        slopes = [k * c if k > 1 else c for k, c in enumerate(y.coefficients[: n + 1])]
        term = convolved(slopes, partial.coefficients, n, 1)
        total = term if total is None else total + term
    total = None if total is None else total / n
    for y, weight in x.straight:
        if n < len(y.coefficients):
            factor = coefficients_of(weight)[0]
            term = y.coefficients[n] if type(factor) is float and factor == 1.0 else factor * y.coefficients[n]
            total = term if total is None else total + term
    return 0.0 if total is None else total


def coefficients_of(x: Any) -> list[Any]:
    """The coefficients of a series or a number."""
    return x.coefficients if isinstance(x, Series) else [x]


def convolved(a: list[Any], b: list[Any], n: int, first: int = 0) -> Any:
    """Σ a[j] · b[n - j], of the coefficients that are there, j from `first` on.

    >>> convolved([1.0, 2.0], [10.0, 20.0, 30.0], 2)
    70.0
    """
    low, high = max(n + 1 - len(b), first), min(n + 1, len(a))
    if high - low < 2:
        return a[low] * b[n - low] if high > low else 0.0
    return dot(a[low:high], b[n - low : n - high if n >= high else None : -1])
