"""Values that a compiled function captures: read at every call, and given their share by backward."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value
from tests.random_graphs import value_and_slopes


def test_captured_values_are_read_at_every_call():
    w, b = Value(2.0, label="w"), Value(1.0)
    fast = autograd.compile(lambda x: w * x + b, in_axes=0)
    xs = np.array([1.0, 2.0])
    assert fast(xs).tolist() == [3.0, 5.0]
    w.data, b.data = 10.0, -1.0
    assert fast(xs).tolist() == [9.0, 19.0]
    assert fast.grad(xs).tolist() == [10.0, 10.0]
    w.data = math.nan
    assert np.isnan(fast(xs)).all()
    assert len(fast.tapes) == 1


def test_captured_values_decide_branches_anew():
    w = Value(1.0)
    fast = autograd.compile(lambda x: x * w if w > 0 else x - w, in_axes=0)
    xs = np.array([1.0, 2.0])
    assert fast(xs).tolist() == [1.0, 2.0]
    w.data = -3.0
    assert fast(xs).tolist() == [4.0, 5.0]
    assert fast.grad(xs).tolist() == [1.0, 1.0]
    w.data = 3.0
    assert fast(xs).tolist() == [3.0, 6.0]
    assert len(fast.tapes) == 2


def test_captured_nodes_constants_and_containers():
    v = Value(3.0)
    square, frozen, layers = v * v, Value(5.0).detach(), {"a": [Value(1.0), Value(2.0)]}

    def f(x):
        return square * x + frozen * x * x + layers["a"][0] - layers["a"][1] * x

    fast = autograd.compile(f, reduce="sum", in_axes=0)
    xs = np.array([1.0, -2.0, 0.5])
    for _ in range(2):
        expected = [value_and_slopes(f, [x]) for x in xs]
        assert fast(xs) == pytest.approx(sum(e[0] for e in expected), rel=1e-14)
        assert fast.grad(xs).tolist() == pytest.approx([e[1] for e in expected], rel=1e-14)
        frozen.data, layers["a"][1].data, square.data = 7.0, 11.0, -2.0
    assert fast.backward(xs) == fast(xs)
    leaves = [v, *layers["a"]]
    found = [x.grad for x in leaves]
    for x in leaves:
        x.grad = 0.0
    total = sum(f(x) for x in xs.tolist())
    total.backward()
    assert found == pytest.approx([x.grad for x in leaves], rel=1e-14)
    assert frozen.grad == 0.0


def test_backward_reaches_leaves_below_captured_nodes_and_adds_up():
    w = Value(2.0)
    cube = w * w * w
    fast = autograd.compile(lambda x: cube * x + w)
    assert fast.backward(3.0) == 26.0
    assert w.grad == 37.0
    assert fast.backward(3.0) == 26.0
    assert w.grad == 74.0
    assert cube.grad == 3.0  # an inner node shows its adjoint of the last sweep, as with Value.backward
    by_hand = Value(8.0, (w,), local_grads=(12.0,))
    w.grad = 0.0
    assert autograd.compile(lambda x: by_hand * x).backward(3.0) == 24.0
    assert w.grad == 36.0


def test_backward_by_paths_gives_each_captured_value_its_share():
    v, w = Value(2.0), Value(3.0)
    f = lambda x: v * x if x > 0 else w * x * x  # noqa: E731
    xs = np.array([1.0, -2.0, 3.0, -4.0, 0.0])
    for reduce, factor in (("sum", 1.0), ("mean", 0.2)):
        v.grad = w.grad = 0.0
        fast = autograd.compile(f, in_axes=0, reduce=reduce)
        assert fast.backward(xs) == pytest.approx(factor * 68.0)
        assert (v.grad, w.grad) == pytest.approx((factor * 4.0, factor * 20.0))


def test_backward_gives_to_arguments_in_any_place():
    v, w, u = Value(2.0), Value(3.0), Value(5.0)
    fast = autograd.compile(lambda p, a, x: p["v"] * p["ws"][0] * x + p["v"] * v + a[0] * a[1])
    assert fast.backward({"v": v, "ws": [w]}, np.array([u, v]), 7.0) == 2 * 3 * 7 + 4 + 10
    assert (v.grad, w.grad, u.grad) == (21.0 + 4.0 + 5.0, 14.0, 2.0)
    twice = Value(3.0)
    assert autograd.compile(lambda a, b: a * b).backward(twice, twice) == 9.0
    assert twice.grad == 6.0
    constant = Value(3.0).detach()
    autograd.compile(lambda a: a * a).backward(constant)
    assert constant.grad == 0.0
