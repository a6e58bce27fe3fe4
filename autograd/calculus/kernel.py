"""What the interpreted engine asks of the table; the compiled one asks the same of `_kernel.h`, generated from it.

A partial at a pole divides by zero, which Python's floats refuse: it is then taken again over `Real`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.calculus._codes import FIRST_CODE, VECTORISED
from autograd.calculus.arithmetic import Arithmetic
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.table import TABLE

__all__ = [
    "Real", "commutes", "fold_partials", "fold_value", "is_vectorised", "partial1", "partial2", "selects", "value1",
    "value2", "wants_lanes",
]  # fmt: skip

_ROWS: list[Any] = [*[None] * FIRST_CODE, *TABLE]
_VALUES: list[Callable[..., float]] = [row and row.value for row in _ROWS]
_PARTIALS: list[Sequence[Callable[..., Any]]] = [row and row.partials for row in _ROWS]


class Real(Arithmetic, float):  # type: ignore[misc]  # a float's power has a type for each exponent
    """A float whose `/` gives inf or nan instead of ZeroDivisionError: partials are evaluated over it at their poles.

    >>> 1.0 / Real(0.0)
    inf
    """

    __slots__ = ()

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[float]) -> Real:
        return Real(primitive.evaluate([float(x) for x in operands]))


def value1(code: int, x: float) -> float:
    """The value of a unary row."""
    return _VALUES[code](x)


def value2(code: int, x: float, y: float) -> float:
    """The value of a binary row."""
    return _VALUES[code](x, y)


def partial1(code: int, x: float, z: float) -> float:
    """∂z/∂x of a unary row."""
    try:
        return float(_PARTIALS[code][0](x, z))
    except ZeroDivisionError:
        return float(_PARTIALS[code][0](Real(x), Real(z)))


def partial2(code: int, i: int, x: float, y: float, z: float) -> float:
    """∂z/∂x (`i` = 0) or ∂z/∂y (`i` = 1) of a binary row."""
    try:
        return float(_PARTIALS[code][i](x, y, z))
    except ZeroDivisionError:
        return float(_PARTIALS[code][i](Real(x), Real(y), Real(z)))


def fold_value(code: int, xs: Sequence[float], n: int) -> float:
    """The value of a row that takes its operands from an array."""
    return float(_ROWS[code].evaluate(xs))


def fold_partials(code: int, xs: Sequence[float], n: int, z: float, partials: list[float]) -> None:
    """All ∂z/∂xᵢ of a row that takes its operands from an array, into `partials`."""
    derive = _ROWS[code].derive
    try:
        for i in range(n):
            partials[i] = float(derive(i, xs, z))
    except ZeroDivisionError:
        exact = list(map(Real, xs[:n]))
        for i in range(n):
            partials[i] = float(derive(i, exact, Real(z)))


def selects(code: int) -> bool:
    """Whether a partial of 0 means that the operand was not taken."""
    return FIRST_CODE <= code < len(_ROWS) and bool(_ROWS[code].selects)


def commutes(code: int) -> bool:
    """Whether the operands may change places, to the bit."""
    return FIRST_CODE <= code < len(_ROWS) and bool(_ROWS[code].commutes)


def is_vectorised(code: int) -> bool:
    """Whether lanes have a vector function for the row, which may differ from that of math.h in a last bit."""
    return code in VECTORISED


def wants_lanes(code: int) -> bool:
    """Whether the row takes even an operand that is the same in all lanes as a row of them."""
    row = _ROWS[code]
    return not row.added if isinstance(row, Variadic) else len(row.partials) > 2
