"""Hooks: functions that see the gradient of a Value as a sweep comes by, and may put another in its place.

They hang on the node among its attributes, and go when it goes. A set says whether there are any at all: while it is
empty, a sweep does not look for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any
from weakref import ref

from autograd.border.conversion import as_float, describe
from autograd.engine.node import Node
from autograd.engine.reading import hooks_of

__all__ = ["Handle", "Hooks", "hooked", "next_place", "places_of", "register", "seen"]

_numbers = count()
_anywhere: set[Any] = set()  # references to those that nodes have

hooked = _anywhere
"""What a sweep looks at: empty if no node has any."""


class Hooks:
    """The hooks of one node, in the order in which they came."""

    __slots__ = ("__weakref__", "functions")

    def __init__(self) -> None:
        self.functions: dict[int, Callable[[Any], Any]] = {}
        _anywhere.add(ref(self, _anywhere.discard))

    def seen(self, gradient: Any) -> Any:
        """What the hooks make of a gradient, a number or a Value: each is given what the one before left.

        Raises:
            TypeError: one gives something else than a number, a Value where the gradient is one, or None.
        """
        for function in list(self.functions.values()):
            found = function(gradient)
            if isinstance(found, Node) and isinstance(gradient, Node):
                gradient = found
            elif isinstance(found, Node):
                raise TypeError("a hook was given a number and gave a Value: give a number, or None to change nothing")
            elif found is not None:
                gradient = as_float(found, "a hook's gradient")
        return gradient


class Handle:
    """What a hook is removed by; it keeps no node.

    >>> x, seen = Value(3.0), []
    >>> handle = x.register_hook(seen.append)
    >>> (x * x).backward()
    >>> handle.remove()
    >>> (x * x).backward()
    >>> seen
    [6.0]
    """

    __slots__ = ("hooks", "number")

    def __init__(self, hooks: Hooks, number: int) -> None:
        self.hooks, self.number = hooks, number

    def remove(self) -> None:
        """Take the hook away; once it is gone, nothing happens."""
        self.hooks.functions.pop(self.number, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


def register(node: Any, function: Any) -> Handle:
    """Hang a hook on a node; see `Value.register_hook`.

    Raises:
        TypeError: the hook is no function.
        ValueError: no gradient comes to the node.
    """
    if not callable(function):
        raise TypeError(f"register_hook: expected a function of the gradient, got {describe(function)}")
    if node.is_constant:
        raise ValueError(
            f"register_hook: {node!r} is a constant (detached, made under no_grad, or a leaf whose requires_grad is "
            "False): no gradient comes to it"
        )
    hooks = hooks_of(node)
    if hooks is None:
        hooks = vars(node)["_hooks"] = Hooks()
    number = next(_numbers)
    hooks.functions[number] = function
    return Handle(hooks, number)


def places_of(nodes: Iterable[Any]) -> list[tuple[int, Hooks]]:
    """Of the nodes of a sweep those that have hooks, by their place; the sweep comes to the last one first."""
    return [(i, hooks) for i, node in enumerate(nodes) if (hooks := hooks_of(node)) is not None]


def next_place(places: Any) -> int:
    """The place that a sweep comes to next; -1 if there is none."""
    return places[-1][0] if places else -1


def seen(places: Any, gradient: float, reached: Any) -> float:
    """What the hooks at the next place make of a gradient, if one has come there; the place is passed."""
    _, hooks = places.pop()
    return float(hooks.seen(gradient)) if reached else gradient
