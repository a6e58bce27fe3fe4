"""Rules as formulas: run a row of the table over symbols, and print what it did as text or as C.

A Python `if` on a symbol has no value, so `trace` runs the function once per outcome and returns a tree of branches.
"""

from __future__ import annotations

import types
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import ieee, primitives
from autograd.primitives import Primitive

__all__ = ["Branch", "Symbol", "formula", "to_c", "trace"]


class Symbol:
    """An expression: a variable's name, a number, or a head (a Primitive or a comparison) over arguments.

    >>> x = Symbol("x")
    >>> print(formula(1.0 / (1.0 + x * x)))
    1 / (1 + x * x)
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


_ARITHMETIC = {"add": primitives.add, "sub": primitives.sub, "mul": primitives.mul, "truediv": primitives.div,
               "pow": primitives.pow}  # fmt: skip
_COMPARISONS = {"and": "&", "gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "==", "ne": "!="}
for _name, _row in _ARITHMETIC.items():
    setattr(Symbol, f"__{_name}__", _operator(_row))
    setattr(Symbol, f"__r{_name}__", _operator(_row, reflected=True))
for _name, _sign in _COMPARISONS.items():
    setattr(Symbol, f"__{_name}__", _operator(_sign))
setattr(Symbol, "__neg__", _operator(primitives.neg))  # noqa: B010  (as its siblings above)


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
    rows = {row.value.__name__: row for row in primitives.TABLE if row.value in ieee.MATH_H}
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


# --- printing --------------------------------------------------------------------------------------------------------

_BINDING = {"&": 1, "==": 2, "!=": 2, ">": 2, "<": 2, ">=": 2, "<=": 2, "+": 3, "-": 3, "*": 4, "/": 4, "**": 6}
_NEG = 5


def _number(x: float) -> str:
    return str(int(x)) if x == int(x) and abs(x) < 1e6 else repr(x)


def formula(symbol: Symbol, binding: int = 0) -> str:
    """The expression as Python writes it, with no more parentheses than needed."""
    head, args = symbol.head, symbol.args
    if isinstance(head, float):
        return _number(head)
    operator = head.symbol if isinstance(head, Primitive) else head
    if not args:
        return operator
    if head is primitives.neg:
        return _parenthesised(f"-{formula(args[0], _NEG)}", _NEG, binding)
    if operator in _BINDING:
        own = _BINDING[operator]
        word = "and" if operator == "&" else operator
        text = f"{formula(args[0], own)} {word} {formula(args[1], own + 1)}"
        return _parenthesised(text, own, binding)
    assert isinstance(head, Primitive)
    return f"{head.name}({', '.join(map(formula, args))})"


def _parenthesised(text: str, own: int, binding: int) -> str:
    return f"({text})" if own < binding else text


def to_c(symbol: Symbol, names: Mapping[tuple[Any, ...], str]) -> str:
    """The expression in C99, fully parenthesised; sub-expressions that `names` has a variable for are that variable."""
    if symbol.key() in names:
        return names[symbol.key()]
    return _c_of(symbol, [to_c(argument, names) for argument in symbol.args])


def _c_of(symbol: Symbol, args: list[str]) -> str:
    head = symbol.head
    if isinstance(head, float):
        return repr(head) if head == head and abs(head) != float("inf") else "NAN" if head != head else "INFINITY"
    if not args:
        return str(head)
    if isinstance(head, str):
        return f"({args[0]} {'&&' if head == '&' else head} {args[1]})"
    if head is primitives.where:
        return f"({args[0]} ? {args[1]} : {args[2]})"
    if head is primitives.neg:
        return f"(-{args[0]})"
    if head.symbol in ("+", "-", "*", "/"):
        return f"({args[0]} {head.symbol} {args[1]})"
    return f"{head.value.__name__ if head.value in ieee.MATH_H else c_name(head)}({', '.join(args)})"


def c_name(primitive: Primitive) -> str:
    """The name in the kernel of a function that `math.h` lacks."""
    return f"{primitive.name}_value"


def repeated(symbol: Symbol) -> list[Symbol]:
    """The compound sub-expressions that occur more than once, inner before outer."""
    seen: Counter[tuple[Any, ...]] = Counter()
    order: dict[tuple[Any, ...], Symbol] = {}

    def visit(s: Symbol) -> None:
        for argument in s.args:
            visit(argument)
        if s.args:
            seen[s.key()] += 1
            order.setdefault(s.key(), s)

    visit(symbol)
    return [s for key, s in order.items() if seen[key] > 1]
