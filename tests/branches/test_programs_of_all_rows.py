"""Programs in which each row takes a path of its own, and cannot but: right in every row."""

import bisect
import heapq
import math
import statistics

import numpy as np
import pytest

import autograd
from autograd import exp, sin
from tests.benchmarks.deciding import pivoted
from tests.branches.every_row import assert_eager

rng = np.random.default_rng(16)


def simpson(w, s, b):
    """Adaptive, by recursion: a row divides where it needs to."""

    def f(t):
        return exp(-s * t * t) * sin(w * t)

    def over(a, fa, b, fb, m, fm, whole, tolerance, depth):
        left_m, right_m = (a + m) / 2, (m + b) / 2
        left_f, right_f = f(left_m), f(right_m)
        left = (m - a) / 6 * (fa + 4 * left_f + fm)
        right = (b - m) / 6 * (fm + 4 * right_f + fb)
        if depth == 0 or abs(left + right - whole) < 15 * tolerance:
            return left + right + (left + right - whole) / 15
        one = over(a, fa, m, fm, left_m, left_f, left, tolerance / 2, depth - 1)
        return one + over(m, fm, b, fb, right_m, right_f, right, tolerance / 2, depth - 1)

    zero = 0.0 * b
    fa, fb, m = f(zero), f(b), b / 2
    fm = f(m)
    return 0.1 * b + over(zero, fa, b, fb, m, fm, b / 6 * (fa + 4 * fm + fb), 1e-4, 6)


def from_a_heap(*x):
    heap, total, weight = list(x), 0.0, 1.0
    heapq.heapify(heap)
    while heap:
        total, weight = total + weight * heapq.heappop(heap), weight * 0.5
    return total


def inserted(*x):
    found = []
    for each in x:
        bisect.insort(found, each)
    return sum((k + 1) * each for k, each in enumerate(found))


def looked_up(x, y):
    knots, values = [-1.0, -0.5, 0.0, 0.5, 1.0], [1.0, 2.0, 0.5, 3.0, 1.5]
    i = min(max(bisect.bisect_right(knots, x) - 1, 0), 3)
    t = (x - knots[i]) / (knots[i + 1] - knots[i])
    return values[i] + t * (values[i + 1] - values[i]) + y


def counted(*x):
    if any(each > 1.0 for each in x):
        return sum(x)
    if all(each < 0.5 for each in x):
        return x[0] * x[1]
    return abs(x[0]) + sum(abs(each) for each in x)


def middle(*x):
    return statistics.median(x) * statistics.median_low(x[:4]) + sum(heapq.nlargest(2, x))


CASES = [
    (pivoted, rng.normal(size=(40, 9))),
    (pivoted, rng.normal(size=(75, 16))),
    (simpson, np.column_stack([rng.uniform(1, 10, 80), rng.uniform(0.5, 3, 80), rng.uniform(1, 3, 80)])),
    (from_a_heap, rng.normal(size=(75, 5))),
    (inserted, rng.normal(size=(75, 5))),
    (looked_up, rng.normal(size=(60, 2))),
    (counted, rng.normal(size=(75, 5))),
    (middle, rng.normal(size=(60, 5))),
]


@pytest.mark.parametrize("branches", ["auto", "selects"])
@pytest.mark.parametrize(("f", "some"), CASES, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")
def test_rows_that_each_take_their_own_path_are_right(f, some, branches):
    fast = autograd.compile(f, in_axes=0, branches=branches)
    assert_eager(f, fast, some)
    assert_eager(f, fast, some[::-1])  # of these many are run by the eager engine at once


def test_what_is_compared_elsewhere_is_selected_or_told_of():
    fast = autograd.compile(middle, in_axes=0)
    fast(*rng.normal(size=(5, 60)))
    assert len(fast.tapes) == 1
    report = fast.report()
    assert {line.file for line in report.lines} != {report.file}
    assert f"in {statistics.__file__}:" in str(report)
    some = rng.normal(size=(5, 200))
    fast = autograd.compile(inserted, in_axes=0)
    with pytest.warns(RuntimeWarning, match="takes (more than 64 paths|another path on nearly every row)"):
        fast(*some)
    assert "it compares in what is called there" in str(fast.report())
    assert "it compares in what is called there" in fast.report()._repr_html_()


def test_a_function_that_calls_itself_twice_is_not_unfolded():
    fast = autograd.compile(simpson, in_axes=0, branches="selects")
    value = fast(np.array([2.0, 9.0]), np.array([1.0, 0.6]), np.array([1.0, 3.0]))
    assert value[0] == pytest.approx(simpson(2.0, 1.0, 1.0), rel=1e-12)
    assert "it calls itself more than once" in str(fast.report())
    assert sum(fast.report().steps) < 5000


def test_a_function_that_calls_itself_once_is_as_good_as_a_loop():
    def steps(x, n):
        if x < 1.0 or n == 0:
            return x
        return steps(x * 0.6 + 0.01 * sin(x), n - 1)

    f = lambda x: steps(x, 40) * x  # noqa: E731
    some = np.exp(rng.uniform(0.0, 9.0, size=(60, 1)))
    fast = autograd.compile(f, in_axes=0)
    assert_eager(f, fast, some)
    assert len(fast.tapes) <= 2
    assert math.isfinite(fast(some[:, 0]).sum())
