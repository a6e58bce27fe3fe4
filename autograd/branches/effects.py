"""Effects: what a rewritten function asks where Python's own syntax acts on things, and may change them."""

from __future__ import annotations

import operator
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograd.branches.callees import decided_in, is_mutable
from autograd.branches.choice import is_chosen
from autograd.branches.conditions import Chosen, Condition, Failure, Missing, number_of
from autograd.branches.decisions import Run
from autograd.branches.harmless import FRESH, NUMBERS, THINGS, noise_of, noise_of_read, noise_of_taking, noise_within
from autograd.sources.expressions import Site
from autograd.values.value import Value

__all__ = ["Effects", "Rounds"]

IN_PLACE: dict[str, Any] = {
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

    def rounds(self, k: int, *things: Any) -> Any:
        """What is gone through: no iterator that others have too. It comes as `*things`, so that its holders count."""
        return self._rounds(things)

    def _rounds(self, things: tuple[Any, ...]) -> Any:
        if self.run.active and type(things[0]) not in THINGS:
            reason = noise_of_rounds(self.run, things)
            if reason:
                raise self.run.fail(reason)
        return things[0]

    def pairs(self, k: int, *things: Any) -> Any:
        """The same, if each of them is taken apart."""
        found = self._rounds(things)
        return map(self._parts, found) if self.run.active and type(found) not in PAIRED else found

    def nested(self, k: int, *things: Any) -> Any:
        """The same, if what is in them is taken apart too."""
        found = self._rounds(things)
        return map(self._deep_parts, found) if self.run.active else found

    def _parts(self, x: Any) -> Any:
        return self.thing(x)

    def _deep_parts(self, x: Any) -> Any:
        for each in self.thing(x):
            self.thing(each)
        return x

    def of(self, x: Any) -> Any:
        """What an operator acts on."""
        if self.run.active and type(x) not in NUMBERS:
            self._quiet(x, type(x) in (np.ndarray, set, frozenset, dict, slice))
        return x

    def thing(self, x: Any) -> Any:
        """What is looked into."""
        if self.run.active and type(x) not in THINGS:
            self._quiet(x, False)
        return x

    def whole(self, x: Any) -> Any:
        """What is compared or written out, with all that is in it."""
        if self.run.active and type(x) not in NUMBERS:
            self._quiet(x, True)
        return x

    def _quiet(self, x: Any, whole: bool) -> None:
        """Refuse what may have an effect."""
        reason = (noise_within if whole else noise_in)(x, self.run.noise)
        if reason:
            raise self.run.fail(reason)

    def owner(self, x: Any, name: str) -> Any:
        """What an attribute is read of; what a property gives, if that can be seen to do nothing else."""
        if not self.run.active or type(x) is Value:
            return x
        found = noise_of_read(x, name, self.run.noise)
        if not found:
            return x
        if isinstance(found, str):
            raise self.run.fail(found)
        inner = self.run.follow(found)
        known = self.run.known.get(inner.__code__)
        if known is None or known.unsafe:
            raise self.run.fail(
                f"it reads {name} of a {type(x).__name__}, a property that may do more than give a result"
            )
        return SimpleNamespace(**{name: inner(x)})

    def simple(self, x: Any) -> Any:
        """A number, or the truth of anything else."""
        return x if type(x) in NUMBERS else bool(self.thing(x))

    def same(self, k: int, x: Any, y: Any) -> bool:
        """`x is y`."""
        if type(x) is Condition or type(y) is Condition:
            x, y = (bool(each) if type(each) is Condition else each for each in (x, y))
        if self.run.merger.is_shared(x) or self.run.merger.is_shared(y):
            raise self.run.fail("which of two lists it is, is asked for")
        if x is not y and number_of(x) is not None and number_of(y) is not None:
            for each in (x, y):
                if type(each) is Chosen or is_chosen(each):
                    raise self.run.fail("which of two numbers it is, is asked for", getattr(each, "site", None))
        return x is y

    def matched(self, k: int, x: Any) -> Any:
        """What a `match` looks at: with nothing in it that is not decided, since its patterns ask what things are."""
        return decided_in(self.run, x)

    def bound(self, name: str, x: Any) -> Any:
        """What a name stands for.

        Raises:
            UnboundLocalError: nothing, in Python's own words.
        """
        if isinstance(x, Missing):
            if self.run.last is not None:
                raise self.run.fail(f"{name} is not bound on both sides, and needed")
            raise UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value")
        return x

    def caught(self) -> None:
        """Refuse to go on where an exception was caught that a side not taken has raised."""
        error = sys.exc_info()[1]
        if isinstance(error, Failure):
            raise error
        if self.run.active:
            raise self.run.fail("it raises an exception, which is caught")

    def plain(self, k: int, x: Any) -> Any:
        """A thing that becomes part of a text."""
        if type(x) is Chosen:
            raise self.run.fail("what it chose becomes a text", x.site)
        return self.whole(x)


class Rounds:
    """What a loop goes over that may be left early: once rows differ in whether it goes on, no row may notice more.

    Args:
        run: The run.
        loop: The loop.
        things: What it goes over, if nobody else has that.
    """

    __slots__ = ("iterator", "loop", "reason", "run")

    def __init__(self, run: Run, loop: Any, things: tuple[Any, ...]) -> None:
        self.run, self.loop = run, loop
        self.reason = "" if type(things[0]) in THINGS else noise_of_rounds(run, things)
        self.iterator = iter(things[0])

    def __iter__(self) -> Rounds:
        return self

    def __next__(self) -> Any:
        going = self.loop.going
        if going is None:
            return next(self.iterator)
        if self.reason:
            raise self.run.fail(f"{self.reason}, also where it has ended", self.loop.site)
        self.run.enter(self.loop.site, going, False)
        found = next(self.iterator, _NONE)
        self.run.leave()
        if found is _NONE:
            raise StopIteration
        return found


_NONE = object()
PAIRED = {zip, enumerate, type({}.items())}
"""What gives tuples."""


def noise_in(x: Any, known: dict[Any, str]) -> str:
    """Why it may have an effect to look into a thing, or to act on it; "" if not."""
    return noise_of(type(x), known)


def noise_of_rounds(run: Run, things: tuple[Any, ...]) -> str:
    """Why it may have an effect to go through a thing, given in a tuple; "" if not."""
    if not hasattr(type(things[0]), "__next__"):
        return noise_of(type(things[0]), run.noise)
    if sys.getrefcount(things[0]) > FRESH:
        return "it takes from an iterator that others take from"
    return noise_of_taking(things[0], run.known, run.noise)
