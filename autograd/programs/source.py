"""A program written out: as lines to read, as Python, as C, as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from autograd.calculus import table
from autograd.calculus.in_c import callees_first, function_in_c
from autograd.calculus.names import Language, function_name
from autograd.calculus.notation import c_name, formula, latex_formula, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol
from autograd.programs.differentiation import differentiated
from autograd.programs.evaluation import evaluate
from autograd.programs.program import Guard, Program

__all__ = ["c_source", "latex", "python_source", "text", "text_of_guard"]

LONGEST_FORMULA = 400


def text(program: Program) -> str:
    """A line per step: `s2 = x * y`."""
    names = program.names()
    lines = [f"inputs {', '.join(names[: len(program.labels)])}"] if program.labels else []
    lines += assignments(program, names, "", step_in_text)
    lines += [f"guard {'' if holds else 'not '}{names[k]}" for k, holds in program.guards]
    plural = "" if len(program.outputs) == 1 else "s"
    return "\n".join([*lines, f"output{plural} {', '.join(names[k] for k in program.outputs)}"])


Writer = Callable[[Primitive | None, Any, Sequence[str]], str]
"""Writes a step: a row, the slots it is applied to, the names of all slots; or None and a number."""


def assignments(program: Program, names: Sequence[str], before: str, write: Writer, after: str = "") -> Iterator[str]:
    """A line for each step, of its name and what `write` makes of it."""
    for slot, (row, operands) in zip(names[len(program.labels) :], program.steps, strict=True):
        yield f"{before}{slot} = {write(row, operands, names)}{after}"


def text_of_guard(program: Program, guard: Guard, language: Language = "text") -> str:
    """A guard in words: `s2 < x was true`."""
    k, holds = guard
    names = program.names(language)
    row, operands = program.steps[k - len(program.labels)] if k >= len(program.labels) else (None, 0.0)
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
    """A row as it is written, to be filled with its operands: `%s * %s`. A long program has few different ones."""
    return write(Symbol(row, *[Symbol("%s") for _ in row.partials]))


def python_source(program: Program, name: str) -> str:
    """The source of a Python function; see `Tape.to_python`."""
    names = program.names("python")
    header = f"def {function_name(name, 'python')}({', '.join(names[: len(program.labels)])}):"
    lines = ["import math", "", "import autograd", "", "", header]
    lines += assignments(program, names, "    ", step_in_python)
    for guard in program.guards:
        lines.append(f"    if {'not ' if guard.holds else ''}{names[guard.slot]}:")
        lines.append(f'        raise ValueError("recorded where {text_of_guard(program, guard, "python")}")')
    results = ", ".join(names[k] for k in program.outputs)
    comma = "," if len(program.outputs) == 1 and not program.single else ""
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


def c_source(program: Program, name: str) -> str:
    """The source of a C function with its gradient; see `Tape.to_c`."""
    title = f"int {function_name(name, 'c')}(const double *x, double *y, double *dy) {{"
    both = differentiated(program, range(len(program.labels)), with_outputs=True)
    n, m = len(program.labels), len(program.outputs)
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


def latex(program: Program) -> str:
    """The outputs as formulas; see `Tape.to_latex`."""
    size = [0] * len(program.labels)
    for row, operands in program.steps:
        own = len(operands) if isinstance(row, Variadic) else 1
        size.append(0 if row is None else own + sum(size[k] for k in operands))
    if sum(size[k] for k in program.outputs) > LONGEST_FORMULA:
        raise ValueError(f"to_latex: more than {LONGEST_FORMULA} operations when written out; print the tape instead")
    symbols = [Symbol(name) for name in program.names("latex")[: len(program.labels)]]
    slots = evaluate(program, symbols)
    found = [slots[k] if isinstance(slots[k], Symbol) else Symbol(float(slots[k])) for k in program.outputs]
    return " \\\\\n".join(latex_formula(symbol) for symbol in found)
