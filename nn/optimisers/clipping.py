"""Gradients held within bounds: the length of them all, or each by itself."""

from collections.abc import Iterable
from math import inf, isfinite
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.optimisers.settings import as_decay, as_positive

__all__ = [
    "clip_grad_norm", "clip_grad_norm_", "clip_grad_value", "clip_grad_value_", "clipped_by_norm", "clipped_by_value",
]  # fmt: skip

SMALL = 1e-6
"""PyTorch adds it to the norm before it divides by it."""


def clipped_by_norm(grads: Any, max_norm: float, norm_type: float = 2.0) -> tuple[Any, float]:
    """Gradients made shorter where they are longer than `max_norm`, in the same direction; and how long they were.

    Where one is infinite or nan, so is the norm, and PyTorch's result comes of it: zeros and nan.

    Args:
        grads: A vector. It stays as it is.
        max_norm: The greatest length, 0 or more.
        norm_type: The p of the p-norm; `math.inf` for the largest component.

    >>> clipped_by_norm(np.array([3.0, 4.0]), 10.0)
    (array([3., 4.]), 5.0)
    >>> clipped_by_norm(np.array([3.0, 4.0]), 1.0)[0].round(3)
    array([0.6, 0.8])
    """
    norm = length(grads, norm_type)
    factor = max_norm / (norm + SMALL)
    if factor >= 1.0:
        return grads, norm
    with np.errstate(all="ignore"):
        return grads * factor, norm


def length(grads: Any, norm_type: float) -> float:
    """The p-norm of a vector; finite whenever it can be, though squares overflow."""
    with np.errstate(all="ignore"):
        norm: float = np.dot(grads, grads).item() ** 0.5 if norm_type == 2.0 else norm_of(grads, norm_type)
        if isfinite(norm) and norm > 1e-150:
            return norm
        most = float(np.abs(grads).max()) if len(grads) else 0.0
        if most == 0.0 or not isfinite(most):
            return most if most == 0.0 else norm
        return most * norm_of(grads / most, norm_type)


def norm_of(grads: Any, norm_type: float) -> float:
    """The p-norm of a vector as NumPy computes it."""
    return float(np.linalg.norm(grads, norm_type)) if len(grads) else 0.0


def clipped_by_value(grads: Any, clip_value: float) -> Any:
    """Gradients, each held between -clip_value and clip_value; nan stays nan.

    >>> clipped_by_value(np.array([3.0, -4.0, 0.5]), 1.0)
    array([ 1. , -1. ,  0.5])
    """
    return np.clip(grads, -clip_value, clip_value)


def clip_grad_norm(
    parameters: Iterable[Value], max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Shorten the gradient of all parameters together to `max_norm`, where it is longer.

    Between `backward()` and `step()`. PyTorch's `clip_grad_norm_`.

    Args:
        parameters: What `module.parameters()` gives.
        max_norm: The greatest length, 0 or more.
        norm_type: The p of the p-norm, above 0; `math.inf` for the largest component.
        error_if_nonfinite: Refuse a norm that is infinite or nan.

    Returns:
        The norm before.

    Raises:
        TypeError: something given is not a Value, or no number.
        ValueError: `max_norm` is negative, or `norm_type` is not above 0; the norm is refused, and nothing is changed.

    >>> p, q = Value(1.0), Value(1.0)
    >>> (3.0 * p + 4.0 * q).backward()
    >>> clip_grad_norm([p, q], 1.0)
    5.0
    >>> round(p.grad, 3), round(q.grad, 3)
    (0.6, 0.8)
    """
    most = as_decay(max_norm, "clip_grad_norm: max_norm")
    p = norm_type if norm_type == inf else as_positive(norm_type, "clip_grad_norm: norm_type")
    found = list(parameters)
    grads = values_to_vector(found, "grad")
    clipped, norm = clipped_by_norm(grads, most, p)
    if error_if_nonfinite and not isfinite(norm):
        raise ValueError(f"clip_grad_norm: the norm of the gradients is {norm}")
    if clipped is not grads:
        vector_to_values(clipped, found, "grad")
    return norm


def clip_grad_value(parameters: Iterable[Value], clip_value: float) -> None:
    """Hold the gradient of each parameter between -clip_value and clip_value. PyTorch's `clip_grad_value_`.

    Raises:
        TypeError: something given is not a Value, or no number.
        ValueError: `clip_value` is negative or nan.

    >>> p = Value(1.0)
    >>> p.grad = -3.0
    >>> clip_grad_value([p], 0.5)
    >>> p.grad
    -0.5
    """
    most = as_decay(clip_value, "clip_grad_value: clip_value")
    found = list(parameters)
    vector_to_values(clipped_by_value(values_to_vector(found, "grad"), most), found, "grad")


clip_grad_norm_, clip_grad_value_ = clip_grad_norm, clip_grad_value
"""PyTorch's names of the same."""
