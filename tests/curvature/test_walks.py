"""The sweep of second order: against sweeps on Values over random graphs, and where it leaves the work to them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, checkpoint, custom_vjp, grad, hessian, hvp, laplacian
from autograd.curvature.walks import bent
from autograd.engine.listening import Listener, heard_by
from tests.random_graphs import eager_hessian, on_values, programs
from tests.sizes import some


def along(root, leaves, v):
    """How the gradient moves along a direction, by sweeps on Values."""
    found = []
    for slope in autograd.grad(root, leaves, create_graph=True, allow_unused=True):
        by = [0.0] * len(leaves) if slope.is_constant else autograd.grad(slope, leaves)
        found.append(sum(x * t for x, t in zip(by, v, strict=True)))
    return found


@settings(max_examples=some(150), deadline=None)
@given(programs(), st.integers(0, 2**30))
def test_random_graphs_as_on_values(program, seed):
    leaves = [Value(x) for x in program.leaves]
    root = program.run(on_values, leaves)
    if root.is_constant:
        return
    v = np.random.default_rng(seed).normal(size=len(leaves)).tolist()
    [found] = bent(root, leaves, [v])
    matrix = np.array(bent(root, leaves, None))
    wanted = np.array([along(root, leaves, row) for row in np.eye(len(leaves)).tolist()])
    size = np.abs(wanted).max() + 1.0
    np.testing.assert_allclose(found, along(root, leaves, v), rtol=1e-11, atol=1e-12 * size)
    np.testing.assert_allclose(matrix, wanted, rtol=1e-11, atol=1e-12 * size)
    assert bent(root, leaves, None, diagonal=True) == matrix.diagonal().tolist()
    assert all(x.grad == 0.0 for x in leaves)


def test_by_hand():
    x, y, z = Value(2.0), Value(3.0), Value(5.0)
    f = x * x * y + y**3 + autograd.dot([x, y, 4.0], [y, z, x])
    assert bent(f, [x, y, z], None) == [[6.0, 5.0, 0.0], [5.0, 18.0, 1.0], [0.0, 1.0, 0.0]]
    assert bent(f, [x, y, z], [[1.0, 10.0, 100.0], [0.0, 0.0, 1.0]]) == [[56.0, 285.0, 10.0], [0.0, 1.0, 0.0]]
    assert bent(f, [z], None) == [[0.0]]
    assert bent(x, [x, y], None) == [[0.0, 0.0], [0.0, 0.0]]
    assert bent(f, [Value(1.0)], [[1.0]]) == [[0.0]]  # which is not in the graph


def test_many_operands_some_of_them_numbers_or_the_same():
    f = lambda x: autograd.logsumexp([x[0], 1.0, x[1] * x[0], x[0]]) + autograd.norm([x[0], x[1], 2.0])  # noqa: E731
    for x in ([0.3, -0.7], [2.0, 2.0]):
        wanted = eager_hessian(lambda *xs: f(xs), x)
        np.testing.assert_allclose(hessian(f)(x), wanted, rtol=1e-13, atol=1e-15)


def test_what_was_not_taken_and_what_is_detached_sends_nothing():
    f = lambda x: autograd.where(x > 1.0, x * x, autograd.sqrt(x - 1.0))  # noqa: E731
    assert hessian(f)(1.5) == 2.0
    assert hvp(lambda x: autograd.maximum(x[0] ** 3, x[1] / (x[1] - 2.0)), ([2.0, 2.0],), ([1.0, 5.0],)) != []
    assert hvp(lambda x: x.detach() * x * x, (3.0,), (1.0,)) == 6.0
    assert hvp(lambda x: autograd.relu(x) ** 2, (-1.0,), (1.0,)) == 0.0
    assert hvp(lambda x: abs(x) * x, (-2.0,), (1.0,)) == -2.0


def test_what_stands_still_is_multiplied_by_nothing():
    f = lambda x: autograd.sqrt(x[0]) + x[1] ** 2  # noqa: E731
    assert hvp(f, ([0.0, 3.0],), ([0.0, 1.0],)) == [0.0, 2.0]
    assert hvp(lambda x: x ** Value(3.0), (-2.0,), (1.0,)) == -12.0
    assert hvp(lambda x, y: x**y, (-2.0, 3.0), (1.0, None)) == -12.0
    assert math.isinf(hvp(autograd.sqrt, (0.0,), (1.0,)))


def test_local_gradients_are_constants():
    f = lambda x: Value(2.0, (x, x), local_grads=(3.0, 4.0)) * x  # noqa: E731
    assert hvp(f, (5.0,), (1.0,)) == 14.0
    assert hessian(f)(5.0) == 14.0


def test_rules_hooks_and_listeners_have_it_on_values():
    @custom_vjp
    def cube(x):
        return x**3

    cube.defvjp(lambda x: (cube(x), x), lambda x, w: (3.0 * x * x * w,))
    for f in (lambda x: cube(x) * x, lambda x: checkpoint(lambda y: y**3)(x) * x):
        assert hvp(f, (2.0,), (1.0,)) == 48.0
        assert hvp(f, (2.0,), (0.0,)) == 0.0
        assert hessian(f)(2.0) == 48.0
        assert laplacian(f)(2.0) == 48.0
        x = Value(2.0)
        assert bent(f(x), [x], None) is None
    seen = []

    def hooked(x):
        y = x * x
        y.register_hook(seen.append)
        return y * x

    assert hvp(hooked, (2.0,), (1.0,)) == 12.0
    assert isinstance(seen[0], Value)
    del seen[:]

    class Counter(Listener):
        def made(self, node):
            seen.append(node)

    assert heard_by(Counter(), hvp, (lambda x: x**3, (2.0,), (1.0,)), {}) == 12.0
    assert len(seen) > 3


def test_a_closure_is_refused_as_ever():
    def f(x):
        y = Value(x.data**2, (x,), "own")
        y._backward = lambda: None
        return y * x

    with pytest.raises(TypeError, match="_backward closure"):
        hvp(f, (2.0,), (1.0,))


def test_data_that_was_changed_is_noticed():
    w = Value(3.0)

    def f(x):
        y = x[0] * w * x[1]
        w.data += 1.0
        return y

    with pytest.raises(ValueError, match="data was changed"):
        hvp(f, ([1.0, 2.0],), ([1.0, 0.0],))
    with pytest.raises(ValueError, match="data was changed"):
        hessian(f)([1.0, 2.0])


def test_arguments_in_any_structure_and_those_that_stand_still():
    f = lambda p, x, k: p["w"] * x[0] ** 2 * k + x[1] * p["w"] ** 3  # noqa: E731
    p, x = {"w": 2.0}, np.array([3.0, 5.0])
    found = hvp(f, (p, x, 7.0), ({"w": 1.0}, np.array([1.0, 0.0]), None), argnums=(1, 0))
    assert [*found[0], found[1]["w"]] == [70.0, 12.0, 60.0 + 42.0]
    assert hvp(f, (p, x, 7.0), (None, np.array([1.0, 0.0]), None), argnums=2) == 12.0
    assert hvp(lambda x, y: x * y[0], (2.0, [3.0]), (1.0, [10.0]), argnums=(0, 1)) == (10.0, [1.0])
    assert hvp(lambda x, y: x * y[0], (2.0, (3.0,)), (1.0, (10.0,)), argnums=(-1,)) == ((1.0,),)
    assert hvp(lambda x: 3.0, (2.0,), (1.0,)) == 0.0
    assert hvp(lambda x: [x[0] * x[1]][0], ([2.0, 3.0],), ([1, 0],)) == [0.0, 1.0]
    with pytest.raises(ValueError, match="tangent 0"):
        hvp(lambda x: x[0] * x[1], ([2.0, 3.0],), ([1.0],))
    with pytest.raises(TypeError, match="one number"):
        hvp(lambda x: [x, x], (2.0,), (1.0,))


def test_within_a_function_that_is_differentiated():
    assert grad(lambda a: hvp(lambda x: a * x**3, (2.0,), (1.0,)))(5.0) == 12.0
    assert grad(lambda a: hvp(lambda x, y: a * x**3 * y, (2.0, 1.0), (1.0, None)))(5.0) == 12.0
    assert hvp(lambda x: hvp(lambda y: y**3 * x, (x,), (1.0,)), (2.0,), (1.0,)) == 12.0


def test_a_long_chain():
    def f(x):
        for _ in range(100_000):
            x = x * 1.0 + 0.0
        return x * x

    assert hvp(f, (3.0,), (1.0,)) == 2.0
