"""Groups of uniform steps: those of one kind that do not depend on one another are run together.

The processor then has several of them under way at once, and looks up what to do once for all. A group that goes
through its operands by the same distance each time, as along a row or column of a matrix, needs no list: it steps.
Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.calculus._codes import STEPPING
from autograd.programs.steps import Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import STEPS

__all__ = ["depths", "group_headers", "grouped"]

LONG = 16
"""They have at least so many members."""


def depths(steps: Steps, first: int) -> tuple[Any, Any]:
    """The depth of each step in the order of dependence; and a flag, if it waits for a sum over the lanes, code 0.

    Args:
        steps, first: What makes the numbers after those that are given, and how many are.
    """
    codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
    found, late = whole_numbers(steps.size), whole_numbers(steps.size)
    for k in range(steps.size):
        if codes[k] <= 0:
            late[k] = codes[k] == 0
            continue
        depth = 0
        for at in range(begins[k], begins[k + 1]):
            operand = operands[at] - first
            if operand >= 0:
                late[k] |= late[operand]
                if codes[operand] > 0 and found[operand] >= depth:
                    depth = found[operand] + 1
        found[k] = depth
    return found, late


def grouped(steps: Steps, depth: Any, late: Any) -> tuple[Any, Any]:
    """The steps that apply rows, group after group; and where each group starts and the last one ends.

    They are sorted by whether they are late, by depth, by row and by how many operands they have, without comparing
    two of them: counted, the least important first.
    """
    codes, begins = steps.codes.items, steps.begins.items
    arities = whole_numbers(steps.size)
    order = whole_numbers(steps.size)
    count = 0
    for k in range(steps.size):
        arities[k] = begins[k + 1] - begins[k]
        if codes[k] > 0:
            order[count] = k
            count += 1
    for keys in (arities, codes, depth, late):
        order = sorted_by(keys, order, count)
    starts = whole_numbers(count + 1)
    groups = 0
    for i in range(count):
        k, before = order[i], order[i - 1 if i else 0]
        alike = codes[k] == codes[before] and depth[k] == depth[before]
        if not i or not alike or late[k] != late[before] or arities[k] != arities[before]:
            starts[groups] = i
            groups += 1
    starts[groups] = count
    return order[:count], starts[: groups + 1]


def sorted_by(keys: Any, order: Any, count: int) -> Any:
    """The first of some steps in the order of their keys, and else as they were."""
    largest = 0
    for i in range(count):
        if keys[order[i]] > largest:
            largest = keys[order[i]]
    begins = whole_numbers(largest + 2)
    for i in range(count):
        begins[keys[order[i]] + 1] += 1
    for key in range(largest):
        begins[key + 1] += begins[key]
    found = whole_numbers(len(order))
    for i in range(count):
        key = keys[order[i]]
        found[begins[key]] = order[i]
        begins[key] += 1
    return found


def transposed(steps: Steps, order: Any, starts: Any, places: Any) -> Any:
    """The places of the operands group by group: of each group first operands, second operands and so on.

    Args:
        steps, order, starts: See `grouped`.
        places: Of each number its place.
    """
    begins, operands = steps.begins.items, steps.operands.items
    table = whole_numbers(steps.operands.size)
    first = 0
    for g in range(len(starts) - 1):
        start, count = starts[g], starts[g + 1] - starts[g]
        arity = begins[order[start] + 1] - begins[order[start]]
        for i in range(count):
            begin = begins[order[start + i]]
            for j in range(arity):
                table[first + j * count + i] = places[operands[begin + j]]
        first += arity * count
    return table


def same_strides(table: Any, first: int, arity: int, count: int, i: int) -> int:
    """Up to which member, from the i-th on, each operand of a group goes on by the same distance each time.

    Args:
        table: The places of the operands; those of the group start at `first`, `count` of each.
    """
    stop = i + 1
    while stop < count:
        for j in range(arity):
            at = first + j * count
            if table[at + stop] - table[at + stop - 1] != table[at + i + 1] - table[at + i]:
                return stop
        stop += 1
    return stop


def strided_parts(table: Any, first: int, arity: int, count: int) -> list[tuple[int, int, bool]]:
    """The parts of a group, each with whether it steps: see `same_strides`."""
    found = []
    done = i = 0
    while i < count - 1:
        stop = same_strides(table, first, arity, count, i)
        if stop - i >= LONG:
            if done < i:
                found.append((done, i, False))
            found.append((i, stop, True))
            done = i = stop
        else:
            i = stop - 1  # the last member may begin another part
    if done < count:
        found.append((done, count, False))
    return found


def group_headers(steps: Steps, order: Any, starts: Any, late: Any, places: Any, target: int) -> tuple[Any, Any, Any]:
    """Groups as replay/lanes.h has them: operands, headers of those before the lanes, headers of those after them.

    Args:
        steps, order, starts: See `grouped`.
        late: Of each step whether it waits for the lanes.
        places: Of each number its place.
        target: The place that the first group fills; the others follow.
    """
    import numpy as np

    table = transposed(steps, order, starts, places)
    operands = np.empty(len(table), dtype=np.intc)
    headers = np.empty((len(order), 5), dtype=np.intc)
    at = first = n = early = 0
    for g in range(len(starts) - 1):
        k, count = order[starts[g]], starts[g + 1] - starts[g]
        code, arity = steps.codes.items[k], steps.begins.items[k + 1] - steps.begins.items[k]
        found = None
        if count >= LONG and code in STEPPING:
            found = strided_parts(table, first, arity, count)
        for part in range(len(found) if found is not None else 1):
            start, stop, strides = found[part] if found is not None else (0, count, False)
            headers[n, 0] = code + STEPS if strides else code
            headers[n, 1], headers[n, 2], headers[n, 3], headers[n, 4] = target + start, at, stop - start, arity
            n += 1
            for j in range(arity):
                origin = first + j * count + start
                if strides:
                    operands[at], operands[at + 1] = table[origin], table[origin + 1] - table[origin]
                    at += 2
                else:
                    for i in range(stop - start):
                        operands[at + i] = table[origin + i]
                    at += stop - start
        if not late[k]:
            early = n
        first += arity * count
        target += count
    return np.array(operands[:at]), np.array(headers[:early]), np.array(headers[early:n])
