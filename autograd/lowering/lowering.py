"""A tape made ready for replay: what is computed once, what in every lane, in which order and where it is kept.

Numbers that do not vary over the batch are computed once per call, before the lanes or after them. What varies becomes
instructions over rows of 64 lanes, each row reused as soon as nobody reads it again. What is summed over the batch is
what each lane gives: a sum is never taken apart into sums of its terms, which may be far larger than it is. A product
is added up as it comes about, in place: the adjoint of a weight is one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from autograd.calculus import table
from autograd.calculus._codes import ADD, DOT, FIRST_CODE, MUL, WHERE
from autograd.calculus.primitive import Primitive
from autograd.calculus.table import TABLE
from autograd.lowering.allocation import Allocation
from autograd.lowering.fusion import count_readers, exactly, fused, squares_as_products
from autograd.lowering.lowered import Guard, Layer, Outer, Program
from autograd.lowering.scheduling import ordered
from autograd.lowering.uniform import SingleLane
from autograd.programs.differentiation import depending
from autograd.programs.steps import Ints, Steps, whole_numbers
from autograd.replay.memory import collector_paused

if TYPE_CHECKING:
    from autograd.tape.tape import Tape

__all__ = ["lower"]


def lower(tape: Tape, varying: Sequence[bool], summed: Collection[int] = (), guarded: bool = False) -> Program:
    """The program of a tape.

    Args:
        tape: What to lower.
        varying: Of each input whether it is a batch.
        summed: Which outputs are summed over the batch, by number.
        guarded: Whether to find out which lanes leave the path of the tape.

    Raises:
        ValueError: a step has the code of no row.

    Cost: linear in the tape.
    """
    require_rows(tape.steps)
    with collector_paused():
        return Lowering(tape, varying, summed, guarded).program()


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

    To the slots of the tape come three: one that stands for -1 (a change of sign is a product with it), one that is 1
    in every lane (a sum without a factor is a sum of products with it), and the number of the first guard that fails.
    """

    def __init__(self, tape: Tape, varying: Sequence[bool], summed: Collection[int], guarded: bool) -> None:
        self.tape, self.guarded = tape, guarded
        self.first = len(tape.labels)
        self.steps = squares_as_products(tape.steps, self.first)
        self.done = exactly(self.steps) if guarded else self.steps
        self.end = self.first + len(self.steps)
        self.minus_one, self.ones, self.failed = self.end, self.end + 1, self.end + 2
        self.varies = depending(tape, [k for k, it_varies in enumerate(varying) if it_varies]) + bytes([0, 1, 1])
        self.absorbed = bytearray(len(self.varies))  # steps that are part of another instruction, or done after a sum
        self.summed_outputs = frozenset(summed)
        self.summed = {i for i in summed if self.varies[tape.outputs[i]]}
        self.batched = any(varying)
        self.numbers = SingleLane(self.first - sum(varying))
        self.place_numbers(summed)

    def step(self, k: int) -> tuple[Primitive | None, Any]:
        """What makes a slot."""
        return self.steps[k - self.first] if k >= self.first else (None, ())

    # --- numbers: what does not vary ---

    def place_numbers(self, summed: Collection[int]) -> None:
        """Compute what does not vary before the lanes; a sum over the batch of what does not vary is n times it."""
        tape, numbers = self.tape, self.numbers
        self.place = whole_numbers(len(self.varies), -1)  # of each slot that is a number its handle
        shared = [k for k in range(self.first) if not self.varies[k]]
        for i, k in enumerate(shared):
            self.place[k] = i
        numbers.take_over(self.done, self.first, self.varies, self.place)
        self.result: dict[int, int] = {}  # of an output that is a number, which one
        self.products: list[tuple[int, int, int, int]] = []  # two slots, the sum of their products, and see `Outer`
        readers = self.readers((*tape.outputs, *[k for k, _ in tape.guards])) if self.summed else []
        for i, k in enumerate(tape.outputs):
            if i in self.summed:
                self.result[i] = self.summed_over_lanes(k, readers)
            elif i in summed:
                self.result[i] = self.times_count(self.place[k])
            elif not self.varies[k]:
                self.result[i] = self.place[k]

    def times_count(self, number: int) -> int:
        """The sum over the batch of a number that does not vary: of an empty one 0, also of infinity.

        That is never -0, as no sum over a batch is.
        """
        numbers, zero = self.numbers, self.numbers.constant(0.0)
        total = numbers.apply(MUL, [number, numbers.count])
        if not self.batched:
            return total
        total = numbers.apply(ADD, [total, zero])
        return numbers.apply(WHERE, [numbers.count, total, zero])

    def readers(self, others: Sequence[int]) -> Any:
        """Of each slot how often it is read."""
        return count_readers(self.steps, self.first, self.varies, self.absorbed, others)

    def summed_over_lanes(self, output: int, readers: Sequence[int]) -> int:
        """The sum over the lanes of what an output is in each, as a number.

        A product that nobody else reads is added up as it comes about, without a row of its own; so is one to which
        shared numbers are added, as in the slope of a weight with a penalty.
        """
        index, addend = self.numbers.sums, -1
        found, pair = self.numbers.sum(), self.as_product(output, readers)
        if pair is None:
            pair, addend = self.as_product_and_number(output, readers)
        left, right = pair or (output, self.ones)
        self.products.append((left, right, index, addend))
        return found

    def as_product(self, k: int, readers: Sequence[int]) -> tuple[int, int] | None:
        """The two slots whose product nobody but the sum reads, if the slot is that; it is absorbed then."""
        row, operands = self.step(k)
        if row is not table.mul or readers[k] > 1 or not all(self.varies[o] for o in operands):
            return None
        self.absorbed[k] = 1
        return operands[0], operands[1]

    def as_product_and_number(self, k: int, readers: Sequence[int]) -> tuple[tuple[int, int] | None, int]:
        """The same for a product and shared numbers that are added to it, and the handle of these; None, -1 if not."""
        row, operands = self.step(k)
        if row not in (table.add, table.dot) or readers[k] > 1:
            return None, -1
        ends = range(0, len(operands), 2 if row is table.dot else 1)
        terms = [operands[i : i + ends.step] for i in ends]
        varying = [term for term in terms if any(self.varies[o] for o in term)]
        if len(varying) > 1 or len(terms) == 1:
            return None, -1
        pair: tuple[int, int] | None
        if row is table.add:
            pair = self.as_product(varying[0][0], readers) or (varying[0][0], self.ones)
        elif all(self.varies[o] for o in varying[0]):
            pair = varying[0]
        else:
            one, other = sorted(varying[0], key=lambda o: self.varies[o])
            if not self.is_one(one):
                return None, -1
            pair = other, self.ones
        self.absorbed[k] = 1
        shared = [self.place[o] for term in terms if term not in varying for o in term]
        return pair, shared[0] if row is table.add else self.numbers.apply(DOT, shared)

    def is_one(self, k: int) -> bool:
        """Whether a slot is the constant 1."""
        return self.step(k) == (None, 1.0)

    # --- lanes: what varies ---

    def program(self) -> Program:
        """Order the instructions so that operands come first, give the slots rows, and write all down."""
        import numpy as np

        order, steps = Ints(), self.steps
        others: list[Any] = []
        if self.batched:
            steps, layers = self.fused(), self.layers()
            given = [*range(self.first), self.ones]
            order, others = ordered(steps, self.first, self.varies, self.absorbed, given, layers, self.outers())
        for guard in self.guards():
            order.push(~len(others))
            others.append(guard)
        given_back = [k for i, k in enumerate(self.tape.outputs) if i not in self.result]
        inputs = [k for k in range(self.first) if self.varies[k]]
        kept = [*given_back, self.ones, self.failed]
        rows = Allocation(steps, self.first, self.varies, self.place, inputs, kept)
        if any(y == self.ones for _, y, *_ in self.products):
            rows.hold(self.ones, self.numbers.constant(1.0))
        rows.write(order, others)
        numbers, places = self.numbers.close()
        flat = rows.operands.as_array()
        flat[flat < 0] = ~places[~flat[flat < 0]]
        direct, copied, steady = [], [], []
        in_lanes = [(i, k) for i, k in enumerate(self.tape.outputs) if i not in self.summed_outputs]
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

        return Program(
            numbers=numbers,
            instructions=rows.instructions.as_array().reshape(-1, 4),
            operands=flat,
            rows=rows.rows,
            filled=pairs([(row, int(places[number])) for number, row in rows.filled.items()]),
            input_rows=np.array([rows.row[k] for k in inputs], dtype=np.intc),
            summed=places[[self.result[i] for i in sorted(self.summed_outputs)]],
            lane_outputs=len(in_lanes), direct=pairs(direct), copied=pairs(copied), steady=pairs(steady),
            guard_row=rows.row[self.failed],
        )  # fmt: skip

    def guards(self) -> list[Guard]:
        """The guards that vary; one that does not is checked with the numbers."""
        found = []
        seen: set[int] = set()
        for number, (k, holds) in enumerate(self.tape.guards if self.guarded else (), 1):
            if k not in seen and self.varies[k]:
                found.append(Guard(k, holds, number, self.failed))
            elif k not in seen:
                self.numbers.checks.append((self.place[k], holds, number))
            seen.add(k)
        return found

    def fused(self) -> Steps:
        """See `fusion.fused`."""
        compared = [k for k, _ in self.tape.guards] if self.guarded else []
        multiplied = [k for x, y, *_ in self.products for k in (x, y)]
        readers = self.readers((*multiplied, *self.tape.outputs, *compared))
        self.place[self.minus_one] = self.numbers.constant(-1.0)
        return fused(self.done, self.first, self.varies, self.absorbed, readers, self.minus_one)

    def layers(self) -> dict[int, Layer]:
        """Of each dot product of slots with shared numbers, all that read the same slots: a layer of neurons."""
        found: dict[tuple[int, ...], Layer] = {}
        layer_of = {}
        for k in self.dots():
            _, operands = self.step(k)
            pairs = list(zip(operands[::2], operands[1::2], strict=True))
            start = self.numbers.constant(-0.0)  # to which adding anything changes nothing
            if not self.varies[pairs[0][0]] and not self.varies[pairs[0][1]]:
                start = self.numbers.apply(MUL, [self.place[o] for o in pairs.pop(0)])
            if pairs and all(self.varies[a] != self.varies[b] for a, b in pairs):
                reads = tuple([a if self.varies[a] else b for a, b in pairs])
                weights = [self.place[b if self.varies[a] else a] for a, b in pairs]
                layer_of[k] = found.setdefault(reads, Layer(reads, []))
                layer_of[k].members.append((k, start, weights))
        return layer_of

    def dots(self) -> list[int]:
        """The slots of dot products in the lanes."""
        import numpy as np

        found: list[int] = (np.flatnonzero(self.steps.codes.as_array() == DOT) + self.first).tolist()
        return [k for k in found if self.varies[k] and not self.absorbed[k]]

    def outers(self) -> list[Outer]:
        """The sums over lanes, those that have their right slots in common together."""
        by_left: dict[tuple[int, bool], list[tuple[int, int, int]]] = {}
        for x, y, index, addend in self.products:
            left, right = max(x, y), min(x, y)  # what is computed later is an adjoint: a factor in many sums
            if left == self.ones:
                left, right = right, left
            by_left.setdefault((left, addend >= 0), []).append((right, index, addend))
        found: dict[Any, Outer] = {}
        for (left, plus), members in by_left.items():
            rights = tuple([right for right, _, _ in members])
            outer = found.setdefault((rights, plus), Outer([], rights, [], [] if plus else None))
            outer.lefts.append(left)
            outer.sums.append([index for _, index, _ in members])
            if outer.addends is not None:
                outer.addends.append([addend for _, _, addend in members])
        return list(found.values())
