"""A tape with less work and the same bits. Plain Python that Cython compiles: a tape may be long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import primitives
from autograd.slots import Recorder

if TYPE_CHECKING:
    from autograd.tape import Tape
    from autograd.tape_file import Step

__all__ = ["chained", "needed", "simplified"]


def simplified(tape: Tape) -> Tape:
    """See `Tape.simplify`."""
    recorder = Recorder(len(tape.labels), simplifying=True)
    slots = recorder.transcribe(tape.steps, recorder.input_slots())
    outputs = tuple([slots[k].index for k in tape.outputs])
    guards = tuple([(slots[k].index, holds) for k, holds in tape.guards])
    return chained(type(tape).made_of(tape.labels, recorder.steps, outputs, tape.single, guards))


def needed(steps: list[Step], first: int, ends: Sequence[int]) -> tuple[list[Step], list[int]]:
    """The steps that some end depends on, numbered anew; and of each slot its new number.

    Args:
        steps: What makes the slots after the inputs.
        first: How many inputs there are.
        ends: Slots.
    """
    wanted = bytearray(first + len(steps))
    for k in ends:
        wanted[k] = 1
    for k in range(first + len(steps) - 1, first - 1, -1):
        row, operands = steps[k - first]
        if row is not None and wanted[k]:
            for o in operands:
                wanted[o] = 1
    places = list(range(first))
    kept: list[Step] = []
    for k in range(first, first + len(steps)):
        places.append(first + len(kept))
        if wanted[k]:
            row, operands = steps[k - first]
            kept.append((row, operands if row is None else renumbered(operands, places)))
    return kept, places


def renumbered(operands: tuple[int, ...], places: list[int]) -> tuple[int, ...]:
    """The new numbers of slots."""
    if len(operands) == 2:  # most are
        return places[operands[0]], places[operands[1]]
    return tuple([places[o] for o in operands])


def chained(tape: Tape) -> Tape:
    """The tape without the steps that nobody needs, and with sums of products that nobody else reads as one `dot` each.

    So `b + w1*x1 + w2*x2` is one step. The order of additions stays, and so do the bits. Cost: linear.
    """
    first, steps = len(tape.labels), tape.steps
    readers = [0] * (first + len(steps))
    for k in (*tape.outputs, *[k for k, _ in tape.guards]):
        readers[k] += 1
    for k in range(len(readers) - 1, first - 1, -1):
        row, operands = steps[k - first]
        if row is not None and readers[k]:
            for o in operands:
                readers[o] += 1
    mul, add = primitives.mul, primitives.add
    products: dict[int, list[int]] = {}  # of an addition: the factors, in pairs, of the products that it adds up
    starts: dict[int, int | None] = {}  # and what they are added to
    absorbed = bytearray(len(readers))  # steps that become part of a chain
    for k in range(first, len(readers)):
        row, operands = steps[k - first]
        if row is not add or not readers[k]:
            continue
        left, right = operands
        if readers[right] != 1 or right < first or steps[right - first][0] is not mul:
            continue
        if readers[left] == 1 and left in products:
            products[k], starts[k] = products.pop(left), starts.pop(left)
            absorbed[left] = 1
        elif readers[left] == 1 and left >= first and steps[left - first][0] is mul:
            products[k], starts[k] = [left], None
        else:
            products[k], starts[k] = [], left
        products[k].append(right)
    for k in list(products):
        if len(products[k]) == 1:
            del products[k]
        else:
            for product in products[k]:
                absorbed[product] = 1
    places = list(range(first))
    written: list[Step] = []
    one: int | None = None
    for k in range(first, len(readers)):
        if not readers[k] or absorbed[k]:
            places.append(-1)
            continue
        row, operands = steps[k - first]
        if k in products:
            factors = [places[o] for product in products[k] for o in steps[product - first][1]]
            start = starts[k]
            if start is not None:
                if one is None:
                    one = first + len(written)
                    written.append((None, 1.0))
                factors = [places[start], one, *factors]
            row, operands = primitives.dot, tuple(factors)
        elif row is not None:
            operands = renumbered(operands, places)
        places.append(first + len(written))
        written.append((row, operands))
    guards = tuple([(places[k], holds) for k, holds in tape.guards])
    return type(tape).made_of(tape.labels, written, tuple([places[k] for k in tape.outputs]), tape.single, guards)
