"""Rules of one's own: objects that say how the gradient goes on, of which the sweep knows nothing else."""

import copy
import math

import pytest

import autograd
from autograd import Tape, Value
from autograd.engine.rules import Joint, Result, Rule
from autograd.values.closures import join


class Cube(Rule):
    """x**3, from numbers and from Values."""

    name = "cube"

    def contributions(self, node, adjoint):
        (x,) = node.operands
        return [3.0 * x.data**2 * adjoint]

    def contributions_as_values(self, node, adjoint):
        (x,) = node.operands
        return [3.0 * x**2 * adjoint]


def cube(x):
    return join(x.data**3, (x,), Cube())


def test_a_rule_of_ones_own():
    x = Value(2.0)
    y = cube(x) * 5.0 + x
    y.backward()
    assert (y.data, x.grad) == (42.0, 61.0)
    node = cube(x)
    assert (node._op, node.partials, node.primitive, node.has_closure) == ("cube", (12.0,), None, False)
    assert node.operands[0] is x
    assert type(node) is Value
    x.zero_grad()
    node.grad = 2.0
    node._backward()
    assert x.grad == 24.0


def test_a_rule_of_ones_own_is_differentiated_again():
    x = Value(2.0)
    slope = autograd.grad(cube(x), x, create_graph=True)
    assert slope.data == 12.0
    assert autograd.grad(slope, x) == 12.0


class Clipped(Rule):
    """x as it is, with a gradient of at most 1; it has one contribution, and no Values."""

    name = "clipped"

    def contributions(self, node, adjoint):
        return [max(-1.0, min(1.0, adjoint))]


def test_a_hook_on_the_gradient():
    x = Value(3.0)
    y = join(x.data, (x,), Clipped())
    (y * 100.0).backward()
    assert (x.grad, y.grad) == (1.0, 100.0)
    with pytest.raises(TypeError, match="create_graph cannot differentiate it again"):
        autograd.grad(y, x, create_graph=True)
    with pytest.raises(TypeError, match=r"cannot be copied: its rule may refer to what it was made with"):
        copy.deepcopy(y)
    with pytest.raises(ValueError, match=r"has a rule of its own \('clipped'\)"):
        Tape(y, x)


class Turned(Joint):
    """A point (x, y) turned by an angle: two results."""

    def __init__(self, angle):
        self.name, self.many, self.angle = "turned", True, angle

    def contributions(self, node, adjoint):
        c, s = math.cos(self.angle), math.sin(self.angle)
        first, second = adjoint.get(0), adjoint.get(1)
        return [
            None if first is None and second is None else c * (first or 0.0) + s * (second or 0.0),
            None if first is None and second is None else -s * (first or 0.0) + c * (second or 0.0),
        ]


def turned(x, y, angle):
    c, s = math.cos(angle), math.sin(angle)
    whole = join(0.0, (x, y), Turned(angle))
    return (
        join(c * x.data - s * y.data, (whole,), Result(0)),
        join(s * x.data + c * y.data, (whole,), Result(1)),
    )


def test_a_rule_of_several_results():
    x, y = Value(3.0), Value(4.0)
    a, b = turned(x, y, math.pi / 2)
    (a * 10.0 + b).backward()
    assert (round(a.data, 9), round(b.data, 9)) == (-4.0, 3.0)
    assert (round(x.grad, 9), round(y.grad, 9)) == (1.0, -10.0)
    a, b = turned(x, y, 0.0)
    assert autograd.grad(b * 2.0, [x, y]) == [0.0, 2.0]  # one of the results alone
    with pytest.raises(TypeError, match="backward from the node of turned: it has several results"):
        a.operands[0].backward()
    with pytest.raises(TypeError, match="_backward of one of several results of turned"):
        a._backward()


def test_nothing_goes_on_where_a_rule_says_none():
    class Blocked(Rule):
        def contributions(self, node, adjoint):
            return [None, adjoint]

    x = Value(0.0)
    steep = x.sqrt()  # its slope is infinite, and 0 times that would be nan
    z = Value(1.0)
    join(1.0, (steep, z), Blocked()).backward()
    assert (x.grad, z.grad) == (0.0, 1.0)


def test_a_rule_with_too_few_contributions_is_named():
    class Short(Rule):
        name = "short"

        def contributions(self, node, adjoint):
            return [adjoint]

    x = Value(1.0)
    y = join(1.0, (x, x), Short())
    with pytest.raises(ValueError, match="short: 2 operands, but contributions to 1 of them"):
        y.backward()
    assert x.grad == 0.0
