"""Neurons, layers, MLPs: by hand, against micrograd and torch, and what they refuse."""

import math
import random

import micrograd.engine
import micrograd.nn
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, no_grad, topological_order
from nn import MLP, Layer, Module, Neuron, hinge, l2, make_moons
from tests.sizes import some


def set_weights(neuron, weights, bias):
    for w, x in zip(neuron.w, weights, strict=True):
        w.data = x
    neuron.b.data = bias


# --- by hand ---


@pytest.mark.parametrize(
    ("activation", "sum_of", "expected", "slope"),
    [
        ("relu", 1.5, 1.5, 1.0),
        ("relu", -1.5, 0.0, 0.0),
        ("linear", -1.5, -1.5, 1.0),
        ("tanh", 0.5, math.tanh(0.5), 1 - math.tanh(0.5) ** 2),
        ("sigmoid", 0.0, 0.5, 0.25),
    ],
)
def test_a_neuron_by_hand(activation, sum_of, expected, slope):
    neuron = Neuron(2, activation)
    set_weights(neuron, [2.0, -3.0], sum_of + 4.0)  # 2*1 - 3*2 + bias = sum_of
    x = [Value(1.0), Value(2.0)]
    y = neuron(x)
    y.backward()
    assert y.data == pytest.approx(expected, abs=1e-15)
    grads = [p.grad for p in (*neuron.w, neuron.b, *x)]
    assert grads == pytest.approx([slope * d for d in (1.0, 2.0, 1.0, 2.0, -3.0)], abs=1e-15)


def test_a_neuron_is_one_dot_and_its_activation():
    y = Neuron(16, rng=1)([0.5] * 16)
    inner = [node for node in topological_order(y) if node.operands]
    assert [node.primitive.name for node in inner] == ["dot", "relu"]
    assert len([n for n in topological_order(Neuron(16, "linear")([0.5] * 16)) if n.operands]) == 1


# --- micrograd ---


def test_the_same_seed_draws_the_weights_that_micrograd_draws():
    random.seed(1337)
    ours = MLP(3, [4, 4, 1])
    random.seed(1337)
    theirs = micrograd.nn.MLP(3, [4, 4, 1])
    assert [p.data for p in ours.parameters()] == [p.data for p in theirs.parameters()]
    assert repr(ours) == repr(theirs)
    assert [p.data for p in MLP(3, [4, 4, 1], rng=1337).parameters()] == [p.data for p in theirs.parameters()]


@pytest.mark.parametrize("sizes", [[4, 1], [16, 16, 1], [5, 3]])
def test_loss_and_gradients_are_those_of_micrograd(sizes):
    points, labels = make_moons(20, rng=5)
    random.seed(7)
    ours = MLP(2, sizes)
    random.seed(7)
    theirs = micrograd.nn.MLP(2, sizes)

    def their_loss():
        scores = [theirs(p) for p in points]
        scores = [sum(s) if isinstance(s, list) else s for s in scores]
        margins = [(1 + -y * s).relu() for s, y in zip(scores, labels, strict=True)]
        return sum(margins) * (1.0 / len(margins)) + 1e-4 * sum(p * p for p in theirs.parameters())

    scores = [ours(p) for p in points]
    scores = [autograd.sum(s) if isinstance(s, list) else s for s in scores]
    a, b = hinge(scores, labels) + l2(ours.parameters(), 1e-4), their_loss()
    a.backward()
    b.backward()
    assert a.data == pytest.approx(b.data, rel=1e-12)
    assert [p.grad for p in ours.parameters()] == pytest.approx(
        [p.grad for p in theirs.parameters()], rel=1e-12, abs=1e-12
    )


def test_the_reprs_of_micrograd():
    for ours, theirs in (
        (Neuron(3), micrograd.nn.Neuron(3)),
        (Neuron(3, nonlin=False), micrograd.nn.Neuron(3, nonlin=False)),
        (Neuron(3, False), micrograd.nn.Neuron(3, False)),
        (Layer(2, 3), micrograd.nn.Layer(2, 3)),
        (Layer(2, 3, nonlin=False), micrograd.nn.Layer(2, 3, nonlin=False)),
        (MLP(3, [2, 4]), micrograd.nn.MLP(3, [2, 4])),
    ):
        assert repr(ours) == repr(theirs)
        assert getattr(ours, "nonlin", None) == getattr(theirs, "nonlin", None)


def test_reprs_of_the_other_activations():
    assert (
        repr(MLP(1, [1, 2], ["tanh", "sigmoid"]))
        == "MLP of [Layer of [TanhNeuron(1)], Layer of [SigmoidNeuron(1), SigmoidNeuron(1)]]"
    )


# --- torch ---


@pytest.mark.parametrize("activations", [["relu", "relu", "linear"], ["tanh", "sigmoid", "tanh"]])
def test_outputs_and_gradients_are_those_of_torch(activations):
    torch = pytest.importorskip("torch")
    model = MLP(3, [5, 4, 2], activations, rng=3)
    stack = []
    for layer, name in zip(model.layers, activations, strict=True):
        linear = torch.nn.Linear(layer.nin, len(layer.neurons), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64))
            linear.bias.copy_(torch.tensor([n.b.data for n in layer.neurons], dtype=torch.float64))
        stack += [
            linear,
            {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "linear": torch.nn.Identity}[
                name
            ](),
        ]
    x = [0.3, -1.2, 0.8]
    out = model(x)
    (out[0] * 2.0 - out[1]).backward()
    peer = torch.nn.Sequential(*stack)(torch.tensor(x, dtype=torch.float64))
    (peer[0] * 2.0 - peer[1]).backward()
    assert [v.data for v in out] == pytest.approx(peer.tolist(), rel=1e-13)
    grads = []
    for linear in (m for m in stack if isinstance(m, torch.nn.Linear)):
        for row, bias in zip(linear.weight.grad.tolist(), linear.bias.grad.tolist(), strict=True):
            grads += [*row, bias]
    assert [p.grad for p in model.parameters()] == pytest.approx(grads, rel=1e-12, abs=1e-15)


# --- inputs ---


def test_every_kind_of_sample_gives_the_same():
    model = MLP(3, [4, 1], rng=1)
    expected = model([1.0, 2.0, 3.0]).data
    for x in (
        (1, 2, 3),
        np.array([1.0, 2.0, 3.0]),
        np.array([1, 2, 3]),
        iter([1.0, 2.0, 3.0]),
        range(1, 4),
        [Value(i) for i in (1, 2, 3)],
    ):
        assert model(x).data == expected
    assert Neuron(3, rng=1)(iter([1.0, 2.0, 3.0])).data == Neuron(3, rng=1)(np.array([1.0, 2.0, 3.0])).data


def test_one_input_may_be_given_bare_and_a_hidden_layer_of_one_works():
    model = MLP(1, [3, 1, 2], rng=1)
    assert [v.data for v in model(0.5)] == [v.data for v in model([0.5])] == [v.data for v in model(Value(0.5))]


def test_one_output_is_a_value_and_more_are_a_list():
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert isinstance(MLP(2, [1])([1.0, 2.0]), Value)
    assert isinstance(Layer(2, 2)([1.0, 2.0]), list)


def test_a_sample_is_not_changed():
    x = [1, 2]
    MLP(2, [2, 1])(x)
    assert x == [1, 2]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (MLP(3, [1]), "MLP expects 3 inputs, got 2"),
        (Layer(3, 2), "Layer expects 3 inputs, got 2"),
        (Neuron(3), "Neuron expects 3 inputs, got 2"),
        (Neuron(1), "Neuron expects 1 input, got 2"),
    ],
)
@pytest.mark.parametrize("kind", [list, tuple, np.array, iter])
def test_a_sample_of_the_wrong_length(model, message, kind):
    with pytest.raises(ValueError, match=f"^{message}$"):
        model(kind([1.0, 2.0]))


@pytest.mark.parametrize("x", [["a", "b"], [None, 1.0], [1j, 0.0]])
def test_a_sample_of_what_is_not_a_number(x):
    with pytest.raises(TypeError, match="expected a real number"):
        MLP(2, [1])(x)


# --- construction ---


@pytest.mark.parametrize(
    ("bad", "error", "said"),
    [
        *((x, ValueError, f"expected 1 or more, got {x}") for x in (0, -1)),
        *((x, TypeError, "expected a whole number, got") for x in (2.0, "3", None, True, [1])),
    ],
)
@pytest.mark.parametrize(
    "make",
    [
        lambda bad: Neuron(bad),
        lambda bad: Layer(bad, 1),
        lambda bad: Layer(1, bad),
        lambda bad: MLP(bad, [1]),
        lambda bad: MLP(1, [2, bad]),
    ],
)
def test_bad_sizes(make, bad, error, said):
    with pytest.raises(error, match=said):
        make(bad)


def test_numpy_sizes_are_whole_numbers():
    assert len(MLP(np.int64(2), np.array([3, 1])).parameters()) == 13


def test_nouts_that_are_no_list_or_empty():
    with pytest.raises(TypeError, match="nouts: expected a list of layer sizes, got int 4"):
        MLP(3, 4)
    with pytest.raises(TypeError, match="nouts: expected a list of layer sizes, got str '44'"):
        MLP(3, "44")
    with pytest.raises(ValueError, match="nouts is empty"):
        MLP(3, [])


@pytest.mark.parametrize("bad", ["rellu", "", 3, 1.5, ("relu",)])
def test_unknown_activations(bad):
    for make in (lambda: Neuron(2, bad), lambda: Layer(2, 1, bad), lambda: MLP(2, [1, 1], [bad, "relu"])):
        with pytest.raises(ValueError, match="hoose one of relu, tanh, sigmoid, linear"):
            make()


def test_as_many_activations_as_layers():
    with pytest.raises(ValueError, match=r"2 layers need as many activations, got 1: \['tanh'\]"):
        MLP(2, [3, 1], ["tanh"])
    assert [layer.neurons[0].activation for layer in MLP(2, [3, 3, 1], "tanh").layers] == ["tanh", "tanh", "linear"]


def test_sources_of_randomness():
    def weights(rng):
        return [p.data for p in MLP(2, [3, 1], rng=rng).parameters()]

    assert weights(5) == weights(random.Random(5)) == weights(np.int64(5))
    source = random.Random(5)
    assert weights(source) != weights(source)
    random.seed(5)
    assert weights(None) == weights(5)
    drawn = np.random.default_rng(5)
    assert weights(np.random.default_rng(5)) == weights(drawn) != weights(drawn)
    for bad in ("5", 1.5, True, np.random):
        with pytest.raises(TypeError, match=r"rng: expected None, an int seed, a random\.Random or a numpy"):
            MLP(2, [1], rng=bad)


# --- behaviour ---


def test_no_grad_builds_no_graph_and_gives_the_same_numbers():
    model = MLP(2, [4, 2], rng=1)
    with no_grad():
        quiet = model([1.0, 2.0])
    assert all(v.is_constant and not v.operands for v in quiet)
    assert [v.data for v in quiet] == [v.data for v in model([1.0, 2.0])]


def test_replaced_neurons_and_weights_are_used():
    class Doubled(Neuron):
        def __call__(self, x):
            return super().__call__(x) * 2.0

    class Fixed(Module):
        def __call__(self, x):
            return Value(42.0)

    layer = Layer(2, 3, "linear", rng=1)
    first = layer.neurons[0]([1.0, 2.0]).data
    layer.neurons[0] = Doubled(2, "linear", rng=1)
    layer.neurons[1] = Fixed()
    layer.neurons[2].w = [Value(1.0), Value(1.0)]
    assert [v.data for v in layer([1.0, 2.0])] == [2.0 * first, 42.0, 3.0]
    layer.neurons[2].activation = "tanh"
    assert layer([1.0, 2.0])[2].data == math.tanh(3.0)


@settings(max_examples=some(50), deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.integers(0, 99))
def test_a_linear_neuron_is_affine_with_its_inputs_as_gradients(x, seed):
    neuron = Neuron(len(x), "linear", rng=seed)
    y = neuron(x)
    y.backward()
    assert [w.grad for w in neuron.w] == x
    assert neuron.b.grad == 1.0
    assert y.data == pytest.approx(math.fsum(w.data * v for w, v in zip(neuron.w, x, strict=True)), abs=1e-12)


@pytest.mark.parametrize("wrong", [None, "ab", b"ab"])
def test_inputs_that_are_no_list_are_named(wrong):
    with pytest.raises(TypeError, match="MLP expects a list of 2 inputs, got"):
        MLP(2, [1])(wrong)


@pytest.mark.parametrize("wrong", [3, False])
def test_activations_that_are_no_list_are_named(wrong):
    with pytest.raises(TypeError, match="activation, a name or a list"):
        MLP(2, [2, 1], activation=wrong)


def test_a_neuron_whose_weights_are_numbers_gives_a_number():
    neuron = Neuron(2, "tanh", rng=1)
    neuron.w, neuron.b = [1.0, 2.0], 0.0
    assert neuron([1.0, 2.0]) == math.tanh(5.0)
