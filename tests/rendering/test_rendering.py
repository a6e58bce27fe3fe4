"""Engines: the order they are tried in, and what happens when one is missing, fails, hangs or lies."""

import importlib.metadata
import os
import sys
import sysconfig
import time

import graphviz
import pytest

from autograd.rendering import rendering
from autograd.rendering.children import Ending
from autograd.rendering.rendering import RenderingError, engines, render_dot
from tests.rendering.fakes import program

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
    return lambda name, code: program(tmp_path / name, code)


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
        "print('<svg><g>')",
        "os.write(1, bytes(1 << 20)); os._exit(0)",
        "os.write(1, bytes(70 << 20)); os._exit(0)",
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


@posix
@pytest.mark.parametrize(
    ("format", "code", "remedy"),
    [
        ("svg", "sys.exit('out of memory')", "draw less of the graph (fold=, depth=)"),
        ("png", "sys.exit('out of memory')", 'draw less of the graph (fold=, depth=), or use format="svg"'),
        ("png", "os.write(1, bytes(70 << 20))", 'draw less of the graph (fold=, depth=), or use format="svg"'),
        ("svg", "time.sleep(9)", "draw less of the graph (fold=, depth=), or give it more time (timeout)"),
        ("svg", "sys.exit('syntax error in line 1')", "correct the DOT source"),
        ("svg", "sys.exit(1)", "name an engine that works in the environment variable CHAINRULE_DOT"),
        ("pdf", "sys.exit('Format: \"pdf\" not recognized')", 'use format="svg" or "png"'),
    ],
)
def test_the_remedy_fits_the_cause_and_names_nothing_that_is_here(fake, monkeypatch, format, code, remedy):
    fake("dot", code)
    monkeypatch.setattr(rendering, "pure_paths", lambda: iter([fake("pure", code)]))
    with pytest.raises(RenderingError) as caught:
        render_dot(SOURCE, format, timeout=0.3 if "sleep" in code else 9.0)
    assert str(caught.value).endswith(f"): {remedy}")


@posix
@pytest.mark.parametrize(
    ("format", "here", "remedy"),
    [
        ("svg", "dot", "`pip install graphviz-pure`"),
        ("svg", "pure", "install Graphviz (https://graphviz.org/download) so that `dot` is on PATH"),
        ("json", "dot", "`pip install graphviz-pure`"),
        ("pdf", "dot", 'use format="svg" or "png"'),
        ("pdf", "pure", "pdf needs Graphviz's own `dot` on PATH (https://graphviz.org/download); svg and png do not"),
    ],
)
def test_of_two_engines_the_missing_one_is_named(fake, monkeypatch, format, here, remedy):
    path = fake(here, "sys.exit('broken')")
    monkeypatch.setattr(rendering, "pure_paths", lambda: iter([path] if here == "pure" else []))
    with pytest.raises(RenderingError) as caught:
        render_dot(SOURCE, format)
    assert str(caught.value).endswith(f"): {remedy}")


@posix
def test_where_size_is_the_cause_nothing_is_to_be_installed(fake, no_pure):
    fake("dot", "sys.exit('out of memory')")
    with pytest.raises(RenderingError) as caught:
        render_dot(SOURCE, "svg")
    assert str(caught.value) == (
        "cannot render svg (dot: needed more than 400 MB; graphviz-pure: not found): "
        "draw less of the graph (fold=, depth=)"
    )


@posix
def test_an_override_that_cannot_run_is_told_from_one_that_is_not_there(monkeypatch, tmp_path, no_pure):
    (tmp_path / "mine").write_text("not executable")
    monkeypatch.setenv("CHAINRULE_DOT", str(tmp_path / "mine"))
    with pytest.raises(
        RenderingError, match=r"mine: not executable; dot: not found; .*: correct CHAINRULE_DOT, or `pip"
    ):
        render_dot(SOURCE, "svg")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep to a cap of memory as they like")
def test_memory_is_capped_and_as_much_as_one_says():
    chain = "digraph {" + "; ".join(f"n{i} -> n{i + 1}" for i in range(3000)) + "}"
    with pytest.raises(RenderingError, match=r"graphviz-pure: needed more than 4 MB\): draw less of the graph"):
        render_dot(chain, "svg", memory=4)
    assert render_dot(chain, "svg", memory=200).rstrip().endswith(b"</svg>")


def test_pixels_may_take_more_memory(monkeypatch):
    seen = []
    monkeypatch.setattr(
        rendering, "run", lambda command, given, caps, folder: seen.append(caps) or Ending("exit", b"", "")
    )
    for format, memory in (("svg", None), ("json", None), ("png", None), ("png", 5)):
        with pytest.raises(RenderingError):
            render_dot(SOURCE, format, memory=memory, timeout=7.0)
    assert [caps[:2] for caps in seen] == [(7.0, 400), (7.0, 400), (7.0, 800), (7.0, 5)]


def test_pdf_without_dot_says_what_it_takes():
    with pytest.raises(RenderingError, match=r"pdf needs Graphviz's own `dot` on PATH .* svg and png do not"):
        render_dot(SOURCE, "pdf")


def test_broken_source_is_an_error_that_quotes_the_engine():
    with pytest.raises(RenderingError, match="syntax error"):
        render_dot("digraph { a -> ", "svg")


@posix
def test_warnings_are_passed_on_unless_quiet_but_none_of_fonts(fake, capfd, no_pure):
    fonts = [
        "Warning: no value for width of non-ASCII character 206. Falling back to width of space character",
        "Warning: no hard-coded metrics for 'Helvetica,Arial,sans-serif'.  Falling back to 'Times' metrics",
        "Fontconfig error: No writable cache directories",
        "",
        "(process:7): Pango-WARNING **: couldn't load font",
    ]
    warns = f"; print({chr(10).join([*fonts, 'Warning: odd', *fonts])!r}, file=sys.stderr)"
    fake("dot", DRAWS + warns)
    render_dot(SOURCE, "svg", quiet=True)
    assert capfd.readouterr().err == ""
    render_dot(SOURCE, "svg", quiet=False)
    assert capfd.readouterr().err == "Warning: odd\n"
    fake("dot", warns[2:] + "; sys.exit(1)")
    with pytest.raises(RenderingError, match=r"\(dot: Warning: odd; graphviz-pure"):
        render_dot(SOURCE, "svg")


def test_fonts_of_graphviz_pure_are_not_complained_of(capfd):
    source = 'digraph { a [label="αβγ ①", fontname="No Such Font"] }'
    assert b"<svg" in render_dot(source, "svg", quiet=False)
    assert capfd.readouterr().err == ""


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
