"""The parts of a group before they have names: pieces in topological order, and what tells where they repeat."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.calculus._codes import LEAF
from autograd.folding.loops import layers, links_between
from autograd.graphs.graph import Graph

__all__ = ["Pieces"]


class Pieces:
    """Nodes cut into pieces, operands before what uses them; there may be as many pieces as nodes.

    Args:
        graph: What the nodes are of.
        nodes: Their numbers.
        modules: The module that each is in; -1 for none.
        labels: For each node of the graph which piece it is in, by any number; only those of `nodes` matter.
        tails, heads: Who uses whom.

    Attributes:
        signs: A number for each piece; pieces of the same number look alike from near by: the same module, or the same
            operation of the same kind of operands.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> graph = graph_of(Value(1.0).exp().exp())
    >>> columns = np.arange(3, dtype=np.int32)
    >>> pieces = Pieces(graph, columns, columns * 0 - 1, columns, *graph.edges())
    >>> len(pieces), pieces.nodes(1, 3).tolist()
    (3, [1, 2])
    """

    def __init__(self, graph: Graph, nodes: Any, modules: Any, labels: Any, tails: Any, heads: Any) -> None:
        mine = labels[nodes]
        n = int(mine.max(initial=-1)) + 1
        present = np.zeros(n, bool)
        present[mine] = True
        first = np.zeros(n, np.int32)
        first[mine[::-1]] = nodes[::-1]
        layer = layers(n, *links_between(labels, tails, heads))
        order = np.flatnonzero(present)
        order = order[np.lexsort((first[order], layer[order]))]
        place = np.zeros(n, np.int32)
        place[order] = np.arange(len(order))
        self._sorted = nodes[np.argsort(place[mine], kind="stable")]
        self._bounds = np.concatenate(([0], np.cumsum(np.bincount(place[mine], minlength=len(order)))))
        found = np.full(n, -1, np.int32)
        found[mine] = modules
        self._modules = found[order]
        known, counts = np.unique(self._modules, return_counts=True)
        self._in_pieces = set(known[counts > 1].tolist())
        parameters = np.isin(self._modules, known[counts > 1]) & (graph.columns.codes[first[order]] == LEAF)
        module = np.where(parameters, 0, -1 - self._modules.astype(np.int64))
        self.signs = np.where(self._modules >= 0, module, signs(graph, first[order]))

    def __len__(self) -> int:
        return len(self._modules)

    def nodes(self, start: int, stop: int) -> Any:
        """The nodes of some pieces that follow one another, in order."""
        found = self._sorted[self._bounds[start] : self._bounds[stop]]
        return found if stop == start + 1 else np.sort(found)

    def module(self, k: int) -> int:
        """The module that a piece is of; -1 for none."""
        return int(self._modules[k])

    def in_pieces(self, k: int) -> bool:
        """Whether there are other pieces of its module."""
        return int(self._modules[k]) in self._in_pieces


def signs(graph: Graph, nodes: Any) -> Any:
    """A number for the operation of each node and the kinds of its first two operands."""
    columns = graph.columns
    codes = columns.codes.astype(np.int64) + 1
    found = codes[nodes] << 32
    for place, shift in ((0, 16), (1, 0)):
        at = columns.starts[nodes] + place
        has = at < columns.starts[nodes + 1]
        operand = columns.operands[np.where(has, at, 0)] if len(columns.operands) else np.zeros(len(nodes), np.int32)
        found += np.where(has & (operand >= 0), codes[operand], 0) << shift
    return found
