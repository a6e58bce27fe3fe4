"""One call of a compiled function: arguments to numbers, rows to paths, paths to replays, and results put together."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from operator import index
from typing import Any

import optree

from autograd.answers import Answer, Asked, Part, asked, instead_of_one, together
from autograd.engine import Value, data_of, listener, native
from autograd.memory import array_for_results
from autograd.paths import Derivation, Path, Paths
from autograd.recording import RecordingError
from autograd.repeating import keep
from autograd.replay import shares, spread
from autograd.structure import Results, flatten, holds_objects
from autograd.sweep import add_to_grads, gradient
from autograd.tangents import pack_tangents
from autograd.tracing import Traced
from autograd.vectors import read_values
from autograd.wording import brief

if native:
    from autograd._lanes import any_nan
    from autograd._repetition import is_key, repeated

__all__ = ["Call", "answer", "backward"]

BLOCK = 2**20
"""So many rows are sorted onto their paths at once."""


def answer(
    traced: Traced,
    kind: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    argnums: Any = (),
    tangents: tuple[Any, ...] | None = None,
) -> Any:
    """What is asked for of a call; `kind` is that of a Derivation, and what goes along a direction has tangents."""
    repeats, key = native and is_key(argnums), (kind, argnums)
    if repeats:
        known, _ = repeated(traced, key, args, kwargs if tangents is None else tangents)
        if known is not None:
            return known
    call = Call(traced, args, kwargs, tangents)
    found = call.answer(kind, argnums)
    if repeats:
        keep(call, key, lambda _: call.asked(kind, argnums))
    return found


def backward(traced: Traced, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of a call; every Value that took part has been given its share of the gradient."""
    if native:
        known, repetition = repeated(traced, "backward", args, kwargs)
        if known is not None:
            value, slopes = known
            add_to_grads(repetition.captured, slopes)
            return value
    return Call(traced, args, kwargs).backward()


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
        if listener() is not None:
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
        self.tangents: tuple[Any, list[Any]] | None = None
        if tangents is not None:
            self.moving, *directions = pack_tangents(traced, self.arguments[0], layout, self.n, tangents)
            self.tangents = (directions[0], directions[1])
        with traced.lock:
            if layout not in traced.paths:
                traced.paths[layout] = Paths(traced.max_paths)
            self.paths = traced.paths[layout]
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
        if len(paths.all) >= paths.most:
            traced.warn_once()
            return None
        row += self.first_row
        path = traced.record(self.layout, self.leaves, row)
        known = paths.beginning_with(path.outcomes)
        if known is not None and known.outcomes == path.outcomes:
            return known
        self._require_same_structure(path.results, row)
        paths.add(path)
        return path

    def _require_same_structure(self, results: Results, row: int) -> None:
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

    def _inputs_and_tangents(self, path: Path, rows: Any) -> tuple[tuple[bool, ...], Any, list[Any]]:
        import numpy as np

        varying, numbers, batches = self._inputs(path, rows)
        if self.tangents is not None:
            numbers = np.concatenate([numbers, self.tangents[0]])
            batches = batches + [x if rows is None else x[rows] for x in self.tangents[1]]
            varying = varying + tuple([varying[k] for k in self.moving])
        return varying, numbers, batches

    # --- running them ---

    def answer(self, kind: str, argnums: Any = ()) -> Any:
        """What is asked for; `kind` is that of a Derivation."""
        if kind in ("gradient", "hvp", "hessian"):
            self._require_single("grad" if kind == "gradient" else kind)
        question = self.asked(kind, argnums)
        return question.answer.fill(*self.run(question.wanted))

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
            self._require_rows()
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
            found = self._run_paths(wanted) if path is None else self._run_path(path, wanted, None)
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

        instructions = len(self.paths.all[0].program(wanted, threads).instructions)
        parts = list(spread(work, list(shares(self.n, 1)), instructions, threads))
        if None in parts:
            return None
        careful = fork.results(self.numbers, captured, extra, [part for share in parts for part in share], found)
        if careful and (has_nan(found) or has_nan(lanes)):
            return None
        self.followed = fork
        return found, lanes

    def _run_path(self, path: Path, wanted: Derivation, rows: Any) -> tuple[Any, Any]:
        """The summed outputs and the others, on some rows; with care where the quick way gives nan."""
        inputs = self._inputs_and_tangents(path, rows)
        n = self.n if rows is None else len(rows)
        replay = path.replay(wanted, self.traced.threads)
        alike = len(path.outcomes) > 0
        numbers, lanes, _ = replay.run(*inputs, n, alike=alike)
        if path.needs_care(wanted, self.traced.threads) and (has_nan(numbers) or (len(lanes) and has_nan(lanes))):
            numbers, lanes, _ = path.replay(wanted, self.traced.threads, careful=True).run(*inputs, n, alike=alike)
        return numbers, lanes

    def _run_paths(self, wanted: Derivation) -> tuple[Any, Any]:
        import numpy as np

        start = 0.0 if self.batched else -0.0  # a sum over a batch is never -0, what is no sum may be
        numbers, lanes = np.full(len(wanted.summed), start), np.empty((len(wanted.others), self.n))
        for path, rows in self.groups:
            some_numbers, some_lanes = self._run_path(path, wanted, rows)
            with np.errstate(invalid="ignore"):
                numbers += some_numbers
            for lane, some in zip(lanes, some_lanes, strict=True):
                lane[rows] = some
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
            self._require_same_structure(results, row)
            outputs = [x if isinstance(x, Value) else Value(x).detach() for x in results.values]
            values = [data_of(x) for x in outputs] if wanted.kind != "jacobian" else []
            slopes: list[float] = []
            for output in outputs if wanted.kind != "value" else ():
                towards = [leaves[k] for k in wanted.inputs]
                slopes += gradient([output], towards, [1.0]) if not output.is_constant else [0.0] * len(towards)
            return np.array(values + slopes)
        path = self.traced.record(self.layout, self.leaves, row)
        self._require_same_structure(path.results, row)
        every = Derivation(wanted.kind, wanted.inputs, wanted.count, tuple(range(wanted.count)), wanted.moving)
        return self._run_path(path, every, np.array([row - self.first_row]))[0]

    def backward(self) -> Any:
        """The value; every Value that took part has been given its share."""
        self._require_single("backward")
        if self.batched and not self.traced.reduce:
            raise ValueError(
                f'{self.traced.name}.backward: a batch has many values: compile with reduce="sum" or "mean"'
            )
        if self.traced.reduce == "mean":
            self._require_rows()
        places = list(self.values_among_arguments())
        values, own = [x for _, x in places], tuple([k for k, _ in places])
        n = self.n if self.traced.reduce == "mean" and self.batched else 1
        total, shares = 0.0, []
        for block in self.blocks():
            for path, rows in block.groups_of_all():
                numbers, _ = block._run_path(path, self.asked_of_values(path, own).wanted, rows)
                total += float(numbers[0])
                shares.append(([*values, *path.captured], numbers[1:] / n))
        for targets, share in shares:
            add_to_grads(targets, share)
        if native and not own:
            keep(self, "backward", lambda path: self.asked_of_values(path, own))
        return optree.tree_unflatten(self.results.treespec, [total / n])

    def groups_of_all(self) -> list[tuple[Path, Any]]:
        """Paths with their rows; a row no path is kept for has one of its own."""
        import numpy as np

        self.assign()
        alone = [(self.traced.record(self.layout, self.leaves, self.first_row + row), row) for row in self.alone]
        return [*self.groups, *[(path, np.array([row])) for path, row in alone]]

    def asked_of_values(self, path: Path, own: tuple[int, ...]) -> Asked:
        """The value, and in one array its slopes by some inputs and then by all that the path captured."""
        found: Asked | None = path.for_backward.get(own)
        if found is None:
            first = self.layout.size
            inputs = own + tuple(range(first, first + len(path.captured)))
            count = len(inputs)
            value = Answer(self.results.treespec, [Part((0,), 1, (), False)])
            found = path.for_backward[own] = Asked(
                Derivation("gradient", inputs, 1 + count, tuple(range(1 + count))),
                together([value, Part((1,), count, (count,), False)]),
            )
        return found

    def values_among_arguments(self) -> Iterator[tuple[int, Value]]:
        """Inputs that are Values."""
        for leaf, x in zip(self.layout.leaves, self.leaves, strict=True):
            if isinstance(x, Value):
                yield leaf.start, x
            elif leaf.kind == "array" and holds_objects(x):
                if leaf.axis is not None:
                    raise TypeError(
                        f"{self.traced.name}.backward: {leaf.name} is a batch of Values: pass their numbers"
                    )
                yield from ((leaf.start + i, v) for i, v in enumerate(x.ravel().tolist()) if isinstance(v, Value))

    # --- putting together ---

    def _require_rows(self) -> None:
        if self.batched and not self.n:
            raise ValueError(f"{self.traced.name}: the mean over an empty batch is undefined")

    def _require_single(self, what: str) -> None:
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
