"""Layers asked for in other libraries' words are answered with what to write."""

import copy
import inspect
import pickle

import numpy as np
import pytest

import nn
from nn import LSTM, MLP, BatchNorm, CausalSelfAttention, Dropout, Embedding, Layer, LayerNorm, Linear, Neuron, RNNCell


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Linear(2, 4, "relu"), r"Linear: bias is 'relu'; a layer with an activation is nn.Layer\(2, 4, \"rel"),
        (lambda: Linear(2, 4, nn.gelu), r'a layer with an activation is nn\.Layer\(2, 4, "gelu"\)'),
        (lambda: Linear(2, 4, 1), "Linear: bias is 1; it is True or False"),
        (lambda: Linear(2, 4, None), "Linear: bias is None; it is True or False"),
        (lambda: Layer(2, 4, bias="no"), "Layer: bias is 'no'; it is True or False"),
        (lambda: Neuron(2, bias=0.0), r"Neuron: bias is 0\.0; it is True or False"),
        (lambda: RNNCell(2, 3, "tanh"), "RNNCell: bias is 'tanh'; it is True or False; activation=, if there"),
        (lambda: LSTM(2, 3, 2), "LSTMCell: bias is 2; it is True or False"),
        (lambda: CausalSelfAttention(4, 2, 0.1), r"CausalSelfAttention: bias is 0\.1; it is True or False"),
        (lambda: LayerNorm(3, affine=1), "LayerNorm: affine is 1; it is True or False"),
        (lambda: Linear(2, 4, activation="relu"), r"Linear has no argument 'activation': nn\.Layer has one"),
        (lambda: Linear(in_features=2, out_features=4), r"'in_features': the number of inputs comes first"),
        (lambda: Layer(units=4), r"Layer has no argument 'units': how many numbers come out stands second"),
        (lambda: Linear(2, 4, biass=False), r"Linear has no argument 'biass': did you mean 'bias'\?"),
        (lambda: Linear(2, 4, use_bias=False), "'use_bias': it is called bias here"),
        (lambda: Linear(2, 4, xyz=1), "Linear has no argument 'xyz': there are nin, nout, bias, rng"),
        (lambda: Linear(2, 4, dtype="float32"), "'dtype': all numbers are doubles"),
        (lambda: Embedding(num_embeddings=3, embedding_dim=2), r"'num_embeddings': how many rows there are"),
        (lambda: Dropout(0.5, inplace=True), "Dropout has no argument 'inplace': nothing is changed in place here"),
        (lambda: BatchNorm(num_features=3), "'num_features': the size, a whole number, comes first, as in BatchNorm"),
        (lambda: CausalSelfAttention(embed_dim=8, num_heads=2), "'embed_dim': the size"),
        (lambda: LSTM(input_size=2, hidden_size=3), "'input_size': the number of inputs comes first, as in LSTM"),
        (lambda: MLP(2, [1], nonlinearity="relu"), "MLP has no argument 'nonlinearity': it is called activation here"),
    ],
)  # fmt: skip
def test_what_is_refused_and_what_is_said(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_what_is_missing_is_still_said_by_python():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'nout'"):
        Linear(2)


def test_layers_are_otherwise_as_they_were():
    assert str(inspect.signature(Linear)).startswith("(nin: int, nout: int, bias: bool = True, *, rng: Any = None)")
    assert repr(Linear(nin=2, nout=3, bias=np.bool_(False))) == "Linear(2, 3, bias=False)"
    model = MLP(2, [3, 1], "tanh", rng=1)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data

    class Own(Linear):
        def __init__(self, units):
            super().__init__(2, units)

    assert repr(Own(units=3)) == "Linear(2, 3)"
