"""A network: neurons in columns, a line for each weight, a ring for the gradients of each neuron.

Drawn from plain data, `__network__()`: columns of `{name, kind, weights, gradients}`, weights a row of numbers for each
neuron, gradients the mean |grad| of each neuron's parameters. Lines are as wide as weights are large; a ring gets
thicker with the logarithm of the gradient. A column that is too long shows its first and last, and says how many more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from autograd.scenes.colours import PALETTES
from autograd.scenes.looks import Border, Line, Look, LookOf, Options, Swatch, Tie
from autograd.scenes.places import Frame, Layout, Route
from autograd.scenes.text import lines_of, printable, short

__all__ = ["Diagram", "HasNetwork", "diagram_of"]

MOST = 16
"""Neurons of a column that are drawn."""
COLUMNS = 8
"""Columns that are drawn."""
SIZE, GAP, APART, HEAD = 24.0, 8.0, 150.0, 46.0
"""Points: a neuron, between two of them, between two columns, above them."""
WIDEST, NARROWEST = 3.2, 0.3
THIN, THICK, DECADES = 1.0, 5.0, 3.0


class HasNetwork(Protocol):
    """What can say which neurons it has: so nothing here needs to know of modules."""

    def __network__(self) -> Sequence[Mapping[str, Any]]:
        """Its columns, in order; see above."""
        ...


class Diagram(NamedTuple):
    """A picture that is of no graph: what is seen, where, and the same in words."""

    look: LookOf
    layout: Layout
    title: str
    text: str


class Spot(NamedTuple):
    """A place in a column: of a neuron or input, by number; or, with -1, of those that are left out.

    Attributes:
        box: The number of what is drawn there.
    """

    number: int
    x: float
    y: float
    box: int


def diagram_of(what: HasNetwork, options: Options) -> Diagram:
    """The picture of a network.

    Raises:
        ValueError: there are no neurons in it.

    >>> class Line:
    ...     def __network__(self):
    ...         return [{"name": "line", "kind": "Linear", "weights": [[2.0, -1.0]], "gradients": [0.0]}]
    >>> diagram = diagram_of(Line(), Options())
    >>> [box.name for box in diagram.look.boxes if box.role == "neuron"], len(diagram.look.ties)
    (['input 0', 'input 1', 'line, neuron 0'], 2)
    """
    return Diagrammer(list(what.__network__()), options).diagram()


class Diagrammer:
    """The parts of `diagram_of`, which share what is known of the whole network."""

    def __init__(self, columns: list[Mapping[str, Any]], options: Options) -> None:
        self.columns, self.palette = columns, PALETTES[options.theme]
        self.digits = options.digits
        shown = [column for k, column in enumerate(columns) if k < COLUMNS - 1 or k == len(columns) - 1]
        self.skipped = len(columns) - len(shown)
        self.shown = shown
        weights = [abs(float(w)) for column in shown for row in column["weights"] for w in row]
        self.largest = max((w for w in weights if math.isfinite(w)), default=0.0)
        sizes = [float(g) for column in columns for g in column["gradients"]]
        self.steepest = max((g for g in sizes if math.isfinite(g)), default=0.0)
        self.swept = any(g != 0.0 for g in sizes)
        self.boxes: list[Look] = []
        self.frames: list[Frame] = []
        self.ties: list[Tie] = []
        self.routes: list[Route] = []
        self.tallest = max(min(MOST, size) for size in self.sizes())

    def sizes(self) -> list[int]:
        """How many inputs there are, and neurons in each column."""
        return [self.inputs(self.shown[0]), *(len(column["weights"]) for column in self.shown)]

    def inputs(self, column: Mapping[str, Any]) -> int:
        """How many inputs a column's neurons have."""
        return max(len(row) for row in column["weights"])

    def diagram(self) -> Diagram:
        """The whole picture."""
        x, before = SIZE, -1
        spots: list[Spot] = []
        for k, column in enumerate(self.shown):
            if self.inputs(column) != before:  # what comes before it is not what it is given
                x += APART / 2 * (k > 0)
                spots = self.column_of_inputs(self.inputs(column), x)
                x += APART
            after = self.column(column, x, len(self.columns) - 1 if self.skipped and k == len(self.shown) - 1 else k)
            self.lines(column, spots, after)
            spots, before, x = after, len(column["weights"]), x + APART
        height = HEAD + self.tallest * (SIZE + GAP)
        width = max(frame.x + frame.width / 2 for frame in self.frames) + 4.0
        look = LookOf(self.boxes, self.ties, self.legend(), self.palette, "LR")
        return Diagram(look, Layout(self.frames, self.routes, width, height), self.title(), "\n".join(self.words()))

    def spots(self, size: int, x: float) -> list[Spot]:
        """Places for neurons, one below the other; in the middle one for those that are left out."""
        numbers = list(range(size)) if size <= MOST else [*range(MOST // 2), -1, *range(size - MOST // 2 + 1, size)]
        top = HEAD + (self.tallest - len(numbers)) * (SIZE + GAP) / 2
        first = len(self.boxes) + 1  # after the heading
        return [Spot(number, x, top + (k + 0.5) * (SIZE + GAP), first + k) for k, number in enumerate(numbers)]

    def column_of_inputs(self, size: int, x: float) -> list[Spot]:
        """Draw the inputs."""
        spots = self.spots(size, x)
        self.heading("inputs", f"{size:,}", x)
        for spot in spots:
            self.neuron(spot, f"in{len(self.boxes)}", f"input {spot.number}", "", None, size)
        return spots

    def column(self, column: Mapping[str, Any], x: float, number: int) -> list[Spot]:
        """Draw the neurons of a column."""
        rows, gradients = column["weights"], column["gradients"]
        spots = self.spots(len(rows), x)
        self.heading(str(column["name"]), f"{len(rows):,} {column['kind']}", x)
        for spot in spots:
            if spot.number < 0:
                self.neuron(spot, f"more{number}", "", "", None, len(rows))
                continue
            name = f"{column['name']}, neuron {spot.number}"
            gradient = float(gradients[spot.number])
            told = [f"weights {', '.join(repr(float(w)) for w in rows[spot.number][:12])}"]
            told.append(f"mean |grad| {gradient!r}" if self.swept else "grad – (no sweep has reached it)")
            self.neuron(spot, f"n{number}x{spot.number}", name, "\n".join([name, *told]), gradient, len(rows))
        return spots

    def neuron(self, spot: Spot, id: str, name: str, tooltip: str, gradient: float | None, size: int) -> None:
        """Draw a neuron or an input; or how many are left out."""
        palette = self.palette
        if spot.number < 0:
            more = [Line(f"+ {size - MOST + 1:,}", "note")]
            self.box(id, "title", more, spot, "plain", Border(palette.paper, 0.0, False), "", "")
            return
        bad = gradient is not None and not math.isfinite(gradient)
        border = Border(palette.alarm if bad else palette.border, self.ring(gradient), False)
        fill = palette.box if gradient is None or gradient or not self.swept else palette.dead
        self.box(id, "neuron", [Line(str(spot.number), "number")], spot, "circle", border, fill, name, tooltip or name)

    def ring(self, gradient: float | None) -> float:
        """How thick the ring of a neuron is."""
        if gradient is None or gradient == 0.0 or not self.steepest:
            return THIN
        if not math.isfinite(gradient):
            return THICK
        size = (math.log10(gradient) - math.log10(self.steepest)) / DECADES + 1.0
        return THIN + 0.5 + (THICK - THIN - 0.5) * min(1.0, max(0.0, size))

    def heading(self, name: str, about: str, x: float) -> None:
        """Write what a column is above it."""
        lines = [Line(text, "name") for text in lines_of(name, 20)] + [Line(printable(about), "note")]
        border = Border(self.palette.paper, 0.0, False)
        self.box(f"title{len(self.boxes)}", "title", lines, Spot(0, x, HEAD / 2 - 4, 0), "plain", border, "", name)

    def box(
        self, id: str, role: Any, lines: list[Line], spot: Spot, shape: Any, border: Border, fill: str, name: str,
        tooltip: str = "",
    ) -> None:  # fmt: skip
        """Put a box in its place."""
        fill = fill or self.palette.paper
        ink = self.palette.ink
        self.boxes.append(
            Look(id, role, False, False, name, "", None, None, 0, lines, shape, border, fill, ink, tooltip, "", 0)
        )
        wide = SIZE if shape == "circle" else max(7.0 * len(line.text) for line in lines)
        self.frames.append(Frame(spot.x, spot.y, wide, SIZE if shape == "circle" else 15.0 * len(lines)))

    def lines(self, column: Mapping[str, Any], before: list[Spot], after: list[Spot]) -> None:
        """Draw the weights: from each of what is shown on the left to each on the right."""
        many = 1.0 if len(before) * len(after) <= 64 else 0.6
        for head in after:
            port = 0
            for tail in before:
                if head.number < 0 or tail.number < 0 or tail.number >= len(column["weights"][head.number]):
                    continue
                w = float(column["weights"][head.number][tail.number])
                self.ties.append(self.tie(tail.box, head.box, tail.number, port, w, many))
                port += 1
                start, end = tail.x + SIZE / 2, head.x - SIZE / 2
                third = (end - start) / 3
                points = [(start, tail.y), (start + third, tail.y + (head.y - tail.y) / 3),
                          (end - third, head.y - (head.y - tail.y) / 3), (end, head.y)]  # fmt: skip
                self.routes.append(Route(points, (end, head.y), None))

    def tie(self, tail: int, head: int, operand: int, port: int, w: float, many: float) -> Tie:
        """A weight as a line."""
        palette = self.palette
        if not math.isfinite(w):
            return Tie(tail, head, operand, port, w, 1, "", f"weight {w!r}", palette.alarm, WIDEST, False, False)
        size = abs(w) / self.largest if self.largest else 0.0
        width = (NARROWEST + (WIDEST - NARROWEST) * size) * many
        color = palette.positive if w > 0.0 else palette.negative if w < 0.0 else palette.edge
        return Tie(tail, head, operand, port, w, 1, "", f"weight {w!r}", color, width, w < 0.0, False)

    def legend(self) -> list[Swatch]:
        """What lines and rings mean."""
        largest = short(self.largest, 2)
        found = [f"lines: weights, the wider the larger, up to {largest}; orange +, blue and dashed −"]
        if self.swept:
            steepest = short(self.steepest, 2)
            found.append(f"rings: mean |grad| of a neuron's parameters, up to {steepest}; grey: exactly 0")
        else:
            found.append("rings: –, no backward() yet")
        return [Swatch(text, "", False) for text in found]

    def title(self) -> str:
        """The picture in half a sentence."""
        sizes = "-".join(str(size) for size in self.sizes())
        parameters = sum(len(row) + 1 for column in self.columns for row in column["weights"])
        return f"network {sizes}, {parameters:,} parameters"

    def words(self) -> Iterable[str]:
        """The picture in words, a line for each column."""
        for column in self.columns[:40]:
            weights = [float(w) for row in column["weights"] for w in row]
            mean = sum(map(abs, weights)) / len(weights)
            grads = [float(g) for g in column["gradients"]]
            grad = short(sum(grads) / len(grads), 3) if self.swept else "–"
            about = f"{len(column['weights']):,} {column['kind']}, mean |weight| {short(mean, 3)}, mean |grad| {grad}"
            yield printable(f"{column['name']}: {about}")[:118]
        if len(self.columns) > 40:
            yield f"... {len(self.columns) - 40:,} more ..."
