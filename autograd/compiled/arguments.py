"""The arguments of a call, on which the function itself is run: row by row, recorded or by the eager engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd.recorded.absent import Absent
from autograd.recorded.paths import Path, Paths
from autograd.recorded.recordings import Left, Remade, added, crowded, record, split, warn_of_paths
from autograd.recorded.sampling import sample_of
from autograd.recorded.traced import Traced
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.values.value import Value

__all__ = ["Arguments", "FullError"]


class FullError(Exception):
    """There is no room for another path, and nobody wants rows to be run alone."""


@dataclass(slots=True)
class Arguments:
    """The arguments of a call of a function.

    Attributes:
        traced: The function.
        layout: Which inputs they become.
        leaves: What is in them.
        paths: Those for this layout.
    """

    traced: Traced
    layout: Layout
    leaves: list[Any]
    paths: Paths

    def record(
        self, row: int, place: tuple[Any, int] | None = None, pays: bool = True, left: Left | None = None
    ) -> Path | None:
        """The path of a row, kept from now on; None if there is no room for it. The function's lock is held.

        Args:
            row: Which.
            place: Where in the code it leaves the path that it was on, if that is known.
            pays: Whether it is worth it; if not, it is as if there were no room.
            left: Tells of the rows that are being sorted how many there are, and how many are on none of the paths.

        Raises:
            TypeError: the results are of another structure than along the path that was recorded first.
            AbsentError: the function did not come along.
            FullError: there is no room, and the function is strict about it.
            Remade: there are other paths by now, on which no row is sorted yet.
        """
        traced, paths = self.traced, self.paths
        now = traced.paths.get(self.layout, paths)
        if now is not paths and now.all:  # as another call has found
            self.paths = now
            raise Remade
        if isinstance(traced.function, Absent):
            raise traced.function.error()
        if len(paths.all) >= paths.most or not pays:
            if traced.strict:
                raise FullError
            self.paths = crowded(traced, self.layout, self.leaves, row, paths, place)
            if self.paths is not paths:
                raise Remade
            warn_of_paths(traced, self.layout)
            return None
        path = record(traced, self.layout, self.leaves, row, paths.decisions)
        known = paths.beginning_with(path.outcomes)
        if known is not None and known.outcomes == path.outcomes:
            return known
        self.require_same_structure(path.results, row)
        self.paths = added(traced, self.layout, self.leaves, row, paths, path, left)
        if self.paths is not paths:
            raise Remade
        return path

    def doubt(self, row: int) -> bool:
        """Record a row that is on a path once more, with what is merged being checked on it; whether that was wrong.

        The function's lock is held. If it was, there are other paths.
        """
        paths = self.paths
        path = record(self.traced, self.layout, self.leaves, row, paths.decisions)
        if paths.decisions.facts() == paths.facts:
            return False
        self.paths = added(self.traced, self.layout, self.leaves, row, paths, path)
        return True

    def are_scattered(self, n: int, numbers: Callable[[list[int]], list[list[float]]], row: int) -> bool:
        """Whether hardly two of n rows have a path in common, by some that are tried. The function's lock is held.

        Args:
            n: How many there are.
            numbers: Gives the inputs of some of them.
            row: The number in the batch of one that is recorded where branches can be merged.

        Raises:
            Remade: as of `record`.
        """
        paths, tried = self.paths, sample_of(self.traced, self.layout, self.leaves, self.paths, n, numbers)
        if tried is None or not tried.is_scattered(n):
            return False
        paths.examples = tried.numbers
        paths.splits = tried.splits() | paths.splits
        self.paths = split(self.traced, self.layout, self.leaves, row, paths)
        if self.paths is not paths:
            raise Remade
        return True

    def own_path(self, row: int) -> Path:
        """The path of a row, recorded for this call alone."""
        return record(self.traced, self.layout, self.leaves, row, self.paths.decisions)

    def name_row(self, error: BaseException, row: int) -> None:
        """Have an error say in which row of a batch it came about."""
        if self.layout.batched:
            error.add_note(f"in row {row} of the batch")

    def as_results(self, result: Any, row: int) -> list[Value]:
        """The Values in what the function gave for a row; of a number a constant."""
        results = Results(result, self.traced.name)
        self.require_same_structure(results, row)
        return [x if isinstance(x, Value) else Value(x).detach() for x in results.values]

    def require_same_structure(self, results: Results, row: int) -> None:
        """Refuse results of another structure than those of the path that was recorded first."""
        first = self.paths.all[0].results if self.paths.all else results
        if results.key() != first.key():
            raise TypeError(
                f"{self.traced.name}: the structure of its result depends on the path: {results} on row {row}, {first} "
                "before"
            )
