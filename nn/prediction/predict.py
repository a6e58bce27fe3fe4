"""A trained model is asked: what it decides, and how often it is right. No graph is made."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import nan
from typing import Any

import numpy as np

from autograd import no_grad
from nn.checks import as_list, number_of, require_as_many
from nn.losses.naming import named
from nn.modules.module import Module
from nn.prediction.labels import Labels, unboxed

__all__ = [
    "count_right", "decide", "evaluate", "evaluating", "keep_labels", "labels_kept_by", "predict", "predict_proba",
    "predict_scores",
]  # fmt: skip


def decide(score: Any) -> int:
    """What a model's output says: the index of the largest of several scores, else the sign of the one score.

    A tie goes to the first class; a score of 0 to -1. A model that was trained by `fit` knows its labels, and `predict`
    gives these.

    >>> from autograd import Value
    >>> decide([0.1, 2.0, -1.0]), decide(Value(-0.3))
    (1, -1)
    """
    if isinstance(score, (list, tuple)):
        return score.index(max(score)) if len(score) != 1 else decide(score[0])
    if getattr(score, "shape", ()):
        return decide(score.tolist())
    return 1 if score > 0.0 else -1


@contextmanager
def evaluating(model: Any) -> Iterator[None]:
    """Meanwhile a module, and every module in it, is as after `eval()`.

    >>> model = Module()
    >>> with evaluating(model):
    ...     model.training
    False
    >>> model.training
    True
    """
    parts = [part for part in model.modules() if part.training] if isinstance(model, Module) else []
    try:
        for part in parts:
            part.training = False
        yield
    finally:
        late: KeyboardInterrupt | None = None
        while True:
            try:
                for part in parts:
                    vars(part).pop("training", None)
                    if not part.training:  # what its class has
                        part.training = True
                break
            except KeyboardInterrupt as interrupt:  # amid putting back, which comes first
                late = interrupt
        if late is not None:
            raise late


def predict_scores(model: Callable[[Any], Any], xs: Iterable[Any]) -> list[Any]:
    """What a model gives for each sample, as numbers: a float, or a list of them, one per output.

    Args:
        model: Maps a sample to its score, or to a list of scores. Modules are called as after `eval()`.
        xs: Samples: a list, an array, a DataFrame.

    Raises:
        TypeError: `xs` holds no samples.

    >>> predict_scores(lambda x: [x[0], 2.0 * x[1]], [[1.0, 2.0]])
    [[1.0, 4.0]]
    """
    samples = as_list(xs, "predict: xs")
    with no_grad(), evaluating(model):
        return [as_numbers(model(x)) for x in samples]


def as_numbers(score: Any) -> Any:
    """The number of a score, or a list of the numbers of several; of arrays too."""
    if hasattr(score, "tolist"):
        score = score.tolist()
    if isinstance(score, (list, tuple)):
        return [as_numbers(s) for s in score]
    return number_of(score)


def labels_kept_by(model: Any) -> Labels | None:
    """The labels that a model was trained on, if `fit` kept them."""
    found = getattr(model, "labels", None)
    return found if isinstance(found, Labels) else None


def keep_labels(model: Any, labels: Labels) -> None:
    """Keep the labels that a model was trained on with it, unless it has something else of that name."""
    if labels_kept_by(model) is None and hasattr(model, "labels"):
        return
    try:
        model.labels = labels
    except (AttributeError, TypeError):  # a bound method: those of its object
        owner = getattr(model, "__self__", None)
        if owner is not None:
            keep_labels(owner, labels)


def predict(model: Callable[[Any], Any], xs: Iterable[Any]) -> list[Any]:
    """What the model decides for each sample, as a label of the kind that it was trained on. Makes no graph.

    Args:
        model, xs: As for `predict_scores`.

    Returns:
        The labels that `fit` was given; of a regression, numbers. Of a model that was trained otherwise, the index of
        the largest score, or the sign of the only one.

    Raises:
        ValueError: a model gives more scores than there were classes.

    >>> predict(lambda x: x[0] - x[1], [[1.0, 2.0], [3.0, 1.0]])
    [-1, 1]
    """
    scores = predict_scores(model, xs)
    labels = labels_kept_by(model)
    if labels is None or labels.kind in ("lists", "other"):
        return [decide(s) if labels is None else s for s in scores]
    return labels.decided(np.array(scores)) if scores else []


def predict_proba(model: Callable[[Any], Any], xs: Iterable[Any]) -> list[list[float]]:
    """The probability of each class for each sample, in the order of `model.labels.classes`.

    Args:
        model, xs: As for `predict_scores`.

    Raises:
        ValueError: the scores of the model are no logits and no probabilities.

    >>> [[round(p, 3) for p in row] for row in predict_proba(lambda x: [0.0, 0.0, x], [0.0])]
    [[0.333, 0.333, 0.333]]
    """
    scores = predict_scores(model, xs)
    labels = labels_kept_by(model)
    if labels is None:
        several = bool(scores) and isinstance(scores[0], list)
        labels = Labels("classes", range(len(scores[0]) if several else 2), "index" if several else "logit")
    return labels.probabilities(np.array(scores)) if scores else []


def count_right(scores: Iterable[Any], labels: Sequence[Any], known: Labels | None = None) -> int:
    """How many scores say what their labels say.

    Args:
        scores: What a model gave: Values or numbers, or lists of them.
        labels: As many.
        known: What labels there are; None is found out from these.

    Raises:
        ValueError: there are not as many labels as scores.

    >>> count_right([0.3, -0.2], [1, 1]), count_right([0.3, 0.6], [0, 1])
    (1, 2)
    """
    numbers = [as_numbers(score) for score in scores]
    require_as_many(numbers, labels, "count_right", ("scores", "labels"))
    if known is None:
        known = Labels.of(labels, "index" if isinstance(numbers[0], list) and len(numbers[0]) > 1 else "")
    if known.kind != "classes":
        return 0
    return int((known.decided_places(np.array(numbers)) == known.places(labels)).sum())


def evaluate(
    model: Callable[[Any], Any], xs: Sequence[Any], ys: Sequence[Any], loss: Callable[[list[Any], list[Any]], Any]
) -> tuple[float, float]:
    """The loss over these samples, and the share that is decided rightly. Makes no graph, changes nothing.

    Args:
        model: Maps a sample to its score, or to a list of scores. Modules are called as after `eval()`.
        xs, ys: Samples, and as many labels.
        loss: Maps scores and labels to a number; or the name of one of nn's.

    Returns:
        Both numbers; where labels are no classes, as in a regression, the second is nan.

    Raises:
        ValueError: the lengths differ, or there are no samples.

    >>> from nn import hinge
    >>> evaluate(lambda x: x[0], [[2.0], [0.5]], [1, -1], hinge)
    (0.75, 0.5)
    """
    loss = named(loss) if isinstance(loss, str) else loss
    samples, labels = as_list(xs, "evaluate: xs"), as_list(unboxed(ys), "evaluate: ys")
    require_as_many(samples, labels, "evaluate", ("samples", "labels"))
    kept = labels_kept_by(model)
    known = kept if kept is not None and kept.kind == "classes" else Labels.for_loss(labels, loss)
    with no_grad(), evaluating(model):
        scores = [listed(model(x)) for x in samples]
        found = loss(scores, known.encoded(labels))
    right = count_right(scores, labels, known) / len(samples) if known.kind == "classes" else nan
    return number_of(found), right


def listed(score: Any) -> Any:
    """A score, with lists in place of arrays, which have their own idea of `len` and truth."""
    return score.tolist() if hasattr(score, "tolist") else score
