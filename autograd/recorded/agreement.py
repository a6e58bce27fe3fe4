"""Whether rows get along a path with merged branches what the function gives them itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.branches.conditions import Failure
from autograd.branches.decisions import Noted
from autograd.engine.listening import heard_by
from autograd.recorded.traced import Traced
from autograd.recorded.watching import Given, is_true, slopes_of
from autograd.structures.layout import Layout
from autograd.structures.results import Results

__all__ = ["disagreement"]


def disagreement(
    traced: Traced,
    layout: Layout,
    leaves: Sequence[Any],
    examples: Sequence[list[float]],
    logs: Sequence[list[Noted] | None],
    rows: Iterable[Given | None],
) -> str:
    """In which way rows do not get along a path what the eager engine gives them; "" if they do.

    That is values, slopes and how comparisons come out.

    Args:
        examples: The inputs of the rows.
        logs: Of each its comparisons, when the function was run on it with nothing merged; None if that failed.
        rows: What each gets along the path; None of one that leaves it, and does not count.
    """
    try:
        for numbers, log, found in zip(examples, logs, rows, strict=True):
            trouble = found and difference(found, eagerly(traced, layout, leaves, numbers, log))
            if trouble:
                return trouble
    except (Exception, Failure) as error:
        return f"what was merged could not be checked: {error}"
    return ""


def eagerly(
    traced: Traced, layout: Layout, leaves: Sequence[Any], numbers: list[float], log: list[Noted] | None
) -> Given:
    """What the eager engine gives a row of these inputs."""
    inputs = traced.inputs(numbers)
    results = Results(heard_by(None, traced.run_inlined, (layout, leaves, inputs), {}), traced.name)
    slopes = heard_by(None, slopes_of, (results.values, inputs), {})
    places = None if log is None else [site for site, _, _ in log]
    return Given(results.numbers(), slopes, places, [is_true(outcome) for _, outcome, _ in log or []])


def difference(found: Given, expected: Given) -> str:
    """What of two that a row is given is not the same, in words.

    Values come about by the same steps. Slopes are added up in another order, so of large ones that cancel fewer digits
    are left; a branch merged wrongly gives others altogether.
    """
    size = 1e-6 * max([abs(x) for x in expected.slopes if math.isfinite(x)], default=0.0)
    values = zip(found.values, expected.values, strict=True)
    slopes = zip(found.slopes, expected.slopes, strict=True)
    if not all(are_close(x, y, 1e-12) for x, y in values) or not all(are_close(x, y, 1e-8, size) for x, y in slopes):
        return "what was merged gave other numbers than the eager engine"
    if expected.places is None or found.places is None:
        return ""
    alike = found.places == expected.places and all(
        x is None or y is None or bool(x) is bool(y) for x, y in zip(found.outcomes, expected.outcomes, strict=True)
    )
    return "" if alike else "what was merged decided a comparison otherwise than the eager engine"


def are_close(x: float, y: float, digits: float, size: float = 0.0) -> bool:
    """Whether two numbers agree to so much of their size, or of another if that is larger."""
    return x == y or (math.isnan(x) and math.isnan(y)) or abs(x - y) <= digits * max(abs(x), abs(y), size)
