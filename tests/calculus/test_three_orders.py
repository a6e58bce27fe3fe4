"""Value and three derivatives of each elementary row, at ordinary points and at extreme ones, against mpmath."""

import math
from functools import partial

import mpmath
import pytest

import autograd
from autograd import Value
from autograd.calculus import special
from tests.calculus.test_primitives import SMOOTH, exact, points

EXTREME = [1e-300, 1e-150, 1e-20, 1e-8, 1e-3, 0.5, 1.0, 2.5, 20.0, 700.0, 1e5, 1e8, 1e16, 1e100, 1e300]
TO_A_MILLION = {"sin", "cos", "tan", "erfc"}  # beyond, mpmath has no digit of an angle, or no number small enough
ROWS = [row for row in SMOOTH if not hasattr(special, row.name)]


def derivatives(f, x):
    """f and its first four derivatives, by differences so close that 20 digits and more are left."""
    size = abs(math.log10(abs(x))) if x else 0.0
    with mpmath.workdps(60 + int((25 + (2 * size if size > 20 else 3)) * 4)):
        exactly = mpmath.mpf(x)
        h = abs(exactly) * mpmath.mpf(10) ** -25
        a, b, c, d, e = (f(exactly + k * h) for k in range(-2, 3))
        return [
            c,
            (d - b) / (2 * h),
            (d - 2 * c + b) / h**2,
            (e - 2 * d + 2 * b - a) / (2 * h**3),
            (e - 4 * d + 6 * c - 4 * b + a) / h**4,
        ]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_three_orders_at_ordinary_and_at_extreme_points(row):
    f, some, looked_at = exact(row), points(row, 5), 0
    for j, (low, high) in enumerate(row.domain):
        far = [x * sign for x in EXTREME for sign in (1.0, -1.0)]
        if row.domain != ((-3.0, 3.0),) * len(row.domain):
            far = [x for x in far if low <= x <= (math.inf if high > 1.0 else high)]
        if row.ordered and j == 0:
            far = []
        if row.name in TO_A_MILLION:
            far = [x for x in far if abs(x) < 1e6]
        for operands in [*some, *([*some[0][:j], x, *some[0][j + 1 :]] for x in far)]:
            before, after = map(mpmath.mpf, operands[:j]), map(mpmath.mpf, operands[j + 1 :])
            true = derivatives(partial(along, f, [*before], [*after]), operands[j])
            leaves = [Value(x) for x in operands]
            found = row(*leaves)
            for order, most in enumerate((1e-12, 1e-12, 1e-12, 1e-10)):
                if order:
                    found = autograd.grad(found, leaves[j], create_graph=True)
                looked_at += agrees(found.data, true, order, operands[j], most)
    assert looked_at > 30


def along(f, before, after, x):
    """f with all its operands but one."""
    return f(*before, x, *after)


def agrees(found, true, order, x, most):
    """Assert that a derivative is what it is, where it is well conditioned; whether it was."""
    wanted, size = true[order], max(abs(true[k] / mpmath.mpf(x) ** (order - k)) for k in range(order + 1))
    if abs(wanted) > 1e309:
        assert abs(found) == math.inf, (x, order)
    elif abs(wanted) < 1e-25 * size or abs(wanted) < 1e-290:  # 0, or so small that the differences cannot tell
        assert abs(found) <= 1e-12 * size + 1e-280, (x, order)
    elif abs(wanted) < 1e300 and abs(x * true[order + 1]) < 100 * abs(wanted):
        assert abs(found - wanted) <= most * abs(wanted), (x, order, found, mpmath.nstr(wanted, 20))
        return True
    return False
