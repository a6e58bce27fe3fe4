"""Directions as a batch, and whether numbers are small enough for what is nothing but sums of products along them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from autograd.calculus._codes import LANES

__all__ = ["Directions", "all_bounded"]


class Directions:
    """Directions, a block of them at a time: in each, the inputs of its colour are 1 and the others 0.

    Args:
        colours: Of each input its colour.
        count: How many colours there are.
        zeros: A row of zeros: inputs of which none of a block is 1 are this one row, where each has its own colour.
    """

    def __init__(self, colours: Any, count: int, zeros: Any) -> None:
        import numpy as np

        self.width = width = min(LANES, count)
        self._colours, self._count = colours, count
        self._one_each = len(colours) == count and bool(np.array_equal(colours, np.arange(count)))
        if self._one_each:
            self._unit = np.eye(width).T
            self._still = np.broadcast_to(zeros[:width, None], (width, count))
        else:
            order = np.argsort(colours, kind="stable")
            self._begins = np.searchsorted(colours[order], np.arange(count + 1)).tolist()
            self._places = order * width + colours[order]

    def blocks(self, span: tuple[int, int]) -> Iterator[tuple[int, list[Any]]]:
        """Of each block of a span the first direction, and arrays of directions and inputs, which hold until the next.

        The last block is a whole one too, where there is one.
        """
        starts = (min(begun, self._count - self.width) for begun in range(*span, LANES))
        if not self._one_each:
            return self._of_many(starts)
        return ((i, [self._still[:, :i], self._unit, self._still[:, i + self.width :]]) for i in starts)

    def _of_many(self, starts: Iterable[int]) -> Iterator[tuple[int, list[Any]]]:
        import numpy as np

        seeds = np.zeros((len(self._colours), self.width))  # for one block after the other: they stay in the cache
        flat = seeds.reshape(-1)
        for start in starts:
            moved = self._places[self._begins[start] : self._begins[start + self.width]] - start
            flat[moved] = 1.0
            yield start, [seeds.T]
            flat[moved] = 0.0


def all_bounded(machine: Any, sizes: Any, inputs: int, outputs: int) -> bool:
    """Whether no lane of sums of products can overflow, or be nan, where no input is further from 0 than 1.

    With 1 for each input and the numbers' magnitudes, or more, a lane is at least what any other comes to on its way.
    """
    import numpy as np

    bounds = np.empty((outputs, 1))
    with np.errstate(invalid="ignore"):
        machine.run_lanes(sizes, [np.ones((1, inputs))], bounds, np.empty((0, 1)), sizes[:0], 0, 1, 0)
    return bool(np.isfinite(bounds).all())
