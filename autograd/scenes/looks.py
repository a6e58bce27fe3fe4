"""How boxes, edges and a legend look: plain data for all that draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from autograd.scenes.colours import Palette
from autograd.scenes.roles import Role

__all__ = [
    "FONT_SIZE",
    "THICK",
    "THIN",
    "Border",
    "Colour",
    "Line",
    "Look",
    "LookOf",
    "Options",
    "Shape",
    "Swatch",
    "Tie",
]

Colour = Literal["grad", "data", "magnitude"] | Callable[[Any], float] | None
Shape = Literal["box", "rounded", "double", "note", "octagon", "tab", "ellipse", "circle", "square", "plain"]
Kind = Literal["name", "id", "formula", "number", "note", "alarm", "record"]
BOLD: frozenset[Kind] = frozenset({"name", "alarm"})

FONT_SIZE = 11.0
"""Of every text, in points: a picture of 1,222 points in a cell of 1,000 pixels shows it 9 pixels high."""


THIN, THICK, ALARMING = 1.0, 2.5, 4.0
"""Points: a border, that of a root, and that of what is no number; of a root that is none, all that is more."""


@dataclass(frozen=True)
class Options:
    """How things are to look; see `draw`."""

    boxes: str = "one"
    partials: bool = False
    color: Colour = "grad"
    direction: str = "LR"
    digits: int = 4
    theme: str = "light"


class Line(NamedTuple):
    """A line of text in a box, and what it is."""

    text: str
    kind: Kind

    @property
    def bold(self) -> bool:
        """Whether it is set in bold."""
        return self.kind in BOLD


class Border(NamedTuple):
    """The line around a box: its colour, its width in points, and whether it is dashed."""

    color: str
    width: float
    dashed: bool


class Look(NamedTuple):
    """A box as it is to be seen; its place is found later.

    Attributes:
        id: A readable name that no other box has.
        role: What it is.
        root, cut: Whether the picture is of it; whether it has operands that are not shown.
        name: What it is called, whole; empty if nobody named it.
        formula: The operation in names; empty for a leaf.
        data, grad: Its numbers; None where it has none, as a group has, or a gradient that no sweep has brought.
        count: How many nodes it stands for.
        lines: Its text.
        shape, border, fill, ink: How it looks.
        tooltip: All that is known of it, with all digits.
        mark: Why it is to be looked at, if it is: "nan", "first nan here", ...
        ports: How many operands enter.
    """

    id: str
    role: Role
    root: bool
    cut: bool
    name: str
    formula: str
    data: float | None
    grad: float | None
    count: int  # type: ignore[assignment]  # not tuple's method
    lines: list[Line]
    shape: Shape
    border: Border
    fill: str
    ink: str
    tooltip: str
    mark: str
    ports: int


class Tie(NamedTuple):
    """An edge as it is to be seen.

    Attributes:
        tail, head: The boxes, by number.
        operand: Which operand of the operation it is, from 0, constants counted.
        port: Where it enters among those that do, from 0.
        partial: ∂head/∂tail, if one number is that.
        count: How many uses it stands for.
        text: What is written on it.
        tooltip: The partial with all digits.
        color: Of the line.
        width: Of the line, in points.
        dashed: Whether the line is.
        arrow: Whether it ends in an arrow.
        rule: The formula of the partial, from the table; empty if there is none to be written.
    """

    tail: int
    head: int
    operand: int
    port: int
    partial: float | None
    count: int  # type: ignore[assignment]  # not tuple's method
    text: str
    tooltip: str
    color: str
    width: float = 1.0
    dashed: bool = False
    arrow: bool = True
    rule: str = ""


class Swatch(NamedTuple):
    """An entry of the legend.

    Attributes:
        kind: A sample is a coloured cell and what it means; a title says what the samples after it are of; words
            explain by themselves.
        text: What is written.
        fill, dashed: Of the cell of a sample, its colour and whether its border is dashed.
    """

    kind: Literal["title", "sample", "words"]
    text: str
    fill: str = ""
    dashed: bool = False


class LookOf(NamedTuple):
    """All boxes and edges, and what explains them.

    Attributes:
        crowded: Whether so many boxes stand one above the other that they had better be close.
    """

    boxes: list[Look]
    ties: list[Tie]
    legend: list[Swatch]
    palette: Palette
    direction: str
    crowded: bool = False
