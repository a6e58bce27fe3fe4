"""Slopes in the tails, where one number has nearly all: to the third order against mpmath, in every mode."""

import mpmath
import numpy as np
import pytest

import autograd
from autograd import compile, grad, hessian, hvp, jvp, taylor

GAPS = [0.0, 1.0, 10.0, 20.0, 37.0, 60.0, 200.0, 700.0]
SMALLEST = 1e-280  # below it digits go


def points():
    rng = np.random.default_rng(5)
    for gap in GAPS:
        for n in (2, 3, 6):
            xs = rng.uniform(-1.0, 1.0, n)
            xs[rng.integers(n)] += gap
            if n > 2:
                xs[rng.integers(n)] -= 0.5 * gap
            yield xs.tolist()


POINTS = list(points())


def shares(xs):
    """Each share and what the others have, in as many digits as it takes."""
    with mpmath.workdps(330):
        e = [mpmath.exp(mpmath.mpf(x)) for x in xs]
        total = mpmath.fsum(e)
        others = [mpmath.fsum(e[:i] + e[i + 1 :]) / total for i in range(len(e))]
        return [x / total for x in e], others


def second(xs):
    """The Hessian of logsumexp, which is the Jacobian of softmax."""
    p, q = shares(xs)
    return [[float(p[i] * q[i] if i == j else -p[i] * p[j]) for j in range(len(p))] for i in range(len(p))]


def same(found, expected, rtol):
    found, expected = np.array(found, dtype=float), np.array(expected, dtype=float)
    wanted = np.abs(expected) > SMALLEST
    np.testing.assert_allclose(found[wanted], expected[wanted], rtol=rtol, atol=0.0)
    assert np.all(np.abs(found[~wanted]) <= 2.0 * SMALLEST)


@pytest.mark.parametrize("xs", POINTS)
def test_second_derivatives_of_logsumexp(xs):
    f, n, expected = autograd.logsumexp, len(xs), second(xs)
    same(hessian(f)(xs), expected, 1e-12)
    same([grad(lambda x, i=i: grad(f)(x)[i])(xs) for i in range(n)], expected, 1e-12)
    same([hvp(f, (xs,), (row.tolist(),)) for row in np.eye(n)], expected, 1e-12)
    if n == 2:
        same(hessian(lambda x: autograd.logaddexp(x[0], x[1]))(xs), expected, 1e-12)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_and_compiled(n):
    xs = np.array([x for x in POINTS if len(x) == n])
    expected = [second(x) for x in xs.tolist()]
    same(compile(autograd.logsumexp, in_axes=0).hessian(xs), expected, 1e-12)
    same(compile(lambda x: autograd.softmax(x)[0], in_axes=0).grad(xs), [h[0] for h in expected], 1e-12)


@pytest.mark.parametrize("xs", POINTS)
def test_slopes_of_softmax_and_of_its_logarithm(xs):
    n, (p, q), expected = len(xs), shares(xs), second(xs)
    same([grad(lambda x, i=i: autograd.softmax(x)[i])(xs) for i in range(n)], expected, 1e-12)
    forward = [
        [jvp(lambda x, i=i: autograd.softmax(x)[i], (xs,), (e.tolist(),))[1] for e in np.eye(n)] for i in range(n)
    ]
    same(forward, expected, 1e-12)
    logarithms = [[float(q[i] if i == j else -p[j]) for j in range(n)] for i in range(n)]
    same([grad(lambda x, i=i: autograd.log_softmax(x)[i])(xs) for i in range(n)], logarithms, 1e-12)


@pytest.mark.parametrize("xs", POINTS)
def test_third_derivatives(xs):
    for i, (p, q) in enumerate(zip(*shares(xs), strict=True)):
        if abs(q - p) < 0.01:
            continue  # beside a zero of it

        def of(f, x, i=i):
            return f([*xs[:i], x, *xs[i + 1 :]])

        def summed(x, of=of):
            return of(autograd.logsumexp, x)

        def shared(x, of=of, i=i):
            return of(autograd.softmax, x)[i]

        def logarithm(x, of=of, i=i):
            return of(autograd.log_softmax, x)[i]

        expected = float(p * q * (q - p))
        same(grad(grad(grad(summed)))(xs[i]), expected, 1e-10)
        same(grad(grad(shared))(xs[i]), expected, 1e-10)
        same(grad(grad(grad(logarithm)))(xs[i]), -expected, 1e-10)
        same(6.0 * taylor(summed, xs[i], 3)[3], expected, 1e-10)
        same(2.0 * taylor(shared, xs[i], 2)[2], expected, 1e-10)


def test_a_gradient_that_is_part_of_a_compiled_function():
    f = compile(lambda x: grad(autograd.logsumexp)(x)[0], in_axes=0)
    same(f.grad(np.array([[50.0, 0.0], [-50.0, 0.0]])), [second([50.0, 0.0])[0], second([-50.0, 0.0])[0]], 1e-12)


@pytest.mark.parametrize("x", [10.0, -100.0, 1e3, 1e6])
@pytest.mark.parametrize("name", ["norm", "std", "var"])
def test_one_number_far_from_the_others(name, x):
    """What is left of it in third derivatives are the others; from 1e3 on deviations have lost as many digits."""
    f = getattr(autograd, name)

    def exact(t):
        xs = [t, mpmath.mpf(3), mpmath.mpf(4)]
        if name == "norm":
            return mpmath.sqrt(mpmath.fsum(a * a for a in xs))
        square = mpmath.fsum((a - mpmath.fsum(xs) / 3) ** 2 for a in xs) / 3
        return square if name == "var" else mpmath.sqrt(square)

    def along(t):
        return f([t, 3.0, 4.0])

    with mpmath.workdps(80):
        _, first, second, third = [float(c) for c in mpmath.taylor(exact, mpmath.mpf(x), 3)]
    rtol = 1e-13 if name != "std" else 1e-12 if abs(x) < 1e5 else 1e-9
    assert grad(along)(x) == pytest.approx(first, rel=1e-14)
    compiled = compile(lambda xs: f(xs)).hessian([x, 3.0, 4.0])[0][0]
    for found in (grad(grad(along))(x), hessian(f)([x, 3.0, 4.0])[0][0], compiled, 2.0 * taylor(along, x, 2)[2]):
        assert found == pytest.approx(2.0 * second, rel=rtol)
    if name != "var":
        assert grad(grad(grad(along)))(x) == pytest.approx(6.0 * third, rel=rtol)


@pytest.mark.parametrize("x", [-1e150, -1e101, -1e99, -1e80, -1e50, -1e20, -1.1e5])
def test_the_far_tail_of_log_ndtr(x):
    """-x**2/2 - log(-x) and what falls off faster."""
    with mpmath.workdps(400):
        r = 1 / mpmath.mpf(x)
        expected = [float(-1 + r * r - 6 * r**4), float(-2 * r**3 + 24 * r**5), float(6 * r**4 - 120 * r**6)]
    f = grad(autograd.log_ndtr)
    for order, slope in enumerate(expected, 2):
        f = grad(f)
        assert f(x) == pytest.approx(slope, rel=1e-13, abs=5e-324)
        assert taylor(autograd.log_ndtr, x, order)[order] * [2.0, 6.0, 24.0][order - 2] == pytest.approx(
            slope, rel=1e-12, abs=1e-322
        )
