"""Some samples of a batch, copied, so that a measure can be taken of them later."""

from contextlib import suppress
from copy import deepcopy
from typing import Any

import numpy as np

from nn.checks import as_list, require_as_many
from nn.diagnosis.measures import is_pair

__all__ = ["Kept", "kept_of"]

SCALARS = (bool, int, float, str)


class Kept:
    """Samples of a batch, and their labels.

    Args:
        samples: As the model takes them.
        labels: As many; None where there are none.
        total: How many samples the batch had.

    >>> Kept([[1.0, 2.0]], [1], 1) == Kept([[1.0, 2.0]], [1], 1)
    True
    """

    def __init__(self, samples: list[Any], labels: list[Any] | None, total: int) -> None:
        self.samples, self.labels, self.total = samples, labels, total

    def __eq__(self, other: object) -> bool:
        with suppress(Exception):  # arrays have their own idea of being equal
            return isinstance(other, Kept) and bool(self.samples == other.samples and self.labels == other.labels)
        return False

    __hash__ = None  # type: ignore[assignment]

    def points(self) -> list[list[float]] | None:
        """The samples as points of the plane; None if they are something else.

        >>> Kept([(1, 2.0)], None, 1).points(), Kept([[1.0]], None, 1).points()
        ([[1.0, 2.0]], None)
        """
        try:
            found = np.array(self.samples, dtype=float)
        except (TypeError, ValueError):
            return None
        return found.tolist() if found.ndim == 2 and found.shape[1] == 2 and np.isfinite(found).all() else None


def kept_of(batch: Any, most: int) -> Kept:
    """Samples of a batch, evenly out of all of them, if there are more than so many.

    Args:
        batch: A pair (samples, labels); or samples alone, in a list.
        most: How many are kept.

    Raises:
        TypeError: it is neither.
        ValueError: there are no samples, or another number of labels.

    >>> kept = kept_of(([[1.0], [2.0], [3.0]], [0, 1, 0]), 2)
    >>> kept.samples, kept.labels, kept.total
    ([[1.0], [3.0]], [0, 0], 3)
    """
    pair = is_pair(batch, None) or (isinstance(batch, tuple) and len(batch) == 2)
    xs, ys = batch if pair else (batch, None)
    xs, ys = (
        things if sliceable(things) else as_list(things, "Recorder: batch") for things in (xs, [] if ys is None else ys)
    )
    if pair and len(ys):
        require_as_many(xs, ys, "Recorder: batch", ("samples", "labels"))
    n = len(xs)
    if not n:
        raise ValueError("Recorder: batch: there are no samples in it")
    places = range(n) if n <= most else np.linspace(0, n - 1, most).round().astype(int).tolist()
    return Kept(some(xs, places), some(ys, places) if len(ys) else None, n)


def sliceable(things: Any) -> bool:
    """Whether rows of it can be had without a list of all: an array."""
    return isinstance(things, np.ndarray) and things.ndim > 0


def some(things: Any, places: Any) -> list[Any]:
    """Copies of some of many."""
    if sliceable(things):
        found: list[Any] = things[list(places)].tolist()
        return found
    return [copied(things[i]) for i in places]


def copied(x: Any) -> Any:
    """A copy of what may change; of a list of numbers the quick way.

    >>> copied((1.0, 2.0)), copied([1.0])
    ((1.0, 2.0), [1.0])
    """
    if isinstance(x, SCALARS) or (isinstance(x, tuple) and all(isinstance(y, SCALARS) for y in x)):
        return x
    if isinstance(x, np.ndarray) or (type(x) is list and (not x or isinstance(x[0], SCALARS))):
        return x.copy()
    with suppress(Exception):
        return deepcopy(x)
    return x
