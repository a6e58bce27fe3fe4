"""Steps over single numbers: what is the same for a whole batch, and a tape that is run for one point.

Steps of one kind that do not depend on one another are run as a group: the processor then has several of them under
way at once, and looks up what to do once for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd import primitives
from autograd.engine import native
from autograd.primitives import Primitive

if native:
    from autograd._lanes import run_numbers

__all__ = ["SingleLane"]

STEPS = 100
"""Added to the code of a group that steps through its operands: see _lanes.h."""
STEPPING = tuple(row.code for row in (primitives.add, primitives.sub, primitives.mul, primitives.div, primitives.sum))
"""Rows that have such groups."""
LONG = 16
"""How many members they have at least."""


def parts(table: Any) -> Iterator[tuple[int, int, bool]]:
    """From where to where a group's parts are, and which of them step: each operand is the next number or the same.

    Args:
        table: The places of the operands, an array of operands and members, at least two.
    """
    import numpy as np

    steps = np.diff(table, axis=1)
    steady = ((steps == 0) | (steps == 1)).all(axis=0)
    turns = ~steady[1:] | ~steady[:-1] | (steps[:, 1:] != steps[:, :-1]).any(axis=0)
    starts = np.flatnonzero(steady & np.concatenate([[True], turns]))
    stops = np.flatnonzero(steady & np.concatenate([turns, [True]])) + 2
    long = stops - starts >= LONG
    done = 0
    for start, stop in zip(starts[long].tolist(), stops[long].tolist(), strict=True):
        begin = max(start, done)  # a member may end one part and could begin the next
        if begin > done:
            yield done, begin, False
        yield begin, stop, True
        done = stop
    if done < table.shape[1]:
        yield done, table.shape[1], False


class Kind(NamedTuple):
    """What the steps of a group have in common; groups are run in the order of it.

    Attributes:
        late: Whether they wait for the lanes.
        depth: How many steps before them depend on one another.
        code: Of the row.
        arity: How many operands each of them has.
    """

    late: int
    depth: int
    code: int
    arity: int


def written(kinds: Sequence[Kind], counts: Sequence[int], operands: Any, target: int) -> tuple[Any, Any, Any]:
    """Groups as `_lanes.h` has them: operands, headers of those before the lanes, headers of those after them.

    Args:
        kinds, counts: What the groups are, and how many members each has.
        operands: The places of all operands: of each group first operands, second operands and so on.
        target: The place that the first group fills; the others follow.
    """
    import numpy as np

    headers: tuple[list[Any], list[Any]] = ([], [])
    all_operands = [operands]
    first, end = 0, len(operands)
    for kind, count in zip(kinds, counts, strict=True):
        late, _, code, arity = kind
        if code not in STEPPING or count < LONG:
            headers[late].append((code, target, first, count, arity))
        else:
            table = operands[first : first + arity * count].reshape(arity, count)
            for start, stop, steps in parts(table):
                part = table[:, start:stop]
                if steps:
                    part = np.stack([part[:, 0], part[:, 1] - part[:, 0]], axis=1)
                headers[late].append((code + STEPS * steps, target + start, end, stop - start, arity))
                all_operands.append(part.ravel())
                end += part.size
        first += arity * count
        target += count
    before, after = (np.array(h, dtype=np.intc).reshape(-1, 5) for h in headers)
    return np.concatenate(all_operands), before, after


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
        self._steps: list[tuple[Primitive, tuple[int, ...], int]] = []
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
        self._steps.append((row, operands, self._handles))
        self._handles += 1
        return self._handles - 1

    def _grouped(self) -> dict[Kind, list[tuple[tuple[int, ...], int]]]:
        """The steps that can be run together: operands and target of each."""
        level = [0] * self._handles
        late = bytearray(self._handles)
        for handle in self._sums:
            late[handle] = 1
        groups: dict[Any, list[tuple[tuple[int, ...], int]]] = {}
        for row, operands, target in self._steps:
            depth = 0
            for o in operands:
                if level[o] > depth:
                    depth = level[o]
                if late[o]:
                    late[target] = 1
            level[target] = depth + 1
            kind = (late[target], depth, row.code, len(operands))
            if kind in groups:
                groups[kind].append((operands, target))
            else:
                groups[kind] = [(operands, target)]
        return {Kind(*kind): members for kind, members in groups.items()}

    def close(self) -> Any:
        """Give every number its place.

        Returns:
            An array: of each handle its place.
        """
        import numpy as np

        groups = self._grouped()
        places = np.empty(self._handles, dtype=np.intc)
        places[: self.inputs + 1] = np.arange(self.inputs + 1)
        at = self.inputs + 1
        for handle in (*self._constants.values(), *self._sums):
            places[handle] = at
            at += 1
        self.first_sum = at - len(self._sums)
        kinds = sorted(groups)
        handles: list[int] = []
        targets: list[int] = []
        for kind in kinds:
            for j in range(kind.arity):
                handles += [operands[j] for operands, _ in groups[kind]]
            targets += [target for _, target in groups[kind]]
        places[targets] = np.arange(at, at + len(targets))
        counts = [len(groups[kind]) for kind in kinds]
        self.operands, self.before, self.after = written(kinds, counts, places[handles], at)
        at += len(targets)
        self.template = np.zeros(at)
        for handle, number in self._numbers.items():
            self.template[places[handle]] = number
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
