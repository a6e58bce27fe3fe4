"""Numbers, flags and text that a model and its loss go by: what a recording takes as it is, and has to follow."""

from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from nn.modules.calls import modules_in, referred_to
from nn.parts.walk import Structured, Walk

__all__ = ["Settings"]

KINDS = (bool, int, float, str, type(None), np.generic)

FUNCTIONS = (FunctionType, MethodType, partial)


class Settings:
    """The attributes of modules that are numbers, flags or text, and the variables that functions use.

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
        self._modules = [x for x in Walk(modules).containers if isinstance(x, Structured)]
        self._functions = [x for x in own if not isinstance(x, Structured)]

    def now(self) -> list[tuple[str, Any]]:
        """All of them as they are, each with its name."""
        found = [(name, x) for module in self._modules for name, x in vars(module).items() if isinstance(x, KINDS)]
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
                    elif isinstance(x, FUNCTIONS) and not is_function_of_nn(x):
                        waiting.append(x)
        return found

    @staticmethod
    def difference(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> str:
        """What became of the first that changed; "" if none did.

        >>> Settings.difference([("p", 0.5)], [("p", 0.5)])
        ''
        """
        if same(before, after):
            return ""
        for (name, old), (other, new) in zip(before, after, strict=False):
            if name == other and not same(old, new):
                return f"{name} was {old!r} and became {new!r}"
        return "its attributes became others"


def same(x: Any, y: Any) -> bool:
    """Whether both are equal; nan is nan."""
    return bool(x == y) or repr(x) == repr(y)


def is_function_of_nn(x: Any) -> bool:
    """Whether a function is one of nn's or autograd's, which has no variables of a user's."""
    return isinstance(x, FunctionType) and x.__module__.partition(".")[0] in ("nn", "autograd")
