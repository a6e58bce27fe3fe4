"""Whether rows have paths in common, found out on some of them before their paths are recorded.

To record a path takes dozens of times as long as to run a row by the eager engine. Where hardly two rows have one in
common, as in an elimination with pivots, that is lost. How comparisons come out is heard while rows are run eagerly, at
little more than what that takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from sys import _getframe as getframe
from typing import Any

from autograd.branches.conditions import Failure
from autograd.branches.decisions import Decisions
from autograd.branches.surroundings import Surroundings
from autograd.derivatives.inlining import inlined
from autograd.engine.listening import heard_by
from autograd.engine.refusals import users_frame
from autograd.recorded.counting import Patience
from autograd.recorded.paths import Paths, parting
from autograd.recorded.traced import Traced
from autograd.structures.layout import Layout
from autograd.tape.recording import Recording, line_of

__all__ = ["sample_of"]

FEWEST, MOST, SHARE = 16, 64, 32
"""Of so many rows one is tried, but no fewer and no more of all than these."""
ENOUGH = 40
"""So many rows tell it well enough."""
FEW_ROWS = 8
"""So few rows a path, and it had better not be recorded..."""
MANY_PATHS = 64
"""...if there are so many paths."""
MOST_KEPT = 4096
"""So many rows of earlier samples are remembered."""


class Outcomes(Patience):
    """How the comparisons of a row come out, and where in the code they are made; of one that ends soon enough."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes = bytearray()
        self.places: list[tuple[Any, int]] = []

    def compared(self, how: str, x: Any, y: Any, outcome: bool) -> None:
        """Note a comparison."""
        super().compared(how, x, y, outcome)
        frame = users_frame(getframe(1))
        self.outcomes.append(bool(outcome))
        self.places.append((frame.f_code, frame.f_lasti))


class Sample:
    """Some of n rows that are tried.

    Attributes:
        numbers: Of each its inputs.
        heard: Of each how its comparisons came out.
    """

    def __init__(self) -> None:
        self.numbers: list[list[float]] = []
        self.heard: list[Outcomes] = []
        self._together = self._drawn = 0

    def add(
        self, traced: Traced, layout: Layout, leaves: Sequence[Any], numbers: list[list[float]], paths: Paths
    ) -> None:
        """Try rows with these inputs; they are remembered with the paths.

        Raises:
            Exception: whatever the function raises.
        """
        drawn = sum(paths.tried.values())
        for row in numbers:
            outcomes = outcomes_of(traced, layout, leaves, row, paths.decisions)
            self.numbers.append(row)
            self.heard.append(outcomes)
            key = bytes(outcomes.outcomes)
            self._drawn += drawn
            self._together += paths.tried[key]
            paths.tried[key] += 1
            drawn += 1
        if len(paths.tried) > MOST_KEPT:
            paths.tried.clear()

    def is_scattered(self, n: int) -> bool:
        """Whether hardly two of n rows have a path in common, with each other or with rows that were tried before.

        Two rows drawn at random are on one path as often as pairs are that are among those drawn.
        """
        return self._together < self._expected(n)

    def is_in_doubt(self, n: int) -> bool:
        """Whether that is to be known better: some have a path in common, but by far not as many as might."""
        return 0 < self._together < 4 * self._expected(n)

    def _expected(self, n: int) -> float:
        """So many pairs on one path would be just enough."""
        return self._drawn * min(FEW_ROWS / n, 1 / MANY_PATHS)

    def splits(self) -> Counter[tuple[str, int]]:
        """Of each line of the source, how many of these rows leave others there."""
        found: Counter[tuple[Any, int]] = Counter()
        for one, other in pairwise(sorted(self.heard, key=lambda each: each.outcomes)):
            i = parting(one.outcomes, other.outcomes)
            if i < min(len(one.outcomes), len(other.outcomes)):
                found[other.places[i]] += 1
        lines: Counter[tuple[str, int]] = Counter()
        for place, count in found.items():
            lines[line_of(place)] += count
        return lines


def outcomes_of(
    traced: Traced, layout: Layout, leaves: Sequence[Any], numbers: list[float], decisions: Decisions
) -> Outcomes:
    """How the comparisons of a row with these inputs come out that would be guards if it were recorded."""
    outcomes, inputs = Outcomes(), traced.inputs(numbers)
    args, kwargs = traced.rebuild(layout, leaves, inputs)
    if decisions.merging():  # where comparisons are merged, a recording knows which
        decisions.counted = True  # of loops what is known is enough here
        with Recording(inputs) as recording:
            recording.decisions, recording.selects = decisions, True
            recording.run(traced.function, args, kwargs)
            outcomes.outcomes, outcomes.places = bytearray(recording.path()), recording.places
        return outcomes
    run: tuple[Any, ...] = (traced.function, args, kwargs)
    if traced.branches != "guards":
        run = (Surroundings(traced.function).run, (args, kwargs), {})
    heard_by(None, inlined, (heard_by, (outcomes, *run), {}), {})
    return outcomes


def sampled_rows(n: int, before: int = 0, more: int = 1) -> list[int]:
    """Of n rows those that are tried, evenly spread; none of so few that they had better be recorded.

    Args:
        n: How many there are.
        before: How many were tried before: the same batch may come again, and then it is others' turn.
        more: So many times as many as are tried at first.
    """
    if n < FEWEST:
        return []
    count = min(max(n // SHARE, FEWEST), MOST)
    first, count = before // count, min(count * more, n)
    return [(first + k * n // count) % n for k in range(count)]


def sample_of(
    traced: Traced,
    layout: Layout,
    leaves: Sequence[Any],
    paths: Paths,
    n: int,
    numbers: Callable[[list[int]], list[list[float]]],
) -> Sample | None:
    """Of n rows some, tried; None of too few, and if one raises, of which its recording will tell more.

    Args:
        numbers: Gives the inputs of rows.
        paths: What was tried before.
    """
    found, before = Sample(), sum(paths.tried.values())
    try:
        found.add(traced, layout, leaves, numbers(sampled_rows(n, before)), paths)
        if len(found.heard) < ENOUGH and found.is_in_doubt(n):
            found.add(traced, layout, leaves, numbers(sampled_rows(n, before + len(found.heard), 2)), paths)
    except (Exception, Failure):
        return None
    return found if found.heard else None
