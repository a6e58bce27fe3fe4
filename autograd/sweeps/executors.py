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

    Attributes:
        name: What a message calls it.
        workers: How many tasks it runs at once, as far as it tells.
        here: Whether its tasks run in this process.

    Raises:
        TypeError: it cannot run tasks.
    """

    def __init__(self, executor: Any, threads: int) -> None:
        self._own = ThreadPoolExecutor(threads, thread_name_prefix="sweep") if executor is None else None
        self._given: Any = executor if executor is not None else self._own
        kind = type(self._given)
        self.name = kind.__name__
        if kind.__module__ == "multiprocessing.pool" and self.name != "ThreadPool":
            raise TypeError(
                "map: a multiprocessing.Pool never answers for a worker that was killed: give a "
                "concurrent.futures.ProcessPoolExecutor in its place"
            )
        if not hasattr(self._given, "submit") and not hasattr(self._given, "apply_async"):
            raise TypeError(
                "map: executor is a concurrent.futures.Executor (a ProcessPoolExecutor, loky's, mpi4py.futures', or "
                f"client.get_executor() of Dask), or None for threads; got {brief(executor)}"
            )
        self.here = isinstance(self._given, ThreadPoolExecutor)
        self.workers = workers_of(self._given)

    def submit(self, function: Callable[..., Any], *args: Any) -> Any:
        """The future of a task."""
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
