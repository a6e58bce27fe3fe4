"""The one way through a module: its parameters, and all else that it is."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from autograd import Value
from nn.parts.anatomy import FIRST, Container, Kept, Same, fixed
from nn.parts.buffers import is_buffer

__all__ = ["Structured", "Walk"]


class Structured:
    """The base of modules: what is looked into by its attributes."""


class Walk:
    """A way through things and what they hold: attributes, items of lists, tuples and arrays, values of dicts.

    Each thing comes before what it holds, in the order of definition; without recursion, and once even where modules
    refer in a circle.

    Args:
        root: Where it begins.
        told: What is noted of a thing that holds nothing to look into.

    Attributes:
        parameters: The leaf Values met, each once; frozen ones too.
        buffers: The buffers met, each once.
        containers: Modules, dicts, lists and arrays met, each once.
        parts: For each thing met, what an `Anatomy` has of it.
        methods: Bound methods met, each with its place in the parts. What they are bound to is not looked into.
        functions: Other functions met, which may hold on to anything.

    >>> walk = Walk([Value(1.0), {"twice": Value(2.0)}])
    >>> walk.parameters, walk.names()
    ([Value(data=1.0, grad=0.0), Value(data=2.0, grad=0.0)], ['0', '1.twice'])
    """

    def __init__(self, root: Any, told: Callable[[Any], Any] = Same) -> None:
        self.parameters: list[Value] = []
        self.buffers: list[Value] = []
        self.containers: list[Any] = []
        self.parts: list[Any] = []
        self.methods: list[tuple[int, MethodType]] = []
        self.functions: list[Any] = []
        self._told = told
        self._met: dict[int, Any] = {}  # what stands for a parameter or container that is met again
        self.through(root)

    def through(self, root: Any) -> None:
        """Go through a thing more, and note what is met."""
        parameters, containers, parts, met, told = self.parameters, self.containers, self.parts, self._met, self._told
        stack = [iter([root])]
        while stack:
            for x in stack[-1]:
                again = met.get(id(x))
                if again is not None:
                    parts.append(again)
                elif isinstance(x, Value):
                    if x.is_constant and is_buffer(x):
                        met[id(x)] = Same(x)
                        self.buffers.append(x)
                        parts.append(Kept(x))
                    elif (x.is_constant and not x.is_frozen) or x.operands:
                        parts.append(Same(x))
                    else:
                        met[id(x)] = len(parameters)
                        parameters.append(x)
                        parts.append(FIRST)
                elif (found := opened(x)) is not None:
                    container, items = found
                    if container.mutable:
                        met[id(x)] = ("again", len(containers))
                        containers.append(x)
                    parts.append(container)
                    stack.append(iter(items))
                    break
                elif type(x) is MethodType:
                    self.methods.append((len(parts), x))
                    parts.append(x)
                else:
                    parts.append(told(x))
                    if isinstance(x, (FunctionType, partial)):
                        self.functions.append(x)
            else:
                stack.pop()

    def has_met(self, x: Any) -> bool:
        """Whether a thing is one of the parameters or containers."""
        return id(x) in self._met

    def names(self, buffers: bool = False) -> list[str]:
        """The path of each parameter, where it was met first: attributes, places and keys, joined by dots.

        With `buffers` those of the buffers.
        """
        found = []
        paths = [""]  # of what comes, the next on top
        for part in self.parts:
            path = paths.pop()
            if type(part) is Kept if buffers else part is FIRST:
                found.append(path)
            elif isinstance(part, Container):
                start = f"{path}." if path else ""
                paths += [start + name for name in reversed(part.names())]
        return found


def opened(x: Any) -> tuple[Container, Any] | None:
    """A container and its items; None for what has none that matter."""
    cls = type(x)
    if isinstance(x, Structured):
        names = tuple(vars(x))
        return Container("module", cls, len(names), names), list(vars(x).values())
    if isinstance(x, dict):
        keys = tuple([key if type(key) is str else fixed(key) for key in x])
        return Container("dict", cls, len(x), keys, None if cls in (dict, OrderedDict) else x), list(x.values())
    if isinstance(x, list):
        return Container("list", cls, len(x), None, None if cls is list else x), x
    if isinstance(x, tuple):
        return Container("tuple", cls, len(x)), x
    if isinstance(x, np.ndarray) and x.dtype == object:
        return Container("array", cls, x.size, x.shape), x.reshape(-1).tolist()
    return None
