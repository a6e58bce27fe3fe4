"""What can be chosen by its name: optimisers, schedules, losses, starts."""

from collections.abc import Callable, Mapping
from functools import partial
from math import ceil
from typing import Any

from nn.command.parsing import bare, meant
from nn.demo.report import RefusedError
from nn.layers import init
from nn.losses.naming import named as loss_named
from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.adaptive import Adadelta, Adagrad, RMSprop
from nn.optimisers.lbfgs import LBFGS
from nn.optimisers.rectified import NAdam, RAdam
from nn.optimisers.sgd import SGD
from nn.schedules.plateau import ReduceLROnPlateau
from nn.schedules.rates import (
    cosine_rate,
    cosine_restarts_rate,
    exponential_rate,
    multi_step_rate,
    one_cycle_rate,
    polynomial_rate,
    step_rate,
    warm_up_rate,
)

__all__ = ["ENDS", "OPTIMISERS", "SCHEDULES", "STARTS", "loss_called", "one_of", "schedule_of"]

OPTIMISERS: dict[str, tuple[Any, float]] = {
    "sgd": (SGD, 0.1), "adam": (Adam, 0.01), "adamw": (AdamW, 0.01), "nadam": (NAdam, 0.01), "radam": (RAdam, 0.01),
    "rmsprop": (RMSprop, 0.01), "adagrad": (Adagrad, 0.05), "adadelta": (Adadelta, 1.0), "lbfgs": (LBFGS, 1.0),
}  # fmt: skip
"""Each with the learning rate that it starts with where none is given."""

SCHEDULES: dict[str, Callable[[float, int], Any]] = {
    "constant": lambda lr, n: None,
    "cosine": lambda lr, n: partial(cosine_rate, lr=lr, T_max=n),
    "cosine_restarts": lambda lr, n: partial(cosine_restarts_rate, lr=lr, T_0=ceil(n / 7), T_mult=2),
    "linear": lambda lr, n: partial(polynomial_rate, lr=lr, total_iters=n),
    "polynomial": lambda lr, n: partial(polynomial_rate, lr=lr, total_iters=n, power=2.0),
    "exponential": lambda lr, n: partial(exponential_rate, lr=lr, gamma=0.01 ** (1.0 / n)),
    "step": lambda lr, n: partial(step_rate, lr=lr, step_size=ceil(n / 3)),
    "multi_step": lambda lr, n: partial(multi_step_rate, lr=lr, milestones=[n / 2, 3 * n / 4]),
    "one_cycle": lambda lr, n: partial(one_cycle_rate, max_lr=lr, total_steps=n),
    "plateau": lambda lr, n: ReduceLROnPlateau(lr, patience=5),
}
"""Of the learning rate and the number of epochs: the rate of each epoch. Cosines and lines go down to 0, `step` takes a
tenth twice, `exponential` goes down to a hundredth."""

STARTS: dict[str, Any] = {
    f.__name__: f
    for f in (
        init.kaiming_uniform, init.kaiming_normal, init.xavier_uniform, init.xavier_normal, init.lecun_uniform,
        init.lecun_normal, init.orthogonal, init.sparse, init.micrograd,
    )
}  # fmt: skip

ALSO = {
    "he": "kaiming_uniform", "heuniform": "kaiming_uniform", "henormal": "kaiming_normal",
    "kaiming": "kaiming_uniform", "xavier": "xavier_uniform", "glorot": "xavier_uniform",
    "glorotuniform": "xavier_uniform", "glorotnormal": "xavier_normal", "lecun": "lecun_normal",
    "onecyclelr": "one_cycle", "warmrestarts": "cosine_restarts", "reducelronplateau": "plateau", "none": "constant",
}  # fmt: skip
"""Other names."""

ENDS: dict[str, tuple[str, str]] = {
    "cross_entropy": ("index", "linear"), "nll": ("index", "log_softmax"),
    "hinge": ("sign", "linear"), "squared_hinge": ("sign", "linear"),
    "binary_cross_entropy_with_logits": ("logit", "linear"), "binary_cross_entropy": ("probability", "sigmoid"),
    "mse": ("number", "linear"), "mae": ("number", "linear"), "huber": ("number", "linear"),
    "smooth_l1": ("number", "linear"), "log_cosh": ("number", "linear"),
}  # fmt: skip
"""Losses that a network of neurons can be trained by: what its score then is, and the activation of its last layer."""


def one_of(known: Mapping[str, Any], what: str) -> Callable[[str], str]:
    """A function that gives the name in a table that is meant by another spelling of it.

    Args:
        known: The table.
        what: What is in it.

    Returns:
        The function; it raises a ValueError where there is no such name.

    >>> one_of(OPTIMISERS, "optimiser")("RMSProp")
    'rmsprop'
    >>> one_of(OPTIMISERS, "optimiser")("adm")
    Traceback (most recent call last):
    ValueError: no optimiser 'adm'; did you mean 'adam'? There are sgd, adam, adamw, nadam, radam, ...
    """

    def chosen(text: str) -> str:
        spellings = {bare(name): name for name in known}
        spellings |= {other: name for other, name in ALSO.items() if name in known}
        found = spellings.get(bare(text))
        if found is None:
            near = meant(bare(text), spellings)
            for spelling, name in spellings.items():
                near = near.replace(repr(spelling), repr(name))
            raise ValueError(f"no {what} {text!r}{near or '.'} There are {', '.join(known)}")
        return found

    return chosen


def loss_called(text: str) -> str:
    """The name of a loss that networks can be trained by here.

    Raises:
        ValueError: there is none of this name, or it asks for more than a network and labels.

    >>> loss_called("MSELoss")
    'mse'
    """
    name = loss_named(text).__name__
    if name not in ENDS:
        raise ValueError(f"{name} takes more than scores and labels: it is for programs; here are {', '.join(ENDS)}")
    return name


def schedule_of(name: str, lr: float, epochs: int, warm_up: int) -> Any:
    """The schedule of a name: a function of the epoch; None for a rate that stays as it is.

    Args:
        name: A key of `SCHEDULES`.
        lr: The rate to start from.
        epochs: How many there are.
        warm_up: In how many of them the rate goes up to it first.

    Raises:
        RefusedError: the epochs do not suffice, or nothing can be put in front of this one.

    >>> [round(schedule_of("cosine", 1.0, 6, 2)(t), 3) for t in range(6)]
    [0.333, 0.667, 1.0, 0.854, 0.5, 0.146]
    """
    if warm_up >= epochs:
        raise RefusedError(f"--warm-up: {warm_up} epochs of {epochs} leave none to train at the full rate")
    if name == "one_cycle" and epochs < 4:
        raise RefusedError(f"--schedule: one_cycle goes up and down again: that takes 4 epochs, there are {epochs}")
    found = SCHEDULES[name](lr, epochs - warm_up)
    if not warm_up:
        return found
    if name == "plateau":
        raise RefusedError("--warm-up: plateau follows the loss, not the epoch: leave one of the two out")
    main = found or (lambda t: lr)
    # From a share above 0, or the first epoch would move nothing.
    return lambda t: warm_up_rate(t + 1, main, warm_up + 1) if t < warm_up else main(t - warm_up)
