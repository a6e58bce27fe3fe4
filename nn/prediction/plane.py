"""What a model of two inputs says all over the plane, and where its decision changes."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import compile, no_grad
from autograd.border.wording import brief
from nn.modules.module import Module
from nn.prediction.labels import Labels
from nn.prediction.predict import as_numbers, evaluating, labels_kept_by

__all__ = ["margins_of", "reading_of", "scores_at"]

FEW = 16
"""For no more points than these nothing is recorded."""


def scores_at(model: Callable[[Any], Any], points: Sequence[list[float]], what: str) -> Any:
    """What a model, as after `eval()`, gives at some points: an array with a number for each, or a row of several.

    Raises:
        TypeError: the model cannot be called, or does not give numbers.
        ValueError: it gives now one score, now several.

    Cost: a call of the model for each point, without a graph; of a Module, a few, and the rest at compiled speed.
    """
    if not callable(model):
        raise TypeError(f"{what}: expected a model, which maps a point to its score, got {brief(model)}")
    with no_grad(), evaluating(model):
        found = compiled_scores(model, points) if isinstance(model, Module) and len(points) > FEW else None
        if found is None:
            found = [numbers_of(model(list(p)), what) for p in points]
    if len({np.shape(x) for x in found}) > 1:
        raise ValueError(f"{what}: the model gives now one score, now several: expected as many for every point")
    scores = np.array(found)
    return scores[:, 0] if scores.shape[1:] == (1,) else scores


def compiled_scores(model: Callable[[Any], Any], points: Sequence[list[float]]) -> list[Any] | None:
    """The same, recorded; None where that does not work, or gives something else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of too many paths, say
            found = compile(lambda p: model(list(p)), in_axes=0)(np.array(points))
        one = isinstance(found, np.ndarray)  # with a row for each point; else an array for each score
        columns = as_numbers(found) if one else [list(row) for row in zip(*as_numbers(found), strict=True)]
        for k in (0, -1):
            if not np.allclose(columns[k], numbers_of(model(list(points[k])), ""), equal_nan=True):
                return None
    except Exception:  # whatever it is, the model as it stands says it better
        return None
    return columns if len(columns) == len(points) else None


def numbers_of(output: Any, what: str) -> Any:
    """The number of one score, or those of several in a list."""
    try:
        found = np.array(as_numbers(output))
    except (TypeError, ValueError):
        found = np.array([])
    if found.dtype != float or not found.size or max(found.shape, default=1) != found.size:
        raise TypeError(f"{what}: the model gives {brief(output)}: expected a score, or a list with one for each class")
    return found.reshape(-1) if found.ndim else found


def reading_of(model: Any, labels: list[Any], n: int, what: str) -> Labels:
    """The classes between which a model of `n` scores decides, and how: those it was trained on, else those given.

    Raises:
        ValueError: a label is none of them, or there are more or fewer classes than scores.
    """
    known = labels_kept_by(model)
    if known is not None and known.kind == "numbers":
        raise ValueError(f"{what}: the model was trained on quantities, not on classes: it has no boundary")
    if known is None or known.kind != "classes":
        known = labels_told_apart(labels, n, what)
    if 1 < n > len(known.classes) and known.classes == list(range(len(known.classes))):
        known = Labels("classes", range(n), known.family)
    if n not in (1, len(known.classes)):
        raise ValueError(f"{what}: the model gives {n} scores, but was trained on {listed(known.classes)}")
    for i, label in enumerate(labels):
        try:
            known.place(label, i)
        except ValueError as error:
            raise ValueError(f"{what}: labels: {error}") from None
    return known


def labels_told_apart(labels: list[Any], n: int, what: str) -> Labels:
    """The classes of a model that does not know them: the indices of its scores, or the labels there are, in order."""
    known = Labels.of(labels, "index" if n > 1 else "")
    distinct = sorted({False, True} if isinstance(labels[0], bool) else set(labels))
    if n == 1:
        if len(distinct) > 2:
            raise ValueError(
                f"{what}: labels are of {listed(distinct)}, but the model gives one score, which tells two apart: "
                "use a model with a score for each class"
            )
        return Labels("classes", known.classes or distinct, "")
    if isinstance(labels[0], (str, bool)) or (distinct[0] < 0 and len(distinct) == n):
        if len(distinct) != n:
            raise ValueError(f"{what}: labels are of {listed(distinct)}, but the model gives {n} scores, one per class")
        return Labels("classes", distinct, "index")
    for label in labels:
        if not 0 <= label < n:
            raise ValueError(f"{what}: labels: expected the index of a score, from 0 to {n - 1}; got {label}")
    return Labels("classes", range(n), "index")


def listed(classes: Sequence[Any]) -> str:
    """How many classes there are, and the first of them.

    >>> listed(["a", "b"])
    "2 classes, 'a' and 'b'"
    """
    if len(classes) == 1:
        return f"1 class, {classes[0]!r}"
    first = ", ".join(map(repr, classes[:-1] if len(classes) <= 6 else classes[:5]))
    return f"{len(classes):,} classes, {first} {f'and {classes[-1]!r}' if len(classes) <= 6 else '...'}"


def margins_of(scores: Any, known: Labels, cuts: Sequence[float]) -> list[Any]:
    """For each class by how much a score is beyond what is another's: what is nan, or infinite twice, is of none."""
    n = len(known.classes)
    with np.errstate(invalid="ignore"):
        if scores.ndim == 1:
            ends = [-np.inf, *cuts, np.inf]
            return [np.minimum(scores - ends[k], ends[k + 1] - scores) for k in range(n)]
        others = [np.delete(scores, k, axis=1).max(axis=1) for k in range(n)]
        return [np.clip(np.nan_to_num(scores[:, k] - others[k], nan=-1.0), -1e3, 1e3) for k in range(n)]
