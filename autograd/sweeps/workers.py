"""What a task is, and what a worker does with it.

A worker keeps what it has unpacked by the hash of the parcel: a task says the hash, and if the worker does not know it
says so and gets the task again with the parcel.
"""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple, Protocol

from autograd.border.forking import in_forked_processes
from autograd.sweeps.chunks import arguments_of
from autograd.sweeps.memory import keeping_memory
from autograd.sweeps.pieces import joined, piece

__all__ = ["Answered", "Block", "Worker", "work", "work_on"]

MOST_KEPT = 8
"""So many parcels a process keeps unpacked, the latest."""


class Worker(Protocol):
    """What answers for the arguments of a piece."""

    def answer(self, arguments: tuple[Any, ...]) -> Any:
        """The result of a piece; None if it cannot be had here."""
        ...

    def combine(self, left: Any, right: Any) -> Any:
        """The result of two neighbours."""
        ...


class Block(NamedTuple):
    """Some pieces of a chunk, one after the other.

    Attributes:
        number: The chunk's.
        chunk: What it is.
        begin, end: Which pieces.
        total: How many the chunk has.
    """

    number: int
    chunk: Any
    begin: int
    end: int
    total: int


@dataclass
class Answered:
    """What comes back of a task.

    Attributes:
        found: Of each block the result; or a list with that of each piece, where some are None.
        seconds: How long each took, and of that how long the making of its arguments.
        error: What was raised, if anything was, and in which chunk.
        unknown: Whether the parcel is needed.
    """

    found: list[Any] = field(default_factory=list)
    seconds: list[tuple[float, float]] = field(default_factory=list)
    error: tuple[int, BaseException] | None = None
    unknown: bool = False


_kept: dict[bytes, Any] = {}
_lock = Lock()


def renew_lock() -> None:
    """In a forked process: another thread may have held it."""
    global _lock
    _lock = Lock()


in_forked_processes(renew_lock)


def work(mark: bytes, parcel: bytes | None, packed: bytes, number: int) -> Answered:
    """The answer of a task, on whatever process it came to.

    Args:
        mark: The hash of the parcel.
        parcel: What is unpacked to a `Worker`, or None where it may be known.
        packed: The blocks.
        number: Of the task: with it no two are alike, which is what Dask tells tasks by.
    """
    with _lock:
        worker = _kept.pop(mark, None)
        if worker is None and parcel is None:
            return Answered(unknown=True)
        if worker is None:
            worker = pickle.loads(parcel)  # type: ignore[arg-type]
        _kept[mark] = worker  # the latest comes last
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    answered = work_on(worker, pickle.loads(packed))
    if answered.error is not None:
        answered.error = (answered.error[0], sendable(answered.error[1]))
    return answered


def work_on(worker: Worker, blocks: list[Block]) -> Answered:
    """The answer of a task, by a worker that is here."""
    answered = Answered()
    with keeping_memory():
        for block in blocks:
            try:
                answer_block(worker, block, answered)
            except Exception as error:
                answered.error = (block.number, error)
                break
    return answered


def answer_block(worker: Worker, block: Block, answered: Answered) -> None:
    """Add the result of a block, and how long it took."""
    begun, making, found = time.perf_counter(), 0.0, []
    for k in range(block.begin, block.end):
        result, seconds = answer_of(worker, block.chunk, k, block.total)
        found.append(result)
        making += seconds
    whole = all(x is not None for x in found)
    answered.found.append(joined(found, worker.combine) if whole else found)
    answered.seconds.append((time.perf_counter() - begun, making))


def answer_of(worker: Worker, chunk: Any, k: int, total: int) -> tuple[Any, float]:
    """The result of a piece, and how long the making of its arguments took; they are gone before the next are made."""
    begun = time.perf_counter()
    arguments = arguments_of(piece(chunk, k, total))
    making = time.perf_counter() - begun
    return worker.answer(arguments), making


def sendable(error: BaseException) -> BaseException:
    """An exception that can be pickled and read again; of one that cannot what it says."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        found = RuntimeError(f"{type(error).__name__}: {error}")
        for note in getattr(error, "__notes__", ()):
            found.add_note(note)
        return found
    return error
