"""The ways of a gradient through a graph, from the root to one Value: how many there are, and the largest of them.

There may be more ways than atoms, so none is walked to count them: each node has as many as those that use it together.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.explanations.steps import Step
from autograd.values.value import Value

__all__ = ["Contribution", "Path", "Routes"]


@dataclass(frozen=True)
class Contribution:
    """What one use of a Value adds to its gradient: the partial there times the adjoint of what uses it.

    Attributes:
        node: What uses it.
        place: Where among the operands of that, from 0.
        partial: ∂node/∂operand; None where a rule keeps it to itself.
        adjoint: ∂(root)/∂node, which has come along all paths to it.
        number: The product of both, as the sweep adds it; of a `_backward` closure what it added to `grad`.
        paths: How many paths lead from the root through this use.
    """

    node: Value
    place: int
    partial: float | None
    adjoint: float
    number: float
    paths: int


@dataclass(frozen=True)
class Path:
    """One way from the root down to a Value.

    Attributes:
        nodes: The root first, the Value last.
        places: Of each node after the first its place among the operands of the one before.
        partials: Between each of them and the next, as many as steps; None where a rule keeps its partial to itself.
        product: Of all partials, from the root on; None if one of them is not known.
    """

    nodes: tuple[Value, ...]
    places: tuple[int, ...]
    partials: tuple[float | None, ...]
    product: float | None


class Way(NamedTuple):
    """A path that is not at its end: how large its product is, as a logarithm, its last step, and the way to that."""

    size: float
    step: Step | None
    place: int
    before: Any


class Routes:
    """The ways from a root down to a Value that carry a gradient.

    Attributes:
        contributions: What each use adds, in the order of the sweep.
        count: How many paths there are.

    Cost: linear in the nodes between the two, but for the digits of numbers of paths; no recursion.
    """

    def __init__(self, found: list[Step], root: Value, x: Value) -> None:
        self.root, self.x = root, x
        above = {id(x)}
        between = []
        for step in reversed(found):
            if step.node is not x and any(id(operand) in above for _, operand in carried(step)):
                above.add(id(step.node))
                between.append(step)
        self.between, self.above = between[::-1], above
        self.contributions: list[Contribution] = []
        self.count = self.counted()

    def counted(self) -> int:
        """How many paths there are; on the way, the uses."""
        counts = {id(self.root): 1}
        for step in self.between:
            paths = counts.pop(id(step.node))
            for place, operand in carried(step):
                if operand is self.x:
                    number = step.contributions[place]
                    assert number is not None
                    self.contributions.append(
                        Contribution(step.node, place, step.partials[place], step.adjoint, number, paths)
                    )
                if id(operand) in self.above:
                    counts[id(operand)] = counts.get(id(operand), 0) + paths
        return counts.get(id(self.x), 0)

    def largest(self, most: int) -> list[Path]:
        """The paths whose products are largest, by size; of equals those that the sweep goes first."""
        ways: dict[int, list[Way]] = {id(self.root): [Way(0.0, None, 0, None)]}
        for step in self.between:
            here = ways.pop(id(step.node))
            if len(here) > most:
                here = heapq.nlargest(most, here, key=by_size)
            for place, operand in carried(step):
                if id(operand) in self.above:
                    size = size_of(step, place)
                    ways.setdefault(id(operand), []).extend(Way(way.size + size, step, place, way) for way in here)
        return [self.path(way) for way in heapq.nlargest(most, ways.get(id(self.x), []), key=by_size)]

    def path(self, way: Way) -> Path:
        """A way as a path."""
        walked: list[tuple[Step, int]] = []
        while way.step is not None:
            walked.append((way.step, way.place))
            way = way.before
        walked.reverse()
        product: float | None = 1.0
        for step, place in walked:
            partial = step.partials[place]
            product = None if product is None or partial is None else partial * product
        return Path(
            (*(step.node for step, _ in walked), self.x),
            tuple(place for _, place in walked),
            tuple(step.partials[place] for step, place in walked),
            product,
        )


def carried(step: Step) -> Iterable[tuple[int, Value]]:
    """The operands that a step adds to, and their places."""
    return ((k, step.operands[k]) for k, number in enumerate(step.contributions) if number is not None)


def size_of(step: Step, place: int) -> float:
    """The logarithm of how much larger a gradient becomes on an edge; nan and what nobody knows are as large as any."""
    partial = step.partials[place]
    if partial is None:
        share = step.contributions[place]
        partial = share / step.adjoint if share is not None and step.adjoint else 1.0
    if partial != partial:
        return math.inf
    return math.log(abs(partial)) if partial else -math.inf


def by_size(way: Way) -> float:
    """How large the product of a way is; 0 times infinity, which is nan, comes first."""
    return way.size if way.size == way.size else math.inf
