"""A tape with less work and the same bits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from autograd import primitives
from autograd.slots import Recorder, Slot

if TYPE_CHECKING:
    from autograd.tape import Tape

__all__ = ["chained", "simplified"]


def simplified(tape: Tape) -> Tape:
    """See `Tape.simplify`."""
    recorder = Recorder(len(tape.labels), simplifying=True)
    slots = [recorder.lift(slot) for slot in tape.run(recorder.input_slots())]
    guards = [(slots[k], holds) for k, holds in tape.guards]
    return chained(type(tape).of(recorder, tape.labels, [slots[k] for k in tape.outputs], tape.single, guards))


def chained(tape: Tape) -> Tape:
    """The tape with sums of products that nothing else reads as one `dot` each: `b + w1*x1 + w2*x2`.

    The order of additions stays, so the bits do. Cost: linear.
    """
    first = len(tape.labels)
    steps = dict(enumerate(tape.steps, first))
    readers = Counter(k for row, operands in tape.steps if row is not None for k in operands)
    readers.update(tape.outputs)
    readers.update(k for k, _ in tape.guards)

    def is_product(k: int) -> bool:
        return k in steps and steps[k][0] is primitives.mul and readers[k] == 1

    chains: dict[int, tuple[int | None, list[int]]] = {}  # an addition: where its sum starts, the products added to it
    for k, (row, operands) in steps.items():
        if row is primitives.add and is_product(operands[1]):
            left, right = operands
            if left in chains and readers[left] == 1:
                chains[k] = chains.pop(left)
                chains[k][1].append(right)
            else:
                chains[k] = (None, [left, right]) if is_product(left) else (left, [right])
    recorder = Recorder(first)
    slots: dict[int, Slot] = dict(enumerate(recorder.input_slots()))
    for k, (row, operands) in steps.items():
        start, products = chains.get(k, (None, []))
        if row is None:
            slots[k] = recorder.constant(operands)
        elif len(products) > 1:
            pairs = [slots[o] for product in products for o in steps[product][1]]
            started = [] if start is None else [slots[start], recorder.constant(1.0)]
            slots[k] = recorder.apply(primitives.dot, started + pairs)
        else:
            slots[k] = recorder.apply(row, [slots[o] for o in operands])
    guards = [(slots[k], holds) for k, holds in tape.guards]
    return type(tape).of(recorder, tape.labels, [slots[k] for k in tape.outputs], tape.single, guards)
