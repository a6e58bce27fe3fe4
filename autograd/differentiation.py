"""The chain rule over a tape: its derivatives are a tape again, by the table that differentiates Values.

Plain Python that Cython compiles: a tape may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import primitives
from autograd.slots import Recorder, Slot

if TYPE_CHECKING:
    from autograd.tape import Tape

__all__ = ["depending", "differentiated", "pushed_forward"]

Pairs = list[Slot]
"""Products to be added up: of each a partial, and then the adjoint (or tangent) that it multiplies."""


def differentiated(
    tape: Tape, wanted: Sequence[int], with_outputs: bool, careful: bool = True, sharing: bool = True
) -> Tape:
    """The tape of ∂output/∂input for each output and each wanted input, output by output.

    Args:
        tape: The program.
        wanted: Numbers of inputs.
        with_outputs: Whether the outputs themselves come first.
        careful: Whether what a `where` did not take must receive nothing even where a partial is infinite. Else it may
            receive 0 times that, which is nan; a result without nan is the same either way, at a fraction of the steps.
        sharing: See `Recorder`.
    """
    recorder = Recorder(len(tape.labels), True, sharing)
    slots = recorder.transcribe(tape.steps, recorder.input_slots())
    depends = depending(tape, wanted)
    found = [slots[k] for k in tape.outputs] if with_outputs else []
    for k in tape.outputs:
        found += adjoints_of(tape, recorder, slots, k, wanted, depends, careful)
    guards = [(slots[k], holds) for k, holds in tape.guards]
    return type(tape).of(recorder, tape.labels, found, False, guards)


def adjoints_of(
    tape: Tape,
    recorder: Recorder,
    slots: list[Slot],
    output: int,
    wanted: Sequence[int],
    depends: bytearray,
    careful: bool,
) -> list[Slot]:
    """The reverse sweep over slots, from one output to the wanted inputs.

    What a `where` did not take must receive nothing, not 0 times a partial that may be infinite there. A slot that
    is only reached through rows that select has the condition of it in `reached`; its shares depend on that.
    """
    first, one = len(tape.labels), recorder.constant(1.0)
    received: list[Pairs | None] = [None] * len(slots)
    received[output] = [one, one]
    reached: dict[int, Slot | None] = {output: None}
    steps = tape.steps
    for k in range(output, first - 1, -1):
        pairs = received[k]
        if pairs is None:
            continue
        row, operands = steps[k - first]
        if row is None:
            continue
        received[k] = None
        adjoint, xs, z = total(recorder, pairs), [slots[o] for o in operands], slots[k]
        condition_here = reached[k] if careful else None
        for i in range(len(operands)):
            o = operands[i]
            if not depends[o]:
                continue
            partial = recorder.lift(row.derive(i, xs, z))
            pair = [partial, adjoint]
            if careful:
                condition = joined(condition_here, partial) if row.selects else condition_here
                if condition is not None:
                    if condition.number == 0.0:
                        continue
                    pair = [one, recorder.apply(primitives.where, [condition, partial * adjoint, 0.0])]
                if o in reached:
                    before = reached[o]
                    if before is not None and condition is not None and before is not condition:
                        condition = recorder.apply(primitives.maximum, [before, condition])
                    reached[o] = None if before is None else condition
                else:
                    reached[o] = condition
            others = received[o]
            if others is None:
                received[o] = pair
            else:
                others += pair
    zero = recorder.constant(0.0)
    found: list[Slot] = []
    for k in wanted:
        pairs = received[k]
        found.append(zero if pairs is None else total(recorder, pairs))
    return found


def pushed_forward(tape: Tape, moving: Sequence[int], careful: bool = True, sharing: bool = True) -> Tape:
    """See `Tape.jvp`; the inputs that move have tangents, which come after all inputs, in the order of `moving`.

    A result that only depends on moving inputs through rows that select has the condition of it in `moves`.
    """
    n = len(tape.labels)
    recorder = Recorder(n + len(moving), True, sharing)
    inputs = recorder.input_slots()
    slots = recorder.transcribe(tape.steps, inputs[:n])
    tangents: dict[int, Slot] = dict(zip(moving, inputs[n:], strict=True))
    moves: dict[int, Slot | None] = dict.fromkeys(moving)
    one = recorder.constant(1.0)
    for k, (row, operands) in enumerate(tape.steps, n):
        if row is None:
            continue
        pairs: Pairs = []
        for i, operand in enumerate(operands):
            if operand not in tangents:
                continue
            partial = recorder.lift(row.derive(i, [slots[o] for o in operands], slots[k]))
            condition = joined(moves[operand], partial) if row.selects and careful else moves[operand]
            pair = [partial, tangents[operand]]
            if condition is not None:
                if condition.number == 0.0:
                    continue
                pair = [one, recorder.apply(primitives.where, [condition, partial * tangents[operand], 0.0])]
            before = moves[k] if pairs else condition
            if before is not None and condition is not None and before is not condition:
                condition = recorder.apply(primitives.maximum, [before, condition])
            moves[k] = None if before is None else condition
            pairs += pair
        if pairs:
            tangents[k] = total(recorder, pairs)
    zero = recorder.constant(0.0)
    outputs = [slots[k] for k in tape.outputs] + [tangents.get(k, zero) for k in tape.outputs]
    dotted = [f"d_{tape.labels[k]}" if tape.labels[k] else "" for k in moving]
    guards = [(slots[k], holds) for k, holds in tape.guards]
    return type(tape).of(recorder, [*tape.labels, *dotted], outputs, False, guards)


def depending(tape: Tape, wanted: Sequence[int]) -> bytearray:
    """For each slot, whether it depends on a wanted input."""
    steps, first = tape.steps, len(tape.labels)
    depends = bytearray(first + len(steps))
    for k in wanted:
        depends[k] = 1
    if not wanted:
        return depends
    for k in range(first, first + len(steps)):
        row, operands = steps[k - first]
        if row is not None:
            for o in operands:
                if depends[o]:
                    depends[k] = 1
                    break
    return depends


def total(recorder: Recorder, pairs: Pairs) -> Slot:
    """The sum of the products, from the first to the last: one step, however many."""
    if len(pairs) == 2:
        return recorder.apply_to(primitives.mul, pairs)
    ones = [partial.number == 1.0 for partial in pairs[::2]]
    if all(ones):
        terms = pairs[1::2]
        return recorder.apply_to(primitives.sum if len(terms) > 2 else primitives.add, terms)
    if len(ones) == 2 and any(ones):
        return pairs[0] * pairs[1] + pairs[2] * pairs[3]
    return recorder.apply_to(primitives.dot, pairs)


def joined(condition: Slot | None, other: Slot) -> Slot:
    """Both conditions, a condition being a slot that is not 0; None always holds."""
    return other if condition is None else other.recorder.apply(primitives.both, [condition, other])
