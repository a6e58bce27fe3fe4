"""Examples in docstrings and in the README, run as they stand; every public name has some."""

import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path
from shutil import which

import pytest

import autograd
import nn
from autograd import Value
from autograd.building.compilers import CANDIDATES


def is_c(module):
    """Whether the file has no interpreted twin."""
    return Path(module.module_finder.path, f"{module.name.rpartition('.')[2]}.pyx").exists()


README = Path(__file__).parents[2] / "README.md"
MODULES = [
    module.name
    for package in (autograd, nn)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.rpartition(".")[2].startswith("_") and (autograd.native or not is_c(module))
]
if not any(map(which, CANDIDATES)):  # examples that want one run over lanes instead, and say so
    pytestmark = pytest.mark.filterwarnings("ignore:.*it is run over lanes instead:RuntimeWarning")
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize(
    "name", ["autograd", "nn", "autograd.values._methods", "autograd.values._functions", *sorted(MODULES)]
)
def test_docstrings(name):
    module = importlib.import_module(name)
    hidden = [name for name in autograd.__all__ if not hasattr(module, name)]  # a compiled module hides what it imports
    names = {name: getattr(autograd, name) for name in hidden}
    found = doctest.testmod(module, extraglobs=names, optionflags=OPTIONS, verbose=False)
    assert found.failed == 0


def test_docstrings_of_value():
    """It says that it is of `autograd`: its methods are found there compiled, and in their own file interpreted."""
    home = autograd if autograd.native else importlib.import_module("autograd.values.value")
    names = {name: getattr(autograd, name) for name in autograd.__all__}
    found = [test for test in doctest.DocTestFinder().find(Value, "Value", home, extraglobs=names) if test.examples]
    assert {"Value", "Value.item"} <= {test.name for test in found}
    for test in found:
        assert doctest.DocTestRunner(verbose=False, optionflags=OPTIONS).run(test).failed == 0


@pytest.mark.parametrize("package", [autograd, nn], ids=lambda p: p.__name__)
def test_every_public_name_is_documented_with_an_example(package):
    for name in package.__all__:
        thing = getattr(package, name)
        if callable(thing):
            assert thing.__doc__, name
            assert ">>>" in thing.__doc__, f"{package.__name__}.{name} has no doctest"
            if inspect.isclass(thing):
                for key, member in vars(thing).items():
                    if not key.startswith("_") and (callable(member) or isinstance(member, property)):
                        assert member.__doc__, f"{name}.{key}"


@pytest.mark.any_build
def test_readme():
    found = doctest.testfile(str(README), module_relative=False, optionflags=OPTIONS)
    assert found.attempted > 10
    assert found.failed == 0
