"""A model in a file and back: the same numbers, what was kept with it, or a reason and nothing changed."""

import dataclasses
import json
import math
import os
import re

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import (
    MLP,
    Chain,
    LabelEncoder,
    Layer,
    Linear,
    MinMax,
    Module,
    Neuron,
    OneHot,
    Standardiser,
    Vocabulary,
    load,
    notes_of,
    save,
)  # fmt: skip
from nn.files.load import keepable
from nn.files.payload import read_payload, write_payload
from nn.layers.attention import CausalSelfAttention
from nn.layers.dropout import Dropout
from nn.layers.embedding import Embedding
from nn.layers.norm import BatchNorm, LayerNorm, RMSNorm
from nn.layers.recurrent import LSTM, GRUCell
from nn.layers.sequential import Sequential

SUFFIXES = [".safetensors", ".json"]


class Own(Module):
    """A model of one's own, of all that a module can hold."""

    def __init__(self, rng):
        self.first = Linear(2, 3, rng=rng)
        self.blocks = [Neuron(2, rng=rng), {"gate": Value(5.0), "rest": (Value(6.0), [Value(7.0)])}]
        self.table = np.array([[Value(1.0), Value(2.0)]])
        self.again = self.blocks[0]
        self.constant = Value(3.0).detach()
        self.sizes = [2, 3]

    def __call__(self, x):
        return autograd.sum(self.first(x)) + self.blocks[1]["gate"]


@pytest.mark.parametrize("suffix", [*SUFFIXES, ""])
@pytest.mark.parametrize("make", [lambda rng: MLP(2, [3, 1], "tanh", rng=rng), Own, lambda rng: Neuron(2, rng=rng)])
def test_a_model_comes_back_to_the_bit(tmp_path, suffix, make):
    model, twin = make(1), make(2)
    strange = [math.nan, math.inf, -0.0, 5e-324, 0.1]
    for p, x in zip(model.parameters(), strange, strict=False):
        p.data = x
    save(model, tmp_path / f"x{suffix}")
    assert load(tmp_path / f"x{suffix}", twin) is twin
    assert list(map(repr, twin.state_dict().values())) == list(map(repr, model.state_dict().values()))


def test_what_is_in_the_file(tmp_path):
    model = MLP(2, [3, 1], rng=1)
    save(model, tmp_path / "x.json", epochs=3, sizes=(2, 3))
    found = json.loads((tmp_path / "x.json").read_text())
    assert found["version"] == autograd.__version__
    assert found["architecture"] == repr(model)
    assert found["arrays"]["layers.1.weight"]["numbers"] == [[w.data for w in model.layers[1].neurons[0].w]]
    assert found["extras"] == {"epochs": 3, "sizes": [2, 3]}
    assert re.fullmatch("[0-9a-f]{64}", found["sha256"])
    notes = notes_of(tmp_path / "x.json")
    assert notes == {
        "architecture": repr(model), "version": autograd.__version__, "labels": None, "preprocessing": None,
        "extras": {"epochs": 3, "sizes": [2, 3]},
        "shapes": {"layers.0.weight": (3, 2), "layers.0.bias": (3,), "layers.1.weight": (1, 3), "layers.1.bias": (1,)},
    }  # fmt: skip


def test_a_model_is_built_from_its_notes(tmp_path):
    save(MLP(2, [3, 1], "tanh", rng=1), tmp_path / "x", of=[2, [3, 1], "tanh"])
    nin, nouts, activation = notes_of(tmp_path / "x")["extras"]["of"]
    load(tmp_path / "x", MLP(nin, nouts, activation))


class Halves:
    """Preprocessing of one's own."""

    def __init__(self, by):
        self.by = by

    def to_dict(self):
        return {"by": self.by}

    @classmethod
    def from_dict(cls, data):
        return cls(data["by"])


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("labels", [["a", "b"], [False, True], [0, 1], [0.0, 1.0], [-1, 1], ("x", 1, None)])
def test_labels_are_kept_as_what_they_are(tmp_path, suffix, labels):
    model, twin = Layer(2, 1, rng=1), Layer(2, 1, rng=2)
    model.labels = labels
    save(model, tmp_path / f"x{suffix}")
    load(tmp_path / f"x{suffix}", twin)
    assert repr(twin.labels) == repr(list(labels))
    assert [name for name, _ in twin.named_parameters()] == ["neurons.0.w.0", "neurons.0.w.1", "neurons.0.b"]
    save(model, tmp_path / "y", labels=["given"])
    assert load(tmp_path / "y", twin).labels == ["given"]


def test_what_the_file_does_not_have_is_not_there_afterwards(tmp_path):
    model = Layer(2, 1, rng=1)
    save(model, tmp_path / "x")
    model.labels, model.preprocessing = ["of", "another"], {"by": 3}
    load(tmp_path / "x", model)
    assert not hasattr(model, "labels")
    assert not hasattr(model, "preprocessing")


def test_preprocessing_of_ones_own_needs_one_of_its_class(tmp_path):
    model, twin = Layer(2, 1, rng=1), Layer(2, 1, rng=2)
    save(model, tmp_path / "x", preprocessing={"inputs": [Halves(3.0)], "more": 1})
    before = twin.state_dict()
    with pytest.raises(ValueError, match=r"x: its preprocessing is of a class 'Halves'.*: give the model one of that"):
        load(tmp_path / "x", twin)
    assert twin.state_dict() == before
    twin.preprocessing = [Halves(0.0)]
    load(tmp_path / "x", twin)
    assert twin.preprocessing["inputs"][0].by == 3.0
    assert twin.preprocessing["more"] == 1


SAMPLES = [[1.0, 5.0], [3.0, 5.0], [4.0, 6.5]]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "made",
    [
        Standardiser().fit(SAMPLES),
        MinMax().fit(SAMPLES),
        OneHot().fit(["red", "blue"]),
        LabelEncoder().fit(["cat", "dog"]),
        Chain(OneHot(columns=[1]), Standardiser()).fit([[1.0, "a"], [3.0, "b"]]),
        Vocabulary("ab"),
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_nn_data_makes_is_kept_with_a_model(tmp_path, suffix, made):
    model = Layer(2, 1, rng=1)
    model.preprocessing = made
    save(model, tmp_path / f"x{suffix}")
    found = load(tmp_path / f"x{suffix}", Layer(2, 1)).preprocessing
    assert type(found) is type(made)
    assert found.to_dict() == made.to_dict()
    save(model, tmp_path / f"x{suffix}", preprocessing={"x": [made, Standardiser().fit(SAMPLES)]})
    assert load(tmp_path / f"x{suffix}", model).preprocessing["x"][1].transform([[3.0, 5.0]]) == pytest.approx(
        np.array(Standardiser().fit(SAMPLES).transform([[3.0, 5.0]]))
    )


def test_a_transform_that_learnt_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"Standardiser\.to_dict: nothing was learnt yet"):
        save(Layer(2, 1), tmp_path / "x", preprocessing=Standardiser())
    assert os.listdir(tmp_path) == []


def test_a_class_that_was_made_known(tmp_path, monkeypatch):
    monkeypatch.setattr("nn.files.load.CLASSES", {})
    keepable(Halves)
    save(Layer(2, 1), tmp_path / "x", labels=Halves(3.0))
    assert load(tmp_path / "x", Layer(2, 1)).labels.by == 3.0


@pytest.mark.parametrize("kind", ["numpy", "pandas", "polars"])
def test_labels_in_a_column(tmp_path, kind):
    module = pytest.importorskip(kind)
    for labels in (["a", "b"], [0, 1], [True, False]):
        column = module.array(labels, dtype=object) if kind == "numpy" else module.Series(labels)
        save(Layer(2, 1), tmp_path / "x", labels=column)
        assert repr(load(tmp_path / "x", Layer(2, 1)).labels) == repr(labels)


def test_running_numbers_and_frozen_parameters(tmp_path):
    def made(rng):
        return Sequential(Linear(2, 3, rng=rng).freeze(), BatchNorm(3), "relu", Dropout(0.5), Linear(3, 1, rng=rng))

    model, twin = made(1), made(2)
    model([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]])
    save(model.eval(), tmp_path / "x")
    assert notes_of(tmp_path / "x")["shapes"]["steps.1.running_mean"] == (3,)
    load(tmp_path / "x", twin)
    assert twin.training
    assert [x.data for x in twin.buffers()] == [x.data for x in model.buffers()] != [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert [p.is_frozen for p in twin.parameters()] == [p.is_frozen for p in model.parameters()]
    assert twin.eval()([1.0, 2.0])[0].data == model([1.0, 2.0])[0].data


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: Embedding(5, 2, rng=rng), lambda rng: LSTM(2, 3, rng=rng), lambda rng: GRUCell(2, 3, rng=rng),
        lambda rng: CausalSelfAttention(4, 2, rng=rng), lambda rng: Linear(3, 2, bias=False, rng=rng),
        lambda rng: Sequential(LayerNorm(2), RMSNorm(2), MLP(2, [2], rng=rng)),
    ],
)  # fmt: skip
def test_every_layer(tmp_path, make):
    model, twin = make(1), make(2)
    save(model, tmp_path / "x")
    assert load(tmp_path / "x", twin).state_dict() == model.state_dict()
    assert len(notes_of(tmp_path / "x")["shapes"]) < 10  # matrices, no numbers one by one


def test_preprocessing_whose_data_are_of_something_else(tmp_path):
    model = Layer(2, 1, rng=1)
    model.preprocessing = Halves(1.0)
    payload_of(model, tmp_path / "x", preprocessing={"__class__": "Halves", "data": {"times": 3}})
    before = model.state_dict()
    with pytest.raises(ValueError, match="x: its preprocessing is no data of a Halves: 'by'"):
        load(tmp_path / "x", model)
    assert (model.state_dict(), model.preprocessing.by) == (before, 1.0)


def test_parts_of_a_model_that_are_called_so_are_parts(tmp_path):
    class Net(Module):
        def __init__(self, rng):
            self.preprocessing = Linear(2, 2, rng=rng)
            self.labels = [Value(0.5)]

    model, twin = Net(1), Net(2)
    save(model, tmp_path / "x")
    load(tmp_path / "x", twin)
    assert twin.state_dict() == model.state_dict()


def payload_of(model, path, **changed):
    """A sound file that differs from what `save` writes."""
    save(model, path)
    arrays, about = read_payload(path)
    for key, thing in changed.items():
        (arrays if key in arrays or isinstance(thing, np.ndarray) else about)[key] = thing
    write_payload(path, arrays, about)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: MLP(2, [4, 1]), "is of another model: layers.0.weight is of shape (3, 2), here (4, 2); layers.0.bias"),
        (lambda: MLP(2, [3]), "is of another model: this one lacks 'layers.1.weight', 'layers.1.bias'"),
        (lambda: MLP(2, [3, 1, 1]), "is of another model: layers.1.weight is of"),
        (lambda: Linear(2, 1), "is of another model: it lacks 'weight', 'bias'; this one lacks 'layers.0.weight'"),
        (lambda: MLP(2, [3, 1], "tanh"), "is of another architecture: MLP of [Layer of [ReLUNeuron(2), "),
    ],
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_model_of_another_shape_or_activation(tmp_path, suffix, make, said):
    path, model = tmp_path / f"x{suffix}", make()
    if said.startswith("is of another model: layers.1.weight"):
        said = "is of another model: it lacks 'layers.2.weight', 'layers.2.bias'"
    save(MLP(2, [3, 1], rng=1), path)
    before = model.state_dict()
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path} {said}')}"):
        load(path, model)
    assert model.state_dict() == before


def test_another_activation_is_taken_if_asked(tmp_path):
    model, twin = MLP(2, [3, 1], "relu", rng=1), MLP(2, [3, 1], "tanh", rng=2)
    save(model, tmp_path / "x")
    with pytest.raises(
        ValueError, match=r"here MLP of \[Layer of \[TanhNeuron\(2\), .*; with strict=False its numbers"
    ):
        load(tmp_path / "x", twin)
    assert load(tmp_path / "x", twin, strict=False).state_dict() == model.state_dict()


def test_numbers_that_would_come_to_other_places(tmp_path):
    model, twin = Module(), Module()
    shared, x, y = Value(1.0), Value(2.0), Value(3.0)
    model.a, model.w = shared, [x, shared, y]
    twin.a, twin.w = shared, [shared, x, y]
    save(model, tmp_path / "x")
    with pytest.raises(ValueError, match="x is of another model: its parameters have other names"):
        load(tmp_path / "x", twin)


def test_the_repr_of_a_module_may_show_numbers_or_an_address(tmp_path):
    @dataclasses.dataclass(eq=False)
    class Line(Module):
        slope: Value

    @dataclasses.dataclass(eq=False)
    class Other(Module):
        slope: Value
        part: object

    class Failing(Module):
        def __init__(self):
            self.x = Value(1.0)

        def __repr__(self):
            raise RuntimeError("no repr")

    for model, twin in (
        (Line(Value(1.0)), Line(Value(2.0))),
        (Other(Value(1.0), object()), Other(Value(2.0), object())),
        (Failing(), Failing()),
    ):
        model.parameters()[0].data = 7.0
        save(model, tmp_path / "x")
        assert load(tmp_path / "x", twin).parameters()[0].data == 7.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"holds": "a checkpoint"}, "x holds no model, but 'a checkpoint': save writes one"),
        ({"holds": None}, "x holds no model, but None"),
        ({"architecture": 3}, "x holds no model, but 'model'"),
        ({"extras": []}, "x holds no model"),
        ({"more": 1}, "x holds no model"),
        ({"weight": np.zeros((1, 2), dtype=np.float32)}, "x is of another model: weight is of float32, where doubles"),
        ({"weight": np.zeros((1, 2), dtype=np.int64)}, "x is of another model: weight is of int64, where doubles"),
        ({"weight": np.zeros(2)}, r"x is of another model: weight is of shape \(2,\), here \(1, 2\)"),
        ({"stranger": np.zeros(2)}, "x is of another model: this one lacks 'stranger'"),
        ({"labels": {"__class__": []}}, "x: its labels is of a class"),
        ({"labels": {"__class__": "Halves"}}, "x: its labels is of a class 'Halves'"),
        ({"labels": {"__class__": "system", "data": "true"}}, "x: its labels is of a class 'system'"),
    ],
)
def test_sound_files_of_something_else(tmp_path, changed, said):
    model = Linear(2, 1, rng=1)
    payload_of(model, tmp_path / "x", **changed)
    before = model.state_dict()
    with pytest.raises(ValueError, match=said):
        load(tmp_path / "x", model)
    assert model.state_dict() == before
