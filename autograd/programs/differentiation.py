"""The chain rule over a tape: its derivatives are a tape again, by the table that differentiates Values.

Plain Python that Cython compiles: a tape may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cython

from autograd.programs.builder import Recorder
from autograd.programs.slots import Partial, is_variadic, partial_of
from autograd.programs.steps import Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import ADD, BOTH, DOT, MAXIMUM, MUL, SUM, WHERE
    from autograd.calculus.kernel import selects
if TYPE_CHECKING:
    from autograd.tape.tape import Tape

__all__ = ["depending", "differentiated", "pulled_back", "pushed_forward", "reaching"]

NOT_YET, ALWAYS = -2, -1
"""In place of the slot of a condition: nothing has come yet; it came without one."""


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
    first = len(tape.labels)
    program = Differentiation(tape.steps, first, Recorder(first, True, sharing))
    depends = depending(tape, wanted)
    found = [program.place(k) for k in tape.outputs] if with_outputs else []
    one = program.recorder.constant(1.0)
    for k in tape.outputs:
        found += program.adjoints([k], [one], wanted, depends, careful)
    guards = [(program.place(k), holds) for k, holds in tape.guards]
    return type(tape).of(program.recorder, tape.labels, found, False, guards)


def pushed_forward(tape: Tape, moving: Sequence[int], careful: bool = True, sharing: bool = True) -> Tape:
    """See `Tape.jvp`; the inputs that move have tangents, which come after all inputs, in the order of `moving`."""
    first = len(tape.labels)
    program = Differentiation(tape.steps, first, Recorder(first + len(moving), True, sharing))
    tangents = program.tangents(moving, tape.outputs, careful)
    outputs = [program.place(k) for k in tape.outputs]
    dotted = [f"d_{tape.labels[k]}" if tape.labels[k] else "" for k in moving]
    guards = [(program.place(k), holds) for k, holds in tape.guards]
    return type(tape).of(program.recorder, [*tape.labels, *dotted], [*outputs, *tangents], False, guards)


def reaching(tape: Tape, outputs: Sequence[int], wanted: Sequence[int]) -> Tape:
    """The tape of whether some of the outputs passes anything on to each wanted input: 1, or else 0.

    What a `where` did not take gets nothing, which is not the same as 0.
    """
    first = len(tape.labels)
    program = Differentiation(tape.steps, first, Recorder(first, True), len(outputs))
    one, ends = program.recorder.constant(1.0), [tape.outputs[i] for i in outputs]
    found = program.adjoints(ends, [one] * len(ends), wanted, depending(tape, wanted), True, True)
    return type(tape).of(program.recorder, tape.labels, found, False)


def pulled_back(tape: Tape, outputs: Sequence[int], wanted: Sequence[int], careful: bool = True) -> Tape:
    """The tape of ∂(sum of cotangent * output)/∂input for each wanted input; the cotangents come after all inputs.

    Args:
        tape, wanted, careful: See `differentiated`.
        outputs: Which outputs have a cotangent, by number; the others take no part.
    """
    first, count = len(tape.labels), len(outputs)
    program = Differentiation(tape.steps, first, Recorder(first + count, True), count)
    ends, cotangents = [tape.outputs[i] for i in outputs], list(range(first, first + count))
    found = program.adjoints(ends, cotangents, wanted, depending(tape, wanted), careful)
    return type(tape).of(program.recorder, [*tape.labels, *[""] * count], found, False)


@cython.final
@cython.cclass
class Differentiation:
    """A program, and a recorder that has a copy of it and writes its derivatives.

    What a `where` did not take must receive nothing, not 0 times a partial that may be infinite there. So to be careful
    is to know of a slot that only counts through rows that select under which condition it does.

    Args:
        steps, first: The program, and how many inputs it has.
        recorder: Its first slots are the inputs.
        ends: From how many outputs at once a sweep goes back.
    """

    if not cython.compiled:
        __slots__ = ("first", "given", "places", "reached", "received", "recorder", "steps")

    def __init__(self, steps: Steps, first: int, recorder: Recorder, ends: int = 1) -> None:
        self.steps, self.first, self.recorder = steps, first, recorder
        self.places = recorder.copied(steps, first)  # of each slot of the program that of the recorder
        self.given = whole_numbers(64)  # the slots of a partial's program
        self.received = Products(first + steps.size, steps.operands.size + first + ends)
        self.reached = whole_numbers(first + steps.size, NOT_YET)  # of each slot that received something: when it does

    def place(self, k: int) -> int:
        """The recorder's slot that slot k of the program became."""
        return self.places[k]

    def adjoints(
        self,
        outputs: list[int],
        seeds: list[int],
        wanted: Sequence[int],
        depends: bytearray,
        careful: bool,
        conditions: bool = False,
    ) -> list[int]:
        """The reverse sweep, from outputs, each with the slot of what its slope is multiplied by, to some inputs.

        With `conditions` it gives, in place of slopes, whether anything comes to these inputs, as 1 or 0.
        """
        recorder, steps, first = self.recorder, self.steps, self.first
        codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
        received, reached = self.received, self.reached
        one = recorder.constant(1.0)
        received.pairs = 0
        last = first - 1
        for i in range(len(outputs)):
            k = outputs[i]
            received.add(k, one, seeds[i])
            reached[k] = ALWAYS
            last = k if k > last else last
        for k in range(last, first - 1, -1):
            if received.none(k):
                continue
            code, here, adjoint = codes[k - first], reached[k], self.total(received, k, one)
            received.head[k], reached[k] = -1, NOT_YET  # as it was, for the next output
            for i in range(begins[k - first + 1] - begins[k - first]):
                o = operands[begins[k - first] + i]
                if not depends[o]:
                    continue
                partial = self.partial(k, i)
                condition = here
                if careful and selects(code):
                    condition = self.joined(here, partial)
                if condition == ALWAYS:
                    received.add(o, partial, adjoint)
                elif recorder.is_number(condition, 0.0):
                    continue
                else:
                    received.add(o, one, self.under(condition, recorder.binary(MUL, partial, adjoint)))
                reached[o] = self.either(reached[o], condition)
        zero = recorder.constant(0.0)
        if conditions:
            found = [self.holding(reached[k], zero, one) for k in wanted]
        else:
            found = [zero if received.none(k) else self.total(received, k, one) for k in wanted]
        for k in range(first):
            received.head[k], reached[k] = -1, NOT_YET
        return found

    def tangents(self, moving: Sequence[int], outputs: Sequence[int], careful: bool) -> list[int]:
        """The forward sweep, from the inputs that move to the outputs."""
        recorder, steps, first = self.recorder, self.steps, self.first
        codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
        received, moves = self.received, self.reached
        tangents = whole_numbers(first + steps.size, -1)
        for at in range(len(moving)):
            tangents[moving[at]], moves[moving[at]] = first + at, ALWAYS
        one = recorder.constant(1.0)
        for k in range(first, first + steps.size):
            code = codes[k - first]
            if code < 0:
                continue
            for i in range(begins[k - first + 1] - begins[k - first]):
                o = operands[begins[k - first] + i]
                if tangents[o] < 0:
                    continue
                partial = self.partial(k, i)
                condition = moves[o]
                if careful and selects(code):
                    condition = self.joined(condition, partial)
                if condition == ALWAYS:
                    received.add(k, partial, tangents[o])
                elif recorder.is_number(condition, 0.0):
                    continue
                else:
                    received.add(k, one, self.under(condition, recorder.binary(MUL, partial, tangents[o])))
                moves[k] = self.either(moves[k], condition)
            if not received.none(k):
                tangents[k] = self.total(received, k, one)
        zero = recorder.constant(0.0)
        return [zero if tangents[k] < 0 else tangents[k] for k in outputs]

    def partial(self, k: int, i: int) -> int:
        """∂z/∂xᵢ of the step that makes slot k of the program."""
        begins, operands = self.steps.begins.items, self.steps.operands.items
        begin, end = begins[k - self.first], begins[k - self.first + 1]
        code = self.steps.codes.items[k - self.first]
        variadic = is_variadic(code)
        rule: Partial = partial_of(code, 0 if variadic else i)
        if rule.inputs + rule.steps.size > len(self.given):
            self.given = whole_numbers(2 * (rule.inputs + rule.steps.size))
        if variadic:
            partner = begin + (i ^ 1)
            self.given[0] = self.places[operands[begin + i]]
            self.given[1] = self.places[operands[partner]] if partner < end else self.given[0]
        else:
            for j in range(end - begin):
                self.given[j] = self.places[operands[begin + j]]
        self.given[rule.inputs - 1] = self.places[k]
        if rule.steps.size:
            self.recorder.transcribe(rule.steps, self.given, rule.inputs)
        return self.given[rule.result]

    def total(self, received: Products, k: int, one: int) -> int:
        """The sum of what slot k received, from the first to the last: one step, however many."""
        recorder, at = self.recorder, received.head[k]
        second = received.next[at]
        if second < 0:
            return recorder.binary(MUL, received.factor[at], received.other[at])
        count = ones = 0
        while at >= 0:
            ones += received.factor[at] == one
            count += 1
            at = received.next[at]
        at = received.head[k]
        if count == 2 and 0 < ones < 2:
            left = recorder.binary(MUL, received.factor[at], received.other[at])
            return recorder.binary(ADD, left, recorder.binary(MUL, received.factor[second], received.other[second]))
        while at >= 0:
            if ones < count:
                recorder.push(received.factor[at])
            recorder.push(received.other[at])
            at = received.next[at]
        return recorder.apply(DOT if ones < count else SUM if count > 2 else ADD)

    # --- conditions: slots that are not 0 where they hold ---

    def holding(self, condition: int, zero: int, one: int) -> int:
        """1 where the condition holds, else 0."""
        if condition in (NOT_YET, ALWAYS):
            return zero if condition == NOT_YET else one
        return self.recorder.binary(BOTH, condition, one)

    def joined(self, condition: int, other: int) -> int:
        """Both."""
        if condition in (ALWAYS, other):
            return other
        return self.recorder.binary(BOTH, condition, other)

    def either(self, before: int, condition: int) -> int:
        """One or the other, for a slot that is reached once more."""
        if before in (NOT_YET, condition):
            return condition
        if before == ALWAYS or condition == ALWAYS:
            return ALWAYS
        return self.recorder.binary(MAXIMUM, before, condition)

    def under(self, condition: int, slot: int) -> int:
        """The slot where the condition holds, else 0."""
        return self.recorder.ternary(WHERE, condition, slot, self.recorder.constant(0.0))


@cython.final
@cython.cclass
class Products:
    """What slots receive, to be added up: of each a list of pairs of slots, a partial and what it multiplies.

    Attributes:
        head, tail: Of each slot the first and the last pair; -1 if there is none.
        factor, other, next: Of each pair its two slots, and the next pair of the same list, or -1.
    """

    if not cython.compiled:
        __slots__ = ("factor", "head", "next", "other", "pairs", "tail")

    def __init__(self, slots: int, most: int) -> None:
        self.head, self.tail = whole_numbers(slots, -1), whole_numbers(slots, -1)
        self.factor, self.other, self.next = whole_numbers(most), whole_numbers(most), whole_numbers(most)
        self.pairs = 0

    def none(self, slot: int) -> bool:
        """Whether a slot received nothing."""
        return self.head[slot] < 0

    def add(self, slot: int, factor: int, other: int) -> None:
        """One more pair."""
        at = self.pairs
        self.factor[at], self.other[at], self.next[at] = factor, other, -1
        if self.head[slot] < 0:
            self.head[slot] = at
        else:
            self.next[self.tail[slot]] = at
        self.tail[slot] = at
        self.pairs += 1


def depending(tape: Tape, wanted: Sequence[int]) -> bytearray:
    """For each slot, whether it depends on a wanted input."""
    steps, first = tape.steps, len(tape.labels)
    begins, operands = steps.begins.items, steps.operands.items
    depends = bytearray(first + steps.size)
    for k in wanted:
        depends[k] = 1
    if not wanted:
        return depends
    for k in range(steps.size):
        for at in range(begins[k], begins[k + 1]):
            if depends[operands[at]]:
                depends[first + k] = 1
                break
    return depends
