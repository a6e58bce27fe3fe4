"""The instructions of a lowered program, read one after the other: what each does, and with which rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from autograd.calculus._codes import DOT, DOTS, FIRST_CODE, OUTER, OUTER_PLUS, SKIP, SUM
from autograd.calculus.primitive import Primitive
from autograd.calculus.table import TABLE
from autograd.lowering.lowered import Lowered

__all__ = ["Instruction", "instructions"]


class Instruction(NamedTuple):
    """An instruction over lanes, as replay/lanes.h has it.

    Attributes:
        code: A row's, or one of `calculus/codes.py`.
        target: The row it fills; -1 if it fills several, or adds to sums.
        operands: Rows, numbers as ~place, and what else it takes.
        arity: How many operands it has; of dot products and sums over lanes, how many rows on the right.
    """

    code: int
    target: int
    operands: list[int]
    arity: int

    @property
    def row(self) -> Primitive | None:
        """The row of the table that it applies, if it is one."""
        is_row = FIRST_CODE <= self.code < FIRST_CODE + len(TABLE) and self.code not in (SUM, DOT)
        return TABLE[self.code - FIRST_CODE] if is_row else None

    @property
    def reads(self) -> list[int]:
        """The rows that it reads."""
        if self.code == DOTS:
            m = self.operands[0]
            return self.operands[1 + 2 * m : 1 + 2 * m + self.arity]
        if self.code in (OUTER, OUTER_PLUS):
            return self.operands[1 : 1 + self.operands[0] + self.arity]
        return [o for o in self.operands if o >= 0]

    @property
    def fills(self) -> list[int]:
        """The rows that it fills."""
        return self.operands[1 : 1 + self.operands[0]] if self.code == DOTS else [self.target] * (self.target >= 0)


def instructions(lowered: Lowered) -> Iterator[Instruction]:
    """The instructions with their operands; what a block may do without is run all the same, which changes nothing."""
    operands: list[int] = lowered.operands.tolist()
    for code, target, first, count in lowered.instructions.tolist():
        if code == SKIP:
            continue
        size = count
        if code in (DOTS, OUTER, OUTER_PLUS):
            m = operands[first]
            size = (
                1 + 2 * m + count + m * count
                if code == DOTS
                else 1 + m + count + m * count * (1 + (code == OUTER_PLUS))
            )
        yield Instruction(code, target, operands[first : first + size], count)
