"""A batch in shares, and threads that work on them.

How a batch is divided depends on its length, and on what is to be done alone: never on the number of threads. So the
results do not either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from autograd.border.wording import brief
from autograd.calculus._codes import LANES

__all__ = ["as_threads", "most_in_one_go", "shares", "size_of_share", "smallest_share", "spread"]

SHARES, LARGEST_SHARE = 16, 1024 * LANES
"""A batch is worked on in about so many shares, of at most so many lanes; a thread takes one at a time."""
WORTH_A_SHARE = 2**18
"""A share has at least so many instructions times lanes to do, where the batch has, unless 4096 lanes are less."""
WORTH_A_THREAD = 2**21
"""Other threads take part where there are so many instructions times lanes to do: some tenths of a millisecond."""
WORTH_A_LOOK = 2**24
"""After so many instructions times lanes, some hundredths of a second, a thread on its own sees to an interrupt."""
_pools: dict[int, Any] = {}
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)  # threads do not come along into a forked process


def as_threads(threads: Any) -> int:
    """The number of threads that is meant: None is for all processors.

    Raises:
        ValueError: it is no whole number from 1.
    """
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"threads must be a whole number from 1, got {brief(threads)}")
    return threads


def smallest_share(instructions: int) -> int:
    """The least number of lanes to work on in one go, where the batch has them: whole blocks."""
    return min(max(WORTH_A_SHARE // max(instructions, 1) // LANES, 1), 64) * LANES


def most_in_one_go(instructions: int, threads: int) -> int:
    """So many lanes, of so many instructions each, threads leave to one of them, which does not look for interrupts."""
    worth = WORTH_A_LOOK if threads == 1 else WORTH_A_THREAD
    return max(worth // max(instructions, 1), smallest_share(instructions))


def size_of_share(n: int, instructions: int) -> int:
    """How many of n lanes are worked on at a time: whole blocks."""
    share = min(max(-(-n // SHARES), smallest_share(instructions)), LARGEST_SHARE)
    return -(-share // LANES) * LANES


def shares(n: int, instructions: int) -> Iterator[tuple[int, int]]:
    """The spans of lanes that a batch is worked on in: whole blocks, by its length and what is to be done alone."""
    share = size_of_share(n, instructions)
    return ((start, min(start + share, n)) for start in range(0, n, share))


def spread(work: Any, spans: list[tuple[int, int]], instructions: int, threads: int) -> Iterator[Any]:
    """The results of the work for each span of a batch, in order; over threads, if there is enough of it."""
    if min(threads, len(spans)) == 1 or spans[-1][1] * instructions < WORTH_A_THREAD:
        yield from map(work, spans)
    else:
        pool = _pools.get(threads)
        if pool is None:
            from concurrent.futures import ThreadPoolExecutor  # takes longer to import than many a program to run

            # Two callers at once take the same one; a pool that nobody gave work has no threads yet.
            pool = _pools.setdefault(threads, ThreadPoolExecutor(threads, thread_name_prefix="replay"))
        yield from pool.map(work, spans)
