"""Reductions over the batch: sums of what a lane gives; a product is added up in place as it comes about.

A sum is never taken apart into sums of its terms, which may be far larger than it is. The adjoint of a weight is a
product that nobody else reads: it needs no row of its own. Sums that have their factors in common are one instruction,
an outer product of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.calculus import table
from autograd.calculus.primitive import Primitive
from autograd.lowering.lowered import Outer
from autograd.lowering.uniform import UniformSteps
from autograd.programs.steps import Steps

__all__ = ["Sums"]


class Sums:
    """Sums over the lanes of products of two slots, a number being added to each product or not.

    Args:
        steps, first: What makes the slots, and how many inputs there are.
        varies: Of each slot whether it varies.
        absorbed: Of each slot whether no instruction fills it; that is noted here of products that are added up.
        place: Of each slot that is uniform its handle.
        uniform: Has the sums as numbers, and computes the numbers that are added.
        ones: A slot that is 1 in every lane.

    Attributes:
        products: Of each sum two slots, its number, and the handle of what is added to their product, or -1.
    """

    def __init__(
        self, steps: Steps, first: int, varies: bytearray, absorbed: bytearray, place: Any, uniform: UniformSteps,
        ones: int,
    ) -> None:  # fmt: skip
        self.steps, self.first, self.varies, self.absorbed = steps, first, varies, absorbed
        self.place, self.uniform, self.ones = place, uniform, ones
        self.products: list[tuple[int, int, int, int]] = []

    def add(self, output: int, readers: Sequence[int]) -> int:
        """The handle of the sum over the lanes of a slot.

        A product that nobody else reads is added up as it comes about, without a row of its own; so is one to which
        uniform numbers are added, as in the slope of a weight with a penalty.

        Args:
            output: The slot.
            readers: Of each slot how often it is read.
        """
        index, addend = self.uniform.sums, -1
        output = self._without_zero(output, readers)
        found, pair = self.uniform.sum(), self._as_product(output, readers)
        if pair is None:
            pair, addend = self._as_product_and_number(output, readers)
        left, right = pair or (output, self.ones)
        self.products.append((left, right, index, addend))
        return found

    def factors(self) -> list[int]:
        """The slots that are read."""
        return [k for x, y, *_ in self.products for k in (x, y)]

    def have_bare_slots(self) -> bool:
        """Whether there is a sum of a slot without a factor."""
        return any(y == self.ones for _, y, *_ in self.products)

    def outers(self) -> list[Outer]:
        """The sums, those that have their right slots in common together."""
        by_left: dict[tuple[int, bool], list[tuple[int, int, int]]] = {}
        for x, y, index, addend in self.products:
            left, right = max(x, y), min(x, y)  # what is computed later is an adjoint: a factor in many sums
            if left == self.ones:
                left, right = right, left
            by_left.setdefault((left, addend >= 0), []).append((right, index, addend))
        found: dict[Any, Outer] = {}
        for (left, plus), members in by_left.items():
            rights = tuple([right for right, _, _ in members])
            outer = found.setdefault((rights, plus), Outer([], rights, [], [] if plus else None))
            outer.lefts.append(left)
            outer.sums.append([index for _, index, _ in members])
            if outer.addends is not None:
                outer.addends.append([addend for _, _, addend in members])
        return list(found.values())

    def _without_zero(self, k: int, readers: Sequence[int]) -> int:
        """The slot to which this one adds 0, so that it is never -0: no sum over the lanes is, which begins with 0."""
        row, operands = self._step(k)
        if row is not table.add or readers[k] > 1:
            return k
        others: list[int] = [o for o in operands if self._step(o) != (None, 0.0)]
        if len(others) != 1 or not self.varies[others[0]]:
            return k
        self.absorbed[k] = 1
        return others[0]

    def _as_product(self, k: int, readers: Sequence[int]) -> tuple[int, int] | None:
        """The two slots whose product nobody but the sum reads, if the slot is that; it is absorbed then."""
        row, operands = self._step(k)
        if row is not table.mul or readers[k] > 1 or not all(self.varies[o] for o in operands):
            return None
        self.absorbed[k] = 1
        return operands[0], operands[1]

    def _as_product_and_number(self, k: int, readers: Sequence[int]) -> tuple[tuple[int, int] | None, int]:
        """The same for a product and uniform numbers that are added to it, and the handle of these; None, -1 if not."""
        row, operands = self._step(k)
        if row not in (table.add, table.dot) or readers[k] > 1:
            return None, -1
        ends = range(0, len(operands), 2 if row is table.dot else 1)
        terms = [operands[i : i + ends.step] for i in ends]
        varying = [term for term in terms if any(self.varies[o] for o in term)]
        if len(varying) > 1 or len(terms) == 1:
            return None, -1
        pair: tuple[int, int] | None
        if row is table.add:
            pair = self._as_product(varying[0][0], readers) or (varying[0][0], self.ones)
        elif all(self.varies[o] for o in varying[0]):
            pair = varying[0]
        else:
            one, other = sorted(varying[0], key=lambda o: self.varies[o])
            if self._step(one) != (None, 1.0):
                return None, -1
            pair = other, self.ones
        self.absorbed[k] = 1
        shared = [self.place[o] for term in terms if term not in varying for o in term]
        return pair, shared[0] if row is table.add else self.uniform.apply(table.dot.code, shared)

    def _step(self, k: int) -> tuple[Primitive | None, Any]:
        """The step that makes a slot."""
        return self.steps[k - self.first] if k >= self.first else (None, ())
