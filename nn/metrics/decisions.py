"""Predicted classes beside the true ones. Where a share is one of nothing it is 0, without a warning."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn.metrics.samples import as_average, as_places, place_of_positive

__all__ = ["accuracy", "balanced_accuracy", "confusion", "f1", "precision", "recall"]

AVERAGES = ("binary", "macro", "micro", "weighted")


def accuracy(true: Any, predicted: Any) -> float:
    """The share of samples whose predicted label is the true one; from 0 to 1.

    Args:
        true: A label per sample: text, bools or numbers, in a list, an array or a column of a table.
        predicted: As many.

    Raises:
        TypeError: there is something else than text, bools and numbers, or text on one side and numbers on the other.
        ValueError: lengths differ, there are no samples, or a label is nan.

    >>> accuracy(["cat", "dog", "dog", "ape"], ["cat", "dog", "ape", "ape"])
    0.75
    """
    _, real, found = as_places("accuracy", true, predicted)
    return int(np.count_nonzero(real == found)) / len(real)


def balanced_accuracy(true: Any, predicted: Any) -> float:
    """The mean over the true classes of the share that is recognised: each class counts alike, however rare.

    A class that is only predicted does not count.

    Raises:
        TypeError, ValueError: as for `accuracy`.

    >>> balanced_accuracy([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0])
    0.5
    """
    kinds, places, found = as_places("balanced_accuracy", true, predicted)
    hits, _, real = _counted(len(kinds), places, found)
    there = real > 0
    return float(np.mean(hits[there] / real[there]))


def confusion(true: Any, predicted: Any, labels: Any = None) -> list[list[int]]:
    """How often each class (row) was taken for each class (column). `nn.confusion_matrix` draws it.

    Args:
        true: A label per sample.
        predicted: As many.
        labels: The classes and their order; samples of others are left out. None takes all that occur, sorted.

    Raises:
        TypeError, ValueError: as for `accuracy`; also if no true label is among `labels`.

    >>> confusion(["cat", "dog", "dog"], ["cat", "cat", "dog"])
    [[1, 0], [1, 1]]
    """
    kinds, real, found = as_places("confusion", true, predicted, labels)
    n = len(kinds)
    if (real == n).all():
        raise ValueError(f"confusion: no true label is among the labels {kinds}")
    counts = np.bincount(real * (n + 1) + found, minlength=(n + 1) ** 2).reshape(n + 1, n + 1)
    rows: list[list[int]] = counts[:n, :n].tolist()
    return rows


def precision(true: Any, predicted: Any, average: Any = "binary", positive: Any = None, labels: Any = None) -> Any:
    """Of the samples that are taken for a class, the share that is of it; 0 for a class never predicted.

    Args:
        true: A label per sample.
        predicted: As many.
        average: "binary", the one of the class `positive`; "macro", the mean over classes; "weighted", the mean in
            which each class counts as often as it is true; "micro", that of all decisions together; None, all of them.
        positive: For "binary": the class that is looked for. None takes the larger of the two; of one that occurs
            alone, that one, unless it is 0, False or -1.
        labels: The classes to go over, in this order; None takes all that occur, sorted. For "binary": the two.

    Returns:
        A float from 0 to 1; for `average=None` a list with one for each class.

    Raises:
        TypeError: as for `accuracy`.
        ValueError: as for `accuracy`; `average` is unknown, "binary" for more than two classes, or `positive` is none.

    >>> precision([0, 1, 1, 1], [1, 1, 1, 0])
    0.6666666666666666
    >>> precision(["a", "b", "c"], ["a", "a", "c"], average=None)
    [0.5, 0.0, 1.0]
    """
    return _share("precision", true, predicted, average, positive, labels, lambda hits, found, real: (hits, found))


def recall(true: Any, predicted: Any, average: Any = "binary", positive: Any = None, labels: Any = None) -> Any:
    """Of the samples that are of a class, the share that is taken for it; 0 for a class that is never true.

    Arguments, result and errors are those of `precision`.

    >>> recall([0, 1, 1, 1], [1, 1, 0, 0])
    0.3333333333333333
    """
    return _share("recall", true, predicted, average, positive, labels, lambda hits, found, real: (hits, real))


def f1(true: Any, predicted: Any, average: Any = "binary", positive: Any = None, labels: Any = None) -> Any:
    """The harmonic mean of precision and recall, 2 hits / (taken for the class + of the class); 0 where that is 0 / 0.

    Arguments, result and errors are those of `precision`. "macro" is the mean of the classes' f1.

    >>> f1(["no", "yes", "yes", "yes"], ["yes", "yes", "no", "no"])
    0.4
    >>> f1([0, 1, 2, 2], [0, 2, 2, 2], average="macro")
    0.6
    """
    return _share("f1", true, predicted, average, positive, labels, lambda hits, found, real: (2 * hits, found + real))


def _counted(n: int, real: Any, found: Any) -> tuple[Any, Any, Any]:
    """For each of n classes: how often it is recognised, taken for true, and true."""
    hits = np.bincount(real[real == found], minlength=n)[:n]
    return hits, np.bincount(found, minlength=n)[:n], np.bincount(real, minlength=n)[:n]


def _share(
    what: str,
    true: Any,
    predicted: Any,
    average: Any,
    positive: Any,
    labels: Any,
    parts: Callable[[Any, Any, Any], tuple[Any, Any]],
) -> Any:
    """A share of counts (`parts` gives its numerator and denominator) for each class, or of all in one number."""
    as_average(what, average, AVERAGES)
    if average == "binary":
        kinds, places, found = as_places(what, true, predicted)
        known = kinds if labels is None else sorted({*kinds, *as_places(what, labels)[0]})
        if len(known) > 2:
            several = "average='macro', 'micro', 'weighted' or None"
            raise ValueError(f"{what}: average='binary' is for two classes, there are {len(known)}: use {several}")
        at = place_of_positive(what, known, positive)
        if at < 0 or known[at] not in kinds:
            return 0.0
        at = kinds.index(known[at])
        above, below = parts(*(int(count[at]) for count in _counted(len(kinds), places, found)))
        return above / below if below else 0.0
    kinds, places, found = as_places(what, true, predicted, labels)
    hits, taken, real = _counted(len(kinds), places, found)
    if average == "micro":
        above, below = parts(int(hits.sum()), int(taken.sum()), int(real.sum()))
        return above / below if below else 0.0
    above, below = parts(hits, taken, real)
    shares = above / np.maximum(below, 1)  # where below is 0, above is too
    if average is None:
        return shares.tolist()
    if average == "macro":
        return float(shares.mean())
    return float(shares @ real / real.sum()) if real.any() else 0.0
