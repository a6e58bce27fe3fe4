"""Jacobians and Hessians, sparse or large, beside closed forms, dense ones and the eager engine."""

import math
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import compile
from autograd._build import native
from autograd.compiled import entries as entries_of
from autograd.compiled import matrices
from tests.compiled.known_matrices import (
    as_dense,
    met,
    met_hessian,
    rosenbrock,
    rosenbrock_hessian,
    shifted,
    shifted_jacobian,
)
from tests.random_graphs import eager_hessian, on_values, programs
from tests.sizes import some

# --- of what is known in closed form ---------------------------------------------------------------------------------


def test_rosenbrock_of_a_thousand_variables():
    n = 1000 if native else 200
    x = np.linspace(-1.5, 2.0, n)
    f = compile(rosenbrock)
    dense = f.hessian(x)
    np.testing.assert_allclose(dense, rosenbrock_hessian(x), rtol=1e-12, atol=1e-12)
    assert f.hessian(x, sparse=True).toarray().tolist() == dense.tolist()
    pattern = f.pattern(x)
    assert (pattern.nnz, pattern.colouring.count) == (3 * n - 2, 3)
    assert f.pattern(x + 1.0) is pattern
    other = x[::-1].copy()
    np.testing.assert_allclose(f.hessian(other), rosenbrock_hessian(other), rtol=1e-12, atol=1e-12)


def test_a_jacobian_of_a_thousand_by_a_thousand():
    n = 1000 if native else 200
    x = np.linspace(-1.5, 2.0, n)
    f = compile(shifted)
    dense = f.jacobian(x)
    assert (type(dense), len(dense), dense[0].shape) == (list, n, (n,))
    np.testing.assert_allclose(np.array(dense), shifted_jacobian(x), rtol=1e-12, atol=1e-12)
    assert f.jacobian(x, sparse=True).toarray().tolist() == np.array(dense).tolist()
    assert f.pattern(x, of="jacobian").nnz == 2 * n


def test_a_hessian_in_which_all_meet():
    for n in (1, 5, 64, 65, 150):
        x = np.linspace(-1.0, 1.5, n)
        f = compile(met)
        for _ in range(2):
            np.testing.assert_allclose(f.hessian(x), met_hessian(x), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(f.hessian(x, sparse=True).toarray(), met_hessian(x), rtol=1e-12, atol=1e-12)


def test_both_ways(way):
    for n in (2, 3, 40, 130):
        x = np.linspace(-1.5, 2.0, n)
        f = compile(rosenbrock)
        expected = rosenbrock_hessian(x)
        np.testing.assert_allclose(as_dense(f, "hessian", x), expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(f.hessian(x), expected, rtol=1e-12, atol=1e-12)
        g = compile(shifted)
        expected = shifted_jacobian(x) if n > 2 else as_dense(g, "jacobian", x)
        np.testing.assert_allclose(as_dense(g, "jacobian", x), expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(np.array(g.jacobian(x)), expected, rtol=1e-12, atol=1e-12)


def test_an_arrow_has_two_colours(way):
    n = 50
    f = compile(lambda x: x[7] * sum(v**3 for v in x))
    x = np.linspace(0.5, 1.5, n)
    expected = np.diag(6.0 * x * x[7])
    expected[7] += 3.0 * x**2
    expected[:, 7] += 3.0 * x**2
    np.testing.assert_allclose(as_dense(f, "hessian", x), expected, rtol=1e-12)
    assert f.pattern(x).colouring.count == 2


def test_few_results_have_colours_of_rows(way):
    f = compile(lambda x: [sum(v * v for v in x), sum(v**3 for v in x)])
    x = np.linspace(0.5, 1.5, 30)
    np.testing.assert_allclose(as_dense(f, "jacobian", x), [2.0 * x, 3.0 * x**2], rtol=1e-12)
    assert f.pattern(x, of="jacobian").by_rows


# --- of anything -----------------------------------------------------------------------------------------------------


@given(programs(max_steps=20), st.booleans())
@settings(max_examples=some(50))
def test_sparse_is_dense_is_eager(program, by_rows):
    before = entries_of.SHARED, matrices.LARGE
    entries_of.SHARED, matrices.LARGE = (10**6 if by_rows else -1), 1
    try:
        x = np.array(program.leaves)
        n = len(x)
        f = compile(lambda x: program.run(on_values, x))
        expected = eager_hessian(lambda *x: program.run(on_values, x), program.leaves)
        small = compile(lambda x: program.run(on_values, x))
        close = {"rtol": 1e-12, "atol": 1e-12 * max(1.0, np.abs(expected).max())}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of what is found by comparisons alone
            np.testing.assert_allclose(f.hessian(x), expected, **close)
            np.testing.assert_allclose(as_dense(f, "hessian", x), expected, **close)
            pattern = f.pattern(x)
            there = np.zeros((n, n), dtype=bool)
            there[pattern.rows, pattern.columns] = True
            assert there[expected != 0.0].all()
            assert (there == there.T).all()
            slopes = np.array(small.grad(x))
            np.testing.assert_allclose(as_dense(f, "jacobian", x)[0], slopes, **close)
    finally:
        entries_of.SHARED, matrices.LARGE = before


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from("psed")), max_size=15), st.data())
def test_a_planted_pattern_is_found_exactly(terms, data):
    """p: a product, s: a square of the sum, e: an exponential of one, d: what is linear."""

    def f(x):
        total = 0.0 * x[0]
        for i, j, kind in terms:
            if kind == "p":
                total = total + x[i] * x[j]
            elif kind == "s":
                total = total + (x[i] + 2.0 * x[j]) ** 2
            elif kind == "e":
                total = total + autograd.exp(x[i]) - x[j]
            else:
                total = total + 3.0 * x[i] - x[j] / 4.0
        return total

    planted = np.zeros((9, 9), dtype=bool)
    for i, j, kind in terms:
        if kind in "ps":
            planted[i, j] = planted[j, i] = True
        if kind == "s":
            planted[i, i] = planted[j, j] = True
        if kind == "e":
            planted[i, i] = True
    x = np.array(data.draw(st.lists(st.floats(-2.0, 2.0), min_size=9, max_size=9)))
    pattern = compile(f).pattern(x)
    found = np.zeros((9, 9), dtype=bool)
    found[pattern.rows, pattern.columns] = True
    assert found.tolist() == planted.tolist()


@pytest.mark.parametrize(
    ("f", "planted"),
    [
        (lambda x: x[0] * x[1].detach(), []),
        (lambda x: x[0] * autograd.floor(x[1]), []),
        (lambda x: autograd.step(x[0]) * x[1] * x[2], [(1, 2), (2, 1)]),
        (lambda x: autograd.where(autograd.less(x[0], x[1]), x[2] ** 2, x[1] * x[2]), [(1, 2), (2, 1), (2, 2)]),
        (lambda x: abs(x[0]) * x[1] + autograd.relu(x[2]), [(0, 1), (1, 0)]),
        (lambda x: autograd.maximum(x[0], x[1]) * x[2], [(0, 2), (1, 2), (2, 0), (2, 1)]),
        (lambda x: x[0] / x[1] - x[2], [(0, 1), (1, 0), (1, 1)]),
    ],
)
def test_what_is_cut_off_has_no_entries(f, planted):
    pattern = compile(f).pattern(np.array([0.5, 0.7, 0.9]))
    assert [*zip(pattern.rows.tolist(), pattern.columns.tolist(), strict=True)] == planted


@given(st.lists(st.lists(st.integers(0, 5), unique=True).map(sorted), min_size=6, max_size=6))
def test_a_pattern_with_its_mirror_image(rows):
    begins = np.cumsum([0, *map(len, rows)]).astype(np.intc)
    columns = np.array([c for row in rows for c in row], dtype=np.intc)
    there = np.array([[j in row for j in range(6)] for row in rows])
    begins, columns = entries_of.symmetrised(begins, columns)
    found = [columns[begins[i] : begins[i + 1]].tolist() for i in range(6)]
    assert found == [np.flatnonzero(row).tolist() for row in there | there.T]


# --- nan and infinity ------------------------------------------------------------------------------------------------


def plain_hessian(f, x):
    """By the kind of derivative that small ones are: the program of all entries."""
    old, matrices.LARGE = matrices.LARGE, 10**9
    try:
        return compile(f).hessian(x)
    finally:
        matrices.LARGE = old


@pytest.mark.parametrize(
    "f",
    [
        lambda x: autograd.sqrt(x[0]) * x[1] + x[2] * x[3] ** 2 + x[1] * x[2],  # infinite at 0
        lambda x: autograd.where(autograd.less(x[0], 1.0), x[1] ** 2, autograd.log(x[0] - 2.0) * x[1]) * x[2],
        lambda x: autograd.relu(x[0]) ** 2 * autograd.sqrt(x[1]) + sum(v * v for v in x) * x[2],
        lambda x: autograd.maximum(x[0] * x[1], autograd.sqrt(x[0]) * x[2]) + (x[2] * x[3]) ** 2,
        lambda x: sum(autograd.sqrt(v) for v in x) ** 2,
    ],
)
@pytest.mark.parametrize("at", [[0.0, 1.0, 2.0, 3.0], [0.5, 0.0, -1.0, 2.0], [math.inf, 1.0, 2.0, 3.0],
                                [1.0, math.nan, 2.0, 3.0], [-1.0, 0.0, 0.0, 0.0]])  # fmt: skip
def test_what_is_not_finite_stays_where_it_is(f, at, way):
    x = np.array(at)
    expected = plain_hessian(f, x)
    g = compile(f)
    sparse = as_dense(g, "hessian", x)
    pattern = g.pattern(x)
    np.testing.assert_allclose(sparse, expected, rtol=1e-12)
    np.testing.assert_allclose(g.hessian(x), expected, rtol=1e-12)
    assert np.isnan(sparse).sum() <= pattern.nnz


def test_a_row_with_an_infinite_entry_keeps_its_other_ones(way):
    def f(x):
        return [autograd.sqrt(x[0]) + x[1] * x[2], x[1] ** 2, x[0] * x[2]]

    x = np.array([0.0, 2.0, 3.0])
    assert as_dense(compile(f), "jacobian", x).tolist() == [[math.inf, 3.0, 2.0], [0.0, 4.0, 0.0], [3.0, 0.0, 0.0]]


def test_many_rows_that_are_not_finite(way):
    n = 40

    def f(x):
        return [autograd.sqrt(x[i]) * x[0] + x[i] * x[(i + 1) % n] for i in range(n)]

    x = np.where(np.arange(n) % 3, 1.0, 0.0)
    expected = np.array([autograd.jacobian(lambda x, i=i: f(x)[i])(x) for i in range(n)])
    np.testing.assert_allclose(as_dense(compile(f), "jacobian", x), expected, rtol=1e-12)


# --- of functions with rules of their own ----------------------------------------------------------------------------


def test_a_rule_has_entries_where_its_value_has_none():
    @autograd.custom_vjp
    def straight(x, y):
        return autograd.rint(x) * y.detach()

    straight.defvjp(lambda x, y: (straight(x, y), (x, y)), lambda kept, bar: (bar * kept[1], bar * kept[0] * kept[0]))

    def f(x):
        return [straight(a, b) * a for a, b in pairwise(x)]

    n = 400
    x = np.linspace(0.3, 2.9, n)
    fast = compile(f)
    dense = np.array([[*row] for row in autograd.jacobian(f)([*x])])
    assert fast.pattern(x, of="jacobian").nnz == 2 * (n - 1)
    np.testing.assert_allclose(fast.jacobian(x, sparse=True).toarray(), dense, rtol=1e-14)
    np.testing.assert_allclose(fast.jacobian(x), dense, rtol=1e-14)
    total = compile(lambda x: autograd.sum(f(x)))
    few = x[:30].copy()
    expected = autograd.hessian(lambda x: autograd.sum(f(x)))([*few])
    np.testing.assert_allclose(total.hessian(few, sparse=True).toarray(), expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(total.hessian(few), expected, rtol=1e-12, atol=1e-12)
