"""The table of activations: a row is all there is to one."""

import math

from autograd import sin
from nn import MLP, Neuron, kaiming_uniform
from nn.layers.activations import ACTIVATIONS, Activation


def test_a_row_is_all_that_an_activation_needs(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "sine", Activation("sine", sin, 6.0, "Sine"))
    neuron = Neuron(2, "sine", rng=1)
    kaiming_uniform(neuron, rng=1)
    assert repr(neuron) == "SineNeuron(2)"
    assert max(abs(w.data) for w in neuron.w) > 2.0
    assert neuron([0.5, 0.25]).data == math.sin(0.5 * neuron.w[0].data + 0.25 * neuron.w[1].data)
    assert repr(MLP(1, [1, 1], "sine")) == "MLP of [Layer of [SineNeuron(1)], Layer of [LinearNeuron(1)]]"


def test_each_row_stands_under_its_name():
    assert all(row.name == name for name, row in ACTIVATIONS.items())
