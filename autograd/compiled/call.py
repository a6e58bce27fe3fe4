"""One call of a compiled function: arguments to numbers, rows to paths, paths to replays, and results put together."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from operator import index
from typing import Any

from autograd._build import native
from autograd.border.wording import brief
from autograd.compiled.paths import Derivation, Path
from autograd.compiled.questions import Asked, asked, instead_of_one
from autograd.compiled.tangents import pack_tangents
from autograd.compiled.traced import Traced
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.engine.refusals import RecordingError
from autograd.engine.sweep import gradient
from autograd.replay.memory import array_for_results
from autograd.replay.threads import shares, spread
from autograd.structures.results import Results
from autograd.structures.trees import flatten
from autograd.values.value import Value
from autograd.values.vectors import read_values

if native:
    from autograd.replay.machine import any_nan

__all__ = ["Call"]

BLOCK = 2**20
"""So many rows are sorted onto their paths at once."""


class Call:
    """A call: what it was given, as numbers, and which rows of it take which paths.

    Args:
        traced: The function.
        args, kwargs: Its arguments.
        tangents: Directions for the positional ones, if there are to be any.
    """

    def __init__(
        self, traced: Traced, args: tuple[Any, ...], kwargs: dict[str, Any], tangents: tuple[Any, ...] | None = None
    ) -> None:
        if recorder() is not None:
            raise RecordingError(
                f"{traced.name}: derivatives of a compiled function are numbers, which a recording freezes: use "
                "autograd.grad(..., create_graph=True) inside a function that is recorded"
            )
        self.traced = traced
        self.arguments = traced.wrapped(args, kwargs)
        self.leaves, treespec = flatten(self.arguments)
        self.layout = layout = traced.layout(self.arguments, self.leaves, treespec)
        self.batched = bool(layout.batched)
        self.numbers, self.batches, self.n = layout.pack(self.leaves)
        self.first_row = 0  # of the batch
        self._read: dict[int, float] = {}  # of captured Values, by id, the numbers that this call takes
        self.followed: Any = None  # what sent the rows along their paths, if that was enough
        self.moving: tuple[int, ...] = ()
        self.directions = tangents
        self.tangents: tuple[Any, list[Any]] | None = None  # or cotangents: numbers, and batches
        if tangents is not None:
            self.moving, *directions = pack_tangents(traced, self.arguments[0], layout, self.n, tangents)
            self.tangents = (directions[0], directions[1])
        with traced.lock:
            self.paths = traced.paths_of(layout)
            self.known = len(self.paths.all)
            if not self.paths.all:
                self._record(0)
        self.results = self.paths.all[0].results

    # --- paths ---

    def assign(self) -> None:
        """Find out, if that is not known yet, which rows take which path, and record what is new."""
        if not hasattr(self, "groups"):
            with self.traced.lock:
                self.groups, self.alone = self.paths.assign(self._run_guards, self._record, self.n)

    def _record(self, row: int) -> Path | None:
        traced, paths = self.traced, self.paths
        row += self.first_row
        if len(paths.all) >= paths.most:
            traced.warn_of_paths(self.layout, self.leaves, row)
            return None
        path = traced.record(self.layout, self.leaves, row)
        known = paths.beginning_with(path.outcomes)
        if known is not None and known.outcomes == path.outcomes:
            return known
        self.require_same_structure(path.results, row)
        paths.add(path)
        return path

    def require_same_structure(self, results: Results, row: int) -> None:
        """Refuse results of another structure than those of the path that was recorded first."""
        first = self.paths.all[0].results if self.paths.all else results
        if results.key() != first.key():
            raise TypeError(
                f"{self.traced.name}: the structure of its result depends on the path: {results} on row {row}, {first} "
                "before"
            )

    def _run_guards(self, path: Path, rows: Any) -> Any:
        n = self.n if rows is None else len(rows)
        return path.guards(self.traced.threads).run(*self._inputs(path, rows), n, guarded=True)[2]

    def captured(self, values: list[Value]) -> Any:
        """The numbers of Values that paths capture, read once for the whole call: another thread may set them."""
        import numpy as np

        numbers = np.empty(len(values))
        read_values(values, numbers)
        if self._read:
            numbers[:] = [self._read.get(id(v), x) for v, x in zip(values, numbers.tolist(), strict=True)]
        self._read.update(zip(map(id, values), numbers.tolist(), strict=True))
        return numbers

    def _inputs(self, path: Path, rows: Any) -> tuple[tuple[bool, ...], Any, list[Any]]:
        """For a replay of a path: which inputs vary, the shared numbers, these rows of the batches."""
        import numpy as np

        numbers, batches = self.numbers, self.batches
        if path.captured:
            numbers = np.concatenate([numbers, self.captured(path.captured)])
        if rows is not None:
            batches = [x[rows] for x in batches]
        return path.varying, numbers, batches

    def _inputs_and_tangents(
        self, path: Path, wanted: Derivation, rows: Any
    ) -> tuple[tuple[bool, ...], Any, list[Any]]:
        import numpy as np

        varying, numbers, batches = self._inputs(path, rows)
        if self.tangents is not None:
            numbers = np.concatenate([numbers, self.tangents[0]])
            batches = batches + [x if rows is None else x[rows] for x in self.tangents[1]]
            varying = varying + wanted.along
        return varying, numbers, batches

    # --- running them ---

    def answer(self, kind: str, argnums: Any = ()) -> Any:
        """What is asked for; `kind` is that of a Derivation."""
        if kind in ("gradient", "hvp", "hessian"):
            self.require_single("grad" if kind == "gradient" else kind)
        question = self.asked(kind, argnums)
        found = question.answer.fill(*self.run(question.wanted))
        if kind != "value":
            self.look_at_steps()
        return found

    def look_at_steps(self) -> None:
        """Where nothing moves along a path, see whether that deserves a warning, once."""
        for path in self.paths.all:
            if path.example is not None:
                self.traced.warn_of_steps(self.layout, self.leaves, path)

    @property
    def missed(self) -> bool:
        """Whether a row took a path that was not known."""
        return len(self.paths.all) > self.known or bool(getattr(self, "alone", ()))

    def asked(self, kind: str, argnums: Any) -> Asked:
        """What that means for arguments and results of this structure."""
        argnums = self._positions(argnums)
        key = (kind, argnums, self.moving)
        found: Asked | None = self.paths.asked.get(key)
        if found is None:
            reduced = self.traced.reduce is not None
            found = asked(kind, argnums, self.moving, self.layout, self.results, reduced)
            self.paths.asked[key] = found
        return found

    def only_path(self) -> Path | None:
        """The path that all rows take, if there is one."""
        self.assign()
        return self.groups[0][0] if len(self.groups) == 1 and self.groups[0][1] is None else None

    def run(self, wanted: Derivation) -> tuple[Any, Any]:
        """What is wanted, of all rows: the summed outputs and the others."""
        import numpy as np

        if not self.in_blocks:
            numbers, lanes = self._run_rows(wanted)
        else:
            numbers, lanes = np.zeros(len(wanted.summed)), array_for_results(len(wanted.others), self.n)
            for block in self.blocks():
                some_numbers, some_lanes = block._run_rows(wanted)
                numbers += some_numbers
                lanes[:, block.first_row : block.first_row + block.n] = some_lanes
        if self.traced.reduce == "mean" and self.batched:
            self.require_rows()
            numbers, lanes = numbers / self.n, lanes / self.n if len(lanes) else lanes
        return numbers, lanes

    @property
    def in_blocks(self) -> bool:
        """Whether the batch is too long for its rows to be sorted onto paths all at once, in the memory there is."""
        return self.n > BLOCK and len(self.paths.all[0].outcomes) > 0

    def blocks(self) -> Iterator[Call]:
        """The call, with some of the rows each."""
        if not self.in_blocks:
            yield self
            return
        for start in range(0, self.n, BLOCK):
            block = copy(self)
            block.first_row, block.n = start, min(BLOCK, self.n - start)
            block.batches = [x[start : start + block.n] for x in self.batches]
            if self.tangents is not None:
                block.tangents = (self.tangents[0], [x[start : start + block.n] for x in self.tangents[1]])
            yield block

    def _run_rows(self, wanted: Derivation) -> tuple[Any, Any]:
        known = len(self.paths.all)
        found = self._follow(wanted) if known > 1 else None
        if found is None:
            self.assign()
            if len(self.paths.all) > max(known, 1) and not self.alone:  # as the next call will do it
                found = self._follow(wanted)
        if found is None:
            path = self.only_path()
            found = self._run_paths(wanted) if path is None else self.run_path(path, wanted, None)
        return found

    def _follow(self, wanted: Derivation) -> tuple[Any, Any] | None:
        """The same, if all rows take paths that are known; None also where a nan asks for more care."""
        import numpy as np

        if not native or not self.n:
            return None
        threads = self.traced.threads
        with self.traced.lock:
            fork = self.paths.fork(wanted, threads)
        captured = self.captured(fork.captured)
        extra, tangents = self.tangents if self.tangents is not None else (np.empty(0), [])
        batches = [*self.batches, *tangents]
        lanes, found = array_for_results(fork.lane_outputs, self.n), np.empty(fork.sums)
        whole = all(x.dtype == float for x in batches)

        def work(span: tuple[int, int]) -> Any:
            start, stop = span
            arrays = batches if whole else [x[start:stop].astype(float) for x in batches]
            offset = 0 if whole else start
            return fork.run(self.numbers, captured, extra, arrays, len(self.batches), lanes, start, stop, offset)

        instructions = len(self.paths.all[0].lowered(wanted, threads).instructions)
        parts = list(spread(work, list(shares(self.n, 1)), instructions, threads))
        if None in parts:
            return None
        careful = fork.results(self.numbers, captured, extra, [part for share in parts for part in share], found)
        if careful and (has_nan(found) or has_nan(lanes)):
            return None
        self.followed = fork
        return found, lanes

    def run_path(self, path: Path, wanted: Derivation, rows: Any) -> tuple[Any, Any]:
        """The summed outputs and the others, on some rows; with care where the quick way gives nan."""
        inputs = self._inputs_and_tangents(path, wanted, rows)
        n = self.n if rows is None else len(rows)
        replay = path.replay(wanted, self.traced.threads)
        alike = len(path.outcomes) > 0
        numbers, lanes, _ = replay.run(*inputs, n, alike=alike)
        if path.needs_care(wanted, self.traced.threads) and (has_nan(numbers) or (len(lanes) and has_nan(lanes))):
            numbers, lanes, _ = path.replay(wanted, self.traced.threads, careful=True).run(*inputs, n, alike=alike)
        return numbers, lanes

    def run_groups(self, wanted: Derivation) -> tuple[Any, Any]:
        """What is wanted, of the rows whose paths are kept; of others the lanes hold anything."""
        import numpy as np

        start = 0.0 if self.batched else -0.0  # a sum over a batch is never -0, what is no sum may be
        numbers, lanes = np.full(len(wanted.summed), start), np.empty((len(wanted.others), self.n))
        for path, rows in self.groups:
            some_numbers, some_lanes = self.run_path(path, wanted, rows)
            with np.errstate(invalid="ignore"):
                numbers += some_numbers
            for lane, some in zip(lanes, some_lanes, strict=True):
                lane[slice(None) if rows is None else rows] = some
        return numbers, lanes

    def _run_paths(self, wanted: Derivation) -> tuple[Any, Any]:

        numbers, lanes = self.run_groups(wanted)
        for row in self.alone:
            found = self._run_row(row, wanted)
            numbers += found[list(wanted.summed)]
            lanes[:, row] = found[wanted.others]
        return numbers, lanes

    def _run_row(self, row: int, wanted: Derivation) -> Any:
        """What is wanted, of a row no path is kept for: by the eager engine where it can, else by its own path."""
        import numpy as np

        row += self.first_row
        if wanted.kind in ("value", "gradient", "jacobian"):
            leaves, result = self.traced.run_eagerly(self.layout, self.leaves, row)
            results = Results(result, self.traced.name)
            self.require_same_structure(results, row)
            outputs = [x if isinstance(x, Value) else Value(x).detach() for x in results.values]
            values = [data_of(x) for x in outputs] if wanted.kind != "jacobian" else []
            slopes: list[float] = []
            for output in outputs if wanted.kind != "value" else ():
                towards = [leaves[k] for k in wanted.inputs]
                slopes += gradient([output], towards, [1.0]) if not output.is_constant else [0.0] * len(towards)
            return np.array(values + slopes)
        path = self.traced.record(self.layout, self.leaves, row)
        self.require_same_structure(path.results, row)
        found = np.empty(wanted.count)
        numbers, lanes = self.run_path(path, wanted, np.array([row - self.first_row]))
        found[list(wanted.summed)], found[wanted.others] = numbers, lanes[:, 0]
        return found

    def groups_of_all(self) -> list[tuple[Path, Any]]:
        """Paths with their rows; a row no path is kept for has one of its own."""
        import numpy as np

        self.assign()
        alone = [(self.traced.record(self.layout, self.leaves, self.first_row + row), row) for row in self.alone]
        return [*self.groups, *[(path, np.array([row])) for path, row in alone]]

    # --- putting together ---

    def require_rows(self) -> None:
        """Refuse an empty batch."""
        if self.batched and not self.n:
            raise ValueError(f"{self.traced.name}: the mean over an empty batch is undefined")

    def require_single(self, what: str) -> None:
        """Refuse results that are not one number."""
        if not self.results.single:
            raise TypeError(f"{self.traced.name}.{what}: {instead_of_one(what, self.results, self.layout)}")

    def _positions(self, argnums: Any) -> Any:
        """`argnums`, counted from the front."""
        n = len(self.arguments[0])
        single = not isinstance(argnums, (tuple, list))
        positions = []
        for k in (argnums,) if single else argnums:
            if isinstance(k, (bool, Value)) or not hasattr(k, "__index__") or not -n <= k < n:
                raise ValueError(f"{self.traced.name}: argnums has {brief(k)}; there are {n} positional arguments")
            positions.append(index(k) % n)
        return positions[0] if single else tuple(positions)


def has_nan(numbers: Any) -> bool:
    """Whether one of them is nan."""
    if native and numbers.flags.c_contiguous:
        return bool(any_nan(numbers.reshape(-1)))
    return bool((numbers != numbers).any())
