"""Which parts of a graph are alike: nodes that are computed in the same way from things that are alike.

Each node has a digest of how it is computed, made of its operation and the digests of its operands. There are two: in
one of them a parameter is itself and no other, in the other all leaves are alike. A chain of additions that nothing
else looks into counts as one sum. Nodes of equal digest and equal height are alike; since no node is above another of
its height, putting those that are alike into one box makes no loop. Plain Python that Cython compiles.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cython
import numpy as np

from autograd.graphs.columns import Columns, readable, zeros

if not cython.compiled:
    from autograd.calculus._codes import ADD, CONSTANT, POW, SUM

__all__ = ["Likeness", "likeness_of", "numbered"]

WHOLE = 2**64 - 1
FACTOR, OTHER, START = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x632BE59BD9B4E019  # odd, with bits spread evenly
INNER, OUTER = 1, 2


class Likeness(NamedTuple):
    """A row per node.

    Attributes:
        units: The node that stands for it: of a chain of additions the last, of any other itself.
        heights: The longest way down to a leaf, of a chain as of one operation.
        same: A digest of how it is computed; parameters are told apart.
        alike: The same with all leaves alike.
    """

    units: Any
    heights: Any
    same: Any
    alike: Any


def likeness_of(columns: Columns, leaves: Any, kept: Any) -> Likeness:
    """What is alike in a graph.

    Args:
        columns: The graph.
        leaves: For each node that is a leaf what tells it from others in `same`; 0 where all are alike.
        kept: Whether a node is to be seen even within a chain of additions: it has a name, or is a root.

    Cost: linear.

    >>> from autograd import Value, topological_order
    >>> from autograd.graphs.columns import columns_of
    >>> order = topological_order(Value(1.0).exp() + Value(2.0).exp())
    >>> none = np.zeros(len(order), np.int32)
    >>> found = likeness_of(columns_of(order), none, none)
    >>> found.heights.tolist(), bool(found.alike[1] == found.alike[3])
    ([0, 1, 0, 1, 2], True)
    """
    n = len(columns.codes)
    codes, starts = readable(columns.codes), readable(columns.starts)
    operands, data = readable(columns.operands), readable(columns.data)
    marks = readable(leaves)
    inner = inner_sums(codes, starts, operands, readable(kept))
    units, heights = zeros("i", n), zeros("i", n)
    same, alike = zeros("Q", n), zeros("Q", n)
    for i in range(n):
        code = codes[i]
        first, last = starts[i], starts[i + 1]
        units[i] = i
        if first == last:
            same[i] = mixed(code, marks[i])
            alike[i] = mixed(code, 0)
            continue
        height = 0
        # The order of the operands of a sum makes no difference.
        added = code == ADD or code == SUM
        a = b = 0 if added else mixed(code, last - first)
        for at in range(first, last):
            x = operands[at]
            if x < 0:
                p = q = 1
            elif inner[x]:
                p, q = same[x], alike[x]
                height = max(height, heights[x])
            else:
                p, q = mixed(same[x], INNER), mixed(alike[x], INNER)
                height = max(height, heights[x] + 1)
                if code == POW and at > first and codes[x] == CONSTANT:
                    p = q = mixed(p, digest_of(data[x]))
                elif at > first and x == operands[at - 1]:
                    p, q = mixed(p, OUTER), mixed(q, OUTER)
            if added:
                a, b = (a + p) & WHOLE, (b + q) & WHOLE
            else:
                a, b = mixed(a, p), mixed(b, q)
        heights[i] = height
        if added and not inner[i]:
            a, b = mixed(a, SUM), mixed(b, SUM)
        same[i], alike[i] = a, b
    for i in range(n - 1, -1, -1):  # the last of a chain stands for all of it
        if inner[i]:
            j = inner[i] - 1
            units[i], heights[i], same[i], alike[i] = units[j], heights[j], same[j], alike[j]
    return Likeness(np.asarray(units), np.asarray(heights), np.asarray(same), np.asarray(alike))


def inner_sums(codes: Any, starts: Any, operands: Any, kept: Any) -> Any:
    """For each addition that only another addition uses, once, 1 more than the number of that; else 0."""
    n = len(codes)
    uses, users = zeros("i", n), zeros("i", n)
    for i in range(n):
        for at in range(starts[i], starts[i + 1]):
            x = operands[at]
            if x >= 0:
                uses[x] += 1
                users[x] = i
    inner = zeros("i", n)
    for i in range(n):
        if codes[i] == ADD and uses[i] == 1 and not kept[i] and codes[users[i]] == ADD:
            inner[i] = users[i] + 1
    return inner


def mixed(h: int, x: int) -> int:
    """A digest of two numbers, in this order."""
    h = ((h ^ ((x + START) & WHOLE)) * FACTOR) & WHOLE
    h ^= h >> 29
    h = (h * OTHER) & WHOLE
    return h ^ (h >> 32)


def digest_of(x: float) -> int:
    """A whole number for a number: the same for the same, and for all that are no numbers."""
    return hash(x) & 0x3FFFFFFFFFFFFFFF if x == x else 1


def numbered(digests: Any) -> tuple[Any, int]:
    """Numbers from 0 for digests, in order of appearance, and how many there are.

    >>> found, n = numbered(np.array([7, 9, 7], np.uint64))
    >>> found.tolist(), n
    ([0, 1, 0], 2)
    """
    read = readable(digests)
    n = len(read)
    size = 16
    while size < 2 * n:
        size *= 2
    table, found, firsts = zeros("i", size), zeros("i", n), zeros("i", n)
    count = 0
    for i in range(n):
        at = read[i] & (size - 1)
        while table[at] and read[firsts[table[at] - 1]] != read[i]:
            at = (at + 1) & (size - 1)
        if not table[at]:
            firsts[count] = i
            count += 1
            table[at] = count
        found[i] = table[at] - 1
    return np.asarray(found), count
