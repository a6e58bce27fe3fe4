"""A module as a picture: neurons in columns, weights as lines, gradients as rings."""

import math

import numpy as np
import pytest

import nn
from autograd import Value, draw

pytestmark = pytest.mark.any_build


def by_name(scene):
    return {box["name"]: box for box in scene["boxes"] if box["role"] in ("neuron", "input")}


def test_each_weight_is_a_line_as_wide_as_it_is_large():
    model = nn.MLP(3, [4, 2], rng=1)
    scene = draw(model).scene
    neurons = by_name(scene)
    assert len(neurons) == 3 + 4 + 2
    assert len(scene["edges"]) == 3 * 4 + 4 * 2
    at = {box["id"]: box["name"] for box in scene["boxes"]}
    for edge in scene["edges"]:
        layer, number = at[edge["head"]].split(", neuron ")
        w = model.layers[int(layer[-1])].neurons[int(number)].w[edge["operand"]].data
        assert edge["partial"] == w
        assert edge["dashed"] == (w < 0.0)
        assert edge["color"] == ("#D55E00" if w > 0.0 else "#0072B2")
    order = sorted(scene["edges"], key=lambda edge: abs(edge["partial"]))
    widths = [edge["width"] for edge in order]
    assert widths == sorted(widths)
    assert widths[-1] > 2 * widths[0]
    columns = sorted({box["position"][0] for box in neurons.values()})
    assert len(columns) == 3


def test_rings_grow_with_gradients_and_are_told_apart_from_none():
    model = nn.MLP(2, [3, 1], rng=1)
    assert "no backward() yet" in " ".join(swatch["text"] for swatch in draw(model).scene["legend"])
    for k, neuron in enumerate(model.layers[0].neurons):
        for p in neuron.parameters():
            p.grad = 10.0 ** (-k) if k < 2 else 0.0
    for p in model.layers[1].parameters():
        p.grad = 1.0
    neurons = by_name(draw(model).scene)
    rings = [neurons[f"layers.0, neuron {k}"]["border"]["width"] for k in range(3)]
    assert rings[0] > rings[1] > rings[2] == neurons["input 0"]["border"]["width"]
    assert neurons["layers.0, neuron 2"]["fill"] != neurons["layers.0, neuron 0"]["fill"], "exactly 0 is grey"
    model.layers[0].neurons[1].b.grad = math.nan
    assert by_name(draw(model).scene)["layers.0, neuron 1"]["border"]["color"] == "#B00020"


def test_long_columns_and_deep_networks_leave_out_their_middle_and_say_so():
    scene = draw(nn.MLP(64, [32, 10], rng=1)).scene
    shown = [box["name"] for box in scene["boxes"] if box["name"].startswith("input ")]
    assert (shown[0], shown[-1], len(shown)) == ("input 0", "input 63", 15)
    assert "+ 49" in [line["text"] for box in scene["boxes"] for line in box["lines"]]
    assert scene["width"] < 1222
    drawing = draw(nn.MLP(2, [2] * 20, rng=1))
    assert drawing.scene["width"] < 1300
    assert drawing.title == "network 2-2-2-2-…-2-2-2-2, 120 parameters"
    titles = [box["lines"][0]["text"] for box in drawing.scene["boxes"] if box["role"] == "title"]
    assert titles[4:7] == ["layers.3", "+ 13 layers", "layers.17"]


def test_layers_that_do_not_follow_each_other_have_inputs_of_their_own():
    class Two(nn.Module):
        def __init__(self):
            self.left, self.right = nn.Layer(2, 3, rng=1), nn.Layer(5, 1, rng=2)

    names = [box["name"] for box in draw(Two()).scene["boxes"] if box["role"] == "title"]
    assert names == ["inputs", "left", "inputs", "right"]


def test_weights_that_are_no_numbers_and_hostile_names():
    class Evil(nn.Module):
        def __init__(self):
            vars(self)["</script>]]>\x00\u202e"] = nn.Layer(2, 2, rng=1)

    model = Evil()
    layer = next(iter(vars(model).values()))
    layer.neurons[0].w[0].data = math.inf
    layer.neurons[1].w[1].data = math.nan
    drawing = draw(model)
    svg = drawing.pipe("svg", encoding="utf-8")
    assert "</script>" not in svg
    assert {edge["color"] for edge in drawing.scene["edges"]} >= {"#B00020"}
    text = drawing._repr_mimebundle_()["text/plain"]
    assert max(map(len, text.splitlines())) <= 120


def test_it_is_told_in_words_and_bounded():
    model = nn.MLP(2, [16, 16, 1], rng=1)
    model([1.0, 2.0]).backward()
    bundle = draw(model)._repr_mimebundle_()
    first, second, *_ = bundle["text/plain"].splitlines()
    assert first == "network 2-16-16-1, 337 parameters"
    assert second.startswith("layers.0: 16 ReLU, mean |weight| ")
    assert 'alt="network 2-16-16-1, 337 parameters"' in bundle["text/html"]
    assert sum(map(len, bundle.values())) <= 300_000


def test_anything_that_says_which_neurons_it_has():
    class Mine:
        def __network__(self):
            return [{"name": "mine", "kind": "Step", "weights": [[1.0, -2.0]], "gradients": [0.0]}]

    assert [box["name"] for box in draw(Mine()).scene["boxes"] if box["role"] == "neuron"][-1] == "mine, neuron 0"
    assert isinstance(Value(1.0), Value)


@pytest.mark.parametrize("sizes", [[4, 1], [16, 16, 1], [30, 5], [3] * 12])
def test_it_is_the_picture_that_nn_draws_on_axes(sizes):
    """The same neurons and lines, as wide; inputs are squares in both."""
    figure = pytest.importorskip("matplotlib.figure")
    model = nn.MLP(2, sizes, rng=1)
    for k, p in enumerate(model.parameters()):
        p.grad = 10.0 ** -(k % 7)
    ax = nn.network(model, figure.Figure().subplots())
    scene = draw(model).scene
    widths = [w for c in ax.collections if type(c).__name__ == "LineCollection" for w in c.get_linewidths()]
    assert sorted(edge["width"] for edge in scene["edges"]) == pytest.approx(sorted(widths))
    for label, shape in (("inputs", "square"), ("neurons", "circle")):
        (drawn,) = [c for c in ax.collections if c.get_label() == label]
        assert len(drawn.get_offsets()) == sum(box["shape"] == shape for box in scene["boxes"])
    rings = [w for c in ax.collections if c.get_label() == "rings" for w in c.get_linewidths()]
    borders = sorted(x for box in scene["boxes"] if (x := box["border"]["width"]) >= 1.5)
    assert len(rings) == len(borders)
    share = (np.sort(rings) - 0.4) / (max(rings) - 0.4)
    assert share == pytest.approx((np.array(borders) - 1.5) / (max(borders) - 1.5))
