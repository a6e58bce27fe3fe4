"""Names that others have are answered with what to write, and what is written there is there."""

import importlib
import re
import subprocess
import sys

import pytest

import autograd
import nn
from nn._elsewhere import ANSWERS, answer_for

OURS = re.compile(r"\bnn\.((?:init\.|metrics\.|models\.)?[A-Za-z_]\w*)")


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_every_answer_names_what_there_is(name):
    with pytest.raises(AttributeError) as caught:
        getattr(nn, name)
    text = str(caught.value)
    assert text.startswith(f"nn has no {name!r}: ")
    assert len(text) < 130
    assert text.count(". ") == 0
    found = nn
    for named in OURS.findall(text):
        found = nn
        for part in named.split("."):
            found = vars(found)[part]  # getattr would be answered
    steps = re.match(r'^"(\w+)" is a step', ANSWERS[name])
    assert found is not nn or "autograd" in text or (steps and steps[1] in nn.ACTIVATIONS) or "a step of" in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ReLU", '"relu" is a step of nn.Sequential'), ("CrossEntropyLoss", "nn.cross_entropy(scores, labels)"),
        ("optim", "nn.SGD and nn.Adam"), ("DataLoader", "nn.Batches cuts it"), ("Optimizer", "it is nn.Optimiser"),
        ("Leyer", "did you mean nn.Layer?"), ("crossentropy", "did you mean nn.cross_entropy?"),
        ("batch_norm", "did you mean nn.BatchNorm?"), ("StandardScalar", "it is nn.Standardiser"),
        ("relu_", "did you mean nn.relu?"),
    ],
)  # fmt: skip
def test_answers(name, told):
    with pytest.raises(AttributeError, match=re.escape(told)):
        getattr(nn, name)


def test_what_nobody_has_is_refused_as_python_does():
    for name in ("qqqqqqq", "__wrapped__"):
        with pytest.raises(AttributeError, match=f"^module 'nn' has no attribute '{name}'$"):
            getattr(nn, name)
    assert not hasattr(nn, "ReLU")
    assert getattr(nn, "ReLU", None) is None


def test_imports_are_answered():
    for code in ("from nn import DataLoader", "import nn.DataLoader", "from nn.DataLoader import x"):
        with pytest.raises(ModuleNotFoundError, match=r"nn has no 'DataLoader': nn\.fit takes"):
            exec(code, {})
    with pytest.raises(ModuleNotFoundError, match=r"nn has no 'Leyer': did you mean nn\.Layer\?"):
        exec("from nn import Leyer", {})
    with pytest.raises(ImportError, match="cannot import name 'qqqqqqq'"):
        exec("from nn import qqqqqqq", {})
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'nn\.qqqqqqq'"):
        importlib.import_module("nn.qqqqqqq")
    assert importlib.util.find_spec("nn.losses") is not None


def test_functions_and_names_that_are_simply_there():
    for name in ("relu", "tanh", "sigmoid", "softplus"):
        assert getattr(nn, name) is getattr(autograd, name)
    assert nn.clip_grad_norm_ is nn.clip_grad_norm
    assert nn.clip_grad_value_ is nn.clip_grad_value
    assert not set(ANSWERS) & set(nn.__all__)
    assert answer_for("ReLU") == answer_for("ReLU", nn.__all__)


def test_in_a_new_interpreter():
    done = subprocess.run([sys.executable, "-c", "from nn import optim"], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: nn has no 'optim': optimisers stand in nn itself, as nn.SGD and nn.Adam"
    )
