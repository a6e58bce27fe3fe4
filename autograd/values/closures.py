"""Rules that a user writes: micrograd's `_backward` closures and microgpt's local gradients."""

from __future__ import annotations

from types import CellType, FunctionType
from typing import Any

import cython

from autograd.border.conversion import as_float, describe
from autograd.engine.node import Fold, Value, is_recording, rule_of
from autograd.engine.sweep import as_values, carries, expect_several

if not cython.compiled:
    from autograd.calculus.kernel import *  # noqa: F403  (rules.pxd names what it takes)

__all__ = ["apply_rule", "customise", "join", "pass_on", "set_rule"]


def customise(node: Value, children: Any, op: Any, label: str, local_grads: Any) -> None:
    """Make a fresh node what `Value(data, children, op, label)` or `Value(data, children, local_grads)` asks for."""
    if isinstance(op, (tuple, list)):
        op, local_grads = "", op
    operands = tuple(as_values(children if children is not None else (), "Value(data, children)"))
    partials = [as_float(d, "local gradient") for d in (local_grads if local_grads is not None else ())]
    if partials and len(partials) != len(operands):
        raise ValueError(f"Value: {len(operands)} children need as many local gradients, got {len(partials)}")
    if label:
        node.label = label
    if op:
        node._op = op
    if not is_recording():
        node._code = CONSTANT if operands else node._code
    elif operands:
        node._code = CUSTOM
        node._fold = f = Fold(operands)
        for i in range(len(partials)):
            f.partials[i] = partials[i]


def set_rule(node: Value, closure: Any) -> None:
    """Give a node the rule `closure`, which reads the node's `grad` and adds to its operands'.

    A closure refers to the node it belongs to, and that cycle would never be freed: in its cells and defaults it gets
    a copy of the node to read instead. A constant (made under no_grad, say) takes no rule: nothing flows through it.
    """
    if not callable(closure):
        raise TypeError(f"_backward: expected a function without arguments, got {describe(closure)}")
    if node.is_constant:
        return
    operands, partials = node.operands, node.partials
    node._op = node._op
    f = Fold(operands)
    shadow = node.__copy__()
    shadow._x = shadow._y = None
    shadow._fold = Fold(operands)
    for i in range(len(operands)):
        f.partials[i] = shadow._fold.partials[i] = partials[i]
    f.rule, f.shadow = without_cycle(closure, node, shadow), shadow
    node._x = node._y = None
    node._fold = f
    node._code = shadow._code = CUSTOM


def join(data: float, operands: tuple[Value, ...], rule: Any) -> Value:
    """A node with a rule that is no closure: see `Fold`."""
    expect_several()
    node = Value(data)
    node._code = CUSTOM
    node._fold = f = Fold(operands)
    f.rule = rule
    if isinstance(rule, int):
        f.partials[0] = 1.0
    return node


def without_cycle(closure: Any, node: Value, shadow: Value) -> Any:
    """The function with `shadow` wherever it held `node`: in a cell, or as the default of an argument."""
    if not isinstance(closure, FunctionType):
        return closure
    cells, defaults, named = closure.__closure__ or (), closure.__defaults__ or (), closure.__kwdefaults__ or {}
    if not (any(holds(c, node) for c in cells) or any(x is node for x in (*defaults, *named.values()))):
        return closure
    replaced = tuple([CellType(shadow) if holds(cell, node) else cell for cell in cells])
    again = tuple([shadow if x is node else x for x in defaults])
    found = FunctionType(closure.__code__, closure.__globals__, closure.__name__, again or None, replaced or None)
    found.__kwdefaults__ = {name: shadow if x is node else x for name, x in named.items()} or None
    return found


def holds(cell: Any, node: Value) -> bool:
    """Whether a closure's cell holds the node; an empty cell holds nothing."""
    try:
        return cell.cell_contents is node
    except ValueError:
        return False


def apply_rule(node: Value, adjoint: float) -> list[tuple[Value, float]]:
    """What a user's rule adds to each operand when the node's `grad` is `adjoint`; their own `grad` is left alone."""
    f: Fold = node._fold
    inputs = list({id(x): x for x in f.operands}.values())
    unique = [*inputs, node]
    before = [x.grad for x in unique]
    for x in unique:
        x.grad = 0.0
    try:
        node.grad = f.shadow.grad = adjoint
        f.shadow.data = node.data
        f.rule()
        return [(x, x.grad) for x in inputs]
    finally:
        for x, g in zip(unique, before, strict=True):
            x.grad = g


def pass_on(node: Value) -> None:
    """Add this node's share to its operands' `grad`: one step of the chain rule, by hand.

    Raises:
        TypeError: the node is one of several results that are differentiated together.
    """
    rule = rule_of(node)
    if isinstance(rule, int):
        raise TypeError(f"_backward of one of several results of {node.operands[0]._op}: call backward() on the root")
    if callable(rule):
        node._fold.shadow.grad, node._fold.shadow.data = node.grad, node.data
        node._fold.rule()
    else:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if carries(node, operand, partial):
                operand.grad += partial * node.grad
