"""The graph below some Values: its numbers and who uses whom, without a way to draw it.

Nodes are numbered in topological order, operands before what was made from them, so the same program gives the same
numbers in every run. Constants among them are nodes as others are; whoever counts operations leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from autograd.border.wording import brief
from autograd.calculus._codes import CONSTANT
from autograd.calculus.primitive import Primitive
from autograd.engine.reading import all_operands, refuse
from autograd.graphs.columns import Columns, below, columns_of
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Graph", "HasGraph", "Kind", "Use", "as_roots", "graph_of", "reached"]

Kind = Literal["leaf", "constant", "operation"]


class HasGraph(Protocol):
    """What knows which Values to draw for it: so nothing here needs to know of networks or compiled functions."""

    def __graph__(self) -> Value | Iterable[Value]:
        """The roots of its graph."""
        ...


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

    >>> x = Value(3.0, label="x")
    >>> graph = graph_of(x * x - 1)
    >>> [graph.id(i) for i in range(len(graph))], graph.roots, graph.count
    (['leaf0', 'mul1', 'constant2', 'sub3'], (3,), 3)
    """

    __slots__ = ("_places", "_used", "columns", "roots", "values")

    def __init__(self, values: list[Value], columns: Columns, roots: tuple[int, ...]) -> None:
        self.values, self.columns, self.roots = values, columns, roots
        self._places: dict[int, int] = {}
        self._used: Any = None

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
        return "operation" if self.columns.starts[i + 1] > self.columns.starts[i] else "leaf"

    def row(self, i: int) -> Primitive | None:
        """The row of the table that made a node; None for a leaf, a constant, or a rule of a user's own."""
        return self.values[i].primitive

    def name_of_operation(self, i: int) -> str:
        """What made a node, as an operator or a function's name: `*`, `tanh`; empty for a leaf."""
        if self.kind(i) != "operation":
            return ""
        row = self.row(i)
        return str(self.values[i]._op or ("custom" if row is None else row.name))

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
        try:
            return self.values[i].label
        except Exception:  # anything can be set as a label; its __str__ is its author's
            return ""

    def data(self, i: int) -> float:
        """The number of a node."""
        return float(self.columns.data[i])

    def grad(self, i: int) -> float:
        """The gradient of a node; 0 for a constant, which has none."""
        return 0.0 if self.columns.codes[i] == CONSTANT else float(self.columns.grads[i])

    def operands(self, i: int) -> list[int]:
        """The numbers of a node's operands, in order and with repeats; `BARE` for a number without a node."""
        return self.columns.operands[self.columns.starts[i] : self.columns.starts[i + 1]].tolist()  # type: ignore[no-any-return]

    def uses(self, i: int) -> list[Use]:
        """The operands of a node with their partials."""
        value = self.values[i]
        held = all_operands(value)
        partials = iter([None] * len(held) if value.has_closure else value.partials)
        found = []
        for place, (operand, x) in enumerate(zip(self.operands(i), held, strict=True)):
            if isinstance(x, Value):
                partial = next(partials)
                found.append(Use(operand, place, None if x.is_constant else partial))
            else:
                found.append(Use(x, place, None))
        return found

    def __contains__(self, value: Value) -> bool:
        return id(value) in self._numbers()

    def place(self, value: Value) -> int:
        """The number of a node.

        Raises:
            KeyError: it is not in the graph.
        """
        return self._numbers()[id(value)]

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


def graph_of(roots: Value | Iterable[Value] | HasGraph, what: str = "graph_of") -> Graph:
    """The graph below one Value or several.

    Args:
        roots: A Value, any iterable of Values, or an object whose `__graph__()` gives these; a repeated root counts
            once.
        what: Who asks, for messages.

    Raises:
        TypeError: a root is not a Value.
        ValueError: there are no roots.
        RecordingError: a function is being recorded here, whose numbers are those of one run.

    Cost: linear in nodes and edges; no recursion.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> graph = graph_of(w * x - 12)
    >>> [graph.id(i) for i in range(len(graph))]
    ['leaf0', 'leaf1', 'mul2', 'constant3', 'sub4']
    """
    found = as_roots(roots, what)
    for root in found:
        refuse(f"{what} of a Value", root)
    order = topological_order(found)
    sought = {id(root) for root in found}
    places: dict[int, int] = {}
    for i in range(len(order) - 1, -1, -1):
        if id(order[i]) in sought:
            places[id(order[i])] = i
            if len(places) == len(sought):
                break
    return Graph(order, columns_of(order), tuple(dict.fromkeys(places[id(root)] for root in found)))


def as_roots(roots: Any, what: str) -> list[Value]:
    """The Values to start from, one or several.

    Args:
        roots: A Value, any iterable of Values (a NumPy array of them included), or what has a `__graph__`.
        what: Who asks, for the message: "draw".

    Raises:
        TypeError: something is not a Value; the message names it.
        ValueError: there is nothing.

    >>> as_roots(3.0, "draw")
    Traceback (most recent call last):
    ...
    TypeError: draw: expected a Value or several, got float 3.0: pass what a computation on Values returned
    """
    if hasattr(type(roots), "__graph__"):
        roots = roots.__graph__()
    if isinstance(roots, Value):
        return [roots]
    if isinstance(roots, (str, bytes)) or not hasattr(roots, "__iter__"):
        found = [roots]
    else:
        found = list(getattr(roots, "flat", roots))
    for x in found:
        if not isinstance(x, Value):
            raise TypeError(
                f"{what}: expected a Value or several, got {type(x).__name__} {brief(x)}: "
                "pass what a computation on Values returned"
            )
    if not found:
        raise ValueError(f"{what}: expected a Value or several, got none (an empty {type(roots).__name__})")
    return found


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
    marks = np.zeros(len(graph), np.int32)
    for i in graph.roots:
        marks[i] = graph.grad(i) != 0.0
    return (below(graph.columns, marks) != 0) & (graph.columns.codes != CONSTANT)
