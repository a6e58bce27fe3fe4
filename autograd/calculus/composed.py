"""Functions of numbers that are made of rows: on floats, Values and whatever else rows are applied to."""

from __future__ import annotations

from math import inf
from typing import Any

from autograd.calculus import table
from autograd.calculus.special import rint
from autograd.calculus.table import both, detach, equal, less, less_equal, logsumexp, maximum, softplus, where

__all__ = ["clip", "isclose", "isfinite", "isnan", "log_sigmoid", "logaddexp", "rounded"]

MOST_DIGITS = 300  # for further ones there is no power of ten
WHOLE = 2.0**52  # from here on doubles are whole numbers


def rounded(x: Any, digits: int = 0) -> Any:
    """The nearest number of so many decimals as NumPy finds it: scaled, rounded to the even one, and scaled back."""
    scale = 10.0 ** min(abs(digits), MOST_DIGITS)
    if digits > 0:
        return where(less(table.abs(x) * scale, WHOLE), rint(x * scale) / scale, detach(x))
    return rint(x / scale) * scale if digits < 0 else rint(x)


def clip(x: Any, low: Any, high: Any) -> Any:
    """`x` where it is between the two, ends included, else the nearer one; nan stays nan."""
    return where(less(x, low), low, where(less(high, x), high, x))


def isnan(x: Any) -> Any:
    """1 where x is nan, else 0."""
    return 1.0 - equal(x, x)


def isfinite(x: Any) -> Any:
    """1 where x is neither infinite nor nan, else 0."""
    return less(table.abs(x), inf)


def isclose(x: Any, y: Any, rtol: Any, atol: Any) -> Any:
    """1 where `abs(x - y) <= atol + rtol * abs(y)` and y is finite, or x equals y, else 0."""
    near = less_equal(table.abs(x - y), atol + rtol * table.abs(y))
    return maximum(equal(x, y), both(near, isfinite(y)))


def logaddexp(x: Any, y: Any) -> Any:
    """`log(exp(x) + exp(y))` without overflow."""
    return logsumexp(x, y)


def log_sigmoid(x: Any) -> Any:
    """`log(sigmoid(x))`, accurate in both tails."""
    return -softplus(-x)
