"""Functions of many numbers that are made of rows: what is averaged, added up or shared out over a list or an array.

With an axis each goes along it, as in NumPy: of an array, or of lists in lists, each line has a result of its own.
"""

from __future__ import annotations

from functools import partial, reduce
from math import inf, sqrt
from operator import index, mul
from typing import Any

from autograd.calculus import table
from autograd.calculus.application import apply
from autograd.calculus.arrays import along, in_place_of_numpys, is_array, shaped
from autograd.calculus.homogeneous import below_their_largest
from autograd.calculus.special import share
from autograd.values._functions import i0, logsumexp, norm, sinc
from autograd.values.folds import as_operands, dot, sum

__all__ = ["cumsum", "log_softmax", "mean", "prod", "softmax", "std", "var"]


def elements(xs: Any, what: str, least: int = 0) -> list[Any]:
    """The numbers and Values in a list, or in an array in its order.

    Raises:
        TypeError: there are none to be had.
        ValueError: there are too few.
    """
    found: list[Any] = as_operands(xs, what)
    if len(found) < least:
        raise ValueError(f"{what}: expected {least} numbers or more, got {len(found)}")
    return found


def in_form(found: list[Any], xs: Any) -> Any:
    """A list of results, or where an array was given an array of its shape."""
    return shaped(found, xs.shape) if is_array(xs) else found


def mean(xs: Any, axis: Any = None) -> Any:
    """The sum of a list or an array, divided by how many there are.

    Raises:
        ValueError: there are none.

    Rule: ∂z/∂xsᵢ = 1/n.

    >>> from autograd import Value
    >>> mean([1.0, 2.0, 6.0]), mean([Value(1.0), 2.0]).data
    (3.0, 1.5)
    """
    if axis is not None:
        return along(mean, xs, axis, "mean")
    found = elements(xs, "mean", 1)
    return sum(found) / float(len(found))


def deviations(xs: Any, what: str, ddof: int) -> tuple[list[Any], float]:
    """What is left of each number without the mean, and what their squares are divided by.

    Raises:
        ValueError: there are no more than `ddof`.
    """
    found = elements(xs, what, max(index(ddof), 0) + 1)
    centre = mean(found)
    return [x - centre for x in found], float(len(found) - ddof)


def var(xs: Any, axis: Any = None, *, ddof: int = 0) -> Any:
    """The variance of a list or an array: the mean square of what is left of each without their mean.

    Args:
        xs: Numbers and Values.
        axis: Along which; of all, if None.
        ddof: How many fewer the sum of squares is divided by, as in NumPy; 1 for a sample's.

    Raises:
        ValueError: there are no more than `ddof`.

    >>> var([1.0, 2.0, 3.0, 6.0]), var([1.0, 3.0], ddof=1)
    (3.5, 2.0)
    """
    if axis is not None:
        return along(partial(var, ddof=ddof), xs, axis, "var")
    found, n = deviations(xs, "var", ddof)
    return dot(found, found) / n


def std(xs: Any, axis: Any = None, *, ddof: int = 0) -> Any:
    """The square root of `var`, without overflow; its slopes are 0 where all are alike.

    Raises:
        ValueError: there are no more than `ddof`.

    >>> std([1.0, 1.0, 5.0, 5.0]), std([3.0, 3.0])
    (2.0, 0.0)
    """
    if axis is not None:
        return along(partial(std, ddof=ddof), xs, axis, "std")
    found, n = deviations(xs, "std", ddof)
    return norm(found) / sqrt(n)


def prod(xs: Any, axis: Any = None) -> Any:
    """The product of a list or an array, from left to right; 1 if it is empty. Its slopes are right where it is 0.

    Cost: a node per operand.

    >>> prod([2.0, 3.0, 4.0])
    24.0
    """
    if axis is not None:
        return along(prod, xs, axis, "prod")
    return reduce(mul, elements(xs, "prod"), 1.0)


def cumsum(xs: Any, axis: Any = None) -> Any:
    """The sums of the first, the first two, the first three and so on: a list, or of an array one of one axis.

    Cost: a node per operand.

    >>> cumsum([1.0, 2.0, 4.0])
    [1.0, 3.0, 7.0]
    """
    if axis is not None:
        return along(cumsum, xs, axis, "cumsum")
    total: Any = 0.0
    found = []
    for x in elements(xs, "cumsum"):
        total = total + x
        found.append(total)
    return shaped(found, (-1,)) if is_array(xs) else found


def softmax(xs: Any, axis: Any = None) -> Any:
    """`exp(xs[i]) / (exp(xs[0]) + exp(xs[1]) + ...)` of each: shares of 1, in a list, or an array.

    Without an axis all elements of an array share, whatever its shape. Of -inf the share is 0, also where there is
    nothing else; of inf it is nan, and all that is finite has none.

    Raises:
        ValueError: there are none.

    Rule: ∂zᵢ/∂xsⱼ = zᵢ * ((i == j) - zⱼ). Cost: a few nodes per operand.

    >>> softmax([1000.0, 1000.0])
    [0.5, 0.5]
    """
    if axis is not None:
        return along(softmax, xs, axis, "softmax")
    found = below_their_largest(elements(xs, "softmax", 1))
    total = logsumexp(found)
    return in_form([apply(share, (x, total)) for x in found], xs)


def log_softmax(xs: Any, axis: Any = None) -> Any:
    """The logarithms of `softmax`, accurate also where a share is nearly 0 or nearly 1; -inf where it is 0.

    Raises:
        ValueError: there are none.

    Rule: ∂zᵢ/∂xsⱼ = (i == j) - exp(zⱼ). Cost: a few nodes per operand.

    >>> log_softmax([0.0, -1000.0])
    [0.0, -1000.0]
    """
    if axis is not None:
        return along(log_softmax, xs, axis, "log_softmax")
    found = below_their_largest(elements(xs, "log_softmax", 1))
    total = logsumexp(found)
    total = apply(table.where, (apply(table.less, (-inf, total)), total, 0.0))  # where there is nothing, -inf stays
    return in_form([x - total for x in found], xs)


in_place_of_numpys(i0=i0, sinc=sinc, std=lambda x, **how: std([x], **how), var=lambda x, **how: var([x], **how))
