"""Numbers of another library, and a function of Values run on them.

A function runs on `Foreign` numbers, which have the operators, the methods and the functions that Values have. What a
row does to them an `Interpreter` says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograd.border.wording import brief
from autograd.calculus import composed, table
from autograd.calculus.arithmetic import COMPARISONS, Arithmetic, Comparison
from autograd.calculus.arrays import is_array, map_rows
from autograd.calculus.primitive import Primitive, Variadic
from autograd.derivatives.calls import Call
from autograd.structures.trees import flatten
from autograd.values.value import Value

__all__ = ["ROWS", "Foreign", "Interpreter", "Run", "each"]

ROWS = {name: row for row in table.TABLE for name in (row.name, *row.alias)}


class Interpreter:
    """What rows of the table do to numbers of another library.

    Attributes:
        name: What a message calls the library.
        advice: What to do where it has no such thing, for messages.
    """

    name: str
    advice: str

    def apply(self, row: Primitive, operands: Sequence[Any]) -> Any:
        """The row, by the library's function.

        Raises:
            NotImplementedError: it has none.
        """
        raise NotImplementedError

    def number(self, x: float) -> Any:
        """A double as a number of the library."""
        raise NotImplementedError

    def stacked(self, numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """Numbers as an array of the library."""
        raise NotImplementedError

    def compared(self, x: Any) -> Any:
        """What a number is ordered by; it equals another if it is the same."""
        return x

    def as_number(self, x: Any) -> Any:
        """An operand as the library's number; a Value that a function uses besides its arguments is a constant."""
        if isinstance(x, Foreign):
            return x.number
        return self.number(x.data if isinstance(x, Value) else float(x))

    def as_written(self, row: Primitive, operands: Sequence[Any]) -> Any:
        """A function of a user's own, run on these numbers.

        Raises:
            NotImplementedError: it is written for floats.
        """
        try:
            given = [Foreign(self, x) for x in operands]
            found = row.value([*given]) if isinstance(row, Variadic) else row.value(*given)
            return self.as_number(found)
        except NotImplementedError:
            raise
        except Exception as error:  # whatever a function of the user's makes of numbers that are no floats
            raise NotImplementedError(
                f"{row.name}, a function of your own, cannot be run on numbers of {self.name} ({error}): write its "
                f"value with functions of autograd in place of those of math, or {self.advice}"
            ) from error


class Foreign(Arithmetic):
    """A number of another library, with the operators, methods and functions of a Value.

    Args:
        home: What rows do to it.
        number: As the library has it.
    """

    __slots__ = ("home", "number")

    def __init__(self, home: Interpreter, number: Any) -> None:
        self.home, self.number = home, number

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Any:
        if any(map(is_array, operands)):
            return map_rows(primitive, operands, primitive.name)
        return Foreign(self.home, self.home.apply(primitive, [self.home.as_number(x) for x in operands]))

    def __getattr__(self, name: str) -> Any:
        row = ROWS.get(name)
        if row is None:
            raise AttributeError(
                f"a number of {self.home.name} has no {name!r} here, only operators and functions of the table: "
                f"{self.home.advice}"
            )
        return lambda *others: self.__apply_primitive__(row, (self, *others))

    def clip(self, low: Any, high: Any) -> Any:
        """The number where it is between two, else the nearer one."""
        return composed.clip(self, low, high)

    # fmt: off
    def __hash__(self) -> int: return id(self)
    def __bool__(self) -> bool: return bool(self.number != 0)
    def __pos__(self) -> Foreign: return self
    def __abs__(self) -> Any: return self.__apply_primitive__(table.abs, (self,))
    def __floor__(self) -> Any: return self.__apply_primitive__(table.floor, (self,))
    def __ceil__(self) -> Any: return self.__apply_primitive__(ROWS["ceil"], (self,))
    def __trunc__(self) -> Any: return self.__apply_primitive__(ROWS["trunc"], (self,))
    def __round__(self, digits: int | None = None) -> Any: return composed.rounded(self, digits or 0)
    def __mod__(self, other: Any) -> Any: return self.__apply_primitive__(ROWS["remainder"], (self, other))
    def __rmod__(self, other: Any) -> Any: return self.__apply_primitive__(ROWS["remainder"], (other, self))
    def __floordiv__(self, other: Any) -> Any: return self.__apply_primitive__(ROWS["floor_divide"], (self, other))
    def __rfloordiv__(self, other: Any) -> Any: return self.__apply_primitive__(ROWS["floor_divide"], (other, self))
    def __divmod__(self, other: Any) -> Any: return self // other, self % other
    def __rdivmod__(self, other: Any) -> Any: return other // self, other % self
    # fmt: on


def _comparison(how: Comparison) -> Callable[[Foreign, Any], bool]:
    whole = how.row is table.equal

    def compare(x: Foreign, other: Any) -> bool:
        a, b = x.number, x.home.as_number(other)
        return bool(how.function(a, b) if whole else how.function(x.home.compared(a), x.home.compared(b)))

    return compare


for _how in COMPARISONS:
    setattr(Foreign, f"__{_how.method}__", _comparison(_how))


class Run:
    """A function of a list of numbers of a library, which gives a list of them.

    Args:
        home: What rows do to them.
        call: The call of the function on Values, for the structure of arguments and results.
        args: The arguments.
        function: What is run.
        plainly: On numbers and arrays of the library themselves, not on `Foreign` ones.
    """

    def __init__(
        self, home: Interpreter, call: Call, args: Sequence[Any], function: Callable[..., Any], plainly: bool = False
    ) -> None:
        self.home, self.call, self.args, self.function, self.plainly = home, call, args, function, plainly

    def __call__(self, numbers: Sequence[Any]) -> list[Any]:
        """The results.

        Raises:
            AssertionError: there are more or fewer than ours.
        """
        call, home = self.call, self.home
        whole, at = list(self.args), 0
        for k, part in zip(call.argnums, call.parts, strict=True):
            leaves = []
            for shape in part.shapes:
                count = 1 if shape is None else math.prod(shape)
                items = list(numbers[at : at + count])
                at += count
                leaves.append(self.leaf(items, shape))
            whole[k] = part.joined(leaves)
        found = self.function(*whole)
        results = [y for leaf in flatten(found)[0] for y in each(home, leaf, call.name)]
        if len(results) != len(call.results.values):
            raise AssertionError(f"{call.name}: {home.name} has {len(results)} results, and ours are {call.results}")
        return results

    def leaf(self, items: list[Any], shape: tuple[int, ...] | None) -> Any:
        """A number, or an array of these numbers, as the function takes it."""
        if self.plainly:
            return items[0] if shape is None else self.home.stacked(items, shape)
        items = [Foreign(self.home, x) for x in items]
        if shape is None:
            return items[0]
        array = np.empty(len(items), dtype=object)
        array[:] = items
        return array.reshape(shape)


def each(home: Interpreter, leaf: Any, what: str) -> Iterable[Any]:
    """The numbers in a leaf of a result, as the library has them.

    Raises:
        TypeError: it is no number.
    """
    if isinstance(leaf, (Foreign, Value, int, float, np.number)):
        return [home.as_number(leaf)]
    if isinstance(leaf, np.ndarray):
        return [y for x in leaf.ravel().tolist() for y in each(home, x, what)]
    if hasattr(leaf, "reshape"):
        return list(leaf.reshape(-1))
    raise TypeError(f"{what}: with {home.name} it gave a {type(leaf).__name__}, {brief(leaf)}")
