"""Dispatch of a call: to the fast path (a repetition of one before), to the eager engine, or to a `Call`."""

from __future__ import annotations

from typing import Any

from autograd._build import native
from autograd.compiled.alone import Lone
from autograd.compiled.call import Call
from autograd.compiled.checking import look_through
from autograd.compiled.gradients import (
    add_gradient,
    add_gradient_eagerly,
    gradient_by_values,
    has_values,
    values_among_arguments,
)
from autograd.compiled.joining import joined, joined_eagerly
from autograd.derivatives.floats import is_differentiated
from autograd.engine.listening import checkers, recorder
from autograd.engine.pausing import grad_enabled
from autograd.recorded.kinds import KINDS
from autograd.recorded.questions import Question
from autograd.recorded.recordings import warn_of_paths
from autograd.recorded.traced import OFTEN, Traced
from autograd.structures.layout import OtherNumbers
from autograd.values.vectors import add_to_grads

if native:
    from autograd.recorded.repetition import is_key
else:

    def is_key(argnums: Any) -> bool:
        """True of a whole number and a tuple of them; others may be equal to these, as True is, but are refused."""
        return {*map(type, argnums if type(argnums) is tuple else (argnums,))} <= {int}


__all__ = ["answer", "answered", "backward", "keep", "look_back"]


def answer(
    traced: Traced,
    kind: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    argnums: Any = (),
    tangents: tuple[Any, ...] | None = None,
) -> Any:
    """The answer to a call; `kind` is the name of one of `KINDS`, and what goes along a direction has tangents."""
    inside = is_differentiated()
    if traced.skipping and not inside and KINDS[kind].eagerly is not None and recorder() is None and not checkers():
        traced.skipped()
        return eagerly(traced, kind, args, kwargs, argnums)
    if native and not inside:
        known = traced.repetitions.find(kind, argnums, args, kwargs if tangents is None else tangents)
        if known is not None:
            return known[0]
    try:
        call = Call(traced, args, kwargs, tangents)
    except OtherNumbers:
        if kind != "value" or traced.in_axes is not None or traced.weights:
            raise
        return traced.function(*args, **kwargs)
    return answered(call, kind, argnums)


def answered(call: Call, kind: str, argnums: Any) -> Any:
    """The answer to a call that no repetition knows."""
    if checkers():
        look_through(call, *asked_of(call, kind, argnums))
    row, inside = KINDS[kind], is_differentiated()
    if inside and row.slopes and (has_values(call) or captures(call)):
        raise TypeError(
            f"{call.traced.name}: derivatives of a compiled function are numbers, and within a function that is itself "
            "differentiated they are to be Values: take them of the function as it is, by autograd.grad(f) and its kin"
        )
    if row.among_values and (has_values(call) or (inside and captures(call))):
        found = joined(call)
        look_back(call)
        return found
    asked = call.question(kind, argnums)
    found = call.answer(asked)
    look_back(call)
    if native and is_key(argnums):
        keep(call, (kind, argnums), call.way(), asked)
    return found


def backward(traced: Traced, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of a call; every Value that took part has been given its share of the gradient."""
    if native:
        known = traced.repetitions.find("backward", (), args, kwargs)
        if known is not None:
            (found, slopes), repetition = known
            add_to_grads(repetition.captured, slopes)
            return found
    call = Call(traced, args, kwargs)
    if checkers():
        look_through(call, {k for k, _, _ in values_among_arguments(call)}, 1)
    if traced.skipping:
        traced.skipped()
        return add_gradient_eagerly(call)
    found = add_gradient(call)
    look_back(call)
    if native and not has_values(call):
        path = call.way()
        if path is not None:
            keep(call, ("backward", ()), path, gradient_by_values(path))
    return found


def captures(call: Call) -> bool:
    """Whether the function captures Values that a graph may lead to."""
    return grad_enabled() and any(not x.is_constant for path in call.paths.all for x in path.captured)


def asked_of(call: Call, kind: str, argnums: Any) -> tuple[set[int] | None, int | None]:
    """Towards which inputs a call asks for derivatives, and of how many of its results; see `look_through`."""
    if not KINDS[kind].slopes:
        return None, None
    wanted = call.question(kind, argnums).wanted
    return {*wanted.inputs, *wanted.moving}, 1 if KINDS[kind].aux else None


def keep(call: Call, key: Any, way: Any, asked: Question) -> None:
    """Keep what repeats a call that has been answered on its way, unless that was tried."""
    repetitions = call.traced.repetitions
    if way is not None and repetitions.wants(key, way):
        repetitions.keep(key, way, call.repetition(asked))


# --- single calls, each of which takes a path of its own ---


def look_back(call: Call) -> None:
    """Hear, after a single call, whether it took a path that was known.

    Not of a function with weights: what is trained is to end with the same bits wherever it is gone on from.
    """
    traced = call.traced
    if traced.in_axes is None and not traced.weights and len(call.paths.all) > 1:
        with traced.lock:
            traced.met(call.missed)
        if traced.misses == OFTEN and traced.skipping:
            warn_of_paths(traced, call.layout)


def eagerly(traced: Traced, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Any) -> Any:
    """The answer, with nothing recorded and as little around the function as possible."""
    key = (kind, argnums) if is_key(argnums) else None
    lone = traced.lone.get(key)
    if lone is not None and traced.paths.get(lone.layout) is lone.paths:
        numbers = lone.layout.floats(args, kwargs)
        if numbers is not None:
            return lone.answer(numbers)
    call = Call(traced, args, kwargs)
    if KINDS[kind].among_values and has_values(call):
        return joined_eagerly(call)
    asked = call.question(kind, argnums)
    lone = call.paths.once(("alone", asked.wanted), lambda: Lone(call.arguments, asked))
    if key is not None:
        traced.keep_lone(key, lone)
    if asked.wanted.kind.slopes:
        call.look_at_steps()
    return lone.answer(call.layout.row(call.leaves, 0), call.leaves)
