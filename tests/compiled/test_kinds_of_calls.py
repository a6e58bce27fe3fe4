"""One row, a batch, a reduced batch: derivatives of all kinds are those of the eager engine."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from tests.random_graphs import eager_hessian, on_values, programs, value_and_slopes
from tests.sizes import some

EXAMPLES = some(100 if autograd.native else 30)
relaxed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def mixed(x, y):
    """A branch, a kink, and a little of everything."""
    z = (x * y).sin() + x / (y * y + 1.0) if x > 0.3 else autograd.maximum(x, y).tanh() * x
    return z * z + x.sigmoid() * y


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
@given(
    programs(max_steps=25),
    st.integers(1, 70),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.integers(0, 2**32),
    st.sampled_from([None, "sum", "mean"]),
)
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
