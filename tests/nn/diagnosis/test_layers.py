"""Layers as they are seen at work: those of nn, and those that a user wrote."""

import pytest

import nn
from autograd import Value, relu, tanh
from nn import GRU, LSTM, MLP, BatchNorm, Embedding, LayerNorm, Linear, Module, Neuron, Sequential, measure

SAMPLES = [[0.5, -1.0], [1.0, 2.0], [-0.25, 0.75]]


def seen(model, samples=SAMPLES):
    return [(x["name"], x["kind"], x["activation"], x["units"], x["rows"]) for x in measure(model, samples)["layers"]]


def test_layers_of_nn():
    assert seen(MLP(2, [4, 1], "sigmoid", rng=1)) == [
        ("layers.0", "Layer", "sigmoid", 4, 3),
        ("layers.1", "Layer", "linear", 1, 3),
    ]
    model = Sequential(Linear(2, 4, rng=1), BatchNorm(4), "relu", Linear(4, 3, rng=1), "tanh", Linear(3, 2, rng=1))
    assert seen(model) == [
        ("steps.0", "Linear", "linear", 4, 3),
        ("steps.1", "BatchNorm", "relu", 4, 3),
        ("steps.3", "Linear", "tanh", 3, 3),
        ("steps.5", "Linear", "linear", 2, 3),
    ]


class Handmade(Module):
    """micrograd's way, written out: neurons in layers in a network."""

    class Unit(Module):
        def __init__(self, n, seed):
            self.w, self.b = Neuron(n, rng=seed).w, Value(0.0)

        def __call__(self, x):
            return relu(sum((w * u for w, u in zip(self.w, x, strict=True)), self.b))

    class Row(Module):
        def __init__(self, n, m):
            self.units = [Handmade.Unit(n, seed) for seed in range(m)]

        def __call__(self, x):
            found = [unit(x) for unit in self.units]
            return found[0] if len(found) == 1 else found

    def __init__(self):
        self.rows = [Handmade.Row(2, 3), Handmade.Row(3, 1)]

    def __call__(self, x):
        for row in self.rows:
            x = row(x)
        return x


def test_neurons_of_ones_own_are_seen_by_layer():
    assert seen(Handmade()) == [("rows.0", "Row", "relu", 3, 3), ("rows.1", "Row", "relu", 1, 3)]


class Residual(Module):
    def __init__(self):
        self.inner, self.norm = Linear(2, 2, rng=1), LayerNorm(2)
        self.scale = [Value(0.5), Value(0.25)]
        self.hidden = [Neuron(2, "tanh", rng=seed) for seed in range(4)]
        self.unused, self.last = Linear(2, 2, rng=1), Neuron(4, "linear", rng=1)

    def forward(self, x):
        x = [u + s * tanh(v) for u, s, v in zip(x, self.scale, self.norm(self.inner(x)), strict=True)]
        return self.last([neuron(x) for neuron in self.hidden]).sigmoid() * self.scale[0]


def test_loose_neurons_activations_beside_layers_and_numbers_of_ones_own():
    assert seen(Residual()) == [
        ("inner", "Linear", "linear", 2, 3),
        ("norm", "LayerNorm", "tanh", 2, 3),
        ("hidden", "Neuron", "tanh", 4, 3),
        ("last", "Neuron", "sigmoid", 1, 3),
        ("Residual", "Residual", "", 1, 3),
    ]


def test_functions_that_refer_to_modules():
    first, rest = Linear(2, 3, rng=1), {"head": MLP(3, [2, 1], rng=1)}
    assert [name for name, *_ in seen(lambda x: rest["head"]([relu(v) for v in first(x)]))] == [
        "first", "rest.head.layers.0", "rest.head.layers.1",
    ]  # fmt: skip


def test_sequences_and_tables():
    table, cell, head = Embedding(5, 3, rng=1), LSTM(3, 2, rng=1), Linear(2, 5, rng=1)
    found = measure(lambda tokens: head(cell(table(tokens))[0]), [[0, 1, 2], [3, 4]])["layers"]
    assert [(x["name"], x["units"]) for x in found] == [("table", 3), ("cell.cell", 2), ("head", 5)]
    assert found[0]["gradient"] is None  # what comes to a row of a table is a sum over all who looked it up
    assert found[1]["gradient"] > 0.0
    assert found[2]["rows"] == 5
    assert GRU(2, 3, rng=1)([[0.5, 1.0]])


def test_frozen_layers_stay_where_they_are():
    model = MLP(2, [3, 3, 1], rng=1)
    model.layers[0].freeze()
    found = measure(model, SAMPLES, optimizer=nn.SGD(model.parameters(), lr=0.1))["layers"]
    assert [layer["ratio"] == 0.0 for layer in found] == [True, False, False]


def test_what_depends_on_nothing_to_be_learned_is_measured_too():
    found = measure(MLP(2, [3, 1], rng=1).freeze(), SAMPLES)
    assert [layer["rms"] > 0.0 for layer in found["layers"]] == [True, True]


def test_a_model_that_fails_leaves_no_hooks():
    model = Sequential(Linear(2, 2, rng=1), lambda x: x[7])
    with pytest.raises(IndexError):
        measure(model, SAMPLES)
    assert all(not [key for key in vars(m) if "hook" in key] for m in model.modules())
    assert not nn.Linear.watched
