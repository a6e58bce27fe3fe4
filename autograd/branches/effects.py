"""Effects: what a rewritten function asks where Python's own syntax acts on things, and may change them."""

from __future__ import annotations

import operator
import sys
from typing import Any

from autograd.branches.callees import is_mutable
from autograd.branches.conditions import Chosen
from autograd.branches.decisions import Run
from autograd.branches.harmless import NUMBERS
from autograd.sources.expressions import Site

__all__ = ["Effects"]

IN_PLACE = {
    "+": operator.iadd, "-": operator.isub, "*": operator.imul, "/": operator.itruediv, "**": operator.ipow,
    "//": operator.ifloordiv, "%": operator.imod, "@": operator.imatmul, "<<": operator.ilshift, ">>": operator.irshift,
    "&": operator.iand, "|": operator.ior, "^": operator.ixor,
}  # fmt: skip


class Effects:
    """What one rewritten function asks of things.

    Args:
        run: The run.
        sites: The places in the function.
    """

    def __init__(self, run: Run, sites: list[Site]) -> None:
        self.run, self.sites = run, sites

    between = slice

    def changes(self, k: int, x: Any) -> Any:
        """A thing that is changed in place: not where that would be seen in other rows, or in one place only."""
        if self.run.merger.is_shared(x):
            raise self.run.fail("a list that was chosen is changed in place")
        if self.run.active and is_mutable(x):
            raise self.run.fail(f"it changes a {type(x).__name__} in place")
        return x

    def augmented(self, k: int, how: str, x: Any, y: Any) -> Any:
        """What `x += y` and the like make of x, which may be x itself."""
        return IN_PLACE[how](self.changes(k, x), y)

    def rounds(self, k: int, things: Any) -> Any:
        """What a loop goes over."""
        if self.run.active and hasattr(things, "__next__") and sys.getrefcount(things) > 2:
            raise self.run.fail("it takes from an iterator that others take from")
        return things

    def simple(self, x: Any) -> Any:
        """A number, or the truth of anything else."""
        return x if type(x) in NUMBERS else bool(x)

    def plain(self, k: int, x: Any) -> Any:
        """A thing that becomes part of a text."""
        if type(x) is Chosen:
            raise self.run.fail("what it chose becomes a text", x.site)
        return x
