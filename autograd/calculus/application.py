"""A row of the table applied to operands of any number type."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from autograd.border.conversion import as_float
from autograd.calculus.arrays import is_array, is_traced, map_rows
from autograd.calculus.primitive import Primitive, Variadic

__all__ = ["apply", "apply_composed"]


def apply(row: Primitive, operands: Sequence[Any]) -> Any:
    """The row of its operands: an array if one of them is, else what one that is traced makes of it, else a float."""
    if all(type(x) is float for x in operands):
        return row.evaluate(operands)
    operands = [x[()] if getattr(x, "shape", None) == () else x for x in operands]  # out of arrays without axes
    if any(map(is_array, operands)):
        return apply_to_arrays(row, operands)
    if any(map(is_traced, operands)):
        return row(*operands)
    return row.evaluate([as_float(x, row.name) for x in operands])


def apply_composed(function: Callable[..., Any], operands: Sequence[Any], name: str) -> Any:
    """What is made of rows, of its operands: an array if one of them is, element by element."""
    operands = [x[()] if getattr(x, "shape", None) == () else x for x in operands]
    if any(map(is_array, operands)):
        return map_rows(function, operands, name)
    return function(*[x if is_traced(x) else as_float(x, name) for x in operands])


def apply_to_arrays(row: Primitive, operands: Sequence[Any]) -> Any:
    """The row element by element; arithmetic at NumPy's own speed."""
    if isinstance(row, Variadic) and row.added:
        terms = map(operator.mul, operands[::2], operands[1::2]) if row.pairs else operands
        return reduce(operator.add, terms)
    if row.value in (operator.add, operator.sub, operator.mul, operator.neg):
        return row.value(*operands)
    return map_rows(row, operands, row.name)
