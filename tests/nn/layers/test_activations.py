"""The table of activations: torch's numbers, names in any spelling, and a row or function of one's own anywhere."""

import math
import pickle

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, sin
from nn import MLP, Layer, Linear, Module, Neuron, Sequential, kaiming_uniform
from nn.layers.activations import (
    ACTIVATIONS,
    Activation,
    activated,
    as_activation,
    function_of,
    gelu,
    log_softmax,
    row_of,
    softmax,
)
from tests.sizes import some

torch = pytest.importorskip("torch")
F = torch.nn.functional

PEERS = {
    "linear": lambda x: x * 1.0, "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu,
    "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "mish": F.mish,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "hardtanh": F.hardtanh,
    "hardsigmoid": lambda x: F.relu6(x + 3.0) / 6.0,
    "hardswish": F.hardswish, "relu6": F.relu6, "softplus": F.softplus, "softsign": F.softsign,
    "softmax": lambda x: F.softmax(x, -1), "log_softmax": lambda x: F.log_softmax(x, -1),
}  # fmt: skip
# torch's own hardsigmoid has the slope 1/6 in single precision; of its value there is a test below.
SCALARS = [name for name, row in ACTIVATIONS.items() if not row.whole]
KINKS = [-6.0, -3.0, -1.0, -0.0, 0.0, 1.0, 3.0, 6.0]


def ours(name, x):
    """Value and slope."""
    v = Value(x)
    y = activated(name, v) * 1.0
    y.backward()
    return y.data, v.grad


def theirs(name, x):
    v = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = PEERS[name](v)
    y.backward()
    return y.item(), v.grad.item()


def test_every_row_has_a_peer():
    assert set(PEERS) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", SCALARS)
@settings(max_examples=some(60), deadline=None)
@given(x=st.floats(-40, 40))
def test_value_and_slope_are_those_of_torch(name, x):
    if name == "softplus" and x > 20.0:  # where torch goes over to a straight line, 2e-9 off
        return
    assert ours(name, x) == pytest.approx(theirs(name, x), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("x", KINKS)
def test_slopes_at_kinks_are_those_of_torch(name, x):
    assert ours(name, x) == pytest.approx(theirs(name, x), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in SCALARS if name not in ("mish", "gelu_tanh")])
@pytest.mark.parametrize("x", [-700.0, 700.0])
def test_the_tails_are_finite(name, x):
    y, slope = ours(name, x)
    assert math.isfinite(y)
    assert math.isfinite(slope)


@pytest.mark.parametrize("name", SCALARS)
def test_nan_stays_nan(name):
    assert math.isnan(ours(name, math.nan)[0])


def test_hardsigmoid_is_torchs():
    xs = [-4.0, -3.0, -1.0, 0.5, 3.0, 4.0]
    found = F.hardsigmoid(torch.tensor(xs, dtype=torch.float64)).tolist()
    assert [activated("hardsigmoid", x) for x in xs] == pytest.approx(found, rel=1e-15)


def test_gelu_keeps_its_digits_where_it_is_tiny():
    for x in (-5.0, -20.0, -37.0):
        assert gelu(x) == pytest.approx(float(x * mpmath.ncdf(x)), rel=1e-13)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@settings(max_examples=some(60), deadline=None)
@given(xs=st.lists(st.floats(-30, 30), min_size=1, max_size=6))
def test_softmaxes_are_those_of_torch(name, xs):
    mine = [Value(x) for x in xs]
    peer = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    weights = [1.0 + k * k for k in range(len(xs))]
    outputs = activated(name, mine)
    autograd.dot(outputs, weights).backward()
    found = PEERS[name](peer)
    (found * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    assert [y.data for y in outputs] == pytest.approx(found.tolist(), rel=1e-12, abs=1e-12)
    assert [x.grad for x in mine] == pytest.approx(peer.grad.tolist(), rel=1e-11, abs=1e-11)


def test_softmaxes_of_large_numbers():
    assert softmax([1e4, 0.0]) == pytest.approx([1.0, 0.0], abs=1e-11)
    assert log_softmax([0.0, 1e4]) == [-1e4, 0.0]


@pytest.mark.parametrize("name", SCALARS)
def test_recorded_it_gives_the_same(name):
    """With both sides of a branch in one recording: nothing is decided while it is recorded."""
    f = autograd.compile(lambda x: activated(name, x) * 1.0, in_axes=0)
    xs = np.array([-7.0, -2.5, -0.5, 0.5, 2.5, 7.0])
    assert f(xs).tolist() == pytest.approx([ours(name, x)[0] for x in xs], rel=1e-13)
    assert f.grad(xs).tolist() == pytest.approx([ours(name, x)[1] for x in xs], rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("name", [n for n in SCALARS if n not in ("tanh", "sigmoid", "linear", "selu", "leaky_relu")])
def test_gains_make_up_for_the_variance_of_a_normal_signal(name):
    function = ACTIVATIONS[name].function
    z = np.linspace(-12.0, 12.0, 48_001)
    density = np.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)
    squares = np.array(function(z)) ** 2
    assert ACTIVATIONS[name].gain ** -2 == pytest.approx(float(np.trapezoid(squares * density, z)), rel=1e-7)


# --- names ---


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("ReLU", "relu"), ("leaky-relu", "leaky_relu"), ("LeakyReLU", "leaky_relu"), ("leaky relu", "leaky_relu"),
        ("SiLU", "silu"), ("swish", "silu"), ("identity", "linear"), (None, "linear"), ("None", "linear"),
        ("logistic", "sigmoid"), ("GELU", "gelu"), ("gelu_new", "gelu_tanh"), ("Hard-Swish", "hardswish"),
        ("ReLU6", "relu6"), ("LogSoftmax", "log_softmax"), ("TANH", "tanh"), (True, "relu"), (False, "linear"),
        (autograd.tanh, "tanh"), (gelu, "gelu"), (ACTIVATIONS["mish"], "mish"), ("hard_tanh", "hardtanh"),
    ],
)  # fmt: skip
def test_names_in_usual_spellings(given, name):
    assert as_activation(given) == name
    assert Neuron(2, given).activation == name


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_spelling_of_a_repr_is_a_name(name):
    spelling = repr(Neuron(1, name)).removesuffix("Neuron(1)")
    assert as_activation(spelling) == as_activation(torch_name(spelling)) == name


def torch_name(spelling):
    """torch's class, where there is one: its names are ours."""
    found = getattr(torch.nn, {"Linear": "Identity", "GELUTanh": "none"}.get(spelling, spelling), None)
    assert found is not None or spelling == "GELUTanh"
    return spelling if found is None else found.__name__


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("rellu", "relu"), ("sigmod", "sigmoid"), ("leakyrelu_", None), ("soft max", None), ("gelo", "gelu")],
)
def test_the_nearest_right_name_is_told(wrong, near):
    if near is None:
        assert as_activation(wrong) in ACTIVATIONS
        return
    with pytest.raises(ValueError, match=f"no '{wrong}'; did you mean '{near}'"):
        MLP(2, [2, 1], wrong)


def test_a_name_like_none_has_no_nearest():
    with pytest.raises(ValueError, match="no 'zzz'; choose one of"):
        Neuron(1, "zzz")


def test_each_row_stands_under_its_name_and_is_described():
    assert all(row.name == name and len(row.described) > 5 for name, row in ACTIVATIONS.items())


# --- rows and functions of one's own ---


def check_sine(neuron, model, stack):
    kaiming_uniform(neuron, rng=1)
    assert max(abs(w.data) for w in neuron.w) > 2.0
    assert neuron([0.5, 0.25]).data == math.sin(0.5 * neuron.w[0].data + 0.25 * neuron.w[1].data)
    assert repr(neuron) == "SineNeuron(2)"
    assert repr(model) == "MLP of [Layer of [SineNeuron(1)], Layer of [LinearNeuron(1)]]"
    kaiming_uniform(stack, rng=1)
    assert max(abs(w.data) for w in stack[0].neurons[0].w) > 2.0
    assert stack([1.0])[0].data == math.sin(stack[0]([1.0])[0].data)


def test_a_row_put_into_the_table_is_all_that_an_activation_needs(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "sine", Activation("sine", sin, 6.0, "Sine"))
    check_sine(Neuron(2, "Sine", rng=1), MLP(1, [1, 1], "sine"), Sequential(Linear(1, 1, rng=1), "SINE"))
    assert as_activation(sin) == "sine"


def test_a_row_may_be_given_as_it_is():
    row = Activation("sine", sin, 6.0, "Sine")
    check_sine(Neuron(2, row, rng=1), MLP(1, [1, 1], row), Sequential(Linear(1, 1, rng=1), row))
    assert "sine" in repr(Sequential(row))


def squared(x):
    return x * x


def test_a_function_of_ones_own_anywhere():
    for model in (MLP(2, [3, 1], squared, rng=1), MLP(2, [3, 1], [squared, None], rng=1)):
        plain = MLP(2, [3, 1], "linear", rng=1)
        hidden = [h.data**2 for h in plain.layers[0]([1.0, 2.0])]
        assert model([1.0, 2.0]).data == pytest.approx(plain.layers[1](hidden).data)
        assert repr(model.layers[0]) == "Layer of [SquaredNeuron(2), SquaredNeuron(2), SquaredNeuron(2)]"
        kaiming_uniform(model, rng=1)
        twin = pickle.loads(pickle.dumps(model))
        assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
        f = autograd.compile(lambda model, x: model(x))
        assert f(model, np.array([1.0, 2.0])) == pytest.approx(model([1.0, 2.0]).data, rel=1e-14)
    assert repr(Neuron(1, lambda x: -x)) == "FunctionNeuron(1)"
    assert Neuron(1, math.fabs).activation is math.fabs


def test_an_activation_that_learns():
    class PReLU(Module):
        def __init__(self):
            self.slope = Value(0.25)

        def __call__(self, x):
            return autograd.where(autograd.less(0.0, x), x, self.slope * x)

    layer = Layer(1, 3, PReLU(), rng=1)
    assert len(layer.parameters()) == 7
    autograd.sum(layer([1.0])).backward()
    below = [n.w[0].data for n in layer.neurons if n.w[0].data < 0.0]
    assert below
    assert layer.neurons[0].activation.slope.grad == pytest.approx(sum(below))


# --- of whole layers ---


def test_a_layer_with_softmax():
    layer, plain = Layer(2, 3, "softmax", rng=1), Layer(2, 3, "linear", rng=1)
    assert [y.data for y in layer([1.0, 2.0])] == [y.data for y in softmax(plain([1.0, 2.0]))]
    assert repr(layer) == "Layer of [SoftmaxNeuron(2), SoftmaxNeuron(2), SoftmaxNeuron(2)]"
    assert Neuron(2, "softmax")([1.0, 2.0]).data == 1.0
    assert [len(y) for y in layer([[1.0, 2.0]] * 2)] == [3, 3]
    layer.neurons[1].activation = "relu"
    with pytest.raises(ValueError, match="softmax is of all outputs together, but not all neurons have it"):
        layer([1.0, 2.0])


def test_an_activation_may_be_changed_later_in_any_spelling():
    neuron = Neuron(1, "linear", rng=1)
    sum_of = neuron([2.0]).data
    for activation in ("Tanh", autograd.tanh, ACTIVATIONS["tanh"]):
        neuron.activation = activation
        assert neuron([2.0]).data == math.tanh(sum_of)
        assert repr(neuron) == "TanhNeuron(1)"
    neuron.activation = "tangh"
    with pytest.raises(ValueError, match="did you mean 'tanh'"):
        neuron([2.0])


def test_rows_and_functions_are_found():
    assert row_of(squared).gain == 1.0
    assert row_of("swish") is ACTIVATIONS["silu"]
    assert function_of("none") is None
    assert function_of("softmax")(3.0) == 1.0
    assert activated("relu", np.array([[1.0, -1.0]])) == [[1.0, 0.0]]
    assert activated("relu", np.float64(-1.0)) == 0.0
    assert activated("softmax", [[0.0], [1.0]]) == [[1.0], [1.0]]
