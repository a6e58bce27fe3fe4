"""What of a graph is to be seen: boxes that stand for one node or many, and the links between them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.calculus._codes import CONSTANT
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names

__all__ = ["Box", "Group", "Link", "View", "unfolded"]


class Group(NamedTuple):
    """Nodes that one box stands for.

    Attributes:
        id: A readable name that no other group or node of the picture has.
        kind: "module", "equal" (alike to the parameter), "family" (alike but for parameters and inputs), "sum" (a
            chain of additions), "steps" (a repeated part of a chain, all rounds), "round" (one of these), "stretch"
            (neighbours, for want of something better).
        title: What it is, in a few words: `model.layers.0`, `tanh`, `sum of 100`, `step`.
        times: How often the same is done in it; 1 if that cannot be said.
    """

    id: str
    kind: str
    title: str
    times: int


class Box(NamedTuple):
    """A node, or a group of them.

    Attributes:
        node: The number of its node; of a group's, -1.
        group: What it stands for, if not for one node.
        nodes: The numbers of all nodes in it; constants are not counted.
        cut: Whether it has operands that are not shown, being out of the part that was asked for.
    """

    node: int
    group: Group | None
    nodes: Any
    cut: bool


class Link(NamedTuple):
    """One use of a box by a box.

    Attributes:
        tail, head: The boxes of the operand and of the result, by number.
        place: Which operand of the operation it is, from 0; into a group, in which order it enters.
        count: How many uses of nodes it stands for.
        partial: ∂result/∂operand, if it stands for one use and a number is known.
    """

    tail: int
    head: int
    place: int
    count: int
    partial: float | None


class View(NamedTuple):
    """Boxes in topological order, and links by their head and then by place. Never a loop."""

    graph: Graph
    names: Names
    boxes: list[Box]
    links: list[Link]


def unfolded(graph: Graph, names: Names) -> View:
    """Every node in a box of its own, but for constants: those are part of the formula that uses them.

    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> from autograd import Value
    >>> graph = graph_of(1 - Value(3.0) * 2)
    >>> view = unfolded(graph, names_of(graph))
    >>> len(view.boxes), [(link.tail, link.head, link.place) for link in view.links]
    (3, [(0, 1, 0), (1, 2, 1)])
    """
    shown = [i for i in range(len(graph)) if graph.columns.codes[i] != CONSTANT or i in graph.roots]
    at = {i: k for k, i in enumerate(shown)}
    boxes = [Box(i, None, np.array([i]), False) for i in shown]
    links = [
        Link(at[use.operand], at[i], use.place, 1, use.partial)
        for i in shown
        for use in graph.uses(i)
        if isinstance(use.operand, int) and use.operand in at
    ]
    return View(graph, names, boxes, links)
