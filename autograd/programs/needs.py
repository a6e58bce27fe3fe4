"""Under which conditions a slot is needed: what a `where` alone reads is of no use where it takes the other side.

A loop whose rows end at different times, written out, is full of such slots: a round counts while a row goes on.
Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.programs.steps import Ints, Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import BOTH, WHERE

__all__ = ["Needs", "any_where", "needs_of"]


@cython.final
@cython.cclass
class Needs:
    r"""The conditions under which slots are needed, as nodes of a tree: each has one more than its parent has.

    Args:
        slots: How many there are. Those that are read are told of by `read`, the latest first.

    Attributes:
        of: Of each slot its node, -1 before anything reads it.
        condition, parent, depth: Of each node its condition, the node without that, and how many there are. Node 0 has
            none: what is needed in any case.

    >>> from autograd.calculus import table
    >>> from autograd.programs.steps import packed
    >>> steps = packed([(table.exp, (1,)), (table.sin, (2,)), (table.where, (0, 3, 1))])
    >>> needs = needs_of(steps, 2, [4], b"\1" * 5)
    >>> [needs.condition.items[needs.of[k]] for k in range(5)]
    [-1, -1, 0, 0, -1]
    """

    if not cython.compiled:
        __slots__ = ("_children", "condition", "depth", "of", "parent")

    def __init__(self, slots: int) -> None:
        self.of = whole_numbers(slots, -1)
        self.condition, self.parent, self.depth = Ints(), Ints(), Ints()
        self._children: dict[tuple[int, int], int] = {}
        self.condition.push(-1)
        self.parent.push(0)
        self.depth.push(0)

    def need(self, slot: int, node: int) -> int:
        """A slot is needed under these conditions, too."""
        known = self.of[slot]
        if known != node:
            self.of[slot] = node if known < 0 else self.common(known, node)
        return 0

    def common(self, a: int, b: int) -> int:
        """The conditions that two nodes have in common, outermost first."""
        depth, parent = self.depth.items, self.parent.items
        while a != b:
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        return a

    def under(self, node: int, condition: int) -> int:
        """The node with one condition more."""
        if self.has(node, condition):
            return node
        found = self._children.get((node, condition))
        if found is None:
            found = self._children[node, condition] = self.condition.size
            self.condition.push(condition)
            self.parent.push(node)
            self.depth.push(self.depth.items[node] + 1)
        return found

    def read(self, steps: Steps, k: int, node: int, varies: bytes | bytearray) -> int:
        """What step k reads is needed where it is, whose result is needed at a node."""
        operands, begin, end = steps.operands.items, steps.begins.items[k], steps.begins.items[k + 1]
        code = steps.codes.items[k]
        if code == WHERE and varies[operands[begin]]:
            self.need(operands[begin], node)
            self.need(operands[begin + 1], self.under(node, operands[begin]))
            self.need(operands[begin + 2], node)
        elif code == BOTH and varies[operands[begin]] and varies[operands[begin + 1]]:
            first, second = operands[begin], operands[begin + 1]
            if first > second:
                first, second = second, first
            self.need(first, node)
            self.need(second, self.under(node, first))
        else:
            for at in range(begin, end):
                self.need(operands[at], node)
        return 0

    def has(self, node: int, condition: int) -> bool:
        """Whether a condition is among those of a node."""
        while node > 0:
            if self.condition.items[node] == condition:
                return True
            node = self.parent.items[node]
        return False

    def is_inside(self, node: int, other: int) -> bool:
        """Whether a node has the conditions of another, and more."""
        if node == other or self.depth.items[node] <= self.depth.items[other]:
            return False
        return self.ancestor(node, self.depth.items[other]) == other

    def of_many(self, large: int) -> Any:
        """Of each slot the node, as far as there are so many slots of that; an empty array if there is no such node."""
        count, slots = self.condition.size, len(self.of)
        sizes, nearest = whole_numbers(count), whole_numbers(count)
        for k in range(slots):
            if self.of[k] > 0:
                sizes[self.of[k]] += 1
        for node in range(count - 1, 0, -1):
            sizes[self.parent.items[node]] += sizes[node]
        most = 0
        for node in range(1, count):
            nearest[node] = node if sizes[node] >= large else nearest[self.parent.items[node]]
            if nearest[node] > most:
                most = nearest[node]
        found = whole_numbers(slots if most else 0)
        for k in range(len(found)):
            if self.of[k] > 0:
                found[k] = nearest[self.of[k]]
        return found

    def ancestor(self, node: int, depth: int) -> int:
        """The first so many conditions of a node; 0 if it has fewer."""
        if self.depth.items[node] < depth:
            return 0
        while self.depth.items[node] > depth:
            node = self.parent.items[node]
        return node


def any_where(steps: Steps) -> bool:
    """Whether there is a `where` among steps: else all is needed in any case."""
    found = 0
    for k in range(steps.size):
        found |= steps.codes.items[k] == WHERE
    return found != 0


def needs_of(steps: Steps, first: int, ends: list[int], varies: bytes | bytearray) -> Needs:
    """The needs of the slots of a program, of which some are needed in any case.

    Args:
        steps, first: What makes the slots, and how many inputs there are.
        ends: Those slots.
        varies: Of each slot whether it may be a condition.

    Cost: linear, times how deep conditions are nested.
    """
    found = Needs(first + steps.size)
    for k in ends:
        found.of[k] = 0
    for k in range(steps.size - 1, -1, -1):
        if found.of[first + k] >= 0 and steps.codes.items[k] > 0:
            found.read(steps, k, found.of[first + k], varies)
    return found
