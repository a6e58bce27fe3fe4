"""Programs in C give what they give over lanes, to four ulp; and are cut into functions that a compiler likes."""

import math
import random
import re
from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd._build import native
from autograd.building import source
from autograd.building.replay import BuiltReplay
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.lowering.lowering import lower
from autograd.replay.replay import Replay
from tests.random_graphs import BINARY, EDGES, UNARY, Program, on_values

pytestmark = pytest.mark.any_build

ULPS = 4


def assert_same(found, expected, ulps=ULPS):
    """To so many ulp: nan where nan is, infinite where it is."""
    found, expected = np.broadcast_arrays(np.asarray(found, float), np.asarray(expected, float))
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    finite = np.isfinite(found) & np.isfinite(expected)
    assert np.array_equal(found[~finite], expected[~finite], equal_nan=True)
    with np.errstate(all="ignore"):
        apart = np.abs(found - expected)[finite]
        assert (apart <= ulps * np.maximum(np.spacing(np.abs(expected[finite])), 5e-324)).all(), apart.max()


def assert_runs_alike(program, columns, summed=(), threads=1, ulps=ULPS):
    """A program over a batch, in C and over lanes."""
    varying = tuple(isinstance(c, np.ndarray) for c in columns)
    shared = [c for c in columns if not isinstance(c, np.ndarray)]
    batches = [c.reshape(len(c), 1) for c in columns if isinstance(c, np.ndarray)]
    n = len(batches[0]) if batches else 1
    built = BuiltReplay(program, threads, summed)
    found = built.run(varying, shared, batches, n)
    expected = Replay(program, threads, summed).run(varying, shared, batches, n)
    if not native:  # NumPy's sums are in another order, its functions are others
        np.testing.assert_allclose(np.ravel(found[0]), np.ravel(expected[0]), rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-9, atol=1e-9)
        return
    assert_same(found[0], expected[0], ulps)
    assert_same(found[1], expected[1], ulps)


def random_program(seed, most=60):
    """Straight-line code, with its gradient; steps of it are read over and over."""
    rng = random.Random(seed)
    leaves = [round(rng.uniform(-2.0, 2.0), 3) for _ in range(rng.randint(2, 4))]
    steps = []
    for k in range(rng.randint(5, most)):
        known = len(leaves) + k
        near = [rng.randrange(max(0, known - 6), known), rng.randrange(known)]
        steps.append((rng.choice(UNARY), (near[0],)) if rng.random() < 0.5 else (rng.choice(BINARY), tuple(near)))
    values = [Value(x) for x in leaves]
    tape = Tape(Program(tuple(leaves), tuple(steps)).run(on_values, values), values)
    return tape.with_gradient().simplify().program


@pytest.mark.parametrize("seed", range(12))
def test_random_programs(seed):
    rng = np.random.default_rng(seed)
    program = random_program(seed)
    n = int(rng.choice([1, 5, 64, 200]))
    columns = [float(rng.uniform(-2, 2)) if rng.random() < 0.3 else rng.uniform(-2, 2, n) for _ in program.labels]
    columns[0] = rng.uniform(-2, 2, n)
    assert_runs_alike(program, columns, summed=(0, 2) if seed % 2 else ())


def test_every_row_of_the_table_over_lanes_and_as_numbers():
    rows = [row for row in TABLE if row.name != "detach"]
    inputs = [Value(1.0) for _ in range(4)]
    outputs = [row(*inputs[: 4 if isinstance(row, Variadic) else len(row.partials)]) for row in rows]
    program = Tape(outputs, inputs).program
    rng = np.random.default_rng(1)
    columns = [rng.choice(EDGES, 300) if k % 2 else np.resize(EDGES, 300) for k in range(4)]
    varying, none = (True,) * 4, (False,) * 4
    built, lanes = BuiltReplay(program), Replay(program)
    batches = [c.reshape(-1, 1) for c in columns]
    found, expected = (replay.run(varying, [], batches, 300)[1] for replay in (built, lanes))
    for k, row in enumerate(rows):
        if native:
            assert_same(found[k], expected[k])
        else:
            np.testing.assert_allclose(found[k], expected[k], rtol=1e-13, atol=5e-324, err_msg=row.name)
    for j in range(0, 300, 60):
        numbers = [float(c[j]) for c in columns]
        found, expected = (replay.run(none, numbers, [], 1)[1][:, 0] for replay in (built, lanes))
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=5e-324)


def network(sizes, summed):
    """A network's loss with its gradient by all weights, which the batch shares."""
    rng = random.Random(0)
    x = inputs = [Value(rng.uniform(-1, 1)) for _ in range(sizes[0])]
    weights = []
    for fan_in, fan_out in pairwise(sizes):
        layer = [[Value(rng.uniform(-0.5, 0.5)) for _ in range(fan_in + 1)] for _ in range(fan_out)]
        weights += [w for neuron in layer for w in neuron]
        x = [autograd.tanh(autograd.dot(neuron[:-1], x, start=neuron[-1])) for neuron in layer]
    penalty = autograd.sum([w * w for w in weights]) * 1e-3
    tape = Tape(autograd.sum(x) + penalty, [*inputs, *weights]).with_gradient().simplify()
    return tape.program, len(inputs), [w.data for w in weights]


@pytest.mark.parametrize("n", [1, 7, 64, 65, 200])
@pytest.mark.parametrize("sizes", [(2, 3, 1), (6, 12, 9, 1)])
def test_layers_and_sums_over_lanes(sizes, n):
    program, inputs, weights = network(sizes, True)
    rng = np.random.default_rng(n)
    columns = [*[rng.uniform(-1, 1, n) for _ in range(inputs)], *weights]
    assert_runs_alike(program, columns, summed=(0, *range(1 + inputs, len(program.outputs))))
    assert_runs_alike(program, columns)


def test_long_programs_are_cut_into_functions(monkeypatch):
    for limit in ("LONGEST", "LONGEST_LOOP"):
        monkeypatch.setattr(source, limit, 40)
    x, y = Value(0.3), Value(0.2)
    z = x
    for k in range(60):
        z = z.sin() * y + x * (0.5 + k / 60) if k != 30 else autograd.lgamma(z * z + 1.0) + y
    program = Tape(z, [x, y]).program
    for varying, name in (((True, False), "part"), ((False, False), "before")):
        written = source.source_of(lower(program, varying))
        parts = re.findall(rf"PART void {name}_\d+.*?\n}}", written, re.S)
        assert len(parts) > 3
        together = source.CHAINS if name == "part" else 1
        assert max(part.count(";\n") for part in parts) <= together * (4 * 40 + 4)
    assert_runs_alike(program, [np.linspace(-1, 1, 100), 0.2])
    assert_runs_alike(program, [0.1, 0.2])


def test_what_is_too_long_is_run_over_lanes():
    x = Value(0.3)
    z = x
    for _ in range(source.MOST_STEPS // 2 + 1):
        z = z.sin() * x
    program = Tape(z, [x]).program
    assert source.count_steps(lower(program, (True,))) > source.MOST_STEPS
    with pytest.warns(RuntimeWarning, match=r"a program of \d+ steps would take a compiler too long"):
        found = BuiltReplay(program).run((True,), [], [np.full((3, 1), 0.3)], 3)[1]
    assert found[0].tolist() == pytest.approx([z.data] * 3, rel=1e-12)


def test_columns_lie_as_they_like():
    x, y = Value(1.0), Value(2.0)
    program = Tape([x * y + x, x, x * y + x, y * y, Value(3.0)], [x, y]).program
    table = np.random.default_rng(0).uniform(0.5, 2.0, (150, 4))
    built = BuiltReplay(program)
    for array in (table[:, :2], table[:, 2:0:-1], np.asfortranarray(table)[:, :2], table[::-1, :2], table[::3, ::2]):
        a, b = array.T
        assert built.run((True, True), [], [array], len(array))[1].tolist() == [
            (a * b + a).tolist(), a.tolist(), (a * b + a).tolist(), (b * b).tolist(), [3.0] * len(a),
        ]  # fmt: skip
    single = table[:, :2].astype(np.float32)
    assert built.run((True, True), [], [single], 150)[1].shape == (5, 150)


def test_a_row_has_its_bits_wherever_it_stands_and_over_threads():
    program = random_program(3)
    rng = np.random.default_rng(0)
    columns = [rng.uniform(-2, 2, 70_001) for _ in program.labels]
    batches = [c.reshape(-1, 1) for c in columns]
    varying = (True,) * len(columns)
    one, two = (BuiltReplay(program, threads).run(varying, [], batches, 70_001)[1] for threads in (1, 2))
    assert np.array_equal(one, two, equal_nan=True)
    built = BuiltReplay(program)
    for row in (0, 15, 63, 64, 1000, 70_000):
        alone = built.run(varying, [], [b[row : row + 1] for b in batches], 1)[1]
        assert np.array_equal(alone[:, 0], one[:, row], equal_nan=True)


@pytest.mark.parametrize("steps", [10, 60])
@pytest.mark.parametrize("chains", [2, 4])
def test_each_step_is_done_for_several_registers(monkeypatch, steps, chains):
    monkeypatch.setattr(source, "CHAINS", chains)
    x, y = Value(0.3), Value(0.2)
    z = x
    for _ in range(steps):
        z = (z * y).exp() + x
    program = Tape(z, [x, y]).program
    written = source.source_of(lower(program, (True, True)))
    (first, *_) = re.findall(r"PART void part_\d+.*?\n}", written, re.S)
    calls = [k for k, line in enumerate(first.splitlines()) if "exp(" in line]
    assert calls[:chains] == list(range(calls[0], calls[0] + chains))
    assert calls[chains] > calls[0] + chains
    for n in (1, 7, 8, 9, 15, 16, 17, 31, 33, 100, 513, 1030):
        assert_runs_alike(program, [np.linspace(-1.0, 1.0, n), np.linspace(0.1, 0.5, n)], ulps=0)


@pytest.mark.parametrize("steps", [4, 25])
def test_a_long_loop_fetches_what_comes_next_in_the_arrays(steps):
    x, y = Value(0.3), Value(0.2)
    z = x
    for _ in range(steps):
        z = (z * y).exp()
    lowered = lower(Tape([z, x * y], [x, y]).program, (True, True))
    written = source.source_of(lowered)
    read, filled = (set(map(int, re.findall(rf"TO_BE_{way}\(at(\d+)\)", written))) for way in ("READ", "WRITTEN"))
    long = 2 * steps >= source.FETCHED_FROM
    assert read == (set(lowered.input_rows.tolist()) if long else set())
    assert filled == (set(lowered.direct[:, 1].tolist()) if long else set())


def test_powers_go_by_their_exponent():
    x, y = Value(2.0), Value(3.0)
    program = Tape([x**2.0, x**0.5, x**-1.0, x**y, 2.0**x, x**3.0], [x, y]).program
    xs = np.array([0.0, -0.0, 1.0, 2.5, math.inf, -math.inf, -2.0, 1e-300])
    for exponent in (0.5, 2.0, 3.0, -1.5):
        assert_runs_alike(program, [xs, exponent])
        assert_runs_alike(program, [xs, np.full(len(xs), exponent)])
