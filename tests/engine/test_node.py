"""Value and the graph it makes: what a user can do with a number, and what it refuses."""

import math
import operator
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Value


def test_operators_both_ways_round():
    x = Value(3.0)
    for found, expected in [
        (x + 2, 5.0), (2 + x, 5.0), (x - 2, 1.0), (2 - x, -1.0), (x * 2, 6.0), (2 * x, 6.0),
        (x / 2, 1.5), (2 / x, 2 / 3), (x**2, 9.0), (2**x, 8.0), (-x, -3.0), (+x, 3.0), (abs(-x), 3.0),
        (math.floor(Value(2.5)), 2.0), (math.ceil(Value(2.5)), 3.0), (math.trunc(Value(-2.5)), -2.0),
        (round(Value(2.5)), 2.0), (round(Value(2.375), 2), 2.38), (x % 2, 1.0), (8 % x, 2.0), (-x % 2, 1.0),
        (x // 2, 1.0), (8 // x, 2.0), (divmod(x, 2)[0], 1.0), (divmod(8, x)[1], 2.0),
    ]:  # fmt: skip
        assert isinstance(found, Value)
        assert found.data == expected


def test_augmented_assignment_makes_a_new_node():
    x = Value(3.0)
    y = x
    y += 1
    assert (x.data, y.data) == (3.0, 4.0)


def test_sum_of_a_list_works():
    xs = [Value(1.0), Value(2.0)]
    s = sum(xs)
    s.backward()
    assert (s.data, xs[0].grad) == (3.0, 1.0)


def test_comparison_is_by_data_and_hash_by_identity():
    a, b = Value(2.0), Value(2.0)
    assert a == b
    assert a == 2
    assert a != 3.0
    assert a < 3
    assert a <= 2
    assert a > Value(1)
    assert a >= Fraction(2)
    assert a < 3
    assert (a == "2") is False
    assert operator.gt(3, a)
    assert a < 10**400
    assert Value(2.0**53) != 2**53 + 1
    assert operator.eq(2.0, a)
    assert a != "2"
    assert a is not None
    assert len({a, b}) == 2
    assert sorted([Value(3.0), Value(1.0)])[0].data == 1.0
    assert max(Value(1.0), Value(2.0)).data == 2.0
    assert bool(Value(0.5))
    assert not Value(0.0)
    assert bool(Value(math.nan))
    assert Value(math.nan) != Value(math.nan)
    with pytest.raises(TypeError, match="not supported between"):
        _ = a < "2"


def test_printing():
    x = Value(2.0)
    assert repr(x) == "Value(data=2.0, grad=0.0)"
    assert f"{x:.3f}" == "2.000"
    assert f"{x}" == repr(x) == str(x)


@pytest.mark.parametrize("cut", [float, int, complex, math.exp, lambda v: pow(v, 2, 5)])
def test_what_would_cut_the_graph_is_refused(cut):
    with pytest.raises(TypeError, match=r"would cut the graph: use v\.data|leave the third argument out"):
        cut(Value(1.0))


def test_numbers_of_any_type_become_floats_once():
    from decimal import Decimal

    for number in (
        2,
        True,
        2.0,
        np.float64(2),
        np.float32(2),
        np.int64(2),
        Fraction(2),
        Decimal(2),
        np.array(2.0),
        np.array([2.0]),
    ):
        assert type(Value(number).data) is float
    x = Value(1.0)
    for number in (2, np.float64(2), np.float32(2), np.int64(2), Fraction(2), Decimal(2)):
        assert (x * number).data == (number * x).data == 2.0
    x.data = 3
    x.grad = np.float32(1.5)
    assert (type(x.data), type(x.grad), x.grad) == (float, float, 1.5)
    with pytest.raises(OverflowError, match="an integer of 1329 bits is too large"):
        Value(10**400)


BAD = [
    ("str", "2.0"), ("None", None), ("complex", 1j), ("an array of 3 elements", np.zeros(3)),
    ("a Value", Value(1.0)), ("list", [1.0]), ("dict", {}), ("complex64", np.complex64(1j)),
]  # fmt: skip


@pytest.mark.parametrize(("named", "bad"), BAD, ids=[name for name, _ in BAD])
def test_what_is_not_a_number_is_named(named, bad):
    for make in (Value, lambda x: setattr(Value(1.0), "data", x), lambda x: Value(1.0).backward(x)):
        with pytest.raises(TypeError, match=named):
            make(bad)


@pytest.mark.parametrize("bad", ["2.0", None, 1j])
def test_what_is_not_an_operand_is_named(bad):
    x = Value(1.0)
    for operate in (
        lambda: x + bad,
        lambda: bad * x,
        lambda: x**bad,
        lambda: x.maximum(bad),
        lambda: autograd.exp(bad),
    ):
        with pytest.raises(TypeError, match=r"expected a real number.*got (str|None|complex)"):
            operate()
    with pytest.raises(TypeError, match="unsupported operand"):
        operator.add(x, [1.0])


def test_labels_and_other_attributes():
    x = Value(2.0, label="x")
    x.m = 0.5
    x.anything = [1]
    assert (x.label, x.m, (x * x).label) == ("x", 0.5, "")
    y = x * 2
    y.label = "y"
    assert y.label == "y"
    with pytest.raises(AttributeError, match="nothing"):
        _ = x.nothing


def test_operands_partials_and_primitive():
    x, y = Value(2.0), Value(3.0)
    z = x * y
    assert z.operands == (x, y)
    assert z.operands[0] is x
    assert z.partials == (3.0, 2.0)
    assert z.primitive.name == "mul"
    assert (x.operands, x.partials, x.primitive) == ((), (), None)
    assert (x * x).operands == (x, x)


def test_a_constructor_that_fails_leaves_the_node_as_it_was():
    x = Value(3.0)
    z = x * x
    with pytest.raises(TypeError):
        z.__init__("bad")
    z.backward()
    assert (z.data, x.grad) == (9.0, 6.0)
    del z
    Value.__new__(Value)  # never initialised, and freed all the same
