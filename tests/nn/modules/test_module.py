"""Modules: what counts as a parameter, its name, and states that load wholly or not at all."""

import copy
import json
import pickle

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Module, Neuron


class Nested(Module):
    def __init__(self):
        self.scale = Value(1.0)
        self.blocks = [Neuron(2, rng=1), (Neuron(1, rng=2), {"gate": Value(5.0), "bias": [Value(6.0)]})]
        self.constant = Value(3.0).detach()
        self.output = self.scale * 2.0
        self.name = "nested"
        self.rate = 0.5
        self.last = Value(7.0)


def test_parameters_are_found_in_definition_order_however_nested():
    names = [name for name, _ in Nested().named_parameters()]
    assert names == [
        "scale", "blocks.0.w.0", "blocks.0.w.1", "blocks.0.b", "blocks.1.0.w.0", "blocks.1.0.b",
        "blocks.1.1.gate", "blocks.1.1.bias.0", "last",
    ]  # fmt: skip


def test_constants_and_computed_values_are_not_parameters():
    nested = Nested()
    found = {id(p) for p in nested.parameters()}
    assert id(nested.constant) not in found
    assert id(nested.output) not in found


def test_a_shared_value_is_listed_once_under_its_first_name():
    a, b = Neuron(2, rng=1), Neuron(2, rng=2)
    b.w[0] = a.w[1]
    pair = Module()
    pair.first, pair.second = a, b
    assert [name for name, _ in pair.named_parameters()] == [
        "first.w.0",
        "first.w.1",
        "first.b",
        "second.w.1",
        "second.b",
    ]
    pair.again = a
    assert len(pair.parameters()) == 5


def test_mlp_names_and_count():
    names = [name for name, _ in MLP(3, [4, 4, 1]).named_parameters()]
    assert len(names) == 41
    assert names[0] == "layers.0.neurons.0.w.0"
    assert "layers.0.neurons.3.w.1" in names
    assert names[-1] == "layers.2.neurons.0.b"


def test_an_array_of_values_holds_parameters():
    m = Module()
    m.w = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    m.pixels = np.zeros(3)
    assert [(name, p.data) for name, p in m.named_parameters()] == [
        ("w.0.0", 1.0),
        ("w.0.1", 2.0),
        ("w.1.0", 3.0),
        ("w.1.1", 4.0),
    ]


def test_modules_that_refer_in_a_circle_and_deep_ones():
    parent, child = Module(), Module()
    parent.child, child.parent = child, parent
    child.p = Value(1.0)
    assert [name for name, _ in parent.named_parameters()] == ["child.p"]
    top = deep = Module()
    for _ in range(5_000):
        deep.inner = Module()
        deep = deep.inner
    deep.p = Value(2.0)
    assert len(top.parameters()) == 1


def test_a_module_without_parameters():
    assert Module().parameters() == []
    assert Module().state_dict() == {}


def test_zero_grad():
    model = MLP(2, [3, 1], rng=1)
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0.0 for p in model.parameters())


def test_two_parameters_of_one_name_are_refused():
    m = Module()
    m.d = {"a.b": Value(1.0), "a": {"b": Value(2.0)}}
    assert len(m.parameters()) == 2
    with pytest.raises(ValueError, match=r"two parameters are named 'd\.a\.b'"):
        m.state_dict()


def test_state_survives_json_and_makes_models_equal():
    a, b = MLP(2, [3, 1], rng=1), MLP(2, [3, 1], rng=2)
    b.load_state_dict(json.loads(json.dumps(a.state_dict())))
    assert a([0.3, 0.4]).data == b([0.3, 0.4]).data
    assert all(type(x) is float for x in a.state_dict().values())


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda s: s.pop("w.0"), ValueError, r"missing w\.0: the state is of a module of another shape"),
        (lambda s: s.update({"w.2": 1.0}), ValueError, r"unknown w\.2"),
        (lambda s: (s.pop("b"), s.update({"bias": 1.0})), ValueError, r"missing b; unknown bias"),
        (
            lambda s: s.update({"b": [1.0, 2.0]}),
            TypeError,
            r"b is wrongly sized: one number belongs there, got \[1\.0, 2\.0\]",
        ),
        (lambda s: s.update({"b": "1.0"}), TypeError, r"b is not a number: .*str '1\.0'"),
        (lambda s: s.update({"b": None}), TypeError, r"b is not a number: .*None"),
        (lambda s: s.update({"b": 1j}), TypeError, r"b is not a number: .*complex"),
        (lambda s: s.update({"b": np.zeros(2)}), TypeError, r"b is not a number: .*array of 2 elements"),
        (lambda s: s.update({"b": Value(1.0)}), TypeError, r"b is not a number: .*\.data"),
    ],
)
def test_a_wrong_state_is_refused_and_nothing_is_loaded(change, error, message):
    neuron = Neuron(2, rng=1)
    before = neuron.state_dict()
    state = dict.fromkeys(before, 9.0)
    change(state)
    with pytest.raises(error, match=message):
        neuron.load_state_dict(state)
    assert neuron.state_dict() == before


def test_many_missing_entries_are_summed_up_and_a_list_is_no_state():
    with pytest.raises(ValueError, match=r"missing layers\.0\.neurons\.0\.w\.0, .* and 8 more"):
        MLP(2, [3, 1]).load_state_dict({})
    with pytest.raises(TypeError, match="expected a dict of names to numbers, got list"):
        Neuron(1).load_state_dict([1.0, 2.0])


def test_numbers_of_other_types_load():
    neuron = Neuron(2)
    neuron.load_state_dict({"w.0": 1, "w.1": np.float32(0.5), "b": np.array(2.0)})
    assert neuron.state_dict() == {"w.0": 1.0, "w.1": 0.5, "b": 2.0}


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_are_independent_and_can_be_trained(duplicate):
    model = MLP(2, [3, 1], "tanh", rng=1)
    twin = duplicate(model)
    assert twin([0.1, 0.2]).data == model([0.1, 0.2]).data
    twin([0.1, 0.2]).backward()
    assert all(p.grad == 0.0 for p in model.parameters())
    assert any(p.grad != 0.0 for p in twin.parameters())


def test_requires_grad_is_set_for_all_parameters():
    model = MLP(2, [3, 1], rng=1)
    assert model.requires_grad
    model.layers[0].requires_grad = False
    assert [p.requires_grad for p in model.parameters()] == [False] * 9 + [True] * 4
    assert (model.requires_grad, model.layers[0].requires_grad) == (True, False)
    model([1.0, 2.0]).backward()
    assert all(p.grad == 0.0 for p in model.layers[0].parameters())
    model.requires_grad = False
    assert all(p.is_frozen for p in model.parameters())
    model.requires_grad = True
    assert not any(p.is_frozen for p in model.parameters())
    for module in (model, Module()):
        with pytest.raises(TypeError, match="requires_grad is True or False, got int"):
            module.requires_grad = 0
    assert "requires_grad" not in vars(model)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *[(name, "requires_grad") for name in ("trainable", "frozen", "is_frozen", "requires_gard", "require_grad")],
        *[(name, "eval") for name in ("trainng", "is_training", "trianing")],
    ],
)
def test_a_misspelt_name_is_refused_not_ignored(name, meant):
    model = MLP(2, [1], rng=1)
    for module in (model, model.layers[0], Nested()):
        with pytest.raises(AttributeError, match=f"a module has no {name}, setting it would do nothing: .*{meant}"):
            setattr(module, name, False)
        assert not hasattr(module, name)
        assert name not in dir(module)


def test_attributes_of_ones_own_stay_free_and_a_class_may_have_any():
    class Own(Module):
        trainable = True

    own = Own()
    own.trainable, own.hidden, own.names, own.m, own.grad = False, [1], ["a"], 0.5, 1.0
    assert (own.trainable, own.names) == (False, ["a"])
    assert "trainable" in vars(own)


def test_registered_buffers():
    class Running(Module):
        def __init__(self):
            self.w = Value(1.0)
            self.register_buffer("mean", 0.5)
            self.register_buffer("table", np.array([[1.0, 2.0], [3.0, 4.0]]))
            self.register_buffer("nothing", None)

    model = Running()
    assert model.parameters() == [model.w]
    assert [(name, b.data) for name, b in model.named_buffers()] == [
        ("mean", 0.5), ("table.0.0", 1.0), ("table.0.1", 2.0), ("table.1.0", 3.0), ("table.1.1", 4.0),
    ]  # fmt: skip
    assert model.nothing is None
    other = Running()
    other.load_state_dict(model.state_dict() | {"mean": 9.0})
    assert other.mean.data == 9.0
    twin = copy.deepcopy(model)
    twin.mean.data = 2.0
    assert (model.mean.data, len(twin.buffers())) == (0.5, 5)


@pytest.mark.parametrize(
    ("name", "numbers", "error", "message"),
    [
        ("mean.all", 1.0, ValueError, "'mean.all' is no name of an attribute"),
        (3, 1.0, TypeError, "expected a name, got int 3"),
        ("b", 1.0, ValueError, "there is an attribute 'b' already"),
        ("parameters", 1.0, ValueError, "there is an attribute 'parameters' already"),
        ("mean", "many", TypeError, "real number"),
        ("mean", [1.0, None], TypeError, "real number"),
    ],
)
def test_buffers_that_are_refused(name, numbers, error, message):
    neuron = Neuron(2, rng=1)
    before = dict(vars(neuron))
    with pytest.raises(error, match=message):
        neuron.register_buffer(name, numbers)
    assert vars(neuron) == before
