"""Modules as arguments of compiled functions: taken apart into parameters and all else, and put together again."""

from collections import OrderedDict
from contextlib import suppress
from copy import copy
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from autograd import Value, register_structure

__all__ = ["Anatomy", "Structured", "put_together", "take_apart"]

PLAIN = (bool, bytes, int, str, type(None))
"""Types whose objects never change and are told apart by `==`; floats are too, but for nan and -0."""

FIRST = "parameter"
"""What stands for a parameter where it is met first. Where it is met again, its number does."""


class Structured:
    """The base of what `autograd.compile` takes as an argument: each class below it is registered as it is made."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        register_structure(cls, take_apart, put_together)


class Same:
    """An object that is told from others by its identity alone.

    >>> Same([]) == Same([])
    False
    """

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing) >> 4


class Anatomy:
    """All of a module but the numbers of its parameters: what tells apart modules that compute otherwise.

    Attributes:
        parts: For each thing met a parameter, a fixed thing, or a container with how many things follow for it.

    >>> from nn import Neuron
    >>> take_apart(Neuron(2))[1] == take_apart(Neuron(2))[1], take_apart(Neuron(2))[1] == take_apart(Neuron(3))[1]
    (True, False)
    """

    __slots__ = ("_hash", "parts")

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self.parts = parts
        self._hash = hash(parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anatomy) and self._hash == other._hash and self.parts == other.parts

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"<{self.parts[0].cls.__name__} of {self.parts.count(FIRST)} parameters>"


class Container:
    """What is known of a container before its items: its kind, and what tells it from others of the kind.

    Args:
        kind: "module", "dict", "list", "array", "tuple" or "method".
        cls: Its class.
        size: How many items it has.
        more: Names or keys, the shape of an array, the function of a method.
        like: A container of a class of the user's own, to be copied for whatever else it holds.
    """

    __slots__ = ("cls", "key", "kind", "like", "more", "size")

    def __init__(self, kind: str, cls: type, size: int, more: Any = None, like: Any = None) -> None:
        self.kind, self.cls, self.size, self.more, self.like = kind, cls, size, more, like
        self.key = (kind, cls, size, more, Same(like))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Container) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def mutable(self) -> bool:
        """Whether it can be made first and filled later, and so may contain itself."""
        return self.kind not in ("tuple", "method")

    def made(self) -> Any:
        """One without items."""
        if self.kind == "module":
            return object.__new__(self.cls)
        if self.kind == "array":
            return np.empty(self.more, dtype=object)
        twin = self.cls() if self.like is None else copy(self.like)
        twin.clear()
        return twin

    def filled(self, empty: Any, items: list[Any]) -> Any:
        """The container with its items."""
        if self.kind == "module":
            vars(empty).update(zip(self.more, items, strict=True))
        elif self.kind == "dict":
            empty.update(zip(map(thing_of, self.more), items, strict=True))
        elif self.kind == "list":
            empty.extend(items)
        elif self.kind == "array":
            flat = empty.reshape(-1)
            for i, item in enumerate(items):
                flat[i] = item
        elif self.kind == "method":
            return MethodType(self.more.thing, items[0])
        else:
            return self.cls._make(items) if hasattr(self.cls, "_make") else tuple.__new__(self.cls, items)
        return empty


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
    if cls is MethodType:  # one of the module's own is to be that of the copy
        return Container("method", cls, 1, Same(x.__func__)), [x.__self__]
    return None


def fixed(x: Any) -> Any:
    """What tells a thing without parameters from others: its number, its content, else its identity."""
    cls = type(x)
    if cls in PLAIN:
        return cls, x
    if cls is float:
        return cls, x.hex()
    if (cls is np.ndarray or isinstance(x, np.generic)) and not x.dtype.hasobject:
        return np.ndarray, x.dtype, x.shape, x.tobytes()
    if cls in (set, frozenset) and all(type(item) in PLAIN for item in x):
        return cls, frozenset([(type(item), item) for item in x])
    return Same(x)


def thing_of(part: Any) -> Any:
    """The thing itself again; what can change is a copy."""
    if isinstance(part, (Same, str)):
        return part.thing if isinstance(part, Same) else part
    cls, content, *rest = part
    if cls is float:
        return float.fromhex(content)
    if cls is np.ndarray:
        shape, data = rest
        return np.frombuffer(data, content).reshape(shape).copy()[() if shape == () else ...]
    return cls([item for _, item in content]) if cls in (set, frozenset) else content


def take_apart(module: Any) -> tuple[tuple[Value, ...], Anatomy]:
    """The parameters of a module, each once and in the order of `parameters()`, and all else that it is.

    What is fixed is told apart by type and value: numbers, text, arrays of numbers, sets of these, and lists, tuples
    and dicts however nested. Other objects, and Values that are no parameters, are told apart by identity; they are not
    looked into.

    Raises:
        TypeError: an attribute is a function that captured a part of the module itself. It would go on computing with
            that part, whatever takes its place here.

    Cost: a walk over the module.

    >>> from nn import Neuron
    >>> parameters, anatomy = take_apart(Neuron(2, "tanh", rng=1))
    >>> len(parameters), anatomy
    (3, <Neuron of 3 parameters>)
    """
    parameters: list[Value] = []
    parts: list[Any] = []
    seen: dict[int, Any] = {}  # what stands for a parameter or container that is met again
    functions: list[Any] = []
    containers = 0
    stack = [iter([module])]
    while stack:
        for x in stack[-1]:
            again = seen.get(id(x))
            if again is not None:
                parts.append(again)
            elif isinstance(x, Value):
                if x.is_constant or x.operands:
                    parts.append(Same(x))
                else:
                    seen[id(x)] = len(parameters)
                    parameters.append(x)
                    parts.append(FIRST)
            elif (found := opened(x)) is not None:
                container, items = found
                if container.mutable:
                    seen[id(x)] = ("again", containers)
                    containers += 1
                parts.append(container)
                stack.append(iter(items))
                break
            else:
                parts.append(fixed(x))
                if isinstance(x, (FunctionType, partial)):
                    functions.append(x)
        else:
            stack.pop()
    for function in functions:
        if any(id(x) in seen for x in captured_by(function)):
            raise TypeError(
                f"{type(module).__name__} as an argument: its attribute {function!r} captured a part of the module, "
                "which no copy of the module can replace: make it a method"
            )
    return tuple(parameters), Anatomy(tuple(parts))


def captured_by(function: Any) -> list[Any]:
    """What a function holds on to."""
    if isinstance(function, partial):
        return [*function.args, *function.keywords.values()]
    contents = []
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a cell that is empty so far
            contents.append(cell.cell_contents)
    return [*contents, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]


def put_together(anatomy: Anatomy, parameters: Any) -> Any:
    """A module of this anatomy with these in place of its parameters; a number becomes a parameter of that number.

    Nothing that could change is shared with the module that was taken apart, but objects told apart by identity.

    >>> from nn import Neuron
    >>> neuron = Neuron(1, rng=1)
    >>> twin = put_together(take_apart(neuron)[1], [2.0, 3.0])
    >>> twin.state_dict(), twin.w is neuron.w
    ({'w.0': 2.0, 'b': 3.0}, False)
    """
    given = [
        x if isinstance(x, Value) or not (isinstance(x, float) or getattr(x, "shape", None) == ()) else Value(x)
        for x in parameters
    ]
    empty = [part.made() for part in anatomy.parts if isinstance(part, Container) and part.mutable]
    filled, met = len(empty), len(given)
    stack: list[Any] = []
    for part in reversed(anatomy.parts):  # so that the items of a container come before it, its first on top
        if part is FIRST:
            met -= 1
            stack.append(given[met])
        elif type(part) is int:
            stack.append(given[part])
        elif isinstance(part, Container):
            begin = len(stack) - part.size
            items = stack[begin:][::-1]
            del stack[begin:]
            filled -= part.mutable
            stack.append(part.filled(empty[filled] if part.mutable else None, items))
        elif type(part) is tuple and part[0] == "again":
            stack.append(empty[part[1]])
        else:
            stack.append(thing_of(part))
    return stack.pop()
