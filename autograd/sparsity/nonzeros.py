"""Sparsity: which outputs of a program can depend on which inputs, other than through comparisons.

An operand counts unless the table gives its partial as the number 0. So of a gradient's program, in which the partials
of what is linear are constants, this is where the second derivatives are.

Sets of inputs go forwards over the steps. A set of a few is a list; a larger one is the union of others, which is gone
through when an output is asked for: so a sum of n inputs, one after the other, takes n steps, not n squared. Plain
Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cython

from autograd.calculus.primitive import FIRST_CODE, MOST_OPERANDS
from autograd.calculus.table import TABLE
from autograd.programs.own import FIRST_OWN
from autograd.programs.program import Program
from autograd.programs.slots import Partial, is_variadic, partial_of
from autograd.programs.steps import Ints, Steps, whole_numbers

__all__ = ["nonzeros", "transposed"]

FEW = 32
"""So many inputs are a list of their own."""
OWN = FIRST_OWN
MANY = 2**20
"""With so many entries, half of all that there can be, a matrix is taken for full: no more is gone through."""


def nonzeros(program: Program, wanted: Sequence[int], few: int = FEW, many: int = MANY) -> tuple[Any, Any]:
    """The entries of the Jacobian that can be other than 0: of each row where it begins, and the columns, ascending.

    Args:
        program: Whose outputs are the rows.
        wanted: Numbers of inputs, each given once: the columns.
        few: Of how many a set is a list.
        many: From so many entries on, where half of all that there can be have come, other rows are taken for full.

    Returns:
        Two arrays, as a matrix in compressed rows has them. There may be entries that are 0, as of x - x.

    Cost: linear in the program and the entries, where what outputs have in common depends on a few inputs; else each
    output goes through the sets that it is the union of.
    """
    first, columns = len(program.labels), len(wanted)
    sets = InputSets(program.steps, first, wanted, few)
    begins, found = Ints(), Ints()
    begins.push(0)
    for k in program.outputs:
        if found.size > many and 2 * found.size > (begins.size - 1) * columns:
            sets.fill(found)
        else:
            sets.collect(k, found)
        begins.push(found.size)
    turned = transposed(begins.as_array(), found.as_array(), columns)
    return transposed(*turned, len(program.outputs))


def transposed(begins: Any, columns: Any, count: int) -> tuple[Any, Any]:
    """The entries of a matrix column by column: of each where it begins, and the rows, ascending.

    Args:
        begins, columns: The matrix, row by row.
        count: How many columns it has.

    Cost: linear.
    """
    import numpy as np

    ends = np.zeros(count + 1, dtype=np.intc)
    np.cumsum(np.bincount(columns, minlength=count)[:count], out=ends[1:])
    rows = np.empty(len(columns), dtype=np.intc)
    if len(columns):
        put_rows(begins, columns, ends[:count].copy(), rows)
    return ends, rows


def put_rows(begins: Any, columns: Any, places: Any, rows: Any) -> None:
    """Put the row of each entry where the next one of its column belongs."""
    count = len(begins) - 1
    for row in range(count):
        for at in range(begins[row], begins[row + 1]):
            column = columns[at]
            rows[places[column]] = row
            places[column] += 1


@cython.final
@cython.cclass
class InputSets:
    """Of each slot of a program the set of inputs that it depends on: their places among those that are wanted.

    Slots have the number of a set, or -1 for the empty one; those of one operand have that of it.

    Args:
        steps, first: The program, and how many inputs it has.
        wanted: Which inputs count.
        few: Of how many a set is a list.
    """

    if not cython.compiled:
        __slots__ = (
            "begins",
            "columns",
            "ends",
            "few",
            "items",
            "listed",
            "marks",
            "parts",
            "seen",
            "sets",
            "stack",
            "turn",
        )

    def __init__(self, steps: Steps, first: int, wanted: Sequence[int], few: int) -> None:
        self.columns, self.few, self.turn = len(wanted), few, 0
        self.sets = whole_numbers(first + steps.size, -1)
        self.items = Ints()  # of a set that is a list its columns, of one that is a union the sets
        self.begins, self.ends, self.listed = Ints(), Ints(), Ints()
        self.marks = Ints()  # of each set the latest turn in which it was met
        self.seen = whole_numbers(len(wanted))  # of each column the same
        self.parts, self.stack = Ints(), Ints()
        for column in range(len(wanted)):
            self.items.push(column)
            self.sets[wanted[column]] = self.close(column, 1)
        for k in range(steps.size):
            if steps.codes.items[k] >= 0:
                self.sets[first + k] = self.of_step(steps, k)

    def close(self, begin: int, listed: int) -> int:
        """The number of a new set: the items from one on."""
        self.begins.push(begin)
        self.ends.push(self.items.size)
        self.listed.push(listed)
        self.marks.push(0)
        return self.begins.size - 1

    def of_step(self, steps: Steps, k: int) -> int:
        """The set of what step k makes: that of an operand that has all others in it, or a new one."""
        code, begin, parts = steps.codes.items[k], steps.begins.items[k], self.parts
        largest, size, listed = -1, 0, 1
        self.turn += 1
        parts.size = 0
        for at in range(begin, steps.begins.items[k + 1]):
            part = self.sets[steps.operands.items[at]]
            if part < 0 or self.marks.items[part] == self.turn or not passes(code, at - begin):
                continue
            self.marks.items[part] = self.turn
            parts.push(part)
            listed = listed and self.listed.items[part]
            if self.ends.items[part] - self.begins.items[part] > size:
                largest, size = part, self.ends.items[part] - self.begins.items[part]
        if parts.size < 2:
            return largest
        start = self.items.size
        if listed:
            for i in range(parts.size):
                part = parts.items[i]
                for at in range(self.begins.items[part], self.ends.items[part]):
                    self.put(self.items.items[at], self.items)
            if self.items.size - start == size:
                self.items.size = start
                return largest
            if self.items.size - start <= self.few:
                return self.close(start, 1)
            self.items.size = start
        for i in range(parts.size):
            self.items.push(parts.items[i])
        return self.close(start, 0)

    def put(self, column: int, found: Ints) -> None:
        """Append a column, unless it has been met this turn."""
        if self.seen[column] != self.turn:
            self.seen[column] = self.turn
            found.push(column)

    def collect(self, k: int, found: Ints) -> None:
        """Append the set of slot k, in any order."""
        stack = self.stack
        self.turn += 1
        if self.sets[k] < 0:
            return
        stack.push(self.sets[k])
        while stack.size:
            part = stack.pop()
            if self.marks.items[part] == self.turn:
                continue
            self.marks.items[part] = self.turn
            for at in range(self.begins.items[part], self.ends.items[part]):
                if self.listed.items[part]:
                    self.put(self.items.items[at], found)
                elif self.marks.items[self.items.items[at]] != self.turn:
                    stack.push(self.items.items[at])

    def fill(self, found: Ints) -> None:
        """Append all columns."""
        for column in range(self.columns):
            found.push(column)


_passing = bytearray(MOST_OPERANDS * (FIRST_CODE + len(TABLE)))
UNKNOWN, PASSES, STOPS = 0, 1, 2


def passes(code: int, i: int) -> bool:
    """Whether a row passes derivatives to its i-th operand: whether the partial is not the number 0.

    A row of a user's own may, whatever its value depends on.
    """
    if code >= OWN or is_variadic(code):
        return True
    at = MOST_OPERANDS * code + i
    if _passing[at] == UNKNOWN:
        rule: Partial = partial_of(code, i)
        step = rule.result - rule.inputs
        number = rule.steps.codes.items[step] if step >= 0 else 0
        _passing[at] = STOPS if number < 0 and rule.steps.numbers[~number] == 0.0 else PASSES
    return _passing[at] == PASSES
