"""A module in a notebook."""

import math
import re
from html.parser import HTMLParser
from time import process_time

import pytest

from autograd import RecordingError, Value, compile
from nn import MLP, Layer, Module, Neuron


class Tree(HTMLParser):
    """`(depth, text)` of each line, all tags met, and whether they are closed as they were opened."""

    def __init__(self, html):
        super().__init__()
        self.lines, self.tags, self.open, self.depth = [], set(), [], 0
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert all(name in ("open", "style") for name, _ in attrs)
        self.open.append(tag)
        if tag == "summary" or (tag == "div" and not attrs):
            self.lines.append([self.open.count("details") - (tag == "summary"), ""])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.lines[-1][1] += data


def lines(module):
    return Tree(module._repr_html_()).lines


def test_siblings_alike_are_one_line_that_unfolds():
    found = lines(MLP(2, [3, 1], rng=1))
    assert [(depth, text.split(" · ")[0]) for depth, text in found] == [
        (0, "MLP"),
        (1, "Layer"),
        (2, "ReLUNeuron(2) ×3"),
        *[(3, "ReLUNeuron(2)"), (4, "w"), (4, "b")] * 3,
        (1, "Layer"),
        (2, "LinearNeuron(3)"),
        (3, "w"),
        (3, "b"),
    ]


def test_a_line_says_sizes_means_and_the_path():
    layer = Layer(2, 2, rng=1)
    for p, number in zip(layer.parameters(), (1.0, -3.0, 2.0, 5.0, 5.0, -5.0), strict=True):
        p.data, p.grad = number, number / 10
    texts = [text for _, text in lines(layer)]
    assert texts[0] == "Layer · 6 parameters · mean |w| 3.5 · mean |grad| 0.35"
    assert texts[1].endswith(" · neurons.0 to neurons.1")
    assert texts[2] == "ReLUNeuron(2) · 3 parameters · mean |w| 2 · mean |grad| 0.2 · neurons.0"
    assert texts[3] == "w · 2 parameters · mean |w| 2 · mean |grad| 0.2 · neurons.0.w"
    assert texts[4] == "b · 1 parameter · mean |w| 2 · mean |grad| 0.2 · neurons.0.b"


def test_before_a_sweep_there_is_an_en_dash_and_after_it_a_dead_neuron_has_0():
    layer = Layer(1, 2, rng=1)
    assert all("mean |grad| –" in text for _, text in lines(layer))
    layer.neurons[0].b.grad = 1.0
    texts = [text for _, text in lines(layer)]
    assert not any("–" in text for text in texts)
    assert [text for text in texts if text.endswith("neurons.1")][-1].split(" · ")[3] == "mean |grad| 0"


def test_what_is_not_finite_is_seen_from_above():
    model = MLP(2, [3, 1], rng=1)
    model.layers[0].neurons[1].w[0].data = math.nan
    model.layers[1].neurons[0].b.grad = math.inf
    texts = [text for _, text in lines(model)]
    assert "mean |w| not finite: 1 of 13" in texts[0]
    assert "mean |grad| not finite: 1 of 13" in texts[0]
    assert sum("|w| not finite" in text for text in texts) == 5  # network, layer, the three, the neuron, its w


def test_other_modules_tell_by_class_and_attributes():
    class Block(Module):
        def __init__(self, name):
            self.name, self.scale, self.inner = name, Value(2.0), Neuron(1, rng=1)

    class Net(Module):
        def __init__(self):
            self.blocks = [Block("a"), Block("b")]
            self.table = {"x": Value(1.0), "y": [Value(2.0)]}

    found = [(depth, text.split(" · ")[0], text.rpartition(" · ")[2]) for depth, text in lines(Net())]
    assert found[1] == (1, "Block ×2", "blocks.0 to blocks.1")
    assert found[2:5] == [
        (2, "Block", "blocks.0"),
        (3, "scale", "blocks.0.scale"),
        (3, "ReLUNeuron(1)", "blocks.0.inner"),
    ]
    assert found[-1] == (1, "table", "table")
    assert lines(Module()) == [[0, "Module · no parameters"]]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a\n\x00b", "\u202e", "\ud800", "&amp;", "x" * 10_000])
def test_hostile_names_are_only_text(text):
    module = type(text.replace("\x00", "").replace("\ud800", "_"), (Module,), {})()
    setattr(module, text, {text: Neuron(1, rng=1), "other": Value(1.0)})
    html = module._repr_html_()
    tree = Tree(html)
    assert tree.tags <= {"details", "summary", "div", "b", "code"}
    assert html.replace("\n", "").isprintable()
    html.encode()
    assert max(len(line) for _, line in tree.lines) < 500


class Hostile(Module):
    def __init__(self):
        self.w = Value(1.0)

    def __repr__(self):
        raise RuntimeError("no")


def test_a_repr_never_raises():
    assert "Hostile" in Hostile()._repr_html_()

    circle = Module()
    circle.me, circle.w = [circle], Value(1.0)
    assert lines(circle)[0][1].startswith("Module · 1 parameter")


@pytest.mark.parametrize(
    "module",
    [MLP(300, [300, 33], rng=1), MLP(64, [40] * 60, rng=1), MLP(9, [10_000], rng=1)],
    ids=["wide", "deep", "flat"],
)
def test_100_000_parameters_are_small_and_quick(module):
    assert len(module.parameters()) > 98_000
    start = process_time()
    html = module._repr_html_()
    seconds = process_time() - start
    assert len(html.encode()) < 150_000
    assert len(Tree(html).lines) < 1000
    assert seconds < 2.0  # 0.1 to 0.4 s where nothing else runs


def test_numbers_cannot_be_shown_while_a_function_is_recorded():
    shown = []

    def recorded(x):
        shown.append(neuron._repr_html_())
        return neuron([x])

    neuron = Neuron(1, rng=1)
    with pytest.raises(RecordingError):
        compile(recorded)(2.0)
    assert shown == [None]


def test_deep_modules_are_cut():
    top = module = Module()
    for _ in range(5000):
        module.below = Module()
        module = module.below
    module.w = Value(1.0)
    html = top._repr_html_()
    assert max(depth for depth, _ in Tree(html).lines) < 30
    assert "and 1 more" in html


def test_what_is_left_out_is_counted():
    found = lines(Layer(1, 120, rng=1))
    assert found[1][1].startswith("ReLUNeuron(1) ×120 · 240 parameters")
    assert sum(bool(re.match(r"ReLUNeuron\(1\) · ", text)) for _, text in found) == 50
    assert found[-1] == [2, "… and 70 more"]
