"""Skips: stretches of instructions that a block of lanes does without, where a condition holds in none of them.

What such a stretch computes is read through a `where` alone, or by others of the kind: see `programs.needs`. So nothing
that counts is changed by it, not in the last bit. Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from typing import Any

from autograd.lowering.lowered import Dots, Skip
from autograd.programs.needs import Needs, any_where
from autograd.programs.steps import Ints, Steps, whole_numbers

__all__ = ["with_skips"]

LONG = 24
"""Fewer instructions are run as quickly as it is found out whether they need to be."""


def with_skips(steps: Steps, first: int, varies: bytearray, ends: list[int], order: Ints, others: list[Any]) -> Ints:
    """The schedule with skips, which are added to the others.

    Args:
        steps, first, varies: What makes the slots, how many inputs there are, and of each whether it varies.
        ends: Slots that are needed in any case.
        order, others: See `scheduling.scheduled`.
    """
    if not any_where(steps):
        return order
    needs, nodes = nodes_of(steps, first, varies, ends, order, others)
    if needs.condition.size == 1:
        return order
    places = whole_numbers(len(varies), -1)  # of each slot where in the order it is made
    for at in range(order.size):
        made = order.items[at]
        if made >= 0:
            places[made] = at
        elif isinstance(others[~made], Dots):
            for member, _, _ in others[~made].members:
                places[member] = at
    found = Ints()
    write(found, needs, nodes, places, order, others, 0, order.size, 1)
    return found


def nodes_of(
    steps: Steps, first: int, varies: bytearray, ends: list[int], order: Ints, others: list[Any]
) -> tuple[Needs, Any]:
    """Under which conditions each instruction is needed."""
    needs, nodes = Needs(len(varies)), whole_numbers(order.size)
    for k in ends:
        needs.need(k, 0)
    for at in range(order.size - 1, -1, -1):
        made = order.items[at]
        if made >= 0:
            nodes[at] = max(needs.of[made], 0)
            needs.read(steps, made - first, nodes[at], varies)
            continue
        other, node = others[~made], 0
        if isinstance(other, Dots):
            node = -1
            for member, _, _ in other.members:
                its = max(needs.of[member], 0)
                node = its if node < 0 else needs.common(node, its)
        for k in other.reads():
            needs.need(k, node)
        nodes[at] = node
    return needs, nodes


def write(
    found: Ints,
    needs: Needs,
    nodes: Any,
    places: Any,
    order: Ints,
    others: list[Any],
    start: int,
    stop: int,
    depth: int,
) -> int:
    """Write a part of the schedule, with skips by conditions that are nested so deep or deeper."""
    at = start
    while at < stop:
        node = needs.ancestor(nodes[at], depth)
        if not node or places[needs.condition.items[node]] >= at:
            found.push(order.items[at])
            at += 1
            continue
        end = at + 1
        while end < stop and needs.ancestor(nodes[end], depth) == node:
            end += 1
        if end - at < LONG:
            for i in range(at, end):
                found.push(order.items[i])
        else:
            skip = Skip(needs.condition.items[node], 0)
            found.push(~len(others))
            others.append(skip)
            begun = found.size
            write(found, needs, nodes, places, order, others, at, end, depth + 1)
            skip.count = found.size - begun
        at = end
    return 0
