"""Recording a program without numbers: a Recorder writes steps, a Slot is what a step leaves, and does arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from math import copysign
from typing import Any

import cython

from autograd import primitives
from autograd.conversion import as_float
from autograd.primitives import Primitive

__all__ = ["Recorder", "Slot"]

_COMMUTING = (primitives.add, primitives.mul)


@cython.cclass
class Recorder:
    """Writes a straight-line program, step by step.

    Args:
        inputs: How many slots are there from the start.
        simplifying: Whether to fold constants, share equal steps and drop steps that change no number.
        sharing: Whether to share equal steps. Not where the program is to be differentiated yet: adjoints of equal
            steps would be added before they are multiplied, which at infinity is not the same.
    """

    if not cython.compiled:
        __slots__ = ("_constants", "_known", "inputs", "sharing", "simplifying", "steps")

    def __init__(self, inputs: int, simplifying: bool = False, sharing: bool = True) -> None:
        self.inputs = inputs
        self.simplifying = simplifying
        self.sharing = sharing
        self.steps: list[tuple[Primitive | None, Any]] = []
        self._constants: dict[Any, int] = {}
        self._known: dict[tuple[Primitive, tuple[int, ...]], int] = {}

    def input_slots(self) -> list[Slot]:
        """The slots of the inputs."""
        return [Slot(self, k) for k in range(self.inputs)]

    def constant(self, number: float) -> Slot:
        """The slot of a number; one slot for each different number, -0.0 and 0.0 being different."""
        key = number if number == number and number != 0.0 else number.hex()  # -0.0 == 0.0, and nan != nan
        index = self._constants.get(key)
        if index is None:
            index = self._constants[key] = self._add((None, number))
        return slot_at(self, index, number)

    def lift(self, x: Any) -> Slot:
        """`x` if it is a slot, else the slot of the number."""
        if isinstance(x, Slot):
            return x
        return self.constant(x if type(x) is float else as_float(x, "tape"))

    def apply(self, row: Primitive, operands: Sequence[Any]) -> Slot:
        """The slot of a row applied to slots and numbers."""
        return self.apply_to(row, [self.lift(x) for x in operands])

    def apply_to(self, row: Primitive, xs: list[Slot]) -> Slot:
        """The slot of a row applied to slots."""
        step = (row, places_of(xs))
        if not self.simplifying:
            return slot_at(self, self._add(step), None)
        constants = 0
        for x in xs:
            if x.number is not None:
                constants += 1
        if constants == len(xs):
            return self.constant(row.evaluate([x.number for x in xs]))  # type: ignore[misc]
        if row is primitives.where or (constants and len(xs) == 2):
            same = unchanged(row, xs)
            if same is not None:
                return same
        if not self.sharing:
            return slot_at(self, self._add(step), None)
        key = step
        if row in _COMMUTING:
            x, y = xs[0], xs[1]
            if x.index > y.index:
                key = (row, (y.index, x.index))
        index = self._known.get(key)
        if index is None:
            index = self._known[key] = self._add(step)
        return slot_at(self, index, None)

    def transcribe(self, steps: Sequence[tuple[Primitive | None, Any]], inputs: Sequence[Slot]) -> list[Slot]:
        """The slots of inputs and of steps over them, which become steps here."""
        slots = list(inputs)
        for row, operands in steps:
            if row is None:
                slots.append(self.constant(operands))
            else:
                slots.append(self.apply_to(row, [slots[k] for k in operands]))
        return slots

    def _add(self, step: tuple[Primitive | None, Any]) -> int:
        self.steps.append(step)
        return self.inputs + len(self.steps) - 1


def places_of(xs: list[Slot]) -> tuple[int, ...]:
    """The numbers of slots."""
    if len(xs) == 2:  # most often
        x, y = xs[0], xs[1]
        return x.index, y.index
    return tuple([x.index for x in xs])


def slot_at(recorder: Recorder, index: int, number: float | None) -> Slot:
    """`Slot(recorder, index, number)`, made in half the time."""
    slot: Slot = Slot.__new__(Slot)
    slot.recorder, slot.index, slot.number = recorder, index, number
    return slot


def unchanged(row: Primitive, xs: Sequence[Slot]) -> Slot | None:
    """The operand that the row gives back whatever the numbers, nan and -0.0 included; None if it does not."""
    if len(xs) == 3:
        condition = xs[0].number
        if xs[1].index == xs[2].index:
            return xs[1]
        return None if condition is None else xs[1] if condition else xs[2]
    x, y = xs[0], xs[1]
    if x.number is None and y.number is None:
        return None
    if row is primitives.mul:
        return x if y.number == 1.0 else y if x.number == 1.0 else None
    if row in (primitives.div, primitives.pow):
        return x if y.number == 1.0 else None
    if row is primitives.add:
        return x if is_zero(y, -1.0) else y if is_zero(x, -1.0) else None
    if row is primitives.sub:
        return x if is_zero(y, 1.0) else None
    if row is primitives.both:
        return x if x.number == 0.0 else y if y.number == 0.0 else None
    return None


def is_zero(x: Slot, sign: float) -> bool:
    """Whether the slot is the constant 0.0 with that sign."""
    return x.number == 0.0 and copysign(1.0, x.number) == sign


@cython.no_gc  # it is in no cycle: a recorder does not know its slots
@cython.cclass
class Slot:
    """A place on a tape being recorded; arithmetic on it records a step. It has no value, unless it is a constant."""

    if not cython.compiled:
        __slots__ = ("index", "number", "recorder")

    def __init__(self, recorder: Recorder, index: int, number: float | None = None) -> None:
        self.recorder = recorder
        self.index = index
        self.number = number

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Slot:
        return self.recorder.apply(primitive, operands)

    # fmt: off
    def __add__(self, other: Any) -> Slot: return self.recorder.apply(primitives.add, (self, other))
    def __radd__(self, other: Any) -> Slot: return self.recorder.apply(primitives.add, (other, self))
    def __sub__(self, other: Any) -> Slot: return self.recorder.apply(primitives.sub, (self, other))
    def __rsub__(self, other: Any) -> Slot: return self.recorder.apply(primitives.sub, (other, self))
    def __mul__(self, other: Any) -> Slot: return self.recorder.apply(primitives.mul, (self, other))
    def __rmul__(self, other: Any) -> Slot: return self.recorder.apply(primitives.mul, (other, self))
    def __truediv__(self, other: Any) -> Slot: return self.recorder.apply(primitives.div, (self, other))
    def __rtruediv__(self, other: Any) -> Slot: return self.recorder.apply(primitives.div, (other, self))
    def __pow__(self, other: Any) -> Slot: return self.recorder.apply(primitives.pow, (self, other))
    def __rpow__(self, other: Any) -> Slot: return self.recorder.apply(primitives.pow, (other, self))
    def __neg__(self) -> Slot: return self.recorder.apply(primitives.neg, (self,))
    def __lt__(self, other: Any) -> Slot: return self.recorder.apply(primitives.less, (self, other))
    def __le__(self, other: Any) -> Slot: return self.recorder.apply(primitives.less_equal, (self, other))
    def __gt__(self, other: Any) -> Slot: return self.recorder.apply(primitives.less, (other, self))
    def __ge__(self, other: Any) -> Slot: return self.recorder.apply(primitives.less_equal, (other, self))
    def __eq__(self, other: object) -> Any: return self.recorder.apply(primitives.equal, (self, other))
    def __and__(self, other: Any) -> Slot: return self.recorder.apply(primitives.both, (self, other))
    def __hash__(self) -> int: return id(self)
    # fmt: on

    def __bool__(self) -> bool:
        raise TypeError("a slot of a tape has no value to decide a branch with: use autograd.where")
