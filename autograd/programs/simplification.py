"""A tape with less work and the same bits. Plain Python that Cython compiles: a tape may be long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import cython

from autograd.programs.builder import Recorder
from autograd.programs.steps import Ints, Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import ADD, DOT, MUL
if TYPE_CHECKING:
    from autograd.tape.tape import Tape

__all__ = ["chained", "needed", "simplified"]

FROM_SLOT, FROM_PRODUCT, FROM_CHAIN = 1, 2, 3
"""What a sum of products goes on from: any slot, a product that is its first, or a sum of products."""


def simplified(tape: Tape) -> Tape:
    """See `Tape.simplify`."""
    first = len(tape.labels)
    recorder = Recorder(first, simplifying=True)
    places = recorder.copied(tape.steps, first)
    outputs = tuple([places[k] for k in tape.outputs])
    guards = tuple([(places[k], holds) for k, holds in tape.guards])
    return chained(type(tape).made_of(tape.labels, recorder.steps, outputs, tape.single, guards))


def needed(steps: Steps, first: int, ends: Sequence[int]) -> tuple[Steps, Any]:
    """The steps that some end depends on, numbered anew; and of each slot its new number.

    Args:
        steps: What makes the slots after the inputs.
        first: How many inputs there are.
        ends: Slots.
    """
    begins, operands = steps.begins.items, steps.operands.items
    wanted = bytearray(first + steps.size)
    for k in ends:
        wanted[k] = 1
    for k in range(steps.size - 1, -1, -1):
        if wanted[first + k]:
            for at in range(begins[k], begins[k + 1]):
                wanted[operands[at]] = 1
    places = whole_numbers(first + steps.size)
    kept = Steps()
    for k in range(first):
        places[k] = k
    for k in range(steps.size):
        if wanted[first + k]:
            places[first + k] = first + renumbered(steps, k, places, kept)
    return kept, places


def renumbered(steps: Steps, k: int, places: Any, written: Steps) -> int:
    """Write step k over the new numbers of its operands: which step it is now."""
    code, operands = steps.codes.items[k], steps.operands.items
    if code < 0:
        return written.constant(steps.numbers[~code])
    for at in range(steps.begins.items[k], steps.begins.items[k + 1]):
        written.push(places[operands[at]])
    return written.close(code)


def chained(tape: Tape) -> Tape:
    """The tape without the steps that nobody needs, and with sums of products that nobody else reads as one `dot` each.

    So `b + w1*x1 + w2*x2` is one step. The order of additions stays, and so do the bits. Cost: linear.
    """
    steps, first = tape.steps, len(tape.labels)
    readers = count_needed_readers(steps, first, [*tape.outputs, *[k for k, _ in tape.guards]])
    begun, length = find_chains(steps, first, readers)
    begins, operands = steps.begins.items, steps.operands.items
    absorbed = bytearray(steps.size)  # steps that become part of a chain
    for k in range(steps.size - 1, -1, -1):
        if length[k] > 1:
            absorbed[operands[begins[k] + 1] - first] = 1
            if begun[k] != FROM_SLOT:
                left = operands[begins[k]] - first
                absorbed[left] = 1
                if begun[k] == FROM_CHAIN:
                    length[left] = length[k]  # however long it is: it is part of one that is long enough
    places = whole_numbers(first + steps.size)
    for k in range(first):
        places[k] = k
    written = Steps()
    one = -1
    factors = Ints()
    for k in range(steps.size):
        if not readers[first + k] or absorbed[k]:
            continue
        if length[k] <= 1:
            places[first + k] = first + renumbered(steps, k, places, written)
            continue
        factors.size = 0
        at = k
        while True:  # from the last product back to the first
            product = operands[begins[at] + 1] - first
            factors.push(operands[begins[product] + 1])
            factors.push(operands[begins[product]])
            left = operands[begins[at]]
            if begun[at] != FROM_CHAIN:
                break
            at = left - first
        if begun[at] == FROM_PRODUCT:
            factors.push(operands[begins[left - first] + 1])
            factors.push(operands[begins[left - first]])
        else:
            if one < 0:
                one = first + written.constant(1.0)
            written.push(places[left])
            written.push(one)
        for i in range(factors.size - 1, -1, -1):
            written.push(places[factors.items[i]])
        places[first + k] = first + written.close(DOT)
    guards = tuple([(places[k], holds) for k, holds in tape.guards])
    return type(tape).made_of(tape.labels, written, tuple([places[k] for k in tape.outputs]), tape.single, guards)


def count_needed_readers(steps: Steps, first: int, ends: Sequence[int]) -> Any:
    """Of each slot how often it is read, by the ends and by steps that are read themselves."""
    begins, operands = steps.begins.items, steps.operands.items
    readers = whole_numbers(first + steps.size)
    for k in ends:
        readers[k] += 1
    for k in range(steps.size - 1, -1, -1):
        if readers[first + k]:
            for at in range(begins[k], begins[k + 1]):
                readers[operands[at]] += 1
    return readers


def find_chains(steps: Steps, first: int, readers: Any) -> tuple[Any, Any]:
    """Of each step that adds a product that nobody else reads: what it goes on from, and how many products that makes.

    Args:
        steps, first: The program, and how many inputs it has.
        readers: Of each slot how often it is read.
    """
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    begun, length = whole_numbers(steps.size), whole_numbers(steps.size)
    for k in range(steps.size):
        if codes[k] != ADD or not readers[first + k]:
            continue
        left, right = operands[begins[k]], operands[begins[k] + 1]
        if readers[right] != 1 or right < first or codes[right - first] != MUL:
            continue
        begun[k], length[k] = FROM_SLOT, 1
        if readers[left] == 1 and left >= first:
            if length[left - first]:
                begun[k], length[k] = FROM_CHAIN, length[left - first] + 1
            elif codes[left - first] == MUL:
                begun[k], length[k] = FROM_PRODUCT, 2
    return begun, length
