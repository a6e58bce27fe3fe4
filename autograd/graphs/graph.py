"""The graph below some Values as plain data: what there is to draw, print or count, without a way to draw it.

Nodes come in topological order, operands before what was made from them, and ids are made of a node's kind and its
place in that order, so the same program gives the same ids in every run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, Protocol

from autograd.border.wording import brief
from autograd.calculus import table
from autograd.engine.reading import all_operands
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Edge", "Graph", "HasGraph", "Kind", "Node", "as_roots", "graph_of"]

Kind = Literal["leaf", "constant", "op"]


class HasGraph(Protocol):
    """What knows which Values to draw for it: so nothing here needs to know of networks or compiled functions."""

    def __graph__(self) -> Value | Iterable[Value]:
        """The roots of its graph."""
        ...


class Node(NamedTuple):
    """One number of the graph, and the operation that made it.

    Attributes:
        id: Unique in its graph, and readable: `leaf0`, `constant1`, `mul2`.
        label: The name its author gave it, or "".
        data: The number. Dimensionless, as all numbers here.
        grad: Its `grad` at the time of the walk; 0 for a constant, which has none.
        kind: "leaf", "constant" or "op".
        op: What made it, as an operator or a function's name: `*`, `tanh`; "" unless kind is "op".
        cut: Whether it has operands that the walk left out, being `depth` steps away.

    >>> graph_of(Value(2.0, label="w")).nodes[0]
    Node(id='leaf0', label='w', data=2.0, grad=0.0, kind='leaf', op='', cut=False)
    """

    id: str
    label: str
    data: float
    grad: float
    kind: Kind
    op: str
    cut: bool = False


class Edge(NamedTuple):
    """One use of a node as an operand: `x * x` has two.

    Attributes:
        tail: The id of the operand.
        head: The id of the node made from it.
        index: Its place among the operands, from 0.
        partial: ∂head/∂tail; None towards a constant, and where a `_backward` closure keeps it to itself.

    >>> x = Value(3.0)
    >>> graph_of(x * x).edges[1]
    Edge(tail='leaf0', head='mul1', index=1, partial=3.0)
    """

    tail: str
    head: str
    index: int  # type: ignore[assignment]  # shadows tuple.index, which nobody needs here
    partial: float | None


class Graph(NamedTuple):
    """Nodes in topological order, edges by their head and then by operand, and the ids of the roots.

    >>> x = Value(3.0)
    >>> graph = graph_of(x * x)
    >>> len(graph.nodes), len(graph.edges), graph.roots
    (2, 2, ('mul1',))
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    roots: tuple[str, ...]


def graph_of(roots: Value | Iterable[Value] | HasGraph, *, depth: int | None = None) -> Graph:
    """The graph below one Value or several, as plain data.

    Numbers that a node of many operands holds bare, as in `dot(w, [10.0, 100.0])`, become constants like those that
    an operator lifts, one per use.

    Args:
        roots: A Value, any iterable of Values, or an object whose `__graph__()` gives these; a repeated root counts
            once.
        depth: How many operations to go down from the roots, counted along the shortest way; all if not given.

    Raises:
        TypeError: a root is not a Value.
        ValueError: there are no roots, or `depth` is negative.

    Cost: linear in nodes and edges; no recursion.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> [node.id for node in graph_of(w * x - 12).nodes]
    ['leaf0', 'leaf1', 'mul2', 'constant3', 'sub4']
    """
    found = as_roots(roots, "graph_of")
    if depth is not None and depth < 0:
        raise ValueError(f"graph_of: depth {depth} is negative: 0 keeps the roots alone, None keeps everything")
    order = topological_order(found)
    distance = None if depth is None else distances(found, depth)
    nodes: list[Node] = []
    edges: list[Edge] = []
    ids: dict[int, str] = {}
    for value in order:
        if distance is not None and id(value) not in distance:
            continue
        cut = distance is not None and distance[id(value)] == depth
        uses = uses_of(value)
        arrows: list[tuple[str, float | None]] = []
        for operand, partial in [] if cut else uses:
            if isinstance(operand, Value):
                arrows.append((ids[id(operand)], None if operand.is_constant else partial))
            else:
                number = Node(f"constant{len(nodes)}", "", operand, 0.0, "constant", "")
                nodes.append(number)
                arrows.append((number.id, None))
        node = describe_node(value, len(nodes), bool(uses), cut and bool(uses))
        nodes.append(node)
        ids[id(value)] = node.id
        edges += [Edge(tail, node.id, index, partial) for index, (tail, partial) in enumerate(arrows)]
    return Graph(tuple(nodes), tuple(edges), tuple(dict.fromkeys(ids[id(root)] for root in found)))


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


def uses_of(value: Value) -> list[tuple[Value | float, float | None]]:
    """Every operand with its partial, bare numbers included; partials are None where a closure keeps them."""
    if value.has_closure:
        return [(operand, None) for operand in value.operands]
    partials = iter(value.partials)
    found: list[tuple[Value | float, float | None]] = []
    for i, x in enumerate(all_operands(value)):
        if isinstance(x, Value):
            found.append((x, next(partials)))
        elif not (value.primitive is table.dot and i == 1 and x == 1.0):  # the 1 that a bias is multiplied with
            found.append((x, None))
    return found


def distances(roots: list[Value], depth: int) -> dict[int, int]:
    """How many operations below a root each node is, for those not below `depth`; keyed by identity."""
    found = {id(root): 0 for root in roots}
    level = roots
    for d in range(1, depth + 1):
        following: list[Value] = []
        for value in level:
            for operand in value.operands:
                if id(operand) not in found:
                    found[id(operand)] = d
                    following.append(operand)
        level = following
        if not level:
            break
    return found


def describe_node(value: Value, index: int, made: bool, cut: bool) -> Node:
    """The plain data of one Value; `made` says whether it has operands."""
    label = str(value.label)
    if value.is_constant:
        return Node(f"constant{index}", label, value.data, 0.0, "constant", "")
    if not made:
        return Node(f"leaf{index}", label, value.data, value.grad, "leaf", "")
    row = value.primitive
    name = "custom" if row is None else row.name
    return Node(f"{name}{index}", label, value.data, value.grad, "op", value._op or name, cut)
