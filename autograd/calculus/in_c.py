"""The rows of the table as functions in C, traced from their Python: for `_kernel.h`, and for the C of a tape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from autograd.calculus import ieee, table
from autograd.calculus.notation import Call, c_name, call_in_c, expression, statements, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Branch, Loop, Symbol, operand_names, trace, trace_loops
from autograd.calculus.translation import called, is_translated, row_of_value, translated

__all__ = [
    "callees_first",
    "fold_macro",
    "functions_in_c",
    "loops_of",
    "math_functions",
    "partials_in_c",
    "predicate",
    "rows_macro",
    "value_in_c",
]

Function = Callable[..., Any]
POW = """\
static inline double pow_value(double x, double y) {
    if (y == 2.0) return x * x;
    if (y == 0.5) return x == -INFINITY ? INFINITY : sqrt(x + 0.0);
    return pow(x, y);
}"""
"""What is written by hand: its Python catches exceptions, which no symbol raises."""


def functions_in_c(rows: Iterable[Primitive], in_place: Primitive | None = None) -> list[str]:
    """The C functions of these rows and of all that they call, each after those that it calls, but of one in place."""
    out: list[str] = []
    written: set[Function] = set()
    for row in callees_first(rows):
        for function in translated_for(row):
            if function not in written:
                written.add(function)
                out += [*translated(function), ""]
        if row is not in_place and (lines := function_in_c(row)):
            out += [*lines, ""]
    return out


def function_in_c(row: Primitive) -> list[str]:
    """The C function of a row, traced from its Python: lines; none if it is written in place, or translated."""
    if row is table.pow:
        return POW.splitlines()
    if row.symbol or row.value in ieee.MATH_H or is_translated(row.value):
        return []
    if isinstance(row, Variadic):
        return fold_in_c(row)
    names = operand_names(row)
    body = statements(trace(row.value, *map(Symbol, names)), "    ")
    return [f"static inline double {c_name(row)}({parameters(names)}) {{", *body, "}"]


def parameters(names: Sequence[str]) -> str:
    """The parameters of a C function of doubles."""
    return ", ".join(f"double {name}" for name in names)


def value_in_c(row: Primitive, names: Sequence[str]) -> str:
    """A row applied to these names, as an expression."""
    return to_c(Symbol(row, *map(Symbol, names)), {})


# --- rows of any number of operands ---


@cache
def loops_of(row: Variadic) -> tuple[list[Loop], Branch | Symbol]:
    """Its loops, and the result of what they give."""
    return trace_loops(row.value)


def fold_in_c(row: Variadic) -> list[str]:
    """The C function of a row of any number of operands: its loops, one after the other, and the result."""
    loops, result = loops_of(row)
    names = {Symbol(f"Z({k})").key(): f"z{k}" for k in range(len(loops))}
    out = [f"static inline double {c_name(row)}(const double *xs, long n) {{"]
    out += [f"    double {', '.join([f'z{k} = {to_c(Symbol(loop.start), {})}' for k, loop in enumerate(loops)])};"]
    for k, loop in enumerate(loops):
        step, more = expression(loop.step, names), "i++" if loop.by == 1 else f"i += {loop.by}"
        operands = ", ".join([f"{name} = xs[i{f' + {i}' if i else ''}]" for i, name in enumerate("xy"[: loop.by])])
        out += [
            f"    for (long i = 0; i < n; {more}) {{",
            f"        const double {operands};",
            f"        z{k} = {step};",
            "    }",
        ]
    return [*out, *statements(result, "    ", names), "}"]


def fold_macro(rows: Sequence[Variadic]) -> list[str]:
    """Macros that have others write rows of any number of operands, in functions that go through their operands.

    BEGIN(code), then LOOP(k, by, start, step) for the k-th loop, which takes x, or x and y, and what Z(k) has become so
    far; and END(value). In the second macro, `exact1` and its like, which go by math.h, call what lanes have vector
    functions for.
    """
    most = max([len(loops_of(row)[0]) for row in rows])
    quick = [part for row in rows for part in fold_parts(row, "", call_in_c)]
    exact = [part for row in rows if is_vectorised(row) for part in fold_parts(row, "EXACT + ", call_exactly)]
    out = [f"enum {{ MOST_LOOPS = {most} }};"]
    for macro, parts in (("FOLDED_ROWS", quick), ("EXACT_FOLDED_ROWS", exact)):
        out += [f"#define {macro}(BEGIN, LOOP, END) \\", " \\\n".join(parts), ""]
    return out


def fold_parts(row: Variadic, added: str, call: Call) -> Iterator[str]:
    """The lines of a row in these macros."""
    loops, result = loops_of(row)
    yield f"    BEGIN({added}{row.name.upper()})"
    for k, loop in enumerate(loops):
        yield f"    LOOP({k}, {loop.by}, {to_c(Symbol(loop.start), {})}, {expression(loop.step, {}, call)})"
    yield f"    END({expression(result, {}, call)})"


def call_exactly(row: Primitive, args: Sequence[str]) -> str:
    """A row called in C by a function of its own, so that no loop over lanes finds a vector function for it."""
    return f"exact{len(args)}({row.name.upper()}, {', '.join(args)})" if is_vectorised(row) else call_in_c(row, args)


def rows_macro(macro: str, rows: Sequence[Primitive], names: Sequence[str]) -> list[str]:
    """A macro that has another one write the rows, each by its code and its value of x, or x and y, or a, b and c."""
    listed = [f"    ROW({row.name.upper()}, {value_in_c(row, names)})" for row in rows]
    return [f"#define {macro}(ROW) \\", " \\\n".join(listed), ""]


def predicate(name: str, rows: list[Primitive]) -> list[str]:
    """A C function: whether a code is that of one of these rows."""
    out = [f"static inline int {name}(int code) {{", "    switch (code) {"]
    return [
        *out,
        f"    {' '.join(f'case {row.code}:' for row in rows)} return 1;",
        "    default: return 0;",
        "    }",
        "}",
        "",
    ]


# --- partial derivatives of rows whose operands are in an array ---


def partials_in_c(row: Primitive) -> list[str]:
    """Statements that set the partials of a row of three or of any number of operands.

    Raises:
        ValueError: a partial looks at its operand's partner, and operands do not come in pairs.
    """
    if not isinstance(row, Variadic):
        xs = [Symbol(f"xs[{k}]") for k in range(len(row.partials))]
        return [f"partials[{i}] = {to_c(traced(partial, *xs), {})};" for i, partial in enumerate(row.partials)]
    found = to_c(traced(row.partial, Symbol("xs[i]"), Symbol("xs[i ^ 1]")), {})
    if "xs[i ^ 1]" in found and not row.pairs:
        raise ValueError(f"{row.name}: its partial looks at y, the operand's partner: say pairs=True, or do without")
    return [f"for (long i = 0; i < n; i++) partials[i] = {found};"]


def traced(partial: object, *xs: Symbol) -> Symbol:
    """A partial as an expression: it chooses with `where`, not `if`, so that any number type can take it."""
    assert callable(partial)
    tree = trace(partial, *xs, Symbol("z"))
    assert isinstance(tree, Symbol)
    return tree


# --- what a row calls ---


@cache
def calls(row: Primitive) -> frozenset[Primitive]:
    """The rows that the C function of a row applies."""
    if row.symbol or row.value in ieee.MATH_H:
        return frozenset()
    if is_translated(row.value):
        values = [callee for function in translated_for(row) for callee in called(function)]
        return frozenset([found for value in values if (found := row_of_value(value)) and not is_translated(value)])
    if isinstance(row, Variadic):
        loops, result = loops_of(row)
        trees = [*[loop.step for loop in loops], result]
    else:
        trees = [trace(row.value, *map(Symbol, operand_names(row)))]
    return frozenset([head for tree in trees for head in heads(tree) if isinstance(head, Primitive)])


@cache
def translated_for(row: Primitive) -> list[Function]:
    """The functions that are translated for a row, each after those that it calls; none if its value is traced."""
    found: dict[Function, None] = {}

    def visit(function: Function) -> None:
        if function not in found and function not in open_ones:
            open_ones.add(function)
            for callee in called(function):
                if is_translated(callee):
                    visit(callee)
            found[function] = None

    open_ones: set[Function] = set()
    if is_translated(row.value):
        visit(row.value)
    return list(found)


def heads(tree: Branch | Symbol) -> Iterator[Primitive | str | float]:
    """What is applied in what was traced."""
    parts = (tree.condition, tree.yes, tree.no) if isinstance(tree, Branch) else tree.args
    if isinstance(tree, Symbol):
        yield tree.head
    for part in parts:
        yield from heads(part)


def callees_first(rows: Iterable[Primitive]) -> list[Primitive]:
    """These rows and those that they call, at any depth, each after those that it calls."""
    found: dict[Primitive, None] = {}
    for row in rows:
        if row not in found:
            found.update(dict.fromkeys(callees_first(sorted(calls(row), key=lambda called: called.code))))
            found[row] = None
    return list(found)


def math_functions(row: Primitive) -> set[str]:
    """The functions of `math.h` that a row calls, at any depth."""
    own = {called.value.__name__ for called in callees_first([row]) if called.value in ieee.MATH_H}
    return own | ({"pow"} if table.pow in callees_first([row]) else set())


EXACTLY_ROUNDED = {"fabs", "floor", "ceil", "trunc", "rint", "fmod", "sqrt", "copysign"}
"""Functions of math.h whose bits are the same wherever they are computed, in lanes too."""


def is_vectorised(row: Primitive) -> bool:
    """Whether lanes have a vector function for the row, or for what it calls; its last bit may differ from math.h's."""
    return bool(math_functions(row) - EXACTLY_ROUNDED)
