"""compile: what comes back is what the function and the eager engine give, in the structure that was asked for."""

import copy
import functools
import gc
import math
import pickle
import sys
import threading
import tracemalloc
import warnings
import weakref
from collections import OrderedDict, deque, namedtuple
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Compiled, Value, compile
from autograd.replay import replay
from autograd.replay.replay import Replay
from tests.random_graphs import on_values, programs, value_and_slopes

EXAMPLES = 100 if autograd.native else 30
LARGE = 5_000 if autograd.native else 800
relaxed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
Pair = namedtuple("Pair", "left right")


def mixed(x, y):
    """A branch, a kink, and a little of everything."""
    z = (x * y).sin() + x / (y * y + 1.0) if x > 0.3 else autograd.maximum(x, y).tanh() * x
    return z * z + x.sigmoid() * y


def eager_hessian(f, row):
    leaves = [Value(x) for x in row]
    first = autograd.grad(f(*leaves), leaves, create_graph=True)
    return np.array([autograd.grad(d, leaves) if not d.is_constant else [0.0] * len(row) for d in first])


# --- one row, a batch, a reduced batch ---------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 200])
def test_all_kinds_of_results_row_by_row(n):
    rng = np.random.default_rng(n)
    xs, ys, us, vs = rng.normal(size=(4, n))
    fast = compile(mixed, in_axes=0)
    value, (dx, dy) = fast.value_and_grad(xs, ys, argnums=(0, 1))
    hessian, jacobian = fast.hessian(xs, ys, argnums=(0, 1)), fast.jacobian(xs, ys, argnums=(1,))
    pushed, slope = fast.jvp((xs, ys), (us, vs))
    px, py = fast.hvp((xs, ys), (us, vs), argnums=(0, 1))
    for a in (value, dx, dy, pushed, slope, px, py, jacobian[0]):
        assert isinstance(a, np.ndarray)
        assert (a.shape, a.dtype) == ((n,), np.dtype(float))
    assert hessian.shape == (n, 2, 2)
    for i in range(0, n, 1 if n < 10 else 7):
        row = [xs[i], ys[i]]
        z, *g = value_and_slopes(mixed, row)
        h = eager_hessian(mixed, row)
        assert [value[i], dx[i], dy[i]] == pytest.approx([z, *g], rel=1e-12)
        assert jacobian[0][i] == pytest.approx(g[1], rel=1e-12)
        assert hessian[i] == pytest.approx(h, rel=1e-11, abs=1e-11)
        assert pushed[i] == pytest.approx(z, rel=1e-12)
        assert slope[i] == pytest.approx(np.dot(g, [us[i], vs[i]]), rel=1e-11, abs=1e-13)
        assert [px[i], py[i]] == pytest.approx(h @ [us[i], vs[i]], rel=1e-10, abs=1e-10)


def test_all_kinds_of_results_of_one_row():
    fast = compile(mixed)
    for row in ([0.5, -1.25], [0.1, 2.0], [1.0, 1.0], [-2.0, -2.0]):
        z, *g = value_and_slopes(mixed, row)
        h = eager_hessian(mixed, row)
        value, slopes = fast.value_and_grad(*row, argnums=(0, 1))
        assert type(value) is type(slopes[0]) is type(fast(*row)) is type(fast.grad(*row)) is float
        assert [value, fast(*row), *slopes] == pytest.approx([z, z, *g], rel=1e-14)
        assert fast.hessian(*row, argnums=(0, 1)) == pytest.approx(h, rel=1e-12)
        assert fast.hessian(*row).shape == (1, 1)
        assert fast.jacobian(*row, argnums=(1, 0)) == pytest.approx((g[1], g[0]))
        assert fast.jvp(row, [2.0, -1.0]) == pytest.approx((z, 2.0 * g[0] - g[1]))
        assert fast.hvp(row, [2.0, -1.0], argnums=(0, 1)) == pytest.approx(tuple(h @ [2.0, -1.0]))
        assert fast.hvp(row, [2.0, None], argnums=1) == pytest.approx(2.0 * h[1, 0])


@relaxed
@given(programs(max_steps=25), st.integers(1, 70), st.lists(st.booleans(), min_size=4, max_size=4), st.integers(0, 2**32),
       st.sampled_from([None, "sum", "mean"]))  # fmt: skip
def test_programs_reduced_or_not_with_any_inputs_shared(program, n, shared, seed, reduce):
    rng = np.random.default_rng(seed)
    k = len(program.leaves)
    shared = [*shared[: k - 1], False]
    f = lambda *xs: program.run(on_values, xs)  # noqa: E731
    args = [float(rng.uniform(-2, 2)) if s else rng.uniform(-2, 2, n) for s in shared]
    fast = compile(f, in_axes=tuple(None if s else 0 for s in shared), reduce=reduce)
    value, slopes = fast.value_and_grad(*args, argnums=tuple(range(k)))
    rows = [[a if s else float(a[i]) for a, s in zip(args, shared, strict=True)] for i in range(n)]
    expected = np.array([value_and_slopes(f, row) for row in rows])
    factor = 1.0 / n if reduce == "mean" else 1.0
    scale = np.abs(expected).max() + 1.0
    if reduce:
        assert value == pytest.approx(factor * expected[:, 0].sum(), rel=1e-12, abs=1e-12 * scale)
        for j, (s, d) in enumerate(zip(shared, slopes, strict=True), 1):
            column = factor * expected[:, j]
            assert d == pytest.approx(column.sum() if s else column, rel=1e-11, abs=1e-12 * scale)
    else:
        assert value == pytest.approx(expected[:, 0], rel=1e-12, abs=1e-13 * scale)
        assert pytest.approx(expected[:, 1:], rel=1e-12, abs=1e-12 * scale) == np.array(slopes).T


@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_reduced_derivatives_of_all_kinds(reduce):
    rng = np.random.default_rng(0)
    n = 130
    xs, ts = rng.normal(size=(2, n, 2))
    w, u = np.array([0.7, -0.4, 1.1]), np.array([1.0, 2.0, -3.0])

    def f(w, x):
        z = w[0] * x[0] + w[1] * x[1] + w[2]
        return z.tanh() * w[0] + x[0] * x[1] if z > 0 else z * z * w[1] + x[1]

    fast = compile(f, in_axes=(None, 0), reduce=reduce)
    factor = 1.0 / n if reduce == "mean" else 1.0
    flat = lambda *v: f(v[:3], v[3:])  # noqa: E731
    rows = [value_and_slopes(flat, [*w, *x]) for x in xs]
    g = factor * np.array(rows)[:, 1:]
    h = factor * np.array([eager_hessian(flat, [*w, *x]) for x in xs])
    value, (dw, dx) = fast.value_and_grad(w, xs, argnums=(0, 1))
    assert isinstance(value, float)
    assert value == pytest.approx(factor * sum(r[0] for r in rows), rel=1e-12)
    assert dw == pytest.approx(g[:, :3].sum(0), rel=1e-11)
    assert dx.shape == xs.shape
    assert dx == pytest.approx(g[:, 3:], rel=1e-12)
    assert fast.grad(w, xs) == pytest.approx(dw, rel=1e-14)
    assert fast.jacobian(w, xs) == pytest.approx(dw, rel=1e-14)
    assert fast.jacobian(w, xs, argnums=1) == pytest.approx(dx, rel=1e-14)
    assert fast.hessian(w, xs) == pytest.approx(h[:, :3, :3].sum(0), rel=1e-10, abs=1e-12)
    assert fast.hessian(w, xs, argnums=1) == pytest.approx(h[:, 3:, 3:], rel=1e-10, abs=1e-12)
    assert fast.hessian(w, xs, argnums=(0, 1)) == pytest.approx(h, rel=1e-10, abs=1e-12)
    pushed, slope = fast.jvp((w, xs), (u, ts))
    assert (pushed, slope) == pytest.approx((value, (g[:, :3] @ u).sum() + (g[:, 3:] * ts).sum()), rel=1e-11)
    pw, px = fast.hvp((w, xs), (u, ts), argnums=(0, 1))
    along = np.concatenate([np.broadcast_to(u, (n, 3)), ts], axis=1)
    expected = np.einsum("nij,nj->ni", h, along)
    assert pw == pytest.approx(expected[:, :3].sum(0), rel=1e-10)
    assert px == pytest.approx(expected[:, 3:], rel=1e-10, abs=1e-12)
    many = compile(lambda w, x: {"a": [x[0], w[0] * x]}, in_axes=(None, 0), reduce=reduce)
    found = many(w, xs)
    assert found["a"][0] == pytest.approx(factor * xs[:, 0].sum())
    assert found["a"][1] == pytest.approx(factor * w[0] * xs.sum(0))
    assert many.jacobian(w, xs)["a"][1][:, 0] == pytest.approx(factor * xs.sum(0))


@pytest.mark.parametrize("reduce", ["sum", "mean"])
@pytest.mark.parametrize("in_axes", [None, (None, None)])
def test_reduce_without_a_batch_is_refused(reduce, in_axes):
    fast = compile(mixed, in_axes=in_axes, reduce=reduce)
    for call in (fast, fast.grad, fast.backward):
        with pytest.raises(ValueError, match="is over a batch, but no argument has one: say by in_axes"):
            call(np.arange(3.0), 2.0)
    with pytest.raises(TypeError, match="primals are a tuple with one for each positional argument, got 2"):
        compile(mixed).hvp(2.0, 1.0)
    with pytest.raises(TypeError, match=r"this gives 2 numbers as \[\*, \*\]: .jacobian has the derivatives of each$"):
        compile(lambda x: [x, x]).grad(1.0)


def test_what_does_not_move_has_no_slope_even_where_a_slope_would_be_infinite():
    f = lambda x, y: x * autograd.sqrt(y)  # noqa: E731
    assert compile(f).jvp((2.0, 0.0), (1.0, None)) == (0.0, 0.0)
    assert compile(f).hvp((2.0, 0.0), (1.0, None)) == 0.0
    w = Value(0.0)
    captured = compile(lambda x: f(x, w))
    assert (captured(2.0), captured.grad(2.0)) == (0.0, 0.0)
    assert captured.jvp((2.0,), (1.0,)) == (0.0, 0.0)
    assert captured.hvp((2.0,), (1.0,)) == 0.0
    assert captured.hessian(2.0).tolist() == [[0.0]]


def test_forward_mode_sends_nothing_through_a_branch_not_taken():
    functions = [
        lambda x: autograd.sqrt(autograd.relu(x)),
        lambda x: autograd.maximum(x, 0.0) ** 0.5 * x,
        lambda x: (
            autograd.where(autograd.less(0.0, x), x, 0.0).log() * 0.0 + autograd.sqrt(autograd.minimum(x, 0.0)) + x
        ),
        lambda x: autograd.sqrt(autograd.step(x) - 1.0) + x * x,
        lambda x: autograd.sqrt(x.detach()) * x,
        lambda x: (x + autograd.relu(x)) ** 2 + autograd.sqrt(autograd.relu(x)),
        lambda x: (autograd.relu(x) + x) ** 2 + autograd.sqrt(autograd.relu(x)),
        lambda x: (autograd.relu(x) * autograd.relu(-x) + x * x).sin() + autograd.sqrt(autograd.maximum(x, 0.0)),
    ]
    xs = np.array([-1.0, 0.0, 2.0, -0.0, 1.0])
    for f in functions:
        fast, alone = compile(f, in_axes=0), compile(f)
        value, slope = fast.jvp((xs,), (np.full(5, 2.0),))
        gradient, hessian, product = fast.grad(xs), fast.hessian(xs), fast.hvp((xs,), (np.full(5, 2.0),))
        for i, x in enumerate(xs.tolist()):
            expected = value_and_slopes(f, [x])
            assert [value[i], gradient[i]] == pytest.approx(expected, nan_ok=True), x
            assert slope[i] == pytest.approx(2.0 * expected[1], nan_ok=True), x
            assert alone.jvp((x,), (2.0,))[1] == pytest.approx(2.0 * expected[1], nan_ok=True), x
            second = eager_hessian(f, [x])[0, 0]
            assert [hessian[i, 0, 0], product[i]] == pytest.approx([second, 2.0 * second], nan_ok=True), x


def test_second_derivatives_at_kinks_are_those_of_the_eager_engine():
    functions = [
        lambda x, y: autograd.hypot(x, y),
        lambda x, y: x**y,
        lambda x, y: autograd.where(autograd.less(0.0, x), x.log() * y, x * y * y),
        lambda x, y: autograd.maximum(x, y) ** 2 + (x * y).relu() * x,
        lambda x, y: abs(x) * y + x.sqrt() * 0.0 + autograd.minimum(x * x, y),
        lambda x, y: autograd.where(x, y / x, x * y) * y,
        lambda x, y: autograd.atan2(x, y) + (x - y).relu() ** 1.5,
        lambda x, y: autograd.sqrt(abs(x)).detach() + x * y,
        lambda x, y: autograd.floor(autograd.sqrt(x)) * y + autograd.step(autograd.cbrt(y)) * x,
        lambda x, y: autograd.no_grad()(lambda: (x * x).sqrt() * y)() * x + autograd.sign(x.cbrt()) * y,
    ]
    points = [(a, b) for a in (0.0, -0.0, 1.0, -1.0, 2.0) for b in (0.0, 1.0, -1.0, 0.5)]
    xs, ys = np.array(points).T
    for f in functions:
        fast = compile(f, in_axes=0)
        hessian = fast.hessian(xs, ys, argnums=(0, 1))
        px, py = fast.hvp((xs, ys), (np.ones(20), np.zeros(20)), argnums=(0, 1))
        for i, row in enumerate(points):
            expected = eager_hessian(f, row)
            assert hessian[i] == pytest.approx(expected, nan_ok=True), row
            assert compile(f).hessian(*row, argnums=(0, 1)) == pytest.approx(expected, nan_ok=True), row
            if np.isfinite(expected).all():
                assert [px[i], py[i]] == pytest.approx(expected[0]), row
                assert compile(f).hvp(row, (1.0, None), argnums=(0, 1)) == pytest.approx(tuple(expected[0])), row


# --- structures --------------------------------------------------------------------------------------------------------


def test_gradients_have_the_structure_of_their_arguments():
    def f(p, x, *rest, scale=1.0, extra=None):
        total = p["w"][0] * x[0] + p["w"][1].sum() * x[1] + p["b"] * p["pair"].left - p["pair"].right * rest[0][0]
        for k, v in p["ordered"].items():
            total = total + v * len(k)
        return (total + p["deque"][0] * p["none"][1] + sum(rest[0])) * scale + (0.0 if extra is None else extra["e"])

    p = {
        "w": [2.0, np.array([[1.0, 2.0], [3.0, 4.0]])],
        "b": Value(5.0),
        "pair": Pair(np.float32(2.0), 3),
        "ordered": OrderedDict(zz=np.float64(1.0), a=Fraction(1, 2)),
        "deque": deque([7.0]),
        "none": (None, True, {}),
    }
    p["none"] = (None, 4, [])
    x, rest = (np.float64(0.5), 2), [np.int64(3), 4.0]
    fast = compile(f)
    value, (dp, dx, dr) = fast.value_and_grad(p, x, rest, scale=2.0, extra={"e": 1.5}, argnums=(0, 1, -1))
    assert value == pytest.approx(2.0 * (1.0 + 20.0 + 10.0 - 9.0 + 2.0 + 0.5 + 28.0 + 7.0) + 1.5)
    assert list(dp) == list(p)
    assert dp["w"][0] == 1.0
    assert dp["w"][1].tolist() == [[4.0, 4.0], [4.0, 4.0]]
    assert (dp["b"], type(dp["b"])) == (4.0, float)
    assert dp["pair"] == Pair(10.0, -6.0)
    assert isinstance(dp["pair"], Pair)
    assert dp["ordered"] == OrderedDict(zz=4.0, a=2.0)
    assert isinstance(dp["ordered"], OrderedDict)
    assert dp["deque"] == deque([8.0])
    assert dp["none"] == (None, 14.0, [])
    assert dx == (4.0, 20.0)
    assert dr == [-4.0, 2.0]
    assert fast.grad(p, x, rest, argnums=-3)["pair"] == Pair(10.0 / 2, -3.0)
    assert len(fast.tapes) == 2
    fast.grad(p, x, rest, argnums=(2, 0))
    assert len(fast.tapes) == 2


def test_results_have_the_structure_of_the_function():
    def f(x, y):
        return {
            "pair": Pair(x * y, [x, 2.0]),
            "array": np.array([[x, y, 1.0], [y, x * x, x + y]]),
            "nested": ((x,), {"k": (y - x,)}),
            "constant": 7,
            "truth": x > y,
            "zero axes": np.where(x > y, x, y),
            "numbers": np.arange(3.0),
        }

    fast = compile(f)
    found = fast(2.0, 3.0)
    assert found["pair"] == Pair(6.0, [2.0, 2.0])
    assert found["array"].tolist() == [[2.0, 3.0, 1.0], [3.0, 4.0, 5.0]]
    assert found["array"].dtype == float
    assert found["nested"] == ((2.0,), {"k": (1.0,)})
    assert (found["constant"], found["truth"], float(found["zero axes"])) == (7.0, 0.0, 3.0)
    assert found["numbers"].tolist() == [0.0, 1.0, 2.0]
    assert list(found) == list(f(Value(2.0), Value(3.0)))
    batch = compile(f, in_axes=0)
    xs, ys = np.array([2.0, 5.0, 1.0]), np.array([3.0, 4.0, 1.0])
    found = batch(xs, ys)
    assert found["pair"].left.tolist() == [6.0, 20.0, 1.0]
    assert found["pair"].right[1].tolist() == [2.0] * 3
    assert found["array"].shape == (3, 2, 3)
    assert found["array"][1].tolist() == [[5.0, 4.0, 1.0], [4.0, 25.0, 9.0]]
    assert found["constant"].tolist() == [7.0] * 3
    assert found["truth"].tolist() == [0.0, 1.0, 0.0]
    assert found["numbers"].tolist() == [[0.0, 1.0, 2.0]] * 3
    jacobian = batch.jacobian(xs, ys, argnums=(0, 1))
    assert [d.tolist() for d in jacobian["pair"].left] == [ys.tolist(), xs.tolist()]
    assert jacobian["array"][0].shape == (3, 2, 3)
    assert jacobian["array"][0][1].tolist() == [[1.0, 0.0, 0.0], [0.0, 10.0, 1.0]]
    assert jacobian["constant"][0].tolist() == [0.0] * 3
    value, slope = batch.jvp((xs, ys), (np.ones(3), np.zeros(3)))
    assert value["array"].tolist() == found["array"].tolist()
    assert slope["array"].tolist() == jacobian["array"][0].tolist()
    with pytest.raises(TypeError, match="wants a function of one number"):
        fast.grad(2.0, 3.0)
    for what in ("hessian", "backward"):
        with pytest.raises(TypeError, match=f"f.{what}: wants a function of one number"):
            getattr(fast, what)(2.0, 3.0)
    with pytest.raises(TypeError, match="wants a function of one number"):
        fast.hvp((2.0, 3.0), (1.0, 0.0))


def test_shapes_of_jacobians():
    f = lambda a, m: m @ a  # noqa: E731
    rng = np.random.default_rng(0)
    a, m = rng.normal(size=3), rng.normal(size=(2, 3))
    da, dm = compile(f).jacobian(a, m, argnums=(0, 1))
    assert da == pytest.approx(m)
    assert dm == pytest.approx(np.einsum("ij,k->ijk", np.eye(2), a))
    batch, shared = compile(f, in_axes=(0, None)), rng.normal(size=(5, 3))
    da, dm = batch.jacobian(shared, m, argnums=(0, 1))
    assert da == pytest.approx(np.broadcast_to(m, (5, 2, 3)))
    assert dm == pytest.approx(np.einsum("ij,nk->nijk", np.eye(2), shared))
    reduced = compile(f, in_axes=(0, None), reduce="sum")
    da, dm = reduced.jacobian(shared, m, argnums=(0, 1))
    assert dm == pytest.approx(np.einsum("ij,k->ijk", np.eye(2), shared.sum(0)))
    assert np.shape(da) in ((5, 2, 3), (2, 5, 3))


def test_results_without_elements_have_derivatives_without_elements():
    f = lambda x, m: {"a": np.empty((2, 0), dtype=object), "b": x * m[0]}  # noqa: E731
    n, x, m = 3, np.arange(3.0), np.array([2.0, 5.0])
    for axes, rows in (((None, None), ()), ((0, None), (n,))):
        xs = x if rows else 1.5
        for reduce in (None, "sum", "mean") if rows else (None,):
            fast = compile(f, in_axes=axes, reduce=reduce)
            value, jacobian = fast(xs, m), fast.jacobian(xs, m, argnums=(0, 1))
            pushed = fast.jvp((xs, m), (xs, m))[1]
            by_rows = rows if reduce is None else ()
            assert value["a"].shape == pushed["a"].shape == (*by_rows, 2, 0)
            assert [d.shape for d in jacobian["a"]] == [(*rows, 2, 0), (*by_rows, 2, 0, 2)]
            assert np.shape(jacobian["b"][1]) == (*by_rows, 2)


def test_derivatives_of_and_by_nothing():
    xs = np.arange(3.0)
    for axis, x in ((None, 2.0), (0, xs)):
        rows = np.shape(x)
        for reduce in (None, "sum") if rows else (None,):
            fast = compile(lambda x, k, e: x * x * k, in_axes=(axis, None, None), reduce=reduce, static_argnames="k")
            args = (x, 3, np.empty((0, 2)))
            for _ in range(3):
                assert fast.hessian(*args, argnums=()).shape == (*(rows if not reduce else ()), 0, 0)
                assert fast.hessian(*args, argnums=1).shape == (*(rows if not reduce else ()), 0, 0)
                assert fast.grad(*args, argnums=(1, 2))[0] is None
                assert fast.grad(*args, argnums=2).shape == (*(rows if not reduce else ()), 0, 2)
                assert fast.jacobian(*args, argnums=()) == ()
                assert fast.jacobian(*args, argnums=1) is None


def test_hessian_over_several_arguments_is_one_matrix():
    f = lambda p, x, k: p["a"][0] * p["b"] * x[1] * x[0] + p["b"] ** 3 * k  # noqa: E731
    args = ({"a": [2.0], "b": 3.0}, np.array([5.0, 7.0]), 1.0)
    h = compile(f).hessian(*args, argnums=(0, 1))
    flat = lambda a, b, x, y: a * b * x * y + b**3  # noqa: E731
    assert h == pytest.approx(eager_hessian(flat, [2.0, 3.0, 5.0, 7.0]))
    swapped = compile(f).hessian(*args, argnums=(1, 0))
    assert swapped == pytest.approx(h[np.ix_([2, 3, 0, 1], [2, 3, 0, 1])])


@pytest.mark.parametrize(
    ("argnums", "expected"),
    [(0, 35.0), (1, 14.0), (-1, 10.0), ((0,), (35.0,)), ((2, 0), (10.0, 35.0)), ([0, 1], (35.0, 14.0)), ((-1, -3), (10.0, 35.0)),
     ((1, 1), (14.0, 14.0)), ((), ()), (np.int64(1), 14.0)],
)  # fmt: skip
def test_argnums(argnums, expected):
    fast = compile(lambda x, y, z: x * y * z)
    assert fast.grad(2.0, 5.0, 7.0, argnums=argnums) == expected
    assert fast.jacobian(2.0, 5.0, 7.0, argnums=argnums) == expected
    batch = compile(lambda x, y, z: x * y * z, in_axes=0)
    found = batch.grad(*np.array([[2.0], [5.0], [7.0]]), argnums=argnums)
    assert np.ravel(found).tolist() == np.ravel(expected).tolist()


@pytest.mark.parametrize("argnums", [3, -4, True, 1.5, "x", (0, 3), (0, True), None, ("0",)])
def test_bad_argnums_are_named(argnums):
    fast = compile(lambda x, y, z: x * y * z)
    for call in (fast.grad, fast.value_and_grad, fast.jacobian, fast.hessian):
        with pytest.raises((ValueError, TypeError), match="argnums"):
            call(2.0, 5.0, 7.0, argnums=argnums)
    with pytest.raises((ValueError, TypeError), match="argnums"):
        fast.hvp((2.0, 5.0, 7.0), (1.0, 1.0, 1.0), argnums=argnums)


def test_keyword_arguments_defaults_and_star_arguments():
    def f(x, *others, w=2.0, power=2, **named):
        return x * w**power + sum(others) + sum(named.values()) * x

    fast = compile(f)
    assert fast(3.0) == 12.0
    assert fast(3.0, 1.0, 2, w=3.0) == 30.0
    assert fast.grad(3.0, 1.0, 2, w=3.0, argnums=(0, 2)) == (9.0, 1.0)
    assert fast(3.0, power=3, extra=1.0, more=[1.0][0]) == 30.0
    assert fast(3.0, more=1.0, extra=1.0, power=3) == 30.0
    assert fast.value_and_grad(3.0, power=3, extra=1.0, more=1.0) == (30.0, 10.0)
    batch = compile(f, in_axes=0)
    assert batch(np.array([1.0, 2.0]), w=3.0).tolist() == [9.0, 18.0]

    def only(x, /, y, *, k):
        return x * y - k

    assert compile(only)(2.0, y=3.0, k=1.0) == 5.0
    assert compile(only).grad(2.0, y=3.0, k=1.0) == 3.0
    with pytest.raises(TypeError, match="missing"):
        compile(only)(2.0, 3.0)


def test_an_axis_for_all_arguments_is_that_of_arrays_by_keyword_too():
    f = lambda x, *, p, k=2.0: x * p["w"] * k if x > 0 else p["w"] - k  # noqa: E731
    xs, ws = np.array([1.0, -2.0]), np.array([3.0, 4.0])
    fast = compile(f, in_axes=0)
    assert fast(xs, p={"w": ws}).tolist() == [6.0, 2.0]
    assert fast(x=xs, p={"w": ws}, k=3.0).tolist() == [9.0, 1.0]
    assert fast(xs, p={"w": 5.0}).tolist() == [10.0, 3.0]
    assert fast(xs, p={"w": ws}, k=np.array([1.0, 10.0])).tolist() == [3.0, -6.0]
    assert fast.grad(xs, p={"w": ws}).tolist() == [6.0, 0.0]
    with pytest.raises(ValueError, match="different lengths"):
        fast(xs, p={"w": np.ones(3)})
    assert compile(f, in_axes=0, reduce="sum").backward(xs, p={"w": ws}) == 8.0


def test_a_batch_by_keyword_is_a_batch_or_refused():
    """`in_axes=0` is said of all arguments: one by keyword may not be taken for an array shared by the batch."""
    fast = compile(lambda x, y: x * y.sum() if hasattr(y, "sum") else x * y, in_axes=0)
    xs, ys = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    try:
        found = fast(xs, y=ys)
    except (TypeError, ValueError):
        return
    assert found.tolist() == fast(xs, ys).tolist() == [3.0, 10.0]


# --- in_axes -----------------------------------------------------------------------------------------------------------


def test_any_axis_can_be_the_batch():
    def f(a, w):
        assert a.shape == (2, 3)
        return (a * w).sum() + a[0, 1] * a[1, 2]

    rng = np.random.default_rng(1)
    a, w = rng.normal(size=(4, 2, 3)), np.array(2.0)
    expected = [float((x * 2.0).sum() + x[0, 1] * x[1, 2]) for x in a]
    gradient = compile(f, in_axes=(0, None)).grad(a, 2.0)
    assert gradient.shape == (4, 2, 3)
    for axis in (0, 1, 2, -1, -2, -3):
        moved = np.moveaxis(a, 0, axis)
        fast = compile(f, in_axes=(axis, None))
        assert fast(moved, w) == pytest.approx(expected)
        found = fast.grad(moved, w)
        assert found.shape in (moved.shape, a.shape)
        assert found == pytest.approx(np.moveaxis(gradient, 0, axis) if found.shape == moved.shape else gradient)
        pushed = fast.jvp((moved, w), (np.ones_like(moved), None))[1]
        assert pushed == pytest.approx(gradient.sum(axis=(1, 2)))


def test_in_axes_follow_structures():
    def f(p, xs, k):
        return p["w"] * xs[0] + p["b"][0] * xs[1][0] + p["b"][1] * k

    p = {"w": np.array([1.0, 2.0, 3.0]), "b": [10.0, np.array([4.0, 5.0, 6.0])]}
    xs = [np.array([1.0, 2.0, 3.0]), (7.0,)]
    expected = [1.0 + 70.0 + 8.0, 4.0 + 70.0 + 10.0, 9.0 + 70.0 + 12.0]
    for axes in (
        ({"w": 0, "b": [None, 0]}, [0, (None,)], None),
        [{"w": 0, "b": [None, 0]}, [0, None], None],
        ({"b": [None, 0], "w": -1}, [0, None], None),
    ):
        fast = compile(f, in_axes=axes)
        assert fast(p, xs, 2.0).tolist() == expected
        g = fast.grad(p, xs, 2.0)
        assert g["w"].tolist() == [1.0, 2.0, 3.0]
        assert np.broadcast_to(g["b"][0], 3).tolist() == [7.0] * 3
        assert g["b"][1].tolist() == [2.0] * 3
    columns = compile(lambda xs: xs[0] * xs[1] - xs[2], in_axes=0)
    data = [np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([5.0, 6.0])]
    assert columns(data).tolist() == [-2.0, 2.0]
    assert [g.tolist() for g in columns.grad(data)] == [[3.0, 4.0], [1.0, 2.0], [-1.0, -1.0]]


@st.composite
def structures(draw, depth=0):
    """An argument of any structure with the axes of its batch: pairs (kind, axis, shape) at the leaves."""
    if depth < 3 and draw(st.integers(0, 2 + depth)) == 0:
        parts = draw(st.lists(structures(depth + 1), min_size=1, max_size=3))
        kind = draw(st.sampled_from(["list", "tuple", "dict"]))
        return (
            parts if kind == "list" else tuple(parts) if kind == "tuple" else {f"k{i}": p for i, p in enumerate(parts)}
        )
    kind = draw(
        st.sampled_from(["float", "Value", "int", "array", "objects", "0-d", "float32", "batch", "batch", "batch of 1"])
    )
    shape = (
        tuple(draw(st.lists(st.sampled_from([1, 2, 3, 3, 2, 0]), max_size=2)))
        if kind not in ("float", "Value", "int", "0-d")
        else ()
    )
    axis = draw(st.integers(-len(shape) - 1, len(shape))) if kind.startswith("batch") else None
    return Leaf(kind, axis, shape)


Leaf = namedtuple("Leaf", "kind axis shape")


def over(f, tree):
    """The function of every leaf of what `structures` gives."""
    if isinstance(tree, Leaf):
        return f(tree)
    if isinstance(tree, dict):
        return {key: over(f, part) for key, part in tree.items()}
    return type(tree)(over(f, part) for part in tree)


def leaves_of(tree):
    if isinstance(tree, dict):
        tree = list(tree.values())
    return (
        [leaf for part in tree for leaf in leaves_of(part)]
        if isinstance(tree, (list, tuple)) and not isinstance(tree, Leaf)
        else [tree]
    )


@relaxed
@given(
    st.lists(structures(), min_size=1, max_size=3),
    st.integers(0, 2**32),
    st.sampled_from([None, "sum"]),
    st.integers(1, 4),
)
def test_arguments_of_any_structure(specs, seed, reduce, n):
    rng = np.random.default_rng(seed)

    def make(leaf):
        if leaf.kind in ("float", "Value", "int", "0-d"):
            return {"float": float, "Value": Value, "int": int, "0-d": np.array}[leaf.kind](
                float(rng.integers(-9, 9)) / 2
            )
        if leaf.kind == "objects":
            items = [Value(x) if rng.random() < 0.5 else x for x in rng.normal(size=math.prod(leaf.shape))]
            return np.array([*items, None], dtype=object)[:-1].reshape(leaf.shape)
        if leaf.axis is None:
            return rng.normal(size=leaf.shape).astype(np.float32 if leaf.kind == "float32" else float)
        shape = list(leaf.shape)
        shape.insert(leaf.axis % (len(shape) + 1), n)
        return rng.normal(size=shape)

    def numbers(leaf, x, i):
        """Of one row."""
        x = x if leaf.axis is None else np.take(x, i, axis=leaf.axis)
        return [v.data if isinstance(v, Value) else float(v) for v in np.ravel(np.array(x, dtype=object))]

    def f(*args):
        flat = [
            v for leaf in leaves_of(list(args)) for v in (np.ravel(leaf) if isinstance(leaf, np.ndarray) else [leaf])
        ]
        return of_numbers(*flat)

    def of_numbers(*xs):
        total = xs[0]
        for k, x in enumerate(xs):
            total = total * 0.7 + (x * (k + 1.0)).sin() if x > 0 else total * x + 0.1 * k
        return total

    specs = [*specs, Leaf("float", None, ())]
    args = [over(make, spec) for spec in specs]
    axes = tuple(over(lambda leaf: leaf.axis, spec) for spec in specs)
    flat_specs, flat_args = leaves_of(specs), leaves_of(args)
    batched = any(leaf.axis is not None for leaf in flat_specs)
    fast = compile(f, in_axes=axes, reduce=reduce if batched else None, max_paths=500)
    value, slopes = fast.value_and_grad(*args, argnums=tuple(range(len(args))))
    rows = []
    for i in range(n if batched else 1):
        rows.append(
            value_and_slopes(
                of_numbers, [v for leaf, x in zip(flat_specs, flat_args, strict=True) for v in numbers(leaf, x, i)]
            )
        )
    expected = np.array(rows)
    by_rows = batched and not reduce
    assert np.ravel(value) == pytest.approx(expected[:, 0] if by_rows else expected[:, 0].sum(), rel=1e-11, abs=1e-11)
    at = 1
    for leaf, slope in zip(flat_specs, leaves_of(list(slopes)), strict=True):
        size = math.prod(leaf.shape)
        block = expected[:, at : at + size].reshape(len(rows), *leaf.shape)
        at += size
        if leaf.axis is not None:
            block = np.moveaxis(block, 0, leaf.axis)
        elif not by_rows:
            block = block.sum(0)
        assert np.shape(slope) == block.shape, (leaf, np.shape(slope), block.shape)
        assert np.asarray(slope) == pytest.approx(block, rel=1e-10, abs=1e-10), leaf
        assert isinstance(slope, np.ndarray if leaf.shape else (float, np.ndarray)), leaf


@pytest.mark.parametrize(
    ("axes", "args", "error", "said"),
    [
        (0, (1.0,), ValueError, "it is one number"),
        (0, (Value(1.0),), ValueError, "it is one number"),
        (0, ([1.0, 2.0],), ValueError, "it is one number"),
        (0, (np.array(1.0),), ValueError, "batch axis 0, but its shape is"),
        (1, (np.ones(3),), ValueError, "batch axis 1, but its shape is"),
        (-2, (np.ones(3),), ValueError, "batch axis -2, but its shape is"),
        ((0, 0), (np.ones(3),), ValueError, "2 entries, but there are 1"),
        ((0,), (np.ones(3), 1.0), ValueError, "1 entries, but there are 2"),
        (({"b": 0},), ({"a": np.ones(3)},), ValueError, "does not fit the structure of argument 0"),
        (([0, 0, 0],), ([np.ones(3), np.ones(3)],), ValueError, "does not fit the structure of argument 0"),
        (True, (np.ones(3),), TypeError, "None or a whole number"),
        (0.0, (np.ones(3),), TypeError, "None or a whole number"),
        ("0", (np.ones(3),), TypeError, "None or a whole number"),
        (0, (np.ones(3), np.ones(4)), ValueError, "different lengths"),
        ((0, 1), (np.ones(3), np.ones((3, 4))), ValueError, "different lengths"),
    ],
)
def test_in_axes_that_do_not_fit_are_named(axes, args, error, said):
    with pytest.raises(error, match=said):
        compile(lambda *xs: sum(np.sum(x) for x in xs), in_axes=axes)(*args)


# --- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "said"),
    [
("1", "str"), (b"1", "bytes"), (1j, "complex"), (np.array([1j, 2.0]), "complex"), (object(), "object"),
        (np.array(["a", "b"]), "real numbers"), (np.array([None, 1.0]), "None"), (np.array([1.0, "b"], dtype=object), "str"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "real numbers"), (np.array([2**53 + 1, 0]), "lose digits"),
        (np.array([2**63], dtype=np.uint64), "lose digits"), (np.ones(2, np.longdouble), "lose digits"),
        (np.zeros(2, [("a", float)]), "real numbers"), ({1, 2}, "set"), (lambda x: x, "function"), (10**400, "too large"),
        (np.array([10**400, 1], dtype=object), "too large"), (np.array([[1.0], [2.0, 3.0]], dtype=object), "list"), (range(3), "range"),
    ],
    ids=lambda x: repr(x)[:25] if not callable(x) and type(x) is not object else "f",
)  # fmt: skip
@pytest.mark.parametrize("batched", [False, True])
def test_what_is_no_number_is_refused_by_name(bad, said, batched):
    if getattr(bad, "dtype", None) == np.longdouble and np.dtype(np.longdouble).itemsize == 8:
        pytest.skip("long doubles are doubles here")
    is_array = isinstance(bad, np.ndarray)
    if batched and not is_array:
        pytest.skip("a batch is an array")
    fast = compile(lambda w, x: np.sum(x) * w, in_axes=(None, 0 if batched else None))
    good = np.ones(np.shape(bad))
    for argument in (bad, [bad], {"key": bad}):
        with pytest.raises((TypeError, OverflowError, ValueError), match=said):
            compile(lambda x: x[0] if isinstance(x, list) else x["key"] if isinstance(x, dict) else x * 1.0)(argument)
    with pytest.raises((TypeError, OverflowError), match=said):
        fast(2.0, bad)
    with pytest.raises((TypeError, OverflowError), match=said):
        fast.grad(2.0, bad)
    assert np.ravel(fast(2.0, good)).tolist() == ([2.0] * good.size if batched else [2.0 * good.size])
    if is_array:
        with pytest.raises((TypeError, OverflowError), match=said):  # also when the tape is known
            fast(2.0, bad)
        with pytest.raises((TypeError, OverflowError), match=said):
            fast.jvp((2.0, good), (1.0, bad))


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: None, "None"), (lambda x: "a", "str"), (lambda x: 3.0, "depends on no Value"), (lambda x: [1, 2], "depends on no Value"),
        (lambda x: [], "no Value at all"), (lambda x: {}, "no Value at all"), (lambda x: (x, None), "None"), (lambda x: [x, "b"], "str"),
        (lambda x: x + 1j, "complex"), (lambda x: object(), "object"), (lambda x: (x for _ in range(2)), "generator"),
        (lambda x: np.array(["a", x], dtype=object), "str"), (lambda x: {x, 2.0}, "set"), (lambda x: np.array([]), "no Value at all"),
        (lambda x: np.ones(3), "depends on no Value"), (lambda x: lambda: x, "function"), (lambda x: x.exp, "method"),
        (lambda x: 1j, "complex"), (lambda x: compile, "function"),
    ],
)  # fmt: skip
def test_a_function_that_gives_no_value_is_told_so(f, said):
    for axis, x in ((None, 1.0), (0, np.ones(2))):
        fast = compile(f, in_axes=axis)
        with pytest.raises(TypeError, match=said):
            fast(x)
        assert fast.tapes == []


@pytest.mark.parametrize("axis", [0, None])
def test_a_masked_array_is_refused_where_something_is_masked(axis):
    fast = compile(lambda x: x[0] * x[1] if axis is None else x * x, in_axes=axis)
    x = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    with pytest.raises(TypeError, match="x: a masked array would lose its mask"):
        fast(x)
    with pytest.raises(TypeError, match="input 0: a masked array"):
        Replay(autograd.Tape.record(lambda x: x * x, 1.0))(x)
    assert np.array_equal(fast(np.ma.masked_array([1.0, 2.0])), [1.0, 4.0] if axis == 0 else 2.0)


def test_an_axis_may_be_any_kind_of_whole_number():
    x = np.arange(6.0).reshape(2, 3)
    fast = compile(lambda x: x[0] + x[1], in_axes=(np.int64(1),))
    assert fast(x).tolist() == compile(lambda x: x[0] + x[1], in_axes=1)(x).tolist()


def test_what_a_function_raises_comes_with_its_name_and_row():
    def picky(x):
        assert x < 2.0, "too large"
        return x * x if x > 0 else undefined  # noqa: F821

    fast = compile(picky, in_axes=0)
    for xs, error, row in (
        ([1.0, 3.0], AssertionError, 1),
        ([0.5, 1.0, -1.0], NameError, 2),
        ([3.0], AssertionError, 0),
    ):
        with pytest.raises(error) as caught:
            fast(np.array(xs))
        note = "\n".join(caught.value.__notes__)
        assert "picky" in note
        assert f"row {row}" in note
        assert "static_argnames" in note
    assert fast(np.array([1.0, 1.5])).tolist() == [1.0, 2.25]
    with pytest.raises(AssertionError) as caught:
        compile(picky)(5.0)
    assert "picky" in caught.value.__notes__[0]
    assert "row" not in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"reduce": "max"}, ValueError, "reduce"), ({"reduce": 1}, ValueError, "reduce"), ({"reduce": ["sum"]}, ValueError, "reduce"),
        ({"threads": 0}, ValueError, "threads"), ({"threads": -1}, ValueError, "threads"), ({"threads": 1.5}, ValueError, "threads"),
        ({"threads": True}, ValueError, "threads"), ({"threads": "2"}, ValueError, "threads"),
        ({"static_argnames": "z"}, TypeError, "'z'.*x, y"), ({"static_argnames": ("x", "z")}, TypeError, "'z'"),
        ({"static_argnames": 3}, TypeError, "static_argnames"), ({"static_argnames": [0]}, TypeError, "static_argnames"),
        ({"unknown": 1}, TypeError, "unknown"),
    ],
)  # fmt: skip
def test_bad_options_are_named(options, error, said):
    with pytest.raises(error, match=said):
        compile(lambda x, y: x, **options)
    with pytest.raises(error, match=said):

        @compile(**options)
        def f(x, y):
            return x


@pytest.mark.parametrize("bad", [3, "f", [len]])
def test_what_cannot_be_called_cannot_be_compiled(bad):
    with pytest.raises(TypeError, match="expected a function"):
        compile(bad)


@pytest.mark.parametrize(
    ("primals", "tangents", "said"),
    [
        ((1.0, 2.0), (1.0,), "2 primals, but 1 tangents"), ((1.0, [2.0]), (1.0, 2.0), "structure"), ((1.0, 2.0), (1.0, [2.0]), "structure"),
        ((1.0, np.ones(2)), (1.0, np.ones(3)), "shape"), ((1.0, np.ones(2)), (1.0, 1.0), "shape"), ((1.0, 2.0), (1.0, np.ones(2)), "shape"),
        ((1.0, 2.0), (1.0, "a"), "str"), ((1.0, {"a": 2.0}), (1.0, {"b": 2.0}), "structure"),
    ],
)  # fmt: skip
def test_bad_tangents_are_named(primals, tangents, said):
    fast = compile(lambda x, y: x * np.sum(y[0] if isinstance(y, list) else y["a"] if isinstance(y, dict) else y))
    with pytest.raises((ValueError, TypeError), match=said):
        fast.jvp(primals, tangents)
    with pytest.raises((ValueError, TypeError), match=said):
        fast.hvp(primals, tangents)


def test_tangents_for_another_number_of_rows_are_named():
    fast = compile(lambda x: x * x, in_axes=0)
    with pytest.raises(ValueError, match="tangents for 2 rows, primals for 3"):
        fast.jvp((np.ones(3),), (np.ones(2),))
    with pytest.raises(ValueError, match="tangents: batches of different lengths"):
        compile(lambda x, y: x * y, in_axes=0).jvp((np.ones(3), np.ones(3)), (np.ones(2), np.ones(3)))
    with pytest.raises(TypeError, match="tangents: x is a str"):
        compile(lambda x: x * x).jvp((1.0,), ("right",))


def test_an_empty_batch():
    w = Value(2.0)

    def f(x, m, k):
        return (x * w if x > 0 else -x) + m.sum() * k

    none, m = np.empty(0), np.empty((0, 3))
    fast = compile(f, in_axes=(0, 0, None))
    for _ in range(2):
        value, (dx, dm, dk) = fast.value_and_grad(none, m, 2.0, argnums=(0, 1, 2))
        assert value.shape == dx.shape == dk.shape == (0,)
        assert dm.shape == (0, 3)
        assert fast(none, m, 2.0).shape == (0,)
        assert fast.jacobian(none, m, 2.0, argnums=1).shape == (0, 3)
        assert fast.hessian(none, m, 2.0, argnums=(0, 1)).shape == (0, 4, 4)
        assert [a.shape for a in fast.jvp((none, m, 2.0), (none, m, 1.0))] == [(0,), (0,)]
        assert fast.hvp((none, m, 2.0), (none, m, 1.0), argnums=1).shape == (0, 3)
        fast(np.ones(2), np.ones((2, 3)), 1.0)
    many = compile(lambda x: {"a": x, "b": np.array([x, x])}, in_axes=0)(none)
    assert (many["a"].shape, many["b"].shape) == ((0,), (0, 2))
    total = compile(f, in_axes=(0, 0, None), reduce="sum")
    value, (dx, dk) = total.value_and_grad(none, m, 2.0, argnums=(0, 2))
    assert (value, dx.shape, dk) == (0.0, (0,), 0.0)
    assert total.backward(none, m, 2.0) == 0.0
    assert w.grad == 0.0
    assert total.hessian(none, m, 2.0, argnums=2).tolist() == [[0.0]]
    mean = compile(f, in_axes=(0, 0, None), reduce="mean")
    for call in (mean, mean.grad, mean.value_and_grad, mean.jacobian, mean.hessian, mean.backward):
        with pytest.raises(ValueError, match="mean over an empty batch"):
            call(none, m, 2.0)
    with pytest.raises(ValueError, match="mean over an empty batch"):
        mean.jvp((none, m, 2.0), (none, m, 1.0))
    with pytest.raises(ValueError, match="mean over an empty batch"):
        mean.hvp((none, m, 2.0), (none, m, 1.0))


# --- arrays of every kind ----------------------------------------------------------------------------------------------


def kinds_of_arrays(tmp_path):
    base = np.arange(260.0).reshape(65, 4) / 7.0 - 10.0
    yield "as it is", base
    yield "Fortran-ordered", np.asfortranarray(base)
    yield "every other row", np.repeat(base, 2, axis=0)[::2]
    yield "negative strides", base[::-1, ::-1][::-1, ::-1][::-1]
    yield "columns reversed", base[:, ::-1]
    yield "transposed", base.T.copy().T
    yield "a view into more", np.pad(base, 3)[3:-3, 3:-3]
    yield "one row, repeated", np.broadcast_to(base[:1], (65, 4))
    read_only = base.copy()
    read_only.flags.writeable = False
    yield "read-only", read_only
    mapped = np.memmap(tmp_path / "data", dtype=float, mode="w+", shape=(65, 4))
    mapped[:] = base
    yield "memmap", np.memmap(tmp_path / "data", dtype=float, mode="r", shape=(65, 4))
    packed = np.zeros(65, dtype=[("i", "i4"), ("x", "f8", 4), ("c", "i1")])
    packed["x"] = base
    yield "a field of packed records", packed["x"]
    mixed_up = np.zeros(65, dtype=[("x", "f8", 4), ("c", "i1")])
    mixed_up["x"] = base
    yield "odd strides", mixed_up["x"]
    yield "other byte order", base.astype(base.dtype.newbyteorder())
    yield "float32", base.astype(np.float32)
    yield "float16", base.astype(np.float16)
    yield "int64", (base * 10).astype(int)
    yield "int64 with strides", np.repeat((base * 10).astype(int), 3, axis=1)[:, ::3]
    yield "uint8", np.arange(260, dtype=np.uint8).reshape(65, 4)
    yield "int8", np.arange(260).astype(np.int8).reshape(65, 4)
    yield "bool", base > 0
    yield "large int64", (base * 0).astype(int) + 2**53
    yield "objects", base.astype(object)
    yield "Values", np.array([Value(x) for x in base.ravel()]).reshape(base.shape)
    yield "matrix", base.view(type("Mine", (np.ndarray,), {}))


@pytest.mark.parametrize("length", [65, 64, 1])
def test_arrays_of_every_kind(tmp_path, length):
    def f(x, w):
        return (x[0] * x[1] - x[2] * w[3]) * x[3] + w[0] * w[1] - w[2] if x[0] > w[0] else x[3] + w[3] * x[1]

    batch, alone = compile(f, in_axes=(0, None)), compile(f)
    plain = compile(f, in_axes=(0, None))
    for name, array in kinds_of_arrays(tmp_path):
        xs = array[:length]
        doubles = np.array([v.data if isinstance(v, Value) else float(v) for v in xs.ravel()]).reshape(xs.shape)
        w, w_doubles = xs[length // 2], doubles[length // 2]
        expected, (gx, gw) = plain.value_and_grad(doubles, w_doubles.copy(), argnums=(0, 1))
        found, (dx, dw) = batch.value_and_grad(xs, w, argnums=(0, 1))
        assert found.tobytes() == expected.tobytes(), name
        assert dx.tobytes() == np.ascontiguousarray(gx).tobytes() or np.array_equal(dx, gx), name
        assert np.array_equal(dw, gw), name
        assert (type(dx), dx.dtype) == (np.ndarray, np.dtype(float)), name
        assert alone(xs[0], w) == pytest.approx(expected[0], rel=1e-13, abs=1e-13), name
        z, *g = value_and_slopes(lambda *v: f(v[:4], v[4:]), [*doubles[-1], *w_doubles])
        assert found[-1] == pytest.approx(z, rel=1e-12, abs=1e-12), name
        assert [*dx[-1], *dw[-1]] == pytest.approx(g, rel=1e-12, abs=1e-12), name


def test_single_columns_with_any_stride():
    fast = compile(lambda x: x * 2.0 + 1.0, in_axes=0)
    base = np.arange(300.0)
    packed = np.zeros(70, dtype=[("x", "f8"), ("c", "i4")])
    packed["x"] = base[:70]
    for xs in (base[::4], base[::-3], base[:64], base[5:69], packed["x"], packed["x"][::-2], base.reshape(100, 3)[:, 1],
               np.broadcast_to(np.float64(3.0), 130), base[:1], base[-1:]):  # fmt: skip
        assert fast(xs).tolist() == [2.0 * x + 1.0 for x in xs.tolist()]
        assert fast.grad(xs).tolist() == [2.0] * len(xs)


def test_arrays_without_axes_and_numpy_numbers():
    fast = compile(lambda x, y: x.exp() * y if y > 0 else x * y)
    for number in (
        np.array(2.0),
        np.float64(2.0),
        np.float32(2.0),
        np.int64(2),
        np.array(2),
        Value(2.0),
        Fraction(2),
        2,
        np.array(2.0, object),
    ):
        value, (dx, dy) = fast.value_and_grad(number, np.array(3.0), argnums=(0, 1))
        assert (value, float(dx), float(dy)) == pytest.approx((3.0 * math.exp(2.0), 3.0 * math.exp(2.0), math.exp(2.0)))
    batch = compile(lambda x, y: x.exp() * y if y > 0 else x * y, in_axes=(0, None))
    assert batch(np.array([1.0, 2.0]), np.array(-3.0)).tolist() == [-3.0, -6.0]


def test_arguments_of_mixed_kinds_in_any_order():
    def f(a, b, c, d, e):
        return a * 1.0 + b[0] * 10.0 + b[1] * 100.0 + c * 1e3 + d.sum() * 1e4 + e["k"] * 1e5

    fast = compile(f)
    numbers = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    for shift in range(6):
        v = [(Value, float, int, np.float64)[(k + shift) % 4](x) for k, x in enumerate(numbers)]
        args = (
            v[0],
            [v[1], v[2]],
            v[3],
            np.array([v[4], 0.0], object if shift % 2 else None if not isinstance(v[4], Value) else object),
            {"k": v[5]},
        )
        value, (a, b, c, d, e) = fast.value_and_grad(*args, argnums=(0, 1, 2, 3, 4))
        assert value == 765432.0
        assert (a, b, c, d.tolist(), e) == (1.0, [10.0, 100.0], 1e3, [1e4, 1e4], {"k": 1e5})


def test_arguments_and_results_do_not_share_memory():
    fast = compile(lambda x, a: {"same": x, "twice": [x, x], "array": a, "moved": a[::-1]}, in_axes=(0, 0))
    for n in (3, 64, 128, 200):
        xs, a = np.arange(float(n)), np.ones((n, 2))
        found = fast(xs, a)
        arrays = [found["same"], *found["twice"], found["array"], found["moved"]]
        for k, array in enumerate(arrays):
            array += k + 1.0
        assert xs.tolist() == list(range(n))
        assert (a == 1.0).all()
        assert [float(x.ravel()[0]) for x in arrays] == [1.0, 2.0, 3.0, 5.0, 6.0]
    shared = compile(lambda a, b: a * 1.0)
    a = np.ones(3)
    out = shared(a, 1.0)
    out += 1.0
    assert a.tolist() == [1.0] * 3
    w = np.array([1.0, 2.0])
    g = compile(lambda w, u: w[0] * u[0] + w[1] * u[1]).grad(w, w, argnums=(0, 1))
    g[0][:] = 7.0
    assert g[1].tolist() == w.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("n", [10, 5_000, 600_000])
def test_a_result_stays_when_the_function_is_called_again(n):
    """Large results lie in memory that was used before: not while anybody looks at it."""
    fast = compile(lambda x: [x * 2.0, x + 1.0], in_axes=0)
    xs = np.arange(float(n))
    first = fast(xs)
    kept, view, raw = first[0], first[1][: n // 2 : 2], memoryview(first[1])
    del first
    for k in range(5):
        fast(xs + k)
        gc.collect()
    assert np.array_equal(kept, xs * 2.0)
    assert np.array_equal(view, (xs + 1.0)[: n // 2 : 2])
    assert np.array_equal(np.asarray(raw), xs + 1.0)
    batch = [fast(np.full(n, float(k)))[0] for k in range(6)]
    assert [set(b[[0, n // 2, -1]]) for b in batch] == [{2.0 * k} for k in range(6)]


def test_large_results_made_in_several_threads_stay_apart():
    n = 600_000
    fast = compile(lambda x, k: [x * k, x + k], in_axes=(0, None), threads=2)
    xs = np.arange(float(n))

    def work(k):
        kept = []
        for turn in range(6):
            kept.append((k + turn, fast(xs, float(k + turn))))
            kept = kept[-2:]
            for factor, (product, plus) in kept:
                assert np.array_equal(product[::1000], xs[::1000] * factor)
                assert np.array_equal(plus[::1000], xs[::1000] + factor)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, [1, 10, 100, 1000]))


def test_memory_does_not_grow_with_calls():
    v, w = Value(2.0), Value(3.0)
    fast = compile(lambda a, b: a * b if a > 0 else a - b)
    batch = compile(lambda a, x: a * x if x > 0 else a - x, in_axes=(None, 0), reduce="sum")
    xs = np.linspace(-1.0, 1.0, 100)

    def calls():
        for _ in range(30):
            fast.backward(v, 3.0)
            fast.backward(2.0, w)
            fast.backward(v, w)
            batch.backward(v, xs)
            batch.backward(2.0, xs)
            fast.value_and_grad(2.0, 3.0, argnums=(0, 1))
            fast.grad(2.0, 3.0, argnums=[0, 1])
            batch.jvp((2.0, xs), (1.0, xs))

    calls()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    calls()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 30_000


# --- bits --------------------------------------------------------------------------------------------------------------


def branching(x, w):
    if x[0] > 0.5:
        return (x[0] * w[0] + x[1] * w[1] + w[2]).tanh() * x[1]
    if x[1] * w[0] > x[0]:
        return autograd.maximum(x[0] / x[1], w[1]) + (x[1] * x[1]).log1p()
    return autograd.where(autograd.less(x[1], 0.0), x[0].exp(), x[1].sqrt()) - w[2] * x[0]


def all_bits(fast, xs, w):
    value, (dx, dw) = fast.value_and_grad(xs, w, argnums=(0, 1))
    return value, dx, dw, fast.hessian(xs, w), fast.jvp((xs, w), (xs, w))[1]


def test_a_row_has_its_bits_at_any_place_in_any_batch():
    rng = np.random.default_rng(7)
    xs, w = rng.normal(size=(LARGE, 2)), np.array([0.3, -0.2, 0.9])
    fast = compile(branching, in_axes=(0, None))
    whole = all_bits(fast, xs, w)
    for rows in (
        slice(0, 1),
        slice(17, 18),
        slice(63, 65),
        slice(100, 227),
        slice(None, None, -1),
        slice(-100, None),
        slice(1, None, 61),
    ):
        for a, b in zip(whole, all_bits(fast, xs[rows], w), strict=True):
            assert a[rows].tobytes() == b.tobytes()
    again = compile(branching, in_axes=(0, None))
    all_bits(again, xs[::-1][:3], w)  # paths found in another order
    for a, b in zip(whole, all_bits(again, xs, w), strict=True):
        assert a.tobytes() == b.tobytes()


def test_results_do_not_depend_on_threads():
    rng = np.random.default_rng(8)
    xs, w = rng.normal(size=(6 * LARGE + 11, 2)), np.array([0.3, -0.2, 0.9])
    for reduce in (None, "sum", "mean"):
        first = None
        for threads in (1, 2, 3, None):
            fast = compile(branching, in_axes=(0, None), reduce=reduce, threads=threads)
            found = [np.asarray(a).tobytes() for a in all_bits(fast, xs, w)]
            first = first or found
            assert found == first


@pytest.mark.skipif(not autograd.native, reason="NumPy replays in one thread")
def test_a_few_rows_of_a_long_program_are_spread_too_and_do_not_depend_on_threads():
    def orbit(x, w):
        for _ in range(3000):
            x = x * (1.0 - w * x) + 0.1
        return x

    at_work = set()
    spread = replay.spread

    def watched(work, *rest):
        def noted(span):
            at_work.add(threading.get_ident())
            return work(span)

        return spread(noted, *rest)

    xs, first = np.linspace(0.1, 0.9, 700), None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "spread", watched)
        for threads in (1, 2, 3):
            at_work.clear()
            fast = compile(orbit, in_axes=(0, None), reduce="sum", threads=threads)
            value, (dx, dw) = fast.value_and_grad(xs, 0.5, argnums=(0, 1))
            found = np.array([value, dw, *dx]).tobytes()
            first = first or found
            assert found == first
            assert (threading.get_ident() in at_work) == (threads == 1)
    expected = sum(value_and_slopes(lambda x: orbit(x, 0.5), [x])[0] for x in xs[:20].tolist())
    assert compile(orbit, in_axes=(0, None), reduce="sum")(xs[:20], 0.5) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
def test_a_long_batch_is_sorted_onto_paths_in_blocks(reduce, monkeypatch):
    """As a function without branches it needs memory for its results alone."""
    monkeypatch.setattr(autograd.compiled.rows, "BLOCK", 100)
    w = Value(1.5)

    def f(x, k):
        if x > 1.0:
            return x * w * k
        return -x * k if x < 0.0 else x * x

    x = np.random.default_rng(4).normal(size=730)
    expected = np.where(x > 1.0, 3.0 * x, np.where(x < 0.0, -2.0 * x, x * x))
    dk = np.where(x > 1.0, 1.5 * x, np.where(x < 0.0, -x, 0.0))
    total = {None: lambda a: a, "sum": np.sum, "mean": np.mean}[reduce]
    for most in (64, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            fast = compile(f, in_axes=(0, None), reduce=reduce, max_paths=most)
            for _ in range(2):
                value, (dx, slope) = fast.value_and_grad(x, 2.0, argnums=(0, 1))
                assert np.allclose(value, total(expected), rtol=1e-13)
                assert np.allclose(slope, total(dk), rtol=1e-13)
                assert dx.shape == x.shape
                assert np.allclose(fast.jvp((x, 2.0), (None, 1.0))[1], total(dk), rtol=1e-13)
            if reduce:
                w.zero_grad()
                assert np.isclose(fast.backward(x, 2.0), total(expected), rtol=1e-13)
                assert np.isclose(w.grad, total(np.where(x > 1.0, 2.0 * x, 0.0)), rtol=1e-13)


def test_a_row_of_nan_touches_no_neighbour():
    rng = np.random.default_rng(9)
    w = np.array([0.3, -0.2, 0.9])
    xs = rng.normal(size=(300, 2))
    fast = compile(branching, in_axes=(0, None))
    clean = all_bits(fast, xs, w)
    bad = [3, 64, 65, 130, 299]
    xs[bad] = [[math.nan, 1.0], [1.0, math.nan], [math.inf, -math.inf], [0.0, 0.0], [-1e308, 1e308]]
    dirty = all_bits(fast, xs, w)
    kept = np.setdiff1d(np.arange(300), bad)
    for a, b in zip(clean, dirty, strict=True):
        assert np.array_equal(a[kept], b[kept])
        assert a[kept].tobytes() == b[kept].tobytes()
    assert np.isnan(dirty[0][[3, 64]]).any()


def test_twice_the_same_call_gives_the_same_bits():
    rng = np.random.default_rng(10)
    xs, w = rng.normal(size=(777, 2)), np.array([0.3, -0.2, 0.9])
    fast = compile(branching, in_axes=(0, None), reduce="sum")
    first = [np.asarray(a).tobytes() for a in all_bits(fast, xs, w)]
    assert [np.asarray(a).tobytes() for a in all_bits(fast, xs, w)] == first


# --- static arguments --------------------------------------------------------------------------------------------------


def test_a_tape_for_each_different_static_argument():
    calls = []

    @compile(static_argnames=("n", "kind"))
    def f(x, n, kind="a"):
        calls.append((n, kind))
        return sum(x * k for k in range(n + 1)) if kind == "a" else x**n

    for _ in range(2):
        assert f(2.0, 3) == 12.0
        assert f(2.0, 2) == 6.0
        assert f(2.0, 3, "b") == 8.0
        assert f(2.0, n=3, kind="b") == 8.0
        assert f(2.0, 3, kind="b") == 8.0
        assert f.grad(2.0, 3, "b") == 12.0
    assert set(calls) == {(3, "a"), (2, "a"), (3, "b")}
    assert len(calls) == len(f.tapes) <= 5
    assert f.grad(2.0, 3, "b", argnums=(0, 1)) == (12.0, None)
    assert f.jvp((2.0, 3, "b"), (1.0, None, None)) == (8.0, 12.0)
    assert f.hvp((2.0, 3, "b"), (1.0, None, None)) == 12.0


@pytest.mark.parametrize("wrap", [lambda k: k, lambda k: (k,), lambda k: ("a", (k, 2)), lambda k: frozenset([k])])
def test_static_arguments_that_are_equal_but_differ(wrap):
    def f(x, k):
        while isinstance(k, (tuple, frozenset)):
            k = next(iter(k)) if len(k) == 1 else k[1]
        return x * {bool: 2.0, int: 3.0, float: 5.0, np.float64: 7.0}[type(k)] * math.copysign(1.0, k)

    fast = compile(f, static_argnames="k")
    for k in (1, 1.0, True, np.float64(1.0), 0.0, -0.0, 0, False, -1.0):
        assert fast(1.0, wrap(k)) == f(1.0, wrap(k)), k
        assert compile(f, static_argnames="k")(1.0, wrap(k)) == fast(1.0, wrap(k))


def test_booleans_and_none_are_static_by_themselves():
    fast = compile(lambda x, flag, other=None: (x * 2.0 if flag else x * 3.0) + (0.0 if other is None else other))
    assert fast(1.0, True) == 2.0
    assert fast(1.0, False) == 3.0
    assert fast(1.0, True, 5.0) == 7.0
    assert fast(1.0, flag=False, other=None) == 3.0
    assert fast.grad(1.0, True, None, argnums=(0, 1, 2)) == (2.0, None, None)
    assert fast(1.0, 1) == 2.0  # a number: a Value, which a branch looks at
    assert fast(1.0, 0) == 3.0
    assert fast(1.0, 0.5) == 2.0


@pytest.mark.parametrize("bad", [[1], {"a": 1}, {1}, np.ones(2), ([1],)])
def test_static_arguments_that_cannot_be_hashed_are_named(bad):
    with pytest.raises(TypeError, match=f"^k: .*hashable.*{type(bad).__name__}"):
        compile(lambda x, k: x, static_argnames="k")(1.0, bad)


def test_static_nan_and_other_objects():
    class Kind:
        factor = 3.0

    fast = compile(lambda x, k: x * (k.factor if isinstance(k, type) else 2.0), static_argnames=["k"])
    assert fast(1.0, Kind) == 3.0
    assert fast(1.0, math.nan) == fast(1.0, math.nan) == 2.0
    for _ in range(5):
        fast(1.0, math.nan)
    assert len(fast.tapes) == 2
    assert compile(lambda x, f: f(x), static_argnames="f")(0.5, autograd.sin) == math.sin(0.5)


def test_static_arguments_by_keyword_only_and_in_batches():
    def f(x, *, power):
        return x**power

    fast = compile(f, static_argnames="power", in_axes=0)
    assert fast(np.array([2.0, 3.0]), power=3).tolist() == [8.0, 27.0]
    assert fast.grad(np.array([2.0, 3.0]), power=2).tolist() == [4.0, 6.0]
    several = compile(lambda n, x, m: x * n + m, static_argnames=("n", "m"), in_axes=(None, 0, None))
    assert several(2, np.array([1.0, 2.0]), 3).tolist() == [5.0, 7.0]
    assert several.grad(2, np.array([1.0, 2.0]), 3, argnums=1).tolist() == [2.0, 2.0]


# --- what can be compiled, and how -------------------------------------------------------------------------------------


def test_as_a_decorator_with_and_without_options():
    @compile
    def plain(x):
        """Squares."""
        return x * x

    @compile()
    def called(x):
        return x * x

    @compile(in_axes=0, reduce="sum", threads=1)
    def summed(x):
        return x * x

    assert (plain(3.0), called(3.0), summed(np.array([1.0, 2.0]))) == (9.0, 9.0, 5.0)
    assert (plain.__name__, plain.__doc__, plain.__wrapped__(3.0)) == ("plain", "Squares.", 9.0)
    assert isinstance(plain, Compiled)
    assert "plain" in repr(plain)
    assert plain.grad(3.0) == 6.0


class Model:
    def __init__(self, w):
        self.w = Value(w)

    @compile(in_axes=0, reduce="sum")
    def loss(self, x):
        return self.w * x * x if x > 0 else self.w - x

    @compile(static_argnames=("self", "power"))
    def single(self, x, k=1.0, power=1):
        return self.w * x**power * k

    def plain(self, x):
        return self.w * x

    quick = compile(plain)
    other = compile(lambda self, x: self.w - x)

    @staticmethod
    @compile
    def double(x):
        return x * 2.0

    @functools.cached_property
    def fast(self):
        return compile(lambda x: self.w * x)


def test_methods():
    a, b = Model(2.0), Model(10.0)
    xs = np.array([1.0, -3.0])
    for _ in range(2):
        assert (a.loss(xs), b.loss(xs)) == (7.0, 23.0)
        assert a.loss.grad(xs).tolist() == [4.0, -1.0]
        assert b.loss.hessian(xs).tolist() == [[[20.0]], [[0.0]]]
        assert b.loss.jvp((xs,), (np.ones(2),)) == (23.0, 19.0)
        assert (a.single(2.0), b.single(2.0, 3.0), b.single(2.0, k=3.0), b.single(2.0, power=2)) == (
            4.0,
            60.0,
            60.0,
            40.0,
        )
        assert (a.single.grad(2.0, 3.0), b.single.grad(2.0, 3.0, argnums=1)) == (6.0, 20.0)
        assert (a.quick(3.0), b.quick.grad(3.0), a.other(3.0), b.other(3.0)) == (6.0, 10.0, -1.0, 7.0)
    assert a.loss.backward(xs) == 7.0
    assert (a.w.grad, b.w.grad) == (2.0, 0.0)
    a.w.data = 3.0
    assert a.loss(xs) == 9.0
    assert (a.double(4.0), Model.double(4.0), a.fast(5.0), b.fast.grad(5.0)) == (8.0, 8.0, 15.0, 10.0)


def test_a_compiled_method_leaves_the_object_as_it_was():
    a = Model(2.0)
    assert (a.quick(3.0), a.single(3.0)) == (6.0, 6.0)
    y = a.plain(Value(3.0))
    assert isinstance(y, Value)
    assert list(vars(a)) == ["w"]
    twin, deep = copy.copy(a), pickle.loads(pickle.dumps(copy.deepcopy(a)))
    twin.w, deep.w = Value(5.0), Value(7.0)
    assert (a.single(3.0), twin.single(3.0), deep.single(3.0)) == (6.0, 15.0, 21.0)
    assert (a.quick(3.0), twin.quick(3.0), deep.quick(3.0)) == (6.0, 15.0, 21.0)


def test_compiled_methods_and_inheritance():
    class Twice(Model):
        def single(self, x):
            return 2.0 * super().single(x)

        @compile
        def quick(self, x):
            return super().plain(x) * 3.0

    t = Twice(2.0)
    for _ in range(3):
        assert t.single(3.0) == 12.0
        assert t.quick(3.0) == 18.0
        assert t.plain(3.0).data == 6.0
        assert Model.single.__get__(t)(3.0) == 6.0


def test_compiled_methods_record_once_for_each_object_and_die_with_it():
    calls = []

    class Counting:
        def __init__(self, k):
            self.k = k

        @compile
        def f(self, x):
            calls.append(1)
            return x * self.k

        g = compile(lambda self, x: calls.append(1) or x - self.k)

    objects = [Counting(float(k)) for k in range(3)]
    for _ in range(4):
        assert [c.f(2.0) for c in objects] == [0.0, 2.0, 4.0]
        assert [c.g(2.0) for c in objects] == [2.0, 1.0, 0.0]
    assert len(calls) == 6
    alive = weakref.ref(objects.pop())
    gc.collect()
    assert alive() is None

    class Slotted:
        __slots__ = ("k",)

        @compile
        def f(self, x):
            return x * self.k

    s = Slotted()
    for k in (2.0, 3.0):
        s.k = Value(k)
        assert Slotted.f.__get__(s)(5.0) == s.f(5.0) == 5.0 * k


def squared_plus(k, x):
    return x * x + k


def test_what_binds_no_object_as_a_class_attribute_binds_none_compiled():
    class Holder:
        bound = compile(Model(2.0).plain)
        partial = compile(functools.partial(squared_plus, 1.0))
        builtin = compile(abs)

        @classmethod
        @compile
        def of_class(cls, x):
            return x * len(cls.__name__)

    h = Holder()
    assert (h.bound(3.0), h.partial(3.0), h.builtin(-3.0), h.of_class(1.0), Holder.of_class(2.0)) == (
        6.0,
        10.0,
        3.0,
        6.0,
        12.0,
    )
    assert (h.bound.grad(3.0), h.partial.grad(3.0), h.builtin.grad(-3.0)) == (2.0, 6.0, -1.0)


def test_compiled_functions_are_copied_as_functions_are():
    w = Value(2.0)
    fast = compile(lambda x: w * x)
    assert fast(3.0) == 6.0
    assert copy.copy(fast)(3.0) == 6.0
    twin = copy.deepcopy({"fast": fast, "w": w})
    assert twin["fast"](3.0) == 6.0
    a = Model(2.0)
    assert a.fast(3.0) == 6.0  # a compiled function among the attributes
    assert copy.deepcopy(a).single(3.0) == 6.0


def test_callables_of_all_kinds():
    class Doubler:
        grad = "an attribute of its own"

        def __init__(self):
            self.hessian, self.tapes, self.function, self.reduce = 1, 2, 3, 4

        def __call__(self, x):
            return x * 2.0

        def method(self, x):
            return x * 3.0

    doubler = Doubler()
    for f, expected in (
        (doubler, 2.0), (doubler.method, 3.0), (functools.partial(lambda k, x: k * x, 4.0), 4.0), (autograd.tanh, math.tanh(1.0)),
        (abs, 1.0), (np.exp, math.e), (lambda x: x, 1.0), (Value.exp, math.e), (max, None),
    ):  # fmt: skip
        fast = compile(f)
        if f is max:
            assert fast(1.0, 3.0) == 3.0
            continue
        assert fast(1.0) == pytest.approx(expected)
        assert fast.value_and_grad(1.0)[0] == pytest.approx(expected)
        assert fast.hessian(1.0).shape == (1, 1)
        assert len(fast.tapes) == 1
        assert repr(fast).startswith("<compiled ")


def test_functions_that_call_themselves_or_yield():
    def power(x, n):
        return x if n == 1 else x * power(x, n - 1)

    @compile(static_argnames="n")
    def fast_power(x, n):
        return x if n == 1 else x * fast_power(x, n - 1)

    assert compile(lambda x: power(x, 5))(2.0) == fast_power(2.0, 5) == 32.0
    assert fast_power.grad(2.0, 5) == 80.0
    assert len(fast_power.tapes) == 1

    @compile(in_axes=0)
    def halved(x):
        return x if x <= 1.0 else halved.function(x * 0.5)

    assert halved(np.array([8.0, 3.0, 0.5])).tolist() == [1.0, 0.75, 0.5]
    assert halved.grad(np.array([8.0, 3.0, 0.5])).tolist() == [0.125, 0.25, 1.0]

    def terms(x):
        term = x
        while abs(term) > 1e-12:
            yield term
            term = term * x * 0.5

    assert compile(lambda x: sum(terms(x)))(0.5) == pytest.approx(0.5 / 0.75)


def test_very_long_functions():
    def f(x):
        y = x
        for _ in range(30_000):
            y = y * 0.9999 + x * 1e-5
        return y

    fast = compile(f, in_axes=0)
    value, slope = fast.value_and_grad(np.array([1.0, 2.0]))
    assert [value[0], slope[0]] == pytest.approx(value_and_slopes(f, [1.0]), rel=1e-11)
    assert value[1] == pytest.approx(2.0 * value[0], rel=1e-12)


def test_a_function_of_nothing_but_what_it_captures():
    w = Value(3.0)
    fast = compile(lambda: w * w)
    assert fast() == 9.0
    w.data = 4.0
    assert fast() == 16.0
    assert fast.backward() == 16.0
    assert w.grad == 8.0
    same = compile(lambda x: w, in_axes=0)
    assert same(np.ones(3)).tolist() == [4.0] * 3
    assert same.grad(np.ones(3)).tolist() == [0.0] * 3


def test_constants_by_branches():
    fast = compile(lambda x: 1.0 if x > 0 else 2, in_axes=0)
    assert fast(np.array([1.0, -1.0, 0.0])).tolist() == [1.0, 2.0, 2.0]
    assert fast.grad(np.array([1.0, -1.0])).tolist() == [0.0, 0.0]
    assert fast.hessian(np.array([1.0, -1.0])).tolist() == [[[0.0]], [[0.0]]]


def test_backward_of_a_batch_wants_a_reduction():
    with pytest.raises(ValueError, match='reduce="sum" or "mean"'):
        compile(lambda x: x * x, in_axes=0).backward(np.ones(3))


# --- threads of Python -------------------------------------------------------------------------------------------------


def test_one_compiled_function_called_from_several_threads_at_once():
    w = Value(2.0)

    def f(x, k):
        return w * x * x + k if x > 0 else autograd.sin(x) * k

    fast = compile(f, in_axes=(0, None))
    total = compile(f, in_axes=(0, None), reduce="sum")
    start, switch = threading.Barrier(6), sys.getswitchinterval()
    rng = np.random.default_rng(11)
    batches = [(rng.normal(size=n), float(k)) for k, n in enumerate([1, 5, 64, 100, 1000, 70])]
    expected = [compile(f, in_axes=(0, None)).value_and_grad(*b) for b in batches]
    shares = [float(np.sum(b[0][b[0] > 0] ** 2)) for b in batches]

    def work(k):
        start.wait()
        for _ in range(30):
            value, slope = fast.value_and_grad(*batches[k])
            assert value.tobytes() == expected[k][0].tobytes()
            assert slope.tobytes() == expected[k][1].tobytes()
            total.backward(*batches[k])
            assert total.hessian(*batches[k], argnums=1).tolist() == [[0.0]]

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(work, k) for k in range(6)]:
                done.result()
    finally:
        sys.setswitchinterval(switch)
    assert w.grad == pytest.approx(30.0 * sum(shares), rel=1e-10)
    assert len(fast.tapes) == len(total.tapes) == 2


def test_backward_from_several_threads_gives_each_value_its_own_share():
    f = compile(lambda a, b: a * a * b)
    switch = sys.getswitchinterval()

    def work(k):
        v, w = Value(2.0 + k), Value(3.0 + k)
        for turn in range(60):
            args = [(v, 1.0), (1.0, w), (v, w)][(k + turn) % 3]
            f.backward(*args)
        a, b = v.data, w.data
        return v.grad, w.grad, 20 * (2 * a + 2 * a * b), 20 * (1.0 + a * a)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            for v, w, ev, ew in pool.map(work, range(6)):
                assert (v, w) == pytest.approx((ev, ew))
    finally:
        sys.setswitchinterval(switch)


def test_two_functions_recorded_at_once_do_not_mix():
    barrier = threading.Barrier(2)

    def make(sign):
        def f(x):
            barrier.wait(20)
            y = x * sign
            barrier.wait(20)
            return y * y if y > 0 else y

        return f

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda s: compile(make(s)).value_and_grad(3.0), [1.0, -1.0]))
    assert found == [(9.0, 6.0), (-3.0, -1.0)]


def test_no_warning_comes_from_ordinary_calls():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast = compile(lambda x: 1.0 / x + x.log() + x.sqrt() + (x * 1e300).exp(), in_axes=0)
        fast.value_and_grad(np.array([0.0, -1.0, math.inf, math.nan, 1e308, -0.0]))
        compile(lambda x: 1.0 / x + x.log()).value_and_grad(0.0)


@compile
def decorated(x):
    return x * x if x > 0.0 else -x


class Holder:
    @compile
    def method(self, x):
        return x * 3.0


def test_a_decorated_function_is_pickled_as_what_its_name_stands_for():
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert pickle.loads(pickle.dumps(Holder.method)) is Holder.method
    other = pickle.loads(pickle.dumps(compile(value_and_slopes)))
    assert isinstance(other, Compiled)
