"""Python's cyclic collector, which rests while a program grows: it would search it for cycles, again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from autograd.border.forking import in_forked_processes

__all__ = ["collector_paused"]

_waits = False  # whether it rests because of us; if an interrupt kept us from waking it, the next one does


@contextmanager
def collector_paused() -> Iterator[None]:
    """Inside, the collector rests."""
    global _waits
    if gc.isenabled():
        _waits = True  # before, lest an interrupt comes between
        gc.disable()
        _waits = True  # and after, as another thread may have woken it between
    try:
        yield
    finally:
        wake_collector()


def wake_collector() -> None:
    """Let the collector go on, if it was paused here."""
    global _waits
    if _waits:
        gc.enable()
        _waits = False
        if not gc.isenabled():  # another thread has paused it since, and may have been told that it does not wait
            _waits = True


in_forked_processes(wake_collector)  # the thread that paused it may not have come along
