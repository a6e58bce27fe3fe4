"""What a model and its loss go by besides weights and samples: what a recording takes as it is, and has to follow."""

from functools import partial
from itertools import chain
from operator import is_
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from autograd import Value
from nn.modules.calls import modules_in, referred_to
from nn.parts.walk import Structured, Walk

__all__ = ["Settings"]

KINDS = (bool, int, float, str, np.generic)

FUNCTIONS = (FunctionType, MethodType, partial)

LARGEST = 100_000
"""Arrays of more numbers are data, not settings."""


class Held:
    """What a list, a dict, an array or a module holds at a time.

    Two are equal if the same things are in them; what a model computed and keeps does not matter.
    """

    __slots__ = ("items", "names")

    def __init__(self, container: Any) -> None:
        names: Any = None
        if isinstance(container, np.ndarray):
            items: Any = container.copy() if container.dtype != object else container.reshape(-1).tolist()
        else:
            held = vars(container) if isinstance(container, Structured) else container
            if isinstance(held, dict):  # without what a model computed and keeps
                held = {name: x for name, x in held.items() if not is_computed(x)}
                names = list(held)
            items = list(held.values()) if isinstance(held, dict) else list(held)
        self.names, self.items = names, items

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Held) or self.names != other.names:
            return False
        mine, theirs = self.items, other.items
        if isinstance(mine, np.ndarray) or isinstance(theirs, np.ndarray):
            return type(mine) is type(theirs) and np.array_equal(mine, theirs, equal_nan=mine.dtype.kind == "f")
        if len(mine) != len(theirs):
            return False
        return all(map(is_, mine, theirs)) or all(map(alike, mine, theirs))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{len(self.items)} items"


def alike(x: Any, y: Any) -> bool:
    """Whether two things are the same, equal numbers, or both computed by a model."""
    if x is y or (isinstance(x, KINDS) and isinstance(y, KINDS) and type(x) is type(y) and same(x, y)):
        return True
    return is_computed(x) and is_computed(y)


def is_computed(x: Any) -> bool:
    """Whether something is what a model computed: Values that are no leaves, in lists or not; or room for it."""
    if isinstance(x, (list, tuple, dict)):
        return all(map(is_computed, x))
    if x is None:
        return True
    return isinstance(x, Value) and (bool(x.operands) or (x.is_constant and not x.is_frozen))


class Snapshot(list[tuple[str, Any]]):
    """Settings at a time, by name.

    Attributes:
        items: What containers hold, one after the other.
        rest: What is in arrays, and what functions use.
    """

    items: list[Any]
    rest: list[tuple[str, Any]]


class Settings:
    """The attributes of modules, what is in their lists and dicts, and the variables that functions use.

    Args:
        things: Models and losses. Functions of nn are not looked into.

    >>> from nn import Dropout
    >>> dropout = Dropout(0.5)
    >>> settings = Settings(dropout)
    >>> before = settings.now()
    >>> dropout.p = 0.25
    >>> Settings.difference(before, settings.now())
    'p was 0.5 and became 0.25'
    """

    def __init__(self, *things: Any) -> None:
        own = [x for x in things if not is_function_of_nn(x)]
        modules = [modules_in(x) for x in own if callable(x)]
        containers = Walk(modules).containers
        self._modules = [x for x in containers if isinstance(x, Structured)]
        self._others = [x for x in containers if not isinstance(x, Structured) and x is not modules]
        self._functions = [x for x in own if not isinstance(x, Structured)]
        held = [vars(x) if isinstance(x, Structured) else x for x in (*self._modules, *self._others)]
        self._views = [x.values() if isinstance(x, dict) else x for x in held if isinstance(x, (dict, list))]
        self._arrays = [(name, x) for module in self._modules for name, x in vars(module).items() if is_small(x)]
        for cls in {type(x) for x in self._modules}:
            if cls.__module__.partition(".")[0] != "nn":
                self._functions += [f for f in vars(cls).values() if isinstance(f, FunctionType)]

    def now(self) -> "Snapshot":
        """All of them as they are, each with its name."""
        found = Snapshot(
            (name, x) for module in self._modules for name, x in vars(module).items() if isinstance(x, KINDS)
        )
        found += [(type(x).__name__, Held(x)) for x in (*self._modules, *self._others)]
        found.items, found.rest = list(chain.from_iterable(self._views)), self._rest()
        found += found.rest
        return found

    def are(self, before: "Snapshot") -> bool:
        """Whether all are as they were; where the same things are held, that is seen without a look at each."""
        same_size = sum(map(len, self._views)) == len(before.items) and self._rest() == before.rest
        if same_size and all(map(is_, chain.from_iterable(self._views), before.items)):
            return True
        return not self.difference(before, self.now())

    def _rest(self) -> list[tuple[str, Any]]:
        """Arrays, which change in place, and what functions use."""
        found: list[tuple[str, Any]] = [(name, Held(x)) for name, x in self._arrays]
        for function in self._functions:
            waiting, met = [function], set()
            while waiting:
                f = waiting.pop()
                if id(f) in met:
                    continue
                met.add(id(f))
                for name, x in referred_to(f):
                    if isinstance(x, KINDS):
                        found.append((name, x))
                    elif isinstance(x, (list, dict)) or is_small(x):
                        found.append((name, Held(x)))
                    elif isinstance(x, FUNCTIONS) and not is_function_of_nn(x):
                        waiting.append(x)
        return found

    @staticmethod
    def difference(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> str:
        """What became of the first that changed; "" if none did.

        >>> Settings.difference([("p", 0.5)], [("p", 0.5)])
        ''
        """
        if len(before) == len(after) and all(
            x[0] == y[0] and same(x[1], y[1]) for x, y in zip(before, after, strict=True)
        ):
            return ""
        for (name, old), (other, new) in zip(before, after, strict=False):
            if name == other and not same(old, new):
                if isinstance(old, Held):
                    return f"what is in {name} became something else"
                return f"{name} was {old!r} and became {new!r}"
        return "its attributes became others"


def is_small(x: Any) -> bool:
    """Whether something is an array of few numbers."""
    return isinstance(x, np.ndarray) and x.dtype != object and x.size <= LARGEST


def same(x: Any, y: Any) -> bool:
    """Whether both are equal; nan is nan."""
    if isinstance(x, Held) or isinstance(y, Held):
        return bool(x == y)
    return bool(x == y) or repr(x) == repr(y)


def is_function_of_nn(x: Any) -> bool:
    """Whether a function is one of nn's or autograd's, which has no variables of a user's."""
    return isinstance(x, FunctionType) and x.__module__.partition(".")[0] in ("nn", "autograd")
