"""Bits: a row has its own, wherever it stands, on however many threads, whatever was called before."""

import math
import threading
import warnings

import numpy as np
import pytest

import autograd
from autograd import Value, compile
from autograd.replay import replay
from tests.random_graphs import value_and_slopes

LARGE = 5_000 if autograd.native else 400


def branching(x, w):
    if x[0] > 0.5:
        return (x[0] * w[0] + x[1] * w[1] + w[2]).tanh() * x[1]
    if x[1] * w[0] > x[0]:
        return autograd.maximum(x[0] / x[1], w[1]) + (x[1] * x[1]).log1p()
    return autograd.where(autograd.less(x[1], 0.0), x[0].exp(), x[1].sqrt()) - w[2] * x[0]


def all_bits(fast, xs, w):
    value, (dx, dw) = fast.value_and_grad(xs, w, argnums=(0, 1))
    return value, dx, dw, fast.hessian(xs, w), fast.jvp((xs, w), (xs, w))[1]


def test_a_row_has_its_bits_at_any_place_in_any_batch():
    rng = np.random.default_rng(7)
    xs, w = rng.normal(size=(LARGE, 2)), np.array([0.3, -0.2, 0.9])
    fast = compile(branching, in_axes=(0, None))
    whole = all_bits(fast, xs, w)
    for rows in (
        slice(0, 1),
        slice(17, 18),
        slice(63, 65),
        slice(100, 227),
        slice(None, None, -1),
        slice(-100, None),
        slice(1, None, 61),
    ):
        for a, b in zip(whole, all_bits(fast, xs[rows], w), strict=True):
            assert a[rows].tobytes() == b.tobytes()
    again = compile(branching, in_axes=(0, None))
    all_bits(again, xs[::-1][:3], w)  # paths found in another order
    for a, b in zip(whole, all_bits(again, xs, w), strict=True):
        assert a.tobytes() == b.tobytes()


@pytest.mark.any_build
def test_results_do_not_depend_on_threads():
    rng = np.random.default_rng(8)
    xs, w = rng.normal(size=(6 * LARGE + 11, 2)), np.array([0.3, -0.2, 0.9])
    for reduce in (None, "sum", "mean"):
        first = None
        for threads in (1, 2, 3, None):
            fast = compile(branching, in_axes=(0, None), reduce=reduce, threads=threads)
            found = [np.asarray(a).tobytes() for a in all_bits(fast, xs, w)]
            first = first or found
            assert found == first


@pytest.mark.skipif(not autograd.native, reason="NumPy replays in one thread")
def test_a_few_rows_of_a_long_program_are_spread_too_and_do_not_depend_on_threads():
    def orbit(x, w):
        for _ in range(3000):
            x = x * (1.0 - w * x) + 0.1
        return x

    at_work = set()
    spread = replay.spread

    def watched(work, *rest):
        def noted(span):
            at_work.add(threading.get_ident())
            return work(span)

        return spread(noted, *rest)

    xs, first = np.linspace(0.1, 0.9, 700), None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "spread", watched)
        for threads in (1, 2, 3):
            at_work.clear()
            fast = compile(orbit, in_axes=(0, None), reduce="sum", threads=threads)
            value, (dx, dw) = fast.value_and_grad(xs, 0.5, argnums=(0, 1))
            found = np.array([value, dw, *dx]).tobytes()
            first = first or found
            assert found == first
            assert (threading.get_ident() in at_work) == (threads == 1)
    expected = sum(value_and_slopes(lambda x: orbit(x, 0.5), [x])[0] for x in xs[:20].tolist())
    assert compile(orbit, in_axes=(0, None), reduce="sum")(xs[:20], 0.5) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_a_long_batch_is_sorted_onto_paths_in_blocks(reduce, monkeypatch):
    """As a function without branches it needs memory for its results alone."""
    monkeypatch.setattr(autograd.compiled.rows, "BLOCK", 100)
    w = Value(1.5)

    def f(x, k):
        if x > 1.0:
            return x * w * k
        return -x * k if x < 0.0 else x * x

    x = np.random.default_rng(4).normal(size=730)
    expected = np.where(x > 1.0, 3.0 * x, np.where(x < 0.0, -2.0 * x, x * x))
    dk = np.where(x > 1.0, 1.5 * x, np.where(x < 0.0, -x, 0.0))
    total = {None: lambda a: a, "sum": np.sum, "mean": np.mean}[reduce]
    for most in (64, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            fast = compile(f, in_axes=(0, None), reduce=reduce, max_paths=most)
            for _ in range(2):
                value, (dx, slope) = fast.value_and_grad(x, 2.0, argnums=(0, 1))
                assert np.allclose(value, total(expected), rtol=1e-13)
                assert np.allclose(slope, total(dk), rtol=1e-13)
                assert dx.shape == x.shape
                assert np.allclose(fast.jvp((x, 2.0), (None, 1.0))[1], total(dk), rtol=1e-13)
            if reduce:
                w.zero_grad()
                assert np.isclose(fast.backward(x, 2.0), total(expected), rtol=1e-13)
                assert np.isclose(w.grad, total(np.where(x > 1.0, 2.0 * x, 0.0)), rtol=1e-13)


def test_a_row_of_nan_touches_no_neighbour():
    rng = np.random.default_rng(9)
    w = np.array([0.3, -0.2, 0.9])
    xs = rng.normal(size=(300, 2))
    fast = compile(branching, in_axes=(0, None))
    clean = all_bits(fast, xs, w)
    bad = [3, 64, 65, 130, 299]
    xs[bad] = [[math.nan, 1.0], [1.0, math.nan], [math.inf, -math.inf], [0.0, 0.0], [-1e308, 1e308]]
    dirty = all_bits(fast, xs, w)
    kept = np.setdiff1d(np.arange(300), bad)
    for a, b in zip(clean, dirty, strict=True):
        assert np.array_equal(a[kept], b[kept])
        assert a[kept].tobytes() == b[kept].tobytes()
    assert np.isnan(dirty[0][[3, 64]]).any()


def test_twice_the_same_call_gives_the_same_bits():
    rng = np.random.default_rng(10)
    xs, w = rng.normal(size=(777, 2)), np.array([0.3, -0.2, 0.9])
    fast = compile(branching, in_axes=(0, None), reduce="sum")
    first = [np.asarray(a).tobytes() for a in all_bits(fast, xs, w)]
    assert [np.asarray(a).tobytes() for a in all_bits(fast, xs, w)] == first
