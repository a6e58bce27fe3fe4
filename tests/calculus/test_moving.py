"""How partials move: each row's, against derivatives of derivatives on Values, and the C against the formulas."""

import itertools
import math

import pytest

import autograd
from autograd import Value
from autograd.calculus.moving import bends, moved1, moved2, moved_fold, moving_partial, names_of_operands
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.curvature.walks import bent
from tests.calculus.test_primitives import points
from tests.random_graphs import EDGES

ROWS = [row for row in TABLE if row.name != "detach"]
IDS = [row.name for row in ROWS]


def count_of(row):
    return len(row.partials) or (4 if row.pairs else 3)


def points_of(row):
    """Where a row is looked at: operands, each as many as it takes."""
    if not isinstance(row, Variadic):
        return points(row, 6)
    return [[0.3, -1.2, 2.0, 0.7][: count_of(row)], [5.0, 5.0, -0.5, 1.0][: count_of(row)]]


def on_values(row, xs, v):
    """How the slopes of a row move along a direction, by sweeps on Values; and the size of what is added up for it."""
    leaves = [Value(x) for x in xs]
    found, sizes = [], [0.0]
    for slope in autograd.grad(row(*leaves), leaves, create_graph=True):
        by = [0.0] * len(xs) if slope.is_constant else autograd.grad(slope, leaves)
        terms = [x * t for x, t in zip(by, v, strict=True) if t != 0.0]
        found.append(sum(terms))
        sizes += [sum(map(abs, terms)), *[abs(slope.data * t) for t in v if isinstance(row, Variadic)]]
    return found, max(sizes) if all(map(math.isfinite, sizes)) else math.inf


def at_rest(row, xs, v, slopes, dz):
    """Such tangents that the operand with the largest slope stands still, and no slope moves otherwise by that."""
    most = max(range(len(xs)), key=lambda k: abs(slopes[k]))
    shift = v[most] if row.name == "logsumexp" else v[most] / xs[most] if xs[most] else math.nan
    if not math.isfinite(shift) or not math.isfinite(dz):
        return v, dz
    v = [t - (shift if row.name == "logsumexp" else shift * x) for x, t in zip(xs, v, strict=True)]
    v[most] = 0.0
    total = 0.0
    for slope, t in zip(slopes, v, strict=True):
        if t != 0.0:
            total += slope * t
    return v, total


def by_formulas(row, xs, v):
    """The same by the formulas in Python: of each operand the tangent of its partial."""
    z = row.evaluate(xs)
    leaves = [Value(x) for x in xs]
    slopes = row(*leaves).partials
    dz, found, pair = 0.0, [], [0.0, 0.0]
    moving = any(v)
    for slope, t in zip(slopes, v, strict=True):
        if t != 0.0 and not (row.selects and slope == 0.0):
            dz += slope * t
    if row.name in ("logsumexp", "norm") and any(v) and math.isfinite(z):
        v, dz = at_rest(row, xs, v, slopes, dz)
    for i in range(len(xs)):
        if not bends(row.code) or not moving:
            found.append(0.0)
            continue
        if len(xs) == 1 and not isinstance(row, Variadic):
            moved1(row.code, xs[0], z, v[0], dz, pair)
        elif len(xs) == 2 and not isinstance(row, Variadic):
            moved2(row.code, i, *xs, z, *v, dz, pair)
        else:
            moved_fold(row.code, i, xs, v, z, dz, pair)
        assert pair[0] == slopes[i] or (pair[0] != pair[0] and slopes[i] != slopes[i])
        found.append(0.0 + pair[1])
    return found


def directions(row):
    """Along each operand, and along all of them."""
    n = count_of(row)
    return [[float(k == i) for k in range(n)] for i in range(n)] + [[0.7, -1.3, 0.4, 2.1][:n]]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_row_as_on_values(row):
    for xs, v in itertools.product(points_of(row), directions(row)):
        leaves = [Value(x) for x in xs]
        [found] = bent(row(*leaves), leaves, [v])
        wanted, size = on_values(row, xs, v)
        assert size < math.inf
        for got, x in zip(found, wanted, strict=True):
            assert abs(got - x) <= 2e-15 * size + 1e-322, (xs, v, found, wanted)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_kernel_is_the_formulas_to_the_bit_and_no_worse_than_values_at_the_edges(row):
    n = count_of(row)
    edges = [(*pair, 0.5, 1.0)[:n] for pair in itertools.product(EDGES, EDGES[::2] if n > 1 else EDGES[:1])]
    finite = 0
    for xs, v in itertools.product([*map(tuple, points_of(row)), *edges], directions(row)):
        leaves = [Value(x) for x in xs]
        [found] = bent(row(*leaves), leaves, [v])
        assert [x.hex() for x in found] == [x.hex() for x in by_formulas(row, list(xs), v)], (xs, v)
        wanted, size = on_values(row, xs, v)
        finite += size < math.inf
        for got, x in zip(found, wanted, strict=True):
            assert size == math.inf or abs(got - x) <= 2e-15 * size + 1e-322, (xs, v, found, wanted)
    assert finite > 10


def test_what_is_linear_does_not_bend_and_what_stands_still_is_in_no_formula():
    names = {row.name for row in TABLE if bends(row.code)}
    assert {"mul", "div", "pow", "exp", "dot", "logsumexp"} <= names
    assert not {"add", "sub", "neg", "sum", "where", "relu", "maximum", "abs", "detach"} & names
    power = next(row for row in TABLE if row.name == "pow")
    partial, tangent = moving_partial(power, 0, 1)  # x moves, and y does not: no logarithm of x
    assert "log" not in str(tangent.key()), partial
    assert names_of_operands(power) == ["x", "y"]
