"""Programs that are linear in some inputs, as directional derivatives are in the direction, with less to do along it.

What stands between two of their slots are sums, and products with numbers that do not depend on the direction. So a
slot is a sum of products of such numbers with few slots before it; the numbers are the same for all directions, and
are computed once for all.
"""

from __future__ import annotations

from typing import Any

from autograd.calculus import table
from autograd.calculus.primitive import Primitive, code_of
from autograd.programs.builder import Builder, Mode
from autograd.programs.program import Program
from autograd.programs.pruning import count_readers, dependents, pruned

__all__ = ["adds_up", "collected"]

LONGEST = 8
"""A longer sum is multiplied as a whole, not term by term."""
Terms = list[tuple[int, int]]
"""A sum of products: of each a slot that varies, and the slot of a number that it is multiplied by."""


def collected(program: Program, first_varying: int) -> Program:
    """The program with sums of products of what does not vary with what does collected, each slot that varies once.

    Args:
        program: What is linear, or not, in the inputs from that number on.
        first_varying: The number.

    The order of additions is another one, and so are last digits. Cost: linear in the program.
    """
    return Collection(program, first_varying).written()


def adds_up(program: Program, first_varying: int) -> bool:
    """Whether all that varies is made by sums and products: of larger positive inputs the outputs are larger.

    Args:
        program, first_varying: See `collected`, which leaves little else.
    """
    import numpy as np

    first = len(program.labels)
    varies = np.frombuffer(dependents(program, range(first_varying, first)), dtype=bool)[first:]
    codes = program.steps.codes.as_array()[varies]
    return bool(np.isin(codes, [code_of(row) for row in (table.add, table.mul, table.sum, table.dot)]).all())


class Collection:
    """The work of `collected`: a program, and a builder that writes it anew."""

    def __init__(self, program: Program, first_varying: int) -> None:
        self.program, first = program, len(program.labels)
        self.builder = Builder(first, Mode.SHARING)
        self.one = self.builder.constant(1.0)
        varying = range(first_varying, first)
        self.varies = dependents(program, varying)
        self.readers = count_readers(program.steps, first, self.varies, program.outputs)
        self.places = list(range(first)) + [-1] * len(program.steps)  # of what does not vary
        self.sums: dict[int, Terms] = {k: [(k, self.one)] for k in varying}

    def written(self) -> Program:
        """The whole program."""
        builder = self.builder
        for k, (row, operands) in enumerate(self.program.steps, len(self.program.labels)):
            if row is None:
                self.places[k] = builder.constant(operands)
            elif self.varies[k]:
                self.sums[k] = self.sum_of(row, operands)
            else:
                self.places[k] = self.applied(row, [self.places[o] for o in operands])
        outputs = tuple([self.slot(k) for k in self.program.outputs])
        return pruned(Program(self.program.labels, builder.steps, outputs))

    def applied(self, row: Primitive, slots: list[int]) -> int:
        """The slot of a row applied to slots."""
        for slot in slots:
            self.builder.push(slot)
        return self.builder.apply(code_of(row))

    def sum_of(self, row: Primitive, operands: Any) -> Terms:
        """The terms of a step that varies."""
        if row is table.add or row is table.sum:
            return self.added([(o, self.one) for o in operands])
        if row is table.sub:
            left, right = operands
            return self.added([(left, self.one), (right, self.builder.constant(-1.0))])
        if row is table.neg:
            return self.times(operands[0], self.builder.constant(-1.0))
        if row is table.mul or row is table.dot:
            pairs = [(x, y) if self.varies[x] else (y, x) for x, y in zip(operands[::2], operands[1::2], strict=True)]
            if len(operands) % 2 == 0 and all(self.varies[x] and not self.varies[y] for x, y in pairs):
                return self.added([(x, self.places[y]) for x, y in pairs])
        if row is table.div and not self.varies[operands[1]]:
            by = self.places[operands[1]]
            return [(base, self.applied(table.div, [factor, by])) for base, factor in self.terms(operands[0])]
        return [(self.applied(row, [self.slot(o) for o in operands]), self.one)]

    def added(self, products: Terms) -> Terms:
        """The terms of a sum of slots of the program, each with what it is multiplied by; a 0 adds nothing."""
        if len(products) > 1:
            products = [(o, by) for o, by in products if not self.is_zero(o)] or products[:1]
        if not all(self.varies[o] for o, _ in products):
            slots = [self.applied(table.mul, [self.slot(o), by]) for o, by in products]
            return [(self.applied(table.sum, slots), self.one)]
        found = self.times(*products[0])
        for o, by in products[1:]:
            found += self.times(o, by)
        return found

    def is_zero(self, o: int) -> bool:
        """Whether a slot of the program is the constant 0."""
        return not self.varies[o] and self.places[o] >= 0 and self.builder.is_number(self.places[o], 0.0)

    def times(self, o: int, by: int) -> Terms:
        """The terms of a slot of the program, multiplied by a number: a list of their own."""
        terms = self.terms(o)
        if by == self.one:
            return terms if self.readers[o] == 1 and len(terms) > 1 else list(terms)
        if len(terms) > LONGEST:
            terms = self.sums[o] = [(self.slot(o), self.one)]
        return [(base, self.applied(table.mul, [by, factor])) for base, factor in terms]

    def terms(self, o: int) -> Terms:
        """The terms of a slot of the program: itself, where others read them too and they are many."""
        terms, readers = len(self.sums[o]), self.readers[o]
        if terms > 1 and readers != 1 and not terms == readers == 2:  # as many products either way, and none to keep
            self.sums[o] = [(self.slot(o), self.one)]
        return self.sums[o]

    def slot(self, o: int) -> int:
        """The slot here that is a slot of the program; of a sum, with what one slot is multiplied by added up."""
        if not self.varies[o]:
            return self.places[o]
        factors: dict[int, list[int]] = {}
        for base, factor in self.sums[o]:
            factors.setdefault(base, []).append(factor)
        pairs = [(base, self.total(some)) for base, some in factors.items()]
        if len(pairs) == 1:
            ((base, factor),) = pairs
            found = base if factor == self.one else self.applied(table.mul, [factor, base])
        else:
            found = self.applied(table.dot, [slot for base, factor in pairs for slot in (factor, base)])
        self.sums[o] = [(found, self.one)]
        return found

    def total(self, factors: list[int]) -> int:
        """The sum of some numbers."""
        if len(factors) == 1:
            return factors[0]
        return self.applied(table.add if len(factors) == 2 else table.sum, factors)
