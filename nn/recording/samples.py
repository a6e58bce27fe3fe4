"""Samples and labels as training takes them: one by one as they are, and in arrays of numbers, shape by shape."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import Value
from autograd.border.wording import brief
from nn.checks import as_list

__all__ = ["Samples", "like", "listed"]


class Samples:
    """Things to be taken by their numbers, one by one or many at once.

    Args:
        xs: A list, an array, a DataFrame, whose rows are the things.
        what: What they are called, in messages.

    Attributes:
        numeric: Whether each is a number, or a list, tuple or array of numbers, of one shape or of several.
        why: If not, what is in the way.

    >>> samples = Samples([[1, 2, 3], [4, 5], [6, 7]], "samples")
    >>> len(samples), samples.numeric, samples[1]
    (3, True, [4, 5])
    >>> samples.shape_of(0), samples.array([1, 2])
    ((3,), array([[4., 5.],
           [6., 7.]]))
    """

    def __init__(self, xs: Any, what: str) -> None:
        self.what, self.why = what, ""
        self._items: list[Any] | None = None
        self._whole: Any = None  # all in one array
        self._rows: list[Any] = []  # each in an array
        array = xs.to_numpy() if hasattr(xs, "to_numpy") and not isinstance(xs, np.ndarray) else xs
        if isinstance(array, np.ndarray) and array.dtype.kind in "biuf" and array.ndim:
            self._given: Any = array
            self._whole = np.ascontiguousarray(array, dtype=float)
        else:
            self._items = as_list(array, what)
            self._given = self._items
            self._pack()

    def _pack(self) -> None:
        """Put the items into arrays, if they are numbers."""
        items: Any = self._items
        try:
            array = np.array(items)
        except ValueError:
            array = None
        if array is not None and array.dtype.kind in "biuf":
            self._whole = array.astype(float)
            return
        if (array is not None and array.dtype.kind not in "OU") or not items:
            self.why = f"{self.what} are not numbers: {brief(items[0]) if items else 'there are none'}"
            return
        for i, item in enumerate(items):
            try:
                row = np.array(item)
            except ValueError:
                row = None
            if row is None or row.dtype.kind not in "biuf":
                self.why = f"{self.what}: {i} is {brief(item)}, no number and no list of numbers of one shape"
                self._rows = []
                return
            self._rows.append(row.astype(float))

    def __len__(self) -> int:
        return len(self._given)

    @property
    def numeric(self) -> bool:
        """Whether all are numbers, or lists, tuples or arrays of numbers."""
        return not self.why

    def __getitem__(self, i: int) -> Any:
        if self._items is not None:
            return self._items[i]
        return self._given[i].tolist()

    def some(self, places: Sequence[int]) -> list[Any]:
        """Several, as they are.

        >>> Samples(np.eye(2), "samples").some([1])
        [[0.0, 1.0]]
        """
        if self._items is not None:
            return [self._items[i] for i in places]
        found: list[Any] = self._given[np.asarray(places, dtype=int)].tolist()
        return found

    def shape_of(self, i: int) -> tuple[int, ...]:
        """The shape of one: () for a number."""
        return self._whole.shape[1:] if self._whole is not None else self._rows[i].shape  # type: ignore[no-any-return]

    @property
    def uniform(self) -> bool:
        """Whether all are of one shape."""
        return self._whole is not None

    def array(self, places: Sequence[int]) -> Any:
        """Several of one shape, in an array of doubles."""
        if self._whole is None:
            return np.stack([self._rows[i] for i in places])
        if isinstance(places, range) and len(places) == len(self._whole):
            return self._whole
        return self._whole[places]

    def first_not_finite(self) -> tuple[int, tuple[int, ...]] | None:
        """The first that holds a nan or infinity, and where in it; None if none does.

        >>> Samples([[1.0, 2.0], [3.0, float("nan")]], "samples").first_not_finite()
        (1, (1,))
        """
        if self.why:
            return None
        for i, row in enumerate([self._whole] if self._whole is not None else self._rows):
            finite = np.isfinite(row)
            if not finite.all():
                place = tuple(np.argwhere(~finite)[0].tolist())
                return (place[0], place[1:]) if self._whole is not None else (i, place)
        return None


def like(sample: Any, x: Any) -> Any:
    """Numbers, in an array or alone, in the lists and tuples that a sample comes in.

    >>> like([(1.0, 2.0), (3.0, 4.0)], np.array([[5.0, 6.0], [7.0, 8.0]]).astype(object))
    [(5.0, 6.0), (7.0, 8.0)]
    """
    if not isinstance(sample, (list, tuple)):
        return x
    parts = [like(part, row) for part, row in zip(sample, x, strict=True)]
    return parts if isinstance(sample, list) else getattr(type(sample), "_make", tuple)(parts)


def listed(output: Any) -> Any:
    """What a model gave, a number, or nested lists of numbers: arrays and tuples become lists.

    >>> listed(np.array([1.0, 2.0])), listed((1.0, [2.0]))
    ([1.0, 2.0], [1.0, [2.0]])
    """
    if isinstance(output, (Value, float, int)):
        return output
    if isinstance(output, (list, tuple)):
        return [listed(part) for part in output]
    return output.tolist() if hasattr(output, "tolist") else output
