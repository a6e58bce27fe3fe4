"""Layers called on batches of every kind, Linear, and reprs that fit a screen."""

import functools
import math

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import MLP, Layer, Linear, Neuron, Sequential
from nn.layers.signals import as_signal, each_of, is_batch, shortened
from nn.parts.columns import columns_of

ROWS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def numbers(x):
    return [numbers(part) for part in x] if isinstance(x, list) else x.data


@pytest.mark.parametrize(
    "model", [Neuron(3, rng=1), Layer(3, 2, rng=1), Layer(3, 1, rng=1), Linear(3, 1, rng=1), MLP(3, [4, 2], rng=1)],
    ids=lambda m: type(m).__name__,
)  # fmt: skip
def test_a_batch_gives_what_its_samples_give(model):
    expected = [numbers(model(row)) for row in ROWS]
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for batch in (
        ROWS,
        tuple(map(tuple, ROWS)),
        np.array(ROWS),
        np.array(ROWS, dtype=int),
        [np.array(row) for row in ROWS],
        [[Value(x) for x in row] for row in ROWS],
        pandas.DataFrame(ROWS, columns=["a", "b", "c"]),
        polars.DataFrame(ROWS, schema=["a", "b", "c"], orient="row"),
        (row for row in ROWS),
    ):
        assert numbers(model(batch)) == expected
    assert numbers(model([ROWS, ROWS[:1]])) == [expected, expected[:1]]
    assert model(np.empty((0, 3))) == []
    for row in (pandas.Series(ROWS[0]), polars.Series(ROWS[0])):
        assert numbers(model(row)) == expected[0]


@pytest.mark.parametrize(
    ("model", "name"), [(Neuron(3), "Neuron"), (Layer(3, 2), "Layer"), (Linear(3, 2), "Linear"), (MLP(3, [1]), "MLP")]
)
def test_a_wrong_sample_of_a_batch_is_named(model, name):
    with pytest.raises(ValueError, match=f"^sample 1: {name} expects 3 inputs, got 2$"):
        model([[1.0, 2.0, 3.0], [1.0, 2.0]])
    with pytest.raises(ValueError, match=f"^{name} expects 3 inputs, got 0$"):
        model([])
    with pytest.raises(TypeError, match=f"^sample 1: {name} expects a list of 3 inputs, got NoneType None$"):
        model([[1.0, 2.0, 3.0], None])


def test_gradients_of_a_batch_are_the_sum_of_those_of_its_samples():
    model = MLP(3, [2, 1], "tanh", rng=1)
    autograd.sum(model(ROWS)).backward()
    whole = [p.grad for p in model.parameters()]
    model.zero_grad()
    for row in ROWS:
        model(row).backward()
    assert [p.grad for p in model.parameters()] == pytest.approx(whole, rel=1e-13)


def test_signals():
    assert as_signal(2.0, 1, "x") == [2.0]
    assert is_batch([], np.empty((0, 2)))
    assert not is_batch([], [])
    assert not is_batch(["ab"], ["ab"])
    assert not is_batch([np.array(1.0)], None)

    class Odd(ValueError):
        pass

    def raises(x):
        raise Odd("as it is")

    with pytest.raises(Odd, match=r"^as it is$"):
        each_of(raises, [1])


# --- Linear ---


@pytest.mark.parametrize("bias", [True, False])
def test_linear_is_torchs(bias):
    torch = pytest.importorskip("torch")
    layer = Linear(3, 2, bias, rng=1)
    peer = torch.nn.Linear(3, 2, bias=bias, dtype=torch.float64)
    with torch.no_grad():
        peer.weight.copy_(torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64))
        if bias:
            peer.bias.copy_(torch.tensor([n.b.data for n in layer.neurons], dtype=torch.float64))
    autograd.dot([y for row in layer(ROWS) for y in row], [1.0, -2.0, 3.0, 0.5]).backward()
    found = peer(torch.tensor(ROWS, dtype=torch.float64))
    (found.flatten() * torch.tensor([1.0, -2.0, 3.0, 0.5], dtype=torch.float64)).sum().backward()
    assert np.allclose(numbers(layer(ROWS)), found.detach().numpy(), rtol=1e-13)
    assert np.allclose([[w.grad for w in n.w] for n in layer.neurons], peer.weight.grad.numpy(), rtol=1e-13)
    if bias:
        assert [n.b.grad for n in layer.neurons] == peer.bias.grad.tolist()
    assert len(layer.parameters()) == 6 + 2 * bias


def test_linear_starts_between_one_over_root_of_its_inputs():
    layer = Linear(100, 100, rng=1)
    found = [p.data for p in layer.parameters()]
    assert 0.0999 < max(found) <= 0.1
    assert -0.1 <= min(found) < -0.0999
    assert [p.data for p in Linear(100, 100, rng=1).parameters()] == found


def test_linear_gives_a_list_even_of_one():
    assert [type(y) for y in Linear(2, 1)([1.0, 2.0])] == [Value]
    assert repr(Linear(2, 1)) == "Linear(2, 1)"
    assert repr(Linear(2, 1, bias=False)) == "Linear(2, 1, bias=False)"
    assert repr(Neuron(2, bias=False)) == "ReLUNeuron(2, bias=False)"
    with pytest.raises(ValueError, match="Linear: nout: expected 1 or more, got 0"):
        Linear(2, 0)


def test_without_bias_the_sum_starts_at_nothing():
    neuron = Neuron(2, "tanh", bias=False, rng=1)
    assert neuron([1.0, 2.0]).data == math.tanh(neuron.w[0].data + 2.0 * neuron.w[1].data)
    assert len(neuron.parameters()) == 2
    assert len(Layer(2, 3, bias=False).parameters()) == 6


def test_a_network_of_linears_is_drawn():
    model = [Linear(2, 3, bias=False, rng=1), Linear(3, 1, rng=2)]
    found = [(column.kind, len(column.weights), len(column.gradients)) for column in columns_of(model)]
    assert found == [("Linear", 3, 3), ("Linear", 1, 1)]


# --- reprs ---


def test_long_reprs_count_what_is_alike():
    last = ", ".join(["LinearNeuron(100)"] * 10)
    assert repr(MLP(64, [100, 10])) == f"MLP of [Layer of [100 × ReLUNeuron(64)], Layer of [{last}]]"
    neurons = "[64 × ReLUNeuron(784)]", "[32 × ReLUNeuron(64)]", f"[{', '.join(['LinearNeuron(32)'] * 10)}]"
    assert repr(MLP(784, [64, 32, 10])) == f"MLP of [{', '.join(f'Layer of {text}' for text in neurons)}]"
    assert repr(Layer(4, 17)) == "Layer of [17 × ReLUNeuron(4)]"
    hidden = "29 × Layer of [12 × ReLUNeuron(12)]"
    assert hidden in repr(MLP(2, [12] * 30 + [1]))
    assert repr(MLP(2, [16, 16, 1])).count("ReLUNeuron") == 32  # micrograd's own example stays as it was


@pytest.mark.parametrize(
    "make",
    [
        lambda: MLP(8, [100] * 20),
        lambda: MLP(2, [(i % 7) + 1 for i in range(500)]),
        lambda: MLP(2, list(range(16, 0, -1))),
        lambda: Sequential(*[MLP(2, [*range(1, 5), 2]) for _ in range(40)]),
        lambda: Sequential(*[Sequential(*[Linear(i + 1, i + j + 2) for j in range(11)]) for i in range(13)]),
        lambda: Sequential([Linear(i + 1, i + 2, bias=False) for i in range(60)]),
        lambda: functools.reduce(lambda inner, i: Sequential(inner, Linear(i + 1, 2)), range(90), Sequential("relu")),
    ],
)
def test_every_repr_fits_a_screen(make):
    text = repr(make())
    assert len(text) <= 1100
    assert len(text.splitlines()) == 1
    assert text.endswith("]")


def test_the_middle_of_many_kinds_is_left_out():
    texts = [f"Neuron({i})" + "x" * 60 for i in range(100)]
    assert "… 91 more …" in shortened(texts)
    assert shortened(texts).endswith(texts[-1] + "]")
