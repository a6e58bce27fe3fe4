"""HIPS autograd and PyPI's `nn` in the same environment; programs written for HIPS autograd."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import autograd
from autograd.border.namesake import FOREIGN, FUNCTIONS, MODULES, mixed, warn_of_nn

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[2]
HIPS = {"__init__.py": "jacobian = 1", "core.py": "", "numpy/__init__.py": ""}
OTHER_NN = {"__init__.py": "tf = 1", "core.py": "", "ops.py": "", "layers.py": ""}
SOURCES = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")  # in another folder the interpreted engine will do


@pytest.fixture
def site(tmp_path):
    """A folder of installed packages, with ours in it."""
    for package in ("autograd", "nn"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=SOURCES)
    return tmp_path


def install(site, package, files, last):
    """Lay another package's files over ours, or under them."""
    for name, text in files.items():
        file = site / package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if last or not file.exists():
            file.write_text(text)


def run(site, script, *options):
    return subprocess.run(
        [sys.executable, *options, *(("-c", script) if script else ())], cwd=site, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(site)}, timeout=300,
    )  # fmt: skip


def refusal(done):
    assert done.returncode == 1, done.stdout
    return done.stderr.strip().splitlines()[-1]


def test_alone_they_import_without_a_word(site):
    done = run(site, "import autograd, nn; print(autograd.__file__)", "-Werror")
    assert (done.stdout, done.stderr) == (f"{site / 'autograd' / '__init__.py'}\n", "")


def test_installed_over_hips_autograd_it_refuses(site):
    install(site, "autograd", HIPS, last=False)
    said = refusal(run(site, "import autograd"))
    assert said.startswith(f"ImportError: {site / 'autograd'} holds files of two packages")
    assert "chainrule and, as core.py shows, PyPI's `autograd`. Run `pip uninstall autograd chainrule`" in said
    (site / "autograd" / "core.py").unlink()
    assert "as numpy/__init__.py shows" in refusal(run(site, "import nn"))


def test_overwritten_by_hips_autograd_what_is_left_of_it_refuses(site):
    install(site, "autograd", HIPS, last=True)
    assert run(site, "import autograd; print(autograd.jacobian)").stdout == "1\n"  # theirs alone: out of reach
    said = refusal(run(site, "import nn"))
    assert said.startswith(f"ImportError: nn is part of chainrule, but `autograd` in {site / 'autograd'} is another")
    assert "holds files of two packages" in refusal(run(site, "", "-m", "autograd"))
    assert "holds files of two packages" in refusal(run(site, "from autograd.__main__ import main"))
    (site / "autograd" / "__init__.py").unlink()  # as `pip uninstall autograd` then leaves it
    assert "nn is part of chainrule" in refusal(run(site, "import nn"))


def test_another_autograd_elsewhere_on_the_path(site, tmp_path):
    other = tmp_path / "elsewhere"
    install(other, "autograd", HIPS, last=True)
    assert run(site, "import sys; sys.path.append('elsewhere'); import autograd, nn", "-Werror").stderr == ""
    said = refusal(run(site, "import sys; sys.path.insert(0, 'elsewhere'); import nn"))
    assert f"`autograd` in {Path('elsewhere', 'autograd')} is another package" in said.replace(str(site) + os.sep, "")


def test_pypis_nn(site):
    install(site, "nn", OTHER_NN, last=False)
    said = refusal(run(site, "import nn"))
    assert f"ImportError: {site / 'nn'} holds files of two packages" in said
    assert "PyPI's `nn`. Run `pip uninstall nn chainrule`" in said
    install(site, "nn", OTHER_NN, last=True)
    done = run(site, "import nn; nn.tf; import autograd")
    assert done.returncode == 0
    assert "RuntimeWarning: " in done.stderr
    assert "PyPI's `nn`" in done.stderr


def test_no_file_of_ours_is_taken_for_one_of_theirs(tmp_path):
    for package in FOREIGN:
        assert mixed(package, ROOT / package) == ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_nn(tmp_path / "nn")  # not ours: no business of ours


@pytest.mark.parametrize(
    "line",
    [
        "import autograd.numpy as np", "from autograd import numpy", "import autograd.numpy.random as npr",
        "from autograd.scipy.stats import norm", "from autograd.misc.optimizers import adam",
        "from autograd.extend import primitive", "from autograd import grad, deriv", "from autograd import make_vjp",
        "from autograd import elementwise_grad as egrad",
    ],
)  # fmt: skip
def test_imports_as_users_of_hips_write_them_are_answered(line):
    with pytest.raises(ImportError, match=r"belongs to HIPS autograd\. This is chainrule, .*: write ") as caught:
        exec(line, {})
    assert f"autograd.{next(name for name in (*MODULES, *FUNCTIONS) if name in line)} " in str(caught.value)


def test_names_of_hips_are_answered_and_absent():
    for name in (*MODULES, *FUNCTIONS):
        assert not hasattr(autograd, name)
        assert name not in autograd.__all__
        with pytest.raises(AttributeError, match=f"autograd.{name} belongs to HIPS autograd"):
            getattr(autograd, name)
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'nothing'"):
        _ = autograd.nothing
    with pytest.raises(ImportError, match="cannot import name 'nothing' from 'autograd'"):
        exec("from autograd import nothing", {})
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'autograd\.nothing'"):
        exec("import autograd.nothing", {})


def test_what_to_write_instead_exists():
    for instead in (*MODULES.values(), *FUNCTIONS.values()):
        for name in re.findall(r"`autograd\.(\w+)\(", instead):
            assert hasattr(autograd, name)
    f = autograd.compile(lambda x: x * x, in_axes=0)
    assert list(f.grad(__import__("numpy").array([1.0, 2.0]))) == [2.0, 4.0]


def test_what_users_of_hips_know_is_here_by_its_name():
    for name in ("grad", "value_and_grad", "jacobian", "hessian", "checkpoint"):
        assert name in autograd.__all__
    assert autograd.grad(lambda x: x * x)(3.0) == 6.0
    assert autograd.grad(lambda x, y: x * y, 1)(3.0, 2.0) == 3.0
    assert autograd.grad(autograd.compile(lambda x: x * x))(3.0) == 6.0
    with pytest.raises(TypeError, match="grad: by which Values"):
        autograd.grad(autograd.Value(1.0))
