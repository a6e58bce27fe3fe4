"""What lowering writes and replay runs: instructions over rows of lanes, and the numbers around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.engine import native
from autograd.single_lane import SingleLane

if native:
    from autograd._lanes import Machine

__all__ = ["DOTS", "FUSION", "GUARD", "GUARD_SLOT", "ONES_SLOT", "OUTER", "Layer", "Outer", "Program", "RowKeeper"]

GUARD, DOTS, OUTER, FUSION = 0, 1, 2, 100
"""Instructions that are no row of the table: see _lanes.h."""
GUARD_SLOT = -1
"""Stands for the slot that the guards fill: the number of the first that fails."""
ONES_SLOT = -2
"""Stands for a slot that is 1 in every lane: a sum without a factor is a sum of products with it."""


@dataclass(frozen=True)
class Layer:
    """Dot products of the same varying slots with shared numbers.

    Attributes:
        reads: The slots.
        members: Of each product its slot, the number it starts with, and the numbers that the slots are multiplied by.
    """

    reads: tuple[int, ...]
    members: list[tuple[int, int, list[int]]]


@dataclass(frozen=True)
class Outer:
    """Sums over the lanes of the products of each left slot with each right slot, and where each is added."""

    lefts: list[int]
    rights: tuple[int, ...]
    sums: list[list[int]]

    def reads(self) -> list[int]:
        """The slots."""
        return [*self.lefts, *self.rights]


@dataclass
class Program:
    """A tape lowered for one choice of which inputs are batches and which outputs are summed over them.

    Attributes:
        numbers: What is computed once: steps before the lanes, sums over the lanes, steps after them.
        instructions, operands, rows: See `_lanes.run_lanes`.
        filled: Pairs of a row and the place of the number that it holds in every lane.
        input_rows: The row of each batch, in the order of the inputs.
        summed: The places, in the numbers, of the outputs that are summed.
        lane_outputs: How many outputs are not.
        direct: Pairs of such an output and its row, which nobody else writes to: it may lie in the results themselves.
        copied: Pairs of an output and a row that is copied into it.
        steady: Pairs of an output that does not vary and its place in the numbers.
        guard_row: The row that holds the number of the first guard that fails, from 1, or -1 if none can.
    """

    numbers: SingleLane
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

    @cached_property
    def machine(self) -> Any:
        """What runs it, where this is compiled."""
        return Machine(self)


class RowKeeper:
    """Hands out rows, the most recently returned first, since it is the one still in the cache."""

    def __init__(self) -> None:
        self.count = 0
        self._free: list[int] = []

    def take(self) -> int:
        """A row that nobody uses."""
        return self._free.pop() if self._free else self.take_forever()

    def take_forever(self) -> int:
        """A row that was never used before."""
        self.count += 1
        return self.count - 1

    def give_back(self, rows: Sequence[int]) -> None:
        """These may be used again."""
        self._free.extend(rows)
