"""A progress bar that nothing depends on: where it cannot be shown, training goes on without one."""

import sys
from contextlib import suppress
from typing import Any

from nn.checks import import_extra

__all__ = ["Bar"]


class Bar:
    """How far training is, on standard error, if that is a terminal.

    Args:
        title: What stands before it; "" for no bar at all.
        total: How many epochs there are.
        done: How many are done already.
        required: Whether tqdm must be there; else there is no bar without it.

    Raises:
        ImportError: it needs tqdm, which is not installed.

    >>> bar = Bar("", total=3)
    >>> bar.update("loss 0.5")
    >>> bar.close()
    """

    def __init__(self, title: str, total: int, done: int = 0, required: bool = True) -> None:
        self._bar: Any = None
        tqdm = None
        try:
            tqdm = import_extra("tqdm").tqdm if title else None
        except ImportError:
            if required:
                raise
        if tqdm is not None and sys.stderr is not None:  # pythonw has none, nor has what was started with 2>&-
            with suppress(Exception):  # whatever stands in the way: closed, full, of another alphabet
                self._bar = tqdm(total=total, initial=done, desc=title, disable=None)

    def update(self, text: str) -> None:
        """One epoch more, with what there is to say of it; what cannot be shown is not tried again."""
        if self._bar is not None:
            try:
                self._bar.set_postfix_str(text, refresh=False)
                self._bar.update()
            except Exception:
                self.close()

    def close(self) -> None:
        """Leave the bar as it stands."""
        bar, self._bar = self._bar, None
        if bar is not None:
            with suppress(Exception):
                bar.close()
