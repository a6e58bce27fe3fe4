"""The builder of a program: it writes step by step, folds constants and finds common subexpressions on the way.

Equal steps are found by value numbering: a slot's number stands for its value, so steps of one row and the same slots
are one subexpression. The bits stay. Plain Python that Cython compiles: a program may be long.
"""

from __future__ import annotations

from array import array
from enum import Enum
from math import copysign
from typing import Any

import cython

from autograd.calculus.primitive import FIRST_CODE
from autograd.calculus.table import TABLE
from autograd.programs.own import FIRST_OWN
from autograd.programs.steps import Ints, Steps, whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import ADD, BOTH, DIV, MUL, NEG, POW, SUB, WHERE
    from autograd.calculus.kernel import commutes

__all__ = ["Builder", "Mode"]

OWN = FIRST_OWN
FEW = 8
"""So many steps with the same latest operand are looked through."""


class Mode(Enum):
    """The rewriting that a builder does on the way.

    Attributes:
        VERBATIM: Every step as it comes; constants alone are there once each.
        FOLDING: Constants are folded, and steps that change no number are left out.
        SHARING: The same, and equal steps are one. Not for what is to be differentiated yet: adjoints of equal steps
            would be added before they are multiplied, which at infinity is not the same.
    """

    VERBATIM = 0
    FOLDING = 1
    SHARING = 2


def key_of(number: float) -> Any:
    """A key that is equal for the same numbers alone: -0.0 == 0.0, and nan != nan."""
    return number if number == number and number != 0.0 else number.hex()


@cython.final
@cython.cclass
class Builder:
    """A straight-line program being written: operands are pushed, and then a row is applied to them.

    Args:
        inputs: How many slots are there from the start.
        mode: The rewriting on the way.

    Attributes:
        steps: Those written so far.
    """

    if not cython.compiled:
        __slots__ = (
            "_constants",
            "_folding",
            "_in_table",
            "_next_reader",
            "_reader",
            "_sharing",
            "_table",
            "inputs",
            "steps",
        )

    def __init__(self, inputs: int, mode: Mode = Mode.VERBATIM) -> None:
        self.inputs = inputs
        self.steps = Steps()
        self._folding, self._sharing = mode is not Mode.VERBATIM, mode is Mode.SHARING
        self._constants: dict[Any, int] = {}
        self._reader = Ints()  # of each slot a step whose latest operand it is, and of that step the next one
        self._next_reader = Ints()
        self._table = whole_numbers(32, -1)  # of more steps, by what they are: value numbers by hashing
        self._in_table = 0

    def constant(self, number: float) -> int:
        """The slot of a number; one slot for each different number. Nothing may be pushed."""
        key = key_of(number)
        index = self._constants.get(key)
        if index is None:
            index = self._constants[key] = self.inputs + self.steps.constant(number)
        return index

    def is_constant(self, slot: int) -> bool:
        """Whether a slot is a number known now."""
        return slot >= self.inputs and self.steps.codes.items[slot - self.inputs] < 0

    def number(self, slot: int) -> float:
        """The number of a slot that is constant."""
        return self.steps.numbers[~self.steps.codes.items[slot - self.inputs]]

    def is_made_by(self, slot: int, code: int) -> bool:
        """Whether a slot is the result of that row."""
        return slot >= self.inputs and self.steps.codes.items[slot - self.inputs] == code

    def any_constant(self, places: Any, operands: Any, begin: int, end: int) -> bool:
        """Whether one of these operands is constant, each in its place here."""
        found = False
        for at in range(begin, end):
            found = found or self.is_constant(places[operands[at]])
        return found

    def is_number(self, slot: int, number: float) -> bool:
        """Whether a slot is constant and equal to that number."""
        return self.is_constant(slot) and self.number(slot) == number

    def push(self, slot: int) -> None:
        """One more operand of the next step."""
        self.steps.push(slot)

    def apply(self, code: int) -> int:
        """The slot of a row applied to what was pushed."""
        if self._folding:
            slot = self.simpler(code)
            if slot >= 0:
                return slot
        return self.inputs + self.steps.close(code)

    def unary(self, code: int, x: int) -> int:
        """The slot of a row applied to a slot."""
        self.steps.push(x)
        return self.apply(code)

    def binary(self, code: int, x: int, y: int) -> int:
        """The slot of a row applied to two slots."""
        self.steps.push(x)
        self.steps.push(y)
        return self.apply(code)

    def ternary(self, code: int, x: int, y: int, z: int) -> int:
        """The slot of a row applied to three slots."""
        self.steps.push(x)
        self.steps.push(y)
        self.steps.push(z)
        return self.apply(code)

    def copied(self, steps: Steps, inputs: int) -> array[int]:
        """Write steps whose inputs are the first slots here: of each of their slots the slot here."""
        places = whole_numbers(inputs + steps.size)
        for k in range(inputs):
            places[k] = k
        self.transcribe(steps, places, inputs)
        return places

    def transcribe(self, steps: Steps, places: Any, inputs: int) -> None:
        """Write steps over other slots.

        Args:
            steps: What to write.
            places: Of each of their slots the slot here: known for the inputs, noted for the steps.
            inputs: How many inputs they have.
        """
        codes, begins, operands = steps.codes.items, steps.begins.items, steps.operands.items
        for k in range(steps.size):
            code = codes[k]
            if code < 0:
                places[inputs + k] = self.constant(steps.numbers[~code])
            else:
                for at in range(begins[k], begins[k + 1]):
                    self.steps.push(places[operands[at]])
                places[inputs + k] = self.apply(code)

    # --- folding ---

    def simpler(self, code: int) -> int:
        """The slot that the next step folds or simplifies to (peephole rules), and then it is dropped; or -1."""
        begin, end = self.steps.begins.items[self.steps.size], self.steps.operands.size
        operands = self.steps.operands.items
        constants = 0
        for at in range(begin, end):
            if self.is_constant(operands[at]):
                constants += 1
        slot = -1
        if constants == end - begin and code < OWN:
            numbers = [self.number(operands[at]) for at in range(begin, end)]
            self.steps.drop()
            return self.constant(TABLE[code - FIRST_CODE].evaluate(numbers))
        if code == WHERE:
            slot = self.chosen(operands[begin], operands[begin + 1], operands[begin + 2])
        elif constants and end - begin == 2:
            slot = self.unchanged(code, operands[begin], operands[begin + 1])
        elif code == NEG and self.is_made_by(operands[begin], NEG):
            slot = operands[self.steps.begins.items[operands[begin] - self.inputs]]
        if slot < 0 and self._sharing:
            slot = self.equal_step(code, begin, end)
        if slot >= 0:
            self.steps.drop()
        return slot

    def chosen(self, condition: int, x: int, y: int) -> int:
        """The operand that a `where` gives, if that is known; else -1."""
        if x == y:
            return x
        if not self.is_constant(condition):
            return -1
        return y if self.number(condition) == 0.0 else x

    def unchanged(self, code: int, x: int, y: int) -> int:
        """The operand that the row gives back whatever the numbers, nan and -0.0 included; -1 if it does not.

        `x + 0.0` is not `x` where x is -0.0, and `both(x, 0.0)` is 0.0 whatever x is.
        """
        if code == MUL:
            return x if self.is_number(y, 1.0) else y if self.is_number(x, 1.0) else -1
        if code in (DIV, POW):
            return x if self.is_number(y, 1.0) else -1
        if code == ADD:
            return x if self.is_zero(y, -1.0) else y if self.is_zero(x, -1.0) else -1
        if code == SUB:
            return x if self.is_zero(y, 1.0) else -1
        if code == BOTH:
            return x if self.is_zero(x, 1.0) else y if self.is_zero(y, 1.0) else -1
        return -1

    def is_zero(self, slot: int, sign: float) -> bool:
        """Whether a slot is the constant 0.0 with that sign."""
        return self.is_number(slot, 0.0) and copysign(1.0, self.number(slot)) == sign

    # --- sharing: common subexpressions ---

    def equal_step(self, code: int, begin: int, end: int) -> int:
        """The slot of an equal step (a common subexpression), or -1, and then the next one is known from now on.

        Most steps are found among the first few that have the same latest operand: looking there, a long program is
        gone through from end to end, which the memory can foresee. Others are in a table, anywhere.
        """
        operands, step = self.steps.operands.items, self.steps.size
        latest = 0
        for i in range(begin, end):
            if operands[i] > latest and not self.is_constant(operands[i]):  # too many steps read a constant
                latest = operands[i]
        while self._reader.size <= latest:
            self._reader.push(-1)
        while self._next_reader.size <= step:
            self._next_reader.push(-1)
        count, reader = 0, self._reader.items[latest]
        while reader >= 0:
            if self.is_step(reader, code, begin, end):
                return self.inputs + reader
            count += 1
            reader = self._next_reader.items[reader]
        if count < FEW:
            self._next_reader.items[step] = self._reader.items[latest]
            self._reader.items[latest] = step
            return -1
        if 2 * self._in_table >= len(self._table):
            self.enlarge_table()
        at = self.place_in_table(code, begin, end)
        if self._table[at] >= 0:
            return self.inputs + self._table[at]
        self._table[at] = step
        self._in_table += 1
        return -1

    def place_in_table(self, code: int, begin: int, end: int) -> int:
        """The place in the table of the step with that code and those operands, or of room for it."""
        mask = len(self._table) - 1
        at = self.mixed(code, begin, end) & mask
        while self._table[at] >= 0 and not self.is_step(self._table[at], code, begin, end):
            at = (at + 1) & mask
        return at

    def is_step(self, k: int, code: int, begin: int, end: int) -> bool:
        """Whether step k has that code and those operands, or the same in the other order where that is the same."""
        if self.steps.codes.items[k] != code:
            return False
        start, operands = self.steps.begins.items[k], self.steps.operands.items
        if self.steps.begins.items[k + 1] - start != end - begin:
            return False
        if commutes(code):
            x, y, first, second = operands[begin], operands[begin + 1], operands[start], operands[start + 1]
            return (x == first and y == second) or (x == second and y == first)
        same = 0
        while same < end - begin and operands[start + same] == operands[begin + same]:
            same += 1
        return same == end - begin

    def mixed(self, code: int, begin: int, end: int) -> int:
        """A number for a code with its operands, most likely another for others."""
        operands = self.steps.operands.items
        swapped = commutes(code) and operands[begin] > operands[begin + 1]
        found = code
        for i in range(end - begin):
            found = ((found ^ operands[end - 1 - i if swapped else begin + i]) * 0x45D9F3B) & 0x7FFFFFFF
            found ^= found >> 16
        found = (found * 0x45D9F3B) & 0x7FFFFFFF
        return found ^ (found >> 15)

    def enlarge_table(self) -> None:
        """Twice the room, and every step in its new place."""
        old = self._table
        self._table = whole_numbers(2 * len(old), -1)
        for k in range(len(old)):
            step = old[k]
            if step >= 0:
                begins, codes = self.steps.begins.items, self.steps.codes.items
                self._table[self.place_in_table(codes[step], begins[step], begins[step + 1])] = step
