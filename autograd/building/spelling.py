"""Steps in C: a row of the table applied to what has a name, as statements that give the result one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from autograd.calculus import table
from autograd.calculus._codes import FIRST_CODE, FROM, FUSION, MINUS, PLUS, TIMES
from autograd.calculus.in_c import callees_first, functions_in_c, loops_of, math_functions, value_in_c
from autograd.calculus.notation import c_name, expression, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol, operand_names
from autograd.calculus.table import TABLE
from autograd.calculus.translation import is_translated

__all__ = ["added_up", "flows", "functions", "fused", "literal", "once_a_loop", "spelt"]

names_of_operands = cache(operand_names)  # which asks for a function's signature

TERMS = 100
"""So many terms of a sum are added in one statement."""
FUSED = {TIMES: "({a} * {b})", PLUS: "({a} + {b})", MINUS: "({a} - {b})", FROM: "({b} - {a})"}


def literal(x: float) -> str:
    """A number in C."""
    return to_c(Symbol(x), {}) if x >= 0.0 or x != x else f"({to_c(Symbol(x), {})})"


def row_of(code: int) -> Primitive:
    """The row with a code."""
    return TABLE[code - FIRST_CODE]


def rows_called(codes: Sequence[int]) -> list[Primitive]:
    """The rows among some codes, for whose functions there is C to be written, each once."""
    found = {row_of(code) for code in codes if FIRST_CODE <= code < FIRST_CODE + len(TABLE)}
    rows = [row for row in found if not isinstance(row, Variadic)]
    for row in found.difference(rows):
        rows += [called for called in callees_first([row]) if not isinstance(called, Variadic)]
    return sorted(set(rows), key=lambda row: row.code)


@cache
def flows(row: Primitive) -> bool:
    """Whether compilers make vector code of a row: it has no loop, and no branch but one between what costs little.

    Of what is translated word by word a branch may hold anything. Any `fmod` is a loop, in the library.
    """
    if isinstance(row, Variadic):
        return all(flows(called) for called in callees_first([row]) if not isinstance(called, Variadic))
    if "fmod" in math_functions(row):
        return False
    text = "\n".join(functions_in_c([row]))
    words = ["for (", "while (", "do {"]
    if any(is_translated(called.value) for called in callees_first([row])):
        words.append("if (")
    return not any(word in text for word in words)


@cache
def once_a_loop(row: Primitive) -> frozenset[str]:
    """What a row is, of which there is only one in a loop, or gcc makes no vector code of it.

    Two choices may come to conditions on conditions. A sine and a cosine come to one function with two results.
    """
    found = {"circular"} & {"circular" if name in ("sin", "cos") else "" for name in math_functions(row)}
    text = "\n".join(functions_in_c([row]))
    if isinstance(row, Variadic) or row is table.pow or any(word in text for word in ("if (", " ? ", "&&")):
        found.add("choice")
    return frozenset(found)


def functions(codes: Sequence[int]) -> Iterator[str]:
    """The functions that steps with these codes call; those that flow are part of the loops that they are called in."""
    rows = rows_called(codes)
    flowing = {f"static inline double {c_name(row)}(" for row in callees_first(rows) if flows(row)}
    for line in functions_in_c(rows):
        head, bracket, rest = line.partition("(")
        inlined = head + bracket in flowing
        yield (head.replace("static inline", "INLINED") if inlined else head) + bracket + rest


def spelt(name: str, code: int, operands: Sequence[str], in_lanes: bool) -> Iterator[str]:
    """Statements after which the name has the value of a row.

    Args:
        name: A name for the result, and if that is followed by _ and a number for what is found on the way.
        code: The row's.
        operands: Names and numbers.
        in_lanes: Whether the row is to be computed as over lanes.
    """
    row = row_of(code)
    if isinstance(row, Variadic):
        yield from folded(name, row, operands)
    elif row is table.pow and in_lanes:
        yield f"const double {name} = {power(*operands)};"
    elif row is table.detach:
        yield f"const double {name} = {operands[0]};"
    else:
        names = names_of_operands(row)
        given = [x if x.isidentifier() else f"{name}_{k}" for k, x in zip(names, operands, strict=True)]
        yield from (f"const double {x} = {o};" for x, o in zip(given, operands, strict=True) if x is not o)
        yield f"const double {name} = {value_in_c(row, given)};"


def power(x: str, y: str) -> str:
    """A power in lanes, as replay/lanes.h has it."""
    if y == "2.0":
        return f"{x} * {x}"
    if y == "0.5":
        return f"{x} == -INFINITY ? INFINITY : sqrt({x} + 0.0)"
    return f"pow_in_lanes({x}, {y})"


def fused(code: int, operands: Sequence[str]) -> str:
    """Two steps of arithmetic, as one expression: that which is done first, and what is done with it."""
    inner, outer = divmod(code - FUSION, 4)
    a, b, c = operands
    return FUSED[outer].format(a=FUSED[inner].format(a=a, b=b), b=c)


def folded(name: str, row: Variadic, operands: Sequence[str]) -> Iterator[str]:
    """A row of any number of operands, its loops written out."""
    loops, result = loops_of(row)
    names = {Symbol(f"Z({k})").key(): f"{name}_{k}" for k in range(len(loops))}
    for k, loop in enumerate(loops):
        step = expression(loop.step, names)
        yield f"double {name}_{k} = {to_c(Symbol(loop.start), {})};"
        for i in range(0, len(operands), loop.by):
            given = zip("xy", operands[i : i + loop.by], strict=False)
            yield f"{{ const double {', '.join([f'{x} = {operand}' for x, operand in given])}; {name}_{k} = {step}; }}"
    yield f"const double {name} = {expression(result, names)};"


def added_up(name: str, terms: Sequence[str]) -> Iterator[str]:
    """A sum, from the first term to the last."""
    yield f"double {name} = {' + '.join(terms[:TERMS])};"
    for i in range(TERMS, len(terms), TERMS):
        yield f"{name} = {name} + {' + '.join(terms[i : i + TERMS])};"
