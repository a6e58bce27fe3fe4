"""What a step of the sweep says: a row for each operand, or for many at once.

A row is a list, to be short: the box that the contribution goes to (or the name of what has no box), the partial, its
formula, the edge, and where the page cannot compute them by itself also the contribution, what the operand had, and
what it has. A row for many is a dict: how many uses, the mean size of partials and contributions, the largest, the sum.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.calculus._codes import CONSTANT
from autograd.folding.view import View
from autograd.graphs.columns import BARE
from autograd.pages.sweep import Swept, same
from autograd.scenes.looks import LookOf
from autograd.scenes.scene import finite
from autograd.scenes.text import printable

__all__ = ["Rows", "number"]

FEW = 20
"""So many parameters, or modules that have some, are told one by one."""


def number(x: float) -> float | str:
    """A number as JSON has it; what it has none for is a word, as in a scene."""
    found: float | str = finite(float(x))
    return found


class Place(NamedTuple):
    """An edge of the picture, and the formula of its partial."""

    edge: int
    rule: str


class Rows:
    """The rows of a picture's steps.

    Args:
        view, look: What is seen.
        swept: What the sweep does.
        whole: Whether all of the graph is there, one box for each node: then the page computes what it can.
    """

    def __init__(self, view: View, look: LookOf, swept: Swept, whole: bool) -> None:
        self.view, self.graph, self.swept, self.whole = view, view.graph, swept, whole
        self.boxes = np.full(len(self.graph) + 1, -1, np.int64)  # one more: what is no node, -1, is in no box
        for k, box in enumerate(view.boxes):
            self.boxes[np.asarray(box.nodes, np.int64)] = k
        self.links: dict[tuple[int, int], list[int]] = {}
        self.exact: dict[tuple[int, int], Place] = {}
        for k, tie in enumerate(look.ties):
            self.links.setdefault((tie.tail, tie.head), []).append(k)
            if tie.count == 1:
                self.exact[tie.head, tie.operand] = Place(k, tie.rule)
        self.running: dict[int, float] = dict(swept.seeds)

    def of_node(self, k: int) -> list[Any]:
        """The rows of a box that stands for one node."""
        i = self.view.boxes[k].node
        start, stop = int(self.graph.columns.starts[i]), int(self.graph.columns.starts[i + 1])
        found: list[Any] = []
        many: dict[int, list[int]] = {}
        for at in range(start, stop):
            x = int(self.graph.columns.operands[at])
            if x == BARE or self.graph.columns.codes[x] == CONSTANT:
                continue
            if not (self.swept.known[at] or self.swept.carries[at]):
                continue
            to = int(self.boxes[x])
            alone = to < 0 or self.view.boxes[to].node >= 0 or (k, at - start) in self.exact
            if alone:
                found.append(self.row(k, i, at - start, at, x, to))
            else:
                many.setdefault(to, []).append(at)
        found += [self.many(to, k, np.array(slots)) for to, slots in many.items()]
        return found

    def row(self, k: int, i: int, place: int, at: int, x: int, to: int) -> list[Any]:
        """The row of one operand."""
        swept = self.swept
        edge, rule = self.exact.get((k, place), Place(self.links.get((to, k), [-1])[0], ""))
        partial = number(swept.partials[at]) if swept.known[at] else None
        name = printable(self.view.names.given.get(x) or self.graph.id(x))
        found: list[Any] = [to if to >= 0 else name, partial, rule, edge]
        if not self.is_computed(i, at, x):
            share = number(swept.contributions[at]) if swept.carries[at] else None
            found += [share, number(swept.before[at]), number(swept.after[at])]
        return found

    def is_computed(self, i: int, at: int, x: int) -> bool:
        """Whether a page that goes through the steps so far comes to the same numbers by itself."""
        swept = self.swept
        had = self.running.get(x, 0.0)
        share, partial = float(swept.contributions[at]), float(swept.partials[at])
        if swept.carries[at]:
            self.running[x] = float(swept.after[at])
        return bool(
            self.whole
            and swept.carries[at]
            and swept.known[at]
            and same(partial * float(swept.adjoints[i]), share)
            and same(had, float(swept.before[at]))
            and same(had + share, float(swept.after[at]))
        )

    def is_expected(self, i: int) -> bool:
        """Whether a page that goes through the steps comes to a node's adjoint by itself: not of several results."""
        return same(self.running.get(i, 0.0), float(self.swept.adjoints[i]))

    def of_group(self, k: int) -> list[Any]:
        """The rows of a box that stands for many nodes: one for each box that they use, and one for what is outside."""
        slots = self.slots(k)
        to = self.boxes[self.graph.columns.operands[slots]]
        return [self.many(int(other), k, slots[to == other]) for other in np.unique(to) if other != k]

    def slots(self, k: int) -> Any:
        """Where in the columns the operands are that the nodes of a box give something to."""
        nodes = np.asarray(self.view.boxes[k].nodes, np.int64)
        starts = self.graph.columns.starts[nodes]
        counts = self.graph.columns.starts[nodes + 1] - starts
        ends = np.cumsum(counts)
        found = np.repeat(starts - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)
        return found[self.swept.carries[found]]

    def of_parameters(self, k: int) -> list[dict[str, Any]]:
        """The rows of the parameters in a box: one for each, or where they are many for each module that owns some."""
        owners, parts = self.view.names.owners, self.view.names.parts
        inside = [i for i in self.view.boxes[k].nodes.tolist() if i in owners] if owners else []
        if not inside:
            return []
        slots = self.slots(k)
        to = self.graph.columns.operands[slots]
        names = {i: self.view.names.given.get(i, self.graph.id(i)) for i in inside}
        if len(inside) > FEW:
            names = {i: parts[owners[i]].path for i in inside}
            if len(set(names.values())) > FEW:
                names = dict.fromkeys(inside, f"{len(inside):,} parameters")
        groups: dict[str, list[int]] = {}
        for i, name in names.items():
            groups.setdefault(name, []).append(i)
        found = []
        for name, nodes in groups.items():
            own = slots[np.isin(to, nodes)]
            if len(own):
                found.append(self.many(-1, k, own) | {"to": name})
        return found

    def many(self, to: int, k: int, slots: Any) -> dict[str, Any]:
        """The row of many operands at once."""
        shares = self.swept.contributions[slots]
        sizes = np.abs(shares[self.swept.carries[slots]])
        partials = np.abs(self.swept.partials[slots][self.swept.known[slots]])
        found: dict[str, Any] = {"to": to if to >= 0 else "outside this picture", "uses": len(slots)}
        if to >= 0:
            found["edges"] = self.links.get((to, k), [])
        with np.errstate(invalid="ignore", over="ignore"):
            if len(partials):
                found["partial"] = number(partials.mean())
            if len(sizes):
                found |= {
                    "mean": number(sizes.mean()),
                    "largest": number(sizes.max()),
                    "sum": number(shares[self.swept.carries[slots]].sum()),
                }
        return found
