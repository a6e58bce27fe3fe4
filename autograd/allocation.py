"""Rows of lanes for slots, and instructions over them as `_lanes.h` has them. Plain Python that Cython compiles.

A slot has its row from the instruction that fills it to the last one that reads it; then the row is used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cython

from autograd import primitives
from autograd.fusion import FUSION
from autograd.program import DOTS, GUARD, OUTER

__all__ = ["Allocation"]

SPREAD = (primitives.where.code, primitives.logsumexp.code)
"""Rows that want even a number as a row of lanes."""


@cython.cclass
class Allocation:
    """Gives slots their rows and writes instructions.

    Args:
        varies: Of each slot whether it is a row of lanes; else it is a number.
        place: Of each slot that is a number its handle.
        inputs: Slots that have rows from the start.
        kept: Slots whose rows nobody else may use: what is given back.

    Attributes:
        rows: How many rows there are.
        row: Of each slot its row; -1 if it has none.
        owned: Rows of slots that are kept, other than inputs.
        filled: Of a number the row that holds it in every lane.
        instructions: Of each its code, the row it fills or -1, where its operands begin, and how many they are.
        operands: Rows, and numbers as ~handle.
    """

    def __init__(self, varies: bytearray, place: list[int], inputs: Sequence[int], kept: Iterable[int]) -> None:
        self.varies, self.place = varies, place
        self.kept = bytearray(len(varies))
        self.row = [-1] * len(varies)
        self.rows = 0
        self.free: list[int] = []
        self.owned: set[int] = set()
        self.filled: dict[int, int] = {}
        self.instructions: list[int] = []
        self.operands: list[int] = []
        self.last_read = [-1] * len(varies)
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
        else:
            self.row[slot] = self.free.pop() if self.free else self.new_row()  # the latest is still in the cache
        return self.row[slot]

    def hold(self, slot: int, number: int) -> None:
        """The slot is a number in every lane."""
        self.row[slot] = self.holding(number)

    def holding(self, number: int) -> int:
        """A row that holds a number in every lane."""
        if number not in self.filled:
            self.filled[number] = self.new_row()
        return self.filled[number]

    def release(self, reads: Sequence[int], at: int) -> None:
        """The rows of what nobody reads after an instruction may be used again."""
        for o in reads:
            if self.last_read[o] == at and self.varies[o] and not self.kept[o]:
                self.last_read[o] = -1  # it may be read twice
                self.free.append(self.row[o])

    def write(self, order: list[tuple[int, int, Any]]) -> None:
        """Write instructions, in order: of each its code, the slot it fills or -1, and its operands."""
        for at in range(len(order)):
            code, _, operands = order[at]
            for o in read_by(code, operands):
                self.last_read[o] = at
        for at in range(len(order)):
            code, target, operands = order[at]
            begin = len(self.operands)
            if code in (GUARD, DOTS, OUTER):
                filled, count = self.write_special(code, target, operands)
                self.release(read_by(code, operands), at)
            else:
                count = len(operands)
                self.write_row(code, operands)
                self.release(operands, at)  # before: a row may be written over while it is read
                filled = self.home(target)
            self.instructions += (code, filled, begin, count)

    def write_row(self, code: int, operands: tuple[int, ...]) -> None:
        """The operands of a row of the table, or of two fused."""
        spread = code >= FUSION or code in SPREAD
        for o in operands:
            if self.varies[o]:
                self.operands.append(self.row[o])
            elif spread:
                self.operands.append(self.holding(self.place[o]))
            else:
                self.operands.append(~self.place[o])

    def write_special(self, code: int, target: int, operands: Any) -> tuple[int, int]:
        """The operands of an instruction that is no row; gives the row it fills, or -1, and its count."""
        rows = [self.row[k] for k in read_by(code, operands)]
        if code == GUARD:
            self.operands += (*rows, int(operands[1]), int(self.row[target] < 0))
            return self.home(target), operands[2]
        if code == DOTS:
            self.operands.append(len(operands.members))
            self.operands += [self.home(k) for k, _, _ in operands.members]
            self.operands += [~start for _, start, _ in operands.members]
            self.operands += rows
            self.operands += [~weight for _, _, weights in operands.members for weight in weights]
            return -1, len(rows)
        self.operands.append(len(operands.lefts))
        self.operands += rows
        self.operands += [index for indices in operands.sums for index in indices]
        return -1, len(operands.rights)


def read_by(code: int, operands: Any) -> Sequence[int]:
    """The slots that an instruction reads; some may be numbers."""
    if code == DOTS:
        return operands.reads  # type: ignore[no-any-return]
    if code == OUTER:
        return operands.reads()  # type: ignore[no-any-return]
    return operands[:1] if code == GUARD else operands  # type: ignore[no-any-return]
