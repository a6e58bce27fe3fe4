"""A tape with less work and the same bits."""

from __future__ import annotations

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
    slots = recorder.transcribe(tape.steps, recorder.input_slots())
    outputs = tuple([slots[k].index for k in tape.outputs])
    guards = tuple([(slots[k].index, holds) for k, holds in tape.guards])
    return chained(type(tape).made_of(tape.labels, recorder.steps, outputs, tape.single, guards))


def chained(tape: Tape) -> Tape:
    """The tape without the steps that nobody needs, and with sums of products that nobody else reads as one `dot` each.

    So `b + w1*x1 + w2*x2` is one step. The order of additions stays, and so do the bits. Cost: linear.
    """
    first, steps = len(tape.labels), tape.steps
    readers = [0] * (first + len(steps))
    for k in (*tape.outputs, *(k for k, _ in tape.guards)):
        readers[k] += 1
    for k in range(len(readers) - 1, first - 1, -1):
        row, operands = steps[k - first]
        if row is not None and readers[k]:
            for o in operands:
                readers[o] += 1
    mul, add = primitives.mul, primitives.add
    products: dict[int, list[int]] = {}  # of an addition: the factors, in pairs, of the products that it adds up
    starts: dict[int, int | None] = {}  # and what they are added to
    absorbed: set[int] = set()  # steps that become part of a chain
    for k, (row, operands) in enumerate(steps, first):
        if row is not add or not readers[k]:
            continue
        left, right = operands
        if readers[right] != 1 or right < first or steps[right - first][0] is not mul:
            continue
        if readers[left] == 1 and left in products:
            products[k], starts[k] = products.pop(left), starts.pop(left)
            absorbed.add(left)
        elif readers[left] == 1 and left >= first and steps[left - first][0] is mul:
            products[k], starts[k] = [left], None
        else:
            products[k], starts[k] = [], left
        products[k].append(right)
    places = list(range(first))  # of each step, its new slot
    written: list[Step] = []
    single = {k for k, found in products.items() if len(found) == 1}
    absorbed.update(product for k, found in products.items() if k not in single for product in found)
    one = -1
    for k, (row, operands) in enumerate(steps, first):
        if readers[k] and k not in absorbed:
            if row is not None:
                if k in products and k not in single:
                    row, start = primitives.dot, starts[k]
                    operands = [o for product in products[k] for o in steps[product - first][1]]
                    if start is not None:
                        if one < 0:
                            one = first + len(written)
                            written.append((None, 1.0))
                        operands = (start, -1, *operands)
                operands = tuple([places[o] if o >= 0 else one for o in operands])
            places.append(first + len(written))
            written.append((row, operands))
        else:
            places.append(-1)
    guards = tuple([(places[k], holds) for k, holds in tape.guards])
    return type(tape).made_of(tape.labels, written, tuple([places[k] for k in tape.outputs]), tape.single, guards)
