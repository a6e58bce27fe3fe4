"""Weights to PyTorch and back: what it trained predicts here the same, and the other way round, to 1e-12."""

import random
import re

import numpy as np
import pytest

import nn
from autograd import Value
from nn import MLP, Layer, Linear, Module, Neuron, load_torch_state, to_torch_state
from nn.layers.attention import CausalSelfAttention
from nn.layers.dropout import Dropout
from nn.layers.embedding import Embedding
from nn.layers.norm import BatchNorm, LayerNorm, RMSNorm
from nn.layers.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from nn.layers.sequential import Sequential

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.any_build
ATTENTION = {"batch_first": True, "dtype": torch.float64}


def numbers(x):
    """Anything of Values as nested lists of floats."""
    if isinstance(x, Value):
        return x.data
    return [numbers(part) for part in x] if isinstance(x, (list, tuple)) else x


def doubles(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def attend(module, x):
    mask = torch.nn.Transformer.generate_square_subsequent_mask(len(x), dtype=torch.float64)
    return module(x[None], x[None], x[None], attn_mask=mask, need_weights=False)[0][0]


CASES = {
    "linear": (lambda: Linear(3, 2, rng=1), lambda: torch.nn.Linear(3, 2), (3,), None),
    "linear without bias": (
        lambda: Linear(3, 2, bias=False, rng=1), lambda: torch.nn.Linear(3, 2, bias=False), (3,), None,
    ),
    "layer": (lambda: Layer(3, 2, "linear", rng=1), lambda: torch.nn.Linear(3, 2), (3,), None),
    "perceptron": (
        lambda: MLP(3, [4, 4, 2], ["tanh", "linear", "sigmoid"], rng=1),
        lambda: torch.nn.Sequential(
            torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 4), torch.nn.Linear(4, 2), torch.nn.Sigmoid()
        ),
        (3,), None,
    ),
    "sequence": (
        lambda: Sequential(
            Linear(3, 4, rng=1), "gelu", LayerNorm(4), Dropout(0.5), Layer(4, 3, "tanh", rng=1), RMSNorm(3),
            Sequential(Linear(3, 2, rng=2)),
        ),
        lambda: torch.nn.Sequential(
            torch.nn.Linear(3, 4), torch.nn.GELU(), torch.nn.LayerNorm(4), torch.nn.Dropout(), torch.nn.Linear(4, 3),
            torch.nn.Tanh(), torch.nn.RMSNorm(3), torch.nn.Sequential(torch.nn.Linear(3, 2)),
        ),
        (3,), None,
    ),
    "layer norm": (lambda: LayerNorm(4), lambda: torch.nn.LayerNorm(4), (4,), None),
    "layer norm without bias": (
        lambda: LayerNorm(4, bias=False), lambda: torch.nn.LayerNorm(4, bias=False), (4,), None,
    ),
    "layer norm without either": (
        lambda: LayerNorm(4, affine=False), lambda: torch.nn.LayerNorm(4, elementwise_affine=False), (4,), None,
    ),
    "rms norm": (lambda: RMSNorm(4), lambda: torch.nn.RMSNorm(4), (4,), None),
    "batch norm": (
        lambda: BatchNorm(3), lambda: torch.nn.BatchNorm1d(3), (3,), lambda module, x: module(x[None])[0],
    ),
    "attention": (lambda: CausalSelfAttention(4, 2, rng=1), lambda: torch.nn.MultiheadAttention(4, 2, **ATTENTION),
                  (5, 4), attend),
    "attention without bias": (
        lambda: CausalSelfAttention(4, 2, bias=False, rng=1),
        lambda: torch.nn.MultiheadAttention(4, 2, bias=False, **ATTENTION), (5, 4), attend,
    ),
    "rnn cell": (lambda: RNNCell(3, 2, rng=1), lambda: torch.nn.RNNCell(3, 2), (3,), None),
    "lstm cell": (lambda: LSTMCell(3, 2, rng=1), lambda: torch.nn.LSTMCell(3, 2), (3,), None),
    "gru cell": (lambda: GRUCell(3, 2, rng=1), lambda: torch.nn.GRUCell(3, 2), (3,), None),
    "gru cell without bias": (
        lambda: GRUCell(3, 2, bias=False, rng=1), lambda: torch.nn.GRUCell(3, 2, bias=False), (3,), None,
    ),
    "rnn": (lambda: RNN(3, 2, rng=1), lambda: torch.nn.RNN(3, 2), (4, 3), lambda m, x: m(x)[0]),
    "lstm": (lambda: LSTM(3, 2, rng=1), lambda: torch.nn.LSTM(3, 2), (4, 3), lambda m, x: m(x)[0]),
    "gru": (lambda: GRU(3, 2, rng=1), lambda: torch.nn.GRU(3, 2), (4, 3), lambda m, x: m(x)[0]),
}  # fmt: skip


def scrambled(module):
    """The module of PyTorch with all its numbers other than those of a start."""
    source = torch.Generator().manual_seed(3)
    for name, x in module.state_dict().items():
        if x.dtype.is_floating_point:
            noise = torch.randn(x.shape, generator=source, dtype=torch.float64)
            x.copy_(noise.abs() + 0.5 if name.endswith("running_var") else noise)
    return module


def agree(ours, theirs, shape, call):
    """Whether both give the same, to rounding."""
    ours.eval()
    theirs.eval()
    x = doubles(*shape)
    with torch.no_grad():
        expected = theirs(x) if call is None else call(theirs, x)
    found = ours(x.tolist())
    if type(ours).__name__ in ("RNN", "LSTM", "GRU"):
        found = found[0]
    expected = [part.tolist() for part in expected] if isinstance(expected, tuple) else expected.tolist()
    np.testing.assert_allclose(numbers(found), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("make", "make_theirs", "shape", "call"), CASES.values(), ids=CASES)
def test_weights_from_pytorch(make, make_theirs, shape, call):
    ours, theirs = make(), scrambled(make_theirs().double())
    load_torch_state(ours, theirs.state_dict())
    agree(ours, theirs, shape, call)


@pytest.mark.parametrize(("make", "make_theirs", "shape", "call"), CASES.values(), ids=CASES)
def test_weights_to_pytorch(make, make_theirs, shape, call):
    ours, theirs = make(), make_theirs().double()
    rng = random.Random(1)
    for value in [*ours.parameters(), *ours.buffers()]:
        value.data = rng.uniform(0.1, 1.0)
    state = to_torch_state(ours)
    assert list(state) == list(theirs.state_dict())  # in its order: names can be exchanged
    theirs.load_state_dict({name: torch.tensor(x) for name, x in state.items()})
    agree(ours, theirs, shape, call)


def test_embedding():
    ours, theirs = Embedding(5, 3, rng=1), torch.nn.Embedding(5, 3).double()
    assert list(to_torch_state(ours)) == ["weight"]
    load_torch_state(ours, theirs.state_dict())
    assert numbers(ours([4, 0])) == theirs(torch.tensor([4, 0])).tolist()
    theirs.load_state_dict({"weight": torch.tensor(to_torch_state(Embedding(5, 3, rng=2))["weight"])})
    assert theirs(torch.tensor(1)).tolist() == numbers(Embedding(5, 3, rng=2)(1))


def test_trained_there_it_predicts_here_and_trained_here_there():
    """Both take a step after the exchange, and end at the same numbers."""
    torch.manual_seed(1)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.LayerNorm(8), torch.nn.Linear(8, 1)
    ).double()  # fmt: skip
    ours = Sequential(Linear(2, 8), "tanh", LayerNorm(8), Linear(8, 1))
    x, y = doubles(20, 2), doubles(20, 1, seed=2)
    optimiser = torch.optim.SGD(theirs.parameters(), lr=0.1)

    def step():
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(theirs(x), y)
        loss.backward()
        optimiser.step()
        return loss.item()

    for _ in range(30):
        step()
    load_torch_state(ours, theirs.state_dict())
    np.testing.assert_allclose(numbers(ours(x.tolist())), theirs(x).detach().numpy(), rtol=1e-12, atol=1e-12)
    steps = nn.SGD(ours.parameters(), lr=0.1)
    for _ in range(3):
        steps.zero_grad()
        loss = sum((out[0] - t[0]) ** 2 for out, t in zip(ours(x.tolist()), y.tolist(), strict=True)) / 20
        loss.backward()
        steps.step()
        assert loss.data == pytest.approx(step(), rel=1e-12)
    for name, array in to_torch_state(ours).items():
        np.testing.assert_allclose(array, theirs.state_dict()[name].numpy(), rtol=1e-12, atol=1e-12)
    theirs.load_state_dict({name: torch.tensor(array) for name, array in to_torch_state(ours).items()})
    np.testing.assert_allclose(theirs(x).detach().numpy(), numbers(ours(x.tolist())), rtol=1e-12, atol=1e-12)


class Block(Module):
    """A module of one's own, of all kinds of attributes."""

    def __init__(self):
        self.fc1 = Linear(2, 3, rng=1)
        self.blocks = [Linear(3, 3, rng=2), Linear(3, 3, rng=3)]
        self.heads = {"a": Layer(3, 1, "relu", rng=4), "b": Neuron(3, "linear", rng=5)}
        self.scale = Value(2.0)
        self.shift = [Value(0.5), Value(0.25)]
        self.table = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
        self.ragged = [[Value(1.0)], [Value(2.0), Value(3.0)]]
        self.norm = BatchNorm(2)
        self.constants = [Value(9.0).detach(), 3.0, "text", np.zeros(2)]
        self.me = self


def test_a_module_of_ones_own_is_one_of_the_same_attributes():
    class Theirs(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = torch.nn.Linear(2, 3)
            self.blocks = torch.nn.ModuleList([torch.nn.Linear(3, 3), torch.nn.Linear(3, 3)])
            self.heads = torch.nn.ModuleDict({"a": torch.nn.Linear(3, 1), "b": torch.nn.Linear(3, 1)})
            self.scale = torch.nn.Parameter(torch.tensor(0.0))
            self.shift = torch.nn.Parameter(torch.zeros(2))
            self.table = torch.nn.Parameter(torch.zeros(2, 2))
            self.ragged = torch.nn.ParameterList([torch.zeros(1), torch.zeros(2)])
            self.norm = torch.nn.BatchNorm1d(2)

    ours, theirs = Block(), Theirs().double()
    state = to_torch_state(ours)
    theirs.load_state_dict({name: torch.tensor(x) for name, x in state.items()})
    assert theirs.scale.item() == 2.0
    assert theirs.table.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    scrambled(theirs)
    load_torch_state(ours, theirs.state_dict())
    for name, x in to_torch_state(ours).items():
        assert np.array_equal(x, theirs.state_dict()[name].numpy()), name


def test_names_that_differ():
    class Theirs(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden, self.last = torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)

    ours, state = MLP(2, [3, 1]), Theirs().double().state_dict()
    said = (
        r"missing '0.weight', '0.bias', '2.weight', '2.bias'; unknown 'hidden.weight', .*dict\(zip\(nn.to_torch_state"
    )
    with pytest.raises(ValueError, match=said):
        load_torch_state(ours, state)
    load_torch_state(ours, dict(zip(to_torch_state(ours), state.values(), strict=True)))
    assert ours.layers[1].neurons[0].w[2].data == state["last.weight"][0, 2].item()


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "int64"])
def test_numbers_of_other_kinds(dtype):
    ours = Linear(2, 1)
    weight = torch.tensor([[1.5, -2.0]]).to(getattr(torch, dtype))
    load_torch_state(ours, {"weight": weight, "bias": torch.nn.Parameter(torch.tensor([0.5]))})  # one with a gradient
    assert [w.data for w in ours.neurons[0].w] == weight.double()[0].tolist()
    load_torch_state(ours, {"weight": [[1, 2]], "bias": np.array([3], dtype=np.int8)})  # lists and arrays too
    assert ours([1.0, 1.0])[0].data == 6.0


def test_shared_numbers_come_once_or_agree():
    model = Module()
    model.encoder, model.decoder = Linear(2, 2, bias=False, rng=1), Linear(2, 2, bias=False, rng=2)
    model.decoder.neurons = model.encoder.neurons
    state = to_torch_state(model)
    assert list(state) == ["encoder.weight", "decoder.weight"]
    load_torch_state(model, {name: x + 1.0 for name, x in state.items()})
    assert np.array_equal(to_torch_state(model)["decoder.weight"], state["encoder.weight"] + 1.0)
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"decoder.weight has .* shared with another array, which has"):
        load_torch_state(model, {"encoder.weight": state["encoder.weight"], "decoder.weight": np.zeros((2, 2))})
    assert model.state_dict() == before


def test_frozen_parameters_are_set_too():
    model = Linear(2, 1).freeze()
    load_torch_state(model, {"weight": [[1.0, 2.0]], "bias": [3.0]})
    assert model.state_dict() == {"neurons.0.w.0": 1.0, "neurons.0.w.1": 2.0, "neurons.0.b": 3.0}


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        ({"weight": np.zeros((1, 2))}, ValueError, "missing 'bias': the state is of another module"),
        ({"weight": np.zeros((1, 2)), "bias": [0.0], "b": 0}, ValueError, "unknown 'b': the state is"),
        ({"weight": np.zeros((2, 1)), "bias": [0.0]}, ValueError, "weight is of shape (2, 1), here (1, 2)"),
        ({"weight": np.zeros((1, 2)), "bias": 0.0}, ValueError, "bias is of shape (), here (1,)"),
        ({"weight": np.zeros((1, 2)), "bias": "x"}, TypeError, "bias is no array of numbers, but 'x': it is of <U1"),
        ({"weight": [[1.0], [1.0, 2.0]], "bias": [0.0]}, TypeError, "weight is no array of numbers, but [[1.0], "),
        ({"weight": np.zeros((1, 2)), "bias": [1j]}, TypeError, "bias is no array of numbers, but [1j]: it is of comp"),
        ({"weight": np.zeros((1, 2)), "bias": [0.0], "num_batches_tracked": 3}, ValueError, "unknown 'num_batches_tra"),
        ([1], TypeError, "expected a dict of names to arrays, got list"),
        (torch.nn.Linear(2, 1), TypeError, "expected a dict of names to arrays, got Linear: give its state_dict()"),
    ],
)
def test_states_that_do_not_fit_change_nothing(state, error, said):
    model = Linear(2, 1, rng=1)
    before = model.state_dict()
    with pytest.raises(error, match=f"^{re.escape(f'load_torch_state: {said}')}"):
        load_torch_state(model, state)
    assert model.state_dict() == before


def test_what_is_no_module():
    with pytest.raises(TypeError, match=r"^to_torch_state: expected a Module, got Linear Linear\(in_features=2"):
        to_torch_state(torch.nn.Linear(2, 1))
    with pytest.raises(TypeError, match=r"^load_torch_state: expected a Module, got dict"):
        load_torch_state({}, MLP(2, [1]))


class Scaled(Neuron):
    """A neuron with a number more."""

    def __init__(self):
        super().__init__(2)
        self.scale = Value(1.0)


def test_what_pytorch_has_no_name_for():
    layer = Layer(2, 1)
    layer.neurons = [Scaled()]
    with pytest.raises(ValueError, match=r"^to_torch_state: Layer of .*: 1 numbers of it have no name in PyTorch"):
        to_torch_state(layer)
    odd = Layer(2, 2)
    odd.neurons[1] = Neuron(3)
    assert list(to_torch_state(odd)) == [
        "neurons.0.weight", "neurons.0.bias", "neurons.1.weight", "neurons.1.bias"
    ]  # fmt: skip
    twins = Module()
    twins.parts = {"a.b": Value(1.0), "a": {"b": Value(2.0)}}
    with pytest.raises(ValueError, match="two arrays of it have one name"):
        to_torch_state(twins)
