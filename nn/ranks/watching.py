"""A watch on ranks that wait for each other after one was lost: what waits inside MPI can be told nothing, but ended.

A recovery can stop for ever inside MPI (in Open MPI, `Shrink` now and then never returns, though all who are left have
called it), and an `Allreduce` may never be told of a loss. So a thread looks, and where it takes too long ends this
process, as on every rank that is left: nobody waits for ever, and the run goes on from its checkpoint.
"""

import atexit
import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from time import monotonic
from typing import Any

__all__ = ["PATIENCE", "Watch", "end_in_time"]

PATIENCE, TIMES = 60.0, 10
"""Seconds that ranks wait for each other after a loss; or so many times the longest that they had between two frames,
if that is more: another may be at work on a step, or the first at a checkpoint, before it hears of the loss."""

LOOKS = 0.5
"""Seconds between two looks."""

LEAVING = 20.0
"""Seconds that the end of a process waits for MPI's, after a loss."""

FAILED = 75
"""The exit code, which is that of a failure after which another try is worth it (`EX_TEMPFAIL`)."""


class Watch:
    """A watch on the waiting of this rank.

    Args:
        end: What ends the process, given a sentence.

    Attributes:
        checkpoint: The file that the run can go on from; "" for none.
    """

    def __init__(self, end: Callable[[str], None] | None = None) -> None:
        self.checkpoint = ""
        self._end = end or end_process
        self._waits: tuple[float, Any] | None = None  # since when, and for the ranks of which comm
        self._recovers: float | None = None  # since when
        self._longest, self._last = 0.0, 0.0
        self._over = threading.Event()

    def begin(self, rank: int) -> None:
        """Look from now on, until the end of `over`."""
        self._over.clear()
        self._last = 0.0
        threading.Thread(target=self._look, args=(rank, self._over), daemon=True, name="watch").start()

    def end(self) -> None:
        """Look no longer."""
        self._over.set()
        self._over = threading.Event()

    def waits(self, comm: Any) -> None:
        """From now on it waits for others, in a call of this `comm`."""
        self._waits = monotonic(), comm

    def goes_on(self) -> None:
        """It waits no longer."""
        now = monotonic()
        if self._last and self._recovers is None:
            self._longest = max(self._longest, now - self._last)
        self._waits, self._last = None, now

    @contextmanager
    def recovery(self) -> Iterator[None]:
        """Meanwhile it looks for the others that are left."""
        self._recovers = monotonic()
        try:
            yield
        finally:
            self._recovers = None

    def limit(self) -> float:
        """How long is too long, in seconds.

        >>> Watch().limit()
        60.0
        """
        return max(PATIENCE, TIMES * self._longest)

    def _look(self, rank: int, over: threading.Event) -> None:
        while not over.wait(LOOKS):
            waits, recovers, limit = self._waits, self._recovers, self.limit()
            since = recovers if recovers is not None else waits[0] if waits is not None else None
            if since is None or monotonic() - since < limit:
                continue
            if recovers is not None or (waits is not None and has_lost(waits[1])):
                self._end(self.sentence(rank, limit))
                return

    def sentence(self, rank: int, limit: float) -> str:
        """What is said at the end.

        >>> watch = Watch()
        >>> watch.checkpoint = "run.ckpt"
        >>> print(watch.sentence(2, 60.0))
        fit: a rank was lost, and MPI did not bring those that are left together within 60 s, so rank 2 ends as all \
of them do: start them again with resume=True, and they go on from the checkpoint run.ckpt
        """
        way = f"start them again with resume=True, and they go on from the checkpoint {self.checkpoint}"
        if not self.checkpoint:
            way = "there is no checkpoint to go on from, which checkpoint= would have kept"
        return (
            f"fit: a rank was lost, and MPI did not bring those that are left together within {limit:.0f} s, so rank "
            f"{rank} ends as all of them do: {way}"
        )


def has_lost(comm: Any) -> bool:
    """Whether a `comm` knows of a rank that failed.

    >>> has_lost(None)
    False
    """
    with suppress(Exception):
        return bool(comm.Get_failed().size)
    return False


def end_process(sentence: str, code: int = FAILED) -> None:
    """End this process from any of its threads, whatever the others wait in."""
    with suppress(Exception):
        sys.stdout.flush()
    with suppress(Exception):
        print(sentence, file=sys.stderr, flush=True)
    os._exit(code)


def finalize_of(mpi: Any) -> Callable[[], Any]:
    """What ends MPI: mpi4py's own function holds the interpreter's lock, so that no watch could look; C's does not."""
    try:
        found: Callable[[], Any] = ctypes.CDLL(mpi.__file__).MPI_Finalize
    except (OSError, AttributeError):
        found = mpi.Finalize
    return found


@cache
def end_in_time() -> None:
    """Have this process end in time when it is done, though after a loss `MPI_Finalize` may wait for the lost one.

    mpi4py calls it when no Python runs any more and nothing could end it; so it is called before, under a watch.
    """
    leaving = threading.Event()

    def look() -> None:
        leaving.wait()
        code = int(getattr(sys, "last_value", None) is not None)  # of an error that nobody caught
        threading.Event().wait(LEAVING)
        end_process(
            "fit: all is done, but after the loss of a rank MPI does not end: this process ends without it", code
        )

    def leave() -> None:
        mpi = sys.modules.get("mpi4py.MPI")
        if mpi is not None and not mpi.Is_finalized():
            leaving.set()
            finalize_of(mpi)()

    threading.Thread(target=look, daemon=True, name="leaving").start()
    atexit.register(leave)
