"""Compiled functions as functions of JAX's arrays, through which it compiles, maps, and differentiates twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from importlib import import_module
from math import prod
from typing import Any

import numpy as np
import optree

from autograd.hosts.weighing import THIRD, Asked, Weighing

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
    shapes: dict[Any, tuple[Any, list[tuple[int, ...]]]] = {}

    def call(*args: Any, **kwargs: Any) -> Any:
        asked = home.asked(args, kwargs, partial(is_number, jax))
        given = [asked.leaves[place] for place in asked.places]
        if any(jnp.iscomplexobj(x) for x in given):
            raise TypeError(f"to_jax: {fast._traced.name} takes real numbers, got complex ones")
        kind = jnp.result_type(float, *given)
        arrays = [x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(kind) for x in map(jnp.asarray, given)]
        key = asked.key, tuple([x.shape for x in arrays])
        if key not in shapes:
            found = results_at(asked, arrays, jax)
            shapes[key] = asked.results, [y.shape for y in found]
        asked.results, of_results = shapes[key]
        found = Calls(jax, asked, [x.shape for x in arrays], of_results, kind).value(*arrays)
        result: Any = optree.tree_unflatten(asked.results, found)
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
    """The calls that JAX makes back for one call of the function: of its value, of its pullback, and of that of this.

    Args:
        jax: The library.
        asked: What is called.
        shapes, of_results: Of the arrays that it takes, and of those that it gives.
        kind: The type of its results.
    """

    def __init__(
        self, jax: Any, asked: Asked, shapes: list[tuple[int, ...]], of_results: list[tuple[int, ...]], kind: Any
    ) -> None:
        self.jax, self.asked = jax, asked
        n, name = len(shapes), asked.home.what
        everything = [True] * n

        def value_there(*xs: Any) -> Any:
            kinds = [kind] * len(of_results)
            return self.there(asked.value, kinds, of_results, xs, shapes, lambda mapped: mapped)

        def pulled(arrays: Sequence[Any], mapped: Any) -> list[Any]:
            return asked.pulled(arrays[:n], arrays[n:], everything, mapped and mapped[:n])

        def pulled_there(*given: Any) -> Any:
            def joint(mapped: list[bool]) -> list[bool]:
                return [*mapped[:n], *[True] * len(of_results)]

            kinds = [x.dtype for x in given[:n]]
            return self.there(pulled, kinds, shapes, given, [*shapes, *of_results], joint)

        def bent(arrays: Sequence[Any], mapped: Any) -> list[Any]:
            end = len(arrays) - n
            found, back = asked.bent(arrays[:n], arrays[n:end], arrays[end:], mapped and mapped[:n])
            return [*found, *back]

        def bent_there(*given: Any) -> Any:
            def joint(mapped: list[bool]) -> list[bool]:
                both = [x or direction for x, direction in zip(mapped[:n], mapped[len(mapped) - n :], strict=True)]
                return [*both, *[True] * len(of_results), *both]

            results = [*shapes, *of_results]
            kinds = [x.dtype for x in given[: len(results)]]
            return self.there(bent, kinds, results, given, [*results, *shapes], joint)

        def third(*_: Any) -> Any:
            raise NotImplementedError(THIRD.format(name, "JAX"))

        self.value = chained(jax, value_there, chained(jax, pulled_there, chained(jax, bent_there, third)))

    def there(
        self,
        function: Callable[[Sequence[Any], Any], list[Any]],
        kinds: Sequence[Any],
        results: Sequence[tuple[int, ...]],
        given: Sequence[Any],
        shapes: Sequence[tuple[int, ...]],
        joint: Callable[[list[bool]], list[bool]],
    ) -> tuple[Any, ...]:
        """What a function gives, when JAX calls it back.

        Args:
            function: Of arrays of doubles, and of which of them JAX maps over their first axis; None for none.
            kinds, results: The types and shapes of what it gives.
            given: What it is called with.
            shapes: The shapes of these, where JAX does not map.
            joint: Which have that axis if some have it.
        """

        def back(*arrays: Any) -> list[Any]:
            xs = [np.asarray(x, dtype=float) for x in arrays]
            axes = [x.shape[: x.ndim - len(shape)] for x, shape in zip(xs, shapes, strict=True)]
            lead = np.broadcast_shapes(*axes)
            mapped = [prod(own) != 1 for own in axes]
            mapped = joint(mapped) if any(mapped) else mapped
            xs = [
                np.reshape(np.broadcast_to(x, (*lead, *shape)), (prod(lead), *shape)) if it_is else x.reshape(shape)
                for x, shape, it_is in zip(xs, shapes, mapped, strict=True)
            ]
            found = function(xs, mapped if any(mapped) else None)
            return [
                np.reshape(y, (*lead, *shape)).astype(kind)
                for y, shape, kind in zip(found, results, kinds, strict=True)
            ]

        wanted = [self.jax.ShapeDtypeStruct(shape, kind) for shape, kind in zip(results, kinds, strict=True)]
        home = self.asked.home
        method = "sequential" if home.batches or home.own else "expand_dims"
        found: tuple[Any, ...] = tuple(self.jax.pure_callback(back, wanted, *given, vmap_method=method))
        return found


def chained(jax: Any, function: Callable[..., Any], pullback: Callable[..., Any]) -> Callable[..., Any]:
    """A function that JAX differentiates by a pullback, of what it was called with and the adjoints of what it gave."""
    found: Any = jax.custom_vjp(function)
    found.defvjp(lambda *xs: (found(*xs), xs), lambda xs, adjoints: tuple(pullback(*xs, *adjoints)))
    called: Callable[..., Any] = found
    return called
