"""Modules in modules: children, paths, and the order of `apply`, beside torch's."""

import pytest

import nn
from autograd import Value
from nn import MLP, Linear, Module, Sequential


class Mixed(Module):
    """Modules in every kind of container, one of them twice, and one that refers back."""

    def __init__(self):
        self.first = Linear(2, 3, rng=1)
        self.number = Value(1.0)
        self.blocks = [Linear(3, 3, rng=2), {"gate": (Linear(3, 1, rng=3), self.first)}]
        self.again = self.blocks[0]
        self.inner = Sequential(Linear(3, 2, rng=4), self.first)
        self.inner.parent = self


def test_children_are_the_nearest_modules_each_once():
    model = Mixed()
    blocks = model.blocks
    expected = [
        ("first", model.first),
        ("blocks.0", blocks[0]),
        ("blocks.1.gate.0", blocks[1]["gate"][0]),
        ("inner", model.inner),
    ]
    assert [name for name, _ in model.named_children()] == [name for name, _ in expected]
    assert all(a is b for (_, a), (_, b) in zip(model.named_children(), expected, strict=True))
    assert all(a is b for a, (_, b) in zip(model.children(), expected, strict=True))
    assert Module().children() == []


def at(thing, path):
    """What a path leads to."""
    for name in path.split(".") if path else ():
        if isinstance(thing, Module):
            thing = vars(thing)[name]
        else:
            thing = thing[name] if isinstance(thing, dict) else thing[int(name)]
    return thing


@pytest.mark.parametrize("make", [Mixed, lambda: MLP(2, [3, 2], rng=1), Module])
def test_named_modules_are_modules_under_the_paths_that_lead_there(make):
    model = make()
    named = model.named_modules()
    assert list(map(id, model.modules())) == [id(x) for _, x in named]
    assert named[0] == ("", model)
    assert all(at(model, path) is module for path, module in named)


def test_a_child_that_another_holds_too_is_a_child_of_both():
    model = Module()
    model.b = Module()
    model.b.a = model.a = Module()
    assert [name for name, _ in model.named_children()] == ["b", "a"]
    assert [name for name, _ in model.named_modules()] == ["", "b", "b.a"]


def test_names_children_and_apply_as_torch():
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Module()
    theirs.first = torch.nn.Linear(2, 2)
    theirs.body = torch.nn.Module()
    theirs.body.inner, theirs.body.last = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    ours = Module()
    ours.first, ours.body = Module(), Module()
    ours.body.inner, ours.body.last = Module(), Module()
    for name in ("named_modules", "named_children"):
        assert [key for key, _ in getattr(ours, name)()] == [key for key, _ in getattr(theirs, name)()]
    orders = []
    for model in (ours, theirs):
        names, order = {module: name for name, module in model.named_modules()}, []
        assert model.apply(lambda module, names=names, order=order: order.append(names[module])) is model
        orders.append(order)
    assert orders[0] == orders[1]


def test_apply_calls_each_once_and_sets_what_it_is_to():
    model = Mixed()
    seen = []
    model.apply(lambda module: seen.append(id(module)))
    assert sorted(seen) == sorted({id(x) for x in model.modules()})
    assert seen[-1] == id(model)

    def to_zero(module):
        if isinstance(module, nn.Neuron):
            module.b.data = 7.0

    assert all(
        neuron.b.data == 7.0 for neuron in MLP(2, [3, 1]).apply(to_zero).modules() if isinstance(neuron, nn.Neuron)
    )
    with pytest.raises(TypeError, match="expected a function of a module, got str"):
        model.apply("reset")


def test_deep_modules():
    model = inner = Module()
    for _ in range(3000):
        inner.next = Module()
        inner = inner.next
    assert len(model.named_modules()) == 3001
    seen = []
    model.apply(seen.append)
    assert seen[0] is inner
