"""Python's own max, min and sorted of Values, as selects: with its ties and its nan, and no guard.

`max(a, b)` is `a` where they are equal, and what is compared to nan is as Python's loops leave it. Where that cannot be
had, because what is compared are no numbers, or what is chosen could not be a number, they are Python's own, and each
comparison is a guard.
"""

from __future__ import annotations

import builtins
import heapq
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograd.branches.choice import chosen, is_mergeable, is_one, is_value
from autograd.calculus.table import equal, less, where
from autograd.values.value import Value

__all__ = ["SELECTING", "greatest", "in_order", "least"]

FEW = 32
"""So many are sorted by exchanges of neighbours, which keep the order of equal ones by themselves."""

MOST = 4096
"""More are sorted by Python: it would take millions of steps."""

_ABSENT = object()


def greatest(*args: Any, key: Any = None, default: Any = _ABSENT) -> Any:
    """Python's `max`: of numbers with Values among them, by selects."""
    return _first_of(builtins.max, args, key, default)


def least(*args: Any, key: Any = None, default: Any = _ABSENT) -> Any:
    """Python's `min`: of numbers with Values among them, by selects."""
    return _first_of(builtins.min, args, key, default)


def _first_of(original: Callable[..., Any], args: tuple[Any, ...], key: Any, default: Any) -> Any:
    """The greatest or the least: of equal ones the first."""
    options = {} if default is _ABSENT else {"default": default}
    if not args or (options and len(args) != 1):
        return original(*args, key=key, **options)  # which says what it wants
    iterator = iter(args[0] if len(args) == 1 else args)
    things: list[Any] = []
    keys: list[Any] = things if key is None else []
    while (x := next(iterator, _ABSENT)) is not _ABSENT:  # nor is an iterator asked for one
        things.append(x)
        if key is not None:
            keys.append(key(x))
        if not is_one(keys[-1]) or not is_silent(keys[-1]):
            return _as_it_is(original, things, keys, iterator, key)
    if not things:
        return original((), key=key, **options)
    if not are_selected(keys) or not is_mergeable(things):
        return _as_it_is(original, things, keys, iterator, key)
    best, best_key = things[0], keys[0]
    for x, k in zip(things[1:], keys[1:], strict=True):
        better = less(best_key, k) if original is builtins.max else less(k, best_key)
        best_key = chosen(better, k, best_key)
        best = best_key if keys is things else chosen(better, x, best)
    return best


def _as_it_is(original: Callable[..., Any], things: list[Any], keys: list[Any], rest: Iterator[Any], key: Any) -> Any:
    """Python's own of things, some of which were looked at: it compares one before it takes the next."""

    def numbers() -> Iterator[int]:
        yield from range(len(things))
        while (x := next(rest, _ABSENT)) is not _ABSENT:
            things.append(x)
            yield len(things) - 1

    def key_of(i: int) -> Any:
        if i == len(keys):
            keys.append(key(things[i]))
        return keys[i]

    return things[original(numbers(), key=key_of)]


def is_silent(x: Any) -> bool:
    """Whether to compare a number does nothing else, as that of somebody's own class might."""
    return isinstance(x, (Value, np.generic)) or type(x) in (float, int, bool, Fraction, Decimal)


def are_selected(keys: list[Any]) -> bool:
    """Whether comparisons of these are conditions of selects: numbers, with a Value among them."""
    return any(map(is_value, keys)) and all(map(is_one, keys))


def in_order(iterable: Any, /, *, key: Any = None, reverse: Any = False) -> list[Any]:
    """Python's `sorted`: of numbers with Values among them, by selects; equal ones keep their order.

    One guard says that there is no nan, beside which Python's order is none.
    """
    things, keys, found = _ordered(iterable, key, reverse)
    if found is not None:
        return found
    if key is None:
        return builtins.sorted(things, reverse=reverse)
    return [things[i] for i in builtins.sorted(range(len(things)), key=keys.__getitem__, reverse=reverse)]


def _ordered(iterable: Any, key: Any, reverse: Any) -> tuple[list[Any], list[Any], list[Any] | None]:
    """Things, their keys, and the things in order, as selects; None where that cannot be."""
    things = list(iterable)
    keys = things if key is None else [key(x) for x in things]
    if not 0 < len(things) <= MOST or not are_selected(keys) or not is_mergeable(things) or has_nan(keys):
        return things, keys, None
    columns = [keys[:], things[:]]
    few = len(things) <= FEW
    if not few:
        columns.append([float(i) for i in range(len(things))])  # where each was: decides between equal ones
    if keys is things:
        del columns[0]
    for i, j in neighbours(len(things)) if few else merge_exchange(len(things)):
        x, y = columns[0][i], columns[0][j]
        swap = less(x, y) if reverse else less(y, x)
        if not few:
            swap = where(equal(x, y), less(columns[-1][j], columns[-1][i]), swap)
        for column in columns:
            a, b = column[i], column[j]
            column[i], column[j] = chosen(swap, b, a), chosen(swap, a, b)
    return things, keys, columns[0 if keys is things else 1]


def has_nan(keys: list[Any]) -> bool:
    """Whether one of them is nan: one guard."""
    numbers: Any = 0.0
    for x in keys:
        numbers = numbers + equal(x, x)
    return bool(numbers != float(len(keys)))


def neighbours(n: int) -> Iterator[tuple[int, int]]:
    """Exchanges of neighbours that sort n things."""
    for end in range(n - 1, 0, -1):
        for i in range(end):
            yield i, i + 1


def merge_exchange(n: int) -> Iterator[tuple[int, int]]:
    """Batcher's exchanges, which sort n things in about n/4 log(n)^2 of them (Knuth, volume 3, 5.2.2, algorithm M)."""
    top = 1 << (n - 1).bit_length() - 1
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while True:
            for i in range(n - d):
                if i & p == r:
                    yield i, i + d
            if q == p:
                break
            d, q, r = q - p, q >> 1, p
        p >>= 1


def largest(n: int, iterable: Any, key: Any = None) -> list[Any]:
    """`heapq.nlargest`, by selects where `sorted` is."""
    things, _, found = _ordered(iterable, key, True)
    return heapq.nlargest(n, things, key) if found is None else found[: builtins.max(n, 0)]


def smallest(n: int, iterable: Any, key: Any = None) -> list[Any]:
    """`heapq.nsmallest`, by selects where `sorted` is."""
    things, _, found = _ordered(iterable, key, False)
    return heapq.nsmallest(n, things, key) if found is None else found[: builtins.max(n, 0)]


SELECTING: dict[Any, Callable[..., Any]] = {
    builtins.max: greatest,
    builtins.min: least,
    builtins.sorted: in_order,
    heapq.nlargest: largest,
    heapq.nsmallest: smallest,
}
"""Functions of Python, and what stands in for each while a function is recorded."""
