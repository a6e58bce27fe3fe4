"""Instruction scheduling: the order in which instructions over lanes come.

Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.lowering.lowered import Dots, Outer
from autograd.programs.steps import Ints, Steps

__all__ = ["scheduled"]


def scheduled(
    steps: Steps, first: int, varies: bytearray, absorbed: bytearray, given: Iterable[int], dots: dict[int, Dots],
    outers: list[Outer],
) -> tuple[Ints, list[Any]]:  # fmt: skip
    """The schedule of the varying steps: as they stand in the program, operands before what reads them.

    Dot products of the same slots come together where the first of them stood, a sum over lanes as soon as it can.

    Args:
        steps, first: What makes the slots, and how many inputs there are.
        varies, absorbed: Of each slot whether it varies, and whether no instruction fills it.
        given: Slots that are there from the start.
        dots: Of each slot that is one of several dot products all of these.
        outers: The sums over lanes.

    Returns:
        Slots, and ~i for the i-th of what is no step; and these dot products and sums.
    """
    waiting = Waiting(len(varies), given)
    for k in dots:
        waiting.special[k] = 1
    order = Ints()
    others: list[Any] = []
    for outer in outers:
        if waiting.is_ready(outer):
            order.push(~len(others))
            others.append(outer)
    special, done = waiting.special, waiting.done
    for k in range(first, first + steps.size):
        if not varies[k] or absorbed[k] or done[k]:
            continue
        if not special[k]:
            order.push(k)
            done[k] = 1
            continue
        made = [k]
        if k in dots:
            made = [member for member, _, _ in dots[k].members]
            order.push(~len(others))
            others.append(dots[k])
        else:
            order.push(k)
        for outer in waiting.ready_after(made):
            order.push(~len(others))
            others.append(outer)
    return order, others


class Waiting:
    """Sums over lanes that wait for slots.

    Args:
        slots: How many slots there are.
        given: Those that are there from the start.

    Attributes:
        done: Of each slot whether it is there; the later ones of several dot products are before they are come to.
        special: Of each slot whether a sum waits for it, or something else is to be done about it.
    """

    def __init__(self, slots: int, given: Iterable[int]) -> None:
        self.done, self.special = bytearray(slots), bytearray(slots)
        for k in given:
            self.done[k] = 1
        self._readers: dict[int, list[Outer]] = {}
        self._missing: dict[int, int] = {}  # of a sum, by id, for how many slots it waits

    def is_ready(self, outer: Outer) -> bool:
        """Whether all that a sum reads is there; else it waits."""
        needed = {k for k in outer.reads() if not self.done[k]}
        self._missing[id(outer)] = len(needed)
        for k in needed:
            self.special[k] = 1
            self._readers.setdefault(k, []).append(outer)
        return not needed

    def ready_after(self, made: list[int]) -> list[Outer]:
        """The sums that need wait no longer, now that these slots are there too."""
        found = []
        for k in made:
            self.done[k] = 1
            for outer in self._readers.get(k, ()):
                self._missing[id(outer)] -= 1
                if not self._missing[id(outer)]:
                    found.append(outer)
        return found
