"""A module's numbers as arrays under names that others know, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import numpy as np

__all__ = ["Layout"]


class Layout:
    """Which numbers of a module make up which array.

    The numbers in a list are one array, those in a list of equally long lists too. The weights of a layer's neurons are
    the rows of its `weight`, and their biases its `bias`, as in PyTorch. A list that is not all there (a number of it
    belongs to another module first) is the vector of what is.

    Args:
        names: The names of the numbers in their order, as in `state_dict`.

    >>> layout = Layout(["neurons.0.w.0", "neurons.0.w.1", "neurons.0.b", "neurons.1.w.0", "neurons.1.w.1", "scale"])
    >>> layout.shapes
    {'weight': (2, 2), 'bias': (1,), 'scale': ()}
    >>> layout.arrays(range(6))["weight"]
    array([[0., 1.],
           [3., 4.]])
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        places: dict[str, list[tuple[int, ...]]] = {}
        members: dict[str, list[int]] = {}
        for k, name in enumerate(self.names):
            array, place = place_of(name)
            places.setdefault(array, []).append(place)
            members.setdefault(array, []).append(k)
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._members: dict[str, Any] = {}
        for array, found in places.items():
            self.shapes[array], self._members[array] = in_shape(found, members[array])

    def arrays(self, numbers: Iterable[float]) -> dict[str, Any]:
        """The numbers, in the order of the names, as arrays.

        >>> Layout(["w.0", "w.1"]).arrays([0.5, 1.0])
        {'w': array([0.5, 1. ])}
        """
        vector = np.array(list(numbers), dtype=float)
        return {name: vector[members] for name, members in self._members.items()}

    def numbers(self, arrays: Mapping[str, Any]) -> list[float]:
        """The numbers of such arrays, in the order of the names.

        >>> Layout(["w.0", "w.1"]).numbers({"w": np.array([0.5, 1.0])})
        [0.5, 1.0]
        """
        vector = np.empty(len(self.names))
        for name, members in self._members.items():
            vector[members] = arrays[name]
        found: list[float] = vector.tolist()
        return found


def place_of(name: str) -> tuple[str, tuple[int, ...]]:
    """The array that a number belongs to, and where in it the number is.

    >>> place_of("layers.0.neurons.2.w.1"), place_of("layers.0.neurons.2.b"), place_of("w.1.0")
    (('layers.0.weight', (2, 1)), ('layers.0.bias', (2,)), ('w', (1, 0)))
    """
    parts = name.split(".")
    if len(parts) >= 3 and parts[-3] == "neurons" and parts[-1] == "b" and is_place(parts[-2]):
        return ".".join([*parts[:-3], "bias"]), (int(parts[-2]),)
    if len(parts) >= 4 and parts[-4] == "neurons" and parts[-2] == "w" and is_place(parts[-3]) and is_place(parts[-1]):
        return ".".join([*parts[:-4], "weight"]), (int(parts[-3]), int(parts[-1]))
    end = len(parts)
    while end and is_place(parts[end - 1]):
        end -= 1
    return ".".join(parts[:end]), tuple(map(int, parts[end:]))


def is_place(part: str) -> bool:
    """Whether a part of a path is a place in a list: digits as Python writes them, and no more than a list can have."""
    return part.isascii() and part.isdigit() and len(part) < 10 and str(int(part)) == part


def in_shape(places: list[tuple[int, ...]], members: list[int]) -> tuple[tuple[int, ...], Any]:
    """The shape of an array whose numbers are at these places, and its members in that shape; else as a vector."""
    if len({len(place) for place in places}) == 1:
        shape = tuple([max(along) + 1 for along in zip(*places, strict=True)])
        if prod(shape) == len(places) == len(set(places)):
            found = np.empty(shape, dtype=int)
            for place, k in zip(places, members, strict=True):
                found[place] = k
            return shape, found
    return (len(members),), np.array(members)
