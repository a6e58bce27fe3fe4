"""What repeats in a sequence: the rounds of a loop, written out in a graph one after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

__all__ = ["Run", "runs_of"]

LONGEST = 256
"""No longer period is looked for."""
FEWEST = 3
"""So many rounds are a repetition, if they are not too small a part of everything."""
LOOKS = 512
"""So many items of a stretch are looked at before all of them."""


class Run(NamedTuple):
    """A stretch of a sequence that repeats itself: `rounds` times `period` items from `start` on.

    >>> Run(1, 2, 3).stop
    7
    """

    start: int
    period: int
    rounds: int

    @property
    def stop(self) -> int:
        """The first item after it."""
        return self.start + self.period * self.rounds


def runs_of(signs: Any) -> list[Run]:
    """The repeating stretches of a sequence, longest first found, in order; they do not overlap.

    Args:
        signs: A number for each item; items of the same number are alike.

    Cost: linear, times the periods tried.

    >>> runs_of(np.array([9, 1, 2, 1, 2, 1, 2, 7]))
    [Run(start=1, period=2, rounds=3)]
    """
    found: list[Run] = []
    todo = [(0, len(signs))]
    least = max(2 * FEWEST, len(signs) // 20)
    while todo:
        start, stop = todo.pop()
        run = longest_run(signs, start, stop, least) if stop - start >= least else None
        if run is not None:
            found.append(run)
            todo += [(start, run.start), (run.stop, stop)]
    return sorted(found)


def longest_run(signs: Any, start: int, stop: int, least: int) -> Run | None:
    """The longest stretch that repeats itself, of so many items at least; of much the same the shortest period."""
    best: Run | None = None
    part = signs[start:stop]
    for period in range(1, min(LONGEST, (stop - start) // FEWEST) + 1):
        if not may_repeat(part, period, least):
            continue
        begin, length = longest_stretch(part[period:] == part[:-period])
        rounds = (length + period) // period
        if rounds >= FEWEST and rounds * period >= least:
            best, least = Run(start + begin, period, rounds), rounds * period * 17 // 16 + 1
            if rounds * period > 0.9 * (stop - start):
                break  # a longer period could only repeat this one
    return best


def may_repeat(part: Any, period: int, least: int) -> bool:
    """Whether so many items of a sequence can repeat themselves with a period, judged by a few that are far apart."""
    step = max(1, (least - period) // LOOKS)
    _, length = longest_stretch(part[period::step] == part[:-period:step])
    return length >= (least - period) // step


def longest_stretch(flags: Any) -> tuple[int, int]:
    """Where the longest stretch of true begins, and how long it is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    k = int(np.argmax(lengths))
    return int(edges[2 * k]), int(lengths[k])
