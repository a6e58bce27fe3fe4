"""What cannot be saved, and what does not load: the reason is said, and nothing has changed."""

import math
import os

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Linear, Module, load, notes_of, save
from tests.nn.files.test_save import Halves

pytestmark = pytest.mark.any_build


class Refusing(Module):
    """One whose state does not load."""

    def __init__(self):
        self.x = Value(1.0)

    def load_state_dict(self, state):
        raise ValueError("not today")


def test_what_the_model_refuses_is_passed_on_and_nothing_is_kept(tmp_path):
    model = Refusing()
    save(model, tmp_path / "x", labels=["a"])
    with pytest.raises(ValueError, match="not today"):
        load(tmp_path / "x", model)
    assert not hasattr(model, "labels")


class Plain:
    """No Module, but it has a state."""

    def __init__(self, x):
        self.x = x

    def state_dict(self):
        return {"x": self.x}

    def load_state_dict(self, state):
        self.x = state["x"]


def test_what_has_a_state_is_a_model(tmp_path):
    save(Plain(0.5), tmp_path / "x")
    assert load(tmp_path / "x", Plain(0.0)).x == 0.5


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("path.json", "expected a model, got str 'path.json': give a Module, or what has state_dict"),
        (MLP, r"expected a model, got type <class 'nn.layers.dense.MLP'>: give an object of it"),
        (lambda x: x, "expected a model, got function"),
        (Plain(np.zeros(2)), "the state of a Plain is of floats under names, but 'x' is a ndarray; weights of PyTorch"),
    ],
)
def test_what_is_no_model(tmp_path, model, said):
    save(Plain(0.5), tmp_path / "x")
    with pytest.raises(TypeError, match=rf"^save\(model, path\): {said}"):
        save(model, tmp_path / "y")
    with pytest.raises(TypeError, match=rf"^load\(path, model\): {said}"):
        load(tmp_path / "x", model)
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"labels": [b"a"]}, TypeError, r"save: labels\[0\]: b'a' is a bytes: files hold"),
        ({"labels": {1: 2}}, TypeError, "save: labels: a key is 1, a int; keys in files are text"),
        ({"labels": {"__class__": 2}}, ValueError, "save: labels: files use the key '__class__' themselves"),
        ({"preprocessing": math.sin}, TypeError, "save: preprocessing: <built-in function sin> is a builtin_function"),
        ({"preprocessing": Halves({1})}, TypeError, r"save: preprocessing.to_dict\(\)\['by'\]: \{1\} is a set"),
        ({"rng": object}, TypeError, r"save: extras\['rng'\]: <class 'object'> is a type"),
    ],
)
def test_what_cannot_be_kept(tmp_path, options, error, said):
    with pytest.raises(error, match=f"^{said}"):
        save(Linear(1, 1), tmp_path / "x", **options)
    assert os.listdir(tmp_path) == []


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "x", Linear(1, 1))
    with pytest.raises(FileNotFoundError):
        notes_of(tmp_path / "x")
    with pytest.raises(OSError, match="is no file"):
        load(tmp_path, Linear(1, 1))
    with pytest.raises(FileNotFoundError):
        save(Linear(1, 1), tmp_path / "x" / "y")
