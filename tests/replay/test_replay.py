"""Replay: a tape over a batch gives, in every row, what the graph gives for that row alone."""

import math
from time import process_time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, Value
from autograd.calculus._codes import STEPS
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.replay import memory
from autograd.replay.replay import Replay, lower
from tests.random_graphs import EDGES, on_values, programs
from tests.sizes import part, some


@settings(max_examples=some(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.integers(1, 200), st.lists(st.booleans(), min_size=4, max_size=4), st.integers(0, 2**32))
def test_every_row_is_right_whatever_is_shared(program, n, shared, seed):
    rng = np.random.default_rng(seed)
    leaves = [Value(x) for x in program.leaves]
    tape = Tape(program.run(on_values, leaves), leaves).with_gradient()
    columns = [float(rng.uniform(-2, 2)) if s else rng.uniform(-2, 2, n) for s, _ in zip(shared, leaves, strict=False)]
    found = Replay(tape.program)(*columns)
    simplified = Replay(tape.simplify().program)(*columns)
    for j in {0, n // 2, n - 1}:
        row = [float(c) if np.isscalar(c) else float(c[j]) for c in columns]
        expected = tape(*row)
        scale = max(1.0, *map(abs, expected))
        for results in (found, simplified):
            values = [float(r) if np.isscalar(r) else float(r[j]) for r in results]
            assert values == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale)


@pytest.mark.parametrize("row", [row for row in TABLE if row.name != "detach"], ids=lambda row: row.name)
def test_every_row_of_the_table_in_lanes_and_at_the_edges(row):
    n = 4 if isinstance(row, Variadic) else len(row.partials)
    rng = np.random.default_rng(1)
    columns = [rng.choice(EDGES, 300) if k % 2 else np.resize(EDGES, 300) for k in range(n)]
    inputs = [Value(1.0) for _ in range(n)]
    replay = Replay(Tape(row(*inputs), inputs).program)
    found = replay(*columns)
    expected = np.array([row.evaluate([float(c[j]) for c in columns]) for j in range(300)])
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=2e-15 * (8 if row.name == "pow" else 2), atol=5e-324)
    for k in range(n):  # the same with one operand shared by the batch
        mixed = [float(columns[i][7]) if i == k else c for i, c in enumerate(columns)]
        expected = [row.evaluate([float(c) if np.isscalar(c) else float(c[j]) for c in mixed]) for j in range(300)]
        found = np.broadcast_to(replay(*mixed), 300)
        np.testing.assert_allclose(found, expected, rtol=2e-14, atol=5e-324)


def deep(x, y):
    """A little of everything."""
    a = (x * y).exp().log1p() + (x / (y * y + 1.0)).tanh()
    return autograd.where(autograd.less(0.0, x), a.sqrt(), a.sin()) + autograd.hypot(x, y).erf()


def test_a_row_has_the_same_bits_at_any_place_in_any_batch_on_any_number_of_threads(monkeypatch):
    n = 50_003 if autograd.native else 13_003
    monkeypatch.setattr("autograd.replay.threads.WORTH_A_THREAD", n)  # threads take part in so short a batch too
    x, y = Value(0.3), Value(0.7)
    tape = Tape(deep(x, y), [x, y]).with_gradient()
    rng = np.random.default_rng(2)
    xs, ys = rng.normal(size=n), rng.normal(size=n)
    whole = Replay(tape.program)(xs, ys)
    for threads in (2, 3, 7):
        for a, b in zip(whole, Replay(tape.program, threads=threads)(xs, ys), strict=True):
            assert np.array_equal(a, b)
    for start, stop in [(0, 1), (1, 2), (17, 18), (63, 65), (100, 227), (n - 13, n)]:
        for a, b in zip(whole, Replay(tape.program)(xs[start:stop], ys[start:stop]), strict=True):
            assert np.array_equal(a[start:stop], b)


@settings(max_examples=some(60 if autograd.native else 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.sampled_from([1, 5, 64, 65, 130, 5000]), st.lists(st.booleans(), min_size=4, max_size=4),
       st.integers(0, 2**32))  # fmt: skip
def test_sums_over_the_batch_are_sums_of_rows(program, n, shared, seed):
    rng = np.random.default_rng(seed)
    leaves = [Value(x) for x in program.leaves]
    tape = Tape(program.run(on_values, leaves), leaves).simplify().with_gradient()
    columns = [float(rng.uniform(-2, 2)) if s else rng.uniform(-2, 2, n) for s, _ in zip(shared, leaves, strict=False)]
    rows = [np.broadcast_to(x, n) for x in Replay(tape.program)(*columns)]
    slots = [np.broadcast_to(x, n).astype(float) for x in tape.run(columns)]
    sizes = np.abs(np.where(np.isfinite(slots), slots, 0.0)).max(axis=0)  # what rounding goes by where terms cancel
    rounding = 1e-14 * sizes.sum()
    everything = range(len(tape.outputs))
    for summed in (everything, everything[::2], everything[1:2]):
        found = Replay(tape.program, summed=summed)(*columns)
        for i, (x, row) in enumerate(zip(found, rows, strict=True)):
            if all(map(np.isscalar, columns)):
                assert x == pytest.approx(row[0], rel=1e-12)
            elif i in summed:
                assert x == pytest.approx(math.fsum(row), rel=1e-11, abs=1e-11 * np.abs(row).sum() + rounding)
            else:
                assert np.array_equal(x, row)


def test_layers_and_their_adjoints_in_one_sweep():
    rng = np.random.default_rng(4)
    for inputs, neurons, n in [(1, 1, 3), (3, 2, 64), (5, 7, 100), (8, 4, 65), (9, 13, 200)]:
        weights = [[Value(w) for w in row] for row in rng.normal(size=(neurons, inputs))]
        biases = [Value(b) for b in rng.normal(size=neurons)]
        xs = [Value(1.0) for _ in range(inputs)]
        outputs = [autograd.dot(row, xs, b).tanh() for row, b in zip(weights, biases, strict=True)]
        loss = autograd.dot(outputs, outputs)
        parameters = [*(w for row in weights for w in row), *biases]
        tape = Tape(loss, [*parameters, *xs]).simplify().with_gradient()
        batch = rng.normal(size=(n, inputs))
        replay = Replay(tape.program, summed=range(1 + len(parameters)))
        found = replay(*[p.data for p in parameters], *batch.T)
        w, b = np.array([[x.data for x in row] for row in weights]), np.array([x.data for x in biases])
        z = np.tanh(batch @ w.T + b)
        delta = 2.0 * z * (1.0 - z * z)
        expected = [(z * z).sum(), *(delta.T @ batch).ravel(), *delta.sum(axis=0)]
        np.testing.assert_allclose(found[: len(expected)], expected, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(np.array(found[len(expected) :]).T, delta @ w, rtol=1e-12, atol=1e-13)


def test_a_batch_of_any_length_gives_every_row_its_bits_and_sums_what_is_there():
    rng = np.random.default_rng(14)
    neurons, inputs = 7, 5  # of each tile of a layer something is left over
    weights = [[Value(w) for w in row] for row in rng.normal(size=(neurons, inputs))]
    xs = [Value(1.0) for _ in range(inputs)]
    loss = sum((autograd.dot(row, xs, row[0]).tanh() for row in weights), Value(0.0)).exp()
    parameters = [w for row in weights for w in row]
    tape = Tape(loss, [*parameters, *xs]).simplify().with_gradient()
    batch, shared = rng.normal(size=(200, inputs)), [p.data for p in parameters]
    rows = np.array(Replay(tape.program)(*shared, *batch.T))
    replay = Replay(tape.program, summed=range(1 + len(parameters)))
    for n in part(range(1, 201)):
        found = replay(*shared, *batch[-n:].T)
        assert np.array_equal(np.array(found[1 + len(parameters) :]), rows[1 + len(parameters) :, -n:])
        sums = rows[: 1 + len(parameters), -n:].sum(axis=1)
        scale = np.abs(rows[: 1 + len(parameters), -n:]).sum(axis=1)
        assert np.all(np.abs(np.array(found[: 1 + len(parameters)]) - sums) <= 1e-14 * scale)
        assert found[0] == replay(*shared, *batch[-n:].T)[0]


@pytest.mark.skipif(not autograd.native, reason="the interpreted engine has no groups")
@pytest.mark.parametrize("row", ["neg", "abs", "relu", "step", "add", "sub", "mul", "div", "sum", "dot"])
def test_groups_that_step_through_their_operands(row):
    rng, row = np.random.default_rng(15), next(r for r in TABLE if r.name == row)
    n, arity = 200, len(row.partials) or 6
    inputs = [Value(1.0) for _ in range(n)]
    for most in (1, 1, 3) * 7:  # stretches where each operand goes on by the same distance, and some others
        operands = []
        while len(operands) < 200:
            length, steps = rng.integers(1, 50), rng.integers(-most, most + 1, arity)
            operands += [rng.permutation(n)[:1] + 0 * steps] * rng.integers(0, 2)
            starts = rng.integers(0, n - 3 * length, arity) + 3 * length * (steps < 0)
            operands += [starts + i * steps for i in range(length)]
        outputs = [row(*[inputs[k] for k in chosen]) for chosen in operands]
        numbers = rng.normal(size=n)
        numbers[rng.integers(0, n, 9)] = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e300, -1e-300, 5e-324, 2.0]
        found = autograd.compile(lambda xs, chosen=operands: [row(*[xs[k] for k in ks]) for ks in chosen])(numbers)
        tape = Tape(outputs, inputs)
        assert STEPS + row.code in lower(tape.program, [False] * n).numbers.before[:, 0]
        expected = np.array(tape(*numbers))
        assert np.array_equal(found, expected, equal_nan=True)
        assert np.array_equal(np.signbit(found) | np.isnan(found), np.signbit(expected) | np.isnan(found))


@pytest.mark.parametrize("n", [pytest.param(1_100_000, marks=pytest.mark.any_build), 1_100_001])
def test_large_results_have_the_bits_of_small_ones(n):
    x = Value(0.7)
    replay = Replay(Tape([x * x + 1.0, x.exp()], [x]).program)
    xs = np.random.default_rng(16).normal(size=n)
    found = replay(xs)
    for start in (0, 500_000, n - 1000):
        for large, small in zip(found, replay(xs[start : start + 1000]), strict=True):
            assert np.array_equal(large[start : start + 1000], small)


def test_the_order_of_summation_depends_on_the_batch_alone():
    w, x = Value(0.3), Value(0.7)
    tape = Tape(deep(w, x), [w, x]).with_gradient()
    xs = np.random.default_rng(5).normal(size=30_011 if autograd.native else 6_011)
    first = Replay(tape.program, summed=[0, 1])(0.3, xs)
    for threads in (2, 3, 7):
        again = Replay(tape.program, threads, summed=[0, 1])(0.3, xs)
        assert (first[0], first[1]) == (again[0], again[1])
        assert np.array_equal(first[2], again[2])


@pytest.mark.skipif(not autograd.native, reason="NumPy replays without rows")
def test_arithmetic_goes_two_steps_at_a_time():
    x, y = Value(0.3), Value(0.7)
    program = lower(Tape((x * y + x) * (-(x - y)) - y * 2.0, [x, y]).program, [True, True])
    assert len(program.instructions) <= 4


@pytest.mark.any_build
def test_lowering_is_linear_also_where_every_step_has_a_constant_of_its_own():
    def seconds(n):
        x = y = Value(0.5)
        for i in range(n):
            y = x * y + 1.0 / (i + 1.0)
        tape = Tape(y, x)
        begun = process_time()
        lower(tape.program, [True])
        return process_time() - begun

    assert min(seconds(32_000) for _ in range(2)) < 24 * min(seconds(4_000) for _ in range(3))


def test_memory_is_used_again_only_when_nobody_looks_at_it():
    x = Value(1.0)
    replay = Replay(Tape([x * 2.0, x * 3.0], x).program)
    xs = np.ones(10**6)
    kept = replay(xs)[0]
    for k in range(5):
        assert replay(xs * k)[1][0] == 3.0 * k
    assert (kept == 2.0).all()


def test_memory_that_another_thread_takes_first_is_not_used_again(monkeypatch):
    class Raced(np.ndarray):
        @property
        def size(self):  # asked before it is taken
            waiting.clear()
            return self.shape[0]

    block = np.empty(2**20).view(Raced)
    waiting = {id(block): block}
    monkeypatch.setattr(memory, "_waiting", waiting)
    found = memory.array_for_results(1, 2**20 - memory.LINE)
    assert found.shape == (1, 2**20 - memory.LINE)
    assert not np.shares_memory(found, block)


def test_a_row_of_nan_touches_no_neighbour():
    x, y = Value(0.3), Value(0.7)
    replay = Replay(Tape(deep(x, y), [x, y]).with_gradient().program)
    xs, ys = np.linspace(-2, 2, 200), np.linspace(1, 3, 200)
    clean = replay(xs, ys)
    xs[70] = math.nan
    ys[130] = math.inf
    dirty = replay(xs, ys)
    kept = np.ones(200, bool)
    kept[[70, 130]] = False
    for a, b in zip(clean, dirty, strict=True):
        assert np.array_equal(a[kept], b[kept])
    assert math.isnan(dirty[0][70])


def test_a_branch_not_taken_receives_nothing_in_its_lane():
    x = Value(1.0)
    y = autograd.where(autograd.less(0.0, x), x.log(), x * 2.0)
    _, slope = Replay(Tape(y, x).with_gradient().program)(np.array([-1.0, 0.0, 2.0]))
    assert slope.tolist() == [2.0, 2.0, 0.5]


def test_shapes_of_results():
    x, y = Value(1.0), Value(2.0)
    single, pair = Replay(Tape(x * y, [x, y]).program), Replay(Tape([x * y, x + 1.0], [x, y]).program)
    assert single(2.0, 3) == 6.0
    assert pair(2.0, 3) == (6.0, 3.0)
    assert single(np.arange(3), 2.0).tolist() == [0.0, 2.0, 4.0]
    assert single([1.0, 2.0], np.float32(2.0)).tolist() == [2.0, 4.0]
    product, plus = pair(2.0, np.ones(3))
    assert (product.tolist(), np.broadcast_to(plus, 3).tolist()) == ([2.0] * 3, [3.0] * 3)
    assert single(np.empty(0), 2.0).shape == (0,)
    assert single(np.ones(8)[::2], np.ones((4, 2))[:, 1]).tolist() == [1.0] * 4
    assert Replay(Tape(x, x).program)(np.array([5.0])).tolist() == [5.0]


def test_rows_are_reused():
    x = Value(1.0)
    y = x
    for _ in range(1000):
        y = (y * x).tanh()
    assert lower(Tape(y, x).program, [True]).rows <= 4


def test_a_large_shared_vector_is_streamed():
    rng = np.random.default_rng(3)
    weights = [Value(w) for w in rng.normal(size=500)]
    inputs = [Value(x) for x in rng.normal(size=500)]
    tape = Tape(autograd.dot(weights, inputs, start=1.0).tanh(), [*weights, *inputs])
    batch = rng.normal(size=(500, 100))
    found = Replay(tape.program)(*[w.data for w in weights], *batch)
    assert lower(tape.program, [False] * 500 + [True] * 500).rows < 510
    expected = np.tanh(1.0 + np.array([w.data for w in weights]) @ batch)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("inputs", "error", "said"),
    [
        ((1.0,), TypeError, "this tape has 2 inputs, got 1"),
        ((np.ones(2, np.longdouble), 1.0), TypeError, "would lose digits"),
        ((np.array([2**60 + 1]), 1.0), TypeError, "would lose digits"),
        ((np.ones(2), np.ones(3)), ValueError, r"batches of different lengths: \[2, 3\]"),
        ((np.ones((2, 2)), 1.0), ValueError, r"input 0: a batch has one axis, got shape \(2, 2\)"),
        ((1.0, np.array(["a"])), TypeError, "input 1: expected real numbers"),
        ((np.array([1j]), 1.0), TypeError, "input 0: expected real numbers"),
        (("a", 1.0), TypeError, "input 0: expected a real number, got str 'a'"),
        ((None, 1.0), TypeError, "input 0: expected a real number, got None"),
    ],
)
def test_bad_input_is_named(inputs, error, said):
    x, y = Value(1.0), Value(2.0)
    with pytest.raises(error, match=said):
        Replay(Tape(x * y, [x, y]).program)(*inputs)


def test_bad_threads_are_named():
    with pytest.raises(ValueError, match="whole number from 1, got 0"):
        Replay(Tape(Value(1.0) * 2.0).program, threads=0)


@pytest.mark.parametrize("chain", ["neg", "mul and div", "product and sum"])
def test_what_is_done_after_a_sum_over_the_batch_is_linear(chain):
    """Ten times as long takes ten times as long, not a hundred: by what is computed, not by the clock."""

    def steps(n):
        x, w = Value(0.3), Value(1.01)
        y = x.sin()
        for k in range(n):
            y = -y if chain == "neg" else (y * w if k % 2 else y / w) if chain == "mul and div" else y * 0.999 + 0.1
        tape = Tape(y, [x, w])
        program = lower(tape.program, [True, False], [0])
        found = Replay(tape.program, summed=[0])(np.array([0.3, 0.5]), 1.01)
        assert found == pytest.approx(tape(0.3, 1.01) + tape(0.5, 1.01), rel=1e-12)
        return len(program.numbers.template) + len(program.instructions)

    if not autograd.native:
        pytest.skip("the interpreted engine does not lower")
    short, long = steps(100), steps(1000)
    assert long < 11 * short
