"""What a merged branch leaves behind: conditions that are not decided, numbers that rows differ in, names unbound.

In a merged run stand for True and False `Condition`s, for plain numbers that depend on the branch `Chosen` ones. They
do in arithmetic and comparisons what Python's do; whatever asks for more than that, an index, a type, a key, raises
`Failure`, which sends the branch back to guards.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd.border.conversion import LARGEST_WHOLE, is_number
from autograd.calculus.table import both, equal, less, less_equal
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.values.value import Value

__all__ = [
    "MISSING",
    "NOTHING",
    "SUSPECTS",
    "Chosen",
    "Condition",
    "Failure",
    "Missing",
    "most_of",
    "number_of",
    "peeked",
]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


class Failure(BaseException):
    """A site cannot be merged, seen while it was: for this reason. No error of the user's, and caught by none."""

    def __init__(self, site: Any, reason: str) -> None:
        super().__init__(reason)
        self.site, self.reason = site, reason


class Missing:
    """What stands for a name that is not bound."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return self.what


SUSPECTS: ContextVar[list[Any]] = ContextVar("suspects")
"""Numbers of the run that goes on which a guard at its end says to be finite."""

MISSING = Missing("not bound on every way")
NOTHING = Missing("not returned yet")


class Condition:
    """What a comparison gives before it is decided: `bool` decides it, by a guard; `value` is it as 1 or 0.

    Args:
        how: The comparison, or "" if `left` is 1 or 0 already.
        left, right: Its operands.
        negated: Whether it holds where the comparison does not.
        site: The place where it came about.
        sources: Conditions that it was made of.

    Attributes:
        asked: Where it was decided, or what was made of it: the place in the code; None if it was not.
    """

    __slots__ = ("_made", "asked", "how", "known", "left", "negated", "right", "site", "sources")
    __array_ufunc__ = None

    def __init__(
        self,
        how: str,
        left: Any,
        right: Any = None,
        negated: bool = False,
        site: Any = None,
        sources: tuple[Condition, ...] = (),
    ) -> None:
        self.site, self.sources = site, sources
        self.asked: Any = None
        self.how, self.left, self.right, self.negated = how, left, right, negated
        self.known: bool | None = None
        self._made: Any = None

    def __bool__(self) -> bool:
        if self.known is None:
            found = bool(OPERATORS[self.how](self.left, self.right)) if self.how else bool(self.left != 0.0)
            self.known = found is not self.negated
            around = recorder()
            place = around.places[-1] if around is not None and around.places else ()
            stack = [self]
            while stack:
                each = stack.pop()
                if each.asked is None:
                    each.asked = place
                    stack += each.sources
        return self.known

    @property
    def value(self) -> Any:
        """1 where it holds, else 0; a step, and no guard."""
        if self._made is None:
            x, y = self.left, self.right
            match self.how:
                case "<":
                    made = less(x, y)
                case ">":
                    made = less(y, x)
                case "<=":
                    made = less_equal(x, y)
                case ">=":
                    made = less_equal(y, x)
                case "":
                    made = x
                case _:
                    made = equal(x, y)
            self._made = equal(made, 0.0) if self.negated is not (self.how == "!=") else made
        return self._made

    def stand(self) -> None:
        """Have its step made here, before those of what it decides about."""
        assert self.value is not None

    def opposite(self) -> Condition:
        """What holds where this does not."""
        if self._made is not None:
            return Condition("", self._made, negated=True, site=self.site, sources=(self,))
        return Condition(self.how, self.left, self.right, not self.negated, self.site, (self,))

    def __and__(self, other: Any) -> Any:
        if type(other) is bool:
            return self if other else False
        if type(other) is not Condition:
            return bool(self) & other
        return Condition("", both(self.value, other.value), site=self.site, sources=(self, other))

    def __or__(self, other: Any) -> Any:
        if type(other) is bool:
            return True if other else self
        if type(other) is not Condition:
            return bool(self) | other
        made = both(self.opposite().value, other.opposite().value)
        return Condition("", made, negated=True, site=self.site, sources=(self, other))

    __rand__, __ror__ = __and__, __or__

    def as_number(self) -> Chosen:
        """The number that it is in arithmetic, as True is 1."""
        return Chosen(self.value, self.site, "all", 1.0)

    def __index__(self) -> int:
        return int(bool(self))

    def __hash__(self) -> int:
        return hash(bool(self))

    def __str__(self) -> str:
        return str(bool(self))

    def __format__(self, how: str) -> str:
        return format(bool(self), how)


class Chosen:
    """A number that is no Value in some rows at least, and not the same in all of them.

    Args:
        value: It, as a Value.
        site: Where it was chosen.
        whole: Whether it is an int: in "all" rows, in "some" or in "none".
        most: How large it may be where it is an int: Python's ints are exact, floats only up to `LARGEST_WHOLE`.
    """

    __slots__ = ("most", "site", "value", "whole")
    __array_ufunc__ = None

    def __init__(self, value: Any, site: Any, whole: str, most: float = 0.0) -> None:
        self.value, self.site, self.whole, self.most = value, site, whole, most
        if most > LARGEST_WHOLE:
            raise Failure(site, "what it chose is an int that may be beyond 2**53, where not every float is one")

    def __bool__(self) -> bool:
        return bool(self.value != 0.0)

    def __neg__(self) -> Any:
        return self._signed(-self.value, self.whole, self.most)

    def __pos__(self) -> Chosen:
        return self

    def __abs__(self) -> Chosen:
        return Chosen(abs(self.value), self.site, self.whole, self.most)

    def _signed(self, found: Any, whole: str, most: float) -> Chosen:
        """A product: of whole numbers its 0 has no sign."""
        if whole == "all":
            found = found + 0.0
        elif whole == "some" and found == 0.0:
            raise Failure(self.site, "what it chose is 0, and whether that has a sign depends on the branch")
        return Chosen(found, self.site, whole, most)

    def _suspect(self, bad: bool, found: Any) -> None:
        """A number that Python would not have come to where it is not finite."""
        if bad:
            raise Failure(
                self.site, "what it chose is divided by, or raised to a power, and Python's floats refuse that"
            )
        SUSPECTS.get().append(found)

    def _apply(self, how: str, x: Any, y: Any) -> Any:
        """The result for two operands, of which this is one."""
        one, other = number_of(x), number_of(y)
        if one is None or other is None:
            if isinstance(x, (str, bytes, list, tuple)) or isinstance(y, (str, bytes, list, tuple)):
                raise Failure(self.site, "what it chose is used as a count")
            raise Failure(self.site, "what it chose is used together with something that is no number")
        if isinstance(x, Value) or isinstance(y, Value):
            return ARITHMETIC[how](one, other)
        kinds = {x.whole if type(x) is Chosen else kind_of(x), y.whole if type(y) is Chosen else kind_of(y)}
        whole = "none" if "none" in kinds else "all" if kinds == {"all"} else "some"  # a float makes floats of all
        if how == "/":
            whole = "none"
            if not isinstance(other, Value) and other == 0.0:
                raise Failure(self.site, "what it chose is divided by 0")
        most = 0.0 if whole == "none" else most_after(how, most_of(x), most_of(y))
        found = ARITHMETIC[how](one, other)
        if how == "/" and isinstance(other, Value):
            self._suspect(data_of(other) == 0.0, found)
        if how == "*":
            return self._signed(found, whole, most)
        if how == "**":
            if type(y) is not int or y < 0:
                raise Failure(self.site, "a power of what it chose may be none")
            whole = "some" if type(x) is not Chosen else x.whole
            if whole != "all":
                self._suspect(math.isinf(data_of(found)) and not math.isinf(data_of(one)), found)
        return Chosen(found, self.site, whole, most)

    def _compare(self, how: str, other: Any) -> Any:
        """A condition."""
        y = number_of(other)
        return NotImplemented if y is None else Condition(how, self.value, y)

    # fmt: off
    def __add__(self, y: Any) -> Any: return self._apply("+", self, y)
    def __radd__(self, x: Any) -> Any: return self._apply("+", x, self)
    def __sub__(self, y: Any) -> Any: return self._apply("-", self, y)
    def __rsub__(self, x: Any) -> Any: return self._apply("-", x, self)
    def __mul__(self, y: Any) -> Any: return self._apply("*", self, y)
    def __rmul__(self, x: Any) -> Any: return self._apply("*", x, self)
    def __truediv__(self, y: Any) -> Any: return self._apply("/", self, y)
    def __rtruediv__(self, x: Any) -> Any: return self._apply("/", x, self)
    def __pow__(self, y: Any) -> Any: return self._apply("**", self, y)
    def __rpow__(self, x: Any) -> Any: return self._apply("**", x, self)
    def __lt__(self, y: Any) -> Any: return self._compare("<", y)
    def __le__(self, y: Any) -> Any: return self._compare("<=", y)
    def __gt__(self, y: Any) -> Any: return self._compare(">", y)
    def __ge__(self, y: Any) -> Any: return self._compare(">=", y)
    def __eq__(self, y: Any) -> Any: return self._compare("==", y)
    def __ne__(self, y: Any) -> Any: return self._compare("!=", y)
    # fmt: on

    def __getattr__(self, name: str) -> Any:
        raise Failure(self.site, f"what it chose is asked for its {name}")

    def __repr__(self) -> str:
        return f"<chosen {self.value!r}>"


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
}  # fmt: skip

REFUSED = [
    "hash", "index", "int", "float", "complex", "round", "trunc", "floor", "ceil", "str", "format", "len", "iter",
    "next", "getitem", "setitem", "delitem", "contains", "call", "mod", "rmod", "floordiv", "rfloordiv", "divmod",
    "rdivmod",
    "lshift", "rlshift", "rshift", "rrshift", "and", "rand", "or", "ror", "xor", "rxor", "invert", "matmul", "rmatmul",
    "enter", "exit",
]  # fmt: skip
"""What a chosen number does not do."""

for _name in REFUSED:

    def _refuse(self: Chosen, *_: Any, name: str = _name) -> Any:
        raise Failure(self.site, f"what it chose must be a plain number (for {name})")

    setattr(Chosen, f"__{_name}__", _refuse)

for _name, _how in {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**"}.items():

    def _forward(self: Condition, y: Any, how: str = _how) -> Any:
        return ARITHMETIC[how](self.as_number(), y.as_number() if type(y) is Condition else y)

    def _backward(self: Condition, x: Any, how: str = _how) -> Any:
        return ARITHMETIC[how](x, self.as_number())

    setattr(Condition, f"__{_name}__", _forward)
    setattr(Condition, f"__r{_name}__", _backward)

for _name, _how in {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}.items():

    def _plainly(self: Condition, y: Any, how: str = _how) -> Any:
        return OPERATORS[how](bool(self), bool(y) if type(y) is Condition else y)

    setattr(Condition, f"__{_name}__", _plainly)


def most_of(x: Any) -> float:
    """How large a number may be where it is an int; 0 of what never is."""
    if type(x) is Chosen:
        return x.most
    if type(x) is Condition:
        return 1.0
    return abs(float(x)) if isinstance(x, (int, np.integer)) else 0.0


def most_after(how: str, x: float, y: float) -> float:
    """The same of what an operator gives, an int where both are."""
    if how in ("+", "-"):
        return x + y
    if how == "**":
        return x**y if x <= 1.0 or y * math.log2(x) < 1000.0 else math.inf
    return x * y


def kind_of(x: Any) -> str:
    """Whether a plain number is whole."""
    return "all" if isinstance(x, int) else "none"


def number_of(x: Any) -> Any:
    """A Value or a float for a number of any kind here; None for what is none, or is no double."""
    if isinstance(x, Value):
        return x
    if type(x) is Chosen:
        return x.value
    if type(x) is Condition:
        return x.value
    if type(x) is float:
        return x
    if is_number(x):
        try:
            number = float(x)
        except (OverflowError, TypeError, ValueError):
            return None
        return number if number == x or number != number else None
    return None


def peeked(condition: Condition) -> bool:
    """Whether it holds in the row that is being recorded: for bounds, which others' rows need not keep to."""
    if condition.known is not None:
        return condition.known
    x, y = [data_of(each) if isinstance(each, Value) else each for each in (condition.left, condition.right)]
    return bool(OPERATORS[condition.how](x, y) if condition.how else x != 0.0) is not condition.negated
