"""Arguments and results of any structure: gradients as the arguments are, results as the function gives them."""

from collections import OrderedDict, deque, namedtuple
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, compile

Pair = namedtuple("Pair", "left right")


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


@pytest.mark.parametrize(
    ("argnums", "expected"),
    [(0, 35.0), (1, 14.0), (-1, 10.0), ((0,), (35.0,)), ((2, 0), (10.0, 35.0)), ([0, 1], (35.0, 14.0)),
     ((-1, -3), (10.0, 35.0)), ((1, 1), (14.0, 14.0)), ((), ()), (np.int64(1), 14.0)],
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
