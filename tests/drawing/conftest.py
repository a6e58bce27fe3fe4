"""What is drawn in more than one file."""

import pytest

from autograd import Value
from autograd.drawing import rendering as rendering_module


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


@pytest.fixture
def no_engine(monkeypatch):
    """A machine on which nothing can draw."""
    monkeypatch.setattr(rendering_module, "engines", lambda: iter([rendering_module.Engine("dot", "")]))
