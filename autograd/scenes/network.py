"""A network: neurons in columns, a line for each weight, a ring for the gradients of each neuron.

Drawn from plain data, `__network__()`: columns of `{name, kind, weights, gradients}`, weights a row of numbers for each
neuron, gradients the mean |grad| of each neuron's parameters. Drawn as `nn.network` draws a network on axes:

- inputs are squares, neurons are circles; of many the first and the last are drawn, of columns too;
- a line is as wide as its weight is large, and narrower where there are many; of negative weights it is dashed;
- a ring is as thick as the logarithm of the gradient, over three decades below the largest; grey is exactly 0.
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
WIDEST, LEAST, NARROWEST, MANY = 3.2, 1.2, 0.25, 48
"""Points: the widest line; the same where there are very many; the narrowest. So many are not many yet."""
THIN, THINNEST, THICKEST, DECADES = 1.0, 1.5, 5.0, 3.0
"""Points: the border where there is no ring, and rings, so many powers of ten below the largest gradient and of it."""


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
    >>> [box.name for box in diagram.look.boxes if box.shape != "plain"], len(diagram.look.ties)
    (['input 0', 'input 1', 'line, neuron 0'], 2)
    """
    return Diagrammer(list(what.__network__()), options).diagram()


class Diagrammer:
    """The parts of `diagram_of`, which share what is known of the whole network."""

    def __init__(self, columns: list[Mapping[str, Any]], options: Options) -> None:
        self.columns, self.palette = columns, PALETTES[options.theme]
        self.digits = options.digits
        self.shown = shown(len(columns), COLUMNS)
        drawn = [columns[k] for k in self.shown if k >= 0]
        weights = [abs(float(w)) for column in drawn for row in in_sight(column["weights"]) for w in in_sight(row)]
        self.largest = max((w for w in weights if math.isfinite(w)), default=0.0)
        crowd = max(len(in_sight(column["weights"])) * len(in_sight(range(inputs(column)))) for column in drawn)
        self.widest = max(LEAST, WIDEST * min(1.0, (MANY / crowd) ** 0.5))
        sizes = [float(g) for column in columns for g in column["gradients"]]
        self.steepest = max((g for g in sizes if math.isfinite(g)), default=0.0)
        self.swept = any(g != 0.0 for g in sizes)
        self.boxes: list[Look] = []
        self.frames: list[Frame] = []
        self.ties: list[Tie] = []
        self.routes: list[Route] = []
        self.tallest = max(min(MOST, max(inputs(column), len(column["weights"]))) for column in drawn)

    def diagram(self) -> Diagram:
        """The whole picture."""
        x, before = SIZE, 0
        spots: list[Spot] = []
        for k in self.shown:
            if k < 0:
                self.left_out(x - APART / 2, len(self.columns) - len(self.shown) + 1)
                spots, before = [], -1
                continue
            column = self.columns[k]
            if inputs(column) != before and before >= 0:  # what comes before it is not what it is given
                x += APART / 2 * bool(self.boxes)
                spots = self.column_of_inputs(inputs(column), x)
                x += APART
            after = self.column(column, x, k)
            self.lines(column, spots, after)
            spots, before, x = after, len(column["weights"]), x + APART
        height = HEAD + self.tallest * (SIZE + GAP)
        width = max(frame.x + frame.width / 2 for frame in self.frames) + 4.0
        look = LookOf(self.boxes, self.ties, self.legend(), self.palette, "LR")
        return Diagram(look, Layout(self.frames, self.routes, width, height), self.title(), "\n".join(self.words()))

    def spots(self, size: int, x: float) -> list[Spot]:
        """Places for neurons, one below the other; in the middle one for those that are left out."""
        numbers = shown(size, MOST)
        top = HEAD + (self.tallest - len(numbers)) * (SIZE + GAP) / 2
        first = len(self.boxes) + 1  # after the heading
        return [Spot(number, x, top + (k + 0.5) * (SIZE + GAP), first + k) for k, number in enumerate(numbers)]

    def column_of_inputs(self, size: int, x: float) -> list[Spot]:
        """Draw the inputs."""
        spots = self.spots(size, x)
        self.heading("inputs", f"{size:,}", x)
        for spot in spots:
            if spot.number < 0:
                self.more(spot, f"more{len(self.boxes)}", f"+ {size - MOST + 1:,}")
                continue
            border = Border(self.palette.border, THIN, False)
            lines, name = [Line(str(spot.number), "number")], f"input {spot.number}"
            self.box(f"in{len(self.boxes)}", "input", lines, spot, "square", border, self.palette.box, name, name)
        return spots

    def column(self, column: Mapping[str, Any], x: float, number: int) -> list[Spot]:
        """Draw the neurons of a column."""
        rows, gradients = column["weights"], column["gradients"]
        spots = self.spots(len(rows), x)
        self.heading(str(column["name"]), f"{len(rows):,} {column['kind']}", x)
        for spot in spots:
            if spot.number < 0:
                self.more(spot, f"more{number}", f"+ {len(rows) - MOST + 1:,}")
                continue
            name = f"{column['name']}, neuron {spot.number}"
            gradient = float(gradients[spot.number])
            told = [f"weights {', '.join(repr(float(w)) for w in rows[spot.number][:12])}"]
            told.append(f"mean |grad| {gradient!r}" if self.swept else "grad – (no sweep has reached it)")
            self.neuron(spot, f"n{number}x{spot.number}", name, "\n".join([name, *told]), gradient)
        return spots

    def neuron(self, spot: Spot, id: str, name: str, tooltip: str, gradient: float) -> None:
        """Draw a neuron."""
        palette = self.palette
        border = Border(palette.border if math.isfinite(gradient) else palette.alarm, self.ring(gradient), False)
        fill = palette.box if gradient or not self.swept else palette.dead
        self.box(id, "neuron", [Line(str(spot.number), "number")], spot, "circle", border, fill, name, tooltip)

    def ring(self, gradient: float) -> float:
        """How thick the ring of a neuron is."""
        if not math.isfinite(gradient):
            return THICKEST
        if gradient == 0.0:
            return THIN
        share = (math.log10(gradient) - math.log10(self.steepest)) / DECADES + 1.0
        return THINNEST + (THICKEST - THINNEST) * max(0.0, share)

    def more(self, spot: Spot, id: str, text: str) -> None:
        """Write how many are left out."""
        border = Border(self.palette.paper, 0.0, False)
        self.box(id, "title", [Line(text, "note")], spot, "plain", border, "", "")

    def left_out(self, x: float, layers: int) -> None:
        """Write how many columns are left out, where they would be."""
        self.more(Spot(-1, x, HEAD + self.tallest * (SIZE + GAP) / 2, -1), "left_out", f"+ {layers:,} layers")

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
        wide, high = max(7.0 * len(line.text) for line in lines), 15.0 * len(lines)
        self.frames.append(Frame(spot.x, spot.y, *((wide, high) if shape == "plain" else (SIZE, SIZE))))

    def lines(self, column: Mapping[str, Any], before: list[Spot], after: list[Spot]) -> None:
        """Draw the weights, from each of what is shown on the left to each on the right."""
        for head in after:
            port = 0
            for tail in before:
                if head.number < 0 or tail.number < 0 or tail.number >= len(column["weights"][head.number]):
                    continue
                w = float(column["weights"][head.number][tail.number])
                self.ties.append(self.tie(tail.box, head.box, tail.number, port, w))
                port += 1
                start, end = tail.x + SIZE / 2, head.x - SIZE / 2
                third = (end - start) / 3
                points = [(start, tail.y), (start + third, tail.y + (head.y - tail.y) / 3),
                          (end - third, head.y - (head.y - tail.y) / 3), (end, head.y)]  # fmt: skip
                self.routes.append(Route(points, (end, head.y), None))

    def tie(self, tail: int, head: int, operand: int, port: int, w: float) -> Tie:
        """A weight as a line."""
        palette, tooltip = self.palette, f"weight {w!r}"
        if not math.isfinite(w):
            return Tie(tail, head, operand, port, w, 1, "", tooltip, palette.alarm, self.widest, False, False)
        width = max(NARROWEST, self.widest * (abs(w) / self.largest if w else 0.0))
        color = palette.positive if w > 0.0 else palette.negative if w < 0.0 else palette.edge
        return Tie(tail, head, operand, port, w, 1, "", tooltip, color, width, w < 0.0, False)

    def legend(self) -> list[Swatch]:
        """What shapes, lines and rings mean."""
        found = ["squares: inputs", f"lines: weights, the widest {short(self.largest, 2)}", "orange +, blue dashed −"]
        if self.swept:
            found.append(f"rings: mean |grad| of a neuron's parameters, up to {short(self.steepest, 2)}")
            found += ["grey: exactly 0"] * any(g == 0.0 for column in self.columns for g in column["gradients"])
        else:
            found.append("rings: –, no backward() yet")
        return [Swatch("words", text) for text in found]

    def title(self) -> str:
        """The picture in half a sentence."""
        sizes = [inputs(self.columns[0]), *(len(column["weights"]) for column in self.columns)]
        told = "-".join("…" if k < 0 else str(sizes[k]) for k in shown(len(sizes), COLUMNS + 1))
        parameters = sum(len(row) + 1 for column in self.columns for row in column["weights"])
        return f"network {told}, {parameters:,} parameters"

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


def inputs(column: Mapping[str, Any]) -> int:
    """How many inputs a column's neurons have."""
    return max(len(row) for row in column["weights"])


def shown(n: int, most: int) -> list[int]:
    """The numbers from 0 to n-1, or the first and last of them, with -1 for those left out in between.

    >>> shown(3, 5), shown(9, 5)
    ([0, 1, 2], [0, 1, -1, 7, 8])
    """
    first = most // 2
    return list(range(n)) if n <= most else [*range(first), -1, *range(n - (most - first - 1), n)]


def in_sight(things: Sequence[Any]) -> list[Any]:
    """Those of a column that are drawn."""
    return [things[k] for k in shown(len(things), MOST) if k >= 0]
