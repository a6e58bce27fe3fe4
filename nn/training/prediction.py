"""A trained model is asked: what it decides, and how often it is right. No graph is made."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import no_grad
from nn.checks import as_list, number_of, require_as_many

__all__ = ["count_right", "decide", "evaluate", "predict"]


def decide(score: Any) -> int:
    """What a model's output says: the index of the largest of several scores, else the sign of the one score.

    A tie goes to the first class; a score of 0 to -1.

    >>> from autograd import Value
    >>> decide([0.1, 2.0, -1.0]), decide(Value(-0.3))
    (1, -1)
    """
    if isinstance(score, (list, tuple)):
        return score.index(max(score))
    if getattr(score, "shape", ()):
        return decide(score.tolist())
    return 1 if score > 0.0 else -1


def predict(model: Callable[[Any], Any], xs: Iterable[Any]) -> list[int]:
    """What the model decides for each sample. Makes no graph.

    >>> predict(lambda x: x[0] - x[1], [[1.0, 2.0], [3.0, 1.0]])
    [-1, 1]
    """
    with no_grad():
        return [decide(model(x)) for x in xs]


def count_right(scores: Iterable[Any], labels: Iterable[int]) -> int:
    """How many scores say what their labels say.

    >>> count_right([0.3, -0.2], [1, 1])
    1
    """
    return sum([decide(score) == label for score, label in zip(scores, labels, strict=True)])


def evaluate(
    model: Callable[[Any], Any], xs: Sequence[Any], ys: Sequence[Any], loss: Callable[[list[Any], list[Any]], Any]
) -> tuple[float, float]:
    """The loss over these samples, and the share that is decided rightly. Makes no graph, changes nothing.

    Raises:
        ValueError: the lengths differ, or there are no samples.

    >>> from nn import hinge
    >>> evaluate(lambda x: x[0], [[2.0], [0.5]], [1, -1], hinge)
    (0.75, 0.5)
    """
    samples, labels = as_list(xs, "evaluate: xs"), as_list(ys, "evaluate: ys")
    require_as_many(samples, labels, "evaluate", ("samples", "labels"))
    with no_grad():
        scores = [model(x) for x in samples]
        found = loss(scores, labels)
    return number_of(found), count_right(scores, labels) / len(samples)
