"""Engines: the order they are tried in, and what happens when one is missing, fails, hangs or lies."""

import importlib.metadata
import os
import sys
import sysconfig
import time

import graphviz
import pytest

from autograd.drawing import rendering
from autograd.drawing.rendering import RenderingError, engines, render_dot

pytestmark = pytest.mark.any_build

SOURCE = "digraph { a -> b }"
posix = pytest.mark.skipif(sys.platform == "win32", reason="engines are faked by scripts with a shebang")


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No override, and nothing on PATH."""
    monkeypatch.delenv("CHAINRULE_DOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def fake(tmp_path):
    """Makes a program of a line of Python."""

    def make(name, code):
        path = tmp_path / name
        path.write_text(f"#!{sys.executable}\nimport sys, time\n{code}\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture
def no_pure(monkeypatch):
    """As if graphviz-pure were not installed."""
    monkeypatch.setattr(rendering, "pure_paths", lambda: iter(()))


DRAWS = "sys.stdin.read(); print('<svg> of', sys.argv[0].split('/')[-1], sys.argv[1:], '</svg>')"


def test_graphviz_pure_draws_where_path_is_empty():
    assert [(engine.name, bool(engine.path)) for engine in engines()] == [("dot", False), ("graphviz-pure", True)]
    assert b"<svg" in render_dot(SOURCE, "svg")
    assert render_dot(SOURCE, "PNG").startswith(b"\x89PNG")


def test_graphviz_pure_is_found_through_its_package_then_in_the_scripts_folder(monkeypatch):
    monkeypatch.setattr(sysconfig, "get_path", lambda name: os.devnull)
    by_package = next(rendering.pure_paths())
    monkeypatch.undo()

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    by_folder = next(rendering.pure_paths())
    assert os.path.samefile(by_package, by_folder)


@posix
def test_the_order_is_override_dot_pure(fake, monkeypatch):
    fake("dot", DRAWS)
    assert b"of dot ['-Kdot', '-Tsvg']" in render_dot(SOURCE, "svg")
    monkeypatch.setenv("CHAINRULE_DOT", fake("mine", DRAWS))
    assert b"of mine" in render_dot(SOURCE, "svg")
    monkeypatch.setenv("CHAINRULE_DOT", "mine")  # a name on PATH will do
    assert b"of mine" in render_dot(SOURCE, "svg")


@posix
def test_flags_reach_the_engine(fake):
    fake("dot", DRAWS)
    picture = render_dot(SOURCE, "svg", layout="neato", renderer="cairo", formatter="gd", neato_no_op=2)
    assert b"['-Kneato', '-Tsvg:cairo:gd', '-n2']" in picture


@posix
@pytest.mark.parametrize(
    "code",
    [
        "sys.exit('broken libraries')",
        "sys.exit(3)",
        "pass",
        "print('hello')",
        "import os; os.kill(os.getpid(), 9)",
        "time.sleep(60)",
    ],
)
def test_an_engine_that_fails_is_passed_over(fake, code):
    fake("dot", code)
    start = time.monotonic()
    assert b"<!DOCTYPE svg" in render_dot(SOURCE, "svg", timeout=1.0)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("override", ["/no/such/dot", "no-such-dot", os.devnull])
def test_an_override_that_is_not_there_is_passed_over(monkeypatch, override):
    monkeypatch.setenv("CHAINRULE_DOT", override)
    assert b"<svg" in render_dot(SOURCE, "svg")


@posix
def test_a_file_that_cannot_run_is_passed_over(fake, monkeypatch, tmp_path):
    (tmp_path / "dot").write_bytes(b"\x00\x01 not a program")
    (tmp_path / "dot").chmod(0o755)
    assert b"<svg" in render_dot(SOURCE, "svg")


@posix
def test_when_nothing_can_the_message_tells_all(fake, monkeypatch, no_pure):
    monkeypatch.setenv("CHAINRULE_DOT", "/no/such/dot")
    fake("dot", "sys.exit('libgvc is missing\\nreinstall it')")
    with pytest.raises(RenderingError) as caught:
        render_dot(SOURCE, "svg")
    assert str(caught.value) == (
        "cannot render svg (CHAINRULE_DOT=/no/such/dot: not found; dot: libgvc is missing reinstall it; "
        "graphviz-pure: not found): correct CHAINRULE_DOT, or `pip install graphviz-pure`"
    )
    assert isinstance(caught.value, graphviz.ExecutableNotFound)
    assert isinstance(caught.value, graphviz.CalledProcessError)
    assert "libgvc" in caught.value.stderr


@posix
def test_a_timeout_is_named(fake, no_pure):
    fake("dot", "time.sleep(60)")
    with pytest.raises(RenderingError, match=r"dot: gave up after 0\.5 s"):
        render_dot(SOURCE, "svg", timeout=0.5)


def test_pdf_without_dot_says_what_it_takes():
    with pytest.raises(RenderingError, match=r"pdf needs Graphviz's own `dot` on PATH .* svg and png do not"):
        render_dot(SOURCE, "pdf")


def test_broken_source_is_an_error_that_quotes_the_engine():
    with pytest.raises(RenderingError, match="syntax error"):
        render_dot("digraph { a -> ", "svg")


@posix
def test_warnings_are_passed_on_unless_quiet(fake, capfd):
    fake("dot", DRAWS + "; print('Warning: odd', file=sys.stderr)")
    render_dot(SOURCE, "svg", quiet=True)
    assert capfd.readouterr().err == ""
    render_dot(SOURCE, "svg", quiet=False)
    assert capfd.readouterr().err == "Warning: odd\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "svgg"}, "unknown format 'svgg': choose one of bmp"),
        ({"layout": "dott"}, "unknown layout engine 'dott': choose one of circo"),
        ({"renderer": "x"}, "unknown renderer 'x'"),
        ({"renderer": "cairo", "formatter": "x"}, "unknown formatter 'x'"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_runs(options, message):
    with pytest.raises(ValueError, match=message):
        render_dot(SOURCE, **{"format": "svg"} | options)
    with pytest.raises(graphviz.RequiredArgumentError, match="needs a renderer"):
        render_dot(SOURCE, "svg", formatter="cairo")
