"""The graph below some Values: its numbers and who uses whom, without a way to draw it.

Nodes are numbered in topological order, operands before what was made from them, so the same program gives the same
numbers in every run. Constants among them are nodes as others are; whoever counts operations leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.border.wording import brief
from autograd.calculus._codes import CONSTANT
from autograd.calculus.primitive import Primitive
from autograd.engine.reading import all_operands, label_of, refuse, require_alive
from autograd.graphs.columns import BARE, Columns, columns_of, is_numbered, place_of, with_attributes
from autograd.graphs.roots import HasGraph, as_roots
from autograd.graphs.selection import FAR, below
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Graph", "Kind", "TooManyNodes", "Use", "graph_of", "reached"]

Kind = Literal["leaf", "constant", "operation"]


class Use(NamedTuple):
    """One operand of an operation: `x * x` has two.

    Attributes:
        operand: The number of its node; a bare number where there is no node, as in `dot(w, [10.0, 100.0])`.
        place: Its place among the operands, from 0.
        partial: ∂result/∂operand; None towards a constant, and where a `_backward` closure keeps it to itself.

    >>> x = Value(3.0)
    >>> graph_of(x * x).uses(1)
    [Use(operand=0, place=0, partial=3.0), Use(operand=0, place=1, partial=3.0)]
    """

    operand: int | float
    place: int
    partial: float | None


class Graph:
    """The nodes below some Values, as columns of numbers taken when it was made.

    Attributes:
        values: The nodes themselves, operands before what was made from them.
        columns: Their numbers at that time.
        roots: Where in the order the roots are, each once.
        ends: Nodes whose operands were left out, being too far from the roots.

    >>> x = Value(3.0, label="x")
    >>> graph = graph_of(x * x - 1)
    >>> [graph.id(i) for i in range(len(graph))], graph.roots, graph.count
    (['leaf0', 'mul1', 'constant2', 'sub3'], (3,), 3)
    """

    __slots__ = ("_found", "_places", "_used", "columns", "ends", "roots", "values")

    def __init__(
        self, values: list[Value], columns: Columns, roots: tuple[int, ...], ends: frozenset[int] = frozenset()
    ) -> None:
        self.values, self.columns, self.roots, self.ends = values, columns, roots, ends
        self._places: dict[int, int] = {}
        self._used: Any = None
        self._found: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.values)

    @property
    def count(self) -> int:
        """How many nodes there are, constants not counted."""
        return int(np.count_nonzero(self.columns.codes != CONSTANT))

    def kind(self, i: int) -> Kind:
        """What a node is: a leaf, a constant, or the result of an operation."""
        if self.columns.codes[i] == CONSTANT:
            return "constant"
        made = self.columns.starts[i + 1] > self.columns.starts[i] or i in self.ends
        return "operation" if made else "leaf"

    def row(self, i: int) -> Primitive | None:
        """The row of the table that made a node; None for a leaf, a constant, or a rule of a user's own."""
        return self.values[i].primitive

    def name_of_operation(self, i: int) -> str:
        """What made a node, as an operator or a function's name: `*`, `tanh`; empty for a leaf."""
        if self.kind(i) != "operation":
            return ""
        row = self.row(i)
        name = str(self.values[i]._op)
        return name if name.strip() else "custom" if row is None else row.name

    def id(self, i: int) -> str:
        """A readable name that no other node has: `leaf0`, `constant1`, `mul2`."""
        kind = self.kind(i)
        if kind != "operation":
            return f"{kind}{i}"
        row = self.row(i)
        name = "custom" if row is None else row.name
        return f"{name}_{i}" if name[-1].isdigit() else f"{name}{i}"  # of exp2 and exp one is not `exp21` as the other

    def label(self, i: int) -> str:
        """The name that its author gave a node, or nothing; of a label that is no str what it prints as."""
        return label_of(self.values[i])

    def data(self, i: int) -> float:
        """The number of a node."""
        return float(self.columns.data[i])

    def grad(self, i: int) -> float:
        """The gradient of a node; 0 for a constant, which has none."""
        return 0.0 if self.columns.codes[i] == CONSTANT else float(self.columns.grads[i])

    def operands(self, i: int) -> list[int]:
        """The numbers of a node's operands, in order and with repeats; `BARE` for a number without a node."""
        return self.columns.operands[self.columns.starts[i] : self.columns.starts[i + 1]].tolist()  # type: ignore[no-any-return]

    def uses(self, i: int, most: int | None = None) -> list[Use]:
        """The operands of a node with their partials; the first so many."""
        held = all_operands(self.values[i])[:most]
        numbers = self.operands(i)[:most]
        partials = self.partials(i, range(len(numbers)))
        return [
            Use(operand if operand != BARE else held[place], place, partials[place])
            for place, operand in enumerate(numbers)
        ]

    def partials(self, i: int, places: Collection[int]) -> dict[int, float | None]:
        """The partials of a node towards the operands at some places; see `Use`."""
        if not places or self.values[i].has_closure:
            return dict.fromkeys(places)
        start = int(self.columns.starts[i])
        operands = self.columns.operands[start : self.columns.starts[i + 1]]
        held, number = self.values[i].partials, np.cumsum(operands != BARE) - 1  # bare numbers have none
        codes = self.columns.codes
        return {k: None if operands[k] == BARE or codes[operands[k]] == CONSTANT else held[number[k]] for k in places}

    def once(self, what: str, find: Callable[[], Any]) -> Any:
        """What is found out about all of the graph, the first time that it is asked for."""
        if what not in self._found:
            self._found[what] = find()
        return self._found[what]

    def __contains__(self, value: Value) -> bool:
        return self.finder()(value) >= 0

    def place(self, value: Value) -> int:
        """The number of a node.

        Raises:
            KeyError: it is not in the graph.
        """
        at = place_of(value, self.values)
        return at if at >= 0 else self._numbers()[id(value)]

    def finder(self) -> Callable[[Value], int]:
        """A function that gives the number of a node, and -1 for one that is not in the graph; to be used at once."""
        if is_numbered(self.values):  # then no dict of all nodes is needed
            return lambda value: place_of(value, self.values)
        return lambda value: self._numbers().get(id(value), -1)

    def labels(self) -> dict[int, str]:
        """The names that authors gave, by node."""
        found = ((i, self.label(i)) for i in with_attributes(self.values))
        return {i: label for i, label in found if label}

    def _numbers(self) -> dict[int, int]:
        if not self._places:
            self._places = {id(v): i for i, v in enumerate(self.values)}
        return self._places

    def used(self, i: int) -> int:
        """How often a node is an operand."""
        if self._used is None:
            self._used = np.bincount(self.edges()[0], minlength=len(self))
        return int(self._used[i])

    def edges(self) -> tuple[Any, Any]:
        """Operand and result of every use, as two columns; bare numbers left out."""
        starts, operands = self.columns.starts, self.columns.operands
        heads = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(starts))
        kept = operands >= 0
        return operands[kept], heads[kept]

    def edges_into(self, nodes: Any) -> tuple[Any, Any]:
        """The same for the uses by some nodes."""
        if 2 * len(nodes) > len(self):
            return self.edges()
        starts = self.columns.starts[nodes]
        counts = self.columns.starts[nodes + 1] - starts
        ends = np.cumsum(counts)
        at = np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)
        tails, heads = self.columns.operands[at], np.repeat(nodes, counts)
        return tails[tails >= 0], heads[tails >= 0]


class TooManyNodes(ValueError):
    """A graph that takes more memory to look at than a picture may.

    Attributes:
        nodes: How many it has, constants counted.
    """

    def __init__(self, what: str, nodes: int, most: int) -> None:
        super().__init__(
            f"{what}: the graph has {nodes:,} nodes, more than the {most:,} that can be folded: draw the end of it, "
            f"with depth=3"
        )
        self.nodes = nodes


def graph_of(
    roots: Value | Iterable[Value] | HasGraph,
    what: str = "graph_of",
    *,
    depth: int | None = None,
    most: int | None = None,
) -> Graph:
    """The graph below one Value or several.

    Args:
        roots: A Value, any iterable of Values, or an object whose `__graph__()` gives these; a repeated root counts
            once.
        what: Who asks, for messages.
        depth: How many operations to go down from the roots, counted along the shortest way; all if not given.
        most: How many nodes there may be.

    Raises:
        TooManyNodes: there are more.
        TypeError: a root is not a Value, or `depth` not a whole number.
        ValueError: there are no roots, or `depth` is negative.
        RecordingError: a function is being recorded here, whose numbers are those of one run.

    Cost: linear in nodes and edges, with `depth` in those that are near; no recursion.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> graph = graph_of(w * x - 12)
    >>> [graph.id(i) for i in range(len(graph))]
    ['leaf0', 'leaf1', 'mul2', 'constant3', 'sub4']
    """
    found = as_roots(roots, what)
    for root in found:
        refuse(f"{what} of a Value", require_alive(root))
    if depth is None:
        order, ends = topological_order(found), frozenset[int]()
    else:
        order, ends = near(found, as_depth(depth, what))
    if most is not None and len(order) > most:
        raise TooManyNodes(what, len(order), most)
    sought = {id(root) for root in found}
    places: dict[int, int] = {}
    for i in range(len(order) - 1, -1, -1):
        if id(order[i]) in sought:
            places[id(order[i])] = i
            if len(places) == len(sought):
                break
    columns = columns_of(order, ends)
    last = frozenset(i for i, value in enumerate(order) if id(value) in ends) if ends else frozenset[int]()
    return Graph(order, columns, tuple(dict.fromkeys(places[id(root)] for root in found)), last)


def as_depth(depth: Any, what: str) -> int:
    """A number of operations to go.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is negative.
    """
    if not isinstance(depth, int) or isinstance(depth, bool):
        raise TypeError(
            f"{what}: depth: expected a whole number of operations, got {type(depth).__name__} {brief(depth)}"
        )
    if depth < 0:
        raise ValueError(f"{what}: depth {depth} is negative: 0 keeps the roots alone, None keeps everything")
    return depth


def near(roots: list[Value], depth: int) -> tuple[list[Value], frozenset[int]]:
    """The nodes not further below the roots, in topological order; and the ids of those with operands that are."""
    distance = {id(root): 0 for root in roots}
    level: list[Value] = roots
    for d in range(1, depth + 1):
        following = {id(x): x for value in level for x in value.operands if id(x) not in distance}
        distance.update(dict.fromkeys(following, d))
        level = list(following.values())
        if not level:
            break
    order: list[Value] = []
    placed: set[int] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        value, is_next = stack.pop()
        if id(value) in placed:
            continue
        if is_next:
            placed.add(id(value))
            order.append(value)
        else:
            stack.append((value, True))
            if distance[id(value)] < depth:
                stack += [(x, False) for x in reversed(value.operands) if id(x) not in placed]
    return order, frozenset(id(v) for v in order if distance[id(v)] == depth and v.operands)


def reached(graph: Graph) -> Any:
    """Whether a sweep has been at each node, as a column: it is below a root whose gradient is not 0, or is that root.

    Where none has been, a gradient of 0 says nothing; one that is not 0 is left from the sweep of another root.

    Cost: linear.

    >>> x = Value(3.0)
    >>> y, z = x * 2, x.sin()
    >>> y.backward()
    >>> reached(graph_of([y, z])).tolist()
    [True, False, True, False]
    """
    swept = [i for i in graph.roots if graph.grad(i) != 0.0]
    return graph.once("reached", lambda: (below(graph.columns, swept) != FAR) & (graph.columns.codes != CONSTANT))
