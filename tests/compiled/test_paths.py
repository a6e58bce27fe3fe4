"""Paths: kept, found again, and no more of them than `max_paths`."""

import math
import warnings
from functools import cache

import numpy as np
import pytest

import autograd
from autograd import Value
from tests.random_graphs import value_and_slopes

# Random programs step up and down: that is told of elsewhere.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning"),
    pytest.mark.usefixtures("nothing_is_merged"),
]


def steps(x):
    """As many paths as there are steps to 1."""
    n = 0
    while x > 1.0:
        x, n = x * 0.75, n + 1
    return x * x + n * x


def test_loops_of_many_lengths():
    xs = np.exp(np.random.default_rng(1).uniform(0.0, 9.0, 400))
    fast = autograd.compile(steps, in_axes=0)
    value, slope = fast.value_and_grad(xs)
    assert 20 < len(fast.tapes) <= 34
    for i in range(0, 400, 3):
        assert [value[i], slope[i]] == pytest.approx(value_and_slopes(steps, [xs[i]]), rel=1e-12)


def test_a_loop_of_a_hundred_thousand_decisions():
    def f(x):
        n = 0
        while n < x:
            n += 1
        return x * n

    fast = autograd.compile(f)
    assert fast.value_and_grad(20_000.0) == (4e8, 20_000.0)
    assert fast(20_000.0) == 4e8
    assert fast(3.5) == 14.0
    assert len(fast.tapes) == 2


def test_paths_are_kept_and_found_again_in_any_order():
    calls = []

    def f(x, y):
        calls.append(1)
        if x > 0:
            return x * y if y > 0 else x - y
        while y > 1.0:
            y = y * 0.5
        return y + x

    fast = autograd.compile(f, in_axes=0)
    rng = np.random.default_rng(2)
    xs, ys = rng.normal(size=100), rng.normal(scale=4.0, size=100)
    whole = fast(xs, ys)
    recordings = len(calls)
    assert recordings <= len(fast.tapes) + 48, "some rows are tried once, the others recorded"
    for order in (np.arange(100)[::-1], rng.permutation(100)):
        assert np.array_equal(fast(xs[order], ys[order]), whole[order])
    for i in range(100):
        assert fast(xs[i : i + 1], ys[i : i + 1])[0] == whole[i]
    fast.grad(xs, ys)
    fast.hessian(xs, ys)
    fast.jvp((xs, ys), (ys, xs))
    assert len(calls) == recordings
    assert len(fast.tapes) == 7


BRANCHES = 40


def table(x, w):
    """As many paths as BRANCHES, each with a formula of its own."""
    for k in range(BRANCHES):
        if x < k + 1:
            return (x * w + k) * (x - k) ** 2 + autograd.sin(w * k)
    return x * w * w


KINDS = {
    "value": lambda f, x, w: f(x, w),
    "value_and_grad": lambda f, x, w: f.value_and_grad(x, w, argnums=(0, 1)),
    "grad": lambda f, x, w: f.grad(x, w, argnums=-1),
    "jacobian": lambda f, x, w: f.jacobian(x, w, argnums=(0, 1)),
    "hessian": lambda f, x, w: f.hessian(x, w, argnums=(0, 1)),
    "jvp": lambda f, x, w: f.jvp((x, w), (np.ones_like(x), 0.5)),
    "hvp": lambda f, x, w: f.hvp((x, w), (np.ones_like(x), 0.5), argnums=(0, 1)),
}


def rows_of_all_branches():
    return np.random.default_rng(3).uniform(0.0, BRANCHES + 2.0, 60)


@cache
def on_paths_of_their_own(kind, reduce):
    many = autograd.compile(table, in_axes=(0, None), reduce=reduce)
    found = KINDS[kind](many, rows_of_all_branches(), 1.5)
    assert len(many.tapes) > 30
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
@pytest.mark.parametrize("max_paths", [1, 7])
def test_beyond_max_paths_one_warning_and_right_results(kind, reduce, max_paths):
    xs = rows_of_all_branches()
    expected = on_paths_of_their_own(kind, reduce)
    few = autograd.compile(table, in_axes=(0, None), reduce=reduce, max_paths=max_paths)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = KINDS[kind](few, xs, 1.5)
        KINDS[kind](few, xs[::-1].copy(), 1.5)
        few(xs, 2.5)
    assert len(few.tapes) == max_paths
    for a, b in zip(optree_leaves(found), optree_leaves(expected), strict=True):
        assert np.shape(a) == np.shape(b)
        assert a == pytest.approx(b, rel=1e-11, abs=1e-11)
    assert [w.category for w in said] == [RuntimeWarning]
    assert f"takes more than {max_paths} paths" in str(said[0].message)
    assert "table" in str(said[0].message)
    assert said[0].filename == __file__


def optree_leaves(tree):
    return [leaf for part in tree for leaf in optree_leaves(part)] if isinstance(tree, (tuple, list)) else [tree]


@pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")
def test_beyond_max_paths_without_a_batch_and_for_backward():
    w = Value(1.5)
    few, many = (autograd.compile(lambda x: table(x, w), in_axes=0, reduce="mean", max_paths=m) for m in (2, 100))
    xs = np.random.default_rng(4).uniform(0.0, BRANCHES + 2.0, 30)
    shares = []
    for f in (few, many):
        w.grad = 0.0
        value = f.backward(xs)
        assert value == pytest.approx(float(np.mean([table(Value(x), w).data for x in xs])), rel=1e-12)
        shares.append(w.grad)
    assert shares[0] == pytest.approx(shares[1], rel=1e-12)
    alone = autograd.compile(table, max_paths=1)
    for x in (0.5, 7.5, 30.5, 0.25, 100.0):
        expected = value_and_slopes(table, [x, 1.5])
        value, slopes = alone.value_and_grad(x, 1.5, argnums=(0, 1))
        assert [value, *slopes] == pytest.approx(expected, rel=1e-12)
        assert alone.hessian(x, 1.5) == pytest.approx(autograd.compile(table).hessian(x, 1.5))
    assert len(alone.tapes) == 1


@pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")
def test_beyond_max_paths_captured_values_are_read_at_each_call():
    w = Value(2.0)
    fast = autograd.compile(lambda x: w * x if x > 0 else w - x, in_axes=0, max_paths=1)
    xs = np.array([1.0, -2.0])
    assert fast(xs).tolist() == [2.0, 4.0]
    w.data = 5.0
    assert fast(xs).tolist() == [5.0, 7.0]
    assert fast.grad(xs).tolist() == [5.0, -1.0]


@pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")
def test_a_structure_that_depends_on_the_path_is_refused_within_max_paths_and_beyond():
    shapes = {
        "a list": lambda x: [x, x * 2.0, x] if x > 10 else x * 3.0,
        "lengths": lambda x: [x] * (2 if x > 10 else 3),
        "keys": lambda x: {"a": x} if x > 10 else {"b": x},
        "array shapes": lambda x: np.array([x, x]) if x > 10 else np.array([[x], [x]]),
        "a tuple or a list": lambda x: (x, x) if x > 10 else [x, x],
    }
    for f in shapes.values():
        for max_paths in (1, 64):
            fast = autograd.compile(f, in_axes=0, max_paths=max_paths)
            with pytest.raises(TypeError, match="depends on the path"):
                fast(np.array([1.0, 20.0]))
            with pytest.raises(TypeError, match="depends on the path"):
                fast.jacobian(np.array([1.0, 20.0]))
            fast(np.array([2.0, 3.0]))


@pytest.mark.parametrize("bad", [0, -1, 1.5, "a", True, None])
def test_bad_max_paths_are_named(bad):
    with pytest.raises((ValueError, TypeError), match="max_paths"):
        autograd.compile(lambda x: x, max_paths=bad)


def test_no_numpy_warning_leaves_a_replay():
    def f(x):
        return autograd.maximum(x, 0.0) / (x * x) if x < 1 else -1e308 * x * x

    xs = np.array([0.0, -0.0, 1e-310, -1e-310, 2.0, 1e200, math.inf, -math.inf, math.nan, 0.5])
    for reduce in (None, "sum", "mean"):
        fast = autograd.compile(f, in_axes=0, reduce=reduce)
        for call in (fast, fast.value_and_grad, fast.hessian, fast.jacobian):
            call(xs)
        fast.jvp((xs,), (xs,))
        fast.hvp((xs,), (xs,))
        assert np.sum(fast(np.array([1e300, 1e300]))) == -math.inf
    autograd.compile(lambda a: a[0] / a[1] + a[2] / a[3] + a[4].relu()).grad([1.0, 0.0, 1.0, -0.0, 2.0])
    big = np.full(20_000, 1e308)
    assert autograd.compile(lambda x: x * x, in_axes=0, reduce="sum")(big) == math.inf
    assert math.isnan(autograd.compile(lambda x: x * 1e10, in_axes=0, reduce="sum")(big * np.resize([1, -1], 20_000)))


@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_sums_over_paths_do_not_depend_on_what_was_called_before(reduce):
    def f(x):
        y = autograd.exp(x) if x > 0.3 else autograd.sin(x) * 3.0 if x > -0.7 else x * 0.1
        return y * x if y > 0.5 else y - x

    random = np.random.default_rng(5)
    batches = [random.normal(size=n) for n in (40, 5, 1000, 6000, 40)]
    expected = [autograd.compile(f, in_axes=0, reduce=reduce).value_and_grad(x)[0] for x in batches]
    for order in ((0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (1, 1, 3, 0, 2, 4)):
        fast = autograd.compile(f, in_axes=0, reduce=reduce)
        for i in (*order, *order):
            assert fast.value_and_grad(batches[i])[0] == expected[i]
            assert fast(batches[i]) == expected[i]
