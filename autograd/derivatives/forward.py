"""Tangents pushed forward through a graph: how results move if the inputs do.

From the partials that reverse mode multiplies by, in the other order: the tangent of a node is the sum of its partials
times the tangents of its operands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

from autograd.curvature.pushing import all_finite, moved
from autograd.derivatives.reverse import as_value, gradient_as_values, gradient_between, partials_as_values
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of, partials_of, rule_of
from autograd.engine.rules import Result, one_for_each
from autograd.engine.sweep import carries, gradient, in_order
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["pushed", "pushed_as_values"]


def pushed(roots: list[Value], tangents: Mapping[Value, float]) -> list[float]:
    """The tangents of some Values, given those of the Values that move.

    Args:
        roots: Whose tangents are wanted.
        tangents: Of what moves, the tangent of each; what they were made from stands still.

    Raises:
        TypeError: a tangent comes to a `_backward` closure, which goes backward only.

    Cost: linear in nodes and edges; no recursion. In Python where a node has a rule of its own. Where something
        overflows on the way, a sweep for each root that it comes to.

    >>> x, y = Value(2.0), Value(3.0)
    >>> pushed([x * y, x + 1.0], {x: 1.0})
    [3.0, 1.0]
    """
    found = walked(roots, tangents)
    return found if all_finite(found) else backward_where_lost(found, roots, tangents, gradient)


def walked(roots: list[Value], tangents: Mapping[Value, float]) -> list[float]:
    """The same, as one walk forward gives them."""
    rows = moved(roots, [*tangents], [[*tangents.values()]])
    if rows is None:
        return [number_of(x) for x in tangents_below(in_order(roots, True), roots, tangents, partials_as_numbers)]
    found: list[float] = rows[0]
    return found


def number_of(x: Any) -> float:
    """A tangent as a float."""
    return data_of(x) if isinstance(x, Value) else x


def pushed_as_values(roots: list[Value], tangents: Mapping[Value, Any]) -> list[Value]:
    """The same as Values, to be differentiated again, and from tangents that may be Values.

    >>> x = Value(2.0)
    >>> [dy] = pushed_as_values([x**3], {x: 1.0})
    >>> dy.data, pushed([dy], {x: 1.0})
    (12.0, [12.0])
    """
    found = [as_value(x) for x in tangents_below(topological_order(roots), roots, tangents, partials_as_values)]
    if recorder() is not None or all(isfinite(data_of(x)) for x in found):  # in a recording no number may decide
        return found
    return [as_value(x) for x in backward_where_lost(found, roots, tangents, gradient_as_values)]


def backward_where_lost(
    found: list[Any], roots: list[Value], tangents: Mapping[Value, Any], gradients: Callable[..., Any]
) -> list[Any]:
    """Tangents, of which those that are not finite are found backward, where that comes to a number.

    What overflows on the way there, a partial times the next one, need not do so on the way back, where a small one may
    come first. Rules of one's own are not asked again.
    """
    moving = list(tangents)
    if not all(isfinite(number_of(t)) and isfinite(data_of(x)) for x, t in tangents.items()):
        return found
    if any(rule_of(node) is not None for node in topological_order(roots)):
        return found
    mended = list(found)
    for k, root in enumerate(roots):
        if not isfinite(number_of(found[k])):
            slopes = gradients([root], moving, [1.0])
            total = added(slope * tangents[x] for x, slope in zip(moving, slopes, strict=True))
            if isfinite(number_of(total)):
                mended[k] = total
    return mended


def partials_as_numbers(node: Value) -> list[tuple[Value, float]]:
    """`(operand, ∂node/∂operand)` for each operand that a gradient flows to, at the numbers of the forward pass."""
    pairs = zip(node.operands, partials_of(node), strict=True)
    return [(x, partial) for x, partial in pairs if carries(node, x, partial)]


def tangents_below(
    nodes: list[Value],
    roots: list[Value],
    tangents: Mapping[Value, Any],
    partials: Callable[[Value], Iterable[tuple[Value, Any]]],
) -> list[Any]:
    """The tangents of some Values, given those of the Values that move; 0 where nothing moves."""
    found: dict[Value, Any] = dict(tangents)
    for node in nodes:
        if node in found or not any(x in found for x in node.operands):
            continue
        if rule_of(node) is not None:
            moved = pushed_through(node, found)
        else:
            moved = added(partial * found[x] for x, partial in partials(node) if x in found)
        if moved is not None:
            found[node] = moved
    return [found.get(root, 0.0) for root in roots]


def added(terms: Iterable[Any]) -> Any:
    """The sum of some terms, from the first on; None of none."""
    total = None
    for term in terms:
        total = term if total is None else total + term
    return total


def pushed_through(node: Value, tangents: Mapping[Value, Any]) -> Any:
    """The tangent of a node with a rule of its own, which is a pullback: linear in the adjoint, so its slope by that.

    What is pulled back to the operands, each times its tangent, summed, is the adjoint times the tangent of the node.
    """
    rule, adjoint = rule_of(node), Value(1.0)
    if isinstance(rule, Result):
        whole = node.operands[0]
        number, node = rule.number, whole
        rule = rule_of(whole)
        if rule.pushes:
            return tangents[whole][number]
        given: Any = {number: adjoint}
    elif rule.pushes:
        moved = rule.pushed(node, [tangents.get(x) for x in node.operands])
        return moved if rule.many else moved[0]
    elif rule.many:
        return 0.0  # of several results none is it: each has a node of its own above
    else:
        given = adjoint
    if not any(x in tangents for x in node.operands):
        return None
    shares = one_for_each(rule, rule.contributions_as_values(node, given), len(node.operands))
    pairs = zip(node.operands, shares, strict=True)
    total = added(share * tangents[x] for x, share in pairs if x in tangents and share is not None)
    return None if total is None else gradient_between([as_value(total)], [adjoint], [1.0])[0]
