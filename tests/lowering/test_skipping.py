"""Skips: blocks of lanes do without what no lane needs, to the same bits, values and derivatives."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, less, where
from autograd.calculus import table
from autograd.lowering import lowering
from autograd.lowering.lowered import Skip
from autograd.programs import differentiation
from autograd.programs.needs import needs_of
from autograd.programs.steps import packed
from autograd.replay.replay import Replay
from tests.sizes import some

FUNCTIONS = [autograd.sin, autograd.exp, autograd.tanh, lambda x: x * x, lambda x: 1.0 / x, lambda x: abs(x).sqrt()]


def stretch(seed, x, y, depth=0):
    """Random arithmetic, a good deal of it under conditions that may be nested."""
    rng = np.random.default_rng([seed, depth])
    have = [x, y, x - y]
    for k in range(int(rng.integers(8, 14))):
        a, b = (have[int(i)] for i in rng.integers(len(have), size=2))
        if depth < 3 and rng.random() < 0.3:
            inner = stretch(seed + k, a, b, depth + 1)
            condition = less(a, b) if rng.random() < 0.7 else less(x, float(rng.normal()))
            if rng.random() < 0.3:
                condition = table.both(condition, less(inner, 3.0))
            have.append(where(condition, inner, b))
        else:
            have.append(FUNCTIONS[int(rng.integers(len(FUNCTIONS)))](a * 0.7 + b))
    return have[-1] + have[-2]


@settings(max_examples=some(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(1, 200), st.booleans())
def test_nothing_changes_by_what_is_skipped(seed, n, is_sorted):
    tape = Tape.record(lambda x, y: stretch(seed, x, y), 0.3, 0.7)
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, n))
    if is_sorted:
        x, y = np.sort(x), np.sort(y)[::-1].copy()
    plain = tape.program
    slopes = differentiation.differentiated(plain, [0, 1], True, careful=False)
    moved = differentiation.pushed_forward(plain, [0], careful=False)
    for program, given_ in ((plain, (x, y)), (slopes, (x, y)), (moved, (x, y, np.ones(n)))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lowering, "with_skips", lambda steps, first, varies, ends, order, others: order)
            expected = Replay(program)(*given_)
        assert np.array_equal(Replay(program)(*given_), expected, equal_nan=True)
    careful = differentiation.differentiated(plain, [0, 1], True)
    for one, other in zip(Replay(slopes)(x, y), Replay(careful)(x, y), strict=True):
        fine = np.isfinite(one) & np.isfinite(other) & (np.abs(other) < 1e100)
        scale = np.maximum(np.abs(other), 1.0)
        assert np.allclose(one[fine] / scale[fine], other[fine] / scale[fine], rtol=1e-9, atol=1e-9)


def test_what_is_0_times_infinity_is_nan_within_a_skip_too():
    def f(x, y):
        u = x
        for _ in range(40):
            u = u.sin()
        return where(less(0.0, x), (0.0 * y + (u - u)).sqrt() + u, x)

    program = Tape.record(f, 0.3, 0.7).program
    x = np.array([1.0, -1.0])
    for careful in (True, False):  # without nan the careful one would not be asked
        _, _, slope = Replay(differentiation.differentiated(program, [0, 1], True, careful))(x, x)
        assert np.array_equal(np.isnan(slope), [True, False])


def halving(x):
    n = 0.0
    while x > 1.0:
        x, n = 0.5 * x + 0.001 * x.sin(), n + x
    return x * n


@pytest.mark.skipif(not autograd.native, reason="what is interpreted is not lowered")
def test_rounds_of_a_loop_are_skipped_forwards_and_back(monkeypatch):
    seen = []
    true = lowering.with_skips

    def looked_at(steps, first, varies, ends, order, others):
        found = true(steps, first, varies, ends, order, others)
        seen.append((found.size, sum(x.count for x in others if isinstance(x, Skip))))
        return found

    monkeypatch.setattr(lowering, "with_skips", looked_at)
    x = np.exp(np.sort(np.random.default_rng(1).uniform(0.0, 25.0, size=500)))
    fast = autograd.compile(halving, in_axes=0, branches="selects")
    value, slope = fast.value_and_grad(x)
    assert [each for each in seen if each[1] > 0.8 * each[0]]  # most instructions are within skips
    for k in range(0, 500, 50):
        assert (value[k], slope[k]) == pytest.approx(autograd.value_and_grad(halving)(x[k]), rel=1e-12)


def test_what_is_needed_under_conditions():
    steps = packed(
        [
            (table.exp, (1,)),  # 2: under input 0, and under 4 too
            (table.sin, (2,)),  # 3: the same
            (table.less, (1, 1)),  # 4: in any case
            (table.where, (4, 3, 1)),  # 5: under input 0
            (table.where, (0, 5, 1)),  # 6
            (table.cos, (1,)),  # 7: under 4 alone
            (table.both, (4, 7)),  # 8
            (table.add, (6, 8)),  # 9
        ]
    )
    needs = needs_of(steps, 2, [9], b"\1" * 10)

    def conditions(k):
        node, found = needs.of[k], []
        while node:
            found.append(needs.condition.items[node])
            node = needs.parent.items[node]
        return found

    assert [conditions(k) for k in range(10)] == [[], [], [4, 0], [4, 0], [], [0], [], [4], [], []]
    assert needs.is_inside(needs.of[3], needs.of[5])
    assert not needs.is_inside(needs.of[5], needs.of[3])
    assert not needs.is_inside(needs.of[7], needs.of[5])
    assert not len(needs.of_many(4))
    assert [k for k in range(10) if needs.of_many(3)[k] == needs.of[5]] == [2, 3, 5]
    assert list(needs.of_many(2)) == [0, 0, needs.of[2], needs.of[3], 0, needs.of[5], 0, 0, 0, 0]
