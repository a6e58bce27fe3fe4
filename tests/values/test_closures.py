"""Rules that a user writes, while and after a graph is swept."""

import math

import pytest

import autograd
from autograd import Value


@pytest.mark.parametrize("other_sweep", [
    lambda x, w: autograd.topological_order([w, x]), lambda x, w: autograd.grad(w * w * x, w),
])  # fmt: skip
def test_a_rule_may_sweep_a_graph_of_the_same_leaves_in_another_order(other_sweep):
    x, w = Value(3.0), Value(2.0)
    product = x * w
    out = Value(5.0 * product.data, (product,), "times 5")

    def rule():
        other_sweep(x, w)
        product.grad += 5.0 * out.grad

    out._backward = rule
    (out + x * x).backward()
    assert (x.grad, w.grad) == (16.0, 15.0)
    assert vars(x) == vars(w) == {}


def test_a_rule_with_a_constant_operand():
    x, c = Value(3.0), Value(5.0).detach()
    for out in (x * 2.0, Value(15.0, (x, c), "*")):

        def rule(out=out):
            x.grad += 2.0 * out.grad
            out.operands[1].grad += 1.0

        out._backward = rule
        x.zero_grad()
        (out * 10.0).backward()
        assert (x.grad, out.operands[1].grad) == (20.0, 0.0)


def test_a_rule_that_changes_the_graph_while_it_is_swept():
    far = Value(1.0)
    for _ in range(1000):
        far = far * 1.0
    far.backward()
    x, w = Value(2.0), Value(0.0)
    w = autograd.where(1.0, x, far)
    out = Value(2.0, (w,), "meddling")

    def rule():
        def another():
            far.grad += 7.0

        w._backward = another
        w.__class__.__init__(w, 5.0, (far,), (1.0,))

    out._backward = rule
    out.backward()
    assert x.grad == 0.0


def test_a_rule_made_under_no_grad_is_a_constant():
    x = Value(2.0)
    with autograd.no_grad():
        y = Value(4.0, (x,), "square")
        y._backward = lambda: None
    assert y.is_constant
    assert y.operands == ()


def test_stepping_by_hand_sends_nothing_where_nothing_was_taken():
    s = Value(-1.0)
    r = s.relu()
    r.grad = math.inf
    r._backward()
    assert s.grad == 0.0
