"""A tape written out: as lines to read, as Python, as C, as formulas."""

from __future__ import annotations

import math
import re
from keyword import iskeyword
from typing import TYPE_CHECKING

from autograd import ieee, primitives
from autograd.notation import VARIADIC_IN_C, c_name, formula, latex_formula, row_in_c, to_c
from autograd.primitives import Primitive, Variadic
from autograd.symbols import Symbol

if TYPE_CHECKING:
    from autograd.tape import Tape

__all__ = ["c_source", "latex", "python_source", "text", "text_of_guard"]

LONGEST_FORMULA = 400
KEYWORDS_OF_C = (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while"
)
TAKEN = {*KEYWORDS_OF_C.split(), *map(c_name, primitives.TABLE), *dir(math), "autograd", "math"}
"""Names that stand for something else in what is written."""


def text(tape: Tape) -> str:
    """A line per step: `s2 = x * y`."""
    names = tape.names()
    lines = [f"inputs {', '.join(names[: len(tape.labels)])}"] if tape.labels else []
    computed = zip(names[len(tape.labels) :], tape.steps, strict=True)
    lines += [f"{name} = {step_text(step, names)}" for name, step in computed]
    lines += [f"guard {'' if holds else 'not '}{names[k]}" for k, holds in tape.guards]
    plural = "" if len(tape.outputs) == 1 else "s"
    return "\n".join([*lines, f"output{plural} {', '.join(names[k] for k in tape.outputs)}"])


def text_of_guard(tape: Tape, k: int, holds: bool) -> str:
    """A guard in words: `s2 < x was true`."""
    names = tape.names()
    step = tape.steps[k - len(tape.labels)] if k >= len(tape.labels) else (None, 0.0)
    condition = step_text(step, names) if step[0] is not None else names[k]
    return f"{condition} was {'true' if holds else 'false'}"


def step_text(step: tuple[Primitive | None, object], names: list[str]) -> str:
    """The right-hand side of a step."""
    row, operands = step
    if row is None:
        return formula(Symbol(operands))  # type: ignore[arg-type]
    return formula(Symbol(row, *(Symbol(names[k]) for k in operands)))  # type: ignore[attr-defined]


def python_source(tape: Tape, name: str) -> str:
    """See `Tape.to_python`."""
    names = tape.names()
    header = f"def {checked(name)}({', '.join(names[: len(tape.labels)])}):"
    lines = ["import math", "", "import autograd", "", "", header]
    for slot, (row, operands) in zip(names[len(tape.labels) :], tape.steps, strict=True):
        if row is None:
            value = python_number(operands)
        elif isinstance(row, Variadic):
            value = python_variadic(row, [names[k] for k in operands])
        elif row.symbol:
            value = formula(Symbol(row, *(Symbol(names[k]) for k in operands)))
        else:
            value = f"autograd.{row.name}({', '.join(names[k] for k in operands)})"
        lines.append(f"    {slot} = {value}")
    for k, holds in tape.guards:
        lines.append(f"    if {'not ' if holds else ''}{names[k]}:")
        lines.append(f'        raise ValueError("recorded where {text_of_guard(tape, k, holds)}")')
    results = ", ".join(names[k] for k in tape.outputs)
    comma = "," if len(tape.outputs) == 1 and not tape.single else ""
    return "\n".join([*lines, f"    return {results}{comma}", ""])


def python_variadic(row: Variadic, operands: list[str]) -> str:
    """The call of a row of many operands."""
    if row is primitives.dot:
        return f"autograd.dot([{', '.join(operands[::2])}], [{', '.join(operands[1::2])}])"
    return f"autograd.{row.name}([{', '.join(operands)}])"


def python_number(x: float) -> str:
    """A float literal, nan and inf included."""
    return repr(x) if abs(x) < float("inf") else f"math.{x}" if x > 0 or x != x else "-math.inf"


def c_source(tape: Tape, name: str) -> str:
    """See `Tape.to_c`."""
    both = tape.with_gradient()
    n, m = len(tape.labels), len(tape.outputs)
    used = {row for row, _ in both.steps if row is not None and row.value not in ieee.MATH_H and not row.symbol}
    out = ["#include <math.h>", ""]
    for used_row in sorted(closure(used), key=lambda row: row.code):
        if lines := row_lines(used_row):
            out += [*lines, ""]
    out += [f"/* {n} inputs, {m} outputs, {n * m} derivatives: dy[i * {n} + j] is that of output i to input j. */"]
    out += [f"int {checked(name)}(const double *x, double *y, double *dy) {{"]
    slots = [f"x[{k}]" for k in range(n)] + [f"s{k}" for k in range(n, n + len(both.steps))]
    for slot, (row, operands) in zip(slots[n:], both.steps, strict=True):
        out.append(f"    const double {slot} = {c_step(row, operands, slots)};")
    for i, (k, holds) in enumerate(both.guards, 1):
        out += [f"    if ({slots[k]} {'==' if holds else '!='} 0.0) return {i};"]
    out += [f"    y[{i}] = {slots[k]};" for i, k in enumerate(both.outputs[:m])]
    out += [f"    dy[{i}] = {slots[k]};" for i, k in enumerate(both.outputs[m:])]
    return "\n".join([*out, "    return 0;", "}", ""])


def closure(rows: set[Primitive]) -> set[Primitive]:
    """The rows and those that their C functions call."""
    by_name = {c_name(row): row for row in primitives.TABLE}
    needed, unseen = set(rows), list(rows)
    while unseen:
        called = re.findall(r"\b(\w+)\(", "\n".join(row_lines(unseen.pop())))
        others = {by_name[name] for name in called if name in by_name} - needed
        needed |= others
        unseen += others
    return needed


def row_lines(row: Primitive) -> list[str]:
    """The C function of a row, or nothing for one that is written in place."""
    if row is primitives.logsumexp:
        return VARIADIC_IN_C[row.name].splitlines()
    return [] if isinstance(row, Variadic) or row is primitives.where else row_in_c(row)


def c_step(row: Primitive | None, operands: object, slots: list[str]) -> str:
    """The C expression of a step."""
    if row is None:
        return to_c(Symbol(operands), {})  # type: ignore[arg-type]
    xs = [slots[k] for k in operands]  # type: ignore[attr-defined]
    if row is primitives.sum:
        return " + ".join(xs)
    if row is primitives.dot:
        return " + ".join(f"{x} * {y}" for x, y in zip(xs[::2], xs[1::2], strict=True))
    if row is primitives.logsumexp:
        return f"{c_name(row)}((const double[]){{{', '.join(xs)}}}, {len(xs)})"
    if row.symbol == "**":
        return f"pow({xs[0]}, {xs[1]})"
    return to_c(Symbol(row, *map(Symbol, xs)), {})


def latex(tape: Tape) -> str:
    """See `Tape.to_latex`."""
    size = [0] * len(tape.labels)
    for row, operands in tape.steps:
        size.append(0 if row is None else 1 + sum(size[k] for k in operands))
    if sum(size[k] for k in tape.outputs) > LONGEST_FORMULA:
        raise ValueError(f"to_latex: more than {LONGEST_FORMULA} operations when written out; print the tape instead")
    symbols = [Symbol(name) for name in tape.names()[: len(tape.labels)]]
    slots = tape.run(symbols)
    found = [slots[k] if isinstance(slots[k], Symbol) else Symbol(float(slots[k])) for k in tape.outputs]
    return " \\\\\n".join(latex_formula(symbol) for symbol in found)


def checked(name: str) -> str:
    """A name that C and Python accept."""
    if not (isinstance(name, str) and name.isidentifier() and name.isascii()):
        raise ValueError(f"{name!r} cannot be the name of a function: use letters, digits and _")
    if iskeyword(name) or name in TAKEN:
        raise ValueError(f"{name!r} cannot be the name of a function: it has a meaning already")
    return name
