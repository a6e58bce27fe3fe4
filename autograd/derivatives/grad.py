"""Derivatives as results: of first order as numbers, of any order as Values.

The chain rule is stated three times: here over Values, in `engine/sweep.py` over numbers, and in
`programs/differentiation.py` over the slots of a program.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.engine.listening import recorder
from autograd.engine.node import constant
from autograd.engine.reading import all_operands, as_nodes, data_of, require_root, rule_of
from autograd.engine.rules import Result, one_for_each
from autograd.engine.sweep import gradient
from autograd.values.roots import as_seeds, topological_order
from autograd.values.value import Value

__all__ = ["grad"]


def grad(
    outputs: Value | Iterable[Value],
    inputs: Value | Iterable[Value] | None = None,
    seeds: Any = None,
    *,
    create_graph: bool = False,
) -> Any:
    """∂(sum of outputs)/∂input, without touching any `.grad`.

    Args:
        outputs: One Value or several.
        inputs: One Value or several, leaves or inner nodes. One that the outputs do not depend on has derivative 0.
        seeds: One number per output, to weigh the sum with; 1 if not given.
        create_graph: The sweep runs on Values, so that the derivatives can be differentiated again.

    Returns:
        One derivative for one input, a list for several: floats, or Values with `create_graph`.

    Raises:
        TypeError: an output or input is not a Value (a function, say), or a node on the way has a `_backward` closure
            and `create_graph` is asked for: what it computes are numbers.
        ValueError: an input or output is a constant; `create_graph` is asked for and the data of a node has been
            changed since, so that its derivative as a formula is not that of the forward pass that ran.

    Cost: one sweep; with `create_graph` some tens of times slower, since each of its steps makes a node.

    >>> x = Value(3.0)
    >>> dy = grad(x**3, x, create_graph=True)
    >>> dy.data, grad(dy, x)
    (27.0, 18.0)
    """
    if callable(outputs):
        raise TypeError(
            "grad: expected Values that have been computed, got a function: its derivative is autograd.compile(f).grad"
        )
    if inputs is None:
        raise TypeError("grad: by which Values? give them as the second argument, one or a list")
    wanted = as_nodes(inputs, "grad")
    for x in wanted:
        if x.is_constant:
            raise ValueError(f"grad: {x!r} is a constant (detached, or made under no_grad): no derivative towards it")
    roots = as_nodes(outputs, "grad")
    weights = as_seeds(seeds, len(roots))
    for root in roots:
        require_root(root, "grad of")
    if recorder() is not None:  # a function is being recorded: its replays need the derivatives as they come about
        found: list[Any] = gradient_as_values(roots, wanted, weights)
        found = found if create_graph else [(0.0 + d).detach() for d in found]  # a sweep of numbers adds to 0.0
    else:
        found = list((gradient_as_values if create_graph else gradient)(roots, wanted, weights))
    return found[0] if isinstance(inputs, Value) else found


def gradient_as_values(roots: list[Value], wanted: list[Value], seeds: list[float]) -> list[Value]:
    """The reverse sweep over Values: the same chain rule, with the table's partials applied to the nodes themselves."""
    adjoints: dict[Value, Any] = {}
    for root, seed in zip(roots, seeds, strict=True):
        adjoints[root] = adjoints.get(root, 0.0) + seed
    shares: dict[Value, dict[int, Any]] = {}  # of what has several results, their adjoints
    for node in reversed(topological_order(roots)):
        rule = rule_of(node)
        coming = shares if rule is not None and rule.many else adjoints
        if coming is shares and node in adjoints:  # it was taken for a result itself
            require_root(node)
        if node not in coming or node.is_constant:
            continue
        if isinstance(rule, Result):
            shares.setdefault(node.operands[0], {})[rule.number] = adjoints[node]
            continue
        if rule is not None:
            given = rule.contributions_as_values(node, coming[node])
            found = list(zip(node.operands, one_for_each(rule, given, len(node.operands)), strict=True))
        else:
            found = [(operand, partial * adjoints[node]) for operand, partial in partials_as_values(node)]
        for operand, contribution in found:
            if contribution is not None and not operand.is_constant:
                known = operand in adjoints
                adjoints[operand] = adjoints[operand] + contribution if known else contribution
    return [as_value(adjoints.get(x, 0.0)) for x in wanted]


def as_value(x: Any) -> Value:
    """A Value as it is; a number, as the result that a derivative is: one that can be differentiated again, to 0."""
    return x if isinstance(x, Value) else constant(x) * 1.0


def partials_as_values(node: Value) -> list[tuple[Value, Any]]:
    """`(operand, ∂node/∂operand)` for each operand that a gradient flows to, as the table writes it."""
    row = node.primitive
    if row is None and not node.operands:
        return []
    if row is None:  # local gradients
        return [(x, d) for x, d in zip(node.operands, node.partials, strict=True) if not x.is_constant]
    xs = all_operands(node)
    live = [i for i, x in enumerate(xs) if isinstance(x, Value) and not x.is_constant]
    if recorder() is not None:  # no number may decide anything here, but a comparison may: it is recorded as a guard
        found = [(xs[i], row.derive(i, xs, node)) for i in live]
        return [(x, partial) for x, partial in found if not (row.selects and partial == 0.0)]
    numbers = dict(zip([i for i, x in enumerate(xs) if isinstance(x, Value)], node.partials, strict=True))
    taken = [i for i in live if not (row.selects and numbers[i] == 0.0)]
    return [(xs[i], checked(row.derive(i, xs, node), numbers[i], xs[i])) for i in taken]


def checked(partial: Any, number: float, operand: Value) -> Any:
    """The partial, if it still has the value that it had in the forward pass."""
    now = data_of(partial) if isinstance(partial, Value) else float(partial)
    if now != number and (now == now or number == number):
        raise ValueError(f"create_graph: data was changed after {operand!r} was used; compute the output again")
    return partial
