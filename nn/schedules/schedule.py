"""What every schedule has: an optimiser, the rates that it began with, and the epoch or step it is at."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from autograd.border.wording import brief
from nn.checks import is_whole
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import as_rate

__all__ = ["Schedule", "as_schedule"]


class Schedule:
    """How a learning rate changes from epoch to epoch, or from step to step; `rate` says how, in a class below.

    Called with a number, it gives the rate there, and changes nothing. With an optimiser it can be stepped too, after
    each epoch or each step: that sets the rates of all groups. The first is set when it is made, as in PyTorch.

    Args:
        optimizer: An optimiser; or a number, the rate that the schedule is of.

    Attributes:
        base_lrs: For each group the rate that the schedule is of: that at the first schedule of the optimiser.
        last_epoch: Where it is: how many times it was stepped.

    Raises:
        TypeError: `optimizer` is neither an optimiser nor a number.
        ValueError: it is a negative number, or nan.

    >>> class Halving(Schedule):
    ...     def rate(self, t, lr, group=0):
    ...         return lr / 2**t
    >>> from autograd import Value
    >>> from nn import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.5)
    >>> schedule = Halving(sgd)
    >>> schedule.step()
    >>> sgd.lr, schedule(2), Halving(8.0)(3)
    (0.25, 0.125, 1.0)
    """

    needs_metric = False
    """Whether `step` asks for a number, such as the validation loss."""

    def __init__(self, optimizer: Any) -> None:
        self.optimizer: Optimiser | None = None
        self.last_epoch = 0
        if isinstance(optimizer, Optimiser) or hasattr(optimizer, "param_groups"):
            self.optimizer = optimizer
            groups = optimizer.param_groups
            for group in groups:
                group.setdefault("initial_lr", group["lr"])
            self.base_lrs = [group["initial_lr"] for group in groups]
            self.apply(0)
        elif hasattr(type(optimizer), "__float__"):
            self.base_lrs = [as_rate(optimizer, f"{type(self).__name__}: the rate")]
        else:
            raise TypeError(
                f"{type(self).__name__}: expected an optimiser, or a learning rate, got {type(optimizer).__name__} "
                f"{brief(optimizer)}"
            )

    def rate(self, t: float, lr: float, group: int = 0) -> float:
        """The rate at an epoch or step, of a group whose rate would else be `lr`; to be written.

        Args:
            t: The epoch or step, from 0.
            lr: The rate that the schedule is of.
            group: The number of the group.

        >>> from nn import ExponentialLR
        >>> ExponentialLR(0.5, gamma=0.5).rate(2, 8.0)
        2.0
        """
        raise NotImplementedError(f"{type(self).__name__} has no rate(t, lr, group)")

    def __call__(self, t: float) -> float:
        """The rate at an epoch or step, of the first group."""
        return as_rate(self.rate(t, self.base_lrs[0]), f"{type(self).__name__}: the rate at {t}")

    def rates(self, t: float) -> list[float]:
        """The rate of each group at an epoch or step.

        >>> from nn import ExponentialLR
        >>> ExponentialLR(1.0, gamma=0.5).rates(2)
        [0.25]
        """
        return [self.rate(t, lr, i) for i, lr in enumerate(self.base_lrs)]

    def apply(self, t: float) -> None:
        """Set the rates of the optimiser to those at an epoch or step, and be there.

        Raises:
            ValueError: there is no optimiser; or a rate is negative or nan, and nothing is changed then.

        >>> from autograd import Value
        >>> from nn import SGD, ExponentialLR
        >>> sgd = SGD([Value(1.0)], lr=0.5)
        >>> ExponentialLR(sgd, gamma=0.5).apply(2)
        >>> sgd.lr
        0.125
        """
        if self.optimizer is None:
            raise ValueError(f"{type(self).__name__}: made of a rate, it has no optimiser to set that of: call it")
        rates = [as_rate(rate, f"{type(self).__name__}: the rate at {t}") for rate in self.rates(t)]
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self.last_epoch = t  # type: ignore[assignment]  # a fraction of an epoch is a place too

    def require_optimizer(self, optimizer: Any) -> None:
        """Pass if it sets the rates of this optimiser, or was made of a rate and sets none.

        Args:
            optimizer: What is to be trained with; it may be around the one that the schedule was made of.

        Raises:
            ValueError: it was made of another: its rates would have no effect.

        >>> from autograd import Value
        >>> from nn import SGD, ExponentialLR
        >>> ExponentialLR(SGD([Value(1.0)]), gamma=0.5).require_optimizer(SGD([Value(2.0)]))
        Traceback (most recent call last):
        ValueError: ExponentialLR was made of another optimiser, SGD(1 parameters, lr=0.001, momentum=0.0), ...
        """
        mine = self.optimizer
        if mine is None or mine is optimizer or mine is getattr(optimizer, "own", None):
            return
        groups = [id(group) for group in getattr(optimizer, "param_groups", ())]
        if groups and groups == [id(group) for group in mine.param_groups]:
            return
        raise ValueError(
            f"{type(self).__name__} was made of another optimiser, {brief(mine)}, and would have no effect on "
            f"{brief(optimizer)}: make it of this one, or of its learning rate"
        )

    def follow(self, leader: "Schedule") -> None:
        """Be of the optimiser and the rates of a schedule that steps this one, where it was made of a rate.

        Raises:
            ValueError: it was made of another optimiser.

        >>> from nn import ExponentialLR
        >>> schedule = ExponentialLR(1.0, gamma=0.5)
        >>> schedule.follow(ExponentialLR(8.0, gamma=0.1))
        >>> schedule(1)
        4.0
        """
        if leader.optimizer is not None:
            self.require_optimizer(leader.optimizer)
        self.optimizer, self.base_lrs = leader.optimizer, list(leader.base_lrs)

    def step(self) -> None:
        """Go on to the next epoch or step.

        >>> from autograd import Value
        >>> from nn import SGD, ExponentialLR
        >>> sgd = SGD([Value(1.0)], lr=0.5)
        >>> ExponentialLR(sgd, gamma=0.5).step()
        >>> sgd.lr
        0.25
        """
        self.apply(self.last_epoch + 1)

    def get_last_lr(self) -> list[float]:
        """The rate of each group now.

        >>> from nn import ExponentialLR
        >>> ExponentialLR(1.0, gamma=0.5).get_last_lr()
        [1.0]
        """
        return self.rates(self.last_epoch) if self.optimizer is None else [g["lr"] for g in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Where it is, as plain data. What it was made with is not in it.

        >>> from nn import ExponentialLR
        >>> ExponentialLR(1.0, gamma=0.5).state_dict()
        {'schedule': 'ExponentialLR', 'last_epoch': 0, 'base_lrs': [1.0]}
        """
        return {"schedule": type(self).__name__, "last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another schedule of this class was. The rates are the optimiser's to load.

        Raises:
            TypeError: it is no dict.
            ValueError: it is not of this class, or damaged; nothing is changed then.

        >>> from nn import ExponentialLR
        >>> schedule = ExponentialLR(1.0, gamma=0.5)
        >>> schedule.load_state_dict({"schedule": "ExponentialLR", "last_epoch": 3, "base_lrs": [2.0]})
        >>> schedule.last_epoch, schedule(1)
        (3, 1.0)
        """
        name = type(self).__name__
        if not isinstance(state, Mapping):
            raise TypeError(f"{name}: expected what state_dict() gives, got a {type(state).__name__}")
        if state.get("schedule") != name:
            raise ValueError(f"{name}: this is the state of {brief(state.get('schedule'))}, not of {name}")
        found: Any = state.get("last_epoch")
        lrs = state.get("base_lrs")
        if not (is_whole(found) or isinstance(found, float)) or not isinstance(lrs, list):
            raise ValueError(f"{name}: the state is damaged: 'last_epoch' or 'base_lrs' is missing")
        if len(lrs) != len(self.base_lrs):
            raise ValueError(f"{name}: this is the state of {len(lrs)} groups, here there are {len(self.base_lrs)}")
        self.base_lrs, self.last_epoch = [as_rate(lr, f"{name}: base_lrs") for lr in lrs], found

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_lrs={self.base_lrs}, last_epoch={self.last_epoch})"


def as_schedule(schedule: Any, what: str = "schedule", per: str = "epoch") -> Callable[[int], float]:
    """A function of the epoch or step that gives rates, and says where it does not; a schedule stays as it is.

    Args:
        schedule: A function, or a schedule.
        what: What it is called, for messages.
        per: What it is a function of, for messages.

    Raises:
        TypeError: it cannot be called.

    >>> as_schedule([0.1, 0.01])
    Traceback (most recent call last):
    TypeError: schedule is a list; give a function of the epoch, such as lambda epoch: rates[epoch], or a schedule ...
    >>> as_schedule(lambda epoch: 0.1 - 0.1 * epoch)(2)
    Traceback (most recent call last):
    ValueError: schedule: the rate at epoch 2 is -0.1; a learning rate is positive or 0
    """
    if isinstance(schedule, type):
        raise TypeError(f"{what} is the class {schedule.__name__}: make one of it, {schedule.__name__}(optimizer, ...)")
    if not callable(schedule):
        raise TypeError(
            f"{what} is a {type(schedule).__name__}; give a function of the epoch, such as lambda epoch: rates[epoch], "
            "or a schedule such as nn.CosineAnnealingLR(optimizer, epochs)"
        )
    function: Callable[[int], float] = schedule
    if any(hasattr(schedule, name) for name in ("rate", "optimizer", "needs_metric", "state_dict")):
        return function  # a schedule, of ours or of a user's own, is asked for more than rates

    @wraps(function)
    def checked(t: int) -> float:
        return as_rate(function(t), f"{what}: the rate at {per} {t}")

    checked.__name__ = getattr(function, "__name__", type(function).__name__)
    return checked
