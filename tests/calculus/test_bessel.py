"""Bessel functions: their values and three derivatives where they are hard, and their ends."""

import math

import mpmath
import numpy as np
import pytest

import autograd
from autograd import Value
from tests.calculus.test_primitives import SPECIAL

mpmath.mp.dps = 60
FAR = [1e-300, 1e-8, 0.3, 1.99, 2.01, 9.0, 19.9, 20.1, 24.9, 25.1, 100.0, 700.0, 1e6]


def true_derivative(name, x, order):
    """By the recurrences in the order of the function, binomially: DLMF 10.6.7 and 10.29.5."""
    x = mpmath.mpf(x)
    if name in ("i0e", "i1e"):
        return SPECIAL[f"{name}_derivative"](order, x)
    kind, sign = (mpmath.besselj, -1) if name[0] == "j" else (mpmath.besseli, 1)
    orders = [int(name[1]) - order + 2 * k for k in range(order + 1)]
    mirrored = [sign**n if n < 0 else 1 for n in orders]
    terms = [sign**k * math.comb(order, k) * mirrored[k] * kind(abs(n), x) for k, n in enumerate(orders)]
    return sum(terms) / mpmath.mpf(2) ** order


@pytest.mark.parametrize("name", ["j0", "j1", "i0", "i1", "i0e", "i1e"])
@pytest.mark.parametrize("x", [*FAR, *[-x for x in FAR]])
def test_the_value_and_three_derivatives(name, x):
    leaf = Value(x)
    z = getattr(autograd, name)(leaf)
    size = mpmath.sqrt(2 / mpmath.pi / max(abs(x), 1))  # what an oscillation goes up to
    for order, most in ((0, 4e-15), (1, 2e-14), (2, 1e-12), (3, 1e-10)):
        true = true_derivative(name, x, order)
        if abs(true) > 1e308:
            assert z.data == math.copysign(math.inf, true)
        elif name[0] == "j" and abs(x) > 2:
            assert abs(z.data - true) <= 4e-15 * size, (order, z.data, mpmath.nstr(true, 20))
        else:
            assert abs(z.data - true) <= most * abs(true) + 1e-307, (order, z.data, mpmath.nstr(true, 20))
        z = autograd.grad(z, leaf, create_graph=True)


@pytest.mark.parametrize("order", [0, 1])
def test_beside_a_zero_of_j_an_error_is_of_the_last_digit_of_1(order):
    for k in (1, 2, 5, 8, 20, 200):
        x = float(mpmath.besseljzero(order, k))
        found = autograd.jv(order, x)
        assert abs(found - mpmath.besselj(order, mpmath.mpf(x))) <= 3e-16 / math.sqrt(1 + x / 10)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 20, 100, 999, -1, -2, -7])
@pytest.mark.parametrize("x", [1e-3, 1.5, 2.5, 30.0, 99.0, 101.0, 720.0, -3.0, -40.0])
def test_whole_orders(n, x):
    for name, kind, most in (("jv", mpmath.besselj, 1e-13), ("iv", mpmath.besseli, 1e-13)):
        true = kind(abs(n), mpmath.mpf(x)) * (-1 if name == "jv" and n < 0 and n % 2 else 1)
        found = getattr(autograd, name)(n, x)
        if abs(true) > 1e308:
            assert found == math.copysign(math.inf, true)
        elif name == "jv" and abs(x) > abs(n):
            assert abs(found - true) <= 1e-15
        elif abs(true) > 1e-290:
            assert abs(found - true) <= most * abs(true)
        else:
            assert abs(found) <= 1e-289


@pytest.mark.parametrize(("name", "x", "expected"), [
    ("j0", 0.0, (1.0, 0.0, -0.5, 0.0)), ("j1", 0.0, (0.0, 0.5, 0.0, -0.375)), ("i0", 0.0, (1.0, 0.0, 0.5, 0.0)),
    ("i1", 0.0, (0.0, 0.5, 0.0, 0.375)), ("i0e", 0.0, (1.0, 0.0, 1.5, 0.0)), ("i1e", 0.0, (0.0, 0.5, 0.0, 1.875)),
    ("j0", math.inf, (0.0, 0.0, 0.0, 0.0)), ("j1", -math.inf, (0.0, 0.0, 0.0, 0.0)), ("i0e", -math.inf, (0.0,) * 4),
    ("i1e", math.inf, (0.0,) * 4), ("i0", math.inf, (math.inf,) * 4), ("i1", math.inf, (math.inf,) * 4),
    ("i1", -math.inf, (-math.inf, math.inf, -math.inf, math.inf)), ("j1", math.nan, (math.nan,) * 4),
    ("i0e", math.nan, (math.nan,) * 4), ("i1", math.nan, (math.nan,) * 4), ("i0", 800.0, (math.inf,) * 4),
])  # fmt: skip
def test_ends(name, x, expected):
    leaf = Value(x)
    z = getattr(autograd, name)(leaf)
    for number in expected:
        assert np.array_equal(z.data, number, equal_nan=True)
        z = autograd.grad(z, leaf, create_graph=True) if not z.is_constant else z


@pytest.mark.parametrize(("name", "x"), [("j0", 1e300), ("j1", 1e300), ("i0e", 1e300), ("i1e", 1.7e308)])
def test_far_out_they_are_their_first_terms(name, x):
    with mpmath.workdps(400):
        X = mpmath.mpf(x)
        angle = mpmath.cos(X - mpmath.pi / 4 - (mpmath.pi / 2 if name == "j1" else 0))
        true = mpmath.sqrt(2 / (mpmath.pi * X)) * (angle if name[0] == "j" else mpmath.mpf(1) / 2)
    assert getattr(autograd, name)(x) == pytest.approx(float(true), rel=1e-14, abs=0.0)


def test_an_order_has_no_slope_and_is_whole():
    for function in (autograd.jv, autograd.iv, autograd.i0e_derivative, autograd.i1e_derivative):
        with pytest.raises(ValueError, match=r"order 2\.7: a whole number"):
            function(2.7, 1.5)
        n, x = Value(2.0), Value(1.5)
        z = function(n, x)
        assert z.data == function(2, 1.5)
        assert autograd.grad(z, [n, x])[0] == 0.0
        assert all(math.isnan(function(order, 1.5)) for order in (1001.0, math.nan, math.inf))
    assert SPECIAL["jv"](2, 1.5) == pytest.approx(autograd.jv(2, np.array([1.5]))[0], rel=1e-15)
