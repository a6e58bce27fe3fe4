"""Deciding: what a rewritten function asks at each place where something is decided.

An `At` is what one rewritten function sees of a run. Where a line is not merged a condition is decided at once, by a
guard, and one side is run; where it is, both are, and what they bind is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from autograd.branches.callees import called_with, name_of, why_not_called
from autograd.branches.choice import Unmergeable
from autograd.branches.conditions import (
    MISSING,
    NOTHING,
    OPERATORS,
    Chosen,
    Condition,
    number_of,
)
from autograd.branches.decisions import Calls
from autograd.branches.effects import Effects
from autograd.branches.harmless import NUMBERS
from autograd.branches.loops import Loop
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


class Known(NamedTuple):
    """A thing whose truth was asked for."""

    thing: Any
    truth: bool


class At(Effects):
    """What one rewritten function asks.

    Args:
        run: The run.
        sites: The places in the function.
    """

    missing, nothing = MISSING, NOTHING

    # --- conditions ---

    def compare(self, k: int, how: str, x: Any, y: Any) -> Any:
        """`x < y` and the like: a Condition, where the line is merged."""
        kinds = type(x), type(y)
        if Condition in kinds:
            x, y = (bool(each) if type(each) is Condition else each for each in (x, y))
        elif Chosen in kinds or ((isinstance(x, Value) or isinstance(y, Value)) and self.run.wanted(self.sites[k])):
            one, other = number_of(self.whole(x)), number_of(self.whole(y))
            if one is not None and other is not None:
                return self.run.noted(self.sites[k], self._opened(k, how, one, other))
        if self.run.active:
            self.whole(x)
            self.whole(y)
        return self.run.noted(self.sites[k], OPERATORS[how](x, y))

    def _opened(self, k: int, how: str, x: Any, y: Any) -> Any:
        """A condition; decided at once where that is refused."""
        site = self.sites[k]
        found = Condition(how, x, y, site=site)
        self.run.opened.append(found)
        return bool(found) if site in self.run.decisions.refused else found

    def chain(self, k: int, how: str, x: Any, y: Any, *others: Callable[[], Any], known: bool = False) -> Any:
        """`x < y < z` and the like."""
        first, *rest = how.split()

        def later(y: Any, rest: list[str], others: tuple[Callable[[], Any], ...]) -> Any:
            z = others[0]()
            found = self.compare(k, rest[0], y, z)
            return found if len(others) == 1 else self.every_known(k, found, lambda: later(z, rest[1:], others[1:]))

        found = self.every_known(k, self.compare(k, first, x, y), lambda: later(y, rest, others))
        return found.thing if type(found) is Known and not known else found

    def truth(self, k: int, x: Any) -> Any:
        """The truth of a thing: True, False or a Condition that may be kept open."""
        if type(x) is bool:
            return x
        if type(x) is Known:
            return x.truth
        if isinstance(x, Value):
            if not self.run.wanted(self.sites[k]):
                return self.run.noted(self.sites[k], bool(x))
            x = self.run.noted(self.sites[k], self._opened(k, "!=", x, 0.0))
        elif type(x) is Chosen:
            x = self.run.noted(self.sites[k], self._opened(k, "!=", x.value, 0.0))
        elif type(x) is not Condition:
            return self.run.noted(self.sites[k], bool(x)) if type(x) in (int, float) else bool(self.thing(x))
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
        found.stand()
        return Both(self.run, self.sites[k], found)

    def test(self, k: int, test: Any) -> bool:
        """The decision of an `if` that cannot be merged."""
        if type(test) is Condition:
            self.run.merges(self.sites[k])  # which notes that it is not
        return bool(test)

    def filtered(self, k: int, x: Any) -> Any:
        """The filter of a comprehension, which Python decides."""
        if type(x) is Condition:
            self.run.decisions.unsafe[self.sites[k]] = "it filters a comprehension, whose length would depend on it"
        return x

    def no(self, k: int, x: Any) -> Any:
        """`not x`."""
        found = self.truth(k, x)
        return found.opposite() if type(found) is Condition else not found

    def _within(self, k: int, condition: Condition, side: bool, thunk: Callable[[], Any]) -> Any:
        """What comes after a condition that is open, where it holds or does not: also run where it would not be.

        The condition stands before it on the tape: then that may be left out where it does not hold (`programs.needs`).
        """
        condition.stand()
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
        found = self.every_known(k, x, *others)
        return found.thing if type(found) is Known else found

    def every_known(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """The same, with its truth where that was asked for: it is not to be asked for again."""
        for i, each in enumerate(others):
            found = self.truth(k, x)
            if type(found) is Condition:
                y = self._within(k, found, True, lambda i=i, each=each: self.every(k, each(), *others[i + 1 :]))  # type: ignore[misc]
                return self._one_of(k, found, y, False if type(x) is Condition else x)
            if not found:
                return x if type(x) in NUMBERS or type(x) is Known else Known(x, False)
            x = each()
        return x

    def either(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """`x or y`."""
        found = self.either_known(k, x, *others)
        return found.thing if type(found) is Known else found

    def either_known(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """The same, with its truth where that was asked for."""
        for i, each in enumerate(others):
            found = self.truth(k, x)
            if type(found) is Condition:
                y = self._within(k, found, False, lambda i=i, each=each: self.either(k, each(), *others[i + 1 :]))  # type: ignore[misc]
                return self._one_of(k, found, True if type(x) is Condition else x, y)
            if found:
                return x if type(x) in NUMBERS or type(x) is Known else Known(x, True)
            x = each()
        return x

    def every_truth(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """`x and y`, of which nobody asks more than its truth."""
        return self.every(k, self.simple(x), *map(self._simply, others))

    def either_truth(self, k: int, x: Any, *others: Callable[[], Any]) -> Any:
        """`x or y`, of which nobody asks more than its truth."""
        return self.either(k, self.simple(x), *map(self._simply, others))

    def chain_of_truths(self, k: int, how: str, x: Any, y: Any, *others: Callable[[], Any]) -> Any:
        """`x < y < z`, of which nobody asks more than its truth."""
        return (
            self.truth(k, found)
            if type(found := self.chain(k, how, x, y, *others, known=True)) is Known
            else self.simple(found)
        )

    def _simply(self, thunk: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: self.simple(thunk())

    def choose(self, k: int, test: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
        """`first if test else second`."""
        found = self.truth(k, test)
        if type(found) is not Condition:
            return first() if found else second()
        return self._one_of(k, found, self._within(k, found, True, first), self._within(k, found, False, second))

    def choose_truth(self, k: int, test: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
        """The same, of which nobody asks more than its truth."""
        return self.choose(k, test, self._simply(first), self._simply(second))

    # --- names, loops and calls ---

    def loop(self, k: int) -> Loop:
        """A loop that begins."""
        return Loop(self.run, self.sites[k])

    def call(self, k: int, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call: the user's functions are rewritten too, and what both sides of a branch call does nothing else."""
        run = self.run
        kind = type(function)
        code: Any = None  # nothing else is asked of an object that can be called: it may answer by its __getattr__
        if kind is FunctionType:
            if function.__code__ not in run.known:
                function = run.follow(function)
            code = function.__code__
        elif kind is MethodType:
            if type(function.__func__) is FunctionType and function.__func__.__code__ not in run.known:
                inner = run.follow(function.__func__)
                function = function if inner is function.__func__ else MethodType(inner, function.__self__)
            code = getattr(function.__func__, "__code__", None) if type(function.__func__) is FunctionType else None
        elif type(method := vars(kind).get("__call__")) is FunctionType:
            inner = run.follow(method)
            if inner is not method:
                function, code = MethodType(inner, function), inner.__code__
        known = run.known.get(code) if code is not None else None
        if run.active:
            reason = why_not_called(run, function, known, args, kwargs)
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
