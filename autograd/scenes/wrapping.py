"""A picture that is too wide, in rows that are read like lines of text.

What goes on leaves its row at the right, comes back between the rows, and goes down at the left to the rows that need
it; only there do such lines run, so none goes through a box. A box has one such line, however many need it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.folding.loops import ends_of, nearest_layers
from autograd.rendering.formats import objects_in
from autograd.scenes.curves import joined, line, moved
from autograd.scenes.dot import box_id
from autograd.scenes.layout import Render, box_frame, by_id, edge_route, numbers, tie_route
from autograd.scenes.looks import LookOf
from autograd.scenes.places import Frame, Layout, Point, Route
from autograd.scenes.rows import Rows, row_lines, rows_of

__all__ = ["WIDEST", "breadth_of", "may_be_wider", "width_at_most", "wrapped"]

WIDEST = 1222.0
"""Points: 1,600 pixels, in which text of 11 points is 9 pixels high when a cell of 1,000 shows them."""

TRACK = 6.0
"""Points between two lines that run side by side."""

GAP = 12.0
"""Points between a row and the nearest of such lines."""

TRIES = 4


def may_be_wider(look: LookOf, width: float) -> bool:
    """Whether a picture in one row might be wider; laying it out is spared where it cannot.

    Cost: linear.
    """
    return width_at_most(look) > width


def breadth_of(look: LookOf) -> float:
    """How wide a picture from top to bottom is, in points, about: the widest of its layers."""
    layer = nearest_layers(len(look.boxes), *ends_of(look.ties))
    widths = [7.0 * max((len(line.text) for line in box.lines), default=0) + 26.0 for box in look.boxes]
    return float(np.bincount(layer, weights=widths).max(initial=0.0))


def width_at_most(look: LookOf) -> float:
    """How wide a picture in one row may be, in points: about twice what it is."""
    depth = [0] * len(look.boxes)
    for tie in look.ties:  # by their heads, which come after their tails
        depth[tie.head] = max(depth[tie.head], depth[tie.tail] + 1)
    widest: dict[int, float] = {}
    for k, box in enumerate(look.boxes):
        longest = max((len(line.text) for line in box.lines), default=0)
        widest[depth[k]] = max(widest.get(depth[k], 0.0), 9.0 * longest + 40.0)
    return sum(widest.values()) + (100.0 if any(tie.text for tie in look.ties) else 40.0) * len(widest)


class Row(NamedTuple):
    """A row as the engine laid it out, from its own upper left corner.

    Attributes:
        width, height: Its size.
        frames: Of its boxes.
        ways: Of the edges that end in it, from their tail or from where that enters.
        ends: For each box that goes on, the way to the end of the row.
    """

    width: float
    height: float
    frames: dict[int, Frame]
    ways: dict[int, Route]
    ends: dict[int, list[Point]]


def wrapped(
    layout: Layout, look: LookOf, width: float, prefix: str, digraph: Callable[[list[str]], str], render: Render
) -> Layout | None:
    """The same picture in rows; None if it is narrow enough, or rows make it no narrower.

    Args:
        layout: The picture in one row, from left to right or the reverse.
        look: What is in it.
        width: The most that it may take.
        prefix: With which ids begin.
        digraph: From lines of DOT to a whole graph.
        render: What runs an engine; it does once or twice.

    Raises:
        RenderingError: no engine could.
    """
    if layout.width <= width:
        return None
    room = width - 4.0 * GAP
    for _ in range(TRIES):
        rows = rows_of(look, [frame.width for frame in layout.frames], room)
        if len(rows.leaving) == 1:
            return None
        found = put_together(look, rows, laid_out(look, rows, prefix, digraph, render))
        if found.width <= width:
            break
        room -= found.width - width + SLACK
        if room < max(frame.width for frame in layout.frames):
            break
    return found if found.width < layout.width else None


SLACK = 4.0


def laid_out(look: LookOf, rows: Rows, prefix: str, digraph: Callable[[list[str]], str], render: Render) -> list[Row]:
    """Each row by itself, all by one run of the engine."""
    source = "".join(digraph(list(row_lines(look, rows, r, prefix))) for r in range(len(rows.leaving)))
    return [row_of(look, rows, r, prefix, graph) for r, graph in enumerate(objects_in(render(source, "json")))]


def row_of(look: LookOf, rows: Rows, r: int, prefix: str, graph: dict[str, Any]) -> Row:
    """A row, as the engine's JSON has it."""
    things = by_id(graph)
    _, _, width, height = numbers(graph["bb"])
    ids = {box_id(box, prefix): k for k, box in enumerate(look.boxes) if rows.row[k] == r}
    ways = [k for k, tie in enumerate(look.ties) if rows.row[tie.head] == r]
    return Row(
        width,
        height,
        {k: box_frame(things[id], height) for id, k in ids.items()},
        {k: tie_route(things, look, look.ties[k], prefix, height) for k in ways},
        {tail: edge_route(things[f"{tail}-to"], height).points for tail in rows.leaving[r]},
    )


def put_together(look: LookOf, rows: Rows, found: list[Row]) -> Layout:
    """The rows below one another, and the lines from each to those after it."""
    return Page(look, rows, found).layout()


class Page:
    """Rows below one another, while they are put there. What is said of left and right is the reverse in "RL"."""

    def __init__(self, look: LookOf, rows: Rows, found: list[Row]) -> None:
        self.look, self.rows, self.found = look, rows, found
        self.lanes = lanes_of(rows)
        # The upper lines turn farther out, and come back lower: so those of one row do not cross.
        self.order = [
            {tail: place for place, tail in enumerate(sorted(row.ends, key=lambda tail: -row.ends[tail][-1][1]))}
            for row in found
        ]
        self.widest = max(row.width for row in found)
        self.left = GAP + TRACK * (max(self.lanes.values(), default=-1) + 1)
        self.width = self.left + self.widest + GAP + TRACK * max(map(len, self.order))
        self.tops = [0.0]
        for row, order in zip(found, self.order, strict=True):
            self.tops.append(self.tops[-1] + row.height + 2.0 * GAP + TRACK * max(0, len(order) - 1))

    def layout(self) -> Layout:
        """All places."""
        frames = [Frame(0.0, 0.0, 0.0, 0.0)] * len(self.look.boxes)
        for r, row in enumerate(self.found):
            dx, dy = self.corner(r)
            for k, frame in row.frames.items():
                frames[k] = frame._replace(x=frame.x + dx, y=frame.y + dy)
        routes = [self.route(k) for k in range(len(self.look.ties))]
        return Layout(frames, routes, self.width, self.tops[-2] + self.found[-1].height)

    def corner(self, r: int) -> Point:
        """The upper left corner of a row; at the right of the page it begins if it is read from there."""
        left = self.left if self.look.direction == "LR" else self.width - self.left - self.found[r].width
        return left, self.tops[r]

    def from_left(self, x: float) -> float:
        """A distance from where rows begin as a place."""
        return x if self.look.direction == "LR" else self.width - x

    def route(self, k: int) -> Route:
        """The way of an edge."""
        tie = self.look.ties[k]
        a, b = self.rows.row[tie.tail], self.rows.row[tie.head]
        dx, dy = self.corner(b)
        way = self.found[b].ways[k]
        points = moved(way.points, dx, dy)
        if a != b:
            end = moved(self.found[a].ends[tie.tail], *self.corner(a))
            points = joined(end, self.return_line(tie.tail, end[-1], points[0]), points)
        label = None if way.label is None else (way.label[0] + dx, way.label[1] + dy)
        return Route(points, (way.entry[0] + dx, way.entry[1] + dy), label)

    def return_line(self, tail: int, start: Point, end: Point) -> list[Point]:
        """From the end of a row to the beginning of a later one: right, down, left, down, right."""
        a = self.rows.row[tail]
        place = self.order[a][tail]
        right = self.from_left(self.left + self.widest + GAP / 2.0 + TRACK * place)
        left = self.from_left(self.left - GAP / 2.0 - TRACK * self.lanes[tail])
        y = self.tops[a] + self.found[a].height + GAP + TRACK * place
        return line([start, (right, start[1]), (right, y), (left, y), (left, end[1]), end])


def lanes_of(rows: Rows) -> dict[int, int]:
    """A lane for each line down the left: none has two at a time, and what ends first is nearest to the rows."""
    last = {tail: r for r, entering in enumerate(rows.entering) for tail in entering}
    lanes: dict[int, int] = {}
    for tail in sorted(last, key=lambda tail: (last[tail], -tail)):
        taken = {lane for other, lane in lanes.items() if rows.row[other] < last[tail] and rows.row[tail] < last[other]}
        lanes[tail] = next(lane for lane in range(len(last)) if lane not in taken)
    return lanes
