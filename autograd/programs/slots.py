"""A slot as a number type: arithmetic on slots writes steps. So the partials of the table become programs.

The slope of a step: the table says it with arithmetic on operands; done once on slots, that is a
short program, which is then copied wherever a program has such a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cython

from autograd.border.conversion import as_float
from autograd.calculus.arithmetic import Conditions
from autograd.calculus.primitive import FIRST_CODE, MOST_OPERANDS, Primitive, Variadic, code_of
from autograd.calculus.table import TABLE
from autograd.programs.builder import Builder
from autograd.programs.steps import Steps

__all__ = ["Partial", "Slot", "has_together", "index_of", "is_variadic", "partial_of"]


class Slot(Conditions):
    """A slot of a program being written; arithmetic on it writes a step."""

    __slots__ = ("builder", "index")

    def __init__(self, builder: Builder, index: int) -> None:
        self.builder = builder
        self.index = index

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Slot:
        places = [index_of(self.builder, x) for x in operands]  # a number is a step of its own, which comes before
        for index in places:
            self.builder.push(index)
        return Slot(self.builder, self.builder.apply(code_of(primitive)))

    def __bool__(self) -> bool:
        raise TypeError("a slot of a tape has no value to decide a branch with: use autograd.where")


def index_of(builder: Builder, x: Any) -> int:
    """The slot that `x` is, or that of the number."""
    return x.index if isinstance(x, Slot) else builder.constant(as_float(x, "tape"))


@cython.final
@cython.cclass
class Partial:
    """A partial derivative of a row, as a program of its operands and its result.

    Attributes:
        steps: What it computes. A row of any number of operands gives it three slots: the operand, that operand's
            neighbour in its pair, and the result.
        inputs: How many slots it is given.
        result: Which slot is the partial.

    With `together`, it is to be differentiated again where several operands move.
    """

    if not cython.compiled:
        __slots__ = ("inputs", "result", "steps")

    def __init__(self, row: Primitive, i: int, together: bool) -> None:
        rules = row.together if together and row.together else row.partials
        rule = row.partial if isinstance(row, Variadic) else rules[i]
        self.inputs = 3 if isinstance(row, Variadic) else len(row.partials) + 1
        builder = Builder(self.inputs)
        self.result = index_of(builder, rule(*[Slot(builder, k) for k in range(self.inputs)]))
        self.steps: Steps = builder.steps


_VARIADIC = bytes([isinstance(row, Variadic) for row in TABLE])
_TOGETHER = bytes([bool(row.together) for row in TABLE])
_partials: list[Partial | None] = [None] * (2 * MOST_OPERANDS * (FIRST_CODE + len(TABLE)))


def is_variadic(code: int) -> bool:
    """Whether the row with that code takes any number of operands."""
    return _VARIADIC[code - FIRST_CODE] != 0


def has_together(code: int) -> bool:
    """Whether the row with that code has other partials where several operands move."""
    return _TOGETHER[code - FIRST_CODE] != 0


def partial_of(code: int, i: int, together: bool = False) -> Partial:
    """∂z/∂xᵢ of the row with that code; i is 0 for a row of any number of operands."""
    at = 2 * (MOST_OPERANDS * code + i) + together
    found = _partials[at]
    if found is None:
        found = _partials[at] = Partial(TABLE[code - FIRST_CODE], i, together)
    return found
