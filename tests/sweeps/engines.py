"""Engines that may not be installed: where `CHAINRULE_ENGINES` is set, as in CI, all must be."""

import importlib

import pytest

from autograd._build import is_set

__all__ = ["engine"]


def engine(name):
    """The module of an engine; without it a test is skipped, or fails where it must be there."""
    if is_set("CHAINRULE_ENGINES"):
        return importlib.import_module(name)
    return pytest.importorskip(name, exc_type=ImportError)
