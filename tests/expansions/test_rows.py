"""Taylor coefficients of every row of the table against mpmath. A new row is tested without a new test."""

import math
import random

import mpmath
import numpy as np
import pytest

from autograd import Value, grad, logsumexp, norm, taylor
from autograd.calculus.table import TABLE
from tests.calculus.test_primitives import FIXED, exact, names
from tests.random_graphs import EDGES
from tests.sizes import part

ORDER = 12
SLOW = {
    "beta",
    "betaln",
    "gamma",
    "lgamma",
    "digamma",
    "polygamma",
    "polygamma_rise",
    "sinc",
    "sinc_derivative",
    "ndtri",
    "erfinv",
}
"""Of these mpmath takes seconds in so many digits: fewer coefficients, at one point."""
LOOSE = {"log_ndtr": 2e-11}
"""Written as a difference in the lower tail, whose slopes cancel there."""


def places_of(row, n):
    """Operands well inside the row's domain, and a direction."""
    rng = random.Random(row.name)
    for _ in range(n):
        at = row.inside([rng.uniform(0.2, 0.8) for _ in row.domain])
        to = [rng.choice([1.0, -0.5, 0.75]) for _ in at]
        if row.ordered:
            to[0] = 0.0
        yield at, to


@pytest.mark.parametrize("row", FIXED, ids=names(FIXED))
def test_coefficients_are_mpmaths(row):
    slow = row.name in SLOW
    order = 5 if slow else ORDER
    for at, to in places_of(row, 1 if slow else len(part(range(3)))):
        found = taylor(lambda xs: row(*xs), at, order, direction=to)
        if row.name == "detach":
            assert found[1:] == [0.0] * order
            continue
        with mpmath.workdps(30 if slow else 60):
            f = exact(row)
            along = lambda t, at=at, to=to, f=f: f(*[x + t * d for x, d in zip(at, to, strict=True)])  # noqa: E731
            expected = mpmath.taylor(along, mpmath.mpf(0), order)
        for a, b in zip(found, expected, strict=True):
            assert abs(a - b) <= LOOSE.get(row.name, 1e-12) * abs(b) + 1e-25, f"{at} along {to}: {found} {expected}"


@pytest.mark.parametrize("order", [20])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda x: (x * x).sin() * x.exp(), lambda x: mpmath.sin(x * x) * mpmath.exp(x)),
        (lambda x: (1.0 + x.tanh()).log() / x, lambda x: mpmath.log(1 + mpmath.tanh(x)) / x),
        (lambda x: x.atan() ** 3 + x**x, lambda x: mpmath.atan(x) ** 3 + x**x),
        (
            lambda x: (x.sqrt() + 1.0).erf() * x.sigmoid(),
            lambda x: mpmath.erf(mpmath.sqrt(x) + 1) / (1 + mpmath.exp(-x)),
        ),
        (lambda x: norm([x, 2.0, x * x]), lambda x: mpmath.sqrt(x**2 + 4 + x**4)),
        (lambda x: logsumexp([x, 1.0, -x]), lambda x: mpmath.log(mpmath.exp(x) + mpmath.e + mpmath.exp(-x))),
    ],
)
def test_what_is_made_of_rows(ours, theirs, order):
    found = taylor(ours, 0.75, order)
    with mpmath.workdps(60):
        expected = mpmath.taylor(theirs, mpmath.mpf(0.75), order)
    scale = max(abs(b) * mpmath.mpf(0.5) ** k for k, b in enumerate(expected))
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        assert abs(a - b) <= 1e-12 * max(abs(b), scale * mpmath.mpf(2) ** k * 1e-3)


@pytest.mark.parametrize("row", TABLE, ids=names(TABLE))
def test_at_the_edges_as_nested_gradients_unless_these_are_nan(row):
    rng = random.Random(row.name)
    count = len(row.partials) or 4
    for _ in range(12):
        xs, i = [rng.choice(EDGES) for _ in range(count)], rng.randrange(count)
        f = lambda x, xs=xs, i=i: row(*[x if j == i else Value(v) for j, v in enumerate(xs)])  # noqa: E731
        found, over_values = taylor(f, xs[i], 2), [c.data for c in taylor(f, Value(xs[i]), 2)]
        assert np.array_equal(found, over_values, equal_nan=True)
        expected = [f(Value(xs[i])).data, grad(f)(xs[i]), grad(grad(f))(xs[i]) / 2.0]
        for a, b in zip(found, expected, strict=True):
            assert a == pytest.approx(b, rel=1e-9, abs=0.0) or math.isnan(b), f"{xs} by operand {i}: {found} {expected}"
