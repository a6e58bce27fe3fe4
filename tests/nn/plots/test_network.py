"""A network as neurons in columns: what is on the axes."""

import io
import math

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Layer, Module, Neuron, describe, network

figure = pytest.importorskip("matplotlib.figure")

pytestmark = pytest.mark.any_build

ORANGE, BLUE = (0xD5 / 255, 0x5E / 255, 0.0), (0.0, 0x72 / 255, 0xB2 / 255)


@pytest.fixture
def ax():
    return figure.Figure(figsize=(14, 5), dpi=100, layout="constrained").subplots()


def edges(ax):
    """`{((x, y) of the tail, of the head): (width, colour, whether dashed)}`."""
    found = {}
    for lines in ax.collections:
        if type(lines).__name__ == "LineCollection":
            looks = zip(lines.get_segments(), lines.get_linewidths(), lines.get_linestyles(), strict=True)
            for ends, width, (_, dashes) in looks:
                place = tuple(map(tuple, ends.tolist()))
                found[place] = (width, tuple(lines.get_colors()[0][:3]), dashes is not None)
    return found


def labelled(ax, label):
    """The artists of a kind."""
    return [c for c in ax.collections if c.get_label() == label]


def legend(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def names(ax):
    return [t.get_text().strip() for t in ax.get_xticklabels()]


def test_each_weight_is_a_line_as_wide_as_it_is_large_and_dashed_if_negative(ax):
    layer = Layer(3, 2, rng=1)
    numbers = [[0.5, -1.0, 2.0], [0.25, -0.125, 1.5]]
    for neuron, row in zip(layer.neurons, numbers, strict=True):
        for w, number in zip(neuron.w, row, strict=True):
            w.data = number
    assert network(layer, ax) is ax
    found = edges(ax)
    assert len(found) == 6
    by_weight = {}
    for ((x, tail), (u, head)), look in found.items():
        assert (x, u) == (0, 1)
        by_weight[numbers[int(0.5 - head)][int(1 - tail)]] = look
    for weight, (_, color, dashed) in by_weight.items():
        assert color == pytest.approx(ORANGE if weight > 0 else BLUE)
        assert dashed == (weight < 0)
    widths = [by_weight[w][0] for w in sorted(by_weight, key=abs)]
    assert widths == sorted(widths)
    assert by_weight[2.0][0] == pytest.approx(4 * by_weight[0.5][0])
    assert legend(ax)[0] == "weight > 0, the widest 2"


def test_columns_are_named_and_inputs_are_squares(ax):
    network(MLP(2, [16, 16, 1], rng=1), ax)
    assert names(ax) == ["inputs\n2", "layers.0\n16 ReLU", "layers.1\n16 ReLU", "layers.2\n1 Linear"]
    assert len(edges(ax)) == 2 * 16 + 16 * 16 + 16
    (squares,), (discs,) = labelled(ax, "inputs"), labelled(ax, "neurons")
    assert (len(squares.get_offsets()), len(discs.get_offsets())) == (2, 33)
    assert squares.get_paths()[0].vertices.tobytes() != discs.get_paths()[0].vertices.tobytes()


def test_before_a_sweep_there_are_no_rings_and_an_en_dash(ax):
    network(MLP(2, [3, 1], rng=1), ax)
    assert labelled(ax, "rings") == []
    assert "gradients: – (no sweep has been yet)" in legend(ax)


def test_rings_are_as_thick_as_the_logarithm_of_the_mean_gradient(ax):
    layer = Layer(1, 5, "linear", rng=1)
    for neuron, grad in zip(layer.neurons, (1.0, 0.1, 0.01, 1e-9, 0.0), strict=True):
        neuron.w[0].grad, neuron.b.grad = grad, -grad
    network(layer, ax)
    (rings,) = labelled(ax, "rings")
    assert [y for _, y in rings.get_offsets()] == [2.0, 1.0, 0.0, -1.0]
    first, second, third, last = rings.get_linewidths()
    assert first - second == pytest.approx(second - third)
    assert first > second > third > last > 0.0
    assert legend(ax)[-2:] == ["ring: mean |grad|, 0.001 or less to 1", "gradient exactly 0"]
    fills = labelled(ax, "neurons")[0].get_facecolors()
    assert [fill[0] < 0.5 for fill in fills.tolist()] == [False, False, False, False, True]
    sizes = np.sqrt(rings.get_sizes()) + rings.get_linewidths()
    ax.figure.savefig(io.BytesIO())
    apart = ax.transData.transform([(0, 1), (0, 0)])[:, 1]
    assert sizes.max() < (apart[0] - apart[1]) * 72 / 100


def test_what_is_not_finite_is_marked(ax):
    model = MLP(2, [3, 1], rng=1)
    model.layers[0].neurons[1].w[0].data = math.nan
    model.layers[0].neurons[2].w[1].data = math.inf
    model([1.0, 2.0]).backward()
    network(model, ax)
    (strange,) = labelled(ax, "weight not finite")
    assert len(strange.get_segments()) == 2
    assert len(edges(ax)) == 9
    assert {"weight not finite", "gradient not finite"} <= set(legend(ax))
    assert len(labelled(ax, "crosses")[0].get_offsets()) > 0
    assert "not finite for" in describe(ax)
    ax.figure.savefig(io.BytesIO())


def test_all_numbers_may_be_strange_or_0(ax):
    for number in (math.nan, -math.inf, 0.0):
        ax.clear()
        neuron = Neuron(2, rng=1)
        for p in neuron.parameters():
            p.data = p.grad = number
        network(neuron, ax)
        assert len(edges(ax)) == (0 if number == 0.0 else 2)
        ax.figure.savefig(io.BytesIO())


def test_a_large_layer_shows_its_ends_and_how_many_are_left_out(ax):
    network(Layer(200, 20, rng=1), ax)
    assert [t.get_text() for t in ax.texts] == ["⋮\n185 more", "⋮\n5 more"]
    assert len(labelled(ax, "inputs")[0].get_offsets()) == len(labelled(ax, "neurons")[0].get_offsets()) == 15
    assert names(ax) == ["inputs\n200", "Layer\n20 ReLU"]
    ax.clear()
    network(Layer(4, 16, rng=1), ax)
    assert len(ax.texts) == 0
    ax.clear()
    network(Layer(4, 5, rng=1), ax, most=3)
    assert [t.get_text() for t in ax.texts] == ["⋮\n2 more", "⋮\n3 more"]


def test_many_layers_show_their_ends_too(ax):
    network(MLP(2, [2] * 30, rng=1), ax)
    assert names(ax)[1] == "layers.0\n2 ReLU"
    assert names(ax)[-1] == "layers.29\n2 Linear"
    assert [t.get_text() for t in ax.texts] == ["…\n23 more\nlayers\n…"]
    assert len(edges(ax)) == 4 * (4 + 2)  # none across the gap
    assert "22 more layers" in describe(ax)


class Pair(Module):
    """Layers that do not follow each other, and loose neurons."""

    def __init__(self):
        self.scale = Value(1.0)
        self.parts = {"left": Layer(2, 3, "tanh", rng=1), "right": [Layer(5, 3, "relu", rng=2)]}
        self.neurons = [Neuron(3, "sigmoid", rng=3), Neuron(3, "linear", rng=4)]


def test_layers_in_a_module_of_a_users_own(ax):
    network(Pair(), ax)
    assert names(ax) == [
        "inputs\n2", "parts.left\n3 Tanh", "inputs\n5", "parts.right.0\n3 ReLU", "neurons\n2 Linear/Sigmoid",
    ]  # fmt: skip
    assert len(edges(ax)) == 2 * 3 + 5 * 3 + 3 * 2


def test_a_neuron_alone(ax):
    network(Neuron(3, rng=1), ax)
    assert names(ax) == ["inputs\n3", "Neuron\n1 ReLU"]
    assert len(edges(ax)) == 3


class Line(Module):
    def __init__(self):
        self.slope = Value(2.0)


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (Line(), ValueError, r"nothing to draw as columns: there is no Layer and no Neuron .* autograd.draw\(loss\)"),
        (Module(), ValueError, "nothing to draw: .* has no parameters"),
        (Value(1.0), TypeError, "expected a Module.* autograd.draw draws the graph of a Value"),
        (None, TypeError, "expected a Module, such as an MLP, got None"),
    ],
)
def test_what_is_refused(model, error, message):
    with pytest.raises(error, match=message):
        network(model)
    with pytest.raises(ValueError, match="most: expected 3 or more, got 2"):
        network(Neuron(1), most=2)


def test_hostile_names_are_shown_as_they_are(ax):
    model = Module()
    for key in ("$x", "</script>", "a\n\x00", "\u202eabc", "\ud800", "n" * 10_000):
        setattr(model, key, Layer(1, 2, rng=1))
    network(model, ax)
    shown = [name.partition("\n")[0] for name in names(ax) if "ReLU" in name]
    assert shown[:2] == ["$x", "</script>"]
    assert all(name.isprintable() and len(name) <= 24 for name in shown)
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize("width", [5.0, 10.0])
@pytest.mark.parametrize("model", [MLP(64, [32, 10], rng=1), MLP(2, [4] * 6, rng=1), MLP(2, [3] * 30, rng=1), Pair()])
def test_no_text_is_small_or_lies_on_another(model, width):
    picture = figure.Figure(figsize=(width, 4.8), dpi=100, layout="constrained")
    ax = network(model, picture.subplots())
    picture.savefig(io.BytesIO())
    texts = [t for t in (*ax.texts, *ax.get_xticklabels(), *ax.get_legend().get_texts()) if t.get_text()]
    assert all(t.get_fontsize() * 100 / 72 >= 9 for t in texts)
    boxes = [inked(t) for t in texts]
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[:i]), texts[i].get_text()


def inked(text):
    """Where a text stands, without the empty lines that it begins with."""
    box, lines = text.get_window_extent(), text.get_text().split("\n")
    empty = sum(not line for line in lines) / len(lines)
    return type(box).from_extents(box.x0, box.y0, box.x1, box.y1 - empty * box.height)
