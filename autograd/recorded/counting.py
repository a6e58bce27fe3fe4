"""How often loops go round, counted on rows before they are merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.branches.conditions import Failure
from autograd.branches.decisions import Decisions, Noted
from autograd.branches.surroundings import Surroundings
from autograd.engine.listening import Listener, heard_by
from autograd.recorded.traced import Traced
from autograd.structures.layout import Layout
from autograd.values.value import Value

__all__ = ["Patience", "count_rounds", "logs_of"]

COUNTED = 32
"""In so many rows of the batch the rounds of loops are counted."""
MOST_COMPARED = 2**17
"""So many comparisons a row may make meanwhile."""


def count_rounds(
    traced: Traced,
    layout: Layout,
    leaves: Sequence[Any],
    decisions: Decisions,
    examples: list[list[float]],
    every: bool = False,
) -> list[list[Noted] | None]:
    """Count how often loops go round, in rows that were recorded before and some of the batch; nothing is merged.

    Args:
        examples: Rows that were recorded before.
        every: Whether rows of the batch are run also where those came to no loop.

    Returns:
        Of the examples, what their comparisons gave; None where the function raises, or goes on and on.
    """
    counting = Decisions()
    counting.counts, counting.watched = True, not every
    logs: list[list[Noted] | None] = []
    some = list(examples)
    for k, numbers in enumerate(some):
        if k == len(examples) and not counting.trips and not every:
            break
        logs.append(log_of(traced, layout, leaves, counting, numbers))
        counting.watched = not every and k < len(examples) - 1
        if k == len(examples) - 1 and layout.batched:
            counting.counts_of.clear()  # rows are recorded because they are unusual
            n = layout.pack(list(leaves))[2]
            some += [layout.row(leaves, row) for row in range(0, n, max(n // COUNTED, 1))]
    counted = len(some) - len(examples) or len(some)
    for site, n in counting.trips.items():
        decisions.trips[site] = max(n, decisions.trips.get(site, 0))
        counts = sorted(counting.counts_of.get(site, ()))
        if 0 < len(counts) <= counted:  # no row comes to it twice
            decisions.usual[site] = counts[3 * len(counts) // 4]
    return logs[: len(examples)]


def log_of(
    traced: Traced, layout: Layout, leaves: Sequence[Any], counting: Decisions, numbers: list[float]
) -> list[Noted] | None:
    """What the comparisons of a row of these inputs give; None where it raises, of which a recording will tell more."""
    try:
        traced.set_weights(numbers)
        args, kwargs = traced.rebuild(layout, leaves, [Value(x) for x in numbers])
        around = Surroundings(traced.function, counting)
        heard_by(None, heard_by, (Patience(), around.run, (args, kwargs), {}), {})
    except (Exception, Failure):
        return None
    return around.deciding.log or [] if around.deciding is not None else None


def logs_of(
    traced: Traced, layout: Layout, leaves: Sequence[Any], examples: Sequence[list[float]]
) -> list[list[Noted] | None]:
    """The same of some rows."""
    counting = Decisions()
    counting.watched = True
    return [log_of(traced, layout, leaves, counting, numbers) for numbers in examples]


class Patience(Listener):
    """Lets a function go on for `MOST_COMPARED` comparisons."""

    def __init__(self) -> None:
        self.left = MOST_COMPARED

    def compared(self, how: str, x: Any, y: Any, outcome: bool) -> None:
        """One comparison less."""
        self.left -= 1
        if self.left < 0:
            raise Failure(None, "it goes on and on")
