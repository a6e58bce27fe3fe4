"""Memory of the arrays of a piece, which those of the next piece are made in.

glibc maps blocks from 128 kB on, such as an array of 16,384 rows, anew each time; it gives them back at once, and with
them what is free at the end of its heap. The first use of each page is a fault then: as costly as the numbers drawn
into it, and threads wait for each other there. By itself it comes to keep blocks as large as the largest that were
given back so far; but not where a threshold was set, as Dask does for its workers. (`man mallopt`: M_MMAP_THRESHOLD.)
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from autograd.border.forking import in_forked_processes

__all__ = ["keeping_memory"]

KEPT = 2**24
"""Blocks of so many bytes are kept: 128 times an array with a number for each row of a piece."""

TRIM, MAP = -1, -3
"""What `mallopt` calls how much may be free at the end of the heap, and from which size on blocks are mapped."""

LIMITS = {TRIM: ("MALLOC_TRIM_THRESHOLD_", 2 * KEPT), MAP: ("MALLOC_MMAP_THRESHOLD_", KEPT)}
"""What sets either, and what it is to be while tasks run."""
USUAL = 2**17
"""What either is where it was not set."""


class Held:
    """How many tasks run that want memory to be kept, where glibc must be told."""

    def __init__(self) -> None:
        self.lock, self.tasks = Lock(), 0

    def add(self, count: int, tell: Any) -> None:
        """So many more of them; the first and the last tell it."""
        with self.lock:
            before, self.tasks = self.tasks, self.tasks + count
            if bool(before) != bool(self.tasks):
                for what, (name, most) in LIMITS.items():
                    tell(what, most if self.tasks else thresholds().get(name, USUAL))


_held = Held()


def hold_nothing() -> None:
    """In a forked process: no task runs there, and another thread may have had the lock."""
    global _held
    _held = Held()


in_forked_processes(hold_nothing)


@contextmanager
def keeping_memory() -> Iterator[None]:
    """Meanwhile, blocks that are given back are kept for those that are wanted next; where this is glibc.

    >>> with keeping_memory():
    ...     pass
    """
    tell = way_to_tell()
    if tell is None:
        yield
        return
    held = _held
    held.add(1, tell)
    try:
        yield
    finally:
        held.add(-1, tell)


@cache
def way_to_tell() -> Any:
    """The function `mallopt`, where glibc must be told; where it finds out by itself, it is shown a large block."""
    if not thresholds():
        import numpy as np

        np.empty(KEPT, dtype=np.uint8)  # given back at once, and no page of it was used
        return None
    try:
        return ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # another library, another system
        return None


@cache
def thresholds() -> dict[str, int]:
    """The thresholds that this process was started with: what is set later in `os.environ` is for others.

    >>> isinstance(thresholds(), dict)
    True
    """
    try:
        pairs = [text.partition("=") for text in os.fsdecode(Path("/proc/self/environ").read_bytes()).split("\0")]
    except OSError:
        return {}
    names = {name for name, _ in LIMITS.values()}
    return {name: int(text) for name, _, text in pairs if name in names and text.isdigit()}
