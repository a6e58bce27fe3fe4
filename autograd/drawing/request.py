"""A request: which part of a graph is to be drawn, how it is folded, which groups are opened and closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.border.wording import brief
from autograd.folding.folding import Folded, Group
from autograd.folding.view import Fold, View, view_of
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names
from autograd.graphs.selection import nodes_around, nodes_between
from autograd.values.value import Value

__all__ = ["NEAR", "Request", "requested"]

NEAR = 2
"""Around a Value so many operations are shown if nobody says how many."""


@dataclass(frozen=True)
class Request:
    """A folded graph, and what of it is to be seen.

    Attributes:
        folded: The graph, or the part that was asked for.
        fold, max_boxes: See `draw`.
        numbers: Whether its numbers are shown.
        whole: Whether a small graph is shown whole.
        open, close: Ids of groups that are opened or closed in any case.
    """

    folded: Folded
    fold: Fold
    max_boxes: int | None
    numbers: bool = True
    whole: bool = True
    open: frozenset[str] = frozenset()
    close: frozenset[str] = frozenset()

    def view(self) -> View:
        """What is to be seen.

        Raises:
            TooManyBoxes: more than can be drawn.
        """
        found = view_of(
            self.folded, self.fold, max_boxes=self.max_boxes, whole=self.whole, open=self.open, close=self.close
        )
        return found._replace(numbers=self.numbers)

    def opened(self, what: Any) -> Request:
        """The same with a group opened, and those that it is in.

        Args:
            what: See `way_to`.

        Raises:
            KeyError: there is no such group.
        """
        way = ids(self.way_to(what, "open"))
        return replace(self, open=self.open | way, close=self.close - way)

    def closed(self, what: Any) -> Request:
        """The same with a group closed."""
        group = self.way_to(what, "close")[-1]
        if group.kind == "node":
            raise ValueError(f"close: {group.id} is a single node: name a group, as {self.some()}")
        return replace(self, open=self.open - {group.id}, close=self.close | {group.id})

    def focused(self, what: Any, steps: int) -> Request:
        """What is near a Value, or the nodes of a group."""
        graph, names = self.folded.graph, self.folded.names
        nodes = nodes_around(graph.columns, self.way_to(what, "focus")[-1].nodes, steps)
        return Request(part(graph, names, nodes, self.fold), self.fold, self.max_boxes, self.numbers)

    def way_to(self, what: Any, who: str) -> list[Group]:
        """The groups that something is in, the uppermost first, and itself last.

        Args:
            what: A group, its id or title (`"model.layers.0"`); a Value, or its name.
            who: Who asks, for messages.

        Raises:
            KeyError: there is no such thing in the picture.
            TypeError: it is neither.
        """
        if isinstance(what, Value):
            try:
                return self.folded.way_to(self.folded.graph.place(what))
            except KeyError:
                raise NotThere(f"{who}: {brief(what)} is not in this picture: draw what it is part of") from None
        if isinstance(what, Group):
            what = what.id
        if not isinstance(what, str):
            got = f"{type(what).__name__} {brief(what)}"
            raise TypeError(f"{who}: expected a Value or the id of a group, got {got}")
        group = self.found(what)
        if group is not None:
            return list(above(group))[::-1]
        for node, name in self.folded.names.given.items():
            if name == what and node in self.folded.top.nodes:
                return self.folded.way_to(node)
        raise NotThere(f"{who}: no group or Value is called {what!r}; there are {self.some()}")

    def found(self, name: str) -> Group | None:
        """A group by its id, or its title as the picture has it; modules even where nobody has looked into them yet."""
        if name in self.folded.groups:
            return self.folded.groups[name]
        stack = [self.folded.top]
        while stack:
            group = stack.pop()
            if name in (group.id, group.title, f"{group.title} ×{group.times:,}"):
                return group
            if group.kind in ("all", "module") or group.id in self.open:
                stack.extend(group.parts)
        return None

    def some(self) -> str:
        """A few ids that could have been given."""
        known = [group.id for group in self.folded.groups.values() if group.kind not in ("node", "all")]
        return ", ".join(map(repr, known[:6])) + (" ..." if len(known) > 6 else "") if known else "no groups"


class NotThere(KeyError):
    """A KeyError whose message is not put in quotes."""

    def __str__(self) -> str:
        return str(self.args[0])


def requested(
    graph: Graph, names: Names, fold: Fold, max_boxes: int | None, around: Any, between: Any, steps: int | None,
    numbers: bool = True,
) -> Request:  # fmt: skip
    """What `draw` asks for.

    Raises:
        TypeError, ValueError: see `draw`.
    """
    nodes = None
    if around is not None:
        nodes = nodes_around(graph.columns, places(graph, around, "around"), NEAR if steps is None else steps)
    if between is not None:
        first, last = ends(between)
        way = nodes_between(graph.columns, places(graph, first, "between"), places(graph, last, "between"))
        if not len(way):
            raise ValueError("draw: between: there is no way from the first to the second: is it the other way round?")
        nodes = way if nodes is None else np.intersect1d(nodes, way)
    return Request(part(graph, names, nodes, fold), fold, max_boxes, numbers)


def part(graph: Graph, names: Names, nodes: Any, fold: Fold) -> Folded:
    """Some nodes of a graph, folded, or all for None; modules are no groups where repeats alone are asked for."""
    return Folded(graph, names, nodes=nodes, modules=fold != "repeats")


def ends(between: Any) -> tuple[Any, Any]:
    """The two ends of a way."""
    if isinstance(between, Value) or not isinstance(between, (tuple, list)) or len(between) != 2:
        raise TypeError(f"draw: between: expected two Values, as in between=(x, loss), got {brief(between)}")
    return between[0], between[1]


def places(graph: Graph, values: Any, option: str) -> list[int]:
    """Where one Value or several are in the graph."""
    found = []
    for value in values if isinstance(values, Iterable) and not isinstance(values, Value) else [values]:
        if not isinstance(value, Value):
            raise TypeError(f"draw: {option}: expected a Value of the graph, got {type(value).__name__} {brief(value)}")
        try:
            found.append(graph.place(value))
        except KeyError:
            raise ValueError(f"draw: {option}: {value!r} is not in the graph that is drawn") from None
    if not found:
        raise ValueError(f"draw: {option}: expected a Value of the graph, got none")
    return found


def above(group: Group) -> Iterable[Group]:
    """A group, what it is in, and so on."""
    at: Group | None = group
    while at is not None:
        yield at
        at = at.parent


def ids(groups: Iterable[Group]) -> frozenset[str]:
    """Their ids."""
    return frozenset(group.id for group in groups)
