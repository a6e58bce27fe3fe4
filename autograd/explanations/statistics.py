"""What a graph consists of, counted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from autograd.graphs.columns import Columns
from autograd.graphs.graph import Graph, graph_of
from autograd.graphs.roots import HasGraph
from autograd.values.value import Value

__all__ = ["GraphStatistics", "statistics"]

DOUBLE = 8  # bytes


@dataclass(frozen=True)
class GraphStatistics:
    """Counts of what a graph consists of; `str()` of it is a table.

    Attributes:
        nodes: How many there are, constants counted.
        leaves, constants: How many of them were not computed, with a gradient and without.
        operations: How many were made by each operation, the most frequent first, by its name: `*`, `tanh`.
        edges: How many operands all operations have together, bare numbers not counted.
        depth: The longest chain of operations.
        width: The most nodes at one distance from the leaves, by the longest way: what could be computed at once.
        bytes: What the nodes take in memory, as this engine keeps them, without labels and what else is hung on them.
    """

    nodes: int
    leaves: int
    constants: int
    operations: dict[str, int]
    edges: int
    depth: int
    width: int
    bytes: int

    def __str__(self) -> str:
        rows = [
            ("nodes", f"{self.nodes:,}"),
            ("leaves", f"{self.leaves:,}"),
            ("constants", f"{self.constants:,}"),
            ("operations", f"{sum(self.operations.values()):,}"),
            *((f"  {name}", f"{count:,}") for name, count in self.operations.items()),
            ("edges", f"{self.edges:,}"),
            ("depth", f"{self.depth:,}"),
            ("width", f"{self.width:,}"),
            ("memory", f"{self.bytes / 1e6:,.1f} MB" if self.bytes >= 1e5 else f"{self.bytes:,} bytes"),
        ]
        first, second = (max(len(row[k]) for row in rows) for k in (0, 1))
        return "\n".join(f"{name:<{first}}  {number:>{second}}" for name, number in rows)


def statistics(roots: Value | Iterable[Value] | HasGraph) -> GraphStatistics:
    """What the graph below one Value or several consists of.

    Args:
        roots: A Value, any iterable of Values, or what has a `__graph__`.

    Raises:
        TypeError: a root is not a Value.
        ValueError: there are no roots.
        RecordingError: a function is being recorded here.

    Cost: linear in nodes and edges; no recursion.

    >>> x = Value(3.0)
    >>> found = statistics((x * x - 1).tanh())
    >>> found.nodes, found.operations, found.depth
    (5, {'*': 1, '-': 1, 'tanh': 1}, 3)
    """
    graph = graph_of(roots, "statistics")
    kinds = Counter(graph.kind(i) for i in range(len(graph)))
    names = Counter(graph.name_of_operation(i) for i in range(len(graph)) if graph.kind(i) == "operation")
    levels = levels_of(graph.columns)
    return GraphStatistics(
        nodes=len(graph),
        leaves=kinds["leaf"],
        constants=kinds["constant"],
        operations=dict(sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))),
        edges=len(graph.edges()[0]),
        depth=max(levels),
        width=int(np.bincount(levels).max()),
        bytes=bytes_of(graph),
    )


def levels_of(columns: Columns) -> list[int]:
    """Of each node how long the longest chain of operations below it is."""
    starts, operands = columns.starts.tolist(), columns.operands.tolist()
    levels: list[int] = []
    for i in range(len(starts) - 1):
        below = [levels[k] for k in operands[starts[i] : starts[i + 1]] if k >= 0]
        levels.append(1 + max(below, default=0) if starts[i] < starts[i + 1] else 0)
    return levels


def bytes_of(graph: Graph) -> int:
    """What the nodes take; of one with many operands also the list of them, and a partial for each."""
    total = 0
    starts = graph.columns.starts.tolist()
    for i, value in enumerate(graph.values):
        total += sys.getsizeof(value)
        many = starts[i + 1] - starts[i]
        if many > 2:
            total += sys.getsizeof((None,) * many) + DOUBLE * many
    return total
