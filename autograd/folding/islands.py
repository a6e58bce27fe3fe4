"""What has nothing to do with each other in a graph: its islands, and what they are called."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.folding.loops import together
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names

__all__ = ["islands_of", "title_of"]


def islands_of(graph: Graph, nodes: Any, tails: Any, heads: Any) -> list[Any]:
    """The nodes in islands, each in order; one by itself if all hang together.

    Args:
        graph: What the nodes are of.
        nodes: Their numbers, in order.
        tails, heads: Who uses whom; other nodes, as constants are, keep nothing together.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> graph = graph_of([Value(1.0) + 1, Value(2.0).exp()])
    >>> [island.tolist() for island in islands_of(graph, np.array([0, 2, 3, 4]), *graph.edges())]
    [[0, 2], [3, 4]]

    Cost: linear, but for a sort.
    """
    mine = np.zeros(len(graph), bool)
    mine[nodes] = True
    both = mine[tails] & mine[heads]
    firsts = together(len(graph), tails[both], heads[both])[nodes]
    order = np.argsort(firsts, kind="stable")
    return np.split(nodes[order], np.flatnonzero(np.diff(firsts[order])) + 1)


def title_of(graph: Graph, names: Names, nodes: Any) -> str:
    """The name of an island's first root up to a colon: `path 1`, of `path 1: output` and `path 1: only if true`."""
    roots = np.asarray(graph.roots)
    found = roots[np.isin(roots, nodes)]
    root = int(found[0] if len(found) else nodes[-1])
    return (names.given.get(root) or graph.id(root)).partition(": ")[0]
