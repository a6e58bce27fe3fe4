"""A function that is recorded is the same function: it sees and sets the names that it knows."""

import functools
from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.branches.surroundings import Surroundings

scale = 1.0
calls = 0


def number(x):
    return x.data if isinstance(x, Value) else x


def scaled(x):
    return max(x, 0.0) * scale


def counted(x):
    global calls
    calls += 1
    return max(x, 0.0)


def test_names_are_looked_up_when_they_are_needed(monkeypatch):
    fast = autograd.compile(lambda x: scaled(x))
    assert fast(2.0) == 2.0
    monkeypatch.setitem(globals(), "scale", 3.0)
    assert autograd.compile(lambda x: scaled(x))(2.0) == 6.0
    monkeypatch.setitem(globals(), "max", lambda *xs: xs[0] * 5.0)  # a name of the user's goes before Python's
    assert autograd.compile(lambda x: scaled(x))(2.0) == 30.0


def test_a_function_that_sets_global_names_sets_them():
    before = calls
    assert autograd.compile(counted)(2.0) == 2.0
    assert calls == before + 1


def test_names_around_it_are_set_too():
    seen, total = [], 0

    def f(x):
        nonlocal total
        total += 1
        seen.append(x)
        return max(x, 0.0)

    assert autograd.compile(f)(3.0) == 3.0
    assert (total, len(seen)) == (1, 1)


def test_a_function_that_is_set_anew_meanwhile_is_the_new_one():
    def twice(x):
        return x * 2.0

    def change():
        nonlocal twice
        twice = lambda x: x * 3.0  # noqa: E731

    def f(x):
        first = twice(x)
        change()
        return first + twice(x)

    assert Surroundings(f).run((1.0,), {}) == 5.0
    assert twice(1.0) == 3.0


def test_recursion_methods_defaults_partials_and_closures():
    def power(x, n):
        return max(x, 0.0) if n == 0 else power(x, n - 1) * 2.0

    class Model:
        floor = 0.5

        def __call__(self, x):
            return max(x, self.floor)

        def loss(self, x):
            return max(x, self.floor) + self(x)

    def with_default(x, f=scaled, *, g=scaled):
        return f(x) + g(x)

    xs = np.array([-1.0, 0.25, 3.0])
    for f in (
        lambda x: power(x, 3),
        Model().loss,
        with_default,
        functools.partial(with_default, g=abs),
        functools.wraps(scaled)(lambda x: scaled(x)),
        autograd.compile(scaled),
    ):
        fast = autograd.compile(f, in_axes=0)
        assert [*fast(xs)] == [number(f(Value(x))) for x in xs]
        assert len(fast.tapes) == (1 if f.__class__ is not type(Model().loss) else 2)  # what a method calls has guards


def test_generators_and_inner_functions_are_in_the_same_surroundings():
    def f(xs):
        def larger(x, y):
            return max(x, y)

        def steps():
            for x, y in pairwise(xs):
                yield larger(x, y)

        return sum(min(x, 1.0) for x in steps()) + [max(x, 0.5) for x in xs][-1]

    fast = autograd.compile(lambda *xs: f(list(xs)), in_axes=0)
    rows = np.random.default_rng(0).normal(size=(50, 4))
    assert [*fast(*rows.T)] == [number(f([Value(x) for x in row])) for row in rows]
    assert len(fast.tapes) == 1


def test_who_asks_for_names_finds_the_functions_own():
    def f(x):
        return max(x, 0.0) * globals()["scale"] * eval("scale")

    assert autograd.compile(f)(2.0) == 2.0 * scale**2


def test_errors_are_the_functions_own():
    def f(x):
        return max(x, 0.0) + not_there  # noqa: F821

    with pytest.raises(NameError, match="not_there"):
        autograd.compile(f)(1.0)


def test_nothing_is_left_behind():
    fast = autograd.compile(scaled)
    fast(1.0)
    assert max is __builtins__["max"]
    assert scaled.__globals__ is globals()
    assert max.__module__ == "builtins"
