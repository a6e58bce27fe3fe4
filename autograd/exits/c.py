"""A program as C99 with its gradient, in functions that a compiler takes in its stride.

What compilers do to one function takes them more than linear time. So a long program becomes functions of at most
`MOST_STEPS` steps. What one of them computes for another lies in an array, in a cell that is used again once nobody
reads it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd.calculus import table
from autograd.calculus.in_c import functions_in_c
from autograd.calculus.names import function_name
from autograd.calculus.notation import to_c
from autograd.calculus.primitive import Variadic
from autograd.calculus.symbols import Symbol
from autograd.programs.differentiation import differentiated
from autograd.programs.inlining import inlined
from autograd.programs.program import Program
from autograd.programs.source import assignments, is_written_in_place, ones_of, step_in_c
from autograd.programs.steps import Step

__all__ = ["MOST_STEPS", "c_source"]

MOST_STEPS = 500
"""Steps in a function, where there is more than one; of a sum each operand counts."""
MOST_ON_STACK = 8192
"""Doubles that are put on the stack, 64 kB: some platforms have no more than 128 for a thread."""


def c_source(program: Program, name: str) -> str:
    """The source of a C function with its gradient; see `Tape.to_c`."""
    name = function_name(name, "c")
    both = inlined(differentiated(program, range(len(program.labels)), with_outputs=True), sharing=False)
    n, m = len(program.labels), len(program.outputs)
    applied = {row for row, _ in both.steps if row is not None and not is_written_in_place(row)}
    functions = functions_in_c(sorted(applied, key=lambda row: row.code), in_place=table.where)
    about = f"/* {n} inputs, {m} outputs, {n * m} derivatives: dy[i * {n} + j] is that of output i to input j. */"
    if sum(map(weight, both.listed)) <= MOST_STEPS:
        return "\n".join(["#include <math.h>", "", *functions, about, *in_one(both, m, name), ""])
    chunks = Chunks(both, name)
    included = ["#include <math.h>", *["#include <stdlib.h>"] * (chunks.cells > MOST_ON_STACK)]
    return "\n".join([*included, "", *functions, *chunks.functions(m), about, *chunks.whole(), ""])


def title(name: str) -> str:
    """How the function begins."""
    return f"int {name}(const double *x, double *y, double *dy) {{"


def weight(step: Step) -> int:
    """As how many steps one counts."""
    row, operands = step
    return len(operands) if isinstance(row, Variadic) else row is not None


def in_one(both: Program, m: int, name: str) -> list[str]:
    """All of it as one function."""
    n = len(both.labels)
    slots = [f"x[{k}]" for k in range(n)] + [f"s{k}" for k in range(n, n + len(both.steps))]
    out = [title(name), *assignments(both, slots, "    const double ", step_in_c, ";")]
    for i, (k, holds) in enumerate(both.guards, 1):
        out += [f"    if ({slots[k]} {'==' if holds else '!='} 0.0) return {i};"]
    return [*out, *[f"    {target} = {slots[k]};" for target, k in targets(both, m)], "    return 0;", "}"]


def targets(both: Program, m: int) -> Iterator[tuple[str, int]]:
    """Where results go, and their slots: the first m are outputs, and derivatives the others."""
    for i, k in enumerate(both.outputs):
        yield (f"y[{i}]" if i < m else f"dy[{i - m}]"), k


class Chunks:
    """A program cut into functions one after the other.

    Args:
        both: Outputs and derivatives.
        name: What the names of the functions begin with.

    Attributes:
        cells: How many numbers lie in the array at most.
    """

    def __init__(self, both: Program, name: str) -> None:
        self.both, self.name, self.first = both, name, len(both.labels)
        self.chunks, self.ones = list(cut(both)), ones_of(both)
        self.cell_of, self.cells = self.placed()
        self.checks: list[str] = []
        self.ends: list[str] = []

    def placed(self) -> tuple[dict[int, int], int]:
        """The cell of each slot that a later function reads, and how many cells there are."""
        last = {k: len(self.chunks) for k in self.both.ends()}
        for c, chunk in enumerate(self.chunks):
            for k in chunk:
                for operand in self.both.listed[k - self.first][1]:
                    last[operand] = max(last.get(operand, 0), c)
        found: dict[int, int] = {}
        free: list[int] = []
        done: list[list[int]] = [[] for _ in range(len(self.chunks) + 1)]
        cells = 0
        for c, chunk in enumerate(self.chunks):
            free += done[c - 1] if c else []  # what the function before was the last one to read
            for k in chunk:
                if last.get(k, c) > c:
                    found[k] = free.pop() if free else cells
                    cells = max(cells, found[k] + 1)
                    done[last[k]].append(found[k])
        return found, cells

    def functions(self, m: int) -> list[str]:
        """The functions, and an array of those that compute: what is called through it is not put together again."""
        both, name = self.both, self.name
        names = [f"x[{k}]" for k in range(self.first)]
        names += [literal(x) if row is None else f"s{k}" for k, (row, x) in enumerate(both.listed, self.first)]
        out: list[str] = []
        for c, chunk in enumerate(self.chunks):
            out.append(f"static void {name}_part{c}(const double *x, double *s) {{")
            for k in chunk:
                row, operands = both.listed[k - self.first]
                out.append(f"    const double s{k} = {step_in_c(row, operands, names, self.ones)};")
                if k in self.cell_of:
                    out.append(f"    s[{self.cell_of[k]}] = s{k};")
            out += ["    (void)x, (void)s;", "}", ""]
            for k in chunk:
                names[k] = f"s[{self.cell_of.get(k)}]"
        kind = f"static void (*const {name}_parts[])(const double *, double *)"
        out += [f"{kind} = {{", *[f"    {name}_part{c}," for c in range(len(self.chunks))], "};", ""]
        for i, (k, holds) in enumerate(both.guards, 1):
            self.checks.append(f"    if ({names[k]} {'==' if holds else '!='} 0.0) return {i};")
        self.ends += [f"    {target} = {names[k]};" for target, k in targets(both, m)]
        for c, lines in enumerate(groups(self.checks)):
            out.append(f"static int {name}_guards{c}(const double *x, const double *s) {{")
            out += ["    (void)x, (void)s;", *lines, "    return 0;", "}", ""]
        given = "const double *x, const double *s, double *y, double *dy"
        for c, lines in enumerate(groups(self.ends)):
            out.append(f"static void {name}_ends{c}({given}) {{")
            out += ["    (void)x, (void)s, (void)y, (void)dy;", *lines, "}", ""]
        return out

    def whole(self) -> list[str]:
        """The function that calls them all."""
        name, kept = self.name, self.cells > MOST_ON_STACK
        checks, ends = range(len(list(groups(self.checks)))), range(len(list(groups(self.ends))))
        room = (
            f"double *s = (double *)malloc({self.cells} * sizeof(double));"
            if kept
            else f"double s[{max(self.cells, 1)}];"
        )
        return [
            title(name),
            "    int broken = 0;",
            f"    {room}",
            *["    if (!s) return -1;"] * kept,
            f"    for (int i = 0; i < {len(self.chunks)}; i++) {name}_parts[i](x, s);",
            *[f"    if (!broken) broken = {name}_guards{c}(x, s);" for c in checks],
            *[f"    if (!broken) {name}_ends{c}(x, s, y, dy);" for c in ends],
            *["    free(s);"] * kept,
            "    return broken;",
            "}",
        ]


def cut(both: Program) -> Iterator[list[int]]:
    """The slots that each function computes, in their order; constants are written where they are read."""
    chunk: list[int] = []
    steps = 0
    for k, step in enumerate(both.listed, len(both.labels)):
        if step[0] is not None:
            if chunk and steps + weight(step) > MOST_STEPS:
                yield chunk
                chunk, steps = [], 0
            chunk.append(k)
            steps += weight(step)
    yield chunk


def groups(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines, in functions of so many."""
    return (lines[k : k + MOST_STEPS] for k in range(0, len(lines), MOST_STEPS))


def literal(x: float) -> str:
    """A number that is written where it is read."""
    text = to_c(Symbol(x), {})
    return f"({text})" if text.startswith("-") else text
