"""Results: the structure of what a function gave, and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import optree

from autograd.border.conversion import as_float, is_number
from autograd.border.wording import brief, shortened
from autograd.engine.leaves import are_floats
from autograd.engine.reading import data_of
from autograd.structures.layout import holds_objects
from autograd.structures.trees import flatten
from autograd.values.value import Value

__all__ = ["Results", "array_of", "as_items", "filled"]


class Results:
    """The structure of what a function gave: Values, numbers, and arrays of them.

    Attributes:
        values: The outputs, in order; numbers that are no Values among them.
        shapes: Of each leaf, () for a number.

    Raises:
        TypeError: something else is among them.
    """

    def __init__(self, result: Any, name: str) -> None:
        leaves, self.treespec = flatten(result)
        self.values: list[Any] = []
        self.shapes: list[tuple[int, ...]] = []
        for x in leaves:
            if isinstance(x, Value):
                self.values.append(x)
                self.shapes.append(())
                continue
            shape = tuple(getattr(x, "shape", ()))
            items = x.ravel().tolist() if shape or holds_objects(x) else [x]
            self.values += as_items(
                items,
                name,
                lambda item: (
                    f"{name} gave {describe_result(item)}: it is to give Values or numbers, or lists, "
                    "tuples, dicts or arrays of them"
                ),
            )
            self.shapes.append(shape)
        if not self.values:
            raise TypeError(f"{name} gave no Value at all")

    def numbers(self) -> list[float]:
        """The outputs as numbers."""
        return [data_of(x) if isinstance(x, Value) else x for x in self.values]

    def filled(self, items: Sequence[Any]) -> Any:
        """Items in the structure of the results."""
        return filled(self.treespec, [shape or None for shape in self.shapes], items)

    @property
    def single(self) -> bool:
        """True of one number in all, not in an array."""
        return self.shapes == [()]

    @property
    def bare(self) -> bool:
        """True of one number in no structure at all."""
        return self.single and bool(self.treespec.is_leaf())

    @property
    def is_pair(self) -> bool:
        """True of a tuple or list of two, the first of which is one number."""
        spec = self.treespec
        return (
            spec.type in (tuple, list) and spec.num_children == 2 and spec.child(0).is_leaf() and self.shapes[0] == ()
        )

    def __str__(self) -> str:
        """In words, for messages."""
        n = len(self.values)
        if len(self.shapes) == 1 and self.treespec.is_leaf():
            return "one number" if self.single else f"an array of shape {self.shapes[0]}"
        shape = str(self.treespec).removeprefix("PyTreeSpec(").partition(", NoneIsLeaf")[0]
        return f"{n} number{'s' * (n != 1)} as {shortened(shape, 80)}"

    def key(self) -> tuple[Any, ...]:
        """The part that two paths of a function must have in common."""
        return self.treespec, tuple(self.shapes)


def as_items(items: Sequence[Any], name: str, refusal: Callable[[Any], str]) -> list[Any]:
    """Values, and numbers as floats.

    Raises:
        TypeError: one is neither; the message is what `refusal` says of it.
    """
    for item in items:
        if not isinstance(item, Value) and not is_number(item):
            raise TypeError(refusal(item))
    return [item if isinstance(item, Value) else as_float(item, name) for item in items]


def filled(treespec: Any, shapes: Sequence[tuple[int, ...] | None], items: Sequence[Any]) -> Any:
    """A structure of items, in order: for each shape an array, for None the item itself."""
    if all(shape is None for shape in shapes):
        return optree.tree_unflatten(treespec, items)
    at, leaves = 0, []
    for shape in shapes:
        if shape is None:
            leaves.append(items[at])
            at += 1
            continue
        count = prod(shape)
        leaves.append(array_of(items[at : at + count], shape))
        at += count
    return optree.tree_unflatten(treespec, leaves)


def array_of(items: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Numbers as an array of doubles; Values, or both, as one of objects."""
    if are_floats(items) or not any(isinstance(item, Value) for item in items):
        return np.array(items, dtype=float).reshape(shape)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(shape)


def describe_result(x: Any) -> str:
    """A result that is no number, in a few words."""
    return "None" if x is None else f"a {type(x).__name__}, {brief(x)}"
