"""Losses of numbers: how far predictions are from their targets."""

from collections.abc import Sequence
from typing import Any

from autograd import dot
from nn.losses.loss import Pairs, as_numbers, counted

__all__ = ["mse"]


@counted
def mse(predictions: Sequence[Any], targets: Sequence[Any], *, reduction: str = "mean") -> Any:
    """Mean squared error: Σ (prediction - target)² / n.

    Args:
        predictions: Values or numbers, one per sample; or a list of them per sample, one per output.
        targets: Numbers or Values, as many.
        reduction: "mean" over all numbers, "sum", or "none": a list of each number's.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: an element is no number.
        ValueError: the lengths differ, or there are no samples.

    Cost: a node per number, and two.

    >>> from autograd import Value
    >>> mse([Value(1.0), Value(4.0)], [1.0, 2.0]).data
    2.0
    >>> mse([[1.0, 4.0], [0.0, 0.0]], [[1.0, 2.0], [0.0, 2.0]])
    2.0
    """
    pairs = Pairs("mse", predictions, targets, reduction)
    errors = differences(pairs)
    if reduction == "none":
        return pairs.reduced([error * error for error in errors])
    total = dot(errors, errors)
    return total if reduction == "sum" else total / len(errors)


def differences(pairs: Pairs) -> list[Any]:
    """Prediction less target, of each number."""
    return [p - t for p, t in zip(pairs.left, as_numbers(pairs.right, pairs.what), strict=True)]
