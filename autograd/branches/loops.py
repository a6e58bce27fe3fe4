"""Loops: how long one goes round that is merged, and what names stand for in rounds that not all rows need.

The row that is recorded tells when it is done, and rows that were counted tell how often they go round. Under a mask
the rounds go on to twice as many, and then a guard says that all rows are done which come to the loop. Of a row that
does not, as it takes the other side of a branch around it, nothing is asked: with its numbers it may never end.
"""

from __future__ import annotations

from typing import Any

from autograd.branches.choice import Unmergeable, selected
from autograd.branches.conditions import Chosen, Condition, Failure, Missing, most_of, number_of, peeked
from autograd.branches.decisions import Run
from autograd.branches.effects import Rounds
from autograd.engine.listening import recorder
from autograd.sources.expressions import Site
from autograd.values.value import Value

__all__ = ["Loop", "Uncounted"]

ROUNDS = 8
"""So many rounds are left out together."""
FEWEST = 4
"""So many rounds there are at the least."""
UNEVEN = 3
"""Where few rows go round so many times as often as most do, there are paths for those few."""
MOST_ROUNDS = 10_000
"""A merged loop of more rounds than these goes back to guards."""
MOST_STEPS = 2**20
"""And so does one of so many steps."""
UNCOUNTED = 128
"""After so many rounds, if the loop has not ended, rows are counted before more are merged."""


class Uncounted(Failure):
    """It is not known how often a loop goes round: rows are to be counted, and the function recorded again."""


class Loop:
    """One run of a loop that may be left early.

    Attributes:
        count: The rounds so far.
        live: Whether the row that is recorded comes to it.
    """

    __slots__ = (
        "begun", "condition", "count", "ends", "first", "going", "inside", "live", "made", "rounds", "run", "site"
    )  # fmt: skip

    def __init__(self, run: Run, site: Site) -> None:
        self.run, self.site, self.count = run, site, 0
        self.ends = self.rounds = 0
        self.first: tuple[Any, ...] | None = None
        self.condition: Any = None  # of the first of the latest rounds, and what names stood for then
        self.begun: tuple[Any, ...] = ()
        self.inside: Site | None = None
        self.live = run.is_live()
        self.going: Any = None  # whether it has ended, once rows differ in that
        self.made = steps_made()

    def over(self, *things: Any) -> Any:
        """What it goes over."""
        return Rounds(self.run, self, things)

    def begins(self, names: tuple[Any, ...]) -> None:
        """Keep what names stand for before the first round."""
        if self.first is None:
            self.first = names

    def again(self, branch: Any, names: tuple[Any, ...]) -> tuple[Any, ...]:
        """What names stand for in a round that not all rows need: in the others what they did in the first.

        What comes of it in those is not asked for; but where a loop has ended, as a step of length 0, slopes may be
        infinite, and of the first round they are not.
        """
        branch.loop = self
        if self.condition is None:
            self.condition, self.begun, self.inside, self.rounds = branch.condition, names, branch.site, 0
        pairs = zip(self.first or names, names, branch.site.flags, strict=True)
        return tuple([now if flag else self._safe(branch.condition, now, then) for then, now, flag in pairs])

    def _safe(self, condition: Condition, now: Any, then: Any) -> Any:
        if now is then or isinstance(then, Missing) or not isinstance(now, (Value, Chosen)):
            return now
        one, other = number_of(now), number_of(then)
        if type(then) in (bool, Condition) or other is None:
            return now
        found = selected(condition.value, one, other)
        return found if isinstance(now, Value) else Chosen(found, now.site, now.whole, max(now.most, most_of(then)))

    def closes(self, names: tuple[Any, ...]) -> tuple[Any, ...]:
        """What names stand for after a round: after some, what they did before those, in rows that were done then.

        It is that anyway. Said so, a block of rows that are all done then need not go through these rounds: see
        `lowering.skipping`.
        """
        self.rounds += 1
        if self.rounds < ROUNDS:
            return names
        condition, begun, self.condition = self.condition, self.begun, None
        try:
            return tuple(
                [
                    self.run.merger.merged(condition, now, then, self.inside)
                    for now, then in zip(names, begun, strict=True)
                ]
            )
        except Unmergeable:
            return names

    def ended(self, done: Any) -> Any:
        """Whether it is over, after a round: True, if it is; else what it was told.

        Where rows differ, rounds go on. After so many as the bound says a guard decides, and then after twice as many.
        """
        self.count += 1
        decisions, site = self.run.decisions, self.site
        if type(done) is not Condition:
            self._counted(done)
            return done
        if site in decisions.refused:
            return self._all_done(done)
        if self.live and not self.ends and peeked(done):
            self.ends = self.count
        self.run.use(site)
        self.going = done
        bound = decisions.bounds.get(site, 0) or self._bound()
        if bound and self.count >= bound:
            ratio = self.count // bound
            if self.count % bound == 0 and ratio & (ratio - 1) == 0:
                return self._all_done(done)
        if self.count > max(8 * bound, 2 * decisions.trips.get(site, 0), UNCOUNTED):
            self._count()
        self._afford(bound)
        return done

    def _counted(self, done: Any) -> None:
        """Note how often it went round, where that is not decided row by row; not if it goes on and on for a row."""
        decisions, site, run = self.run.decisions, self.site, self.run
        if not self.live:
            if self.count > MOST_ROUNDS:
                raise run.fail(f"a loop in it goes round more than {MOST_ROUNDS:,} times (line {site.line})")
        elif done is True or (decisions.counts and self.count > MOST_ROUNDS):
            decisions.trips[site] = max(decisions.trips.get(site, 0), self.count)
            if decisions.counts:
                decisions.counts_of.setdefault(site, []).append(self.count)
            if self.count > MOST_ROUNDS:
                raise run.fail(TOO_MANY, site)

    def _all_done(self, done: Condition) -> Any:
        """A guard: True, if the row is done, or does not come to the loop; else what it was told."""
        self.run.guards[self.site] += 1
        return True if done | self.run.elsewhere() else done

    def _bound(self) -> int:
        """After how many rounds a guard decides from now on; 0, if that is not known yet.

        Raises:
            Uncounted: it may be known, if rows are counted.
        """
        decisions, site, trips = self.run.decisions, self.site, self.run.decisions.trips.get(self.site, 0)
        if not trips and decisions.batched and (self.ends or not self.live):
            self._count()
        longest, usual = max(trips, self.ends), decisions.usual.get(site, trips)
        few = longest > UNEVEN * usual > 0  # then it is known, whatever the row needs that is recorded
        if few or self.ends or (trips and not self.live):
            bound = decisions.bounds[site] = max(2 * (usual if few else longest), FEWEST)
            return bound
        if not self.live or site in decisions.guessed:  # once guessed it is so for all rows: paths have the same guards
            decisions.guessed.add(site)
            self.run.guessed.add(site)
            return FEWEST
        return 0

    def _count(self) -> None:
        """Have rows counted, unless they have been."""
        if not self.run.decisions.counted:
            found = Uncounted(self.site, "rows are to be counted")
            self.run.failed = self.run.failed or found
            raise found

    def _afford(self, bound: int) -> None:
        """Refuse to go on where a loop comes to too much: by the rounds that rows are known to need, or have needed."""
        rounds = max(bound, 2 * self.run.decisions.trips.get(self.site, 0), self.count)
        if rounds > MOST_ROUNDS:
            raise self.run.fail(TOO_MANY, self.site)
        steps = (steps_made() - self.made) // self.count
        if rounds * steps > MOST_STEPS:
            raise self.run.fail(f"{rounds:,} rounds of it are too many steps, {steps:,} each", self.site)


TOO_MANY = f"rows may need more than {MOST_ROUNDS // 2:,} rounds of it"


def steps_made() -> int:
    """How many nodes the recording that goes on has heard of."""
    around = recorder()
    return 0 if around is None else len(around.nodes)
