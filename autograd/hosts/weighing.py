"""A compiled function's results, weighed and added up.

Who differentiates a larger computation asks each part of it for pullbacks: of the results' adjoints those of the
arguments. With the adjoints as weights, one more argument, these are a gradient; and of the pullback the pullback is a
product with that gradient's Hessian. So a second compiled function has both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from inspect import Parameter, Signature
from typing import Any

import numpy as np
import optree

from autograd.border.wording import brief
from autograd.compiled.compile import Compiled
from autograd.engine.pausing import no_grad
from autograd.structures.trees import flatten, static_key
from autograd.values.folds import dot

__all__ = ["MOST_KEPT", "THIRD", "Asked", "Weighing"]

MOST_KEPT = 64
"""So many functions that are made of one are kept, for the structures of arguments it is called with."""

THIRD = (
    "{}: derivatives of third and higher order cannot be asked of the function in {}, which has first and second ones: "
    "take them on this side, by autograd.grad or taylor"
)


class Weighing:
    """A compiled function, with what pulls back through it.

    Args:
        fast: The function.
        what: Who asks, for messages.

    Raises:
        TypeError: it is none.
    """

    def __init__(self, fast: Any, what: str) -> None:
        if not isinstance(fast, Compiled):
            hint = ": autograd.compile(f) makes one of it" if callable(fast) else ""
            raise TypeError(f"{what}: expected a compiled function, got {type(fast).__name__} {brief(fast)}{hint}")
        self.fast, self.what, self.own = fast, what, int(bool(fast._options.weights))
        self.batches = fast._options.in_axes is not None
        self.weighed: dict[Any, Compiled] = {}

    def asked(self, args: tuple[Any, ...], kwargs: dict[str, Any], is_number: Callable[[Any], bool]) -> Asked:
        """What a call asks.

        Args:
            args, kwargs: Its arguments.
            is_number: What of them are the host's numbers.

        Raises:
            TypeError: one that is given by keyword is.
        """
        traced = self.fast._traced
        for name, x in kwargs.items():
            if any(hasattr(leaf, "shape") and is_number(leaf) for leaf in flatten(x)[0]):
                raise TypeError(
                    f"{self.what}: {traced.name}: {name} is given by keyword, where no derivatives are taken: give it "
                    "by position"
                )
        found = Asked(self, *flatten(args), kwargs)
        statics = {traced.parameters.index(name) for name in traced.statics}
        for place, (argument, x) in enumerate(zip(found.argument_of, found.leaves, strict=True)):
            if argument not in statics and is_number(x):
                found.places.append(place)
        return found

    def weighed_for(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], weights: Any, mapped: Sequence[bool] | None
    ) -> Compiled:
        """The function of weights and arguments, as those of the results of a call; see `Asked`."""
        marked = self.fast._traced.wrapped(args, {})[0]
        axes = self.axes(marked, mapped)
        key = flatten(marked)[1], tuple(axes), mapped is None, flatten(weights)[1], constants(kwargs)
        found = self.weighed.get(key)
        if found is None:
            if len(self.weighed) >= MOST_KEPT:
                self.weighed.clear()
            found = self.weighed[key] = self.made(marked, axes, kwargs, mapped)
        return found

    def axes(self, marked: tuple[Any, ...], mapped: Sequence[bool] | None) -> list[Any]:
        """The batch axis of each leaf of the arguments."""
        if mapped is not None:
            return [0 if it_is else None for it_is in mapped]
        return self.fast._traced.axes_by_position(marked)

    def made(
        self, marked: tuple[Any, ...], axes: list[Any], kwargs: dict[str, Any], mapped: Sequence[bool] | None
    ) -> Compiled:
        """The function of weights and arguments."""
        function, traced, options = self.fast.function, self.fast._traced, self.fast._options

        def weighed(weights: Any, *args: Any) -> Any:
            results = flatten(function(*args, **kwargs))[0]
            return dot(listed(flatten(weights)[0]), listed(results))

        weighed.__name__ = traced.name
        names = ["_weights", *[name for name in traced.parameters[self.own :] if name not in kwargs]]
        kind = Parameter.POSITIONAL_OR_KEYWORD
        weighed.__signature__ = Signature([Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
        batched = mapped is not None or any(axis is not None for axis in axes)
        reduce = options.reduce or ("sum" if batched and mapped is None else None)
        in_axes = None
        if batched:
            tree: Any = optree.tree_unflatten(flatten(marked)[1], axes)
            in_axes = (0 if options.reduce is None else None, *tree[self.own :])
        statics = tuple([name for name in traced.statics if name not in kwargs])
        return Compiled(weighed, replace(options, in_axes=in_axes, reduce=reduce, static_argnames=statics))


def constants(kwargs: dict[str, Any]) -> Any:
    """A key that tells arguments by keyword from others."""
    leaves, treespec = flatten(kwargs)
    return treespec, tuple(map(static_key, leaves))


def listed(leaves: Sequence[Any]) -> list[Any]:
    """The numbers and Values in arrays, and besides them, in one list."""
    return [x for leaf in leaves for x in (leaf.ravel().tolist() if isinstance(leaf, np.ndarray) else [leaf])]


class Asked:
    """A call of it, by the host's numbers among its arguments: arrays are put in their places.

    Where the host maps the call over an axis of its own, `mapped` says which leaves have it, as their first one.

    Args:
        home: The function.
        leaves, treespec: The arguments.
        kwargs: Arguments by keyword, which stay what they are.

    Attributes:
        places: Which leaves are numbers of the host.
        results: The structure of the results, once it is known.
    """

    def __init__(self, home: Weighing, leaves: list[Any], treespec: Any, kwargs: dict[str, Any]) -> None:
        self.home, self.leaves, self.treespec, self.kwargs = home, leaves, treespec, kwargs
        self.places: list[int] = []
        self.results: Any = None
        counts = [child.num_leaves for child in treespec.children()]
        self.argument_of = [k for k, count in enumerate(counts) for _ in range(count)]

    @property
    def key(self) -> Any:
        """What tells it from calls with other constants."""
        others = [(k, static_key(x)) for k, x in enumerate(self.leaves) if k not in self.places]
        return self.treespec, tuple(others), constants(self.kwargs)

    def args(self, arrays: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments with these arrays."""
        leaves = list(self.leaves)
        for place, x in zip(self.places, arrays, strict=True):
            leaves[place] = x
        found: Any = optree.tree_unflatten(self.treespec, leaves)
        return tuple(found)

    def flags(self, mapped: Sequence[bool] | None) -> list[bool] | None:
        """`mapped` of all leaves."""
        if mapped is None:
            return None
        found = [False] * len(self.leaves)
        for place, it_is in zip(self.places, mapped, strict=True):
            found[place] = it_is
        return found

    def value(self, arrays: Sequence[Any], mapped: Sequence[bool] | None = None) -> list[Any]:
        """The results, as arrays; `results` is their structure."""
        args, fast = self.args(arrays), self.home.fast
        if mapped is not None:
            fast = self.mapped(args, mapped)
        with no_grad():  # Values among the arguments are numbers
            leaves, self.results = flatten(fast(*args, **self.kwargs))
        return [np.asarray(x, dtype=float) for x in leaves]

    def mapped(self, args: tuple[Any, ...], mapped: Sequence[bool]) -> Compiled:
        """The function over an axis of the host's."""
        fast, flags = self.home.fast, self.flags(mapped)
        found = self.home.weighed.get(("mapped", self.treespec, tuple(mapped)))
        if found is None:
            tree: Any = optree.tree_unflatten(self.treespec, self.home.axes((), flags))
            options = replace(fast._options, in_axes=tree)
            found = self.home.weighed["mapped", self.treespec, tuple(mapped)] = Compiled(fast.function, options)
        return found

    def weighed(self, args: tuple[Any, ...], weights: Any, mapped: Sequence[bool] | None) -> Compiled:
        """The function of weights and arguments."""
        return self.home.weighed_for(args, self.kwargs, weights, self.flags(mapped))

    def with_weights(self, args: tuple[Any, ...], weights: Any) -> tuple[Any, ...]:
        """Weights among arguments, after those of a function compiled with `weights`."""
        return *args[: self.home.own], weights, *args[self.home.own :]

    def argnums(self, wanted: Sequence[bool]) -> tuple[int, ...]:
        """The arguments that hold what is wanted, counted with the weights."""
        found = {self.argument_of[place] for place, it_is in zip(self.places, wanted, strict=True) if it_is}
        return tuple([k + (k >= self.home.own) for k in sorted(found)])

    def pulled(
        self,
        arrays: Sequence[Any],
        adjoints: Sequence[Any],
        wanted: Sequence[bool],
        mapped: Sequence[bool] | None = None,
    ) -> list[Any]:
        """The adjoints of those of the arrays that are wanted, of those of the results."""
        args, weights = self.args(arrays), optree.tree_unflatten(self.results, list(adjoints))
        argnums = self.argnums(wanted)
        if not argnums:
            return []
        found = self.weighed(args, weights, mapped).grad(*self.with_weights(args, weights), argnums=argnums)
        return self.chosen(found, argnums, wanted)

    def bent(
        self,
        arrays: Sequence[Any],
        adjoints: Sequence[Any],
        directions: Sequence[Any],
        mapped: Sequence[bool] | None = None,
    ) -> tuple[list[Any], list[Any]]:
        """What pulls back through `pulled`: adjoints of the arrays and of the results' adjoints.

        Args:
            arrays, adjoints: As above.
            directions: The adjoint of each thing that was pulled back, None where nothing was.
            mapped: As above.
        """
        args, weights = self.args(arrays), optree.tree_unflatten(self.results, list(adjoints))
        moving, everything = [x is not None for x in directions], [True] * len(arrays)
        still = [np.zeros(np.shape(x)) if d is None else d for x, d in zip(arrays, directions, strict=True)]
        argnums, moved = self.argnums(everything), self.argnums(moving)
        along = self.along(still)
        zero = optree.tree_unflatten(self.results, [np.zeros(np.shape(x)) for x in adjoints])
        tangents = [None if k not in moved else x for k, x in enumerate(self.with_weights(along, zero))]
        own = self.home.own
        tangents[own] = zero
        primals = self.with_weights(args, weights)
        found = self.weighed(args, weights, mapped).hvp(primals, tuple(tangents), argnums=(*argnums, own))
        back = flatten(found[-1])[0]
        return self.chosen(found[:-1], argnums, everything), back

    def along(self, directions: Sequence[Any]) -> tuple[Any, ...]:
        """Directions in the structure of the arguments; what is no number of the host stays where it is."""
        leaves = [np.zeros(np.shape(x)) if isinstance(x, (float, np.ndarray)) else x for x in self.leaves]
        for place, x in zip(self.places, directions, strict=True):
            leaves[place] = x
        found: Any = optree.tree_unflatten(self.treespec, leaves)
        return tuple(found)

    def chosen(self, found: Sequence[Any], argnums: Sequence[int], wanted: Sequence[bool]) -> list[Any]:
        """Of derivatives by arguments those by what is wanted of them."""
        by_place: dict[int, Any] = {}
        for k, part in zip(argnums, found, strict=True):
            argument = k - (k > self.home.own)
            places = [place for place, of in enumerate(self.argument_of) if of == argument]
            by_place.update(zip(places, flatten(part)[0], strict=True))
        return [by_place[place] for place, it_is in zip(self.places, wanted, strict=True) if it_is]
