"""Tables: a number looked up among others, and between them; recorded without guards, by selection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from math import isfinite
from typing import Any

from autograd.border.conversion import as_float
from autograd.calculus.arrays import in_place_of_numpys, is_array
from autograd.calculus.table import div
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.values._functions import equal, less, less_equal, where, xdivy
from autograd.values.folds import sum
from autograd.values.series import elements, in_form
from autograd.values.value import Value

__all__ = ["interp", "searchsorted"]


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """What a table says at `x`: its heights `fp` at the points `xp`, and straight lines between them, as in NumPy.

    Args:
        x: Where: a number or a Value; of a list or an array each.
        xp: Points, increasing: numbers and Values.
        fp: As many heights: numbers and Values.
        left: What it is below the first point; its height, if None.
        right: What it is above the last point; its height, if None.

    Returns:
        A float if all are numbers, else a Value; of a list a list, of an array an array. nan for nan.

    Raises:
        ValueError: there is no point, or not a height for each, or the points do not increase.

    Beside an infinite height it is infinite up to the next point, where it is the height there.

    Rule: ∂z/∂x is the slope of the segment, at a point that to its right, at the last one that to its left; 0 outside.
    Cost: a few nodes; recorded with a Value among `x` and `xp`, four for each point of the table, and with Values among
    the heights, which may be infinite then, six.

    >>> x = Value(1.5)
    >>> z = interp(x, [0.0, 1.0, 2.0], [10.0, 20.0, 50.0])
    >>> z.backward()
    >>> z.data, x.grad, interp([-1.0, 0.5, 9.0], [0.0, 1.0], [10.0, 20.0], right=0.0)
    (35.0, 30.0, [10.0, 15.0, 0.0])
    """
    return of_each(Table(xp, fp, left, right).at, x, "interp")


def searchsorted(table: Any, x: Any, side: str = "left") -> Any:
    """How many numbers of a sorted table come before `x`: where it would be inserted, as in NumPy.

    Args:
        table: Numbers and Values, in order.
        x: A number or a Value; of a list or an array each.
        side: "left" to come before equals, "right" to come after them.

    Returns:
        An int if all are numbers, an array of ints for an array; else a Value, of which no gradient comes: it may be
        compared, and calculated with, but a list has no place that is a Value.

    Raises:
        ValueError: the side is neither, or the table is not in order.

    >>> searchsorted([1.0, 2.0, 3.0], 2.0), searchsorted([1.0, 2.0, 3.0], Value(2.0), side="right").data
    (1, 2.0)
    """
    if side not in ("left", "right"):
        raise ValueError(f"searchsorted: side {side!r}: 'left' or 'right'")
    found = as_numbers(table, "searchsorted: table")
    numbers = not any(isinstance(t, Value) for t in found)
    require_order(found, "searchsorted: the table", strictly=False)

    def place(x: Any) -> Any:
        if numbers and not isinstance(x, Value):
            if x != x:
                return len(found)
            return bisect_left(found, x) if side == "left" else bisect_right(found, x)
        beyond = less_equal if side == "left" else less
        return len(found) - sum([beyond(x, t) for t in found])  # so that nan comes last

    places = of_each(place, x, "searchsorted")
    return places.astype(int) if is_array(places) and all(type(k) is int for k in places.flat) else places


class Table:
    """Points, their heights, and what is outside of them."""

    def __init__(self, xp: Any, fp: Any, left: Any, right: Any) -> None:
        self.points, self.heights = as_numbers(xp, "interp: xp"), as_numbers(fp, "interp: fp")
        if len(self.points) != len(self.heights) or not self.points:
            raise ValueError(
                f"interp: expected one point or more and a height for each, got {len(self.points)} points and "
                f"{len(self.heights)} heights"
            )
        require_order(self.points, "interp: xp", strictly=True)
        self.left = self.heights[0] if left is None else as_number(left, "interp: left")
        self.right = self.heights[-1] if right is None else as_number(right, "interp: right")
        self.slopes: dict[int, Any] = {}
        self.finite = all(is_finite(height) for height in self.heights)
        every = (*self.points, *self.heights, self.left, self.right)
        self.plain = not any(isinstance(v, Value) for v in every)

    def slope(self, k: int) -> Any:
        """The slope to the right of a point, of the last to its left; 0 if there is one only."""
        k = min(k, len(self.points) - 2)
        if k < 0:
            return 0.0
        if k not in self.slopes:
            run = self.points[k + 1] - self.points[k]
            self.slopes[k] = (self.heights[k + 1] - self.heights[k]) / run
        return self.slopes[k]

    def at(self, x: Any) -> Any:
        """What it says at one place."""
        if recorder() is not None and any(isinstance(v, Value) for v in (x, *self.points)):
            inside = self.inside(x, *self.chosen(x, 0, len(self.points)))
            above = where(less(self.points[-1], x), self.right, inside)
            return where(less(x, self.points[0]), self.left, above)
        points, place = [number(p) for p in self.points], number(x)
        k = bisect_right(points, place) - 1
        inside = self.inside(x, *self.segment(max(k, 0)))
        if points[0] <= place <= points[-1] or place != place:
            return inside
        outside = self.left if k < 0 else self.right
        return outside if self.plain and not isinstance(x, Value) else where(1.0, outside, inside)

    def segment(self, k: int) -> tuple[Any, ...]:
        """A point, its height, and the slope to its right; if a height may be infinite, the next point and its too."""
        found = self.points[k], self.heights[k], self.slope(k)
        after = min(k + 1, len(self.points) - 1)
        return found if self.finite else (*found, self.points[after], self.heights[after])

    def inside(self, x: Any, point: Any, height: Any, slope: Any, after: Any = None, beyond: Any = None) -> Any:
        """What a segment says at x. Where inf - inf makes it nan from the point on, it is found from the next one back.

        At the point itself it is the height, and its slope still that of the segment.
        """
        run = x - point
        found = slope * run + height
        if self.finite:
            return found
        level = where(equal(height, beyond), height + 0.0 * x, slope * (x - after) + beyond)
        rise = where(equal(slope, slope), xdivy(run, div(1.0, slope)), 0.0)  # slope * 0 as 0, also if that is infinite
        other = where(equal(run, 0.0), rise + height, level)
        return where(equal(found, found), found, other)

    def chosen(self, x: Any, first: int, end: int) -> tuple[Any, ...]:
        """Of the points from one on to another, that before x, with all of its segment: halves, each selected."""
        if end - first == 1:
            return self.segment(first)
        middle = (first + end) // 2
        beyond = less_equal(self.points[middle], x)
        pairs = zip(self.chosen(x, first, middle), self.chosen(x, middle, end), strict=True)
        return tuple([low if low is high else where(beyond, high, low) for low, high in pairs])


def of_each(function: Callable[[Any], Any], x: Any, what: str) -> Any:
    """A function of a number, of one, or of each in a list or an array."""
    x = x[()] if getattr(x, "shape", None) == () else x
    if isinstance(x, (list, tuple)) or is_array(x):
        return in_form([of_each(function, each, what) for each in elements(x, what)], x)
    return function(as_number(x, what))


def as_number(x: Any, what: str) -> Any:
    """A Value as it is, anything else as a float."""
    return x if isinstance(x, Value) else as_float(x, what)


def as_numbers(xs: Any, what: str) -> list[Any]:
    """The numbers and Values of a table."""
    return [as_number(x, what) for x in elements(xs, what)]


def number(x: Any) -> float:
    """What it is compared by, where no recording can depend on it."""
    return data_of(x) if isinstance(x, Value) else x


def is_finite(x: Any) -> bool:
    """Whether a height is finite, as far as can be told without a guard."""
    return isfinite(x) if not isinstance(x, Value) else recorder() is None and isfinite(data_of(x))


def require_order(xs: list[Any], what: str, strictly: bool) -> None:
    """Refuse a table out of order, where that can be told without a guard.

    Raises:
        ValueError: a number comes after a larger one, or `strictly` after an equal one.
    """
    if recorder() is not None and any(isinstance(x, Value) for x in xs):
        return
    for k in range(1, len(xs)):
        before, x = number(xs[k - 1]), number(xs[k])
        if not (before < x or (before == x and not strictly)):
            wanted = "increase" if strictly else "be in order"
            raise ValueError(f"{what} is to {wanted}, but {x} comes after {before} at place {k}")


in_place_of_numpys(interp=interp, searchsorted=searchsorted)
