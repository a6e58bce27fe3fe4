"""Gradient descent, with momentum or without."""

from collections.abc import Iterable

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.checks import as_finite
from nn.optimisers.optimiser import Optimiser

__all__ = ["SGD"]


class SGD(Optimiser):
    """Gradient descent with momentum, as PyTorch defines it: v ← momentum·v + grad; p ← p - lr·v.

    "Stochastic" when the gradient is that of a mini-batch.

    Args:
        parameters: What `module.parameters()` gives.
        lr: Learning rate, positive. Set the attribute for a schedule.
        momentum: From 0 (none) to below 1.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: `lr` or `momentum` is out of range; there are no parameters; one is listed twice, or is a constant
            or a computed Value, which training cannot move.

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964).

    >>> p = Value(1.0)
    >>> optimiser = SGD([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> p.data
    0.8
    """

    def __init__(self, parameters: Iterable[Value], lr: float, momentum: float = 0.0) -> None:
        super().__init__(parameters, lr)
        self.momentum = momentum
        self._velocities = np.zeros(len(self.parameters))

    @property
    def momentum(self) -> float:
        """The share of the last step's velocity that is kept."""
        return self._momentum

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        name = type(self).__name__
        share = as_finite(momentum, f"{name}: momentum")
        if not 0.0 <= share < 1.0:
            raise ValueError(f"{name}: momentum is {share}; it is at least 0 and below 1")
        self._momentum = share

    def step(self) -> None:
        """Move every parameter once: all of them, or with an interrupt (Ctrl-C) in the compiled build perhaps none.

        >>> p = Value(1.0)
        >>> p.grad = 2.0
        >>> SGD([p], lr=0.25).step()
        >>> p.data
        0.5
        """
        grads, data = values_to_vector(self.parameters, "grad"), values_to_vector(self.parameters, "data")
        with np.errstate(all="ignore"):
            velocities = self._momentum * self._velocities + grads if self._momentum else grads
            moved = data - self.lr * velocities
        self._velocities = velocities
        vector_to_values(moved, self.parameters, "data")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, lr={self.lr}, momentum={self._momentum})"
