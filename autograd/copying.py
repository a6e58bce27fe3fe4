"""Copies of a graph at any depth, without recursion: `copy.deepcopy` and `pickle`."""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

from autograd.engine import Value, attributes, dismantle, rebuild, topological_order

__all__ = ["deepcopy_graph", "reduce_graph"]


def deepcopy_graph(root: Value, memo: dict[int, Any]) -> Any:
    """The copy of `root`; every node below it is copied into `memo`, so what was shared stays shared."""
    from copy import deepcopy

    fresh = []
    for node in topological_order(root):
        if id(node) not in memo:
            memo[id(node)] = rebuild(*dismantle(node, lambda x: memo[id(x)]))
            fresh.append(node)
    for node in fresh:  # attributes last: they may refer to any node of the graph
        if hung := attributes(node):
            vars(memo[id(node)]).update(deepcopy(hung, memo))
    return memo[id(root)]


class Shell:
    """A node on its way into a pickle. It becomes the Value again as soon as it is loaded.

    Pickle would recurse from a node into its operands. A root is saved as the list of the shells below it, operands
    first; by the time a shell is saved, those of its operands are in the pickler's memo. A node keeps one shell as long
    as some pickler remembers it, so that nodes shared by two roots stay shared.
    """

    __slots__ = ("__weakref__", "node")
    alive: WeakValueDictionary[int, Shell] = WeakValueDictionary()

    def __init__(self, node: Value) -> None:
        self.node = node

    @classmethod
    def of(cls, node: Value) -> Shell:
        """The shell of a node."""
        shell = cls.alive.get(id(node))
        if shell is None:
            shell = cls.alive[id(node)] = cls(node)
        return shell

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuild, dismantle(self.node, Shell.of), attributes(self.node) or None


def reduce_graph(root: Value) -> tuple[Any, ...]:
    """What pickle saves for a root."""
    return last, ([Shell.of(node) for node in topological_order(root)],)


def last(nodes: list[Value]) -> Value:
    """The root of a list in topological order."""
    return nodes[-1]
