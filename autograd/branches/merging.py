"""What two branches bind to one name, merged: numbers as selects, truth values as conditions."""

from __future__ import annotations

from typing import Any

from autograd.border.conversion import LARGEST_WHOLE
from autograd.border.wording import brief
from autograd.branches.choice import Unmergeable, is_same_number, selected
from autograd.branches.conditions import (
    MISSING,
    NOTHING,
    Chosen,
    Condition,
    Missing,
    kind_of,
    most_of,
    number_of,
)
from autograd.calculus.table import where
from autograd.values.value import Value

__all__ = ["Merger"]


class Merger:
    """Merges what the two sides of a branch bind.

    Attributes:
        shared: Lists and dicts that a merged one was made of, and merged ones, by identity: to change one of them in
            place would not change what it is elsewhere.
    """

    def __init__(self) -> None:
        self.shared: dict[int, Any] = {}

    def merged(self, condition: Condition, x: Any, y: Any, site: Any) -> Any:
        """`x` where the condition holds, else `y`.

        Raises:
            Unmergeable: no select can choose between them.
        """
        if x is y:
            return x
        if x is NOTHING or y is NOTHING:
            return y if x is NOTHING else x
        if isinstance(x, Missing) or isinstance(y, Missing):
            return MISSING
        kinds = type(x), type(y)
        if kinds[0] in (bool, Condition) and kinds[1] in (bool, Condition):
            return of_truths(condition, x, y)
        one, other = number_of(x), number_of(y)
        if one is not None and other is not None:
            return of_numbers(condition, x, y, one, other, site)
        if kinds[0] is kinds[1]:
            if kinds[0] in (tuple, list) and len(x) == len(y):
                things = kinds[0]([self.merged(condition, a, b, site) for a, b in zip(x, y, strict=True)])
                return self._sharing(things, x, y) if kinds[0] is list else things
            if kinds[0] is dict and list(x) == list(y):
                return self._sharing({key: self.merged(condition, x[key], y[key], site) for key in x}, x, y)
            if kinds[0] in (str, bytes) and x == y:
                return x
        raise Unmergeable(f"{described(x)} and {described(y)}")

    def _sharing(self, found: Any, *sources: Any) -> Any:
        """What was merged; it and what it was made of are not to be changed in place."""
        for each in (found, *sources):
            self.shared[id(each)] = each
        return found

    def is_shared(self, x: Any) -> bool:
        """Whether to change this in place would be seen in one place and not in another."""
        return bool(self.shared) and id(x) in self.shared


def of_truths(condition: Condition, x: Any, y: Any) -> Any:
    """The same of two truth values."""
    if type(x) is bool and type(y) is bool:
        if x is y:
            return x
        return condition if x else condition.opposite()
    if x is True:
        return condition | y
    if x is False:
        return condition.opposite() & y
    if y is False:
        return condition & x
    if y is True:
        return condition.opposite() | x
    return Condition("", where(condition.value, x.value, y.value), site=condition.site)


def of_numbers(condition: Condition, x: Any, y: Any, one: Any, other: Any, site: Any) -> Any:
    """The same of two numbers: a Value if both are."""
    if isinstance(x, Value) and isinstance(y, Value):
        return selected(condition.value, one, other)
    if type(x) is type(y) and type(x) is not Chosen and is_same_number(x, y):
        return x
    kinds = {whole_of(each) for each in (x, y)}
    whole, most = kinds.pop() if len(kinds) == 1 else "some", max(most_of(x), most_of(y))
    if most > LARGEST_WHOLE:
        raise Unmergeable("ints beyond 2**53, of which not every one is a float")
    return Chosen(selected(condition.value, one, other), site, whole, most)


def whole_of(x: Any) -> str:
    """Whether a number is an int in all rows, in some or in none."""
    if type(x) is Chosen:
        return x.whole
    return "all" if type(x) is Condition else "none" if isinstance(x, Value) else kind_of(x)


def described(x: Any) -> str:
    """A thing for a message."""
    return "True or False" if type(x) in (bool, Condition) else "a number" if number_of(x) is not None else brief(x)
