"""Compiled functions are what SciPy takes as they stand: its arrays, its `args`, its order of arguments."""

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, compile
from tests.sizes import some

optimize = pytest.importorskip("scipy.optimize", reason="SciPy is what these are about: pip install scipy")
integrate = pytest.importorskip("scipy.integrate")

pytestmark = pytest.mark.any_build


def valley(x):
    """Rosenbrock's function."""
    return sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in itertools.pairwise(x))


def tilted(x, height, tilt):
    return height * valley(x) + tilt * x[0]


def decay(p, t, y):
    return p[0] * autograd.exp(-p[1] * t) - y


points = st.lists(st.floats(-3.0, 3.0), min_size=2, max_size=12).map(np.array)
times = np.linspace(0.0, 2.0, 15)
START = np.array([1.3, 0.7, 0.8, 1.9])


@settings(max_examples=some(60), deadline=None)
@given(points)
def test_derivatives_are_scipys_own(x):
    fast, p = compile(valley), np.cos(np.arange(len(x)))
    value, slopes = fast.value_and_grad(x)
    hessian = optimize.rosen_hess(x)
    scale = np.abs(hessian).max()
    assert value == pytest.approx(optimize.rosen(x), rel=1e-12)
    assert slopes == pytest.approx(optimize.rosen_der(x), rel=1e-11, abs=1e-11 * scale)
    assert fast.hessian(x) == pytest.approx(hessian, rel=1e-12, abs=1e-12 * scale)
    assert fast.hessp(x, p) == pytest.approx(hessian @ p, rel=1e-11, abs=1e-11 * scale)


METHODS = ["CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP"]
SECOND = ["Newton-CG", "trust-ncg", "trust-krylov", "trust-constr"]


@pytest.mark.parametrize(
    ("method", "more"),
    [(name, ()) for name in METHODS]
    + [(name, ("hessp",)) for name in SECOND]
    + [(name, ("hess",)) for name in [*SECOND, "dogleg", "trust-exact"]]
    + [(name, ("hess", "hessp")) for name in ("Newton-CG", "trust-ncg")],
)
@pytest.mark.parametrize("args", [(), (2.0, 0), (3, -0.0)])
def test_minimize_as_typed(method, more, args):
    fun = compile(tilted if args else valley)
    given = {"hess": fun.hessian, "hessp": fun.hessp}
    start = START if method != "dogleg" else np.full(4, 1.1)  # which wants a matrix that is positive definite
    limits = {"options": {} if method == "TNC" else {"maxiter": 3000}, "tol": 1e-7}
    found = optimize.minimize(
        fun.value_and_grad, start, args=args, jac=True, method=method, **{name: given[name] for name in more}, **limits
    )
    assert found.x == pytest.approx(np.ones(4), abs=1e-3)
    apart = optimize.minimize(fun, start, args=args, jac=fun.grad, method=method, **limits) if not more else found
    assert apart.x == pytest.approx(found.x, abs=1e-3)


def test_hessp_is_hvp_in_the_order_of_scipy():
    fast, p = compile(tilted), np.array([1.0, -2.0, 0.5, 3.0])
    for _ in range(3):  # recorded, replayed, repeated
        found = fast.hessp(START, p, 2.0, 5.0)
        assert found.tolist() == fast.hvp((START, 2.0, 5.0), (p, None, None)).tolist()
        assert found == pytest.approx(fast.hessian(START, 2.0, 5.0) @ p, rel=1e-12)
    assert fast.hessp(START.tolist(), [1, -2, 0.5, 3], 2, 5).tolist() == found.tolist()
    squares = compile(lambda x, n: sum(x**n), static_argnames="n")
    assert squares.hessp(np.array([1.0, 2.0]), np.array([1.0, 1.0]), 3).tolist() == [6.0, 12.0]
    each = compile(lambda x: x**3, in_axes=0)
    assert each.hessp(np.array([1.0, 2.0]), np.array([1.0, 10.0])).tolist() == [6.0, 120.0]


def test_what_hessp_refuses():
    fast = compile(valley)
    with pytest.raises(ValueError, match="valley: the tangents are not of the shapes of their primals"):
        fast.hessp(START, np.ones(3))
    with pytest.raises(TypeError, match="valley: tangents: x: expected real numbers"):
        fast.hessp(START, np.array(["a"] * 4))
    with pytest.raises(TypeError, match=r"hvp: wants a function of one number"):
        compile(lambda x: x * x).hessp(START, START)


def strided(x):
    return np.repeat(x, 2)[::2]


def frozen(x):
    x = x.copy()
    x.flags.writeable = False
    return x


FORMS = [
    np.asarray, list, tuple, strided, frozen, lambda x: x.astype(int), lambda x: x.astype(np.float32),
    lambda x: x.astype(">f8"), lambda x: x.astype(object), lambda x: x[None][0],
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_numbers_in_any_form(form):
    fast, x, p = compile(valley), np.array([1.0, -2.0, 3.0]), np.array([1.0, 0.0, 2.0])
    value, slopes = fast.value_and_grad(form(x))
    assert (value, list(slopes)) == (optimize.rosen(x), optimize.rosen_der(x).tolist())
    assert list(fast.grad(form(x))) == list(slopes)
    assert fast.hessian(form(x)).tolist() == optimize.rosen_hess(x).tolist()
    assert fast.hessp(form(x), form(p)).tolist() == (optimize.rosen_hess(x) @ p).tolist()
    assert np.array(compile(lambda x: [x[0] * x[1], x[2]]).jacobian(form(x))).tolist() == [[-2.0, 1.0, 0.0], [0, 0, 1]]


@pytest.mark.parametrize("x", [3.0, 3, np.float64(3.0), np.float32(3.0), np.array(3.0), np.int8(3)])
def test_a_number_in_any_form(x):
    fast = compile(lambda x: x**3)
    assert (fast(x), fast.grad(x), fast.hessian(x).tolist(), fast.hessp(x, x)) == (27.0, 27.0, [[18.0]], 54.0)


def test_a_start_that_is_a_number_is_an_array_of_one():
    fast = compile(lambda x: (x[0] - 2.0) ** 2)
    assert optimize.minimize(fast.value_and_grad, 3.0, jac=True).x == pytest.approx([2.0])
    with pytest.raises(TypeError, match=r"shape \(1,\): compute with x\[0\], if x is one number in an array; if x"):
        optimize.minimize(compile(lambda x: (x - 2.0) ** 2).value_and_grad, 3.0, jac=True)


def test_a_slope_is_its_callers_own():
    fast = compile(valley)
    first = fast.grad(START)
    kept = first.copy()
    fast.grad(2.0 * START)
    assert np.array_equal(first, kept)
    first[:] = 0.0
    assert np.array_equal(fast.grad(START), kept)


@pytest.mark.parametrize("method", ["trf", "dogbox", "lm"])
def test_least_squares(method):
    y = 3.0 * np.exp(-2.0 * times)
    rows, whole = compile(decay, in_axes=(None, 0, 0)), compile(decay)
    listed = compile(lambda p, t, y: [decay(p, ti, yi) for ti, yi in zip(t, y, strict=True)])
    for fast in (rows, whole, listed):
        found = optimize.least_squares(fast, [1.0, 1.0], jac=fast.jacobian, args=(times, y), method=method)
        assert found.x == pytest.approx([3.0, 2.0], rel=1e-8)
        by_rate = -3.0 * times * np.exp(-2.0 * times)
        assert found.jac == pytest.approx(np.stack([np.exp(-2.0 * times), by_rate], axis=1), abs=1e-6)
    assert optimize.leastsq(rows, [1.0, 1.0], args=(times, y), Dfun=rows.jacobian)[0] == pytest.approx([3.0, 2.0])
    bounded = optimize.least_squares(rows, [1.0, 1.0], jac=rows.jacobian, args=(times, y), bounds=([0, 0], [2.5, 5]))
    assert bounded.x[0] == pytest.approx(2.5, abs=1e-6)
    robust = optimize.least_squares(rows, [1.0, 1.0], jac=rows.jacobian, args=(times, y), loss="soft_l1", x_scale="jac")
    assert robust.x == pytest.approx([3.0, 2.0], rel=1e-6)


@pytest.mark.parametrize("made", [list, tuple, np.array])
@pytest.mark.parametrize("method", ["hybr", "lm"])
def test_root_of_a_system(made, method):
    fast = compile(lambda x, k: made([x[0] + k * (x[0] - x[1]) ** 3 - 1.0, k * (x[1] - x[0]) ** 3 + x[1]]))
    found = optimize.root(fast, [0, 0], args=(0.5,), jac=fast.jacobian, method=method)
    assert found.x == pytest.approx([0.8411639019140096, 0.1588360980859904])  # of SciPy's documentation
    assert optimize.fsolve(fast, [0, 0], args=(0.5,), fprime=fast.jacobian) == pytest.approx(found.x)


def test_root_of_one_number():
    fast = compile(lambda x, a: x**3 - a)
    second = compile(autograd.grad(autograd.grad(fast.function)))
    assert optimize.newton(fast, 1.0, fprime=fast.grad, args=(2.0,)) == pytest.approx(2.0 ** (1 / 3))
    found = optimize.root_scalar(fast.value_and_grad, args=(2.0,), x0=1.0, fprime=True, method="newton")
    assert found.root == pytest.approx(2.0 ** (1 / 3))
    halley = optimize.root_scalar(fast, args=(2.0,), x0=1.0, fprime=fast.grad, fprime2=second, method="halley")
    assert halley.root == pytest.approx(2.0 ** (1 / 3))
    assert halley.iterations < found.iterations
    many = compile(lambda x, a: x**3 - a, in_axes=0)
    cubes = np.array([1.0, 8.0, 27.0])
    assert optimize.newton(many, np.ones(3), fprime=many.grad, args=(cubes,)) == pytest.approx([1.0, 2.0, 3.0])
    assert optimize.brentq(fast, 0.0, 2.0, args=(2.0,)) == pytest.approx(2.0 ** (1 / 3))


@pytest.mark.parametrize("method", ["Radau", "BDF", "LSODA"])
@pytest.mark.parametrize("made", [list, np.array])
def test_an_equation_in_time(method, made):
    fast = compile(lambda t, y, k: made([y[1], -k * (y[0] - autograd.cos(t)) - (k + 1.0) * y[1]]))
    calls = []

    def jac(t, y, k):
        calls.append(t)
        return fast.jacobian(t, y, k, argnums=1)

    found = integrate.solve_ivp(fast, (0.0, 1.0), [1.0, 0.0], args=(1000.0,), method=method, jac=jac, rtol=1e-8)
    plain = integrate.solve_ivp(fast, (0.0, 1.0), [1.0, 0.0], args=(1000.0,), method=method, rtol=1e-8)
    assert found.success
    assert calls
    assert found.y[:, -1] == pytest.approx(plain.y[:, -1], rel=1e-5)
    given = functools.partial(fast.jacobian, argnums=1)
    assert np.array(given(0.5, np.array([1.0, 2.0]), 3.0)).tolist() == [[0.0, 1.0], [-3.0, -4.0]]


def test_two_ends():
    fast = compile(lambda x, y, k: [y[1], -k * autograd.exp(y[0])], in_axes=(0, 1, None))
    x, y = np.linspace(0.0, 1.0, 5), np.arange(10.0).reshape(2, 5)
    slopes = np.array(fast.jacobian(x, y, 2.0, argnums=1))
    assert slopes.shape == (2, 2, 5)
    assert np.array_equal(slopes[:, :, 3], [[0.0, 1.0], [-2.0 * np.exp(3.0), 0.0]])
    options = {"x": x, "y": np.zeros((2, 5)), "bc": lambda left, right: np.array([left[0], right[0]]), "tol": 1e-8}
    found = integrate.solve_bvp(
        lambda x, y: fast(x, y, 2.0), fun_jac=lambda x, y: np.array(fast.jacobian(x, y, 2.0, argnums=1)), **options
    )
    assert found.success
    plain = integrate.solve_bvp(lambda x, y: np.array([y[1], -2.0 * np.exp(y[0])]), **options)
    assert found.sol(0.3) == pytest.approx(plain.sol(0.3), rel=1e-6)


def test_a_fitted_curve():
    model = compile(lambda t, a, b: a * autograd.exp(-b * t), in_axes=(0, None, None))

    def jac(t, *p):
        return np.column_stack(model.grad(t, *p, argnums=(1, 2)))

    rng = np.random.default_rng(0)
    y, sigma = 3.0 * np.exp(-2.0 * times) + 0.01 * rng.normal(size=len(times)), rng.uniform(0.01, 0.02, len(times))
    for options in ({}, {"sigma": sigma}, {"sigma": sigma, "absolute_sigma": True}, {"bounds": (0.0, 10.0)}):
        best, covariance = optimize.curve_fit(model, times, y, jac=jac, **options)
        plain, its = optimize.curve_fit(lambda t, a, b: a * np.exp(-b * t), times, y, **options)
        assert best == pytest.approx(plain, rel=1e-6)
        assert covariance == pytest.approx(its, rel=1e-4)


def test_constraints():
    fun, disc = compile(valley), compile(lambda x: [x[0] ** 2 + x[1], x[0] ** 2 - x[1]])
    weighed = compile(lambda x, v: autograd.dot(v, disc(x)))
    x, v = np.array([0.3, 0.4]), np.array([2.0, -1.0])
    assert weighed.hessian(x, v).tolist() == [[2.0, 0.0], [0.0, 0.0]]
    inside = optimize.NonlinearConstraint(disc, -np.inf, 1.0, jac=disc.jacobian, hess=weighed.hessian)
    found = optimize.minimize(
        fun.value_and_grad, [0.5, 0.0], jac=True, hess=fun.hessian, method="trust-constr", constraints=inside
    )
    assert found.x[0] ** 2 + found.x[1] == pytest.approx(1.0, abs=1e-4)
    left = {"type": "ineq", "fun": lambda x: 1.0 - np.array(disc(x)), "jac": lambda x: -np.array(disc.jacobian(x))}
    assert optimize.minimize(
        fun.value_and_grad, [0.5, 0.0], jac=True, method="SLSQP", constraints=left
    ).x == pytest.approx(found.x, abs=1e-3)


def test_weights_as_scipy_finds_them():
    slope, offset = Value(0.0), Value(0.0)
    fast = compile(lambda x, y: (slope * x + offset - y) ** 2, in_axes=0, reduce="mean", weights=[slope, offset])
    y = 3.0 * times + 1.0
    for second in ({}, {"hess": fast.hessian}, {"hessp": fast.hessp}):
        method = "trust-ncg" if second else "BFGS"
        found = optimize.minimize(fast.value_and_grad, np.zeros(2), args=(times, y), jac=True, method=method, **second)
        assert found.x == pytest.approx([3.0, 1.0], abs=1e-4)
    assert (slope.data, offset.data) == (0.0, 0.0)

    model = nn.MLP(1, [4, 1], activation="tanh", rng=1)
    loss = compile(lambda x, y: (model([x]) - y) ** 2, in_axes=0, reduce="mean", weights=model.parameters())
    start = autograd.values_to_vector(model.parameters())
    found = optimize.minimize(loss.value_and_grad, start, args=(times, np.sin(3.0 * times)), jac=True)
    assert found.fun < 1e-3 < loss(start, times, np.sin(3.0 * times))


def test_what_takes_many_points_at_once():
    columns, rows = compile(valley, in_axes=1), compile(lambda x: x * x, in_axes=0)
    found = optimize.differential_evolution(
        columns, [(-2.0, 2.0)] * 2, vectorized=True, updating="deferred", rng=1, polish=False, maxiter=60
    )
    assert found.x == pytest.approx([1.0, 1.0], abs=0.05)
    assert integrate.fixed_quad(rows, 0.0, 3.0)[0] == pytest.approx(9.0)
    assert integrate.quad(compile(lambda x: x * x), 0.0, 3.0)[0] == pytest.approx(9.0)


def test_scipy_finds_the_slopes_right():
    fast = compile(tilted)
    assert optimize.check_grad(fast, fast.grad, START, 2.0, 3.0) < 1e-3
