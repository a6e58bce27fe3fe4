"""A chunk in pieces, and their results put together.

Pieces are of a fixed number of rows. A task takes as many as its time allows, so which pieces come together depends on
the machine; how their results are added up must not. They are added along a binary tree over the numbers of the pieces:
a task takes an aligned block of pieces, whose results make one subtree whatever else is in the task.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from autograd.sweeps.chunks import GRAIN, is_divisible

__all__ = ["Joined", "block_end", "count_pieces", "joined", "piece"]

Found = TypeVar("Found")


def count_pieces(chunk: Any, divisible: bool) -> int:
    """In how many pieces a chunk is worked on.

    Args:
        chunk: A chunk.
        divisible: Whether the function takes batches at all.
    """
    if not divisible or not is_divisible(chunk):
        return 1
    return max(-(-int(chunk.rows) // int(getattr(chunk, "grain", GRAIN))), 1)


def piece(chunk: Any, k: int, count: int) -> Any:
    """A piece of a chunk, by its number."""
    if count == 1:
        return chunk
    grain = getattr(chunk, "grain", GRAIN)
    return chunk.part(k * grain, min((k + 1) * grain, chunk.rows))


def block_end(begin: int, count: int, most: float) -> int:
    """Where the block ends that begins with a piece: it is aligned, and of at most so many pieces.

    >>> [block_end(0, 100, 5.0), block_end(4, 100, 9.0), block_end(96, 100, 99.0), block_end(3, 100, 0.1)]
    [4, 8, 100, 4]
    """
    size = 1
    while 2 * size <= most and begin % (2 * size) == 0 and begin + size < count:
        size *= 2
    return min(begin + size, count)


def joined(found: Sequence[Found], combine: Callable[[Found, Found], Found]) -> Found:
    """The results of a block as one: left is the largest power of two of them, right is the rest, and so on.

    >>> joined("abcdefg", lambda x, y: f"({x}{y})")
    '(((ab)(cd))((ef)g))'
    """
    if len(found) == 1:
        return found[0]
    left = 1 << (len(found) - 1).bit_length() - 1
    return combine(joined(found[:left], combine), joined(found[left:], combine))


class Joined:
    """The result of a chunk, of those of its blocks, given in order: as `joined` makes it of all of its pieces.

    >>> all_of_it = Joined(7, lambda x, y: f"({x}{y})")
    >>> all_of_it.add(0, 2, "(ab)"), all_of_it.add(2, 4, "(cd)"), all_of_it.add(4, 7, "((ef)g)")
    (None, None, '(((ab)(cd))((ef)g))')
    """

    def __init__(self, count: int, combine: Callable[[Any, Any], Any]) -> None:
        self.count, self._combine = count, combine
        self._waiting: list[tuple[int, Any]] = []  # sizes, and results of what is left of where it goes on

    def add(self, begin: int, end: int, found: Any) -> Any:
        """Add a block; the result of the chunk, if it was the last."""
        size = end - begin
        while self._waiting and self._waiting[-1][0] == size and size & (size - 1) == 0:
            found = self._combine(self._waiting.pop()[1], found)
            size *= 2
        self._waiting.append((size, found))
        if end < self.count:
            return None
        while len(self._waiting) > 1:
            _, right = self._waiting.pop()
            size, left = self._waiting.pop()
            self._waiting.append((size, self._combine(left, right)))
        return self._waiting[0][1]
