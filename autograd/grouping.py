"""Steps over single numbers in groups: those of one kind that do not depend on one another are run together.

The processor then has several of them under way at once, and looks up what to do once for all. A group that goes
through its operands by the same distance each time, as along a row or column of a matrix, needs no list: it steps.
Plain Python that Cython compiles: a tape may be long.
"""

from __future__ import annotations

from typing import Any

from autograd import primitives

__all__ = ["as_ints", "depths", "transposed", "written"]

STEPS = 100
"""Added to the code of a group that steps through its operands: see _lanes.h."""
STEPPING = tuple([
    row.code for row in (
        primitives.neg, primitives.abs, primitives.relu, primitives.step, primitives.add, primitives.sub,
        primitives.mul, primitives.div, primitives.sum, primitives.dot,
    )
])  # fmt: skip
"""Rows that have such groups."""
LONG = 16
"""How many members they have at least."""


def as_ints(numbers: list[int]) -> Any:
    """An array of them, in a tenth of the time that NumPy takes, which does not know what they are."""
    import numpy as np

    found = np.empty(len(numbers), dtype=np.intc)
    for i in range(len(numbers)):
        found[i] = numbers[i]
    return np.asarray(found)


def depths(arities: Any, operands: Any, targets: Any, late: Any) -> Any:
    """Of each step how many before it depend on one another.

    Args:
        arities, operands, targets: Of all steps; the operands one step after the other.
        late: Of each handle whether it waits for the lanes; found out here for the targets.
    """
    import numpy as np

    found = np.empty(len(targets), dtype=np.intc)
    level = np.zeros(len(late), dtype=np.intc)
    at = 0
    for i in range(len(targets)):
        target, depth = targets[i], 0
        for k in range(at, at + arities[i]):
            depth = max(depth, level[operands[k]])
            late[target] |= late[operands[k]]
        at += arities[i]
        found[i] = depth
        level[target] = depth + 1
    return found


def transposed(order: Any, starts: Any, arities: Any, operands: Any) -> Any:
    """The operands group by group: of each group first operands, second operands and so on.

    Args:
        order: The steps, group after group.
        starts: Of each group where it starts in that order; and where the last one ends.
        arities, operands: Of all steps; the operands one step after the other.
    """
    import numpy as np

    begins = np.cumsum(arities, dtype=np.intp) - arities
    table = np.empty(len(operands), dtype=np.intc)
    first = 0
    for g in range(len(starts) - 1):
        start, count = starts[g], starts[g + 1] - starts[g]
        arity = arities[order[start]]
        for i in range(count):
            begin = begins[order[start + i]]
            for j in range(arity):
                table[first + j * count + i] = operands[begin + j]
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


def parts(table: Any, first: int, arity: int, count: int) -> list[tuple[int, int, bool]]:
    """From where to where a group's parts are, and which of them step: see `same_strides`."""
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


def written(kinds: Any, starts: Any, table: Any, target: int) -> tuple[Any, Any, Any]:
    """Groups as `_lanes.h` has them: operands, headers of those before the lanes, headers of those after them.

    Args:
        kinds: Of each group whether it waits for the lanes, its depth, the code of its row, the number of operands.
        starts: Of each group its first member; and how many members there are.
        table: The places of all operands, as `transposed` gives them.
        target: The place that the first group fills; the others follow.
    """
    import numpy as np

    operands = np.empty_like(table)
    headers = np.empty((starts[len(kinds)], 5), dtype=np.intc)
    at = first = n = early = 0
    for g in range(len(kinds)):
        code, arity, count = kinds[g, 2], kinds[g, 3], starts[g + 1] - starts[g]
        found = [(0, count, False)]
        if count >= LONG and code in STEPPING:
            found = parts(table, first, arity, count)
        for start, stop, steps in found:
            headers[n, 0] = code + STEPS if steps else code
            headers[n, 1], headers[n, 2], headers[n, 3], headers[n, 4] = target + start, at, stop - start, arity
            n += 1
            for j in range(arity):
                k = first + j * count + start
                if steps:
                    operands[at], operands[at + 1] = table[k], table[k + 1] - table[k]
                    at += 2
                else:
                    for i in range(stop - start):
                        operands[at + i] = table[k + i]
                    at += stop - start
        early += 0 if kinds[g, 0] else len(found)
        first += arity * count
        target += count
    return np.asarray(operands)[:at], np.asarray(headers)[:early], np.asarray(headers)[early:n]
