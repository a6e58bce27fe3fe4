"""What a module is, but for the numbers of its parameters; in parts that can be compared, and made again."""

from copy import copy
from typing import Any, NamedTuple

import numpy as np

__all__ = ["FIRST", "Anatomy", "Bound", "Container", "Kept", "Same", "fixed", "thing_of"]

PLAIN = (bool, bytes, int, str, type(None))
"""Types whose objects never change and are told apart by `==`; floats are too, but for nan and -0."""

FIRST = "parameter"
"""What stands for a parameter where it is met first. Where it is met again, its number does."""


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


class Kept(Same):
    """A buffer: see `buffers.py`."""

    __slots__ = ()


class Anatomy:
    """All of a module but the numbers of its parameters: what tells apart modules that compute otherwise.

    Attributes:
        parts: For each thing met a parameter, a fixed thing, or a container with how many things follow for it.

    >>> Anatomy((FIRST, (int, 2))) == Anatomy((FIRST, (int, 2))), Anatomy((FIRST,)) == Anatomy((0,))
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

    def __reduce__(self) -> Any:
        return Anatomy, (self.parts,)  # texts have other hashes in another process

    def __repr__(self) -> str:
        return f"<{self.parts[0].cls.__name__} of {self.parts.count(FIRST)} parameters>"


class Bound(NamedTuple):
    """A bound method: one of the module's own is to be that of the copy.

    Attributes:
        function: What it is without what it is bound to.
        owner: Which of the things that follow the module it is bound to, counted from the last.
    """

    function: Same
    owner: int


class Container:
    """What is known of a container before its items: its kind, and what tells it from others of the kind.

    Args:
        kind: "module", "dict", "list", "array" or "tuple".
        cls: Its class.
        size: How many items it has.
        more: Names or keys, the shape of an array.
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
        return self.kind != "tuple"

    def names(self) -> list[str]:
        """The name of each item in the path of what is below it: attribute, place or key."""
        if self.kind == "module":
            return list(self.more)
        if self.kind == "dict":
            return [str(thing_of(key)) for key in self.more]
        if self.kind == "array":
            return [".".join(map(str, place)) for place in np.ndindex(self.more or (1,))]
        return [str(place) for place in range(self.size)]

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
        else:
            return self.cls._make(items) if hasattr(self.cls, "_make") else tuple.__new__(self.cls, items)
        return empty


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
