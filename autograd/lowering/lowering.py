"""Lowering: from a program to instructions over rows of 64 lanes, for one choice of which inputs are batches.

Steps are uniform or varying, as ISPC calls them. Uniform ones, the same for the whole batch, are computed once a call,
before the lanes or after them. Varying ones become instructions over rows, each row reused as soon as nobody reads it
again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from autograd.calculus._codes import ADD, DOT, FIRST_CODE, MUL, WHERE
from autograd.calculus.table import TABLE
from autograd.lowering.allocation import Allocation
from autograd.lowering.fusion import exactly, fused, squares_as_products
from autograd.lowering.lowered import Dots, GuardCheck, Lowered
from autograd.lowering.scheduling import scheduled
from autograd.lowering.skipping import with_skips
from autograd.lowering.sums import Sums
from autograd.lowering.uniform import UniformSteps
from autograd.programs.collector import collector_paused
from autograd.programs.program import Program
from autograd.programs.pruning import count_readers, dependents
from autograd.programs.steps import Ints, Steps, whole_numbers

__all__ = ["lower"]


def lower(
    program: Program,
    varying: Sequence[bool],
    summed: Collection[int] = (),
    guarded: bool = False,
    exact: bool = True,
) -> Lowered:
    """The instructions of a program.

    Args:
        program: What to lower.
        varying: Of each input whether it is a batch.
        summed: Which outputs are summed over the batch, by number.
        guarded: Whether to find out which lanes leave the path of the program.
        exact: Whether that depends on the last bit.

    Raises:
        ValueError: a step has the code of no row.

    Cost: linear in the program.
    """
    require_rows(program.steps)
    with collector_paused():
        return Lowering(program, varying, summed, guarded, exact).lowered()


def require_rows(steps: Steps) -> None:
    """Refuse steps that no instruction is known for.

    Raises:
        ValueError: a step has the code of no row.
    """
    codes = steps.codes.as_array()
    unknown = codes[((codes >= 0) & (codes < FIRST_CODE)) | (codes >= FIRST_CODE + len(TABLE))]
    if len(unknown):
        raise ValueError(
            f"a step has code {unknown[0]}, which is that of no row: the table has {FIRST_CODE} to "
            f"{FIRST_CODE + len(TABLE) - 1}"
        )


class Lowering:
    """The work of `lower`, in the order of its methods.

    To the slots of the program come three: one that stands for -1 (a change of sign is a product with it), one that is
    1 in every lane (a sum without a factor is a sum of products with it), and the number of the first guard that fails.
    """

    def __init__(
        self, program: Program, varying: Sequence[bool], summed: Collection[int], guarded: bool, exact: bool
    ) -> None:
        self.program = program
        self.guards = program.guards if guarded else ()
        self.first = len(program.labels)
        self.steps = squares_as_products(program.steps, self.first)
        self.done = exactly(self.steps) if guarded and exact else self.steps
        end = self.first + len(self.steps)
        self.minus_one, self.ones, self.failed = end, end + 1, end + 2
        self.varies = dependents(program, [k for k, it_varies in enumerate(varying) if it_varies]) + bytes([0, 1, 1])
        self.absorbed = bytearray(len(self.varies))  # steps that are part of another instruction, or done after a sum
        self.summed = frozenset(summed)
        self.batched = any(varying)
        self.place = whole_numbers(len(self.varies), -1)  # of each slot that is uniform its handle
        self.uniform = UniformSteps(self.first - sum(varying))
        self.sums = Sums(self.steps, self.first, self.varies, self.absorbed, self.place, self.uniform, self.ones)
        self.place_uniform()
        self.result = self.place_results(summed)

    # --- uniform: computed once ---

    def place_uniform(self) -> None:
        """Compute what is uniform before the lanes."""
        shared = [k for k in range(self.first) if not self.varies[k]]
        for i, k in enumerate(shared):
            self.place[k] = i
        self.uniform.take_over(self.done, self.first, self.varies, self.place)

    def place_results(self, summed: Collection[int]) -> dict[int, int]:
        """Of each output that is a number its handle; the sum over the batch of a uniform one is n times it."""
        outputs, found = self.program.outputs, {}
        in_lanes = {i for i in summed if self.varies[outputs[i]]}
        readers = self.readers(self.program.ends()) if in_lanes else []
        for i, k in enumerate(outputs):
            if i in in_lanes:
                found[i] = self.sums.add(k, readers)
            elif i in summed:
                found[i] = self.times_count(self.place[k])
            elif not self.varies[k]:
                found[i] = self.place[k]
        return found

    def times_count(self, number: int) -> int:
        """The sum over the batch of a uniform number: of an empty one 0, also of infinity.

        That is never -0, as no sum over a batch is.
        """
        uniform, zero = self.uniform, self.uniform.constant(0.0)
        total = uniform.apply(MUL, [number, uniform.count])
        if not self.batched:
            return total
        total = uniform.apply(ADD, [total, zero])
        return uniform.apply(WHERE, [uniform.count, total, zero])

    def readers(self, ends: Sequence[int]) -> Any:
        """Of each slot how often it is read, by instructions and at the end."""
        import numpy as np

        filled = np.frombuffer(self.varies, bool) & ~np.frombuffer(self.absorbed, bool)
        return count_readers(self.steps, self.first, bytearray(filled), ends)

    # --- varying: computed in every lane ---

    def lowered(self) -> Lowered:
        """Schedule the instructions, give the slots rows, and write all down."""
        import numpy as np

        outputs = self.program.outputs
        rows = self.allocation()
        numbers, places = self.uniform.close()
        flat = rows.operands.as_array()
        flat[flat < 0] = ~places[~flat[flat < 0]]
        direct, copied, steady = [], [], []
        in_lanes = [(i, k) for i, k in enumerate(outputs) if i not in self.summed]
        for at, (i, k) in enumerate(in_lanes):
            if i in self.result:
                steady.append((at, int(places[self.result[i]])))
            elif rows.row[k] in rows.owned:
                rows.owned.remove(rows.row[k])
                direct.append((at, rows.row[k]))
            else:
                copied.append((at, rows.row[k]))

        def pairs(found: list[tuple[int, int]]) -> Any:
            return np.array(found, dtype=np.intc).reshape(-1, 2)

        return Lowered(
            numbers=numbers,
            instructions=rows.instructions.as_array().reshape(-1, 4),
            operands=flat,
            rows=rows.rows,
            filled=pairs([(row, int(places[number])) for number, row in rows.filled.items()]),
            input_rows=np.array([rows.row[k] for k in range(self.first) if self.varies[k]], dtype=np.intc),
            summed=places[[self.result[i] for i in sorted(self.summed)]],
            lane_outputs=len(in_lanes), direct=pairs(direct), copied=pairs(copied), steady=pairs(steady),
            guard_row=rows.row[self.failed],
        )  # fmt: skip

    def allocation(self) -> Allocation:
        """The instructions in their order, with the rows of their slots."""
        order, steps = Ints(), self.steps
        others: list[Any] = []
        if self.batched:
            steps, dots = self.fused(), self.dots()
            given, outers = [*range(self.first), self.ones], self.sums.outers()
            order, others = scheduled(steps, self.first, self.varies, self.absorbed, given, dots, outers)
        for check in self.checks():
            order.push(~len(others))
            others.append(check)
        given_back = [k for i, k in enumerate(self.program.outputs) if i not in self.result]
        inputs = [k for k in range(self.first) if self.varies[k]]
        kept = [*given_back, self.ones, self.failed]
        order = with_skips(steps, self.first, self.varies, [*given_back, self.failed], order, others)
        rows = Allocation(steps, self.first, self.varies, self.place, inputs, kept)
        if self.sums.have_bare_slots():
            rows.hold(self.ones, self.uniform.constant(1.0))
        rows.write(order, others)
        return rows

    def checks(self) -> list[GuardCheck]:
        """The checks of guards that vary; a uniform one is checked with the numbers."""
        found = []
        seen: set[int] = set()
        for number, (k, holds) in enumerate(self.guards, 1):
            if k not in seen and self.varies[k]:
                found.append(GuardCheck(k, holds, number, self.failed))
            elif k not in seen:
                self.uniform.checks.append((self.place[k], holds, number))
            seen.add(k)
        return found

    def fused(self) -> Steps:
        """The steps with two of arithmetic as one; see `fusion.fused`."""
        compared = [k for k, _ in self.guards]
        readers = self.readers([*self.sums.factors(), *self.program.outputs, *compared])
        self.place[self.minus_one] = self.uniform.constant(-1.0)
        return fused(self.done, self.first, self.varies, self.absorbed, readers, self.minus_one)

    def dots(self) -> dict[int, Dots]:
        """Of each dot product of slots with uniform numbers, all that read the same slots: a layer of neurons."""
        found: dict[tuple[int, ...], Dots] = {}
        dots_of = {}
        for k in self.dot_slots():
            _, operands = self.steps[k - self.first]
            pairs = list(zip(operands[::2], operands[1::2], strict=True))
            start = self.uniform.constant(-0.0)  # to which adding anything changes nothing
            if not self.varies[pairs[0][0]] and not self.varies[pairs[0][1]]:
                start = self.uniform.apply(MUL, [self.place[o] for o in pairs.pop(0)])
            if pairs and all(self.varies[a] != self.varies[b] for a, b in pairs):
                reads = tuple([a if self.varies[a] else b for a, b in pairs])
                weights = [self.place[b if self.varies[a] else a] for a, b in pairs]
                dots_of[k] = found.setdefault(reads, Dots(reads, []))
                dots_of[k].members.append((k, start, weights))
        return dots_of

    def dot_slots(self) -> list[int]:
        """The slots of dot products in the lanes."""
        import numpy as np

        found: list[int] = (np.flatnonzero(self.steps.codes.as_array() == DOT) + self.first).tolist()
        return [k for k in found if self.varies[k] and not self.absorbed[k]]
