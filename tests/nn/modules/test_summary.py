"""Summaries: shapes, parameters, nodes; of nn's models and of those one wrote."""

import random
from html.parser import HTMLParser

import pytest

import nn
from autograd import Value, relu, topological_order
from nn import MLP, BatchNorm, Dropout, Embedding, LayerNorm, Linear, Module, Neuron, Sequential, summary


def rows(found, *keys):
    return [tuple(row[key] for key in keys) for row in found.rows]


def test_a_table_by_layer():
    found = MLP(2, [16, 1]).summary()
    assert rows(found, "name", "kind", "output", "parameters", "nodes") == [
        ("", "MLP", (), 65, 33), ("layers.0", "Layer", (16,), 48, 32), ("layers.1", "Layer", (), 17, 1),
    ]  # fmt: skip
    assert found.total == {"parameters": 65, "trainable": 65, "frozen": 0, "buffers": 0, "nodes": 33}
    lines = str(found).splitlines()
    assert lines[-1] == "65 parameters, 65 to be trained; 33 nodes per sample"
    assert len({len(line) for line in lines[:5]}) == 1
    assert repr(found) == str(found)


@pytest.mark.parametrize("sizes", [[3], [4, 2], [5, 5, 1]])
def test_nodes_are_those_of_the_graph(sizes):
    model = MLP(3, sizes, "tanh", rng=1)
    output = model([1.0, 2.0, 3.0])
    nodes = [v for v in topological_order(output) if v.operands]
    assert model.summary([1.0, 2.0, 3.0]).total["nodes"] == len(nodes)


class Block(Module):
    def __init__(self, n):
        self.inner, self.norm, self.scale = Linear(n, n, rng=1), LayerNorm(n), Value(0.5)
        self.unused = Linear(n, 1, rng=1)

    def forward(self, x):
        return [u + self.scale * relu(v) for u, v in zip(x, self.inner(self.norm(x)), strict=True)]


class Own(Module):
    def __init__(self):
        self.blocks = [Block(4), Block(4)]
        self.heads = [Neuron(4, rng=1) for _ in range(3)]

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return [head(x) for head in self.heads]


def test_a_model_of_ones_own():
    model = Own()
    model.blocks[1].inner.freeze()
    found = model.summary()  # the first layer that says how large it is: 4
    assert rows(found, "name", "kind", "depth", "output", "parameters", "frozen") == [
        ("", "Own", 0, (3,), 83, 20),
        ("blocks.0", "Block", 1, (4,), 34, 0),
        ("blocks.0.inner", "Linear", 2, (4,), 20, 0),
        ("blocks.0.norm", "LayerNorm", 2, (4,), 8, 0),
        ("blocks.0.unused", "Linear", 2, None, 5, 0),
        ("blocks.1", "Block", 1, (4,), 34, 20),
        ("blocks.1.inner", "Linear", 2, (4,), 20, 20),
        ("blocks.1.norm", "LayerNorm", 2, (4,), 8, 0),
        ("blocks.1.unused", "Linear", 2, None, 5, 0),
        ("heads", "Neuron ×3", 1, (3,), 15, 0),
    ]
    by_name = {row["name"]: row["nodes"] for row in found.rows}
    assert by_name["blocks.0.inner"] == by_name["blocks.1.inner"] == 4
    assert by_name["blocks.0"] == by_name["blocks.0.inner"] + by_name["blocks.0.norm"] + 3 * 4
    assert by_name[""] == by_name["blocks.0"] + by_name["blocks.1"] + by_name["heads"] == found.total["nodes"]
    assert "20 frozen" in str(found)


def test_batches_alone():
    model = Sequential(Linear(3, 4, rng=1), BatchNorm(4), "relu", Dropout(0.5), Linear(4, 2, rng=1))
    before = (model.state_dict(), random.getstate())
    found = model.summary()
    assert rows(found, "name", "output", "buffers", "calls") == [
        ("", (2,), 8, 1), ("steps.0", (4,), 0, 1), ("steps.1", (4,), 8, 1), ("steps.3", (4,), 0, 1),
        ("steps.4", (2,), 0, 1),
    ]  # fmt: skip
    assert (model.state_dict(), random.getstate()) == before
    assert found.total["buffers"] == 8


def test_sequences_and_tokens():
    assert nn.LSTM(2, 3, rng=1).summary().rows[0]["output"] == [(2, 3), [(3,), (3,)]]
    assert Embedding(5, 3, rng=1).summary().total == {
        "parameters": 15, "trainable": 15, "frozen": 0, "buffers": 0, "nodes": 0,
    }  # fmt: skip


def test_functions_that_refer_to_modules():
    first, w = Linear(2, 3, rng=1), Value(2.0)
    found = summary(lambda x: [w * relu(v) for v in first(x)])
    assert rows(found, "name", "kind", "depth", "output", "parameters", "nodes") == [
        ("", "<lambda>", 0, (3,), 10, 9), ("first", "Linear", 1, (3,), 9, 3),
    ]  # fmt: skip
    assert summary(lambda x: w * x, 3.0).total["parameters"] == 1


def test_a_sample_that_cannot_be_guessed_is_asked_for():
    class Plain(Module):
        def __init__(self):
            self.w = {"a": Value(1.0)}

        def forward(self, x):
            return self.w["a"] * x["a"]

    with pytest.raises(ValueError, match=r"sample of 'Plain' looks like cannot be guessed: give one, model.summary"):
        Plain().summary()
    assert Plain().summary({"a": 2.0}).total["nodes"] == 1
    with pytest.raises(ValueError, match=r"give one, nn.summary\(model, sample\)"):
        summary(lambda x: x)
    with pytest.raises(TypeError, match="expected a model"):
        summary(3)


def test_what_a_model_refuses_it_refuses_here():
    with pytest.raises(ValueError, match="MLP expects 2 inputs, got 3"):
        MLP(2, [1]).summary([1.0, 2.0, 3.0])


def test_hooks_of_ones_own_stay_and_no_other():
    model = MLP(2, [3, 1], rng=1)
    seen = []
    handle = model.layers[0].register_forward_hook(lambda module, args, output: seen.append(len(output)))
    model.summary()
    assert seen == [3]
    model([1.0, 2.0])
    assert seen == [3, 3]
    handle.remove()
    assert all("_forward" not in key for m in model.modules() for key in vars(m))


def test_many_layers_fit_a_screen():
    lines = str(MLP(2, [2] * 200, rng=1).summary()).splitlines()
    assert len(lines) == 64
    assert "… 141 more …" in lines[32]


def test_the_page():
    tags = set()

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)

    model = Module()
    setattr(model, "<script>", Linear(2, 1, rng=1))
    page = summary(getattr(model, "<script>"), [1.0, 2.0])._repr_html_()
    Parser().feed(page)
    assert tags == {"table", "thead", "tbody", "tr", "th", "td", "p"}
