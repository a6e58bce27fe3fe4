"""Running a program over any number type: floats, arrays, Values, symbols, or slots of another program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.calculus.application import apply
from autograd.calculus.arrays import is_array
from autograd.calculus.symbols import Symbol
from autograd.programs.program import Guard, Program
from autograd.programs.slots import Slot

__all__ = ["broken_guard", "evaluate", "results"]


def evaluate(program: Program, numbers: Sequence[Any]) -> list[Any]:
    """Every slot's number, in order, for these inputs."""
    slots = list(numbers)
    for row, operands in program.listed:
        slots.append(operands if row is None else apply(row, [slots[k] for k in operands]))
    return slots


def results(program: Program, slots: Sequence[Any]) -> Any:
    """The outputs, of every slot's number: one, if there is a single one, or a tuple."""
    found = tuple([slots[k] for k in program.outputs])
    return found[0] if program.single else found


def broken_guard(program: Program, slots: Sequence[Any]) -> Guard | None:
    """The first guard that the numbers do not satisfy, of an array not all of them; None if there is none."""
    for guard in program.guards:
        x = slots[guard.slot]
        if not isinstance(x, (Slot, Symbol)):  # these have no truth
            kept = x != 0.0  # of Values this is a comparison: a recording hears of it
            if not (all(kept.ravel() == guard.holds) if is_array(kept) else bool(kept) is guard.holds):
                return guard
    return None
