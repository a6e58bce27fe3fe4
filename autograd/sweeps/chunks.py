"""Chunks: tuples of arguments, and descriptions of them, which a worker makes the arguments of.

A description is any object that can be pickled and has a method `arguments()`, which gives the tuple. If it also has
a number `rows` and a method `part(start, stop)`, which gives the description of some of the rows, it is worked on in
pieces of `grain` rows. How it is cut never depends on who works on it, so neither do the results.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from autograd.border.wording import brief

__all__ = ["GRAIN", "Draws", "RowsOf", "arguments_of", "is_divisible"]

GRAIN = 2**14
"""So many rows of a description are a piece."""


class Draws:
    """A chunk of arguments that are drawn where they are needed: what travels is a seed and a count.

    Args:
        draw: Gives arguments, a tuple or one array, for a `numpy.random.Generator` and how many rows are wanted.
        count: How many rows there are.
        seed: A whole number from 0, or several: the chunks of a sweep have a seed each, such as `(2024, k)`.

    What is drawn depends on the seed and the count alone: of each 16,384 rows a generator of their own draws.

    Raises:
        TypeError: `draw` cannot be called, or `count` is no whole number.
        ValueError: the count or a seed is below 0.

    >>> def draw(rng, rows):
    ...     return rng.standard_normal(rows), rng.uniform(0.1, 0.3, rows)
    >>> z, sigma = Draws(draw, 100_000, seed=(2024, 0)).arguments()
    >>> z.shape, bool((z[:16_384] == Draws(draw, 16_384, seed=(2024, 0)).arguments()[0]).all())
    ((100000,), True)
    """

    grain = GRAIN

    def __init__(self, draw: Callable[[Any, int], Any], count: int, seed: int | Sequence[int]) -> None:
        if not callable(draw):
            raise TypeError(f"Draws: draw is a function of a generator and a count, got {brief(draw)}")
        several = isinstance(seed, Sequence) or getattr(seed, "shape", None)
        seeds: list[Any] = [*seed] if several else [seed]  # type: ignore[misc]
        for name, x in [("count", count), *(("seed", x) for x in seeds)]:
            if isinstance(x, bool) or not hasattr(x, "__index__"):
                raise TypeError(f"Draws: {name} is a whole number, got {brief(x)}")
            if int(x) < 0:
                raise ValueError(f"Draws: {name} is a number from 0, got {brief(x)}")
        self.draw, self.rows, self.seed = draw, int(count), tuple(map(int, seeds))
        self._first = 0

    def part(self, start: int, stop: int) -> Draws:
        """Some of the rows; `start` is the beginning of a piece."""
        found = Draws(self.draw, stop - start, self.seed)
        found._first = self._first + start // self.grain
        return found

    def arguments(self) -> tuple[Any, ...]:
        """The arguments, drawn."""
        import numpy as np

        drawn = []
        for k, start in enumerate(range(0, max(self.rows, 1), self.grain), self._first):
            rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(k,)))
            found = self.draw(rng, min(self.rows - start, self.grain))
            drawn.append(found if isinstance(found, tuple) else (found,))
        if len(drawn) == 1:
            return drawn[0]
        return tuple([np.concatenate(x) if getattr(x[0], "shape", ()) else x[0] for x in zip(*drawn, strict=True)])

    def __repr__(self) -> str:
        return f"Draws({getattr(self.draw, '__name__', 'draw')}, {self.rows}, seed={self.seed})"


class RowsOf:
    """A chunk of some rows of arrays: of files, which a worker maps into its memory, or of arrays that are here.

    Args:
        sources: An argument each: the path of a `.npy` file or an array, of which the rows are taken, along the first
            axis; what is neither stays as it is.
        start, stop: Which rows; None is to the end.
        whole: The numbers of those sources that are no batches: they are given as a whole.

    Of a file its path travels, of an array the rows.

    Raises:
        TypeError: no source has rows.
        ValueError: the sources differ in how many rows they have, or there are no such rows.
        OSError: a file cannot be read.

    >>> import numpy as np
    >>> chunk = RowsOf(np.arange(10.0), 3.0, start=2, stop=5)
    >>> chunk.arguments(), chunk.rows
    ((array([2., 3., 4.]), 3.0), 3)
    """

    grain = GRAIN

    def __init__(self, *sources: Any, start: int = 0, stop: int | None = None, whole: Collection[int] = ()) -> None:
        self.sources = tuple([os.path.abspath(x) if isinstance(x, (str, Path)) else x for x in sources])
        self.whole = frozenset(whole)
        lengths = {len(opened(x)) for k, x in enumerate(self.sources) if self.has_rows(k)}
        if not lengths:
            raise TypeError("RowsOf: no source has rows: give the path of a .npy file, or an array")
        if len(lengths) > 1:
            raise ValueError(f"RowsOf: the sources have different numbers of rows: {sorted(lengths)}")
        length = lengths.pop()
        self.start, self.stop = start, length if stop is None else stop
        if not 0 <= self.start <= self.stop <= length:
            raise ValueError(f"RowsOf: there are {length} rows; got start={start}, stop={stop}")

    def has_rows(self, k: int) -> bool:
        """Whether of a source the rows are taken."""
        x = self.sources[k]
        return k not in self.whole and (isinstance(x, str) or bool(getattr(x, "shape", ())))

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.stop - self.start

    def part(self, start: int, stop: int) -> RowsOf:
        """Some of the rows."""
        return self._between(self.sources, self.start + start, self.start + stop)

    def _between(self, sources: tuple[Any, ...], start: int, stop: int) -> RowsOf:
        """Other rows of sources that were looked at before."""
        found = RowsOf.__new__(RowsOf)
        found.sources, found.start, found.stop, found.whole = sources, start, stop, self.whole
        return found

    def arguments(self) -> tuple[Any, ...]:
        """The arguments; those of files are read when they are used."""
        found = []
        for k, x in enumerate(self.sources):
            whole = opened(x)
            found.append(whole[self.start : self.stop] if self.has_rows(k) else whole)
        return tuple(found)

    def __getstate__(self) -> dict[str, Any]:
        here = any(self.has_rows(k) and not isinstance(x, str) for k, x in enumerate(self.sources))
        if not here:
            return dict(self.__dict__)
        taken = [
            opened(x)[self.start : self.stop] if self.has_rows(k) else x for k, x in enumerate(self.sources)
        ]  # files too: all of them then begin at the same row
        return self._between(tuple(taken), 0, self.rows).__dict__

    def __repr__(self) -> str:
        names = ", ".join(os.path.basename(x) if isinstance(x, str) else type(x).__name__ for x in self.sources)
        return f"RowsOf({names}, start={self.start}, stop={self.stop})"


def opened(source: Any) -> Any:
    """The array in a file, mapped into memory; anything else as it is."""
    import numpy as np

    return np.load(source, mmap_mode="r") if isinstance(source, str) else source


def arguments_of(chunk: Any) -> tuple[Any, ...]:
    """The arguments of a chunk.

    Raises:
        TypeError: it is no chunk, or its method gives something else.
    """
    if type(chunk) is tuple:
        return chunk
    make = getattr(chunk, "arguments", None)
    if not callable(make):
        raise TypeError(
            f"a chunk is a tuple of arguments, or an object with a method `arguments` that gives one; got a "
            f"{type(chunk).__name__}, {brief(chunk)}"
        )
    found = make()
    if not isinstance(found, tuple):
        raise TypeError(f"{brief(chunk)}.arguments() gave a {type(found).__name__}: it is to give a tuple of arguments")
    return found


def is_divisible(chunk: Any) -> bool:
    """Whether a chunk says how to take some of its rows."""
    return type(chunk) is not tuple and isinstance(getattr(chunk, "rows", None), int) and hasattr(chunk, "part")
