"""Penalties: against torch, by hand, and what they refuse. `l2` is in test_losses.py."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, topological_order
from nn import MLP
from nn.losses.penalties import elastic_net, l1, l2
from tests.nn.losses.oracle import agree, values


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=5), st.floats(0, 1))
def test_values_and_slopes_are_those_of_torch(numbers, share):
    agree(lambda p: l1(p, 0.3), lambda p: 0.3 * p.abs().sum(), numbers)
    agree(lambda p: l2(p, 0.3), lambda p: 0.3 * (p * p).sum(), numbers)
    agree(
        lambda p: elastic_net(p, 0.3, share),
        lambda p: 0.3 * (share * p.abs().sum() + (1 - share) * (p * p).sum()),
        numbers,
    )


def test_by_hand():
    p = values([3.0, -4.0, 0.0])
    l1(p, 0.5).backward()
    assert [v.grad for v in p] == [0.5, -0.5, 0.0]
    assert elastic_net(p, 2.0, 1.0).data == l1(p, 2.0).data == 14.0
    assert elastic_net(p, 2.0, 0.0).data == l2(p, 2.0).data == 50.0
    assert l1([Value(3.0)], 0.0).data == 0.0


def test_penalties_are_few_nodes():
    assert len([n for n in topological_order(l1(values([1.0] * 99), 0.1)) if n.operands]) == 101


@pytest.mark.parametrize("penalty", [l1, elastic_net])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([], 0.1), ValueError, "no parameters: an iterator may have been used up"),
        (([Value(1.0)], -0.1), ValueError, r"strength is -0\.1; a penalty is not negative"),
        (([Value(1.0)], math.inf), ValueError, "strength: expected a finite number, got inf"),
        ((MLP(1, [1]), 0.1), TypeError, r"expected a list of parameters, got a MLP: pass its \.parameters\(\)"),
        ((["a"], 0.1), TypeError, "expected a real number"),
    ],
)
def test_what_all_refuse(penalty, arguments, error, message):
    with pytest.raises(error, match=message):
        penalty(*arguments)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_from_0_to_1(share):
    with pytest.raises(ValueError, match=rf"elastic_net: share is {share}; it is from 0 \(all l2\) to 1"):
        elastic_net([Value(1.0)], 0.1, share)
