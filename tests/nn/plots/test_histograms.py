"""How large the numbers of a model are: what is on the axes."""

import io
import math

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Layer, Module, Neuron, histograms

figure = pytest.importorskip("matplotlib.figure")

pytestmark = pytest.mark.any_build


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def rows(ax):
    """`{height of the row: counts by its bins, up to a factor}`, lowest numbers first."""
    found = {}
    for patch in ax.patches:
        values, edges, base = patch.get_data()
        found.setdefault(float(base), []).extend(zip((base - values).tolist(), edges[:-1].tolist(), strict=True))
    return found


def names(ax):
    return [t.get_text() for t in ax.get_yticklabels()]


def notes(ax):
    return [t.get_text() for t in ax.texts]


def swept():
    model = MLP(4, [8, 3], rng=1)
    for x in ([1.0, -2.0, 0.5, 3.0], [0.1, 0.2, -0.3, 0.4]):
        sum(model(x)).backward()
    return model


def test_each_layer_is_a_row_with_the_counts_of_its_bins(ax):
    model = swept()
    assert histograms(model, ax, bins=10) is ax
    assert names(ax) == ["layers.0\n40 numbers", "layers.1\n27 numbers"]
    found = rows(ax)
    assert list(found) == [0.0, 1.0]
    largest = max(abs(p.data) for p in model.parameters())
    for layer, bars in zip(model.layers, found.values(), strict=True):
        numbers = [p.data for p in layer.parameters() if p.data != 0.0]
        counts = np.histogram(numbers, np.linspace(-largest, largest, 11))[0]
        heights = [height for height, _ in bars]
        assert heights == pytest.approx(0.8 * counts / counts.max())
    assert ax.get_xlim() == pytest.approx((-largest, largest))
    assert ax.get_xscale() == "linear"


def test_negative_weights_are_blue_and_positive_ones_orange(ax):
    histograms(Neuron(50, rng=1), ax)
    left, right = ax.patches
    assert left.get_data().edges.max() == 0.0 == right.get_data().edges.min()
    assert left.get_facecolor()[2] > left.get_facecolor()[0]
    assert right.get_facecolor()[0] > right.get_facecolor()[2]


def test_gradients_have_a_logarithmic_axis_and_the_share_of_zeros(ax):
    layer = Layer(3, 1, "linear", rng=1)
    for p, grad in zip(layer.parameters(), (1.0, -1e-3, 0.0, 0.0), strict=True):
        p.grad = grad
    histograms(layer, ax, of="gradients", bins=6)
    assert ax.get_xscale() == "log"
    (bars,) = rows(ax).values()
    assert [height > 0 for height, _ in bars] == [True, False, False, False, False, True]
    assert notes(ax) == ["mean 0.25\n50% exactly 0"]


def test_without_a_sweep_there_is_an_en_dash_and_no_bar(ax):
    histograms(MLP(2, [3, 1], rng=1), ax, of="gradients")
    assert len(ax.patches) == 0
    assert notes(ax) == ["–", "–"]
    assert "no sweep has been yet" in ax.get_xlabel()
    ax.figure.savefig(io.BytesIO())


def test_what_is_not_finite_is_counted(ax):
    layer = Layer(3, 1, rng=1)
    for p, number in zip(layer.parameters(), (math.nan, math.inf, 2.0, 0.0), strict=True):
        p.data = p.grad = number
    for of in ("weights", "gradients"):
        ax.clear()
        histograms(layer, ax, of=of)
        assert notes(ax) == ["mean 1\n25% exactly 0\n2 not finite"]
        ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize("number", [0.0, math.nan, math.inf, 5e-324, 1.7e308, -1.0])
@pytest.mark.parametrize("of", ["weights", "gradients"])
def test_numbers_may_all_be_the_same(ax, number, of):
    neuron = Neuron(2, rng=1)
    for p in neuron.parameters():
        p.data = p.grad = number
    histograms(neuron, ax, of=of)
    assert (len(ax.patches) > 0) == (math.isfinite(number) and number != 0.0)
    ax.figure.savefig(io.BytesIO())


class Mixed(Module):
    def __init__(self):
        self.scale, self.table = Value(3.0), [[Value(1.0), Value(2.0)], [Value(-1.0)]]
        self.blocks = [Layer(2, 2, rng=1), Value(7.0)]


def test_every_parameter_is_in_one_row(ax):
    histograms(Mixed(), ax)
    assert names(ax) == ["scale\n1 numbers", "table\n3 numbers", "blocks.0\n6 numbers", "elsewhere\n1 numbers"]


def test_many_layers_are_one_picture_that_says_how_many_are_left_out(ax):
    histograms(MLP(2, [2] * 224, rng=1), ax)
    assert len(names(ax)) == 24
    assert "… 201 more layers …" in notes(ax)
    assert names(ax)[-1].startswith("layers.223\n")


def test_hostile_names(ax):
    model = Module()
    for key in ("$x", "</script>", "\ud800", "n" * 10_000):
        setattr(model, key, Layer(1, 1, rng=1))
    histograms(model, ax)
    shown = [name.partition("\n")[0] for name in names(ax)]
    assert shown[:2] == ["$x", "</script>"]
    assert all(len(name) <= 24 for name in shown)
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: histograms(Neuron(1), of="biases"), ValueError, "one of 'weights', 'gradients', got 'biases'"),
        (lambda: histograms(Module()), ValueError, "has no parameters"),
        (lambda: histograms(Value(1.0)), TypeError, "expected a Module"),
        (lambda: histograms(Neuron(1), bins=0), ValueError, "bins: expected 1 or more"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
