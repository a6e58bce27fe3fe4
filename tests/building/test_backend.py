"""`compile(..., backend="c")`: whatever is asked of it, it gives what the same function gives over lanes."""

import pickle

import numpy as np
import pytest

import autograd
from autograd import Value, compile
from autograd._build import native
from tests.benchmarks.workloads import black_scholes
from tests.building.test_source import assert_same
from tests.random_programs.trial import fault_of
from tests.random_programs.writer import write

OPTION = (100.0, 95.0, 0.03, 0.2, 1.5)
FIVE = (0, 1, 2, 3, 4)


def price(*xs):
    return black_scholes(*xs, autograd)


def options(n, seed=0):
    rng = np.random.default_rng(seed)
    ranges = ((50.0, 150.0), (50.0, 150.0), (0.0, 0.1), (0.1, 0.6), (0.1, 3.0))
    return [rng.uniform(low, high, n) for low, high in ranges]


def ladder(x, y):
    """Three paths, and a row that is a number on one of them."""
    if x < 0.0:
        return autograd.exp(x) * y
    return autograd.log(x + 1.0) * y if x * y < 1.0 else x - y


def leaves(found):
    return [found] if not isinstance(found, (tuple, list)) else [x for part in found for x in leaves(part)]


def assert_answers_alike(found, expected):
    for a, b in zip(leaves(found), leaves(expected), strict=True):
        if native:
            assert_same(a, b)
        else:
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


def both(f, **how):
    return compile(f, backend="c", **how), compile(f, **how)


@pytest.mark.parametrize("n", [1, 63, 64, 1000])
def test_prices_and_their_greeks_over_a_batch(n):
    built, lanes = both(price, in_axes=0)
    xs = options(n)
    for _ in range(2):
        assert_answers_alike(built.value_and_grad(*xs, argnums=FIVE), lanes.value_and_grad(*xs, argnums=FIVE))
    assert_answers_alike(built(*xs), lanes(*xs))


def test_one_point_at_a_time():
    built, lanes = both(price)
    for _ in range(3):
        value, slopes = built.value_and_grad(*OPTION, argnums=FIVE)
        expected, expected_slopes = lanes.value_and_grad(*OPTION, argnums=FIVE)
        assert [type(x) for x in (value, *slopes)] == [float] * 6
        np.testing.assert_allclose([value, *slopes], [expected, *expected_slopes], rtol=1e-14)


def test_guards_send_rows_along_their_paths():
    built, lanes = both(ladder, in_axes=(0, None))
    xs = np.linspace(-2.0, 2.0, 300)
    for y in (0.5, 1.5):
        assert_answers_alike(built.value_and_grad(xs, y), lanes.value_and_grad(xs, y))
    assert len(built.tapes) == len(lanes.tapes) == 3
    one = compile(ladder, backend="c")
    for x in (-1.0, 0.3, 5.0, -1.0, 0.3, 5.0):
        assert_answers_alike(one.value_and_grad(x, 1.0), lanes.value_and_grad(np.array([x]), 1.0))


def test_every_kind_of_derivative():
    def f(x, w):
        return autograd.sum([autograd.sin(a * w[0]) * a for a in x]) + w[1] * x[0]

    x, w = [0.3, 0.7, -0.2], [1.5, -0.5]
    built, lanes = both(f)
    assert_answers_alike(built.hessian(x, w, argnums=(0, 1)), lanes.hessian(x, w, argnums=(0, 1)))
    assert_answers_alike(built.jacobian(x, w, argnums=(0, 1)), lanes.jacobian(x, w, argnums=(0, 1)))
    assert_answers_alike(built.jvp((x, w), ([1.0, 0.0, 0.5], None)), lanes.jvp((x, w), ([1.0, 0.0, 0.5], None)))
    assert_answers_alike(built.hvp((x, w), ([1.0, 0.0, 0.5], None)), lanes.hvp((x, w), ([1.0, 0.0, 0.5], None)))
    assert_answers_alike(built.hessian(x, w, sparse="values"), lanes.hessian(x, w, sparse="values"))
    value, v = Value(0.3), Value(0.3)
    for g, leaf in ((built, value), (lanes, v)):
        g([leaf, 0.7, -0.2], w).backward()
    assert value.grad == pytest.approx(v.grad, rel=1e-13)


@pytest.mark.parametrize("reduce", ["sum", "mean"])
@pytest.mark.parametrize("n", [1, 64, 200])
def test_sums_over_the_batch(reduce, n):
    def loss(w, x, y):
        return (autograd.tanh(autograd.dot(w[:-1], x, start=w[-1])) - y) ** 2 + 1e-3 * w[0] * w[0]

    rng = np.random.default_rng(n)
    w, x, y = rng.uniform(-1, 1, 4), rng.uniform(-1, 1, (n, 3)), rng.uniform(-1, 1, n)
    built, lanes = both(loss, in_axes=(None, 0, 0), reduce=reduce)
    assert_answers_alike(built.value_and_grad(w, x, y), lanes.value_and_grad(w, x, y))


def test_what_is_captured_is_read_at_every_call():
    w = Value(2.0)
    built = compile(lambda x: w * x * x, backend="c", in_axes=0)
    for number in (2.0, -3.0):
        w.data = number
        assert built(np.array([1.0, 2.0])).tolist() == [number, 4.0 * number]
    one = compile(lambda x: w * x * x, backend="c")
    assert [one.backward(3.0) for _ in range(2)] == [-27.0, -27.0]
    assert w.grad == 18.0


def test_a_nan_gets_the_care_that_it_gets_over_lanes():
    built = compile(lambda x: autograd.where(autograd.less(0.0, x), autograd.sqrt(x), 0.0 * x), backend="c", in_axes=0)
    value, slopes = built.value_and_grad(np.array([4.0, -4.0]))
    assert (value.tolist(), slopes.tolist()) == ([2.0, 0.0], [0.25, 0.0])


@compile(backend="c")
def kept(x):
    return x * x


def test_what_travels_is_built_where_it_arrives(tmp_path, monkeypatch):
    xs = options(100)
    built = compile(price, in_axes=0, backend="c")
    expected = built.value_and_grad(*xs, argnums=FIVE)
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path))
    found = pickle.loads(pickle.dumps(built)).value_and_grad(*xs, argnums=FIVE)
    assert all(map(np.array_equal, leaves(found), leaves(expected)))
    assert len(list(tmp_path.glob("*.so"))) == 1


def test_it_travels_and_is_refused_by_name():
    assert pickle.loads(pickle.dumps(kept)).grad(3.0) == 6.0
    with pytest.raises(ValueError, match='backend is \'fortran\'; it is "lanes" or "c"'):
        compile(price, backend="fortran")


@pytest.mark.skipif(not native, reason="NumPy runs such programs otherwise, and the judge is of the compiled engine")
@pytest.mark.parametrize("seed", [3, 8])
def test_random_programs_are_right_by_the_eager_engine(seed):
    assert fault_of(write(seed), lambda f, **how: compile(f, backend="c", **how)) is None
