"""Examples in docstrings and in the README, run as they stand."""

import doctest
import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import autograd
import nn

README = Path(__file__).parents[2] / "README.md"
MODULES = [
    module.name
    for package in (autograd, nn)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.rpartition(".")[2].startswith("_")
]
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize(
    "name", ["autograd", "nn", "autograd.values._methods", "autograd.values._functions", *sorted(MODULES)]
)
def test_docstrings(name):
    module = importlib.import_module(name)
    names = {name: getattr(autograd, name) for name in autograd.__all__}  # a compiled module hides what it imports
    found = doctest.testmod(module, extraglobs=names, optionflags=OPTIONS, verbose=False)
    assert found.failed == 0


def test_the_engines_docstrings_are_found_in_both_builds():
    names = {test.name for test in doctest.DocTestFinder().find(sys.modules["autograd"]) if test.examples}
    assert any("Value.item" in name for name in names), names


def test_readme():
    found = doctest.testfile(str(README), module_relative=False, optionflags=OPTIONS)
    assert found.attempted > 10
    assert found.failed == 0
