"""A sweep that could not go on, and what it had done by then."""

from __future__ import annotations

from typing import Any

__all__ = ["SweepError"]


class SweepError(RuntimeError):
    """What ran the tasks of a sweep gave up: a worker was killed, say. It holds what was done.

    Attributes:
        done: How many chunks were done, counted from the first without a gap.
        result: Of these the results, or what they were reduced to; None if there are none to reduce.
        further: The results of chunks after the first that is missing, by their numbers; with a reduction none.

    `fast.map(chunks[error.done:], ...)` goes on from there.

    >>> from autograd import compile
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> executor = ThreadPoolExecutor(1)
    >>> executor.shutdown()
    >>> try:
    ...     compile(lambda x: x * x).map([(1.0,), (2.0,)], executor=executor)
    ... except SweepError as error:
    ...     print(error.done, error.result)
    0 []
    """

    def __init__(self, message: str, done: int = 0, result: Any = None, further: dict[int, Any] | None = None) -> None:
        super().__init__(message)
        self.done, self.result, self.further = done, result, further or {}

    def __reduce__(self) -> Any:
        return type(self), (self.args[0], self.done, self.result, self.further)
