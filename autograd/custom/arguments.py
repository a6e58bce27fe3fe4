"""Arguments taken apart: the Values among them, which derivatives go to, and all else, which stays what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import optree

from autograd.border.conversion import is_number
from autograd.border.wording import brief
from autograd.structures.layout import holds_objects
from autograd.structures.trees import flatten, static_key
from autograd.values.value import Value

__all__ = ["Given", "changed_values"]


class Given:
    """Positional arguments of any structure.

    Attributes:
        args: As they were given.
        items: The Values among them, in order, one for each place where one stands.
    """

    def __init__(self, args: Sequence[Any]) -> None:
        self.args = tuple(args)
        self.leaves, self.treespec = flatten(self.args)
        self.items = [x for leaf in self.leaves for x in values_of(leaf)]

    def filled(self, items: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments with other items in place of the Values."""
        left = iter(items)
        return self.put_together([with_items(x, left) for x in self.leaves])

    def directions(self, tangents: Sequence[Any]) -> tuple[Any, ...]:
        """Tangents of the items in the structure of the arguments; 0.0 for any other number, None for what is none."""
        left = iter(tangents)
        return self.put_together([tangent_of(x, left) for x in self.leaves])

    def put_together(self, leaves: list[Any]) -> tuple[Any, ...]:
        """The arguments with these leaves."""
        found: Any = optree.tree_unflatten(self.treespec, leaves)
        return tuple(found)

    def shares(self, found: Any, name: str) -> list[Any]:
        """Of what was given for each argument, in its structure, that of each item; None for nothing.

        Raises:
            TypeError: it is no tuple or list, or a share is no number.
            ValueError: they are not as many as the arguments, or one has not the structure of its argument.
        """
        count = len(self.args)
        if not isinstance(found, (tuple, list)):
            raise TypeError(
                f"{name}: it gives {brief(found)}, and is to give a tuple, one for each of the {count} arguments that "
                "it is differentiated by, None for nothing"
            )
        if len(found) != count:
            raise ValueError(
                f"{name}: it gives {len(found)}, and is to give one for each of the {count} arguments that it is "
                "differentiated by, None for nothing"
            )
        items: list[Any] = []
        for k, (x, share) in enumerate(zip(self.args, found, strict=True)):
            items += shares_of(x, share, f"{name}: what it gives for argument {k}")
        return items

    def key(self) -> Any:
        """What tells these arguments from others, but for the numbers of the Values; None if that cannot be told."""
        found = self.treespec, tuple(map(key_of, self.leaves))
        try:
            hash(found)
        except TypeError:
            return None
        return found

    def plain_key(self) -> Any:
        """The same, if there is nothing here but Values, numbers, texts and arrays: no object that is made anew."""
        plain = all(x is None or isinstance(x, (Value, str, np.ndarray)) or is_number(x) for x in self.leaves)
        return self.key() if plain else None


def key_of(leaf: Any) -> Any:
    """What tells a leaf from others, but for the numbers of its Values."""
    if is_array_of_values(leaf):
        return leaf.shape, tuple([None if isinstance(x, Value) else static_key(x) for x in leaf.ravel().tolist()])
    if isinstance(leaf, np.ndarray):
        return leaf.shape, leaf.dtype.str, leaf.tobytes()
    return Value if isinstance(leaf, Value) else static_key(leaf)


def is_array_of_values(leaf: Any) -> bool:
    """Whether a leaf is an array that may have Values in it."""
    return isinstance(leaf, np.ndarray) and holds_objects(leaf)


def values_of(leaf: Any) -> list[Value]:
    """The Values in a leaf."""
    if is_array_of_values(leaf):
        return [x for x in leaf.ravel().tolist() if isinstance(x, Value)]
    return [leaf] if isinstance(leaf, Value) else []


def with_items(leaf: Any, left: Iterator[Any]) -> Any:
    """A leaf with the next items in place of its Values."""
    if is_array_of_values(leaf):
        return array_like(leaf, [next(left) if isinstance(x, Value) else x for x in leaf.ravel().tolist()])
    return next(left) if isinstance(leaf, Value) else leaf


def tangent_of(leaf: Any, left: Iterator[Any]) -> Any:
    """The tangent of a leaf, with the next tangents for its Values."""
    if is_array_of_values(leaf):
        return array_like(leaf, [next(left) if isinstance(x, Value) else 0.0 for x in leaf.ravel().tolist()])
    if isinstance(leaf, np.ndarray):
        return np.zeros(leaf.shape)
    if isinstance(leaf, Value):
        return next(left)
    return 0.0 if is_number(leaf) else None


def array_like(leaf: Any, items: Sequence[Any]) -> Any:
    """An array of objects of the same shape."""
    found = np.empty(len(items), dtype=object)
    found[:] = items
    return found.reshape(leaf.shape)


def shares_of(x: Any, share: Any, where: str) -> list[Any]:
    """The share of each Value in one argument, of a share in its structure; None for nothing."""
    leaves, treespec = flatten(x)
    if share is None:
        return [None] * sum(len(values_of(leaf)) for leaf in leaves)
    if not any(values_of(leaf) for leaf in leaves):
        return []
    parts, its = flatten(share)
    if its != treespec:
        raise ValueError(f"{where}: {brief(share)} has not the structure of the argument, {brief(x)}")
    found: list[Any] = []
    for leaf, part in zip(leaves, parts, strict=True):
        if isinstance(leaf, np.ndarray) and part is not None:
            if np.shape(part) != leaf.shape:
                raise ValueError(f"{where}: shape {np.shape(part)}, and the argument has shape {leaf.shape}")
            pairs = zip(leaf.ravel().tolist(), np.asarray(part).ravel().tolist(), strict=True)
            found += [require_number(d, where) for v, d in pairs if isinstance(v, Value)]
        else:
            found += [require_number(part, where) for _ in values_of(leaf)]
    return found


def require_number(x: Any, where: str) -> Any:
    """A Value, a number as a float, or None.

    Raises:
        TypeError: it is something else.
    """
    if x is None or isinstance(x, Value):
        return x
    if not is_number(x):
        raise TypeError(f"{where}: {brief(x)} is a {type(x).__name__}: a number, a Value, or None for nothing")
    return float(x)


def changed_values(structure: Any, change: Callable[[Value], Any]) -> Any:
    """The structure with each Value changed, also those in arrays of objects; all else as it is."""
    leaves, treespec = flatten(structure)
    found = []
    for leaf in leaves:
        if is_array_of_values(leaf):
            leaf = array_like(leaf, [change(x) if isinstance(x, Value) else x for x in leaf.ravel().tolist()])
        found.append(change(leaf) if isinstance(leaf, Value) else leaf)
    return optree.tree_unflatten(treespec, found)
