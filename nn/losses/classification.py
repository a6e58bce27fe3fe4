"""Losses of classes: how little scores say what their labels say.

A label may be a Value too, so that one tape serves every label. Then there is no number to check, and nothing branches.
"""

import operator
from collections.abc import Sequence
from math import nan
from typing import Any

from autograd import Value, equal, logsumexp, relu, where
from autograd import sum as add_up
from autograd.border.wording import brief
from nn.checks import as_list, is_whole, require_as_many, require_one_number

__all__ = ["cross_entropy", "hinge"]


def hinge(scores: Sequence[Any], labels: Sequence[Any]) -> Any:
    """Max-margin loss: Σ relu(1 - label * score) / n; zero once every score is beyond 1 on its label's side.

    Args:
        scores: Values or numbers, one per sample.
        labels: -1 or 1, as many; of a Value that is neither, relu(1 - label * score) is taken as it is.

    Returns:
        A Value if any score or label is one, else a float.

    Raises:
        TypeError: a score is not one number.
        ValueError: the lengths differ, there are no samples, or a label is neither -1 nor 1.

    Kink: relu'(0) = 0, so a score exactly on the margin is left alone.

    >>> hinge([Value(0.5), Value(0.25)], [1, -1]).data
    0.875
    """
    found, wanted = as_list(scores, "hinge: scores"), as_list(labels, "hinge: labels")
    require_as_many(found, wanted, "hinge", ("scores", "labels"))
    margins = []
    for i, (score, label) in enumerate(zip(found, wanted, strict=True)):
        if not isinstance(score, Value):
            require_one_number(score, "hinge")
        if isinstance(label, Value):
            margins.append(relu(1.0 - label * score))
        elif label == 1:
            margins.append(relu(1.0 - score))
        elif label == -1:
            margins.append(relu(1.0 + score))
        else:
            raise ValueError(f"hinge: label {i} is {brief(label)}; labels are -1 or 1")
    return add_up(margins) / len(margins)


def cross_entropy(logits: Sequence[Any], target: Any) -> Any:
    """-log softmax(logits)[target], computed as logsumexp(logits) - logits[target], without overflow.

    Args:
        logits: One score per class; or a list of such lists, one per sample.
        target: The index of the right class; or as many of them. Then the loss is the mean over the samples. A Value
            that is the index of no class makes the loss nan.

    Returns:
        A Value if any logit or target is one, else a float.

    Raises:
        TypeError: a target is not a whole number, or samples and classes are mixed up.
        ValueError: a target is out of range, the lengths differ, or there are no samples or classes.

    Cost: two nodes per sample, and two for the mean; for a target that is a Value, two more per class.

    >>> round(cross_entropy([Value(2.0), Value(2.0)], 0).data, 12)
    0.69314718056
    >>> round(cross_entropy([[2.0, 2.0], [1000.0, 0.0]], [0, 0]), 12)
    0.34657359028
    """
    if isinstance(target, Value) or is_whole(target):
        return _cross_entropy_of_one(as_list(logits, "cross_entropy: logits"), target, "target")
    rows, targets = as_list(logits, "cross_entropy: logits"), as_list(target, "cross_entropy: target")
    require_as_many(rows, targets, "cross_entropy", ("lists of logits", "targets"))
    terms = []
    for i, (row, t) in enumerate(zip(rows, targets, strict=True)):
        if isinstance(row, (Value, float, int)):
            raise TypeError(
                f"cross_entropy: sample {i} has one number; {len(targets)} targets need a list of logits each"
            )
        terms.append(_cross_entropy_of_one(as_list(row, f"cross_entropy: logits of sample {i}"), t, f"target {i}"))
    return add_up(terms) / len(terms)


def _cross_entropy_of_one(logits: list[Any], target: Any, what: str) -> Any:
    """The loss of one sample."""
    n = len(logits)
    if n == 0:
        raise ValueError("cross_entropy: no logits: give one per class")
    if isinstance(target, Value):
        right: Any = nan
        for k, logit in enumerate(logits):
            right = where(equal(target, float(k)), logit, right)
        return logsumexp(logits) - right
    if not is_whole(target):
        raise TypeError(f"cross_entropy: {what} is {brief(target)}; expected the index of a class, a whole number")
    index = operator.index(target)
    if not 0 <= index < n:
        raise ValueError(f"cross_entropy: {what} is {index}, out of range for {n} classes (0 to {n - 1})")
    return logsumexp(logits) - logits[index]
