"""Learning rates as plain functions of the epoch, or of the step: `t`, counted from 0.

Bind all but `t`, and you have a schedule: `functools.partial(cosine_rate, lr=0.1, T_max=50)`.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import cos, pi

__all__ = [
    "constant_rate", "cosine_rate", "cosine_restarts_rate", "exponential_rate", "linear_rate", "multi_step_rate",
    "one_cycle_rate", "phase", "polynomial_rate", "step_rate", "warm_up_rate",
]  # fmt: skip


def constant_rate(t: float, lr: float, factor: float = 1.0 / 3.0, total_iters: float = 5) -> float:
    """factor·lr before `total_iters`, and lr from there on.

    >>> [constant_rate(t, 1.0, 0.5, 2) for t in range(4)]
    [0.5, 0.5, 1.0, 1.0]
    """
    return lr * factor if t < total_iters else lr


def step_rate(t: float, lr: float, step_size: float, gamma: float = 0.1) -> float:
    """lr·gammaᵏ, where k counts how many times `step_size` is over.

    >>> [step_rate(t, 1.0, 2, 0.5) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    return float(lr * gamma ** (t // step_size))


def multi_step_rate(t: float, lr: float, milestones: Sequence[float], gamma: float = 0.1) -> float:
    """lr·gammaᵏ, where k counts the milestones, in ascending order, that are reached.

    >>> [multi_step_rate(t, 1.0, [1, 3], 0.5) for t in range(5)]
    [1.0, 0.5, 0.5, 0.25, 0.25]
    """
    return float(lr * gamma ** bisect_right(milestones, t))


def exponential_rate(t: float, lr: float, gamma: float) -> float:
    """lr·gammaᵗ.

    >>> [exponential_rate(t, 1.0, 0.5) for t in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """
    return float(lr * gamma**t)


def linear_rate(
    t: float, lr: float, start_factor: float = 1.0 / 3.0, end_factor: float = 1.0, total_iters: float = 5
) -> float:
    """lr times a factor that goes in a straight line from one to another in `total_iters`, and stays there.

    >>> [linear_rate(t, 1.0, 0.0, 1.0, 4) for t in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return lr * (start_factor + (end_factor - start_factor) * min(t, total_iters) / total_iters)


def polynomial_rate(t: float, lr: float, total_iters: float = 5, power: float = 1.0) -> float:
    """lr·(1 - t/total_iters)^power, and 0 from `total_iters` on.

    >>> [polynomial_rate(t, 1.0, 4, 2.0) for t in range(5)]
    [1.0, 0.5625, 0.25, 0.0625, 0.0]
    """
    return float(lr * (1.0 - min(t, total_iters) / total_iters) ** power)


def cosine_rate(t: float, lr: float, T_max: float, eta_min: float = 0.0) -> float:  # noqa: N803  (PyTorch's names)
    """Half a cosine, from lr to `eta_min` in `T_max`; after that it goes up again, as PyTorch's does.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017).

    >>> [round(cosine_rate(t, 1.0, 4), 3) for t in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    return eta_min + (lr - eta_min) * (1.0 + cos(pi * t / T_max)) / 2.0


def cosine_restarts_rate(t: float, lr: float, T_0: float, T_mult: float = 1, eta_min: float = 0.0) -> float:  # noqa: N803
    """Half cosines from lr towards `eta_min`: the first takes `T_0`, each further one `T_mult` times as long.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017).

    >>> [cosine_restarts_rate(t, 1.0, 2, 2) for t in (0, 1, 2, 4, 6)]
    [1.0, 0.5, 1.0, 0.5, 1.0]
    """
    if T_mult == 1:
        return cosine_rate(t % T_0, lr, T_0, eta_min)
    while t >= T_0:
        t, T_0 = t - T_0, T_0 * T_mult  # noqa: N806
    return cosine_rate(t, lr, T_0, eta_min)


def one_cycle_rate(
    t: float,
    max_lr: float,
    total_steps: int,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> float:
    """Up from max_lr/div_factor to `max_lr` for a share of the steps, and then down to a tiny rate.

    Args:
        t: The step.
        max_lr: The rate at the top.
        total_steps: Steps in all; after them the rate stays.
        pct_start: The share of steps that go up.
        anneal_strategy: "cos" or "linear".
        div_factor: How many times smaller than `max_lr` the first rate is.
        final_div_factor: How many times smaller than the first rate the last is.
        three_phase: Down as long as up, to the first rate, and from there to the last.

    Source: Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates"
    (2018).

    >>> [round(one_cycle_rate(t, 1.0, 10), 3) for t in range(0, 10, 2)]
    [0.04, 1.0, 0.812, 0.389, 0.05]
    """
    first = max_lr / div_factor
    places = [first, max_lr, *([first] if three_phase else []), first / final_div_factor]
    return phase(t, places, total_steps, pct_start, anneal_strategy)


def phase(t: float, places: Sequence[float], total_steps: int, pct_start: float, anneal_strategy: str) -> float:
    """A number that goes from place to place: two of them, three or four, in one cycle of `total_steps`.

    >>> [phase(t, [0.0, 1.0, 0.0], 5, 0.6, "linear") for t in range(5)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """
    up = float(pct_start * total_steps)
    ends = [up - 1.0, *([2.0 * up - 2.0] if len(places) == 4 else []), float(total_steps - 1)]
    begins = [0.0, *ends[:-1]]
    k = next((i for i, end in enumerate(ends) if t <= end), len(ends) - 1)
    share = min((t - begins[k]) / (ends[k] - begins[k]), 1.0) if ends[k] != begins[k] else 1.0
    a, b = places[k], places[k + 1]
    return a + (b - a) * share if anneal_strategy == "linear" else b + (a - b) / 2.0 * (cos(pi * share) + 1.0)


def warm_up_rate(t: float, schedule: Callable[[float], float], steps: float, start_factor: float = 0.0) -> float:
    """A straight line up to the first rate of a schedule, in `steps`, and then the schedule, from its beginning.

    Source: Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour" (2017).

    >>> [warm_up_rate(t, lambda t: 1.0 / (1 + t), 4) for t in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 0.5]
    """
    return schedule(t - steps) if t >= steps else linear_rate(t, schedule(0), start_factor, 1.0, steps)
