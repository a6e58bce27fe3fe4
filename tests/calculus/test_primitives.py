"""Every row of the table, against mpmath, itself and its compiled form. A new row is tested without a new test."""

import math
import random
from itertools import product

import mpmath
import pytest

import autograd
from autograd import Value
from autograd.calculus import ieee
from autograd.calculus.kernel import Real
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import operand_names
from autograd.calculus.table import TABLE
from autograd.foreign.digits import rows_of
from autograd.foreign.special import special
from tests.random_graphs import EDGES
from tests.sizes import some

FIXED = [row for row in TABLE if not isinstance(row, Variadic)]
SMOOTH = [row for row in FIXED if not row.selects]
NODES = [row for row in FIXED if row.name != "detach"]  # which makes a constant, except while a function is recorded
SPECIAL = special(mpmath.mp)
mpmath.mp.dps = 60


def names(rows):
    return [row.name for row in rows]


POINTS = some(60)


def points(row, n=POINTS):
    """Operands inside the row's domain, and some towards its ends."""
    rng = random.Random(row.name)
    found = []
    for k in range(n):
        shares = [rng.random() for _ in row.domain]
        if k % 3 == 0:
            shares = [t**6 if k % 2 else 1 - t**6 for t in shares]
        found.append(row.inside([min(max(t, 1e-9), 1 - 1e-9) for t in shares]))
    return found


EXACT = rows_of(mpmath.mp)


def exact(row):
    """The function in 60 digits: from above, or mpmath's of the same name, or its own Python on mpmath's numbers."""
    return EXACT.get(row.name) or getattr(mpmath, row.name, None) or row.value


def slope(f, operands, i):
    """∂f/∂xᵢ in 60 digits, by central differences with a step far below a double's."""
    h = mpmath.mpf(10) ** -20
    up, down = list(operands), list(operands)
    up[i] += h
    down[i] -= h
    return (f(*up) - f(*down)) / (2 * h)


def condition(f, operands):
    """How much f's relative error amplifies its operands': Σ |xᵢ ∂f/∂xᵢ / f|."""
    z = f(*operands)
    return sum(abs(x * slope(f, operands, i) / z) for i, x in enumerate(operands)) if z else mpmath.mpf(1)


def close(found, true, amplification):
    """Within 4 ulp, scaled by the condition number: an operand half an ulp off moves the result as much."""
    scale = abs(true) * 4 * 2.0**-52 * max(1, float(amplification))
    assert abs(mpmath.mpf(found) - true) <= scale + 5e-324, f"{found!r}, to be {mpmath.nstr(true, 20)}"


@pytest.mark.parametrize("row", FIXED, ids=names(FIXED))
def test_value_is_mpmaths(row):
    f = exact(row)
    for operands in points(row):
        exactly = [mpmath.mpf(x) for x in operands]
        true = f(*exactly)
        for found in (row.value(*operands), row(*map(Value, operands)).data):
            close(found, true, 4 * condition(f, exactly) if row.name in SPECIAL else 1)


@pytest.mark.parametrize("row", SMOOTH, ids=names(SMOOTH))
def test_partials_are_mpmaths(row):
    f = exact(row)
    for operands in points(row):
        exactly = [mpmath.mpf(x) for x in operands]
        values = [Value(x) for x in operands]
        row(*values).backward()
        for i, v in enumerate(values):
            true = slope(f, exactly, i)
            if abs(true) > 1e-30:
                amplification = condition(lambda *xs, i=i: slope(f, xs, i), exactly)
                close(v.grad, true, 4 * amplification if row.name in SPECIAL else amplification)


@pytest.mark.parametrize("row", [r for r in NODES if r.selects], ids=lambda row: row.name)
def test_partials_of_selecting_rows(row):
    f = exact(row)
    for operands in points(row):
        if any(abs(x - y) < 1e-6 for x in operands for y in (0.0, *map(float, range(-3, 4)))):
            continue  # a kink or a jump
        values = [Value(x) for x in operands]
        row(*values).backward()
        for i, v in enumerate(values):
            assert v.grad == pytest.approx(float(slope(f, [mpmath.mpf(x) for x in operands], i)), abs=1e-15)


@pytest.mark.parametrize("row", SMOOTH, ids=names(SMOOTH))
def test_second_derivatives(row):
    f = exact(row)
    for operands in points(row, some(12)):
        values = [Value(x) for x in operands]
        first = autograd.grad(row(*values), values, create_graph=True)
        for i, j in product(range(len(values)), repeat=2):
            true = slope(lambda *xs, i=i: slope(f, xs, i), [mpmath.mpf(x) for x in operands], j)
            found = autograd.grad(first[i], values[j]) if not first[i].is_constant else 0.0
            assert found == pytest.approx(float(true), rel=1e-9, abs=1e-9), (operands, i, j)


@pytest.mark.parametrize("row", NODES, ids=names(NODES))
def test_the_running_engine_computes_what_the_row_says_to_the_bit(row):
    """On the compiled engine this compares C with Python, at the edges too."""
    cases = points(row, some(30)) + [list(xs) for xs in product(EDGES, repeat=len(row.domain))][:3000]
    for operands in cases:
        values = [Value(x) for x in operands]
        z = row(*values)
        assert_same_bits(z.data, row.value(*operands), operands)
        exact_operands = [Real(x) for x in operands]
        for i, partial in enumerate(row.partials):
            assert_same_bits(z.partials[i], float(partial(*exact_operands, Real(z.data))), operands)


def assert_same_bits(found, expected, operands):
    if math.isnan(expected):
        assert math.isnan(found), operands
    else:
        assert (found, math.copysign(1.0, found)) == (expected, math.copysign(1.0, expected)), operands


@pytest.mark.parametrize("row", [r for r in TABLE if isinstance(r, Variadic)], ids=lambda row: row.name)
def test_variadic_rows(row):
    rng = random.Random(1)
    for n in (2, 4, 10, 1000):
        for extreme in (None, math.inf, -math.inf, math.nan, 0.0):
            xs = [rng.gauss(0, 3) for _ in range(n)]
            if extreme is not None:
                xs[n // 2] = extreme
            values = [Value(x) for x in xs]
            z = row(*values)
            assert_same_bits(z.data, row.value(xs), xs)
            for i, partial in enumerate(z.partials):
                assert_same_bits(partial, row.partial(xs[i], xs[i ^ 1], z.data), xs)
    assert row.value([]) == (-math.inf if row.name == "logsumexp" else 0.0)
    assert row(*[Value(1.0)] * 2).partials == pytest.approx(
        {"sum": (1.0, 1.0), "dot": (1.0, 1.0), "logsumexp": (0.5, 0.5), "norm": (0.5**0.5, 0.5**0.5)}[row.name]
    )


@pytest.mark.parametrize("row", [r for r in TABLE if not r.symbol], ids=lambda row: row.name)
def test_every_named_row_is_a_function_and_a_method(row):
    function = getattr(autograd, row.name)
    assert callable(function)
    if isinstance(row, Variadic) or len(row.partials) > 2 or operand_names(row)[0] == "n":
        return
    operands = points(row, 1)[0]
    for name in (row.name, *row.alias):
        method = getattr(Value(operands[0]), name)
        assert method(*operands[1:]).data == function(*operands)
    assert isinstance(function(*operands), float)
    assert isinstance(function(Value(operands[0]), *operands[1:]), Value)


def test_a_broken_rule_is_caught():
    """The guard on the guard: a table with a wrong sign must not pass the test above."""
    row = Primitive("wrong", ieee.cos, lambda x, z: ieee.sin(x))
    f = mpmath.cos
    true = slope(f, [mpmath.mpf(1)], 0)
    with pytest.raises(AssertionError):
        close(row.partials[0](1.0, row.value(1.0)), true, 1)


def test_the_table_knows_itself():
    assert [row.code for row in TABLE] == list(range(TABLE[0].code, TABLE[0].code + len(TABLE)))
    assert len({row.name for row in TABLE}) == len(TABLE)
    assert repr(TABLE[0]) == "<primitive add>"


def test_a_row_called_with_too_few_operands():
    from autograd.calculus import table

    x = Value(1.0)
    for call in (lambda: table.where(x, 1.0), lambda: table.exp(x, 2.0), lambda: table.dot(x)):
        with pytest.raises(TypeError, match="takes"):
            call()
