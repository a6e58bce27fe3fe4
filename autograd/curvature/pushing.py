"""The walk forward: how results move if inputs do, as numbers.

    tangent(node) = sum of partial * tangent(operand)

over the operands that move, in their order, from the first product on. Plain Python that Cython compiles; the same over
Values, and where a node has a rule of its own, is `derivatives/forward.py`.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.engine.node import Node
from autograd.engine.sweep import carries, one_at_a_time

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, LEAF

    # isort: off
    from autograd.engine.memory import Doubles, Pile, count, flags, free_pile, free_workspace, is_numbered
    from autograd.engine.memory import new_pile, node_in, operand_at, workspace
    from autograd.engine.sweep import number_nodes, put_back, slots_to_put_back
    # isort: on

__all__ = ["all_finite", "moved"]


def moved(roots: list[Any], inputs: list[Any], directions: list[Any] | None) -> list[Any] | None:
    """How roots move along directions; None where that is to be found node by node in Python.

    That is so if a node has a rule of its own, or is of a recording that is over, which is refused there.

    Args:
        roots: Nodes, and floats, which do not move.
        inputs: The nodes that move, each once. What they were made from stands still.
        directions: Lists of a number for each of them; None for each of them in turn, by 1.

    Returns:
        For each direction a list of a number for each root.

    Cost: for each direction a walk over the graph. No recursion.
    """
    found: list[Any] = []
    nodes = roots if all_nodes(roots) else [root for root in roots if type(root) is not float]
    displaced, order = slots_to_put_back(), new_pile()
    with one_at_a_time():
        try:
            number_nodes(nodes, order, displaced, True)
            if not goes_by_partials(order):
                return None
            tangents, moves = workspace(count(order)), flags(count(order))
            try:
                for k in range(len(inputs) if directions is None else len(directions)):
                    start(inputs, None if directions is None else directions[k], k, order, tangents, moves)
                    push_forward(order, tangents, moves)
                    found.append([tangent_of(root, tangents, moves) for root in roots])
            finally:
                free_workspace(tangents)
                free_workspace(moves)
        finally:
            put_back(order, displaced)
            free_pile(order, True)
    return found


def all_nodes(roots: list[Any]) -> bool:
    """Whether there is no float among the roots."""
    for root in roots:  # noqa: SIM110  (the compiled engine would need a closure)
        if type(root) is float:
            return False
    return True


def goes_by_partials(order: Pile) -> bool:
    """Whether no node has a rule of its own, or is over."""
    for i in range(count(order)):
        node: Node = node_in(order, i)
        if node._code < CONSTANT or (node._fold is not None and node._fold.rule is not None):
            return False
    return True


def start(
    inputs: list[Any], direction: list[float] | None, k: int, order: Pile, tangents: Doubles, moves: bytearray
) -> None:
    """Have the inputs move along a direction, or the k-th alone by 1; those that are not in the graph do nothing."""
    for i in range(count(order)):
        moves[i] = 0
    for j in range(k if direction is None else 0, k + 1 if direction is None else len(inputs)):
        node: Node = inputs[j]
        if is_numbered(node, order):
            tangents[node._slot] = 1.0 if direction is None else direction[j]
            moves[node._slot] = 1


def push_forward(order: Pile, tangents: Doubles, moves: bytearray) -> None:
    """The walk: the tangents of all that moves."""
    for i in range(count(order)):
        node: Node = node_in(order, i)
        if moves[i] or node._code <= LEAF:
            continue
        if node._fold is not None:
            push_fold(node, i, tangents, moves)
            continue
        x: Node = node._x
        if carries(node, x, node._dx) and moves[x._slot]:
            tangents[i] = node._dx * tangents[x._slot]
            moves[i] = 1
        y: Node | None = node._y
        if y is not None and carries(node, y, node._dy) and moves[y._slot]:
            tangent = node._dy * tangents[y._slot]
            tangents[i] = tangents[i] + tangent if moves[i] else tangent
            moves[i] = 1


def push_fold(node: Node, i: int, tangents: Doubles, moves: bytearray) -> None:
    """The same for a node of many operands."""
    f = node._fold
    for k in range(len(f.operands)):
        if type(f.operands[k]) is not float:
            x: Node = operand_at(f.operands, k)
            if carries(node, x, f.partials[k]) and moves[x._slot]:
                tangent = f.partials[k] * tangents[x._slot]
                tangents[i] = tangents[i] + tangent if moves[i] else tangent
                moves[i] = 1


def tangent_of(root: Any, tangents: Doubles, moves: bytearray) -> float:
    """How a root moves."""
    if type(root) is float:
        return 0.0
    node: Node = root
    return tangents[node._slot] if moves[node._slot] else 0.0


def all_finite(tangents: list[float]) -> bool:
    """Whether nothing overflowed, or became nan."""
    for i in range(len(tangents)):
        tangent = tangents[i]
        if tangent - tangent != 0.0:
            return False
    return True
