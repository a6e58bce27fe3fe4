"""What is opened in more than one file."""

import pytest

from autograd import draw
from autograd.browser.html import html_of
from tests.folding.networks import moons
from tests.rendering.engines import neuron

__all__ = ["neuron"]


@pytest.fixture(scope="session")
def moons_page():
    """The moons loss, operator by operator: 68,818 nodes."""
    model, loss = moons(by_operator=True)
    loss.backward()
    return model, loss, html_of(draw(loss).document())
