"""Arguments of any structure as a row of numbers and Values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import optree

from autograd.border.wording import brief
from autograd.engine.leaves import are_floats
from autograd.structures.results import array_of, as_items, filled
from autograd.structures.trees import flatten
from autograd.values.value import Value

__all__ = ["Numbers", "changed"]

ELSE = "differentiate by other arguments, with argnums, or leave it out of the structure"
NUMBERS = "give real numbers alone, one or a structure of them"


class Numbers:
    """Some arguments as one row of inputs, in order: numbers, Values, and arrays, lists, tuples, dicts of them.

    Args:
        structure: What they are in.
        where: What a message calls it: "argument 0 of f".
        whole: Whether there may be integers among them, each the float that it equals.
        others: Whether it could be other arguments that are differentiated by, for messages.

    Attributes:
        items: Each number or Value.
        plain: float, list, tuple or an array's class, if it is one of floats, which most are, and which nothing has to
            be asked about; else None.
        has_values: Whether there is a Value among them.

    Raises:
        TypeError: something else is among them, or nothing at all.
    """

    def __init__(self, structure: Any, where: str, whole: bool = True, others: bool = False) -> None:
        self.has_values, self.whole, self.others = False, whole, others
        self.plain: Any = None
        self._treespec: Any = None
        self._shapes: list[Any] | None = None
        kind = type(structure)
        if kind is float:
            self.plain, self.items = kind, [structure]
        elif kind in (list, tuple) and structure and are_floats(structure):
            self.plain, self.items = kind, [*structure]
        elif kind is np.ndarray and structure.dtype == float and structure.ndim == 1 and structure.size:
            self.plain, self.items = kind, structure.tolist()
            self._shapes = [structure.shape]
        else:
            self.items, self._treespec = flatten(structure)
            if not are_floats(self.items):
                self.read(self.items, where)

    @property
    def shapes(self) -> list[Any]:
        """Of each leaf that is an array its shape; None of a number."""
        if self._shapes is None:
            self._shapes = [None] * len(self.items)
        return self._shapes

    @property
    def treespec(self) -> Any:
        """What the items are in."""
        if self._treespec is None:
            self._treespec = flatten(self.filled(self.items))[1]
        return self._treespec

    def read(self, leaves: Sequence[Any], where: str) -> None:
        """Take apart what are not all floats."""
        self.items = []
        self._shapes = shapes = []
        for x in leaves:
            if isinstance(x, np.ndarray) and x.ndim == 0:
                x = x.item()  # a number, or the Value in it
            is_array = isinstance(x, np.ndarray)
            if not self.whole and is_whole(x):
                raise TypeError(
                    f"{where}: {brief(x)} is {'an array of integers' if is_array else 'an integer'}, and derivatives "
                    f"are by real numbers: write {'it as an array of floats' if is_array else repr(float(x))}"
                    f"{', or differentiate by other arguments, with argnums' * self.others}"
                )
            items = x.ravel().tolist() if is_array else [x]
            self.items += as_items(
                items,
                where,
                lambda item: (
                    f"{where}: {brief(item)} is a {type(item).__name__}, not a real number: "
                    f"{ELSE if self.others else NUMBERS}"
                ),
            )
            shapes.append(x.shape if is_array else None)
        self.has_values = any(isinstance(item, Value) for item in self.items)

    def filled(self, items: Sequence[Any]) -> Any:
        """The structure with other items, in order; arrays of numbers are arrays of doubles, of Values of objects."""
        if self.plain is list:
            return [*items]
        if self.plain is float:
            return items[0]
        if self.plain is tuple:
            return tuple(items)
        if self.plain is not None:
            return array_of(items, self.shapes[0] or ())
        return filled(self.treespec, self.shapes, items)

    def joined(self, leaves: Sequence[Any]) -> Any:
        """The structure with other leaves."""
        return optree.tree_unflatten(self.treespec, leaves)

    def given(self, structure: Any, where: str) -> list[Any]:
        """The items of another structure that has the same form, such as tangents.

        Raises:
            TypeError, ValueError: it has not.
        """
        other = Numbers(structure, where)
        if self.plain is not None and other.plain is self.plain and len(other.items) == len(self.items):
            return other.items
        if other.treespec != self.treespec or len(other.items) != len(self.items):
            raise ValueError(
                f"{where}: it has {len(other.items)} numbers in a form of its own, and is to have the form of what it "
                f"belongs to, of {len(self.items)} numbers"
            )
        return other.items


def is_whole(x: Any) -> bool:
    """Whether it is an integer, or an array of them."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "iub"
    return isinstance(x, (int, np.integer, np.bool_))


def changed(structure: Any, change: Callable[[Value], Any]) -> Any:
    """The structure with each Value changed; what is not made of numbers as it is."""
    try:
        numbers = Numbers(structure, "")
    except TypeError:
        return structure
    return numbers.filled([change(item) if isinstance(item, Value) else item for item in numbers.items])
