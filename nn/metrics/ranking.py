"""Scores of classes beside the true classes: is what is true scored above what is not, and how surely."""

from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.checks import as_size, require_as_many
from nn.metrics.samples import as_average, as_classes, as_numbers, as_places, place_of_positive

__all__ = ["auc", "log_loss", "top_k_accuracy"]


def auc(true: Any, scores: Any, average: Any = "macro", positive: Any = None, labels: Any = None) -> Any:
    """The area under the ROC curve: how likely a sample of a class is scored above one of another. A tie is a half.

    Args:
        true: A label per sample: text, bools or numbers.
        scores: For two classes a number per sample, the larger the surer that it is `positive`; or a row per sample
            with a number for each class. Of two columns that of `positive` counts where they are probabilities, else
            the difference. More are taken one class against the rest, each column as it is: give probabilities rather
            than logits.
        average: For several classes: "macro", the mean over classes; "weighted", by how often each is true; "micro",
            all numbers in one ranking; None, a list with one for each class.
        positive: For two classes: the one that is looked for. None takes the larger.
        labels: The class of each column; None takes those that occur, sorted, or 0, 1, 2 ... where some do not.

    Returns:
        A float from 0 to 1; nan where a class is all there is, or missing (in "weighted" such a class does not count).

    Raises:
        TypeError: a label is no text, bool or number; a score is no number.
        ValueError: lengths differ, there are no samples, a score is nan, there are more classes than scores tell apart,
            `average` is unknown, or `positive` is no label.

    Cost:
        Sorting.

    Source: Hanley and McNeil, "The Meaning and Use of the Area under a ROC Curve", Radiology 143 (1982): the area is
        the statistic of Mann and Whitney.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> auc(["a", "b", "c"], [[0.8, 0.1, 0.1], [0.2, 0.3, 0.5], [0.1, 0.3, 0.6]], average=None)
    [1.0, 0.75, 1.0]
    """
    as_average("auc", average, ("macro", "weighted", "micro"))
    table = as_numbers(scores, "auc: scores")
    if table.ndim == 1:
        return _area(_are_positive("auc", true, table, positive, labels), table)
    kinds, places = _columns("auc", true, table, labels)
    n = len(kinds)
    if n == 2:
        at = kinds.index(max(kinds)) if positive is None else place_of_positive("auc", kinds, positive)
        wanted, other = table[:, at], table[:, 1 - at]
        # A difference of probabilities would round away what tells 1e-20 from 1e-18.
        shares = (table >= 0.0).all() and np.allclose(table.sum(axis=1), 1.0)
        return _area(places == at, wanted if shares else wanted - other)
    if positive is not None:
        raise ValueError(f"auc: positive is for two classes, there are {n}: use labels= and average=None")
    if average == "micro":
        return _area((places[:, None] == np.arange(n)).ravel(), table.ravel())
    areas = np.array([_area(places == k, table[:, k]) for k in range(n)])
    if average is None:
        return areas.tolist()
    if average == "macro":
        return float(areas.mean())
    weights = np.bincount(places, minlength=n)
    return float(np.where(weights > 0, areas, 0.0) @ weights / weights.sum())


def _area(positive: Any, scores: Any) -> float:
    """The share of pairs, one of each kind, in which the positive is scored above; a tie counts half."""
    those, others = np.sort(scores[positive]), np.sort(scores[~positive])
    if not len(those) or not len(others):
        return float("nan")
    twice = np.searchsorted(others, those, "left").sum() + np.searchsorted(others, those, "right").sum()
    return int(twice) / (2 * len(those) * len(others))


def top_k_accuracy(true: Any, scores: Any, k: int = 2, labels: Any = None) -> float:
    """The share of samples whose true class is among the k scored highest; of equal scores the later is higher.

    Args:
        true: A label per sample.
        scores: A row per sample with a number for each class. For two classes one number is enough: above 0.5, if all
            are from 0 to 1, else above 0, it says the larger label.
        k: How many guesses there are. With as many as classes, all is right.
        labels: The class of each column; None takes those that occur, sorted, or 0, 1, 2 ... where some do not.

    Raises:
        TypeError: a label is no text, bool or number; a score is no number; k is no whole number.
        ValueError: lengths differ, there are no samples, a score is nan, labels and columns differ in number, or k < 1.

    >>> top_k_accuracy([0, 1, 2], [[0.5, 0.3, 0.2], [0.4, 0.3, 0.3], [0.6, 0.3, 0.1]], k=2)
    0.3333333333333333
    """
    guesses = as_size(k, "top_k_accuracy: k")
    table = as_numbers(scores, "top_k_accuracy: scores")
    if table.ndim == 1:
        right = _are_positive("top_k_accuracy", true, table, None, labels)
        middle = 0.5 if ((table >= 0.0) & (table <= 1.0)).all() else 0.0
        return 1.0 if guesses > 1 else float(np.mean((table > middle) == right))
    kinds, places = _columns("top_k_accuracy", true, table, labels)
    own = np.take_along_axis(table, places[:, None], axis=1)
    later = np.arange(len(kinds)) > places[:, None]
    before = np.count_nonzero((table > own) | ((table == own) & later), axis=1)
    return float(np.mean(before < guesses))


def log_loss(true: Any, probabilities: Any, labels: Any = None) -> float:
    """The mean of -log(probability of what is true), in nats; a probability of 0 or 1 is moved by 2.2e-16.

    Args:
        true: A label per sample.
        probabilities: A row per sample with that of each class; or, for two classes, one number: that of the larger.
            Rows are taken as they are; they should sum to 1.
        labels: The class of each column; None takes those that occur, sorted, or 0, 1, 2 ... where some do not.

    Raises:
        TypeError: a label is no text, bool or number; a probability is no number.
        ValueError: lengths differ, there are no samples, a number is not from 0 to 1, or labels and columns differ in
            number.

    >>> round(log_loss([0, 1], [0.5, 0.25]), 6)
    1.039721
    """
    table = as_numbers(probabilities, "log_loss: probabilities", 0.0, 1.0)
    if table.ndim == 1:
        right = np.where(_are_positive("log_loss", true, table, None, labels), table, 1.0 - table)
    else:
        _, places = _columns("log_loss", true, table, labels)
        right = np.take_along_axis(table, places[:, None], axis=1)
    tiny = np.finfo(float).eps
    return float(-np.log(np.clip(right, tiny, 1.0 - tiny)).mean())


def _are_positive(what: str, true: Any, scores: Any, positive: Any, labels: Any) -> Any:
    """Which samples are of the class that one score per sample speaks of."""
    kinds, places, _ = as_places(what, true)
    require_as_many(places, scores, what, ("true labels", "scores"))
    known = kinds if labels is None else sorted({*kinds, *as_places(what, labels)[0]})
    if len(known) > 2:
        raise ValueError(f"{what}: one score per sample tells two labels apart, not {brief(known)}: give a row each")
    at = place_of_positive(what, known, positive)
    return places == (kinds.index(known[at]) if at >= 0 and known[at] in kinds else -1)


def _columns(what: str, true: Any, table: Any, labels: Any) -> tuple[list[Any], Any]:
    """The class of each column of scores, and which is each sample's own."""
    kinds, places = as_classes(what, true, labels, table.shape[1])
    require_as_many(places, table, what, ("true labels", "rows of scores"))
    return kinds, places
