"""Rows of `special.py` where they are hard: far out, beside zeros and poles, at the third derivative; and operators."""

import math

import mpmath
import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.calculus import special
from tests.calculus.test_primitives import SPECIAL

mpmath.mp.dps = 60
FAR = {
    "lgamma": [1e-300, 1e-8, 0.9999999, 1.0000001, 2.0000001, 9.5, 30.0, 1e5, 1e15, 1e200, -0.5, -3.7, -20.2],
    "gamma": [1e-300, 1e-8, 0.3, 1.5, 9.99, 10.01, 50.5, 140.0, 170.5, -0.5, -3.7, -20.2],
    "digamma": [1e-300, 1e-8, 0.3, 1.4, 1.5, 9.99, 50.5, 1e8, 1e200, -0.5, -3.7, -20.2],
    "norm_pdf": [1e-300, 0.3, -5.0, 20.0, -37.0],
    "ndtr": [1e-300, 0.3, -0.99, -1.01, -5.0, 5.0, -20.0, -37.0],
    "log_ndtr": [1e-300, 0.3, -0.3, -0.99, -1.01, 5.0, -5.0, 20.0, -20.0, 37.0, -37.0, -300.0],
    "erfcx": [1e-300, 0.3, -0.3, 0.49, 0.51, 3.0, -3.0, 9.99, 10.01, -20.0, 300.0],
    "erfinv": [1e-300, 1e-8, 0.3, -0.49, 0.51, -0.999, 1.0 - 2.0**-50],
    "ndtri": [1e-290, 1e-100, 1e-8, 0.24, 0.26, 0.4, 0.6, 0.74, 0.76, 0.999, 1.0 - 2.0**-50],
    "logit": [1e-100, 1e-8, 0.24, 0.26, 0.4999999, 0.7, 0.999, 1.0 - 2.0**-50],
    "sinc": [1e-300, 1e-8, 0.3, 0.32, 1.0000001, 2.5, -7.3, 100.25],
}


def derivative(f, x, order):
    """In 60 digits, from differences so close that they leave more than a double's."""
    beyond = 0.0
    if abs(f(mpmath.mpf(x))) < 10:  # no pole is near: what is even or odd has its slopes so far below it
        beyond = max(-math.log10(abs(x)), 0.0)
    with mpmath.workdps(400 + int((40 + beyond) * order + beyond)):
        x = mpmath.mpf(x)
        h = abs(x) * mpmath.mpf(10) ** -40
        points = {1: [(1, 1), (-1, -1)], 2: [(1, 1), (0, -2), (-1, 1)], 3: [(2, 1), (1, -2), (-1, 2), (-2, -1)]}[order]
        return sum(weight * f(x + k * h) for k, weight in points) / ({1: 2, 2: 1, 3: 2}[order] * h**order)


def far_derivative(name, x, order):
    """Where what is known is more than the function, that."""
    if name == "erfcx":
        return SPECIAL["erfcx_derivative"](order, mpmath.mpf(x))
    if name == "sinc":
        return SPECIAL["sinc_derivative"](order, mpmath.mpf(x))
    if name in ("lgamma", "digamma"):
        return mpmath.psi(order - (name == "lgamma"), mpmath.mpf(x))
    return derivative(SPECIAL[name], x, order)


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, xs in FAR.items() for x in xs])
def test_three_orders_far_out_and_beside_zeros(name, x):
    leaf = Value(x)
    z = getattr(autograd, name)(leaf)
    true = SPECIAL[name](mpmath.mpf(x))
    assert abs(z.data - true) <= 1e-13 * abs(true) + 1e-320
    for order, most in ((1, 1e-12), (2, 1e-12), (3, 1e-10)):
        z = autograd.grad(z, leaf, create_graph=True)
        true = far_derivative(name, x, order)
        if abs(true) > 1e308:
            assert z.data == math.copysign(math.inf, true)
        elif abs(true) > 1e-300:
            assert abs(z.data - true) <= most * abs(true), (order, z.data, mpmath.nstr(true, 20))


@pytest.mark.parametrize(("x", "y"), [(1e10, 0.5), (0.5, 1e10), (1e8, 1e8), (3.0, 1e-9), (1e-9, 2.0), (12.0, 40.0)])
def test_betaln_where_its_terms_cancel(x, y):
    v, w = Value(x), Value(y)
    z = autograd.betaln(v, w)
    with mpmath.workdps(90):
        exactly = SPECIAL["betaln"](mpmath.mpf(x), mpmath.mpf(y))
        slopes = [mpmath.psi(0, mpmath.mpf(t)) - mpmath.psi(0, mpmath.mpf(x) + y) for t in (x, y)]
        bend = mpmath.psi(1, mpmath.mpf(x)) - mpmath.psi(1, mpmath.mpf(x) + y)
    assert abs(z.data - exactly) <= 1e-14 * abs(exactly)
    first = autograd.grad(z, [v, w], create_graph=True)
    for found, true in zip(first, slopes, strict=True):
        assert abs(found.data - true) <= 1e-12 * abs(true)
    assert abs(autograd.grad(first[0], v) - bend) <= 1e-12 * abs(bend)


@pytest.mark.parametrize("n", [1, 2, 5, 10, 30, 100, 200])
@pytest.mark.parametrize("x", [0.01, 0.7, 4.0, 25.0, 1000.0, -0.3, -7.6])
def test_polygamma_of_high_orders(n, x):
    true = mpmath.psi(n, mpmath.mpf(x))
    found = autograd.polygamma(n, x)
    if abs(true) > 1e308:
        assert found == math.copysign(math.inf, true)
    elif abs(true) > 1e-300:
        assert abs(found - true) <= 1e-12 * abs(true)


def test_an_order_is_whole_and_has_no_slope():
    n, x = Value(1.0), Value(2.0)
    z = autograd.polygamma(n, x)
    assert z.data == autograd.polygamma(1, 2.0)
    assert autograd.grad(z, [n, x]) == [0.0, autograd.polygamma(2, 2.0)]
    for function in (autograd.polygamma, autograd.erfcx_derivative, autograd.sinc_derivative):
        for order in (math.nan, math.inf):
            assert math.isnan(function(order, 2.0))
        for order in (-1, -1.0, 1.5, np.float64(0.5)):
            for x in (2.0, Value(2.0), np.array([1.0, 2.0])):
                with pytest.raises(ValueError, match=rf"{function.__name__}: order .*: a whole number from 0 on"):
                    function(order, x)
        assert np.isnan(function(np.array([1.5, -1.0]), 2.0)).all()
    assert autograd.jv(-1, 2.0) == -autograd.jv(1, 2.0)
    with pytest.raises(ValueError, match=r"jv: order 0\.5: a whole number$"):
        autograd.jv(0.5, 2.0)
    assert math.isnan(autograd.sinc_derivative(101, 2.0))
    assert autograd.polygamma(1, np.array([1.0, 2.0])) == pytest.approx([math.pi**2 / 6, math.pi**2 / 6 - 1])


@pytest.mark.parametrize(("name", "x", "expected"), [
    ("lgamma", 0.0, math.inf), ("lgamma", -3.0, math.inf), ("lgamma", -math.inf, math.inf), ("gamma", 0.0, math.inf),
    ("gamma", -0.0, -math.inf), ("gamma", -2.0, math.nan), ("gamma", 171.7, math.inf), ("gamma", -200.5, -0.0),
    ("digamma", 0.0, -math.inf), ("digamma", -1.0, math.nan), ("erfinv", 1.0, math.inf), ("erfinv", 1.1, math.nan),
    ("ndtri", 0.0, -math.inf), ("ndtri", 1.0, math.inf), ("ndtri", -0.1, math.nan), ("log_ndtr", -math.inf, -math.inf),
    ("log_ndtr", -1e200, -math.inf), ("erfcx", math.inf, 0.0), ("erfcx", -30.0, math.inf), ("sinc", math.inf, 0.0),
    ("logit", 0.0, -math.inf), ("logit", 1.0, math.inf), ("logit", 2.0, math.nan),
])  # fmt: skip
def test_poles_and_ends(name, x, expected):
    found = getattr(autograd, name)(x)
    assert np.array_equal(found, expected, equal_nan=True)
    assert np.array_equal(getattr(autograd, name)(Value(x)).data, expected, equal_nan=True)


def test_slopes_at_the_ends_are_the_limits():
    for function, x, expected in [
        (autograd.log_ndtr, -math.inf, (math.inf, -1.0)), (autograd.log_ndtr, math.inf, (0.0, 0.0)),
        (autograd.ndtr, math.inf, (0.0, 0.0)), (autograd.ndtri, 0.0, (math.inf, -math.inf)),
        (autograd.erfinv, 1.0, (math.inf, math.inf)), (autograd.sinc, 0.0, (0.0, -(math.pi**2) / 3)),
    ]:  # fmt: skip
        v = Value(x)
        first = autograd.grad(function(v), v, create_graph=True)
        assert (first.data, autograd.grad(first, v)) == pytest.approx(expected, rel=1e-14)


def test_xlogy_is_nothing_where_x_is():
    for y in (0.0, 3.0, math.inf, -1.0):
        assert autograd.xlogy(0.0, y) == autograd.xlog1py(0.0, y) == 0.0
    assert math.isnan(autograd.xlogy(0.0, math.nan))
    p, q = Value(0.0), Value(0.0)
    autograd.xlogy(p, q).backward()
    assert (p.grad, q.grad) == (-math.inf, 0.0)
    p, q = Value(0.0), Value(3.0)
    along = autograd.grad(autograd.xlogy(p, q), q, create_graph=True)
    assert (along.data, autograd.grad(along, p)) == (0.0, 1.0 / 3.0)


NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.3, -7.5, 1e-310, 5e300, -5e300, 3.0, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("x", NUMBERS)
@pytest.mark.parametrize("y", NUMBERS)
def test_whole_and_remainder_are_pythons(x, y):
    with np.errstate(all="ignore"):
        expected = (np.floor_divide(x, y), np.remainder(x, y), np.fmod(x, y), np.copysign(x, y))
    found = (Value(x) // y, x % Value(y), autograd.fmod(Value(x), y), np.copysign(Value(x), y))
    for a, b in zip(found, expected, strict=True):
        assert np.array_equal(a.data, b, equal_nan=True)
        assert math.isnan(b) or math.copysign(1.0, a.data) == math.copysign(1.0, b), (x, y)
    if y and not math.isinf(x):
        assert np.array_equal([a.data for a in divmod(Value(x), y)], divmod(x, y), equal_nan=True)


def test_a_nan_has_no_sign():
    """That of sqrt(-1.0) is set on some machines, and on others not."""
    for size in (2.0, -2.0, -0.0, math.nan):
        for bare in (math.nan, -math.nan, math.copysign(math.nan, -1.0)):
            column = np.full(70, bare)
            found = [
                autograd.copysign(size, bare),
                Value(size).copysign(bare).data,
                np.copysign(Value(size), bare).data,
            ]
            found += [Value(size).copysign(Value(-1.0).sqrt()).data, Value(size).copysign(Value(-1.0) ** 0.5).data]
            for backend in ("lanes", "c"):
                signed = autograd.compile(autograd.copysign, in_axes=(None, 0), backend=backend)
                found += signed.value_and_grad(size, column)[0].tolist()
            for x in found:
                assert math.isnan(size) if math.isnan(x) else (x, math.copysign(1.0, x)) == (abs(size), 1.0)
            assert len(found) == 5 + 2 * 70


def test_slopes_of_remainders_and_of_whole_numbers():
    x, y = Value(-7.5), Value(2.0)
    for z, slopes in [(x % y, (1.0, 4.0)), (autograd.fmod(x, y), (1.0, 3.0)), (x // y, (0.0, 0.0)),
                      (divmod(x, y)[1], (1.0, 4.0)), (np.divmod(x, 2.0)[1], (1.0, 0.0)), (round(x), (0.0, 0.0)),
                      (np.copysign(x, y), (-1.0, 0.0)), (np.degrees(x), (180 / math.pi, 0.0))]:  # fmt: skip
        assert autograd.grad(z, [x, y], allow_unused=True) == pytest.approx(slopes)
    assert divmod(9, Value(2.0))[0].data == 4.0
    assert data(np.array([x, y]) % 2.0) == [0.5, 0.0]
    assert data(np.array([x, y]) // 2.0) == [-4.0, 1.0]
    assert data(np.degrees(np.array([x, y]))) == pytest.approx(np.degrees([-7.5, 2.0]))
    assert data(np.rint(np.array([x, y]))) == data(np.trunc(np.array([x - 0.5, y]))) == [-8.0, 2.0]
    with pytest.raises(TypeError):
        divmod(x, "a")


def data(values):
    return [v.data for v in values]


def test_they_are_recorded():
    f = autograd.compile(lambda x, y: x % y + (x // y) * round(x, 1) + autograd.lgamma(y) * autograd.log_ndtr(x))
    for x, y in [(7.3, 2.0), (-7.3, 2.0), (0.26, 5.5)]:
        v, w = Value(x), Value(y)
        z = v % w + (v // w) * round(v, 1) + autograd.lgamma(w) * autograd.log_ndtr(v)
        z.backward()
        value, slopes = f.value_and_grad(x, y, argnums=(0, 1))
        assert (value, *slopes) == (z.data, v.grad, w.grad)


def test_every_row_is_written_and_pickled():
    import pickle

    for name in special.__all__:
        row = getattr(special, name)
        assert pickle.loads(pickle.dumps(row)) is row


def higher(f, x, order):
    """The derivative of this order at a number."""
    leaf = Value(x)
    z = f(leaf)
    for _ in range(order):
        z = autograd.grad(z, leaf, create_graph=True)
    return z.data


@pytest.mark.parametrize(("name", "x", "order", "expected"), [
    ("tanh", 1e-300, 2, -2e-300), ("tanh", 1e-10, 2, -2e-10), ("tanh", 1e-10, 3, -2.0), ("sigmoid", 1e-8, 2, -1.25e-9),
    ("sigmoid", 1e-300, 2, -1.25e-301), ("softplus", 1e-8, 3, -1.25e-9), ("asin", 1e-10, 2, 1e-10),
    ("acos", 1e-300, 2, -1e-300), ("acos", 1e-10, 2, -1e-10), ("atanh", 1e-10, 2, 2e-10), ("asin", 1e-300, 2, 1e-300),
    ("atan", 1e100, 1, 1e-200), ("atan", 1e100, 2, -2e-300), ("atan", 1e-300, 2, -2e-300), ("atan", 1e70, 3, 6e-280),
    ("cbrt", 1e-300, 1, 1e200 / 3), ("cbrt", 1e-300, 2, -math.inf), ("cbrt", 1e-300, 3, math.inf),
    ("cbrt", 1e-100, 2, -2 / 9 * 1e-100 ** (-5 / 3)), ("cbrt", 0.0, 1, math.inf),
])  # fmt: skip
def test_higher_orders_beside_their_zeros_and_far_out(name, x, order, expected):
    assert higher(getattr(autograd, name), x, order) == pytest.approx(expected, rel=1e-12, abs=0.0)


@pytest.mark.parametrize(("x", "y"), [(3.0, 4.0), (1.0, 1e-9), (1e-9, 1.0), (1e200, 1e150), (1e-200, 1e-190)])
def test_second_derivatives_of_hypot(x, y):
    v, w = Value(x), Value(y)
    first = autograd.grad(autograd.hypot(v, w), [v, w], create_graph=True)
    bends = [*autograd.grad(first[0], [v, w]), autograd.grad(first[1], w)]
    a, b = mpmath.mpf(x), mpmath.mpf(y)
    true = [b * b / mpmath.hypot(a, b) ** 3, -a * b / mpmath.hypot(a, b) ** 3, a * a / mpmath.hypot(a, b) ** 3]
    assert bends == pytest.approx([float(t) for t in true], rel=1e-12, abs=0.0)
