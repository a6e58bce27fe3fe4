"""A tape made ready for replay: what is computed once, what in every lane, in which order and where it is kept.

Numbers that do not vary over the batch are computed once per call, before the lanes or after them. What varies becomes
instructions over rows of 64 lanes, each row reused as soon as nobody reads it again. An output that is summed over the
batch is taken apart into sums of products over the lanes, which accumulate in place: the adjoint of a weight is one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from autograd import primitives
from autograd.allocation import Allocation
from autograd.differentiation import depending
from autograd.fusion import count_readers, fused, squares_as_products
from autograd.memory import collector_paused
from autograd.ordering import ordered
from autograd.primitives import Primitive
from autograd.program import Guard, Layer, Outer, Program
from autograd.single_lane import SingleLane
from autograd.steps import Ints, Steps, whole_numbers

if TYPE_CHECKING:
    from autograd.tape import Tape

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
MUL = primitives.mul.code
Scale = tuple[int, Primitive, int]
"""Of what it is part, and a row that is applied to it, with a number unless that is -1."""


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


class Lowering:
    """The work of `lower`, in the order of its methods.

    To the slots of the tape come three: one that stands for -1 (a change of sign is a product with it), one that is 1
    in every lane (a sum without a factor is a sum of products with it), and the number of the first guard that fails.
    """

    def __init__(self, tape: Tape, varying: Sequence[bool], summed: Collection[int], guarded: bool) -> None:
        self.tape, self.guarded = tape, guarded
        self.first = len(tape.labels)
        self.steps = squares_as_products(tape.steps, self.first)
        self.end = self.first + len(self.steps)
        self.minus_one, self.ones, self.failed = self.end, self.end + 1, self.end + 2
        self.varies = depending(tape, [k for k, it_varies in enumerate(varying) if it_varies]) + bytes([0, 1, 1])
        self.absorbed = bytearray(len(self.varies))  # steps that are part of another instruction, or done after a sum
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
        self.place = whole_numbers(len(self.varies), -1)  # of each slot that is a number its handle
        shared = [k for k in range(self.first) if not self.varies[k]]
        for i, k in enumerate(shared):
            self.place[k] = i
        numbers.take_over(self.steps, self.first, self.varies, self.place)
        self.result: dict[int, int] = {}  # of an output that is a number, which one
        self.products: list[tuple[int, int, int]] = []  # two slots, and the sum that their product is added to
        readers = self.readers((*tape.outputs, *[k for k, _ in tape.guards])) if self.summed else []
        for i, k in enumerate(tape.outputs):
            if i in self.summed:
                self.result[i] = self.take_apart(k, readers)
            elif i in summed:
                self.result[i] = numbers.apply(MUL, [self.place[k], numbers.count])
            elif not self.varies[k]:
                self.result[i] = self.place[k]

    def readers(self, others: Sequence[int]) -> Any:
        """Of each slot how often it is read."""
        return count_readers(self.steps, self.first, self.varies, self.absorbed, others)

    def take_apart(self, output: int, readers: Sequence[int]) -> int:
        """An output's sum over the lanes, as a number: linear steps that nobody else reads are done after the sum.

        What is summed lies in a tree of what is done to it: of each node all that it gets is added up, and then scaled.
        """
        numbers = self.numbers
        scales: list[Scale | None] = [None]  # of each node; the first is the output
        known: dict[Scale, int] = {}
        addends: list[list[int]] = [[]]
        sums: dict[int, int] = {}  # of a node with a sum over the lanes: which one that is
        stack: list[tuple[int, int | None, int]] = []  # a slot, what it is multiplied with, and its node

        def scaled(node: int, row: Primitive, factor: int = -1) -> int:
            scale = (node, row, factor)
            if scale not in known:
                known[scale] = len(scales)
                scales.append(scale)
                addends.append([])
            return known[scale]

        def add(x: int, y: int | None, node: int) -> None:
            if y is not None and not self.varies[x]:
                x, y = y, x
            if self.varies[x] and (y is None or self.varies[y]):
                stack.append((x, y, node))
            elif self.varies[x] and y is not None:
                stack.append((x, None, scaled(node, primitives.mul, self.place[y])))
            else:
                number = self.place[x] if y is None else numbers.apply(MUL, [self.place[x], self.place[y]])
                addends[node].append(numbers.apply(MUL, [number, numbers.count]))

        add(output, None, 0)
        while stack:
            x, y, node = stack.pop()
            row, operands = self.step(x)
            if y is not None or row not in LINEAR or readers[x] > 1 or not self.opens(row, operands):
                if node not in sums:
                    sums[node] = numbers.sums
                    addends[node].append(numbers.sum())
                self.products.append((x, self.ones if y is None else y, sums[node]))
                continue
            self.absorbed[x] = 1
            if row is primitives.dot:
                for a, b in zip(operands[::2], operands[1::2], strict=True):
                    add(a, b, node)
            elif row is primitives.mul:
                add(operands[0], operands[1], node)
            elif row is primitives.div:
                add(operands[0], None, scaled(node, primitives.div, self.place[operands[1]]))
            elif row in (primitives.sub, primitives.neg):
                if row is primitives.sub:
                    add(operands[0], None, node)
                add(operands[-1], None, scaled(node, primitives.neg))
            else:
                for o in operands:
                    add(o, None, node)
        for node in range(len(scales) - 1, -1, -1):  # a node comes after the one it is part of
            parts, scale = addends[node], scales[node]
            total = parts[0] if len(parts) == 1 else numbers.apply(primitives.sum.code, parts)
            if scale is not None:
                above, row, factor = scale
                addends[above].append(numbers.apply(row.code, [total, factor][: 1 + (factor >= 0)]))
        return total

    def opens(self, row: Primitive | None, operands: Sequence[int]) -> bool:
        """Whether a linear row can be done after the sum; a product of two slots is summed as it is."""
        return row is not primitives.div or not self.varies[operands[1]]

    # --- lanes: what varies ---

    def program(self) -> Program:
        """Order the instructions so that operands come first, give the slots rows, and write all down."""
        import numpy as np

        order, steps = Ints(), self.steps
        others: list[Any] = []
        if any(self.varies[: self.first]):
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
        if any(y == self.ones for _, y, _ in self.products):
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
        multiplied = [k for x, y, _ in self.products for k in (x, y)]
        readers = self.readers((*multiplied, *self.tape.outputs, *compared))
        self.place[self.minus_one] = self.numbers.constant(-1.0)
        return fused(self.steps, self.first, self.varies, self.absorbed, readers, self.minus_one)

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

        found: list[int] = (np.flatnonzero(self.steps.codes.as_array() == primitives.dot.code) + self.first).tolist()
        return [k for k in found if self.varies[k] and not self.absorbed[k]]

    def outers(self) -> list[Outer]:
        """The sums over lanes, those that have their right slots in common together."""
        by_left: dict[int, list[tuple[int, int]]] = {}
        for x, y, index in self.products:
            left, right = max(x, y), min(x, y)  # what is computed later is an adjoint: a factor in many sums
            if left == self.ones:
                left, right = right, left
            by_left.setdefault(left, []).append((right, index))
        found: dict[tuple[int, ...], Outer] = {}
        for left, pairs in by_left.items():
            rights = tuple([right for right, _ in pairs])
            outer = found.setdefault(rights, Outer([], rights, []))
            outer.lefts.append(left)
            outer.sums.append([index for _, index in pairs])
        return list(found.values())
