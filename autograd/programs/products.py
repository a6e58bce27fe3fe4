"""What slots receive in a sweep: products of two slots, to be added up.

Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

import cython

from autograd.programs.steps import whole_numbers

__all__ = ["Products"]


@cython.final
@cython.cclass
class Products:
    """Products that slots receive, to be added up: of each a list of pairs of slots, a partial and its factor.

    Attributes:
        head, tail: Of each slot the first and the last pair; -1 if there is none.
        factor, other, next: Of each pair its two slots, and the next pair of the same list, or -1.
        inner, outer: Of a pair that came from a node of `Needs` to one with fewer conditions both, else inner is 0.
    """

    if not cython.compiled:
        __slots__ = ("factor", "head", "inner", "next", "other", "outer", "pairs", "tail")

    def __init__(self, slots: int, most: int) -> None:
        self.head, self.tail = whole_numbers(slots, -1), whole_numbers(slots, -1)
        self.factor, self.other, self.next = whole_numbers(most), whole_numbers(most), whole_numbers(most)
        self.inner, self.outer = whole_numbers(most), whole_numbers(most)
        self.pairs = 0

    def none(self, slot: int) -> bool:
        """Whether a slot received none."""
        return self.head[slot] < 0

    def add(self, slot: int, factor: int, other: int) -> None:
        """One more pair."""
        at = self.pairs
        self.factor[at], self.other[at], self.next[at], self.inner[at] = factor, other, -1, 0
        if self.head[slot] < 0:
            self.head[slot] = at
        else:
            self.next[self.tail[slot]] = at
        self.tail[slot] = at
        self.pairs += 1

    def came(self, inner: int, outer: int) -> int:
        """The latest pair came from one node of `Needs` to another, of fewer conditions."""
        self.inner[self.pairs - 1], self.outer[self.pairs - 1] = inner, outer
        return 0
