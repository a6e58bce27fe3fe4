"""Second derivatives at edges: each way to them gives the same numbers, and the right ones; forward mode overflows
nowhere where reverse mode does not."""

import math
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, grad, hessian, hvp, jvp, laplacian, taylor, topological_order
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from tests.sizes import part, some

INF = math.inf
EXTREME = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-300, INF, -INF, 1e300, -1e-300, 745.0, 5e-324]
EPSILON = 2.0**-52
ROWS = [row for row in TABLE if row.name not in ("where", "detach") and not row.selects]
UNDERFLOWS = ("pow_curvature", "pow_log", "pow_log_squared", "pow_mixed", "pow_slope")
"""At 1e-300 these are made of powers that have become 0, and so have lost their digits."""


def hessians(f, x):
    """The second derivatives of a function of some numbers, in each way."""
    n = len(x)
    all_of_them = tuple(range(n))
    along = [tuple(1.0 if i == k else None for i in range(n)) for k in range(n)]
    slope = lambda k: lambda *xs: grad(f, all_of_them)(*xs)[k]  # noqa: E731
    moved = lambda k: lambda *xs: jvp(f, xs, along[k])[1]  # noqa: E731
    found = {
        "hessian": np.array(hessian(f, all_of_them)(*x)),
        "hvp": [hvp(f, x, along[k], all_of_them) for k in range(n)],
        "reverse over reverse": [grad(slope(k), all_of_them)(*x) for k in range(n)],
        "reverse over forward": [grad(moved(k), all_of_them)(*x) for k in range(n)],
        "forward over reverse": [[jvp(slope(k), x, along[i])[1] for k in range(n)] for i in range(n)],
        "forward over forward": [[jvp(moved(k), x, along[i])[1] for k in range(n)] for i in range(n)],
        "compiled": compile(lambda v: f(*v)).hessian(list(x)),
    }
    return {name: np.array(matrix, dtype=float).reshape(n, n) for name, matrix in found.items()}


def sizes_of_terms(f, x):
    """For each second derivative the size of what is added up for it: the sum of the terms, each without its sign."""
    leaves = [Value(v) for v in x]
    found = []
    for slope in autograd.grad(f(*leaves), leaves, create_graph=True):
        sizes = {slope: 1.0}
        for node in reversed(topological_order(slope)):
            for operand, partial in zip(node.operands, node.partials, strict=True):
                if node in sizes and not (node.primitive.selects and partial == 0.0):
                    sizes[operand] = sizes.get(operand, 0.0) + abs(partial) * sizes[node]
        found.append([sizes.get(leaf, 0.0) for leaf in leaves])
    size = np.array(found)
    return np.where(np.isnan(size), INF, size)


def functions_of(row):
    """The row as a function of numbers, and of how many; of an order and a number one for each order."""
    if isinstance(row, Variadic):
        return [(lambda *xs: row(*xs), 2)]
    if row.ordered:
        return [(lambda *xs, n=n: row(n, *xs), len(row.partials) - 1) for n in (0.0, 1.0)]
    return [(row, len(row.partials))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_way_gives_the_same_second_derivatives(row):
    """To 4 ulp; where terms of either sign leave little of each other, to as much of the terms; nothing is said where
    a term overflows."""
    compared = 0
    for f, n in functions_of(row):
        cases = [*product(EXTREME if n == 1 else EXTREME[: 7 if n == 2 else 4], repeat=n)]
        for x in cases if n == 1 else part(cases):
            if row.name in UNDERFLOWS and 1e-300 in x:
                continue
            size = np.maximum(sizes_of_terms(f, x), sizes_of_terms(f, x).T)
            for name, found in (ways := hessians(f, x)).items():
                for got, wanted, terms in zip(
                    [*found.flat, *found.T.flat], [*ways["hessian"].flat] * 2, [*size.flat] * 2, strict=True
                ):
                    if terms < INF:
                        compared += 1
                        slack = 4.0 * max(EPSILON * abs(wanted), 2.0 * EPSILON * terms, 5e-324)
                        assert abs(got - wanted) <= slack, (x, name, found.tolist(), ways["hessian"].tolist())
    assert compared > 10


RIGHT = [
    ("pow", (0.0, 1.0), [[0.0, -INF], [-INF, 0.0]]),  # x**(y - 1) * (1 + y*log(x)), for x > 0 ever smaller
    ("pow", (0.0, 0.5), [[-INF, -INF], [-INF, 0.0]]),
    ("pow", (0.0, 2.0), [[2.0, 0.0], [0.0, 0.0]]),
    ("pow", (0.0, 1.5), [[INF, 0.0], [0.0, 0.0]]),
    ("pow", (0.0, 3.0), [[0.0, 0.0], [0.0, 0.0]]),
    ("pow", (0.0, -1.0), [[INF, INF], [INF, INF]]),
    ("pow", (0.0, 0.0), [[0.0, INF], [INF, 0.0]]),  # along y it is 0 by convention
    ("pow", (1e-310, 0.0), [[0.0, INF], [INF, math.log(1e-310) ** 2]]),
    ("pow", (1e-200, 0.0), [[0.0, 1e200], [1e200, math.log(1e-200) ** 2]]),
    ("pow", (1e-300, 2.0), [[2.0, 1e-300 * (1.0 + 2.0 * math.log(1e-300))], [0.0, 0.0]]),
    ("pow", (1.0, 0.0), [[0.0, 1.0], [1.0, 0.0]]),
    ("xlogy", (0.0, 0.0), [[0.0, INF], [INF, 0.0]]),
    ("xlog1py", (0.0, -1.0), [[0.0, INF], [INF, 0.0]]),
    ("acosh", (1.0,), [[-INF]]),
    ("gamma", (200.0,), [[INF]]),
    ("atan2", (0.0, 1e-300), [[0.0, -INF], [-INF, 0.0]]),
    ("atan2", (0.0, INF), [[0.0, 0.0], [0.0, 0.0]]),
    ("atan2", (1.0, 1.0), [[-0.5, 0.0], [0.0, 0.5]]),
]


@pytest.mark.parametrize(("name", "x", "wanted"), RIGHT, ids=[f"{name}{x}" for name, x, _ in RIGHT])
def test_second_derivatives_at_edges_are_limits(name, x, wanted):
    row = next(row for row in TABLE if row.name == name)
    wanted = np.array(wanted)
    wanted = np.triu(wanted) + np.triu(wanted, 1).T if len(x) > 1 else wanted
    for way, found in hessians(row, x).items():
        np.testing.assert_allclose(found, wanted, rtol=4 * EPSILON, atol=4 * EPSILON, err_msg=way)
    for k in range(len(x)):
        assert taylor(lambda t, k=k: row(*[t if i == k else x[i] for i in range(len(x))]), x[k], 2)[2] == pytest.approx(
            0.5 * wanted[k, k], rel=1e-14, abs=1e-14
        )


def test_along_both_operands_of_a_power_the_series_is_the_limit_too():
    assert taylor(lambda t: t ** (1.0 + t), 0.0, 2) == [0.0, 1.0, -INF]
    assert taylor(lambda t: t ** (0.5 + t), 0.0, 2)[2] == -INF
    assert taylor(lambda t: (2.0 + t) ** t, 0.0, 3) == pytest.approx(
        taylor(lambda t: autograd.exp(t * autograd.log(2.0 + t)), 0.0, 3), rel=1e-14
    )


def test_third_derivatives_of_a_power_where_the_exponent_is_0():
    second = lambda y: hessian(lambda x: x**y)(1.5)  # noqa: E731  ((y*y - y) * 1.5**(y - 2))
    assert grad(second)(0.0) == pytest.approx(-1.0 / 2.25, rel=1e-14)
    assert grad(grad(second))(0.0) == pytest.approx((2.0 - 2.0 * math.log(1.5)) / 2.25, rel=1e-14)


@pytest.mark.parametrize(
    ("y", "wanted"),  # along x three times, twice, once and not at all, for x > 0 ever smaller
    [
        (-1.0, [-INF, -INF, -INF, -INF]), (0.0, [0.0, -INF, -INF, 0.0]), (0.5, [INF, INF, INF, 0.0]),
        (1.0, [0.0, INF, INF, 0.0]), (1.5, [-INF, -INF, 0.0, 0.0]), (2.0, [0.0, -INF, 0.0, 0.0]),
        (2.5, [INF, 0.0, 0.0, 0.0]), (3.0, [6.0, 0.0, 0.0, 0.0]), (4.0, [0.0, 0.0, 0.0, 0.0]),
    ],
)  # fmt: skip
def test_third_derivatives_of_a_power_at_0_are_limits(y, wanted):
    for count, limit in enumerate(wanted):
        for order in {*permutations([0] * (3 - count) + [1] * count)}:
            f = lambda x, y: x**y  # noqa: E731
            for k in order:
                f = grad(f, k)
            assert f(0.0, y) == limit, order
            assert compile(f)(0.0, y) == limit, order


def test_slopes_of_an_angle_are_0_at_infinity():
    assert grad(autograd.atan2, (0, 1))(0.0, INF) == (0.0, 0.0)
    assert grad(autograd.atan2, (0, 1))(-INF, 3.0) == (0.0, 0.0)


# --- forward mode overflows nowhere where reverse mode does not ---

STEPS = {
    "larger": lambda x: x * 1e180,
    "smaller": lambda x: x * 1e-170,
    "quotient": lambda x: x / 1e-190,
    "square": lambda x: x * x,
    "cube": lambda x: x**3,
    "root": lambda x: abs(x) ** 0.5,
    "inverse": lambda x: 1.0 / x,
    "hypot": lambda x: autograd.hypot(x, 3.0 * x),
    "bell": lambda x: x * autograd.exp(-x * x),
    "norm": lambda x: autograd.norm([x, 2.0 * x, 1e-200]),
}


@settings(max_examples=some(300), deadline=None)
@given(
    st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=6),
    st.sampled_from([1e-200, -1e-100, 0.7, 1e90, -1e160]),
    st.sampled_from([1.0, -1e-200, 1e150, 1e250]),
)
def test_forward_mode_overflows_nowhere_where_reverse_mode_does_not(names, x, t):
    def f(x):
        for name in names:
            x = STEPS[name](x)
        return x

    if not math.isfinite(f(Value(x)).data):
        return
    slope, twice = grad(f)(x), grad(grad(f))(x)
    if math.isfinite(slope * t):
        assert math.isfinite(jvp(f, (x,), (t,))[1])
    if math.isfinite(twice):
        for found in (hessian(f)(x), laplacian(f)(x), hvp(f, (x,), (1.0,)), jvp(grad(f), (x,), (1.0,))[1]):
            assert math.isfinite(found)
    if math.isfinite(twice * t) and math.isfinite(slope / x * t):  # what its terms may be, where they cancel
        assert math.isfinite(hvp(f, (x,), (t,)))


def test_products_of_partials_that_overflow_by_hand():
    f = lambda x: x * 1e200 * 1e200 * 1e-300  # noqa: E731
    assert jvp(f, (1e-200,), (1.0,))[1] == pytest.approx(1e100)
    assert jvp(lambda x: [f(x), x], (1e-200,), (1e50,))[1] == pytest.approx([1e150, 1e50])
    g = lambda x: (x * 1e200) ** 2 * 1e-300  # noqa: E731
    for found in (
        hessian(g)(1e-150),
        laplacian(g)(1e-150),
        hvp(g, (1e-150,), (1.0,)),
        hvp(g, (1e-150,), (1e160,)) * 1e-160,
        hvp(lambda x: g(x[0]), ([1e-150],), ([1.0],))[0],
        jvp(grad(g), (1e-150,), (1.0,))[1],
        grad(lambda x: jvp(g, (x,), (1.0,))[1])(1e-150),
        jvp(lambda x: jvp(g, (x,), (1.0,))[1], (1e-150,), (1.0,))[1],
    ):
        assert found == pytest.approx(2e100)
    w = Value(1.0)
    moved = jvp(lambda x: f(x) * w, (1e-200,), (w,))[1]
    assert moved.data == pytest.approx(1e100)
    assert jvp(lambda x: 1.0 / x, (0.0,), (1.0,))[1] == -INF
    assert hvp(lambda x: x**1.5, (0.0,), (1.0,)) == INF
