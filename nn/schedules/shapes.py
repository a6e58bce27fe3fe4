"""Schedules as objects, under PyTorch's names: each is a function of `rates`, bound to an optimiser."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_finite, as_list, as_size
from nn.optimisers.settings import as_decay, as_positive, as_rate, as_share
from nn.schedules.rates import (
    constant_rate,
    cosine_rate,
    cosine_restarts_rate,
    exponential_rate,
    linear_rate,
    multi_step_rate,
    one_cycle_rate,
    phase,
    polynomial_rate,
    step_rate,
)
from nn.schedules.schedule import Schedule

__all__ = [
    "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "ExponentialLR", "LambdaLR",
    "LinearLR", "MultiStepLR", "OneCycleLR", "PolynomialLR", "StepLR",
]  # fmt: skip


class LambdaLR(Schedule):
    """The rate times what a function of the epoch says; or a function for each group.

    >>> LambdaLR(0.5, lambda t: 1.0 / (1 + t))(1)
    0.25
    """

    def __init__(self, optimizer: Any, lr_lambda: Callable[[float], float] | list[Callable[[float], float]]) -> None:
        found = lr_lambda if isinstance(lr_lambda, (list, tuple)) else [lr_lambda]
        for f in found:
            if not callable(f):
                raise TypeError(f"LambdaLR: expected a function of the epoch, got {type(f).__name__} {brief(f)}")
        groups = len(getattr(optimizer, "param_groups", [0]))
        if len(found) not in (1, groups):
            raise ValueError(f"LambdaLR: {len(found)} functions for {groups} groups of parameters")
        self.lr_lambdas = found if len(found) == groups else list(found) * groups
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """lr times what the group's function says."""
        return lr * self.lr_lambdas[group](t)


class ConstantLR(Schedule):
    """A share of the rate for a number of epochs, and then the rate: `constant_rate`.

    >>> [ConstantLR(1.0, factor=0.5, total_iters=2)(t) for t in (1, 2)]
    [0.5, 1.0]
    """

    def __init__(self, optimizer: Any, factor: float = 1.0 / 3.0, total_iters: int = 5) -> None:
        self.factor = as_decay(factor, "ConstantLR: factor")
        self.total_iters = as_size(total_iters, "ConstantLR: total_iters", 0)
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`constant_rate`."""
        return constant_rate(t, lr, self.factor, self.total_iters)


class StepLR(Schedule):
    """The rate times `gamma`, every `step_size` epochs: `step_rate`.

    >>> [StepLR(1.0, step_size=2, gamma=0.5)(t) for t in (1, 2)]
    [1.0, 0.5]
    """

    def __init__(self, optimizer: Any, step_size: int, gamma: float = 0.1) -> None:
        self.step_size = as_size(step_size, "StepLR: step_size")
        self.gamma = as_decay(gamma, "StepLR: gamma")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`step_rate`."""
        return step_rate(t, lr, self.step_size, self.gamma)


class MultiStepLR(Schedule):
    """The rate times `gamma`, at each of some epochs: `multi_step_rate`.

    >>> [MultiStepLR(1.0, [2, 3], gamma=0.5)(t) for t in (1, 2, 3)]
    [1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: Any, milestones: Iterable[int], gamma: float = 0.1) -> None:
        found = as_list(milestones, "MultiStepLR: milestones")
        self.milestones = sorted(as_size(m, "MultiStepLR: a milestone", 0) for m in found)
        self.gamma = as_decay(gamma, "MultiStepLR: gamma")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`multi_step_rate`."""
        return multi_step_rate(t, lr, self.milestones, self.gamma)


class ExponentialLR(Schedule):
    """The rate times `gamma` at each epoch: `exponential_rate`.

    >>> ExponentialLR(1.0, gamma=0.5)(3)
    0.125
    """

    def __init__(self, optimizer: Any, gamma: float) -> None:
        self.gamma = as_decay(gamma, "ExponentialLR: gamma")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`exponential_rate`."""
        return exponential_rate(t, lr, self.gamma)


class LinearLR(Schedule):
    """The rate times a factor that goes in a straight line: `linear_rate`.

    >>> [LinearLR(1.0, start_factor=0.0, total_iters=4)(t) for t in (0, 1, 4, 5)]
    [0.0, 0.25, 1.0, 1.0]
    """

    def __init__(
        self, optimizer: Any, start_factor: float = 1.0 / 3.0, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor = as_decay(start_factor, "LinearLR: start_factor")
        self.end_factor = as_decay(end_factor, "LinearLR: end_factor")
        self.total_iters = as_size(total_iters, "LinearLR: total_iters")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`linear_rate`."""
        return linear_rate(t, lr, self.start_factor, self.end_factor, self.total_iters)


class PolynomialLR(Schedule):
    """The rate down to 0 as a power of what is left: `polynomial_rate`.

    >>> [PolynomialLR(1.0, total_iters=4)(t) for t in (0, 1, 4)]
    [1.0, 0.75, 0.0]
    """

    def __init__(self, optimizer: Any, total_iters: int = 5, power: float = 1.0) -> None:
        self.total_iters = as_size(total_iters, "PolynomialLR: total_iters")
        self.power = as_decay(power, "PolynomialLR: power")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`polynomial_rate`."""
        return polynomial_rate(t, lr, self.total_iters, self.power)


class CosineAnnealingLR(Schedule):
    """The rate down to `eta_min` along half a cosine: `cosine_rate`.

    >>> [round(CosineAnnealingLR(1.0, T_max=2)(t), 6) for t in range(3)]
    [1.0, 0.5, 0.0]
    """

    def __init__(self, optimizer: Any, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803  (PyTorch's names)
        self.T_max = as_size(T_max, "CosineAnnealingLR: T_max")
        self.eta_min = as_rate(eta_min, "CosineAnnealingLR: eta_min")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`cosine_rate`."""
        return cosine_rate(t, lr, self.T_max, self.eta_min)


class CosineAnnealingWarmRestarts(Schedule):
    """Half cosines, one after the other, each `T_mult` times as long: `cosine_restarts_rate`.

    >>> [CosineAnnealingWarmRestarts(1.0, T_0=2, T_mult=2)(t) for t in (0, 1, 2, 4, 6)]
    [1.0, 0.5, 1.0, 0.5, 1.0]
    """

    def __init__(self, optimizer: Any, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:  # noqa: N803
        self.T_0 = as_size(T_0, "CosineAnnealingWarmRestarts: T_0")
        self.T_mult = as_size(T_mult, "CosineAnnealingWarmRestarts: T_mult")
        self.eta_min = as_rate(eta_min, "CosineAnnealingWarmRestarts: eta_min")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`cosine_restarts_rate`."""
        return cosine_restarts_rate(t, lr, self.T_0, self.T_mult, self.eta_min)


class OneCycleLR(Schedule):
    """Up to a large rate and down to a tiny one, while momentum goes down and up: `one_cycle_rate`, stepped per step.

    After the last step the rate stays (PyTorch raises).

    Args:
        optimizer: An optimiser; its own rate does not count. Or any number, for the rates alone.
        max_lr: The rate at the top; or one for each group.
        total_steps: Steps in all; or give `epochs` and `steps_per_epoch`.
        epochs: How often all samples are seen.
        steps_per_epoch: Steps in an epoch.
        pct_start: The share of steps that go up.
        anneal_strategy: "cos" or "linear".
        cycle_momentum: Change momentum, or the first of `betas`, too.
        base_momentum: Momentum at the top.
        max_momentum: Momentum at both ends.
        div_factor: How many times smaller than `max_lr` the first rate is.
        final_div_factor: How many times smaller than the first rate the last is.
        three_phase: Down as long as up, to the first rate, and from there to the last.

    Raises:
        TypeError: something is not a number.
        ValueError: a number is out of range; there is no number of steps; the optimiser has no momentum to cycle.

    >>> [round(OneCycleLR(1.0, max_lr=0.1, total_steps=10)(t), 4) for t in (0, 2, 9)]
    [0.004, 0.1, 0.0]
    """

    def __init__(
        self,
        optimizer: Any,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
    ) -> None:
        if total_steps is None and (epochs is None or steps_per_epoch is None):
            raise ValueError("OneCycleLR: say total_steps, or epochs and steps_per_epoch")
        if total_steps is None:
            total_steps = as_size(epochs, "OneCycleLR: epochs") * as_size(
                steps_per_epoch, "OneCycleLR: steps_per_epoch"
            )
        self.total_steps = as_size(total_steps, "OneCycleLR: total_steps")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy is {brief(anneal_strategy)}; it is 'cos' or 'linear'")
        self.pct_start, self.anneal_strategy = as_finite(pct_start, "OneCycleLR: pct_start"), anneal_strategy
        if not 0.0 <= self.pct_start <= 1.0:
            raise ValueError(f"OneCycleLR: pct_start is {self.pct_start}; it is a share, from 0 to 1")
        self.div_factor = as_positive(div_factor, "OneCycleLR: div_factor")
        self.final_div_factor = as_positive(final_div_factor, "OneCycleLR: final_div_factor")
        self.three_phase = three_phase
        groups = getattr(optimizer, "param_groups", [{}])
        most = as_list(max_lr, "OneCycleLR: max_lr") if isinstance(max_lr, Sequence) else [max_lr] * len(groups)
        if len(most) != len(groups):
            raise ValueError(f"OneCycleLR: {len(most)} rates for {len(groups)} groups of parameters")
        self.max_lrs = [as_rate(lr, "OneCycleLR: max_lr") for lr in most]
        self.cycled = ""
        if cycle_momentum and hasattr(optimizer, "param_groups"):
            self.cycled = next((name for name in ("betas", "momentum") if name in groups[0]), "")
            if not self.cycled:
                raise ValueError(f"OneCycleLR: {type(optimizer).__name__} has no momentum: cycle_momentum=False")
        self.base_momentum = as_share(base_momentum, "OneCycleLR: base_momentum")
        self.max_momentum = as_share(max_momentum, "OneCycleLR: max_momentum")
        if hasattr(optimizer, "param_groups"):
            for group, lr in zip(groups, self.max_lrs, strict=True):
                group["initial_lr"] = lr / self.div_factor
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`one_cycle_rate`."""
        return one_cycle_rate(
            t, self.max_lrs[group], self.total_steps, self.pct_start, self.anneal_strategy, self.div_factor,
            self.final_div_factor, self.three_phase,
        )  # fmt: skip

    def momentum(self, t: float) -> float:
        """The momentum at a step.

        >>> OneCycleLR(1.0, max_lr=0.1, total_steps=10).momentum(2)
        0.85
        """
        high, low = self.max_momentum, self.base_momentum
        places = [high, low, high, *([high] if self.three_phase else [])]
        return phase(t, places, self.total_steps, self.pct_start, self.anneal_strategy)

    def apply(self, t: float) -> None:
        """Set rates and momentum to those at a step, and be there."""
        super().apply(t)
        if self.cycled and self.optimizer is not None:
            for group in self.optimizer.param_groups:
                momentum = self.momentum(t)
                group[self.cycled] = (momentum, group["betas"][1]) if self.cycled == "betas" else momentum
