"""Rules as expressions: run a row of the table over symbols and see what it did.

A Python `if` on a symbol has no value, so `trace` runs the function once per outcome and returns a tree of branches.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.calculus import ieee, table
from autograd.calculus.primitive import Primitive

__all__ = ["Branch", "Symbol", "operand_names", "trace"]


class Symbol:
    """An expression: a variable's name, a number, or a head (a Primitive or a comparison) over arguments.

    >>> x = Symbol("x")
    >>> (1.0 / (1.0 + x * x)).key()
    (<primitive div>, (1.0,), (<primitive add>, (1.0,), (<primitive mul>, ('x',), ('x',))))
    """

    __slots__ = ("args", "head")

    def __init__(self, head: Primitive | str | float, *args: Symbol) -> None:
        self.head, self.args = head, args

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Symbol:
        return Symbol(primitive, *map(_symbol, operands))

    def key(self) -> tuple[Any, ...]:
        """Equal for equal expressions; hashable."""
        return (self.head, *(argument.key() for argument in self.args))

    def __bool__(self) -> bool:
        if _decisions is None:
            raise TypeError("a symbol has no truth value outside of trace()")
        return _decisions.next(self)


def _symbol(x: Any) -> Symbol:
    return x if isinstance(x, Symbol) else Symbol(float(x))


def _operator(head: Primitive | str, reflected: bool = False) -> Callable[..., Symbol]:
    if reflected:
        return lambda y, x: Symbol(head, _symbol(x), y)
    return lambda x, *rest: Symbol(head, x, *map(_symbol, rest))


_ARITHMETIC = {"add": table.add, "sub": table.sub, "mul": table.mul, "truediv": table.div,
               "pow": table.pow}  # fmt: skip
_COMPARISONS = {"and": "&", "gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "==", "ne": "!="}
for _name, _row in _ARITHMETIC.items():
    setattr(Symbol, f"__{_name}__", _operator(_row))
    setattr(Symbol, f"__r{_name}__", _operator(_row, reflected=True))
for _name, _sign in _COMPARISONS.items():
    setattr(Symbol, f"__{_name}__", _operator(_sign))
setattr(Symbol, "__neg__", _operator(table.neg))  # noqa: B010  (as its siblings above)


@dataclass(frozen=True)
class Branch:
    """`if condition: yes; else: no`, as traced."""

    condition: Symbol
    yes: Branch | Symbol
    no: Branch | Symbol


class _Undecided(Exception):
    """A branch that no decision covers yet; carries its condition."""


class _Decisions:
    """The outcomes to give to the truth tests of one run, in order."""

    def __init__(self, outcomes: Sequence[bool]) -> None:
        self.rest = list(outcomes)

    def next(self, condition: Symbol) -> bool:
        if not self.rest:
            raise _Undecided(condition)
        return self.rest.pop(0)


_decisions: _Decisions | None = None


def trace(function: Callable[..., Any], *args: Any, outcomes: tuple[bool, ...] = ()) -> Branch | Symbol:
    """What `function` computes on symbols: an expression, or a tree of branches if it tests them.

    Functions of `ieee` call floats' functions by name; the run sees the table's rows in their place.
    """
    global _decisions
    rows = {row.value.__name__: row for row in table.TABLE if row.value in ieee.MATH_H}
    if isinstance(function, types.FunctionType) and function.__module__ == ieee.__name__:
        function = types.FunctionType(function.__code__, {**function.__globals__, **rows})
    _decisions = _Decisions(outcomes)
    try:
        return _symbol(function(*args))
    except _Undecided as undecided:
        condition = undecided.args[0]
    finally:
        _decisions = None
    return Branch(
        condition,
        trace(function, *args, outcomes=(*outcomes, True)),
        trace(function, *args, outcomes=(*outcomes, False)),
    )


def operand_names(row: Primitive) -> list[str]:
    """`x`, or `x, y`, or what the row itself calls its operands."""
    return list(inspect.signature(row.partials[0]).parameters)[:-1]
