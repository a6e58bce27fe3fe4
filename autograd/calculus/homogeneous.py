"""Slopes that depend on differences or on ratios alone, written so: those of logsumexp, and of norm.

The slope of an operand that has nearly all of such a result is nearly 1, and how it moves is what the others move:
written by the result, as the table has it, that is a difference of two numbers beside which it is lost.
"""

from collections.abc import Sequence
from functools import reduce
from math import inf
from typing import Any

from autograd.calculus import table
from autograd.calculus.special import norm, share
from autograd.calculus.table import less, logsumexp, maximum, where

__all__ = ["HOMOGENEOUS", "below_their_largest", "slopes_apart"]

HOMOGENEOUS = (logsumexp, norm)


def below_their_largest(xs: Sequence[Any]) -> list[Any]:
    """Numbers less the largest of them, which stands still so; of an infinite one none."""
    top = reduce(maximum, xs)
    shift = where(less(table.abs(top), inf), top, 0.0)
    return [x - shift for x in xs]


def beside_their_largest(xs: Sequence[Any], most: int | None = None) -> list[Any]:
    """The same, with a constant 0 for the largest, of several the first: nothing that it passes on has to cancel.

    Args:
        xs: The numbers.
        most: Which of them is the largest, a finite one, where that is known.
    """
    if most is not None:
        return [0.0 if i == most else x - xs[most] for i, x in enumerate(xs)]
    top, rises = xs[0], [1.0]
    for x in xs[1:]:
        rises.append(less(top, x))
        top = where(rises[-1], x, top)
    usual = less(table.abs(top), inf)
    shift = where(usual, top, 0.0)
    found: list[Any] = []
    passed = where(usual, 0.0, 1.0)  # whether the largest stands further on, or is none to be compared with
    for x, rise in zip(reversed(xs), reversed(rises), strict=True):
        found.append(where(where(passed, 0.0, rise), 0.0, x - shift))
        passed = where(rise, 1.0, passed)
    return found[::-1]


def slopes_apart(row: Any, xs: Sequence[Any], wanted: Sequence[int], most: int | None = None) -> list[Any]:
    """Slopes of logsumexp or norm by some operands, right to any order; as numbers up to rounding those of the table.

    Args:
        row, xs: The row and its operands.
        wanted: Numbers of operands.
        most: Which operand is the largest, where that is known; of norm, slopes are for one that is not below 0.
    """
    if row is logsumexp:
        ys = beside_their_largest(xs, most)
        total = logsumexp(*ys)
        return [share(ys[i], total) for i in wanted]
    if most is None:
        top = reduce(lambda x, y: where(less(table.abs(x), table.abs(y)), y, x), xs)
        usual = table.both(less(0.0, table.abs(top)), less(table.abs(top), inf))
        top = where(usual, top, 1.0)
    else:
        top = xs[most]
    ys = [1.0 if i == most else x / top for i, x in enumerate(xs)]
    total = norm(*ys)
    slopes = [norm.derive(i, ys, total) for i in wanted]
    return [table.sign(top) * slope for slope in slopes] if most is None else slopes
