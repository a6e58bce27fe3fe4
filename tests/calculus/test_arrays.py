"""Values and NumPy: object arrays, ufuncs, scalars of NumPy's types."""

import itertools
import math

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.calculus.arrays import _BY_UFUNC
from autograd.calculus.table import TABLE


def values(*xs):
    return np.array([Value(x) for x in xs])


def data(array):
    return [x.data for x in np.ravel(array)]


def test_arrays_of_values_do_arithmetic():
    a = values(1.0, 2.0)
    b = np.array([10.0, 20.0])
    for found in (a * b, b * a):
        assert found.dtype == object
        assert data(found) == [10.0, 40.0]
    assert data(a + a) == [2.0, 4.0]
    assert data(2**a) == [2.0, 4.0]


def test_one_value_spreads_over_an_array():
    v = Value(2.0)
    for found in (v * np.array([1.0, 3.0]), np.array([1.0, 3.0]) * v, np.multiply(v, [1.0, 3.0])):
        assert data(found) == [2.0, 6.0]
    assert data(np.array([[1, 2], [3, 4]]) - v) == [-1.0, 0.0, 1.0, 2.0]


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, np.int8, np.bool_])
def test_numpy_scalars_are_numbers_on_either_side(kind):
    v, one = Value(2.0), kind(1)
    for found in (v * one, one * v, v + one - one, one / (one / v), v**one):
        assert isinstance(found, Value)
        assert found.data == 2.0


def test_ufuncs_of_values_are_rows():
    v = Value(0.5)
    for name, alias in [(row.name, alias) for row in TABLE for alias in (row.name, *row.alias)]:
        ufunc = getattr(np, alias, None)
        if isinstance(ufunc, np.ufunc) and ufunc.nin == 1 and name not in ("acosh",):
            found = ufunc(v)
            assert isinstance(found, Value), alias
            assert found.data == pytest.approx(float(ufunc(0.5)), rel=1e-15), alias
            if alias != "sign":  # NumPy compares objects with 0 by itself, and gives integers
                assert data(ufunc(values(0.5, 0.25))) == pytest.approx(
                    [float(ufunc(x)) for x in (0.5, 0.25)], rel=1e-15
                )


def test_ufuncs_of_two_operands():
    x, y = Value(3.0), Value(4.0)
    assert np.hypot(x, y).data == 5.0
    assert np.maximum(x, 3.0).data == 3.0
    z = np.maximum(x, 3.0)
    z.backward()
    assert x.grad == 0.5
    assert np.arctan2(y, x).data == np.arctan2(4.0, 3.0)
    assert np.add(x, y).data == 7.0
    assert np.negative(x).data == -3.0


def test_reductions_products_and_choices():
    a = values(1.0, 2.0, 3.0)
    w = np.array([1.0, 10.0, 100.0])
    z = np.dot(a, w)
    z.backward()
    assert (z.data, [x.grad for x in a]) == (321.0, [1.0, 10.0, 100.0])
    assert (np.sum(a).data, np.mean(a).data, np.prod(a).data) == (6.0, 2.0, 6.0)
    assert (a @ a).data == 14.0
    assert data(np.outer(a, [1.0, 2.0])) == [1.0, 2.0, 2.0, 4.0, 3.0, 6.0]
    chosen = np.where([True, False, True], a, 0.0)
    assert (chosen[0], chosen[1]) == (a[0], 0.0)
    assert data(np.add.reduce([a, a])) == [2.0, 4.0, 6.0]
    assert np.add.reduce(a).data == 6.0


def test_functions_take_arrays():
    a = values(0.0, 1.0)
    assert data(autograd.exp(a)) == [1.0, np.e]
    floats = autograd.exp(np.array([[0.0, 1.0]]))
    assert (floats.dtype, floats.shape) == (np.float64, (1, 2))
    assert floats.tolist() == [[1.0, np.e]]
    assert data(autograd.maximum(a, np.array([[0.5], [2.0]]))) == [0.5, 1.0, 2.0, 2.0]
    assert data(autograd.where(np.array([True, False]), a, Value(7.0))) == [0.0, 7.0]
    assert autograd.exp(np.float32(0.0)) == 1.0
    assert autograd.exp(np.array(0.0)) == 1.0


def test_infinities_come_without_warnings():
    assert np.log(Value(0.0)).data == -np.inf
    assert np.isnan(np.arcsin(Value(2.0)).data)
    assert autograd.exp(np.array([1000.0, Value(0.0)])).tolist() == [np.inf, 1.0]
    assert np.std(values(1.0, 3.0)).data == 1.0


def test_arrays_without_axes_and_elements_that_are_no_numbers():
    assert autograd.exp(np.array(Value(0.0), dtype=object)).data == 1.0
    with pytest.raises(TypeError, match="exp: expected a real number, got str 'a'"):
        autograd.exp(np.array(["a"]))


def test_a_float_array_cannot_hold_values():
    array = np.zeros(2)
    with pytest.raises(TypeError, match="would cut the graph"):
        array[0] = Value(1.0)
    with pytest.raises(TypeError, match="from dtype\\('O'\\) to dtype\\('float64'\\)"):
        array += Value(1.0)


# --- ufuncs mean what NumPy says --------------------------------------------------------------------------------------

EDGES = [math.nan, 0.0, -0.0, math.inf, -math.inf, 1.0, -1.0, 2.5, -2.5, 0.5]
UFUNCS = [name for name in sorted(_BY_UFUNC) if isinstance(getattr(np, name, None), np.ufunc)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", UFUNCS)
def test_a_ufunc_of_values_is_numpys_at_every_edge(name):
    ufunc = getattr(np, name)
    for xs in itertools.product(EDGES, repeat=ufunc.nin):
        if name == "pow" and xs in ((-math.inf, 0.5), (-0.0, 0.5)):  # NumPy takes the square root; ours is C's pow
            continue
        expected, found = float(ufunc(*xs)), ufunc(*map(Value, xs)).data
        assert found == pytest.approx(expected, rel=4e-16, abs=0.0, nan_ok=True), xs
        if name in ("maximum", "minimum", "fmax", "fmin") and xs[0] == xs[1]:  # which zero differs between processors
            continue
        assert math.isnan(expected) or math.copysign(1.0, found) == math.copysign(1.0, expected), xs


def test_the_ufuncs_looked_at_are_those_there_are():
    assert {"fmax", "fmin", "maximum", "minimum", "hypot", "arctan2", "sign", "floor", "exp", "absolute"} <= set(UFUNCS)


@pytest.mark.parametrize(
    ("ufunc", "x", "y", "value", "slopes"),
    [
        (np.fmax, math.nan, 1.0, 1.0, (0.0, 1.0)), (np.fmax, 1.0, math.nan, 1.0, (1.0, 0.0)),
        (np.fmax, 2.0, 3.0, 3.0, (0.0, 1.0)), (np.fmax, 3.0, 2.0, 3.0, (1.0, 0.0)),
        (np.fmax, 2.0, 2.0, 2.0, (0.5, 0.5)),
        (np.fmin, math.nan, 1.0, 1.0, (0.0, 1.0)), (np.fmin, 1.0, math.nan, 1.0, (1.0, 0.0)),
        (np.fmin, 2.0, 3.0, 2.0, (1.0, 0.0)), (np.fmin, 3.0, 2.0, 2.0, (0.0, 1.0)),
        (np.fmin, 2.0, 2.0, 2.0, (0.5, 0.5)),
        (np.fmax, math.nan, math.nan, math.nan, (0.0, 1.0)),
    ],
)  # fmt: skip
def test_fmax_and_fmin_pass_over_nan(ufunc, x, y, value, slopes):
    a, b = Value(x), Value(y)
    z = ufunc(a, b)
    assert z.data == pytest.approx(value, nan_ok=True)
    assert autograd.grad(z, [a, b]) == list(slopes)
    assert ufunc(a, y).data == pytest.approx(value, nan_ok=True)
    assert ufunc(x, b).data == pytest.approx(value, nan_ok=True)
    assert data(ufunc(a, np.array([y, y]))) == pytest.approx([value, value], nan_ok=True)
    fast = autograd.compile(ufunc, in_axes=0)
    xs, ys = np.array([x, 1.0, math.nan, 5.0, 2.0]), np.array([y, math.nan, 1.0, 2.0, 5.0])
    assert fast(xs, ys).tolist() == pytest.approx(ufunc(xs, ys).tolist(), nan_ok=True)
    found = fast.grad(xs, ys, argnums=(0, 1))
    assert (found[0][0], found[1][0]) == slopes
    assert len(fast.tapes) == 1
    assert fast.tapes[0].guards == ()


def test_a_longer_double_meets_a_value():
    v, long = Value(2.0), np.longdouble(1.5)
    assert (long <= v, long > v, v > long) == (True, False, True)
    assert [(long * v).data, (v - long).data, np.maximum(long, v).data] == [3.0, 0.5, 2.0]
    assert data(np.array([long, long]) * v) == [3.0, 3.0]


NUMPYS = {
    "sinc": (lambda x: np.sinc(x), lambda x: autograd.sinc(x)),
    "i0": (lambda x: np.i0(x), lambda x: autograd.i0(x)),
    "interp": (lambda x: np.interp(x, [0.0, 1.0], [1.0, 3.0]), lambda x: 1.0 + 2.0 * x),
    "var": (lambda x: np.var(x), lambda x: 0.0 * x),
    "std": (lambda x: np.std(x, axis=None), lambda x: 0.0 * x),
    "clip": (lambda x: np.clip(x, 0.0, 1.0), lambda x: x * 1.0),
    "round": (lambda x: np.round(x, 1), lambda x: autograd.round(x, 1)),
    "mean": (lambda x: np.mean(x), lambda x: x * 1.0),
    "sum": (lambda x: np.sum(x), lambda x: x * 1.0),
    "prod": (lambda x: np.prod(x), lambda x: x * 1.0),
    "median": (lambda x: np.median(x), lambda x: x * 1.0),
    "degrees": (lambda x: np.degrees(x), lambda x: autograd.degrees(x)),
    "real": (lambda x: np.real(x), lambda x: x * 1.0),
    "nan_to_num": (lambda x: np.nan_to_num(x), lambda x: x * 1.0),
    "linalg.norm": (lambda x: np.linalg.norm(x), lambda x: abs(x)),
}


@pytest.mark.parametrize("name", NUMPYS)
def test_a_function_of_numpys_of_a_value_is_a_value(name):
    theirs, ours = NUMPYS[name]
    v, w = Value(0.375), Value(0.375)
    found, wanted = theirs(v), ours(w)
    assert isinstance(found, Value)
    assert found.data == pytest.approx(np.ravel(theirs(0.375))[0], rel=1e-15) == wanted.data
    assert autograd.grad(found, v) == autograd.grad(wanted, w)


def test_functions_of_numpys_make_arrays_of_a_value_as_before():
    v = Value(2.0)
    assert np.zeros_like(v).shape == ()
    assert data(np.cumsum(v)) == [2.0]
    assert data(np.outer(v, [1.0, 2.0])) == [2.0, 4.0]
    assert np.shape(v) == ()
    assert np.isclose(v, 2.0)
    assert data(np.array([np.sinc(v), np.sinc(np.array([v, v]))[0]])) == pytest.approx([0.0, 0.0], abs=1e-15)
    with pytest.raises(TypeError, match=r"np\.percentile of a Value: NumPy computes it on floats, .* or of v\.data"):
        np.percentile(v, 50)
    with pytest.raises(TypeError, match=r"np\.heaviside of a Value: .* no derivative of it here: .* or of v\.data"):
        np.heaviside(v, 0.5)
    with pytest.raises(TypeError, match=r"unexpected keyword argument .period."):
        np.interp(v, [0.0, 1.0], [0.0, 1.0], period=1.0)
