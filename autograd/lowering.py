"""A tape made ready for replay: what is computed once, what in every lane, in which order and where it is kept.

Numbers that do not vary over the batch are computed once per call, before the lanes or after them. What varies becomes
instructions over rows of 64 lanes, each row reused as soon as nobody reads it again. An output that is summed over the
batch is taken apart into sums of products over the lanes, which accumulate in place: the adjoint of a weight is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from autograd import primitives
from autograd.memory import collector_paused
from autograd.primitives import Primitive
from autograd.program import DOTS, FUSION, GUARD, GUARD_SLOT, ONES_SLOT, OUTER, Layer, Outer, Program, RowKeeper
from autograd.single_lane import SingleLane

if TYPE_CHECKING:
    from autograd.tape import Tape
    from autograd.tape_file import Step

__all__ = ["lower"]

LINEAR = (
    primitives.add,
    primitives.sub,
    primitives.neg,
    primitives.mul,
    primitives.div,
    primitives.sum,
    primitives.dot,
)
FUSED = (primitives.mul, primitives.add, primitives.sub)
"""Arithmetic that is done two steps at a time."""
SPREAD = (primitives.where.code, primitives.logsumexp.code)
"""Rows that want even a number as a row of lanes."""
Factors = tuple[tuple[Primitive, int], ...]
"""What is done to a sum over the lanes: rows, each with a number."""


def lower(tape: Tape, varying: Sequence[bool], summed: Collection[int] = (), guarded: bool = False) -> Program:
    """The program of a tape.

    Args:
        tape: What to lower.
        varying: Of each input whether it is a batch.
        summed: Which outputs are summed over the batch, by number.
        guarded: Whether to find out which lanes leave the path of the tape.

    Cost: linear in the tape.
    """
    with collector_paused():
        return Lowering(tape, varying, summed, guarded).program()


def squared(tape: Tape, step: Step) -> Step:
    """The step, or for `x ** 2` a product: exactly rounded, which a vector `pow` is not, and a tenth of the time."""
    row, operands = step
    if row is primitives.pow and operands[1] >= len(tape.labels):
        exponent = tape.steps[operands[1] - len(tape.labels)]
        if exponent[0] is None and exponent[1] == 2.0:
            return primitives.mul, (operands[0], operands[0])
    return step


class Lowering:
    """The work of `lower`, in the order of its methods."""

    def __init__(self, tape: Tape, varying: Sequence[bool], summed: Collection[int], guarded: bool) -> None:
        self.tape, self.guarded = tape, guarded
        self.first = len(tape.labels)
        self.steps = [squared(tape, step) for step in tape.steps]
        self.varies = bytearray(varying) + bytearray(len(tape.steps))
        for k, (row, operands) in enumerate(self.steps, self.first):
            if row is not None:
                for o in operands:
                    if self.varies[o]:
                        self.varies[k] = 1
                        break
        self.minus_one = len(self.varies)  # a slot that stands for -1: a change of sign is a product with it
        self.varies.append(0)
        self.summed_outputs = frozenset(summed)
        self.summed = {i for i in summed if self.varies[tape.outputs[i]]}
        self.numbers = SingleLane(self.first - sum(varying))
        self.place_numbers(summed)

    def step(self, k: int) -> tuple[Primitive | None, Any]:
        """What makes a slot."""
        return self.steps[k - self.first] if k >= self.first else (None, ())

    # --- numbers: what does not vary ---

    def place_numbers(self, summed: Collection[int]) -> None:
        """Compute what does not vary before the lanes; a sum over the batch of what does not vary is n times it."""
        tape, numbers = self.tape, self.numbers
        self.place: dict[int, int] = {}
        shared = (k for k in range(self.first) if not self.varies[k])
        self.place.update({k: i for i, k in enumerate(shared)})
        for k, (row, operands) in enumerate(self.steps, self.first):
            if not self.varies[k]:
                if row is None:
                    self.place[k] = numbers.constant(operands)
                else:
                    self.place[k] = numbers.step(row, tuple([self.place[o] for o in operands]))
        self.result: dict[int, int] = {}  # of an output that is a number, which one
        self.sum_index: dict[int, int] = {}
        self.products: list[tuple[int, int, int]] = []  # two slots, and the sum that their product is added to
        self.absorbed: set[int] = set()  # steps that are done after the sum
        readers: Counter[int] = Counter()
        if self.summed:
            readers.update(o for row, operands in self.steps if row is not None for o in operands)
            readers.update(tape.outputs)
            readers.update(k for k, _ in tape.guards)
        for i, k in enumerate(tape.outputs):
            if i in self.summed:
                self.result[i] = self.take_apart(k, readers)
            elif i in summed:
                self.result[i] = numbers.apply(primitives.mul, [self.place[k], numbers.count])
            elif not self.varies[k]:
                self.result[i] = self.place[k]

    def take_apart(self, output: int, readers: Counter[int]) -> int:
        """An output's sum over the lanes, as a number: linear steps that nobody else reads are done after the sum."""
        numbers = self.numbers
        sums: dict[Factors, int] = {}
        addends: list[int] = []
        stack: list[tuple[int, int | None, Factors]] = []  # a slot, what it is multiplied with, what is done after

        def scaled(number: int, factors: Factors) -> int:
            for row, factor in reversed(factors):
                number = numbers.apply(row, [number] if row is primitives.neg else [number, factor])
            return number

        def add(x: int, y: int | None, factors: Factors) -> None:
            if y is not None and not self.varies[x]:
                x, y = y, x
            if self.varies[x] and (y is None or self.varies[y]):
                stack.append((x, y, factors))
            elif self.varies[x] and y is not None:
                stack.append((x, None, (*factors, (primitives.mul, self.place[y]))))
            else:
                number = self.place[x] if y is None else numbers.apply(primitives.mul, [self.place[x], self.place[y]])
                addends.append(scaled(numbers.apply(primitives.mul, [number, numbers.count]), factors))

        add(output, None, ())
        while stack:
            x, y, factors = stack.pop()
            row, operands = self.step(x)
            if y is not None or row not in LINEAR or readers[x] > 1 or not self.opens(row, operands):
                if factors not in sums:
                    sums[factors] = numbers.sum()
                self.sum_index.setdefault(sums[factors], len(self.sum_index))
                self.products.append((x, ONES_SLOT if y is None else y, self.sum_index[sums[factors]]))
                continue
            self.absorbed.add(x)
            if row is primitives.dot:
                for a, b in zip(operands[::2], operands[1::2], strict=True):
                    add(a, b, factors)
            elif row is primitives.mul:
                add(operands[0], operands[1], factors)
            elif row is primitives.div:
                add(operands[0], None, (*factors, (primitives.div, self.place[operands[1]])))
            elif row in (primitives.sub, primitives.neg):
                if row is primitives.sub:
                    add(operands[0], None, factors)
                add(operands[-1], None, (*factors, (primitives.neg, 0)))
            else:
                for o in operands:
                    add(o, None, factors)
        addends += [scaled(number, factors) for factors, number in sums.items()]
        return addends[0] if len(addends) == 1 else numbers.apply(primitives.sum, addends)

    def opens(self, row: Primitive | None, operands: Sequence[int]) -> bool:
        """Whether a linear row can be done after the sum; a product of two slots is summed as it is."""
        return row is not primitives.div or not self.varies[operands[1]]

    # --- lanes: what varies ---

    def program(self) -> Program:
        """Order the instructions so that operands come first, give the slots rows, and write all down."""
        import numpy as np

        self.code: list[tuple[int, int, Any]] = []  # code, the slot it fills, operands: see `reads` and `write`
        self.row: dict[int, int] = {}
        self.fused = self.fusions() if any(self.varies) else {}
        if any(self.varies):
            self.order()
        self.compare()
        rows, instructions, operands = self.write()
        places = self.numbers.close()
        flat = np.array(operands, dtype=np.intc)
        flat[flat < 0] = ~places[~flat[flat < 0]]
        direct, copied, steady = [], [], []
        others = [(i, k) for i, k in enumerate(self.tape.outputs) if i not in self.summed_outputs]
        for at, (i, k) in enumerate(others):
            if i in self.result:
                steady.append((at, int(places[self.result[i]])))
            elif self.row[k] in self.owned:
                self.owned.remove(self.row[k])
                direct.append((at, self.row[k]))
            else:
                copied.append((at, self.row[k]))

        def pairs(found: list[tuple[int, int]]) -> Any:
            return np.array(found, dtype=np.intc).reshape(-1, 2)

        return Program(
            numbers=self.numbers,
            instructions=np.array(instructions, dtype=np.intc).reshape(-1, 4),
            operands=flat,
            rows=rows.count,
            filled=pairs([(row, int(places[number])) for number, row in self.filled.items()]),
            input_rows=np.array([self.row[k] for k in range(self.first) if self.varies[k]], dtype=np.intc),
            summed=places[[self.result[i] for i in sorted(self.summed_outputs)]],
            lane_outputs=len(others), direct=pairs(direct), copied=pairs(copied), steady=pairs(steady),
            guard_row=self.row.get(GUARD_SLOT, -1),
        )  # fmt: skip

    def order(self) -> None:
        """Fill `code`: a layer comes where its first member stood, a sum over lanes as soon as it can."""
        layers, waiting = self.layers(), self.outers()
        done = {k for k in range(self.first) if self.varies[k]}
        if any(ONES_SLOT in outer.rights for outer in waiting):
            self.place[ONES_SLOT] = self.numbers.constant(1.0)
            done.add(ONES_SLOT)
        readers: dict[int, list[int]] = {}  # of a slot, which sums wait for it
        missing: list[int] = []
        for i, outer in enumerate(waiting):
            needed = {k for k in outer.reads() if k not in done}
            missing.append(len(needed))
            for k in needed:
                readers.setdefault(k, []).append(i)
            if not needed:
                self.code.append((OUTER, -1, outer))
        for k, (row, operands) in enumerate(self.steps, self.first):
            if row is None or not self.varies[k] or k in self.absorbed or k in done:
                continue
            made = [k]
            if k in self.fused:
                self.code.append((*self.fused[k][:1], k, self.fused[k][1]))
            elif k in layers:
                made = [member for member, _, _ in layers[k].members]
                self.code.append((DOTS, -1, layers[k]))
            else:
                self.code.append((row.code, k, operands))
            done.update(made)
            for i in [i for slot in made for i in readers.get(slot, ())]:
                missing[i] -= 1
                if not missing[i]:
                    self.code.append((OUTER, -1, waiting[i]))

    def compare(self) -> None:
        """Append the guards; one that does not vary is checked with the numbers."""
        seen: set[int] = set()
        for number, (k, holds) in enumerate(self.tape.guards if self.guarded else (), 1):
            if k not in seen and self.varies[k]:
                self.code.append((GUARD, GUARD_SLOT, (k, holds, number)))
            elif k not in seen:
                self.numbers.checks.append((self.place[k], holds, number))
            seen.add(k)

    def fusions(self) -> dict[int, tuple[int, tuple[int, ...]]]:
        """Steps of arithmetic together with a step before them that nobody else reads: code and three operands."""
        readers: Counter[int] = Counter()
        for k, (row, operands) in enumerate(self.steps, self.first):
            if row is not None and self.varies[k] and k not in self.absorbed:
                readers.update(operands)
        for x, y, _ in self.products:
            readers.update((x, y))
        readers.update(self.tape.outputs)
        readers.update(k for k, _ in (self.tape.guards if self.guarded else ()))
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        self.place[self.minus_one] = self.numbers.constant(-1.0)

        def as_product(row: Primitive | None, operands: tuple[int, ...]) -> tuple[Primitive | None, tuple[int, ...]]:
            return (primitives.mul, (*operands, self.minus_one)) if row is primitives.neg else (row, operands)

        for k in range(self.first, self.first + len(self.steps)):
            row, operands = as_product(*self.step(k))
            if row not in FUSED or not self.varies[k] or k in self.absorbed:
                continue
            for side in (0, 1):
                inner = operands[side]
                if inner == self.minus_one:
                    continue
                inner_row, inner_operands = as_product(*self.step(inner))
                alone = readers[inner] == 1 and inner not in self.absorbed and inner not in found
                if inner_row in FUSED and self.varies[inner] and alone:
                    outer = 3 if row is primitives.sub and side == 1 else FUSED.index(row)
                    code = FUSION + 4 * FUSED.index(inner_row) + outer
                    found[k] = (code, (*inner_operands, operands[1 - side]))
                    self.absorbed.add(inner)
                    break
        return found

    def layers(self) -> dict[int, Layer]:
        """Of each dot product of slots with shared numbers, all that read the same slots: a layer of neurons."""
        found: dict[tuple[int, ...], Layer] = {}
        layer_of = {}
        for k, (row, operands) in enumerate(self.steps, self.first):
            if row is not primitives.dot or not self.varies[k] or k in self.absorbed:
                continue
            pairs = list(zip(operands[::2], operands[1::2], strict=True))
            start = self.numbers.constant(-0.0)  # to which adding anything changes nothing
            if not self.varies[pairs[0][0]] and not self.varies[pairs[0][1]]:
                start = self.numbers.apply(primitives.mul, [self.place[o] for o in pairs.pop(0)])
            if pairs and all(self.varies[a] != self.varies[b] for a, b in pairs):
                reads = tuple([a if self.varies[a] else b for a, b in pairs])
                weights = [self.place[b if self.varies[a] else a] for a, b in pairs]
                layer_of[k] = found.setdefault(reads, Layer(reads, []))
                layer_of[k].members.append((k, start, weights))
        return layer_of

    def outers(self) -> list[Outer]:
        """The sums over lanes, those that have their right slots in common together."""
        by_left: dict[int, list[tuple[int, int]]] = {}
        for x, y, index in self.products:
            left, right = max(x, y), min(x, y)  # what is computed later is an adjoint: a factor in many sums
            by_left.setdefault(left, []).append((right, index))
        found: dict[tuple[int, ...], Outer] = {}
        for left, pairs in by_left.items():
            rights = tuple([right for right, _ in pairs])
            outer = found.setdefault(rights, Outer([], rights, []))
            outer.lefts.append(left)
            outer.sums.append([index for _, index in pairs])
        return list(found.values())

    def reads(self, code: int, operands: Any) -> Sequence[int]:
        """The varying slots that an instruction reads."""
        if code == DOTS:
            return operands.reads  # type: ignore[no-any-return]
        if code == OUTER:
            return operands.reads()  # type: ignore[no-any-return]
        if code == GUARD:
            return (operands[0],)
        return [o for o in operands if self.varies[o]]

    def write(self) -> tuple[RowKeeper, list[tuple[int, int, int, int]], list[int]]:
        """Instructions and operands; a slot has its row from the instruction that fills it to the last that reads it.

        A number is written as ~handle.
        """
        last_read = {k: at for at, (code, _, operands) in enumerate(self.code) for k in self.reads(code, operands)}
        kept = {k for i, k in enumerate(self.tape.outputs) if i not in self.result} | {GUARD_SLOT, ONES_SLOT}
        kept.update(range(self.first))
        rows, row = RowKeeper(), self.row
        self.filled: dict[int, int] = {}  # of a number, the row that holds it in every lane
        self.owned: set[int] = set()

        def home(slot: int) -> int:
            if slot in kept and slot not in row:
                row[slot] = rows.take_forever()
                self.owned.add(row[slot])
            elif slot not in kept:
                row[slot] = rows.take()
            return row[slot]

        for k in range(self.first):
            if self.varies[k]:
                row[k] = rows.take_forever()
        if ONES_SLOT in self.place:
            row[ONES_SLOT] = self.filled[self.place[ONES_SLOT]] = rows.take_forever()
        instructions: list[tuple[int, int, int, int]] = []
        flat: list[int] = []
        for at, (code, target, operands) in enumerate(self.code):
            read = self.reads(code, operands)
            freed = [row[k] for k in dict.fromkeys(read) if last_read[k] == at and k not in kept]
            beginning, filled, count = len(flat), -1, len(read)
            if code == DOTS:
                flat += [len(operands.members), *(home(k) for k, _, _ in operands.members)]
                flat += [~start for _, start, _ in operands.members]
                flat += [row[k] for k in read]
                flat += [~weight for _, _, weights in operands.members for weight in weights]
            elif code == OUTER:
                count = len(operands.rights)
                flat += [len(operands.lefts), *(row[k] for k in read)]
                flat += [index for indices in operands.sums for index in indices]
            elif code == GUARD:
                flat += [row[operands[0]], int(operands[1]), int(GUARD_SLOT not in row)]
                filled, count = home(GUARD_SLOT), operands[2]
            else:
                count = len(operands)
                if code >= FUSION or code in SPREAD:
                    for number in sorted({self.place[o] for o in operands if not self.varies[o]}):
                        if number not in self.filled:
                            self.filled[number] = rows.take_forever()
                    flat += [row[o] if self.varies[o] else self.filled[self.place[o]] for o in operands]
                else:
                    flat += [row[o] if self.varies[o] else ~self.place[o] for o in operands]
                rows.give_back(freed)
                freed, filled = [], home(target)
            rows.give_back(freed)
            instructions.append((code, filled, beginning, count))
        return rows, instructions, flat
