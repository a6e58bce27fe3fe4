"""Losses of probabilities: how far a model's are from those that are wanted.

A target may be a Value too, so that one tape serves every target. Then there is no number to check, and nothing
branches.
"""

from collections.abc import Sequence
from typing import Any

from autograd import Value, dot, softplus
from autograd.border.wording import brief
from nn.checks import as_finite
from nn.losses.loss import Pairs, as_numbers, counted, elements

__all__ = ["binary_cross_entropy_with_logits"]


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
    for x, y, factor in zip(pairs.left, probabilities(pairs, "label"), factors, strict=True):
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
    several = None if pos_weight is None else elements(pos_weight)
    what = f"{pairs.what}: pos_weight"
    found = [as_finite(w, what) for w in several or [1.0 if pos_weight is None else pos_weight]]
    if min(found) < 0.0:
        raise ValueError(f"{what} is {min(found)}; a weight is not negative")
    if len(found) == 1:
        return found * n
    for i, target in enumerate(pairs.targets):
        wanted = elements(target)
        if wanted is None or len(wanted) != len(found):
            raise ValueError(f"{what} has {len(found)} numbers; sample {i} has {1 if wanted is None else len(wanted)}")
    return found * (n // len(found))


def probabilities(pairs: Pairs, noun: str) -> list[Any]:
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
