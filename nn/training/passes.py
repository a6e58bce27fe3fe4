"""A model's way forward over a batch and back, in two forms: as the model stands, and compiled."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Compiled, RecordingError, Value, compile, dot, no_grad, values_to_vector
from autograd.border.wording import brief
from nn.checks import number_of

__all__ = ["CompiledPasses", "Passes"]

MAX_PATHS = 64
"""A model that takes as many paths is run eagerly: to record every row anew would be slower."""

ATOL = RTOL = 1e-6
"""How near the compiled scores must be to the eager ones: far more than rounding, far less than a random draw."""


class Passes:
    """A model over its samples, as it stands.

    Args:
        model: Maps a sample to its score, or to a list of scores.
        samples: All there are.

    >>> passes = Passes(lambda x: x * x, [Value(2.0), Value(3.0)])
    >>> [score.data for score in passes.forward([1, 0])]
    [9.0, 4.0]
    """

    def __init__(self, model: Callable[[Any], Any], samples: Sequence[Any]) -> None:
        self.model, self.samples = model, samples

    def forward(self, batch: Sequence[int]) -> list[Any]:
        """The scores of some samples, by number."""
        return [self.model(self.samples[i]) for i in batch]

    def backward(self) -> None:
        """What a loss left on the scores of the last `forward` goes on to the parameters: here the sweep did it."""


class CompiledPasses(Passes):
    """The same, compiled: scores are leaves, on which a loss leaves its gradient; `backward` takes it from there.

    So the loss may be any at all, and is never recorded. The model is, and twice: what it gives, and the gradient of
    its scores, each times the slope of the loss. The first batch goes through it as it stands, to compare.

    Args:
        model, samples: As for Passes; the samples are numbers, or lists, tuples or arrays of numbers, of one shape.

    Raises:
        TypeError: the samples are not numbers.
        ValueError: they differ in shape.

    >>> w = Value(3.0)
    >>> passes = CompiledPasses(lambda x: w * x, [2.0, 5.0])
    >>> for _ in range(2):
    ...     w.grad = 0.0
    ...     (passes.forward([0, 1])[1] * 10.0).backward()
    ...     passes.backward()
    >>> w.grad
    50.0
    """

    def __init__(self, model: Callable[[Any], Any], samples: Sequence[Any]) -> None:
        super().__init__(model, samples)
        self._inputs = as_numbers(samples)
        self._kind: Any = None  # what scores come in, if they are several: a list or a tuple
        self._pending: tuple[Any, list[Value], Any] | None = None  # of the last forward pass: inputs, scores, shape
        self._compared = self._eagerly = False
        name = getattr(model, "__name__", type(model).__name__)

        def scores(x: Any) -> Any:
            found = model(like(samples[0], x))
            if not isinstance(found, (list, tuple)):
                return found
            self._kind = getattr(type(found), "_make", type(found))
            row = np.empty(len(found), dtype=object)
            row[:] = found
            return row

        def weighted(x: Any, slopes: Any) -> Any:
            found = scores(x)
            return dot(slopes.tolist(), found.tolist()) if isinstance(found, np.ndarray) else slopes * found

        scores.__name__ = weighted.__name__ = name
        self._scores: Compiled = compile(scores, in_axes=0, max_paths=MAX_PATHS)
        self._weighted: Compiled = compile(weighted, in_axes=0, reduce="sum", max_paths=MAX_PATHS)

    def forward(self, batch: Sequence[int]) -> list[Any]:
        """The scores of some samples: leaves, once the first batch has shown that they are those of the model.

        Raises:
            RecordingError: the model cannot be recorded.
            ValueError: the compiled scores of the first batch are not those of the model as it stands.
        """
        self._pending = None
        if self._eagerly:
            return super().forward(batch)
        eager = [] if self._compared else super().forward(batch)
        inputs = self._inputs if batch == range(len(self.samples)) else self._inputs[batch]
        try:
            found = self._scores(inputs)
        except Warning:  # one that was made an error
            raise
        except Exception as error:
            with no_grad():
                super().forward(batch)  # what the model refuses, it refuses as it stands too
            raise RecordingError(
                "train: compiled=True needs a model that can be recorded, one that computes on Values with autograd's "
                f"functions and reads no number out of them: {error}"
            ) from error
        if not self._compared:
            self._compare(eager, found)
            return eager
        self._eagerly = len(self._scores.tapes) >= MAX_PATHS
        if self._eagerly:
            return super().forward(batch)
        leaves = list(map(Value, found.ravel().tolist()))
        self._pending = inputs, leaves, found.shape
        if self._kind is None:
            return [*leaves]
        size = found.shape[1]
        return [self._kind(leaves[i : i + size]) for i in range(0, len(leaves), size)]

    def backward(self) -> None:
        """Add to the `grad` of the parameters what the loss left on the scores of the last `forward`."""
        if self._pending is None:
            return
        inputs, leaves, shape = self._pending
        slopes = values_to_vector(leaves, "grad").reshape(shape)
        used = slopes.any(axis=tuple(range(1, len(shape))))
        if not used.all():  # a sample that the loss does not depend on sends nothing back, not even 0 times infinity
            inputs, slopes = inputs[used], slopes[used]
        if len(slopes):
            self._weighted.backward(inputs, slopes)

    def _compare(self, eager: list[Any], found: Any) -> None:
        expected = np.array([
            [number_of(score) for score in row] if isinstance(row, (list, tuple)) else number_of(row) for row in eager
        ])  # fmt: skip
        if expected.shape != found.shape or not np.allclose(found, expected, RTOL, ATOL, equal_nan=True):
            raise ValueError(
                "train: compiled=True needs a model that gives the same each time, but its scores of the first batch "
                f"are {expected.ravel()[:3].tolist()}... as it stands and {found.ravel()[:3].tolist()}... compiled: "
                "does it draw random numbers, or change as it is called?"
            )
        self._compared = True


def as_numbers(samples: Sequence[Any]) -> Any:
    """All samples in one array of floats.

    Raises:
        TypeError: they are not numbers.
        ValueError: they differ in shape.

    >>> as_numbers([(1, 2), (3, 4)]).shape
    (2, 2)
    """
    what = "train: compiled=True needs samples that are numbers, or lists, tuples or arrays of numbers"
    try:
        array = np.array(samples)
    except ValueError as error:
        raise ValueError(f"{what}, all of one shape: {error}") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what}; got {brief(samples[0])}")
    return array.astype(float)


def like(sample: Any, x: Any) -> Any:
    """A row of an array in the lists and tuples that a sample comes in.

    >>> like([(1.0, 2.0), (3.0, 4.0)], np.array([[5.0, 6.0], [7.0, 8.0]]).astype(object))
    [(5.0, 6.0), (7.0, 8.0)]
    """
    if not isinstance(sample, (list, tuple)):
        return x
    parts = [like(part, row) for part, row in zip(sample, x, strict=True)]
    return parts if isinstance(sample, list) else getattr(type(sample), "_make", tuple)(parts)
