"""Losses of probabilities: how far a model's are from those that are wanted.

A target may be a Value too, so that one tape serves every target. Then there is no number to check, and nothing
branches.
"""

from collections.abc import Sequence
from typing import Any

from autograd import Value, detach, dot, exp, less, log, log1p, maximum, softplus, where
from autograd.border.wording import brief
from nn.checks import as_finite
from nn.losses.loss import REDUCTIONS, Pairs, additive, as_numbers, count, counted, elements

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_divergence"]

LEAST_LOG = -100.0
"""A logarithm is not taken to be less, so that a probability of 0 costs 100 and not infinity; PyTorch's number."""

NEAR_AN_END = 9.999999960041972e-13
"""Where p * (1 - p) is less, the slope along p is taken as if it were this; PyTorch's number, 1e-12 in float32."""


@counted
def binary_cross_entropy_with_logits(
    logits: Sequence[Any], labels: Sequence[Any], *, pos_weight: Any = None, reduction: str = "mean"
) -> Any:
    """-label * log σ(logit) - (1 - label) * log(1 - σ(logit)), without overflow, exact in both tails.

    Args:
        logits: Values or numbers, one per sample; or a list of them per sample, one per output.
        labels: 0 or 1, or a probability between, as many.
        pos_weight: What the first summand is multiplied by, where ones are rare; or a list of such, one per output.
        reduction: "mean" over all labels, "sum", or "none": a list of each label's.

    Returns:
        A Value if any logit or label is one, else a float.

    Raises:
        TypeError: a logit is no number.
        ValueError: the lengths differ, there are no samples, or a label is not from 0 to 1.

    Cost: two nodes per label that is 1 and one per label that is 0; five where it is between, or a Value.

    >>> round(binary_cross_entropy_with_logits([Value(2.0), Value(-800.0)], [1, 0]).data, 12)
    0.063464005521
    """
    pairs = Pairs("binary_cross_entropy_with_logits", logits, labels, reduction, ("logits", "labels"))
    factors = _factors(pairs, pos_weight)
    losses: list[Any] = []
    for x, y, factor in zip(pairs.left, as_probabilities(pairs, "label"), factors, strict=True):
        if isinstance(y, Value) or 0.0 < y < 1.0:
            losses.append(dot([y if factor == 1.0 else factor * y, 1.0 - y], [softplus(-x), softplus(x)]))
        elif y == 0.0:
            losses.append(softplus(x))
        else:
            losses.append(softplus(-x) if factor == 1.0 else factor * softplus(-x))
    return pairs.reduced(losses)


def _factors(pairs: Pairs, pos_weight: Any) -> list[float]:
    """What each positive counts for, label by label."""
    n = len(pairs.right)
    if pos_weight is None:
        return [1.0] * n
    several, what = elements(pos_weight), f"{pairs.what}: pos_weight"
    if several is not None and not several:
        raise ValueError(f"{what} has no numbers: give one, or one per output")
    found = [as_finite(w, what) for w in several or [pos_weight]]
    if min(found) < 0.0:
        raise ValueError(f"{what} is {min(found)}; a weight is not negative")
    if len(found) == 1:
        return found * n
    for i, target in enumerate(pairs.targets):
        wanted = elements(target)
        if wanted is None or len(wanted) != len(found):
            raise ValueError(f"{what} has {len(found)} numbers; sample {i} has {1 if wanted is None else len(wanted)}")
    return found * (n // len(found))


@counted
def binary_cross_entropy(probabilities: Sequence[Any], labels: Sequence[Any], *, reduction: str = "mean") -> Any:
    """-label * log p - (1 - label) * log(1 - p); finite at p = 0 and p = 1, with a slope that leads away from there.

    Logarithms are at least -100, and slopes at most 1e12, as in PyTorch. Of a model's logits,
    `binary_cross_entropy_with_logits` is exact, and cheaper.

    Args:
        probabilities: Values or numbers from 0 to 1, one per sample; or a list of them per sample, one per output.
        labels: 0 or 1, or a probability between, as many.
        reduction: "mean" over all labels, "sum", or "none": a list of each label's.

    Returns:
        A Value if any number or label is one, else a float. A Value that is not from 0 to 1 makes it nan.

    Raises:
        TypeError: a probability is no number.
        ValueError: the lengths differ, there are no samples, or a number or label is not from 0 to 1.

    Cost: 17 nodes per label.

    >>> p = Value(0.0)
    >>> loss = binary_cross_entropy([p, 0.5], [1, 1], reduction="sum")
    >>> loss.backward()
    >>> round(loss.data, 12), round(p.grad / 1e12, 6)
    (100.69314718056, -1.0)
    """
    pairs = Pairs("binary_cross_entropy", probabilities, labels, reduction, ("probabilities", "labels"))
    losses = []
    for k, (p, y) in enumerate(zip(pairs.left, as_probabilities(pairs, "label"), strict=True)):
        if not isinstance(p, Value) and not 0.0 <= p <= 1.0:
            raise ValueError(
                f"binary_cross_entropy: probability {pairs.name(k)} is {p}; it is from 0 to 1: of other scores take "
                "binary_cross_entropy_with_logits"
            )
        logs = [log(p), log1p(-p)]
        chances = [y, 1.0 - y]
        held = detach(p)
        limited = dot(chances, [maximum(detach(x), LEAST_LOG) for x in logs])
        steep = (held - y) / NEAR_AN_END * (p - held) - limited
        losses.append(where(less(p * (1.0 - p), NEAR_AN_END), steep, -dot(chances, logs)))
    return pairs.reduced(losses)


def _kl_terms(score: Any, target: Any, *, log_target: bool = False, reduction: str = "mean") -> tuple[Any, float]:
    """The sum over a sample, and how many numbers it has; or 1, for the mean over samples."""
    total = kl_divergence([score], [target], log_target=log_target, reduction="sum")
    return total, 1.0 if reduction == "batchmean" else float(count(target))


@additive(_kl_terms)
def kl_divergence(
    log_probabilities: Sequence[Any], targets: Sequence[Any], *, log_target: bool = False, reduction: str = "mean"
) -> Any:
    """Kullback and Leibler's divergence from the model to the targets: target * (log target - log_probability).

    Args:
        log_probabilities: What a log_softmax gives, a list per sample.
        targets: Probabilities, a list per sample; one of 0 adds nothing.
        log_target: Whether the targets are logarithms too.
        reduction: "mean" over all numbers, as in PyTorch; "batchmean" over the samples, which is the mean divergence;
            "sum"; or "none": a list of each number's.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: an element is no number.
        ValueError: the lengths differ, there are no samples, or a target is not from 0 to 1.

    Source: Kullback and Leibler, On Information and Sufficiency, 1951.

    >>> from math import log
    >>> round(kl_divergence([[log(0.25), log(0.75)]], [[0.5, 0.5]], reduction="batchmean"), 12)
    0.143841036226
    """
    known = (*REDUCTIONS, "batchmean")
    pairs = Pairs("kl_divergence", log_probabilities, targets, reduction, ("log-probabilities", "targets"), known)
    if log_target:
        wanted = as_numbers(pairs.right, "kl_divergence")
        losses = [exp(t) * (t - x) for x, t in zip(pairs.left, wanted, strict=True)]
    else:
        losses = [_divergence(x, t) for x, t in zip(pairs.left, as_probabilities(pairs, "target"), strict=True)]
    if reduction == "batchmean":
        pairs.reduction = "sum"
        return pairs.reduced(losses) / len(pairs.scores)
    return pairs.reduced(losses)


def _divergence(x: Any, t: Any) -> Any:
    """What one probability adds; nothing if it is 0."""
    if isinstance(t, Value):
        return where(less(0.0, t), t * (log(t) - x), 0.0)
    return t * (log(t) - x) if t else 0.0


def as_probabilities(pairs: Pairs, noun: str) -> list[Any]:
    """The targets as Values and floats.

    Raises:
        ValueError: one is not from 0 to 1.
    """
    found = as_numbers(pairs.right, pairs.what)
    for k, y in enumerate(found):
        if not isinstance(y, Value) and not 0.0 <= y <= 1.0:
            advice = ": of -1 and 1, take (1 + label) / 2, or hinge" if y == -1.0 else ""
            raise ValueError(
                f"{pairs.what}: {noun} {pairs.name(k)} is {brief(pairs.right[k])}; it is a probability, 0 to 1{advice}"
            )
    return found
