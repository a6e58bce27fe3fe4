"""The steps of a program, packed into arrays of whole numbers: a long one is then quick to make and to walk along.

Of each step there is a code, and the slots that it is applied to lie one after the other in one array for all steps. To
a reader they are a sequence of rows with their operands; what walks over a whole program takes the arrays. Plain
Python that Cython compiles.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import cython

from autograd.calculus.primitive import FIRST_CODE, Primitive, code_of
from autograd.calculus.table import TABLE
from autograd.programs.own import FIRST_OWN, own_row

if not cython.compiled:
    from autograd.calculus.kernel import selects

__all__ = ["Ints", "Step", "Steps", "packed", "whole_numbers"]

Step = tuple[Primitive | None, Any]
"""A row and the slots it is applied to, or None and a number."""
MOST = 2**30
OWN = FIRST_OWN


def whole_numbers(count: int, number: int = 0) -> array[int]:
    """An array of that many times a number."""
    return array("i", [number]) * count


@cython.final
@cython.cclass
class Ints:
    """Whole numbers in an array that grows at its end.

    Attributes:
        items: The array; what lies beyond `size` is not in use yet.
        size: How many there are.
    """

    if not cython.compiled:
        __slots__ = ("items", "size")

    def __init__(self) -> None:
        self.items = whole_numbers(16)
        self.size = 0

    def push(self, number: int) -> None:
        """Append one.

        Raises:
            MemoryError: there are 2**30 already, and a slot is numbered with 32 bits.
        """
        if self.size == len(self.items):
            self.grow()
        self.items[self.size] = number
        self.size += 1

    def pop(self) -> int:
        """Take the last one away."""
        self.size -= 1
        return self.items[self.size]

    def grow(self) -> None:
        """Make room for as many again."""
        if self.size >= MOST:
            raise MemoryError(f"a tape has room for {MOST:,} operands, and they are used up: record less at once")
        larger = whole_numbers(2 * self.size)
        larger[: self.size] = self.items
        self.items = larger

    def as_array(self) -> Any:
        """A NumPy array of them, of its own."""
        import numpy as np

        return np.array(np.asarray(self.items)[: self.size])


@cython.final
@cython.cclass
class Steps:
    """Steps, one after the other; to a reader a sequence of `(row, operands)`, and `(None, number)` for a constant.

    Attributes:
        size: How many there are.
        codes: Of each the code of its row, or `~i` for the i-th of the numbers.
        begins: Of each where its operands begin, which is where those of the step before end; one more than steps.
        operands: Slots, for one step after the other, and then those of a step that is not closed yet.
        numbers: The constants.
        own: The rows of a user's own among them: nobody else may know them.

    >>> from autograd.calculus import table
    >>> steps = Steps()
    >>> steps.append((None, 3.0)), steps.append((table.mul, (0, 1)))
    (0, 1)
    >>> list(steps)
    [(None, 3.0), (<primitive mul>, (0, 1))]
    """

    if not cython.compiled:
        __slots__ = ("begins", "codes", "numbers", "operands", "own", "size")

    def __init__(self) -> None:
        self.size = 0
        self.codes, self.begins, self.operands = Ints(), Ints(), Ints()
        self.numbers: list[float] = []
        self.own: list[Any] = []
        self.begins.push(0)

    # --- writing ---

    def constant(self, number: float) -> int:
        """Append a constant: which step it is."""
        code = ~len(self.numbers)
        self.numbers.append(number)
        return self.close(code)

    def push(self, operand: int) -> None:
        """One more operand of the next step."""
        self.operands.push(operand)

    def close(self, code: int) -> int:
        """Append the step of that code, to what was pushed for it: which step it is."""
        if code >= OWN:
            self.own.append(own_row(code))
        self.codes.push(code)
        self.begins.push(self.operands.size)
        self.size += 1
        return self.size - 1

    def drop(self) -> None:
        """Forget the operands that were pushed."""
        self.operands.size = self.begins.items[self.size]

    def append(self, step: Step) -> int:
        """Append a row with its operands, or a number: which step it is."""
        row, operands = step
        if row is None:
            return self.constant(operands)
        code = code_of(row)
        try:
            for o in operands:
                self.push(o)
        except (TypeError, OverflowError):
            self.drop()
            raise
        return self.close(code)

    # --- reading ---

    def any_selects(self) -> bool:
        """Whether a row among them selects."""
        found = 0
        for k in range(self.size):
            found |= selects(self.codes.items[k])
        return found != 0

    def step(self, k: int) -> Step:
        """Step k, which must be there."""
        code, items = self.codes.items[k], self.operands.items
        if code < 0:
            return None, self.numbers[~code]
        operands = [items[at] for at in range(self.begins.items[k], self.begins.items[k + 1])]
        return own_row(code) if code >= FIRST_OWN else TABLE[code - FIRST_CODE], tuple(operands)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, k: Any) -> Any:
        if isinstance(k, slice):
            return [self.step(i) for i in range(*k.indices(self.size))]
        found = range(self.size)[k]  # counts from the end, and refuses what is beyond it
        return self.step(found)

    def __iter__(self) -> Iterator[Step]:
        for k in range(self.size):
            yield self.step(k)

    def __eq__(self, other: object) -> Any:
        return list(self) == list(other) if isinstance(other, (Steps, list)) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return packed, (list(self),)

    def __repr__(self) -> str:
        return f"<{self.size} steps>"


def packed(steps: Iterable[Step]) -> Steps:
    """Steps out of rows with their operands, and of constants, as a pickle gives them back.

    Raises:
        ValueError: a step is none.
    """
    found = Steps()
    for row, operands in steps:
        is_row = isinstance(row, Primitive) and row in TABLE and all(type(o) is int and o >= 0 for o in operands)
        if not is_row and not (row is None and type(operands) is float):
            raise ValueError(f"these are no steps of a tape: {row!r:.60} of {operands!r:.60}")
        found.append((row, operands))
    return found
