"""Calls for sparse or large matrices: paths, arguments, structures, repetitions, refusals."""

import builtins
import math
import warnings
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import Value, compile
from autograd._build import native
from autograd.compiled import matrices
from tests.compiled.known_matrices import as_dense, met, met_hessian, rosenbrock, rosenbrock_hessian, shifted
from tests.random_graphs import eager_hessian

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


@pytest.mark.filterwarnings("ignore:.*takes more than 1 paths:RuntimeWarning")
def test_results_of_another_structure_are_refused():
    f = compile(lambda x: [x[0] * x[1]] * (2 if x[0] > 0.0 else 3), max_paths=1)
    assert f.jacobian(np.ones(2), sparse=True).shape == (2, 2)
    with pytest.raises(TypeError, match="the structure of its result depends on the path"):
        f.jacobian(-np.ones(2), sparse=True)


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
    for argnums in ((-1, 0), [1, -2], (np.int64(1), 0)):
        for _ in range(2):
            np.testing.assert_array_equal(flat(f.jacobian(*args, argnums=argnums, k=3)), flat(large))
    for _ in range(2):
        assert f.jacobian(*args, argnums=-1, k=3)["b"][1] == large["b"][1][0]
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
    f, x = compile(rosenbrock), np.linspace(0.5, 1.5, 70 if autograd.native else 20)
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


def test_calls_at_once_by_many_threads(way):
    chain, star = compile(rosenbrock), compile(met)
    points = [np.linspace(0.5, 1.5, 30) + i for i in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(chain.hessian, points)), list(pool.map(star.hessian, points))
    for x, one, other in zip(points, *found, strict=True):
        np.testing.assert_allclose(one, rosenbrock_hessian(x), rtol=1e-12)
        np.testing.assert_allclose(other, met_hessian(x), rtol=1e-11, atol=1e-11 * np.abs(other).max())


def test_anomalies_are_told(way):
    f, x = compile(lambda x: sum(autograd.sqrt(v) * v for v in x)), np.array([1.0, 0.0, 1.0])
    for options in ({}, {"sparse": True}):
        for _ in range(2):
            with autograd.detect_anomaly(), pytest.raises(autograd.AnomalyError, match="backward through sqrt"):
                f.hessian(x, **options)
            assert np.isnan(f.hessian(x, sparse="values")).tolist() == [False, True, False]


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
    with pytest.raises(TypeError, match='or ask for of="jacobian"'):
        several.pattern(np.ones(70))
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
