"""compile: of callables of every kind, with and without options."""

import functools
import math
import warnings

import numpy as np
import pytest

import autograd
from autograd import Compiled, Value, compile
from tests.random_graphs import value_and_slopes


def test_as_a_decorator_with_and_without_options():
    @compile
    def plain(x):
        """Squares."""
        return x * x

    @compile()
    def called(x):
        return x * x

    @compile(in_axes=0, reduce="sum", threads=1)
    def summed(x):
        return x * x

    assert (plain(3.0), called(3.0), summed(np.array([1.0, 2.0]))) == (9.0, 9.0, 5.0)
    assert (plain.__name__, plain.__doc__, plain.__wrapped__(3.0)) == ("plain", "Squares.", 9.0)
    assert isinstance(plain, Compiled)
    assert "plain" in repr(plain)
    assert plain.grad(3.0) == 6.0


def test_callables_of_all_kinds():
    class Doubler:
        grad = "an attribute of its own"

        def __init__(self):
            self.hessian, self.tapes, self.function, self.reduce = 1, 2, 3, 4

        def __call__(self, x):
            return x * 2.0

        def method(self, x):
            return x * 3.0

    doubler = Doubler()
    for f, expected in (
        (doubler, 2.0), (doubler.method, 3.0), (functools.partial(lambda k, x: k * x, 4.0), 4.0),
        (autograd.tanh, math.tanh(1.0)),
        (abs, 1.0), (np.exp, math.e), (lambda x: x, 1.0), (Value.exp, math.e), (max, None),
    ):  # fmt: skip
        fast = compile(f)
        if f is max:
            assert fast(1.0, 3.0) == 3.0
            continue
        assert fast(1.0) == pytest.approx(expected)
        assert fast.value_and_grad(1.0)[0] == pytest.approx(expected)
        assert fast.hessian(1.0).shape == (1, 1)
        assert len(fast.tapes) == 1
        assert repr(fast).startswith("<compiled ")


def test_functions_that_call_themselves_or_yield():
    def power(x, n):
        return x if n == 1 else x * power(x, n - 1)

    @compile(static_argnames="n")
    def fast_power(x, n):
        return x if n == 1 else x * fast_power(x, n - 1)

    assert compile(lambda x: power(x, 5))(2.0) == fast_power(2.0, 5) == 32.0
    assert fast_power.grad(2.0, 5) == 80.0
    assert len(fast_power.tapes) == 1

    @compile(in_axes=0)
    def halved(x):
        return x if x <= 1.0 else halved.function(x * 0.5)

    assert halved(np.array([8.0, 3.0, 0.5])).tolist() == [1.0, 0.75, 0.5]
    assert halved.grad(np.array([8.0, 3.0, 0.5])).tolist() == [0.125, 0.25, 1.0]

    def terms(x):
        term = x
        while abs(term) > 1e-12:
            yield term
            term = term * x * 0.5

    assert compile(lambda x: sum(terms(x)))(0.5) == pytest.approx(0.5 / 0.75)


def test_very_long_functions():
    def f(x):
        y = x
        for _ in range(30_000 if autograd.native else 6_000):
            y = y * 0.9999 + x * 1e-5
        return y

    fast = compile(f, in_axes=0)
    value, slope = fast.value_and_grad(np.array([1.0, 2.0]))
    assert [value[0], slope[0]] == pytest.approx(value_and_slopes(f, [1.0]), rel=1e-11)
    assert value[1] == pytest.approx(2.0 * value[0], rel=1e-12)


def test_a_function_of_nothing_but_what_it_captures():
    w = Value(3.0)
    fast = compile(lambda: w * w)
    assert fast() == 9.0
    w.data = 4.0
    assert fast() == 16.0
    assert fast.backward() == 16.0
    assert w.grad == 8.0
    same = compile(lambda x: w, in_axes=0)
    assert same(np.ones(3)).tolist() == [4.0] * 3
    assert same.grad(np.ones(3)).tolist() == [0.0] * 3


def test_constants_by_branches():
    fast = compile(lambda x: 1.0 if x > 0 else 2, in_axes=0)
    assert fast(np.array([1.0, -1.0, 0.0])).tolist() == [1.0, 2.0, 2.0]
    assert fast.grad(np.array([1.0, -1.0])).tolist() == [0.0, 0.0]
    assert fast.hessian(np.array([1.0, -1.0])).tolist() == [[[0.0]], [[0.0]]]


def test_no_warning_comes_from_ordinary_calls():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast = compile(lambda x: 1.0 / x + x.log() + x.sqrt() + (x * 1e300).exp(), in_axes=0)
        fast.value_and_grad(np.array([0.0, -1.0, math.inf, math.nan, 1e308, -0.0]))
        compile(lambda x: 1.0 / x + x.log()).value_and_grad(0.0)
