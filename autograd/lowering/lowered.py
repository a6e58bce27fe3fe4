"""The result of lowering, which replay runs: instructions over rows of lanes, and the numbers around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.lowering.uniform import Numbers

__all__ = ["Dots", "GuardCheck", "Lowered", "Outer", "Skip"]


@dataclass(frozen=True)
class GuardCheck:
    """A check, in each lane, of a guard of the program.

    Attributes:
        condition: The slot of its condition.
        holds: Whether that must hold.
        number: The number of the guard in the program, from 1.
        failed: The slot for the number of the first guard that does not.
    """

    condition: int
    holds: bool
    number: int
    failed: int

    def reads(self) -> tuple[int, ...]:
        """The slots that it reads."""
        return (self.condition,)


@dataclass(frozen=True)
class Dots:
    """Dot products of the same varying slots with uniform numbers: a layer of neurons.

    Attributes:
        slots: Those that vary.
        members: Of each product its slot, the number it starts with, and the numbers that the slots are multiplied by.
    """

    slots: tuple[int, ...]
    members: list[tuple[int, int, list[int]]]

    def reads(self) -> tuple[int, ...]:
        """The slots that it reads."""
        return self.slots


@dataclass(frozen=True)
class Outer:
    """Outer products summed over the lanes: of each left slot with each right slot.

    Attributes:
        lefts, rights: The slots.
        sums: Of each left slot, for each right slot, which sum their product is added to.
        addends: The same for the handle of a number that is added to the product in each lane; None for none.
    """

    lefts: list[int]
    rights: tuple[int, ...]
    sums: list[list[int]]
    addends: list[list[int]] | None

    def reads(self) -> list[int]:
        """The slots that it reads."""
        return [*self.lefts, *self.rights]


@dataclass
class Skip:
    """Where a condition holds in no lane of a block, the next instructions are not run.

    Attributes:
        condition: Its slot.
        count: How many instructions that are.
    """

    condition: int
    count: int

    def reads(self) -> tuple[int, ...]:
        """The slots that it reads."""
        return (self.condition,)


@dataclass
class Lowered:
    """A program lowered for one choice of which inputs are batches and which outputs are summed over them.

    Attributes:
        numbers: Uniform numbers, computed once: steps before the lanes, sums over the lanes, steps after them.
        instructions, operands, rows: See `Allocation`.
        filled: Pairs of a row and the place of the number that it holds in every lane.
        input_rows: The row of each batch, in the order of the inputs.
        summed: The places, in the numbers, of the outputs that are summed.
        lane_outputs: How many outputs are not.
        direct: Pairs of such an output and its row, which nobody else writes to: it may lie in the results themselves.
        copied: Pairs of an output and a row that is copied into it.
        steady: Pairs of an output that is uniform and its place in the numbers.
        guard_row: The row that holds the number of the first guard that fails, from 1, or -1 if none can.
    """

    numbers: Numbers
    instructions: Any
    operands: Any
    rows: int
    filled: Any
    input_rows: Any
    summed: Any
    lane_outputs: int
    direct: Any
    copied: Any
    steady: Any
    guard_row: int

    @cached_property
    def lanes_needed(self) -> bool:
        """Whether there is anything to do in the lanes."""
        return len(self.instructions) + len(self.copied) > 0
