"""What is drawn in more than one file, and the engines that draw."""

import shutil

import pytest

from autograd import Value
from autograd.rendering import rendering as rendering_module


@pytest.fixture
def neuron():
    """tanh(x1*w1 + x2*w2 + b), as in micrograd's notebook."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    o.backward()
    return o


@pytest.fixture(params=["graphviz-pure", "dot"])
def engine(request, monkeypatch):
    """Each engine by itself, where it is installed."""
    path = next(rendering_module.pure_paths(), None) if request.param == "graphviz-pure" else shutil.which("dot")
    if path is None:
        pytest.skip(f"{request.param} is not installed here")
    one = rendering_module.Engine(request.param, path)
    monkeypatch.setattr(rendering_module, "engines", lambda: iter([one]))
    return request.param


@pytest.fixture
def no_engine(monkeypatch):
    """A machine on which nothing can draw."""
    monkeypatch.setattr(rendering_module, "engines", lambda: iter([rendering_module.Engine("dot", "")]))
