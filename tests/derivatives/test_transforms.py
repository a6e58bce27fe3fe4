"""Transforms of plain functions: closed forms, one mode against another, nested, in structures, compiled, refused."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import (
    Value,
    compile,
    dot,
    ggn_vp,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    laplacian,
    value_and_grad,
    vjp,
    where,
)
from tests.random_graphs import on_values, programs
from tests.sizes import some


def close(a, b, rel=1e-11):
    np.testing.assert_allclose(np.array(a, dtype=float), np.array(b, dtype=float), rtol=rel, atol=1e-13)


def rosenbrock(x):
    return autograd.sum([100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x)])


# --- closed forms ---


def test_grad_of_a_function_of_numbers_gives_numbers():
    f = grad(lambda x: x**3)
    assert f(2.0) == 12.0
    assert type(f(2.0)) is type(f(np.float64(2.0))) is float
    assert grad(f)(2.0) == 12.0
    assert grad(grad(grad(grad(lambda x: x**5))))(2.0) == 240.0
    assert value_and_grad(lambda x, y: x * y, (0, 1))(2.0, 3.0) == (6.0, (3.0, 2.0))
    assert grad(lambda x, y: x * y, argnums=-1)(2.0, 3.0) == 2.0
    assert grad(lambda x, *, k: x**k)(3.0, k=2) == 6.0
    assert f.__name__ == "<lambda>"


def test_a_large_direction_overflows_no_earlier_than_a_gradient():
    f = lambda x: x * x * 1e-200  # noqa: E731
    value, moved = jvp(f, (1e100,), (1e250,))
    assert value == pytest.approx(1.0)
    assert moved == pytest.approx(grad(f)(1e100) * 1e250)
    assert jvp(lambda x: [x * 1e200, x * 2.0], (1e100,), (-1e250,))[1] == [-math.inf, -2e250]
    assert jvp(lambda x, y: x * y, (1e300, 2.0), (math.inf, 1.0))[1] == math.inf


def test_grad_of_values_gives_values():
    w = Value(2.0)
    d = grad(lambda x: x**3)(w)
    assert isinstance(d, Value)
    d.backward()
    assert w.grad == 12.0


def test_the_variable_of_an_inner_function_is_not_that_of_the_outer():
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: x + y)(x) * x)(3.0) == 1.0
    assert grad(lambda x: jvp(lambda y: x * y, (x,), (1.0,))[1])(3.0) == 1.0
    assert jvp(lambda x: grad(lambda y: x * y * y)(x), (3.0,), (1.0,)) == (18.0, 12.0)


def test_jvp_and_vjp():
    f = lambda x, y: {"a": x * y[0], "b": [x.sin(), y[1]]}  # noqa: E731
    value, moved = jvp(f, (2.0, [3.0, 5.0]), (1.0, [0.0, 10.0]))
    assert value == {"a": 6.0, "b": [math.sin(2.0), 5.0]}
    assert moved == {"a": 3.0, "b": [math.cos(2.0), 10.0]}
    value, pull = vjp(f, 2.0, [3.0, 5.0])
    assert pull({"a": 1.0, "b": [0.0, 0.0]}) == (3.0, [2.0, 0.0])
    assert pull({"a": 0.0, "b": [1.0, 4.0]}) == (math.cos(2.0), [0.0, 4.0])
    assert jvp(lambda x: (x * x, "aux"), (3.0,), (1.0,), has_aux=True) == (9.0, 6.0, "aux")
    value, pull, aux = vjp(lambda x: (x * x, [x]), 3.0, has_aux=True)
    assert (value, pull(2.0), aux) == (9.0, (12.0,), [3.0])


def test_jacobian_has_the_structure_of_results_and_arguments():
    found = jacobian(lambda p, x: [p["w"] @ x, x[0]], argnums=(0, 1))(
        {"w": np.array([[1.0, 2.0], [3.0, 4.0]])}, np.array([5.0, 6.0])
    )
    by_w = np.zeros((2, 2, 2))
    by_w[0, 0] = by_w[1, 1] = [5.0, 6.0]
    assert np.array_equal(found[0][0]["w"], by_w)
    assert np.array_equal(found[0][1], [[1.0, 2.0], [3.0, 4.0]])
    assert np.array_equal(found[1][0]["w"], np.zeros((2, 2)))
    assert np.array_equal(found[1][1], [1.0, 0.0])
    assert jacobian(lambda x: [x, 2.0 * x, 7.0])(3.0) == [1.0, 2.0, 0.0]


def test_hessian_hvp_laplacian_and_gauss_newton():
    x, v = [0.3, -0.7, 1.1], [1.0, 2.0, -1.0]
    h = np.array(hessian(rosenbrock)(x))
    expected = [[1200 * 0.09 + 2 - 400 * -0.7, -400 * 0.3, 0.0], [-400 * 0.3, 1200 * 0.49 + 202 - 400 * 1.1, 280.0]]
    close(h[:2], expected)
    close(hvp(rosenbrock, (x,), (v,)), h @ v)
    close(laplacian(rosenbrock)(x), np.trace(h))
    residuals = lambda x: [10.0 * (b - a * a) for a, b in pairwise(x)]  # noqa: E731
    j = np.array(jacobian(residuals)(x))
    found = ggn_vp(residuals, lambda z: dot(z, z), (x,), (v,))
    close(found, 2.0 * j.T @ (j @ v))
    assert hessian(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0) == ((0.0, 1.0), (1.0, 0.0))
    assert hessian(lambda x: 3.0 * x)(2.0) == 0.0


# --- one mode against another ---


def of(program):
    return lambda *x: program.run(on_values, list(x))


@settings(max_examples=some(60), deadline=None)
@given(programs(max_steps=15), st.integers(0, 2**30))
def test_modes_agree(program, seed):
    f, x = of(program), program.leaves
    v = np.random.default_rng(seed).normal(size=len(x)).tolist()
    everything = tuple(range(len(x)))
    slopes = grad(f, everything)(*x)
    value, along = jvp(f, x, v)
    assert value == f(*map(Value, x)).data if isinstance(f(*map(Value, x)), Value) else True
    close(along, np.dot(slopes, v), 1e-10)
    close(vjp(f, *x)[1](1.0), slopes)
    close(jacobian(f, everything)(*x), slopes)
    h = np.array(hessian(f, everything)(*x))
    close(h, h.T, 1e-9)
    close(hvp(f, x, v, everything), h @ v, 1e-8)
    reverse_over_forward = grad(lambda *x: jvp(f, x, v)[1], everything)(*x)
    forward_over_forward = [jvp(lambda *x, k=k: grad(f, everything)(*x)[k], x, v)[1] for k in everything]
    close(reverse_over_forward, h @ v, 1e-8)
    close(forward_over_forward, h @ v, 1e-8)
    twice = jvp(lambda *x: jvp(f, x, v)[1], x, v)[1]
    close(twice, v @ h @ v, 1e-8)
    close(laplacian(f, everything)(*x), np.trace(h), 1e-8)


def test_compiled_and_plain_agree_and_transforms_work_within():
    x, v = [0.3, -0.7, 1.1], [1.0, 2.0, -1.0]
    fast = compile(rosenbrock)
    close(fast.grad(x), grad(rosenbrock)(x))
    close(fast.hessian(x), hessian(rosenbrock)(x))
    close(fast.hvp((x,), (v,)), hvp(rosenbrock, (x,), (v,)))
    assert np.array_equal(compile(lambda x: grad(rosenbrock)(x))(x), grad(rosenbrock)(x))
    close(compile(lambda x: jvp(rosenbrock, (x,), (v,))[1])(x), np.dot(grad(rosenbrock)(x), v))
    close(compile(lambda x: hessian(rosenbrock)(x))(x), hessian(rosenbrock)(x))
    batch = np.array([[0.3, 0.5], [1.0, -2.0]])
    rows = compile(lambda x: grad(rosenbrock)(x), in_axes=0)(batch)
    close(rows, [grad(rosenbrock)(list(row)) for row in batch])
    close(grad(fast)(x), grad(rosenbrock)(x))
    close(jvp(lambda x: fast(x) * 2.0, (x,), (v,))[1], 2.0 * np.dot(grad(rosenbrock)(x), v))


def test_branches_and_selections():
    f = lambda x: x * x if x > 0 else -x  # noqa: E731
    assert [grad(f)(3.0), grad(f)(-3.0)] == [6.0, -1.0]
    assert jvp(lambda x: where(x > 0, x.sqrt(), 0.0), (0.0,), (1.0,)) == (0.0, 0.0)
    assert jvp(autograd.relu, (0.0,), (1.0,)) == (0.0, 0.0)
    assert jvp(lambda x: autograd.maximum(x, 2.0 * x), (0.0,), (1.0,))[1] == 1.5


def test_a_model_is_an_argument():
    model = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    loss = lambda m, x: m(x) ** 2  # noqa: E731
    found = grad(loss)(model, [0.5, -1.0])
    loss(model, [0.5, -1.0]).backward()
    for layer, wanted in zip(found.layers, model.layers, strict=True):
        for neuron, own in zip(layer.neurons, wanted.neurons, strict=True):
            close([d.data for d in (*neuron.w, neuron.b)], [p.grad for p in (*own.w, own.b)])


class Pair(NamedTuple):
    a: float
    b: float


def test_structures():
    f = lambda p: p.a * p.b  # noqa: E731
    assert grad(f)(Pair(2.0, 3.0)) == Pair(3.0, 2.0)
    found = grad(lambda x: (x * x).sum())(np.arange(6.0).reshape(2, 3))
    assert np.array_equal(found, 2.0 * np.arange(6.0).reshape(2, 3))
    assert found.dtype == float
    assert grad(lambda x: x[0][0] * x[1])([[2.0], 3.0]) == [[3.0], 2.0]
    assert grad(lambda x: x + 0.0)(np.float32(3.0)) == 1.0
    assert grad(lambda x, n: x**n)(3.0, 2) == 6.0
    assert grad(lambda x: 5.0 * x.detach())(2.0) == 0.0


def test_what_is_captured_stays_what_it_is():
    w = Value(3.0, label="w")
    assert grad(lambda x: w * x)(2.0) == 3.0
    assert w.grad == 0.0


def test_a_closure_goes_backward_only():
    def f(x):
        y = Value(x.data**2, (x,), "square")
        y._backward = lambda: setattr(x, "grad", x.grad + 2.0 * x.data * y.grad)
        return y * 1.0

    assert grad(f)(3.0) == 6.0
    with pytest.raises(TypeError, match="_backward closure"):
        jvp(f, (3.0,), (1.0,))


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: grad(3.0)(1.0), TypeError, r"grad: expected a function, or Values and by which, got float 3\.0"),
        (lambda: grad(Value(1.0)), TypeError, "grad: by which Values"),
        (
            lambda: ggn_vp(lambda x: x, 3.0, (1.0,), (1.0,)),
            TypeError,
            "ggn_vp: the loss: expected a function, got float",
        ),
        (lambda: ggn_vp(None, lambda x: x, (1.0,), (1.0,)), TypeError, "ggn_vp: expected a function, got NoneType"),
        (lambda: value_and_grad(3.0), TypeError, r"value_and_grad: expected a function, got float 3\.0"),
        (lambda: jvp(None, (1.0,), (1.0,)), TypeError, "jvp: expected a function, got NoneType None"),
        (
            lambda: grad(lambda x: [x, x])(1.0),
            TypeError,
            "gives 2 numbers .* is to give one number: see jac",
        ),
        (lambda: grad(lambda x: "no")(1.0), TypeError, "a str, 'no'"),
        (lambda: grad(lambda x: None)(1.0), TypeError, "grad of <lambda> gave None"),
        (lambda: grad(lambda x: x)(), ValueError, "argnums has 0, and there are 0 positional arguments"),
        (lambda: grad(lambda x: x, 1)(1.0), ValueError, "argnums has 1, and there are 1 positional"),
        (lambda: grad(lambda x: x, (0, 0))(1.0), ValueError, "names an argument twice"),
        (lambda: grad(lambda x: x, ())(1.0), ValueError, "or none"),
        (lambda: grad(lambda x: x, 0.0)(1.0), TypeError, "argnums: expected whole numbers, got float"),
        (lambda: grad(lambda x: x, 0, argnums=0), TypeError, "argnums is given twice"),
        (lambda: grad(lambda x: x, seeds=[1.0]), TypeError, "argnums and has_aux alone"),
        (lambda: grad(Value(1.0) * 2.0, argnums=0), TypeError, "argnums and has_aux are of functions"),
        (lambda: grad(lambda x: x)(1j), TypeError, r"argument 0: 1j is a complex, not a real number"),
        (lambda: grad(lambda x: x)(3), TypeError, "argument 0: 3 is an integer, .* by real numbers: write 3.0, or"),
        (lambda: grad(lambda x: x)([1.0, np.int64(2)]), TypeError, r"int64\(2\) is an integer, .* 2\.0"),
        (lambda: hessian(lambda x: x[0])(np.arange(3)), TypeError, "is an array of integers, .* an array of floats"),
        (lambda: jvp(lambda x: x, (1,), (1.0,)), TypeError, "jvp of <lambda>: argument 0: 1 is an integer"),
        (lambda: grad(lambda x: x)(True), TypeError, "argument 0: True is an integer"),
        (lambda: grad(lambda x: x)("x"), TypeError, "argument 0: 'x' is a str, not a real number"),
        (lambda: grad(lambda x: x)([]), TypeError, "there is no number in what it is to be differentiated by"),
        (lambda: grad(lambda x: x, has_aux=True)(1.0), TypeError, "with has_aux it gives a pair"),
        (lambda: jvp(lambda x: x, 1.0, (1.0,)), TypeError, "primals are a tuple with one for each positional"),
        (lambda: jvp(lambda x: x, (1.0,), ()), ValueError, "1 primals and 0 tangents"),
        (lambda: jvp(lambda x: x, (1.0,), (None,)), ValueError, "every tangent is None"),
        (lambda: hvp(lambda x: x, (1.0,), (None,)), ValueError, "hvp: every tangent is None"),
        (lambda: jvp(lambda x: x[0], ([1.0, 2.0],), ([1.0],)), ValueError, "tangent 0: it has 1 numbers in a form"),
        (lambda: vjp(lambda x: [x, x], 1.0)[1](1.0), ValueError, "the cotangent: it has 1 numbers"),
        (lambda: vjp(lambda: 1.0), TypeError, "give the positional arguments"),
        (lambda: hessian(lambda x: [x, x])(1.0), TypeError, "is to give one number"),
    ],
)
def test_what_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()


OF_WHAT_IS_AROUND = {
    "grad": lambda w: grad(lambda x: x**3 * w * w)(2.0),
    "value": lambda w: value_and_grad(lambda x: x**3 * w * w)(2.0)[0] * 1.5,
    "another argument": lambda w: grad(lambda x, y: x**3 * y * y)(2.0, w),
    "by name": lambda w: grad(lambda x, y: x**3 * y * y)(2.0, y=w),
    "jvp": lambda w: jvp(lambda x: x**3 * w * w, (2.0,), (1.0,))[1],
    "vjp": lambda w: vjp(lambda x: x**3 * w * w, 2.0)[1](1.0)[0],
    "jacobian": lambda w: jacobian(lambda x: [x, x**3 * w * w])(2.0)[1],
    "jacobian, reverse": lambda w: jacobian(lambda x: [x[0] ** 3 * x[1] * w * w])([2.0, 1.0])[0][0],
    "hessian": lambda w: hessian(lambda x: x**3 * w * w)(2.0),
    "hvp": lambda w: hvp(lambda x: x**3 * w * w, (2.0,), (1.0,)),
    "hvp of two": lambda w: hvp(lambda x, y: x**3 * y * w * w, (2.0, 1.0), (1.0, None)),
    "ggn_vp": lambda w: ggn_vp(lambda x: x * w, lambda z: z * z, (2.0,), (6.0,)),
    "laplacian": lambda w: laplacian(lambda x: x**3 * w * w)(2.0),
    "taylor": lambda w: autograd.taylor(lambda x: x**3 * w * w, 2.0, 2)[1],
    "propagate": lambda w: autograd.propagate(lambda x: x**3 * w * w, 2.0, 1.0).std,
    "within another": lambda w: grad(lambda y: grad(lambda x: x**3 * w * w * y)(2.0))(5.0),
}


@pytest.mark.parametrize("name", OF_WHAT_IS_AROUND)
def test_what_stands_around_a_function_is_differentiated_by_who_is_differentiated_there(name):
    """Each is 12 w^2: what is around a function that is transformed is a variable of the function around it."""
    inner = OF_WHAT_IS_AROUND[name]
    assert inner(3.0) == pytest.approx(108.0, rel=1e-14)
    assert isinstance(inner(3.0), float)
    for _ in range(2):
        assert grad(inner)(3.0) == pytest.approx(72.0, rel=1e-14)
        assert jvp(inner, (3.0,), (1.0,)) == pytest.approx((108.0, 72.0), rel=1e-14)
        assert grad(grad(inner))(3.0) == pytest.approx(24.0, rel=1e-13)
        assert hvp(inner, (3.0,), (1.0,)) == pytest.approx(24.0, rel=1e-13)
    assert compile(inner).grad(3.0) == pytest.approx(72.0, rel=1e-14)


def test_of_numbers_there_are_numbers_whatever_stands_around():
    w = Value(3.0)
    assert isinstance(grad(lambda x: x * x * w)(2.0), float)
    seen = []
    grad(lambda v: [seen.append(grad(lambda x: x * x)(2.0)), v][1])(1.0)
    assert seen == [4.0]
    assert isinstance(seen[0], float)
