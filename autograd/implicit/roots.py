"""Roots and fixed points as functions of their parameters, with derivatives of any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.derivatives.arguments import Numbers
from autograd.derivatives.calls import as_function, name_of_function
from autograd.implicit.searches import Search
from autograd.structures.results import Results

__all__ = ["fixed_point", "root"]


def root(
    function: Callable[..., Any],
    x0: Any,
    *params: Any,
    bracket: tuple[float, float] | None = None,
    tol: float = 1e-13,
) -> Any:
    """Where a function is 0: `x` with `function(x, *params) == 0`, as a function of the parameters.

    Args:
        function: Ordinary Python over numbers: of one number it gives one, of a list or an array as many.
        x0: Where the search begins: a number, or a list, array or other structure of them.
        params: What else it depends on: numbers, Values, structures of them. The root is differentiated by these.
        bracket: Two finite numbers between which the function changes its sign: then the search, of one number, begins
            close to a root.
        tol: How small the last step is to be, relative to the root, of each number by itself.

    Returns:
        The root in the structure of `x0`: numbers if all parameters are numbers, else Values.

    Raises:
        ValueError: the search does not converge, with where it stood; or the bracket holds no change of sign.
        TypeError: `x0` is no number, or the function does not give as many.

    Cost: a call of the function on Values for each step of the search, and one more in a sweep; systems are solved in
        n³ operations a step. In a function that is compiled the steps are recorded: of one number with a path for few,
        for more and for many of them, of systems with a path for each number of steps.

    >>> a = Value(2.0)
    >>> x = root(lambda x, a: x * x - a, 1.0, a)
    >>> x.backward()
    >>> round(x.data, 12), round(a.grad, 12)
    (1.414213562373, 0.353553390593)
    """
    as_function(function, "root")
    return Search("root", function, function, x0, params, tol).found(bracket)


def fixed_point(function: Callable[..., Any], x0: Any, *params: Any, tol: float = 1e-13) -> Any:
    """What a function gives back: `x` with `function(x, *params) == x`, as a function of the parameters.

    Args and errors are those of `root`, of the difference. The search is Newton's too, not the function over and over.

    >>> fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, 9.0)
    3.0
    """
    as_function(function, "fixed_point")
    name = f"fixed_point of {name_of_function(function)}"

    def difference(x: Any, *params: Any) -> Any:
        before, after = Numbers(x, f"{name}: x0"), Results(function(x, *params), name)
        if len(after.values) != len(before.items):
            raise TypeError(f"{name}: of {len(before.items)} numbers it gives {after}, and is to give as many")
        return [b - a for a, b in zip(before.items, after.values, strict=True)]

    return Search("fixed_point", function, difference, x0, params, tol).found(None)
