"""Branches that are merged: one path for all rows, and in every row what the eager engine gives."""

import math
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd
from autograd import Value, exp, less, log, sqrt, where
from tests.branches.every_row import assert_eager, rows


def clamp(x, low):
    if x < low:
        return low
    return x if x < 1.0 else 1.0


def early(x, y):
    if x < 0.0:
        return y
    z = x * y
    if z > 1.0:
        return z - 1.0
    if z < 0.5:
        return z * z
    return z


def flags(x, y):
    found, total = False, 0.0
    for k in range(5):
        x = x * 0.5 - y
        if x < 0.0:
            found = True
        elif found:
            continue
        if found and x > 0.25:
            break
        total += x * k
    else:
        total = total + 1.0
    return total if found else total - y


def rounds(x, y):
    n = 0
    while abs(x) > 0.1 and n < 12:
        x, n = x * 0.5, n + 1
    return x * n + y


def search(x, y):
    for k in [0.1, 0.2, 0.4, 0.8]:
        if x < k:
            return k * y
    return x * y


def nested(x, y):
    for i in range(3):
        for j in range(3):
            if x + i < y + j:
                break
            x = x - 0.3
        else:
            y = y + 0.1
            continue
        if x < -1.0:
            return y
    return x + y


def chains(x, y):
    a = 0.0 < x < 1.0 and not y > 0.5
    b = x < y or (y < 0.0 and x != 2.0)
    return (x if a else y) + (a or b) * 2.0 - (b and x)


def mixed(x, y):
    best, count = 0, 1
    if x > 0.0:
        best, count = x, 2
    if y > 0.5:
        count += 1
        best = best + y
    return best * count + y / count + count**2


def structures(x, y):
    pair, name = (x, y), "a"
    if x < y:
        pair, name = (y, x), "a"
    return pair[0] - 2.0 * pair[1] + len(name)


def helper(x, y):
    return inner(x, y) * 2.0 + sum([clamp(t, 0.0) for t in (x, y)])


def inner(x, y):
    if x < y:
        z = sqrt(y - x)
    else:
        y = x - y
        z = log(y + 1.0)
    return z


def any_of(x, y):
    if any(t > 0.5 for t in (x, y)) and not all([x < y, y < 1.0]):
        x = x - 1.0
    return x * y


def unreached(x, y):
    return 1.0 / x if x != 0.0 else where(less(x, y), exp(y), y)


def closing(x, y):
    gap, total, n = x, 0.0, 0
    while gap > 0.1 and n < 12:
        total = total + sqrt(gap - 0.1)
        gap, n = gap - 0.3, n + 1
    return total * y


PROGRAMS = [closing, clamp, early, flags, rounds, search, nested, chains, mixed, structures, helper, any_of, unreached]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_every_row_is_the_eager_engines_on_few_paths(f):
    fast = autograd.compile(f, in_axes=0, branches="selects")
    plain = [row for row in rows() if all(map(math.isfinite, row))]
    assert_eager(f, fast, plain)
    assert len(fast.tapes) <= (2 if f is not mixed else 6), fast.report()
    assert_eager(f, fast, rows())


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_hessians_are_those_of_guards(f):
    rng = np.random.default_rng(3)
    some = rng.normal(size=(2, 60))
    expected = autograd.compile(f, in_axes=0, branches="guards", max_paths=1000).hessian(*some, argnums=(0, 1))
    found = autograd.compile(f, in_axes=0, branches="selects").hessian(*some, argnums=(0, 1))
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def bounce(h, v):
    for _ in range(12):
        v = v - 0.3
        h = h + v
        if h < 0.0:
            h = -h
            v = -0.8 * v
    return h


def test_a_line_that_splits_rows_again_and_again_is_merged_and_no_other():
    fast = autograd.compile(bounce, in_axes=0)
    some = np.random.default_rng(1).uniform(0.0, 2.0, size=(500, 2))
    assert_eager(bounce, fast, some[:4])
    assert {line.kind for line in fast.report().lines} == {"guard"}
    assert_eager(bounce, fast, some)
    assert len(fast.tapes) == 1
    (line,) = fast.report().lines
    assert (line.kind, line.text, line.reason) == ("select", "if h < 0.0:", "")
    assert ".merged(" in fast.source()
    assert "bounce: 1 path" in str(fast.report())
    assert "<table>" in fast.report()._repr_html_()


def test_few_paths_stay_guards():
    fast = autograd.compile(early, in_axes=0)
    assert_eager(early, fast, rows())
    assert {line.kind for line in fast.report().lines} == {"guard"}
    assert fast.source().startswith("def early")


def throw(speed, bounce):
    left = 4.0
    while left > 0.2 * speed:
        left, speed = left - 0.2 * speed, bounce * speed
        if speed < 0.5:
            return 0.0 * speed
    return left * (speed - 5.0 * left)


@pytest.mark.parametrize(("n", "kinds"), [(4000, {"guard"}), (200, {"loop", "select"})])
def test_where_nearly_all_rows_settle_on_paths_these_stay_guards(n, kinds):
    fast = autograd.compile(throw, in_axes=0)
    for seed in (1, 2):
        rng = np.random.default_rng(seed)
        some = np.column_stack([rng.uniform(2.0, 12.0, n), rng.uniform(0.5, 0.9, n)])
        assert_eager(throw, fast, some)
        assert {line.kind for line in fast.report().lines} == kinds
    assert (len(fast.tapes) > 9) == (kinds == {"guard"})


def test_guards_only_where_that_is_asked_for():
    fast = autograd.compile(lambda x, y: max(x, y) if x < 1.0 else y, in_axes=0, branches="guards")
    fast(np.array([0.0, 2.0, 0.5]), np.array([1.0, 0.0, 0.0]))
    assert len(fast.tapes) == 3


@pytest.mark.parametrize("wrong", ["", "select", None, True, 1])
def test_a_wrong_option_is_refused(wrong):
    with pytest.raises(ValueError, match=r'branches is .*; it is "auto", "guards" or "selects"'):
        autograd.compile(early, branches=wrong)


def test_single_calls_along_merged_paths():
    fast = autograd.compile(bounce, branches="selects")
    for h, v in np.random.default_rng(2).uniform(0.0, 2.0, size=(20, 2)).tolist():
        assert fast(h, v) == bounce(h, v)
    assert len(fast.tapes) == 1


def test_a_row_that_needs_more_rounds_than_the_bound_is_right_too():
    def halve(x):
        n = 0.0
        while x > 1.0:
            x, n = x * 0.5, n + 1.0
        return x + n

    fast = autograd.compile(halve, in_axes=0, branches="selects")
    assert_eager(halve, fast, [(3.0,), (5.0,), (0.5,)])
    assert_eager(halve, fast, [(2.0**k * 1.1,) for k in range(40)])
    assert len(fast.tapes) <= 5
    assert [line.kind for line in fast.report().lines] == ["loop"]


def test_recursion_is_followed_as_deep_as_it_goes():
    def simpson(a, b, depth):
        middle = 0.5 * (a + b)
        if depth == 0 or abs(b - a) < 0.3:
            return a * b + middle
        return simpson(a, middle, depth - 1) + simpson(middle, b, depth - 1)

    f = lambda x, y: simpson(x, y, 4)  # noqa: E731
    some = [row for row in rows() if all(map(math.isfinite, row))]
    assert_eager(f, autograd.compile(f, in_axes=0), some)


def test_the_warning_names_the_line_that_splits():
    fast = autograd.compile(lambda *xs: sets_many(xs), in_axes=0, max_paths=12)
    often = "takes (more than 12 paths|another path on nearly every row)"
    with pytest.warns(RuntimeWarning, match=rf"{often}.*test_merging.py:\d+ \(not merged: it sets an item"):
        fast(*np.random.default_rng(0).normal(size=(8, 100)))


def sets_many(xs):
    kept = [1.0]
    for x in xs:
        if x < 0.0:
            kept[0] = kept[0] * x
    return kept[0] + xs[0]


def test_what_disagrees_with_the_eager_engine_goes_back_to_guards(monkeypatch):
    from autograd.branches import merging

    true = merging.of_numbers
    monkeypatch.setattr(merging, "of_numbers", lambda c, x, y, *rest: true(c, y, x, rest[1], rest[0], rest[2]))
    fast = autograd.compile(bounce, in_axes=0, max_paths=1000)
    assert_eager(bounce, fast, np.random.default_rng(1).uniform(0.0, 2.0, size=(100, 2)))
    assert "gave other numbers than the eager engine" in str(fast.report())


def test_a_comparison_that_comes_out_otherwise_goes_back_to_guards_whatever_the_numbers(monkeypatch):
    from autograd.branches import conditions, deciding, merging

    compare, true = deciding.At.compare, merging.of_numbers

    def opposite(self, k, how, x, y):  # wrong twice: so is the choice
        found = compare(self, k, how, x, y)
        if type(found) is conditions.Condition:
            found.negated = not found.negated
        return found

    monkeypatch.setattr(deciding.At, "compare", opposite)
    monkeypatch.setattr(merging, "of_numbers", lambda c, x, y, one, other, site: true(c, y, x, other, one, site))
    fast = autograd.compile(bounce, in_axes=0, max_paths=1000)
    assert_eager(bounce, fast, np.random.default_rng(1).uniform(0.0, 2.0, size=(100, 2)))
    assert "decided a comparison otherwise than the eager engine" in str(fast.report())
    assert len(fast.tapes) > 1


def test_few_paths_are_merged_too_where_no_more_are_allowed():
    some = np.random.default_rng(1).uniform(0.0, 2.0, size=(100, 2))
    for most in (1, 2, 4, 8):
        fast = autograd.compile(bounce, in_axes=0, max_paths=most)
        assert_eager(bounce, fast, some)
        assert len(fast.tapes) == 1
        assert {line.kind for line in fast.report().lines} == {"select"}


def test_threads_that_find_paths_multiply_at_once_get_the_same_numbers():
    some = np.random.default_rng(4).uniform(0.0, 2.0, size=(2, 200))
    expected = autograd.compile(bounce, in_axes=0, branches="selects")(*some)
    fast = autograd.compile(bounce, in_axes=0)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: fast(*some), range(8)))
    assert all(np.array_equal(each, expected) for each in found)
    assert len(fast.tapes) == 1


def test_no_warning_comes_of_merging():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast = autograd.compile(bounce, in_axes=0)
        fast(*np.random.default_rng(1).uniform(0.0, 2.0, size=(2, 300)))


def test_values_and_weights_take_part():
    w = Value(0.7)

    def f(x):
        if x < w:
            x = x * w
        return x * x

    fast = autograd.compile(f, in_axes=0, reduce="sum", branches="selects")
    xs = np.array([0.1, 0.5, 0.9])
    w.grad = 0.0
    fast.backward(xs)
    expected = [autograd.grad(f(Value(x)), w, allow_unused=True) if x < 0.7 else 0.0 for x in xs]
    assert w.grad == pytest.approx(sum(expected))
