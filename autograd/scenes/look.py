"""What each box of a view shows: its role, its lines, its border and its fill. It decides, and knows no renderer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.border.conversion import as_float
from autograd.calculus._codes import CONSTANT
from autograd.calculus.primitive import Variadic
from autograd.folding.view import Box, Link, View, height_of
from autograd.graphs.formula import formulas, partial_formulas
from autograd.graphs.graph import reached
from autograd.graphs.names import Names
from autograd.scenes.colours import PALETTES, Scale
from autograd.scenes.looks import ALARMING, THICK, THIN, Border, Line, Look, LookOf, Options, Shape, Swatch, Tie
from autograd.scenes.marks import marks_of, nonfinite
from autograd.scenes.roles import Role, roles_of
from autograd.scenes.text import cut, lines_of, printable, short

__all__ = ["look_of"]

SHAPES: dict[Role, Shape] = {
    "leaf": "rounded", "parameter": "double", "input": "note", "target": "octagon", "constant": "box",
    "operation": "box", "operator": "ellipse", "group": "tab", "neuron": "circle", "title": "plain",
}  # fmt: skip
LONGEST_FORMULA = 32
CROWD = 10
"""More boxes than this, one above the other, have less in them and are closer."""


def look_of(view: View, options: Options) -> LookOf:
    """How a view is to look.

    Cost: linear in the boxes; in the graph, if it has parameters or numbers that are not finite.

    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> from autograd.folding.view import unfolded
    >>> from autograd import Value
    >>> graph = graph_of(1 - Value(3.0, label="x") * 2)
    >>> found = look_of(unfolded(graph, names_of(graph)), Options())
    >>> [box.role for box in found.boxes], [(tie.tail, tie.head, tie.operand) for tie in found.ties]
    (['leaf', 'operation', 'operation'], [(0, 1, 0), (1, 2, 1)])
    """
    return Looking(view, options).all()


class Looking:
    """The parts of `look_of`, which share what is known of the whole picture."""

    def __init__(self, view: View, options: Options) -> None:
        self.view, self.graph, self.options = view, view.graph, options
        self.palette = PALETTES[options.theme]
        self.roots = frozenset(self.graph.roots)
        leaves = [box.node for box in view.boxes if box.group is None and self.graph.kind(box.node) != "operation"]
        shown = [box.node for box in view.boxes if box.group is None]
        self.formulas = formulas(self.graph, self.within_modules(), shown)
        self.named = view.names._replace(given=view.names.given | self.formulas.short)
        self.taken = frozenset(self.named.given.values())
        self.roles = roles_of(self.graph, view.names, leaves)
        self.reached = reached(self.graph)
        self.marks = marks_of(self.graph)
        self.crowded = height_of(view) > CROWD
        self.written: dict[int, list[str]] = {}
        self.ports = [0] * len(view.boxes)
        for link in view.links:
            self.ports[link.head] += 1
        self.colours = [self.number_for_colour(box) for box in view.boxes]
        self.scale = Scale.over((x for x in self.colours if x is not None), self.palette)

    def all(self) -> LookOf:
        """Every box and every edge."""
        boxes = [self.box(k) for k in range(len(self.view.boxes))]
        ties = self.ties()
        return LookOf(boxes, ties, self.legend(boxes), self.palette, self.options.direction, self.crowded)

    def box(self, k: int) -> Look:
        """One box."""
        box = self.view.boxes[k]
        return self.group(k, box) if box.group is not None else self.node(k, box)

    def node(self, k: int, box: Box) -> Look:
        """A box for one node."""
        i, graph, names = box.node, self.graph, self.view.names
        role = self.roles.get(i, "operation")
        name, short_name = names.given.get(i, ""), self.formulas.short.get(i, "")
        formula = self.formulas.texts.get(i, "")
        data, grad = (graph.data(i), self.grad(i)) if self.view.numbers else (None, None)
        mark = (self.marks.get(i) if self.view.numbers else "") or nonfinite(data, grad)
        lines = [Line(text, "name") for text in lines_of(self.without_module(i, name))] or [
            Line(short_name, "id")
        ] * bool(short_name)
        if formula:
            text = "…" if box.cut and not self.ports[k] else cut(printable(formula), LONGEST_FORMULA)
            lines.append(Line(text, "formula"))
        if self.view.numbers:
            lines.append(Line(f"data {self.short(data)}", "number"))
        if self.view.numbers and role != "constant":
            lines.append(Line(f"grad {self.short(grad)}", "number"))
        if mark.startswith("first"):
            lines.append(Line(mark, "alarm"))
        return Look(
            graph.id(i), role, i in self.roots, box.cut, name, formula, data, grad, int(role != "constant"), lines,
            SHAPES[role], self.border(k, i in self.roots, mark), self.fill(k), self.palette.ink,
            self.tooltip(i, formula), mark, self.ports[k],
        )  # fmt: skip

    def group(self, k: int, box: Box) -> Look:
        """A box for many nodes."""
        group, graph = box.group, self.graph
        assert group is not None
        nodes = np.asarray(box.nodes)
        root = bool(np.isin(nodes, list(self.roots)).any())
        parameters = int(np.isin(nodes, list(self.view.names.owners)).sum())
        bad = self.bad_ones(nodes)
        count = int(np.count_nonzero(graph.columns.codes[nodes]))  # constants are none
        title = group.title + (f" ×{group.times:,}" if group.times > 1 else "")
        facts = [f"{len(nodes):,} values"] + ([f"{parameters:,} parameters"] if parameters else [])
        mean = self.mean_size(nodes)
        if self.view.numbers:
            facts.append("grad –" if mean is None else f"mean |grad| {short(mean, 2)}")
        written = [", ".join([facts[-2].replace(" parameters", " p."), facts[-1]])] if self.crowded else facts
        mark = self.mark_in(nodes)
        lines = [Line(text, "name") for text in lines_of(self.without_outermost(title), LONGEST_FORMULA)]
        lines += [Line(fact, "note") for fact in written]
        if bad:
            lines.append(Line(f"{bad:,} of {len(nodes):,} not finite", "alarm"))
            lines += [Line(mark, "alarm")] if mark else []
        tooltip = "\n".join([title, *facts] + ([f"{bad:,} not finite"] if bad else []))
        return Look(
            group.id, "group", root, box.cut, group.title, "", None, None, count, lines, "tab",
            self.border(k, root, mark or ("nan" if bad else "")), self.fill(k), self.palette.ink, tooltip,
            mark or (f"{bad} not finite" if bad else ""), self.ports[k],
        )  # fmt: skip

    def grad(self, i: int) -> float | None:
        """The gradient of a node, if a sweep has brought one."""
        if self.graph.columns.codes[i] == CONSTANT:
            return None
        x = self.graph.grad(i)
        return x if x != 0.0 or self.reached[i] else None

    def mark_in(self, nodes: Any) -> str:
        """The mark of the first of these nodes that has one."""
        marked = np.array(list(self.marks), np.int32)
        inside = marked[np.isin(marked, nodes)]
        return self.marks[int(inside[0])] if self.view.numbers and len(inside) else ""

    def bad_ones(self, nodes: Any) -> int:
        """How many nodes have a number or a gradient that is not finite."""
        data, grads = self.graph.columns.data[nodes], self.graph.columns.grads[nodes]
        return int(np.count_nonzero(~(np.isfinite(data) & np.isfinite(grads)))) if self.view.numbers else 0

    def mean_size(self, nodes: Any) -> float | None:
        """The mean |grad| of what is finite, of parameters if there are any; nan if nothing is; None before a sweep."""
        if not self.has_swept(nodes):
            return None
        parameters = np.asarray(nodes)[np.isin(nodes, list(self.view.names.owners))]
        sizes = np.abs(self.graph.columns.grads[parameters if len(parameters) else nodes])
        finite = sizes[np.isfinite(sizes)]
        return float(finite.mean()) if len(finite) else math.nan

    def has_swept(self, nodes: Any) -> bool:
        """Whether a sweep has been at some of these nodes."""
        return bool(self.view.numbers and self.reached[nodes].any())

    def within_modules(self) -> Names:
        """The names, those of parameters as their module calls them: a formula has no room for paths.

        What a chain of additions comes to is a sum, where the chain is one box.
        """
        names = self.view.names
        given = {
            int(box.nodes[-1]): "sum" for box in self.view.boxes if box.group is not None and box.group.kind == "sum"
        }
        given |= names.given
        for i, k in names.owners.items():
            if i in given:
                given[i] = given[i].removeprefix(f"{names.parts[k].path}.")
        return names._replace(given=given)

    def without_module(self, i: int, name: str) -> str:
        """The name of a parameter without that of the module that all are in, if there is one such."""
        return self.without_outermost(name) if i in self.view.names.owners else name

    def without_outermost(self, path: str) -> str:
        """A path in a module without the name of the module that all are in, if there is one such."""
        outermost = [part.path for part in self.view.names.parts if part.parent < 0]
        return path.removeprefix(f"{outermost[0]}.") if len(outermost) == 1 else path

    def short(self, x: float | None) -> str:
        """A number in a few characters; an en dash for none."""
        return "–" if x is None else short(x, self.options.digits)

    def number_for_colour(self, box: Box) -> float | None:
        """The number that a box is coloured by."""
        color = self.options.color
        if color is None or not self.view.numbers:
            return None
        if box.group is not None:
            return self.mean_size(box.nodes) if color in ("grad", "magnitude") else None
        if callable(color):
            return as_float(color(self.graph.values[box.node]), "draw: what color gives")
        if color == "data":
            return self.graph.data(box.node)
        x = self.grad(box.node)
        return abs(x) if color == "magnitude" and x is not None else x

    def fill(self, k: int) -> str:
        """The colour of a box."""
        x = self.colours[k]
        if x is None:
            return self.palette.box
        return self.scale.grey(x) if self.view.boxes[k].group is not None else self.scale.colour(x)

    def border(self, k: int, root: bool, mark: str) -> Border:
        """The line around a box."""
        x = self.colours[k]
        width = THIN + (THICK - THIN) * root + (ALARMING - THIN) * bool(mark)
        return Border(self.palette.alarm if mark else self.palette.border, width, x is not None and x < 0.0)

    def tooltip(self, i: int, formula: str) -> str:
        """All that is known of a node."""
        graph, names = self.graph, self.named
        lines = [printable(line) for line in names.given.get(i, graph.id(i)).splitlines()]
        if i in names.owners:
            part = names.parts[names.owners[i]]
            lines.append(printable(f"parameter of {part.path} ({part.kind})"))
        if formula:
            lines.append(printable(formula))
        grad = self.grad(i)
        if self.view.numbers:
            lines.append(f"data {graph.data(i)!r}")
        if self.view.numbers and graph.columns.codes[i] != CONSTANT:
            lines.append("grad – (no sweep has reached it)" if grad is None else f"grad {grad!r}")
        if graph.kind(i) == "operation":
            lines += self.partials(i)
        return "\n".join(lines)

    def rules(self, i: int) -> list[str]:
        """The formula of the partial towards each of the first operands of a node."""
        if i not in self.written:
            self.written[i] = partial_formulas(self.graph, self.named, i, self.taken)
        return self.written[i]

    def partials(self, i: int) -> list[str]:
        """What the chain rule multiplies by towards each operand, as a formula and as a number."""
        texts = self.rules(i)
        row, uses = self.graph.row(i), self.graph.uses(i, len(texts))
        places = list(range(len(uses)))
        starts_with_one = len(uses) > 1 and isinstance(uses[1].operand, float) and uses[1].operand == 1.0
        if isinstance(row, Variadic) and row.pairs and starts_with_one:
            places = [0, *places]  # the 1 that a bias is multiplied by is no operand to a reader
        return [
            printable(f"∂/∂operand {place}: {text}" + (f" = {use.partial!r}" if self.view.numbers else ""))
            for use, text, place in zip(uses, texts, places, strict=False)
            if text and use.partial is not None
        ]

    def ties(self) -> list[Tie]:
        """The edges, those into a box in the order in which they enter."""
        entered = [0] * len(self.view.boxes)
        found = []
        for link in sorted(self.view.links, key=lambda link: (link.head, link.place)):
            found.append(self.tie(link, entered[link.head]))
            entered[link.head] += 1
        return found

    def tie(self, link: Link, port: int) -> Tie:
        """One edge."""
        known = link.partial is not None
        text = f"×{short(link.partial, 3)}" if self.options.partials and link.partial is not None else ""
        bad = link.partial is not None and not math.isfinite(link.partial)
        tooltip = f"partial {link.partial!r}" if known else f"{link.count:,} uses" if link.count > 1 else ""
        color = self.palette.alarm if bad else self.palette.edge
        return Tie(
            link.tail, link.head, link.place, port, link.partial, link.count, text, tooltip, color,
            rule=self.rule(link),
        )  # fmt: skip

    def rule(self, link: Link) -> str:
        """The formula of the partial that an edge stands for."""
        node = self.view.boxes[link.head].node
        texts = self.rules(node) if link.partial is not None and self.graph.kind(node) == "operation" else []
        return printable(texts[link.place]) if link.place < len(texts) else ""

    def legend(self, boxes: list[Look]) -> list[Swatch]:
        """What colours and shapes mean, of those that occur."""
        found = list(self.legend_of_colours())
        words = [WORDS[role] for role in WORDS if any(box.role == role for box in boxes)]
        if any(box.root for box in boxes):
            words.append("thick border: root")
        if any(box.mark for box in boxes):
            words.append("thicker, red: nan or inf")
        if any(link.partial is not None and not math.isfinite(link.partial) for link in self.view.links):
            words.append("red edge: a partial that is nan or inf")
        found += [Swatch("words", word) for word in words]
        if any(line.text.endswith("grad –") for box in boxes for line in box.lines):
            found.append(Swatch("words", "–: no backward() yet"))
        return found

    def legend_of_colours(self) -> list[Swatch]:
        """Samples of the fill, from the most negative to the most positive."""
        color, scale = self.options.color, self.scale
        pairs = list(zip(self.view.boxes, self.colours, strict=True))
        signed = [x for box, x in pairs if x is not None and box.group is None]
        signs = [sign for sign in (-1.0, 1.0) if any(sign * x > 0.0 for x in signed)]
        grouped = any(x for box, x in pairs if box.group is not None)
        if not scale.top or not (signs or grouped):
            return []
        what = color if isinstance(color, str) else getattr(color, "__name__", "color")
        found = [Swatch("title", f"fill: {'|grad|' if what == 'magnitude' else what}")] if signs else []
        for sign in signs:
            sizes = (scale.top, scale.bottom) if sign < 0 else (scale.bottom, scale.top)
            found += [Swatch("sample", short(sign * size, 2), scale.colour(sign * size), sign < 0) for size in sizes]
        if grouped:
            found.append(Swatch("title", "fill of groups: mean |grad|"))
            found += [Swatch("sample", short(size, 2), scale.grey(size)) for size in (scale.bottom, scale.top)]
        return found


WORDS: dict[Role, str] = {
    "leaf": "rounded: leaf", "parameter": "double border: parameter", "input": "dog-ear: input",
    "target": "octagon: target", "group": "tab: group",
}  # fmt: skip
