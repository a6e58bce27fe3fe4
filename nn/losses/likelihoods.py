"""Losses of a model that says how its targets scatter: minus the logarithm of how likely they are."""

from collections.abc import Sequence
from math import log as log_of
from math import pi
from typing import Any

from autograd import Value, detach, exp, less, log, where
from autograd.border.wording import brief
from nn.checks import as_finite, as_list, require_as_many
from nn.losses.loss import Pairs, as_numbers, counted, elements

__all__ = ["gaussian_nll", "poisson_nll"]

HALF_LOG_TWO_PI = 0.5 * log_of(2.0 * pi)


@counted
def poisson_nll(
    predictions: Sequence[Any],
    targets: Sequence[Any],
    *,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Any:
    """Of counts that scatter as Poisson's do: exp(x) - target * x, where x is the logarithm of the expected count.

    Args:
        predictions: Values or numbers, one per sample; or a list of them per sample, one per output.
        targets: Counts, as many; not negative.
        log_input: Whether predictions are logarithms. If not, it is x - target * log(x + eps).
        full: Whether log(target!) is added, as Stirling has it, for targets above 1; it moves no parameter.
        eps: What keeps the logarithm of a prediction of 0 finite.
        reduction: "mean" over all numbers, "sum", or "none": a list of each number's.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: an element is no number.
        ValueError: the lengths differ, there are no samples, a target is negative, or `eps` is not above 0.

    Source: Stirling's series, DLMF 5.11.1, first terms.

    >>> from autograd import Value
    >>> poisson_nll([Value(0.0), Value(0.0)], [1, 3]).data
    1.0
    """
    pairs = Pairs("poisson_nll", predictions, targets, reduction)
    least = _above_zero(eps, "poisson_nll: eps")
    losses = []
    for k, (x, t) in enumerate(zip(pairs.left, as_numbers(pairs.right, "poisson_nll"), strict=True)):
        if not isinstance(t, Value) and t < 0.0:
            raise ValueError(f"poisson_nll: target {pairs.name(k)} is {brief(t)}; a count is not negative")
        loss = exp(x) - t * x if log_input else x - t * log(x + least)
        losses.append(loss + _stirling(t) if full else loss)
    return pairs.reduced(losses)


def _stirling(t: Any) -> Any:
    """log(t!), nearly, where t is above 1; else 0."""
    if not isinstance(t, Value) and not t > 1.0:
        return 0.0
    found = t * log(t) - t + 0.5 * log(2.0 * pi * t)
    return where(less(1.0, t), found, 0.0) if isinstance(t, Value) else found


@counted
def gaussian_nll(
    predictions: Sequence[Any],
    targets: Sequence[Any],
    var: Any = None,
    *,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Any:
    """Of targets that scatter as Gauss's do: (log var + (prediction - target)² / var) / 2.

    Args:
        predictions: Expected values, one per sample; or a list of them per sample, one per output. Where no `var` is
            given, a list per sample: the expected values, and after them as many variances.
        targets: Numbers or Values, as many as there are expected values.
        var: The variance of all, or of each in lists as the targets are; in units of the targets, squared.
        full: Whether log(2π) / 2 is added; it moves no parameter.
        eps: A variance that is less is taken as this, with the slope that it has there.
        reduction: "mean" over all targets, "sum", or "none": a list of each target's.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: an element is no number.
        ValueError: the lengths differ, there are no samples, a variance is negative, or `eps` is not above 0.

    Source: Nix and Weigend, Estimating the Mean and Variance of the Target Probability Distribution, 1994.

    >>> from autograd import Value
    >>> gaussian_nll([[Value(3.0), Value(1.0)]], [1.0]).data
    2.0
    >>> gaussian_nll([3.0, 1.0], [1.0, 1.0], var=1.0)
    1.0
    """
    found = as_list(predictions, "gaussian_nll: predictions")
    if var is None:
        wanted = as_list(targets, "gaussian_nll: targets")
        require_as_many(found, wanted, "gaussian_nll", ("predictions", "targets"))
        halves = [_halves(score, i) for i, score in enumerate(found)]
        found, var, targets = [mean for mean, _ in halves], [variance for _, variance in halves], wanted
    pairs = Pairs("gaussian_nll", found, targets, reduction)
    least = _above_zero(eps, "gaussian_nll: eps")
    if isinstance(var, Value) or elements(var) is None:
        variances = as_numbers([var], "gaussian_nll: var") * len(pairs.left)
    else:
        variances = Pairs("gaussian_nll", var, pairs.targets, names=("variances", "targets")).left
    losses = []
    wanted = as_numbers(pairs.right, "gaussian_nll")
    for k, (x, t, v) in enumerate(zip(pairs.left, wanted, variances, strict=True)):
        if isinstance(v, Value):
            v = where(less(v, least), least + (v - detach(v)), v)
        elif not v >= 0.0:
            raise ValueError(f"gaussian_nll: the variance of target {pairs.name(k)} is {v}; it is not negative")
        else:
            v = max(v, least)
        error = x - t
        loss = 0.5 * (log(v) + error * error / v)
        losses.append(loss + HALF_LOG_TWO_PI if full else loss)
    return pairs.reduced(losses)


def _halves(score: Any, i: int) -> tuple[list[Any], list[Any]]:
    """Expected values and variances of a sample."""
    several = elements(score)
    if not several or len(several) % 2:
        shown = "one number" if several is None else f"{len(several)} predictions"
        raise ValueError(
            f"gaussian_nll: sample {i} has {shown}: give as many variances after the expected values, or give var="
        )
    half = len(several) // 2
    return several[:half], several[half:]


def _above_zero(x: Any, what: str) -> float:
    found = as_finite(x, what)
    if found <= 0.0:
        raise ValueError(f"{what} is {found}; it is above 0")
    return found
