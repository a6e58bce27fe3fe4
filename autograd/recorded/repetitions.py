"""Memoised calls: the cache of repetitions, the fast path that answers calls like earlier ones in C."""

from __future__ import annotations

from collections.abc import Collection
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from autograd._build import native

C = TypeVar("C")

if native:
    from autograd.recorded.repetition import find
if native and not TYPE_CHECKING:
    from autograd.recorded.shortcut import Hastened, hasten
else:

    class Hastened:
        """What a compiled function is, where no call is answered in C."""

        def _hasten(self, repetitions: Repetitions) -> None:
            """Answer by these repetitions from now on."""

    def hasten(cls: type[C]) -> type[C]:
        """The class, with a quicker way laid over its methods: there is none."""
        return cls


__all__ = ["Hastened", "Repetitions", "hasten"]

KINDS_OF_CALLS = 64
"""For so many layouts of arguments and paths, calls are repeated without a look at them in Python."""


class Repetitions:
    """The repetitions of a function: of each question a few, the likeliest first.

    Args:
        lock: The function's, held while the order changes.

    A key is what is asked: a kind, and `argnums`. A way is the path or the fork that a repetition takes.

    Attributes:
        kept: The repetitions, by key.
        shortcuts: By which of them calls of plain floats are answered: see shortcut.pyx.
    """

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self.kept: dict[Any, tuple[Any, ...]] = {}
        self._aside: dict[Any, tuple[Any, ...]] = {}
        self._tried: set[tuple[Any, Any]] = set()  # keys and ways: repetitions have been made, or cannot be
        self._resting = False
        self.shortcuts: list[Any] = []

    if native:
        find = find  # in C, as all that a repeated call goes through

    def bring_forward(self, key: Any, repetition: Any) -> None:
        """Ask this one first from now on."""
        with self._lock:
            known = self.kept.get(key)
            if known is not None:  # still
                self.kept[key] = (repetition, *[x for x in known if x is not repetition])

    def wants(self, key: Any, way: Any) -> bool:
        """True, if a repetition may be kept that has not been tried."""
        return not self._resting and len(self.kept.get(key, ())) < KINDS_OF_CALLS and (key, way) not in self._tried

    def keep(self, key: Any, way: Any, repetition: Any) -> None:
        """Store the repetition for a question and a way, or None as a note that none can be made.

        What follows several paths comes first: it can do what those of one can.
        """
        with self._lock:
            if not self.wants(key, way):  # any more
                return
            if repetition is not None:
                known = [x for x in self.kept.get(key, ()) if x.fork is None or not x.fork.retired]
                self.kept[key] = (*known, repetition) if repetition.fork is None else (repetition, *known)
            self._tried = {x for x in self._tried if not getattr(x[1], "retired", False)}
            self._tried.add((key, way))

    def forget(self, ways: Collection[Any]) -> None:
        """Let these ways be tried again: they are gone."""
        self._tried = {(key, way) for key, way in self._tried if way not in ways}

    def take_hits(self) -> int:
        """The number of calls answered since this was last asked."""
        kept = [repetition for known in self.kept.values() for repetition in known]
        hits: int = sum(repetition.hits for repetition in kept)
        for repetition in kept:
            repetition.hits = 0
        return hits

    def rest(self) -> None:
        """Answer nothing, and keep nothing more, until `resume`."""
        self._resting = True
        self.shortcuts.clear()
        self._aside, self.kept = {**self._aside, **self.kept}, {}

    def resume(self) -> None:
        """Answer again."""
        self._resting = False
        if self._aside:
            self.kept, self._aside = {**self._aside, **self.kept}, {}
