"""How long a function may go on that is run for somebody: so many comparisons, then it is taken to never end.

A loop that ends by numbers compares in each round. All comparisons are counted together, by one number, and once in
`AT_ONCE` of them it is asked whether the function that goes on here has a bound: so those without pay nothing.
"""

from __future__ import annotations

from contextvars import ContextVar

from autograd.engine.refusals import endless

__all__ = ["MOST_COMPARISONS", "Bound", "bound_here", "next_count"]

MOST_COMPARISONS = 2**21
"""A function that makes more of them is taken to never end."""
AT_ONCE = 2**16
"""So many comparisons are made before somebody is asked."""


class Bound:
    """The bound of functions that are run one after the other.

    Attributes:
        passed: How often so many comparisons have been made since the latest of them began.
    """

    __slots__ = ("passed",)

    def __init__(self) -> None:
        self.passed = 0


_here: ContextVar[Bound | None] = ContextVar("bound", default=None)


def bound_here() -> Bound:
    """A bound for what is run from now on in this context."""
    found = Bound()
    _here.set(found)
    return found


def next_count() -> int:
    """After how many comparisons to ask again, some having been made.

    Raises:
        RecordingError: the function that goes on here has made more than it may.
    """
    bound = _here.get()
    if bound is not None:
        bound.passed += 1
        if bound.passed * AT_ONCE > MOST_COMPARISONS + AT_ONCE:
            raise endless(MOST_COMPARISONS)
    return AT_ONCE
