"""One of two things, by a condition that is a Value: a number, or numbers in a structure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd.border.conversion import is_number
from autograd.border.wording import brief
from autograd.calculus.table import where
from autograd.engine.reading import is_selected
from autograd.values.value import Value

__all__ = ["AsItIs", "Unmergeable", "chosen", "is_chosen", "is_mergeable", "is_value", "selected"]


class AsItIs(BaseException):
    """The function is to be run as it is: it asks which number another is, and a select gives one that is neither."""


class Unmergeable(Exception):
    """Two things of which no select can choose one: they are no numbers, and not the same."""


def is_value(x: Any) -> bool:
    """Whether it is a Value."""
    return isinstance(x, Value)


def is_one(x: Any) -> bool:
    """Whether it is a number that a select may choose: a Value, or a real number that is no truth value."""
    return isinstance(x, Value) or (is_number(x) and not isinstance(x, bool))


def selected(condition: Value, x: Any, y: Any) -> Value:
    """`x` where the condition is not 0, else `y`, of numbers: a Value, which is neither, though eagerly it is one.

    So it is marked. A derivative by one of them is not one by it, their places in a dict are not its, and where things
    are looked for a nan is found by identity only.
    """
    found: Value = where(condition, x, y)
    vars(found)["selected"] = True
    return found


def is_chosen(x: Any) -> bool:
    """Whether it is such a number."""
    return isinstance(x, Value) and is_selected(x)


def chosen(condition: Value, x: Any, y: Any) -> Any:
    """`x` where the condition is not 0, else `y`: numbers as a select, structures element by element.

    Raises:
        Unmergeable: they are no numbers, and not the same.

    Cost: a step for each number that differs.
    """
    if x is y:
        return x
    if is_one(x) and is_one(y):
        if is_same_number(x, y):
            return x
        return selected(condition, x, y)
    if type(x) is type(y):
        if type(x) in (tuple, list) and len(x) == len(y):
            return type(x)([chosen(condition, a, b) for a, b in zip(x, y, strict=True)])
        if type(x) is dict and list(x) == list(y):
            return {key: chosen(condition, x[key], y[key]) for key in x}
        if type(x) in (str, bytes, bool, type(None)) and x == y:
            return x
    raise Unmergeable(f"{brief(x)} and {brief(y)}")


def is_same_number(x: Any, y: Any) -> bool:
    """Whether two numbers of one type have the same bits: then there is nothing to choose."""
    if isinstance(x, Value) or type(x) is not type(y):
        return False
    return bool(x == y) and math.copysign(1.0, x) == math.copysign(1.0, y)


def is_mergeable(things: Sequence[Any]) -> bool:
    """Whether any of them may be chosen in place of any other.

    Whole numbers among Values count as the floats they are equal to; whole numbers alone are counts and indices, of
    which a select would make what can be neither.
    """
    first = things[0]
    if any(type(x) is int for x in things) and not any(isinstance(x, Value) for x in things):
        return False
    if is_one(first):
        return all(map(is_one, things))
    if type(first) not in (tuple, list):
        return False
    if any(type(x) is not type(first) or len(x) != len(first) for x in things):
        return False
    return all(is_mergeable(column) for column in zip(*things, strict=True))
