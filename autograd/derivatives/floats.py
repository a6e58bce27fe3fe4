"""Functions called on floats and lists of floats, which most are: what transforms do then, in few steps.

Nothing has to be asked about structures, Values among the arguments, or recordings. All else is a `Call` (`calls.py`),
which judges anything that is given, and gives the same. Plain Python that Cython compiles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import cython

from autograd.curvature.pushing import all_finite, moved
from autograd.engine.leaves import are_floats, leaf, leaves
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of, is_moving
from autograd.engine.sweep import sweep
from autograd.values.value import Value

if not cython.compiled:
    from autograd.engine.listening import _listening

__all__ = ["Called", "along_on_floats", "called_on_floats", "called_within", "gradient_on_floats", "is_differentiated"]

_within: ContextVar[bool] = ContextVar("whether a function is being called to be differentiated", default=False)


def is_differentiated() -> bool:
    """Whether this is within a function that is being called to be differentiated."""
    return is_within()


if not cython.compiled:

    def is_within() -> bool:
        """The same; in C a look at what the thread has."""
        return _within.get()

    def enter() -> Any:
        """From now on it is; what to `leave` with."""
        return _within.set(True)

    def leave(before: Any) -> None:
        """It is again what it was before."""
        _within.reset(before)


def called_within(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any] | None) -> Any:
    """The result of a function that is called to be differentiated."""
    before = enter()
    try:
        return function(*args, **kwargs) if kwargs else function(*args)
    finally:
        leave(before)


@cython.final
@cython.cclass
class Called:
    """A function called with leaves in place of floats and of lists of floats.

    Attributes:
        inputs: The leaves.
        one: Whether they are one argument's, and not those of a tuple of arguments.
        single: Whether that argument is a float.
        counts: Of each of several, how many these are; -1 of a float.
        result: What it gave.
        items: The results, once it is known that they are plain.
    """

    if not cython.compiled:
        __slots__ = ("counts", "inputs", "items", "one", "result", "single")
        inputs: list[Any]
        items: list[Any]
        counts: list[int]
        one: bool
        single: bool
        result: Any

    def with_several(self, by: Any, args: Sequence[Any]) -> list[Any] | None:
        """The arguments with leaves in several of them, if these are floats and lists of floats; else None."""
        if type(by) is not tuple or not by or len({*by}) < len(by):
            return None
        for k in by:
            if type(k) is not int or not 0 <= k < len(args) or not is_plain(args[k]):
                return None
        whole: list[Any] = [*args]
        self.inputs, self.counts = [], []
        for k in by:
            single = type(whole[k]) is float
            found = leaves([whole[k]] if single else whole[k])
            whole[k] = found[0] if single else found
            self.inputs += found
            self.counts.append(-1 if single else len(found))
        return whole

    def is_moved(self) -> bool:
        """Whether it gave a Value and nothing else, to which gradients flow."""
        return isinstance(self.result, Value) and is_moving(self.result)

    def has_plain_results(self) -> bool:
        """Whether it gave a Value or a float, or a list or a tuple of them: the `items`."""
        kind = type(self.result)
        self.items = [*self.result] if kind is list or kind is tuple else [self.result]
        for y in self.items:
            if type(y) is not float and not isinstance(y, Value):
                return False
        if kind is list:
            self.result = self.items  # which nobody else changes
        return bool(self.items)

    def value(self) -> Any:
        """What it gave, as numbers."""
        if isinstance(self.result, Value):
            return data_of(self.result)
        return self.in_results([y if type(y) is float else data_of(y) for y in self.items])

    def in_results(self, items: list[Any]) -> Any:
        """Something for each result, in their structure."""
        kind = type(self.result)
        return items if kind is list else tuple(items) if kind is tuple else items[0]

    def by_argument(self, items: list[Any]) -> Any:
        """Something for each input, in the structure of the arguments."""
        if self.one:
            return items[0] if self.single else items
        found, at = [], 0
        for count in self.counts:
            if count < 0:
                found.append(items[at])
                at += 1
            else:
                found.append(items[at : at + count])
                at += count
        return tuple(found)

    def direction(self, tangents: Sequence[Any]) -> list[float] | None:
        """A number for each input, given a tangent for each argument, None of one of several that stands still; None
        where these are not in the structures of the arguments.
        """
        found: list[float] = []
        if self.one:
            t = tangents[0]
            if self.single:
                return [t] if type(t) is float else None
            return t if type(t) is list and len(t) == len(self.inputs) and are_floats(t) else None
        for t, count in zip(tangents, self.counts, strict=True):
            if t is None:
                found += [0.0] * (1 if count < 0 else count)
            elif type(t) is float and count < 0:
                found.append(t)
            elif type(t) is list and len(t) == count and are_floats(t):
                found += t
            else:
                return None
        return found

    def slopes(self) -> Any:
        """The gradient of the one result, which moves."""
        return self.by_argument(sweep([self.result], [1.0], self.inputs))

    def pulled(self, cotangent: Any) -> Any:
        """The gradient of all results by each argument, given a weight for each, in their structure; else None."""
        kind = type(self.result)
        if kind is list or kind is tuple:
            if type(cotangent) is not kind or len(cotangent) != len(self.items) or not are_floats(cotangent):
                return None
            slopes = self.pulled_back(self.items, [*cotangent])
        elif type(cotangent) is not float:
            return None
        elif self.is_moved():
            slopes = self.by_argument(sweep([self.result], [cotangent], self.inputs))
        else:
            slopes = self.pulled_back(self.items, [cotangent])
        return (slopes,) if self.one else slopes

    def pulled_back(self, items: list[Any], weights: list[float]) -> Any:
        """The gradient of some results, each times its weight."""
        roots: list[Any] = []
        seeds: list[float] = []
        for k in range(len(items)):
            if type(items[k]) is not float and is_moving(items[k]):
                roots.append(items[k])
                seeds.append(weights[k])
        return self.by_argument(sweep(roots, seeds, self.inputs) if roots else [0.0] * len(self.inputs))

    def jacobian(self) -> Any:
        """The derivatives of each result by each input, in the structure of both; None of other results, and, where the
        walk is forward, of results with rules of their own, and where something overflows.
        """
        if not self.has_plain_results():
            return None
        rows: list[Any] = []
        if len(self.inputs) < len(self.items):
            columns = moved(self.items, self.inputs, None)
            if columns is None or not all(map(all_finite, columns)):
                return None
            for k in range(len(self.items)):
                rows.append(self.by_argument([column[k] for column in columns]))
        else:
            for y in self.items:
                rows.append(self.pulled_back([y], [1.0]))
        return self.in_results(rows)

    def arguments(self) -> list[Any]:
        """The arguments that it is differentiated by."""
        found = self.by_argument([data_of(x) for x in self.inputs])
        return [found] if self.one else list(found)


def is_plain(x: Any) -> bool:
    """Whether that is a float or a list of floats."""
    return type(x) is float or (type(x) is list and bool(x) and are_floats(x))


def called_on_floats(
    function: Callable[..., Any], argnums: Any, args: Sequence[Any], kwargs: Mapping[str, Any] | None
) -> Called | None:
    """The function, called, if the arguments `argnums` are floats and lists of floats.

    None of any other, and where a `Call` looks at more: in a recording, and within a function that is differentiated.
    """
    if (_listening and recorder() is not None) or is_within():
        return None
    called: Called = Called.__new__(Called)
    called.one = type(argnums) is int
    if not called.one:
        whole = called.with_several(argnums, args)
        if whole is None:
            return None
    elif not 0 <= argnums < len(args) or not is_plain(args[argnums]):
        return None
    else:
        given = args[argnums]
        called.single = type(given) is float
        called.inputs = [leaf(given)] if called.single else leaves(given)
        x = called.inputs[0] if called.single else called.inputs[:]
        if len(args) == 1 and not kwargs:
            before = enter()
            try:
                called.result = function(x)
            finally:
                leave(before)
            return called
        whole = [*args]
        whole[argnums] = x
    called.result = called_within(function, whole, kwargs)
    return called


def gradient_on_floats(
    function: Callable[..., Any], argnums: Any, args: Sequence[Any], kwargs: Mapping[str, Any], with_value: bool
) -> Any:
    """The gradient of a function at floats and lists of floats, or its value and its gradient.

    `Called` where there is more to look at in what it gave; None if it was not called.
    """
    called = called_on_floats(function, argnums, args, kwargs)
    if called is None or not called.is_moved():
        return called
    slopes = called.slopes()
    return (data_of(called.result), slopes) if with_value else slopes


def place_of(x: Any, items: tuple[Any, ...]) -> int:
    """Where an object is among some."""
    at = 0
    while items[at] is not x:
        at += 1
    return at


def along_on_floats(function: Callable[..., Any], primals: Any, tangents: Any) -> Any:
    """The value of a function at floats and lists of floats, and its tangent along tangents of the same structure.

    `Called` where there is more to look at in what it gave, and where something overflows; None if it was not called.
    """
    if type(primals) is not tuple or type(tangents) is not tuple or len(primals) != len(tangents):
        return None
    if not callable(function):
        return None
    given = tangents if len(tangents) == 1 else [t for t in tangents if t is not None]
    for t in given:
        if not is_plain(t):
            return None
    if len(given) == 1:
        called = called_on_floats(function, place_of(given[0], tangents), primals, None)
    else:
        called = called_on_floats(function, tuple([k for k, t in enumerate(tangents) if t is not None]), primals, None)
    if called is None:
        return None
    direction = called.direction(given)
    if direction is None or not called.has_plain_results():
        return called
    rows = moved(called.items, called.inputs, [direction])
    if rows is None or not all_finite(rows[0]):
        return called
    return called.value(), called.in_results(rows[0])
