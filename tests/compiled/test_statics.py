"""Static arguments: a tape for each that differs."""

import math

import numpy as np
import pytest

import autograd
from autograd import compile


def test_a_tape_for_each_different_static_argument():
    calls = []

    @compile(static_argnames=("n", "kind"))
    def f(x, n, kind="a"):
        calls.append((n, kind))
        return sum(x * k for k in range(n + 1)) if kind == "a" else x**n

    for _ in range(2):
        assert f(2.0, 3) == 12.0
        assert f(2.0, 2) == 6.0
        assert f(2.0, 3, "b") == 8.0
        assert f(2.0, n=3, kind="b") == 8.0
        assert f(2.0, 3, kind="b") == 8.0
        assert f.grad(2.0, 3, "b") == 12.0
    assert set(calls) == {(3, "a"), (2, "a"), (3, "b")}
    assert len(calls) == len(f.tapes) <= 5
    assert f.grad(2.0, 3, "b", argnums=(0, 1)) == (12.0, None)
    assert f.jvp((2.0, 3, "b"), (1.0, None, None)) == (8.0, 12.0)
    assert f.hvp((2.0, 3, "b"), (1.0, None, None)) == 12.0


@pytest.mark.parametrize("wrap", [lambda k: k, lambda k: (k,), lambda k: ("a", (k, 2)), lambda k: frozenset([k])])
def test_static_arguments_that_are_equal_but_differ(wrap):
    def f(x, k):
        while isinstance(k, (tuple, frozenset)):
            k = next(iter(k)) if len(k) == 1 else k[1]
        return x * {bool: 2.0, int: 3.0, float: 5.0, np.float64: 7.0}[type(k)] * math.copysign(1.0, k)

    fast = compile(f, static_argnames="k")
    for k in (1, 1.0, True, np.float64(1.0), 0.0, -0.0, 0, False, -1.0):
        assert fast(1.0, wrap(k)) == f(1.0, wrap(k)), k
        assert compile(f, static_argnames="k")(1.0, wrap(k)) == fast(1.0, wrap(k))


def test_booleans_and_none_are_static_by_themselves():
    fast = compile(lambda x, flag, other=None: (x * 2.0 if flag else x * 3.0) + (0.0 if other is None else other))
    assert fast(1.0, True) == 2.0
    assert fast(1.0, False) == 3.0
    assert fast(1.0, True, 5.0) == 7.0
    assert fast(1.0, flag=False, other=None) == 3.0
    assert fast.grad(1.0, True, None, argnums=(0, 1, 2)) == (2.0, None, None)
    assert fast(1.0, 1) == 2.0  # a number: a Value, which a branch looks at
    assert fast(1.0, 0) == 3.0
    assert fast(1.0, 0.5) == 2.0


@pytest.mark.parametrize("bad", [[1], {"a": 1}, {1}, np.ones(2), ([1],)])
def test_static_arguments_that_cannot_be_hashed_are_named(bad):
    with pytest.raises(TypeError, match=f"^k: .*hashable.*{type(bad).__name__}"):
        compile(lambda x, k: x, static_argnames="k")(1.0, bad)


def test_static_nan_and_other_objects():
    class Kind:
        factor = 3.0

    fast = compile(lambda x, k: x * (k.factor if isinstance(k, type) else 2.0), static_argnames=["k"])
    assert fast(1.0, Kind) == 3.0
    assert fast(1.0, math.nan) == fast(1.0, math.nan) == 2.0
    for _ in range(5):
        fast(1.0, math.nan)
    assert len(fast.tapes) == 2
    assert compile(lambda x, f: f(x), static_argnames="f")(0.5, autograd.sin) == math.sin(0.5)


def test_static_arguments_by_keyword_only_and_in_batches():
    def f(x, *, power):
        return x**power

    fast = compile(f, static_argnames="power", in_axes=0)
    assert fast(np.array([2.0, 3.0]), power=3).tolist() == [8.0, 27.0]
    assert fast.grad(np.array([2.0, 3.0]), power=2).tolist() == [4.0, 6.0]
    several = compile(lambda n, x, m: x * n + m, static_argnames=("n", "m"), in_axes=(None, 0, None))
    assert several(2, np.array([1.0, 2.0]), 3).tolist() == [5.0, 7.0]
    assert several.grad(2, np.array([1.0, 2.0]), 3, argnums=1).tolist() == [2.0, 2.0]
