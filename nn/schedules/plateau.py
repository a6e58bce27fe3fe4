"""A learning rate that falls where nothing gets better any more."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_list, as_size, number_of
from nn.optimisers.settings import as_decay, as_rate, as_share
from nn.schedules.schedule import Schedule

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(Schedule):
    """The rate times `factor` when a metric has not got better for more than `patience` epochs.

    `step` takes the metric. Called with a number, it gives the rate as it is now: that depends on no epoch.

    Args:
        optimizer: An optimiser, or the rate.
        mode: "min" where a smaller metric is better, "max" where a larger.
        factor: From 0 to below 1.
        patience: How many epochs without progress are borne with.
        threshold: How much better counts as better.
        threshold_mode: "rel", as a share of the best, or "abs".
        cooldown: Epochs after a change in which none is counted.
        min_lr: The rate goes no lower; or one for each group.
        eps: A change of less is not made.

    Raises:
        TypeError: something is not a number.
        ValueError: something is out of range.

    >>> schedule = ReduceLROnPlateau(1.0, factor=0.5, patience=1)
    >>> for loss in (2.0, 2.0, 2.0):
    ...     schedule.step(loss)
    >>> schedule.get_last_lr()
    [0.5]
    """

    needs_metric = True

    def __init__(
        self,
        optimizer: Any,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        name = type(self).__name__
        for what, x, allowed in (("mode", mode, ("min", "max")), ("threshold_mode", threshold_mode, ("rel", "abs"))):
            if x not in allowed:
                raise ValueError(f"{name}: {what} is {brief(x)}; it is {allowed[0]!r} or {allowed[1]!r}")
        self.mode, self.threshold_mode = mode, threshold_mode
        self.factor, self.threshold = as_share(factor, f"{name}: factor"), as_decay(threshold, f"{name}: threshold")
        self.patience, self.cooldown = (
            as_size(patience, f"{name}: patience", 0),
            as_size(cooldown, f"{name}: cooldown", 0),
        )
        self.eps = as_decay(eps, f"{name}: eps")
        self.best = inf if mode == "min" else -inf
        self.num_bad_epochs = self.cooldown_counter = 0
        groups = getattr(optimizer, "param_groups", [0])
        least = as_list(min_lr, f"{name}: min_lr") if isinstance(min_lr, Sequence) else [min_lr] * len(groups)
        if len(least) != len(groups):
            raise ValueError(f"{name}: {len(least)} smallest rates for {len(groups)} groups of parameters")
        self.min_lrs = [as_rate(lr, f"{name}: min_lr") for lr in least]
        self._lrs: list[float] | None = None
        super().__init__(optimizer)
        self._lrs = self.get_last_lr()

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """The rate as it is now."""
        if self.optimizer is not None:
            return float(self.optimizer.param_groups[group]["lr"])
        return lr if self._lrs is None else self._lrs[group]

    def is_better(self, metric: float) -> bool:
        """Whether a metric is better than the best so far. What is not a number is not.

        >>> ReduceLROnPlateau(1.0).is_better(3.0)
        True
        """
        relative = self.threshold_mode == "rel"
        if self.mode == "min":
            return metric < (self.best * (1.0 - self.threshold) if relative else self.best - self.threshold)
        return metric > (self.best * (1.0 + self.threshold) if relative else self.best + self.threshold)

    def step(self, metrics: Any = None) -> None:
        """Note the metric of an epoch, and lower the rates if it is time to.

        Raises:
            TypeError: there is no metric.
        """
        if metrics is None:
            raise TypeError(f"{type(self).__name__}: step(metric): it goes by a number, such as the validation loss")
        metric = number_of(metrics)
        self.last_epoch += 1
        if self.is_better(metric):
            self.best, self.num_bad_epochs = metric, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown_counter - 1, 0
        if self.num_bad_epochs > self.patience:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
            lowered = [max(lr * self.factor, least) for lr, least in zip(self.get_last_lr(), self.min_lrs, strict=True)]
            self._lrs = [b if a - b > self.eps else a for a, b in zip(self.get_last_lr(), lowered, strict=True)]
            for group, lr in zip(self.optimizer.param_groups if self.optimizer else (), self._lrs, strict=False):
                group["lr"] = lr

    def follow(self, leader: Schedule) -> None:
        """Be of the optimiser and the rates of a schedule that steps this one, where it was made of a rate.

        Raises:
            ValueError: it was made of another optimiser, or has smallest rates for another number of groups.
        """
        if self.optimizer is None and self.last_epoch == 0:
            groups = len(leader.base_lrs)
            if len(self.min_lrs) not in (1, groups):
                raise ValueError(
                    f"{type(self).__name__}: {len(self.min_lrs)} smallest rates for {groups} groups of parameters"
                )
            self.min_lrs = self.min_lrs if len(self.min_lrs) == groups else self.min_lrs * groups
            self._lrs = list(leader.base_lrs)
        super().follow(leader)

    def get_last_lr(self) -> list[float]:
        """The rate of each group now."""
        return [self.rate(0, lr, i) for i, lr in enumerate(self.base_lrs)]

    def state_dict(self) -> dict[str, Any]:
        """Where it is, the best metric so far, and what it counts, as plain data."""
        kept = {name: getattr(self, name) for name in ("best", "num_bad_epochs", "cooldown_counter")}
        return super().state_dict() | kept | {"lrs": self.get_last_lr()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another was. The rates are the optimiser's to load.

        Raises:
            TypeError: it is no dict.
            ValueError: it is not of this class, or damaged.
        """
        if isinstance(state, Mapping) and state.get("schedule") == type(self).__name__:
            numbers = [state.get(name) for name in ("best", "num_bad_epochs", "cooldown_counter")]
            if not all(isinstance(x, (int, float)) for x in numbers) or not isinstance(state.get("lrs"), list):
                raise ValueError(f"{type(self).__name__}: the state is damaged: something of what it counts is missing")
        super().load_state_dict(state)
        self.best, self.num_bad_epochs, self.cooldown_counter = numbers  # type: ignore[assignment]
        self._lrs = list(state["lrs"])
