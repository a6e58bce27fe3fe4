"""The reverse sweep: the chain rule over a graph, from its roots to its leaves.

    adjoint(operand) += partial * adjoint(node)

for every node in reverse topological order. The partials were taken when the nodes were made, so this file knows no
calculus. Like `engine.py` it is plain Python that Cython compiles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from threading import RLock
from typing import Any

import cython

from autograd.border.conversion import as_float, describe, is_number
from autograd.border.forking import in_forked_processes, is_abandoned
from autograd.engine.node import Fold, Joint, Value, listener, refuse, require_alive, rule_of

if not cython.compiled:
    from autograd.calculus.kernel import *  # noqa: F403  (sweep.pxd names what it takes)

__all__ = ["add_to_grads", "as_seeds", "as_values", "backward", "gradient", "topological_order"]

_lock = RLock()  # a sweep numbers the nodes it visits, so one runs at a time


_several = False  # whether there ever was something with several results: until then no sweep looks for it


def expect_several() -> None:
    """From now on there may be nodes with a `Joint`."""
    global _several
    _several = True


def renew_lock() -> None:
    """In a forked process: a sweep of another thread will not end."""
    global _lock
    if is_abandoned(_lock):
        _lock = RLock()


in_forked_processes(renew_lock)


def backward(roots: Value | Iterable[Value], seeds: Any = None) -> None:
    """Add the gradient of the roots' sum, each times its seed, to the `grad` of every leaf, in one sweep.

    Args:
        roots: One Value or several.
        seeds: One number per root (1 if not given).

    Raises:
        TypeError: a root is not a Value, or a seed not a real number.
        ValueError: a root is a constant, or the seeds are not as many as the roots.

    >>> x = Value(3.0)
    >>> backward([x * x, 2 * x])
    >>> x.grad
    8.0
    """
    refuse("calling backward()")
    checked = as_values(roots, "backward")
    sweep(checked, as_seeds(seeds, len(checked)), None)


def gradient(outputs: list[Value], inputs: list[Value], seeds: list[float]) -> list[float]:
    """∂(sum of seed * output)/∂input for each input, as numbers, without touching any `grad`."""
    return sweep(outputs, seeds, inputs)


def add_to_grads(targets: list[Value], shares: Any) -> None:
    """Add a number of an array to the `grad` of each leaf; into a node that was computed it goes as a seed of a sweep.

    Constants are passed over. All or none, as with `backward`.
    """
    if not cython.compiled:
        shares = shares.tolist()
    inner: list[Value] = []
    seeds: list[float] = []
    for i in range(len(targets)):
        node: Value = targets[i]
        if node._code > LEAF:
            inner.append(node)
            seeds.append(shares[i])
    if inner:
        sweep(inner, seeds, None)
    with _lock:
        for i in range(len(targets)):
            node = targets[i]
            if node._code == LEAF:
                share = shares[i]
                node._grad = node._grad + share


def as_values(values: Value | Iterable[Value], what: str) -> list[Value]:
    """A list of Values from one or several."""
    if isinstance(values, Value):
        found = [values]
    elif isinstance(values, Iterable):
        found = list(values)
    else:
        raise TypeError(f"{what}: expected a Value or several, got {describe(values)}")
    for x in found:
        if not isinstance(x, Value):
            raise TypeError(f"{what}: expected a Value, got {describe(x)}")
        require_alive(x)
    return found


def as_seeds(seeds: Any, n: int) -> list[float]:
    """One float per root."""
    if seeds is None:
        return [1.0] * n
    found = [as_float(seed, "seed") for seed in ([seeds] if is_number(seeds) else seeds)]
    if len(found) != n:
        raise ValueError(f"expected {n} seeds, one per root, got {len(found)}")
    return found


def sweep(roots: list[Value], seeds: list[float], wanted: list[Value] | None) -> list[float]:
    """Run the chain rule backward from the roots; write every `grad`, or return the adjoints of the wanted nodes.

    Adjoints live in storage of the sweep's own until all of them are known. So an exception, a signal or a rule that
    raises leaves every `grad` as it was.
    """
    found: list[float] = []
    order: list[Value] = []
    for root in roots:
        if root._code == CONSTANT:
            raise ValueError(f"backward from {root!r}: a constant (detached, or made under no_grad) has no graph")
        require_result(root)
    displaced = slots_to_put_back()
    with _lock:
        try:
            number_nodes(roots, order, displaced, True)
            adjoints = doubles(len(order))
            try:
                for root, seed in zip(roots, seeds):  # noqa: B905  (checked; strict costs the compiled engine)
                    adjoints[root._slot] += seed
                if _several and has_joint(order):
                    propagate_where_reached(roots, order, adjoints)
                else:
                    propagate(order, adjoints)
                if wanted is None:
                    write_grads(order, adjoints)
                else:
                    for node in wanted:
                        found.append(adjoints[node._slot] if is_placed(node, order) else 0.0)
            finally:
                release(adjoints)
        finally:
            put_back(order, displaced)
    return found


def require_result(root: Value) -> None:
    """Refuse the node of an operation with several results, which is none of them."""
    if isinstance(rule_of(root), Joint) and root._fold.rule.many:
        raise TypeError(f"backward from the node of {root._op}: it has several results, start from one of these")


def carries(node: Value, operand: Value, partial: float) -> bool:
    """Whether a gradient flows along this edge: not to a constant, nor to an operand that was not selected."""
    return operand._code != CONSTANT and (partial != 0.0 or not selects(node._code))


def propagate(order: list[Value], adjoints: Doubles) -> None:
    """The chain rule, from the last node to the first."""
    closures = False  # once a user's closure has run, nodes may not be what they were when the order was made
    for i in range(len(order) - 1, -1, -1):
        if i & 0xFFFF == 0:
            poll()
        node: Value = order[i]
        adjoint = adjoints[i]
        if node._fold is not None:
            closures = closures or node._fold.rule is not None
            propagate_fold(node, adjoint, order, adjoints, closures)
        elif node._code > LEAF:
            x: Value = node._x
            if carries(node, x, node._dx) and (not closures or is_placed(x, order)):
                adjoints[x._slot] += node._dx * adjoint
            y: Value | None = node._y
            if y is not None and carries(node, y, node._dy) and (not closures or is_placed(y, order)):
                adjoints[y._slot] += node._dy * adjoint


def has_joint(order: list[Value]) -> bool:
    """Whether there is a node with a `Joint`."""
    for i in range(len(order)):
        node: Value = order[i]
        if node._fold is not None and isinstance(node._fold.rule, Joint):
            return True
    return False


def propagate_where_reached(roots: list[Value], order: list[Value], adjoints: Doubles) -> None:
    """The same where there is something with several results.

    Below it there may be nodes to which none of these passes anything on. Their partials may be infinite, and 0 times
    that is nan: so it is noted which nodes something has come to, and the others are left out.
    """
    shares: dict[int, dict[int, float]] = {}  # of what has several results, by its place, their adjoints
    reached = bytearray(len(order))
    for root in roots:
        reached[root._slot] = 1
    for i in range(len(order) - 1, -1, -1):
        node: Value = order[i]
        if not reached[i] or node._code <= LEAF:
            continue
        adjoint, rule = adjoints[i], rule_of(node)
        if isinstance(rule, int):  # a result of several: the node of the whole comes when all of them have been
            whole: Value = node._fold.operands[0]
            shares.setdefault(whole._slot, {})[rule] = adjoint
            reached[whole._slot] = 1
        elif isinstance(rule, Joint):
            found = rule.contributions(shares.pop(i) if rule.many else {0: adjoint})
            for operand, contribution in zip(node._fold.operands, found, strict=True):
                x: Value = operand
                if contribution is not None and x._code != CONSTANT and is_placed(x, order):
                    adjoints[x._slot] += contribution
                    reached[x._slot] = 1
        elif rule is not None:
            propagate_fold(node, adjoint, order, adjoints, True)
            for operand in node._fold.operands:
                x = operand
                if is_placed(x, order):
                    reached[x._slot] = 1
        else:
            partials = node.partials
            for k, operand in enumerate(node.operands):
                x = operand
                if carries(node, x, partials[k]) and is_placed(x, order):
                    adjoints[x._slot] += partials[k] * adjoint
                    reached[x._slot] = 1


def propagate_fold(node: Value, adjoint: float, order: list[Value], adjoints: Doubles, closures: bool) -> None:
    """The same for a node of many operands."""
    f: Fold = node._fold
    operands = f.operands
    if f.rule is not None:
        from autograd.values.closures import apply_rule  # a layer above, which few graphs need

        for v, contribution in apply_rule(node, adjoint):
            x = v
            if x._code != CONSTANT and is_placed(x, order):
                adjoints[x._slot] += contribution
    else:
        for i in range(len(operands)):
            if isinstance(operands[i], Value):
                x = operands[i]
                if carries(node, x, f.partials[i]) and (not closures or is_placed(x, order)):
                    adjoints[x._slot] += f.partials[i] * adjoint


def write_grads(order: list[Value], adjoints: Doubles) -> None:
    """Leaves add their adjoint to `grad`, inner nodes show it; all or none."""
    if cython.compiled:
        for i in range(len(order)):
            node: Value = order[i]
            node._grad = node._grad + adjoints[i] if node._code == LEAF else adjoints[i]
    else:
        grads = [
            node._grad + adjoint if node._code == LEAF else adjoint
            for node, adjoint in zip(order, adjoints, strict=True)
        ]
        # One call into C, in which no signal can be delivered: nothing is half-written.
        deque(map(Value._grad.__set__, order, grads), maxlen=0)  # type: ignore[misc, attr-defined]


def topological_order(roots: Value | Iterable[Value]) -> list[Value]:
    """Every node below the roots once, operands before the nodes made from them.

    >>> x = Value(2.0)
    >>> [node._op for node in topological_order(x * x + x)]
    ['', '*', '+']

    Cost: linear in nodes and edges; no recursion.
    """
    order: list[Value] = []
    displaced = slots_to_put_back()
    with _lock:
        try:
            number_nodes(as_values(roots, "topological_order"), order, displaced, False)
        finally:
            put_back(order, displaced)
    return order


def slots_to_put_back() -> list[int] | None:
    """Where a sweep keeps the slots that it displaces, if somebody needs them: one that it runs within, or a recording.

    A sweep runs within another if a signal handler or a user's rule starts it.
    """
    return [] if _lock._is_owned() or listener() is not None else None  # type: ignore[attr-defined]


def put_back(order: list[Value], displaced: list[int] | None) -> None:
    """Put displaced slots back."""
    if displaced is not None:
        for i in range(min(len(order), len(displaced))):
            node: Value = order[i]
            node._slot = displaced[i]


def number_nodes(roots: list[Value], order: list[Value], displaced: list[int] | None, carrying: bool) -> None:
    """Fill `order` with the nodes below the roots, and give each its place in it as `_slot`.

    With `carrying`, only along edges that carry a gradient: what a `where` did not take, a sweep never visits.

    A node is known to be in place when its slot points back at it, so there are no marks to clear. What a sweep within
    a sweep renumbers, it keeps in `displaced` and puts back.
    """
    stack: list[Any] = list(roots)
    stack.reverse()
    while stack:
        node: Value | None = stack.pop()
        if node is None:  # all operands of the node below are in place
            node = stack.pop()
        elif is_placed(node, order):
            continue
        elif node._code > LEAF:
            stack.append(node)
            stack.append(None)
            if node._fold is not None:
                push_operands(node._fold, node, order, stack, carrying)
            else:
                y = node._y
                if y is not None and not is_placed(y, order) and (not carrying or carries(node, y, node._dy)):
                    stack.append(y)
                x = node._x
                if not is_placed(x, order) and (not carrying or carries(node, x, node._dx)):
                    stack.append(x)
            continue
        if displaced is not None:
            displaced.append(node._slot)
        node._slot = len(order)
        order.append(node)


def push_operands(f: Fold, node: Value, order: list[Value], stack: list[Any], carrying: bool) -> None:
    """The same for a node of many operands, the last first."""
    for i in range(len(f.operands) - 1, -1, -1):
        if isinstance(f.operands[i], Value):
            x = f.operands[i]
            if is_placed(x, order):
                continue
            if not carrying or carries(node, x, f.partials[i]) or (f.rule is not None and x._code != CONSTANT):
                stack.append(x)


def is_placed(node: Value, order: list[Value]) -> bool:
    """Whether the node is in the list already."""
    return node._slot < len(order) and order[node._slot] is node
