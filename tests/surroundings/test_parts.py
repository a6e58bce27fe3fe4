"""What is here and what is not, and that the ways to get it are ways."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd
from autograd.surroundings import parts as file
from autograd.surroundings.parts import PARTS, Part, compiler, version_of
from autograd.surroundings.report import listed, report

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[2]
MODULES = {"scikit-learn": "sklearn", "graphviz-pure": None}
BEYOND = {"jax", "torch", "mpi4py", "distributed"}
"""What is not among the requirements of tests, or has a version there."""
LIBRARIES = [part for part in PARTS if part.way.startswith("pip install")]


def test_names_are_told_once():
    assert len({part.name for part in PARTS}) == len(PARTS)
    for part in PARTS:
        assert all((part.name, part.use, part.way)), part.name
        assert not part.use.endswith("."), part.name


@pytest.mark.parametrize("part", LIBRARIES, ids=lambda part: part.name)
def test_a_library_is_here_if_it_can_be_found_to_import(part):
    module = MODULES.get(part.name, part.name)
    if module is not None:
        assert bool(part.found()) == (find_spec(module) is not None)
    if part.found():
        assert part.found() == metadata.version(part.name)


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="these are tests of what was installed")
def test_what_pip_is_told_to_install_is_what_is_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    known = {
        re.match(r"[\w-]+", line)[0]
        for line in (
            *project["dependencies"],
            *(x for extra in project["optional-dependencies"].values() for x in extra),
        )
    }
    assert {part.way.removeprefix("pip install ") for part in LIBRARIES} <= known | BEYOND


def test_nothing_is_imported_to_find_out():
    script = "import sys, autograd.surroundings.report as r; list(r.report()); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    for part in LIBRARIES:
        assert f"'{MODULES.get(part.name, part.name)}'" not in done.stdout


def test_what_is_not_installed_or_half_removed_has_no_version(monkeypatch):
    assert version_of("nonesuch-of-this-name") == ""
    monkeypatch.setattr(file.metadata, "version", lambda name: None)
    assert version_of("numpy") == ""


def executable(folder, name):
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="programs that are shell scripts")
def test_the_compiler_is_the_one_that_would_be_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    assert compiler() == ""
    clang = executable(tmp_path, "clang")
    assert compiler() == clang
    mine = executable(tmp_path, "mine")
    monkeypatch.setenv("CC", "mine -O2 -Wall")
    assert compiler() == mine
    monkeypatch.setenv("CC", f"{tmp_path}/mine")
    assert compiler() == mine
    for broken in ("gone", "'gone", "A=1"):
        monkeypatch.setenv("CC", broken)
        assert compiler() == "", "nothing else is taken where CC names one"


@pytest.mark.skipif(os.name == "nt", reason="programs that are shell scripts")
def test_dot_is_the_one_that_is_named_or_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHAINRULE_DOT", raising=False)
    assert file.dot() == ""
    on_path = executable(tmp_path, "dot")
    assert file.dot() == on_path
    monkeypatch.setenv("CHAINRULE_DOT", executable(tmp_path, "mydot"))
    assert file.dot() == str(tmp_path / "mydot")
    shutil.copy(on_path, tmp_path / "graphviz-pure")
    monkeypatch.setenv("CHAINRULE_DOT", str(tmp_path / "graphviz-pure"))
    assert file.dot() == on_path, "graphviz-pure has a line of its own"


def test_a_list_of_what_is_here_and_what_is_not():
    here, gone = Part("cc", "compiles", "apt", lambda: "/bin/cc"), Part("longer", "more", "pip", str)
    assert list(listed([gone, here])) == [
        "here:", "  cc      /bin/cc  compiles", "not here, nor required:", "  longer  more: pip",
    ]  # fmt: skip
    assert list(listed([here])) == ["here:", "  cc  /bin/cc  compiles"]
    assert list(listed([gone])) == ["not here, nor required:", "  longer  more: pip"]


def test_the_program_says_all_of_it():
    done = subprocess.run([sys.executable, "-m", "autograd"], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"chainrule {autograd.__version__}, Python {sys.version.split()[0]}: ")
    assert lines[1 : 1 + len(list(report()))] == list(report())
    for part in PARTS:
        assert f"\n  {part.name} " in done.stdout
    assert done.stderr == ""
