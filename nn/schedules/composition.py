"""Schedules made of schedules: one after the other, at once, or after a warm-up."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
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
        ValueError: there are not as many milestones, or they do not ascend; one of the schedules needs a metric, or was
            made of another optimiser.

    >>> from nn import ConstantLR, ExponentialLR
    >>> both = SequentialLR(1.0, [ConstantLR(1.0, 0.5, 9), ExponentialLR(1.0, 0.1)], milestones=[2])
    >>> [both(t) for t in range(4)]
    [0.5, 0.5, 1.0, 0.1]
    """

    def __init__(self, optimizer: Any, schedulers: Sequence[Schedule], milestones: Sequence[int]) -> None:
        self.schedulers = pure(schedulers, "SequentialLR", optimizer)
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
        ValueError: there are none; one of them needs a metric, or was made of another optimiser.

    >>> from nn import ConstantLR, ExponentialLR
    >>> ChainedScheduler([ConstantLR(1.0, 0.5, 9), ExponentialLR(1.0, 0.5)])(1)
    0.25
    """

    def __init__(self, schedulers: Sequence[Schedule], optimizer: Any = None) -> None:
        self.schedulers = pure(schedulers, "ChainedScheduler", optimizer)
        first = self.schedulers[0]
        found = optimizer if optimizer is not None else first.optimizer or first.base_lrs[0]
        super().__init__(found)
        require_of(self.schedulers, found)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """What all of them make of the rate."""
        for schedule in self.schedulers:
            lr = schedule.rate(t, lr, group)
        return lr


class WarmUp(Schedule):
    """A straight line up to the first rate of another schedule, and then that one: `warm_up_rate`.

    Before one that goes by a metric (`ReduceLROnPlateau`) it does so too: `step(metric)` goes up the line, whatever the
    metric is, and after that hands it on.

    Args:
        optimizer: An optimiser, or the rate.
        steps: How many epochs or steps it takes.
        then: The schedule after it, made of the same optimiser or of any number; None leaves the rate as it is.
        start_factor: Where the line begins, as a share of the first rate of the schedule after it.

    Attributes:
        needs_metric: Whether `then` goes by a metric.

    Raises:
        TypeError: `then` is not a schedule.
        ValueError: a number is out of range; `then` was made of another optimiser.

    >>> from nn import ExponentialLR
    >>> schedule = WarmUp(1.0, 2, then=ExponentialLR(1.0, 0.5))
    >>> [schedule(t) for t in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: Any, steps: int, then: Schedule | None = None, start_factor: float = 0.0) -> None:
        self.steps = as_size(steps, "WarmUp: steps")
        self.then = None if then is None else schedules_of([then], "WarmUp")[0]
        self.start_factor = as_decay(start_factor, "WarmUp: start_factor")
        self.needs_metric = self.then is not None and self.then.needs_metric
        if self.then is not None:
            require_of([self.then], optimizer)
        super().__init__(optimizer)
        if self.needs_metric and self.then is not None:
            self.then.follow(self)

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """`warm_up_rate`; after the line, where a metric decides, the rate as it is now."""
        then = self.then

        def after(t: float) -> float:
            return lr if then is None or (then.needs_metric and t <= 0) else then.rate(t, lr, group)

        return warm_up_rate(t, after, self.steps, self.start_factor)

    def follow(self, leader: Schedule) -> None:
        """Be of the optimiser and the rates of a schedule that steps this one, where it was made of a rate."""
        super().follow(leader)
        if self.needs_metric and self.then is not None:
            self.then.follow(self)

    def step(self, metrics: Any = None) -> None:
        """Go on to the next epoch or step.

        Args:
            metrics: The metric of the one that is over, if the schedule after the warm-up goes by it.

        Raises:
            TypeError: the warm-up is over, and there is no metric for the schedule that needs one.
        """
        over = self.last_epoch >= self.steps
        if self.then is not None and self.needs_metric and (over or self.optimizer is None):
            if over:
                self.then.step(metrics)  # type: ignore[call-arg]  # one that needs it takes it
            self.last_epoch += 1
        else:
            super().step()

    def state_dict(self) -> dict[str, Any]:
        """Where it is, as plain data; with what a schedule after it counts that goes by a metric."""
        counted = {"then": self.then.state_dict()} if self.then is not None and self.needs_metric else {}
        return super().state_dict() | counted

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another was. The rates are the optimiser's to load.

        Raises:
            TypeError: it is no dict.
            ValueError: it is not of this class, or damaged; nothing is changed then.
        """
        before = self.base_lrs, self.last_epoch
        super().load_state_dict(state)
        if self.then is None or not self.needs_metric:
            return
        try:
            if not isinstance(state.get("then"), Mapping):
                raise ValueError("WarmUp: the state is damaged: that of the schedule after it is missing")
            self.then.load_state_dict(state["then"])
        except ValueError:
            self.base_lrs, self.last_epoch = before
            raise


def schedules_of(schedulers: Any, what: str) -> list[Schedule]:
    """The schedules, in a list.

    Raises:
        TypeError: something is none.
        ValueError: there are none.
    """
    found = as_list(schedulers, f"{what}: schedulers")
    if not found:
        raise ValueError(f"{what}: no schedules")
    for x in found:
        if not isinstance(x, Schedule):
            raise TypeError(
                f"{what}: expected schedules, got {type(x).__name__} {brief(x)}: wrap a function in LambdaLR"
            )
    return found


def require_of(schedules: list[Schedule], optimizer: Any) -> None:
    """Pass if none was made of another optimiser than this one, where it is one."""
    if hasattr(optimizer, "param_groups"):
        for schedule in schedules:
            schedule.require_optimizer(optimizer)


def pure(schedulers: Any, what: str, optimizer: Any) -> list[Schedule]:
    """The schedules, all of them functions of the epoch, and of one optimiser."""
    found = schedules_of(schedulers, what)
    for x in found:
        if x.needs_metric:
            raise ValueError(
                f"{what}: {type(x).__name__} is no function of the epoch: step it beside this one, or put a WarmUp "
                "before it"
            )
    require_of(found, optimizer)
    return found
