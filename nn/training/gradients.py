"""Gradients as vectors: their length, their mean, and how long they may be."""

from typing import Any

import numpy as np

from nn.optimisers.clipping import clipped_by_norm, clipped_by_value
from nn.optimisers.settings import as_positive

__all__ = ["Limits", "length", "mean_of"]


class Limits:
    """How long a gradient may be.

    Args:
        norm: Of all its numbers; None for no limit.
        value: Of each.

    Attributes:
        are_set: Whether there is a limit.

    Raises:
        TypeError, ValueError: one is no positive number.

    >>> Limits(1.0, None)(np.array([3.0, 4.0]), 5.0).round(6).tolist()
    [0.6, 0.8]
    """

    def __init__(self, norm: float | None = None, value: float | None = None) -> None:
        self.norm = None if norm is None else as_positive(norm, "fit: clip_norm")
        self.value = None if value is None else as_positive(value, "fit: clip_value")
        self.are_set = norm is not None or value is not None

    def __call__(self, gradient: Any, norm: float) -> Any:
        """A gradient of some length within the limits."""
        if self.value is not None:
            gradient = clipped_by_value(gradient, self.value)
        if self.norm is not None and (self.value is not None or norm > self.norm):
            gradient = clipped_by_norm(gradient, self.norm)[0]
        return gradient


def length(gradient: Any) -> float:
    """The length of a gradient; infinite or nan where a number of it is, or its square."""
    with np.errstate(all="ignore"):
        return float(np.sqrt(gradient @ gradient))


def mean_of(pending: list[tuple[Any, int]]) -> Any:
    """The mean of gradients, each as much as its batch has samples."""
    total = sum(n for _, n in pending)
    return sum(gradient * (n / total) for gradient, n in pending)
