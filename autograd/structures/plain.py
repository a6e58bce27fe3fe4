"""Tuples, lists and dicts of numbers and arrays, taken apart and put together by a pattern that is known beforehand.

`optree` does it for any structure, and asks of each leaf anew what it is. Where call after call, or row after row, is
of one structure, that can take longer than the function itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import optree

from autograd.border.conversion import LARGEST_WHOLE
from autograd.engine.leaves import are_floats
from autograd.structures.trees import Static, is_plain

__all__ = ["Leaf", "Put", "Take", "leaf_putter", "pattern_of", "putter", "taker"]

Take = Callable[[Any, list[float]], bool]
Put = Callable[[Sequence[Any], Sequence[Any]], Any]


@dataclass(frozen=True)
class Leaf:
    """A number, an array or a static object among the arguments.

    Attributes:
        name: How a user would write it: `params['w'][0]`.
        kind: "number", "array" or "static".
        axis: Its batch axis, or None.
        shape: Of one row of the batch.
        start, size: Which inputs of a tape it becomes.
        argument: Which positional argument it is part of, or -1.
    """

    name: str
    kind: str
    axis: int | None
    shape: tuple[int, ...]
    start: int
    size: int
    argument: int


def pattern_of(treespec: Any) -> Any:
    """The structure with the number of each leaf in its place; None if there is more in it than is known here."""
    if not is_plain(treespec):
        return None
    pattern = optree.tree_unflatten(treespec, range(treespec.num_leaves))
    return pattern if has_names_for_keys(pattern) else None


def has_names_for_keys(pattern: Any) -> bool:
    """Whether the keys of dicts are strings, which have one order for everybody."""
    if type(pattern) is int:
        return True
    if type(pattern) is dict and not all(type(key) is str for key in pattern):
        return False
    return all(map(has_names_for_keys, ordered(pattern)))


def taker(pattern: Any, leaves: Sequence[Leaf]) -> Take:
    """The function that adds the numbers in a thing to others, in order; it gives False for what is of another pattern.

    Args:
        pattern: What `pattern_of` gives, or a part of it.
        leaves: Of arguments without a batch, none of them static.
    """
    kind = type(pattern)
    if kind is int:
        return take_number if leaves[pattern].kind == "number" else array_taker(leaves[pattern].shape)
    size, keys = len(pattern), list(pattern) if kind is dict else []
    if not size:
        return lambda x, numbers: type(x) is kind and not x
    parts = [taker(part, leaves) for part in ordered(pattern)]
    floats = all(part is take_number for part in parts)

    def take(x: Any, numbers: list[float]) -> bool:
        if type(x) is not kind or len(x) != size or (keys and list(x) != keys):
            return False
        some = ordered(x)
        if floats and are_floats(some):
            numbers += some
            return True
        return all(part(each, numbers) for part, each in zip(parts, some, strict=True))

    return take


def ordered(x: Any) -> Sequence[Any]:
    """What is in a tuple, a list or a dict, in the order that `optree` has it in."""
    return [x[key] for key in sorted(x)] if type(x) is dict else x


def take_number(x: Any, numbers: list[float]) -> bool:
    """Add a float, or what is one to the last bit."""
    kind = type(x)
    if kind is not float and kind is not np.float64 and not (kind is int and -LARGEST_WHOLE <= x <= LARGEST_WHOLE):
        return False
    numbers.append(float(x))
    return True


def array_taker(shape: tuple[int, ...]) -> Take:
    """The function that adds the numbers of an array of floats of a shape."""

    def take(x: Any, numbers: list[float]) -> bool:
        if type(x) is not np.ndarray or x.shape != shape or x.dtype != float:
            return False
        numbers += x.tolist() if len(shape) == 1 else x.ravel().tolist()
        return True

    return take


def putter(pattern: Any, begins: Sequence[int | None], others: Sequence[Put | None]) -> Put:
    """The function that makes a thing of the pattern, of the numbers or Values in a list.

    Args:
        pattern: What `pattern_of` gives, or a part of it.
        begins: Of each leaf which number of the list it is; None if it is something else.
        others: Of such a leaf, what makes it. What is given besides the list is for these.
    """
    kind = type(pattern)
    if kind is int:
        begin: int | None = begins[pattern]
        if begin is None:
            other: Put | None = others[pattern]
            assert other is not None, "what is no number has something that makes it"
            return other
        return lambda numbers, given: numbers[begin]
    keys = list(pattern) if kind is dict else []
    some = list(pattern.values()) if kind is dict else pattern
    if not some:
        return lambda numbers, given: kind()
    first = begins[some[0]] if type(some[0]) is int else None
    if first is not None:
        last = first + len(some)
        if [begins[part] if type(part) is int else None for part in some] == [*range(first, last)]:
            if kind is list:
                return lambda numbers, given: numbers[first:last]
            if kind is tuple:
                return lambda numbers, given: tuple(numbers[first:last])
            return lambda numbers, given: dict(zip(keys, numbers[first:last], strict=True))
    parts = [putter(part, begins, others) for part in some]
    if kind is dict:
        return lambda numbers, given: {k: part(numbers, given) for k, part in zip(keys, parts, strict=True)}
    if kind is list:
        return lambda numbers, given: [part(numbers, given) for part in parts]
    if len(parts) == 2:
        one, two = parts
        return lambda numbers, given: (one(numbers, given), two(numbers, given))
    return lambda numbers, given: tuple([part(numbers, given) for part in parts])


def leaf_putter(number: int, leaf: Leaf) -> Put:
    """The same for an argument that is no number: an object array of inputs, or the static object that is given."""
    first, last, shape = leaf.start, leaf.start + leaf.size, leaf.shape
    if leaf.kind == "static":
        return lambda inputs, given: given[number].value if type(given[number]) is Static else given[number]
    count = leaf.size  # `fromiter` asks none of them if it is a sequence
    if len(shape) == 1:
        return lambda inputs, given: np.fromiter(inputs[first:last], dtype=object, count=count)
    return lambda inputs, given: np.fromiter(inputs[first:last], dtype=object, count=count).reshape(shape)
