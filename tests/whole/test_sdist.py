"""What is shipped as sources: all that is kept, and nothing that is made of it. It installs, and passes tests."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).parents[2]
MADE = (".c", ".so", ".pyd", ".pyc", ".whl", ".gz")
pytestmark = [
    pytest.mark.any_build,
    pytest.mark.skipif(
        not all(map(find_spec, ("Cython", "setuptools", "numpy", "pip"))), reason="pip or setuptools is not here"
    ),
]
INSTALLED = [
    "tests/whole/test_by_hand.py",
    "tests/whole/test_micrograd.py",
    "tests/surroundings",
    "tests/border/test_wording.py",
]
"""Tests that look at nothing but what is installed, and are run on it, interpreted."""


def made_here(folder, names):
    """What lies at the root of a working copy and was made there: all that begins with a dot could be large."""
    if Path(folder) != ROOT:
        return {name for name in names if name == "__pycache__"}
    kept = {".ci", ".gitignore", ".pre-commit-config.yaml"}
    return {name for name in names if name in ("build", "dist", "demo") or (name[0] == "." and name not in kept)}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The folder that an sdist unpacks to; beside it is the sdist."""
    copy = tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, copy / "sources", ignore=made_here)
    script = 'from setuptools.build_meta import build_sdist; build_sdist("../made")'
    (copy / "made").mkdir()
    subprocess.run([sys.executable, "-c", script], cwd=copy / "sources", check=True, capture_output=True, timeout=300)
    (file,) = (copy / "made").iterdir()
    assert file.name == f"chainrule-{autograd.__version__}.tar.gz"
    with tarfile.open(file) as archive:
        archive.extractall(copy / "unpacked", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return copy / "unpacked" / f"chainrule-{autograd.__version__}"


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_it_has_all_that_is_kept_and_nothing_that_is_made(unpacked):
    there = files_in(unpacked)
    if (ROOT / ".git").exists() and shutil.which("git"):
        kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
        assert {name for name in kept if (ROOT / name).exists()} <= there
    else:
        assert {"setup.py", "Makefile", "CITATION.cff", "tests/conftest.py", "autograd/engine/node.h"} <= there
    assert [name for name in there if name.endswith(MADE)] == []
    assert os.access(unpacked / ".ci" / "run", os.X_OK)


def test_it_installs_without_an_index_and_passes_tests(unpacked, tmp_path):
    (file,) = (unpacked.parents[1] / "made").iterdir()
    said = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "CHAINRULE_INTERPRETED": "1"}
    # What it requires is here already: with a wheelhouse of that, `make offline` does the same in a bare environment.
    command = [
        "install",
        "--no-deps",
        "--no-build-isolation",
        "--no-compile",
        "--target",
        str(tmp_path / "site"),
        str(file),
    ]
    subprocess.run(
        [sys.executable, "-m", "pip", *command],
        env={**os.environ, **said},
        check=True,
        capture_output=True,
        timeout=300,
    )
    assert (tmp_path / "site" / "autograd" / "llms.txt").exists()
    for name in ("tests", "pyproject.toml"):
        (shutil.copytree if name == "tests" else shutil.copy)(unpacked / name, tmp_path / name)
    environment = {**os.environ, **said, "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"}
    del environment["CHAINRULE_INTERPRETED"]  # nothing compiled is there, and what does not depend on that is run too
    where = [sys.executable, "-c", "import autograd, nn; print(autograd.__file__, nn.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert found.split() == [str(tmp_path / "site" / name / "__init__.py") for name in ("autograd", "nn")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *INSTALLED], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 50


def test_facts_that_stand_in_two_places_are_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = dict(re.findall(r"^([\w-]+): +(.+)$", (ROOT / "CITATION.cff").read_text(), re.M))
    assert citation["version"] == autograd.__version__
    assert citation["license"] == project["license"]
    assert (ROOT / "LICENSE").read_text().startswith(f"{project['license']} License")
    assert project["dynamic"] == ["version"]
    heading = next(line for line in (ROOT / "CHANGELOG.md").read_text().splitlines() if line.startswith("## "))
    assert heading.split()[1].rstrip(",") == autograd.__version__
