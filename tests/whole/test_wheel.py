"""What is installed where there is a C compiler, where there is none, and where it gives up half-way."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograd._overview import pages

ROOT = Path(__file__).parents[2]
SUFFIXES = (".so", ".pyd")
DATA = (".js", ".css", ".html", ".json", ".txt", ".typed")
pytestmark = [
    pytest.mark.any_build,
    pytest.mark.skipif(sys.platform == "win32", reason="a compiler that is a shell script needs POSIX"),
    pytest.mark.skipif(
        not all(map(find_spec, ("Cython", "setuptools", "numpy"))), reason="Cython or setuptools is not installed here"
    ),
]
COMPILER = """#!/bin/sh
# Compiles nothing, but leaves the files a compiler leaves.
case "$*" in *{broken}*) echo "broken" >&2; exit 1;; esac
while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then echo compiled > "$2"; fi
    shift
done
"""


@pytest.fixture
def sources(tmp_path):
    """A copy of the project, with what Cython has made already."""
    copy = tmp_path / "sources"
    ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    for folder in ("autograd", "nn", "build/autograd"):
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / file, copy)
    return copy


def compiler(folder, broken):
    """A compiler that fails wherever `broken` is in its command."""
    file = folder / "compiler"
    file.write_text(COMPILER.format(broken=broken))
    file.chmod(0o755)
    return str(file)


def build(sources, compiler, command=(), code=0, **asked):
    """Build what pip would build; what was said about it."""
    environment = {name: text for name, text in os.environ.items() if name not in ("LDSHARED", "CFLAGS")}
    script = 'from setuptools.build_meta import build_wheel; build_wheel("dist")'
    done = subprocess.run(
        [sys.executable, *(command or ("-c", script))], cwd=sources, env={**environment, "CC": compiler, **asked},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stderr


def wheel(sources):
    """The name of the wheel, what it says of itself, and the compiled files in it."""
    (file,) = (sources / "dist").iterdir()
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        about = next(name for name in names if name.endswith("/WHEEL"))
        assert "autograd/engine/node.py" in names
        shipped = [path for folder in ("autograd", "nn") for path in (ROOT / folder).rglob("*") if path.suffix in DATA]
        assert len(shipped) > 8
        assert {path.relative_to(ROOT).as_posix() for path in shipped} <= set(names)
        for page, text in pages().items():
            assert archive.read(page).decode() == text
        assert not [name for name in names if name.endswith(".c") or name.startswith("tests")]
        return file.name, archive.read(about).decode(), [name for name in names if name.endswith(SUFFIXES)]


def test_without_a_compiler_the_wheel_fits_every_platform(sources):
    said = build(sources, "/nonexistent/cc")
    assert "chainrule: not compiled (" in said
    name, about, compiled = wheel(sources)
    assert name.endswith("-py3-none-any.whl")
    assert "Root-Is-Purelib: true" in about
    assert "Tag: py3-none-any" in about
    assert compiled == []
    shutil.rmtree(sources / "dist")
    build(sources, "/nonexistent/cc", code=1, CHAINRULE_REQUIRE_NATIVE="1")
    assert not list((sources / "dist").glob("*.whl"))


def test_what_is_compiled_is_tied_to_its_platform(sources, tmp_path):
    said = build(sources, compiler(tmp_path, "nothing-of-this-name"))
    assert "not compiled" not in said
    name, about, compiled = wheel(sources)
    assert "none-any" not in name
    assert "Root-Is-Purelib: false" in about
    assert len(compiled) > 10
    assert any(file.startswith("autograd/_shared.") for file in compiled)  # which all others import


def test_a_wheel_that_fits_every_platform_can_be_asked_for(sources, tmp_path):
    assert "not compiled" not in build(sources, str(tmp_path / "never-run"), CHAINRULE_INTERPRETED="1")
    name, about, compiled = wheel(sources)
    assert name.endswith("-py3-none-any.whl")
    assert "Tag: py3-none-any" in about
    assert compiled == []


def test_a_compiler_that_gives_up_half_way_leaves_nothing_compiled(sources, tmp_path):
    build(sources, compiler(tmp_path, "nothing-of-this-name"), ("setup.py", "-q", "build"))
    built = sorted(name.name for name in (sources / "build").glob("lib*/autograd/**/*.*") if name.suffix in SUFFIXES)
    assert len(built) > 10
    os.utime(sources / "build" / "autograd" / "engine" / "sweep.c")  # to be compiled anew
    assert "chainrule: not compiled (" in build(sources, compiler(tmp_path, "sweep"))
    name, _, compiled = wheel(sources)
    assert name.endswith("-py3-none-any.whl")
    assert compiled == []


def test_in_place_nothing_stale_stays_beside_new_sources(sources, tmp_path):
    command = ("setup.py", "-q", "build_ext", "--inplace", "--force")
    build(sources, compiler(tmp_path, "nothing-of-this-name"), command)
    assert any(file.suffix in SUFFIXES for file in (sources / "autograd").rglob("*"))
    assert "chainrule: not compiled (" in build(sources, compiler(tmp_path, "sweep"), command)
    assert not any(file.suffix in SUFFIXES for file in (sources / "autograd").rglob("*"))
