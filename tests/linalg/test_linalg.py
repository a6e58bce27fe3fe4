"""Functions of matrices: NumPy's values, mpmath's derivatives, singular ones, and one path for every batch."""

import math
from fractions import Fraction

import hypothesis.extra.numpy as arrays
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, linalg
from tests.sizes import some

mpmath.mp.dps = 60
ENTRIES = st.one_of(st.sampled_from([0.0, 1.0, -1.0, 2.0]), st.floats(-10, 10, allow_subnormal=False))


@st.composite
def square(draw):
    n = draw(st.integers(1, 6))
    return draw(arrays.arrays(float, (n, n), elements=ENTRIES))


def values(matrix):
    out = np.empty(np.shape(matrix), dtype=object)
    out.ravel()[:] = [Value(x) for x in np.ravel(matrix).tolist()]
    return out


def numbers(found):
    return np.vectorize(lambda x: x.data, otypes=[float])(found)


def exact_det(matrix):
    """The determinant in fractions."""
    rows, found = [list(map(Fraction, row)) for row in np.asarray(matrix).tolist()], Fraction(1)
    while rows:
        pivot = next((row for row in rows if row[0]), None)
        if pivot is None:
            return Fraction(0)
        found *= pivot[0] * (-1) ** rows.index(pivot)
        rows.remove(pivot)
        rows = [[x - row[0] / pivot[0] * y for x, y in zip(row, pivot, strict=True)][1:] for row in rows]
    return found


def adjugate(matrix):
    """The cofactors."""
    found = np.empty(matrix.shape)
    for i, j in np.ndindex(matrix.shape):
        found[i, j] = (-1) ** (i + j) * exact_det(np.delete(np.delete(matrix, i, 0), j, 1))
    return found


@settings(max_examples=some(60), deadline=None)
@given(square())
def test_det_and_its_gradient_at_any_matrix(matrix):
    n, size = len(matrix), max(1.0, np.abs(matrix).max())
    leaves = values(matrix)
    z = linalg.det(leaves)
    z.backward()
    assert z.data == linalg.det(matrix) == linalg.det(matrix.tolist())
    assert z.data == pytest.approx(float(exact_det(matrix)), rel=1e-12, abs=1e-13 * size**n)
    found = np.array([[v.grad for v in row] for row in leaves])
    np.testing.assert_allclose(found, adjugate(matrix), rtol=1e-12, atol=1e-12 * size ** (n - 1))


@settings(max_examples=some(60), deadline=None)
@given(square(), st.integers(0, 3))
def test_the_others_are_numpys_where_the_matrix_is_well_conditioned(matrix, columns):
    n = len(matrix)
    matrix = matrix + (11.0 * n) * np.eye(n)[:, ::-1]  # by which it has to exchange rows
    right = np.arange(n * max(columns, 1), dtype=float).reshape((n, columns) if columns else (n,)) + 1.0
    for found, recorded, expected in [
        (linalg.solve(matrix, right), linalg.solve(values(matrix), right), np.linalg.solve(matrix, right)),
        (linalg.inv(matrix), linalg.inv(values(matrix)), np.linalg.inv(matrix)),
        (linalg.cholesky(matrix @ matrix.T), linalg.cholesky(values(matrix @ matrix.T)),
         np.linalg.cholesky(matrix @ matrix.T)),
    ]:  # fmt: skip
        assert found.dtype == float
        assert recorded.dtype == object
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12 * np.abs(expected).max())
        assert np.array_equal(found, numbers(recorded))
    sign, size = linalg.slogdet(matrix)
    assert (sign, size) == pytest.approx(tuple(np.linalg.slogdet(matrix)), rel=1e-13)
    assert [x.data for x in linalg.slogdet(values(matrix))] == [sign, size]


def symmetric(a):
    return [[a[max(i, j)][min(i, j)] for j in range(len(a))] for i in range(len(a))]


def dominant(a):
    return [[x + (9.0 if i == j else 0.0) for j, x in enumerate(row)] for i, row in enumerate(symmetric(a))]


ALONG = {  # a number of a matrix, ours and mpmath's
    "solve": (lambda a: linalg.solve(a, [1.0, 2.0, 3.0, 4.0])[2],
              lambda a: mpmath.lu_solve(mpmath.matrix(a), mpmath.matrix([1, 2, 3, 4]))[2]),
    "inv": (lambda a: linalg.inv(a)[1][3], lambda a: mpmath.inverse(mpmath.matrix(a))[1, 3]),
    "det": (linalg.det, lambda a: mpmath.det(mpmath.matrix(a))),
    "slogdet": (lambda a: linalg.slogdet(a).logabsdet, lambda a: mpmath.log(abs(mpmath.det(mpmath.matrix(a))))),
    "cholesky": (lambda a: linalg.cholesky(dominant(a))[3][1],
                 lambda a: mpmath.cholesky(mpmath.matrix(dominant(a)))[3, 1]),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONG)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_derivatives_are_mpmaths(name, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 4, 4)).tolist()
    ours, theirs = ALONG[name]
    t = Value(0.0)
    z = ours([[x + t * y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)])
    for order in range(4):
        true = mpmath.diff(
            lambda t: theirs([[x + t * y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]),
            0, order)  # fmt: skip
        assert abs(z.data - true) <= 1e-10 * max(abs(true), 1), (order, z.data, mpmath.nstr(true, 20))
        z = autograd.grad(z, t, create_graph=True) if order < 3 else z


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_second_derivatives_of_det_where_nothing_is_left_of_the_first(rank):
    rng = np.random.default_rng(rank)
    n = 3
    a = rng.integers(-3, 4, size=(n, rank)) @ rng.integers(-3, 4, size=(rank, n))
    b = rng.integers(-3, 4, size=(n, n))

    def det(t):
        return mpmath.det(mpmath.matrix((a + t * b).tolist()))

    t = Value(0.0)
    first = autograd.grad(linalg.det(a + t * b), t, create_graph=True)
    assert first.data == pytest.approx(float(mpmath.diff(det, 0)), abs=1e-9)
    assert autograd.grad(first, t) == pytest.approx(float(mpmath.diff(det, 0, 2)), abs=1e-9)


RECORDED = {
    "solve": lambda a: autograd.dot(linalg.solve(a, [1.0, -2.0, 3.0, 4.0]), [1.0, 2.0, 3.0, 4.0]),
    "inv": lambda a: linalg.inv(a)[0][3],
    "det": linalg.det,
    "slogdet": lambda a: linalg.slogdet(a).logabsdet,
    "sign": lambda a: linalg.slogdet(a).sign * a[0][0],
    "cholesky": lambda a: autograd.sum(
        linalg.cholesky(dominant(a)).ravel() if False else linalg.cholesky(dominant(a))[3]
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_batch_goes_along_one_path_and_each_row_is_the_eager_one(name):
    rng = np.random.default_rng(5)
    batch = np.concatenate([rng.normal(size=(40, 4, 4)), rng.integers(-1, 2, size=(40, 4, 4)) + np.eye(4)[::-1] * 5])
    f = autograd.compile(RECORDED[name], in_axes=0)
    found, slopes = f.value_and_grad(batch)
    assert len(f.tapes) == 1
    for row, z, gradient in zip(batch, found, slopes, strict=True):
        leaves = values(row)
        eager = RECORDED[name](leaves)
        eager.backward()
        assert z == pytest.approx(eager.data, rel=1e-12, abs=1e-13)
        np.testing.assert_allclose(gradient, [[v.grad for v in r] for r in leaves], rtol=1e-9, atol=1e-11)


def test_a_singular_row_of_a_batch_touches_no_other():
    batch = np.array([[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [2.0, 4.0]], [[0.0, 1.0], [1.0, 0.0]], [[0.0] * 2] * 2])
    solve = autograd.compile(lambda a: linalg.solve(a, [1.0, 1.0]), in_axes=0)
    found = np.array(solve(batch))
    assert np.isfinite(found[0]).all()
    assert not np.isfinite(found[1]).any()
    assert found[2].tolist() == [1.0, 1.0]
    sign, size = autograd.compile(lambda a: tuple(linalg.slogdet(a)), in_axes=0)(batch)
    assert list(sign) == [-1.0, 0.0, -1.0, 0.0]
    assert list(size) == [pytest.approx(math.log(2.0)), -math.inf, 0.0, -math.inf]
    gradient = autograd.compile(linalg.det, in_axes=0).grad(batch)
    assert np.array(gradient).tolist() == [adjugate(a).tolist() for a in batch]
    zeros = autograd.compile(linalg.det, in_axes=0).grad(np.zeros((2, 5, 5)))
    assert not np.array(zeros).any()
    assert np.isnan(autograd.compile(lambda a: linalg.cholesky(a)[1], in_axes=0)(-batch[:2])[1]).all()


def test_lists_give_lists_and_arrays_arrays():
    a, b = [[2, 1], [1, 3]], (3, 4)
    assert linalg.solve(a, b) == [pytest.approx(1.0), pytest.approx(1.0)]
    assert linalg.solve(a, [[3.0], [4.0]]) == [[pytest.approx(1.0)], [pytest.approx(1.0)]]
    for found in (
        linalg.solve(np.array(a), b),
        linalg.solve(a, np.array(b)),
        linalg.inv(np.array(a, dtype=np.float32)),
    ):
        assert isinstance(found, np.ndarray)
        assert found.dtype == float
    assert type(linalg.det(np.array(a))) is type(linalg.det([[1]])) is float
    lower = linalg.cholesky([[Value(4.0), math.nan], [2.0, 5.0]])
    assert [[v.data for v in row] for row in lower] == [[2.0, 0.0], [1.0, 2.0]]
    assert all(isinstance(v, Value) for v in linalg.solve([[2.0, 0.0], [0.0, 1.0]], [1.0, Value(1.0)]))
    assert linalg.det([]) == 1.0
    assert linalg.solve([], []) == linalg.inv([]) == linalg.cholesky([]) == []
    assert linalg.slogdet([]) == (1.0, 0.0)


def test_nothing_overflows_that_need_not():
    large = [1e200, 1e-200, 1e200, 1e-200]
    assert linalg.det(np.diag(large)) == pytest.approx(1.0)
    assert linalg.slogdet(np.diag([1e300] * 4)) == (1.0, pytest.approx(1200 * math.log(10.0)))
    assert linalg.solve([[1e-300, 1.0], [1.0, 1.0]], [1.0, 2.0]) == pytest.approx([1.0, 1.0])


def test_what_is_refused():
    singular = [[Value(1.0), 2.0], [2.0, 4.0]]
    for function in (lambda: linalg.solve(singular, [1.0, 2.0]), lambda: linalg.inv(singular)):
        with pytest.raises(np.linalg.LinAlgError, match="the matrix is singular: once 1 of its 2 columns"):
            function()
    with pytest.raises(np.linalg.LinAlgError, match=r"not positive definite: of row 1 is left -3"):
        linalg.cholesky([[1.0, 2.0], [2.0, 1.0]])
    for function in (linalg.inv, linalg.det, linalg.slogdet, linalg.cholesky):
        with pytest.raises(np.linalg.LinAlgError, match="a square matrix, got 2 rows of 3"):
            function(np.ones((2, 3)))
        with pytest.raises(TypeError, match="expected a matrix"):
            function(Value(2.0))
    with pytest.raises(ValueError, match="2 rows in a, 3 in b"):
        linalg.solve([[1.0, 0.0], [0.0, 1.0]], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="rows of one length, got 2, 1"):
        linalg.det([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match=r"got an array of shape \(2, 2, 2\)"):
        linalg.inv(np.ones((2, 2, 2)))
    with pytest.raises(TypeError, match="solve: b"):
        linalg.solve([[1.0]], ["a"])


def test_the_graph_is_as_large_as_the_matrix():
    leaves = values(np.random.default_rng(1).normal(size=(10, 10)))
    z = autograd.sum(linalg.solve(leaves, [1.0] * 10))
    assert len(autograd.topological_order(z)) < 3 * 100
