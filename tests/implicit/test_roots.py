"""Roots and fixed points: their derivatives against closed forms, eager and compiled, and searches that fail."""

import math

import mpmath
import numpy as np
import pytest

import autograd
from autograd import (
    Value,
    compile,
    cos,
    exp,
    fixed_point,
    grad,
    gradcheck,
    hessian,
    jacobian,
    jvp,
    log,
    root,
    sin,
    tanh,
    taylor,
)


def derivatives(f, x, orders=3):
    found, g = [], f
    for _ in range(orders):
        g = grad(g)
        found.append(g(x))
    return found


CLOSED = [
    # sqrt(a), exp(a), a ** (1/3), Lambert's W at a = x exp(x), at x = 1
    (lambda x, a: x * x - a, 1.0, 2.0, [0.5 * 2**-0.5, -0.25 * 2**-1.5, 0.375 * 2**-2.5]),
    (lambda x, a: log(x) - a, 1.5, 0.7, [math.exp(0.7)] * 3),
    (lambda x, a: x**3 - a, 1.0, 8.0, [1 / 12, -2 / 9 * 8 ** (-5 / 3), 10 / 27 * 8 ** (-8 / 3)]),
    (lambda x, a: x * exp(x) - a, 0.7, math.e, [1 / (2 * math.e), -3 / (8 * math.e**2), 19 / (32 * math.e**3)]),
]


@pytest.mark.parametrize(("f", "x0", "a", "expected"), CLOSED)
def test_derivatives_to_third_order(f, x0, a, expected):
    np.testing.assert_allclose(derivatives(lambda a: root(f, x0, a), a), expected, rtol=1e-9)


def test_fixed_points():
    assert fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, 2.0) == pytest.approx(2**0.5, rel=1e-15)
    np.testing.assert_allclose(
        derivatives(lambda a: fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, a), 2.0), CLOSED[0][3], rtol=1e-9
    )
    x = fixed_point(lambda x, a: cos(a * x), 0.5, 1.0)
    slope = grad(lambda a: fixed_point(lambda x, a: cos(a * x), 0.5, a))(1.0)
    assert slope == pytest.approx(-x * math.sin(x) / (1.0 + math.sin(x)), rel=1e-12)
    found = fixed_point(lambda x, a: [0.5 * tanh(x[1]) + a, 0.3 * x[0]], [0.0, 0.0], 1.0)
    assert found[1] == pytest.approx(0.3 * found[0], rel=1e-14)


def circle(x, a, b):
    return [x[0] ** 2 + x[1] ** 2 - a, x[0] - b * x[1]]


def test_systems():
    assert root(circle, [1.0, 1.0], 4.0, 1.0) == pytest.approx([2**0.5, 2**0.5])
    found = jacobian(lambda a, b: root(circle, [1.0, 1.0], a, b), (0, 1))(4.0, 1.0)
    r = 2**0.5
    np.testing.assert_allclose(found, [(1 / (4 * r), r / 2), (1 / (4 * r), -r / 2)], rtol=1e-12)
    assert gradcheck(lambda a, b: root(circle, np.array([1.0, 0.5]), a, b)[0], 4.0, 0.7)
    n = 5
    f = lambda x, a: [x[i] ** 3 + x[i] + 0.1 * x[(i + 1) % n] - a * (i + 1) for i in range(n)]  # noqa: E731
    x = root(f, [0.5] * n, 1.0)
    assert max(abs(v) for v in f(x, 1.0)) < 1e-14
    assert gradcheck(lambda a: root(f, [0.5] * n, a)[2], 1.0)


def kepler(x, m, e):
    return x - e * sin(x) - m


def test_compiled_over_a_batch():
    f = compile(lambda m, e: root(kepler, m, m, e), in_axes=(0, None))
    m = np.linspace(0.01, 6.2, 5_000)
    x = f(m, 0.3)
    assert np.abs(x - 0.3 * np.sin(x) - m).max() < 2e-15
    np.testing.assert_allclose(f.grad(m, 0.3), 1.0 / (1.0 - 0.3 * np.cos(x)), rtol=1e-12)
    assert len(f.tapes) == 1
    plain = [root(kepler, v, v, 0.3) for v in m[::500]]
    np.testing.assert_allclose(x[::500], plain, rtol=1e-14)


def test_rows_that_take_more_steps_or_shorter_ones_are_right_too():
    f = compile(lambda m, e: root(kepler, m, m, e), in_axes=0)
    m, e = np.random.default_rng(0).uniform((0.001, 0.0), (3.1, 0.99), (2_000, 2)).T
    x, slopes = f.value_and_grad(m, e, argnums=(0, 1))
    assert np.abs(x - e * np.sin(x) - m).max() < 4e-15
    sine, cosine = np.sin(x), np.cos(x)
    np.testing.assert_allclose(slopes[0], 1.0 / (1.0 - e * cosine), rtol=1e-9)
    np.testing.assert_allclose(slopes[1], sine / (1.0 - e * cosine), rtol=1e-9)
    assert 1 < len(f.tapes) < 40
    found = compile(lambda a: root(lambda x, a: x.atan() - a, 1.2, a), in_axes=0)(np.array([0.1, -0.9, 1.4]))
    np.testing.assert_allclose(np.arctan(found), [0.1, -0.9, 1.4], rtol=1e-12)  # each has to be halved


def test_values_captured_and_given():
    w = Value(2.0)
    x = root(lambda x: x * x - w, 1.0)
    x.backward()
    assert w.grad == pytest.approx(0.5 * 2**-0.5, rel=1e-14)
    assert type(root(lambda x, a: x - a, 0.0, 3.0)) is float
    assert jvp(lambda a: root(lambda x, p: x - p["a"][0], 0.0, {"a": [a]}), (3.0,), (1.0,)) == (3.0, 1.0)
    assert root(lambda x, a: x * x - a, Value(1.0), 4.0) == pytest.approx(2.0)


def test_fixed_points_of_any_structure():
    def halves(x, a):
        return {"u": 0.5 * x["v"] + a, "v": 0.5 * x["u"]}

    start = {"u": 0.0, "v": 0.0}
    assert fixed_point(halves, start, 3.0) == pytest.approx({"u": 4.0, "v": 2.0}, rel=1e-14)
    assert grad(lambda a: fixed_point(halves, start, a)["v"])(3.0) == pytest.approx(2 / 3, rel=1e-14)
    found = fixed_point(lambda x, a: 0.5 * (x + a / x), np.ones((2, 2)), 9.0)
    np.testing.assert_allclose(found, np.full((2, 2), 3.0), rtol=1e-14)


def test_hard_searches():
    assert root(lambda x: x**3 - 2.0 * x + 2.0, 0.0, bracket=(-3.0, 0.0)) == pytest.approx(-1.7692923542386314)
    assert root(lambda x: tanh(x - 5.0), 0.0, bracket=(-100.0, 100.0)) == pytest.approx(5.0)
    assert root(lambda x: autograd.atan(x), 3.0) == pytest.approx(0.0, abs=1e-12)
    assert root(lambda x: (x - 1.0) ** 3, 2.0) == pytest.approx(1.0, abs=1e-4)
    assert root(lambda x: x, 0.0) == 0.0


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: root(lambda x: x * x + 1.0, 0.7),
            ValueError,
            r"root of <lambda>: .*; it stood at .*, where",
        ),
        (lambda: root(lambda x: 0.0 * x + 1.0, 1.0), ValueError, "its Jacobian is singular; it stood at 1, where"),
        (lambda: root(circle, [0.0, 0.0], 1.0, 1.0), ValueError, "Jacobian is singular; it stood at 0, 0"),
        (lambda: root(lambda x: x - 5.0, 1.0, bracket=(1.0, 2.0)), ValueError, "holds no change of sign"),
        (lambda: root(lambda x: x, 1.0, bracket=(1.0,)), ValueError, "bracket .* two numbers"),
        (lambda: root(lambda x: x, [1.0, 2.0], bracket=(0.0, 1.0)), ValueError, "for a root of one number"),
        (lambda: root(3.0, 1.0), TypeError, "root: expected a function, got float"),
        (lambda: root(lambda x: x, "x"), TypeError, "x0: 'x' is a str"),
        (lambda: root(lambda x: x, []), TypeError, "x0 has no number in it"),
        (lambda: root(lambda x: [x, x], 1.0), TypeError, "of 1 numbers it gives 2 numbers"),
        (lambda: fixed_point(lambda x: [x, x], 1.0), TypeError, "fixed_point of <lambda>: of 1 numbers it gives 2"),
        (lambda: fixed_point(lambda x: x[0], [1.0, 2.0]), TypeError, "of 2 numbers it gives one number"),
        (lambda: fixed_point(lambda x: None, 1.0), TypeError, "fixed_point of <lambda> gave None: it is to give"),
        (lambda: root(lambda x: x, 1.0, tol=2.0), ValueError, r"tol 2\.0: a number between 0 and 1"),
        (lambda: compile(lambda a: root(lambda x: x - a, 0.0, bracket=(0, 9)))(10.0), ValueError, "no change of sign"),
        (
            lambda: compile(lambda a: root(lambda x: x * x + a, 0.7))(1.0),
            ValueError,
            "it stood at .*, where the function",
        ),
    ],
)
def test_what_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()


def anomaly(m):
    return mpmath.findroot(lambda x: x - mpmath.mpf(0.3) * mpmath.sin(x) - m, 1)


def test_any_order():
    coefficients = taylor(lambda a: root(lambda x, a: x * x - a, 1.0, a), 1.0, 8)
    np.testing.assert_allclose(coefficients, [float(mpmath.binomial(0.5, k)) for k in range(9)], rtol=1e-12)
    f = lambda a: root(lambda x, a: x - 0.3 * x.sin() - a, 1.0, a)  # noqa: E731
    for order in range(1, 6):
        g = f
        for _ in range(order):
            g = grad(g)
        with mpmath.workdps(60):
            exactly = mpmath.diff(
                lambda a: mpmath.findroot(lambda x: x - mpmath.mpf(0.3) * mpmath.sin(x) - a, 1), 1.2, order
            )
        assert g(1.2) == pytest.approx(float(exactly), rel=1e-9)

    fast = compile(lambda a: taylor(f, a, 5), in_axes=0)  # of a function that is recorded too
    at = np.array([1.2, 0.4, -0.7, 1.2])
    for k, found in enumerate(zip(*fast(at), strict=True)):
        np.testing.assert_allclose(found, taylor(f, float(at[k]), 5), rtol=1e-9)
    fifth = compile(grad(grad(grad(grad(grad(f))))), in_axes=0)
    np.testing.assert_allclose(fifth(at), [120.0 * taylor(f, float(a), 5)[5] for a in at], rtol=1e-8)

    def both(t):
        y = root(lambda y, p: [y[0] ** 2 + y[1] - p[0], y[1] ** 3 + y[0] * p[1] - 1.0], [0.7, 0.6], [1.3 + t, 0.9 + t])
        return y[0] ** 2 * y[1] ** 2

    assert taylor(both, 0.0, 4)[4] == pytest.approx(-692.28, rel=1e-5)


def test_a_root_notices_that_what_it_was_found_from_has_changed():
    a = Value(2.0)
    x = root(lambda x, a: x * x - a, 1.0, a)
    a.data = 3.0
    with pytest.raises(RuntimeError, match="root of <lambda>: called at the root again it gives other numbers"):
        x.backward()


def test_a_bracket_is_halved_in_a_recording_too():
    def implied(price, spot):  # of a normal model's option, where Newton's method from afar runs off
        def excess(v):
            d = (spot - 1.0) / v
            return (spot - 1.0) * autograd.ndtr(d) + v * autograd.norm_pdf(d) - price

        return root(excess, 1.0, bracket=(1e-3, 50.0))

    fast = compile(implied, in_axes=0)
    v = np.geomspace(0.02, 30.0, 200)
    spot = np.linspace(0.99, 1.01, 200)
    d = (spot - 1.0) / v
    price = (spot - 1.0) * autograd.ndtr(d) + v * autograd.norm_pdf(d)
    found, slopes = fast.value_and_grad(price, spot)
    np.testing.assert_allclose(found, v, rtol=1e-9)
    np.testing.assert_allclose(slopes, 1.0 / autograd.norm_pdf(d), rtol=1e-9)
    assert len(fast.tapes) < 10


def test_arrays_without_axes_are_numbers():
    assert grad(lambda x: x * x)(np.array(3.0)) == 6.0
    assert taylor(exp, np.array(0.0), 2) == [1.0, 1.0, 0.5]
    with pytest.raises(TypeError, match="complex"):
        grad(lambda x: x * x)(np.array(1j))


def test_recorded_with_what_it_captures_and_to_high_orders():
    """A weight that the function reaches by itself, a root within a root, branches and selects in the function."""
    w = Value(2.0)

    def inner(a):
        return root(lambda y: y**3 + w * y - a, 0.5)

    def outer(a):
        return root(lambda x: x + autograd.maximum(x, 0.3) * inner(a + x).sin() - 1.0, 0.4)

    fast = compile(outer, in_axes=0)
    at = np.array([0.3, 1.0, 2.5])
    np.testing.assert_allclose(fast(at), [outer(Value(a)).data for a in at], rtol=1e-13)
    slopes = [grad(outer(x), [x, w]) for x in map(Value, at)]
    np.testing.assert_allclose(fast.grad(at), [d for d, _ in slopes], rtol=1e-12)
    joined = [grad(compile(outer)(x), [x, w]) for x in map(Value, at)]  # a node in the graph of x and w
    np.testing.assert_allclose(joined, slopes, rtol=1e-12)
    np.testing.assert_allclose(fast.hessian(at).ravel(), [hessian(outer)(float(a)) for a in at], rtol=1e-11)


def test_a_system_recorded_to_the_third_order():
    def system(p, q):
        x = root(lambda x, p, q: [x[0] ** 2 + x[1] - p, x[1] ** 3 + x[0] * q - 1.0], [0.7, 0.6], p, q)
        return x[0] ** 2 * x[1]

    at = np.array([1.3, 1.25, 1.1]), np.array([0.9, 1.0, 0.8])
    third = lambda p, q: grad(lambda q: grad(grad(system))(p, q))(q)  # noqa: E731
    fast = compile(third, in_axes=0)
    np.testing.assert_allclose(fast(*at), [third(float(p), float(q)) for p, q in zip(*at, strict=True)], rtol=1e-9)
    jets = compile(lambda p, q: taylor(lambda p: system(p, q), p, 6), in_axes=0)(*at)
    for k, found in enumerate(zip(*jets, strict=True)):
        q = float(at[1][k])
        np.testing.assert_allclose(found, taylor(lambda p, q=q: system(p, q), float(at[0][k]), 6), rtol=1e-8)
