"""Rows that no path takes: what the eager engine gives, with what is alike for them prepared once."""

import warnings
from contextvars import ContextVar

import numpy as np
import pytest

from autograd import Value, compile, exp, less, no_grad, where
from tests.random_graphs import value_and_slopes

pytestmark = [
    pytest.mark.any_build,
    pytest.mark.filterwarnings("ignore:.* takes (more than|another path)"),
    pytest.mark.usefixtures("nothing_is_merged"),
]


def bits(*xs):
    """Each combination of signs is a path."""
    total = 0.0
    for k, x in enumerate(xs):
        total = total + (x * x * (k + 1.0) if x > 0.0 else exp(x) * xs[0])
    return total


def tapes_after(fast, *calls):
    for x in calls:
        fast.value_and_grad(*x.T)
    return len(fast.tapes)


@pytest.fixture
def many():
    return np.random.default_rng(2).normal(size=(2000, 14))


def test_where_hardly_two_rows_have_a_path_in_common_recording_stops_early(many):
    fast = compile(bits, in_axes=0)
    every = tuple(range(14))
    for _ in range(2):
        value, slopes = fast.value_and_grad(*many.T, argnums=every)
        for k in range(0, 2000, 61):
            expected = value_and_slopes(bits, many[k].tolist())
            np.testing.assert_allclose([value[k], *[s[k] for s in slopes]], expected, rtol=1e-13)
    assert len(fast.tapes) < 20


def test_rows_that_come_together_are_noticed(many):
    fast = compile(bits, in_axes=0)
    few = tapes_after(fast, many)
    alike = np.abs(many) * [(-1.0) ** k for k in range(14)]
    assert tapes_after(fast, *[alike] * 6) == few + 1
    paths = next(iter(fast._traced.paths.values()))
    assert paths.all[-1].rows == 2000
    assert not paths.scattered
    assert tapes_after(fast, many) == few + 1
    assert paths.scattered == 2000


def test_a_batch_of_many_more_rows_is_looked_at_again(many):
    """Of a tenth as many rows hardly two have a path in common; of all of them many do."""

    def f(*xs):
        return bits(*xs[:9]) + xs[9]

    fast, few = compile(f, in_axes=0), np.tile(many[:330, :10], (1, 1))
    begun = tapes_after(fast, few)
    assert begun < 64
    assert tapes_after(fast, np.random.default_rng(3).normal(size=(20_000, 10))) == 64


def test_rare_paths_are_all_recorded():
    def f(x, kind):
        for k in range(1, 41):
            if kind < k:
                return x * k
        return -x

    kind = np.full(2000, 0.5)
    kind[::49] = np.arange(41) + 0.5
    fast = compile(f, in_axes=0)
    fast(np.ones(2000), kind)
    assert len(fast.tapes) == 41


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_all_kinds_of_arguments_and_results(reduce):
    def f(a, w, k, scale, pair):
        first, second = pair["x"], pair["y"]
        total = bits(*a.ravel().tolist())
        return total * w[0] * scale + first * w[1] ** k, [second * w[0], 2.0]

    rng = np.random.default_rng(4)
    a, x, y = rng.normal(size=(2, 3, 40)), rng.integers(1, 9, 40), rng.normal(size=40).astype(np.float32)
    w, scale = np.array([0.5, 2.0]), Value(3.0)
    options = {"in_axes": (2, None, None, None, {"x": 0, "y": 0}), "static_argnames": "k", "reduce": reduce}
    one, all_ = (compile(f, **options, max_paths=most) for most in (1, 100))
    given = a, w, 3, scale, {"x": x, "y": y}
    for ask in (lambda g: g.jacobian(*given, argnums=(0, 1, 4)), lambda g: g(a, w, 3, 3.0, given[4])):
        found, expected = (np.concatenate([np.ravel(p) for p in leaves_of(ask(g))]) for g in (one, all_))
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def leaves_of(x):
    if isinstance(x, dict):
        x = list(x.values())
    return [leaf for part in x for leaf in leaves_of(part)] if isinstance(x, (list, tuple)) else [x]


def test_sums_are_added_up_row_after_row(many):
    def f(x, w):
        return bits(*x) * w

    rows, total = (compile(f, in_axes=(0, None), max_paths=1, reduce=reduce) for reduce in (None, "sum"))
    xs = many[:700]
    values, slopes = rows.value_and_grad(xs, 0.7, argnums=1)
    expected = [sum(x.tolist(), 0.0) for x in (values, slopes)]
    assert total(xs, 0.7) == expected[0]
    assert list(total.value_and_grad(xs, 0.7, argnums=1)) == expected


seen = ContextVar("seen", default=0)


def test_what_a_row_sets_in_its_context_no_other_sees():
    found = []

    def f(x):
        found.append(seen.get())
        seen.set(seen.get() + 1)
        return x * 3.0 if x > 0.0 else -x

    fast = compile(f, in_axes=0, max_paths=1)
    with no_grad():
        assert fast.grad(np.array([1.0, -1.0, -2.0, -3.0])).tolist() == [3.0, -1.0, -1.0, -1.0]
    assert set(found) == {0}
    assert seen.get() == 0


def test_errors_name_the_row_and_come_as_they_are():
    def two(x):
        return x if x > 0.0 else [x, x] if x < -5.0 else -x

    fast = compile(two, in_axes=0, max_paths=1)
    with pytest.raises(TypeError, match="on row 3"):
        fast(np.array([1.0, -1.0, -2.0, -9.0]))

    def raising(x):
        if x < -2.0:
            raise LookupError("no such row")
        return x if x > 0.0 else -x

    with pytest.raises(LookupError, match="no such row"):
        compile(raising, in_axes=0, max_paths=1)(np.array([1.0, -1.0, -2.0, -9.0]))


def test_a_compiled_helper_is_run_as_it_stands_and_constants_have_no_slope():
    helper = compile(lambda x: where(less(x, 0.0), -x, x * x))

    def f(x, y):
        return helper(x) * y if x > 0.0 else 2.0 if x < -1.0 else helper(x)

    fast = compile(f, in_axes=0, max_paths=1)
    value, slopes = fast.value_and_grad(np.array([2.0, -0.5, -3.0]), np.array([3.0, 4.0, 5.0]), argnums=(1, 0))
    assert value.tolist() == [12.0, 0.5, 2.0]
    assert [s.tolist() for s in slopes] == [[4.0, 0.0, 0.0], [12.0, -1.0, 0.0]]


def test_that_recording_stops_is_told_once(many):
    fast = compile(bits, in_axes=0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fast(*many.T)
        fast(*many.T)
    assert ["takes another path on nearly every row" in str(w.message) for w in caught] == [True]
