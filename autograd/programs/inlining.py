"""Programs without rows of a user's own: of each the value is left, as arithmetic gives it."""

from __future__ import annotations

from autograd.programs.builder import Builder, Mode
from autograd.programs.own import FIRST_OWN, own_row
from autograd.programs.program import Program
from autograd.programs.simplification import chained
from autograd.programs.steps import Steps, whole_numbers

__all__ = ["has_own", "inlined"]


def has_own(steps: Steps) -> bool:
    """Whether a row of a user's own is among them."""
    return bool(steps.own) and bool((steps.codes.as_array() >= FIRST_OWN).any())


def inlined(program: Program, sharing: bool = True) -> Program:
    """The program with the same numbers and without rows of a user's own: to run and to keep, not to differentiate.

    Args:
        program: As it is, if there are none in it.
        sharing: Whether to simplify it too: what a rule computes anew, its value has often computed before.

    Cost: linear.
    """
    if not has_own(program.steps):
        return program
    first, steps = len(program.labels), program.steps
    builder = Builder(first, Mode.SHARING if sharing else Mode.VERBATIM)
    places = whole_numbers(first + len(steps))
    for k in range(first):
        places[k] = k
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    for k, code in enumerate(codes[: len(steps)], first):
        begin, end = begins[k - first], begins[k - first + 1]
        if code < 0:
            places[k] = builder.constant(steps.numbers[~code])
        elif code >= FIRST_OWN:
            places[k] = places[operands[begin + own_row(code).which]]
        else:
            for at in range(begin, end):
                builder.push(places[operands[at]])
            places[k] = builder.apply(code)
    return chained(program.over(builder.steps, places))
