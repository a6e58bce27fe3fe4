"""propagate: mean and covariance of a function of uncertain numbers, by its expansion around their means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.border.conversion import as_array, as_float
from autograd.border.wording import brief
from autograd.derivatives.calls import Call, as_function
from autograd.derivatives.second import hessian_of
from autograd.derivatives.transforms import jacobian_of
from autograd.structures.results import array_of
from autograd.values.value import Value

__all__ = ["Uncertain", "propagate"]

ROUNDING = 1e-9
"""What a covariance may be off from being symmetric and positive, relative to its variances."""


class Uncertain(NamedTuple):
    """What is known of uncertain results.

    Attributes:
        mean: Their means, in the structure of what the function gives.
        std: Their standard deviations, in that structure.
        covariance: An array of shape `(m, m)` over all numbers of the results, in order.

    >>> Uncertain(1.0, 0.5, np.array([[0.25]])).std
    0.5
    """

    mean: Any
    std: Any
    covariance: Any


def propagate(function: Callable[..., Any], means: Any, covariance: Any, order: int = 1) -> Uncertain:
    """The mean and the covariance of a function of uncertain numbers: propagation of errors.

    With J the slopes and Hᵢ the second derivatives of result i at the means, Σ the covariance of what goes in:

        to first order    mean f,              covariance J Σ Jᵀ
        to second order   mean f + ½ tr(Hᵢ Σ), covariance J Σ Jᵀ + ½ tr(Hᵢ Σ Hⱼ Σ)

    The first is exact for linear functions, whatever the distribution; the second for quadratic ones of normally
    distributed numbers.

    Args:
        function: Ordinary Python of one argument; it gives numbers in any structure.
        means: That argument: a number, or n of them in any structure.
        covariance: An array of shape `(n, n)`, over the numbers in order; or n variances, squares of standard
            deviations, of what is independent: for one number, one.
        order: 1 or 2.

    Returns:
        `mean` and `std`, the standard deviations, in the structure of what the function gives, and `covariance`, an
        array of shape `(m, m)` over all of its m numbers. Numbers for numbers; Values where there is one in the means,
        to be differentiated again.

    Raises:
        ValueError: the covariance has not that shape, is not symmetric, or not that of anything: a variance, or that of
            some sum of these numbers, would be negative; the order is another.
        TypeError: the function is none, or gives no numbers; a mean is none.

    Cost: a call of the function on Values, and a sweep for each result, or where they are fewer a walk for each input;
        to second order for each result a sweep on Values besides, and one sweep for each input.

    >>> area = propagate(lambda x: x["a"] * x["b"], {"a": 3.0, "b": 4.0}, [0.01, 0.04])
    >>> area.mean, area.std
    (12.0, 0.7211102550927979)
    """
    as_function(function, "propagate")
    if isinstance(order, bool) or order not in (1, 2):
        raise ValueError(f"propagate: order {brief(order)}: 1 for slopes alone, 2 for second derivatives too")
    call = Call("propagate", function, 0, (means,), {}, others=False)
    n, m = len(call.inputs), len(call.results.values)
    sigma = as_covariance(covariance, n, call.name)
    slopes = array_of([x for row in jacobian_of(call) for x in row], (m, n))
    spread = slopes @ sigma @ slopes.T
    middle = [y if isinstance(y, Value) and call.as_values else number_of(y) for y in call.results.values]
    if order == 2:
        bent = [hessian_of(call, i) @ sigma for i in range(m)]
        middle = [y + 0.5 * np.trace(b) for y, b in zip(middle, bent, strict=True)]
        spread = spread + 0.5 * array_of([np.sum(a * b.T) for a in bent for b in bent], (m, m))
    middle = [y if isinstance(y, Value) else float(y) for y in middle]
    widths = [root_of(spread[i, i]) for i in range(m)]
    return Uncertain(call.in_results(middle), call.in_results(widths), spread)


def as_covariance(given: Any, n: int, name: str) -> Any:
    """The covariance of n numbers as a matrix.

    Raises:
        TypeError: there is something else than numbers in it.
        ValueError: it is none.
    """
    array = as_array(given, f"{name}: covariance")
    items = [as_float(x, f"{name}: covariance") for x in array.ravel().tolist()]
    if array.shape not in ((n, n), (n,), () if n == 1 else (n,)):
        raise ValueError(
            f"{name}: a covariance of shape {array.shape}, for {n} number{'s' * (n != 1)}: give ({n}, {n}), or their "
            f"{n} variances"
        )
    sigma = np.array(items).reshape(array.shape)
    sigma = sigma.reshape(n, n) if sigma.ndim == 2 else np.diag(sigma.reshape(n))
    if not np.all(np.isfinite(sigma)):
        raise ValueError(f"{name}: the covariance has {brief(float(sigma[~np.isfinite(sigma)][0]))} in it")
    for i, variance in enumerate(np.diag(sigma).tolist()):
        if variance < 0.0:
            raise ValueError(f"{name}: the variance of number {i} is {variance:g}: it is a square, not below 0")
    scale = np.sqrt(np.outer(np.diag(sigma), np.diag(sigma)))
    unlike = np.argwhere(np.abs(sigma - sigma.T) > ROUNDING * np.maximum(scale, np.abs(sigma))).tolist()
    if unlike:
        i, j = unlike[0]
        raise ValueError(
            f"{name}: the covariance is not symmetric: {sigma[i, j]:g} at ({i}, {j}) and {sigma[j, i]:g} at ({j}, {i})"
        )
    least, size = np.linalg.eigvalsh(sigma)[[0, -1]].tolist() if n else (0.0, 0.0)
    if least < -ROUNDING * size:
        raise ValueError(
            f"{name}: the covariance has the eigenvalue {least:g}: some sum of these numbers would have a variance "
            "below 0, since covariances are too large beside variances"
        )
    return sigma


def number_of(x: Any) -> float:
    """The number of a result."""
    return x.data if isinstance(x, Value) else x


def root_of(x: Any) -> Any:
    """The square root of a variance, which rounding may have made negative."""
    if isinstance(x, Value):
        return x.sqrt()
    return float(np.sqrt(max(x, 0.0))) if x == x else float(x)
