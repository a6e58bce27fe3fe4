"""Decisions: which lines of functions are merged, and which places could not be; and one run under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from autograd.branches.conditions import Condition, Failure, peeked
from autograd.branches.merging import Merger
from autograd.sources.expressions import Site
from autograd.sources.rewriting import Rewritten

__all__ = ["Calls", "Decisions", "Noted", "Run"]

MOST_FAILURES = 60
"""After so many places that could not be merged, none is."""


FEW_CALLS = 16
"""A function that calls itself no more often does so as it likes."""

Noted = tuple[Site, Any, tuple[tuple[Any, bool], ...]]


class Decisions:
    """What is merged, of the functions that run when one is recorded.

    Attributes:
        every: Whether all is, that may be.
        lines: Else where: files and lines.
        refused: Places that could not be merged when that was tried, and why.
        trips: Of a loop, the longest number of rounds seen.
        counts_of: Of a loop, how often it went round, where that is counted.
        usual: Of a loop that no row comes to twice, so many rounds that three rows of four need no more.
        bounds: Of a loop, after how many rounds a guard says that no row goes on.
        guessed: Loops of which that is not known: no row has told that came to them, nor those that were counted.
        guarded: Of a loop, how many such guards a path has at the most.
        used: Places that were merged.
        opened: Comparisons of which at least one was not decided in the end: it became part of a select.
        decided: The lines of those of which at least one was, and those where that was asked for.
        tried: Lines that were to be merged, with no use: they are not tried again.
        given_up: Places that could not be merged then, and why.
        unsafe: Places that are guards because of what their branches do, and what that is.
        unread: Functions that could not be rewritten, and why.
        texts: The source of functions that were.
        watched: Whether runs note every comparison.
        counts: Whether runs are there to count the rounds of loops.
        batched: Whether there are other rows than the one that is being recorded.
        counted: Whether rows have been counted, for the row that is being recorded.
    """

    def __init__(self, every: bool = False, lines: Iterable[tuple[str, int]] = ()) -> None:
        self.every, self.lines = every, set(lines)
        self.refused: dict[Site, str] = {}
        self.trips: dict[Site, int] = {}
        self.counts_of: dict[Site, list[int]] = {}
        self.usual: dict[Site, int] = {}
        self.bounds: dict[Site, int] = {}
        self.guessed: set[Site] = set()
        self.guarded: dict[Site, int] = {}
        self.used: dict[Site, None] = {}
        self.opened: dict[Site, None] = {}
        self.decided: dict[tuple[str, int], None] = {}
        self.tried: set[tuple[str, int]] = set()
        self.given_up: dict[Site, str] = {}
        self.unsafe: dict[Site, str] = {}
        self.unread: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.watched = self.counts = self.batched = self.counted = False

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
        return len(self.refused), len(self.bounds), len(self.guessed), self.merging()

    def merging(self) -> bool:
        """Whether anything is merged at all."""
        return self.every or bool(self.lines)


class Calls:
    """Calls of one function where both sides of branches are run, to see whether it calls itself at several places.

    Of these there would be twice as many with each level. One that calls itself once is as good as a loop.
    """

    __slots__ = ("begun", "deepest", "now")

    def __init__(self) -> None:
        self.now = self.deepest = self.begun = 0

    def branch_out(self) -> bool:
        """Begin a call; whether by now there are far more than levels."""
        self.now += 1
        self.begun += 1
        self.deepest = max(self.deepest, self.now)
        return self.now > 1 and self.begun > FEW_CALLS + 4 * self.deepest

    def end(self) -> None:
        """A call has ended."""
        self.now -= 1
        if not self.now:
            self.begun = self.deepest = 0


class Run:
    """One run of a function.

    Args:
        decisions: What is merged.
        follow: What stands in for a thing that is called.

    Attributes:
        active: The branches of which both sides are run at this moment, outermost first.
        last: The place that was merged last.
        opened: Conditions that came about by comparisons.
        asked: At the end of the run, by identity, the places in the code where such were decided.
        guards: Of loops, how often a guard has said that all rows are done.
        guessed: Loops that it came to of which it was not known how often they go round.
        suspected: Whether the last guard says that numbers are finite.
        used: Places that are merged.
        known: The code of functions that were rewritten, with what was found of them.
        noise: Of types, and of their attributes, why it may have an effect to act on them, or to read them.
        inside: Of each function that runs where both sides of a branch are run, its calls.
        log: If it is wanted, of each comparison its place, how it came out or the condition that it is, and under which
            conditions it counts: where each of these holds, or does not.
    """

    def __init__(self, decisions: Decisions, follow: Callable[[Any], Any]) -> None:
        self.decisions, self.follow = decisions, follow
        self.active: list[Site] = []
        self.last: Site | None = None
        self.failed: Failure | None = None
        self.suspected = False
        self.known: dict[Any, Rewritten] = {}
        self.noise: dict[Any, str] = {}
        self.merger = Merger()
        self.log: list[Noted] | None = [] if decisions.watched or decisions.merging() else None
        self.used: dict[Site, None] = {}
        self._under: list[tuple[Any, bool]] = []  # the conditions of the active branches, and the side that is run
        self.inside: dict[Any, Calls] = {}
        self.opened: list[Condition] = []
        self.asked: dict[int, Any] = {}
        self.guards: Counter[Site] = Counter()
        self.guessed: set[Site] = set()
        self._wanted: dict[Site, bool] = {}

    def enter(self, site: Site, condition: Any, side: bool) -> None:
        """From now on what is run is run for rows that do not take it, too."""
        self.active.append(site)
        self._under.append((condition, side))

    def turn(self, condition: Any, side: bool) -> None:
        """The other side is run now, or what else holds where it counts."""
        self._under[-1] = condition, side

    def leave(self) -> None:
        """Both sides have been run."""
        self.active.pop()
        self._under.pop()

    def is_live(self) -> bool:
        """Whether the row that is being recorded comes to this place: whether it takes the branches around it."""
        return all(peeked(condition) is side for condition, side in self._under)

    def elsewhere(self) -> Any:
        """What holds for the rows that do not come to this place: a Condition, or True or False where that is known."""
        found: Any = True
        for condition, side in self._under:
            if condition.known is None:
                found = (condition if side else condition.opposite()) & found
            elif condition.known is not side:
                return True
        return found.opposite() if found is not True else False

    def abandon(self) -> None:
        """Leave a run that does not come to its end: what there was of it does not count."""
        self.active, self._under, self.opened, self.log, self.failed = [], [], [], None, None

    def settle(self) -> None:
        """Note at the end of a run which comparisons have become parts of selects, and which were decided."""
        for site, n in self.guards.items():
            self.decisions.guarded[site] = max(n, self.decisions.guarded.get(site, 0))
        for each in self.opened:
            if each.asked is None:
                self.decisions.opened[each.site] = None
            elif each.asked:
                self.asked[id(each.asked)] = each.asked
                self.decisions.decided[each.site.file, each.site.line] = None
        self.opened = []

    def noted(self, site: Site, found: Any) -> Any:
        """What a comparison gave, noted if that is wanted."""
        if self.log is not None:
            self.log.append((site, found, tuple(self._under)))
        return found

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
        self.use(site)
        self.last = site
        return True

    def use(self, site: Site) -> None:
        """Note that a place is merged."""
        self.used[site] = self.decisions.used[site] = None

    def refuse(self, reason: str) -> None:
        """Send all that was merged in this run back to guards; everything, if that is nothing new."""
        known = len(self.decisions.refused)
        for site in self.used:
            self.decisions.refuse(site, reason)
        if len(self.decisions.refused) == known:
            self.decisions.give_up()
