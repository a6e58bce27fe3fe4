"""A task: a model, its loss, samples and labels; and what the eager engine makes of some of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Value, vector_to_values
from nn.checks import number_of
from nn.modules.module import Module
from nn.recording.feeding import Wanted, rehearsed
from nn.recording.programs import cut
from nn.recording.samples import Samples, listed

__all__ = ["Task", "Unfit", "as_array", "flattened", "relinked", "takes_batches"]


class Unfit(Exception):
    """A way that cannot be taken, and why."""


def takes_batches(model: Any) -> bool:
    """Whether a model is to be called on all samples of a batch at once: one with a batch norm in it is.

    A class of one's own says so by `whole_batch = True`.

    >>> from nn import MLP
    >>> takes_batches(MLP(2, [1]))
    False
    """
    parts = model.modules() if isinstance(model, Module) else [model]
    return any(getattr(part, "whole_batch", False) for part in parts)


class Task:
    """What is to be computed, for samples by number.

    Args:
        model: Maps a sample to its score.
        loss: Maps scores and labels of a batch to a Value.
        samples, labels: All there are; the labels as the loss takes them.
        parameters: By which the gradient is wanted.
        source: Where masks for dropout come from.

    Attributes:
        whole: Whether the model is called on batches.

    >>> task = Task(lambda x: 2.0 * x, None, Samples([1.0, 2.0], "samples"), None, [], None)
    >>> task.outputs([1.0, 2.0])
    [2.0, 4.0]
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        loss: Any,
        samples: Samples,
        labels: Any,
        parameters: Sequence[Value],
        source: Any,
    ) -> None:
        self.model, self.loss, self.samples, self.labels = model, loss, samples, labels
        self.parameters, self.source, self.whole = list(parameters), source, takes_batches(model)
        self.numbers = {id(p): k for k, p in enumerate(self.parameters)}
        self._held: Any = None  # the numbers that the Values have

    def hold(self, theta: Any) -> None:
        """Have the Values hold these numbers."""
        if theta is not self._held:
            vector_to_values(theta, self.parameters)
            self._held = theta

    def forget(self) -> None:
        """The Values may have been changed by others."""
        self._held = None

    def outputs(self, samples: list[Any]) -> list[Any]:
        """What the model gives for some samples."""
        if not self.whole:
            return [listed(self.model(x)) for x in samples]
        found: list[Any] = listed(self.model(samples))
        return found

    def objective(self, batch: Sequence[int]) -> tuple[Any, list[Any]]:
        """The loss as the eager engine makes it, and the scores.

        Raises:
            TypeError: the loss gives no Value.
        """
        outputs = self.outputs(self.samples.some(batch))
        return self.loss_of(outputs, batch), outputs

    def loss_of(self, outputs: list[Any], batch: Sequence[int]) -> Any:
        """The loss of some scores.

        Raises:
            TypeError: it is no Value.
        """
        objective = self.loss(outputs, self.labels.some(batch))
        if not isinstance(objective, Value):
            raise TypeError(f"fit: loss(scores, labels) gave a {type(objective).__name__}; expected a Value")
        return objective

    def wanted(self, batch: Sequence[int]) -> Wanted:
        """What the model asks for while it computes on some samples."""
        samples = self.samples.some(batch)
        flat = np.concatenate([np.ravel(np.asarray(s, dtype=float)) for s in samples])

        def run(inputs: list[Value]) -> Any:
            array = np.empty(len(inputs), dtype=object)
            array[:] = inputs
            return self.outputs(cut(array, samples))

        return rehearsed(run, len(flat), flat, self.source, self.numbers)


def flattened(outputs: Any) -> list[Any]:
    """The numbers in nested lists.

    >>> flattened([1.0, [2.0, [3.0]]])
    [1.0, 2.0, 3.0]
    """
    if not isinstance(outputs, list):
        return [outputs]
    return [x for part in outputs for x in flattened(part)]


def relinked(outputs: Any) -> Any:
    """Nested lists of Values as leaves of the same numbers.

    >>> relinked([Value(2.0) * 3.0])[0].operands
    ()
    """
    if isinstance(outputs, list):
        return [relinked(part) for part in outputs]
    return Value(outputs.data) if isinstance(outputs, Value) else outputs


def as_array(outputs: list[Any]) -> Any:
    """The numbers of what a model gave for some samples: an array, or a list of them where they differ in shape.

    >>> as_array([Value(1.0), 2.0])
    array([1., 2.])
    """
    rows = [np.array([number_of(x) for x in flattened(output)]).reshape(shape_of(output)) for output in outputs]
    return np.array(rows) if len({row.shape for row in rows}) == 1 else rows


def shape_of(output: Any) -> tuple[int, ...]:
    """The shape of nested lists."""
    return (len(output), *shape_of(output[0])) if isinstance(output, list) and output else ()
