"""What training makes small. Each is a mean over the samples, or a penalty; all are dimensionless.

A label may be a Value too, so that one tape serves every label. Then there is no number to check, and nothing branches.
"""

import operator
from collections.abc import Iterable, Sequence
from math import nan
from typing import Any

from autograd import Value, dot, equal, logsumexp, relu, where
from autograd import sum as add_up
from autograd.border.wording import brief
from nn.checks import as_finite, as_list, is_whole, require_as_many

__all__ = ["cross_entropy", "hinge", "l2", "mse"]


def mse(predictions: Sequence[Any], targets: Sequence[Any]) -> Any:
    """Mean squared error: Σ (prediction - target)² / n.

    Args:
        predictions: Values or numbers, one per sample.
        targets: Numbers or Values, as many.

    Returns:
        A Value if any operand is one, else a float.

    Raises:
        TypeError: an element is not one number.
        ValueError: the lengths differ, or there are no samples.

    >>> mse([Value(1.0), Value(4.0)], [1.0, 2.0]).data
    2.0
    """
    found, wanted = as_list(predictions, "mse: predictions"), as_list(targets, "mse: targets")
    require_as_many(found, wanted, "mse", ("predictions", "targets"))
    for x in (*found, *wanted):
        _refuse_list(x, "mse")
    errors = [p - t for p, t in zip(found, wanted, strict=True)]
    return dot(errors, errors) / len(errors)


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
            _refuse_list(score, "hinge")
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


def l2(parameters: Iterable[Any], strength: float) -> Any:
    """A penalty on large parameters: strength * Σ p².

    Args:
        parameters: What `module.parameters()` gives.
        strength: Not negative.

    Returns:
        A Value.

    Raises:
        TypeError: the parameters are a module, or not numbers.
        ValueError: there are no parameters, or `strength` is negative or not finite.

    Cost: two nodes.

    >>> l2([Value(3.0), Value(4.0)], 0.1).data
    2.5
    """
    if hasattr(parameters, "parameters"):
        raise TypeError(f"l2: expected a list of parameters, got a {type(parameters).__name__}: pass its .parameters()")
    found = as_list(parameters, "l2: parameters")
    if not found:
        raise ValueError("l2: no parameters: an iterator may have been used up")
    factor = as_finite(strength, "l2: strength")
    if factor < 0.0:
        raise ValueError(f"l2: strength is {factor}; a penalty is not negative")
    return factor * dot(found, found)


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


def _refuse_list(x: Any, what: str) -> None:
    if isinstance(x, (list, tuple)):
        raise TypeError(f"{what}: expected one number per sample, got a list of {len(x)}: use a model with one output")
    if x is None or isinstance(x, (str, bytes)):
        raise TypeError(f"{what}: expected one number per sample, got {type(x).__name__} {brief(x)}")
