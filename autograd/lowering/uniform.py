"""Uniform steps: those that give one number for a whole batch, not one for each lane, as varying steps do.

Of a program that is run for one point all steps are uniform. Numbers go by handles while a program is lowered; then
they get places, in an order in which steps of one kind that do not depend on one another are written as groups
(`grouping.py`). Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cython

from autograd.lowering.grouping import depths, group_headers, grouped
from autograd.programs.builder import Builder
from autograd.programs.steps import Steps

if not cython.compiled:
    from autograd.calculus._codes import MUL

__all__ = ["Numbers", "UniformSteps"]


@dataclass(frozen=True)
class Numbers:
    """Uniform numbers at their places, and the groups of steps that compute them.

    Attributes:
        template: All of them, with the constants in place. First come the inputs, then the length of the batch.
        inputs: How many inputs.
        first_sum, sums: The place of the first sum over the lanes, and how many there are.
        before, after: Groups of steps before the lanes are run and after: see replay/lanes.h.
        operands: Theirs.
        guards: Conditions: of each its place, whether it must hold, and the number of the guard in the program, from 1.
    """

    template: Any
    inputs: int
    first_sum: int
    sums: int
    before: Any
    after: Any
    operands: Any
    guards: Any


@cython.final
@cython.cclass
class UniformSteps:
    """Uniform steps being written; some run before the lanes of a batch, some after.

    Numbers go by handles until `close` gives them their places. First the inputs have handles and the length of the
    batch, then each step has one: a constant, a sum over the lanes (a step of code 0), or a row of the table.

    Args:
        inputs: How many numbers are given.

    Attributes:
        count: The handle of the length of the batch.
        sums: How many sums over the lanes there are.
        checks: Conditions to be checked: handle, whether it must hold, and the number of the guard in the program.
    """

    if not cython.compiled:
        __slots__ = ("_builder", "_known", "checks", "count", "first", "inputs", "steps", "sums")

    def __init__(self, inputs: int) -> None:
        self.inputs = self.count = inputs
        self.first = inputs + 1
        self.sums = 0
        self.checks: list[tuple[int, bool, int]] = []
        self._builder = Builder(self.first)
        self.steps = self._builder.steps
        self._known: dict[tuple[int, ...], int] = {}

    def constant(self, number: float) -> int:
        """The handle of a number known now."""
        return self._builder.constant(number)

    def sum(self) -> int:
        """The handle of a new sum over the lanes; they are numbered in the order of these calls."""
        self.sums += 1
        return self.first + self.steps.close(0)

    def apply(self, code: int, operands: Sequence[int]) -> int:
        """The handle of a row applied to numbers."""
        if code == MUL and self._builder.is_number(operands[1], 1.0):
            return operands[0]
        key = (code, *operands)
        handle = self._known.get(key)
        if handle is None:
            for o in operands:
                self.steps.push(o)
            handle = self._known[key] = self.first + self.steps.close(code)
        return handle

    def take_over(self, steps: Steps, first: int, varies: bytearray, place: Any) -> None:
        """Copy every uniform step of a program here, and note its handle.

        Args:
            steps, first: What makes the slots of the program, and how many inputs it has.
            varies: Of each slot whether it varies.
            place: Of each slot its handle; known for the inputs, noted here for the steps.
        """
        codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
        for k in range(steps.size):
            code = codes[k]
            if varies[first + k]:
                continue
            if code < 0:
                place[first + k] = self.constant(steps.numbers[~code])
                continue
            for at in range(begins[k], begins[k + 1]):
                self.steps.push(place[operands[at]])
            place[first + k] = self.first + self.steps.close(code)

    def close(self) -> tuple[Numbers, Any]:
        """The numbers, each with its place, and an array: of each handle its place.

        First come the inputs, the length of the batch, constants and sums over the lanes, then the results of the
        steps, group by group, so that a group writes in one stride.
        """
        import numpy as np

        codes, numbers = self.steps.codes.as_array(), self.steps.numbers
        depth, late = depths(self.steps, self.first)
        order, starts = grouped(self.steps, depth, late)
        first_sum = self.first + len(numbers)
        given = first_sum + self.sums
        places = np.empty(self.first + len(codes), dtype=np.intc)
        places[: self.first] = np.arange(self.first)
        places[self.first :][codes < 0] = np.arange(self.first, first_sum)
        places[self.first :][codes == 0] = np.arange(first_sum, given)
        places[self.first :][np.asarray(order)] = np.arange(given, len(places))
        operands, before, after = group_headers(self.steps, order, starts, late, places, given)
        template = np.zeros(len(places))
        template[self.first : first_sum] = numbers
        guards = np.array([(places[handle], *rest) for handle, *rest in self.checks], dtype=np.intc).reshape(-1, 3)
        return Numbers(template, self.inputs, first_sum, self.sums, before, after, operands, guards), places
