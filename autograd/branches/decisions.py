"""Decisions: which lines of functions are merged, and which places could not be; and one run under them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.branches.conditions import Failure
from autograd.branches.merging import Merger
from autograd.sources.expressions import Site
from autograd.sources.rewriting import Rewritten

__all__ = ["Decisions", "Run"]

MOST_FAILURES = 60
"""After so many places that could not be merged, none is."""


class Decisions:
    """What is merged, of the functions that run when one is recorded.

    Attributes:
        every: Whether all is, that may be.
        lines: Else where: files and lines.
        refused: Places that could not be merged when that was tried, and why.
        trips: Of a loop, the longest number of rounds seen.
        bounds: Of a loop, after how many rounds a guard says that no row goes on.
        used: Places that were merged.
        tried: Lines that were to be merged, with no use: they are not tried again.
        given_up: Places that could not be merged then, and why.
        unsafe: Places that are guards because of what their branches do, and what that is.
        unread: Functions that could not be rewritten, and why.
        texts: The source of functions that were.
    """

    def __init__(self, every: bool = False, lines: Iterable[tuple[str, int]] = ()) -> None:
        self.every, self.lines = every, set(lines)
        self.refused: dict[Site, str] = {}
        self.trips: dict[Site, int] = {}
        self.bounds: dict[Site, int] = {}
        self.used: dict[Site, None] = {}
        self.tried: set[tuple[str, int]] = set()
        self.given_up: dict[Site, str] = {}
        self.unsafe: dict[Site, str] = {}
        self.unread: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def wants(self, site: Site) -> bool:
        """Whether comparisons of a place are to be conditions."""
        return self.every or any((site.file, line) in self.lines for line in range(site.line, site.end + 1))

    def refuse(self, site: Site, reason: str) -> None:
        """Have a place be a guard from now on."""
        self.refused.setdefault(site, reason)
        if len(self.refused) > MOST_FAILURES:
            self.give_up()

    def give_up(self) -> None:
        """Merge nothing any more."""
        self.tried |= self.lines
        self.every, self.lines = False, set()

    def facts(self) -> tuple[int, ...]:
        """What guards depend on: a number of each kind that grows."""
        return len(self.refused), len(self.bounds), self.merging()

    def merging(self) -> bool:
        """Whether anything is merged at all."""
        return self.every or bool(self.lines)


class Run:
    """One run of a function.

    Args:
        decisions: What is merged.
        follow: What stands in for a thing that is called.

    Attributes:
        active: The branches of which both sides are run at this moment, outermost first.
        last: The place that was merged last.
        known: The code of functions that were rewritten, with what was found of them.
    """

    def __init__(self, decisions: Decisions, follow: Callable[[Any], Any]) -> None:
        self.decisions, self.follow = decisions, follow
        self.active: list[Site] = []
        self.last: Site | None = None
        self.failed: Failure | None = None
        self.known: dict[Any, Rewritten] = {}
        self.merger = Merger()
        self._wanted: dict[Site, bool] = {}

    def wanted(self, site: Site) -> bool:
        """Whether comparisons at a place are to be conditions."""
        found = self._wanted.get(site)
        if found is None:
            found = self._wanted[site] = self.decisions.wants(site) and site not in self.decisions.refused
        return found

    def fail(self, reason: str, site: Site | None = None) -> Failure:
        """The failure of a place: of the innermost branch that both sides of are run, else of the last."""
        found = Failure(site or (self.active[-1] if self.active else self.last), reason)
        self.failed = self.failed or found
        return found

    def blame(self, error: BaseException) -> None:
        """Send the place that an error is due to back to guards; everything, if that is nowhere."""
        found = self.failed or (error if isinstance(error, Failure) else None)
        site = (found and found.site) or (self.active[-1] if self.active else self.last)
        if site is None or isinstance(error, RecursionError):
            self.decisions.give_up()
            return
        reason = f"{type(error).__name__}: {error}" if found is None else str(found)
        known = len(self.decisions.refused)
        self.decisions.refuse(site, reason)
        if (
            len(self.decisions.refused) == known
        ):  # it was a guard already, and is not to blame: nothing is merged any more
            self.decisions.give_up()

    def merges(self, site: Site) -> bool:
        """Whether a condition at a place is kept open; note that it is."""
        if site.refusal:
            self.decisions.unsafe[site] = site.refusal
        if site.refusal or site in self.decisions.refused:
            return False
        self.decisions.used[site] = None
        self.last = site
        return True
