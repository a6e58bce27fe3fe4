"""Gradient descent, with momentum or without."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import Group, Setting, as_decay, as_flag, as_share

__all__ = ["SGD"]


class SGD(Optimiser):
    """Gradient descent with momentum, as PyTorch defines it: v ← momentum·v + (1 - dampening)·grad; p ← p - lr·v.

    The first v is the gradient itself. "Stochastic" when the gradient is that of a mini-batch.

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more. Set the attribute for a schedule.
        momentum: From 0 (none) to below 1.
        dampening: What a gradient is held back by on its way into v.
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        nesterov: Look ahead: p ← p - lr·(grad + momentum·v). Needs momentum, and no dampening.
        maximize: Go uphill.
        decoupled_weight_decay: p shrinks by lr·weight_decay of itself, and the gradient stays as it is (SGDW).

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; there are no parameters; one is listed twice, or is a constant or a
            computed Value, which training cannot move.

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964); Sutskever et al., "On
    the importance of initialization and momentum in deep learning" (2013); Loshchilov and Hutter, "Decoupled weight
    decay regularization" (2019).

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = SGD([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> p.data
    0.8
    """

    momentum = Setting(as_share, 0.0)
    dampening = Setting(as_decay, 0.0)
    weight_decay = Setting(as_decay, 0.0)
    nesterov = Setting(as_flag, False)
    decoupled_weight_decay = Setting(as_flag, False)
    _shown = ("lr", "momentum")

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.001,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov,
            maximize=maximize, decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip
        for group in self.param_groups:
            if group["nesterov"] and (not group["momentum"] or group["dampening"]):
                raise ValueError("SGD: nesterov needs a momentum above 0 and a dampening of 0")

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """p - lr·v, for a group of parameters."""
        momentum, dampening = group["momentum"], group["dampening"]
        way = grads
        if momentum:
            velocity = momentum * state.get("momentum_buffer", 0.0)
            if dampening:
                steps = state.get("step", 0)  # an array where some were frozen
                velocity = velocity + np.where(np.equal(steps, 0), 1.0, 1.0 - dampening) * grads
                state["step"] = steps + 1
            else:
                velocity = np.add(velocity, grads, out=velocity if isinstance(velocity, np.ndarray) else None)
            state["momentum_buffer"] = velocity
            way = grads + momentum * velocity if group["nesterov"] else velocity
        moved = group["lr"] * way
        return np.subtract(data, moved, out=moved)
