"""A sweep from its first chunk to its last: tasks of a fifth of a second, whose results are taken in order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from typing import Any, Protocol

from autograd.border.wording import brief
from autograd.sweeps.errors import SweepError
from autograd.sweeps.executors import Tasks
from autograd.sweeps.pace import Pace
from autograd.sweeps.parcels import as_bytes
from autograd.sweeps.pieces import Joined, block_end, count_pieces
from autograd.sweeps.progress import Progress
from autograd.sweeps.workers import Answered, Block, Worker, work, work_on

__all__ = ["Errand", "Sweep"]

SECONDS = 0.2
"""So long a task is to take: what an engine adds, up to some milliseconds, is then little, and a lost one too."""
SHARE = 1.2
"""Towards the end of a sweep tasks are shorter, that all workers end together: each takes as long as all that is left
would on so many times as many workers."""
LEAST, DELAYS, LONGEST = 0.01, 3.0, 0.08
"""Down to so much, or so many times what the engine adds to a task by itself, but to no more than that. A process pool
adds a millisecond, Dask some ten, which it takes from the workers where it has no processor of its own."""
LIGHT = 2**15
"""A parcel of at most so many bytes goes along with every task."""
AHEAD = 2
"""So many tasks of each worker are on their way at once."""


class Errand(Protocol):
    """What a sweep is about.

    Attributes:
        name: The function's.
        divisible: Whether descriptions of chunks may be worked on in pieces.
        pace: How long pieces take.
        worker: What answers here.
    """

    name: str
    divisible: bool
    pace: Pace

    @property
    def worker(self) -> Worker:
        """See above."""
        ...

    def parcel(self) -> tuple[bytes, bytes]:
        """What goes to other processes for a `Worker`, and its hash; another one when there is more to tell."""
        ...

    def take(self, found: Any) -> None:
        """Take the result of the next chunk."""
        ...

    def so_far(self) -> Any:
        """What was made of those that were taken."""
        ...

    def finished(self, found: Any) -> Any:
        """The result of one chunk, for a user; None where results are reduced."""
        ...


class Sweep:
    """A sweep over chunks.

    Args:
        errand: What it is about.
        chunks: The chunks, which are looked at one after the other.
        total: How many there are, if that is known.
        tasks: What runs tasks.
        progress: A bar.
    """

    def __init__(
        self, errand: Errand, chunks: Iterable[Any], total: int | None, tasks: Tasks, progress: Progress
    ) -> None:
        self.errand, self.tasks, self.progress = errand, tasks, progress
        self.done = 0  # so many chunks were taken
        self._total = total
        self._plan = self._planned(chunks)
        self._more = True
        self._sent: dict[int, tuple[Any, list[Block], float | None]] = {}  # by the id of a future, which is held here
        self._least = LEAST
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._blocks: dict[tuple[int, int], tuple[Block, Any]] = {}  # results, by chunk and first piece
        self._joined: Joined | None = None  # of the chunk that is next
        self._at = 0  # how many pieces of that were added
        self._numbers = 0  # so many tasks were sent
        self._carried: dict[bytes, int] = {}

    def run(self) -> None:
        """All of it.

        Raises:
            SweepError: what runs the tasks has given up.
            Exception: what the function, or a chunk, raises; with a note that says which.
        """
        try:
            while self._fill():
                future = self._answers.get()
                _, blocks, sent = self._sent.pop(id(future))
                answered = self._answer_of(future)
                if sent is not None and not answered.unknown:
                    self._note_delay(time.perf_counter() - sent, answered)
                self._hear(answered, blocks)
        finally:
            for future, _, _ in self._sent.values():
                future.cancel()

    # --- what is sent ---

    def _fill(self) -> bool:
        """Send tasks until there are enough on their way; whether there is any."""
        while self._more and len(self._sent) < AHEAD * self.tasks.workers + 1:
            blocks = next(self._plan, None)
            if blocks is None:
                self._more = False
            else:
                self._send(blocks)
        return bool(self._sent)

    def _planned(self, chunks: Iterable[Any]) -> Iterator[list[Block]]:
        """The blocks of each task."""
        blocks: list[Block] = []
        seconds = 0.0
        for number, chunk in enumerate(chunks):
            count, begin = count_pieces(chunk, self.errand.divisible), 0
            while begin < count:
                block = Block(number, chunk, begin, begin + 1, count)
                each = self.errand.pace.expected(chunk)
                most = self._most(block, each)
                if each is not None:
                    block = block._replace(end=block_end(begin, count, (most - seconds) / max(each, 1e-9)))
                blocks.append(block)
                begin = block.end
                seconds += most if each is None else each * (block.end - block.begin)
                if seconds > 0.75 * most:
                    yield blocks
                    blocks, seconds = [], 0.0
        if blocks:
            yield blocks

    def _most(self, block: Block, each: float | None) -> float:
        """How long a task is to take that begins with a block, of pieces that take so long each."""
        if self._total is None or each is None:
            return SECONDS
        left = each * ((self._total - block.number) * block.total - block.begin)
        return min(max(left / (SHARE * self.tasks.workers), self._least), SECONDS)

    def _send(self, blocks: list[Block], whole: bool = False) -> None:
        """Give a task to the executor.

        Args:
            blocks: What it is.
            whole: Whether the parcel must go along.

        Raises:
            SweepError: the executor takes none.
            TypeError: a chunk cannot be pickled.
        """
        self._numbers += 1
        if self.tasks.here:
            task: tuple[Any, ...] = work_on, self.errand.worker, blocks
        else:
            mark, parcel = self.errand.parcel()
            packed = self._packed(blocks)
            carried = self._carried.get(mark, 0)
            light = len(parcel) <= LIGHT or carried < self.tasks.workers
            self._carried[mark] = carried + 1
            task = work, mark, parcel if light or whole else None, packed, self._numbers
        begun = time.perf_counter()
        try:
            future = self.tasks.submit(*task)
        except Exception as error:  # of the engine, whatever that may raise
            raise self._given_up(error, "takes no task") from error
        is_idle = self._numbers <= self.tasks.workers  # the worker: later tasks wait for others, too
        self._sent[id(future)] = future, blocks, begun if is_idle else None
        future.add_done_callback(self._answers.put)

    def _packed(self, blocks: list[Block]) -> bytes:
        """The blocks as bytes."""
        try:
            return as_bytes(blocks, "")
        except TypeError:
            for block in blocks:
                as_bytes(block.chunk, f"map: chunk {block.number}, {brief(block.chunk)},")
            raise

    # --- what comes back ---

    def _note_delay(self, seconds: float, answered: Answered) -> None:
        """See by a task that went to an idle worker, and took so long in all, what the engine adds."""
        delay = seconds - sum([worked for worked, _ in answered.seconds])
        self._least = min(max(self._least, DELAYS * delay), LONGEST)

    def _answer_of(self, future: Any) -> Answered:
        """What a task gave.

        Raises:
            SweepError: the engine raises something.
        """
        try:
            answered: Answered = future.result()
        except Exception as error:  # which is of the engine: a worker sends back what is raised in it
            raise self._given_up(error, "gave up") from error
        return answered

    def _given_up(self, error: BaseException, what: str) -> SweepError:
        """The error that holds what was done."""
        further = {}
        for number in {number for number, _ in self._blocks} - {self.done}:
            found = self._whole(number)
            if found is not None and (kept := self.errand.finished(found)) is not None:
                further[number] = kept
        more = f", and {len(further)} after these" * bool(further)
        said = f"{type(error).__name__}: {brief(str(error), 200)}" if str(error) else type(error).__name__
        return SweepError(
            f"map: the {self.tasks.name} {what} ({said}); {self.done} chunks from the first on are done{more}, and are "
            "this error's `result`. Go on with the others on an executor that runs, or on one that does again what a "
            "lost worker did, as Dask's does",
            self.done, self.errand.so_far(), further,
        )  # fmt: skip

    def _whole(self, number: int) -> Any:
        """The result of a chunk that is not the next, if all of it is there."""
        blocks = sorted((begin, x) for (n, begin), x in self._blocks.items() if n == number)
        if sum(block.end - block.begin for _, (block, _) in blocks) < blocks[0][1][0].total:
            return None
        whole, found = Joined(blocks[0][1][0].total, self.errand.worker.combine), None
        for _, (block, part) in blocks:
            found = whole.add(block.begin, block.end, part)
        return found

    def _hear(self, answered: Answered, blocks: list[Block]) -> None:
        """Take what came back."""
        if answered.unknown:
            self._send(blocks, whole=True)
            return
        for block, found, (seconds, making) in zip(blocks, answered.found, answered.seconds, strict=False):
            self.errand.pace.note(block.chunk, block.end - block.begin, seconds, making)
            self._blocks[block.number, block.begin] = block, self._made_whole(block, found)
            self.progress.add((block.end - block.begin) / block.total)
        self._take()
        if answered.error is not None:
            number, error = answered.error
            chunk = next(block.chunk for block in blocks if block.number == number)
            error.add_note(f"in chunk {number} of a sweep of {self.errand.name}: {brief(chunk)}; {self.done} were done")
            raise error

    def _made_whole(self, block: Block, found: Any) -> Any:
        """The result of a block; what a worker could not answer is answered here."""
        if not isinstance(found, list):
            return found
        missing = [k for k, x in enumerate(found, block.begin) if x is None]
        for k in missing:
            alone = work_on(self.errand.worker, [block._replace(begin=k, end=k + 1)])
            if alone.error is not None:
                self._hear(alone, [block])
            found[k - block.begin] = alone.found[0]
        whole = Joined(block.end - block.begin, self.errand.worker.combine)
        return [whole.add(k, k + 1, x) for k, x in enumerate(found)][-1]

    def _take(self) -> None:
        """Give the chunks on whose turn it is."""
        while (self.done, self._at) in self._blocks:
            block, found = self._blocks.pop((self.done, self._at))
            self._joined = self._joined or Joined(block.total, self.errand.worker.combine)
            whole = self._joined.add(block.begin, block.end, found)
            self._at = block.end
            if block.end == block.total:
                try:
                    self.errand.take(whole)
                except Exception as error:
                    error.add_note(f"when chunk {self.done} of a sweep of {self.errand.name} was added to those before")
                    raise
                self.done, self._at, self._joined = self.done + 1, 0, None
