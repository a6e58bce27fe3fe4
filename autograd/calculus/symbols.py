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
from autograd.calculus.arithmetic import COMPARISONS, Arithmetic
from autograd.calculus.primitive import Primitive

__all__ = ["Branch", "Loop", "Symbol", "operand_names", "trace", "trace_loops"]


class Symbol(Arithmetic):
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


def _comparison(sign: str) -> Callable[[Any, Any], Symbol]:
    return lambda x, y: Symbol(sign, x, _symbol(y))


_SIGNS = {"and": "&", **{comparison.method: comparison.symbol for comparison in COMPARISONS}}
for _name, _sign in _SIGNS.items():  # as they are written, not the rows that decide them
    setattr(Symbol, f"__{_name}__", _comparison(_sign))


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
        self.rest, self.taken = list(outcomes), 0

    def next(self, condition: Symbol) -> bool:
        if not self.rest:
            raise _Undecided(condition)
        self.taken += 1
        return self.rest.pop(0)


_decisions: _Decisions | None = None


def _on_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which calls the table's rows where one of `ieee` calls floats' functions by name."""
    rows = {row.value.__name__: row for row in table.TABLE if row.value in ieee.MATH_H}
    if isinstance(function, types.FunctionType) and function.__module__ == ieee.__name__:
        names = {**function.__globals__, **rows}
        return types.FunctionType(function.__code__, names, closure=function.__closure__)
    return function


def trace(function: Callable[..., Any], *args: Any, outcomes: tuple[bool, ...] = ()) -> Branch | Symbol:
    """What `function` computes on symbols: an expression, or a tree of branches if it tests them."""
    global _decisions
    function = _on_rows(function)
    around, _decisions = _decisions, _Decisions(outcomes)
    try:
        return _symbol(function(*args))
    except _Undecided as undecided:
        condition = undecided.args[0]
    finally:
        _decisions = around
    return Branch(
        condition,
        trace(function, *args, outcomes=(*outcomes, True)),
        trace(function, *args, outcomes=(*outcomes, False)),
    )


@dataclass(frozen=True)
class Loop:
    """`z = start; for x in xs: z = step`, as traced: a step of x, y (of a pair), and Z(k) of the k-th loop."""

    start: float
    by: int
    step: Branch | Symbol


def _joined(step: Callable[..., Any], term: Callable[..., Any]) -> Callable[..., Any]:
    step, term = _on_rows(step), _on_rows(term)
    return lambda z, *operands: step(z, term(*operands))


class _Operands:
    """Any number of operands, while a row's value is traced: a fold over them is a loop, which is noted."""

    def __init__(self) -> None:
        self.loops: list[Loop] = []

    def __fold__(self, step: Callable[..., Any], start: float, term: Callable[..., Any] | None, pairs: bool) -> Symbol:
        if _decisions is not None and _decisions.taken:
            raise TypeError(
                "a fold after an `if`: the value of a row first goes through its operands, and then decides"
            )
        z = Symbol(f"Z({len(self.loops)})")
        operands = [Symbol(name) for name in ("xy" if pairs else "x")]
        traced = trace(step, z, *operands) if term is None else trace(_joined(step, term), z, *operands)
        self.loops.append(Loop(float(start), len(operands), traced))
        return z


def trace_loops(function: Callable[..., Any]) -> tuple[list[Loop], Branch | Symbol]:
    """What `function` computes of any number of operands: its loops, and of what they give the result."""
    operands = _Operands()

    def run() -> Any:
        operands.loops.clear()
        return traced(operands)

    traced = _on_rows(function)
    return operands.loops, trace(run)


def operand_names(row: Primitive) -> list[str]:
    """`x`, or `x, y`, or what the row itself calls its operands."""
    return list(inspect.signature(row.partials[0]).parameters)[:-1]
