"""Rules that use the results of the very function that they are of: derivatives of any order, in all ways to ask."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, checkpoint, compile, custom_jvp, custom_vjp, grad, hessian, jvp, primitive, steps, taylor

by_argument = custom_jvp(lambda x: autograd.exp(x))
by_argument.defjvps(lambda d, z, x: z * d)

pushing = custom_jvp(lambda x: [autograd.sin(x), autograd.cos(x)])


@pushing.defjvp
def pushing_rule(primals, tangents):
    sine, cosine = pushing(*primals)
    return [sine, cosine], [cosine * tangents[0], -sine * tangents[0]]


pulling = custom_vjp(lambda x: [autograd.sin(x), autograd.cos(x)])


def pulling_forward(x):
    found = [autograd.sin(x), autograd.cos(x)]
    return found, found


pulling.defvjp(pulling_forward, lambda found, g: (found[1] * g[0] - found[0] * g[1],))

sine = primitive(lambda x: autograd.sin(x), name="sine")
cosine = primitive(lambda x: autograd.cos(x), partials=[lambda x, z: -sine(x)], name="cosine")
sine.defpartials(lambda x, z: cosine(x))


def by_results(f):
    def function(x):
        found = f(x * x)
        return found[0] * found[1] ** 2 + f(x)[1]

    return function


def by_rows(x):
    return autograd.sin(x * x) * autograd.cos(x * x) ** 2 + autograd.cos(x)


CASES = {
    "defjvps": (lambda x: by_argument(x * x), lambda x: autograd.exp(x * x)),
    "pushing": (by_results(pushing), by_rows),
    "pulling": (by_results(pulling), by_rows),
    "primitive": (lambda x: sine(x * x), lambda x: autograd.sin(x * x)),
}
ASKED = {
    "grad": lambda f: grad(f)(0.7),
    "third": lambda f: grad(grad(grad(f)))(0.7),
    "hessian": lambda f: hessian(f)(0.7),
    "forward over reverse": lambda f: jvp(grad(f), (0.7,), (1.0,))[1],
    "reverse over forward": lambda f: grad(lambda x: jvp(f, (x,), (1.0,))[1])(0.7),
    "checkpoint": lambda f: hessian(checkpoint(f))(0.7),
    "compiled": lambda f: compile(f).grad(0.7),
    "compiled twice": lambda f: compile(f).hessian(0.7),
    "compiled four times": lambda f: compile(lambda x: grad(grad(f))(x)).hessian(0.7),
    "sparse": lambda f: compile(f).hessian(0.7, sparse="values"),
    "taylor": lambda f: taylor(f, 0.7, 4),
    "taylor of Values": lambda f: grad(lambda x: taylor(f, x, 3)[3])(0.7),
    "taylor compiled": lambda f: compile(lambda x: taylor(f, x, 3)[3]).hessian(0.7),
    "propagate": lambda f: autograd.propagate(f, 0.7, [0.01], order=2).covariance,
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("case", CASES)
def test_derivatives_are_those_of_the_arithmetic(case, asked):
    own, plain = CASES[case]
    found, wanted = ASKED[asked](own), ASKED[asked](plain)
    np.testing.assert_allclose(np.asarray(found, dtype=float), np.asarray(wanted, dtype=float), rtol=1e-10)


def test_a_result_with_several_nodes_has_the_sum_of_their_adjoints():
    x = Value(0.7)
    s, c = pulling(x)
    slope = grad(s * c, x, create_graph=True)  # cos 2x, of nodes for sin and cos that the rule was given
    assert grad(slope * s + c, x) == pytest.approx(
        -2 * math.sin(1.4) * math.sin(0.7) + math.cos(1.4) * math.cos(0.7) - math.sin(0.7), rel=1e-14
    )
    x.grad = 0.0
    total = slope * s + c
    assert steps(total)[-1].after[0] == pytest.approx(grad(total, x), rel=1e-14)
    total.backward()
    assert x.grad == pytest.approx(grad(total, x), rel=1e-14)


def test_a_series_through_many_orders_opens_a_rule_once():
    found = taylor(lambda x: pulling(x)[0], 0.3, 40)
    np.testing.assert_allclose(found, taylor(autograd.sin, 0.3, 40), rtol=1e-12, atol=1e-60)


def test_partials_with_whole_numbers_have_series():
    f = primitive(lambda x, y: x * x * y, partials=[lambda x, y, z: 2 * x * y, lambda x, y, z: x * x])
    assert taylor(lambda v: f(v[0], v[1]), [1.0, 2.0], 4, direction=[1.0, 1.0]) == [2.0, 5.0, 4.0, 1.0, 0.0]
