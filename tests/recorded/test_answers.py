"""Answers have the right shapes and numbers, whatever the shapes of arguments and results."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from tests.sizes import some

SHAPES = [(), (1,), (2,), (0,), (2, 0), (1, 2), (2, 1, 2)]
shapes = st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3).filter(lambda found: any(map(math.prod, found)))


def numbers_of(args):
    return [x for arg in args for x in np.ravel(np.array(arg, dtype=object)).tolist()]


def parts_of(numbers, shapes, axis=0):
    """An axis of numbers as one array for each shape."""
    ends = np.cumsum([math.prod(s) for s in shapes])[:-1]
    rest = lambda x: (*x.shape[:axis], *x.shape[axis + 1 :])  # noqa: E731
    split = zip(np.split(numbers, ends, axis), shapes, strict=True)
    return [np.moveaxis(x, axis, -1).reshape((*rest(x), *s)) for x, s in split]


def eager(f, numbers):
    """What a function of a list gives: values, slopes, and second derivatives of the first."""
    xs = [Value(x) for x in numbers]
    outputs = f(xs)
    slopes = autograd.grad(outputs[0], xs, create_graph=True)
    second = [autograd.grad(s, xs, allow_unused=True) if not s.is_constant else [0.0] * len(xs) for s in slopes]
    return [y.data for y in outputs], [autograd.grad(y, xs, allow_unused=True) for y in outputs], second


@settings(max_examples=some(150 if autograd.native else 40), deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes, st.one_of(st.none(), shapes), st.integers(1, 70), st.sampled_from([None, "sum", "mean"]), st.data())
def test_derivatives_of_all_kinds_of_arrays_of_any_shape(given_shapes, result_shapes, n, reduce, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    axes = [data.draw(st.sampled_from([None, 0, 0, -1, len(s) // 2])) for s in given_shapes]
    argnums = tuple(data.draw(st.permutations(range(len(axes))))[: data.draw(st.integers(0, 3))])
    moves = [data.draw(st.booleans()) for _ in axes]
    wanted = result_shapes or [()]
    batched = any(axis is not None for axis in axes)
    rows, reduced = n if batched else 1, batched and reduce is not None
    factor = 1.0 / n if reduced and reduce == "mean" else 1.0

    def outputs(xs):
        found = []
        for j in range(sum(map(math.prod, wanted))):
            total = xs[j % len(xs)] * (j + 0.5)
            for k, x in enumerate(xs):
                total = (total * x).sin() + x / (k + j + 1.0) if k or x < 0.3 else total * x
            found.append(total)
        return found

    def f(*args):
        found = outputs(numbers_of(args))
        arrays = [
            array if s else array.item()
            for array, s in zip(parts_of(np.array([*found, None])[:-1], wanted), wanted, strict=True)
        ]
        return arrays if result_shapes else found[0]

    def one_for_each(moved):
        return [
            None
            if not moves
            else rng.normal(size=s)
            if axis is None
            else np.moveaxis(rng.normal(size=(n, *s)), 0, axis)
            for s, axis, moves in zip(given_shapes, axes, moved, strict=True)
        ]

    def row(args, i):
        return [x if axis is None else np.take(x, i, axis) for x, axis in zip(args, axes, strict=True)]

    def over_the_batch(x, in_rows=False, axis=0):
        return (
            x[0] if not batched else x.sum(0) * factor if reduced and not in_rows else np.moveaxis(x * factor, 0, axis)
        )

    def slopes(x, position, inner=()):
        axis = axes[position]
        return over_the_batch(
            parts_of(x, given_shapes, x.ndim - 1)[position], axis is not None, 0 if inner else axis or 0
        )

    def require(found, expected):
        assert np.shape(found) == expected.shape
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-11 * np.abs(expected).max(initial=1.0))

    args, tangents = one_for_each([True] * len(axes)), one_for_each(moves)
    still = [np.zeros(np.shape(x)) if t is None else t for x, t in zip(args, tangents, strict=True)]
    along = np.array([numbers_of(row(still, i)) for i in range(rows)], dtype=float)
    values, jacobians, hessians = (
        np.array(x) for x in zip(*(eager(outputs, numbers_of(row(args, i))) for i in range(rows)), strict=True)
    )
    fast = compile(f, in_axes=tuple(axes), reduce=reduce if batched else None)
    several = (lambda x: x) if result_shapes else (lambda x: [x])
    for _ in range(2):  # the second time it is a repetition
        found, (value, pushed), jacobian = fast(*args), fast.jvp(args, tangents), fast.jacobian(*args, argnums=argnums)
        for k, s in enumerate(wanted):
            require(several(found)[k], over_the_batch(parts_of(values, wanted, 1)[k]))
            require(several(value)[k], over_the_batch(parts_of(values, wanted, 1)[k]))
            require(
                several(pushed)[k], over_the_batch(parts_of(np.einsum("nij,nj->ni", jacobians, along), wanted, 1)[k])
            )
            of_this = np.moveaxis(parts_of(jacobians, wanted, 1)[k], 1, -1)  # rows, the result's axes, inputs
            for slope, position in zip(several(jacobian)[k], argnums, strict=True):
                require(slope, slopes(of_this, position, s))
    if result_shapes:
        return
    inputs = [k for position in argnums for k in parts_of(np.arange(along.shape[1]), given_shapes)[position].ravel()]
    varies = any(axes[position] is not None and math.prod(given_shapes[position]) for position in argnums)
    for _ in range(2):
        gradient, product = fast.grad(*args, argnums=argnums), fast.hvp(args, tangents, argnums=argnums)
        for slope, second, position in zip(gradient, product, argnums, strict=True):
            require(slope, slopes(jacobians[:, 0], position))
            require(second, slopes(np.einsum("nij,nj->ni", hessians, along), position))
        require(fast.hessian(*args, argnums=argnums), over_the_batch(hessians[:, inputs][:, :, inputs], varies))


@pytest.mark.parametrize("reduce", [None, "sum"])
def test_arrays_without_elements_by_arrays_without_elements(reduce):
    fast = compile(lambda x, e: [x * x, np.empty((2, 0), dtype=object)], in_axes=(0, None), reduce=reduce)
    x, e = np.arange(3.0), np.empty((0, 4))
    rows = () if reduce else (3,)
    for _ in range(2):
        of_x, of_nothing = fast.jacobian(x, e, argnums=(0, 1))
        assert (of_x[0].tolist(), of_x[1].shape) == ([0.0, 2.0, 4.0], (*rows, 0, 4))
        assert (of_nothing[0].shape, of_nothing[1].shape) == ((3, 2, 0), (*rows, 2, 0, 0, 4))
        assert fast.jacobian(x, e, argnums=1)[0].shape == (*rows, 0, 4)


def test_what_a_gradient_takes_grows_with_the_inputs_not_with_their_square():
    xs = np.arange(20_000.0 if autograd.native else 5_000.0)
    fast = compile(lambda x: autograd.dot(x, x))
    tracemalloc.start()
    try:
        value, slope = fast.value_and_grad(xs)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (value, slope.tolist()) == (pytest.approx(xs @ xs, rel=1e-12), (2.0 * xs).tolist())
    assert peak < 5_000 * len(xs)
