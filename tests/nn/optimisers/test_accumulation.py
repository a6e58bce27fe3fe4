"""Gradients of several small batches make the step of a large one."""

import json

import numpy as np
import pytest

from autograd import Value
from nn import LBFGS, MLP, SGD, Accumulation, Adam, StepLR, hinge, make_moons


def trained(batch, k, plain=False):
    points, labels = make_moons(32, rng=1)
    model = MLP(2, [4, 1], rng=1)
    adam = Adam(model.parameters(), lr=0.05)
    optimiser = adam if plain or k == 1 else Accumulation(adam, k)
    for _ in range(3):
        for i in range(0, 32, batch):
            loss = hinge([model(x) for x in points[i : i + batch]], labels[i : i + batch])
            if plain:
                (loss / k).backward()
                if (i // batch + 1) % k == 0:
                    optimiser.step()
                    optimiser.zero_grad()
            else:
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
    return [p.data for p in model.parameters()]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("k", [2, 4])
def test_k_small_batches_are_one_large_one(k, plain):
    assert trained(16 // k, k, plain) == pytest.approx(trained(16, 1), rel=1e-9, abs=1e-12)


def test_between_steps_nothing_moves_and_the_very_same_vector_comes_back():
    p = Value(1.0)
    optimiser = Accumulation(SGD([p], lr=0.5), 3)
    data = np.array([1.0])
    assert optimiser.update(data, np.array([1.0])) is data
    assert optimiser.update(data, np.array([2.0])) is data
    assert optimiser.update(data, np.array([3.0])).tolist() == [0.0]
    assert optimiser.count == 0


def test_a_state_goes_on_elsewhere_amid_a_sum():
    a, b = [Accumulation(SGD([Value(0.0)], lr=0.5, momentum=0.9), 3) for _ in range(2)]
    x = np.zeros(1)
    for slope in (1.0, 2.0, 3.0, 4.0):
        x = a.update(x, np.array([slope]))
    b.load_state_dict(json.loads(json.dumps(a.state_dict())))
    for slope in (5.0, 6.0):
        y, z = [optimiser.update(x, np.array([slope])) for optimiser in (a, b)]
        assert y == z
    assert a.state_dict() == b.state_dict()


def test_it_stands_where_an_optimiser_can():
    optimiser = Accumulation(SGD([Value(1.0)], lr=0.5), 2)
    schedule = StepLR(optimiser, 1, 0.5)
    schedule.step()
    assert optimiser.lr == optimiser.optimiser.lr == 0.25
    optimiser.lr = 0.125
    assert repr(optimiser) == "Accumulation(SGD(1 parameters, lr=0.125, momentum=0.0), steps=2)"


def test_what_is_refused():
    with pytest.raises(ValueError, match="steps: expected 1 or more, got 0"):
        Accumulation(SGD([Value(1.0)]), 0)
    with pytest.raises(TypeError, match="of single gradients, got LBFGS"):
        Accumulation(LBFGS([Value(1.0)]), 2)
    with pytest.raises(TypeError, match="got list"):
        Accumulation([Value(1.0)], 2)
    optimiser = Accumulation(SGD([Value(1.0)]), 2)
    for change in ({"steps": 3}, {"count": 1}, {"count": 1, "sum": [1.0, 2.0]}, {"optimiser": {}}):
        with pytest.raises(ValueError, match=r"damaged|neither a number|state of None"):
            optimiser.load_state_dict(optimiser.state_dict() | change)
