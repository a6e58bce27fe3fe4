"""Predicted numbers beside the true ones. With several numbers per sample, the mean over their columns."""

from typing import Any

import numpy as np

from nn.metrics.samples import as_pair

__all__ = ["mae", "max_error", "mse", "r2", "rmse"]


def r2(true: Any, predicted: Any) -> float:
    """The share of the variance that is explained, 1 - Σ (true - predicted)² / Σ (true - mean of true)²; at most 1.

    Predicting the mean gives 0; a worse prediction less. Where the true numbers are all the same, 1.0 if they are
    predicted exactly, else 0.0. Of one sample it is nan.

    Args:
        true: A number per sample, or a row of them.
        predicted: The same.

    Raises:
        TypeError: there is something that is no number.
        ValueError: shapes differ, there are no samples, or a number is nan or infinite.

    >>> r2([3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0])
    0.9486081370449679
    >>> r2([2.0, 2.0], [1.0, 3.0])
    0.0
    """
    real, found = as_pair(true, predicted, "r2")
    if len(real) < 2:
        return float("nan")
    with np.errstate(over="ignore", invalid="ignore"):
        unexplained = ((real - found) ** 2).sum(axis=0)
        spread = ((real - real.mean(axis=0)) ** 2).sum(axis=0)
        # The mean of equal numbers is rounded, so their spread would be a small number to divide by.
        constant = (spread == 0.0) | (real == real[:1]).all(axis=0)
        share = 1.0 - unexplained / np.where(constant, 1.0, spread)
    return float(np.mean(np.where(unexplained == 0.0, 1.0, np.where(constant, 0.0, share))))


def mae(true: Any, predicted: Any) -> float:
    """The mean of |true - predicted|, in the unit of the numbers.

    Raises:
        TypeError, ValueError: as for `r2`.

    >>> mae([1.0, 2.0], [1.5, 4.0])
    1.25
    """
    real, found = as_pair(true, predicted, "mae")
    return float(np.abs(real - found).mean())


def mse(true: Any, predicted: Any) -> float:
    """The mean of (true - predicted)², in the unit of the numbers squared; inf where that is too large for a float.

    Raises:
        TypeError, ValueError: as for `r2`.

    >>> mse([1.0, 2.0], [1.5, 4.0])
    2.125
    """
    real, found = as_pair(true, predicted, "mse")
    with np.errstate(over="ignore"):
        return float(((real - found) ** 2).mean())


def rmse(true: Any, predicted: Any) -> float:
    """The root of the mean of (true - predicted)², in the unit of the numbers; of several columns, the mean of roots.

    Raises:
        TypeError, ValueError: as for `r2`.

    >>> rmse([1.0, 2.0], [4.0, 6.0])
    3.5355339059327378
    """
    real, found = as_pair(true, predicted, "rmse")
    with np.errstate(over="ignore"):
        return float(np.sqrt(((real - found) ** 2).mean(axis=0)).mean())


def max_error(true: Any, predicted: Any) -> float:
    """The largest |true - predicted|, in the unit of the numbers.

    Raises:
        TypeError, ValueError: as for `r2`.

    >>> max_error([1.0, 2.0], [1.5, 4.0])
    2.0
    """
    real, found = as_pair(true, predicted, "max_error")
    return float(np.abs(real - found).max())
