"""Expressions written down: as Python, as C99, as LaTeX."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.calculus import ieee, table
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Branch, Symbol

__all__ = [
    "Call", "Piece", "c_name", "call_in_c", "checked_order", "expand", "expression", "formula", "latex_applied",
    "latex_formula", "latex_name", "latex_number", "repeated", "statements", "to_c",
]  # fmt: skip

_BINDING = {"&": 1, "==": 2, "!=": 2, ">": 2, "<": 2, ">=": 2, "<=": 2, "+": 3, "-": 3, "*": 4, "/": 4, "**": 6}
_NEG, _NAME = 5, 8
_NO_NAMES: Mapping[tuple[Any, ...], str] = {}


def _number(x: float) -> str:
    return str(int(x)) if abs(x) < 1e6 and x == int(x) else repr(x)


def formula(symbol: Symbol, binding: int = 0) -> str:
    """The expression as Python writes it, with no more parentheses than needed."""
    head, args = symbol.head, symbol.args
    if isinstance(head, float):
        return _number(head)
    operator = head.symbol if isinstance(head, Primitive) else head
    if not args:
        return operator
    if isinstance(head, Variadic) and head.added:
        return formula(expand(symbol), binding)
    if head is table.neg:
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


def call_in_c(row: Primitive, args: Sequence[str]) -> str:
    """A row's function called in C."""
    return f"{row.value.__name__ if row.value in ieee.MATH_H else c_name(row)}({', '.join(args)})"


Call = Callable[[Primitive, Sequence[str]], str]


def to_c(symbol: Symbol, names: Mapping[tuple[Any, ...], str], call: Call = call_in_c) -> str:
    """The expression in C99, fully parenthesised; sub-expressions that `names` has a variable for are that variable."""
    if symbol.key() in names:
        return names[symbol.key()]
    return _c_of(symbol, [to_c(argument, names, call) for argument in symbol.args], call)


def _c_of(symbol: Symbol, args: list[str], call: Call) -> str:
    head = symbol.head
    if isinstance(head, float):
        if head != head:
            return "NAN"
        return repr(head) if abs(head) != float("inf") else "INFINITY" if head > 0.0 else "-INFINITY"
    if not args:
        return str(head)
    if isinstance(head, str):
        return f"({args[0]} {'&&' if head == '&' else head} {args[1]})"
    if head is table.where:
        return f"({args[0]} ? {args[1]} : {args[2]})"
    if head is table.neg:
        return f"(-{args[0]})"
    if head.symbol in ("+", "-", "*", "/"):
        return f"({args[0]} {head.symbol} {args[1]})"
    return call(head, args)


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


def statements(tree: Branch | Symbol, indent: str, known: Mapping[tuple[Any, ...], str] = _NO_NAMES) -> Iterator[str]:
    """C statements that return what was traced; repeated sub-expressions get a variable, others that of `known`."""
    if isinstance(tree, Branch):
        yield f"{indent}if ({to_c(tree.condition, known)}) {{"
        yield from statements(tree.yes, indent + "    ", known)
        yield f"{indent}}}"
        yield from statements(tree.no, indent, known)
        return
    names = dict(known)
    for s in repeated(tree):
        text = to_c(s, names)
        names[s.key()] = f"t{len(names) - len(known)}"
        yield f"{indent}double {names[s.key()]} = {text};"
    yield f"{indent}return {to_c(tree, names)};"


def expression(tree: Branch | Symbol, names: Mapping[tuple[Any, ...], str], call: Call = call_in_c) -> str:
    """What was traced as one expression in C: `condition ? yes : no`, which lanes compute side by side."""
    if isinstance(tree, Branch):
        parts = expression(tree.yes, names, call), expression(tree.no, names, call)
        return f"({to_c(tree.condition, names, call)} ? {parts[0]} : {parts[1]})"
    return to_c(tree, names, call)


_LATEX_NAMES = {"log", "sin", "cos", "tan", "sinh", "cosh", "tanh"}
Piece = tuple[str, int]
"""What is written, and how tightly it binds."""


def latex_formula(symbol: Symbol, binding: int = 0) -> str:
    """The expression in LaTeX's mathematics."""
    return _bracketed(*_latex_piece(symbol), binding)


def _latex_piece(symbol: Symbol) -> Piece:
    head = symbol.head
    if isinstance(head, float):
        return latex_number(head)
    if not symbol.args:
        return latex_name(str(head)), _NAME
    expanded = expand(symbol)
    if expanded is not symbol:
        return _latex_piece(expanded)
    assert isinstance(head, Primitive)
    return latex_applied(head, [_latex_piece(x) for x in symbol.args])


def latex_number(x: float) -> Piece:
    """A number in LaTeX."""
    if x - x != 0.0:
        return (r"\mathrm{nan}", _NAME) if x != x else (r"\infty", _NAME) if x > 0.0 else (r"-\infty", _BINDING["+"])
    mantissa, _, exponent = _number(x).partition("e")
    text = f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if exponent else mantissa
    return text, _BINDING["+"] if x < 0.0 else _BINDING["*"] if exponent else _NAME


def latex_applied(row: Primitive, args: Sequence[Piece]) -> Piece:
    r"""A row of operands in LaTeX.

    >>> latex_applied(table.mul, [("a + b", 3), latex_number(2.0)])[0]
    '\\left(a + b\\right) \\, 2'
    """
    if row is table.div:
        return rf"\frac{{{args[0][0]}}}{{{args[1][0]}}}", _BINDING["**"]
    if row is table.pow:
        return f"{_bracketed(*args[0], _BINDING['**'] + 1)}^{{{args[1][0]}}}", _BINDING["**"]
    if row is table.neg:
        return f"-{_bracketed(*args[0], _NEG)}", _BINDING["+"]
    if row in (table.add, table.sub, table.mul):
        own, (text, binding) = _BINDING[row.symbol], args[1]
        left, right = _bracketed(*args[0], own), _bracketed(text, 0 if text[0] == "-" else binding, own + 1)
        if row is not table.mul:
            return f"{left} {row.symbol} {right}", own
        if re.fullmatch(r"-[\d.]+", args[0][0]):  # a sign in front may be one of the whole product
            left = args[0][0]
        return left + (r" \cdot " if left[-1].isdigit() and right[0].isdigit() else r" \, ") + right, own
    if row.latex:
        return row.latex % args[0][0], _BINDING["**"] if "^" in row.latex else _NAME
    name = f"\\{row.name}" if row.name in _LATEX_NAMES else rf"\operatorname{{{latex_name(row.name)}}}"
    return rf"{name}\left({', '.join(text for text, _ in args)}\right)", _NAME


def latex_name(name: str) -> str:
    """A name with its trailing digits as a subscript: `w12` is w with index 12."""
    stem = name.rstrip("0123456789")
    if stem and stem != name:
        return f"{latex_name(stem)}_{{{name[len(stem) :]}}}"
    name = name.replace("_", r"\_")
    return name if len(name) == 1 else rf"\mathrm{{{name}}}"


def _bracketed(text: str, own: int, binding: int) -> str:
    return rf"\left({text}\right)" if own < binding else text


def expand(symbol: Symbol) -> Symbol:
    """A sum, of operands or of the products of pairs, as the additions and products it stands for; else as it is."""
    head, args = symbol.head, symbol.args
    if not isinstance(head, Variadic) or not head.added:
        return symbol
    terms = list(args)
    if head.pairs:
        pairs = zip(args[::2], args[1::2], strict=True)
        terms = [x if y.head == 1.0 else Symbol(table.mul, x, y) for x, y in pairs]
    total = terms[0] if terms else Symbol(0.0)
    for term in terms[1:]:
        total = Symbol(table.add, total, term)
    return total


def checked_order(row: Primitive, name: str, point: Sequence[float]) -> str:
    """The order of a row, in Python: as it is if it is one; below 0 it may be where the row has numbers there."""
    x = row.evaluate([-1.0, *point[1:]])
    return f'as_order({name}, "{row.name}"{", negative=True" if x == x else ""})'
