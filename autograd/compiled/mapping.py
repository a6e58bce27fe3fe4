"""A compiled function over many chunks of arguments, on any executor; and the function in a pickle."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pickle import PicklingError
from typing import Any

from autograd.border.wording import brief
from autograd.compiled.call import Call
from autograd.compiled.pieces import Asked, Found, Packed, Pieces, given_in, question_of
from autograd.engine.listening import checkers
from autograd.engine.pausing import no_grad
from autograd.recorded.absent import Absent
from autograd.recorded.options import Options
from autograd.recorded.traced import Traced
from autograd.recorded.travelling import Luggage, for_a_sweep, luggage, reference, unpacked
from autograd.replay.threads import as_threads
from autograd.sweeps.chunks import arguments_of
from autograd.sweeps.executors import Tasks
from autograd.sweeps.pace import Pace
from autograd.sweeps.parcels import as_bytes
from autograd.sweeps.pieces import count_pieces, piece
from autograd.sweeps.progress import Progress
from autograd.sweeps.running import Sweep

__all__ = ["Mapped"]

MAINS = ("__main__", "__mp_main__")
KINDS_OF_SWEEPS = {"value": "value", "grad": "gradient", "value_and_grad": "gradient"}


class Mapped:
    """What of a compiled function is about other processes.

    Attributes:
        function: What was compiled.
    """

    function: Callable[..., Any]
    _options: Options
    _traced: Traced

    def map(
        self,
        chunks: Iterable[Any],
        *,
        executor: Any = None,
        kind: str = "value_and_grad",
        argnums: int | Sequence[int] = 0,
        reduce: str | Callable[[Any, Any], Any] | None = None,
        progress: bool | str = False,
    ) -> Any:
        """The results for many chunks of arguments, in their order, computed by whatever runs tasks.

        A chunk is a tuple of arguments, or a description of them, from which a worker makes them: `Draws` of a seed,
        `RowsOf` files, or any object with a method `arguments()`. The bits of the results are the same whatever
        executor computes them, on however many workers; with `backend="c"`, where the workers build what is built here.

        Args:
            chunks: The chunks; any iterable. It is read as tasks are sent.
            executor: Any `concurrent.futures.Executor`: a `ProcessPoolExecutor`, loky's, `MPIPoolExecutor` of
                mpi4py.futures, `client.get_executor()` of Dask; or a pool with `apply_async`, as Ray's. None is
                threads of this process.
            kind: "value_and_grad", "value" or "grad": what is wanted of each chunk.
            argnums: By which arguments derivatives are wanted.
            reduce: None for a list of results; "sum" or "mean" for one result: values and derivatives added up, over
                the rows of batches too, or their mean over all rows (over the chunks, if a chunk is one point or
                the function is compiled with reduce="sum"); or a function of two results, such as that so far and
                the next.
            progress: Whether to show a bar, with tqdm; text is its title.

        What goes to a worker is what was recorded as data, and the description of a chunk; the function only by its
        name, if it has one to import and captures no Values. A row on a path that a worker does not know, and cannot
        record, is computed here; all is, within `detect_anomaly`. A function that is run in another process finds there
        what it looks up (globals, files) as it is there.

        Raises:
            SweepError: the executor gave up, as a process pool does when a worker is killed, or was shut down; it has
                what was done. Dask goes on by itself.
            TypeError: a chunk is none, or cannot be pickled; they cannot be gone through; `executor` cannot run tasks.
            ValueError: chunks differ in structure; there are none, and a reduction; `kind` or `reduce` is unknown.
            Exception: what the function, a chunk or `reduce` raises, with a note of the chunk.

        Cost: descriptions are worked on in pieces of 16,384 rows, and pieces and chunks are put together to tasks of
        some 0.2 s; a tuple of arguments is never divided.

        >>> import numpy as np
        >>> from autograd import Draws, compile
        >>> payoff = compile(lambda s, z: (s * (0.2 * z - 0.02).exp() - 100.0).maximum(0.0), in_axes=(None, 0))
        >>> def draw(rng, rows):
        ...     return 100.0, rng.standard_normal(rows)
        >>> value, delta = payoff.map([Draws(draw, 50_000, seed=k) for k in range(4)], reduce="mean")
        >>> round(value, 0), round(delta, 1)
        (8.0, 0.5)
        """
        if kind not in KINDS_OF_SWEEPS:
            raise ValueError(f'map: kind is {brief(kind)}; it is "value_and_grad", "value" or "grad"')
        if reduce not in (None, "sum", "mean") and not callable(reduce):
            raise ValueError(f'map: reduce is {brief(reduce)}; it is None, "sum", "mean" or a function of two results')
        if not isinstance(chunks, Iterable):
            raise TypeError(
                f"map: chunks is {brief(chunks)}; it is a list, or whatever gives one chunk after the other"
            )
        tasks = Tasks(executor, as_threads(self._options.threads), bool(checkers()))
        try:
            total = len(chunks) if isinstance(chunks, Sized) else None
            these = iter(chunks)
            for first in these:
                asked = Asked(KINDS_OF_SWEEPS[kind], argnums, reduce in ("sum", "mean"))
                errand = Errands(self._traced, self._options, first, asked, kind, reduce)
                bar = Progress(progress, errand.name, total)
                try:
                    Sweep(errand, chain([first], these), total, tasks, bar).run()
                finally:
                    bar.close()
                return errand.so_far()
            if reduce is not None:
                raise ValueError(f"map: there are no chunks for reduce={brief(reduce)}: give one at least")
            return []
        finally:
            tasks.close()

    def __reduce__(self) -> Any:
        """The function by its name with what was recorded, or without it; see `reference`.

        A function that captures Values, and can be imported, goes by its name alone: what was recorded goes with other
        Values than it captures there.

        Raises:
            PicklingError: it has no name to be imported by, and nothing was recorded.
        """
        module, name = getattr(self.function, "__module__", ""), getattr(self.function, "__qualname__", "")
        if is_found(self, module, name):  # a decorator put it in its place
            if module not in MAINS:
                return found_again, (module, name, self._packed())
            if not self._traced.paths or by_value():
                return name
        if "<" in name and not self._traced.paths and not by_value():
            raise PicklingError(
                f"{self._traced.name} cannot be pickled: it has no name to be imported by, and nothing was recorded of "
                "it. Put it into a module, call it first, or pickle it by cloudpickle"
            )
        if reference(self.function) is not None or not self._traced.paths or by_value():
            return restored, (type(self), self._packed(), reference(self.function) or self.function)
        return restored, (type(self), self._packed(alone=True), Absent(self._traced.name))

    def _packed(self, alone: bool = False) -> Luggage:
        """What was recorded.

        Args:
            alone: Whether the function cannot go along.
        """
        packed = luggage(self._traced, self._options)
        packed.function = None  # which goes beside it
        if not alone and packed.captures:
            packed.layouts, packed.paths = {}, {}
        return packed


class Errands:
    """What a sweep is about; see `Errand`.

    Args:
        traced, options: The function. It records the paths of the rows of the first chunk's first piece.
        first: That chunk.
        asked: What is asked of pieces.
        kind, reduce: See `map`.
    """

    def __init__(self, traced: Traced, options: Options, first: Any, asked: Asked, kind: str, reduce: Any) -> None:
        self.name, self.divisible = traced.name, traced.in_axes is not None
        try:
            began = time.perf_counter()
            arguments = arguments_of(piece(first, 0, count_pieces(first, self.divisible)))
            making = time.perf_counter() - began
            with no_grad():
                call = Call(traced, arguments, {})
                self._question = question_of(call, asked)
                for block in call.rows.blocks():
                    block.sort()
        except Exception as error:
            error.add_note(f"in chunk 0 of a sweep of {self.name}: {brief(first)}")
            raise
        kept = call.paths.once(("pace", asked.kind, repr(asked.argnums), asked.summed), dict[str, float])
        self.pace = Pace(kept, making / max(call.n, 1))
        self._batched, self._reduced, self._kind, self._reduce = call.batched, traced.reduce, kind, reduce
        begun = luggage(traced, options, [call.layout])
        begun.options = replace(options, threads=options.threads or 1)  # what runs tasks runs several
        self._asked, self._structure = asked, (given_in(call.layout), call.results.key())
        self.worker = Pieces(begun, begun, asked, self._structure)
        self._begun = begun
        self._away: Luggage | None = None
        self._parcel: tuple[int, tuple[bytes, bytes]] | None = None
        self._total: Any = [] if reduce is None else None
        self._rows = 0

    def parcel(self) -> tuple[bytes, bytes]:
        """What goes to other processes, and its hash."""
        paths = self.worker.paths
        if self._parcel is None or self._parcel[0] != paths:
            self._away = self._away or for_a_sweep(self._begun)
            learned = for_a_sweep(self.worker.learned())
            pieces = Packed(self._away, learned, self._asked, self._structure)
            packed = as_bytes(pieces, f"map: what {self.name} recorded, with its static arguments,")
            self._parcel = paths, (sha256(packed).digest(), packed)
        return self._parcel[1]

    def take(self, found: Found) -> None:
        """Take the result of the next chunk."""
        if self._reduce is None:
            self._total.append(self.finished(found))
        elif callable(self._reduce):
            result = self._result(found)
            self._total = result if self._total is None else self._reduce(self._total, result)
        else:
            by_rows = self._batched and self._reduced != "sum"
            if self._reduced == "mean" and self._reduce == "sum":
                self._require_rows(found.rows)
                found = Found(found.numbers / found.rows, [], 1)
            self._total = found.numbers if self._total is None else self._total + found.numbers
            self._rows += found.rows if by_rows else 1

    def so_far(self) -> Any:
        """What was made of those that were taken; None, if nothing is to be reduced."""
        if self._reduce not in ("sum", "mean") or self._total is None:
            return self._total
        if self._reduce == "mean":
            self._require_rows(self._rows)
        numbers = self._total / self._rows if self._reduce == "mean" else self._total
        return self._filled(numbers, [])

    def finished(self, found: Found) -> Any:
        """The result of one chunk; None where results are reduced."""
        return self._result(found) if self._reduce is None else None

    def _result(self, found: Found) -> Any:
        """The result of one chunk, as a call gives it."""
        numbers, lanes = found.numbers, found.lanes
        if self._reduced == "mean" and self._batched:
            self._require_rows(found.rows)
            numbers, lanes = numbers / found.rows, [x / found.rows for x in lanes]
        return self._filled(numbers, lanes)

    def _filled(self, numbers: Any, lanes: list[Any]) -> Any:
        """An answer of these numbers."""
        import numpy as np

        whole = lanes[0] if len(lanes) == 1 else np.concatenate(lanes, axis=1) if lanes else np.empty((0, 0))
        answer = self._question.answer.fill(numbers, whole)
        return answer[1] if self._kind == "grad" else answer

    def _require_rows(self, rows: int) -> None:
        """Refuse an empty batch."""
        if not rows:
            raise ValueError(f"{self.name}: the mean over an empty batch is undefined")


# --- in a pickle ---


def is_found(compiled: Any, module: str, name: str) -> bool:
    """Whether that name means this function."""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is compiled


def found_again(module: str, name: str, packed: Luggage) -> Any:
    """The compiled function of that name, with what was recorded of it."""
    __import__(module)
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part)
    if isinstance(found, Mapped):
        unpacked(packed, found._traced)
    return found


def restored(cls: Any, packed: Luggage, function: Any) -> Any:
    """The compiled function of a pickle."""
    found: Any = cls.__new__(cls)
    functools.update_wrapper(found, function, updated=())
    packed.function = function
    found.function, found._options, found._bound, found._traced = function, packed.options, {}, unpacked(packed)
    found._hasten(found._traced.repetitions)
    return found


def by_value() -> bool:
    """Whether it is cloudpickle that asks, which takes functions as they are."""
    return str(sys._getframe(2).f_globals.get("__name__")).startswith(("cloudpickle", "dill"))
