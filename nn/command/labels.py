"""What labels ask of a network: how many outputs, which loss; and how they are given to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd.border.wording import brief
from nn.command.choices import ENDS
from nn.command.parsing import refusing
from nn.demo.report import RefusedError
from nn.prediction.labels import Labels

__all__ = ["Task", "numbers_only", "task_of"]

OF_TWO = ("sign", "logit", "probability")
OF_CLASSES = ("index", *OF_TWO)
"""What a score is for losses that are of classes; see `ENDS`."""


@dataclass
class Task:
    """What is to be learnt.

    Attributes:
        labels: What labels there are.
        loss: The name of the loss.
        outputs: How many numbers the network gives.
        end: The activation of its last layer.
    """

    labels: Labels
    loss: str
    outputs: int
    end: str


def task_of(ys: Sequence[Any], loss: str | None = None, regression: bool = False) -> Task:
    """What some labels ask for.

    Args:
        ys: All labels.
        loss: The name of a loss, a key of `ENDS`; None takes the usual one.
        regression: Whether they are numbers, although there are few of them.

    Raises:
        RefusedError: all labels are the same, or the loss is for others.

    >>> task_of(["a", "b", "c"])
    Task(labels=<Labels: 3 classes, 'a', 'b', 'c'>, loss='cross_entropy', outputs=3, end='linear')
    >>> task_of([0.5, 1.25, 3.0]).loss, task_of([0, 1]).loss
    ('mse', 'binary_cross_entropy_with_logits')
    """
    if len({*ys}) == 1:
        raise RefusedError(f"all {len(ys)} labels are {brief(ys[0])}: there is nothing to learn")
    with refusing():
        found = Labels.of(ys)
    family, end = ENDS[loss] if loss else ("", "linear")
    many = family == "index" and all(isinstance(y, int) for y in ys)  # more classes than whole numbers are taken for
    if regression or (found.kind != "classes" and not many):
        if family in OF_CLASSES:
            raise RefusedError(f"--loss: {loss} is for classes, and labels are numbers, such as {brief(ys[0])}")
        numbers_only(ys)
        return Task(Labels("numbers", (), "number"), loss or "mse", 1, end)
    classes = found.classes or sorted({*ys})
    n = len(classes)
    if not loss:
        loss = "cross_entropy" if n > 2 else "hinge" if classes == [-1, 1] else "binary_cross_entropy_with_logits"
        family, end = ENDS[loss]
    if n > 2 and (family in OF_TWO or (family == "number" and isinstance(classes[0], str))):
        what = "tells two classes apart" if family in OF_TWO else "is for numbers"
        raise RefusedError(f"--loss: {loss} {what}, and there are {n} classes: take cross_entropy")
    return Task(Labels("classes", classes, family), loss, n if family == "index" else 1, end)


def numbers_only(ys: Sequence[Any]) -> list[float]:
    """Labels as floats.

    Raises:
        RefusedError: one is no number.

    >>> numbers_only([1, 2])
    [1.0, 2.0]
    """
    for y in ys:
        if isinstance(y, (str, bool)):
            raise RefusedError(f"the labels are to be numbers, and there is {brief(y)}")
    return [float(y) for y in ys]
