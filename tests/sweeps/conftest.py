"""A sweep on workers that are elsewhere, in this process."""

import pytest

from autograd.sweeps import running
from tests.sweeps.elsewhere import Elsewhere, Stepping


@pytest.fixture
def elsewhere(monkeypatch):
    """Gives an executor of a seed and so many workers."""

    def make(seed=0, count=3, forgets=0.0):
        executor = Elsewhere(seed, count, forgets)
        monkeypatch.setattr(running, "SimpleQueue", lambda: Stepping(executor))
        return executor

    return make
