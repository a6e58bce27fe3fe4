"""Rules that a user writes: micrograd's `_backward` closures and microgpt's local gradients; nodes with other rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import CellType, FunctionType
from typing import Any

import cython

from autograd.border.conversion import as_float, describe
from autograd.engine.listening import tell_made
from autograd.engine.node import Fold, Node
from autograd.engine.pausing import grad_enabled
from autograd.engine.reading import as_nodes, operands_of, partials_of, refuse, rule_of
from autograd.engine.rules import Result, Rule
from autograd.engine.sweep import carries
from autograd.values.copying import copied

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, CUSTOM
    from autograd.engine.listening import _listening
    from autograd.engine.node import blank

__all__ = ["Closure", "customise", "join", "joined", "pass_on", "results_of", "set_rule"]


def customise(node: Any, children: Any, op: Any, label: str, local_grads: Any) -> None:
    """Make a fresh node what `Value(data, children, op, label)` or `Value(data, children, local_grads)` asks for."""
    if isinstance(op, (tuple, list)):
        op, local_grads = "", op
    operands = tuple(as_nodes(children if children is not None else (), "Value(data, children)"))
    partials = [as_float(d, "local gradient") for d in (local_grads if local_grads is not None else ())]
    if partials and len(partials) != len(operands):
        raise ValueError(f"Value: {len(operands)} children need as many local gradients, got {len(partials)}")
    if label:
        node.label = label
    if op:
        node._op = op
    if not grad_enabled():
        node._code = CONSTANT if operands else node._code
    elif operands:
        node._code = CUSTOM
        node._fold = f = Fold(operands)
        for i in range(len(partials)):
            f.partials[i] = partials[i]


class Closure(Rule):
    """A `_backward` closure: it reads the `grad` of its node and adds to its operands'.

    Attributes:
        function: The closure.
        shadow: A copy of its node, which it reads in its place: see `set_rule`.
    """

    __slots__ = ("function", "shadow")
    bound = "its _backward closure refers to other nodes; give local_grads"

    def __init__(self, function: Callable[[], Any], shadow: Any) -> None:
        self.function, self.shadow = function, shadow

    def run(self, node: Any, adjoint: float) -> None:
        """Call the closure when the node's `grad` is the adjoint."""
        self.shadow.grad, self.shadow.data = adjoint, node.data
        self.function()

    def contributions(self, node: Any, adjoint: float) -> list[float | None]:
        """The closure's additions to each operand's `grad`, which is put back."""
        operands = operands_of(node)
        inputs = {id(x): x for x in operands}
        unique = [*inputs.values(), node]
        before = [x.grad for x in unique]
        for x in unique:
            x.grad = 0.0
        try:
            node.grad = adjoint
            self.run(node, adjoint)
            added = {at: x.grad for at, x in inputs.items()}
            return [added.pop(id(x), None) for x in operands]  # once, for one that stands there twice
        finally:
            for x, g in zip(unique, before, strict=True):
                x.grad = g

    def contributions_as_values(self, node: Any, adjoint: Any) -> Sequence[Any]:
        """There are none: what a closure computes are numbers."""
        raise TypeError(
            f"{node!r} has a _backward closure: create_graph cannot differentiate it again; give local_grads"
        )

    def partials(self, node: Any) -> None:
        """Those that the node had before."""


def set_rule(node: Any, closure: Any) -> None:
    """Give a node the rule `closure`, which reads the node's `grad` and adds to its operands'.

    A closure refers to the node it belongs to, and that cycle would never be freed: in its cells and defaults it gets
    a copy of the node to read instead. A constant (made under no_grad, say) takes no rule: nothing flows through it.
    """
    if not callable(closure):
        raise TypeError(f"_backward: expected a function without arguments, got {describe(closure)}")
    if node.is_constant:
        return
    operands, partials = operands_of(node), partials_of(node)
    node._op = node._op
    f = Fold(operands)
    if _listening:
        refuse("copying a Value")
    shadow = copied(node)
    shadow._x = shadow._y = None
    shadow._fold = Fold(operands)
    for i in range(len(operands)):
        f.partials[i] = shadow._fold.partials[i] = partials[i]
    f.rule = Closure(without_cycle(closure, node, shadow), shadow)
    node._x = node._y = None
    node._fold = f
    node._code = shadow._code = CUSTOM


def join(data: float, operands: tuple[Any, ...], rule: Rule) -> Any:
    """A node with a rule: a Value, through which the gradient goes on to its operands as the rule says."""
    for x in operands:
        if not isinstance(x, Node):
            raise TypeError(f"{rule.name}: expected Values as operands, got {describe(x)}")
    node: Node = blank()
    node._data = data
    node._code = CUSTOM
    node._fold = f = Fold(operands)
    f.rule = rule
    if isinstance(rule, Result):
        f.partials[0] = 1.0
    if _listening:
        tell_made(node)
    return node


def joined(numbers: Sequence[float], operands: tuple[Any, ...], rule: Rule) -> list[Any]:
    """The results of an operation with a rule, as Values that are differentiated together; see `Joint`."""
    return results_of(join(0.0 if rule.many else numbers[0], operands, rule), numbers, rule)


def results_of(node: Any, numbers: Sequence[float], rule: Rule) -> list[Any]:
    """The results of the node of such an operation: itself, or of `many` a new Value for each."""
    return [join(x, (node,), Result(k)) for k, x in enumerate(numbers)] if rule.many else [node]


def without_cycle(closure: Any, node: Any, shadow: Any) -> Any:
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


def holds(cell: Any, node: Any) -> bool:
    """Whether a closure's cell holds the node; an empty cell holds nothing."""
    try:
        return cell.cell_contents is node
    except ValueError:
        return False


def pass_on(node: Any) -> None:
    """Add this node's share to its operands' `grad`: one step of the chain rule, by hand.

    Raises:
        TypeError: the node is one of several results that are differentiated together.
    """
    rule = rule_of(node)
    if isinstance(rule, Result):
        raise TypeError(f"_backward of one of several results of {node.operands[0]._op}: call backward() on the root")
    if isinstance(rule, Closure):
        rule.run(node, node.grad)
    else:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if carries(node, operand, partial):
                operand.grad += partial * node.grad
