"""Functions of a few numbers that are made of rows, against NumPy."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value


@pytest.mark.parametrize("x", [0.0, -0.4, 0.5, 1.5, 2.5, -1234.5678, 1e15, 1e22, -1e300, 5e-324, math.inf, math.nan])
@pytest.mark.parametrize("digits", [0, 1, 3, -2, 20])
def test_round_is_numpys(x, digits):
    v = Value(x)
    z = autograd.round(v, digits)
    with np.errstate(all="ignore"):
        expected = float(np.round(x, digits))
    if not math.isfinite(expected):  # scaled up, it is too large for NumPy
        expected = x
    assert z.data == pytest.approx(expected, rel=1e-15, nan_ok=True)
    assert round(v, digits).data == pytest.approx(z.data, nan_ok=True)
    assert autograd.round(x, digits) == pytest.approx(z.data, nan_ok=True)
    z.backward()
    assert v.grad == 0.0


def test_round_takes_an_int():
    with pytest.raises(TypeError):
        autograd.round(1.0, 0.5)
    with pytest.raises(TypeError):
        round(Value(1.0), 0.5)


def test_clip():
    for x, slopes in [(-2.0, (0.0, 1.0, 0.0)), (-1.0, (1.0, 0.0, 0.0)), (0.3, (1.0, 0.0, 0.0)), (2.0, (0.0, 0.0, 1.0))]:
        v, low, high = Value(x), Value(-1.0), Value(1.0)
        z = autograd.clip(v, low, high)
        assert z.data == np.clip(x, -1.0, 1.0)
        assert tuple(autograd.grad(z, [v, low, high])) == slopes
    assert math.isnan(autograd.clip(math.nan, 0.0, 1.0))
    assert autograd.clip(np.array([-2.0, 0.5]), 0.0).tolist() == [0.0, 0.5]


@pytest.mark.parametrize("x", [0.0, 1.0, 1.00001, -5.0, 1e300, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("y", [1.0, 0.0, math.inf, math.nan])
def test_conditions_are_numpys(x, y):
    assert autograd.isclose(x, y) == autograd.isclose(Value(x), y).data == float(np.isclose(x, y))
    assert autograd.isnan(Value(x)).data == float(np.isnan(x))
    assert autograd.isfinite(Value(x)).data == float(np.isfinite(x))
    for ufunc in (np.isnan, np.isfinite, np.isinf):
        assert ufunc(Value(x)) is bool(ufunc(x))


def test_a_condition_is_recorded():
    f = autograd.compile(lambda x: autograd.where(autograd.isfinite(x / x), x, 7.0), in_axes=0)
    assert f(np.array([0.0, 2.0])).tolist() == [7.0, 2.0]
    branching = autograd.compile(lambda x: -x if np.isnan(x) else x * 2.0)
    assert branching(3.0) == 6.0
    assert math.isnan(branching(math.nan))


@pytest.mark.parametrize(
    ("x", "y"), [(0.0, 1.0), (1000.0, 1000.5), (-math.inf, 3.0), (-math.inf, -math.inf), (0.0, -50.0)]
)
def test_logaddexp(x, y):
    v, w = Value(x), Value(y)
    for z in (autograd.logaddexp(v, w), np.logaddexp(v, w)):
        assert z.data == pytest.approx(np.logaddexp(x, y), rel=1e-15)
    slopes = autograd.grad(autograd.logaddexp(v, w), [v, w])
    assert sum(slopes) == (0.0 if x == y == -math.inf else pytest.approx(1.0))


@pytest.mark.parametrize("x", [-1000.0, -30.0, 0.0, 3.0, 40.0, 800.0])
def test_log_sigmoid(x):
    v = Value(x)
    z = autograd.log_sigmoid(v)
    assert z.data == pytest.approx(-np.logaddexp(0.0, -x), rel=1e-15)
    z.backward()
    assert v.grad == pytest.approx(autograd.expit(-x), rel=1e-15)
