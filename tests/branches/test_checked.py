"""What was merged is checked when it is first used, and goes back to guards where it is not the eager engine's."""

import numpy as np
import pytest

import autograd
from autograd.branches import choice, merging
from autograd.compiled import rows
from autograd.recorded import agreement, recordings
from autograd.recorded.agreement import difference
from autograd.recorded.watching import Given
from tests.branches.every_row import assert_eager

rng = np.random.default_rng(16)
ROWS = rng.uniform(-2.0, 2.0, size=(200, 2))


def steps(x, y):
    total = 0.0
    for k in range(10):
        if x < 0.1 * k:
            total, y = total + y * x, y + 0.01
        else:
            total = total - y
        x = x + 0.3 * y
    return total * x


def two_results(x, y):
    first = steps(x, y)
    return first, first * y


def of_many_ways(x, y):
    if x < 0.0:
        x = -x
    elif y < 0.0:
        y = y * 3.0
    return x * y


def seen(monkeypatch):
    """Of each check the rows, and what was found."""
    found = []
    original = recordings.disagreement

    def disagreement(*args):
        found.append((list(args[3]), original(*args)))
        return found[-1][1]

    monkeypatch.setattr(recordings, "disagreement", disagreement)
    return found


@pytest.mark.parametrize("f", [steps, two_results])
def test_a_row_of_each_path_is_tried_on_what_was_merged(f, monkeypatch):
    found = seen(monkeypatch)
    paths = []
    original = recordings.merged

    def merged(*args):
        paths.append([each.numbers.tolist() for each in args[4].all])
        return original(*args)

    monkeypatch.setattr(recordings, "merged", merged)
    fast = autograd.compile(f, in_axes=0)
    fast(*ROWS.T)
    assert len(fast.tapes) == 1
    (recorded,) = paths
    assert len(recorded) > 8
    assert {trouble for _, trouble in found} == {""}
    assert all(row in found[-1][0] for row in recorded)
    assert found[0][0] == recorded[-1:]  # the row on which it was merged, by itself


def test_so_are_all_paths_however_many(monkeypatch):
    found = seen(monkeypatch)
    monkeypatch.setattr(recordings, "MOST_SPLITS", 40)
    fast = autograd.compile(lambda *xs: steps(xs[0], xs[1]) + of_many_ways(*xs) + of_ten(xs[0]), in_axes=0)
    fast(*rng.uniform(-4.0, 4.0, size=(3000, 2)).T)
    assert max(len(some) for some, _ in found) > 40


def of_ten(x):
    n = 0.0
    for k in range(40):
        if x < 0.2 * k - 4.0:
            n = n + x
    return n


def wrong_where(y_at_most):
    """A choice that is the other one where this number is above a bound, and not in the rows below."""

    def of_numbers(condition, x, y, one, other, site):
        right = choice.selected(condition.value, one, other)
        return autograd.where(
            autograd.less(y_at_most, autograd.detach(right) * 0.0 + wrong_where.y), right + 1e-6, right
        )

    return of_numbers


@pytest.mark.parametrize("mode", ["auto", "selects"])
def test_what_is_wrong_in_some_rows_goes_back_to_guards(mode, monkeypatch):
    def f(x, y):
        wrong_where.y = y
        return steps(x, y)

    monkeypatch.setattr(merging, "of_numbers", wrong_where(-10.0 if mode == "auto" else 0.0))
    some = ROWS if mode == "auto" else ROWS[np.argsort(ROWS[:, 1])]  # those below come first
    fast = autograd.compile(f, in_axes=0, branches=mode, max_paths=1000)
    assert_eager(f, fast, some)
    assert {line.reason for line in fast.report().lines if line.splits} == {
        "what was merged gave other numbers than the eager engine"
    }


def test_a_path_that_is_recorded_after_a_merge_is_checked_on_its_row(monkeypatch):
    found = seen(monkeypatch)

    def f(x, y):
        z = steps(x, y)
        return [z, z * 2.0][y > 1.9]  # which is an index, and so a guard

    fast = autograd.compile(f, in_axes=0, branches="selects")
    low, high = ROWS[ROWS[:, 1] < 1.8], np.column_stack([ROWS[:, 0], np.full(len(ROWS), 1.95)])
    fast(*low.T)
    first = len(found)
    assert_eager(f, fast, high)
    assert len(fast.tapes) == 2
    assert [rows for rows, _ in found[first:]] == [[high[0].tolist()]]


def test_rows_of_the_first_batch_are_compared_where_nothing_was_tried(monkeypatch):
    compared = []
    original = rows.Rows._is_right

    def is_right(self, path, row, wanted):
        compared.append(row)
        return original(self, path, row, wanted)

    monkeypatch.setattr(rows.Rows, "_is_right", is_right)
    fast = autograd.compile(steps, in_axes=0, branches="selects")
    fast.value_and_grad(*ROWS.T, argnums=(0, 1))
    assert compared == [50, 100, 150]
    fast.value_and_grad(*ROWS.T, argnums=(0, 1))
    assert len(compared) == rows.CHECKED
    shared = autograd.compile(steps, in_axes=(0, None), branches="selects", reduce="sum")
    value = shared.value_and_grad(ROWS[:, 0], 0.7, argnums=(0, 1))[0]
    assert len(compared) == 2 * rows.CHECKED
    expected = autograd.compile(steps, in_axes=(0, None), branches="guards", reduce="sum")
    assert value == pytest.approx(expected(ROWS[:, 0], 0.7), rel=1e-12)


def test_an_effect_happens_as_often_as_before_where_nothing_is_merged():
    calls = []

    def f(x, y):
        calls.append(1)
        if x < y:
            calls.append(2)
        return x * y

    fast = autograd.compile(f, in_axes=0, branches="selects")
    fast(np.array([1.0, 2.0]), np.array([0.0, 0.0]))
    assert calls == [1]


def test_two_that_are_given_differ_by_values_slopes_and_comparisons():
    one = Given([1.0, 2.0], [1e6, 3.0], ["a", "b"], [True, None])
    assert difference(one, one) == ""
    assert difference(one._replace(values=[1.0, 2.0 + 1e-11]), one).endswith("numbers than the eager engine")
    left = one._replace(slopes=[1e6, 1e-9])  # of terms that cancel
    assert difference(left, one._replace(slopes=[1e6, 0.0])) == ""
    assert difference(one._replace(slopes=[1e6 + 1.0, 3.0]), one).endswith("numbers than the eager engine")
    assert difference(one._replace(outcomes=[False, None]), one).startswith("what was merged decided a comparison")
    assert difference(one._replace(outcomes=[True, False]), one) == ""
    assert difference(one._replace(places=["a", "c"]), one).startswith("what was merged decided a comparison")
    assert difference(one, one._replace(places=None)) == ""
    nan = one._replace(values=[float("nan"), 2.0])
    assert difference(nan, nan) == ""
    assert difference(nan, one) != ""
    assert agreement.are_close(0.0, -0.0, 0.0)
