"""What Values are called: by their labels, by their place in a module, by the variables of whoever asks."""

from __future__ import annotations

from typing import NamedTuple

from autograd.graphs.graph import Graph

__all__ = ["Names", "Part", "names_of"]


class Part(NamedTuple):
    """A module within another, or in nothing.

    Attributes:
        path: Where it is, as in `model.layers.0`.
        kind: The name of its class.
        parent: The number of the module that it is in; -1 for an outermost one.
    """

    path: str
    kind: str
    parent: int


class Names(NamedTuple):
    """What the nodes of a graph are called.

    Attributes:
        given: Names of nodes, by number; nodes that nobody named are not in it.
        parts: Modules in sight that own parameters of the graph, or modules that do; each after the one it is in.
        owners: For each parameter of the graph, by number, which part owns it: the innermost.
    """

    given: dict[int, str]
    parts: tuple[Part, ...]
    owners: dict[int, int]


def names_of(graph: Graph) -> Names:
    """The labels of a graph's nodes."""
    return Names({i: graph.label(i) for i in range(len(graph)) if graph.label(i)}, (), {})
