"""Random programs with branches: every row of a batch gets the result of its own path."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, Value
from autograd.replay.replay import Replay
from autograd.tape.recording import Recording
from tests.compiled.branching_programs import free, function_of, lanes, numbers, programs
from tests.compiled.last_digits import assert_same, differ, sizes
from tests.random_graphs import value_and_slopes
from tests.sizes import some

# Random programs step up and down: that is told of elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning")
EXAMPLES = some(1000 if autograd.native else 250)


def relaxed(examples):
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed(EXAMPLES)
@given(programs, lanes, st.integers(0, 2**32), st.sampled_from([0.0, 0.2, 0.9]), st.booleans())
def test_programs_with_branches_give_in_every_row_what_the_eager_engine_gives(source, n, seed, edgy, some_shared):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in numbers(rng, 2, edgy)]
    f = function_of(source, w)
    columns = [numbers(rng, n, edgy) for _ in range(3)]
    axes = (0, 0, 0)
    if some_shared:
        columns[1], axes = float(columns[1][0]), (0, None, 0)
    fast = autograd.compile(f, in_axes=axes, max_paths=10_000)
    value, slopes = fast.value_and_grad(*columns, argnums=(0, 1, 2))
    tapes = len(fast.tapes)
    rows = np.broadcast_arrays(*columns)
    for i in range(n):
        assert_same(f, w, [float(c[i]) for c in rows], [float(value[i]), *(float(s[i]) for s in slopes)], source)
    again = fast(*columns)
    assert len(fast.tapes) == tapes
    assert all(not differ(float(a), float(b)) for a, b in zip(again, value, strict=True))


def second_order(f, row):
    """Gradient and Hessian of a row by the eager engine."""
    leaves = [Value(x) for x in row]
    y = f(*leaves)
    if not free(y):
        return np.zeros(3), np.zeros((3, 3))
    first = autograd.grad(y, leaves, create_graph=True, allow_unused=True)
    rows = [autograd.grad(d, leaves, allow_unused=True) if free(d) else [0.0] * 3 for d in first]
    return np.array([d.data for d in first]), np.array(rows)


@relaxed(EXAMPLES // 5)
@given(programs, st.integers(1, 12), st.integers(0, 2**32))
def test_programs_with_branches_have_the_derivatives_of_all_kinds_in_every_row(source, n, seed):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in rng.normal(size=2).round(2)]
    f = function_of(source, w)
    xs, ts = rng.normal(size=(3, n)).round(2), rng.normal(size=(3, n))
    fast = autograd.compile(f, in_axes=0, max_paths=10_000)
    value, slope = fast.jvp(tuple(xs), tuple(ts))
    hessian = fast.hessian(*xs, argnums=(0, 1, 2))
    product = np.array(fast.hvp(tuple(xs), tuple(ts), argnums=(0, 1, 2)))
    jacobian = np.array(fast.jacobian(*xs, argnums=(0, 1, 2)))
    assert hessian.shape == (n, 3, 3)
    for i in range(n):
        row, t = xs[:, i].tolist(), ts[:, i]
        g, h = second_order(f, row)
        others = [function_of(source, [Value(v.data) for v in w], k) for k in range(6)]
        near = [second_order(other, [x * (1.0 + 1e-15 * (k - 2)) for x in row]) for k, other in enumerate(others)]
        scales = [np.abs(a).max() for pair in near for a in pair] + sizes(f, row)[1:]  # what cancels has a size too
        if not np.isfinite([value[i], *scales]).all() or max(scales) > 1e150:
            continue  # what a last digit decides, or what has no number (two such slopes multiplied), is tested above
        tolerance = 1e-9 * (1.0 + max(scales)) + 100 * max(
            np.ptp([pair[k] for pair in near], axis=0).max() for k in (0, 1)
        )
        said = (source, [v.data for v in w], row)
        assert value[i] == pytest.approx(f(*map(Value, row)).data, rel=1e-9, abs=tolerance), said
        assert jacobian[:, i] == pytest.approx(g, abs=tolerance), said
        assert slope[i] == pytest.approx(g @ t, abs=10 * tolerance), said
        assert hessian[i] == pytest.approx(h, abs=tolerance), said
        assert product[:, i] == pytest.approx(h @ t, abs=10 * tolerance), said


@relaxed(EXAMPLES // 10)
@given(programs, st.integers(2, 40), st.integers(0, 2**32), st.sampled_from([0.0, 0.3]), st.integers(1, 3))
@pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")
def test_beyond_max_paths_every_row_is_right_too(source, n, seed, edgy, max_paths):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in numbers(rng, 2, edgy)]
    f = function_of(source, w)
    columns = [numbers(rng, n, edgy) for _ in range(3)]
    fast = autograd.compile(f, in_axes=0, max_paths=max_paths)
    value, slopes = fast.value_and_grad(*columns, argnums=(0, 1, 2))
    assert len(fast.tapes) <= max_paths
    for i in range(n):
        assert_same(f, w, [float(c[i]) for c in columns], [float(value[i]), *(float(s[i]) for s in slopes)], source)


@relaxed(EXAMPLES // 5)
@given(programs, st.integers(0, 2**32), st.sampled_from([0.0, 0.3]))
def test_a_tape_refuses_exactly_the_rows_that_leave_its_path(source, seed, edgy):
    rng = np.random.default_rng(seed)
    w = [Value(x) for x in numbers(rng, 2, edgy)]
    f = function_of(source, w)
    rows = [numbers(rng, 3, edgy).tolist() for _ in range(12)]
    recordings = [Recording([Value(x) for x in row]) for row in rows]
    for recording in recordings:
        recording.run(f, recording.inputs, {})
    taken = [recording.path() for recording in recordings]
    tape = Tape.record(f, *rows[0])
    gradient, simple = tape.gradient(), tape.simplify()
    for i, row in enumerate(rows):
        if taken[i] == taken[0]:
            value, *_ = value_and_slopes(f, row)
            for found in (tape(*row), simple(*row), tape(*map(Value, row))):
                assert not differ(float(getattr(found, "data", found)), value), (source, row, found, value)
            assert_same(f, w, row, [value, *gradient(*row)], source)
        else:
            for wrong in (tape, simple, gradient):
                with pytest.raises(ValueError, match="recorded where"):
                    wrong(*row)
    astray = [i for i, path in enumerate(taken) if path != taken[0]]
    columns = np.array(rows).T
    if astray:
        with pytest.raises(ValueError, match="leaves the path"):
            Replay(simple.program)(*columns)
    kept = [i for i, path in enumerate(taken) if path == taken[0]]
    found = np.broadcast_to(Replay(tape.program)(*columns[:, kept]), len(kept))
    for k, i in enumerate(kept):
        assert_same(f, w, rows[i], [float(found[k]), *value_and_slopes(f, rows[i])[1:]], source)
