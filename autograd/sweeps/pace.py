"""How long pieces take, by which tasks are made as long as they are to be."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Any

from autograd.sweeps.chunks import GRAIN, is_divisible

__all__ = ["Pace"]

LATEST = 15
"""Of so many blocks it is taken, the latest."""


class Pace:
    """How long pieces take, by what others took; of descriptions by their rows, of other chunks one like the other.

    Args:
        kept: What sweeps of this kind have told each other: how long a row takes to answer for. To make the arguments
            takes as long as the description makes it, so that is not kept.
        making: How long it takes to make the arguments of a row here, if that was measured.

    >>> class Rows:
    ...     rows, part = 100_000, None
    >>> kept = {}
    >>> pace = Pace(kept, 1e-7)
    >>> pace.expected(Rows())
    >>> pace.note(Rows(), 4, 2.0, 1.0)
    >>> round(pace.expected(Rows()), 2), round(Pace(kept, 1e-6).expected(Rows()), 2)
    (0.5, 0.27)
    """

    def __init__(self, kept: dict[str, float], making: float | None = None) -> None:
        self._kept, self._making = kept, making
        self._whole: dict[bool, deque[float]] = {kind: deque(maxlen=LATEST) for kind in (False, True)}
        self._answering: deque[float] = deque(maxlen=LATEST)

    def expected(self, chunk: Any) -> float | None:
        """How long a piece of a chunk will take; None, if nothing is known of such."""
        if rates := self._whole[is_divisible(chunk)]:
            return median(rates) * size_of(chunk)
        known = self._kept.get("row")
        if known is None or self._making is None or not is_divisible(chunk):
            return None
        return (known + self._making) * size_of(chunk)

    def note(self, chunk: Any, pieces: int, seconds: float, making: float) -> None:
        """So long some pieces of a chunk took, and of that so long their arguments."""
        size = size_of(chunk) * pieces
        self._whole[is_divisible(chunk)].append(seconds / size)
        if is_divisible(chunk):
            self._answering.append((seconds - making) / size)
            self._kept["row"] = median(self._answering)


def size_of(chunk: Any) -> int:
    """By what the time of a piece is told: the rows of a description, or 1."""
    return max(min(chunk.rows, getattr(chunk, "grain", GRAIN)), 1) if is_divisible(chunk) else 1
