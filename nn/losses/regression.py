"""Losses of numbers: how far predictions are from their targets."""

from collections.abc import Sequence
from typing import Any

from autograd import abs as magnitude
from autograd import dot, less, log1p, minimum, sinh, softplus, where
from nn.checks import as_finite
from nn.losses.loss import Pairs, as_numbers, counted

__all__ = ["huber", "log_cosh", "mae", "mse", "smooth_l1"]

LN2 = 0.6931471805599453


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


@counted
def mae(predictions: Sequence[Any], targets: Sequence[Any], *, reduction: str = "mean") -> Any:
    """Mean absolute error: Σ |prediction - target| / n; PyTorch's l1_loss. Outliers pull at it no more than others.

    Args:
        predictions, targets, reduction: As for `mse`.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError, ValueError: As `mse`.

    Kink: slope 0 where prediction and target are equal.

    >>> mae([1.0, 4.0], [2.0, 2.0])
    1.5
    """
    pairs = Pairs("mae", predictions, targets, reduction)
    return pairs.reduced([magnitude(error) for error in differences(pairs)])


@counted
def huber(predictions: Sequence[Any], targets: Sequence[Any], *, delta: float = 1.0, reduction: str = "mean") -> Any:
    """Half the squared error up to `delta`, from there on the line that goes on from it: delta * (|error| - delta / 2).

    Args:
        predictions, targets, reduction: As for `mse`.
        delta: Where the line begins, in units of the targets; above 0.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: as `mse`, or `delta` is no number.
        ValueError: as `mse`, or `delta` is not above 0.

    Source: Huber, Robust Estimation of a Location Parameter, 1964.

    >>> huber([0.5, 3.0], [0.0, 0.0], reduction="none")
    [0.125, 2.5]
    """
    pairs = Pairs("huber", predictions, targets, reduction)
    edge = as_finite(delta, "huber: delta")
    if edge <= 0.0:
        raise ValueError(f"huber: delta is {edge}; it is above 0")
    return pairs.reduced([_bent(error, edge) for error in differences(pairs)])


@counted
def smooth_l1(predictions: Sequence[Any], targets: Sequence[Any], *, beta: float = 1.0, reduction: str = "mean") -> Any:
    """Huber's loss divided by where its line begins: error² / (2 beta) up to `beta`, from there on |error| - beta / 2.

    Args:
        predictions, targets, reduction: As for `mse`.
        beta: Where the line begins, in units of the targets; 0 gives `mae`.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: as `mse`, or `beta` is no number.
        ValueError: as `mse`, or `beta` is negative.

    Source: Girshick, Fast R-CNN, 2015, equation 3.

    >>> smooth_l1([0.5, 3.0], [0.0, 0.0], beta=2.0, reduction="none")
    [0.0625, 2.0]
    """
    pairs = Pairs("smooth_l1", predictions, targets, reduction)
    edge = as_finite(beta, "smooth_l1: beta")
    if edge < 0.0:
        raise ValueError(f"smooth_l1: beta is {edge}; it is not negative")
    return pairs.reduced([_bent(error, edge) / edge if edge else magnitude(error) for error in differences(pairs)])


def _bent(error: Any, edge: float) -> Any:
    """Half the square of an error up to an edge, a line from there; in one form, with a slope of c on both sides."""
    size = magnitude(error)
    c = minimum(size, edge)
    return c * (size - 0.5 * c)


@counted
def log_cosh(predictions: Sequence[Any], targets: Sequence[Any], *, reduction: str = "mean") -> Any:
    """Σ log cosh(prediction - target) / n: half the square of small errors, |error| - log 2 of large ones; smooth.

    Args:
        predictions, targets, reduction: As for `mse`.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError, ValueError: As `mse`.

    Cost: 12 nodes per number, in two forms: log(1 + sinh²) / 2 is exact for small errors, where the other cancels.

    >>> [round(x, 8) for x in log_cosh([1e-3, 1000.0], [0.0, 0.0], reduction="none")]
    [5e-07, 999.30685282]
    """
    pairs = Pairs("log_cosh", predictions, targets, reduction)
    losses = []
    for error in differences(pairs):
        size, s = magnitude(error), sinh(error)
        losses.append(where(less(size, 1.0), 0.5 * log1p(s * s), size + softplus(-2.0 * size) - LN2))
    return pairs.reduced(losses)


def differences(pairs: Pairs) -> list[Any]:
    """Prediction less target, of each number."""
    return [p - t for p, t in zip(pairs.left, as_numbers(pairs.right, pairs.what), strict=True)]
