"""The ancestors of a slot: the slots that it was computed from, as far as they depend on some inputs.

Of a program with many outputs each is mostly computed from a few slots; to go back from all of them step by step takes
as many walks over the whole program as there are outputs, and to go back over their ancestors takes one, where they
have none in common. Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from collections.abc import Sequence

import cython

from autograd.programs.steps import Ints, Steps, whole_numbers

__all__ = ["Ancestors"]

DENSE = 8
"""Where one slot of so many is an ancestor, all are looked through, which is quicker than to sort some."""


@cython.final
@cython.cclass
class Ancestors:
    r"""The ancestors of slots of a program, of one slot after the other.

    Args:
        steps, first: The program, and how many inputs it has.
        depends: Of each slot whether it counts, as `dependents` gives it.

    Attributes:
        found: The latest that were asked for, in any order.

    >>> from autograd.calculus import table
    >>> from autograd.programs.steps import packed
    >>> steps = packed([(table.sin, (0,)), (table.exp, (1,)), (table.mul, (0, 2))])
    >>> Ancestors(steps, 2, bytearray(b"\1" * 5)).descending(4)
    [4, 2, 0]
    """

    if not cython.compiled:
        __slots__ = ("depends", "first", "found", "marks", "steps", "turn")

    def __init__(self, steps: Steps, first: int, depends: bytearray) -> None:
        self.steps, self.first, self.depends = steps, first, depends
        self.found = Ints()
        self.marks = whole_numbers(first + steps.size)  # of each slot the latest turn in which it was found
        self.turn = 0

    def collect(self, k: int) -> int:
        """Find the ancestors of slot k, itself the first of them: how many there are."""
        begins, operands, first, marks = self.steps.begins.items, self.steps.operands.items, self.first, self.marks
        found, depends = self.found, self.depends
        found.size = 0
        self.turn += 1
        turn = self.turn
        if not depends[k]:
            return 0
        marks[k] = turn
        found.push(k)
        done = 0
        while done < found.size:
            step = found.items[done] - first
            done += 1
            if step < 0:
                continue
            for at in range(begins[step], begins[step + 1]):
                o = operands[at]
                if marks[o] != turn and depends[o]:
                    marks[o] = turn
                    found.push(o)
        return found.size

    def descending(self, k: int) -> list[int]:
        """The ancestors of slot k, the latest first."""
        count = self.collect(k)
        if DENSE * count > k:
            return [o for o in range(k, -1, -1) if self.marks[o] == self.turn]
        found = [self.found.items[at] for at in range(count)]
        found.sort(reverse=True)
        return found

    def count(self, slots: Sequence[int], most: int) -> int:
        """How many ancestors some slots have, those in common counted for each; no further than to more than `most`."""
        total = 0
        for k in slots:
            total += self.collect(k)
            if total > most:
                break
        return total
