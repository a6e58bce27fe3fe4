"""Differences find slopes where numbers are small or waves are short, and say how far off they may be."""

import math

import numpy as np
import pytest

import autograd
from autograd import gradcheck
from autograd.checks.differences import slope


@pytest.mark.parametrize("quickness", [10.0**k for k in range(7)])
def test_waves_that_are_shorter_than_steps_are_no_false_alarm(quickness):
    """Steps that fall by 2 from a power of 10 come to lie one period of a sine apart, nearly, and then all agree."""
    found = slope(lambda t: np.array([math.sin(quickness * (1.0 + t))]))
    assert abs(found.value[0] - quickness * math.cos(quickness)) <= 1e-6 * quickness + found.error[0]
    assert found.error[0] < 1e-4 * quickness
    assert gradcheck(lambda x: autograd.sin(quickness * x), 1.0)
    assert gradcheck(autograd.sin, quickness)


@pytest.mark.parametrize("size", [1e-3, 1e-6, 1e-8, 1e-12, 1e-100])
@pytest.mark.parametrize(
    "function", [autograd.log, autograd.sqrt, lambda x: 1.0 / x, lambda x: autograd.norm([x, 2.0 * x]), abs]
)
def test_small_arguments_are_moved_by_less(function, size):
    assert gradcheck(function, size)


@pytest.mark.parametrize("size", [1e-3, 1e-8, 1e-12])
@pytest.mark.parametrize("factor", [-1.0, 1.001])
def test_of_small_arguments_wrong_slopes_are_found(size, factor):
    wrong = autograd.primitive(math.log, partials=[lambda x, z: factor / x], name="wrong_log")
    with pytest.raises(autograd.GradcheckError, match="rule of wrong_log"):
        gradcheck(wrong, size)


def test_functions_that_do_not_care_how_small_a_number_is_are_moved_by_more():
    for size in (1e-9, 1e-15, 1e-300, 0.0):
        found = slope(lambda t, x=1.0 + size: np.array([math.sin(x + t), 3.0]), 1e-3, size)
        assert abs(found.value[0] - math.cos(1.0 + size)) < 1e-11
        assert found.value[1] == 0.0
        assert found.error.max() < 1e-9


def test_where_a_function_raises_nothing_is_known():
    found = slope(lambda t: np.array([math.log(1e-6 + t)]), 1e-3, 1e-6)
    assert abs(found.value[0] - 1e6) < 1e-3
    found = slope(lambda t: np.array([math.sqrt(t)]))
    assert math.isnan(found.value[0])
    assert math.isinf(found.error[0])
    with pytest.raises(ValueError, match="math domain error"):
        slope(lambda t: np.array([math.sqrt(-1.0 + t)]))


@pytest.mark.parametrize("quickness", [1e7, 3e7, 1e8])
def test_of_waves_shorter_still_shorter_steps_are_tried(quickness):
    assert gradcheck(lambda x: autograd.sin(quickness * x), 1.0)
    wrong = autograd.primitive(math.sin, partials=[lambda x, z: -autograd.cos(x)], name="wrong_sin")
    with pytest.raises(autograd.GradcheckError, match="rule of wrong_sin"):
        gradcheck(lambda x: wrong(quickness * x), 1.0)


@pytest.mark.parametrize(
    ("function", "x"),
    [(autograd.cbrt, 0.0), (autograd.sqrt, 0.0), (autograd.log, 1e-300), (lambda x: 1.0 / x, 1e-200)],
)
def test_an_infinite_slope_is_no_error_where_differences_find_no_number(function, x):
    assert "unsure" in str(gradcheck(function, x))
    wrong = autograd.primitive(lambda x: 2.0 * x, partials=[lambda x, z: x * math.inf])
    with pytest.raises(autograd.GradcheckError):
        gradcheck(wrong, 1.0)
