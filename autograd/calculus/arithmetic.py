"""Python's operators as rows of the table, for any type that says what a row does to it.

An interpreter of the table is one method: `__apply_primitive__(row, operands)`. What is written over numbers then runs
on floats that divide as IEEE says, on expressions, on the slots of a program. Value has its own operators, for speed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.calculus import table
from autograd.calculus.primitive import Primitive

__all__ = ["COMPARISONS", "Arithmetic", "Comparison", "Conditions"]


class Arithmetic:
    """A type on which `+ - * / **` apply rows of the table."""

    __slots__ = ()

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Any:
        """What the row makes of the operands, of which this is one."""
        raise NotImplementedError

    # fmt: off
    def __add__(self, other: Any) -> Any: return self.__apply_primitive__(table.add, (self, other))
    def __radd__(self, other: Any) -> Any: return self.__apply_primitive__(table.add, (other, self))
    def __sub__(self, other: Any) -> Any: return self.__apply_primitive__(table.sub, (self, other))
    def __rsub__(self, other: Any) -> Any: return self.__apply_primitive__(table.sub, (other, self))
    def __mul__(self, other: Any) -> Any: return self.__apply_primitive__(table.mul, (self, other))
    def __rmul__(self, other: Any) -> Any: return self.__apply_primitive__(table.mul, (other, self))
    def __truediv__(self, other: Any) -> Any: return self.__apply_primitive__(table.div, (self, other))
    def __rtruediv__(self, other: Any) -> Any: return self.__apply_primitive__(table.div, (other, self))
    def __pow__(self, other: Any) -> Any: return self.__apply_primitive__(table.pow, (self, other))
    def __rpow__(self, other: Any) -> Any: return self.__apply_primitive__(table.pow, (other, self))
    def __neg__(self) -> Any: return self.__apply_primitive__(table.neg, (self,))
    # fmt: on


class Comparison(NamedTuple):
    """What decides a comparison of Python's: a row, with its operands swapped or not, and whether it must hold."""

    symbol: str
    function: Callable[[Any, Any], Any]
    row: Primitive
    swapped: bool
    holds: bool

    @property
    def method(self) -> str:
        """The name of its method, without underscores."""
        return self.function.__name__


COMPARISONS = (
    Comparison("==", operator.eq, table.equal, False, True),
    Comparison("!=", operator.ne, table.equal, False, False),
    Comparison("<", operator.lt, table.less, False, True),
    Comparison("<=", operator.le, table.less_equal, False, True),
    Comparison(">", operator.gt, table.less, True, True),
    Comparison(">=", operator.ge, table.less_equal, True, True),
)
"""The comparisons of Python."""


class Conditions(Arithmetic):
    """A type whose comparisons too are rows: they give 1 or 0, which decides a `where`."""

    __slots__ = ()

    def __and__(self, other: Any) -> Any:
        return self.__apply_primitive__(table.both, (self, other))

    def __hash__(self) -> int:
        return id(self)


def _condition(how: Comparison) -> Callable[[Any, Any], Any]:
    def compare(x: Any, other: Any) -> Any:
        return x.__apply_primitive__(how.row, (other, x) if how.swapped else (x, other))

    return compare


for _how in COMPARISONS:
    if _how.holds:  # no row says that it is not so
        setattr(Conditions, f"__{_how.method}__", _condition(_how))
