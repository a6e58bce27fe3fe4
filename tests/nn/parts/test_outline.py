"""A module as a tree."""

from autograd import Value
from nn import MLP, Layer, Module, Neuron
from nn.parts.outline import outline


class Block(Module):
    def __init__(self):
        self.scale = Value(1.0)
        self.table = {"a": [Value(2.0), (Value(3.0), Neuron(1, rng=1))]}
        self.layer = Layer(2, 1, rng=1)
        self.again = self.layer
        self.note = "no parameter"
        self.me = self


def test_parts_have_the_paths_and_the_parameters_of_named_parameters():
    for module in (Block(), MLP(3, [4, 2], rng=1), Neuron(2, rng=1)):
        named = module.named_parameters()
        whole, parameters = outline(module)
        assert parameters == [p for _, p in named]
        assert (whole.begin, whole.end, whole.thing) == (0, len(named), module)
        for part in whole.modules():
            mine = {name for name, _ in named[part.begin : part.end]}
            start = f"{part.path}." if part.path else ""
            assert mine == {start + name for name, _ in part.thing.named_parameters()} & {name for name, _ in named}


def test_nearest_looks_through_lists_to_modules_and_keeps_attributes_whole():
    whole, _ = outline(Block())
    assert [(part.path, part.kind) for part in whole.nearest()] == [
        ("scale", "parameter"), ("table.a.1.1", "module"), ("layer", "module"),
    ]  # fmt: skip
    layer = whole.nearest()[2]
    assert [part.path for part in layer.nearest()] == ["layer.neurons.0"]
    assert [part.path for part in layer.nearest()[0].nearest()] == ["layer.neurons.0.w", "layer.neurons.0.b"]


def test_deep_modules_need_no_recursion():
    top = module = Module()
    for _ in range(20_000):
        module.below = [Module()]
        module = module.below[0]
    module.last = Value(1.0)
    whole, parameters = outline(top)
    assert len(whole.modules()) == 20_001
    assert len(parameters) == 1
