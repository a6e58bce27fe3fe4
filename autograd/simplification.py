"""A tape with less work and the same bits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from autograd import primitives
from autograd.slots import Recorder

if TYPE_CHECKING:
    from autograd.tape import Tape
    from autograd.tape_file import Step

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

    chains: dict[int, list[int]] = {}  # of an addition: the products that make up its sum
    starts: dict[int, int | None] = {}  # and what they are added to
    absorbed: set[int] = set()  # steps that become part of a chain
    for k, (row, operands) in steps.items():
        if row is primitives.add and is_product(operands[1]):
            left, right = operands
            if left in chains and readers[left] == 1:
                chains[k], starts[k] = chains.pop(left), starts.pop(left)
                chains[k].append(right)
                absorbed.add(left)
            elif is_product(left):
                chains[k], starts[k] = [left, right], None
            else:
                chains[k], starts[k] = [right], left
    absorbed.update(product for products in chains.values() if len(products) > 1 for product in products)
    places = {k: k for k in range(first)}  # of each step, its new slot
    written: list[Step] = []
    one = -1
    for k, (row, operands) in steps.items():
        if k in absorbed:
            continue
        if row is not None:
            products = chains.get(k, [])
            if len(products) > 1:
                start, row = starts[k], primitives.dot
                operands = tuple([o for product in products for o in steps[product][1]])
                if start is not None:
                    if one < 0:
                        one = first + len(written)
                        written.append((None, 1.0))
                    operands = (start, None, *operands)
            operands = tuple([one if o is None else places[o] for o in operands])
        places[k] = first + len(written)
        written.append((row, operands))
    guards = tuple([(places[k], holds) for k, holds in tape.guards])
    return type(tape).made_of(tape.labels, written, tuple([places[k] for k in tape.outputs]), tape.single, guards)
