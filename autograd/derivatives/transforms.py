"""Transforms of first order: the Jacobian of a plain function, and products with it, by JAX's names.

Each takes a function of numbers and gives derivatives as numbers; given Values it gives Values, which can be
differentiated again: so they nest, in whatever order, and work in functions that are compiled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.border.wording import brief
from autograd.derivatives.arguments import Numbers
from autograd.derivatives.calls import Call, as_function
from autograd.derivatives.floats import along_on_floats, called_on_floats
from autograd.derivatives.forward import pushed, pushed_as_values
from autograd.derivatives.grad import pulled
from autograd.structures.results import array_of

__all__ = ["by_argument", "jacobian", "jacobian_of", "jvp", "pull_of", "vjp"]


def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], *, has_aux: bool = False
) -> tuple[Any, ...]:
    """The value of a function, and its derivative along a direction: the Jacobian times a vector.

    Args:
        function: Ordinary Python over numbers; it gives numbers in any structure.
        primals: Its positional arguments.
        tangents: A direction for each, in its structure; None for an argument that stays where it is.
        has_aux: Whether it gives a pair, of which the first is differentiated; the second is given too then.

    Returns:
        The value and the tangent, both in the structure of the result.

    Raises:
        TypeError, ValueError: primals and tangents are not as many, or differ in structure.

    Cost: a call of the function on Values, and one walk through its graph.

    >>> jvp(lambda x, y: [x * y, x.sin()], (2.0, 3.0), (1.0, None))
    ([6.0, 0.9092974268256817], [3.0, -0.4161468365471424])
    """
    known = None if has_aux else along_on_floats(function, primals, tangents)
    if type(known) is tuple:
        return known
    as_function(function, "jvp")
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise TypeError(f"jvp: {name} are a tuple with one for each positional argument, got {brief(given)}")
    if len(primals) != len(tangents):
        raise ValueError(f"jvp: {len(primals)} primals and {len(tangents)} tangents: give None for what does not move")
    moving = [k for k, tangent in enumerate(tangents) if tangent is not None]
    if not moving:
        raise ValueError("jvp: every tangent is None: nothing moves")
    found = [Numbers(tangents[k], f"jvp: tangent {k}") for k in moving]
    also_values = any(part.has_values for part in found)
    call = Call("jvp", function, tuple(moving), primals, {}, has_aux, also_values, called=known)
    given_ = [
        item
        for k, part in zip(moving, call.parts, strict=True)
        for item in part.given(tangents[k], f"jvp: tangent {k}")
    ]
    directions = dict(zip(call.inputs, given_, strict=True))
    slopes = (pushed_as_values if call.as_values else pushed)(call.roots(), directions)
    answer = call.value(), call.in_results(slopes)
    return (*answer, call.aux_value()) if has_aux else answer


def vjp(function: Callable[..., Any], *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """The value of a function, and a function that pulls cotangents back: vectors times the Jacobian.

    Args:
        function: Ordinary Python over numbers; it gives numbers in any structure.
        primals: Its positional arguments.
        has_aux: Whether it gives a pair, of which the first is differentiated; the second is given too then.

    Returns:
        The value, and `pull(cotangent)`: given one number for each result, in their structure, it gives for each
        positional argument the derivatives in its structure, as a tuple.

    Raises:
        TypeError, ValueError: an argument is no number; a cotangent has not the structure of the results.

    Cost: a call of the function on Values; each pull is one sweep.

    >>> value, pull = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> value, pull([1.0, 0.0]), pull([0.0, 1.0])
    ([6.0, 5.0], (3.0, 2.0), (1.0, 1.0))
    """
    as_function(function, "vjp")
    if not primals:
        raise TypeError("vjp: give the positional arguments at which the function is differentiated")
    by = 0 if len(primals) == 1 else tuple(range(len(primals)))
    called = None if has_aux else called_on_floats(function, by, primals, None)
    if called is None or not called.has_plain_results():
        whole = Call("vjp", function, tuple(range(len(primals))), primals, {}, has_aux, called=called)
        answer = whole.value(), pull_of(whole)
        return (*answer, whole.aux_value()) if has_aux else answer

    def pull(cotangent: Any) -> Any:
        """The derivatives of the results, weighed so, by each argument."""
        found = called.pulled(cotangent)
        if found is None:  # it is no float, or no list of floats
            call = Call("vjp", function, tuple(range(len(primals))), called.arguments(), {}, called=called)
            found = pull_of(call)(cotangent)
        return found

    return called.value(), pull


def pull_of(call: Call) -> Callable[[Any], Any]:
    """What pulls cotangents back through a call."""
    form = Numbers(call.in_results(call.results.values), "vjp: the results")

    def pull(cotangent: Any) -> Any:
        """The derivatives of the results, weighed so, by each argument."""
        return call.by_argument(pulled(call, form.given(cotangent, "vjp: the cotangent")))

    return pull


def jacobian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """Of a function, the function that gives the derivatives of each of its results.

    Args:
        function: Ordinary Python over numbers; it gives numbers in any structure.
        argnums: By which positional arguments; a tuple for several.
        has_aux: Whether it gives a pair, of which the first is differentiated; it gives a pair too then.

    Returns:
        A function: in the structure of the results, in each leaf that of the arguments. An array of results of shape
        `s` by an array of shape `t` gives one of shape `s + t`.

    Cost: a call of the function on Values, and a sweep for each result, or where they are fewer a walk for each input.

    >>> jacobian(lambda x, y: [x * y, x + y], argnums=(0, 1))(2.0, 3.0)
    [(3.0, 2.0), (1.0, 1.0)]
    """
    as_function(function, "jacobian")

    @functools.wraps(function, updated=())
    def slopes(*args: Any, **kwargs: Any) -> Any:
        called = None if has_aux else called_on_floats(function, argnums, args, kwargs)
        found = None if called is None else called.jacobian()
        if found is not None:
            return found
        call = Call("jacobian", function, argnums, args, kwargs, has_aux, called=called)
        rows = jacobian_of(call)
        found = in_results_of_arguments(call, rows)
        return (found, call.aux_value()) if has_aux else found

    return slopes


def jacobian_of(call: Call) -> list[list[Any]]:
    """The derivatives of each result by each input."""
    outputs, inputs = call.results.values, call.inputs
    if len(inputs) < len(outputs):
        push = pushed_as_values if call.as_values else pushed
        roots = call.roots()
        columns: list[Any] = [push(roots, {x: 1.0}) for x in inputs]
        return [list(row) for row in zip(*columns, strict=True)]
    return [pulled(call, [1.0 if k == j else None for j in range(len(outputs))]) for k in range(len(outputs))]


def in_results_of_arguments(call: Call, rows: list[list[Any]]) -> Any:
    """Rows of derivatives in the structure of the results, and in each of its leaves that of the arguments."""
    leaves, at = [], 0
    for shape in call.results.shapes:
        count = int(np.prod(shape, dtype=int))
        leaves.append(by_argument(call, rows[at : at + count], shape))
        at += count
    return call.joined(leaves)


def by_argument(call: Call, rows: list[list[Any]], shape: tuple[int, ...]) -> Any:
    """The derivatives of one leaf of the results, in the structure of the arguments."""
    if not shape:
        return call.by_argument(rows[0])
    found, at = [], 0
    for part in call.parts:
        leaves = []
        for inner in part.shapes:
            count = int(np.prod(inner or (), dtype=int))
            block = [item for row in rows for item in row[at : at + count]]
            leaves.append(array_of(block, shape + (inner or ())))
            at += count
        found.append(part.joined(leaves))
    return found[0] if call.one else tuple(found)
