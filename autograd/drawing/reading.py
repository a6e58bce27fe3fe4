"""What every writer reads from a scene: ids, the rows of the legend, the outline of a shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any, NamedTuple

from autograd.scenes.places import Point

__all__ = [
    "LEADING", "LEGEND", "PAD", "SWATCH", "Outline", "arrow", "identifier", "legend_rows", "marked",
    "outline_of", "sizes",
]  # fmt: skip

LEADING = 1.3
"""From one line of text to the next, in sizes of the text."""

SWATCH = (22.0, 12.0)
"""Width and height of a colour's sample in the legend."""

PAD = 6.5
"""Points around a picture: more than a tab is high."""

LEGEND = 17.0
"""Points from what is above it to the middle of a row of the legend, and on to the next row."""

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
    radius: float
    lines: list[list[Point]]


def outline_of(box: dict[str, Any]) -> Outline:
    """The outline of a box, y downwards.

    >>> outline_of({"shape": "box", "position": [5, 5], "size": [10, 10]}).corners
    [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    """
    (x, y), (width, height) = box["position"], box["size"]
    left, top, right, bottom = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    corners = rectangle(left, top, right, bottom)
    radius, lines = 0.0, []
    if box["shape"] == "ellipse":
        corners = []
    elif box["shape"] == "rounded":
        radius = min(12.0, width / 3, height / 3)
    elif box["shape"] == "double":
        inner = rectangle(left + INNER, top + INNER, right - INNER, bottom - INNER)
        lines = [[*inner, inner[0]]]
    elif box["shape"] == "note":
        ear = min(EAR, width / 6, height / 6)
        corners = [(left, top), (right - ear, top), (right, top + ear), (right, bottom), (left, bottom)]
        lines = [[(right - ear, top), (right - ear, top + ear), (right, top + ear)]]
    elif box["shape"] == "octagon":
        a, b = 0.29 * width, 0.29 * height
        corners = [
            (left + a, top), (right - a, top), (right, top + b), (right, bottom - b),
            (right - a, bottom), (left + a, bottom), (left, bottom - b), (left, top + b),
        ]  # fmt: skip
    elif box["shape"] == "tab":
        high, wide = min(TAB[0], height / 9), min(TAB[1], width / 4)
        corners = [(left, top - high), (left + wide, top - high), (left + wide, top), *corners[1:]]
        lines = [[(left, top), (left + wide, top)]]
    return Outline(corners, radius, lines)


def arrow(points: list[Point], tip: Point) -> list[Point]:
    """The corners of an arrow's head, from the end of a way to its tip."""
    x, y = next((point for point in reversed(points) if point != tip), (tip[0] - 1.0, tip[1]))
    dx, dy = tip[0] - x, tip[1] - y
    distance = (dx * dx + dy * dy) ** 0.5
    dx, dy = dx / distance, dy / distance
    long, half = 6.0, 2.1
    base = tip[0] - long * dx, tip[1] - long * dy
    return [tip, (base[0] - half * dy, base[1] + half * dx), (base[0] + half * dy, base[1] - half * dx)]


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """The corners of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def sizes(scene: dict[str, Any]) -> tuple[float, float]:
    """Width and height of a picture with its legend, without the space around it."""
    samples, words = legend_rows(scene)
    rows = bool(samples) + bool(words)
    return max(scene["width"], 1.0), max(scene["height"], 1.0) + (rows + 0.5) * LEGEND * bool(rows)


def legend_rows(scene: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """The samples of colours with the words before them, and all other words in one line."""
    samples = [entry for entry in scene["legend"] if entry["fill"] or entry["text"].startswith("fill")]
    words = [entry["text"] for entry in scene["legend"] if entry not in samples]
    return samples, " · ".join(words)


def identifier(text: str) -> str:
    """An id of ASCII letters, digits and `_` alone; other characters as their number, so that no two become one.

    >>> identifier("mul2"), identifier("a.b_c")
    ('mul2', 'a_2e_b_5f_c')
    """
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", text)


def marked(text: str, missing: Callable[[str], bool]) -> list[tuple[str, bool]]:
    """A text in pieces, those of characters that cannot be shown by their numbers; and which pieces these are.

    >>> marked("a中文", lambda c: not c.isascii())
    [('a', False), ('[U+4E2D 6587]', True)]
    """
    found = []
    for is_missing, run in groupby(text, missing):
        piece = list(run)
        numbers = " ".join(f"{ord(c):04X}" for c in piece)
        found.append((f"[U+{numbers}]", True) if is_missing else ("".join(piece), False))
    return found
