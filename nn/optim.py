"""Optimisers: how parameters follow their gradients."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.checks import as_finite, as_list

__all__ = ["SGD"]


class SGD:
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
        self.parameters = _checked(parameters)
        self.lr = lr
        self.momentum = momentum
        self._velocities = np.zeros(len(self.parameters))

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        rate = as_finite(lr, "SGD: lr")
        if rate <= 0.0:
            raise ValueError(f"SGD: lr is {rate}; a learning rate is positive")
        self._lr = rate

    @property
    def momentum(self) -> float:
        """The share of the last step's velocity that is kept."""
        return self._momentum

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        share = as_finite(momentum, "SGD: momentum")
        if not 0.0 <= share < 1.0:
            raise ValueError(f"SGD: momentum is {share}; it is at least 0 and below 1")
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
            moved = data - self._lr * velocities
        self._velocities = velocities
        vector_to_values(moved, self.parameters, "data")

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to 0.

        >>> p = Value(1.0)
        >>> p.grad = 2.0
        >>> SGD([p], lr=0.1).zero_grad()
        >>> p.grad
        0.0
        """
        vector_to_values(0.0, self.parameters, "grad")

    def __repr__(self) -> str:
        return f"SGD({len(self.parameters)} parameters, lr={self._lr}, momentum={self._momentum})"


def _checked(parameters: Any) -> list[Value]:
    """The parameters as a list, each of them one that a step can move."""
    if isinstance(parameters, Value) or hasattr(parameters, "parameters"):
        hint = "put it in a list" if isinstance(parameters, Value) else "pass its .parameters()"
        raise TypeError(f"SGD: expected a list of parameters, got a {type(parameters).__name__}: {hint}")
    found = as_list(parameters, "SGD: parameters")
    if not found:
        raise ValueError("SGD: no parameters: there is nothing to train")
    seen: set[int] = set()
    for i, p in enumerate(found):
        if not isinstance(p, Value):
            raise TypeError(f"SGD: parameter {i} is a {type(p).__name__}; expected a Value")
        if p.is_constant or p.operands:
            kind = "a constant" if p.is_constant else "computed from other Values"
            raise ValueError(f"SGD: parameter {i}, {p!r}, is {kind}: only a leaf made by Value(number) can be trained")
        if id(p) in seen:
            raise ValueError(f"SGD: parameter {i}, {p!r}, is listed twice: it would move twice in a step")
        seen.add(id(p))
    return found
