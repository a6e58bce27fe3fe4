"""The rows of a call: which of them takes which path, and running them along these.

Where paths are known and none is to be recorded, a `Fork` does both at once in C. Else the rows are sorted by NumPy,
paths that are new being recorded on the way, and each path is replayed over its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from autograd._build import native
from autograd.compiled.alone import answers_alone
from autograd.compiled.arguments import Arguments
from autograd.recorded.inputs import Inputs
from autograd.recorded.kinds import Derivation
from autograd.recorded.paths import Path, Paths
from autograd.recorded.recordings import Remade
from autograd.replay.memory import array_for_results
from autograd.replay.threads import shares, spread

if native:
    from autograd.replay.machine import any_nan

__all__ = ["Rows", "of_blocks"]

BLOCK = 2**20
"""So many rows are sorted onto their paths at once."""
TRIED = 16
"""After so many recordings for the rows of a call it is seen what they are good for."""
MANY = 4
"""One in so many rows on paths that are not known, and some rows are tried before one is recorded."""
FEW_ROWS = 4
"""So few rows a path, and it had better not been recorded."""
COUNTED = 2**15
"""So many rows are counted to know how many settle on paths."""
BETWEEN, MOST_BETWEEN = 32, 2**15
"""Where rows have hardly a path in common, some are tried again after so many times as were tried, or so many."""
CHECKED = 3
"""So many rows beside the one that was recorded are compared to the eager engine where branches were merged untried."""
Group = tuple[Path, Any]
"""A path, and the numbers of the rows that take it; None for all rows."""


class Rows:
    """Some rows of a call.

    Args:
        arguments: Those of the call.
        inputs: The numbers of these rows.
        first: The number of the first of them, in the batch.

    Attributes:
        alone: After they have been sorted, the rows for whose paths there was no room.
        fork: The `Fork` that sent all rows along their paths, if one did.
    """

    def __init__(self, arguments: Arguments, inputs: Inputs, first: int = 0) -> None:
        self.arguments, self.inputs, self.first = arguments, inputs, first
        self.n = inputs.n
        self.alone: list[int] = []
        self.fork: Any = None
        self._groups: list[Group] | None = None
        self._tried: Paths | None = None
        self._eagerly = False  # whether rows without a path are run by the eager engine

    @property
    def paths(self) -> Paths:
        """The paths that there are by now."""
        return self.arguments.paths

    def blocks(self) -> Iterator[Rows]:
        """The rows, so many at a time that there is the memory to sort them."""
        if not self.in_blocks:
            yield self
            return
        for start in range(0, self.n, BLOCK):
            yield Rows(self.arguments, self.inputs.span(start, start + BLOCK), self.first + start)

    @property
    def in_blocks(self) -> bool:
        """True of more rows than are sorted onto paths at once."""
        return self.n > BLOCK and len(self.paths.all[0].outcomes) > 0

    def with_inputs(self, inputs: Inputs) -> Rows:
        """Rows on the same paths, with other numbers or other tangents."""
        found = Rows(self.arguments, inputs, self.first)
        found._groups, found.alone = self.groups, self.alone
        return found

    # --- which way they go ---

    def sort(self) -> list[Group]:
        """The paths that are kept, each with its rows, in an order that the paths alone decide.

        When first asked for, rows are sorted onto the paths that are known, and recorded where they take others.
        """
        if self._groups is None:
            with self.arguments.traced.lock:
                while self._groups is None:
                    try:
                        self._groups, self.alone = self._sorted()
                    except Remade:
                        continue
                for path, rows in self._groups:
                    path.rows = self.n if rows is None else len(rows)
                if self.n - len(self.alone) > FEW_ROWS * len(self.paths.all):
                    self.paths.scattered = 0
        return self._groups

    @property
    def groups(self) -> list[Group]:
        """The groups, sorted by now."""
        return self.sort()

    def groups_of_all(self) -> list[Group]:
        """The groups of all rows: those for whose paths there was no room have paths of their own."""
        import numpy as np

        groups = self.groups
        own = [(self.arguments.own_path(self.first + row), np.array([row])) for row in self.alone]
        return [*groups, *own]

    def leave_alone(self) -> None:
        """Look for no paths: each row is answered alone."""
        self._groups, self.alone = [], list(range(self.n))

    def only_path(self) -> Path | None:
        """The path that all rows take, if there is one."""
        groups = self.groups
        return groups[0][0] if len(groups) == 1 and groups[0][1] is None else None

    def _sorted(self, recording: bool = True, some: Any = None) -> tuple[list[Group], list[int]]:
        """The groups, and the rows that are alone: on paths that are not known, if none is recorded. With the lock.

        Args:
            recording: Whether paths are recorded.
            some: The numbers of the rows that are looked at; None for all.
        """
        import numpy as np

        first, n = self.paths.all[0], self.n
        if not first.outcomes:
            return [(first, None)], []
        taken: dict[int, tuple[Path, list[Any]]] = {}
        alone: list[int] = []
        work: list[tuple[Path, Any, int]] = [(first, some, 0)]  # and how many of its guards they are known to keep
        recorded = 0

        while work:
            path, rows, agreed = work.pop()
            failed = path.guards.run(*self.inputs.of_guards(path, rows), guarded=True)[2]
            if rows is None and not failed.any():
                return [(path, None)], []
            if rows is None:
                self.inputs = self.inputs.gathered()
            rows = np.arange(n) if rows is None else rows
            taken.setdefault(id(path), (path, []))[1].append(rows[failed == 0.0])
            strays = by_number(failed, rows)
            for number, astray in strays:
                turned = [*path.outcomes[: number - 1], not path.outcomes[number - 1]]
                known = self.paths.beginning_with(turned)
                if known is None and recording:
                    row, place = self.first + int(astray[0]), path.places[number - 1]
                    pays = self._pays(recorded, sum(len(some) for _, some in strays), row)
                    if self.arguments.record(row, place, pays, self._left):
                        recorded, known = recorded + 1, self.paths.beginning_with(turned)
                if known is None or number <= agreed:  # asked again it decided otherwise: not by the arguments alone
                    alone += astray.tolist()
                else:
                    work.append((known, astray, number))
        groups = [
            (path, parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts))) for path, parts in taken.values()
        ]
        groups = [(path, rows) for path, rows in groups if len(rows)]
        if len(groups) == 1 and not alone:
            return [(groups[0][0], None)], []
        return sorted(groups, key=lambda group: group[0].outcomes), sorted(alone)

    def _left(self) -> tuple[int, int]:
        """How many rows there are, and how many of them are on none of the paths that are known: of many, some tell."""
        import numpy as np

        step = max(self.n // COUNTED, 1)
        some = np.arange(0, self.n, step)
        return self.n, len(self._sorted(recording=False, some=some)[1]) * step

    def _pays(self, recorded: int, strays: int, row: int) -> bool:
        """Whether to record one more path, that of a row, after so many for these rows.

        To record one takes as long as to run dozens of rows by the eager engine. So none are where hardly two of many
        rows have one in common; and no more are, once hardly any of many rows is on those there are.
        """
        paths, most = self.paths, FEW_ROWS * len(self.paths.all)
        if self.arguments.traced.strict or not self._eagerly:
            return True
        if not recorded and self._tried is not paths and strays * MANY >= self.n:
            self._tried = paths  # so no others are in this call
            self._see(row)
        if recorded == TRIED and self.n >= 4 * most and not paths.scattered:
            paths.scattered = self.n if self.n - len(self._sorted(recording=False)[1]) <= most else 0
        return not paths.scattered

    def _see(self, row: int) -> None:
        """Try some of the rows, and note whether they are scattered."""
        paths, inputs, layout = self.paths, self.inputs, self.arguments.layout
        paths.scattered = paths.passed = 0
        if self.arguments.are_scattered(self.n, lambda rows: layout.rows(inputs.shared, inputs.batches, rows), row):
            paths.scattered = self.n

    def _are_scattered(self) -> bool:
        """Whether rows such as these were, of late, and so are left alone."""
        paths = self.paths
        if paths.scattered * 4 < self.n or paths.passed >= min(BETWEEN * sum(paths.tried.values()), MOST_BETWEEN):
            return False  # where there are more rows, there are more on each path
        paths.passed += self.n
        return True

    # --- running them ---

    def run(self, wanted: Derivation) -> tuple[Any, Any]:
        """The outputs that are wanted, of all rows: the summed ones, and the others, an array of outputs and rows."""
        if not self.in_blocks:
            return self._run_at_once(wanted)
        outputs = ((block, block._run_at_once(wanted)) for block in self.blocks())
        return of_blocks(outputs, wanted, self.n, self.arguments.layout.zero)

    def _run_at_once(self, wanted: Derivation) -> tuple[Any, Any]:
        known = len(self.paths.all)
        self._eagerly = eagerly = wanted.kind.eagerly is not None
        if eagerly and self._groups is None and self._are_scattered():
            self.leave_alone()
            return self.run_groups(wanted, self.alone)
        if eagerly and self.paths.unchecked:
            self._check(wanted)
        found = self._follow(wanted) if known > 1 else None
        if found is None:
            path = self.only_path()
            if eagerly and self.paths.scattered:  # as the next call will do it
                self.leave_alone()
            elif len(self.paths.all) > max(known, 1) and not self.alone:  # likewise
                found = self._follow(wanted)
            if found is None:
                found = self.run_groups(wanted, self.alone) if path is None else self.run_path(path, wanted, None)
        return found

    def _check(self, wanted: Derivation) -> None:
        """Have some rows on the path that was recorded first run by the eager engine, too.

        A row of which the two are not the same is recorded once more: it tells whether that is rounding.
        """
        import numpy as np

        with self.arguments.traced.lock:
            while self.paths.unchecked:
                groups = [group for group in self.sort() if group[0] is self.paths.all[0]]
                if not groups or not self.n:
                    return
                path, rows = groups[0]
                of_path: Any = np.arange(self.n) if rows is None else rows
                some = of_path[np.linspace(0, len(of_path), CHECKED + 1, endpoint=False, dtype=int)[1:]]
                wrong = [row for row in sorted({*some.tolist()}) if not self._is_right(path, row, wanted)]
                if not any(self.arguments.doubt(self.first + row) for row in wrong):
                    self.paths.unchecked = False
                else:
                    self._groups = None

    def _is_right(self, path: Path, row: int, wanted: Derivation) -> bool:
        """Whether a row gets along a path what the eager engine gives it, but for the last digits."""
        import numpy as np

        found = np.empty(wanted.count)
        numbers, lanes = self.run_path(path, wanted, np.array([row]))
        found[[*wanted.summed]], found[wanted.others] = numbers, lanes[:, 0]
        try:
            ((_, expected),) = answers_alone(self.arguments, self.inputs, self.first, [row], wanted)
        except Exception:
            return False
        size = np.abs(expected[0], where=np.isfinite(expected[0]), out=np.zeros(wanted.count)).max(initial=0.0)
        return bool(np.allclose(found, expected[0], rtol=1e-9, atol=1e-14 * size, equal_nan=True))

    def _follow(self, wanted: Derivation) -> tuple[Any, Any] | None:
        """The outputs, by a fork; None, if a row takes a path that is not known, or a nan asks for more care."""
        import numpy as np

        if not native or not self.n:
            return None
        traced, inputs = self.arguments.traced, self.inputs
        with traced.lock:
            fork = self.paths.fork(wanted)
        shared = inputs.shared, inputs.captured.numbers(fork.captured), inputs.tangents
        batches = [*inputs.batches, *inputs.tangent_batches]
        lanes, found = array_for_results(fork.lane_outputs, self.n), np.empty(fork.sums)
        whole = all(x.dtype == float for x in batches)

        def work(span: tuple[int, int]) -> Any:
            start, stop = span
            arrays = batches if whole else [x[start:stop].astype(float) for x in batches]
            offset = 0 if whole else start
            return fork.run(*shared, arrays, len(inputs.batches), lanes, start, stop, offset)

        instructions = len(self.paths.all[0].lowered(wanted).instructions)
        parts = list(spread(work, list(shares(self.n, 1)), instructions, traced.threads))
        if None in parts:
            return None
        careful = fork.results(*shared, [part for share in parts for part in share], found)
        if careful and (has_nan(found) or has_nan(lanes)):
            return None
        self.fork = fork
        return found, lanes

    def run_groups(self, wanted: Derivation, alone: list[int]) -> tuple[Any, Any]:
        """The outputs, path by path, and of some rows alone; of rows in neither the lanes hold anything."""
        import numpy as np

        zero = self.arguments.layout.zero
        numbers, lanes = np.full(len(wanted.summed), zero), np.empty((len(wanted.others), self.n))
        for rows, some_numbers, some_lanes in self._parts(wanted, alone):
            if len(numbers):
                with np.errstate(invalid="ignore"):
                    numbers += some_numbers
            for lane, some in zip(lanes, some_lanes, strict=True):
                lane[rows] = some
        if alone and wanted.kind.eagerly is not None:
            for some_rows, found in answers_alone(self.arguments, self.inputs, self.first, alone, wanted):
                if len(numbers):
                    with np.errstate(invalid="ignore"):  # one row after the other, however many there are at a time
                        numbers = np.add.accumulate(np.vstack([numbers, found[:, wanted.summed]]))[-1]
                lanes[:, some_rows] = found[:, wanted.others].T
        return numbers, lanes

    def _parts(self, wanted: Derivation, alone: list[int]) -> Iterator[tuple[Any, Any, Any]]:
        """Rows, what is summed over them, and the lanes of each."""
        for path, rows in self.groups:
            yield slice(None) if rows is None else rows, *self.run_path(path, wanted, rows)
        if wanted.kind.eagerly is None:
            for row in alone:
                yield slice(row, row + 1), *self._run_alone(row, wanted)

    def run_path(self, path: Path, wanted: Derivation, rows: Any) -> tuple[Any, Any]:
        """The outputs of some rows, along a path; with care where the quick way gives nan."""
        import numpy as np

        inputs = self.inputs.of_program(path, wanted, rows)
        alike = len(path.outcomes) > 0
        numbers, lanes, _ = path.replay(wanted).run(*inputs, alike=alike)
        if path.needs_care(wanted) and (has_nan(numbers) or (len(lanes) and has_nan(lanes))):
            with_care, some = path.replay(wanted, careful=True), None
            if not len(numbers):  # the rows that are doubtful, if they are not most of them
                doubtful = np.flatnonzero(np.isnan(lanes).any(axis=0))
                some = doubtful if 2 * len(doubtful) <= lanes.shape[1] else None
            if some is None:
                numbers, lanes, _ = with_care.run(*inputs, alike=alike)
            else:
                of_call = some if rows is None else np.asarray(rows)[some]
                lanes[:, some] = with_care.run(*self.inputs.of_program(path, wanted, of_call), alike=alike)[1]
        return numbers, lanes

    def _run_alone(self, row: int, wanted: Derivation) -> tuple[Any, Any]:
        """The outputs of a row with no path that is kept, and that the eager engine cannot give: by its own path."""
        import numpy as np

        path = self.arguments.own_path(self.first + row)
        self.arguments.require_same_structure(path.results, self.first + row)
        return self.run_path(path, wanted, np.array([row]))


def of_blocks(
    outputs: Iterable[tuple[Rows, tuple[Any, Any]]], wanted: Derivation, n: int, zero: float
) -> tuple[Any, Any]:
    """The outputs of a batch of n rows, of those of its blocks: the summed ones, and the others."""
    import numpy as np

    numbers, lanes = np.full(len(wanted.summed), zero), array_for_results(len(wanted.others), n)
    for block, (some_numbers, some_lanes) in outputs:
        numbers += some_numbers
        lanes[:, block.first : block.first + block.n] = some_lanes
    return numbers, lanes


def by_number(failed: Any, rows: Any) -> list[tuple[int, Any]]:
    """The rows that leave a path, by the number of the guard at which they do, in order."""
    import numpy as np

    astray = np.flatnonzero(failed)
    numbers = failed[astray].astype(np.uint32)
    if len(numbers) and numbers.max() < 2**16:
        numbers = numbers.astype(np.uint16)  # which NumPy sorts in one sweep
    order = np.argsort(numbers, kind="stable")
    numbers, astray = numbers[order], rows[astray[order]]
    begins = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist()]
    ends = [*begins[1:], len(numbers)]
    return [(int(numbers[i]), astray[i:j]) for i, j in zip(begins, ends, strict=True) if i < j]


def has_nan(numbers: Any) -> bool:
    """True, if one of them is nan."""
    if native and numbers.flags.c_contiguous:
        return bool(any_nan(numbers.reshape(-1)))
    return bool((numbers != numbers).any())
