"""Lines of joined Bézier curves, as edges are drawn: with rounded corners, moved, put together."""

from __future__ import annotations

from autograd.scenes.places import Point

__all__ = ["joined", "line", "moved"]

CORNER = 6.0
"""Points from a corner to where its rounding begins."""


def line(corners: list[Point]) -> list[Point]:
    """A line with rounded corners, as Bézier curves: its first point, then three for each.

    >>> line([(0.0, 0.0), (3.0, 0.0)])
    [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]
    """
    points = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        start, end = near(corner, before), near(corner, after)
        points += [*straight(points[-1], start), between(start, corner, 0.55), between(end, corner, 0.55), end]
    return points + straight(points[-1], corners[-1])


def near(corner: Point, other: Point) -> Point:
    """The point on the way from a corner where its rounding ends; halfway, if that is nearer."""
    distance = abs(corner[0] - other[0]) + abs(corner[1] - other[1])
    return between(corner, other, min(0.5, CORNER / distance)) if distance else corner


def straight(start: Point, end: Point) -> list[Point]:
    """Three more points, for a straight line."""
    return [between(start, end, 1 / 3), between(start, end, 2 / 3), end]


def between(a: Point, b: Point, t: float) -> Point:
    """The point that is so much of the way from one to another."""
    return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])


def moved(points: list[Point], dx: float, dy: float) -> list[Point]:
    """The same elsewhere."""
    return [(x + dx, y + dy) for x, y in points]


def joined(*lines: list[Point]) -> list[Point]:
    """One line after the other, each beginning where the one before it ends."""
    return lines[0] + [point for line in lines[1:] for point in line[1:]]
