"""Jacobians and Hessians, sparse or large, beside dense ones and the eager engine."""

import builtins
import math
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from autograd._build import native
from autograd.compiled import entries as entries_of
from autograd.compiled import matrices
from tests.random_graphs import eager_hessian, on_values, programs

scipy_sparse = pytest.importorskip("scipy.sparse")


def rosenbrock(x):
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def rosenbrock_hessian(x):
    """In closed form."""
    n = len(x)
    found = np.zeros((n, n))
    for i in range(n - 1):
        found[i, i] += 1200.0 * x[i] ** 2 - 400.0 * x[i + 1] + 2.0
        found[i + 1, i + 1] += 200.0
        found[i, i + 1] = found[i + 1, i] = -400.0 * x[i]
    return found


def met(x):
    """A function in which all inputs meet, along what is not linear."""
    return autograd.logsumexp(list(x)) * sum(v * v for v in x)


def met_hessian(x):
    """In closed form."""
    top = x.max()
    share = np.exp(x - top) / np.exp(x - top).sum()
    total, value = float(x @ x), top + math.log(np.exp(x - top).sum())
    curved = np.diag(share) - np.outer(share, share)
    return total * curved + np.outer(share, 2 * x) + np.outer(2 * x, share) + 2 * value * np.eye(len(x))


def shifted(x):
    return [x[i] * x[(i + 1) % len(x)] ** 2 + autograd.sin(x[i]) for i in range(len(x))]


def shifted_jacobian(x):
    n = len(x)
    found, after = np.zeros((n, n)), np.roll(x, -1)
    found[range(n), range(n)] = after**2 + np.cos(x)
    found[range(n), (np.arange(n) + 1) % n] = 2.0 * x * after
    return found


@pytest.fixture(params=["rows", "directions"])
def way(request, monkeypatch):
    """Both ways to the values, whatever is quicker, and whatever is large."""
    monkeypatch.setattr(entries_of, "SHARED", 10**6 if request.param == "rows" else -1)
    monkeypatch.setattr(matrices, "LARGE", 1)
    return request.param


def as_dense(f, kind, *args, **options):
    """The matrix, three ways, which must be the same."""
    call = getattr(f, kind)
    matrix = call(*args, sparse=True, **options)
    pattern = f.pattern(*args, of=kind, **options)
    for _ in range(2):  # the second time by a repetition
        values = call(*args, sparse="values", **options)
        again = call(*args, sparse=True, **options)
        np.testing.assert_array_equal(values, matrix.data)
        np.testing.assert_array_equal(again.toarray(), matrix.toarray())
    assert isinstance(matrix, scipy_sparse.csr_array)
    assert matrix.has_canonical_format
    assert matrix.indices.tolist() == pattern.columns.tolist()
    assert matrix.indptr.tolist() == pattern.begins.tolist()
    assert (matrix.shape, matrix.nnz) == (pattern.shape, pattern.nnz)
    return matrix.toarray()


# --- of what is known in closed form ---------------------------------------------------------------------------------


def test_rosenbrock_of_a_thousand_variables():
    x = np.linspace(-1.5, 2.0, 1000)
    f = compile(rosenbrock)
    dense = f.hessian(x)
    np.testing.assert_allclose(dense, rosenbrock_hessian(x), rtol=1e-12, atol=1e-12)
    assert f.hessian(x, sparse=True).toarray().tolist() == dense.tolist()
    pattern = f.pattern(x)
    assert (pattern.nnz, pattern.colouring.count) == (2998, 3)
    assert f.pattern(x + 1.0) is pattern
    other = x[::-1].copy()
    np.testing.assert_allclose(f.hessian(other), rosenbrock_hessian(other), rtol=1e-12, atol=1e-12)


def test_a_jacobian_of_a_thousand_by_a_thousand():
    x = np.linspace(-1.5, 2.0, 1000)
    f = compile(shifted)
    dense = f.jacobian(x)
    assert (type(dense), len(dense), dense[0].shape) == (list, 1000, (1000,))
    np.testing.assert_allclose(np.array(dense), shifted_jacobian(x), rtol=1e-12, atol=1e-12)
    assert f.jacobian(x, sparse=True).toarray().tolist() == np.array(dense).tolist()
    assert f.pattern(x, of="jacobian").nnz == 2000


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


@given(programs(max_steps=25), st.booleans())
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


# --- paths, arguments, structures ------------------------------------------------------------------------------------


def branching(x):
    total = x[0] * x[1]
    for v, w in pairwise(x):
        total = total + (v * w**2 if v > w else v**3)
    return total


def test_each_path_has_a_pattern_of_its_own(way):
    f = compile(branching)
    rng = np.random.default_rng(0)
    points = [rng.normal(size=4) for _ in range(12)]
    patterns = {}
    for _ in range(3):
        for x in points:
            expected = eager_hessian(lambda *x: branching(x), x.tolist())
            np.testing.assert_allclose(as_dense(f, "hessian", x), expected, rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(f.hessian(x), expected, rtol=1e-12, atol=1e-12)
            key = tuple((x[:-1] > x[1:]).tolist())
            assert f.pattern(x) is patterns.setdefault(key, f.pattern(x))
    assert len({id(p) for p in patterns.values()}) == len(patterns) > 3


def test_rows_beyond_the_paths_that_are_kept_are_right_too(way):
    f = compile(branching, max_paths=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for x in (np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 4.0]), np.array([3.0, 2.0, 1.0])):
            expected = eager_hessian(lambda *x: branching(x), x.tolist())
            np.testing.assert_allclose(as_dense(f, "hessian", x), expected, rtol=1e-12)
            np.testing.assert_allclose(f.hessian(x), expected, rtol=1e-12)
    assert len(f.tapes) == 1


def structured(p, y, k=2):
    return {"a": (p["w"] * y[0]) ** k, "b": [p["s"] * p["w"][0], y[1] ** 3]}


def test_several_arguments_and_structures(way):
    f, args = compile(structured, static_argnames="k"), ({"w": np.array([1.0, 2.0]), "s": 3.0}, [4.0, 5.0])
    old, matrices.LARGE = matrices.LARGE, 10**9
    try:
        small = compile(structured, static_argnames="k").jacobian(*args, argnums=(1, 0), k=3)
    finally:
        matrices.LARGE = old
    large = f.jacobian(*args, argnums=(1, 0), k=3)

    def flat(found):
        rows = [
            [found["a"][0][0][i], found["a"][0][1][i], found["a"][1]["s"][i], *found["a"][1]["w"][i]] for i in (0, 1)
        ]
        return rows + [[*b[0], b[1]["s"], *b[1]["w"]] for b in found["b"]]

    np.testing.assert_allclose(flat(large), flat(small), rtol=1e-12)
    sparse = as_dense(f, "jacobian", *args, argnums=(1, 0), k=3)
    np.testing.assert_allclose(sparse, flat(small), rtol=1e-12)
    assert type(large["b"][0][1]["s"]) is float
    one = compile(lambda p, y: sum(structured(p, y)["a"]) + structured(p, y)["b"][0])
    everything = np.array([3.0, 1.0, 2.0, 4.0, 5.0])
    expected = eager_hessian(
        lambda s, w, v, y, z: sum(structured({"w": np.array([w, v]), "s": s}, [y, z])["a"]) + s * w, everything.tolist()
    )
    np.testing.assert_allclose(as_dense(one, "hessian", *args, argnums=(0, 1)), expected, rtol=1e-12)
    np.testing.assert_allclose(as_dense(one, "hessian", *args, argnums=1), expected[3:, 3:], rtol=1e-12)
    np.testing.assert_allclose(one.hessian(*args, argnums=-1), expected[3:, 3:], rtol=1e-12)


def test_captured_values_and_weights(way):
    w = [Value(2.0), Value(3.0)]
    f = compile(lambda x: x[0] ** 2 * w[0] + x[1] ** 3 * w[1])
    x = np.array([1.0, 2.0])
    assert as_dense(f, "hessian", x).tolist() == [[4.0, 0.0], [0.0, 36.0]]
    w[1].data = 1.0
    assert as_dense(f, "hessian", x).tolist() == [[4.0, 0.0], [0.0, 12.0]]
    loss = compile(lambda x: w[0] ** 2 * x[0] + (w[1] * x[1]) ** 2, weights=w)
    assert as_dense(loss, "hessian", np.array([2.0, 1.0]), x).tolist() == [[2.0, 0.0], [0.0, 8.0]]
    assert as_dense(loss, "hessian", np.array([2.0, 1.0]), x, argnums=1).tolist() == [[0.0, 0.0], [0.0, 2.0]]


def test_nothing_to_differentiate(way):
    assert as_dense(compile(lambda x: x[0] + 2.0 * x[1]), "hessian", np.ones(2)).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert as_dense(compile(lambda x: x.sum() + 1.0 if len(x) else Value(1.0)), "hessian", np.ones(0)).shape == (0, 0)
    assert as_dense(compile(lambda x, y: [y, y]), "jacobian", np.ones(0), 1.0).shape == (2, 0)
    assert compile(lambda x, y: y).hessian(np.ones(70), 1.0).shape == (70, 70)
    assert compile(lambda x: [x[0].detach()] * 2).pattern(np.ones(3), of="jacobian").nnz == 0


def test_an_answer_is_nobody_elses(way):
    f, x = compile(rosenbrock), np.linspace(0.5, 1.5, 70)
    for sparse in (False, True, "values"):
        found = [f.hessian(x, sparse=sparse) for _ in range(3)]
        arrays = [y.data if sparse is True else y for y in found]
        arrays[0][:] = 7.0
        np.testing.assert_array_equal(arrays[1], arrays[2])
        assert not (arrays[1] == 7.0).all()
        if sparse is True:
            found[0].indices[:] = 0
            assert found[1].indices.tolist() == f.pattern(x).columns.tolist()
    y = compile(met).hessian(x)
    z = compile(met).hessian(x + 1.0)
    assert (y != z).any()


@pytest.mark.skipif(not native, reason="repetitions are compiled")
def test_calls_are_repeated():
    f, x = compile(rosenbrock), np.linspace(0.5, 1.5, 70)
    f.hessian(x, sparse=True)
    ((key, kept),) = [item for item in f._traced.repetitions.kept.items() if "hessian" in item[0][0]]
    assert key == ("hessian entries", 0)
    f.hessian(x, sparse=True)
    f.hessian(x)
    f.hessian(x, sparse="values")
    assert kept[0].hits == 3
    x[3] = math.nan
    assert np.isnan(f.hessian(x)[2:5, 2:5]).any()


@pytest.mark.filterwarnings("ignore:.*another path at every call:RuntimeWarning")
def test_jacobians_on_ever_new_paths(monkeypatch):
    monkeypatch.setattr(matrices, "LARGE", 4)

    def f(x):
        k = 0
        while x[0] > 1.0:
            x, k = x * 0.5, k + 1
        return [x[0] * x[1], x[1] + 0.0 * k]

    fast = compile(f, max_paths=1000)
    for k in range(60):
        x = np.array([1.5 * 2.0**k, 3.0])
        scale = 0.5 ** (k + 1)
        expected = [[3.0 * scale**2, x[0] * scale**2], [0.0, scale]]
        np.testing.assert_allclose(np.array(fast.jacobian(x)), expected, rtol=1e-12)
        np.testing.assert_allclose(fast.jacobian(x, sparse=True).toarray(), expected, rtol=1e-12)


# --- what is refused -------------------------------------------------------------------------------------------------


def test_refusals():
    f, x = compile(rosenbrock), np.ones(3)
    for sparse in ("csr", 1, None, "value"):
        with pytest.raises(
            ValueError, match=r"hessian: sparse is .*it is False for an array, True for SciPy's matrix, or"
        ):
            f.hessian(x, sparse=sparse)
        with pytest.raises(ValueError, match=r"jacobian: sparse is "):
            f.jacobian(x, sparse=sparse)
    for batched in (compile(rosenbrock, in_axes=0), compile(rosenbrock, in_axes=0, reduce="sum")):
        for kind in ("hessian", "jacobian"):
            with pytest.raises(
                ValueError, match=r"is that of one call, this one has a batch of 2: compile the function"
            ):
                getattr(batched, kind)(np.ones((2, 3)), sparse=True)
            with pytest.raises(ValueError, match="batch of 2"):
                batched.pattern(np.ones((2, 3)), of=kind)
        assert batched.hessian(np.ones((2, 3))).shape[-2:] == (3, 3)
    twice = compile(lambda x, y: (x * y).sum())
    with pytest.raises(ValueError, match=r"argnums is \(0, 0\): a sparse hessian is by each argument once"):
        twice.hessian(x, x, argnums=(0, 0), sparse=True)
    assert twice.hessian(np.ones(50), np.ones(50), argnums=(0, 1, 0)).shape == (150, 150)
    with pytest.raises(ValueError, match=r'pattern: of is .*; it is "hessian" or "jacobian"'):
        f.pattern(x, of="gradient")
    with pytest.raises(ValueError, match="argnums has 3"):
        f.hessian(x, sparse=True, argnums=3)
    several = compile(shifted)
    for call in (several.hessian, several.pattern):
        with pytest.raises(TypeError, match="wants a function of one number"):
            call(np.ones(70))
    with pytest.raises(TypeError, match="wants a function of one number"):
        several.hessian(np.ones(70), sparse=True)
    with pytest.raises(autograd.RecordingError, match="derivatives of a compiled function are numbers"):
        compile(lambda x: f.hessian(x, sparse="values")[0])(x)


def test_without_scipy(monkeypatch):
    real = builtins.__import__

    def none(name, *args, **kwargs):
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", none)
    f, x = compile(rosenbrock), np.ones(3)
    with pytest.raises(ImportError, match="SciPy, which is not installed: pip install scipy, or ask for"):
        f.hessian(x, sparse=True)
    assert len(f.hessian(x, sparse="values")) == f.pattern(x).nnz == 7
