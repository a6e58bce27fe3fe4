"""Functions of one number, or of a few, that are made of rows: of floats, Values, arrays of either."""

from __future__ import annotations

from functools import partial
from math import inf
from operator import index
from typing import Any

from autograd.calculus import composed
from autograd.calculus.application import apply, apply_composed
from autograd.calculus.table import sigmoid

__all__ = ["clip", "expit", "isclose", "isfinite", "isnan", "log_sigmoid", "logaddexp", "round"]


def round(x: Any, digits: int = 0) -> Any:
    """The nearest whole number, of two the even one; with `digits`, the nearest number of so many decimals.

    It is NumPy's rounding: `x` is scaled by a power of ten, rounded, and scaled back. A float, or a Value.

    Raises:
        TypeError: `digits` is no int.

    Rule: dz/dx = 0.

    >>> round(2.5), round(Value(1234.5678), 2).data, round(1234.5, -2)
    (2.0, 1234.57, 1200.0)
    """
    return apply_composed(partial(composed.rounded, digits=index(digits)), (x,), "round")


def clip(x: Any, low: Any = None, high: Any = None) -> Any:
    """`x` where it is between `low` and `high`, else the nearer of the two; None is no bound.

    Rule: ∂z/∂x = 1 from end to end, the ends included, else 0; what bounds x has the slope 1 where it does.

    >>> clip(1.5, 0.0, 1.0), clip(Value(0.3), 0.0, 1.0).data, clip(-2.0, low=-1.0)
    (1.0, 0.3, -1.0)
    """
    return apply_composed(composed.clip, (x, -inf if low is None else low, inf if high is None else high), "clip")


def isnan(x: Any) -> Any:
    """1 where x is nan, else 0: a condition, as `less` gives it.

    >>> isnan(float("nan")), isnan(Value(1.0)).data
    (1.0, 0.0)
    """
    return apply_composed(composed.isnan, (x,), "isnan")


def isfinite(x: Any) -> Any:
    """1 where x is neither infinite nor nan, else 0: a condition, as `less` gives it.

    >>> isfinite(float("inf")), isfinite(Value(1.0)).data
    (0.0, 1.0)
    """
    return apply_composed(composed.isfinite, (x,), "isfinite")


def isclose(x: Any, y: Any, rtol: Any = 1e-05, atol: Any = 1e-08) -> Any:
    """1 where `abs(x - y) <= atol + rtol * abs(y)` and y is finite, or x equals y, else 0, as NumPy decides it.

    >>> isclose(1.0, 1.0 + 1e-9), isclose(Value(1.0), 1.1).data
    (1.0, 0.0)
    """
    return apply_composed(composed.isclose, (x, y, rtol, atol), "isclose")


def logaddexp(x: Any, y: Any) -> Any:
    """`log(exp(x) + exp(y))` without overflow; -inf where both are.

    Rule: ∂z/∂x = exp(x - z); ∂z/∂y = exp(y - z).

    >>> logaddexp(0.0, -1000.0), logaddexp(Value(1000.0), 1000.0).data == 1000.0 + logaddexp(0.0, 0.0)
    (0.0, True)
    """
    return apply_composed(composed.logaddexp, (x, y), "logaddexp")


def log_sigmoid(x: Any) -> Any:
    """`log(sigmoid(x))`, accurate in both tails.

    Rule: dz/dx = sigmoid(-x).

    >>> log_sigmoid(-1000.0), log_sigmoid(Value(0.0)).exp().data
    (-1000.0, 0.5)
    """
    return apply_composed(composed.log_sigmoid, (x,), "log_sigmoid")


def expit(x: Any) -> Any:
    """`1 / (1 + exp(-x))`: SciPy's name for `sigmoid`.

    Rule: dz/dx = z * sigmoid(-x).

    >>> expit(0.0)
    0.5
    """
    return apply(sigmoid, (x,))
