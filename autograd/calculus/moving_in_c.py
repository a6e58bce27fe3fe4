"""The partials of rows and their tangents in C: for `_moving_kernel.h`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd.calculus.moving import bends, moving_partial, names_of_operands
from autograd.calculus.notation import repeated, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol

__all__ = ["moving_in_c"]


def moving_in_c(table: Iterable[Primitive]) -> list[str]:
    """The functions `moved1`, `moved2` and `moved_fold` of the rows, each a switch; see `moving.py`."""
    rows = [row for row in table if bends(row.code)]
    out = ["static inline void moved1(int code, double x, double z, double dx, double dz, double *found) {"]
    out += ["    switch (code) {"]
    for row in rows:
        if len(row.partials) == 1:
            out += cases(row, lambda i, moving, row=row: row.code)  # type: ignore[misc]
    out += [*ENDING, ""]
    out += ["static inline void moved2(int code, int i, double x, double y, double z, double dx, double dy, double dz,"]
    out += ["                          double *found) {"]
    out += ["    switch ((code * 2 + i) * 4 + (dx != 0.0) + 2 * (dy != 0.0)) {"]
    for row in rows:
        if len(row.partials) == 2:
            out += cases(row, lambda i, moving, row=row: (row.code * 2 + i) * 4 + moving)  # type: ignore[misc]
    out += [*ENDING, ""]
    out += ["static inline void moved_fold(int code, long i, const double *xs, const double *dxs, double z, double dz,"]
    out += ["                              double *found) {", "    switch (code) {"]
    for row in rows:
        if len(row.partials) not in (1, 2):
            n = 0 if isinstance(row, Variadic) else len(row.partials)
            inner = cases(row, lambda i, moving, n=n: (i << n) * (n > 0) + moving)  # type: ignore[misc]
            out += [f"    case {row.code}: /* {row.name} */", f"        switch ({which(row)}) {{"]
            out += [*[f"    {line}" for line in inner], "        }", "        break;"]
    return [*out, *ENDING]


ENDING = ("    default: found[0] = found[1] = NAN;", "    }", "}")


def which(row: Primitive) -> str:
    """What tells the cases of a row in an array apart, in C: which operands move, and of three towards which."""
    if isinstance(row, Variadic):
        return "(dxs[i] != 0.0)" + " + 2 * (dxs[i ^ 1] != 0.0)" * row.pairs
    n = len(row.partials)
    return " + ".join([f"((int)i << {n})", *[f"{2**k} * (dxs[{k}] != 0.0)" for k in range(n)]])


def cases(row: Primitive, label: Callable[[int, int], int]) -> list[str]:
    """The cases of a row, by operand and by which operands move; those that come to the same are one."""
    many = isinstance(row, Variadic)
    count = 1 if isinstance(row, Variadic) and not row.pairs else len(names_of_operands(row))
    found: dict[tuple[str, ...], list[int]] = {}
    for i in range(max(1, len(row.partials))):
        for moving in range(0 if many else 1, 2**count):
            found.setdefault(tuple(assignments(*moving_partial(row, i, moving))), []).append(label(i, moving))
    out = []
    for lines, labels in found.items():
        listed = " ".join([f"case {k}:" for k in labels])
        out += [f"    {listed} {{ /* {row.name} */", *[f"        {line}" for line in lines], "        break;", "    }"]
    return out


def assignments(partial: Symbol, tangent: Symbol | None) -> Iterator[str]:
    """C statements that put a partial and its tangent into `found`; what is needed twice is found once."""
    names: dict[tuple[Any, ...], str] = {}
    moved = Symbol(0.0) if tangent is None else tangent
    for s in repeated(Symbol("==", partial, moved)):
        text = to_c(s, names)
        names[s.key()] = f"t{len(names)}"
        yield f"const {'int' if isinstance(s.head, str) else 'double'} {names[s.key()]} = {text};"
    yield f"found[0] = {to_c(partial, names)};"
    yield f"found[1] = {to_c(moved, names)};"
