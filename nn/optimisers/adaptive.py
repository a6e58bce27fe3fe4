"""Each parameter at a pace of its own, from the squares of its gradients: RMSprop, Adagrad, Adadelta."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import Group, Setting, as_decay, as_flag, as_share

__all__ = ["Adadelta", "Adagrad", "RMSProp", "RMSprop"]


class RMSprop(Optimiser):
    """Gradients over the root of the mean of their squares: v ← α·v + (1 - α)·grad²; p ← p - lr·grad/(√v + eps).

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more.
        alpha: What is kept of the mean of squares.
        eps: What keeps the division from being by 0.
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        momentum: What is kept of the last step, from 0 to below 1.
        centered: Take the variance of gradients in place of the mean of their squares.
        maximize: Go uphill.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Tieleman and Hinton, "Lecture 6.5: rmsprop" (2012); Graves, "Generating sequences with recurrent neural
    networks" (2013), for the centred form.

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = RMSprop([p], lr=0.01)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> round(p.data, 6)
    0.9
    """

    alpha = Setting(as_share, 0.99)
    eps = Setting(as_decay, 1e-8)
    weight_decay = Setting(as_decay, 0.0)
    momentum = Setting(as_share, 0.0)
    centered = Setting(as_flag, False)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum, centered=centered,
            maximize=maximize,
        )  # fmt: skip

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """A mean of squares of 0."""
        return {"square_avg": np.zeros(size)}

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """The numbers of a group after a step."""
        alpha, momentum = group["alpha"], group["momentum"]
        squares = mean(state["square_avg"], grads * grads, alpha)
        state["square_avg"] = squares
        below = squares
        if group["centered"]:
            means = state.get("grad_avg", 0.0)
            means = state["grad_avg"] = means + (1.0 - alpha) * (grads - means)
            below = np.maximum(squares - means * means, 0.0)  # which rounding could make negative
        below = np.sqrt(below)
        below += group["eps"]
        way = np.divide(grads, below, out=below)
        if momentum:
            way += momentum * state.get("momentum_buffer", 0.0)
            state["momentum_buffer"] = way
        return data - group["lr"] * way


RMSProp = RMSprop


class Adagrad(Optimiser):
    """Gradients over the root of the sum of all their squares: s ← s + grad²; p ← p - lr·grad/(√s + eps).

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: Learning rate, 0 or more.
        lr_decay: At step t the rate is lr/(1 + (t - 1)·lr_decay).
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        initial_accumulator_value: Where the sums begin.
        eps: What keeps the division from being by 0.
        maximize: Go uphill.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization"
    (2011).

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = Adagrad([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> round(p.data, 6)
    0.9
    """

    lr_decay = Setting(as_decay, 0.0)
    weight_decay = Setting(as_decay, 0.0)
    initial_accumulator_value = Setting(as_decay, 0.0)
    eps = Setting(as_decay, 1e-10)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, lr_decay=lr_decay, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, eps=eps, maximize=maximize,
        )  # fmt: skip

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """No step, and sums where they begin."""
        return {"step": 0, "sum": np.full(size, group["initial_accumulator_value"])}

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """The numbers of a group after a step."""
        rate = group["lr"] / (1.0 + state["step"] * group["lr_decay"])
        sums = grads * grads
        sums += state["sum"]
        state["step"], state["sum"] = state["step"] + 1, sums
        below = np.sqrt(sums)
        below += group["eps"]
        way = np.divide(grads, below, out=below)
        way *= rate
        return np.subtract(data, way, out=way)


class Adadelta(Optimiser):
    """Gradients over the root mean of their squares, times that of past steps, so that a step has the parameter's unit.

    v ← ρ·v + (1 - ρ)·grad²; d = √(u + eps)/√(v + eps)·grad; u ← ρ·u + (1 - ρ)·d²; p ← p - lr·d.

    Args:
        parameters: What `module.parameters()` gives, or groups of parameters.
        lr: A factor for the step, 0 or more.
        rho: What is kept of both means.
        eps: How large the first steps are, squared; it keeps the division from being by 0 too.
        weight_decay: L2 penalty: `weight_decay·p` is added to the gradient.
        maximize: Go uphill.

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained.

    Source: Zeiler, "ADADELTA: an adaptive learning rate method" (2012).

    >>> from autograd import Value
    >>> p = Value(1.0)
    >>> optimiser = Adadelta([p])
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> round(p.data, 4)
    0.9968
    """

    rho = Setting(as_share, 0.9)
    eps = Setting(as_decay, 1e-6)
    weight_decay = Setting(as_decay, 0.0)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr, rho=rho, eps=eps, weight_decay=weight_decay, maximize=maximize)

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """Both means at 0."""
        return {"square_avg": np.zeros(size), "acc_delta": np.zeros(size)}

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """The numbers of a group after a step."""
        rho, eps = group["rho"], group["eps"]
        squares = state["square_avg"] = mean(state["square_avg"], grads * grads, rho)
        way = np.sqrt((state["acc_delta"] + eps) / (squares + eps))
        way *= grads
        state["acc_delta"] = mean(state["acc_delta"], way * way, rho)
        return data - group["lr"] * way


def mean(old: Any, fresh: Any, kept: float) -> Any:
    """The running mean one step on, kept·old + (1 - kept)·new, in the memory of the new."""
    fresh *= 1.0 - kept
    fresh += kept * old
    return fresh
