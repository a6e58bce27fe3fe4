"""A diagnosis as it is shown: table, page, picture."""

import io
import re
from html.parser import HTMLParser

import pytest

import nn
from nn import MLP, SGD, Layer, Module, diagnose

pytestmark = pytest.mark.any_build

MOONS = nn.make_moons(32, rng=1)


def stack():
    return MLP(2, [8] * 8 + [1], "sigmoid", rng=1)


def test_the_table_has_a_line_for_each_layer_and_each_verdict():
    found = diagnose(stack(), MOONS, nn.mse)
    lines = str(found).splitlines()
    assert lines[0].split()[:4] == ["layer", "kind", "mean", "std"]
    assert [line.split()[0] for line in lines[2:11]] == [f"layers.{i}" for i in range(9)]
    assert lines[11].startswith("vanishing: layers.0 receives 1/3,")
    assert len(lines) == 12
    assert len({line.find("sigmoid") for line in lines[2:10]}) == 1
    assert repr(found) == str(found)
    assert len(found.layers) == 9


def test_a_healthy_one_says_so():
    model = MLP(2, [16, 16, 1], rng=1)
    nn.kaiming_uniform(model, rng=1)
    found = diagnose(model, MOONS, "hinge", SGD(model.parameters(), lr=0.5))
    assert found.healthy
    assert str(found).endswith("healthy: nothing was found that ails it.")
    assert "healthy" in found._repr_html_()
    assert re.search(r"0\.\d+$", str(found).splitlines()[2])  # update by weight


class Strict(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.open, self.cells, self.tags = [], [], set()
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] == "td":
            self.cells.append(data)


def test_the_page():
    model = Module()
    setattr(model, "<script>", MLP(2, [3, 1], rng=1))
    type(model).forward = lambda self, x: getattr(self, "<script>")(x)
    try:
        page = Strict(diagnose(model, MOONS, nn.hinge)._repr_html_())
    finally:
        del type(model).forward
    assert page.cells[0] == "<script>.layers.0"
    assert page.tags <= {"table", "thead", "tbody", "tr", "th", "td", "p", "ul", "li", "b"}


def test_the_picture():
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    model = stack()
    model.layers[1] = Layer(8, 8, "relu", rng=1)
    for neuron in model.layers[1].neurons[:3]:
        neuron.b.data = -100.0
    found = diagnose(model, MOONS, nn.mse)
    assert found.plot(ax) is ax
    assert ax.get_yscale() == "log"
    signal, gradient = ax.lines
    assert list(signal.get_ydata()) == [layer["rms"] for layer in found.layers]
    assert list(gradient.get_ydata()) == [layer["gradient"] for layer in found.layers]
    assert nn.describe(ax).startswith("Signals and gradients of 9 layers. dead: layers.1: ")
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize("factor", [0.0, 1e300, float("nan")])
def test_strange_numbers_are_drawn_and_told(factor):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    model = MLP(2, [3, 3, 1], rng=1)
    for p in model.parameters():
        p.data *= factor
    found = diagnose(model, MOONS, nn.mse, SGD(model.parameters(), lr=0.1))
    assert not found.healthy
    assert str(found)
    found.plot(Figure().subplots()).figure.savefig(io.BytesIO())


def test_many_layers_fit_a_screen():
    found = diagnose(MLP(2, [2] * 100, rng=1), MOONS[0])
    assert len(str(found).splitlines()) < 70
    assert "… 40 more …" in str(found)
