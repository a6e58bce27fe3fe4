"""A picture that is too wide, in rows that are read like lines of text.

The one row that an engine made is cut between its columns. An edge that is cut goes on at the same height of the next
row: it leaves at the end of its row, comes back between the rows, and enters at the beginning, as a typewriter does.
Rows keep the engine's own ways around their boxes, so no edge runs through one. Edges of one box that are cut at one
place share a line there.
"""

from __future__ import annotations

from typing import NamedTuple

from autograd.drawing.curves import Curve, between, joined, line, split_at
from autograd.drawing.look import LookOf
from autograd.drawing.places import Frame, Layout, Point, Route

__all__ = ["WIDEST", "may_be_wider", "wrapped"]

WIDEST = 1222.0
"""Points: 1,600 pixels, in which text of 11 points is 9 pixels high when a cell of 1,000 shows them."""

TRACK = 5.0
"""Points between lines that come back between two rows."""

GAP = 14.0
"""Points between a row and the first line below it."""


class Row(NamedTuple):
    """A part of the picture, between two cuts of the one row; the first has none before it, the last none after."""

    left: float
    right: float


def may_be_wider(look: LookOf, width: float) -> bool:
    """Whether a picture in one row might be wider; laying it out is spared where it cannot.

    Cost: linear.
    """
    depth = [0] * len(look.boxes)
    for tie in look.ties:  # by their heads, which are in topological order
        depth[tie.head] = max(depth[tie.head], depth[tie.tail] + 1)
    widest: dict[int, float] = {}
    for k, box in enumerate(look.boxes):
        longest = max((len(line.text) for line in box.lines), default=0)
        widest[depth[k]] = max(widest.get(depth[k], 0.0), 9.0 * longest + 40.0)
    return sum(widest.values()) + 40.0 * len(widest) + sum(bool(tie.text) for tie in look.ties) * 60.0 > width


def wrapped(layout: Layout, look: LookOf, width: float) -> Layout | None:
    """The same picture in rows; None if it is narrow enough.

    Args:
        layout: The picture in one row, from left to right or the reverse.
        look: What is in it.
        width: The most that a row may take.

    Cost: linear in the picture for each row.
    """
    if layout.width <= width:
        return None
    backwards = look.direction == "RL"
    if backwards:
        layout = mirrored(layout, layout.width)
    rows = Rows(layout, look, width)
    found = rows.layout()
    return mirrored(found, found.width) if backwards else found


class Rows:
    """The picture in rows, while it is made."""

    def __init__(self, layout: Layout, look: LookOf, width: float) -> None:
        self.one, self.look = layout, look
        self.curves = [Curve(route.points) for route in layout.routes]
        self.cuts = cuts_of(layout, self.curves, width)
        self.rows = [Row(a, b) for a, b in zip([-1e9, *self.cuts], [*self.cuts, 1e9], strict=True)]
        self.row_of_box = [self.row_at(frame.x) for frame in layout.frames]
        self.pieces = [self.pieces_of(k) for k in range(len(look.ties))]

    def row_at(self, x: float) -> int:
        """In which row a place of the one row is."""
        return sum(x > cut for cut in self.cuts)

    def pieces_of(self, k: int) -> list[Curve]:
        """The parts of an edge, one for each row that it is in."""
        tie, rest, found = self.look.ties[k], self.curves[k], []
        for cut in self.cuts[self.row_of_box[tie.tail] : self.row_of_box[tie.head]]:
            piece, rest = split_at(rest, cut)
            found.append(piece)
        return [*found, rest]

    def layout(self) -> Layout:
        """All places."""
        tracks = [self.tracks(r) for r in range(len(self.cuts))]
        margins = max((len(t) for t in tracks), default=0) * TRACK + GAP
        tops: list[Point] = []  # where the upper left corner of what each row holds goes
        y = 0.0
        for r in range(len(self.rows)):
            left, top, right, bottom = self.extent(r)
            self.moves = tops
            tops.append((margins - left, y - top))
            y += bottom - top + (2.0 * GAP + TRACK * len(tracks[r]) if r < len(tracks) else 0.0)
        self.moves, self.tracked, self.margin = tops, tracks, margins
        self.widest = max(self.extent(r)[2] - self.extent(r)[0] for r in range(len(self.rows)))
        frames = [self.moved_frame(k) for k in range(len(self.look.boxes))]
        routes = [self.route(k) for k in range(len(self.look.ties))]
        return Layout(frames, routes, self.widest + 2.0 * margins, y)

    def extent(self, r: int) -> tuple[float, float, float, float]:
        """The left, upper, right and lower end of what a row holds, where it was."""
        xs, ys = [], []
        for k, frame in enumerate(self.one.frames):
            if self.row_of_box[k] == r:
                xs += [frame.x - frame.width / 2, frame.x + frame.width / 2]
                ys += [frame.y - frame.height / 2, frame.y + frame.height / 2]
        for k, pieces in enumerate(self.pieces):
            at = r - self.row_of_box[self.look.ties[k].tail]
            if 0 <= at < len(pieces):
                xs += [x for x, _ in pieces[at].points]
                ys += [y for _, y in pieces[at].points]
        return min(xs), min(ys), max(xs), max(ys)

    def tracks(self, r: int) -> dict[int, int]:
        """Which line each box that is looked at across a cut has, from the row above down; the lowest is the last."""
        heights: dict[int, list[float]] = {}
        for k, pieces in enumerate(self.pieces):
            tie = self.look.ties[k]
            if self.row_of_box[tie.tail] <= r < self.row_of_box[tie.head]:
                heights.setdefault(tie.tail, []).append(pieces[r - self.row_of_box[tie.tail]].points[-1][1])
        order = sorted(heights, key=lambda tail: -sum(heights[tail]) / len(heights[tail]))
        return {tail: place for place, tail in enumerate(order)}

    def moved_frame(self, k: int) -> Frame:
        """The new place of a box."""
        frame, (dx, dy) = self.one.frames[k], self.moves[self.row_of_box[k]]
        return frame._replace(x=frame.x + dx, y=frame.y + dy)

    def route(self, k: int) -> Route:
        """The new way of an edge."""
        tie, old = self.look.ties[k], self.one.routes[k]
        first, last = self.row_of_box[tie.tail], self.row_of_box[tie.head]
        curve = self.pieces[k][0].moved(*self.moves[first])
        for r in range(first, last):
            following = self.pieces[k][r + 1 - first].moved(*self.moves[r + 1])
            curve = joined(curve, self.return_line(r, tie.tail, curve.points[-1], following.points[0]), following)
        dx, dy = self.moves[last]
        label = old.label
        if label is not None:
            at = self.moves[min(max(self.row_at(label[0]), first), last)]
            label = (label[0] + at[0], label[1] + at[1])
        return Route(curve.points, (old.entry[0] + dx, old.entry[1] + dy), label)

    def return_line(self, r: int, tail: int, start: Point, end: Point) -> Curve:
        """From the end of a row back to the beginning of the next: right, down, left, down, right."""
        tracks = self.tracked[r]
        place, many = tracks[tail], len(tracks)
        left, top, right, bottom = self.extent(r)
        x_right = self.margin + self.widest + GAP / 2 + TRACK * place
        y = bottom + self.moves[r][1] + GAP + TRACK * place
        x_left = self.margin - GAP / 2 - TRACK * (many - 1 - place)
        return line([start, (x_right, start[1]), (x_right, y), (x_left, y), (x_left, end[1]), end])


def cuts_of(layout: Layout, curves: list[Curve], width: float) -> list[float]:
    """Where the one row is cut: between columns, so that each part fits, few edges are cut, and parts are alike."""
    spaces = spaces_of(layout)
    room = width - 2.0 * GAP
    found: list[float] = []
    start = 0.0
    while True:
        if layout.width - start <= room - 2.0 * TRACK * crossing(curves, start):
            return found
        fitting = [x for x in spaces if start < x <= start + room - 2.0 * TRACK * max(crossing(curves, start), crossing(curves, x))]
        late = [x for x in fitting if x > start + 0.6 * room] or fitting[-1:] or [x for x in spaces if x > start][:1]
        if not late:
            return found
        start = min(late, key=lambda x: (crossing(curves, x), -x))
        found.append(start)


def spaces_of(layout: Layout) -> list[float]:
    """The middles of the spaces between columns, where no box is."""
    ends = sorted((frame.x - frame.width / 2, frame.x + frame.width / 2) for frame in layout.frames)
    found, right = [], ends[0][1]
    for a, b in ends:
        if a > right:
            found.append((a + right) / 2)
        right = max(right, b)
    return found


def crossing(curves: list[Curve], x: float) -> int:
    """How many edges a cut would cut."""
    return sum(curve.points[0][0] < x < curve.points[-1][0] for curve in curves)


def mirrored(layout: Layout, width: float) -> Layout:
    """The same from right to left."""
    frames = [frame._replace(x=width - frame.x) for frame in layout.frames]
    routes = [
        Route(
            [(width - x, y) for x, y in route.points],
            (width - route.entry[0], route.entry[1]),
            None if route.label is None else (width - route.label[0], route.label[1]),
        )
        for route in layout.routes
    ]
    return Layout(frames, routes, layout.width, layout.height)
