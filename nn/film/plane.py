"""The decision of a model of two inputs all over the plane, in a byte for each point of a grid."""

from base64 import b85encode
from typing import Any, NamedTuple

import numpy as np

from nn.film.samples import Kept
from nn.plots.points import as_classes, as_points
from nn.prediction.labels import Labels
from nn.prediction.plane import margins_of, reading_of, scores_at

__all__ = ["SIDE", "Ground", "ground_of", "margins_on", "packed", "reach_of", "shades"]

SIDE = 40
"""Points of the grid along each side: 1,600 bytes, and 2,000 letters."""

MOST_POINTS = 200
MOST_CLASSES = 15

LETTERS = bytes.maketrans(b"<>&`", b".,:/")
"""Base 85 has letters that mean something in HTML; these do not."""


class Ground(NamedTuple):
    """The part of the plane that is drawn, and the points in it.

    Attributes:
        low, high: Its corners.
        points: Samples of some frames, each once.
        labels: Theirs.
    """

    low: list[float]
    high: list[float]
    points: list[list[float]]
    labels: list[Any]

    def grid(self) -> list[list[float]]:
        """Its points, row by row from the top."""
        xs, ys = (np.linspace(a, b, SIDE).tolist() for a, b in zip(self.low, self.high, strict=True))
        return [[x, y] for y in reversed(ys) for x in xs]


def ground_of(many: list[Kept]) -> Ground:
    """The plane around samples.

    Raises:
        TypeError: a label is neither text nor a number.
        ValueError: they are no points of the plane, or labels are no classes; it says which.

    >>> ground_of([Kept([[0.0, 0.0], [1.0, 2.0]], [0, 1], 2)]).high
    [1.15, 2.3]
    """
    found: dict[Any, Any] = {}
    for kept in many:
        points = kept.points()
        if points is None:
            shape: Any = np.shape(kept.samples[0]) if is_regular(kept.samples[0]) else ()
            what = f"{shape[0]} numbers" if len(shape) == 1 else "another shape"
            raise ValueError(
                f"samples have {what}: a boundary is drawn of the plane, for samples of two finite numbers"
            )
        if kept.labels is None:
            raise ValueError("the batch has no labels, so there is nothing to decide")
        for point, label in zip(points, kept.labels, strict=True):
            if len(found) < MOST_POINTS:
                found[tuple(point)] = label
    places, labels = as_points([list(p) for p in found], list(found.values()), "boundary")
    array = np.array(places)
    low, high = array.min(axis=0), array.max(axis=0)
    margin = np.where(high > low, 0.15 * (high - low), 0.5)
    return Ground((low - margin).tolist(), (high + margin).tolist(), places, as_classes(labels, "boundary"))


def margins_on(model: Any, ground: Ground) -> tuple[list[Any], Labels]:
    """For each class by how much the model decides for it, at each point of the grid; and what the classes are.

    Raises:
        TypeError, ValueError: the model has no boundary, and why.
    """
    scores = scores_at(model, ground.grid(), "boundary")
    known = reading_of(model, ground.labels, 1 if scores.ndim == 1 else scores.shape[1], "boundary")
    if len(known.classes) > MOST_CLASSES:
        raise ValueError(f"there are {len(known.classes)} classes; of up to {MOST_CLASSES} a boundary is drawn")
    return margins_of(scores, known, known.cuts(scores) if scores.ndim == 1 else []), known


def reach_of(many: list[list[Any]]) -> float:
    """The margin that has the strongest shade: the largest of all, but no more than 3.

    >>> reach_of([[np.array([0.5, -0.5])]]), reach_of([])
    (0.5, 3.0)
    """
    sizes = [np.abs(m[np.isfinite(m)]).max(initial=0.0) for margins in many for m in margins]
    return max(1e-12, min(3.0, float(max(sizes, default=3.0))))


def shades(margins: list[Any], reach: float) -> bytes:
    """A byte for each point: 0 for what is of no class; 16 times the class, from 1 on, and how sure, from 0 to 15.

    Args:
        margins: For each class, by how much it is decided for.
        reach: A margin from which on it is as sure as can be.

    >>> shades([np.array([3.0, 0.0, -1.0]), np.array([-3.0, 0.0, 1.0])], 3.0).hex()
    '1f1025'
    """
    with np.errstate(invalid="ignore"):
        table = np.stack(margins)
        which, best = table.argmax(axis=0), table.max(axis=0)
        sure = np.clip(np.nan_to_num(best / reach), 0.0, 1.0) * 15.0
        decided = np.isfinite(table).all(axis=0) | (best > 0.0)
    return bytes(np.where(decided, 16 * (which + 1) + sure.round(), 0).astype(np.uint8))


def packed(numbers: bytes) -> str:
    """Bytes as text of base 85, five letters for four bytes, none of which means anything in HTML or JSON.

    >>> len(packed(bytes(SIDE * SIDE))), packed(bytes([0, 1, 2, 255]))
    (2000, '009F3')
    """
    return b85encode(numbers).translate(LETTERS).decode()


def is_regular(sample: Any) -> bool:
    """Whether a sample is an array, or lists that make one."""
    try:
        return bool(np.array(sample).dtype != object)
    except ValueError:
        return False
