"""Roots of any size: each is right relative to itself, or an error says that it was not found."""

import math

import mpmath
import numpy as np
import pytest

import autograd
from autograd import Value, compile, exp, fixed_point, grad, log, root, sin

SIZES = [1e-300, 1e-200, 1e-100, 1e-26, 1e-15, 1e-10, 1e-3, 1.0, 1e7, 1e100, 1e150, 1e300]
MODEST = [1e-90, 1e-30, 1e-12, 1e-4, 1.0, 1e9, 1e70]  # whose third derivatives are numbers, too


def root_of_square(a, x0=1.0):
    return root(lambda x, a: x * x - a, x0, a)


@pytest.mark.parametrize("size", SIZES)
def test_a_root_is_right_relative_to_itself(size):
    for x0 in (1.0, 1e-10, 1e10):
        assert root_of_square(size, x0) == pytest.approx(math.sqrt(size), rel=1e-14, abs=0.0)
    assert root(lambda x, a: exp(x / a) - 2.0, 0.0, size) == pytest.approx(size * math.log(2.0), rel=1e-12, abs=0.0)
    assert fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, size) == pytest.approx(math.sqrt(size), rel=1e-14, abs=0.0)
    assert root(lambda x: x**3 - size, 1.0, bracket=(0.0, 1e101)) == pytest.approx(
        float(mpmath.cbrt(size)), rel=1e-14, abs=0.0
    )


@pytest.mark.parametrize("a", MODEST)
def test_so_are_its_derivatives(a):
    expected = [0.5 / math.sqrt(a), -0.25 / math.sqrt(a) / a, 0.375 / math.sqrt(a) / a / a]
    for found in (root_of_square, compile(root_of_square)):
        f = found
        for slope in expected:
            f = grad(f)
            assert f(a) == pytest.approx(slope, rel=1e-9, abs=0.0)


def test_of_a_batch_each_row():
    a = np.array([1e-60, 1e-26, 1e-10, 1.0, 1e7, 1e30] * 12)
    f = compile(root_of_square, in_axes=0)
    np.testing.assert_allclose(f(a), np.sqrt(a), rtol=1e-14)
    np.testing.assert_allclose(f.grad(a), 0.5 / np.sqrt(a), rtol=1e-13)
    cube = compile(lambda a: root(lambda x: x**3 - a, 1.0, bracket=(0.0, 1e101)), in_axes=0)
    np.testing.assert_allclose(cube(a), np.cbrt(a), rtol=1e-13)


def test_of_a_system_each_number():
    def system(v, a):
        return [v[0] ** 2 - a, sin(v[1]) + exp(v[1]) * v[2] - 2.0, v[2] - 1.0 + v[0]]

    for a in (1e-40, 1e-200, 1e-6, 0.04):
        first, second, third = root(system, [1.0, 0.3, 0.5], a)
        assert first == pytest.approx(math.sqrt(a), rel=1e-13, abs=0.0)
        assert math.sin(second) + math.exp(second) * third == pytest.approx(2.0, rel=1e-14)
        assert grad(lambda a: root(system, [1.0, 0.3, 0.5], a)[0])(a) == pytest.approx(0.5 / math.sqrt(a), rel=1e-12)
    found = root(lambda v: [v[0] ** 2 - 1e-40, sin(v[1] + math.pi)], [1.0, 0.3])
    assert found[0] == pytest.approx(1e-20, rel=1e-13, abs=0.0)
    assert abs(found[1]) < 1e-15


ZERO = [
    (lambda x: x, 0.0), (sin, 0.0), (lambda x: x * (1.0 + x), 0.0), (lambda x: x**2, 1e-150), (lambda x: x**3, 1e-100),
    (lambda x: exp(x) - 1.0, 1e-15), (lambda x: sin(x + math.pi), 1e-15), (lambda x: (x + 1e5) - 1e5, 1e-11),
    (lambda x: autograd.sum([1e5, x, -1e5]), 1e-11), (lambda x: autograd.dot([1e3, x, -1e3], [7.0, 1.0, 7.0]), 1e-11),
]  # fmt: skip


@pytest.mark.parametrize(("f", "slack"), ZERO)
def test_the_root_zero_is_found_as_far_as_rounding_lets_it(f, slack):
    assert abs(root(f, 0.4)) <= slack
    assert abs(compile(lambda x: root(f, x))(0.4)) <= slack
    assert abs(root(f, 0.4, bracket=(-0.3, 1.0)) if f(0.1) * f(-0.1) < 0.0 else 0.0) <= slack


NONE = [
    lambda x: x * x + 1e-20, lambda x: x * x + 1e-200, lambda x: 1.0 + x * x * 1e-30, exp, lambda x: exp(-x * x),
    lambda x: 1.0 / x,
]  # fmt: skip


@pytest.mark.parametrize("f", NONE)
def test_what_has_no_root_is_refused_at_any_size(f):
    """Also where it underflows to 0, far out."""
    for search in (lambda x: root(f, x), compile(lambda x: root(f, x))):
        for x0 in (0.7, -740.0 if f is exp else 20.0):
            with pytest.raises(ValueError, match="begin elsewhere"):
                search(x0)


@pytest.mark.parametrize(
    ("f", "bracket", "message"),
    [
        (lambda x: x - 1.0, (-math.inf, math.inf), "finite numbers"),
        (lambda x: x - 1.0, (0.0, math.inf), "finite numbers"),
        (lambda x: x - 1.0, (math.nan, 2.0), "finite numbers"),
        (lambda x: x - 1.0, (3.0, 3.0), "no change of sign"),
        (lambda x: x * 1e-200, (1.0, 3.0), "no change of sign"),  # whose product is 0
        (log, (-1.0, 3.0), "no change of sign"),
        (lambda x: 1.0 / (x - 0.3), (-1.0, 2.0), "no root|does not move"),
    ],
)
def test_brackets_that_hold_no_root(f, bracket, message):
    for found in (lambda x: root(f, x, bracket=bracket), compile(lambda x: root(f, x, bracket=bracket))):
        with pytest.raises(ValueError, match=message):
            found(0.5)


@pytest.mark.parametrize(
    ("x", "bracket"),
    [
        (1.0, (3.0, -7.0)),
        (1.0, (1.0, 1.0)),
        (1e-250, (-1e308, 1.5e308)),
        (-1e250, (-1e308, 1.5e308)),
        (1e308, (9e307, 1.7e308)),
    ],
)
def test_brackets_reversed_equal_and_wide(x, bracket):
    assert root(lambda y, a: y - a, 0.0, x, bracket=bracket) == x
    assert compile(lambda a: root(lambda y, a: y - a, 0.0, a, bracket=bracket))(x) == x
    a = Value(x)
    assert grad(root(lambda y, a: y - a, 0.0, a, bracket=bracket), a) == 1.0
