"""The cache of repetitions: what answers calls like those before, with no Python in between."""

from __future__ import annotations

from collections.abc import Collection
from threading import RLock
from typing import Any

from autograd._build import native

if native:
    from autograd.compiled.repetition import repeated

__all__ = ["Repetitions"]

KINDS_OF_CALLS = 64
"""For so many layouts of arguments and paths, calls are repeated without a look at them in Python."""


class Repetitions:
    """The repetitions of a function: of each question a few, the likeliest first.

    Args:
        lock: The function's, held while the order changes.

    A key is what is asked: a kind, and `argnums`. A way is the path or the fork that a repetition takes.
    """

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._kept: dict[Any, tuple[Any, ...]] = {}
        self._aside: dict[Any, tuple[Any, ...]] = {}
        self._tried: set[tuple[Any, Any]] = set()  # keys and ways: repetitions have been made, or cannot be
        self._resting = False

    def find(self, kind: str, argnums: Any, args: tuple[Any, ...], others: Any) -> Any:
        """The answer to a call, and the repetition that knew it; None, if none does.

        Args:
            kind, argnums: The key, if `argnums` can be part of one.
            args: The arguments of the call.
            others: Those by keyword, or tangents.
        """
        found = repeated(self._kept, kind, argnums, args, others)
        if found is not None and found[2]:
            key = kind, argnums
            with self._lock:
                rest = [x for x in self._kept.get(key, ()) if x is not found[1]]
                self._kept[key] = (found[1], *rest)
        return found

    def wants(self, key: Any, way: Any) -> bool:
        """True, if a repetition may be kept that has not been tried."""
        return not self._resting and len(self._kept.get(key, ())) < KINDS_OF_CALLS and (key, way) not in self._tried

    def keep(self, key: Any, way: Any, repetition: Any) -> None:
        """Keep what was made for a question and a way, and the memory of having tried: it may be None.

        What follows several paths comes first: it can do what those of one can.
        """
        with self._lock:
            if not self.wants(key, way):  # any more
                return
            if repetition is not None:
                known = [x for x in self._kept.get(key, ()) if x.fork is None or not x.fork.retired]
                self._kept[key] = (*known, repetition) if repetition.fork is None else (repetition, *known)
            self._tried = {x for x in self._tried if not getattr(x[1], "retired", False)}
            self._tried.add((key, way))

    def forget(self, ways: Collection[Any]) -> None:
        """Let these ways be tried again: they are gone."""
        self._tried = {(key, way) for key, way in self._tried if way not in ways}

    def take_hits(self) -> int:
        """The number of calls answered since this was last asked."""
        kept = [repetition for known in self._kept.values() for repetition in known]
        hits: int = sum(repetition.hits for repetition in kept)
        for repetition in kept:
            repetition.hits = 0
        return hits

    def rest(self) -> None:
        """Answer nothing, and keep nothing more, until `resume`."""
        self._resting = True
        self._aside, self._kept = {**self._aside, **self._kept}, {}

    def resume(self) -> None:
        """Answer again."""
        self._resting = False
        if self._aside:
            self._kept, self._aside = {**self._aside, **self._kept}, {}
