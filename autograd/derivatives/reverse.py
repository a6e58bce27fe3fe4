"""The reverse sweep over Values: derivatives that can be differentiated again.

The chain rule is stated four times: here over Values, in `engine/sweep.py` over numbers, in `curvature/walks.py` over
numbers and their tangents, and in `programs/sweeps.py` over the slots of a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Any

from autograd.calculus.homogeneous import HOMOGENEOUS, slopes_apart
from autograd.calculus.special import norm
from autograd.calculus.table import logsumexp
from autograd.engine.hooks import hooked
from autograd.engine.listening import recorder
from autograd.engine.node import constant
from autograd.engine.reading import all_operands, data_of, hooks_of, partials_of, require_root, rule_of
from autograd.engine.rules import Result, as_numbers, lay_by, one_for_each
from autograd.engine.sweep import carries
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = [
    "as_value",
    "checked",
    "gradient_as_values",
    "gradient_between",
    "numbers_from",
    "partials_as_values",
    "swept",
    "values_from",
]

NEARLY_ALL = 0.9
"""An operand of logsumexp with a larger slope is taken off the others where slopes are differentiated again."""


def gradient_as_values(roots: list[Value], wanted: list[Value], seeds: list[Any]) -> list[Value]:
    """The reverse sweep over Values: the same chain rule, with the table's partials applied to the nodes themselves."""
    return through(topological_order(roots), roots, wanted, seeds)


def gradient_between(roots: list[Value], wanted: list[Value], seeds: list[Any]) -> list[Value]:
    """The same, by way of what was made from those that are wanted alone: of nothing else a rule is asked.

    So a rule may use the result of the function that it is the rule of.
    """
    between = {*wanted}
    nodes = []
    for node in topological_order(roots):
        if node in between or any(x in between for x in node.operands):
            between.add(node)
            nodes.append(node)
    return through(nodes, roots, wanted, seeds)


def through(nodes: list[Value], roots: list[Value], wanted: list[Value], seeds: list[Any]) -> list[Value]:
    """The reverse sweep from the roots to those that are wanted, through some nodes."""
    adjoints: dict[Value, Any] = {}
    for root, seed in zip(roots, seeds, strict=True):
        adjoints[root] = adjoints.get(root, 0.0) + seed
    swept(nodes, adjoints, values_from)
    return [as_value(adjoints.get(x, 0.0)) for x in wanted]


From = Callable[[Value, Any], Iterable[tuple[Value, Any]]]
"""Of a node and its adjoint, what goes to each operand; None for nothing."""


def swept(nodes: Sequence[Value], adjoints: dict[Value, Any], contributions: From) -> None:
    """Add to the adjoints of some nodes those of all that they were made from; no further than these nodes.

    Args:
        nodes: Operands before what was made from them.
        adjoints: Of those that the sweep begins at; it is added to.
        contributions: `numbers_from` or `values_from`.
    """
    shares: dict[Value, dict[int, Any]] = {}  # of what has several results, their adjoints
    for node in reversed(nodes):
        rule = rule_of(node)
        coming = shares if rule is not None and rule.many else adjoints
        if coming is shares and node in adjoints:  # it was taken for a result itself
            require_root(node)
        if node not in coming or node.is_constant:
            continue
        if hooked and coming is adjoints and (hooks := hooks_of(node)) is not None:
            adjoints[node] = hooks.seen(adjoints[node] if contributions is numbers_from else as_value(adjoints[node]))
        if isinstance(rule, Result):
            lay_by(shares, node.operands[0], rule.number, adjoints[node])
            continue
        for operand, contribution in contributions(node, coming[node]):
            if contribution is not None and not operand.is_constant:
                known = operand in adjoints
                adjoints[operand] = adjoints[operand] + contribution if known else contribution


def numbers_from(node: Value, adjoint: Any) -> Iterable[tuple[Value, Any]]:
    """What goes to each operand of a node, as numbers."""
    operands, rule = node.operands, rule_of(node)
    if rule is not None:
        return zip(operands, as_numbers(rule, rule.contributions(node, adjoint), len(operands)), strict=True)
    pairs = zip(operands, partials_of(node), strict=True)
    return [(x, partial * adjoint if carries(node, x, partial) else None) for x, partial in pairs]


def values_from(node: Value, adjoint: Any) -> Iterable[tuple[Value, Any]]:
    """The same as Values."""
    operands, rule = node.operands, rule_of(node)
    if rule is not None:
        found = rule.contributions_as_values(node, adjoint)
        return zip(operands, one_for_each(rule, found, len(operands)), strict=True)
    return [(x, partial * adjoint) for x, partial in partials_as_values(node)]


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
    if row in HOMOGENEOUS:
        return partials_apart(node, list(xs), live)
    derive = row.derive if len(live) < 2 else row.moved_together
    if recorder() is not None:  # no number may decide anything here, but a comparison may: it is recorded as a guard
        found = [(xs[i], derive(i, xs, node)) for i in live]
        return [(x, partial) for x, partial in found if not (row.selects and partial == 0.0)]
    numbers = dict(zip([i for i, x in enumerate(xs) if isinstance(x, Value)], node.partials, strict=True))
    taken = [i for i in live if not (row.selects and numbers[i] == 0.0)]
    return [(xs[i], checked(derive(i, xs, node), numbers[i], xs[i])) for i in taken]


def partials_apart(node: Value, xs: list[Any], live: list[int]) -> list[tuple[Value, Any]]:
    """The same of logsumexp and norm, where one operand has nearly all: its slope moves by what the others move.

    Beside 1 that would be lost. Slopes of the one depend on differences alone, those of the other on ratios: so they
    are found of what is left of the operands without the largest. Their bits are those that the table gives.
    """
    row: Any = node.primitive
    if recorder() is not None:
        return list(zip([xs[i] for i in live], slopes_apart(row, xs, live), strict=True))
    numbers, z = [data_of(x) if isinstance(x, Value) else x for x in xs], data_of(node)
    known = dict(zip([i for i, x in enumerate(xs) if isinstance(x, Value)], node.partials, strict=True))
    usual = abs(z) < inf and (z != 0.0 or row is logsumexp)
    slopes = [float(row.derive(i, numbers, z)) for i in range(len(xs))] if usual else []
    most = max(range(len(slopes)), key=lambda i: abs(slopes[i]), default=-1)
    if most < 0 or (row is logsumexp and slopes[most] < NEARLY_ALL):
        return [(xs[i], checked(row.derive(i, xs, node), known[i], xs[i])) for i in live]
    found = []
    for i, slope in zip(live, slopes_apart(row, xs, live, most), strict=True):
        partial = -slope if row is norm and numbers[most] < 0.0 else slope
        found.append((xs[i], partial + (checked(slopes[i], known[i], xs[i]) - data_of(as_value(partial)))))
    return found


def checked(partial: Any, number: float, operand: Value) -> Any:
    """The partial, if it still has the value that it had in the forward pass."""
    now = data_of(partial) if isinstance(partial, Value) else float(partial)
    if now != number and (now == now or number == number):
        raise ValueError(f"create_graph: data was changed after {operand!r} was used; compute the output again")
    return partial
