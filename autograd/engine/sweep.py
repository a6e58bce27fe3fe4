"""The reverse sweep: the chain rule over a graph, from its roots to its leaves.

    adjoint(operand) += partial * adjoint(node)

for every node in reverse topological order. The partials were taken when the nodes were made, so this file knows no
calculus. Like `node.py` it is plain Python that Cython compiles.

Stated again in `curvature/walks.py` with tangents, `derivatives/reverse.py` on Values, `programs/sweeps.py` on slots.
"""

from __future__ import annotations

from collections import deque
from threading import RLock
from typing import Any

import cython

from autograd.border.forking import in_forked_processes, is_abandoned
from autograd.engine.hooks import hooked, next_place, places_of, seen
from autograd.engine.listening import recorder, tell_swept
from autograd.engine.node import Fold, Node
from autograd.engine.reading import refuse_childless, require_root
from autograd.engine.rules import Result, as_numbers, lay_by

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, CUSTOM, LEAF
    from autograd.calculus.kernel import selects

    # isort: off
    from autograd.engine.listening import _listening
    from autograd.engine.memory import Doubles, Pile, count, flags, free_pile, free_workspace, is_numbered, keep, listed
    from autograd.engine.memory import new_pile, node_at, node_in, operand_at, poll, push, take, take_kept, workspace
    # isort: on

__all__ = ["carries", "gradient", "in_order", "is_cut_off", "is_placed", "one_at_a_time", "sweep"]


def propagate(order: Pile, adjoints: Doubles, reached: bytearray, hooks: list[Any] | None, first: int) -> None:
    """The chain rule, from the last node to the first of those it goes to. What nothing has come to is passed over."""
    shares: dict[int, dict[int, float]] = {}
    loose = False  # once a rule or a signal handler has run, nodes may not be what they were when the order was made
    hook = -1 if hooks is None else next_place(hooks)
    stop = max(hook, (count(order) - 1) & -0x10000)  # where signals are looked for, or a hook is called
    for i in range(count(order) - 1, first - 1, -1):
        if i == stop:
            poll()
            if i == hook:
                adjoints[i], hook = seen(hooks, adjoints[i], reached[i]), next_place(hooks)
            loose, stop = True, max(hook, (i - 1) & -0x10000)
        node: Node = node_in(order, i)
        if not reached[i] or node._code <= LEAF:
            continue
        if node._fold is None:
            x: Node = node._x
            if carries(node, x, node._dx) and (not loose or is_numbered(x, order)):
                adjoints[x._slot] += node._dx * adjoints[i]
                reached[x._slot] = 1
            y: Node | None = node._y
            if y is not None and carries(node, y, node._dy) and (not loose or is_numbered(y, order)):
                adjoints[y._slot] += node._dy * adjoints[i]
                reached[y._slot] = 1
        elif node._fold.rule is None:
            propagate_fold(node._fold, node, adjoints[i], order, adjoints, reached, loose)
        else:
            loose = True
            propagate_rule(node._fold, node, i, order, adjoints, reached, shares)


def propagate_fold(
    f: Fold, node: Node, adjoint: float, order: Pile, adjoints: Doubles, reached: bytearray, loose: bool
) -> None:
    """The same for a node of many operands."""
    for i in range(len(f.operands)):
        if type(f.operands[i]) is not float:
            x: Node = operand_at(f.operands, i)
            if carries(node, x, f.partials[i]) and (not loose or is_numbered(x, order)):
                adjoints[x._slot] += f.partials[i] * adjoint
                reached[x._slot] = 1


def propagate_rule(
    f: Fold, node: Node, at: int, order: Pile, adjoints: Doubles, reached: bytearray, shares: dict[int, Any]
) -> None:
    """The same for a node with a rule of its own, which says what goes on to each operand.

    One of several results has nothing to say: its adjoint is laid by, in `shares`, for the node of the whole, which
    comes when all of them have been.
    """
    if isinstance(f.rule, Result):
        x: Node = operand_at(f.operands, 0)
        if is_numbered(x, order):
            lay_by(shares, x._slot, f.rule.number, adjoints[at])
            reached[x._slot] = 1
        return
    if f.rule.many and (at not in shares or adjoints[at] != 0.0):  # it was taken for a result itself
        require_root(node)
    adjoint = shares.pop(at) if f.rule.many else adjoints[at]
    found = as_numbers(f.rule, f.rule.contributions(node, adjoint), len(f.operands))
    for i in range(len(f.operands)):
        contribution = found[i]
        if contribution is not None:
            x = operand_at(f.operands, i)
            if x._code != CONSTANT and is_numbered(x, order):
                adjoints[x._slot] += contribution
                reached[x._slot] = 1


def carries(node: Node, operand: Node, partial: float) -> bool:
    """Whether a gradient flows along this edge: not to a constant, nor to an operand that was not selected."""
    return operand._code != CONSTANT and (partial != 0.0 or not selects(node._code))


# --- the order -------------------------------------------------------------------------------------------------------


def number_nodes(roots: list[Any], order: Pile, displaced: list[int] | None, carrying: bool) -> None:
    """Fill `order` with the nodes below the roots, and give each its place in it as `_slot`.
    With `carrying`, only along edges that carry a gradient: what a `where` did not take, a sweep never visits.

    A node is known to be in place when its slot points back at it, so there are no marks to clear. What a sweep within
    a sweep renumbers, it keeps in `displaced` and puts back.
    """
    path = new_pile()  # what is still to be placed: the last node first, before it what it is an operand of
    try:
        for i in range(len(roots) - 1, -1, -1):
            push(path, node_at(roots, i))
        while count(path) > 0:
            node: Node | None = take(path)
            if node is None:  # all operands of the node below are in place
                node = take(path)
            elif is_numbered(node, order):
                continue
            elif node._code > LEAF:
                push(path, node)
                push(path, None)
                if node._fold is not None:
                    push_operands(node._fold, node, order, path, carrying)
                else:
                    y: Node | None = node._y
                    if y is not None and not is_numbered(y, order) and (not carrying or carries(node, y, node._dy)):
                        push(path, y)
                    x: Node = node._x
                    if not is_numbered(x, order) and (not carrying or carries(node, x, node._dx)):
                        push(path, x)
                continue
            if displaced is not None:
                displaced.append(node._slot)
            node._slot = count(order)
            keep(order, node)
    finally:
        free_pile(path, False)


def push_operands(f: Fold, node: Node, order: Pile, path: Pile, carrying: bool) -> None:
    """The same for a node of many operands, the last first."""
    for i in range(len(f.operands) - 1, -1, -1):
        if type(f.operands[i]) is not float:
            x: Node = operand_at(f.operands, i)
            if is_numbered(x, order):
                continue
            if not carrying or carries(node, x, f.partials[i]) or (f.rule is not None and x._code != CONSTANT):
                push(path, x)


def is_placed(node: Node, order: list[Node]) -> bool:
    """Whether the node is in an order that was made a list."""
    return node._slot < len(order) and order[node._slot] is node


def in_order(roots: list[Any], carrying: bool = False) -> list[Any]:
    """Every node below the roots once, operands before the nodes made from them; or those that a sweep visits."""
    displaced = slots_to_put_back()
    with _lock:
        order = new_pile()
        try:
            number_nodes(roots, order, displaced, carrying)
            return listed(order)
        finally:
            put_back(order, displaced)
            free_pile(order, True)


def sweep(roots: list[Any], seeds: list[float], wanted: list[Any] | None = None) -> list[float]:
    """Run the chain rule backward from the roots; write every `grad`, or return the adjoints of the wanted nodes.

    Adjoints live in storage of the sweep's own until all of them are known. So an exception, a signal or a rule that
    raises leaves every `grad` as it was.
    """
    found: list[float] = []
    for root in roots:
        require_root(root)
    displaced, order = slots_to_put_back(), new_pile()
    with _lock:
        try:
            number_nodes(roots, order, displaced, True)
            if wanted is None and not has_leaf(order) and is_cut_off(in_order(roots)):
                refuse_childless(roots[0])
            adjoints, reached = workspace(count(order)), flags(count(order))
            try:
                for k, root in enumerate(roots):
                    adjoints[root._slot] += seeds[k]
                    reached[root._slot] = 1
                propagate(order, adjoints, reached, places_of(listed(order)) if hooked else None, 0)
                if _listening:
                    tell_swept(listed(order), [adjoints[i] for i in range(count(order))])
                if wanted is None:
                    put_back(order, displaced)
                    write_grads(order, adjoints)
                else:
                    for node in wanted:
                        found.append(adjoints[node._slot] if is_numbered(node, order) else 0.0)
            finally:
                free_workspace(adjoints)
                free_workspace(reached)
        finally:
            put_back(order, displaced)
            free_pile(order, True)
    return found


def has_leaf(order: Pile) -> bool:
    """Whether there is a node that a sweep could change: a leaf, or one with a rule of its own."""
    for i in range(count(order)):  # the first of them is one, as a rule
        node: Node = node_in(order, i)
        if node._code == LEAF or node._code == CUSTOM:
            return True
    return False


def is_cut_off(nodes: list[Node]) -> bool:
    """Whether there is no such node, but one that a detach, `no_grad` or freezing has made a constant."""
    cut = False
    for i in range(len(nodes)):
        node: Node = node_at(nodes, i)
        if node._code == LEAF or node._code == CUSTOM:
            return False
        cut = cut or (node._code == CONSTANT and node._dx != 0.0)
    return cut


def gradient(outputs: list[Any], inputs: list[Any], seeds: list[float]) -> list[float]:
    """∂(sum of seed * output)/∂input for each input, as numbers, without touching any `grad`."""
    return sweep(outputs, seeds, inputs)


def write_grads(order: Pile, adjoints: Doubles) -> None:
    """Leaves add their adjoint to `grad`, inner nodes show it; all or none. Nodes are let go of on the way."""
    if cython.compiled:
        while count(order) > 0:
            node: Node = take_kept(order)
            at = count(order)
            node._grad = node._grad + adjoints[at] if node._code == LEAF else adjoints[at]
    else:
        grads = [
            node._grad + adjoint if node._code == LEAF else adjoint
            for node, adjoint in zip(order, adjoints, strict=True)
        ]
        # One call into C, in which no signal can be delivered: nothing is half-written.
        deque(map(Node._grad.__set__, order, grads), maxlen=0)  # type: ignore[attr-defined]


# A sweep numbers the nodes it visits, so one runs at a time; within it, one that a signal handler or a rule starts.

_lock = RLock()


def one_at_a_time() -> Any:
    """The lock that a sweep holds, to be held by whoever else changes a `grad`."""
    return _lock


def renew_lock() -> None:
    """In a forked process: a sweep of another thread will not end."""
    global _lock
    if is_abandoned(_lock):
        _lock = RLock()


in_forked_processes(renew_lock)


def slots_to_put_back() -> list[int] | None:
    """A list for displaced slots, if a sweep around this one or a recording needs them back."""
    return [] if _lock._is_owned() or recorder() is not None else None  # type: ignore[attr-defined]


def put_back(order: Pile, displaced: list[int] | None) -> None:
    """Put displaced slots back."""
    if displaced is not None:
        for i in range(min(count(order), len(displaced))):
            node: Node = node_in(order, i)
            node._slot = displaced[i]
