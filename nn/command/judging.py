"""How good a trained model is: its loss and metrics over some samples, and which class it took for which."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.checks import as_label
from nn.command.keeping import Trained
from nn.command.parsing import refusing
from nn.demo.report import RefusedError, table
from nn.losses.naming import named as loss_named
from nn.metrics.decisions import confusion
from nn.metrics.naming import named as metric_named

__all__ = ["confusion_table", "judged", "metric_called", "of_units", "require_metrics", "usual_metrics", "worded"]

MOST_CLASSES = 20
"""So many are shown which was taken for which."""

SHARES = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "top_k_accuracy")
"""Metrics that are shares, before what is added to their names."""


def metric_called(text: str) -> str:
    """The name of a metric that is one number.

    Raises:
        ValueError: there is none of this name.

    >>> metric_called("F1-score")
    'f1'
    """
    row = metric_named(text.strip())
    if not row.better:
        raise ValueError(f"{row.name} is no number: `python -m nn evaluate` shows it")
    return row.name


def usual_metrics(kind: str) -> list[str]:
    """What is told of a model where nothing else was asked for.

    >>> usual_metrics("classes"), usual_metrics("numbers")
    (['accuracy'], ['r2', 'mae'])
    """
    return ["accuracy"] if kind == "classes" else ["r2", "mae"]


def require_metrics(names: Sequence[str], kind: str) -> None:
    """Pass if metrics are of such labels, "classes" or "numbers".

    Raises:
        RefusedError: one is not.

    >>> require_metrics(["f1"], "classes")
    """
    for name in names:
        row = metric_named(name)
        if row.kind not in (kind, "any"):
            raise RefusedError(f"--metrics: {row.name} is for {row.kind}, and the labels are {kind}")


def judged(trained: Trained, xs: list[Any], ys: list[Any], metrics: Sequence[str]) -> dict[str, float]:
    """The loss over some samples, and metrics, by name. Targets are in their own unit, but in the loss.

    Raises:
        RefusedError: a label is unknown to the model, or a metric is of other labels.
    """
    require_metrics(metrics, trained.labels.kind)
    with refusing():
        scores = trained.scores(xs)
        loss = loss_named(trained.notes["loss"])
        found = {"loss": float(loss(scores.tolist(), trained.encoded(ys)))}
        decided = trained.decided(scores)
        for name in metrics:
            row = metric_named(name)
            predicted: Any = decided
            if row.kind == "classes" and row.takes == "scores":
                predicted = scores[:, 0] if scores.ndim == 2 and scores.shape[1] == 1 else scores
            elif row.takes == "probabilities":
                predicted = trained.labels.probabilities(scores)
            found[row.name] = float(row.function(ys, predicted))
    return found


def of_units(name: str, target: Any) -> Any:
    """A metric of scaled targets, as if they were in their own unit; as `fit` takes it.

    Args:
        name: Of a metric.
        target: What scaled them, or None.

    >>> from nn.data.scaling import Standardiser
    >>> of_units("mae", Standardiser().fit([10.0, 30.0]))([0.0], [1.0])
    10.0
    """
    row = metric_named(name)

    def metric(true: Any, predicted: Any) -> float:
        pair = (np.asarray(true, dtype=float), np.asarray(predicted, dtype=float))
        if target is not None:
            pair = tuple(np.array(target.inverse(part.tolist())) for part in pair)  # type: ignore[assignment]
        return float(row.function(*(part.tolist() for part in pair)))

    return metric


def worded(name: str, number: float) -> str:
    """A number of a table.

    >>> worded("accuracy", 0.975), worded("loss", 0.01234)
    ('97.5%', '0.01234')
    """
    return f"{number:.1%}" if name.startswith(SHARES) else f"{number:.4g}"


def confusion_table(true: list[Any], decided: list[Any], classes: Sequence[Any]) -> str:
    """How often each class, a line each, was taken for each class, a column each; "" of very many classes.

    >>> print(confusion_table(["a", "b"], ["b", "b"], ["a", "b"]))
    true, taken for  a  b
    a                .  1
    b                .  1
    """
    shown = [c for c in classes if c in {*true, *decided}]
    if len(shown) > MOST_CLASSES:
        return ""
    counts = np.asarray(confusion(true, decided, shown)).astype(int).tolist()
    names = [as_label(c, 16) for c in shown]
    rows = [[name, *(str(n) if n else "." for n in row)] for name, row in zip(names, counts, strict=True)]
    return table([["true, taken for", *names], *rows])
