"""Engines that may not be installed: where `CHAINRULE_ENGINES` is set, as in CI, all must be."""

import importlib

import pytest

from autograd._build import is_set

__all__ = ["engine", "missing"]


def missing(name):
    """Skip, or fail where it must be there."""
    if is_set("CHAINRULE_ENGINES"):
        pytest.fail(f"CHAINRULE_ENGINES is set, and there is no {name}")
    pytest.skip(f"not installed: {name}")


def engine(name):
    """The module of an engine; without it a test is skipped, or fails where it must be there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return missing(name)
