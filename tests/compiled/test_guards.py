"""Guards: whatever a comparison decides, by whatever arithmetic, every row takes the path that it takes eagerly."""

import math

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.recorded import traced as tracing
from autograd.replay.replay import Replay
from tests.compiled.branching_programs import EDGES
from tests.compiled.last_digits import differ
from tests.random_graphs import value_and_slopes

# Random programs step up and down: that is told of elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:.*through comparisons alone:RuntimeWarning")


# --- each kind of decision -------------------------------------------------------------------------------------------


def all_positive(xs):
    with np.errstate(invalid="ignore"):  # NumPy warns of nan in an array of Python's floats, too
        return (np.array(xs) > 0.0).all()


def doubled(x, y):
    n = 0
    while x < y and n < 4:
        x, n = x * 2.0, n + 1
    return x


DECISIONS = {
    "<": lambda x, y: x * y if x < y else x - y,
    "<=": lambda x, y: x * y if x <= y else x - y,
    ">": lambda x, y: x * y if x > y else x - y,
    ">=": lambda x, y: x * y if x >= y else x - y,
    "==": lambda x, y: x * y if x == y else x - y,
    "!=": lambda x, y: x * y if x != y else x - y,
    "number <": lambda x, y: x * y if x > 0.5 else x - y,
    "number >=": lambda x, y: x * y if x <= 0 else x - y,
    "== -0.0": lambda x, y: x * 2.0 + y if x == -0.0 else x - y,
    "== nan": lambda x, y: x * 2.0 + y if x == math.nan else x - y,
    "!= itself": lambda x, y: y if x != x else x,
    "== itself": lambda x, y: x if x == x else y,
    "> inf": lambda x, y: y if x >= math.inf or -math.inf == x else x,
    "bool": lambda x, y: x * y if x else y - 2.0,
    "not": lambda x, y: x * y if not x else y - 2.0 * x,
    "bool()": lambda x, y: (x * y, y * y)[bool(x)],
    "and": lambda x, y: (x and y) * 2.0,
    "or": lambda x, y: (x or y) * 2.0,
    "max": lambda x, y: max(x, y) * 2.0,
    "min": lambda x, y: min(x, y, 0.5) * x,
    "max of numbers": lambda x, y: max(0.5, x, 0, y) + x,
    "max by key": lambda x, y: max([x, y], key=lambda v: v * v) * 2.0,
    "sorted": lambda x, y: sorted([x, y, x * y])[1] + x,
    "sorted, reversed": lambda x, y: sorted([x, y, 1.0, x - y], reverse=True)[0] * y,
    "in": lambda x, y: x * y if x in [y, 0.0, 2.0] else x + y,
    "not in": lambda x, y: x * y if x not in (1.0, y) else x + y,
    "chain": lambda x, y: x * y if -1.0 < x < y <= 2.0 else x + y,
    "detached": lambda x, y: x * y if x.detach() > y.detach() else x + y,
    "computed": lambda x, y: x * y if (x * x - y).exp() > 1.5 else x + y,
    "any": lambda x, y: x * y if any(v > 1.0 for v in (x, y)) else x + y,
    "int": lambda x, y: x * y if x > 1 else x + y,
    "numpy number": lambda x, y: x * y if np.float64(0.5) < x else x + y,
    "numpy array": lambda x, y: x * y if all_positive([x, y]) else x + y,
    "while": lambda x, y: doubled(x, y) * y + x,
    "three ways": lambda x, y: x * y if x > y else x - y if x < y else x * 3.0,
    "nested": lambda x, y: (x if y > 0 else y * y) if x > 0 else (x * x if y > 0 else -y),
    "step": lambda x, y: autograd.step(x) * y if autograd.sign(y) == 1.0 else y + x,
    "a bool": lambda x, y: x * y if (x > y) == (y > 0.0) else x + y,
    "sum of bools": lambda x, y: x * ((x > y) + (y > 0.0) + (x == y)) + y,
}  # fmt: skip


SELECTS = ("max", "min", "max of numbers", "max by key")  # which a function that is recorded decides without a guard


@pytest.mark.parametrize("f", DECISIONS.values(), ids=DECISIONS.keys())
@pytest.mark.parametrize("shared", [False, True])
def test_every_kind_of_decision_at_every_pair_of_edges(f, shared):
    points = [*EDGES, 0.3, -2.5]
    second = [0.5, math.nan, -0.0] if shared else [None]
    fast = autograd.compile(f, in_axes=(0, None if shared else 0))
    for y in second:
        pairs = [(a, y) for a in points] if shared else [(a, b) for a in points for b in points]
        columns = [np.array([a for a, _ in pairs]), y if shared else np.array([b for _, b in pairs])]
        value, slopes = fast.value_and_grad(*columns, argnums=(0, 1))
        tapes = len(fast.tapes)
        for i, pair in enumerate(pairs):
            expected = value_and_slopes(f, pair)
            found = [float(value[i]), *(float(s[i]) for s in slopes)]
            assert not any(map(differ, found, expected)), (pair, found, expected)
        again, slopes_again = fast.value_and_grad(*columns, argnums=(0, 1))
        assert len(fast.tapes) == tapes
        assert again.tobytes() == value.tobytes()
        assert np.array(slopes_again).tobytes() == np.array(slopes).tobytes()
    assert ("guard" in str(fast.tapes[0])) == all(f is not DECISIONS[name] for name in SELECTS)


@pytest.mark.parametrize("f", DECISIONS.values(), ids=DECISIONS.keys())
def test_every_kind_of_decision_for_one_row_at_a_time(f, monkeypatch):
    monkeypatch.setattr(tracing, "MOST_SKIPPED", 0)  # every path is recorded
    calls = []

    def counted(x, y):
        calls.append(1)
        return f(x, y)

    points = [(a, b) for a in (0.3, -0.0, math.nan, 2.0, -math.inf) for b in (0.3, 0.0, -2.5, math.inf)]
    fast = autograd.compile(counted)
    for turn in range(2):
        for pair in points:
            value, slopes = fast.value_and_grad(*pair, argnums=(0, 1))
            found, expected = [value, *slopes], value_and_slopes(f, pair)
            assert not any(map(differ, found, expected)), (pair, found, expected)
        if turn == 0:
            recordings, tapes = len(calls), len(fast.tapes)
    assert (len(calls), len(fast.tapes)) == (recordings, tapes)
    assert recordings == tapes


def test_where_needs_no_guard():
    def f(x, y):
        a = autograd.where(autograd.less(x, y), x * y, x.log())
        return autograd.maximum(a, 0.5) + autograd.minimum(x, y).relu() + abs(a) + autograd.where(x, y, a).floor()

    fast = autograd.compile(f, in_axes=0)
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(size=(2, 300))
    value = fast(xs, ys)
    assert len(fast.tapes) == 1
    assert "guard" not in str(fast.tapes[0])
    for i in range(0, 300, 7):
        assert value[i] == pytest.approx(f(Value(xs[i]), Value(ys[i])).data, rel=1e-12, nan_ok=True)


def test_comparisons_with_numbers_that_are_no_doubles_are_exact():
    from decimal import Decimal
    from fractions import Fraction

    near = Fraction(0.1) + Fraction(1, 10**30)
    cases = [
        (lambda x: x * 1.0 if x < near else x * 2.0, [0.05, 0.1, math.nextafter(0.1, 1.0)]),
        (lambda x: x * 1.0 if x >= 2**53 + 1 else x * 2.0, [2.0**60, 2.0**53, 2.0**53 + 2]),
        (lambda x: x * 1.0 if x == 2**53 + 1 else x * 2.0, [2.0**60, 2.0**53, 2.0**53 + 2]),
        (lambda x: x * 1.0 if x < 10**400 else x * 2.0, [1.0, math.inf, 1e308, math.nan]),
        (lambda x: x * 1.0 if x > -(10**400) else x * 2.0, [1.0, -math.inf, 1e308, math.nan]),
        (lambda x: x * 1.0 if x == Decimal("0.1") else x * 2.0, [0.1, 0.5]),
        (lambda x: x * 1.0 if x > np.float32(0.1) else x * 2.0, [0.1, float(np.float32(0.1)), 0.11]),
        (lambda x: x * 1.0 if x in [Fraction(1, 3), 10**400, 0.5] else x * 2.0, [1 / 3, 0.5, math.inf]),
    ]
    for f, xs in cases:
        for order in (xs, xs[::-1]):
            found = autograd.compile(f, in_axes=0)(np.array(order)).tolist()
            expected = [f(Value(x)).data for x in order]
            assert not any(map(differ, found, expected)), (order, found, expected)


def test_comparisons_with_no_numbers_are_pythons():
    f = autograd.compile(lambda x: x * 2.0 if x == "a" or x == None or x in ["b", (1,)] else x * 3.0)  # noqa: E711
    assert f(1.0) == 3.0
    assert "guard" not in str(f.tapes[0])
    with pytest.raises(TypeError, match="not supported"):
        autograd.compile(lambda x: x if x < "a" else -x)(1.0)


def test_a_row_that_a_last_digit_decides_takes_one_path_whole():
    """In a lane exp may be a last digit off: the row takes a neighbouring path then, never half of each."""
    xs = np.random.default_rng(0).normal(size=500)
    limits = np.array([autograd.exp(float(x)) for x in xs])

    def f(x, limit):
        return x * 1.0 if x.exp() < limit else x * 2.0 if x.exp() == limit else x * 3.0

    fast = autograd.compile(f, in_axes=0)
    value, slope = fast.value_and_grad(xs, limits)
    assert np.isin(slope, [1.0, 2.0, 3.0]).all()
    assert np.array_equal(value, slope * xs)
    assert len(fast.tapes) <= 3
    assert autograd.compile(f)(0.3, autograd.exp(0.3)) == 0.6


# --- one arithmetic decides, wherever a row stands -------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_decides_a_branch_has_the_bits_of_the_eager_engine(row):
    """In a batch and alone: vector functions may differ in a last digit, and a comparison would tell."""
    n, random = len(row.partials) or 4, np.random.default_rng(row.code)
    xs = random.normal(size=(n, 300)) * random.choice([1.0, 1e-3, 10.0, 30.0], size=(n, 300))
    xs[:, :60] = random.choice([0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, 2.0, 1e300, -3.0, 5e-324], size=(n, 60))

    def f(*ys):
        return row(*ys) if ys[0] == ys[0] else ys[0]

    tape = Tape.record(f, *[1.0] * n) if not isinstance(row, Variadic) else Tape([row(*map(Value, [1.0] * n))])
    replay = Replay(tape.program)
    batches = [x.reshape(-1, 1) for x in xs]
    found = replay.run((True,) * n, [], batches, 300, guarded=True)[1][0]
    expected = [row.evaluate(column.tolist()) for column in xs.T]
    alone = [replay.run((False,) * n, column.tolist(), [], 1, guarded=True)[1][0][0] for column in xs.T]
    for x, y, z in zip(found, alone, expected, strict=True):
        assert not differ(x, z) or (x != x and z != z), row
        assert not differ(y, z) or (y != y and z != z), row
        assert str(float(x)) == str(float(y)) == str(float(z))


def test_a_row_does_not_depend_on_its_batch():
    def f(x):
        return -x if x**0.5 == math.sqrt(3.0) else x

    one, many = autograd.compile(f), autograd.compile(f, in_axes=0)
    assert one(3.0) == many(np.array([3.0]))[0] == -3.0
    assert many(np.array([3.0, 4.0])).tolist() == [-3.0, 4.0]
    for n in range(1, 20):
        assert many(np.array([3.0] * n + [5.0] * (n % 3))).tolist() == [-3.0] * n + [5.0] * (n % 3)


@pytest.mark.parametrize("x", [0.0, -0.0, math.inf, -math.inf, math.nan, 2.0, 3.0, -1.0, 5e-324, 1e300])
def test_roots_and_squares_are_powers_with_their_edges(x):
    for y in (0.5, 2.0):
        expected = x * x if y == 2.0 else math.pow(x, y) if x >= 0.0 else math.inf if x == -math.inf else math.nan
        f = autograd.compile(lambda x, y=y: x**y, in_axes=0)
        for found in (
            Value(x) ** y,
            f(np.array([x] * 9))[4],
            f(np.array([x]))[0],
            autograd.compile(lambda x, y=y: x**y)(x),
        ):
            assert format(found.data if isinstance(found, Value) else float(found)) == format(expected)
