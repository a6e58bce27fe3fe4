"""How far to go along a direction: far enough, and not too far."""

from collections.abc import Callable
from math import isfinite, sqrt
from typing import Any, NamedTuple

__all__ = ["Point", "strong_wolfe"]

ENOUGH = 1e-4
"""c₁ of Wolfe's conditions: the share of the decrease that the slope promised, which a step must bring."""

FLAT = 0.9
"""c₂: the share of the slope at the start that may be left at the end."""


class Point(NamedTuple):
    """A place along a direction.

    Attributes:
        t: How far it is.
        loss: The function there; infinity where it is not a number.
        grads: Its gradient there.
        slope: Its derivative by t.

    >>> Point(0.5, 1.0, None, -2.0).t
    0.5
    """

    t: float
    loss: float
    grads: Any
    slope: float


def strong_wolfe(
    at: Callable[[float], Point], t: float, start: Point, length: float, tolerance: float = 1e-9, most: int = 25
) -> tuple[Point, int]:
    """A point of lower loss and flatter slope, as the strong Wolfe conditions ask; and how often a loss was asked for.

    First the step is lengthened until it goes too far; then what is between is narrowed down, by the cubic through
    losses and slopes at both ends.

    Args:
        at: Gives the point at a distance.
        t: The first distance to try.
        start: The point at 0, of negative slope.
        length: Of the longest component of the direction.
        tolerance: A bracket of less than this is not narrowed down further.
        most: How many rounds there may be at most; where they do not suffice, the best point of them is given.

    Source: Nocedal and Wright, "Numerical optimization" (2006), algorithms 3.5 and 3.6, with the safeguards of
    Schmidt's minFunc, which PyTorch's L-BFGS has too.

    >>> def at(t):
    ...     return Point(t, (t - 3.0) ** 2, None, 2.0 * (t - 3.0))
    >>> strong_wolfe(at, 1.0, at(0.0), 1.0)[0].t
    1.0
    """
    before, point, asked, rounds = start, at(t), 1, 0
    while rounds < most:
        too_high = point.loss > start.loss + ENOUGH * point.t * start.slope
        if too_high or (rounds > 1 and point.loss >= before.loss):
            low, high = before, point
            break
        if abs(point.slope) <= -FLAT * start.slope:
            return point, asked
        if point.slope >= 0.0:
            low, high = point, before
            break
        t = cubic(before, point, point.t + 0.01 * (point.t - before.t), 10.0 * point.t)
        before, point = point, at(t)
        asked, rounds = asked + 1, rounds + 1
    else:
        low, high = (start, point) if start.loss <= point.loss else (point, start)
    stuck = False
    while rounds < most and abs(high.t - low.t) * length >= tolerance:
        left, right = min(low.t, high.t), max(low.t, high.t)
        t, margin = cubic(low, high, left, right), 0.1 * (right - left)
        if min(right - t, t - left) < margin:  # near an end, a second time or at it: step a tenth inwards
            inwards = stuck or t >= right or t <= left
            if inwards:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
            stuck = not inwards
        else:
            stuck = False
        point = at(t)
        asked, rounds = asked + 1, rounds + 1
        if point.loss > start.loss + ENOUGH * t * start.slope or point.loss >= low.loss:
            high = point
        elif abs(point.slope) <= -FLAT * start.slope:
            return point, asked
        else:
            if point.slope * (high.t - low.t) >= 0.0:
                high = low
            low = point
    return low, asked


def cubic(a: Point, b: Point, left: float, right: float) -> float:
    """Where the cubic through losses and slopes of two points is least, held between two bounds; else their middle."""
    if a.t > b.t:
        a, b = b, a
    if isfinite(a.loss) and isfinite(b.loss) and a.t != b.t:
        d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.t - b.t)
        square = d1 * d1 - a.slope * b.slope
        if square >= 0.0:
            d2 = sqrt(square)
            below = b.slope - a.slope + 2.0 * d2
            t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / below) if below else right
            if isfinite(t):
                return min(max(t, left), right)
    return (left + right) / 2.0
