"""Replaying a tape over a batch at the speed of compiled code.

The program is lowered once (`lowering.py`): what depends on shared inputs alone is computed once per call, not per row
of the batch; the rest becomes instructions over blocks of 64 lanes. Blocks are spread over threads; what is summed over
the batch is summed in an order that depends on its length alone. Where it is not compiled, NumPy runs the tape.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from autograd._build import native
from autograd.border.conversion import as_array, as_float
from autograd.border.wording import brief
from autograd.calculus._codes import LANES
from autograd.lowering.lowered import Program
from autograd.lowering.lowering import lower
from autograd.replay.memory import array_for_results
from autograd.tape.tape import Tape

__all__ = ["Replay", "shares", "smallest_share", "spread"]

SHARES, LARGEST_SHARE = 16, 1024 * LANES
"""A batch is worked on in about so many shares, of at most so many lanes; a thread takes one at a time."""
WORTH_A_SHARE = 2**18
"""A share has at least so many instructions times lanes to do, where the batch has, unless 4096 lanes are less."""
WORTH_A_THREAD = 2**21
"""Other threads take part where there are so many instructions times lanes to do: some tenths of a millisecond."""
_pools: dict[int, ThreadPoolExecutor] = {}
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)  # threads do not come along into a forked process


class Replay:
    """A tape, ready to run over batches.

    Args:
        tape: The program. `tape.with_gradient()` gives one that computes derivatives too.
        threads: Over how many threads to spread a batch; None takes all processors. The results do not depend on it.
        summed: Which outputs are wanted as their sum over the batch, by number.

    Raises:
        ValueError: `threads` is not a whole number from 1.

    Cost: lowering is linear in the tape, once for each choice of which inputs are batches.

    >>> import numpy as np
    >>> from autograd import Value
    >>> x, r = Value(1.0), Value(2.0)
    >>> price = Replay(Tape(x.exp() * r, [x, r]))
    >>> price(np.array([0.0, 1.0, 2.0]), 10.0).round(3)
    array([10.   , 27.183, 73.891])
    """

    def __init__(self, tape: Tape, threads: int | None = 1, summed: Collection[int] = ()) -> None:
        self.tape, self.summed, self.threads = tape, frozenset(summed), as_threads(threads)
        self._programs: dict[tuple[tuple[bool, ...], bool], Program] = {}
        self.selects = tape.steps.any_selects()
        self._latest: tuple[tuple[bool, ...], bool, Program] | None = None

    def __call__(self, *inputs: Any) -> Any:
        """The outputs for these inputs: an array where a batch takes part, else a float.

        Args:
            inputs: A number, shared by the batch, or an array of one axis, the batch, for each input of the tape.

        Raises:
            TypeError: not as many as the tape has inputs, or an array of something else than real numbers.
            ValueError: batches of different lengths, or an array of more than one axis; a row leaves the path that the
                tape was recorded on.
        """
        import numpy as np

        if len(inputs) != len(self.tape.labels):
            raise TypeError(f"this tape has {len(self.tape.labels)} inputs, got {len(inputs)}")
        given = [as_batch(x, k) for k, x in enumerate(inputs)]
        batches = [x for x in given if not isinstance(x, float)]
        lengths = {len(x) for x in batches}
        if len(lengths) > 1:
            raise ValueError(f"batches of different lengths: {sorted(lengths)}")
        if not lengths and not self.tape.guards:
            return self.tape(*given)
        varying = tuple(not isinstance(x, float) for x in given)
        shared = [x for x in given if isinstance(x, float)]
        n = lengths.pop() if lengths else 1
        summed, lanes, failed = self.run(varying, shared, [x.reshape(n, 1) for x in batches], n, guarded=True)
        if failed.any():
            row = int(np.flatnonzero(failed)[0])
            raise ValueError(f"row {row} leaves the path that the tape was recorded on: autograd.compile follows it")
        sums, rows = iter(summed), iter(lanes)
        found = [float(next(sums)) if i in self.summed else next(rows) for i in range(len(self.tape.outputs))]
        found = found if batches else [float(x) if isinstance(x, float) else float(x[0]) for x in found]
        return found[0] if self.tape.single else tuple(found)

    def run(
        self,
        varying: tuple[bool, ...],
        shared: Any,
        batches: Sequence[Any],
        n: int,
        guarded: bool = False,
        alike: bool = False,
    ) -> tuple[Any, Any, Any]:
        """What the tape gives: for whole batches at once, with as little around the lanes as possible.

        Args:
            varying: Of each input whether it is a batch.
            shared: The numbers of the inputs that are not, in order.
            batches: Arrays of two axes, the rows of the batch and some of its inputs, in order.
            n: How many rows there are.
            guarded: Whether to find out which rows leave the path of the tape.
            alike: Whether a batch is to be divided by its length alone, as it is for any other path of a function.

        Returns:
            The summed outputs, in order; the other outputs, an array of shape (outputs, n); and with `guarded`, for
            each row of the batch the number of the first guard that it does not satisfy, from 1, or 0.
        """
        if not native:
            return self._run_by_numpy(varying, shared, batches, n, guarded)
        return self._run(self.program(varying, guarded), shared, batches, n, guarded, alike)

    def program(self, varying: tuple[bool, ...], guarded: bool) -> Program:
        """The tape, lowered for such inputs."""
        latest = self._latest
        if latest is not None and latest[0] is varying and latest[1] is guarded:
            return latest[2]  # without hashing thousands of flags
        program = self._programs.get((varying, guarded))
        if program is None:
            program = self._programs[varying, guarded] = lower(self.tape, varying, self.summed, guarded)
        self._latest = (varying, guarded, program)
        return program

    def _run(
        self, program: Program, shared: Any, batches: Sequence[Any], n: int, guarded: bool, alike: bool
    ) -> tuple[Any, Any, Any]:
        import numpy as np

        numbers = program.numbers.template.copy()
        numbers[: program.numbers.inputs] = shared
        program.machine.run_before(numbers, n)
        lanes = array_for_results(program.lane_outputs, n)
        failed = np.empty((1 if guarded and program.guard_row >= 0 else 0, n))

        def work(span: tuple[int, int]) -> Any:
            start, stop = span
            sums = np.zeros(program.numbers.sums)
            arrays, offset = batches, 0
            if not whole:  # of numbers of another type a share is converted at a time
                arrays, offset = [x[start:stop].astype(float) for x in batches], start
            program.machine.run_lanes(numbers, arrays, lanes, failed, sums, start, stop, offset)
            return sums

        if not n or not program.lanes_needed:
            sums = np.zeros(program.numbers.sums)
        else:
            whole = all(x.dtype == float for x in batches)
            instructions = len(program.instructions)
            to_do = 1 if alike else instructions
            if n <= smallest_share(to_do):
                sums = work((0, n))
            else:
                with np.errstate(invalid="ignore"):
                    sums = sum(spread(work, list(shares(n, to_do)), instructions, self.threads))
        first = program.machine.run_after(numbers, sums)
        if len(program.steady):
            lanes[program.steady[:, 0]] = numbers[program.steady[:, 1], None]
        found: Any = failed[0] if len(failed) else np.zeros(n) if guarded else None
        if guarded and first:
            found[(found == 0.0) | (found > first)] = first
        return numbers[program.summed], lanes, found

    def _run_by_numpy(
        self, varying: tuple[bool, ...], shared: Any, batches: Sequence[Any], n: int, guarded: bool
    ) -> tuple[Any, Any, Any]:
        import numpy as np

        outputs = list(enumerate(self.tape.outputs))
        sums = np.zeros(len(self.summed))
        lanes = np.empty((len(outputs) - len(sums), n))
        failed = np.zeros(n) if guarded else None
        for start, stop in shares(n, 1):
            numbers = iter(shared)
            columns = iter([column for x in batches for column in x[start:stop].astype(float).T])
            inputs = [next(columns) if v else float(next(numbers)) for v in varying]
            with np.errstate(all="ignore"):
                slots = self.tape.run(inputs)
                whole = [np.broadcast_to(slots[k], (stop - start,)) for _, k in outputs]
                some = [float(np.sum(whole[i])) for i, _ in outputs if i in self.summed]
                sums = sums + some if any(varying) else np.array([slots[k] * n for i, k in outputs if i in self.summed])
                for at, i in enumerate(i for i, _ in outputs if i not in self.summed):
                    lanes[at, start:stop] = whole[i]
            if failed is not None:
                part = failed[start:stop]
                for number, (k, holds) in enumerate(self.tape.guards, 1):
                    part[(part == 0.0) & ((np.asarray(slots[k]) != 0.0) != holds)] = number
        return sums, lanes, failed


def spread(work: Any, spans: list[tuple[int, int]], instructions: int, threads: int) -> Iterator[Any]:
    """What the work gives for each span of a batch, in order; over threads, if there is enough of it."""
    if min(threads, len(spans)) == 1 or spans[-1][1] * instructions < WORTH_A_THREAD:
        yield from map(work, spans)
    else:
        pool = _pools.get(threads)
        if pool is None:  # two callers at once take the same one; a pool that nobody gave work has no threads yet
            pool = _pools.setdefault(threads, ThreadPoolExecutor(threads, thread_name_prefix="replay"))
        yield from pool.map(work, spans)


def smallest_share(instructions: int) -> int:
    """How many lanes are worked on in one go at least, where the batch has them: whole blocks."""
    return min(max(WORTH_A_SHARE // max(instructions, 1) // LANES, 1), 64) * LANES


def shares(n: int, instructions: int) -> Iterator[tuple[int, int]]:
    """The spans of lanes that a batch is worked on in: whole blocks, by its length and what is to be done alone."""
    share = min(max(-(-n // SHARES), smallest_share(instructions)), LARGEST_SHARE)
    share = -(-share // LANES) * LANES
    for start in range(0, n, share):
        yield start, min(start + share, n)


def as_threads(threads: Any) -> int:
    """How many threads that means."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"threads must be a whole number from 1, got {brief(threads)}")
    return threads


def as_batch(x: Any, k: int) -> Any:
    """A number as a float, an array of one axis as it is."""
    if not getattr(x, "shape", ()) and not isinstance(x, (list, tuple)):
        return as_float(x, f"input {k}")
    array = as_array(x, f"input {k}")
    if array.ndim != 1:
        raise ValueError(f"input {k}: a batch has one axis, got shape {array.shape}")
    array = require_real(array, f"input {k}")
    return array if array.flags.aligned else array.copy()


def require_real(array: Any, what: str) -> Any:
    """The array, if doubles can hold all its elements.

    Raises:
        TypeError: they are not real numbers, or of a type with more digits than a double.
    """
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what}: expected real numbers, got an array of dtype {array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        raise TypeError(f"{what}: {array.dtype} would lose digits: convert it with .astype(float)")
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8 and array.size and abs_max(array) > 2**53:
        raise TypeError(f"{what}: {array.dtype} beyond 2**53 would lose digits: convert it with .astype(float)")
    return array


def abs_max(array: Any) -> int:
    """The largest magnitude of integers."""
    return max(abs(int(array.max())), abs(int(array.min())))
