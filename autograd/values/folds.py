"""Applying a row of the table to whatever a user has: numbers, Values, arrays; and the rows of many operands."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import cython

from autograd.border.conversion import as_float, describe
from autograd.calculus.application import apply as apply_row
from autograd.calculus.arrays import along, is_array, is_traced
from autograd.engine.node import node_of, row_of
from autograd.values.value import Value

if not cython.compiled:
    from autograd.calculus._codes import DOT, SUM
    from autograd.calculus.kernel import fold_value
    from autograd.engine.memory import doubles, interleaved, release
    from autograd.engine.node import fold, node2, unary

__all__ = ["apply", "apply1", "apply2", "dot", "fold_list", "fold_pairs", "sum"]


def apply1(code: int, x: Any) -> Any:
    """A unary row of anything: a Value, an array or a number."""
    if isinstance(x, Value):
        return unary(code, x)
    return apply(code, (x,))


def apply2(code: int, x: Any, y: Any) -> Any:
    """A binary row of anything."""
    if isinstance(x, Value) and isinstance(y, Value):
        return node2(code, x, y)
    return apply(code, (x, y))


def apply(code: int, operands: tuple[Any, ...]) -> Any:
    """A row of its operands: an array if one of them is, else a Value if one of them is, else a float."""
    has_value = False
    for i in range(len(operands)):
        if isinstance(operands[i], Value):
            has_value = True
        elif type(operands[i]) is not float:
            return apply_row(row_of(code), operands)
    return node_of(row_of(code), operands) if has_value else row_of(code).evaluate(operands)


def fold_any(code: int, operands: tuple[Any, ...]) -> Any:
    """A variadic row: one node if any operand is a Value, else a float."""
    has_value, plain = False, True
    for i in range(len(operands)):
        if isinstance(operands[i], Value):
            has_value = True
        elif type(operands[i]) is not float:
            plain = False
    if not plain:
        for i in range(len(operands)):
            if is_traced(operands[i]) and not isinstance(operands[i], Value):
                return row_of(code)(*operands)
        operands = tuple([x if isinstance(x, Value) else as_float(x, row_of(code).name) for x in operands])
    return fold(code, operands) if has_value else number_of(code, operands)


def number_of(code: int, operands: tuple[float, ...]) -> float:
    """The number of a variadic row of numbers; in the compiled engine by the C that nodes have theirs from."""
    n = len(operands)
    if not cython.compiled or not n:
        return row_of(code).evaluate(operands)
    xs = doubles(n)
    try:
        for i in range(n):
            xs[i] = operands[i]
        return fold_value(code, xs, n)
    finally:
        release(xs)


def fold_list(code: int, xs: Any, axis: Any = None) -> Any:
    """A variadic row of the operands in a list or an array, or along an axis of it."""
    if axis is not None:
        return along(partial(fold_list, code), xs, axis, row_of(code).name)
    return fold_any(code, tuple(as_operands(xs, row_of(code).name)))


def fold_pairs(code: int, xs: Any, ys: Any, started: Any = None) -> Any:
    """A variadic row of pairs, after what it starts with.

    Raises:
        ValueError: the lengths differ.
    """
    left = xs if type(xs) is list else as_operands(xs, row_of(code).name)
    right = ys if type(ys) is list else as_operands(ys, row_of(code).name)
    n = len(left)
    if n != len(right):
        raise ValueError(f"{row_of(code).name}: {n} operands on the left, {len(right)} on the right")
    return fold_any(code, interleaved(left, right, started or []))


def as_operands(xs: Any, what: str) -> list[Any]:
    """The operands of a variadic row in a list; of an array all elements, in its order.

    Raises:
        TypeError: there are none to be had.
    """
    if type(xs) is not list and is_array(xs):
        return list(xs.ravel().tolist())
    try:
        each = iter(xs)
    except TypeError:
        raise TypeError(f"{what}: expected a list of its operands, got {describe(xs)}") from None
    return list(each)


def sum(xs: Iterable[Any], start: Any = 0.0, axis: Any = None) -> Any:
    """`start + xs[0] + xs[1] + ...` as one node, added from left to right.

    Args:
        xs: Numbers and Values; of an array all its elements.
        start: Added first, as in Python's `sum`.
        axis: Of an array, or of lists in lists, along which it is summed, a node for each sum.

    Returns:
        A Value if any operand is one, else a float; 0.0 if there are none.

    Rule: ∂z/∂xsᵢ = 1. Cost: one node, however many operands.

    >>> x = Value(2.0)
    >>> z = sum([x, x, 1.0])
    >>> z.backward()
    >>> z.data, x.grad
    (5.0, 2.0)
    """
    if axis is not None:
        return along(partial(sum, start=start), xs, axis, "sum")
    operands = as_operands(xs, "sum")
    if isinstance(start, Value) or start != 0.0:
        operands.insert(0, start)
    return fold_any(SUM, tuple(operands))


def dot(xs: Iterable[Any], ys: Iterable[Any], start: Any = 0.0) -> Any:
    """`start + xs[0]*ys[0] + xs[1]*ys[1] + ...` as one node, added from left to right: a neuron before its activation.

    Args:
        xs, ys: Numbers and Values, as many of one as of the other.
        start: Added first; a bias.

    Returns:
        A Value if any operand is one, else a float; 0.0 if there are none.

    Raises:
        ValueError: the lengths differ.

    Rule: ∂z/∂xsᵢ = ysᵢ; ∂z/∂ysᵢ = xsᵢ. Cost: one node, however many operands.

    >>> w = [Value(2.0), Value(3.0)]
    >>> z = dot(w, [10.0, 100.0], start=1.0)
    >>> z.backward()
    >>> z.data, w[0].grad, w[1].grad
    (321.0, 10.0, 100.0)
    """
    return fold_pairs(DOT, xs, ys, [start, 1.0] if isinstance(start, Value) or start != 0.0 else [])
