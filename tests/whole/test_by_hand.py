"""Derivatives worked out on paper. No helpers, no loops over a table: every number here was put in by hand."""

from math import inf, isnan

import numpy as np
import pytest

import autograd
from autograd import Value


def test_product_and_sum():
    w, x, b = Value(2.0), Value(5.0), Value(1.0)
    loss = (w * x + b - 12.0) ** 2
    loss.backward()
    assert loss.data == 1.0
    assert (w.grad, x.grad, b.grad) == (-10.0, -4.0, -2.0)


def test_the_four_steps_example():
    w, x, y = Value(2.0), Value(5.0), Value(12.0)
    loss = (w * x - y) ** 2
    loss.backward()
    assert loss.data == 4.0
    assert w.grad == -20.0


def test_a_node_used_twice():
    x = Value(3.0)
    y = x * x
    z = y + y * x  # x² + x³
    z.backward()
    assert x.grad == 2 * 3.0 + 3 * 9.0


def test_two_losses_over_a_shared_node_accumulate_in_the_leaf_only():
    x = Value(3.0)
    y = x * x
    a, b = y * 2.0, y * 3.0
    a.backward()
    assert (x.grad, y.grad) == (12.0, 2.0)
    b.backward()
    assert (x.grad, y.grad) == (12.0 + 18.0, 3.0)


def test_a_second_backward_doubles_the_leaf_only():
    x = Value(3.0)
    y = x * x
    z = y * 1.5
    z.backward()
    z.backward()
    assert (x.grad, y.grad, z.grad) == (18.0, 1.5, 1.0)
    x.zero_grad()
    z.backward()
    assert x.grad == 9.0


def test_the_gradient_is_that_of_the_forward_pass_that_ran():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    a.data = 10.0
    c.backward()
    assert (c.data, b.grad) == (6.0, 2.0)


@pytest.mark.parametrize(
    ("base", "exponent", "value", "by_base", "by_exponent"),
    [
        (3.0, 0.0, 1.0, 0.0, np.log(3.0)),
        (0.0, 0.0, 1.0, 0.0, 0.0),
        (1e-320, 0.0, 1.0, 0.0, np.log(1e-320)),
        (0.0, 2.0, 0.0, 0.0, 0.0),
        (-2.0, 3.0, -8.0, 12.0, None),
        (0.0, 0.5, 0.0, inf, 0.0),
        (0.0, -1.0, inf, -inf, -inf),
        (2.0, 3.0, 8.0, 12.0, 8.0 * np.log(2.0)),
    ],
)
def test_powers_at_their_edges(base, exponent, value, by_base, by_exponent):
    x, y = Value(base), Value(exponent)
    z = x**y
    z.backward()
    assert z.data == value
    assert x.grad == by_base
    assert isnan(y.grad) if by_exponent is None else y.grad == by_exponent


def test_a_negative_base_with_a_fraction_is_nan_and_never_complex():
    x = Value(-8.0)
    z = x ** (1 / 3)
    assert isinstance(z.data, float)
    assert isnan(z.data)


def test_a_constant_exponent_needs_no_logarithm():
    x = Value(-3.0)
    z = x**2
    z.backward()
    assert (z.data, x.grad) == (9.0, -6.0)


def test_the_mixed_derivative_of_a_power_at_exponent_zero():
    x, y = Value(5.0), Value(0.0)
    dx = autograd.grad(x**y, x, create_graph=True)
    assert dx.data == 0.0
    assert autograd.grad(dx, y) == pytest.approx(1 / 5, rel=1e-15)


def test_kinks():
    for function, at, slope in [
        (autograd.relu, 0.0, 0.0),
        (autograd.relu, 2.0, 1.0),
        (autograd.relu, -2.0, 0.0),
        (autograd.abs, 0.0, 0.0),
        (autograd.abs, -2.0, -1.0),
        (autograd.step, 1.0, 0.0),
        (autograd.sign, -1.0, 0.0),
        (autograd.floor, 1.5, 0.0),
        (autograd.sqrt, 0.0, inf),
        (autograd.cbrt, 0.0, inf),
    ]:
        x = Value(at)
        function(x).backward()
        assert x.grad == slope, function.__name__


def test_ties_are_shared():
    for function in (autograd.maximum, autograd.minimum):
        x, y = Value(1.0), Value(1.0)
        function(x, y).backward()
        assert (x.grad, y.grad) == (0.5, 0.5)
    x, y = Value(1.0), Value(2.0)
    autograd.maximum(x, y).backward()
    assert (x.grad, y.grad) == (0.0, 1.0)
    x, y = Value(1.0), Value(2.0)
    autograd.minimum(x, y).backward()
    assert (x.grad, y.grad) == (1.0, 0.0)


def test_nan_stays_nan():
    assert isnan(Value(float("nan")).relu().data)
    assert isnan(autograd.maximum(Value(float("nan")), 1.0).data)
    assert isnan(autograd.minimum(1.0, Value(float("nan"))).data)


def test_poles():
    assert (1.0 / Value(0.0)).data == inf
    assert (1.0 / Value(-0.0)).data == -inf
    assert isnan((0.0 / Value(0.0)).data)
    assert Value(0.0).log().data == -inf
    assert isnan(Value(-1.0).log().data)
    assert Value(1000.0).exp().data == inf
    assert Value(-1.0).log1p().data == -inf
    assert Value(1.0).atanh().data == inf
    x = Value(0.0)
    x.log().backward()
    assert x.grad == inf


def test_division_is_one_rounding():
    assert (Value(49.0) / 49.0).data == 1.0
    assert (7.0 / Value(3.0)).data == 7.0 / 3.0
    assert (Value(1e-310) / Value(1e-310)).data == 1.0


def test_tails():
    x = Value(20.0)
    x.tanh().backward()
    assert x.grad == pytest.approx(1.6993417021166355e-17, rel=1e-14)  # 1/cosh(20)²
    x = Value(800.0)
    assert autograd.grad(autograd.grad(x.tanh(), x, create_graph=True), x) == 0.0
    x = Value(40.0)
    x.sigmoid().backward()
    assert x.grad == pytest.approx(4.248354255291589e-18, rel=1e-14)  # exp(-40)/(1 + exp(-40))²
    assert Value(-800.0).softplus().data == 0.0
    assert Value(800.0).softplus().data == 800.0
    assert Value(-40.0).softplus().data == pytest.approx(4.248354255291589e-18, rel=1e-14)


def test_where_sends_nothing_into_the_branch_not_taken():
    x = Value(0.0)
    y = autograd.where(x > 0.0, x.log(), x * 2.0)
    y.backward()
    assert (y.data, x.grad) == (0.0, 2.0)
    x = Value(0.0)
    (1.0 / autograd.where(True, x, x.sqrt())).backward()
    assert x.grad == -inf  # not nan, which 0 * inf of the branch not taken would make


def test_one_node_for_many_operands():
    xs = [Value(1.0), Value(2.0), Value(3.0)]
    ys = [Value(4.0), 5.0, Value(6.0)]
    z = autograd.dot(xs, ys, start=Value(0.5))
    z.backward()
    assert z.data == 0.5 + 4.0 + 10.0 + 18.0
    assert [x.grad for x in xs] == [4.0, 5.0, 6.0]
    assert (ys[0].grad, ys[2].grad) == (1.0, 3.0)
    assert len(autograd.topological_order(z)) == 7
    x = Value(2.0)
    s = autograd.sum([x, 1.0, x], start=3)
    s.backward()
    assert (s.data, x.grad) == (8.0, 2.0)
    a, b = Value(0.0), Value(0.0)
    m = autograd.logsumexp([a, b])
    m.backward()
    assert m.data == np.log(2.0)
    assert (a.grad, b.grad) == pytest.approx((0.5, 0.5), rel=1e-15)
    assert autograd.logsumexp([1000.0, 1000.0]) == 1000.0 + np.log(2.0)


def test_seeds_and_several_roots():
    x = Value(3.0)
    (x * x).backward(0.5)
    assert x.grad == 3.0
    x = Value(3.0)
    autograd.backward([x * x, x * 2.0], [1.0, 10.0])
    assert x.grad == 26.0


def test_detach_stops_the_gradient():
    x = Value(3.0)
    (x * x.detach()).backward()
    assert x.grad == 3.0
    d = x.detach()
    (d * 2.0 + x).backward()
    assert d.grad == 0.0


def test_second_and_third_derivatives():
    x = Value(2.0)
    first = autograd.grad(x**4, x, create_graph=True)
    second = autograd.grad(first, x, create_graph=True)
    assert (first.data, second.data, autograd.grad(second, x)) == (32.0, 48.0, 48.0)
