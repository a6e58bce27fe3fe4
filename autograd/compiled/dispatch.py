"""Which way a compiled function answers: as a call before, by the eager engine at once, or by what a `Call` does."""

from __future__ import annotations

from typing import Any

from autograd._build import native
from autograd.compiled.call import Call
from autograd.compiled.gradients import add_gradient, add_gradient_eagerly, asked_of_values, has_values
from autograd.compiled.joining import joined, joined_eagerly
from autograd.compiled.repetitions import keep
from autograd.compiled.traced import OFTEN, Traced, run_alone
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.engine.sweep import gradient
from autograd.values.value import Value
from autograd.values.vectors import add_to_grads

if native:
    from autograd.compiled.repetition import is_key, repeated

__all__ = ["answer", "backward", "value"]


def value(traced: Traced, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the function gives: numbers, or Values for Values."""
    return answer(traced, "value", args, kwargs)


def answer(
    traced: Traced,
    kind: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    argnums: Any = (),
    tangents: tuple[Any, ...] | None = None,
) -> Any:
    """What is asked for of a call; `kind` is that of a Derivation, and what goes along a direction has tangents."""
    repeats, key = native and is_key(argnums), (kind, argnums)
    if repeats:
        known, _ = repeated(traced, key, args, kwargs if tangents is None else tangents)
        if known is not None:
            return known
    if traced.skipping and kind in EAGERLY and recorder() is None:
        traced.skip(traced.skipping - 1)
        return eagerly(traced, kind, args, kwargs, argnums)
    call = Call(traced, args, kwargs, tangents)
    if kind == "value" and has_values(call):
        found = joined(call)
        look_back(call)
        return found
    found = call.answer(kind, argnums)
    look_back(call)
    if repeats:
        keep(call, key, lambda _: call.asked(kind, argnums))
    return found


def backward(traced: Traced, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of a call; every Value that took part has been given its share of the gradient."""
    if native:
        known, repetition = repeated(traced, ("backward", ()), args, kwargs)
        if known is not None:
            found, slopes = known
            add_to_grads(repetition.captured, slopes)
            return found
    call = Call(traced, args, kwargs)
    if traced.skipping:
        traced.skip(traced.skipping - 1)
        return add_gradient_eagerly(call)
    found = add_gradient(call)
    look_back(call)
    if native and not has_values(call):
        keep(call, ("backward", ()), lambda path: asked_of_values(call, path))
    return found


# --- single calls, each of which takes a path of its own ---

EAGERLY = ("value", "gradient", "jacobian")
"""What the eager engine answers as well."""


def look_back(call: Call) -> None:
    """Hear, after a single call, whether it took a path that was known."""
    traced = call.traced
    if traced.in_axes is None and len(call.paths.all) > 1:
        with traced.lock:
            traced.met(call.missed)
        if traced.misses == OFTEN and traced.skipping:
            traced.warn_of_paths(call.layout, call.leaves, 0)


def eagerly(traced: Traced, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Any) -> Any:
    """The answer, with nothing recorded and as little around the function as possible."""
    simple = not kwargs and not traced.statics and all(type(x) is float for x in args)
    if simple and (kind == "value" or (kind == "gradient" and type(argnums) is int and 0 <= argnums < len(args))):
        inputs = [Value(x) for x in args]
        result = run_alone(traced.function, inputs)
        if isinstance(result, Value):
            number = data_of(result)
            if kind == "value":
                return number
            slope = 0.0 if result.is_constant else gradient([result], [inputs[argnums]], [1.0])[0]
            return number, slope
    call = Call(traced, args, kwargs)
    if kind == "value" and has_values(call):
        return joined_eagerly(call)
    call.groups, call.alone = [], [0]
    return call.answer(kind, argnums)
