"""Transforms of second order: the Hessian of a plain function, and products with it, by JAX's names.

Of functions of numbers they are walks over the graph, as numbers; of Values, and in a recording, sweeps over Values.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from math import frexp, inf, isfinite, prod
from typing import Any

import numpy as np

from autograd.curvature.pushing import all_finite
from autograd.curvature.walks import bent
from autograd.derivatives.arguments import Numbers
from autograd.derivatives.calls import Call, as_function, places
from autograd.derivatives.floats import Called, called_on_floats
from autograd.derivatives.grad import pulled
from autograd.derivatives.reverse import gradient_as_values
from autograd.derivatives.transforms import by_argument, jvp, vjp
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.engine.sweep import gradient
from autograd.structures.results import array_of
from autograd.values.value import Value

__all__ = ["ggn_vp", "hessian", "hessian_of", "hvp", "laplacian"]


def hessian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """Of a function, the function that gives its second derivatives.

    Args:
        function: Ordinary Python over numbers, that gives one number.
        argnums: By which positional arguments; a tuple for several.
        has_aux: Whether it gives a pair, of which the first is differentiated; it gives a pair too then.

    Returns:
        A function: in the structure of the arguments, in each leaf that of the arguments again, as
        `jacobian(grad(function))` has it. By a number it is a number, by an array of shape `s` an array of shape
        `s + s`, by a list of numbers a list for each of them.

    Cost: a call of the function on Values, a sweep, and for each number a walk forward and one back over what moves.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    >>> hessian(lambda x, y: x**2 * y, argnums=(0, 1))(3.0, 5.0)
    ((10.0, 6.0), (6.0, 0.0))
    """
    as_function(function, "hessian")

    @functools.wraps(function, updated=())
    def curvature(*args: Any, **kwargs: Any) -> Any:
        called = None if has_aux else called_on_floats(function, argnums, args, kwargs)
        if called is not None and called.is_moved():
            found = np.zeros((len(called.inputs), len(called.inputs)))
            walked = bent(called.result, called.inputs, None, into=found) is not None
            if walked and not is_lost(found, called.inputs):
                return called.by_argument([called.by_argument(row) for row in found.tolist()])
        call = Call("hessian", function, argnums, args, kwargs, has_aux, called=called)
        call.single()
        matrix = in_arguments_twice(call, hessian_of(call, 0))
        return (matrix, call.aux_value()) if has_aux else matrix

    return curvature


def in_arguments_twice(call: Call, matrix: Any) -> Any:
    """Second derivatives in the structure of the arguments, and in each of its leaves again."""
    found, at, rows = [], 0, None
    for part in call.parts:
        if len(call.parts) == 1 and len(part.shapes) == 1 and part.shapes[0] is not None:
            inner = part.joined([matrix.reshape(part.shapes[0] * 2)])  # by one array
            return part.joined([inner]) if call.one else (part.joined([(inner,)]),)
        rows = matrix.tolist() if rows is None else rows
        leaves = []
        for shape in part.shapes:
            count = prod(shape or ())
            leaves.append(by_argument(call, rows[at : at + count], shape or ()))
            at += count
        found.append(part.joined(leaves))
    return found[0] if call.one else tuple(found)


def is_moved(x: Any) -> bool:
    """Whether that is a Value to which gradients flow."""
    return isinstance(x, Value) and not x.is_constant


def curved(call: Call, direction: list[float]) -> list[float]:
    """The Hessian of a call's one result times a direction, as numbers."""
    if not is_moved(call.single()):
        return [0.0] * len(direction)
    rows = bent(call.single(), call.inputs, [direction])
    if rows is not None and not is_lost(rows[0], call.inputs, direction):
        found: list[float] = rows[0]
        return found
    largest = max(map(abs, direction))
    scale = 2.0 ** frexp(largest)[1] if 1.0 < largest < inf else 1.0  # it is linear, and may overflow sooner if large
    pairs = [(d, t / scale) for d, t in zip(slopes_of(call), direction, strict=True) if not d.is_constant and t]
    swept = [scale * x for x in gradient([d for d, _ in pairs], call.inputs, [t for _, t in pairs])]
    return swept if rows is None else [kept(x, y) for x, y in zip(rows[0], swept, strict=True)]


def is_lost(found: Any, inputs: list[Any], direction: Sequence[float] = ()) -> bool:
    """Whether a walk gave what is not finite at a point that is: a sweep over Values may overflow nowhere."""
    if all_finite(found) if type(found) is list else np.isfinite(found).all():
        return False
    return all(map(isfinite, direction)) and all(isfinite(data_of(x)) for x in inputs)


def kept(walked: float, swept: float) -> float:
    """What a walk gave, unless that overflowed; then what a sweep gave, which is finite or at least no nan."""
    return walked if isfinite(walked) or swept != swept else swept


def slopes_of(call: Call) -> list[Value]:
    """The gradient of a call's one result, as Values."""
    call.single()
    return pulled(call, [1.0], as_values=True)


def swept(slope: Value, call: Call) -> list[Any]:
    """The derivatives of a derivative."""
    if slope.is_constant:
        return [0.0] * len(call.inputs)
    return list((gradient_as_values if call.as_values else gradient)([slope], call.inputs, [1.0]))


def hessian_of(call: Call, i: int) -> Any:
    """The second derivatives of result i, an array of shape `(n, n)`."""
    n, root = len(call.inputs), call.results.values[i]
    matrix: Any = None
    if not call.as_values:
        matrix = np.zeros((n, n))
        walked = not is_moved(root) or bent(root, call.inputs, None, into=matrix) is not None
        if walked and not is_lost(matrix, call.inputs):
            return matrix
        matrix = matrix if walked else None
    weights = [1.0 if k == i else None for k in range(len(call.results.values))]
    rows = [swept(slope, call) for slope in pulled(call, weights, as_values=True)]
    found = array_of([x for row in rows for x in row], (n, n))
    return found if matrix is None else np.where(np.isfinite(found) & ~np.isfinite(matrix), found, matrix)


def hvp(
    function: Callable[..., Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
    argnums: int | Sequence[int] = 0,
) -> Any:
    """The Hessian of a function times a direction, without the matrix.

    Args:
        function: Ordinary Python over numbers, that gives one number.
        primals, tangents: Its positional arguments, and a direction for each; None for one that stays where it is.
        argnums: By which of them the gradient is taken.

    Returns:
        The product in the structure of the arguments `argnums`.

    Cost: a call of the function on Values, a sweep, and a walk forward and one back, all of numbers. With Values among
        the arguments, or rules of one's own in the function, a sweep on Values, and a walk through what it made.

    >>> hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 5.0],), ([1.0, 0.0],))
    [10.0, 6.0]
    """
    return product(function, primals, tangents, argnums, "hvp")


def product(function: Callable[..., Any], primals: Any, tangents: Any, argnums: Any, what: str) -> Any:
    """The same, for what a message calls it."""
    as_function(function, what)
    pairs = isinstance(primals, (tuple, list)) and isinstance(tangents, (tuple, list))
    if pairs and len(primals) == len(tangents) and recorder() is None:
        moving = [k for k, tangent in enumerate(tangents) if tangent is not None]
        if not moving:
            raise ValueError(f"{what}: every tangent is None: nothing moves")
        towards = places(argnums, len(primals), what)
        which = sorted({*moving, *towards})
        called = called_on_floats(function, tuple(which), primals, None)
        found = None if called is None else curved_floats(called, [tangents[k] for k in which])
        if found is None:
            along = {k: Numbers(tangents[k], f"{what}: tangent {k}") for k in moving}
            call = Call(what, function, which, primals, {}, called=called)
            if not (call.as_values or any(part.has_values for part in along.values())):
                found = call.parted(curved(call, direction_of(call, tangents, what)))
        if found is not None:
            chosen = [found[which.index(k)] for k in towards]
            return tuple(chosen) if isinstance(argnums, (tuple, list)) else chosen[0]

    def gradients(*args: Any) -> Any:
        call = Call(what, function, argnums, args, {}, also_values=True)
        return call.by_argument(slopes_of(call))

    return jvp(gradients, primals, tangents)[1]


def curved_floats(called: Called, tangents: list[Any]) -> Any:
    """The same of a function that was called on floats, argument by argument; None where there is more to look at."""
    direction = called.direction(tangents)
    if direction is None or not called.is_moved():
        return None
    rows = bent(called.result, called.inputs, [direction])
    return None if rows is None or is_lost(rows[0], called.inputs, direction) else called.by_argument(rows[0])


def direction_of(call: Call, tangents: Sequence[Any], what: str) -> list[float]:
    """A number for each input of a call: how it moves, if that is given."""
    found: list[float] = []
    for k, part in zip(call.argnums, call.parts, strict=True):
        still = tangents[k] is None
        found += [0.0] * len(part.items) if still else part.given(tangents[k], f"{what}: tangent {k}")
    return found


def ggn_vp(
    function: Callable[..., Any],
    loss: Callable[[Any], Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
) -> Any:
    """The generalised Gauss-Newton matrix of `loss(function(...))` times a direction: Jᵀ H J v, H being the loss's.

    What a Hessian is without the curvature of the function itself: positive semidefinite where the loss is convex.

    Args:
        function: Ordinary Python over numbers: predictions, in any structure.
        loss: Of the predictions; it gives one number.
        primals, tangents: The positional arguments of the function, and a direction for each.

    Returns:
        The product, for each positional argument in its structure; of one argument, of that.

    Cost: two calls of the function on Values, one of the loss, and four walks.

    >>> ggn_vp(lambda w: [w[0] * w[1]], lambda z: (z[0] - 1.0) ** 2, ([2.0, 3.0],), ([1.0, 0.0],))
    [18.0, 12.0]
    """
    as_function(function, "ggn_vp")
    as_function(loss, "ggn_vp: the loss")
    predictions, moved = jvp(function, primals, tangents)
    curved = product(loss, (predictions,), (moved,), 0, "ggn_vp: the loss, hvp")
    _, pull = vjp(function, *primals)
    found = pull(curved)
    return found[0] if len(primals) == 1 else found


def laplacian(function: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Of a function, the function that gives the sum of its pure second derivatives, the trace of the Hessian.

    Cost: that of the Hessian, in the memory of one row.

    >>> laplacian(lambda x: x[0] ** 2 * x[1] + x[1] ** 3)([3.0, 5.0])
    40.0
    """
    as_function(function, "laplacian")

    @functools.wraps(function, updated=())
    def trace(*args: Any, **kwargs: Any) -> Any:
        called = called_on_floats(function, argnums, args, kwargs)
        call = Call("laplacian", function, argnums, args, kwargs, called=called)
        squares: Any = None
        if not call.as_values and is_moved(call.single()):
            squares = bent(call.single(), call.inputs, None, diagonal=True)
        if squares is None or is_lost(squares, call.inputs):
            again = (swept(slope, call)[k] for k, slope in enumerate(slopes_of(call)))
            squares = again if squares is None else map(kept, squares, again)
        total: Any = 0.0
        for square in squares:
            total = total + square
        return total

    return trace
