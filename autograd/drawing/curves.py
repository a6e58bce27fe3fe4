"""Bézier curves joined end to end, as edges are drawn: cut in two, moved, put together."""

from __future__ import annotations

from typing import NamedTuple

from autograd.drawing.places import Point

__all__ = ["Curve", "joined", "line", "split_at"]

CORNER = 6.0


class Curve(NamedTuple):
    """The first point, then three points for each cubic curve."""

    points: list[Point]

    def moved(self, dx: float, dy: float) -> Curve:
        """The same elsewhere."""
        return Curve([(x + dx, y + dy) for x, y in self.points])


def between(a: Point, b: Point, t: float) -> Point:
    """The point that is so much of the way from one to another."""
    return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])


def split_at(curve: Curve, x: float) -> tuple[Curve, Curve]:
    """The parts of a curve before and after it comes to an x for the last time."""
    points = curve.points
    at = max((k for k in range(0, len(points) - 1, 3) if points[k][0] <= x), default=0)
    low, high = 0.0, 1.0
    piece = points[at : at + 4]
    for _ in range(40):
        t = (low + high) / 2.0
        low, high = (t, high) if halves(piece, t)[0][3][0] <= x else (low, t)
    left, right = halves(piece, low)
    return Curve([*points[:at], *left]), Curve([*right, *points[at + 4 :]])


def halves(piece: list[Point], t: float) -> tuple[list[Point], list[Point]]:
    """One cubic curve as two.

    Source: de Casteljau's algorithm.
    """
    a, b, c, d = piece
    ab, bc, cd = between(a, b, t), between(b, c, t), between(c, d, t)
    abc, bcd = between(ab, bc, t), between(bc, cd, t)
    middle = between(abc, bcd, t)
    return [a, ab, abc, middle], [middle, bcd, cd, d]


def line(corners: list[Point]) -> Curve:
    """A line with rounded corners."""
    points = [corners[0]]
    for k in range(1, len(corners) - 1):
        before, corner, after = corners[k - 1], corners[k], corners[k + 1]
        start, end = near(corner, before), near(corner, after)
        straight(points, start)
        points += [between(start, corner, 0.55), between(end, corner, 0.55), end]
    straight(points, corners[-1])
    return Curve(points)


def near(corner: Point, other: Point) -> Point:
    """The point on the way from a corner where its rounding ends; halfway, if that is nearer."""
    distance = abs(corner[0] - other[0]) + abs(corner[1] - other[1])
    return between(corner, other, min(0.5, CORNER / distance) if distance else 0.0)


def straight(points: list[Point], end: Point) -> None:
    """Go on straight."""
    start = points[-1]
    points += [between(start, end, 1 / 3), between(start, end, 2 / 3), end]


def joined(*curves: Curve) -> Curve:
    """One curve after the other, each beginning where the one before it ends."""
    points = list(curves[0].points)
    for curve in curves[1:]:
        points += curve.points[1:]
    return Curve(points)
