"""grad: derivatives as results, and those that have become constant."""

import numpy as np
import pytest

import autograd
from autograd import Tape, Value


def test_grad_leaves_every_grad_alone():
    x, y, other = Value(2.0), Value(3.0), Value(1.0)
    z = x * y
    x.grad = 7.0
    assert autograd.grad(z, [x, y, z]) == [3.0, 2.0, 1.0]
    assert autograd.grad(z, [x, y, z, other], allow_unused=True) == [3.0, 2.0, 1.0, 0.0]
    assert autograd.grad([z, z], x, [1.0, 2.0]) == 9.0
    assert (x.grad, y.grad, z.grad) == (7.0, 0.0, 0.0)


def test_an_input_that_is_not_in_the_graph():
    x, y = Value(2.0), Value(3.0, label="y")
    z = autograd.where(1.0, x, y) * autograd.relu(-x)
    assert autograd.grad(z, [x, y]) == [0.0, 0.0]  # both are in it, and moved by nothing
    other = Value(3.0, label="other")
    for create_graph in (False, True):
        with pytest.raises(ValueError, match=r"input 1, Value\(.*\), is not in the graph.*allow_unused=True"):
            autograd.grad(z, [x, other], create_graph=create_graph)
        found = autograd.grad(z, [x, other], create_graph=create_graph, allow_unused=True)
        assert [float(d.data if create_graph else d) for d in found] == [0.0, 0.0]
    with pytest.raises(ValueError, match=r"input 0, .* no output was made from it"):
        autograd.grad([x * y, y], other)
    with pytest.raises(ValueError, match="not in the graph"):
        autograd.compile(lambda a, b: autograd.grad(a * a, b))(2.0, 3.0)
    with pytest.raises(TypeError, match="give it Values to have Values back"):
        autograd.grad(lambda x: x, allow_unused=True)
    # What is made from derivatives has a derivative of 0 by what has gone from them.
    slope = autograd.grad(x * y, x, create_graph=True)
    assert autograd.grad(slope * slope + 1.0, [x, y]) == [0.0, 6.0]


def test_create_graph_notices_changed_data():
    x = Value(2.0)
    y = x * x
    x.data = 3.0
    assert autograd.grad(y, x) == 4.0
    with pytest.raises(ValueError, match="data was changed"):
        autograd.grad(y, x, create_graph=True)


# --- derivatives that have become constant ---------------------------------------------------------------------------


POLYNOMIALS = [
    (lambda x: -x, [-1.0, 0.0, 0.0, 0.0]),
    (lambda x: 3.0 * x, [3.0, 0.0, 0.0, 0.0]),
    (lambda x: x + 1.0, [1.0, 0.0, 0.0, 0.0]),
    (lambda x: x, [1.0, 0.0, 0.0, 0.0]),
    (lambda x: x * x, [4.0, 2.0, 0.0, 0.0]),
    (lambda x: x**2, [4.0, 2.0, 0.0, 0.0]),
    (lambda x: x * x * x, [12.0, 12.0, 6.0, 0.0]),
    (lambda x: autograd.dot([x, x], [x, 3.0]), [7.0, 2.0, 0.0, 0.0]),
    (lambda x: autograd.sum([x, x, x]), [3.0, 0.0, 0.0, 0.0]),
    (lambda x: autograd.where(1.0, x, x * x), [1.0, 0.0, 0.0, 0.0]),
    (lambda x: autograd.relu(x), [1.0, 0.0, 0.0, 0.0]),
    (lambda x: autograd.floor(x) + abs(x), [1.0, 0.0, 0.0, 0.0]),
    (lambda x: x.detach() + 2.0 * x, [2.0, 0.0, 0.0, 0.0]),
]


def derivatives(f, x, orders):
    found, y = [], f(x)
    for _ in range(orders):
        y = autograd.grad(y, x, create_graph=True)
        found.append(y)
    return found


@pytest.mark.parametrize(("f", "expected"), POLYNOMIALS)
def test_a_derivative_that_has_become_constant_has_derivative_0(f, expected):
    x = Value(2.0)
    found = derivatives(f, x, 4)
    assert [d.data for d in found] == expected
    assert [autograd.grad(d, x) for d in found[:3]] == expected[1:]
    assert not any(d.is_constant for d in found)
    found[2].backward()
    assert x.grad == expected[3]
    for order in range(1, 5):  # and so while a function is recorded
        inside = autograd.compile(lambda v, order=order: derivatives(f, v, order)[-1], in_axes=0)
        assert inside(np.array([2.0])).tolist() == [expected[order - 1]]
    assert autograd.compile(f).hessian(2.0).tolist() == [[expected[1]]]


def test_mixed_partials_that_are_constant():
    x, y = Value(2.0), Value(3.0)
    dx, dy = autograd.grad([x * y + y, 2.0 * x], [x, y], create_graph=True)
    assert (dx.data, dy.data) == (5.0, 3.0)
    assert autograd.grad(dx, [x, y]) == [0.0, 1.0]
    assert autograd.grad(dy, [x, y]) == [1.0, 0.0]
    dxy = autograd.grad(dx, y, create_graph=True)
    assert autograd.grad(dxy, [x, y]) == [0.0, 0.0]
    nothing = autograd.grad(x * 2.0, y, create_graph=True, allow_unused=True)  # y takes no part
    assert autograd.grad(nothing, y, create_graph=True).data == 0.0
    assert autograd.compile(lambda a, b: a * b + b).hessian(2.0, 3.0, argnums=(0, 1)).tolist() == [
        [0.0, 1.0],
        [1.0, 0.0],
    ]
    assert Tape([dx, nothing]).labels == ("",)  # a constant is no input


def test_what_was_detached_or_made_under_no_grad_still_has_no_derivative():
    x = Value(2.0)
    y = 3.0 * x
    with autograd.no_grad():
        quiet = x * x
        slope = autograd.grad(y, x, create_graph=True)
    for constant in (quiet, slope, (x * x).detach(), autograd.grad(-x, x, create_graph=True).detach()):
        with pytest.raises(ValueError, match="detached, or made under no_grad"):
            autograd.grad(constant, x)
