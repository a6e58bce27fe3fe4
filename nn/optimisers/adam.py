"""Adam and its kin: each parameter at a pace of its own, from the means of its gradients and of their squares."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import Group, Setting, as_betas, as_decay, as_flag

__all__ = ["Adam", "AdamW"]


class Adam(Optimiser):
    """Adaptive moments: p ← p - lr·m̂ / (√v̂ + eps), with the running means m of gradients and v of their squares.

    m ← β₁·m + (1 - β₁)·grad, v ← β₂·v + (1 - β₂)·grad², and since both begin at 0, m̂ = m / (1 - β₁ᵗ) and
    v̂ = v / (1 - β₂ᵗ) at step t.

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more: about how far a parameter moves in a step.
        betas: β₁ and β₂, each from 0 to below 1.
        eps: What keeps the division from being by 0.
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        amsgrad: Take for v̂ the largest so far.
        maximize: Go uphill.
        decoupled_weight_decay: p shrinks by lr·weight_decay of itself, and the gradient stays as it is: AdamW.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2015); Reddi et al., "On the convergence of
    Adam and beyond" (2018), for amsgrad.

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = Adam([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> round(p.data, 6)
    0.9
    """

    betas = Setting(as_betas, (0.9, 0.999))
    eps = Setting(as_decay, 1e-8)
    weight_decay = Setting(as_decay, 0.0)
    amsgrad = Setting(as_flag, False)
    decoupled_weight_decay = Setting(as_flag, False)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize,
            decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """No step, and both means at 0."""
        return {"step": 0, "exp_avg": np.zeros(size), "exp_avg_sq": np.zeros(size)}

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """p - lr·m̂ / (√v̂ + eps), for a group of parameters."""
        means, squares = advance(state, grads, group["betas"])
        beta1, beta2 = group["betas"]
        t = state["step"]
        if group["amsgrad"]:
            squares = np.maximum(state.get("max_exp_avg_sq", 0.0), squares)
            state["max_exp_avg_sq"] = squares
        below = np.sqrt(squares)
        below /= (1.0 - beta2**t) ** 0.5
        below += group["eps"]
        moved = np.divide(means, below, out=below)
        moved *= group["lr"] / (1.0 - beta1**t)
        return np.subtract(data, moved, out=moved)


class AdamW(Adam):
    """Adam with decoupled weight decay: p ← p - lr·weight_decay·p, and then Adam's step.

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more.
        betas: What is kept of the mean of gradients, and of that of their squares.
        eps: What keeps the division from being by 0.
        weight_decay: The share of itself that a parameter loses in a step of rate 1.
        amsgrad: Take for the mean of squares the largest so far.
        maximize: Go uphill.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> AdamW([p], lr=0.1, weight_decay=0.5).step()
    >>> p.data
    0.95
    """

    weight_decay = Setting(as_decay, 0.01)
    decoupled_weight_decay = Setting(as_flag, True)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True
        )


def advance(state: dict[str, Any], grads: Any, betas: tuple[float, float]) -> tuple[Any, Any]:
    """The means of gradients and of their squares, one step on; they are noted in the state."""
    beta1, beta2 = betas
    means = beta1 * state["exp_avg"]
    part = (1.0 - beta1) * grads
    means += part
    squares = beta2 * state["exp_avg_sq"]
    np.multiply(grads, grads, out=part)
    part *= 1.0 - beta2
    squares += part
    state["step"] = state["step"] + 1
    state["exp_avg"], state["exp_avg_sq"] = means, squares
    return means, squares
