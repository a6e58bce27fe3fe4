"""Numbers of samples brought to one scale, and back."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt

from autograd.border.wording import brief
from nn.checks import as_list
from nn.data.transforms import Transform

__all__ = ["MinMax", "Standardiser"]


class Affine(Transform):
    """Each feature less an offset, divided by a scale: what the scalings of this file share.

    Samples are rows of numbers; plain numbers are samples of one feature, and stay plain. A feature that was constant
    where it was learnt has scale 1, so that it can be undone.

    Attributes:
        offsets: What is taken off each feature, once it is fitted.
        scales: What each feature is divided by then; in the unit of the feature.
    """

    state = ("offsets", "scales")

    def __init__(self) -> None:
        self.offsets: list[float] | None = None
        self.scales: list[float] | None = None

    def learn(self, rows: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The offset and the scale of each column."""
        raise NotImplementedError

    def fit(self, samples: Any) -> Self:
        """The transform itself, after it has learnt offsets and scales from these samples.

        Raises:
            TypeError: a sample holds something else than numbers.
            ValueError: there are no samples, they differ in length, or a number is nan, infinite, or too large to be
                reckoned with.
        """
        rows, _ = as_rows(samples, f"{type(self).__name__}.fit")
        with np.errstate(all="ignore"):
            offsets, scales = self.learn(rows)
        constant = rows.min(axis=0) == rows.max(axis=0)
        offsets, scales = np.where(constant, rows[0], offsets), np.where(constant | (scales == 0.0), 1.0, scales)
        if not (np.isfinite(offsets).all() and np.isfinite(scales).all()):
            column = int(np.argmin(np.isfinite(offsets) & np.isfinite(scales)))
            raise ValueError(f"{type(self).__name__}.fit: feature {column} has numbers too large to be reckoned with")
        self.offsets, self.scales = offsets.tolist(), scales.tolist()
        return self

    def transform(self, samples: Any) -> list[Any]:
        """The samples, each feature less its offset and divided by its scale.

        Raises:
            TypeError: a sample holds something else than numbers.
            ValueError: nothing was learnt yet, or samples have more or fewer features than those learnt from.
        """
        rows, flat = self._rows(samples, "transform")
        changed = (rows - np.array(self.offsets)) / np.array(self.scales)
        return list((changed[:, 0] if flat else changed).tolist())

    def inverse(self, samples: Any) -> list[Any]:
        """What the samples were before, to rounding.

        Raises:
            TypeError: a sample holds something else than numbers.
            ValueError: as for transform.
        """
        rows, flat = self._rows(samples, "inverse")
        changed = rows * np.array(self.scales) + np.array(self.offsets)
        return list((changed[:, 0] if flat else changed).tolist())

    def set_state(self, **state: Any) -> None:
        """Take over what `to_dict` gave."""
        offsets, scales = (_numbers(state[name], name) for name in self.state)
        if len(offsets) != len(scales) or not offsets or 0.0 in scales:
            raise ValueError(f"{len(offsets)} offsets and {len(scales)} scales: expected as many, none of them 0")
        self.offsets, self.scales = offsets, scales

    def _rows(self, samples: Any, what: str) -> tuple[npt.NDArray[np.float64], bool]:
        """Samples as rows, with as many features as were learnt from."""
        self.require_fitted(what)
        features = len(self.offsets or ())
        if not len(listed := as_list(samples, f"{type(self).__name__}.{what}: samples")):
            return np.empty((0, features)), False
        rows, flat = as_rows(listed, f"{type(self).__name__}.{what}")
        if rows.shape[1] != features:
            raise ValueError(
                f"{type(self).__name__}.{what}: it was fitted to samples of {features} numbers, got {rows.shape[1]}"
            )
        return rows, flat

    def __repr__(self) -> str:
        if self.offsets is None or self.scales is None:
            return f"{type(self).__name__}()"
        n = len(self.offsets)
        return f"{type(self).__name__} of {n} feature{'s' * (n > 1)}"


class Standardiser(Affine):
    """Each feature with mean 0 and standard deviation 1, as it was in the samples learnt from.

    z = (x - mean) / deviation, the deviation over n (not n - 1); a constant feature becomes 0. Dimensionless.

    >>> scaler = Standardiser().fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scaler.transform([[1.0, 5.0], [4.0, 6.0]])
    [[-1.0, 0.0], [2.0, 1.0]]
    >>> scaler.inverse([[2.0, 1.0]])
    [[4.0, 6.0]]
    >>> Standardiser().fit([10.0, 30.0]).transform([20.0, 30.0])
    [0.0, 1.0]
    """

    def learn(self, rows: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation of each column."""
        shifted = rows - rows[0]  # a large offset, the same in all rows, would drown the spread while it is added up
        return rows[0] + shifted.mean(axis=0), shifted.std(axis=0)


class MinMax(Affine):
    """Each feature from 0 to 1, as far as it went in the samples learnt from.

    z = (x - least) / (greatest - least); a constant feature becomes 0. Others may go beyond 0 and 1. Dimensionless.

    >>> scaler = MinMax().fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scaler.transform([[2.0, 5.0], [4.0, 5.0]])
    [[0.5, 0.0], [1.5, 0.0]]
    >>> scaler.inverse([[0.5, 0.0]])
    [[2.0, 5.0]]
    """

    def learn(self, rows: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Least number and range of each column."""
        least = rows.min(axis=0)
        return least, rows.max(axis=0) - least


def as_rows(samples: Any, what: str) -> tuple[npt.NDArray[np.float64], bool]:
    """Samples as rows of finite numbers, and whether they were plain numbers.

    Raises:
        TypeError: a sample holds something else than numbers.
        ValueError: there are no samples, they differ in length, or a number is nan or infinite.
    """
    listed = as_list(samples, f"{what}: samples")
    if not listed:
        raise ValueError(f"{what}: no samples")
    if not (flat := not hasattr(listed[0], "__len__")):
        _require_alike(listed, what)
    try:
        rows = np.array([[x] for x in listed] if flat else [as_list(row, what) for row in listed])
        if rows.dtype.kind not in "fiub":
            raise TypeError
        rows = rows.astype(np.float64)
    except (TypeError, ValueError):
        raise _first_wrong(listed, what) from None
    if not rows.shape[1]:
        raise ValueError(f"{what}: samples hold no numbers")
    if not np.isfinite(rows).all():
        i, j = np.argwhere(~np.isfinite(rows))[0].tolist()
        place = f"sample {i}" if flat else f"sample {i}, feature {j}"
        raise ValueError(f"{what}: {place} is {rows[i, j]}: fill in or leave out what is missing")
    return rows, flat


def _require_alike(rows: list[Any], what: str) -> None:
    """Pass if all samples have one length."""
    for i, row in enumerate(rows):
        if not hasattr(row, "__len__"):
            raise TypeError(
                f"{what}: sample {i} is {type(row).__name__} {brief(row)}, the first has {len(rows[0])} numbers"
            )
        if len(row) != len(rows[0]):
            raise ValueError(f"{what}: sample {i} has {len(row)} numbers, the first has {len(rows[0])}")


def _first_wrong(rows: list[Any], what: str) -> Exception:
    """The error about the first thing in samples that is no number."""
    for i, row in enumerate(rows):
        for j, x in enumerate(row if hasattr(row, "__len__") and not isinstance(row, str) else [row]):
            if isinstance(x, (str, bytes)) or not hasattr(type(x), "__float__"):
                remedy = ": OneHot makes numbers of categories" if isinstance(x, str) else ""
                return TypeError(f"{what}: sample {i}, feature {j} is {type(x).__name__} {brief(x)}, no number{remedy}")
    return TypeError(f"{what}: samples are no rows of numbers: {brief(rows)}")


def _numbers(xs: Any, what: str) -> list[float]:
    """A list of finite numbers that came out of a file."""
    if not isinstance(xs, list) or not all(type(x) in (int, float) for x in xs) or not np.isfinite(xs).all():
        raise ValueError(f"{what} is {brief(xs)}: expected a list of finite numbers")
    return [float(x) for x in xs]
