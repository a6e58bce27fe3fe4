"""Ranks: processes that hold the same model and train it together, over anything with `rank`, `size` and `Allreduce`.

All that is said between them is a *frame*: numbers of which each rank gives as many, and gets the sums. Frames have one
length, so a rank that must end can say so in whichever frame the others are waiting for: nobody waits for ever.
"""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import numpy as np

from autograd.border.wording import brief
from nn.ranks.comms import as_comm, is_of_a_loss
from nn.ranks.saying import EndedError, LostError, ShrunkError, as_bytes, as_words, told_of
from nn.ranks.watching import Watch, end_in_time

__all__ = [
    "ALIKE", "BATCH", "CHANGED", "DUE", "HEADER", "OUTSIDE", "Ranks", "Verdict",
]  # fmt: skip

KIND, ENDING, CHANGED, OUTSIDE, DUE, BATCH = range(6)
"""What the first numbers of a frame say: which kind it is; and how many ranks end, or see something."""

HEADER = 8
STEP, GATHER, ALIKE, LAST = 1.0, 2.0, 3.0, 4.0
"""Kinds of frames."""

ROOM = 256
"""So many numbers are in a frame at least."""


class Verdict(NamedTuple):
    """Why all ranks end.

    Attributes:
        error: What is to be raised, or to be dealt with, here.
        step: After how many steps every rank can be.
    """

    error: BaseException
    step: int


class Ranks:
    """Those who train together; one alone, without a `comm`.

    Args:
        comm: Anything with `rank`, `size` and `Allreduce(send, recv)`, which adds up arrays of doubles: mpi4py's
            `MPI.COMM_WORLD` is. None for one alone.

    Attributes:
        rank, size: Which this is, of how many.
        lost: How many were lost on the way.
        stops: What is raised to stop all without an error.
        ended_by: Which had the reason, where all have ended.
        watch: What ends this process, if a recovery never does.

    Raises:
        TypeError: it is nothing of the kind.
        ValueError: the rank is none of the size.

    >>> ranks = Ranks(None)
    >>> ranks.many, ranks.first, ranks.span(10), ranks.gathered({"rank": 0})
    (False, True, (0, 10), [{'rank': 0}])
    """

    def __init__(self, comm: Any) -> None:
        self.comm, self.rank, self.size, self.lost = comm, 0, 1, 0
        if comm is not None:
            self.rank, self.size = as_comm(comm)
        self.noted = self.settled = self._settling = self._listens = False
        self.ended_by, self.watch = self.rank, Watch()
        self.stops: type[Exception] = EndedError
        self._done, self._last = 0, list[Any]()
        self.make_room(0)

    def make_room(self, numbers: int) -> None:
        """Have frames hold so many numbers from now on, on all ranks alike."""
        length = HEADER + max(numbers, ROOM, self.size)
        self._send, self._received = np.zeros(length), np.zeros(length)

    @classmethod
    def of(cls, comm: Any) -> "Ranks":
        """Those of a `comm`; or these themselves.

        >>> ranks = Ranks(None)
        >>> Ranks.of(ranks) is ranks
        True
        """
        return comm if isinstance(comm, Ranks) else cls(comm)

    @property
    def many(self) -> bool:
        """Whether there is more than one."""
        return self.size > 1

    @property
    def first(self) -> bool:
        """Whether this is the one that writes files, shows progress and calls callbacks."""
        return self.rank == 0

    def span(self, n: int) -> tuple[int, int]:
        """Which of n samples are this rank's: from the first number to below the second."""
        return n * self.rank // self.size, n * (self.rank + 1) // self.size

    # --- what is said ------------------------------------------------------------------------------------------------

    def frame(self, kind: float, numbers: Any = (), flags: dict[int, float] | None = None) -> Any:
        """The sums over all ranks of what each gives: flags, and numbers after them; good until the next frame.

        Raises:
            EndedError: a rank ends.
            RuntimeError: ranks are at different places of the program.
        """
        send, received = self._send, self._received
        send[:] = 0.0
        send[KIND], send[ENDING] = kind, float(self.noted and not self._settling) or float(kind == LAST)
        for flag, number in (flags or {}).items():
            send[flag] = number
        send[HEADER : HEADER + len(numbers)] = numbers
        self._add_up(send, received)
        if received[ENDING]:
            raise EndedError
        if received[KIND] != kind * self.size:
            raise RuntimeError(
                "fit: the ranks are at different places of training: all of them call fit with the same arguments, and "
                "what they do must not depend on clocks, files or random numbers of their own"
            )
        return received

    def _add_up(self, send: Any, received: Any) -> None:
        """The one thing that is asked of `comm`."""
        if not self.many:
            received[:] = send
            return
        self.watch.waits(self.comm)
        try:
            self.comm.Allreduce(send, received)
        except Exception as error:
            if hasattr(self.comm, "Shrink") and is_of_a_loss(error):
                raise LostError from error
            self.settled = True  # there is nobody to be told
            raise
        finally:
            self.watch.goes_on()

    def step(self, numbers: Any, flags: dict[int, float], kind: float = STEP) -> Any:
        """The frame of a step: the sums of what it has made of each share.

        Raises:
            EndedError: a rank ends.
            ShrunkError: a rank was lost: shares are others now.
        """
        return self._whole(lambda: [self.frame(kind, numbers, flags)])[0]

    def gathered(self, data: Any) -> list[Any]:
        """What each rank gave, in their order, on all of them: plain data, fit for JSON.

        Raises:
            EndedError: a rank ends.
        """
        return [found for found, _ in self.parcels(data)]

    def parcels(self, data: Any, numbers: Any = ()) -> list[tuple[Any, Any]]:
        """The same with numbers, which are quicker on the way in an array: pairs of both, none without the other.

        Raises:
            EndedError: a rank ends.
        """
        if not self.many:
            return [(data, np.asarray(numbers, dtype=float))]
        words = as_words(json.dumps(data).encode())
        found = []
        for parcel in self.numbers(np.concatenate([[len(words)], words, numbers])):
            end = 1 + int(parcel[0])
            found.append((json.loads(as_bytes(parcel[1:end])), parcel[end:]))
        return found

    def told(self, work: Callable[[], Any]) -> Any:
        """What the first rank finds, plain data, on all of them; where it is lost meanwhile, what the next one finds.

        Raises:
            EndedError: a rank ends.
        """
        while True:
            found = self.gathered([work()] if self.first else None)[0]
            if found is not None:
                return found[0]

    def given(self, work: Callable[[], Any]) -> Any:
        """The same, of numbers in an array; there is at least one.

        Raises:
            EndedError: a rank ends.
        """
        while True:
            found = self.numbers(work() if self.first else np.empty(0))[0]
            if len(found):
                return found

    def numbers(self, mine: Any) -> list[Any]:
        """The numbers that each rank gave, in arrays.

        Raises:
            EndedError: a rank ends.
        """
        while True:
            try:
                return self._whole(lambda: self._gather(mine))
            except ShrunkError:
                continue

    def _gather(self, mine: Any) -> list[Any]:
        """Each writes where the others have zeros: first how many, and then all of them, frame by frame."""
        sizes = np.zeros(self.size)
        sizes[self.rank] = len(mine)
        ends = np.cumsum(self.frame(GATHER, sizes)[HEADER : HEADER + self.size]).astype(int).tolist()
        found = np.empty(ends[-1])
        start, room = ends[self.rank] - len(mine), len(self._send) - HEADER
        for at in range(0, len(found), room):
            end = min(at + room, len(found))
            part = np.zeros(end - at)
            low, high = max(start, at), min(start + len(mine), end)
            if low < high:
                part[low - at : high - at] = mine[low - start : high - start]
            found[at:end] = self.frame(GATHER, part)[HEADER : HEADER + end - at]
        return np.split(found, ends[:-1])

    def require_alike(self, facts: dict[str, Any]) -> None:
        """Refuse ranks of which something is not the same.

        Raises:
            ValueError: it is not; the first of such facts is told.
        """
        everyone = self.gathered(facts)
        for rank, others in enumerate(everyone):
            for what, here in everyone[0].items():
                if others.get(what) != here:
                    raise ValueError(
                        f"fit: rank {rank} has other {what} than rank 0, {brief(others.get(what))} and {brief(here)}: "
                        "all ranks run the same program, on the same data, with a model made from the same seed"
                    )

    # --- ends --------------------------------------------------------------------------------------------------------

    def settle(self, error: BaseException, step: int) -> Verdict:
        """End together with all ranks, whichever had the reason; what is to be done with it here.

        Args:
            error: What ended this one; `EndedError` where that was another.
            step: How many steps it has completed.
        """
        if not self.many or self.settled:
            return Verdict(error, step)
        mine = told_of(KeyboardInterrupt() if isinstance(error, EndedError) and self.noted else error, self.stops)
        self._settling = True
        while not isinstance(error, EndedError):
            try:
                self.frame(LAST)
            except EndedError:
                break
            except LostError:
                with suppress(ShrunkError):
                    self._without_the_lost()
        everyone = self.gathered([*mine, step])
        self._settling, self.noted, self.settled = False, False, True
        least = min(others[2] for others in everyone)
        for kind in ("error", "interrupt", "stop"):
            for rank, (its, text, _) in enumerate(everyone):
                if its != kind:
                    continue
                self.ended_by = rank
                if kind == mine[0] == "error":
                    return Verdict(error, least)
                if kind == "error":
                    return Verdict(RuntimeError(f"fit: rank {rank} ended with {text}; so all ranks end"), least)
                self.settled = False  # they go on together, to the end of `fit`
                return Verdict(KeyboardInterrupt() if kind == "interrupt" else self.stops(text), least)
        return Verdict(error, least)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Meanwhile, what ends one rank ends all: an error, or Ctrl-C, which waits for the next frame.

        Launchers turn a Ctrl-C into SIGTERM for each rank; so that is one too.
        """
        if not self.many or self._listens:
            yield
            return
        self._listens = True
        before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for each in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(each) in (signal.default_int_handler, signal.SIG_DFL):
                    before[each] = signal.signal(each, self._note)
        if hasattr(self.comm, "Shrink"):
            self.watch.begin(self.rank)
        try:
            yield
        except BaseException as error:
            verdict = self.settle(error, 0)
            if verdict.error is error:
                raise
            raise verdict.error from None
        finally:
            self._listens = False
            self.watch.end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: Any) -> None:
        """A signal: to be said in the next frame; a second one ends at once."""
        if self.noted and number == signal.SIGINT:
            self.settled = True
            raise KeyboardInterrupt
        self.noted = True

    # --- the lost ----------------------------------------------------------------------------------------------------

    def _whole(self, work: Any) -> list[Any]:
        """What some frames give, arrays; where a rank is lost among them, on all that are left or on none.

        Raises:
            ShrunkError: on none: it is to be done again, by fewer.
        """
        try:
            found: list[Any] = work()
        except LostError:
            found = self._without_the_lost()
        self._done += 1
        if hasattr(self.comm, "Shrink"):
            self._last = [part.copy() for part in found]
        return found

    def _without_the_lost(self) -> list[Any]:
        """Go on as fewer: who lacks what the others have come by, is given it; all others do again what failed.

        Raises:
            ShrunkError: this is one of the others.
        """
        end_in_time()
        with self.watch.recovery():
            return self._together_again()

    def _together_again(self) -> list[Any]:
        """The same, as often as another is lost meanwhile."""
        while True:
            before = self.size
            self.comm.Revoke()
            self.comm = self.comm.Shrink()
            self.rank, self.size = as_comm(self.comm)
            self.lost += before - self.size
            try:
                done = [int(each) for each in self._counts(self._done)]
                most = max(done)
                if min(done) == most or self._settling:
                    raise ShrunkError
                giver = done.index(most)
                given = self._last if self.rank == giver else []
                lengths = self._gather(np.array([len(part) for part in given], dtype=float))[giver]
                everything = self._gather(np.concatenate(given) if given else np.empty(0))[giver]
            except LostError:
                continue
            if self._done == most:
                raise ShrunkError
            return np.split(everything, np.cumsum(lengths).astype(int)[:-1])

    def _counts(self, mine: int) -> Any:
        """A number of each rank."""
        counts = np.zeros(self.size)
        counts[self.rank] = mine
        return self.frame(GATHER, counts)[HEADER : HEADER + self.size].copy()
