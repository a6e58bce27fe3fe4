"""Operands that are no numbers, as many as a row does not take, and numbers of rows of any number of operands."""

import math
import random

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.calculus import table


@pytest.mark.parametrize("name", ["exp", "abs", "detach"])
def test_a_class_is_no_number(name):
    with pytest.raises(TypeError, match=f"{name}: expected a real number, got type"):
        getattr(autograd, name)(Value)


def test_nor_beside_one_that_is():
    with pytest.raises(TypeError, match="maximum: expected a real number, got type"):
        autograd.maximum(1.0, Value)
    with pytest.raises(TypeError, match="maximum: expected a real number, got type"):
        autograd.maximum(np.array([1.0]), Value)


@pytest.mark.parametrize(
    ("row", "operands", "wanted"),
    [
        (table.sum, (), "one operand or more, got 0"),
        (table.logsumexp, (), "one operand or more, got 0"),
        (table.dot, (), "its operands in pairs, got 0"),
        (table.dot, (1.0,), "its operands in pairs, got 1"),
        (table.add, (1.0,), "2 operands, got 1"),
        (table.where, (1.0,), "3 operands, got 1"),
    ],
)
def test_as_many_as_a_row_takes(row, operands, wanted):
    with pytest.raises(TypeError, match=f"{row.name} takes {wanted}"):
        Value(1.0).__apply_primitive__(row, operands)


HARD = [math.inf, -math.inf, math.nan, -0.0, 0.0, 1e308, -1e308, 5e-324, 710.0, -746.0]


@pytest.mark.parametrize("seed", range(30))
def test_numbers_and_values_have_the_same_bits(seed):
    rng = random.Random(seed)
    xs = [rng.choice(HARD) if rng.random() < seed / 60 else rng.uniform(-9.0, 9.0) for _ in range(2 * (seed + 1))]
    values = [Value(x) for x in xs]
    for plain, node, row in (
        (autograd.sum(xs), autograd.sum(values), table.sum),
        (autograd.logsumexp(xs), autograd.logsumexp(values), table.logsumexp),
        (autograd.dot(xs[::2], xs[1::2]), autograd.dot(values[::2], values[1::2]), table.dot),
    ):
        assert type(plain) is float
        assert repr(plain) == repr(node.data) == repr(row.evaluate(xs))


def test_of_none():
    assert repr((autograd.sum([]), autograd.dot([], []), autograd.logsumexp([]))) == "(0.0, 0.0, -inf)"
