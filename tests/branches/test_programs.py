"""Programs that people write, with a path per row: what is merged is what the eager engine gives, on a few paths."""

import numpy as np
import pytest

import autograd
from autograd import detach, sin
from autograd.calculus._codes import SKIP
from tests.benchmarks.branching import PROGRAMS, rounds_of
from tests.random_graphs import value_and_slopes

GUARDED = {
    "pivoted",  # rows are exchanged in place, by an index that comparisons chose
    "simpson",  # it calls itself twice: merged, it would do so to the bottom
}
FEW = {"escape": 7}
"""Paths; more than four where a few rows go round many times as often as others: each twice as often as the last."""
ROWS, LOOKED_AT = 150, 8


@pytest.mark.any_build
@pytest.mark.filterwarnings("ignore:.* takes (more than|another path)", "ignore:.* through comparisons alone")
@pytest.mark.parametrize("name", PROGRAMS)
def test_rows_are_eager_and_paths_few(name):
    function = PROGRAMS[name].function
    rows = PROGRAMS[name].rows(np.random.default_rng(3), ROWS)
    fast = autograd.compile(function, in_axes=0)
    value, slopes = fast.value_and_grad(*np.ascontiguousarray(rows.T), argnums=tuple(range(rows.shape[1])))
    for k in range(0, ROWS, ROWS // LOOKED_AT):
        expected, *expected_slopes = value_and_slopes(function, rows[k].tolist())
        steep = 1.0 + np.abs(expected_slopes).sum()  # last digits of arguments count for so much
        assert value[k] == pytest.approx(expected, rel=1e-10, abs=1e-13 * steep)
        assert [s[k] for s in slopes] == pytest.approx(expected_slopes, rel=1e-10, abs=1e-12 * steep)
    assert len(fast.tapes) <= FEW.get(name, 4) or name in GUARDED


@pytest.mark.any_build
def test_rounds_that_few_rows_need_are_on_paths_of_their_own():
    """And a block of rows that are done leaves out rounds, also where more than one thing ends them."""
    function = PROGRAMS["escape"].function
    rows = PROGRAMS["escape"].rows(np.random.default_rng(0), 20_000)
    rounds = rounds_of(rows[:, 0] + 1j * rows[:, 1])
    few, most = rows[rounds > 60][:100], rows[rounds <= 6][:1900]
    mixed = np.concatenate([few[:, None], most.reshape(100, 19, 2)], axis=1).reshape(2000, 2)
    fast = autograd.compile(function, in_axes=0)
    fast.value_and_grad(*np.ascontiguousarray(mixed.T), argnums=(0, 1))
    (paths,) = fast._traced.paths.values()
    shortest, *longer = sorted(paths.all, key=lambda path: len(path.recorded.steps))
    assert len(shortest.recorded.steps) < 500
    assert len(longer) > 2
    for path in longer:
        lowered = path.guards.lowered(path.varying, True)
        skipped = sum(int(count) for code, _, _, count in lowered.instructions if code == SKIP)
        assert skipped > 0.6 * len(lowered.instructions)


def passing(angle, turning, length, tolerance):
    """When a pendulum passes the lowest point; the step back to it is taken over the angle."""
    pull, t, h = 9.81 / length, 0.0, 0.1
    while angle > 0.0:
        a = -pull * sin(angle)
        second, b = turning + 0.5 * h * a, -pull * sin(angle + 0.5 * h * turning)
        third, c = turning + 0.75 * h * b, -pull * sin(angle + 0.75 * h * second)
        new_angle = angle + h * (2.0 * turning + 3.0 * second + 4.0 * third) / 9.0
        new_turning = turning + h * (2.0 * a + 3.0 * b + 4.0 * c) / 9.0
        d = -pull * sin(new_angle)
        error = abs(h * (6.0 * second + 8.0 * third - 5.0 * turning - 9.0 * new_turning) / 72.0)
        error = detach(error + abs(h * (6.0 * b + 8.0 * c - 5.0 * a - 9.0 * d) / 72.0))
        if error <= tolerance:
            t, angle, turning = t + h, new_angle, new_turning
        h = h * min(max(0.9 * (tolerance / (error + 1e-20)) ** (1.0 / 3.0), 0.3), 3.0)
    second = turning + 0.5 * angle * pull * sin(angle) / turning
    third = turning + 0.75 * angle * pull * sin(0.5 * angle) / second
    return t - angle * (2.0 / turning + 3.0 / second + 4.0 / third) / 9.0


@pytest.mark.any_build
def test_slopes_of_which_rounding_takes_digits_do_not_keep_a_loop_from_being_merged():
    rng = np.random.default_rng(0)
    angles, lengths = rng.uniform(0.05, 2.0, 100), rng.uniform(0.5, 2.0, 100)
    fast = autograd.compile(passing, in_axes=(0, None, 0, None))
    times, by_angle = fast.value_and_grad(angles, 0.0, lengths, 1e-4)
    assert len(fast.tapes) == 1
    for k in range(0, 100, 20):
        value, slope, *_ = value_and_slopes(passing, [angles[k], 0.0, lengths[k], 1e-4])  # that by 1e-4 is the ill one
        assert (times[k], by_angle[k]) == pytest.approx((value, slope), rel=1e-10)
