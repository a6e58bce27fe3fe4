"""Compiled functions as functions of JAX's arrays, through which it compiles, maps, and differentiates twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from importlib import import_module
from math import prod
from typing import Any

import numpy as np
import optree

from autograd.hosts.weighing import MOST_KEPT, THIRD, Asked, Weighing

__all__ = ["to_jax"]

SAMPLE = 0.5
"""The number at which a function is run to learn what it gives, where JAX tells shapes alone."""


def to_jax(fast: Any) -> Callable[..., Any]:
    """A compiled function as a function of JAX's arrays, in the structure of its arguments.

    JAX calls it back (`jax.pure_callback`), so it stays on the processor, and `jit`, `vmap`, `grad`, `vjp` and reverse
    over reverse pass through it; second derivatives are a product with a Hessian. A `vmap` of a function without batch
    axes of its own is one call for the whole batch. It computes in doubles; arrays are of the type of the arguments, so
    of 32 bits unless `jax_enable_x64` is set. Forward mode (`jvp`, `jacfwd`, `hessian`) does not pass: JAX has none for
    a `custom_vjp`. What is given by keyword is a constant; so are Values that the function captures, for each
    compilation of JAX's at the numbers they have when it runs.

    Args:
        fast: What `autograd.compile` gives.

    Raises:
        ImportError: JAX is not installed.
        TypeError: `fast` is no compiled function; in a call, an array is of complex numbers or given by keyword.
        ValueError: JAX asks what comes back, and the function raises at a made-up argument: call it with numbers first.
        NotImplementedError: a third derivative is asked for.

    Cost: a call of `fast`, and of its gradient, each with a callback of some 0.1 ms.

    >>> fast = autograd.compile(lambda x: x[0] ** 2 * x[1])  # doctest: +SKIP
    >>> jax.jit(jax.grad(to_jax(fast)))(jax.numpy.array([3.0, 5.0]))  # doctest: +SKIP
    Array([30.,  9.], dtype=float32)
    """
    home = Weighing(fast, "to_jax")
    try:
        jax = import_module("jax")
        jnp = import_module("jax.numpy")
    except ImportError as error:
        raise ImportError(f"to_jax: JAX is not installed here ({error}): pip install jax") from error
    calls: dict[Any, Calls] = {}

    def call(*args: Any, **kwargs: Any) -> Any:
        asked = home.asked(args, kwargs, partial(is_number, jax))
        given = [asked.leaves[place] for place in asked.places]
        if any(jnp.iscomplexobj(x) for x in given):
            raise TypeError(f"to_jax: {fast._traced.name} takes real numbers, got complex ones")
        kind = jnp.result_type(float, *given)
        arrays = [x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(kind) for x in map(jnp.asarray, given)]
        key = asked.key, tuple([(x.shape, x.dtype) for x in arrays]), kind
        if key not in calls:
            of_results = [y.shape for y in results_at(asked, arrays, jax)]
            for place in asked.places:
                asked.leaves[place] = None  # what is kept holds no arrays
            if len(calls) >= MOST_KEPT:
                calls.clear()
            calls[key] = Calls(jax, asked, arrays, of_results, kind)
        kept = calls[key]
        result: Any = optree.tree_unflatten(kept.asked.results, kept.value(*arrays))
        return result

    update_wrapper(call, fast, updated=())
    return call


def is_number(jax: Any, x: Any) -> bool:
    """Whether it is what JAX computes with."""
    return isinstance(x, (jax.Array, np.ndarray, np.number, float)) or (isinstance(x, int) and not isinstance(x, bool))


def results_at(asked: Asked, arrays: Sequence[Any], jax: Any) -> list[Any]:
    """The results for these arrays, or where they have no numbers, for made-up ones.

    Raises:
        ValueError: the function raises at these.
    """
    if not any(isinstance(x, jax.core.Tracer) for x in arrays):
        return asked.value([np.asarray(x, dtype=float) for x in arrays])
    try:
        return asked.value([np.full(x.shape, SAMPLE) for x in arrays])
    except Exception as error:
        raise ValueError(
            f"to_jax: {asked.home.fast._traced.name}: to learn the shapes of what it gives it was run with all numbers "
            f"{SAMPLE}, and raised {type(error).__name__}: {error}; call it once outside of jit, with numbers it takes"
        ) from error


class Calls:
    """The calls that JAX makes back for calls of the function with arguments of one structure and shape.

    Args:
        jax: The library.
        asked: What is called.
        arrays: What it takes, for shapes and types.
        of_results: The shapes of what it gives.
        kind: The type of that.

    Attributes:
        value: The function of its arrays, with its pullback, and that of this.
    """

    def __init__(
        self, jax: Any, asked: Asked, arrays: Sequence[Any], of_results: list[tuple[int, ...]], kind: Any
    ) -> None:
        self.jax, self.asked, n, m = jax, asked, len(arrays), len(of_results)
        takes = [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in arrays]
        gives = [jax.ShapeDtypeStruct(shape, kind) for shape in of_results]
        everything = [True] * n

        def pulled(arrays: Sequence[Any], mapped: Any) -> list[Any]:
            return asked.pulled(arrays[:n], arrays[n:], everything, mapped and mapped[:n])

        def bent(arrays: Sequence[Any], mapped: Any) -> list[Any]:
            found, back = asked.bent(arrays[:n], arrays[n : n + m], arrays[n + m :], mapped and mapped[:n])
            return [*found, *back]

        def with_adjoints(mapped: list[bool]) -> list[bool]:
            return [*mapped[:n], *[True] * m]

        def with_directions(mapped: list[bool]) -> list[bool]:
            both = [x or direction for x, direction in zip(mapped[:n], mapped[n + m :], strict=True)]
            return [*both, *[True] * m, *both]

        def third(*_: Any) -> Any:
            raise NotImplementedError(THIRD.format(asked.home.what, "JAX"))

        bend = chained(jax, self.there(bent, [*takes, *gives, *takes], [*takes, *gives], with_directions), third)
        pull = chained(jax, self.there(pulled, [*takes, *gives], takes, with_adjoints), bend)
        self.value = chained(jax, self.there(asked.value, takes, gives, lambda mapped: mapped), pull)

    def there(
        self,
        function: Callable[[Sequence[Any], Any], list[Any]],
        takes: Sequence[Any],
        gives: Sequence[Any],
        joint: Callable[[list[bool]], list[bool]],
    ) -> Callable[..., Any]:
        """A function on this side as one that JAX calls back.

        Args:
            function: Of arrays of doubles, and of which of them JAX maps over their first axis; None for none.
            takes, gives: The shapes of arrays, where JAX does not map, and their types.
            joint: Which have that axis if some have it.
        """

        def back(*arrays: Any) -> list[Any]:
            xs = [np.asarray(x, dtype=float) for x in arrays]
            axes = [x.shape[: x.ndim - len(like.shape)] for x, like in zip(xs, takes, strict=True)]
            lead = np.broadcast_shapes(*axes)
            mapped = [prod(own) != 1 for own in axes]
            mapped = joint(mapped) if any(mapped) else mapped
            xs = [
                np.reshape(np.broadcast_to(x, (*lead, *like.shape)), (prod(lead), *like.shape))
                if it_is
                else x.reshape(like.shape)
                for x, like, it_is in zip(xs, takes, mapped, strict=True)
            ]
            found = function(xs, mapped if any(mapped) else None)
            return [
                np.reshape(y, (*lead, *like.shape)).astype(like.dtype) for y, like in zip(found, gives, strict=True)
            ]

        home = self.asked.home
        method = "sequential" if home.batches or home.own else "expand_dims"

        def called(*given: Any) -> tuple[Any, ...]:
            return tuple(self.jax.pure_callback(back, gives, *given, vmap_method=method))

        return called


def chained(jax: Any, function: Callable[..., Any], pullback: Callable[..., Any]) -> Callable[..., Any]:
    """A function that JAX differentiates by a pullback, of what it was called with and the adjoints of what it gave."""
    found: Any = jax.custom_vjp(function)
    found.defvjp(lambda *xs: (found(*xs), xs), lambda xs, adjoints: tuple(pullback(*xs, *adjoints)))
    called: Callable[..., Any] = found
    return called
