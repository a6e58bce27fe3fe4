"""What is asked for: a part of a graph, folded in some way, with some groups opened and some closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from autograd.border.wording import brief
from autograd.drawing.sheet import Sheet
from autograd.folding.folding import Folded, Group
from autograd.folding.view import Fold, View, view_of
from autograd.graphs.graph import Graph, as_depth
from autograd.graphs.names import Names
from autograd.graphs.selection import nodes_around, nodes_between
from autograd.values.value import Value

__all__ = ["Asked", "Openable", "ask"]

NEAR = 2
"""Around a Value so many operations are shown if nobody says how many."""


@dataclass(frozen=True)
class Asked:
    """A folded graph, and what of it is to be seen.

    Attributes:
        folded: The graph, or the part that was asked for.
        fold, max_boxes: See `draw`.
        numbers: Whether its numbers are shown.
        open, close: Ids of groups that are opened or closed in any case.
    """

    folded: Folded
    fold: Fold
    max_boxes: int | None
    numbers: bool = True
    open: frozenset[str] = frozenset()
    close: frozenset[str] = frozenset()

    def view(self) -> View:
        """What is to be seen.

        Raises:
            TooManyBoxes: more than can be drawn.
        """
        found = view_of(self.folded, self.fold, max_boxes=self.max_boxes, open=self.open, close=self.close)
        return found._replace(numbers=self.numbers)

    def opened(self, what: Any) -> Asked:
        """The same with a group opened, and those that it is in.

        Args:
            what: See `group`.

        Raises:
            KeyError: there is no such group.
        """
        way = ids(self.way_to(what, "open"))
        return replace(self, open=self.open | way, close=self.close - way)

    def closed(self, what: Any) -> Asked:
        """The same with a group closed."""
        group = self.way_to(what, "close")[-1]
        if group.kind == "node":
            raise ValueError(f"close: {group.id} is a single node: name a group, as {self.some()}")
        return replace(self, open=self.open - {group.id}, close=self.close | {group.id})

    def focused(self, what: Any, steps: int) -> Asked:
        """What is near a Value, or the nodes of a group."""
        graph, names = self.folded.graph, self.folded.names
        nodes = nodes_around(graph.columns, self.way_to(what, "focus")[-1].nodes, as_depth(steps, "focus"))
        part = Folded(graph, names, nodes=nodes, modules=self.fold != "repeats")
        return Asked(part, self.fold, self.max_boxes, self.numbers)

    def way_to(self, what: Any, asked_by: str) -> list[Group]:
        """The groups that something is in, the uppermost first, and itself last.

        Args:
            what: A group, its id or title (`"model.layers.0"`); a Value, or its name.
            asked_by: Who asks, for messages.

        Raises:
            KeyError: there is no such thing in the picture.
            TypeError: it is neither.
        """
        if isinstance(what, Value):
            try:
                return self.folded.way_to(self.folded.graph.place(what))
            except KeyError:
                raise NotThere(f"{asked_by}: {brief(what)} is not in this picture: draw what it is part of") from None
        if isinstance(what, Group):
            what = what.id
        if not isinstance(what, str):
            got = f"{type(what).__name__} {brief(what)}"
            raise TypeError(f"{asked_by}: expected a Value or the id of a group, got {got}")
        group = self.found(what)
        if group is not None:
            return [*reversed(list(above(group)))]
        for node, name in self.folded.names.given.items():
            if name == what and node in self.folded.top.nodes:
                return self.folded.way_to(node)
        raise NotThere(f"{asked_by}: no group or Value is called {what!r}; there are {self.some()}")

    def found(self, name: str) -> Group | None:
        """A group by its id or title; modules are looked for even where nobody has looked into them yet."""
        if name in self.folded.groups:
            return self.folded.groups[name]
        stack = [self.folded.top]
        while stack:
            group = stack.pop()
            if name in (group.id, group.title):
                return group
            if group.kind in ("all", "module") or group.id in self.open:
                stack.extend(group.parts)
        return None

    def some(self) -> str:
        """A few ids that could have been given."""
        known = [group.id for group in self.folded.groups.values() if group.kind not in ("node", "all")]
        return ", ".join(map(repr, known[:6])) + (" ..." if len(known) > 6 else "") if known else "no groups"


class Openable:
    """What has `asked`, and can be made anew of something else that is asked for."""

    asked: Asked | None

    def open(self, group: Any) -> Any:
        """The drawing with a group opened.

        Args:
            group: A group, its id or title, `"model.layers.0"`; or a Value, or its name: then all that it is in.

        Raises:
            KeyError: there is no such thing in the picture; the message names some that are.
            ValueError: it has more parts than can be drawn, or this is no drawing of a graph.

        >>> from autograd import Value, draw
        >>> w = Value(1.0)
        >>> drawing = draw(sum((w * k).tanh() for k in range(100)))
        >>> len(drawing.shown.boxes), len(drawing.open("tanh").shown.boxes)
        (4, 15)
        """
        return self._again(self._asked.opened(group))

    def close(self, group: Any) -> Any:
        """The drawing with a group closed: one box for all that is in it; see `open`."""
        return self._again(self._asked.closed(group))

    def focus(self, value: Any, depth: int = NEAR) -> Any:
        """A drawing of what is near a Value, or near a group; see `open`.

        Args:
            value: A Value of the graph, or its name; or a group, or its id.
            depth: How many operations to go from there, in each direction.
        """
        return self._again(self._asked.focused(value, depth))

    @property
    def _asked(self) -> Asked:
        if self.asked is None:
            raise ValueError("this Drawing has no groups: only draw() of a graph gives one that has")
        return self.asked

    def _again(self, asked: Asked) -> Any:
        kwargs = self._copy_kwargs()  # type: ignore[attr-defined]
        before = kwargs["sheet"]
        changed = {"asked": asked, "sheet": Sheet(asked.view(), before.options, before.wrap)}
        return type(self)(**{name: x for name, x in kwargs.items() if name != "body"} | changed)


class NotThere(KeyError):
    """A KeyError whose message is not put in quotes."""

    def __str__(self) -> str:
        return str(self.args[0])


def ask(
    graph: Graph, names: Names, fold: Fold, max_boxes: int | None, around: Any, between: Any, steps: int | None,
    numbers: bool = True,
) -> Asked:  # fmt: skip
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
        nodes = way if nodes is None else nodes[[node in set(way.tolist()) for node in nodes.tolist()]]
    return Asked(Folded(graph, names, nodes=nodes, modules=fold != "repeats"), fold, max_boxes, numbers)


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
