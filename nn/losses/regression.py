"""Losses of numbers: how far predictions are from their targets."""

from collections.abc import Sequence
from typing import Any

from autograd import dot
from nn.checks import as_list, require_as_many, require_one_number

__all__ = ["mse"]


def mse(predictions: Sequence[Any], targets: Sequence[Any]) -> Any:
    """Mean squared error: Σ (prediction - target)² / n.

    Args:
        predictions: Values or numbers, one per sample.
        targets: Numbers or Values, as many.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: an element is not one number.
        ValueError: the lengths differ, or there are no samples.

    >>> from autograd import Value
    >>> mse([Value(1.0), Value(4.0)], [1.0, 2.0]).data
    2.0
    """
    found, wanted = as_list(predictions, "mse: predictions"), as_list(targets, "mse: targets")
    require_as_many(found, wanted, "mse", ("predictions", "targets"))
    for x in (*found, *wanted):
        require_one_number(x, "mse")
    errors = [p - t for p, t in zip(found, wanted, strict=True)]
    return dot(errors, errors) / len(errors)
