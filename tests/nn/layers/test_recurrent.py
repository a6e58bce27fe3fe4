"""Recurrent cells and layers: torch's numbers and gradients, and what they refuse."""

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell

torch = pytest.importorskip("torch")

CELLS = [
    (RNNCell, RNN, torch.nn.RNNCell, torch.nn.RNN),
    (LSTMCell, LSTM, torch.nn.LSTMCell, torch.nn.LSTM),
    (GRUCell, GRU, torch.nn.GRUCell, torch.nn.GRU),
]
XS = [[0.3, -1.2], [1.5, 0.1], [-2.2, 0.9], [0.4, 0.4]]


def weights_of(cell):
    """The numbers under torch's names; the shapes are to be torch's."""
    found = {}
    for name, linear in (("ih", cell.input), ("hh", cell.hidden)):
        found[f"weight_{name}"] = [[w.data for w in neuron.w] for neuron in linear.neurons]
        if linear.neurons[0].b is not None:
            found[f"bias_{name}"] = [neuron.b.data for neuron in linear.neurons]
    return {name: torch.tensor(numbers, dtype=torch.float64) for name, numbers in found.items()}


def grads_of(cell, name):
    linear = cell.input if name.endswith("ih") else cell.hidden
    return [[w.grad for w in neuron.w] if "weight" in name else neuron.b.grad for neuron in linear.neurons]


def first_of(state):
    return state[0] if isinstance(state, tuple) else state


@pytest.mark.parametrize(("ours", "_", "peer", "__"), CELLS, ids=["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bias", [True, False])
def test_cells_are_torchs_in_value_and_gradient(ours, _, peer, __, bias):
    cell = ours(2, 3, bias, rng=1)
    other = peer(2, 3, bias, dtype=torch.float64)
    other.load_state_dict(weights_of(cell))  # which checks the shapes
    xs = [[Value(x) for x in row] for row in XS]
    theirs = torch.tensor(XS, dtype=torch.float64, requires_grad=True)
    state = there = None
    outputs, found = [], []
    for x, y in zip(xs, theirs, strict=True):
        state, there = cell(x, state), other(y, there)
        outputs += first_of(state)
        found.append(first_of(there))
    weights = [0.3 * k - 1.0 for k in range(len(outputs))]
    autograd.dot(outputs, weights).backward()
    flat = torch.cat(found)
    (flat * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    assert [y.data for y in outputs] == pytest.approx(flat.tolist(), rel=1e-12, abs=1e-14)
    for x, grads in zip(xs, theirs.grad.tolist(), strict=True):
        assert [v.grad for v in x] == pytest.approx(grads, rel=1e-12, abs=1e-13)
    for name, p in other.named_parameters():
        assert np.allclose(grads_of(cell, name), p.grad.numpy(), rtol=1e-12, atol=1e-13), name


@pytest.mark.parametrize(("_", "ours", "__", "peer"), CELLS, ids=["rnn", "lstm", "gru"])
def test_layers_are_torchs_over_a_sequence(_, ours, __, peer):
    layer = ours(2, 3, rng=1)
    other = peer(2, 3, batch_first=True, dtype=torch.float64)
    other.load_state_dict({f"{name}_l0": x for name, x in weights_of(layer.cell).items()})
    outputs, state = layer(XS)
    found, last = other(torch.tensor(XS, dtype=torch.float64))
    assert np.allclose([[y.data for y in row] for row in outputs], found.detach().numpy(), rtol=1e-12, atol=1e-14)
    pairs = zip(state, last, strict=True) if isinstance(state, tuple) else [(state, last)]
    for mine, one in pairs:
        assert [y.data for y in mine] == pytest.approx(one[0].tolist(), rel=1e-12)
    again, after = layer(XS, state)
    found, last = other(torch.tensor(XS, dtype=torch.float64), last)
    assert np.allclose([[y.data for y in row] for row in again], found.detach().numpy(), rtol=1e-12, atol=1e-14)
    assert [y.data for y in first_of(after)] == [y.data for y in again[-1]]


def test_an_rnn_with_relu_is_torchs():
    cell = RNNCell(2, 3, activation="ReLU", rng=1)
    other = torch.nn.RNNCell(2, 3, nonlinearity="relu", dtype=torch.float64)
    other.load_state_dict(weights_of(cell))
    found = other(torch.tensor(XS[1], dtype=torch.float64)).tolist()
    assert [y.data for y in cell(XS[1])] == pytest.approx(found, rel=1e-13)
    assert len(RNNCell(1, 2, activation=None, rng=1)([1.0])) == 2


@pytest.mark.parametrize("layer", [RNN(2, 3, rng=1), LSTM(2, 3, rng=1), GRU(2, 3, rng=1)], ids=repr)
def test_batches_of_sequences_of_several_lengths(layer):
    batch = [XS, XS[:1], XS[:3]]
    for (outputs, _), xs in zip(layer(batch), batch, strict=True):
        alone = layer(xs)[0]
        assert [[y.data for y in row] for row in outputs] == [[y.data for y in row] for row in alone]
    as_array = layer(np.array([XS, XS]))[1][0]
    assert [[y.data for y in row] for row in as_array] == [[y.data for y in row] for row in layer(XS)[0]]
    assert layer([])[0] == []


@pytest.mark.parametrize("cell", [RNNCell(2, 3, rng=1), LSTMCell(2, 3, rng=1), GRUCell(2, 3, rng=1)], ids=repr)
def test_what_cells_refuse(cell):
    with pytest.raises(ValueError, match="expects 2 inputs, got 3"):
        cell([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="state"):
        cell([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="state"):
        cell([1.0, 2.0], ([1.0], [2.0]) if isinstance(cell, LSTMCell) else [1.0, 2.0])


def test_all_start_within_one_over_root_size():
    for cell in (RNNCell(50, 4, rng=1), LSTMCell(50, 4, rng=1), GRUCell(50, 4, rng=1)):
        numbers = [abs(p.data) for p in cell.parameters()]
        assert 0.45 < max(numbers) <= 0.5
        assert [p.data for p in type(cell)(50, 4, rng=1).parameters()] == [p.data for p in cell.parameters()]
    assert repr(LSTM(2, 3, bias=False)) == "LSTM(2, 3, bias=False)"


def test_recorded_they_give_the_same():
    for layer in (RNN(2, 2, rng=1), LSTM(2, 2, rng=1), GRU(2, 2, rng=1)):
        f = autograd.compile(lambda model, xs: autograd.sum(model([list(row) for row in xs])[0][-1]))
        assert f(layer, np.array(XS)) == pytest.approx(autograd.sum(layer(XS)[0][-1]).data, rel=1e-13)
