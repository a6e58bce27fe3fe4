"""Tests of what is built are left out where there is no C compiler."""

import pytest

from autograd.building import replay
from autograd.building.compilers import NotBuilt, compiler

try:
    compiler()
except NotBuilt as why:  # pragma: no cover
    pytest.skip(str(why), allow_module_level=True)


@pytest.fixture(autouse=True)
def nothing_said_before(monkeypatch):
    """Each test hears why something was not built, as if it were the first."""
    monkeypatch.setattr(replay, "_said", set())
