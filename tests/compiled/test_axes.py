"""Which axis of which argument is the batch: of arrays, in structures, by keyword."""

import math
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from tests.random_graphs import value_and_slopes
from tests.sizes import some

EXAMPLES = some(100 if autograd.native else 30)
relaxed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


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


def test_an_axis_may_be_any_kind_of_whole_number():
    x = np.arange(6.0).reshape(2, 3)
    fast = compile(lambda x: x[0] + x[1], in_axes=(np.int64(1),))
    assert fast(x).tolist() == compile(lambda x: x[0] + x[1], in_axes=1)(x).tolist()


# --- by keyword ------------------------------------------------------------------------------------------------------


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


# --- no batch, and one without rows ----------------------------------------------------------------------------------


def test_backward_of_a_batch_wants_a_reduction():
    with pytest.raises(ValueError, match='reduce="sum" or "mean"'):
        compile(lambda x: x * x, in_axes=0).backward(np.ones(3))


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
