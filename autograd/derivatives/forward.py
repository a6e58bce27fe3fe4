"""Tangents pushed forward through a graph: how results move if the inputs do.

From the partials that reverse mode multiplies by, in the other order: the tangent of a node is the sum of its partials
times the tangents of its operands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.derivatives.reverse import as_value, gradient_as_values, partials_as_values
from autograd.engine.reading import data_of, partials_of, rule_of
from autograd.engine.rules import Result, one_for_each
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

    Cost: linear in nodes and edges, in Python; no recursion.

    >>> x, y = Value(2.0), Value(3.0)
    >>> pushed([x * y, x + 1.0], {x: 1.0})
    [3.0, 1.0]
    """
    found = dict(tangents)
    for node in topological_order(roots):
        if node in found or not node.operands or not any(x in found for x in node.operands):
            continue
        row = node.primitive
        if row is None and rule_of(node) is not None:
            moved = pushed_through(node, found)
            if moved is not None:
                found[node] = data_of(moved)
            continue
        total = None
        for x, partial in zip(node.operands, partials_of(node), strict=True):
            if x in found and not (row is not None and row.selects and partial == 0.0):
                share = partial * found[x]
                total = share if total is None else total + share
        if total is not None:
            found[node] = total
    return [found.get(root, 0.0) for root in roots]


def pushed_as_values(roots: list[Value], tangents: Mapping[Value, Any]) -> list[Value]:
    """The same as Values, to be differentiated again, and from tangents that may be Values.

    >>> x = Value(2.0)
    >>> [dy] = pushed_as_values([x**3], {x: 1.0})
    >>> dy.data, pushed([dy], {x: 1.0})
    (12.0, [12.0])
    """
    found: dict[Value, Any] = dict(tangents)
    for node in topological_order(roots):
        if node in found or not node.operands or not any(x in found for x in node.operands):
            continue
        if rule_of(node) is not None:
            moved = pushed_through(node, found)
            if moved is not None:
                found[node] = moved
            continue
        total = None
        for x, partial in partials_as_values(node):
            if x in found:
                share = partial * found[x]
                total = share if total is None else total + share
        if total is not None:
            found[node] = total
    return [as_value(found.get(root, 0.0)) for root in roots]


def pushed_through(node: Value, tangents: Mapping[Value, Any]) -> Any:
    """The tangent of a node with a rule of its own, which is a pullback: linear in the adjoint, so its slope by that.

    What is pulled back to the operands, each times its tangent, summed, is the adjoint times the tangent of the node.
    """
    rule, adjoint = rule_of(node), Value(1.0)
    if isinstance(rule, Result):
        whole = node.operands[0]
        number, node = rule.number, whole
        rule = rule_of(whole)
        given: Any = {number: adjoint}
    elif rule.many:
        return 0.0  # of several results none is it: each has a node of its own above
    else:
        given = adjoint
    if not any(x in tangents for x in node.operands):
        return None
    shares = one_for_each(rule, rule.contributions_as_values(node, given), len(node.operands))
    terms = [
        share * tangents[x]
        for x, share in zip(node.operands, shares, strict=True)
        if x in tangents and share is not None
    ]
    if not terms:
        return None
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return gradient_as_values([as_value(total)], [adjoint], [1.0])[0]
