"""Which numbers make up which array: matrices where they are whole, under PyTorch's names; each number once, always."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, Linear, Module, Neuron
from nn.files.layout import Layout

pytestmark = pytest.mark.any_build


def test_a_perceptron_has_pytorchs_matrices():
    model = MLP(3, [4, 2], rng=1)
    layout = Layout(model.state_dict())
    assert layout.shapes == {
        "layers.0.weight": (4, 3), "layers.0.bias": (4,), "layers.1.weight": (2, 4), "layers.1.bias": (2,),
    }  # fmt: skip
    arrays = layout.arrays(model.state_dict().values())
    assert arrays["layers.0.weight"][2, 1] == model.layers[0].neurons[2].w[1].data
    model.layers[1].neurons[1].b.data = 0.25
    assert layout.arrays(model.state_dict().values())["layers.1.bias"].tolist() == [0.0, 0.25]


@pytest.mark.parametrize(
    ("names", "shapes"),
    [
        (["scale"], {"scale": ()}),
        (["0", "1"], {"": (2,)}),
        (["w.0.0", "w.0.1", "w.1.0", "w.1.1"], {"w": (2, 2)}),
        (["w.1", "w.0"], {"w": (2,)}),  # in whatever order
        (["w.0.0", "w.0.1", "w.1.0"], {"w": (3,)}),  # ragged
        (["w.0", "w.2"], {"w": (2,)}),  # one of them belongs to another
        (["w.0", "w.1.0"], {"w": (2,)}),
        (["neurons.0.w.0", "neurons.0.b", "weight.0.0"], {"weight": (2,), "bias": (1,)}),  # two of a name
        (["neurons.0.w.0", "neurons.1.w.0", "neurons.1.b"], {"weight": (2, 1), "bias": (1,)}),
        (["neurons.0.w"], {"neurons.0.w": ()}),
        (["neurons.x.b"], {"neurons.x.b": ()}),
        (["a.00", "a.²", "a.-1", "a.9999999999"], {"a.00": (), "a.²": (), "a.-1": (), "a.9999999999": ()}),
        (["w.999999999"], {"w": (1,)}),
    ],
)
def test_what_is_whole_keeps_its_shape(names, shapes):
    layout = Layout(names)
    assert layout.shapes == shapes
    assert layout.numbers(layout.arrays(range(len(names)))) == list(range(len(names)))


PART = st.sampled_from(["w", "b", "neurons", "weight", "bias", "0", "1", "2", ""])


@given(st.lists(st.lists(PART, min_size=1, max_size=5).map(".".join), unique=True, max_size=20))
def test_every_number_is_in_one_array_and_comes_back(names):
    layout = Layout(names)
    arrays = layout.arrays(range(len(names)))
    assert {name: array.shape for name, array in arrays.items()} == layout.shapes
    assert sorted(x for array in arrays.values() for x in array.reshape(-1).tolist()) == list(range(len(names)))
    assert layout.numbers(arrays) == list(range(len(names)))


def test_weights_that_belong_to_another_module_first():
    model = Module()
    model.encoder, model.decoder = Linear(2, 3, rng=1), Linear(3, 2, rng=2)
    for i, neuron in enumerate(model.decoder.neurons):
        neuron.w = [model.encoder.neurons[j].w[i] for j in range(3)]
    model.gate = Neuron(1)
    assert Layout(model.state_dict()).shapes == {
        "encoder.weight": (3, 2), "encoder.bias": (3,), "decoder.bias": (2,), "gate.w": (1,), "gate.b": (),
    }  # fmt: skip
    model.decoder.neurons[0].w = [model.encoder.neurons[0].w[0], *Neuron(2).w]
    layout = Layout(model.state_dict())
    assert layout.shapes["decoder.weight"] == (2,)
    assert np.array_equal(layout.numbers(layout.arrays(model.state_dict().values())), [*model.state_dict().values()])
