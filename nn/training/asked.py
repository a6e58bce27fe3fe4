"""What `fit` is asked for, looked at before any time is spent: data, loss, optimiser, schedule, metrics, callbacks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from autograd.border.wording import brief
from nn.chance import as_generator
from nn.checks import as_size
from nn.losses.classification import cross_entropy, hinge
from nn.losses.naming import named as loss_named
from nn.losses.probabilities import binary_cross_entropy_with_logits
from nn.losses.regression import mse
from nn.metrics.naming import METRICS, Metric
from nn.metrics.naming import named as metric_named
from nn.prediction.labels import Labels, family_of, unboxed
from nn.schedules.schedule import as_schedule
from nn.training.checkpoint import Checkpoint
from nn.training.gradients import Limits

__all__ = [
    "Asked",
    "Data",
    "as_batch",
    "as_callbacks",
    "as_data",
    "as_loss",
    "as_metrics",
    "as_validation",
    "cuts", "labels_for", "loss_and_labels", "require_function", "require_scores",
]  # fmt: skip


class Asked:
    """What a run of training goes by, besides model, data, loss and optimiser.

    Args:
        what: Who asks, for messages.
        required: Whether a model that cannot be recorded is refused where it is to be compiled.
        state_of: Gives the state of a run, for checkpoints.
        others: As for `fit`.

    Raises:
        TypeError, ValueError: one is not what it may be.

    >>> Asked(epochs=3).epochs
    3
    """

    def __init__(
        self,
        *,
        epochs: Any,
        batch_size: Any = None,
        callbacks: Any = None,
        schedule: Any = None,
        per: str = "epoch",
        compiled: bool = True,
        threads: int | None = None,
        seed: Any = None,
        checkpoint: Checkpoint | None = None,
        diagnose: bool = False,
        limits: Limits | None = None,
        accumulate: Any = 1,
        what: str = "fit",
        required: bool = False,
        state_of: Callable[[Any], Any] = vars,
    ) -> None:
        if per not in ("epoch", "step"):
            raise ValueError(f'{what}: per is {per!r}; a schedule goes by "epoch" or by "step"')
        self.what, self.per, self.compiled, self.threads = what, per, compiled, threads
        self.epochs = as_size(epochs, f"{what}: epochs")
        self.size = None if batch_size is None else as_size(batch_size, f"{what}: batch_size")
        self.accumulate = as_size(accumulate, f"{what}: accumulate")
        self.callbacks = self.all_callbacks = as_callbacks(callbacks)
        self.schedule: Any = None if schedule is None else as_schedule(schedule, f"{what}: schedule", per)
        self.source = as_generator(seed)
        self.checkpoint, self.diagnose, self.limits = checkpoint, diagnose, limits or Limits()
        self.required, self.state_of = required, state_of


class Data(NamedTuple):
    """What is trained on.

    Attributes:
        xs, ys: All samples and labels; None where there are batches.
        batches: Gone through anew for each epoch; None where there are samples.
    """

    xs: Any
    ys: Any
    batches: Any


def as_data(data: Any, epochs: int, what: str = "fit: data") -> Data:
    """Samples and labels, or batches of them.

    Args:
        data: `(xs, ys)`; a split; or an iterable of batches, each of which is `(xs, ys)`.
        epochs: How often it is gone through.

    Raises:
        TypeError: it is none of these.
        ValueError: it is empty, or can be gone through only once, and there are more epochs.

    >>> as_data(([[1.0]], [2.0]), 1)
    Data(xs=[[1.0]], ys=[2.0], batches=None)
    """
    if isinstance(data, tuple) and hasattr(data, "train") and hasattr(data, "test"):
        data = getattr(data, "train")  # noqa: B009  (a tuple has none that mypy knows)
    if isinstance(data, tuple):
        if len(data) == 2 and hasattr(data[0], "__next__") and hasattr(data[1], "__len__"):
            data = (list(islice(data[0], len(data[1]) + 1)), data[1])  # it may have no end
        if len(data) != 2:
            raise TypeError(f"{what}: expected (xs, ys), or an iterable of batches, got a tuple of {len(data)}")
        return Data(data[0], unboxed(data[1]), None)
    pairs = isinstance(data, list) and any(hasattr(x, "__len__") and len(x) == 2 for x in data)
    if isinstance(data, list) and len(data) == 2 and not pairs:
        raise TypeError(f"{what}: a list is of batches, each (xs, ys): write samples and labels as a tuple, (xs, ys)")
    if isinstance(data, (dict, str, bytes)) or not hasattr(data, "__iter__"):
        raise TypeError(
            f"{what}: expected (xs, ys), or an iterable of batches, got {type(data).__name__} {brief(data)}"
        )
    if hasattr(data, "dtype") or hasattr(data, "columns"):
        raise TypeError(f"{what}: expected (xs, ys), got {type(data).__name__} alone: where are the labels?")
    if hasattr(data, "__next__") and epochs > 1:
        raise ValueError(f"{what}: an iterator can be gone through once, and there are {epochs} epochs: give a list")
    return Data(None, None, data)


def as_batch(batch: Any, k: int) -> tuple[Any, Any]:
    """A batch of an iterable.

    Raises:
        TypeError: it is no pair.
    """
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise TypeError(f"fit: data: batch {k} is {brief(batch)}; a batch is a pair of samples and labels")
    return batch[0], unboxed(batch[1])


def as_validation(validation: Any) -> tuple[Any, Any] | float | None:
    """Samples and labels to validate by, or the share of the data for it.

    Raises:
        TypeError: it is neither.
        ValueError: the share is not between 0 and 1.

    >>> as_validation(0.25), as_validation(None)
    (0.25, None)
    """
    if validation is None:
        return None
    if isinstance(validation, float):
        if not 0.0 < validation < 1.0:
            raise ValueError(f"fit: validation is {validation}; a share lies between 0 and 1")
        return validation
    if isinstance(validation, tuple) and len(validation) == 2:
        return validation[0], unboxed(validation[1])
    raise TypeError(f"fit: validation: expected (xs, ys), or a share of the data, got {brief(validation)}")


def as_loss(loss: Any, labels: Labels, score: Callable[[], Any]) -> Callable[..., Any]:
    """A loss: what was given, or its name; for None the usual one for such labels and scores.

    Args:
        loss: A function, a name or None.
        labels: What labels there are.
        score: Gives what the model says of one sample.

    Raises:
        TypeError, ValueError: there is no such loss.

    >>> as_loss(None, Labels.of([0.5, 1.25]), lambda: 0.0).__name__
    'mse'
    """
    if isinstance(loss, str):
        return loss_named(loss)
    if loss is None:
        if labels.kind == "lists":
            found = np.array(score(), dtype=object)
            return cross_entropy if found.ndim > 1 else mse
        if labels.kind != "classes":
            return mse
        found = score()
        if isinstance(found, list) and len(found) > 1:
            return cross_entropy
        if len(labels.classes) > 2:
            return mse
        return hinge if labels.classes == [-1, 1] else binary_cross_entropy_with_logits
    if not callable(loss):
        raise TypeError(f"fit: loss is {brief(loss)}; it is a function of scores and labels, such as nn.mse, or a name")
    return loss  # type: ignore[no-any-return]


def labels_for(labels: list[Any], loss: Any, score: Callable[[], Any]) -> Labels:
    """What labels there are, for a loss and as many scores as a model gives.

    Args:
        labels: As they were given.
        loss: A loss; None for one that is not known yet.
        score: Gives what the model says of one sample.

    >>> labels_for([1, 2], cross_entropy, lambda: [0.0, 0.0]).classes
    [1, 2]
    """
    found: Any = None
    if family_of(loss) == "index":
        with suppress(Exception):  # it is said elsewhere what a model cannot be called on
            found = score()
    outputs = len(found) if isinstance(found, list) and not any(isinstance(s, list) for s in found) else None
    return Labels.for_loss(labels, loss, outputs)


def loss_and_labels(loss: Any, labels: list[Any], score: Callable[[], Any]) -> tuple[Callable[..., Any], Labels]:
    """A loss, as for `as_loss`, and what labels there are for it.

    Raises:
        TypeError, ValueError: there is no such loss; the model gives too few scores.

    >>> loss_and_labels(None, [0.5, 1.25], lambda: 0.0)[0].__name__
    'mse'
    """
    named = as_loss(loss, Labels("other"), float) if loss is not None else None
    found = labels_for(labels, named, score)
    if named is None:
        named = as_loss(None, found, score)
        found = labels_for(labels, named, score)
    require_scores(found, named, score)
    return named, found


def require_function(model: Any, what: str) -> None:
    """Refuse a model that cannot be called.

    Raises:
        TypeError: it is a class, or no function.

    >>> require_function(abs, "fit")
    """
    if isinstance(model, type):
        raise TypeError(f"{what}: model: {model.__name__} is a class: give an object of it")
    if not callable(model):
        hint = ": derive it from nn.Module, or call its forward __call__" if hasattr(model, "forward") else ""
        raise TypeError(f"{what}: model: expected a function of a sample, got {type(model).__name__}{hint}")


def require_scores(labels: Labels, loss: Any, score: Callable[[], Any]) -> None:
    """Refuse a model of one score for several classes that have names.

    Raises:
        ValueError: it is one.

    >>> require_scores(Labels.of(["a", "b"]), mse, lambda: 0.0)
    """
    classes = labels.classes
    if labels.kind != "classes" or len(classes) < 3 or labels.family == "index" or not isinstance(classes[0], str):
        return
    found: Any = []
    with suppress(Exception):  # what a model refuses it says itself, at the first step
        found = score()
    if not isinstance(found, list) or len(found) == 1:
        name = getattr(loss, "__name__", "the loss")
        raise ValueError(
            f"fit: there are {len(classes)} classes, {', '.join(map(repr, classes[:5]))}, and the model gives one "
            f"score, which {name} would take for a number on a scale of them: give it an output for each"
        )


def as_metrics(metrics: Any, labels: Labels) -> dict[str, Metric]:
    """Metrics by name; for None accuracy where labels are classes, else none.

    Args:
        metrics: Names, or functions of true and predicted labels, in a list; or functions by name in a dict.
        labels: What labels there are.

    Raises:
        TypeError: one is neither a name nor a function.
        ValueError: a name is unknown, or the metric is of other labels.

    >>> list(as_metrics(["f1"], Labels.of([0, 1])))
    ['f1']
    """
    if metrics is None:
        metrics = ["accuracy"] if labels.kind == "classes" else []
    if isinstance(metrics, str) or callable(metrics):
        metrics = [metrics]
    if not isinstance(metrics, (list, tuple, dict)):
        raise TypeError(f"fit: metrics: expected names or functions in a list, or a dict of them, got {brief(metrics)}")
    if isinstance(metrics, dict) and not all(isinstance(name, str) for name in metrics):
        raise TypeError(
            f"fit: metrics: their names are text, got {brief(next(n for n in metrics if type(n) is not str))}"
        )
    pairs: Iterable[tuple[Any, Any]] = metrics.items() if isinstance(metrics, dict) else ((None, m) for m in metrics)
    found: dict[str, Metric] = {}
    for name, metric in pairs:
        if isinstance(metric, str):
            row = metric_named(metric)
        elif callable(metric):
            own = next((row for row in METRICS.values() if row.function is metric), None)
            row = own or Metric(
                getattr(metric, "__name__", "metric"), metric, getattr(metric, "takes", "labels"), "any"
            )
        else:
            raise TypeError(f"fit: metrics: expected a name or a function, got {type(metric).__name__} {brief(metric)}")
        if {row.kind, labels.kind} == {"classes", "numbers"}:
            have = "classes" if labels.kind == "classes" else "the numbers of a regression"
            raise ValueError(f"fit: metrics: {row.name} is for {row.kind}, and the labels are {have}")
        found[name or row.name] = row
    return found


def as_callbacks(callbacks: Any) -> list[Any]:
    """Callbacks in a list.

    Raises:
        TypeError: one is no function.

    >>> as_callbacks(None), len(as_callbacks(print))
    ([], 1)
    """
    if callbacks is None:
        return []
    found = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    for callback in found:
        if not callable(callback):
            raise TypeError(f"fit: callbacks: expected functions of a record, got {brief(callback)}")
    return found


def cuts(order: Sequence[int], size: int | None) -> Iterator[Sequence[int]]:
    """The order cut into batches; one, if the size is None.

    >>> list(cuts([3, 1, 2], 2))
    [[3, 1], [2]]
    """
    if size is None:
        yield order
        return
    for i in range(0, len(order), size):
        yield order[i : i + size]
