"""A program written out: as lines to read, as Python, as formulas; and a step of it in C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from functools import cache, partial
from typing import Any

from autograd.calculus import table
from autograd.calculus.names import Language, function_name
from autograd.calculus.notation import c_name, formula, latex_formula, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol
from autograd.programs.evaluation import evaluate
from autograd.programs.program import Guard, Program
from autograd.programs.pruning import dependents

__all__ = [
    "assignments", "is_written_in_place", "latex", "ones_of", "python_source", "step_in_c", "text", "text_of_guard",
]  # fmt: skip

LONGEST_FORMULA = 400


def text(program: Program) -> str:
    """A line per step: `s2 = x * y`."""
    names = program.names()
    lines = [f"inputs {', '.join(names[: len(program.labels)])}"] if program.labels else []
    lines += assignments(program, names, "", step_in_text)
    lines += [f"guard {'' if holds else 'not '}{names[k]}" for k, holds in program.guards]
    plural = "" if len(program.outputs) == 1 else "s"
    return "\n".join([*lines, f"output{plural} {', '.join(names[k] for k in program.outputs)}"])


Writer = Callable[[Primitive | None, Any, Sequence[str], Set[int]], str]
"""Writes a step: a row, the slots it is applied to, the names of all slots, `ones_of`; or None and a number."""


def assignments(program: Program, names: Sequence[str], before: str, write: Writer, after: str = "") -> Iterator[str]:
    """A line for each step, of its name and what `write` makes of it; none for a 1 that nothing calls by its name."""
    n, ones = len(program.labels), ones_of(program)
    silent = silent_of(program, ones)
    for k, (row, operands) in enumerate(program.steps, n):
        if k not in silent:
            yield f"{before}{names[k]} = {write(row, operands, names, ones)}{after}"


def ones_of(program: Program) -> Set[int]:
    """The slots of the constant 1, which what a sum of products starts with, a bias, is multiplied by."""
    return {k for k, (row, x) in enumerate(program.steps, len(program.labels)) if row is None and x == 1.0}


def silent_of(program: Program, ones: Set[int]) -> Set[int]:
    """Those that are nothing but factors in sums of products, where nobody writes them."""
    factors: set[int] = set()
    called = {*program.outputs, *(guard.slot for guard in program.guards)}
    if ones:
        for row, operands in program.steps:
            if isinstance(row, Variadic) and row.pairs:
                factors.update(operands[1::2])
                called.update(operands[::2])
            elif row is not None:
                called.update(operands)
    return (ones & factors) - called


def text_of_guard(program: Program, guard: Guard, language: Language = "text") -> str:
    """A guard in words: `s2 < x was true`."""
    k, holds = guard
    names = program.names(language)
    row, operands = program.steps[k - len(program.labels)] if k >= len(program.labels) else (None, 0.0)
    condition = names[k] if row is None else step_in_text(row, operands, names, ones_of(program))
    return f"{condition} was {'true' if holds else 'false'}"


def step_in_text(row: Primitive | None, operands: Any, names: Sequence[str], ones: Set[int]) -> str:
    """The right-hand side of a step; what a sum of products starts with at its end: `w1 * x1 + w2 * x2 + b`."""
    if row is None:
        return formula(Symbol(operands))
    if isinstance(row, Variadic) and row.added:
        first = 2 if row.pairs and is_started(operands, ones) else 0
        return added_up(row, [*operands[first:], *operands[:first]], names, ones)
    xs = [names[k] for k in operands]
    return f"{row.name}({', '.join(xs)})" if isinstance(row, Variadic) else pattern(row, formula) % tuple(xs)


def is_started(operands: Sequence[int], ones: Set[int]) -> bool:
    """Whether a sum of products begins with an operand of its own, a bias; not if each is multiplied by 1."""
    return operands[1] in ones and not all(k in ones for k in operands[1::2])


def added_up(row: Variadic, operands: Sequence[int], names: Sequence[str], ones: Set[int]) -> str:
    """A sum or a sum of products, in this order, in text and C alike."""
    if not row.pairs:
        return " + ".join([names[k] for k in operands])
    pairs = zip(operands[::2], operands[1::2], strict=True)
    return " + ".join([names[x] if y in ones else f"{names[x]} * {names[y]}" for x, y in pairs])


@cache
def pattern(row: Primitive, write: Callable[[Symbol], str]) -> str:
    """A row as it is written, to be filled with its operands: `%s * %s`. A long program has few different ones."""
    return write(Symbol(row, *[Symbol("%s") for _ in row.partials]))


def python_source(program: Program, name: str) -> str:
    """The source of a Python function; see `Tape.to_python`."""
    names = program.names("python")
    header = f"def {function_name(name, 'python')}({', '.join(names[: len(program.labels)])}):"
    lines = ["import math", "", "import autograd", "", "", header]
    lines += assignments(program, names, "    ", partial(step_in_python, starts=starts_of(program)))
    for guard in program.guards:
        lines.append(f"    if {'not ' if guard.holds else ''}{names[guard.slot]}:")
        lines.append(f'        raise ValueError("recorded where {text_of_guard(program, guard, "python")}")')
    results = ", ".join(names[k] for k in program.outputs)
    comma = "," if len(program.outputs) == 1 and not program.single else ""
    return "\n".join([*lines, f"    return {results}{comma}", ""])


def starts_of(program: Program) -> Set[int]:
    """What a sum of products can be told to start with: Values, where inputs are, and numbers other than 0.

    A start of 0 is left out, and then a sum of nothing but -0.0 has another sign.
    """
    n, reached = len(program.labels), dependents(program, range(len(program.labels)))
    numbers = {k for k, (row, x) in enumerate(program.steps, n) if row is None and x != 0.0}
    return numbers.union(k for k, found in enumerate(reached) if found)


def step_in_python(row: Primitive | None, operands: Any, names: Sequence[str], ones: Set[int], starts: Set[int]) -> str:
    """The right-hand side of a step; see `starts_of`."""
    if row is None:
        return python_number(operands)
    if isinstance(row, Variadic) and row.pairs:
        start, first = "", 0
        if is_started(operands, ones) and operands[0] in starts:
            start, first = f", start={names[operands[0]]}", 2
        right = ["1.0" if k in ones else names[k] for k in operands[first + 1 :: 2]]
        return f"autograd.{row.name}([{', '.join(names[k] for k in operands[first::2])}], [{', '.join(right)}]{start})"
    xs = [names[k] for k in operands]
    if isinstance(row, Variadic):
        return f"autograd.{row.name}([{', '.join(xs)}])"
    return pattern(row, formula) % tuple(xs) if row.symbol else f"autograd.{row.name}({', '.join(xs)})"


def python_number(x: float) -> str:
    """A float literal, nan and inf included."""
    return repr(x) if abs(x) < float("inf") else f"math.{x}" if x > 0 or x != x else "-math.inf"


def is_written_in_place(row: Primitive) -> bool:
    """Whether a step is written without a function of its row: an operator, a choice, a sum."""
    return bool(row.symbol) or row is table.where or (isinstance(row, Variadic) and row.added)


def step_in_c(row: Primitive | None, operands: Any, slots: Sequence[str], ones: Set[int]) -> str:
    """The right-hand side of a step, its sums in their order."""
    if row is None:
        return in_c(Symbol(operands))
    if isinstance(row, Variadic) and row.added:
        return added_up(row, operands, slots, ones)
    xs = [slots[k] for k in operands]
    if isinstance(row, Variadic):
        return f"{c_name(row)}((const double[]){{{', '.join(xs)}}}, {len(xs)})"
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
    return " \\\\\n".join(latex_formula(started_last(symbol)) for symbol in found)


def started_last(symbol: Symbol) -> Symbol:
    """An expression whose sums of products have what they start with at their end, as people write a neuron."""
    head, args = symbol.head, [started_last(x) for x in symbol.args]
    if isinstance(head, Variadic) and head.pairs:
        ones = {k for k, x in enumerate(args) if x.head == 1.0}
        args = [*args[2:], *args[:2]] if is_started(range(len(args)), ones) else args
    return Symbol(head, *args) if args else symbol
