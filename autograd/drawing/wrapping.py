"""A picture that is too wide, in rows that are read like lines of text.

What goes on leaves its row at the right, comes back between the rows, and goes down at the left to the rows that need
it; only there do such lines run, so none goes through a box. A box has one such line, however many need it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.drawing.curves import joined, line, moved
from autograd.drawing.dot import box_id
from autograd.drawing.layout import Render, box_frame, by_id, edge_route, graphs_of, numbers, tie_route
from autograd.drawing.look import LookOf
from autograd.drawing.places import Frame, Layout, Point, Route
from autograd.drawing.rows import Rows, row_lines, rows_of

__all__ = ["WIDEST", "may_be_wider", "wrapped"]

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
    depth = [0] * len(look.boxes)
    for tie in look.ties:  # by their heads, which come after their tails
        depth[tie.head] = max(depth[tie.head], depth[tie.tail] + 1)
    widest: dict[int, float] = {}
    for k, box in enumerate(look.boxes):
        longest = max((len(line.text) for line in box.lines), default=0)
        widest[depth[k]] = max(widest.get(depth[k], 0.0), 9.0 * longest + 40.0)
    return sum(widest.values()) + (100.0 if any(tie.text for tie in look.ties) else 40.0) * len(widest) > width


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
    return [row_of(look, rows, r, prefix, graph) for r, graph in enumerate(graphs_of(render(source, "json")))]


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
    many = len(found)
    right = look.direction == "LR"
    last_use = {tail: r for r, entering in enumerate(rows.entering) for tail in entering}
    # On the left those that end first stand nearest to the rows.
    tails = sorted({tail for leaving in rows.leaving for tail in leaving}, key=lambda tail: (last_use[tail], -tail))
    track_left = tracks(tails, {tail: (rows.row[tail], last_use[tail]) for tail in tails})
    margin_left = GAP + TRACK * (max(track_left.values(), default=-1) + 1)
    # At the right the upper ones turn farther out, and come back lower: so they do not cross.
    order = [sorted(leaving, key=lambda tail: -height_of(found[r], tail)) for r, leaving in enumerate(rows.leaving)]
    widest = max(row.width for row in found)
    margin_right = GAP + TRACK * max(len(leaving) for leaving in order)
    tops, y = [], 0.0
    for r in range(many):
        tops.append(y)
        y += found[r].height + (2.0 * GAP + TRACK * max(0, len(order[r]) - 1) if order[r] else GAP)
    total = margin_left + widest + margin_right

    def dx(r: int) -> float:
        return margin_left if right else total - margin_left - found[r].width

    def out(x: float) -> float:
        return x if right else total - x

    frames: list[Frame] = [Frame(0.0, 0.0, 0.0, 0.0)] * len(look.boxes)
    for r, row in enumerate(found):
        for k, frame in row.frames.items():
            frames[k] = frame._replace(x=frame.x + dx(r), y=frame.y + tops[r])
    routes: list[Route] = []
    for k, tie in enumerate(look.ties):
        a, b = rows.row[tie.tail], rows.row[tie.head]
        old = found[b].ways[k]
        points = moved(old.points, dx(b), tops[b])
        if a != b:
            start = moved(found[a].ends[tie.tail], dx(a), tops[a])
            place = order[a].index(tie.tail)
            x_right = out(margin_left + widest + GAP / 2.0 + TRACK * place)
            y = tops[a] + found[a].height + GAP + TRACK * place
            x_left = out(margin_left - GAP / 2.0 - TRACK * track_left[tie.tail])
            s, e = start[-1], points[0]
            points = joined(start, line([s, (x_right, s[1]), (x_right, y), (x_left, y), (x_left, e[1]), e]), points)
        entry = old.entry[0] + dx(b), old.entry[1] + tops[b]
        label = None if old.label is None else (old.label[0] + dx(b), old.label[1] + tops[b])
        routes.append(Route(points, entry, label))
    return Layout(frames, routes, total, y_end(tops, found))


def y_end(tops: list[float], found: list[Row]) -> float:
    """Where the last row ends."""
    return tops[-1] + found[-1].height


def height_of(row: Row, tail: int) -> float:
    """Where in its row a line leaves."""
    return row.ends[tail][-1][1]


def tracks(tails: list[int], spans: dict[int, tuple[int, int]]) -> dict[int, int]:
    """A track for each line down the left, such that none has two at a time."""
    found: dict[int, int] = {}
    for tail in tails:
        first, last = spans[tail]
        taken = {found[other] for other in found if spans[other][0] < last and first < spans[other][1]}
        found[tail] = next(track for track in range(len(tails) + 1) if track not in taken)
    return found
