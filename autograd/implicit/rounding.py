"""What rounding leaves open of a root: a function that is 0 to its last digits may be as near as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.calculus.primitive import Variadic
from autograd.derivatives.forward import pushed_as_values
from autograd.derivatives.reverse import swept, values_from
from autograd.engine.reading import all_operands
from autograd.values.value import Value

__all__ = ["EPSILON", "added", "doubts", "scales"]

EPSILON = 2.0**-50
"""Four times the most that one operation is rounded by."""


def doubts(made: Sequence[Value], values: Sequence[Any]) -> list[list[tuple[Any, Any, Any]]]:
    """Of each value what its nodes contribute: a node, its adjoint, and how far rounding may move the value there.

    Args:
        made: All that the function made, operands first.
        values: What it gave.
    """
    found = []
    for y in values:
        adjoints: dict[Value, Any] = {y: 1.0}
        swept(made, adjoints, values_from)
        found.append([(node, adjoints[node], abs(adjoints[node] * size_of(node))) for node in made if node in adjoints])
    return found


def size_of(node: Value) -> Any:
    """How large the numbers are that a node is rounded at: of a sum its terms, which may leave little."""
    row = node.primitive
    if not isinstance(row, Variadic) or not row.added:
        return node
    xs = all_operands(node)
    terms = [x * y for x, y in zip(xs[::2], xs[1::2], strict=True)] if row.pairs else xs
    return added([abs(x) for x in terms])


def scales(found: list[list[tuple[Any, Any, Any]]], x: Value) -> Any:
    """How large what x is added to is, in x's own measure: 1 for `exp(x) - 1` at 0, for `x*x - a` no more than x."""
    most: Any = 0.0
    for parts in found:
        moved = pushed_as_values([node for node, _, _ in parts], {x: 1.0})
        moves = added([abs(adjoint * t) for (_, adjoint, _), t in zip(parts, moved, strict=True)])
        if moves > 0.0:
            scale = added([size for _, _, size in parts]) / moves
            most = scale if scale > most else most
    return most


def added(terms: Sequence[Any]) -> Any:
    """Their sum; 0 if there are none."""
    total: Any = 0.0
    for x in terms:
        total = total + x
    return total
