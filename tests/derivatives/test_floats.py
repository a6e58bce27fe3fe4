"""Functions of floats go a way of their own: it gives what a `Call` gives, to the bit, and leaves the rest to that."""

import asyncio
import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, compile, grad, hessian, hvp, jacobian, jvp, laplacian, value_and_grad, vjp
from autograd.derivatives.calls import Call
from autograd.derivatives.floats import called_on_floats, is_differentiated
from autograd.engine.listening import Listener, heard_by
from tests.random_graphs import on_values, programs
from tests.sizes import some


def told(x):
    """Numbers in whatever structure, as texts that differ where bits do."""
    if isinstance(x, np.ndarray):
        return told(x.tolist())
    return [told(y) for y in x] if isinstance(x, (list, tuple)) else repr(float(x))


@settings(max_examples=some(60), deadline=None)
@given(programs(max_steps=12), st.integers(0, 2**30))
def test_lists_of_floats_give_what_arrays_give(program, seed):
    """Arrays are judged by a `Call`."""
    point = list(program.leaves)
    v = np.random.default_rng(seed).normal(size=len(point)).tolist()

    def f(x):
        return program.run(on_values, list(x))

    def many(x):
        return [f(x), x[0], f(x) * x[1], 2.5, x[0] * x[0] + 1.0]

    def both(act):
        return told(act(point, v)), told(act(np.array(point), np.array(v)))

    for act in (
        lambda x, t: grad(f)(x),
        lambda x, t: value_and_grad(f)(x),
        lambda x, t: jvp(f, (x,), (t,)),
        lambda x, t: jvp(many, (x,), (t,)),
        lambda x, t: vjp(f, x)[1](-1.5),
        lambda x, t: vjp(many, x)[0],
        lambda x, t: vjp(many, x)[1]([1.0, -2.0, 0.5, 3.0, 1.0]),
        lambda x, t: jacobian(many)(x),
        lambda x, t: jacobian(lambda x: many(x)[:2])(x),
        lambda x, t: hessian(f)(x),
        lambda x, t: [laplacian(f)(x)],
        lambda x, t: hvp(f, (x,), (t,)),
        lambda x, t: grad(lambda x, y: f(x) * f(y), (0, 1))(x, t),
        lambda x, t: jvp(lambda x, y, z: f(x) * f(y) * z, (x, t, 2.0), (t, None, 1.0)),
        lambda x, t: vjp(lambda x, y: (f(x) * f(y), y[0]), x, t)[1]((1.0, 2.0)),
    ):
        ours, judged = both(act)
        assert ours == judged


def test_structures_of_results_and_arguments():
    assert jvp(lambda x: (x * x, 3.0), (2.0,), (1.0,)) == ((4.0, 3.0), (4.0, 0.0))
    assert jvp(lambda x, y: [x * y], (2.0, 3.0), (None, 1.0)) == ([6.0], [2.0])
    assert jacobian(lambda x: (x, x * x))(3.0) == (1.0, 6.0)
    assert jacobian(lambda x: x)(3.0) == 1.0
    assert jacobian(lambda x, y: (x[0] * y,), (1, 0))([2.0, 5.0], 3.0) == ((2.0, [3.0, 0.0]),)
    assert vjp(lambda x: 5.0, 2.0)[1](1.0) == (0.0,)
    assert vjp(lambda x: x.detach(), 2.0)[1](1.0) == (0.0,)
    assert vjp(lambda x, y: x[1] * y, [1.0, 2.0], 3.0)[1](2.0) == ([0.0, 6.0], 4.0)
    assert jvp(lambda x: 5.0, (2.0,), (1.0,)) == (5.0, 0.0)
    assert jvp(lambda x, k: x**k, (3.0, 2), (1.0, None)) == (9.0, 6.0)
    assert hessian(lambda x, y: x * x * y[0], (0, 1))(2.0, [3.0]) == ((6.0, [4.0]), [(4.0, [0.0])])


def test_results_of_other_kinds_are_judged_by_a_call():
    calls = []

    def f(x):
        calls.append(x)
        return {"a": x * x}

    assert jvp(f, (3.0,), (1.0,)) == ({"a": 9.0}, {"a": 6.0})
    assert vjp(f, 3.0)[1]({"a": 1.0}) == (6.0,)
    assert jacobian(f)(3.0) == {"a": 6.0}
    assert len(calls) == 3  # each called it once
    assert jvp(lambda x: [x, 2], (3.0,), (1.0,)) == ([3.0, 2.0], [1.0, 0.0])
    with pytest.raises(TypeError, match="gave no Value at all"):
        vjp(lambda x: [], 3.0)
    with pytest.raises(TypeError, match="jvp of <lambda> gave None"):
        jvp(lambda x: None, (3.0,), (1.0,))


def test_cotangents_and_tangents_of_other_kinds():
    value, pull = vjp(lambda x: [x * x, x], 3.0)
    assert (value, pull([1.0, 2.0]), pull([1, 2])) == ([9.0, 3.0], (8.0,), (8.0,))
    w = Value(2.0)
    [d] = pull([w, 1.0])
    d.backward()
    assert (d.data, w.grad) == (13.0, 6.0)
    for wrong in (1.0, [1.0], (1.0, 2.0), [1.0, 2.0, 3.0]):
        with pytest.raises(ValueError, match="the cotangent"):
            pull(wrong)
    assert jvp(lambda x: x * x, (3.0,), (2,)) == (9.0, 12.0)
    assert jvp(lambda x: x * x, [3.0], [2.0]) == (9.0, 12.0)
    with pytest.raises(ValueError, match="tangent 0: it has 2 numbers"):
        jvp(lambda x: x * x, (3.0,), ([1.0, 2.0],))
    _, pull = vjp(lambda x: x * x, np.float64(3.0))
    assert pull(1.0) == (6.0,)


def test_what_a_function_does_to_its_lists_changes_nothing():
    kept = []

    def f(x):
        total = x[0] * x[1]
        x.clear()
        kept[:] = [total, total * 2.0]
        return kept

    point = [2.0, 3.0]
    value, pull = vjp(f, point)
    kept.clear()
    point.clear()
    assert value == [6.0, 12.0]
    assert pull([1.0, 0.0]) == ([3.0, 2.0],)
    assert pull([0, 1]) == ([6.0, 4.0],)
    assert jacobian(f)([2.0, 3.0]) == [[3.0, 2.0], [6.0, 4.0]]
    assert grad(lambda x: f(x)[0])([2.0, 3.0]) == [3.0, 2.0]


def test_a_pull_in_a_recording_or_within_another_function_gives_numbers():
    _, pull = vjp(lambda x: x * x, 3.0)
    seen = []
    grad(lambda x: [seen.extend([pull(1.0), pull(1)]), x][1])(2.0)
    assert seen == [(6.0,), (6.0,)]
    assert all(type(x) is float for (x,) in seen)
    assert compile(lambda x: x * pull(2.0)[0] + pull(1)[0])(2.0) == 30.0


def test_an_error_leaves_nothing_behind():
    for act in (
        lambda f: grad(f)(1.0),
        lambda f: grad(f, (0,))(1.0),
        lambda f: jvp(f, (1.0,), (1.0,)),
        lambda f: vjp(f, [1.0]),
        lambda f: grad(lambda x, k: f(x))(1.0, k=2),
    ):
        with pytest.raises(ZeroDivisionError):
            act(lambda x: 1 / 0)
        assert not is_differentiated()
    assert grad(lambda x: x * x)(3.0) == 6.0


@pytest.mark.parametrize("argnums", [0, (0,), (0, 1)])
def test_what_is_no_float_is_not_called(argnums):
    calls = []

    class Made(Listener):
        def made(self, node):
            calls.append(node)

    def listened():
        for x in (1, True, np.float64(1.0), "x", (1.0,), [], [1.0, 2], Value(1.0), None):
            assert called_on_floats(calls.append, argnums, (x, 1.0), {}) is None
            if type(argnums) is tuple and len(argnums) > 1:
                assert called_on_floats(calls.append, argnums, (1.0, x), {}) is None
        for wrong in (2, -1, (0, 0), (), [0], 0.0, True, None, 10**30, (0, -1)):
            assert called_on_floats(calls.append, wrong, (1.0, 1.0), {}) is None

    heard_by(Made(), listened, (), {})
    assert len(calls) == 1  # the Value above: no leaf was made in vain


def test_within_goes_where_the_context_goes():
    """What a function asks another thread to do in its own context is within it; what others do meanwhile is not."""
    w = Value(4.0)
    seen = []

    def inner():
        seen.append(type(grad(lambda y: w * y)(1.0)))

    def f(x):
        asyncio.run(asyncio.to_thread(inner))
        other = threading.Thread(target=inner)
        other.start()
        other.join()
        return x * 1.0

    assert grad(f)(2.0) == 1.0
    assert seen == [Value, float]
    d = grad(lambda x: asyncio.run(asyncio.to_thread(lambda: grad(lambda y: x * x * y)(1.0))))(3.0)
    assert d == 6.0


def test_threads_at_once():
    f = grad(lambda x: autograd.sum([a.sin() * a for a in x]))
    points = [[0.1 * k, 0.2, 0.3 * k] for k in range(200)]
    alone = [f(x) for x in points]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(f, points)) == alone


def test_a_call_knows_what_was_called_already():
    called = called_on_floats(lambda x: {"a": x[0] * x[1]}, 0, ([2.0, 3.0],), {})
    call = Call("grad", None, 0, ([2.0, 3.0],), {}, called=called)
    assert call.inputs is called.inputs
    assert call.single().data == 6.0
    assert not call.as_values
    assert not call.reaches


def test_numbers_that_overflow_on_the_way_go_once_more():
    value, moved = jvp(lambda x: x * x * 1e-200, (1e100,), (1e250,))
    assert value == pytest.approx(1.0)
    assert moved == pytest.approx(2e150)
    assert math.isinf(jvp(lambda x: x * 1e200, (1e100,), (1e250,))[1])
