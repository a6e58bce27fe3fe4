"""Where boxes and edges are, in points, y downwards."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Frame", "Layout", "Point", "Route"]

Point = tuple[float, float]


class Frame(NamedTuple):
    """The place of a box: its centre and its size."""

    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """The way of an edge.

    Attributes:
        points: Of Bézier curves joined: the first point, then three for each curve. The arrow comes after the last.
        entry: Where the arrow's tip meets the head.
        label: The middle of its text, if it has one.
    """

    points: list[Point]
    entry: Point
    label: Point | None


class Layout(NamedTuple):
    """All places, in the order of the boxes and edges that were laid out; and the size of the whole."""

    frames: list[Frame]
    routes: list[Route]
    width: float
    height: float
