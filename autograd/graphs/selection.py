"""A part of a graph: what is near some nodes, or on the way between two. Plain Python that Cython compiles."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.calculus._codes import CONSTANT
from autograd.graphs.columns import readable, zeros

__all__ = ["FAR", "above", "below", "nodes_around", "nodes_between"]

FAR = 2**31 - 1
"""The distance of what is on no way."""


def nodes_around(columns: Any, nodes: Any, steps: int) -> Any:
    """The nodes at most so many operations below or above some nodes, constants left out, in order.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> nodes_around(graph_of(Value(1.0).exp().exp().exp()).columns, [1], 1).tolist()
    [0, 1, 2]
    """
    nearest = np.minimum(below(columns, nodes), above(columns, nodes))
    return np.flatnonzero((nearest <= steps) & (columns.codes != CONSTANT)).astype(np.int32)


def nodes_between(columns: Any, first: Any, last: Any) -> Any:
    """The nodes on the ways from some nodes to others, both included, constants left out; none if there is no way."""
    met = (above(columns, first) != FAR) & (below(columns, last) != FAR)
    return np.flatnonzero(met & (columns.codes != CONSTANT)).astype(np.int32)


def below(columns: Any, nodes: Any) -> Any:
    """For each node how many operations it is below the nearest of some nodes; 0 for these, `FAR` for others.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> below(graph_of(Value(1.0).exp().exp()).columns, [2]).tolist()
    [2, 1, 0]
    """
    starts, operands = readable(columns.starts), readable(columns.operands)
    n = len(starts) - 1
    found = distances(n, nodes)
    for i in range(n - 1, -1, -1):
        if found[i] != FAR:
            for at in range(starts[i], starts[i + 1]):
                x = operands[at]
                if x >= 0 and found[x] > found[i] + 1:
                    found[x] = found[i] + 1
    return np.asarray(found)


def above(columns: Any, nodes: Any) -> Any:
    """The same for nodes that are made from some nodes.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> above(graph_of(Value(1.0).exp().exp()).columns, [1]).tolist() == [FAR, 0, 1]
    True
    """
    starts, operands = readable(columns.starts), readable(columns.operands)
    n = len(starts) - 1
    found = distances(n, nodes)
    for i in range(n):
        for at in range(starts[i], starts[i + 1]):
            x = operands[at]
            if x >= 0 and found[x] != FAR and found[x] + 1 < found[i]:
                found[i] = found[x] + 1
    return np.asarray(found)


def distances(n: int, nodes: Any) -> Any:
    """A column of `n` distances to begin with: 0 for some nodes, `FAR` for all others."""
    found = zeros("i", n)
    for i in range(n):
        found[i] = FAR
    for i in nodes:
        found[i] = 0
    return found
