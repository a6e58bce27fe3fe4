"""Replaying a tape over a batch at the speed of compiled code.

The program is lowered once: what depends on shared inputs alone is computed once per call, not per row of the batch;
the rest becomes instructions over blocks of 64 lanes, whose slots are reused as soon as nobody reads them again, so
that a block stays in the cache. Blocks are spread over threads. Where it is not compiled, NumPy runs the tape.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from autograd import primitives
from autograd.conversion import as_float, describe
from autograd.engine import native
from autograd.evaluation import apply_row
from autograd.tape import Tape

if native:
    from autograd._lanes import run

__all__ = ["Replay"]

LANES = 64
SMALLEST_SHARE = 64 * LANES
"""A thread is not started for fewer lanes than this."""


class Replay:
    """A tape, ready to run over batches.

    Args:
        tape: The program. `tape.with_gradient()` gives one that computes derivatives too.
        threads: Over how many threads to spread a batch. The results do not depend on it.

    Cost: lowering is linear in the tape, once for each choice of which inputs are batches.

    >>> import numpy as np
    >>> from autograd import Value
    >>> x, r = Value(1.0), Value(2.0)
    >>> price = Replay(Tape(x.exp() * r, [x, r]))
    >>> price(np.array([0.0, 1.0, 2.0]), 10.0).round(3)
    array([10.   , 27.183, 73.891])
    """

    def __init__(self, tape: Tape, threads: int = 1) -> None:
        if not isinstance(threads, int) or threads < 1:
            raise ValueError(f"Replay: threads must be a whole number from 1, got {threads!r}")
        self.tape, self.threads = tape, threads
        self._programs: dict[tuple[bool, ...], Program] = {}

    def __call__(self, *inputs: Any) -> Any:
        """The outputs for these inputs: an array where a batch takes part, else a float.

        Args:
            inputs: A number, shared by the batch, or an array of one axis, the batch, for each input of the tape.

        Raises:
            TypeError: not as many as the tape has inputs, or an array of something else than real numbers.
            ValueError: batches of different lengths, or an array of more than one axis.
        """
        import numpy as np

        if len(inputs) != len(self.tape.labels):
            raise TypeError(f"this tape has {len(self.tape.labels)} inputs, got {len(inputs)}")
        arrays = [as_batch(x, k) for k, x in enumerate(inputs)]
        lengths = {len(x) for x in arrays if not isinstance(x, float)}
        if not lengths:
            return self.tape(*arrays)
        if len(lengths) > 1:
            raise ValueError(f"batches of different lengths: {sorted(lengths)}")
        n = lengths.pop()
        if native and n:
            found = self._run(arrays, n)
        else:
            with np.errstate(all="ignore"):
                slots = self.tape.run(arrays)
            found = [np.array(np.broadcast_to(slots[k], (n,)), dtype=float) for k in self.tape.outputs]
        return found[0] if self.tape.single else tuple(found)

    def _run(self, arrays: list[Any], n: int) -> list[Any]:
        import numpy as np

        varying = tuple(not isinstance(x, float) for x in arrays)
        if varying not in self._programs:
            self._programs[varying] = lower(self.tape, varying)
        program = self._programs[varying]
        shared = np.array(program.shared_numbers([x for x in arrays if isinstance(x, float)]), dtype=float)
        outputs = [np.empty(n) for _ in program.output_rows]
        batches = [x for x in arrays if not isinstance(x, float)]
        threads = max(1, min(self.threads, n // SMALLEST_SHARE))
        share = -(-n // (threads * LANES)) * LANES
        spans = [(start, min(start + share, n)) for start in range(0, n, share)]

        def work(span: tuple[int, int]) -> None:
            run(
                program.instructions, program.operands, shared, program.filled, program.rows,
                batches, program.input_rows, outputs, program.output_rows, *span,
            )  # fmt: skip

        if len(spans) == 1:
            work(spans[0])
        else:
            with ThreadPoolExecutor(len(spans)) as pool:
                list(pool.map(work, spans))
        return outputs


def as_batch(x: Any, k: int) -> Any:
    """A number as a float, an array of one axis as contiguous doubles."""
    import numpy as np

    if not getattr(x, "shape", ()) and not isinstance(x, (list, tuple)):
        return as_float(x, f"input {k}")
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"input {k}: expected real numbers, got {describe(x)} of dtype {array.dtype}")
    if array.dtype.itemsize > 8:
        raise TypeError(f"input {k}: {array.dtype} would lose digits: convert it with .astype(float)")
    if array.ndim != 1:
        raise ValueError(f"input {k}: a batch has one axis, got shape {array.shape}")
    return np.ascontiguousarray(array, dtype=float)


@dataclass(frozen=True)
class Program:
    """A tape lowered for one choice of which inputs are batches.

    Attributes:
        tape: What it was lowered from.
        shared: The slots that do not vary over the batch, in order.
        places: Where each of them is in the array of shared numbers.
        instructions, operands: See `_lanes.run`.
        filled: Rows that hold a shared number in every lane, each with its place.
        rows: How many rows a block has.
        input_rows, output_rows: Rows of the batches, and of the outputs.
    """

    tape: Tape
    shared: list[int]
    places: dict[int, int]
    instructions: Any
    operands: Any
    filled: Any
    rows: int
    input_rows: Any
    output_rows: Any

    def shared_numbers(self, inputs: Sequence[float]) -> list[float]:
        """The numbers of the shared slots: what is the same for the whole batch is computed here, once."""
        first = len(self.tape.labels)
        given = iter(inputs)
        numbers: dict[int, float] = {}
        for k in self.shared:
            if k < first:
                numbers[k] = next(given)
                continue
            row, operands = self.tape.steps[k - first]
            numbers[k] = operands if row is None else apply_row(row, [numbers[o] for o in operands])
        return [numbers[k] for k in self.shared]


def lower(tape: Tape, varying: Sequence[bool]) -> Program:
    """Decide what varies, which row each slot lives in and for how long, and write the instructions."""
    import numpy as np

    first = len(tape.labels)
    steps = dict(enumerate(tape.steps, first))
    varies = dict(enumerate(varying))
    for k, (row, operands) in steps.items():
        varies[k] = row is not None and any(varies[o] for o in operands)
    shared = [k for k in varies if not varies[k]]
    places = {k: i for i, k in enumerate(shared)}
    last_read = {o: k for k, (row, operands) in steps.items() if varies[k] for o in operands}
    last_read.update(dict.fromkeys(tape.outputs, first + len(steps)))  # read at the end, so never reused

    rows = RowKeeper()
    home: dict[int, int] = {}
    filled: list[tuple[int, int]] = []
    for k in range(first):
        if varies[k]:
            home[k] = rows.take()

    def row_for(k: int) -> int:
        """The row of a slot; a shared number gets one that is filled before the first block, and kept."""
        if k not in home:
            home[k] = rows.take_forever()
            filled.append((home[k], places[k]))
        return home[k]

    instructions: list[tuple[int, int, int, int]] = []
    operands_of_all: list[int] = []
    for k, (row, operands) in steps.items():
        if row is None or not varies[k]:
            continue
        streaming = row in (primitives.sum, primitives.dot)
        written = [~places[o] if streaming and not varies[o] else row_for(o) for o in operands]
        for o in set(operands):
            if varies[o] and last_read[o] == k and not (o < first):
                rows.give_back(home[o])
        # A sum reads its operands lane by lane while it writes: its row must not be one of theirs.
        home[k] = rows.take(avoiding=written if streaming or row is primitives.logsumexp else ())
        instructions.append((row.code, home[k], len(operands_of_all), len(written)))
        operands_of_all += written
    output_rows = [row_for(k) for k in tape.outputs]
    return Program(
        tape=tape, shared=shared, places=places,
        instructions=np.array(instructions, dtype=np.intc).reshape(-1, 4),
        operands=np.array(operands_of_all, dtype=np.intc),
        filled=np.array(filled, dtype=np.intc).reshape(-1, 2),
        rows=rows.count,
        input_rows=np.array([home[k] for k in range(first) if varies[k]], dtype=np.intc),
        output_rows=np.array(output_rows, dtype=np.intc),
    )  # fmt: skip


class RowKeeper:
    """Hands out rows, the most recently returned first, since it is the one still in the cache."""

    def __init__(self) -> None:
        self.count = 0
        self._free: list[int] = []

    def take(self, avoiding: Sequence[int] = ()) -> int:
        """A row that nobody uses."""
        for i in range(len(self._free) - 1, -1, -1):
            if self._free[i] not in avoiding:
                return self._free.pop(i)
        return self.take_forever()

    def take_forever(self) -> int:
        """A row that was never used before."""
        self.count += 1
        return self.count - 1

    def give_back(self, row: int) -> None:
        """The row may be used again."""
        self._free.append(row)
