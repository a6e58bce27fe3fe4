"""What the interpreted engine asks of the table; the compiled one asks the same of `_kernel.h`, generated from it.

A partial at a pole divides by zero, which Python's floats refuse: it is then taken again over `Real`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.calculus._codes import (
    ABS,
    ADD,
    CONSTANT,
    CUSTOM,
    DETACH,
    DIV,
    DOT,
    FIRST_CODE,
    FLOOR,
    LEAF,
    MUL,
    NEG,
    OVER,
    POW,
    SUB,
    VECTORISED,
)  # fmt: skip
from autograd.calculus.arithmetic import Arithmetic
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.table import TABLE

__all__ = [
    "ABS", "ADD", "CONSTANT", "CUSTOM", "DETACH", "DIV", "DOT", "FLOOR", "LEAF", "MUL", "NEG", "OVER", "POW", "SUB",
    "Doubles", "Real", "commutes", "doubles", "drop", "fold_partials", "fold_value", "hang_dict_on", "has_dict",
    "interleaved", "is_vectorised", "partial1", "partial2", "poll", "release", "selects", "stop_draining", "value1",
    "value2", "wants_lanes",
]  # fmt: skip

Doubles = list[float]

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
    for i in range(n):
        partials[i] = float(derive(i, xs, z))


def selects(code: int) -> bool:
    """Whether a partial of 0 means that the operand was not taken."""
    return code >= FIRST_CODE and bool(_ROWS[code].selects)


def commutes(code: int) -> bool:
    """Whether the operands may change places, to the bit."""
    return code >= FIRST_CODE and bool(_ROWS[code].commutes)


def is_vectorised(code: int) -> bool:
    """Whether lanes have a vector function for the row, which may differ from that of math.h in a last bit."""
    return code in VECTORISED


def wants_lanes(code: int) -> bool:
    """Whether the row takes even an operand that is the same in all lanes as a row of them."""
    row = _ROWS[code]
    return not row.added if isinstance(row, Variadic) else len(row.partials) > 2


def doubles(n: int) -> list[float]:
    """Storage for `n` numbers, all 0."""
    return [0.0] * n


def release(numbers: list[float] | None) -> None:
    """Give storage back; Python's does so by itself."""


def poll() -> None:
    """Let a pending signal raise. Between bytecodes Python does so by itself."""


_dying: list[Any] = []
_draining: list[bool] = []


def drop(node: Any, dying: list[Any] = _dying, draining: list[bool] = _draining) -> None:
    """Let a dying node's operands go one by one, not within one another: some CPythons overflow the stack on a chain.

    The lists are default arguments because module globals may be gone when the interpreter exits.
    """
    hung = vars(node)
    if getattr(node, "_slot", None) is None or (node._x is None and node._fold is None and not hung):
        return  # never initialised, or with nothing to let go of
    dying.append((node._x, node._y, node._fold, *hung.values()))
    node._x = node._y = node._fold = None
    hung.clear()
    if not draining:
        try:
            draining.append(True)
            while dying:
                dying.pop()
        finally:
            draining.clear()


def stop_draining() -> None:
    """In a forked process: the thread that was letting go did not come along."""
    _draining.clear()


def hang_dict_on(kind: type, node: Any) -> None:
    """Give nodes a dictionary when first used; Python's `__slots__` does so by itself."""


def interleaved(left: list[Any], right: list[Any], started: list[Any]) -> tuple[Any, ...]:
    """The operands of a dot: what it starts with, then pair by pair."""
    return (*started, *(x for pair in zip(left, right, strict=True) for x in pair))


def has_dict(node: Any) -> bool:
    """Whether anything may be hung on the node."""
    return True
