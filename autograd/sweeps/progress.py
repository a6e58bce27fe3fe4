"""A bar that tells how far a sweep is."""

from __future__ import annotations

from typing import Any

__all__ = ["Progress"]


class Progress:
    """A bar of tqdm's, where one is wanted and standard error is a terminal.

    Args:
        wanted: False for none, True, or its title.
        title: Its title otherwise.
        total: How many chunks there are, if that is known.

    Raises:
        ImportError: tqdm is not installed.
    """

    def __init__(self, wanted: bool | str, title: str, total: int | None) -> None:
        self._bar: Any = None
        if not wanted:
            return
        try:
            from tqdm import tqdm
        except ImportError:
            raise ImportError("map: progress needs tqdm, which is not installed: pip install tqdm") from None
        self._bar = tqdm(total=total, desc=wanted if isinstance(wanted, str) else title, unit="chunk", disable=None)
        self._done = 0.0

    def add(self, share: float) -> None:
        """So much of a chunk is done."""
        if self._bar is not None:
            before, self._done = self._done, self._done + share
            self._bar.update(round(round(self._done, 2) - round(before, 2), 2))

    def close(self) -> None:
        """The end."""
        if self._bar is not None:
            self._bar.close()
