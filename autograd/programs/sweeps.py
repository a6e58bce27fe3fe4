"""The chain rule over a program: a sweep back from outputs, and a sweep forward from inputs, slot by slot.

The chain rule is stated four times: here over slots, forwards too; in `engine/sweep.py` over numbers, in
`curvature/walks.py` over numbers and their tangents, and in `derivatives/reverse.py` over Values. Compiled by Cython.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cython

from autograd.programs.ancestors import Ancestors
from autograd.programs.builder import Builder
from autograd.programs.needs import any_where, needs_of
from autograd.programs.own import FIRST_OWN, own_row
from autograd.programs.products import Products
from autograd.programs.program import Guard, Program
from autograd.programs.slots import Partial, has_together, is_variadic, partial_of
from autograd.programs.steps import Ints, Steps, whole_numbers
from autograd.programs.written import given_to, written_apart, written_out

if not cython.compiled:
    from autograd.calculus._codes import ADD, BOTH, DOT, LOGSUMEXP, MAXIMUM, MUL, NORM, SUM, WHERE
    from autograd.calculus.kernel import selects

__all__ = ["Differentiation"]

OWN = FIRST_OWN
NOT_YET, ALWAYS = -2, -1
"""In place of the slot of a condition: nothing has come yet; it came without one."""
LARGE = 32
"""So many steps that are needed under a condition alone are left out of the sweep where it does not hold."""


@cython.final
@cython.cclass
class Differentiation:
    """A program, and a builder that has a copy of it and writes its derivatives.

    What a `where` did not take must receive nothing, not 0 times a partial that may be infinite there. So to be careful
    is to know of a slot that only counts through rows that select under which condition it does.

    Args:
        steps, first: The program, and how many inputs it has.
        builder: Its first slots are the inputs.
        ends: From how many outputs at once a sweep goes back.
        again: Whether what is written will be differentiated, for which some slopes are written in another way.
        signs: Whether a 0 may have a sign: see `unsigned`.
    """

    if not cython.compiled:
        __slots__ = (
            "again", "apart", "builder", "crossed", "first", "given", "needs", "nodes", "places", "reached", "received",
            "selecting", "steps",
        )  # fmt: skip

    def __init__(
        self, steps: Steps, first: int, builder: Builder, ends: int = 1, again: bool = False, signs: bool = False
    ) -> None:
        self.steps, self.first, self.builder = steps, first, builder
        self.places = builder.copied(steps, first)  # of each slot of the program that of the builder
        self.given = whole_numbers(64)  # the slots of a partial's program
        self.received = Products(first + steps.size, steps.operands.size + first + ends)
        self.reached = whole_numbers(first + steps.size, NOT_YET)  # of each slot that received something: when it does
        self.needs: Any = None
        self.nodes = self.reached[:0]  # of each slot its node among these, of those with many steps
        self.again, self.selecting = again, not signs and steps.any_selects()
        self.apart: dict[int, list[int]] = {}  # of slots that are logsumexp or norm, these slopes
        self.crossed = Ints()  # slots that received something from a node with more conditions

    def leave_out(self, outputs: list[int]) -> int:
        """Have sweeps from some of these outputs leave out what is needed under conditions alone where they fail.

        That is: what comes out of it is 0 there, by a `where`, so that lowering sees that it may be skipped.
        """
        if not any_where(self.steps):
            return 0
        self.needs = needs_of(self.steps, self.first, outputs, bytes([1]) * (self.first + self.steps.size))
        self.nodes = self.needs.of_many(LARGE)
        if not len(self.nodes):
            self.needs = None
            return 0
        for k in range(self.first):  # whose slopes are wanted in any case
            self.nodes[k] = 0
        return 0

    def place(self, k: int) -> int:
        """The builder's slot that slot k of the program became."""
        return self.places[k]

    def guards(self, program: Program) -> tuple[Guard, ...]:
        """The guards of the program, in the builder's slots."""
        return tuple([Guard(self.places[k], holds) for k, holds in program.guards])

    def adjoints(
        self, outputs: list[int], seeds: list[int], wanted: Sequence[int], depends: bytearray, careful: bool,
        conditions: bool = False,
    ) -> list[int]:  # fmt: skip
        """The reverse sweep, from outputs, each with the slot of what its slope is multiplied by, to some inputs.

        With `conditions` it gives, in place of slopes, whether anything comes to these inputs, as 1 or 0.
        """
        builder, first = self.builder, self.first
        received, reached = self.received, self.reached
        one, last, now = builder.constant(1.0), first - 1, 0
        received.pairs = 0
        for i in range(len(outputs)):
            k = outputs[i]
            received.add(k, one, seeds[i])
            reached[k] = ALWAYS
            last = k if k > last else last
        for k in range(last, first - 1, -1):
            if received.none(k):
                continue
            if self.needs is not None and self.nodes[k] != now:
                now = self.nodes[k]
                self.settle_all(one)
            if self.steps.codes.items[k - first] >= OWN:
                self.pull_through(k, depends, one)
            else:
                self.pass_on(k, one, depends, careful)
        zero = builder.constant(0.0)
        if conditions:
            found = [self.holding(reached[k], zero, one) for k in wanted]
        else:
            found = [zero if received.none(k) else self.unsigned(self.total(received, k, one), zero) for k in wanted]
        for k in range(first):
            received.head[k], reached[k] = -1, NOT_YET
        return found

    def slopes(self, output: int, wanted: list[int], ancestors: Ancestors, careful: bool) -> list[int]:
        """The reverse sweep from one output to some inputs, over no more than its ancestors."""
        builder, first, received = self.builder, self.first, self.received
        one, zero = builder.constant(1.0), builder.constant(0.0)
        order = ancestors.descending(output)
        received.pairs = 0
        received.add(output, one, one)
        self.reached[output] = ALWAYS
        for k in order:
            if k < first or received.none(k):
                continue
            if self.steps.codes.items[k - first] >= OWN:
                self.pull_through(k, ancestors.depends, one)
            else:
                self.pass_on(k, one, ancestors.depends, careful)
        found = [zero if received.none(k) else self.unsigned(self.total(received, k, one), zero) for k in wanted]
        received.head[output], self.reached[output] = -1, NOT_YET
        for k in order:
            received.head[k], self.reached[k] = -1, NOT_YET
        return found

    def pass_on(self, k: int, one: int, depends: bytearray, careful: bool) -> None:
        """Pass what slot k received on to its operands."""
        builder, received, reached, first = self.builder, self.received, self.reached, self.first
        begins, operands = self.steps.begins.items, self.steps.operands.items
        code = self.steps.codes.items[k - first]
        here, adjoint = reached[k], self.total(received, k, one)
        received.head[k], reached[k] = -1, NOT_YET  # as it was, for the next output
        for i in range(begins[k - first + 1] - begins[k - first]):
            o = operands[begins[k - first] + i]
            if not depends[o]:
                continue
            if self.needs is not None and code == WHERE and i == 2 and self.holds(k):
                continue
            partial = self.partial(k, i)
            condition = here
            if selects(code):
                if builder.is_number(partial, 0.0):  # as of a condition: nothing goes to it
                    continue
                if careful:
                    condition = self.joined(here, partial)
            if condition == ALWAYS:
                inside = self.needs is not None and self.needs.is_inside(self.nodes[k], self.nodes[o])
                taken = inside and code == WHERE and i == 1 and self.holds(k)
                received.add(o, one if taken else partial, adjoint)
                if inside:
                    received.came(self.nodes[k], self.nodes[o])
                    self.crossed.push(o)
            elif builder.is_number(condition, 0.0):
                continue
            else:
                received.add(o, one, self.under(condition, builder.binary(MUL, partial, adjoint)))
            reached[o] = self.either(reached[o], condition)

    def tangents(self, moving: Sequence[int], outputs: Sequence[int], careful: bool) -> list[int]:
        """The forward sweep, from the inputs that move to the outputs."""
        builder, steps, first = self.builder, self.steps, self.first
        codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
        received, moves = self.received, self.reached
        tangents = whole_numbers(first + steps.size, -1)
        for at in range(len(moving)):
            tangents[moving[at]], moves[moving[at]] = first + at, ALWAYS
        one = builder.constant(1.0)
        for k in range(first, first + steps.size):
            code = codes[k - first]
            if code < 0:
                continue
            if code >= OWN:
                if tangents[k] < 0:
                    self.push_through(k, tangents)
                continue
            for i in range(begins[k - first + 1] - begins[k - first]):
                o = operands[begins[k - first] + i]
                if tangents[o] < 0:
                    continue
                inside = self.needs is not None and self.needs.is_inside(self.nodes[o], self.nodes[k])
                if inside and code == WHERE and i == 1:
                    taken = self.under(self.places[operands[begins[k - first]]], tangents[o])
                    received.add(k, one, taken)
                    moves[k] = ALWAYS
                    continue
                partial = self.partial(k, i)
                condition = moves[o]
                if selects(code):
                    if builder.is_number(partial, 0.0):
                        continue
                    if careful:
                        condition = self.joined(condition, partial)
                if condition == ALWAYS:
                    received.add(k, partial, tangents[o])
                elif builder.is_number(condition, 0.0):
                    continue
                else:
                    received.add(k, one, self.under(condition, builder.binary(MUL, partial, tangents[o])))
                moves[k] = self.either(moves[k], condition)
            if not received.none(k):
                tangents[k] = self.total(received, k, one)
        zero = builder.constant(0.0)
        return [zero if tangents[k] < 0 else self.unsigned(tangents[k], zero) for k in outputs]

    # --- functions with rules of their own ---

    def call_at(self, k: int, step: int) -> tuple[dict[int, int], list[int]]:
        """Of a call's results that follow one another from slot k on, up or down, the slots; and its operands."""
        (row, mine), found = self.steps[k - self.first], {}
        while self.first <= k < self.first + self.steps.size and self.steps.codes.items[k - self.first] >= OWN:
            other, its = self.steps[k - self.first]
            if other.owner is not row.owner or its != mine or other.which in found:
                break
            found[other.which] = k
            k += step
        return found, list(mine)

    def pull_through(self, k: int, depends: bytearray, one: int) -> None:
        """The reverse sweep through a call, of which slot k is the last result: its rule is written out."""
        received, reached = self.received, self.reached
        owner = own_row(self.steps.codes.items[k - self.first]).owner
        found, operands = self.call_at(k, -1)
        cotangents, condition = [self.builder.constant(0.0)] * owner.results, NOT_YET
        for which, slot in found.items():
            if not received.none(slot):
                cotangents[which] = self.total(received, slot, one)
                condition = self.either(condition, reached[slot])
                received.head[slot], reached[slot] = -1, NOT_YET
        program, to = owner.pull()
        given = given_to(self.builder, self.places, owner, found, operands)
        shares = written_out(self.builder, program, given + cotangents)
        for share, i in zip(shares, to, strict=True):
            o = operands[owner.results + i]
            if depends[o] and not self.builder.is_number(condition, 0.0):
                received.add(o, one, share if condition == ALWAYS else self.under(condition, share))
                reached[o] = self.either(reached[o], condition)

    def push_through(self, k: int, tangents: Any) -> None:
        """The forward sweep through a call, of which slot k is the first result."""
        owner = own_row(self.steps.codes.items[k - self.first]).owner
        found, operands = self.call_at(k, 1)
        inputs, condition = operands[owner.results :], NOT_YET
        for o in inputs:
            if tangents[o] >= 0:
                condition = self.either(condition, self.reached[o])
        if condition == NOT_YET or self.builder.is_number(condition, 0.0):
            return
        moved = [tangents[o] if tangents[o] >= 0 else self.builder.constant(0.0) for o in inputs]
        given = given_to(self.builder, self.places, owner, found, operands)
        shares = written_out(self.builder, owner.push(), given + moved)
        for which, slot in found.items():
            share = shares[which]
            tangents[slot] = share if condition == ALWAYS else self.under(condition, share)
            self.reached[slot] = condition

    def partial(self, k: int, i: int) -> int:
        """∂z/∂xᵢ of the step that makes slot k of the program."""
        begins, operands = self.steps.begins.items, self.steps.operands.items
        begin, end = begins[k - self.first], begins[k - self.first + 1]
        code = self.steps.codes.items[k - self.first]
        if self.again and code in (LOGSUMEXP, NORM):
            if k not in self.apart:
                self.apart[k] = written_apart(self.builder, code, [self.places[o] for o in operands[begin:end]])
            return int(self.apart[k][i])
        variadic = is_variadic(code)
        together = has_together(code) and not self.builder.any_constant(self.places, operands, begin, end)
        rule: Partial = partial_of(code, 0 if variadic else i, together)
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
        self.builder.transcribe(rule.steps, self.given, rule.inputs)
        return self.given[rule.result]

    def total(self, received: Products, k: int, one: int) -> int:
        """The sum of what slot k received, from the first to the last: one step, however many."""
        if self.needs is not None:
            self.settle(k, one)
        return self.sum_of(received, received.head[k], -1, one)

    def unsigned(self, slot: int, zero: int) -> int:
        """A result whose 0 has no sign where something selects: that would tell whether care was taken."""
        return self.builder.binary(ADD, slot, zero) if self.selecting else slot

    def sum_of(self, received: Products, first: int, end: int, one: int) -> int:
        """The sum of the pairs of a list, from one to before another."""
        builder, at = self.builder, first
        second = received.next[at]
        if second == end:
            return builder.binary(MUL, received.factor[at], received.other[at])
        count = ones = 0
        while at != end:
            ones += received.factor[at] == one
            count += 1
            at = received.next[at]
        at = first
        if count == 2 and 0 < ones < 2:
            left = builder.binary(MUL, received.factor[at], received.other[at])
            return builder.binary(ADD, left, builder.binary(MUL, received.factor[second], received.other[second]))
        while at != end:
            if ones < count:
                builder.push(received.factor[at])
            builder.push(received.other[at])
            at = received.next[at]
        return builder.apply(DOT if ones < count else SUM if count > 2 else ADD)

    # --- what is needed under conditions alone ---

    def holds(self, k: int) -> bool:
        """Whether a `where` is needed only where its own condition holds."""
        condition = self.steps.operands.items[self.steps.begins.items[k - self.first]]
        return bool(self.needs.has(self.needs.of[k], condition))

    def settle_all(self, one: int) -> int:
        """Put what slots received from nodes with more conditions under those."""
        for i in range(self.crossed.size):
            self.settle(self.crossed.items[i], one)
        self.crossed.size = 0
        return 0

    def settle(self, k: int, one: int) -> int:
        """The same for one slot: its pairs that came from one node become one, which is 0 where a condition fails."""
        received, needs = self.received, self.needs
        at = received.head[k]
        while at >= 0:
            node, outer, end = received.inner[at], received.outer[at], received.next[at]
            if node:
                while end >= 0 and received.inner[end] == node and received.outer[end] == outer:
                    end = received.next[end]
                found = self.sum_of(received, at, end, one)
                while node != outer:
                    found = self.under(self.places[needs.condition.items[node]], found)
                    node = needs.parent.items[node]
                received.factor[at], received.other[at], received.inner[at], received.next[at] = one, found, 0, end
                if end < 0:
                    received.tail[k] = at
            at = end
        return 0

    # --- conditions: slots that are not 0 where they hold ---

    def holding(self, condition: int, zero: int, one: int) -> int:
        """1 where the condition holds, else 0."""
        if condition in (NOT_YET, ALWAYS):
            return zero if condition == NOT_YET else one
        return self.builder.binary(BOTH, condition, one)

    def joined(self, condition: int, other: int) -> int:
        """The conjunction of two conditions."""
        if condition in (ALWAYS, other):
            return other
        return self.builder.binary(BOTH, condition, other)

    def either(self, before: int, condition: int) -> int:
        """The disjunction of two conditions, for a slot that is reached once more."""
        if before in (NOT_YET, condition):
            return condition
        if before == ALWAYS or condition == ALWAYS:
            return ALWAYS
        return self.builder.binary(MAXIMUM, before, condition)

    def under(self, condition: int, slot: int) -> int:
        """The slot where the condition holds, else 0."""
        return self.builder.ternary(WHERE, condition, slot, self.builder.constant(0.0))
