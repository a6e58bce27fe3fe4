"""Whether rows have paths in common, found out on some of them before their paths are recorded.

To record a path takes dozens of times as long as to run a row by the eager engine. Where hardly two rows have one in
common, as in an elimination with pivots, that is lost. How comparisons come out is heard while rows are run eagerly, at
little more than what that takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from sys import _getframe as getframe
from typing import Any

from autograd.branches.surroundings import Surroundings
from autograd.compiled.paths import Paths
from autograd.compiled.traced import Traced
from autograd.derivatives.inlining import inlined
from autograd.engine.listening import Listener, heard_by
from autograd.engine.refusals import PACKAGE
from autograd.structures.layout import Layout
from autograd.tape.recording import line_of

__all__ = ["Sample", "sample_of", "sampled_rows"]

FEWEST, MOST, SHARE = 16, 64, 32
"""Of so many rows one is tried, but no fewer and no more of all than these."""
FEW_ROWS = 4
"""So few rows a path, and it had better not been recorded..."""
MANY_PATHS = 128
"""...if there are so many paths."""
MOST_KEPT = 4096
"""So many rows of earlier samples are remembered."""


class Outcomes(Listener):
    """How the comparisons of a row come out, and where in the code they are made."""

    def __init__(self) -> None:
        self.outcomes = bytearray()
        self.places: list[tuple[Any, int]] = []

    def compared(self, how: str, x: Any, y: Any, outcome: bool) -> None:
        """Note a comparison."""
        frame = getframe(1)
        while frame.f_code.co_filename.startswith(PACKAGE) and frame.f_back is not None:
            frame = frame.f_back
        self.outcomes.append(bool(outcome))
        self.places.append((frame.f_code, frame.f_lasti))


class Sample:
    """Some rows that were tried.

    Attributes:
        numbers: Of each its inputs.
        heard: Of each how its comparisons came out.
    """

    def __init__(self, numbers: list[list[float]], heard: list[Outcomes]) -> None:
        self.numbers, self.heard = numbers, heard

    def is_scattered(self, paths: Paths, n: int) -> bool:
        """Whether hardly two of n rows have a path in common, with each other or with rows that were tried before.

        Those rows are remembered with the paths. Of two rows drawn at random both are on one path as often as there are
        pairs that are among those drawn.
        """
        together = drawn = 0
        for each in self.heard:
            drawn += sum(paths.tried.values())
            key = bytes(each.outcomes)
            together += paths.tried[key]
            paths.tried[key] += 1
        if len(paths.tried) > MOST_KEPT:
            paths.tried.clear()
        return together < drawn * min(FEW_ROWS / n, 1 / MANY_PATHS)

    def splits(self) -> Counter[tuple[str, int]]:
        """Of each line of the source, how many of these rows leave others there."""
        found: Counter[tuple[Any, int]] = Counter()
        ordered = sorted(self.heard, key=lambda each: each.outcomes)
        for one, other in pairwise(ordered):
            pairs = enumerate(zip(one.outcomes, other.outcomes, strict=False))
            i = next((i for i, (a, b) in pairs if a != b), None)
            if i is not None:
                found[other.places[i]] += 1
        lines: Counter[tuple[str, int]] = Counter()
        for place, count in found.items():
            lines[line_of(place)] += count
        return lines


def sampled_rows(n: int, before: int = 0) -> list[int]:
    """Of n rows those that are tried, evenly spread; none of so few that they had better be recorded.

    Args:
        n: How many there are.
        before: How many were tried before: the same batch may come again, and then it is others' turn.
    """
    count = min(max(n // SHARE, FEWEST), MOST)
    first = before // count % max(n // count, 1)
    return [(first + k * n // count) % n for k in range(count)] if n >= FEWEST else []


def sample_of(traced: Traced, layout: Layout, leaves: Sequence[Any], numbers: list[list[float]]) -> Sample | None:
    """Rows with these inputs, tried; None if one raises, of which its recording will tell more."""
    heard = []
    for row in numbers:
        outcomes = Outcomes()
        args, kwargs = traced.rebuild(layout, leaves, traced.inputs(row))
        run: tuple[Any, ...] = (traced.function, args, kwargs)
        if traced.branches != "guards":
            run = (Surroundings(traced.function).run, (args, kwargs), {})
        try:
            heard_by(None, inlined, (heard_by, (outcomes, *run), {}), {})
        except Exception:
            return None
        heard.append(outcomes)
    return Sample(numbers, heard)
