"""A tape written out: as lines to read, as Python, as C, as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from autograd.calculus import table
from autograd.calculus.in_c import callees_first, function_in_c
from autograd.calculus.names import Language, function_name, slot_names
from autograd.calculus.notation import c_name, formula, latex_formula, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol

if TYPE_CHECKING:
    from autograd.tape.tape import Tape

__all__ = ["c_source", "latex", "names_in", "python_source", "text", "text_of_guard"]

LONGEST_FORMULA = 400


def names_in(tape: Tape, language: Language) -> list[str]:
    """A name for each slot of the tape."""
    return slot_names(tape.labels, len(tape.steps), language)


def text(tape: Tape) -> str:
    """A line per step: `s2 = x * y`."""
    names = names_in(tape, "text")
    lines = [f"inputs {', '.join(names[: len(tape.labels)])}"] if tape.labels else []
    lines += assignments(tape, names, "", step_in_text)
    lines += [f"guard {'' if holds else 'not '}{names[k]}" for k, holds in tape.guards]
    plural = "" if len(tape.outputs) == 1 else "s"
    return "\n".join([*lines, f"output{plural} {', '.join(names[k] for k in tape.outputs)}"])


Writer = Callable[[Primitive | None, Any, Sequence[str]], str]
"""Writes a step: a row, the slots it is applied to, the names of all slots; or None and a number."""


def assignments(tape: Tape, names: Sequence[str], before: str, write: Writer, after: str = "") -> Iterator[str]:
    """A line for each step, of its name and what `write` makes of it."""
    for slot, (row, operands) in zip(names[len(tape.labels) :], tape.steps, strict=True):
        yield f"{before}{slot} = {write(row, operands, names)}{after}"


def text_of_guard(tape: Tape, k: int, holds: bool, language: Language = "text") -> str:
    """A guard in words: `s2 < x was true`."""
    names = names_in(tape, language)
    row, operands = tape.steps[k - len(tape.labels)] if k >= len(tape.labels) else (None, 0.0)
    condition = names[k] if row is None else step_in_text(row, operands, names)
    return f"{condition} was {'true' if holds else 'false'}"


def step_in_text(row: Primitive | None, operands: Any, names: Sequence[str]) -> str:
    """The right-hand side of a step."""
    if row is None:
        return formula(Symbol(operands))
    xs = [names[k] for k in operands]
    if isinstance(row, Variadic):
        return added_up(row, xs) or f"{row.name}({', '.join(xs)})"
    return pattern(row, formula) % tuple(xs)


def added_up(row: Variadic, xs: list[str]) -> str:
    """A sum or a sum of products, in Python and C alike; nothing for another row."""
    if not row.added:
        return ""
    return " + ".join([f"{x} * {y}" for x, y in zip(xs[::2], xs[1::2], strict=True)] if row.pairs else xs)


@cache
def pattern(row: Primitive, write: Callable[[Symbol], str]) -> str:
    """How a row is written, to be filled with its operands: `%s * %s`. A long tape has few different ones."""
    return write(Symbol(row, *[Symbol("%s") for _ in row.partials]))


def python_source(tape: Tape, name: str) -> str:
    """See `Tape.to_python`."""
    names = names_in(tape, "python")
    header = f"def {function_name(name, 'python')}({', '.join(names[: len(tape.labels)])}):"
    lines = ["import math", "", "import autograd", "", "", header]
    lines += assignments(tape, names, "    ", step_in_python)
    for k, holds in tape.guards:
        lines.append(f"    if {'not ' if holds else ''}{names[k]}:")
        lines.append(f'        raise ValueError("recorded where {text_of_guard(tape, k, holds, "python")}")')
    results = ", ".join(names[k] for k in tape.outputs)
    comma = "," if len(tape.outputs) == 1 and not tape.single else ""
    return "\n".join([*lines, f"    return {results}{comma}", ""])


def step_in_python(row: Primitive | None, operands: Any, names: Sequence[str]) -> str:
    """The right-hand side of a step."""
    if row is None:
        return python_number(operands)
    xs = [names[k] for k in operands]
    if isinstance(row, Variadic) and row.pairs:
        return f"autograd.{row.name}([{', '.join(xs[::2])}], [{', '.join(xs[1::2])}])"
    if isinstance(row, Variadic):
        return f"autograd.{row.name}([{', '.join(xs)}])"
    return pattern(row, formula) % tuple(xs) if row.symbol else f"autograd.{row.name}({', '.join(xs)})"


def python_number(x: float) -> str:
    """A float literal, nan and inf included."""
    return repr(x) if abs(x) < float("inf") else f"math.{x}" if x > 0 or x != x else "-math.inf"


def c_source(tape: Tape, name: str) -> str:
    """See `Tape.to_c`."""
    title = f"int {function_name(name, 'c')}(const double *x, double *y, double *dy) {{"
    both = tape.with_gradient()
    n, m = len(tape.labels), len(tape.outputs)
    out = ["#include <math.h>", ""]
    applied = {row for row, _ in both.steps if row is not None and not is_written_in_place(row)}
    for row in callees_first(sorted(applied, key=lambda row: row.code)):
        if row is not table.where and (lines := function_in_c(row)):
            out += [*lines, ""]
    out += [
        f"/* {n} inputs, {m} outputs, {n * m} derivatives: dy[i * {n} + j] is that of output i to input j. */",
        title,
    ]
    slots = [f"x[{k}]" for k in range(n)] + [f"s{k}" for k in range(n, n + len(both.steps))]
    out += assignments(both, slots, "    const double ", step_in_c, ";")
    for i, (k, holds) in enumerate(both.guards, 1):
        out += [f"    if ({slots[k]} {'==' if holds else '!='} 0.0) return {i};"]
    out += [f"    y[{i}] = {slots[k]};" for i, k in enumerate(both.outputs[:m])]
    out += [f"    dy[{i}] = {slots[k]};" for i, k in enumerate(both.outputs[m:])]
    return "\n".join([*out, "    return 0;", "}", ""])


def is_written_in_place(row: Primitive) -> bool:
    """Whether a step is written without a function of its row: an operator, a choice, a sum."""
    return bool(row.symbol) or row is table.where or (isinstance(row, Variadic) and row.added)


def step_in_c(row: Primitive | None, operands: Any, slots: Sequence[str]) -> str:
    """The right-hand side of a step."""
    if row is None:
        return in_c(Symbol(operands))
    xs = [slots[k] for k in operands]
    if isinstance(row, Variadic):
        return added_up(row, xs) or f"{c_name(row)}((const double[]){{{', '.join(xs)}}}, {len(xs)})"
    return f"pow({xs[0]}, {xs[1]})" if row.symbol == "**" else pattern(row, in_c) % tuple(xs)


def in_c(symbol: Symbol) -> str:
    """The expression in C."""
    return to_c(symbol, {})


def latex(tape: Tape) -> str:
    """See `Tape.to_latex`."""
    size = [0] * len(tape.labels)
    for row, operands in tape.steps:
        own = len(operands) if isinstance(row, Variadic) else 1
        size.append(0 if row is None else own + sum(size[k] for k in operands))
    if sum(size[k] for k in tape.outputs) > LONGEST_FORMULA:
        raise ValueError(f"to_latex: more than {LONGEST_FORMULA} operations when written out; print the tape instead")
    symbols = [Symbol(name) for name in names_in(tape, "latex")[: len(tape.labels)]]
    slots = tape.run(symbols)
    found = [slots[k] if isinstance(slots[k], Symbol) else Symbol(float(slots[k])) for k in tape.outputs]
    return " \\\\\n".join(latex_formula(symbol) for symbol in found)
