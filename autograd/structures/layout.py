"""Layouts: which rows of numbers the arguments of a function become, leaf after leaf."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import optree
from numpy import ndarray

from autograd.border.conversion import as_array, as_float, is_number, require_real
from autograd.engine.leaves import are_floats
from autograd.engine.reading import data_of
from autograd.structures.plain import Leaf, Put, Take, leaf_putter, pattern_of, putter, taker
from autograd.structures.trees import NAMESPACE, Static, static_key
from autograd.values.value import Value
from autograd.values.vectors import read_values

__all__ = ["Layout", "Leaf", "OtherNumbers", "holds_objects", "layout_of"]


class Layout:
    """The inputs that the leaves of some arguments become, leaf after leaf, row-major within an array.

    Attributes:
        treespec: Puts the leaves together again.
        leaves: In order.
        size: How many inputs there are.
        varying: Of each input whether it varies over the batch.
        put: Of inputs in order, and leaves of which the static ones are looked at, the arguments: see `rebuild`.
        zero: What sums begin with. One over a batch is never -0; what is no sum may be, and stays it.
    """

    def __init__(self, treespec: Any, names: Sequence[tuple[int, str]], kinds: Sequence[tuple[Any, ...]]) -> None:
        self.treespec = treespec
        self.leaves: list[Leaf] = []
        start = 0
        for (argument, name), (kind, axis, shape, *rest) in zip(names, kinds, strict=True):
            if kind in ("misfit", "alien") or (kind == "number" and axis is not None):
                raise refusal(name, kind, axis, shape, rest)
            size = 0 if kind == "static" else prod(shape)
            self.leaves.append(Leaf(name, kind, axis, shape, start, size, argument))
            start += size
        self.size = start
        self.varying = tuple(leaf.axis is not None for leaf in self.leaves for _ in range(leaf.size))
        self.batched = [k for k, leaf in enumerate(self.leaves) if leaf.axis is not None]
        self.zero = 0.0 if self.batched else -0.0
        self.shared = [(k, leaf) for k, leaf in enumerate(self.leaves) if leaf.axis is None and leaf.size]
        self.shared_size = sum(leaf.size for _, leaf in self.shared)
        self.labels = ["" if leaf.shape else leaf.name for leaf in self.leaves for _ in range(leaf.size)]
        self._make()
        self._inputs: dict[Any, tuple[int, ...]] = {}
        self._parts: dict[int, tuple[Any, list[Leaf]]] = {}

    def _make(self) -> None:
        """Make what takes arguments apart and puts them together."""
        treespec = self.treespec
        plain = [leaf.start if leaf.kind != "static" and not leaf.shape else None for leaf in self.leaves]
        others = [leaf_putter(k, leaf) if plain[k] is None else None for k, leaf in enumerate(self.leaves)]
        pattern = pattern_of(treespec)
        self._take: Take | None = None
        self._single = len(plain) if pattern == ((*range(len(plain)),), {}) and None not in plain else -1
        if pattern is None:
            put = [putter(k, plain, others) for k in range(len(plain))]
            self.put: Put = lambda inputs, given: optree.tree_unflatten(treespec, [p(inputs, given) for p in put])
        else:
            self.put = putter(pattern, plain, others)
        if pattern is not None and not self.batched and all(leaf.kind != "static" for leaf in self.leaves):
            self._take = taker(pattern, self.leaves)

    def __getstate__(self) -> dict[str, Any]:
        """All but what is made of it, which are functions."""
        return {name: x for name, x in vars(self).items() if name not in ("put", "_take", "_single")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Have it all again."""
        vars(self).update(state)
        self._make()

    def inputs_of(self, argnums: int | tuple[int, ...]) -> tuple[int, ...]:
        """The inputs that some positional arguments become, in the order of `argnums`."""
        if argnums not in self._inputs:
            wanted = (argnums,) if isinstance(argnums, int) else argnums
            self._inputs[argnums] = tuple(
                k for n in wanted for leaf in self.part(n)[1] for k in range(leaf.start, leaf.start + leaf.size)
            )
        return self._inputs[argnums]

    def part(self, argument: int) -> tuple[Any, list[Leaf]]:
        """The treespec of a positional argument, and its leaves."""
        if argument not in self._parts:
            leaves = [leaf for leaf in self.leaves if leaf.argument == argument]
            positional = self.treespec.child(0)  # arguments are a pair: these, and a dict of those by keyword
            self._parts[argument] = (positional.child(argument), leaves)
        return self._parts[argument]

    def pack(self, leaves: Sequence[Any]) -> tuple[Any, list[Any], int]:
        """The numbers of the shared leaves in one array; the batches as arrays of two axes, rows and inputs; how many
        rows there are.

        Raises:
            TypeError: an array does not hold real numbers.
            ValueError: batches of different lengths.
        """
        import numpy as np

        shared = [leaves[k] for k, _ in self.shared]
        if shared and all(type(x) is ndarray and x.dtype == float for x in shared):  # by far the commonest
            numbers = np.concatenate([x.reshape(-1) for x in shared])
            return numbers, *self._pack_batches(leaves)
        numbers = np.empty(self.shared_size)
        at = 0
        values: list[Value] = []
        begun = 0
        for k, leaf in self.shared:
            x = leaves[k]
            if isinstance(x, Value):
                if not values:
                    begun = at
                values.append(x)
                at += 1
                continue
            if values:
                read_values(values, numbers[begun:])
                values = []
            if leaf.kind == "number":
                numbers[at] = number_of(x, leaf.name)
            else:
                numbers[at : at + leaf.size] = as_numbers(x, leaf.name).ravel()
            at += leaf.size
        if values:
            read_values(values, numbers[begun:])
        return numbers, *self._pack_batches(leaves)

    def _pack_batches(self, leaves: Sequence[Any]) -> tuple[list[Any], int]:
        import numpy as np

        batches, lengths = [], set()
        for k in self.batched:
            leaf = self.leaves[k]
            array = as_numbers(leaves[k], leaf.name)
            if leaf.axis:
                array = np.moveaxis(array, leaf.axis, 0)
            lengths.add(len(array))
            if not array.flags.aligned:  # a field of packed records
                array = array.copy()
            batches.append(array.reshape(len(array), leaf.size))
        if len(lengths) > 1:
            said = ", ".join(f"{self.leaves[k].name} has {len(x)}" for k, x in zip(self.batched, batches, strict=True))
            raise ValueError(f"batches of different lengths: {said}")
        return batches, lengths.pop() if lengths else 1

    def row(self, leaves: Sequence[Any], at: int) -> list[float]:
        """All inputs of one row of the batch, as floats; of an empty batch 1 for what varies."""
        import numpy as np

        numbers: list[float] = []
        for x, leaf in zip(leaves, self.leaves, strict=True):
            if leaf.kind == "number":
                numbers.append(number_of(x, leaf.name))
            elif leaf.kind == "array":
                if type(x) is np.ndarray and x.ndim == 1 and leaf.axis == 0 and x.dtype == float and len(x):
                    numbers.append(x.item(at))  # as most are
                    continue
                array = as_numbers(x, leaf.name)
                if leaf.axis is not None:
                    array = np.moveaxis(array, leaf.axis, 0)
                    array = array[at] if len(array) else np.ones(leaf.shape)
                numbers += np.asarray(array, dtype=float).ravel().tolist()
        return numbers

    def rows(self, shared: Any, batches: Sequence[Any], rows: Sequence[int]) -> list[list[float]]:
        """All inputs of some rows, of what `pack` gives."""
        import numpy as np

        if not batches:
            return [shared.tolist() for _ in rows]
        some = np.asarray(rows, int)  # once for all batches
        whole: Any = np.concatenate([x[some] for x in batches], axis=1, dtype=float)
        if self.shared_size:
            varies, varying = np.array(self.varying), whole
            whole = np.empty((len(rows), self.size))
            whole[:, varies], whole[:, ~varies] = varying, shared
        found: list[list[float]] = whole.tolist()
        return found

    def rebuild(self, leaves: Sequence[Any], inputs: Sequence[Any]) -> Any:
        """The arguments, with inputs in place of numbers, and object arrays of them in place of arrays."""
        return self.put(inputs, leaves)

    def floats(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[float] | None:
        """All inputs of arguments without a batch that are floats, and arrays of them, in the pattern of these.

        None if they are not, or if the pattern has more in it than tuples, lists and dicts.
        """
        if not kwargs and len(args) == self._single and are_floats(args):
            return [*args]
        numbers: list[float] = []
        return numbers if self._take is not None and self._take((args, kwargs), numbers) else None


def leaf_kind(x: Any, axis: int | None) -> tuple[Any, ...]:
    """The part of a leaf that decides which tape it needs: its kind, batch axis, shape, and of a static object its key.

    Two kinds are refused by `refusal`: a "misfit" has no such axis, an "alien", with its type, is no number.
    """
    if type(x) is float or isinstance(x, Value):
        return ("number", axis, ())
    if isinstance(x, Static):
        return ("static", None, (), x.key())
    if x is None or isinstance(x, bool):
        return ("static", None, (), static_key(x))
    shape = getattr(x, "shape", None)
    if shape is not None and (shape or not is_number(x)):
        if axis is None:
            return ("array", None, tuple(shape))
        if not -len(shape) <= axis < len(shape):
            return ("misfit", axis, tuple(shape))
        return ("array", axis % len(shape), tuple(shape[: axis % len(shape)]) + tuple(shape[axis % len(shape) + 1 :]))
    if is_number(x):
        return ("number", axis, ())
    return ("alien", axis, (), type(x))


def layout_of(
    arguments: tuple[Any, ...],
    parameters: Sequence[str],
    axes: Sequence[Any],
    leaves: Sequence[Any],
    treespec: Any,
    known: dict[Any, Layout],
) -> Layout:
    """The layout of these arguments, made when first seen.

    Args:
        arguments: Positional arguments and a dict of keyword arguments, static ones wrapped.
        parameters: What the function calls its positional arguments.
        axes: The batch axis of every leaf.
        leaves, treespec: What `flatten` gives of the arguments.
        known: Layouts of such a structure, by the kinds of their leaves.
    """
    # This is asked at every call, and the kind of most leaves is told by their shape: of those no more is asked.
    quick = [
        (x.shape if axis is None else ("rows", x.shape[1:])) if type(x) is ndarray and x.ndim and not axis
        else leaf_kind(x, axis)
        for x, axis in zip(leaves, axes, strict=True)
    ]  # fmt: skip
    key = tuple(quick)
    try:
        found = known.get(key)
    except TypeError:
        at = next(i for i, x in enumerate(leaves) if isinstance(x, Static) and not hashable(x.value))
        (_, name), kind = names_of(arguments, parameters)[at], type(leaves[at].value).__name__
        raise TypeError(f"{name}: a static argument tells tapes apart, so it must be hashable: got a {kind}") from None
    if found is None:
        kinds = [leaf_kind(x, axis) for x, axis in zip(leaves, axes, strict=True)]
        found = known.setdefault(key, Layout(treespec, names_of(arguments, parameters), kinds))
    return found


def names_of(arguments: Any, parameters: Sequence[str]) -> list[tuple[int, str]]:
    """Of each leaf the number of its positional argument (-1 for one by keyword), and how a user would write it."""
    names = []
    for path in optree.tree_paths(arguments, none_is_leaf=True, namespace=NAMESPACE):
        side, first, *rest = path
        head = first if side else parameters[first] if first < len(parameters) else f"argument {first}"
        names.append((-1 if side else first, head + "".join(f"[{part!r}]" for part in rest)))
    return names


class OtherNumbers(TypeError):
    """An argument is a number of another kind, on which functions of Values run as they are written."""


def refusal(name: str, kind: str, axis: Any, shape: Any, rest: Sequence[Any]) -> Exception:
    """The error of a leaf that cannot be an input."""
    if kind == "alien":
        what = rest[0].__name__
        kind_of_error = OtherNumbers if hasattr(rest[0], "__apply_primitive__") else TypeError
        return kind_of_error(f"{name} is a {what}, not a number or an array of them: name it in static_argnames")
    if kind == "number":
        return ValueError(
            f"{name}: in_axes gives it batch axis {axis}, but it is one number: make an array of a list of "
            "numbers, or give None there"
        )
    return ValueError(f"{name}: in_axes gives it batch axis {axis}, but its shape is {shape}")


def hashable(x: Any) -> bool:
    """True of what can be a key."""
    try:
        hash(x)
    except TypeError:
        return False
    return True


def number_of(x: Any, what: str) -> float:
    """The data of a Value, or a number as a float."""
    return data_of(x) if isinstance(x, Value) else as_float(x, what)


def as_numbers(x: Any, what: str) -> Any:
    """An array of real numbers; of an array of Values, their data."""
    import numpy as np

    array = as_array(x, what)
    if array.dtype == float:
        return array
    if holds_objects(array):
        flat = [number_of(v, what) for v in array.ravel().tolist()]
        return np.array(flat, dtype=float).reshape(array.shape)
    return require_real(array, what)


def holds_objects(x: Any) -> bool:
    """True of an array of Values, or other Python objects."""
    return isinstance(x, ndarray) and x.dtype.kind == "O"
