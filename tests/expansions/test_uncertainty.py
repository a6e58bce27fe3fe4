"""Propagation of errors: closed forms, drawn samples, structures, Values, recordings, refused."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, compile, grad, hessian, jacobian, propagate


def test_of_a_linear_function_it_is_exact():
    a = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
    sigma = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 0.5]])
    f = lambda x: [autograd.dot(list(row), list(x)) + 1.0 for row in a.tolist()]  # noqa: E731
    x = np.array([1.0, 2.0, 3.0])
    for order in (1, 2):
        found = propagate(f, x, sigma, order)
        assert np.allclose(found.mean, a @ x + 1.0, rtol=1e-15)
        assert np.allclose(found.covariance, a @ sigma @ a.T, rtol=1e-14)
        assert np.allclose(found.std, np.sqrt(np.diag(a @ sigma @ a.T)), rtol=1e-14)
        assert type(found.mean) is list


def test_of_a_product_of_normal_numbers_the_second_order_is_exact():
    m, s, c = (2.0, 3.0), (0.1, 0.2), 0.05
    found = propagate(lambda x: x[0] * x[1], m, [[s[0], c], [c, s[1]]], order=2)
    assert found.mean == pytest.approx(m[0] * m[1] + c, rel=1e-15)
    variance = m[0] ** 2 * s[1] + m[1] ** 2 * s[0] + 2 * m[0] * m[1] * c + s[0] * s[1] + c * c
    assert found.covariance == pytest.approx(np.array([[variance]]), rel=1e-14)
    assert found.std == pytest.approx(math.sqrt(variance), rel=1e-14)
    first = propagate(lambda x: x[0] * x[1], m, [[s[0], c], [c, s[1]]])
    assert first.mean == 6.0
    assert first.covariance[0, 0] == pytest.approx(variance - s[0] * s[1] - c * c, rel=1e-14)


def test_of_squares():
    found = propagate(lambda x: x * x, 3.0, 0.5, 2)  # E x² = m² + v; var x² = 4 m² v + 2 v²
    assert (found.mean, found.covariance.tolist()) == (9.5, [[18.5]])
    assert type(found.mean) is float
    assert type(found.std) is float


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_as_many_samples_have_it(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(3, 3)) * 0.2
    sigma, m, n = root @ root.T, rng.uniform(0.5, 1.5, 3), 400_000
    f = lambda x: [x[0] * x[1] - x[2] * x[2], x[0] * x[0] + 2.0 * x[1] * x[2] + x[2]]  # noqa: E731
    drawn = np.array(f((rng.normal(size=(n, 3)) @ root.T + m).T))
    found = propagate(f, m, sigma, order=2)
    spread = np.cov(drawn)
    off = np.sqrt(np.diag(spread) / n)
    assert np.all(np.abs(np.array(found.mean) - drawn.mean(axis=1)) < 5.0 * off)
    for i in range(2):
        for j in range(2):
            products = (drawn[i] - drawn[i].mean()) * (drawn[j] - drawn[j].mean())
            assert abs(found.covariance[i, j] - spread[i, j]) < 5.0 * products.std() / math.sqrt(n)


def test_of_what_is_curved_further_the_second_order_is_nearer():
    s = 0.3
    exact = math.exp(1.0 + s * s / 2)
    first, second = (propagate(lambda x: x.exp(), 1.0, s * s, order) for order in (1, 2))
    assert abs(second.mean - exact) < 0.05 * abs(first.mean - exact)
    assert second.mean == pytest.approx(math.e * (1 + s * s / 2), rel=1e-14)


def test_from_slopes_and_second_derivatives():
    f = lambda x: {"p": x["a"].sin() * x["b"][0], "q": np.array([x["b"][1] * x["a"], x["b"][0] ** 2])}  # noqa: E731
    at, v = {"a": 0.7, "b": [1.2, -0.4]}, np.array([0.1, 0.2, 0.05])
    found = propagate(f, at, v, 2)
    flat = lambda x: f({"a": x[0], "b": [x[1], x[2]]})  # noqa: E731
    each = [lambda x: flat(x)["p"], lambda x: flat(x)["q"][0], lambda x: flat(x)["q"][1]]
    x, sigma = [0.7, 1.2, -0.4], np.diag(v)
    j = np.array([jacobian(g)(x) for g in each])
    h = [hessian(g)(x) @ sigma for g in each]
    expected = j @ sigma @ j.T + 0.5 * np.array([[np.trace(a @ b) for b in h] for a in h])
    assert np.allclose(found.covariance, expected, rtol=1e-13, atol=1e-15)
    assert found.mean["p"] == pytest.approx(math.sin(0.7) * 1.2 + 0.5 * np.trace(h[0]), rel=1e-14)
    assert found.std["q"].shape == (2,)
    assert np.allclose(found.std["q"] ** 2, np.diag(expected)[1:], rtol=1e-13)


def test_values_give_values_and_it_works_in_what_is_compiled():
    width = lambda m: propagate(lambda x: x[0] * x[1] + x[0].sin(), [m, 3.0], [0.1, 0.2], order=2).std  # noqa: E731
    m = Value(2.0)
    found = width(m)
    found.backward()
    h = 1e-5
    assert m.grad == pytest.approx((width(2.0 + h) - width(2.0 - h)) / (2 * h), rel=1e-8)
    assert grad(width)(2.0) == pytest.approx(m.grad, rel=1e-14)
    fast = compile(width, in_axes=0)
    assert np.allclose(fast(np.array([2.0, 1.0])), [width(2.0), width(1.0)], rtol=1e-14)
    mean = propagate(lambda x: [x * x, 5.0], Value(2.0), 0.5, 2).mean
    assert [type(y) for y in mean] == [Value, Value]


def test_what_does_not_vary():
    found = propagate(lambda x: [x[0], 7.0], [1.0, 2.0], [0.0, 1.0], 2)
    assert (found.mean, found.std, found.covariance.tolist()) == ([1.0, 7.0], [0.0, 0.0], [[0.0, 0.0], [0.0, 0.0]])
    s = np.outer([1.0, 3.0], [1.0, 3.0])  # of rank one: x[1] is 3 x[0], and their difference is nothing
    assert propagate(lambda x: 3.0 * x[0] - x[1], [1.0, 3.0], s).std == 0.0


@pytest.mark.parametrize(
    ("covariance", "error", "message"),
    [
        ([0.1], ValueError, r"a covariance of shape \(1,\), for 2 numbers: give \(2, 2\)"),
        (0.1, ValueError, r"shape \(\)"),
        (np.ones((2, 3)), ValueError, r"shape \(2, 3\)"),
        ([0.1, -1.0], ValueError, "the variance of number 1 is -1"),
        ([[1.0, 0.0], [0.0, -2.0]], ValueError, "the variance of number 1 is -2"),
        ([[1.0, 0.1], [0.2, 1.0]], ValueError, r"not symmetric: 0.1 at \(0, 1\) and 0.2 at \(1, 0\)"),
        ([[1.0, 2.0], [2.0, 1.0]], ValueError, "the eigenvalue -1"),
        ([math.nan, 1.0], ValueError, "has nan in it"),
        ([[1.0, math.inf], [math.inf, 1.0]], ValueError, "has inf in it"),
        ("ab", TypeError, "expected a real number"),
        ([1j, 1.0], TypeError, "complex"),
        (None, TypeError, "got None"),
    ],
)
def test_what_is_no_covariance_is_refused(covariance, error, message):
    with pytest.raises(error, match=message):
        propagate(lambda x: x[0] * x[1], [2.0, 3.0], covariance)


@pytest.mark.parametrize("order", [0, 3, True, 1.5, "2"])
def test_other_orders_are_refused(order):
    with pytest.raises(ValueError, match="order"):
        propagate(lambda x: x, 1.0, 1.0, order)


def test_what_is_no_function_of_numbers_is_refused():
    with pytest.raises(TypeError, match="expected a function"):
        propagate(3.0, 1.0, 1.0)
    with pytest.raises(TypeError, match="gave None"):
        propagate(lambda x: None, 1.0, 1.0)
    with pytest.raises(TypeError, match="not a real number"):
        propagate(lambda x: x, "a", 1.0)
