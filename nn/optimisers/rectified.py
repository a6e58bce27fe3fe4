"""Two that mend Adam's first steps: NAdam looks ahead, RAdam waits until its means of squares can be trusted."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optimisers.adam import advance
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import Group, Setting, as_betas, as_decay, as_flag

__all__ = ["NAdam", "RAdam"]


class NAdam(Optimiser):
    """Adam with Nesterov's momentum: the step is made of the gradient and of the mean as it will be.

    p ← p - lr·((1 - μ)/(1 - M)·grad + μ'/(1 - M·μ')·m) / (√v̂ + eps), where μ = β₁·(1 - 0.96^(t·momentum_decay)/2) is
    the momentum of step t, μ' that of the next, and M the product of all up to now.

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more.
        betas: What is kept of the mean of gradients, and of that of their squares.
        eps: What keeps the division from being by 0.
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        momentum_decay: How fast the momentum grows to β₁.
        decoupled_weight_decay: p shrinks by lr·weight_decay of itself, and the gradient stays as it is.
        maximize: Go uphill.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Dozat, "Incorporating Nesterov momentum into Adam" (2016).

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = NAdam([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> 0.8 < p.data < 0.95
    True
    """

    betas = Setting(as_betas, (0.9, 0.999))
    eps = Setting(as_decay, 1e-8)
    weight_decay = Setting(as_decay, 0.0)
    momentum_decay = Setting(as_decay, 0.004)
    decoupled_weight_decay = Setting(as_flag, False)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.002,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 0.004,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay, momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay, maximize=maximize,
        )  # fmt: skip

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """No step, and both means at 0."""
        return {"step": 0, "mu_product": 1.0, "exp_avg": np.zeros(size), "exp_avg_sq": np.zeros(size)}

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """The numbers of a group after a step."""
        means, squares = advance(state, grads, group["betas"])
        (beta1, beta2), decay, t = group["betas"], group["momentum_decay"], state["step"]
        now, next_one = [beta1 * (1.0 - 0.5 * 0.96 ** (k * decay)) for k in (t, t + 1)]
        product = state["mu_product"] = state["mu_product"] * now
        below = np.sqrt(squares / (1.0 - beta2**t))
        below += group["eps"]
        way = grads * ((1.0 - now) / (1.0 - product))
        way += means * (next_one / (1.0 - product * next_one))
        way /= below
        way *= group["lr"]
        return np.subtract(data, way, out=way)


class RAdam(Optimiser):
    """Rectified Adam: momentum alone while few gradients are known, then Adam's step times a factor that grows to 1.

    With ρ∞ = 2/(1 - β₂) - 1 and ρ = ρ∞ - 2t·β₂ᵗ/(1 - β₂ᵗ), the step is lr·m̂ while ρ is at most 5, and after that
    lr·m̂·r/√v̂ with r² = (ρ - 4)(ρ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρ).

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more.
        betas: What is kept of the mean of gradients, and of that of their squares.
        eps: What keeps the division from being by 0.
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        decoupled_weight_decay: p shrinks by lr·weight_decay of itself, and the gradient stays as it is.
        maximize: Go uphill.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Liu et al., "On the variance of the adaptive learning rate and beyond" (2020).

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = RAdam([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> p.data
    0.8
    """

    betas = Setting(as_betas, (0.9, 0.999))
    eps = Setting(as_decay, 1e-8)
    weight_decay = Setting(as_decay, 0.0)
    decoupled_weight_decay = Setting(as_flag, False)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay,
            decoupled_weight_decay=decoupled_weight_decay, maximize=maximize,
        )  # fmt: skip

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """No step, and both means at 0."""
        return {"step": 0, "exp_avg": np.zeros(size), "exp_avg_sq": np.zeros(size)}

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """The numbers of a group after a step."""
        means, squares = advance(state, grads, group["betas"])
        (beta1, beta2), t = group["betas"], state["step"]
        known = 1.0 - beta2**t
        most = 2.0 / (1.0 - beta2) - 1.0
        rho = most - 2.0 * t * beta2**t / known
        way = means * (group["lr"] / (1.0 - beta1**t))
        adaptive = rho > 5.0
        if isinstance(t, np.ndarray) or adaptive:  # an array where some were frozen
            factor = ((rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho) * known) ** 0.5
            factor = factor / (np.sqrt(squares) + group["eps"])
            way *= np.where(adaptive, factor, 1.0) if isinstance(t, np.ndarray) else factor
        return np.subtract(data, way, out=way)
