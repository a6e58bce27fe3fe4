"""Functions of lists and arrays that are made of rows, against NumPy, and their slopes against their formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value

LISTS = st.lists(st.floats(-100.0, 100.0), min_size=2, max_size=8)


def slopes(f, xs):
    values = [Value(x) for x in xs]
    return autograd.grad(f(values), values)


@given(LISTS)
def test_values_are_numpys(xs):
    values = [Value(x) for x in xs]
    for name in ("mean", "var", "std", "prod"):
        found, expected = getattr(autograd, name), getattr(np, name)(xs)
        scale = {"var": max(abs(x) for x in xs) ** 2, "prod": abs(expected)}.get(name, max(abs(x) for x in xs))
        for z in (found(xs), found(values).data, found(np.array(xs)), found(np.array(values)).data):
            assert z == pytest.approx(expected, rel=1e-12, abs=1e-13 * scale + 1e-150)
    assert [z.data for z in autograd.cumsum(values)] == np.cumsum(xs).tolist()
    assert autograd.norm(values).data == pytest.approx(np.linalg.norm(xs), rel=1e-14)
    shares = autograd.softmax(values)
    assert math.fsum(z.data for z in shares) == pytest.approx(1.0, rel=1e-14)
    for z, logarithm in zip(shares, autograd.log_softmax(values), strict=True):
        assert z.data == pytest.approx(math.exp(logarithm.data), rel=1e-13)


@given(LISTS)
def test_slopes_are_those_of_the_formulas(xs):
    n, centre = len(xs), float(np.mean(xs))
    assert slopes(autograd.mean, xs) == [1.0 / n] * n
    assert slopes(autograd.var, xs) == pytest.approx([2.0 * (x - centre) / n for x in xs], abs=1e-11)
    products = [math.prod(xs[:i] + xs[i + 1 :]) for i in range(n)]
    assert slopes(autograd.prod, xs) == pytest.approx(products, rel=1e-12)
    p = autograd.softmax(xs)
    for i in (0, n - 1):
        expected = [p[i] * ((i == j) - p[j]) for j in range(n)]
        assert slopes(lambda v, i=i: autograd.softmax(v)[i], xs) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_where_a_plain_formula_has_no_slope():
    assert slopes(autograd.std, [3.0, 3.0, 3.0]) == [0.0, 0.0, 0.0]
    assert slopes(autograd.norm, [0.0, 0.0]) == [0.0, 0.0]
    assert slopes(autograd.prod, [0.0, 2.0, 3.0]) == [6.0, 0.0, 0.0]
    assert slopes(autograd.prod, [0.0, 0.0, 3.0]) == [0.0, 0.0, 0.0]


def test_large_and_small():
    assert autograd.norm([3e300, 4e300]) == pytest.approx(5e300)
    assert autograd.norm([3e-320, 4e-320]) == pytest.approx(5e-320, rel=1e-3)
    assert autograd.norm([]) == autograd.norm([0.0]) == 0.0
    assert autograd.norm([1.0, -math.inf]) == math.inf
    assert autograd.std([-1e200, 1e200]) == pytest.approx(1e200)
    assert slopes(autograd.norm, [3e300, 4e300]) == pytest.approx([0.6, 0.8])


def test_softmax_depends_on_differences_alone():
    xs = [0.0, 0.25, -3.0]
    assert autograd.softmax([x + 2.0**40 for x in xs]) == autograd.softmax(xs)
    assert autograd.softmax([0.0, -math.inf]) == [1.0, 0.0]
    assert autograd.softmax([-math.inf, -math.inf]) == [0.0, 0.0]
    assert autograd.log_softmax([0.0, -50.0])[0] == -math.exp(-50.0)


def test_logsumexp_in_the_tails():
    assert autograd.logsumexp([0.0, -50.0]) == math.exp(-50.0)
    assert slopes(autograd.logsumexp, [-math.inf, -math.inf]) == [0.0, 0.0]
    assert slopes(autograd.logsumexp, [-math.inf, 2.0]) == [0.0, 1.0]
    assert repr(slopes(autograd.logsumexp, [math.inf, 2.0])) == "[nan, 0.0]"
    assert slopes(autograd.logsumexp, [0.0, -800.0]) == [1.0, 0.0]
    v = [Value(-700.0), Value(0.0)]
    first = autograd.grad(autograd.logsumexp(v), v, create_graph=True)
    assert autograd.grad(first[0], v) == pytest.approx([math.exp(-700.0), -math.exp(-700.0)], rel=1e-12)


def test_shapes_and_refusals():
    table = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert autograd.softmax(table).shape == (2, 2)
    assert autograd.cumsum(table).tolist() == [0.0, 1.0, 3.0, 6.0]
    assert autograd.prod([]) == 1.0
    assert autograd.cumsum([]) == []
    with pytest.raises(ValueError, match="mean: expected 1 numbers or more, got 0"):
        autograd.mean([])
    with pytest.raises(ValueError, match="var: expected 2 numbers or more, got 1"):
        autograd.var([1.0], ddof=1)
    with pytest.raises(TypeError, match="std: expected a list"):
        autograd.std(3.0)


def test_they_are_recorded():
    def f(xs):
        return autograd.std(xs) * autograd.softmax(xs)[0] + autograd.norm(xs) * autograd.prod(xs)

    fast = autograd.compile(f)
    for xs in ([1.0, 2.0, 4.0], [5.0, -2.0, 0.0]):
        assert fast(xs) == f([Value(x) for x in xs]).data
        assert fast.grad(xs) == pytest.approx(slopes(f, xs), rel=1e-14)


@pytest.mark.parametrize("name", ["sum", "mean", "var", "std", "prod", "cumsum", "norm", "logsumexp", "softmax"])
@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_along_an_axis_they_are_numpys(name, axis):
    numbers = np.random.default_rng(5).normal(size=(2, 3, 4))
    values = np.array([Value(x) for x in numbers.ravel()], dtype=object).reshape(numbers.shape)
    expected = {
        "norm": lambda xs, axis: np.linalg.norm(xs, axis=axis),
        "logsumexp": lambda xs, axis: np.log(np.exp(xs).sum(axis=axis)),
        "softmax": lambda xs, axis: np.exp(xs) / np.exp(xs).sum(axis=axis, keepdims=True),
    }.get(name, getattr(np, name, None))(numbers, axis=axis)
    function = getattr(autograd, name)
    found, recorded = function(numbers, axis=axis), function(values, axis=axis)
    assert found.dtype == float
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)
    assert np.array_equal(np.vectorize(lambda z: z.data)(recorded), found)
    assert function(numbers.tolist(), axis=axis) == found.tolist()
    assert [
        z.data for z in np.ravel(np.array(function(values.tolist(), axis=axis), dtype=object))
    ] == found.ravel().tolist()
    autograd.sum(recorded).backward()
    if name in ("sum", "mean"):
        assert {v.grad for v in values.ravel()} == {1.0 if name == "sum" else 1.0 / numbers.shape[axis]}


def test_all_of_an_array_and_one_line():
    table = np.array([[3.0, 4.0], [0.0, 12.0]])
    assert autograd.sum(table) == 19.0
    assert autograd.norm(table) == 13.0
    assert autograd.logsumexp(table - 1000.0) == autograd.logsumexp((table - 1000.0).ravel())
    assert autograd.mean([1.0, 3.0], axis=0) == 2.0
    assert autograd.cumsum([1.0, 3.0], axis=0) == [1.0, 4.0]
    assert autograd.var(table, axis=1, ddof=1).tolist() == np.var(table, axis=1, ddof=1).tolist()
    assert autograd.sum(table, 1.0, axis=0).tolist() == [4.0, 17.0]
    for axis in (2, -3):
        with pytest.raises(np.exceptions.AxisError, match=f"mean: axis {axis}: there are 2 of them"):
            autograd.mean(table, axis=axis)


def test_numpys_clip_of_a_value_is_a_value():
    for x, slope in ((-1.0, 0.0), (0.25, 1.0), (0.5, 1.0), (7.0, 0.0)):
        v = Value(x)
        z = np.clip(v, 0.0, 0.5)
        z.backward()
        assert (z.data, v.grad) == (np.clip(x, 0.0, 0.5), slope)
    assert (v.clip(low=9.0).data, v.clip().data, v.clip(None, 2.0).data) == (9.0, 7.0, 2.0)
    clipped = autograd.compile(lambda x: np.clip(x, 0.0, 0.5), in_axes=0)
    assert clipped(np.array([-1.0, 0.25, 7.0])).tolist() == [0.0, 0.25, 0.5]
    assert len(clipped.tapes) == 1


def test_shares_of_what_is_infinite():
    """Of nothing nobody has a share; that of an infinite operand depends on how it got there, so it is no number."""
    inf = math.inf
    for f in (autograd.logsumexp, lambda v: autograd.logaddexp(*v)):
        assert repr(slopes(f, [inf, inf])) == "[nan, nan]"
        assert repr(slopes(f, [inf, 2.0])) == "[nan, 0.0]"
        assert slopes(f, [3.0, -inf]) == [1.0, 0.0]
        assert slopes(f, [-inf, -inf]) == [0.0, 0.0]
    assert repr(autograd.softmax([inf, inf, 1.0, -inf])) == "[nan, nan, 0.0, 0.0]"
    assert repr(autograd.log_softmax([inf, 1.0])) == "[nan, -inf]"
    for xs in ([-inf, -inf], [Value(-inf), Value(-inf)]):
        assert [getattr(z, "data", z) for z in autograd.log_softmax(xs)] == [-inf, -inf]
        assert [getattr(z, "data", z) for z in autograd.softmax(xs)] == [0.0, 0.0]
    assert autograd.log_softmax([0.0, -inf]) == [0.0, -inf]
    fast = autograd.compile(lambda v: autograd.logsumexp(v) + autograd.log_softmax(v)[0])
    assert fast([-inf, -inf]) == -inf
    assert repr(autograd.compile(autograd.logsumexp).grad([inf, inf])) == "[nan, nan]"
