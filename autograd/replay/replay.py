"""Replay of a program over a batch at the speed of compiled code.

The program is lowered once (`lowering.py`): what depends on shared inputs alone is computed once per call, not per row
of the batch; the rest becomes instructions over blocks of 64 lanes. Blocks are spread over threads; what is summed over
the batch is summed in an order that depends on its length alone. Where it is not compiled, NumPy runs the program.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from autograd._build import native
from autograd.border.conversion import as_batch
from autograd.calculus._codes import LANES
from autograd.lowering.lowered import Lowered
from autograd.lowering.lowering import lower
from autograd.programs.evaluation import evaluate, results
from autograd.programs.inlining import inlined
from autograd.programs.program import Program
from autograd.replay.directions import Directions, all_bounded
from autograd.replay.memory import array_for_results
from autograd.replay.threads import as_threads, shares, smallest_share, spread

if native:
    from autograd.replay.machine import Machine, any_nan_in, nothing

__all__ = ["Replay"]

HARMLESS = (1e100, 1e50, 1e25)
"""Magnitudes that numbers are given, once for a program, to see whether lanes that add up may overflow then: if not,
they may not for smaller ones."""


class Replay:
    """A program, ready to run over batches.

    Args:
        program: What to run.
        threads: Over how many threads to spread a batch; None takes all processors. The results do not depend on it.
        summed: Which outputs are wanted as their sum over the batch, by number.
        exact: Whether guards depend on the last bit of what they compare.

    Raises:
        ValueError: `threads` is not a whole number from 1.

    Cost: lowering is linear in the program, once for each choice of which inputs are batches.

    >>> import numpy as np
    >>> from autograd.calculus import table
    >>> from autograd.programs.steps import packed
    >>> steps = packed([(table.exp, (0,)), (table.mul, (2, 1))])
    >>> price = Replay(Program(("x", "r"), steps, outputs=(3,), single=True))
    >>> price(np.array([0.0, 1.0, 2.0]), 10.0).round(3)
    array([10.   , 27.183, 73.891])
    """

    def __init__(
        self, program: Program, threads: int | None = 1, summed: Collection[int] = (), exact: bool = True
    ) -> None:
        self.exact = exact
        self.program, self.summed, self.threads = inlined(program), frozenset(summed), as_threads(threads)
        self.selects = self.program.steps.any_selects()
        self._prepared: dict[tuple[tuple[bool, ...], bool], tuple[Lowered, Any]] = {}
        self._latest: tuple[tuple[bool, ...], bool, tuple[Lowered, Any]] | None = None
        self._harmless: Any = None

    def __call__(self, *inputs: Any) -> Any:
        """The outputs for these inputs: an array where a batch takes part, else a float.

        Args:
            inputs: A number, shared by the batch, or an array of one axis, the batch, for each input of the program.

        Raises:
            TypeError: not as many as the program has inputs, or an array of something else than real numbers.
            ValueError: batches of different lengths, or an array of more than one axis; a row leaves the path that the
                program was recorded on.
        """
        import numpy as np

        if len(inputs) != len(self.program.labels):
            raise TypeError(f"this tape has {len(self.program.labels)} inputs, got {len(inputs)}")
        given = [as_batch(x, k) for k, x in enumerate(inputs)]
        batches = [x for x in given if not isinstance(x, float)]
        lengths = {len(x) for x in batches}
        if len(lengths) > 1:
            raise ValueError(f"batches of different lengths: {sorted(lengths)}")
        if not lengths and not self.program.guards:
            return results(self.program, evaluate(self.program, given))
        varying = tuple(not isinstance(x, float) for x in given)
        shared = [x for x in given if isinstance(x, float)]
        n = lengths.pop() if lengths else 1
        summed, lanes, failed = self.run(varying, shared, [x.reshape(n, 1) for x in batches], n, guarded=True)
        if failed.any():
            row = int(np.flatnonzero(failed)[0])
            raise ValueError(f"row {row} leaves the path that the tape was recorded on: autograd.compile follows it")
        sums, rows = iter(summed), iter(lanes)
        found = [float(next(sums)) if i in self.summed else next(rows) for i in range(len(self.program.outputs))]
        found = found if batches else [float(x) if isinstance(x, float) else float(x[0]) for x in found]
        return found[0] if self.program.single else tuple(found)

    def run(
        self, varying: tuple[bool, ...], shared: Any, batches: Sequence[Any], n: int, guarded: bool = False,
        alike: bool = False,
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        """The results for whole batches at once, with as little around the lanes as possible.

        Args:
            varying: Of each input whether it is a batch.
            shared: The numbers of the inputs that are not, in order.
            batches: Arrays of two axes, the rows of the batch and some of its inputs, in order.
            n: How many rows there are.
            guarded: Whether to find out which rows leave the path of the program.
            alike: Whether a batch is to be divided by its length alone, as it is for any other path of a function.

        Returns:
            The summed outputs, in order; the other outputs, an array of shape (outputs, n); and with `guarded`, for
            each row of the batch the number of the first guard that it does not satisfy, from 1, or 0.
        """
        lowered, machine = self._ready(varying, guarded) if self._has_machine(guarded) else (None, None)
        if lowered is None or machine is None:
            return self._run_by_numpy(varying, shared, batches, n, guarded)
        return self._run(lowered, machine, shared, batches, n, guarded, alike)

    def run_directions(
        self, varying: tuple[bool, ...], shared: Any, colours: Any, count: int, adds_up: bool = False
    ) -> tuple[Any, bool]:
        """The outputs along directions, and whether some may be nan.

        The inputs that vary are those of a direction: in each, those of its colour are 1 and the others 0.

        Args:
            varying, shared: See `run`.
            colours: Of each input that varies its colour.
            count: How many colours there are.
            adds_up: Whether lanes are nothing but sums of products: see `sparsity.linear.adds_up`.

        Returns:
            An array of outputs and directions, and the flag.
        """
        import numpy as np

        lanes = array_for_results(len(self.program.outputs), count)
        if not count:
            return lanes, False
        lowered, machine = self._ready(varying, False)
        numbers, none = np.empty(0), np.empty((0, count))
        if native:
            numbers = lowered.numbers.template.copy()
            numbers[: lowered.numbers.inputs] = shared
            machine.run_before(numbers, count)
            lanes[lowered.steady[:, 0]] = 0.0  # until they are known: there may be anything in it
        is_looked_at = native and not (adds_up and self._is_bounded(machine, numbers, len(colours)))
        zeros = nothing() if native and not is_looked_at else np.zeros(LANES)
        directions = Directions(colours, count, np.asarray(zeros))
        width = directions.width

        def work(span: tuple[int, int]) -> bool:
            found = False
            for start, seeds in directions.blocks(span):
                if native:
                    machine.run_lanes(numbers, seeds, lanes, none, numbers[:0], start, start + width, start)
                    found = found or (is_looked_at and any_nan_in(lanes, start, start + width))
                else:
                    lanes[:, start : start + width] = self.run(varying, shared, seeds, width)[1]
            return found

        instructions = len(lowered.instructions) if native else 1
        found = any(list(spread(work, list(shares(count, instructions)), instructions, self.threads)))
        if not native:
            return lanes, bool(np.isnan(lanes).any())
        machine.run_after(numbers, numbers[:0])
        steady = numbers[lowered.steady[:, 1], None]
        lanes[lowered.steady[:, 0]] = steady
        return lanes, found or bool(np.isnan(steady).any())

    def _is_bounded(self, machine: Any, numbers: Any, inputs: int) -> bool:
        """Whether lanes that add up can neither overflow nor be nan, of inputs that are at most 1."""
        import numpy as np

        sizes, count = np.abs(numbers), len(self.program.outputs)
        if self._harmless is None:
            tried = (np.maximum(sizes, x) for x in HARMLESS)
            self._harmless = next(
                (x for x in tried if all_bounded(machine, x, inputs, count)), np.full(len(sizes), -1.0)
            )
        return bool((sizes <= self._harmless).all()) or all_bounded(machine, sizes, inputs, count)

    def lowered(self, varying: tuple[bool, ...], guarded: bool) -> Lowered:
        """The instructions for such inputs."""
        return self._ready(varying, guarded)[0]

    def machine(self, varying: tuple[bool, ...], guarded: bool) -> Any:
        """The machine that runs them, where this is compiled; else None."""
        return self._ready(varying, guarded)[1]

    def _ready(self, varying: tuple[bool, ...], guarded: bool) -> tuple[Lowered, Any]:
        latest = self._latest
        if latest is not None and latest[0] is varying and latest[1] is guarded:
            return latest[2]  # without hashing thousands of flags
        found = self._prepared.get((varying, guarded))
        if found is None:
            lowered = lower(self.program, varying, self.summed, guarded, self.exact)
            found = self._prepared[varying, guarded] = lowered, self._prepare(lowered, guarded)
        self._latest = (varying, guarded, found)
        return found

    def _has_machine(self, guarded: bool) -> bool:
        """Whether there may be something that runs instructions: else nothing needs to be lowered."""
        return native

    def _prepare(self, lowered: Lowered, guarded: bool) -> Any:
        """What runs these instructions; None, if that is NumPy."""
        return Machine(lowered) if native else None

    def _run(
        self, lowered: Lowered, machine: Any, shared: Any, batches: Sequence[Any], n: int, guarded: bool, alike: bool
    ) -> tuple[Any, Any, Any]:
        import numpy as np

        numbers = lowered.numbers.template.copy()
        numbers[: lowered.numbers.inputs] = shared
        machine.run_before(numbers, n)
        lanes = array_for_results(lowered.lane_outputs, n)
        failed = np.empty((1 if guarded and lowered.guard_row >= 0 else 0, n))

        def work(span: tuple[int, int]) -> Any:
            start, stop = span
            sums = np.zeros(lowered.numbers.sums)
            arrays, offset = batches, 0
            if not whole:  # of numbers of another type a share is converted at a time
                arrays, offset = [x[start:stop].astype(float) for x in batches], start
            machine.run_lanes(numbers, arrays, lanes, failed, sums, start, stop, offset)
            return sums

        if not n or not lowered.lanes_needed:
            sums = np.zeros(lowered.numbers.sums)
        else:
            whole = all(x.dtype == float for x in batches)
            instructions = len(lowered.instructions)
            to_do = 1 if alike else instructions
            if n <= smallest_share(to_do):
                sums = work((0, n))
            else:
                with np.errstate(invalid="ignore"):
                    sums = sum(spread(work, list(shares(n, to_do)), instructions, self.threads))
        first = machine.run_after(numbers, sums)
        if len(lowered.steady):
            lanes[lowered.steady[:, 0]] = numbers[lowered.steady[:, 1], None]
        found: Any = failed[0] if len(failed) else np.zeros(n) if guarded else None
        if guarded and first:
            found[(found == 0.0) | (found > first)] = first
        return numbers[lowered.summed], lanes, found

    def _run_by_numpy(
        self, varying: tuple[bool, ...], shared: Any, batches: Sequence[Any], n: int, guarded: bool
    ) -> tuple[Any, Any, Any]:
        import numpy as np

        outputs = list(enumerate(self.program.outputs))
        sums = np.zeros(len(self.summed))
        lanes = np.empty((len(outputs) - len(sums), n))
        failed = np.zeros(n) if guarded else None
        for start, stop in shares(n, 1):
            numbers = iter(shared)
            columns = iter([column for x in batches for column in x[start:stop].astype(float).T])
            inputs = [next(columns) if v else float(next(numbers)) for v in varying]
            with np.errstate(all="ignore"):
                slots = evaluate(self.program, inputs)
                whole = [np.broadcast_to(slots[k], (stop - start,)) for _, k in outputs]
                some = [float(np.sum(whole[i])) for i, _ in outputs if i in self.summed]
                sums = sums + some if any(varying) else np.array([slots[k] * n for i, k in outputs if i in self.summed])
                for at, i in enumerate(i for i, _ in outputs if i not in self.summed):
                    lanes[at, start:stop] = whole[i]
            if failed is not None:
                part = failed[start:stop]
                for number, (k, holds) in enumerate(self.program.guards, 1):
                    part[(part == 0.0) & ((np.asarray(slots[k]) != 0.0) != holds)] = number
        return sums, lanes, failed
