"""What every writer reads from a scene: ids, the rows of the legend, the outline of a shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.scenes.looks import Shape
from autograd.scenes.places import Frame, Point
from autograd.scenes.text import in_rows

__all__ = [
    "APART", "BESIDE", "LEADING", "LEGEND", "OUTLINES", "PAD", "SWATCH", "Legend", "Outline", "arrow", "identifier",
    "legend_of", "outline_of", "sizes",
]  # fmt: skip

LEADING = 1.3
"""From one line of text to the next, in sizes of the text."""

SWATCH = (22.0, 12.0)
"""Width and height of a colour's sample in the legend."""

PAD = 6.5
"""Points around a picture: more than a tab is high."""

LEGEND = 17.0
"""Points from what is above it to the middle of a row of the legend, and on to the next row."""

BESIDE, APART = 3.0, 12.0
"""Points between a sample and its text; between two entries of the legend."""

LETTER, NARROWEST = 0.6, 320.0
"""Of a letter its width in sizes of the text, in the widest of the fonts; of a legend the points it has at least."""

EAR, INNER, TAB = 10.0, 4.0, (4.0, 12.0)
"""Of a note its folded corner at most; of a double border the space between its lines; how high and wide a tab is."""


class Outline(NamedTuple):
    """A box as a polygon that is filled, or as the ellipse in its frame, and what lines there are in it.

    Attributes:
        corners: Of the polygon; none of an ellipse.
        radius: Of its rounded corners.
        lines: More lines.
    """

    corners: list[Point]
    radius: float = 0.0
    lines: Sequence[list[Point]] = ()


def outline_of(box: dict[str, Any]) -> Outline | None:
    """The outline of a box, y downwards; None if there is nothing around its text.

    >>> outline_of({"shape": "box", "position": [5, 5], "size": [10, 10]}).corners
    [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    """
    return OUTLINES[box["shape"]](Frame(*box["position"], *box["size"]))


def rectangle(frame: Frame, inside: float = 0.0) -> list[Point]:
    """The corners of a frame, or of one so much smaller on each side."""
    across, down = frame.width / 2 - inside, frame.height / 2 - inside
    left, top, right, bottom = frame.x - across, frame.y - down, frame.x + across, frame.y + down
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def rounded(frame: Frame) -> Outline:
    """Round corners."""
    return Outline(rectangle(frame), radius=min(12.0, frame.width / 3, frame.height / 3))


def double(frame: Frame) -> Outline:
    """Two borders."""
    inner = rectangle(frame, INNER)
    return Outline(rectangle(frame), lines=[[*inner, inner[0]]])


def note(frame: Frame) -> Outline:
    """A dog-ear."""
    ear = min(EAR, frame.width / 6, frame.height / 6)
    first, (right, top), *rest = rectangle(frame)
    start, end = (right - ear, top), (right, top + ear)
    return Outline([first, start, end, *rest], lines=[[start, (right - ear, top + ear), end]])


def octagon(frame: Frame) -> Outline:
    """Each corner cut off."""
    (left, top), _, (right, bottom), _ = rectangle(frame)
    a, b = 0.29 * frame.width, 0.29 * frame.height
    return Outline([
        (left + a, top), (right - a, top), (right, top + b), (right, bottom - b),
        (right - a, bottom), (left + a, bottom), (left, bottom - b), (left, top + b),
    ])  # fmt: skip


def tab(frame: Frame) -> Outline:
    """A tab on its upper border."""
    (left, top), *rest = rectangle(frame)
    high, wide = min(TAB[0], frame.height / 9), min(TAB[1], frame.width / 4)
    above = [(left, top - high), (left + wide, top - high), (left + wide, top)]
    return Outline([*above, *rest], lines=[[(left, top), (left + wide, top)]])


OUTLINES: dict[Shape, Callable[[Frame], Outline | None]] = {
    "box": lambda frame: Outline(rectangle(frame)), "square": lambda frame: Outline(rectangle(frame)),
    "rounded": rounded, "double": double, "note": note, "octagon": octagon, "tab": tab,
    "ellipse": lambda frame: Outline([]), "circle": lambda frame: Outline([]), "plain": lambda frame: None,
}  # fmt: skip
"""How each shape of a scene is drawn."""


def arrow(points: list[Point], tip: Point) -> list[Point]:
    """The corners of an arrow's head, from the end of a way to its tip."""
    x, y = next((point for point in reversed(points) if point != tip), (tip[0] - 1.0, tip[1]))
    dx, dy = tip[0] - x, tip[1] - y
    distance = (dx * dx + dy * dy) ** 0.5
    dx, dy = dx / distance, dy / distance
    long, half = 6.0, 2.1
    base = tip[0] - long * dx, tip[1] - long * dy
    return [tip, (base[0] - half * dy, base[1] + half * dx), (base[0] + half * dy, base[1] - half * dx)]


class Legend(NamedTuple):
    """A legend in rows: of samples and their titles, then of words; none wider than a picture with it."""

    samples: list[list[dict[str, Any]]]
    words: list[str]


def legend_of(scene: dict[str, Any]) -> Legend:
    """The legend in rows: samples stay beside their title."""
    room = max(scene["width"], NARROWEST)
    runs: list[list[dict[str, Any]]] = []
    for entry in scene["legend"]:
        if entry["kind"] == "title" or (entry["kind"] == "sample" and not runs):
            runs.append([])
        if entry["kind"] != "words":
            runs[-1].append(entry)
    samples = in_rows(runs, [sum(width_of(entry, scene) for entry in run) for run in runs], room)
    words = [entry for entry in scene["legend"] if entry["kind"] == "words"]
    lines = in_rows([entry["text"] for entry in words], [width_of(entry, scene) for entry in words], room)
    return Legend([[entry for run in row for entry in run] for row in samples], [" · ".join(row) for row in lines])


def width_of(entry: dict[str, Any], scene: dict[str, Any]) -> float:
    """How much room an entry of the legend takes, in a wide font."""
    cell = SWATCH[0] + BESIDE if entry["kind"] == "sample" else 0.0
    return float(cell + LETTER * scene["font_size"] * len(entry["text"]) + APART)


def sizes(scene: dict[str, Any]) -> tuple[float, float]:
    """Width and height of a picture with its legend, without the space around it."""
    samples, words = legend_of(scene)
    widths = [sum(width_of(entry, scene) for entry in row) for row in samples]
    widths += [LETTER * scene["font_size"] * len(row) for row in words]
    height = max(scene["height"], 1.0) + (len(widths) + 0.5) * LEGEND * bool(widths)
    return max(scene["width"], *widths, 1.0), height


def identifier(text: str) -> str:
    """An id of ASCII letters, digits and `_` alone; other characters as their number, so that no two become one.

    >>> identifier("mul2"), identifier("a.b_c")
    ('mul2', 'a_2e_b_5f_c')
    """
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", text)
