"""How the partials of rows move when operands do: what a sweep of second order asks of the table.

The partial of a row is an expression in the table's rows, and so is its tangent, found by the same table. The compiled
engine asks `_moving_kernel.h`, generated from these expressions; the interpreted one works them out. An operand whose
tangent is 0 stands still: what would be multiplied by that 0 is in no expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import and_
from typing import Any

from autograd.calculus import table
from autograd.calculus._codes import FIRST_CODE
from autograd.calculus.arithmetic import COMPARISONS
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol
from autograd.calculus.table import TABLE

__all__ = ["bends", "moved1", "moved2", "moved_fold", "moving_partial", "names_of_operands", "tangent_of"]

Formulas = tuple[Symbol, Symbol | None]
"""A partial and its tangent; None for one that stands still."""


def tangent_of(s: Symbol, tangents: Mapping[str, Symbol]) -> Symbol | None:
    """The tangent of an expression, given those of its variables; None where nothing in it moves.

    >>> from autograd.calculus.notation import formula
    >>> x, dx = Symbol("x"), Symbol("dx")
    >>> formula(tangent_of(3.0 * table.sin(x), {"x": dx}))
    '3 * (cos(x) * dx)'
    """
    if not s.args:
        return tangents.get(s.head) if isinstance(s.head, str) else None
    if isinstance(s.head, str):  # a comparison
        return None
    assert isinstance(s.head, Primitive)
    moved = [tangent_of(x, tangents) for x in s.args]
    if s.head is table.where:
        if moved[1] is None and moved[2] is None:
            return None
        return Symbol(table.where, s.args[0], *[Symbol(0.0) if t is None else t for t in moved[1:]])
    total: Any = None
    derive = s.head.moved_together if sum(t is not None for t in moved) > 1 else s.head.derive
    for i, t in enumerate(moved):
        if t is not None and (term := product(derive(i, s.args, s), t)) is not None:
            total = term if total is None else total + term
    found: Symbol | None = total
    return found


def product(partial: Any, tangent: Symbol) -> Any:
    """A partial times a tangent; None if the partial is 0 whatever the operands. What was not taken stays 0."""
    if not isinstance(partial, Symbol) and abs(partial) in (0.0, 1.0):
        return None if partial == 0.0 else tangent if partial == 1.0 else -tangent
    if tangent.head is table.where and any(x.head == 0.0 for x in tangent.args[1:]):
        sides = [x if x.head == 0.0 else product(partial, x) for x in tangent.args[1:]]
        return Symbol(table.where, tangent.args[0], *sides)
    return partial * tangent


def names_of_operands(row: Primitive) -> list[str]:
    """What the operands of a row are called in its formulas: in C, where there are three or any number, too."""
    if isinstance(row, Variadic):
        return ["xs[i]", "xs[i ^ 1]"]
    return list("xy"[: len(row.partials)]) if len(row.partials) < 3 else [f"xs[{k}]" for k in range(len(row.partials))]


@cache
def moving_partial(row: Primitive, i: int, moving: int) -> Formulas:
    """∂z/∂xᵢ of a row as a formula, and its tangent as one, in operands, result, and the tangents of both.

    Args:
        row: The row.
        i: Which operand; 0 if there is any number of them.
        moving: The sum of 2**k for each operand k that moves.
    """
    names = names_of_operands(row)
    xs, z = [Symbol(name) for name in names], Symbol("z")
    alone = isinstance(row, Variadic) or moving == 2**i
    partial = row.derive(0 if isinstance(row, Variadic) else i, xs, z) if alone else row.moved_together(i, xs, z)
    tangents = {name: Symbol(f"d{name}") for k, name in enumerate(names) if moving >> k & 1}
    if not isinstance(partial, Symbol):
        return Symbol(float(partial)), None
    return partial, tangent_of(partial, {**tangents, "z": Symbol("dz")})


@cache
def bends(code: int) -> bool:
    """Whether a partial of the row moves at all: not of one that is linear, nor of a step."""
    if not FIRST_CODE <= code < FIRST_CODE + len(TABLE):
        return False
    row = TABLE[code - FIRST_CODE]
    every = 2 ** len(names_of_operands(row)) - 1
    return any(moving_partial(row, i, every)[1] is not None for i in range(max(1, len(row.partials))))


# --- as numbers; in C generated ---


def moved1(code: int, x: float, z: float, dx: float, dz: float, found: list[float]) -> None:
    """∂z/∂x of a unary row and its tangent, into `found`, along a direction in which the operand moves."""
    work_out(moving_partial(TABLE[code - FIRST_CODE], 0, 1), {"x": x, "z": z, "dx": dx, "dz": dz}, found)


def moved2(
    code: int, i: int, x: float, y: float, z: float, dx: float, dy: float, dz: float, found: list[float]
) -> None:
    """The same of a binary row towards x (`i` = 0) or y (`i` = 1)."""
    numbers = {"x": x, "y": y, "z": z, "dx": dx, "dy": dy, "dz": dz}
    work_out(moving_partial(TABLE[code - FIRST_CODE], i, (dx != 0.0) + 2 * (dy != 0.0)), numbers, found)


def moved_fold(code: int, i: int, xs: list[float], dxs: list[float], z: float, dz: float, found: list[float]) -> None:
    """The same of a row that takes its operands from an array, towards operand i."""
    row = TABLE[code - FIRST_CODE]
    numbers, moving = {"z": z, "dz": dz}, 0
    for k, name in enumerate(names_of_operands(row)):
        at = k if not isinstance(row, Variadic) else i if k == 0 or not row.pairs else i ^ 1
        numbers[name], numbers[f"d{name}"] = xs[at], dxs[at]
        moving += 2**k * (dxs[at] != 0.0)
    work_out(moving_partial(row, 0 if isinstance(row, Variadic) else i, moving), numbers, found)


def work_out(formulas: Formulas, numbers: Mapping[str, float], found: list[float]) -> None:
    """A partial and its tangent as numbers, into `found`."""
    partial, tangent = formulas
    found[0] = number_of(partial, numbers)
    found[1] = 0.0 if tangent is None else number_of(tangent, numbers)


_COMPARED: dict[str, Any] = {"&": and_, **{how.symbol: how.function for how in COMPARISONS}}


def number_of(s: Symbol, numbers: Mapping[str, float]) -> Any:
    """What an expression comes to."""
    if isinstance(s.head, float):
        return s.head
    if not s.args:
        return numbers[str(s.head)]
    if s.head is table.where:
        return number_of(s.args[1] if number_of(s.args[0], numbers) else s.args[2], numbers)
    args = [number_of(x, numbers) for x in s.args]
    if isinstance(s.head, str):
        return _COMPARED[s.head](*args)
    return s.head.evaluate(args)
