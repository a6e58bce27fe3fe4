"""What a sweep over a program writes at once: rules of one's own, and slopes that are to be differentiated again."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.calculus.homogeneous import slopes_apart
from autograd.calculus.primitive import FIRST_CODE
from autograd.calculus.table import TABLE
from autograd.programs.builder import Builder
from autograd.programs.own import Owner
from autograd.programs.program import Program
from autograd.programs.slots import Slot, index_of
from autograd.programs.steps import whole_numbers

__all__ = ["given_to", "written_apart", "written_out"]


def written_apart(builder: Builder, code: int, places: Sequence[int]) -> list[int]:
    """The slopes of a logsumexp or a norm of these slots, as they are to be differentiated."""
    xs = [Slot(builder, place) for place in places]
    return [index_of(builder, x) for x in slopes_apart(TABLE[code - FIRST_CODE], xs, range(len(xs)))]


def written_out(builder: Builder, program: Program, given: list[int]) -> list[int]:
    """The outputs of a program, written over these slots."""
    places = array("i", given) + whole_numbers(program.steps.size)
    builder.transcribe(program.steps, places, len(given))
    return [places[k] for k in program.outputs]


def given_to(
    builder: Builder, slots: Any, owner: Owner, found: Mapping[int, int], operands: Sequence[int]
) -> list[int]:
    """The slots of a call's results, also of those that are not there, and of its inputs."""
    places = [slots[o] for o in operands]
    results = []
    for which, row in enumerate(owner.rows):
        for slot in places if which not in found else ():
            builder.push(slot)
        results.append(slots[found[which]] if which in found else builder.apply(row.code))
    return results + places[owner.results :]
