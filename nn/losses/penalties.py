"""What is added to a loss, to keep a model simple: penalties on its parameters."""

from collections.abc import Iterable
from typing import Any

from autograd import abs as magnitude
from autograd import dot
from autograd import sum as add_up
from nn.checks import as_finite, as_list

__all__ = ["elastic_net", "l1", "l2"]


def l1(parameters: Iterable[Any], strength: float) -> Any:
    """A penalty that makes parameters few: strength * Σ |p|.

    Args:
        parameters: What `module.parameters()` gives.
        strength: Not negative.

    Returns:
        A Value.

    Raises:
        TypeError: the parameters are a module, or not numbers.
        ValueError: there are no parameters, or `strength` is negative or not finite.

    Kink: slope 0 at 0. Cost: a node per parameter, and two.

    Source: Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996.

    >>> from autograd import Value
    >>> l1([Value(3.0), Value(-4.0)], 0.5).data
    3.5
    """
    found = _as_parameters(parameters, "l1")
    return _as_strength(strength, "l1: strength") * add_up([magnitude(p) for p in found])


def l2(parameters: Iterable[Any], strength: float) -> Any:
    """A penalty on large parameters: strength * Σ p².

    Args:
        parameters: What `module.parameters()` gives.
        strength: Not negative.

    Returns:
        A Value.

    Raises:
        TypeError: the parameters are a module, or not numbers.
        ValueError: there are no parameters, or `strength` is negative or not finite.

    Cost: two nodes.

    >>> from autograd import Value
    >>> l2([Value(3.0), Value(4.0)], 0.1).data
    2.5
    """
    found = _as_parameters(parameters, "l2")
    return _as_strength(strength, "l2: strength") * dot(found, found)


def elastic_net(parameters: Iterable[Any], strength: float, share: float = 0.5) -> Any:
    """Both penalties: strength * (share * Σ |p| + (1 - share) * Σ p²).

    Args:
        parameters: What `module.parameters()` gives.
        strength: Not negative.
        share: Of `l1`, from 0 to 1; the rest is `l2`'s.

    Returns:
        A Value.

    Raises:
        TypeError: the parameters are a module, or not numbers.
        ValueError: there are no parameters, `strength` is negative or not finite, or `share` is not from 0 to 1.

    Source: Zou and Hastie, Regularization and Variable Selection via the Elastic Net, 2005. Others halve the squares.

    >>> from autograd import Value
    >>> elastic_net([Value(3.0), Value(-4.0)], 0.5, share=0.2).data
    10.7
    """
    found, factor = _as_parameters(parameters, "elastic_net"), _as_strength(strength, "elastic_net: strength")
    part = as_finite(share, "elastic_net: share")
    if not 0.0 <= part <= 1.0:
        raise ValueError(f"elastic_net: share is {part}; it is from 0 (all l2) to 1 (all l1)")
    return dot([factor * part, factor * (1.0 - part)], [add_up([magnitude(p) for p in found]), dot(found, found)])


def _as_parameters(parameters: Any, what: str) -> list[Any]:
    if hasattr(parameters, "parameters"):
        kind = type(parameters).__name__
        raise TypeError(f"{what}: expected a list of parameters, got a {kind}: pass its .parameters()")
    found = as_list(parameters, f"{what}: parameters")
    if not found:
        raise ValueError(f"{what}: no parameters: an iterator may have been used up")
    return found


def _as_strength(strength: Any, what: str) -> float:
    factor = as_finite(strength, what)
    if factor < 0.0:
        raise ValueError(f"{what} is {factor}; a penalty is not negative")
    return factor
