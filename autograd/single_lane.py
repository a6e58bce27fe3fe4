"""Steps over single numbers: what is the same for a whole batch, and a tape that is run for one point.

Numbers go by handles while a tape is lowered; then they get places, in an order in which steps of one kind that do not
depend on one another are written as groups (`grouping.py`). Plain Python that Cython compiles: a tape may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cython

from autograd import primitives
from autograd.grouping import as_ints, depths, transposed, written
from autograd.primitives import Primitive

if TYPE_CHECKING:
    from autograd.tape_file import Step

__all__ = ["Numbers", "SingleLane"]


@dataclass(frozen=True)
class Numbers:
    """Numbers at their places, and what computes them.

    Attributes:
        template: All of them, with the constants in place. First come the inputs, then the length of the batch.
        inputs: How many inputs.
        first_sum, sums: The place of the first sum over the lanes, and how many there are.
        before, after: Groups of steps before the lanes are run and after: see `_lanes.h`.
        operands: Theirs.
        guards: Conditions: of each its place, whether it must hold, and which guard of the tape it is, from 1.
    """

    template: Any
    inputs: int
    first_sum: int
    sums: int
    before: Any
    after: Any
    operands: Any
    guards: Any


@cython.cclass
class SingleLane:
    """Numbers and the steps that compute them; some before the lanes of a batch are run, some after.

    Numbers go by handles until `close` gives them their places: inputs first, the length of the batch, constants, sums
    over the lanes, then the results of the steps, group by group, so that a group writes in one stride.

    Attributes:
        inputs: How many of them are given.
        count: The handle of the length of the batch.
        sums: How many sums over the lanes there are.
        checks: Conditions to be checked: handle, whether it must hold, and which guard of the tape it is.
    """

    def __init__(self, inputs: int) -> None:
        self.inputs = self.count = inputs
        self.sums = 0
        self.checks: list[tuple[int, bool, int]] = []
        self._handles = inputs + 1
        self._constants: dict[str, int] = {}
        self._numbers: dict[int, float] = {}
        self._sums: list[int] = []
        self._targets: list[int] = []  # of each step its handle, its code, its number of operands
        self._codes: list[int] = []
        self._arities: list[int] = []
        self._operands: list[int] = []  # of one step after the other
        self._known: dict[tuple[Primitive, tuple[int, ...]], int] = {}

    def _new(self) -> int:
        self._handles += 1
        return self._handles - 1

    def constant(self, number: float) -> int:
        """The handle of a number known now."""
        key = number.hex()
        if key not in self._constants:
            self._constants[key] = self._new()
            self._numbers[self._constants[key]] = number
        return self._constants[key]

    def sum(self) -> int:
        """The handle of a new sum over the lanes; they are numbered in the order of these calls."""
        handle = self._new()
        self._sums.append(handle)
        self.sums += 1
        return handle

    def apply(self, row: Primitive, operands: Sequence[int]) -> int:
        """The handle of a row applied to numbers."""
        if row is primitives.mul and self._numbers.get(operands[1]) == 1.0:
            return operands[0]
        key = (row, tuple(operands))
        if key not in self._known:
            self._known[key] = self._step(row, key[1])
        return self._known[key]

    def _step(self, row: Primitive, operands: Sequence[int]) -> int:
        handle = self._new()
        self._targets.append(handle)
        self._codes.append(row.code)
        self._arities.append(len(operands))
        self._operands.extend(operands)
        return handle

    def take_over(self, steps: Sequence[Step], first: int, varies: bytearray, place: list[int]) -> None:
        """Compute every step of a tape that does not vary over the batch.

        Args:
            steps, first: What makes the slots of the tape, and how many inputs it has.
            varies: Of each slot whether it varies.
            place: Of each slot its handle; known for the inputs, noted here for the steps.
        """
        for k in range(first, first + len(steps)):
            if not varies[k]:
                row, operands = steps[k - first]
                if row is None:
                    place[k] = self.constant(operands)
                else:
                    place[k] = self._step(row, [place[o] for o in operands])

    def close(self) -> tuple[Numbers, Any]:
        """Give every number its place: what the numbers are then, and an array, of each handle its place."""
        import numpy as np

        steps = (self._targets, self._codes, self._arities, self._operands)
        targets, codes, arities, operands = [as_ints(x) for x in steps]
        late = np.zeros(self._handles, dtype=np.intc)
        late[self._sums] = 1
        depth = depths(arities, operands, targets, late)
        kinds = np.stack([late[targets], depth, codes, arities], axis=1)
        order = np.lexsort(kinds.T[::-1])
        kinds = kinds[order]
        turns = (kinds[1:] != kinds[: len(kinds) - 1]).any(axis=1)
        starts = np.flatnonzero(np.concatenate([[True] * (len(kinds) > 0), turns, [True]]))
        given = [*range(self.inputs + 1), *self._constants.values(), *self._sums]
        places = np.empty(self._handles, dtype=np.intc)
        places[given] = np.arange(len(given))
        places[targets[order]] = np.arange(len(given), len(places))
        table = transposed(order, starts, arities, places[operands])
        operands, before, after = written(kinds[starts[: len(starts) - 1]], starts, table, len(given))
        template = np.zeros(len(places))
        template[places[list(self._numbers)]] = list(self._numbers.values())
        guards = np.array([(places[handle], *rest) for handle, *rest in self.checks], dtype=np.intc).reshape(-1, 3)
        first_sum = len(given) - self.sums
        return Numbers(template, self.inputs, first_sum, self.sums, before, after, operands, guards), places
