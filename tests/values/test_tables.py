"""Tables against NumPy's, their slopes, and one path where they are recorded."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value

NUMBERS = st.floats(-100.0, 100.0, allow_subnormal=False).map(lambda x: x + 0.0)
TABLES = st.lists(st.tuples(st.integers(-50, 50), NUMBERS), min_size=1, max_size=9, unique_by=lambda pair: pair[0]).map(
    lambda pairs: tuple(zip(*sorted(pairs), strict=True))
)
PLACES = st.one_of(NUMBERS, st.integers(-50, 50).map(float), st.sampled_from([math.inf, -math.inf, math.nan]))


@given(TABLES, PLACES, st.sampled_from([{}, {"left": -7.0}, {"left": 1.0, "right": 2.0}]))
def test_numbers_are_numpys_to_the_bit(table, x, ends):
    xp, fp = table
    expected = np.interp(x, xp, fp, **ends) if len(xp) > 1 or x == x else math.nan  # NumPy's of one point is no nan
    leaf = Value(x)
    z = autograd.interp(leaf, xp, fp, **ends)
    for found in (autograd.interp(x, xp, fp, **ends), z.data, autograd.interp(x, xp, [Value(y) for y in fp], **ends)):
        assert np.array_equal(getattr(found, "data", found), expected, equal_nan=True)
    z.backward()
    k = min(np.searchsorted(xp, x, side="right") - 1, len(xp) - 2)
    inside = xp[0] <= x <= xp[-1] and len(xp) > 1
    slope = (fp[k + 1] - fp[k]) / (xp[k + 1] - xp[k]) if inside else 0.0
    assert math.isnan(x) or leaf.grad == slope


@given(TABLES, st.one_of(NUMBERS, st.integers(-50, 50).map(float)))
def test_slopes_along_the_table_are_differences(table, x):
    xp, fp = ([Value(y) for y in ys] for ys in table)
    autograd.interp(x, xp, fp).backward()
    weights = [np.interp(x, table[0], row) for row in np.eye(len(fp))]  # it is linear in the heights
    assert [y.grad for y in fp] == pytest.approx(weights, abs=1e-14)
    if len(xp) > 1 and table[0][0] < x < table[0][-1] and x not in table[0]:
        k = np.searchsorted(table[0], x) - 1
        slope = (table[1][k + 1] - table[1][k]) / (table[0][k + 1] - table[0][k])
        expected = [-slope * w for w in weights]  # the points move, and the line with them
        assert [y.grad for y in xp] == pytest.approx(expected, rel=1e-9, abs=1e-10)


@given(st.lists(st.integers(-5, 5).map(float), max_size=8).map(sorted), PLACES, st.sampled_from(["left", "right"]))
def test_places_are_numpys(table, x, side):
    expected = int(np.searchsorted(table, x, side=side))
    found = autograd.searchsorted(table, x, side)
    assert found == expected
    assert type(found) is int
    assert float(getattr(autograd.searchsorted(table, Value(x), side), "data", 0)) == expected
    if table:
        assert autograd.searchsorted([Value(t) for t in table], x, side).data == expected


XP, FP = [0.0, 1.0, 2.5, 3.0, 7.0], [1.0, 3.0, -2.0, 0.5, 4.0]


def test_recorded_there_is_one_path_and_the_eager_answers():
    places = np.array([*np.linspace(-1.0, 8.0, 50), *XP, math.inf, -math.inf])
    f = autograd.compile(lambda x: autograd.interp(x, XP, FP, right=9.0) * 2.0, in_axes=0)
    found, slopes = f.value_and_grad(places)
    assert len(f.tapes) == 1
    for x, z, slope in zip(places, found, slopes, strict=True):
        leaf = Value(x)
        eager = autograd.interp(leaf, XP, FP, right=9.0) * 2.0
        eager.backward()
        assert (z, slope) == (eager.data, leaf.grad), x
    assert math.isnan(f(np.array([math.nan]))[0])
    steps = autograd.compile(lambda x: autograd.searchsorted(XP, x) + 0.0 * x, in_axes=0)
    assert steps(places[:-2]).tolist() == np.searchsorted(XP, places[:-2]).tolist()
    assert len(steps.tapes) == 1


def test_a_recorded_table_moves_with_its_batch():
    rng = np.random.default_rng(1)
    xp, fp = np.sort(rng.normal(size=(20, 6))), rng.normal(size=(20, 6))
    x = rng.normal(size=20)
    f = autograd.compile(autograd.interp, in_axes=0)
    found, slopes = f.value_and_grad(x, xp, fp, argnums=(0, 1, 2))
    assert len(f.tapes) == 1
    for i in range(20):
        leaves = [Value(x[i]), [Value(y) for y in xp[i]], [Value(y) for y in fp[i]]]
        z = autograd.interp(*leaves)
        z.backward()
        assert found[i] == pytest.approx(z.data, rel=1e-14)
        assert slopes[0][i] == pytest.approx(leaves[0].grad, rel=1e-13)
        for slope, values in zip(slopes[1:], leaves[1:], strict=True):
            assert slope[i].tolist() == pytest.approx([v.grad for v in values], rel=1e-12, abs=1e-13)


def test_a_table_can_be_long():
    xp = np.linspace(0.0, 1.0, 1000)
    f = autograd.compile(lambda x: autograd.interp(x, xp, xp * xp), in_axes=0)
    x = np.linspace(-0.1, 1.1, 333)
    assert f(x).tolist() == np.interp(x, xp, xp * xp).tolist()


def test_lists_give_lists_and_arrays_arrays():
    assert autograd.interp([0.5, 9.0], XP, FP) == [2.0, 4.0]
    found = autograd.interp(np.array([[0.5], [9.0]]), XP, np.array(FP))
    assert found.dtype == float
    assert found.tolist() == [[2.0], [4.0]]
    z = autograd.interp(np.array([Value(0.5), 9.0], dtype=object), XP, FP)
    assert z.dtype == object
    assert type(autograd.interp(np.float64(0.5), XP, FP)) is float
    places = autograd.searchsorted(XP, np.array([[0.5, 7.0]]))
    assert places.tolist() == [[1, 4]]
    assert places.dtype == int
    assert autograd.searchsorted(XP, [0.5, 7.0], side="right") == [1, 5]


def test_what_is_refused():
    for xp, fp in ([], []), ([1.0], [1.0, 2.0]):
        with pytest.raises(ValueError, match=f"got {len(xp)} points and {len(fp)} heights"):
            autograd.interp(0.0, xp, fp)
    with pytest.raises(ValueError, match=r"interp: xp is to increase, but 2.0 comes after 2.0 at place 2"):
        autograd.interp(0.0, [1.0, 2.0, Value(2.0)], FP[:3])
    with pytest.raises(ValueError, match=r"the table is to be in order, but 1.0 comes after 2.0 at place 1"):
        autograd.searchsorted([2.0, 1.0], 0.0)
    with pytest.raises(ValueError, match="side 'middle'"):
        autograd.searchsorted(XP, 0.0, side="middle")
    with pytest.raises(TypeError, match="interp"):
        autograd.interp("a", XP, FP)


@pytest.mark.parametrize("x", [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, math.nan])
def test_beside_infinite_heights_it_is_numpys(x):
    for heights in itertools.product([1.0, -2.0, math.inf, -math.inf, math.nan], repeat=3):
        expected = np.interp(x, [0.0, 1.0, 2.0], heights)
        for at in (x, Value(x)):
            for fp in (heights, [Value(y) for y in heights]):
                found = autograd.interp(at, [0.0, 1.0, 2.0], fp)
                assert np.array_equal(getattr(found, "data", found), expected, equal_nan=True), heights


def test_slopes_beside_infinite_heights():
    xp, fp, places = [0.0, 1.0, 2.0], [1.0, math.inf, 3.0], (0.0, 0.5, 1.0, 1.5, 2.0)
    f = lambda x: autograd.interp(x, xp, fp)  # noqa: E731
    both = autograd.compile(lambda x, fp: autograd.interp(x, xp, [fp[0], fp[1], fp[2]]))
    for x in places:
        expected = math.inf if x < 1.0 else -math.inf  # those of the segment, at the last point that to its left
        assert autograd.grad(f)(x) == autograd.compile(f).grad(x) == both.grad(x, fp) == expected
        assert f(x) == autograd.compile(f)(x) == both(x, fp) == np.interp(x, xp, fp)
    assert autograd.grad(lambda fp: autograd.interp(0.0, xp, fp))(fp) == [1.0, 0.0, 0.0]
    assert both.grad(0.0, fp, argnums=1) == [1.0, 0.0, 0.0]
    assert autograd.grad(lambda fp: autograd.interp(2.0, xp, fp))(fp) == [0.0, 0.0, 1.0]
