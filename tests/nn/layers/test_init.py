"""Initialisation: torch's gains and bounds, and signals that keep their scale."""

import copy
import math
import random
import statistics

import pytest

from autograd import no_grad
from nn import MLP, Layer, Module, Neuron, kaiming_uniform
from nn.layers.activations import ACTIVATIONS


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "linear", "leaky_relu", "selu"])
def test_gains_and_bounds_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    assert ACTIVATIONS[name].gain == pytest.approx(torch.nn.init.calculate_gain(name), rel=1e-15)
    neuron = Neuron(5000, name, rng=1)
    kaiming_uniform(neuron, rng=1)
    bound = ACTIVATIONS[name].gain * math.sqrt(3 / 5000)
    weights = [w.data for w in neuron.w]
    assert 0.99 * bound < max(weights) <= bound
    assert -bound <= min(weights) < -0.99 * bound
    assert statistics.pvariance(weights) == pytest.approx(ACTIVATIONS[name].gain ** 2 / 5000, rel=0.05)


def test_signals_keep_their_scale_through_layers():
    model = MLP(100, [100, 100, 100], "relu", rng=1)
    kaiming_uniform(model, rng=2)
    rng = random.Random(3)
    with no_grad():
        outputs = [v.data for _ in range(10) for v in model([rng.gauss(0, 1) for _ in range(100)])]
    assert 0.5 < statistics.pvariance(outputs) < 2.0


def test_biases_become_zero_and_the_seed_decides():
    a, b = MLP(3, [4, 2], rng=1), Layer(3, 2, rng=9)
    b.neurons[0].b.data = 5.0
    kaiming_uniform(b, rng=1)
    assert b.neurons[0].b.data == 0.0
    kaiming_uniform(a, rng=1)
    before = a.state_dict()
    kaiming_uniform(a, rng=random.Random(1))
    assert a.state_dict() == before


def test_a_module_without_neurons_is_refused():
    with pytest.raises(TypeError, match="no neuron found"):
        kaiming_uniform(Module())


def test_neurons_are_found_wherever_a_module_holds_them():
    class Tower(Module):
        def __init__(self):
            self.doors = {"left": Neuron(3, "tanh", rng=1), "right": (Layer(2, 2, rng=2),)}
            self.again = self.doors["left"]
            self.top = MLP(2, [2, 1], rng=3)
            self.me = self

    tower = Tower()
    kaiming_uniform(tower, rng=7)
    rng = random.Random(7)
    for part in (tower.doors["left"], *tower.doors["right"][0].neurons, tower.top):
        twin = copy.deepcopy(part)
        kaiming_uniform(twin, rng)
        assert twin.state_dict() == part.state_dict()


def test_the_draws_of_an_mlp_are_neuron_by_neuron_in_order():
    model = MLP(3, [4, 2], "tanh", rng=1)
    kaiming_uniform(model, rng=5)
    rng = random.Random(5)
    for layer, gain, nin in zip(model.layers, (5 / 3, 1.0), (3, 4), strict=True):
        for neuron in layer.neurons:
            bound = gain * math.sqrt(3.0 / nin)
            assert [w.data for w in neuron.w] == [rng.uniform(-bound, bound) for _ in range(nin)]
