"""What to start from: a Value, several, lists and dicts of them, or what says by `__graph__` which Values that are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from autograd.border.wording import brief
from autograd.values.value import Value

__all__ = ["HasGraph", "as_roots", "named_roots", "shows_numbers"]


class HasGraph(Protocol):
    """What knows which Values to draw for it: so nothing here needs to know of tapes, networks, compiled functions.

    With `__numbers__ = False` in its class the Values say how it computes, not what: their numbers are not shown.
    """

    def __graph__(self) -> Value | Iterable[Any] | Mapping[Any, Any]:
        """The roots of its graph; in a dict their names are with them."""
        ...


def as_roots(roots: Any, what: str) -> list[Value]:
    """The Values to start from, one or several.

    Args:
        roots: A Value, any iterable of Values (a NumPy array of them included), lists and dicts of these, or what has
            a `__graph__`.
        what: Who asks, for the message: "draw".

    Raises:
        TypeError: something is not a Value; the message names it.
        ValueError: there is nothing.

    >>> as_roots(3.0, "draw")
    Traceback (most recent call last):
    ...
    TypeError: draw: expected a Value or several, got float 3.0: pass what a computation on Values returned
    """
    return [value for _, value in named_roots(roots, what)]


def named_roots(roots: Any, what: str) -> list[tuple[str, Value]]:
    """The same, each with its name; one that comes from no dict has none.

    >>> named_roots({"a": Value(1.0), "b": [Value(2.0)]}, "draw")
    [('a', Value(data=1.0, grad=0.0)), ('b[0]', Value(data=2.0, grad=0.0))]
    """
    if hasattr(type(roots), "__graph__"):
        roots = roots.__graph__()
    found = list(values_in(roots, "", False, what))
    if not found:
        raise ValueError(f"{what}: expected a Value or several, got none (an empty {type(roots).__name__})")
    return found


def shows_numbers(roots: Any) -> bool:
    """Whether the Values of a thing have numbers to be shown."""
    return bool(getattr(type(roots), "__numbers__", True))


def values_in(
    thing: Any, name: str, named: bool, what: str, within: tuple[int, ...] = ()
) -> Iterator[tuple[str, Value]]:
    """The Values in a structure and their names: a dict names what it holds, and lists within it."""
    if isinstance(thing, Value):
        yield name, thing
    elif id(thing) in within:
        raise ValueError(f"{what}: a {type(thing).__name__} that contains itself has no end")
    elif isinstance(thing, Mapping):
        for key, item in thing.items():
            yield from values_in(item, f"{name}[{key!r}]" if named else str(key), True, what, (*within, id(thing)))
    elif isinstance(thing, (str, bytes)) or not hasattr(thing, "__iter__") or getattr(thing, "shape", None) == ():
        raise TypeError(
            f"{what}: expected a Value or several, got {type(thing).__name__} {brief(thing)}: {advice(thing)}"
        )
    else:
        for k, item in enumerate(getattr(thing, "flat", thing)):
            yield from values_in(item, f"{name}[{k}]" if named else "", named, what, (*within, id(thing)))


def advice(thing: Any) -> str:
    """What to write instead."""
    if callable(thing) and not isinstance(thing, type):
        name = getattr(thing, "__name__", "f")
        name = name if name.isidentifier() else "f"
        return f"draw what it computes, as in draw({name}, args=(1.0, 2.0)) or draw({name}(Value(1.0)))"
    return "pass what a computation on Values returned"
