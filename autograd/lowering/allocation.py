"""Register allocation by live ranges: the registers are rows of 64 lanes, and there are as many as are needed.

A slot is live from the instruction that fills its row to the last one that reads it; then the row is used again. The
instructions are written on the way, as replay/lanes.h has them. Plain Python that Cython compiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cython

from autograd.lowering.lowered import Dots, GuardCheck, Skip
from autograd.programs.steps import Ints, Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import DOTS, FUSION, GUARD, OUTER, OUTER_PLUS, SKIP
    from autograd.calculus.kernel import wants_lanes

__all__ = ["Allocation"]


@cython.final
@cython.cclass
class Allocation:
    """The rows of slots, and the instructions over them.

    Args:
        steps, first: What makes the slots, and how many inputs there are.
        varies: Of each slot whether it is a row of lanes; else it is a number.
        place: Of each slot that is a number its handle.
        inputs: Slots that have rows from the start.
        kept: Slots that stay live, and whose rows nobody else may use: what is given back.

    Attributes:
        rows: How many rows there are.
        row: Of each slot its row; -1 if it has none.
        owned: Rows of slots that are kept, other than inputs.
        filled: Of a number the row that holds it in every lane.
        instructions: Of each its code, the row it fills or -1, where its operands begin, and how many they are.
        operands: Rows, and numbers as ~handle.
    """

    if not cython.compiled:
        __slots__ = (
            "filled", "first", "free", "instructions", "kept", "last_read", "operands", "owned", "place", "row", "rows",
            "steps", "varies",
        )  # fmt: skip

    def __init__(
        self, steps: Steps, first: int, varies: bytearray, place: Any, inputs: Sequence[int], kept: Iterable[int]
    ) -> None:
        self.steps, self.first, self.varies, self.place = steps, first, varies, place
        self.kept = bytearray(len(varies))
        self.row = whole_numbers(len(varies), -1)
        self.rows = 0
        self.free = Ints()
        self.owned: set[int] = set()
        self.filled: dict[int, int] = {}
        self.instructions, self.operands = Ints(), Ints()
        self.last_read = whole_numbers(len(varies), -1)
        for k in kept:
            self.kept[k] = 1
        for k in inputs:
            self.kept[k] = 1
            self.row[k] = self.new_row()

    def new_row(self) -> int:
        """A row that was never used before."""
        self.rows += 1
        return self.rows - 1

    def home(self, slot: int) -> int:
        """The row that a slot is written to."""
        if self.kept[slot]:
            if self.row[slot] < 0:
                self.row[slot] = self.new_row()
                self.owned.add(self.row[slot])
        elif self.free.size:
            self.row[slot] = self.free.pop()  # the latest is still in the cache
        else:
            self.row[slot] = self.new_row()
        return self.row[slot]

    def hold(self, slot: int, number: int) -> None:
        """The slot is a number in every lane."""
        self.row[slot] = self.holding(number)

    def holding(self, number: int) -> int:
        """A row that holds a number in every lane."""
        row = self.filled.get(number)
        if row is None:
            row = self.filled[number] = self.new_row()
        return row

    def release(self, slot: int, at: int) -> None:
        """End the live range of a slot that nobody reads after an instruction: its row may be used again."""
        if self.last_read[slot] == at and self.varies[slot] and not self.kept[slot]:
            self.last_read[slot] = -1  # it may be read twice
            self.free.push(self.row[slot])

    def write(self, order: Ints, others: list[Any]) -> None:
        """Write the instructions.

        Args:
            order: Slots that steps make, and ~i for the i-th of the others.
            others: Several dot products at once, sums over lanes, checks of guards and skips.
        """
        begins, operands = self.steps.begins.items, self.steps.operands.items
        for at in range(order.size):
            k = order.items[at] - self.first
            if order.items[at] < 0:
                for o in others[~order.items[at]].reads():
                    self.last_read[o] = at
            else:
                for i in range(begins[k], begins[k + 1]):
                    self.last_read[operands[i]] = at
        for at in range(order.size):
            slot = order.items[at]
            if slot < 0:
                other = others[~slot]
                self.write_other(other)
                for o in other.reads():
                    self.release(o, at)
                continue
            k = slot - self.first
            begin = self.operands.size
            self.write_operands(k)
            for i in range(begins[k], begins[k + 1]):
                self.release(operands[i], at)  # before it has a home: a row may be written over while it is read
            self.write_instruction(self.steps.codes.items[k], self.home(slot), begin, begins[k + 1] - begins[k])

    def write_instruction(self, code: int, row: int, begin: int, count: int) -> None:
        """An instruction; its operands are written."""
        self.instructions.push(code)
        self.instructions.push(row)
        self.instructions.push(begin)
        self.instructions.push(count)

    def write_operands(self, k: int) -> None:
        """The operands of a step."""
        code, operands = self.steps.codes.items[k], self.steps.operands.items
        spread = code >= FUSION or wants_lanes(code)  # even a number as a row of lanes
        for i in range(self.steps.begins.items[k], self.steps.begins.items[k + 1]):
            o = operands[i]
            if self.varies[o]:
                self.operands.push(self.row[o])
            elif spread:
                self.operands.push(self.holding(self.place[o]))
            else:
                self.operands.push(~self.place[o])

    def write_other(self, other: Any) -> None:
        """A check of a guard, several dot products, a sum over lanes or a skip."""
        begin = self.operands.size
        rows = [self.row[k] for k in other.reads()]
        if isinstance(other, GuardCheck):
            self.push_all([*rows, int(other.holds), int(self.row[other.failed] < 0)])
            self.write_instruction(GUARD, self.home(other.failed), begin, other.number)
        elif isinstance(other, Skip):
            self.push_all(rows)
            self.write_instruction(SKIP, -1, begin, other.count)
        elif isinstance(other, Dots):
            self.push_all([len(other.members), *[self.home(k) for k, _, _ in other.members]])
            self.push_all([~start for _, start, _ in other.members])
            self.push_all(rows)
            self.push_all([~weight for _, _, weights in other.members for weight in weights])
            self.write_instruction(DOTS, -1, begin, len(rows))
        else:
            self.push_all([len(other.lefts), *rows, *[index for indices in other.sums for index in indices]])
            self.push_all([~addend for addends in other.addends or () for addend in addends])
            self.write_instruction(OUTER if other.addends is None else OUTER_PLUS, -1, begin, len(other.rights))

    def push_all(self, numbers: list[int]) -> None:
        """More operands."""
        for number in numbers:
            self.operands.push(number)
