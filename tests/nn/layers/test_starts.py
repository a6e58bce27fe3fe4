"""Starts by name: torch's distributions, every table of weights in a module, gains, seeds, and what they refuse."""

import math
import random

import numpy as np
import pytest

from autograd import Value
from nn import LSTM, MLP, CausalSelfAttention, Embedding, Layer, LayerNorm, Linear, Module, Neuron, Sequential, init
from nn.layers.tables import tables_of

torch = pytest.importorskip("torch")


def weights_of(module):
    return np.array([[w.data for w in neuron.w] for neuron in module.neurons])


PEERS = {
    "xavier_uniform": torch.nn.init.xavier_uniform_,
    "xavier_normal": torch.nn.init.xavier_normal_,
    "kaiming_uniform": lambda t: torch.nn.init.kaiming_uniform_(t, nonlinearity="linear"),
    "kaiming_normal": lambda t: torch.nn.init.kaiming_normal_(t, nonlinearity="linear"),
    "truncated_normal": torch.nn.init.trunc_normal_,
    "uniform": torch.nn.init.uniform_,
    "normal": torch.nn.init.normal_,
}


@pytest.mark.parametrize("name", PEERS)
def test_spread_and_ends_are_those_of_torch(name):
    layer = Linear(80, 50)
    getattr(init, name)(layer, rng=1)
    mine = weights_of(layer)
    torch.manual_seed(1)
    peer = PEERS[name](torch.empty(50, 80, dtype=torch.float64)).numpy()
    assert mine.std() == pytest.approx(peer.std(), rel=0.05)
    assert mine.mean() == pytest.approx(peer.mean(), abs=0.05 * peer.std())
    if name.endswith("uniform"):
        assert np.abs(mine).max() == pytest.approx(np.abs(peer).max(), rel=0.02)
    assert all(neuron.b.data == 0.0 for neuron in layer.neurons)


def test_a_truncated_normal_has_no_tails():
    layer = Linear(80, 50)
    init.truncated_normal(layer, 1.0, 0.5, cut=1.5, rng=1)
    assert 0.25 <= weights_of(layer).min() < 0.26
    assert 1.74 < weights_of(layer).max() <= 1.75
    init.truncated_normal(layer, 1.0, 2.0, 0.001, rng=1)  # of which hardly any draw would be kept
    assert 0.998 <= weights_of(layer).min() < weights_of(layer).max() <= 1.002


@pytest.mark.parametrize("start", [init.lecun_uniform, init.lecun_normal])
def test_lecuns_variance_is_one_over_the_inputs(start):
    layer = Layer(100, 60, "relu")
    start(layer, rng=1)
    assert weights_of(layer).var() == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize(("nin", "nout"), [(5, 5), (7, 3), (3, 7), (1, 4)])
def test_orthogonal_rows_or_columns(nin, nout):
    layer = Layer(nin, nout, "relu")
    init.orthogonal(layer, rng=1)
    w = weights_of(layer) / math.sqrt(2.0)
    product = w @ w.T if nout <= nin else w.T @ w
    assert np.allclose(product, np.eye(min(nin, nout)), atol=1e-13)
    init.orthogonal(layer, rng=1, gain=1.0)
    assert np.allclose(weights_of(layer), w, atol=1e-15)


def test_orthogonal_matrices_are_all_as_likely():
    """Without Mezzadri's signs, QR favours some of them: the first number would never be above 0."""
    layer, found, rng = Linear(2, 2), [], random.Random(1)
    for _ in range(200):
        init.orthogonal(layer, rng)
        found.append(weights_of(layer))
    assert 70 < sum(np.linalg.det(w) > 0.0 for w in found) < 130
    assert 70 < sum(w[0, 0] > 0.0 for w in found) < 130


def test_sparse_keeps_so_many_of_each_neuron():
    layer = Linear(100, 20)
    init.sparse(layer, 0.85, 0.5, rng=1)
    w = weights_of(layer)
    assert (w != 0.0).sum(axis=1).tolist() == [15] * 20
    assert w[w != 0.0].std() == pytest.approx(0.5, rel=0.15)
    assert len({tuple(np.flatnonzero(row)) for row in w}) == 20
    few = Linear(3, 5)
    init.sparse(few, rng=1)  # 9 of 10 of three are all of them
    assert (weights_of(few) != 0.0).sum(axis=1).tolist() == [1] * 5
    init.sparse(layer, 1.0)
    assert not weights_of(layer).any()


def test_constants_and_micrograds():
    model = MLP(2, [3, 1])
    init.constant(model, 0.25, bias=-1.0)
    assert {p.data for p in model.parameters()} == {0.25, -1.0}
    init.zeros(model)
    assert {p.data for p in model.parameters()} == {0.0}
    init.micrograd(model, rng=7)
    assert model.state_dict() == MLP(2, [3, 1], rng=7).state_dict()


def test_the_gain_is_given_or_found():
    plain, before_relu, before_tanh = Linear(50, 40), Linear(50, 40), Linear(50, 40)
    init.kaiming_normal(plain, rng=1)
    init.kaiming_normal(Sequential(before_relu, "relu", Sequential(before_tanh, "tanh")), rng=1)
    assert np.allclose(weights_of(before_relu), math.sqrt(2.0) * weights_of(plain), rtol=1e-14)
    assert weights_of(before_tanh).std() == pytest.approx(5.0 / 3.0 / math.sqrt(50.0), rel=0.05)
    for gain, factor in ((3.0, 3.0), ("relu", math.sqrt(2.0)), ("SELU", 0.75), (None, 5.0 / 3.0)):
        other = Layer(50, 40, "tanh")
        init.kaiming_normal(other, rng=1, gain=gain)
        assert np.allclose(weights_of(other), factor * weights_of(plain), rtol=1e-14)


def test_tables_of_every_kind_of_layer():
    class Twig(Module):
        def __init__(self):
            self.w = [Value(9.0), Value(9.0)]

    class Own(Module):
        def __init__(self):
            self.neurons = [Twig(), Twig(), Twig()]

    class Model(Module):
        def __init__(self):
            self.parts = {"own": Own(), "rows": Embedding(4, 3), "cell": LSTM(2, 3)}
            self.attention, self.lone, self.norm = CausalSelfAttention(4), Neuron(6, bias=False), LayerNorm(2)

    model = Model()
    found = [(len(table.rows), len(table.rows[0]), len(table.biases)) for table in tables_of(model)]
    assert found == [(3, 2, 0), (4, 3, 0), (12, 2, 12), (12, 3, 12), *[(4, 4, 4)] * 4, (1, 6, 0)]
    init.xavier_uniform(model, rng=1)
    assert all(abs(w.data) <= math.sqrt(6.0 / 5.0) for twig in model.parts["own"].neurons for w in twig.w)
    assert max(abs(x.data) for row in model.parts["rows"].table for x in row) <= math.sqrt(6.0 / 7.0)
    assert [w.data for w in model.norm.weight] == [1.0, 1.0]


def test_a_neuron_in_two_places_is_drawn_once():
    neuron, layer = Neuron(3), Layer(3, 2)
    layer.neurons[1] = neuron
    assert [len(table.rows) for table in tables_of([neuron, layer])] == [1, 1]


@pytest.mark.parametrize("name", [name for name in init.__all__ if name not in ("constant", "zeros")])
def test_the_seed_decides_and_nothing_else_is_drawn_from(name):
    start = getattr(init, name)
    a, b = MLP(3, [4, 2], rng=1), MLP(3, [4, 2], rng=2)
    state = random.getstate()
    start(a, rng=5)
    start(b, rng=random.Random(5))
    assert a.state_dict() == b.state_dict()
    assert random.getstate() == state
    start(b, rng=np.random.default_rng(5))
    assert a.state_dict() != b.state_dict()
    with pytest.raises(TypeError, match=f"^{name}: no neuron found in .*; give a Neuron, a Layer or an MLP"):
        start(Module())
    with pytest.raises(TypeError, match="rng: expected None, an int"):
        start(a, rng="5")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda m: init.normal(m, std=-1.0), ValueError, "normal: std: expected 0 or more"),
        (lambda m: init.truncated_normal(m, cut=0.0), ValueError, "cut: expected a number above 0"),
        (lambda m: init.sparse(m, 1.5), ValueError, "sparsity: expected a share from 0 to 1"),
        (lambda m: init.uniform(m, "a"), TypeError, "uniform: low: expected a real number"),
        (lambda m: init.kaiming_normal(m, gain="rellu"), ValueError, "did you mean 'relu'"),
        (lambda m: init.xavier_normal(m, gain=float("inf")), ValueError, "gain: expected a finite number"),
        (lambda m: init.orthogonal(m, gain="rellu"), ValueError, "did you mean 'relu'"),
    ],
)
def test_what_starts_refuse(call, error, said):
    model = MLP(2, [2, 1], rng=1)
    before = model.state_dict()
    with pytest.raises(error, match=said):
        call(model)
    assert model.state_dict() == before
