"""Whatever runs tasks: any `concurrent.futures.Executor`, threads if none is given, and pools with `apply_async`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from autograd.border.wording import brief

__all__ = ["Tasks"]

UNKNOWN = 16
"""So many workers an executor is taken to have that does not tell."""


class Tasks:
    """An executor, as a sweep uses it.

    Args:
        executor: What a user gave; None is threads.
        threads: How many of these.
        at_once: Whether tasks are run where they are given, one after the other, and the executor is not asked.

    Attributes:
        name: What a message calls it.
        workers: How many tasks it runs at once, as far as it tells.
        here: Whether its tasks run in this process.

    Raises:
        TypeError: it cannot run tasks.
    """

    def __init__(self, executor: Any, threads: int, at_once: bool = False) -> None:
        self._at_once = at_once
        self._own = ThreadPoolExecutor(threads, thread_name_prefix="sweep") if executor is None else None
        self._given: Any = executor if executor is not None else self._own
        kind = type(self._given)
        self.name = kind.__name__
        if kind.__module__ == "multiprocessing.pool" and self.name != "ThreadPool":
            raise TypeError(
                "map: a multiprocessing.Pool never answers for a worker that was killed: give a "
                "concurrent.futures.ProcessPoolExecutor in its place"
            )
        runs_tasks = hasattr(self._given, "submit") or hasattr(self._given, "apply_async")
        if isinstance(self._given, type) or not runs_tasks:
            raise TypeError(
                "map: executor is a concurrent.futures.Executor (a ProcessPoolExecutor, loky's, mpi4py.futures', or "
                f"client.get_executor() of Dask), or None for threads; got {brief(executor)}"
            )
        self.here = at_once or isinstance(self._given, ThreadPoolExecutor)
        self.workers = 1 if at_once else workers_of(self._given)

    def submit(self, function: Callable[..., Any], *args: Any) -> Any:
        """The future of a task."""
        if self._at_once:
            done: Future[Any] = Future()
            done.set_result(function(*args))
            return done
        if hasattr(self._given, "submit"):
            return self._given.submit(function, *args)
        future: Future[Any] = Future()  # as Ray's pool is, and threads of multiprocessing
        future.set_running_or_notify_cancel()
        self._given.apply_async(function, args, callback=future.set_result, error_callback=future.set_exception)
        return future

    def close(self) -> None:
        """End the threads, if they are ours."""
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)


def workers_of(executor: Any) -> int:
    """How many tasks an executor runs at once."""
    client = getattr(executor, "_client", None)  # Dask's
    try:
        found = sum(client.nthreads().values()) if client is not None else None
        for name in ("_max_workers", "num_workers", "_processes"):
            found = found or getattr(executor, name, None)
    except Exception:  # it was shut down, or lost its workers: the first task will tell
        found = None
    return found if isinstance(found, int) and found > 0 else UNKNOWN
