"""Deciding: what a rewritten function asks at each place where something is decided.

An `At` is what one rewritten function sees of a run. Where a line is not merged a condition is decided at once, by a
guard, and one side is run; where it is, both are, and what they bind is chosen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from autograd.branches.callees import called_with, decided_in, is_mutable, name_of, why_not_called
from autograd.branches.choice import Unmergeable
from autograd.branches.conditions import (
    MISSING,
    NOTHING,
    OPERATORS,
    Chosen,
    Condition,
    Failure,
    Missing,
    number_of,
)
from autograd.branches.decisions import Calls, Run
from autograd.branches.loops import Loop
from autograd.sources.expressions import Site
from autograd.values.value import Value

__all__ = ["At"]


class Branch:
    """One decision of an `if`.

    Attributes:
        first, second: Whether to run the first side, and the other.
        both: Whether both are run.
        loop: The loop of which it decides a round, if that is so.
    """

    __slots__ = ("both", "condition", "first", "loop", "run", "second", "site")

    def __init__(self, first: bool, second: bool, run: Any = None, site: Any = None, condition: Any = None) -> None:
        self.first, self.second, self.both = first, second, first and second
        self.run, self.site, self.condition = run, site, condition
        self.loop: Any = None

    def merged(self, first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
        """What both sides have bound, chosen name by name."""
        run, site = self.run, self.site
        if site.returns[0] is not site.returns[1]:  # what a side that returned has bound is not asked for any more
            pairs = list(zip(first, second, site.flags, strict=True))
            if site.returns[0]:
                first = tuple([a if flag else b for a, b, flag in pairs])
            else:
                second = tuple([b if flag else a for a, b, flag in pairs])
        try:
            found = tuple([run.merger.merged(self.condition, a, b, site) for a, b in zip(first, second, strict=True)])
        except Unmergeable as error:
            raise run.fail(f"no select chooses between {error}", site) from None
        run.leave()
        return found if self.loop is None else self.loop.closes(found)


class Both(Branch):
    """A decision that is kept open: who asks for the second side is done with the first."""

    __slots__ = ()

    def __init__(self, run: Any, site: Any, condition: Any) -> None:
        super().__init__(True, True, run, site, condition)
        run.enter(site, condition, True)

    @property
    def second(self) -> bool:
        """True: the side where the condition does not hold is run now."""
        self.run.turn(self.condition, False)
        return True

    @second.setter
    def second(self, _: bool) -> None:
        pass


TAKEN, LEFT = Branch(True, False), Branch(False, True)


class At:
    """What one rewritten function asks.

    Args:
        run: The run.
        sites: The places in the function.
    """

    missing, nothing = MISSING, NOTHING

    def __init__(self, run: Run, sites: list[Site]) -> None:
        self.run, self.sites = run, sites

    # --- conditions ---

    def compare(self, k: int, how: str, x: Any, y: Any) -> Any:
        """`x < y` and the like: a Condition, where the line is merged."""
        kinds = type(x), type(y)
        if Condition in kinds:
            x, y = (bool(each) if type(each) is Condition else each for each in (x, y))
        elif Chosen in kinds or ((isinstance(x, Value) or isinstance(y, Value)) and self.run.wanted(self.sites[k])):
            one, other = number_of(x), number_of(y)
            if one is not None and other is not None:
                return self.run.noted(self.sites[k], self._opened(k, how, one, other))
        return self.run.noted(self.sites[k], OPERATORS[how](x, y))

    def _opened(self, k: int, how: str, x: Any, y: Any) -> Any:
        """A condition; decided at once where that is refused."""
        site = self.sites[k]
        found = Condition(how, x, y, site=site)
        self.run.opened.append(found)
        return bool(found) if site in self.run.decisions.refused else found

    def chain(self, k: int, how: str, x: Any, y: Any, *others: Callable[[], Any]) -> Any:
        """`x < y < z` and the like."""
        first, *rest = how.split()

        def later(y: Any, rest: list[str], others: tuple[Callable[[], Any], ...]) -> Any:
            z = others[0]()
            found = self.compare(k, rest[0], y, z)
            return found if len(others) == 1 else self.every(k, found, lambda: later(z, rest[1:], others[1:]))

        return self.every(k, self.compare(k, first, x, y), lambda: later(y, rest, others))

    def truth(self, k: int, x: Any) -> Any:
        """The truth of a thing: True, False or a Condition that may be kept open."""
        if type(x) is bool:
            return x
        if isinstance(x, Value):
            if not self.run.wanted(self.sites[k]):
                return self.run.noted(self.sites[k], bool(x))
            x = self.run.noted(self.sites[k], self._opened(k, "!=", x, 0.0))
        elif type(x) is Chosen:
            x = self.run.noted(self.sites[k], self._opened(k, "!=", x.value, 0.0))
        elif type(x) is not Condition:
            return self.run.noted(self.sites[k], bool(x)) if type(x) in (int, float) else bool(x)
        if type(x) is bool:
            return x
        if x.known is not None:
            return x.known
        return x if self.run.merges(self.sites[k]) else bool(x)

    def branch(self, k: int, test: Any) -> Branch:
        """The decision of an `if`."""
        found = self.truth(k, test)
        if type(found) is not Condition:
            return TAKEN if found else LEFT
        return Both(self.run, self.sites[k], found)

    def test(self, k: int, test: Any) -> bool:
        """The decision of an `if` that cannot be merged."""
        if type(test) is Condition:
            self.run.merges(self.sites[k])  # which notes that it is not
        return bool(test)

    def no(self, k: int, x: Any) -> Any:
        """`not x`."""
        found = self.truth(k, x)
        return found.opposite() if type(found) is Condition else not found

    def _within(self, k: int, condition: Condition, side: bool, thunk: Callable[[], Any]) -> Any:
        """What comes after a condition that is open, where it holds or does not: also run where it would not be."""
        self.run.enter(self.sites[k], condition, side)
        found = thunk()
        self.run.leave()
        return found

    def _one_of(self, k: int, condition: Condition, x: Any, y: Any) -> Any:
        try:
            return self.run.merger.merged(condition, x, y, self.sites[k])
        except Unmergeable as error:
            raise self.run.fail(f"no select chooses between {error}", self.sites[k]) from None

    def every(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """`x and y`."""
        for i, each in enumerate(others):
            found = self.truth(k, x)
            if type(found) is Condition:
                y = self._within(k, found, True, lambda i=i, each=each: self.every(k, each(), *others[i + 1 :]))  # type: ignore[misc]
                return self._one_of(k, found, y, False if type(x) is Condition else x)
            if not found:
                return x
            x = each()
        return x

    def either(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """`x or y`."""
        for i, each in enumerate(others):
            found = self.truth(k, x)
            if type(found) is Condition:
                y = self._within(k, found, False, lambda i=i, each=each: self.either(k, each(), *others[i + 1 :]))  # type: ignore[misc]
                return self._one_of(k, found, True if type(x) is Condition else x, y)
            if found:
                return x
            x = each()
        return x

    def choose(self, k: int, test: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
        """`first if test else second`."""
        found = self.truth(k, test)
        if type(found) is not Condition:
            return first() if found else second()
        return self._one_of(k, found, self._within(k, found, True, first), self._within(k, found, False, second))

    def same(self, k: int, x: Any, y: Any) -> bool:
        """`x is y`."""
        if type(x) is Condition or type(y) is Condition:
            x, y = (bool(each) if type(each) is Condition else each for each in (x, y))
        for each, other in ((x, y), (y, x)):
            if type(each) is Chosen and type(other) is bool:
                raise self.run.fail("whether what it chose is True or False itself is asked for", each.site)
        if self.run.merger.is_shared(x) or self.run.merger.is_shared(y):
            raise self.run.fail("which of two lists it is, is asked for")
        if x is not y and isinstance(x, Value) and isinstance(y, Value) and self.run.merger.is_made([x, y]):
            raise self.run.fail("which of two numbers it is, is asked for")
        return x is y

    def matched(self, k: int, x: Any) -> Any:
        """What a `match` looks at: with nothing in it that is not decided, since its patterns ask what things are."""
        return decided_in(self.run, x)

    # --- names, loops and calls ---

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

    def loop(self, k: int) -> Loop:
        """A loop that begins."""
        return Loop(self.run, self.sites[k])

    def rounds(self, k: int, things: Any) -> Any:
        """What a loop goes over."""
        if self.run.active and hasattr(things, "__next__") and sys.getrefcount(things) > 2:
            raise self.run.fail("it takes from an iterator that others take from")
        return things

    def changes(self, k: int, x: Any) -> None:
        """Refuse to change a thing in place where that would be seen in other rows, or in one place only."""
        if self.run.merger.is_shared(x):
            raise self.run.fail("a list that was chosen is changed in place")
        if self.run.active and is_mutable(x):
            raise self.run.fail(f"it changes a {type(x).__name__} in place")

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
        return x

    def call(self, k: int, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call: the user's functions are rewritten too, and what both sides of a branch call does nothing else."""
        run = self.run
        kind = type(function)
        if kind is FunctionType:
            if function.__code__ not in run.known:
                function = run.follow(function)
        elif kind is MethodType:
            if type(function.__func__) is FunctionType and function.__func__.__code__ not in run.known:
                inner = run.follow(function.__func__)
                function = function if inner is function.__func__ else MethodType(inner, function.__self__)
        elif type(method := vars(kind).get("__call__")) is FunctionType:
            inner = run.follow(method)
            function = function if inner is method else MethodType(inner, function)
        code = getattr(function, "__code__", None)
        known = run.known.get(code) if code is not None else None
        if run.active:
            reason = why_not_called(function, known, args, run.known) if "out" not in kwargs else "it fills an array"
            if reason:
                raise run.fail(reason)
        if known is not None:
            if not run.active:
                return function(*args, **kwargs)
            calls = run.inside.setdefault(code, Calls())
            if calls.branch_out():
                raise run.fail(f"it calls itself more than once ({name_of(function)})")
            try:
                return function(*args, **kwargs)
            finally:
                calls.end()
        return called_with(run, self.sites[k], function, args, kwargs)
