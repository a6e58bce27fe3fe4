"""Loops that rows need not come to: how many rounds are merged, and what it costs where they do not end."""

import time

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Value
from autograd.branches import loops
from autograd.engine import bounds
from tests.branches.every_row import assert_eager
from tests.sizes import some

rng = np.random.default_rng(0)


def entered(a, b):
    n = 0
    if a > 0.01:
        t = 0.0
        while t < 1.0:
            t = t + a
            n += 1
        return t * b
    return b - n


def entered_often(a, b):
    s = 0.0
    for k in range(6):
        z = a * (k - 2.3) + b
        if z > 0.05:
            t = 0.0
            while t < 1.0:
                t = t + z
            s = s + t
        else:
            s = s - z
    return s


def called(a, b):
    return grown(a) * b if a > 0.05 else b - a


def grown(z):
    t = 0.0
    for _ in range(1000):
        t = t + z
        if t > 1.0:
            break
    return t


def after_another(a, b):
    while a < 1.0:
        a = a * a + 0.3 + abs(a)
        if b > 0.1:
            while b < 4.0:
                b = b + b * a * a
            b = b - 3.9
    return a * b


@pytest.mark.parametrize("branches", ["auto", "selects"])
@pytest.mark.parametrize("f", [entered, entered_often, called, after_another], ids=lambda f: f.__name__)
def test_a_row_that_does_not_come_to_a_loop_is_recorded_with_as_many_rounds_as_others_need(f, branches):
    rows = rng.uniform(-2.0, 2.0, size=(2, some(400), 2))
    rows[0, 0, 0] = -1.0
    fast = autograd.compile(f, in_axes=0, branches=branches)
    assert_eager(f, fast, rows[0])
    assert_eager(f, fast, rows[1])
    report = fast.report()
    assert sum(report.steps) < 20_000, report
    if branches == "selects":
        assert len(fast.tapes) <= 12, report
        assert "loop" in {line.kind for line in report.lines}
        assert not any(line.reason for line in report.lines)


def test_rows_alone_come_to_a_loop_that_none_before_came_to():
    fast = autograd.compile(entered, branches="selects")
    for a, b in [(-1.0, 2.0), (-2.0, 1.0), (0.02, 1.0), (0.5, 1.0), (0.011, 3.0), (-1.0, 1.0)]:
        value, slopes = fast.value_and_grad(a, b, argnums=(0, 1))
        assert (value, *slopes) == (*eagerly(a, b),)
    assert len(fast.tapes) <= 3


def eagerly(a, b):
    x, y = autograd.Value(a), autograd.Value(b)
    found = entered(x, y)
    found.backward()
    return found.data, x.grad, y.grad


@pytest.mark.parametrize("branches", ["auto", "selects"])
def test_a_loop_of_too_many_rounds_is_a_guard_and_says_so(monkeypatch, branches):
    monkeypatch.setattr(loops, "MOST_ROUNDS", 100)
    some = np.exp(rng.uniform(-6.0, 1.0, size=(60, 2)))
    some[0, 0] = -1.0
    fast = autograd.compile(entered, in_axes=0, branches=branches)
    assert_eager(entered, fast, some)
    (line,) = [line for line in fast.report().lines if line.text.startswith("while")]
    assert "rounds of it" in line.reason
    assert "loop" not in line.kind


def test_a_loop_of_too_many_steps_is_a_guard_and_says_so(monkeypatch):
    monkeypatch.setattr(loops, "MOST_STEPS", 1000)
    some = np.exp(rng.uniform(-5.0, 1.0, size=(60, 2)))
    fast = autograd.compile(entered, in_axes=0, branches="selects")
    assert_eager(entered, fast, some)
    assert "too many steps" in str(fast.report())


@pytest.mark.parametrize("some", [[200.0], [3.0, 200.0], [*np.linspace(0.5, 99.0, 100), 200.0]])
def test_a_row_that_never_ends_is_an_error_as_soon_with_branches_merged_as_without(some, monkeypatch):
    from autograd.tape import recording

    monkeypatch.setattr(recording, "MOST_COMPARISONS", 100_000 if autograd.native else 20_000)

    def endless(x):
        n = 0
        while x > 1.0:
            x = x * 0.5 if x < 100.0 else x * 1.0
            n += 1
        return x + n

    took = []
    for branches in ("guards", "selects", "auto"):
        fast = autograd.compile(endless, in_axes=0, branches=branches)
        begun = time.process_time()
        with pytest.raises(RecordingError, match="comparisons it is still running"):
            fast(np.array(some))
        took.append(time.process_time() - begun)
    assert max(took) < 8.0 * took[0] + 1.0, took


def test_a_row_of_the_batch_that_never_ends_where_nothing_counts_rounds_is_an_error(monkeypatch):
    from autograd.recorded import counting
    from autograd.tape import recording

    monkeypatch.setattr(recording, "MOST_COMPARISONS", 100_000 if autograd.native else 20_000)
    monkeypatch.setattr(counting, "MOST_COMPARED", 2_000)

    def endless(x, y):
        s = 0.0
        for k in range(12):
            s = s + y if s < x * k else s - x
        with np.errstate(all="ignore"):  # what is in here is not followed
            while x > 5.0:
                x = x * 1.0
        return s * x

    some = rng.uniform(-1.0, 1.0, size=(2, 100))
    some[0, 99] = 9.0
    some[0, ::25] = 9.0
    some[0, 0] = 0.5
    with pytest.raises(RecordingError, match="comparisons it is still running"):
        autograd.compile(endless, in_axes=0)(*some)


def slow_to_end(x):
    while x > 1.0:
        x = x * 0.5 if x < 100.0 else x * 1.0
    return x * 2.0


@pytest.fixture
def soon(monkeypatch):
    """Functions that the engine runs by itself are given up soon."""
    monkeypatch.setattr(bounds, "MOST_COMPARISONS", 100_000)


def test_a_row_without_a_path_that_never_ends_is_an_error_that_names_it(soon):
    fast = autograd.compile(slow_to_end, in_axes=0, branches="guards", max_paths=2)
    with pytest.warns(RuntimeWarning, match="more than 2 paths"):
        assert fast(np.array([0.5, 1.5, 3.0, 9.0])).tolist() == [1.0, 1.5, 1.5, 1.125]
    for ask in (fast, fast.value_and_grad):
        with pytest.raises(RecordingError, match=r"comparisons it is still running \(.*test_loops.py:\d+\): ") as found:
            ask(np.array([0.5, 3.0, 9.0, 200.0]))
        assert found.value.__notes__ == ["in row 3 of the batch"]
    assert fast(np.array([0.5, 1.5, 3.0, 9.0])).tolist() == [1.0, 1.5, 1.5, 1.125]  # each row has a bound of its own


def test_rows_together_may_make_more_comparisons_than_one(soon):
    fast = autograd.compile(lambda x: slow_to_end(x) if x < 1e9 else x, in_axes=0, branches="guards", max_paths=1)
    some = np.repeat([1e-3, 60.0], 20_000)
    with pytest.warns(RuntimeWarning, match="more than 1 paths"):
        assert np.array_equal(fast(some), np.repeat([2e-3, 60.0 / 32.0], 20_000))


def test_a_single_call_that_never_ends_is_an_error_too(soon, monkeypatch):
    from autograd.tape import recording

    monkeypatch.setattr(recording, "MOST_COMPARISONS", 100_000)
    fast = autograd.compile(slow_to_end, branches="guards", max_paths=1)
    with pytest.warns(RuntimeWarning, match="more than 1 paths"):
        assert [fast(x) for x in (0.5, 3.0, 5.0, 9.0)] == [1.0, 1.5, 1.25, 1.125]
    for _ in range(2):
        with pytest.raises(RecordingError, match="comparisons it is still running"):
            fast(200.0)


def test_a_row_that_is_looked_at_by_who_checks_numbers_is_bounded_too(soon):
    fast = autograd.compile(slow_to_end, in_axes=0, branches="guards")
    with autograd.detect_anomaly(), pytest.raises(RecordingError, match="still running") as found:
        fast(np.array([3.0, 200.0]))
    assert found.value.__notes__ == ["in row 1 of the batch"]


def test_what_a_user_runs_eagerly_has_no_bound(soon):
    x, n = Value(2.0), 0
    while x > 1.0 and n < 300_000:
        n += 1
    assert n == 300_000
    assert autograd.compile(lambda y: y * 2.0)(x).data == 4.0
    assert x > 1.0


def test_attempts_that_fail_are_told_of():
    fast = autograd.compile(entered_often, in_axes=0, branches="selects")
    begun = time.perf_counter()
    fast(*rng.uniform(-2.0, 2.0, size=(2, 2)))
    assert 0.0 < fast.report().seconds < time.perf_counter() - begun
