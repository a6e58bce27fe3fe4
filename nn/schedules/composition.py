"""Schedules made of schedules: one after the other, at once, or after a warm-up."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_list, as_size
from nn.optimisers.settings import as_decay
from nn.schedules.rates import warm_up_rate
from nn.schedules.schedule import Schedule

__all__ = ["ChainedScheduler", "SequentialLR", "WarmUp"]


class SequentialLR(Schedule):
    """Schedules one after the other, each from its beginning.

    Args:
        optimizer: An optimiser, or the rate.
        schedulers: The schedules, made of the same optimiser or of any number.
        milestones: The epochs at which the next one begins, one fewer than there are schedules.

    Raises:
        TypeError: something is not a schedule.
        ValueError: there are not as many milestones, or they do not ascend; one of the schedules needs a metric.

    >>> from nn import ConstantLR, ExponentialLR
    >>> both = SequentialLR(1.0, [ConstantLR(1.0, 0.5, 9), ExponentialLR(1.0, 0.1)], milestones=[2])
    >>> [both(t) for t in range(4)]
    [0.5, 0.5, 1.0, 0.1]
    """

    def __init__(self, optimizer: Any, schedulers: Sequence[Schedule], milestones: Sequence[int]) -> None:
        self.schedulers = pure(schedulers, "SequentialLR")
        self.milestones = [as_size(m, "SequentialLR: a milestone", 0) for m in as_list(milestones, "milestones")]
        if len(self.milestones) != len(self.schedulers) - 1:
            raise ValueError(
                f"SequentialLR: {len(self.milestones)} milestones for {len(self.schedulers)} schedules; give one fewer"
            )
        if self.milestones != sorted(self.milestones):
            raise ValueError(f"SequentialLR: milestones {self.milestones} do not ascend")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """The rate of the schedule whose turn it is."""
        k = bisect_right(self.milestones, t)
        return self.schedulers[k].rate(t - self.milestones[k - 1] if k else t, lr, group)


class ChainedScheduler(Schedule):
    """Schedules at once: each changes the rate that the one before gives.

    Args:
        schedulers: The schedules, made of the same optimiser or of any number.
        optimizer: An optimiser, or the rate; None takes that of the first schedule.

    Raises:
        TypeError: something is not a schedule.
        ValueError: there are none; one of them needs a metric.

    >>> from nn import ConstantLR, ExponentialLR
    >>> ChainedScheduler([ConstantLR(1.0, 0.5, 9), ExponentialLR(1.0, 0.5)])(1)
    0.25
    """

    def __init__(self, schedulers: Sequence[Schedule], optimizer: Any = None) -> None:
        self.schedulers = pure(schedulers, "ChainedScheduler")
        first = self.schedulers[0]
        super().__init__(optimizer if optimizer is not None else first.optimizer or first.base_lrs[0])

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """What all of them make of the rate."""
        for schedule in self.schedulers:
            lr = schedule.rate(t, lr, group)
        return lr


class WarmUp(Schedule):
    """A straight line up to the first rate of another schedule, and then that one: `warm_up_rate`.

    Args:
        optimizer: An optimiser, or the rate.
        steps: How many epochs or steps it takes.
        then: The schedule after it, made of the same optimiser or of any number; None leaves the rate as it is.
        start_factor: Where the line begins, as a share of the first rate of the schedule after it.

    Raises:
        TypeError: `then` is not a schedule.
        ValueError: a number is out of range; `then` needs a metric.

    >>> from nn import ExponentialLR
    >>> schedule = WarmUp(1.0, 2, then=ExponentialLR(1.0, 0.5))
    >>> [schedule(t) for t in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: Any, steps: int, then: Schedule | None = None, start_factor: float = 0.0) -> None:
        self.steps = as_size(steps, "WarmUp: steps")
        self.then = None if then is None else pure([then], "WarmUp")[0]
        self.start_factor = as_decay(start_factor, "WarmUp: start_factor")
        super().__init__(optimizer)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`warm_up_rate`."""
        then = self.then

        def after(t: float) -> float:
            return lr if then is None else then.rate(t, lr, group)

        return warm_up_rate(t, after, self.steps, self.start_factor)


def pure(schedulers: Any, what: str) -> list[Schedule]:
    """The schedules, all of them functions of the epoch."""
    found = as_list(schedulers, f"{what}: schedulers")
    if not found:
        raise ValueError(f"{what}: no schedules")
    for x in found:
        if not isinstance(x, Schedule):
            raise TypeError(
                f"{what}: expected schedules, got {type(x).__name__} {brief(x)}: wrap a function in LambdaLR"
            )
        if x.needs_metric:
            raise ValueError(f"{what}: {type(x).__name__} is no function of the epoch: step it beside this one")
    return found
