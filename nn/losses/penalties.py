"""What is added to a loss, to keep a model simple: penalties on its parameters."""

from collections.abc import Iterable
from typing import Any

from autograd import dot
from nn.checks import as_finite, as_list

__all__ = ["l2"]


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
    if hasattr(parameters, "parameters"):
        raise TypeError(f"l2: expected a list of parameters, got a {type(parameters).__name__}: pass its .parameters()")
    found = as_list(parameters, "l2: parameters")
    if not found:
        raise ValueError("l2: no parameters: an iterator may have been used up")
    factor = as_finite(strength, "l2: strength")
    if factor < 0.0:
        raise ValueError(f"l2: strength is {factor}; a penalty is not negative")
    return factor * dot(found, found)
