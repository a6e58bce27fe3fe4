"""Steps over single numbers: what is the same for a whole batch, and a tape that is run for one point.

Numbers go by handles while a tape is lowered; then they get places, in an order in which steps of one kind that do not
depend on one another are written as groups (`grouping.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import primitives
from autograd.engine import native
from autograd.grouping import depths, transposed, written
from autograd.primitives import Primitive

if native:
    from autograd._lanes import run_numbers

__all__ = ["SingleLane"]


class SingleLane:
    """Numbers and the steps that compute them; some before the lanes of a batch are run, some after.

    Numbers go by handles until `close` gives them their places: inputs first, the length of the batch, constants, sums
    over the lanes, then the results of the steps, group by group, so that a group writes in one stride.

    Attributes:
        count: The handle of the length of the batch.
        checks: Conditions to be checked: handle, whether it must hold, and which guard of the tape it is.

    After `close`:
        before, after: Groups: see `_lanes.h`. Their operands are in `operands`.
        template: All numbers, with the constants in place.
        first_sum: The place of the first sum over the lanes.
        guards: The checks, with places for handles.
    """

    def __init__(self, inputs: int) -> None:
        self.inputs = self.count = inputs
        self.checks: list[tuple[int, bool, int]] = []
        self._handles = inputs + 1
        self._constants: dict[str, int] = {}
        self._numbers: dict[int, float] = {}
        self._sums: list[int] = []
        self._steps: tuple[list[int], ...] = ([], [], [], [])  # targets, codes, arities; and all operands in one list
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
        self._sums.append(self._new())
        return self._sums[-1]

    def apply(self, row: Primitive, operands: Sequence[int]) -> int:
        """The handle of a row applied to numbers."""
        if row is primitives.mul and self._numbers.get(operands[1]) == 1.0:
            return operands[0]
        key = (row, tuple(operands))
        if key not in self._known:
            self._known[key] = self.step(row, key[1])
        return self._known[key]

    def step(self, row: Primitive, operands: tuple[int, ...]) -> int:
        """The same for a step that is known to be new."""
        targets, codes, arities, all_operands = self._steps
        targets.append(self._handles)
        codes.append(row.code)
        arities.append(len(operands))
        all_operands.extend(operands)
        return self._new()

    def close(self) -> Any:
        """Give every number its place.

        Returns:
            An array: of each handle its place.
        """
        import numpy as np

        steps = [np.array(x, dtype=np.intc) for x in self._steps]
        targets, codes, arities, operands = steps
        late = np.zeros(self._handles, dtype=np.intc)
        late[self._sums] = 1
        depth = depths(arities, operands, targets, late)
        kinds = np.stack([late[targets], depth, codes, arities], axis=1)
        order = np.lexsort(kinds.T[::-1])
        kinds = kinds[order]
        turns = (kinds[1:] != kinds[:-1]).any(axis=1)
        starts = np.flatnonzero(np.concatenate([[True] * (len(kinds) > 0), turns, [True]]))
        given = [*range(self.inputs + 1), *self._constants.values(), *self._sums]
        places = np.empty(self._handles, dtype=np.intc)
        places[given] = np.arange(len(given))
        places[targets[order]] = np.arange(len(given), len(places))
        self.first_sum = len(given) - len(self._sums)
        table = transposed(order, starts, arities, places[operands])
        self.operands, self.before, self.after = written(kinds[starts[:-1]], starts, table, len(given))
        self.template = np.zeros(len(places))
        self.template[places[list(self._numbers)]] = list(self._numbers.values())
        self.guards = np.array([(places[handle], *rest) for handle, *rest in self.checks], dtype=np.intc).reshape(-1, 3)
        return places

    @property
    def sums(self) -> int:
        """How many sums over the lanes there are."""
        return len(self._sums)

    def start(self, shared: Any, count: int) -> Any:
        """The numbers, as far as they can be computed before the lanes."""
        numbers = self.template.copy()
        numbers[: self.inputs] = shared
        numbers[self.inputs] = count
        run_numbers(self.before, self.operands, numbers)
        return numbers

    def finish(self, numbers: Any, sums: Any) -> None:
        """Compute the rest of the numbers, now that the sums are known."""
        numbers[self.first_sum : self.first_sum + len(sums)] = sums
        run_numbers(self.after, self.operands, numbers)

    def failed_guard(self, numbers: Any) -> int:
        """The number of the first guard that the numbers do not satisfy; 0 if they do."""
        failed = (numbers[self.guards[:, 0]] != 0.0) != self.guards[:, 1]
        return int(self.guards[failed, 2].min()) if failed.any() else 0
