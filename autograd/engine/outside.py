"""Parts of a graph: what a call makes, what of outside that was made from, and a sweep that goes no further.

Plain Python that Cython compiles.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.engine.hooks import hooked, places_of
from autograd.engine.listening import Listener
from autograd.engine.node import Fold, Node
from autograd.engine.reading import require_root
from autograd.engine.sweep import one_at_a_time

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, LEAF

    # isort: off
    from autograd.engine.memory import Pile, count, flags, free_pile, free_workspace, is_numbered, keep, listed
    from autograd.engine.memory import new_pile, node_at, operand_at, workspace
    from autograd.engine.sweep import number_nodes, propagate, put_back, slots_to_put_back
    # isort: on

__all__ = ["Made", "outside", "sweep_to"]


@cython.cclass
class Made(Listener):
    """All that a function makes.

    Attributes:
        nodes: It, operands before what was made from them.
    """

    def __init__(self) -> None:
        self.nodes: list[Any] = []

    def made(self, node: Any) -> None:
        """As of Listener."""
        self.nodes.append(node)


def outside(nodes: list[Any], roots: list[Any]) -> list[Any]:
    """What some nodes were made from and is not among them, in the order in which it was used; no constants.

    Args:
        nodes: Each once.
        roots: Nodes that count as made from themselves.
    """
    displaced, order = slots_to_put_back(), new_pile()
    with one_at_a_time():
        try:
            for i in range(len(nodes)):
                place(node_at(nodes, i), order, displaced)
            for i in range(len(nodes)):
                node: Node = node_at(nodes, i)
                if node._code <= LEAF:
                    continue
                if node._fold is not None:
                    place_operands(node._fold, order, displaced)
                    continue
                x: Node = node._x
                if x._code != CONSTANT and not is_numbered(x, order):
                    place(x, order, displaced)
                y: Node | None = node._y
                if y is not None and y._code != CONSTANT and not is_numbered(y, order):
                    place(y, order, displaced)
            for i in range(len(roots)):
                x = node_at(roots, i)
                if x._code != CONSTANT and not is_numbered(x, order):
                    place(x, order, displaced)
            return listed(order)[len(nodes) :]
        finally:
            put_back(order, displaced)
            free_pile(order, True)


def place(node: Node, order: Pile, displaced: list[int] | None) -> None:
    """Give a node the next place in an order."""
    if displaced is not None:
        displaced.append(node._slot)
    node._slot = count(order)
    keep(order, node)


def place_operands(f: Fold, order: Pile, displaced: list[int] | None) -> None:
    """Give the operands of a node of many their places, if they have none."""
    for i in range(len(f.operands)):
        if type(f.operands[i]) is not float:
            x: Node = operand_at(f.operands, i)
            if x._code != CONSTANT and not is_numbered(x, order):
                place(x, order, displaced)


def sweep_to(ends: list[Any], roots: list[Any], seeds: list[float]) -> list[Any]:
    """The adjoints of some nodes, from a sweep that goes no further than these; None of one that it does not reach.

    Args:
        ends: The nodes, each once; one may be a root.
        roots, seeds: Where it begins, and with which adjoints.
    """
    for root in roots:
        require_root(root)
    displaced, order = slots_to_put_back(), new_pile()
    with one_at_a_time():
        try:
            for i in range(len(ends)):
                place(node_at(ends, i), order, displaced)  # the walk takes them for done
            number_nodes(roots, order, displaced, True)
            adjoints, reached = workspace(count(order)), flags(count(order))
            try:
                for k, root in enumerate(roots):
                    adjoints[root._slot] += seeds[k]
                    reached[root._slot] = 1
                propagate(order, adjoints, reached, places_of(listed(order)) if hooked else None, len(ends))
                return [adjoints[i] if reached[i] else None for i in range(len(ends))]
            finally:
                free_workspace(adjoints)
                free_workspace(reached)
        finally:
            put_back(order, displaced)
            free_pile(order, True)
