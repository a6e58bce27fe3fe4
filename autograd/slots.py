"""Recording a program without numbers: a Recorder writes steps, a Slot is what a step leaves, and does arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from math import copysign
from typing import Any

from autograd import primitives
from autograd.conversion import as_float
from autograd.primitives import Primitive

__all__ = ["Recorder", "Slot"]

_COMMUTING = (primitives.add, primitives.mul)


class Recorder:
    """Writes a straight-line program, step by step.

    Args:
        inputs: How many slots are there from the start.
        simplifying: Whether to fold constants, share equal steps and drop steps that change no number.
    """

    __slots__ = ("_constants", "_known", "inputs", "simplifying", "steps")

    def __init__(self, inputs: int, simplifying: bool = False) -> None:
        self.inputs, self.simplifying = inputs, simplifying
        self.steps: list[tuple[Primitive | None, Any]] = []
        self._constants: dict[str, Slot] = {}
        self._known: dict[tuple[Any, ...], Slot] = {}

    def input_slots(self) -> list[Slot]:
        """The slots of the inputs."""
        return [Slot(self, k) for k in range(self.inputs)]

    def constant(self, number: float) -> Slot:
        """The slot of a number; one slot for each different number, -0.0 and 0.0 being different."""
        key = number.hex()
        if key not in self._constants:
            self._constants[key] = self._step(None, number, number)
        return self._constants[key]

    def lift(self, x: Any) -> Slot:
        """`x` if it is a slot, else the slot of the number."""
        return x if isinstance(x, Slot) else self.constant(as_float(x, "tape"))

    def apply(self, row: Primitive, operands: Sequence[Any]) -> Slot:
        """The slot of a row applied to slots and numbers."""
        xs = [self.lift(x) for x in operands]
        if not self.simplifying:
            return self._step(row, tuple(x.index for x in xs))
        numbers = [x.number for x in xs if x.number is not None]
        if len(numbers) == len(xs):
            return self.constant(row.evaluate(numbers))
        same = unchanged(row, xs)
        if same is not None:
            return same
        places = tuple(x.index for x in xs)
        if row in _COMMUTING:
            places = tuple(sorted(places))
        key = (row.code, *places)
        if key not in self._known:
            self._known[key] = self._step(row, tuple(x.index for x in xs))
        return self._known[key]

    def _step(self, row: Primitive | None, operands: Any, number: float | None = None) -> Slot:
        self.steps.append((row, operands))
        return Slot(self, self.inputs + len(self.steps) - 1, number)


def unchanged(row: Primitive, xs: Sequence[Slot]) -> Slot | None:
    """The operand that the row gives back whatever the numbers, nan and -0.0 included; None if it does not."""
    if row is primitives.where:
        condition = xs[0].number
        if xs[1].index == xs[2].index:
            return xs[1]
        return None if condition is None else xs[1] if condition else xs[2]
    if len(xs) != 2:
        return None
    x, y = xs
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


class Slot:
    """A place on a tape being recorded; arithmetic on it records a step. It has no value, unless it is a constant."""

    __slots__ = ("index", "number", "recorder")

    def __init__(self, recorder: Recorder, index: int, number: float | None = None) -> None:
        self.recorder, self.index, self.number = recorder, index, number

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
