"""Graphviz's own interface, and that of notebooks."""

import base64
import re
from pathlib import Path

import graphviz
import pytest

from autograd.drawing import drawing
from autograd.drawing.drawing import Drawing, draw
from autograd.drawing.rendering import RenderingError
from tests.drawing.pictures import chain

pytestmark = pytest.mark.any_build


def test_it_is_a_digraph(neuron):
    d = draw(neuron, name="neuron")
    assert isinstance(d, graphviz.Digraph)
    assert d.source == str(d)
    assert d.source.startswith("digraph neuron {")
    assert (d.format, d.engine, d.filename) == ("svg", "dot", "neuron.gv")
    d.node("note", "by hand")
    d.edge("note", "leaf0")
    assert "by hand" in d.pipe(encoding="utf-8")
    twin = d.copy()
    assert isinstance(twin, Drawing)
    assert (twin.source, twin.graph) == (d.source, d.graph)
    assert repr(d) == "Drawing('10 values, 5 operations, o = 0.7071')"


def test_pipe(neuron):
    d = draw(neuron)
    assert isinstance(d.pipe(), bytes)
    assert d.pipe().startswith(b"<?xml")
    assert isinstance(d.pipe(encoding="utf-8"), str)
    assert d.pipe("png").startswith(b"\x89PNG")
    assert b"<svg" in d.pipe(format="SVG", engine="neato", quiet=True)


def test_render_next_to_its_source(neuron, tmp_path):
    d = draw(neuron, name="net")
    path = d.render(directory=tmp_path)
    assert path == str(tmp_path / "net.gv.svg")
    assert b"<svg" in Path(path).read_bytes()
    assert (tmp_path / "net.gv").read_text(encoding="utf-8") == d.source
    path = d.render("other", tmp_path / "deep" / "er", format="png", cleanup=True)
    assert path == str(tmp_path / "deep" / "er" / "other.png")
    assert [p.name for p in (tmp_path / "deep" / "er").iterdir()] == ["other.png"]


def test_render_to_a_file_of_ones_choice(neuron, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    d = draw(neuron)
    assert d.render(outfile="a.png", cleanup=True) == "a.png"
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert d.render(outfile=tmp_path / "b.svg") == str(tmp_path / "b.svg")
    assert {p.name for p in tmp_path.iterdir()} == {"a.png", "b.svg", "b.gv"}
    with pytest.raises(graphviz.FileExistsError, match="output file exists"):
        d.render(outfile="b.svg", raise_if_result_exists=True)
    with pytest.raises(ValueError, match="also where the source is saved"):
        d.render("c.svg", outfile="c.svg")
    with pytest.raises(ValueError, match="contradicts"):
        d.render(raise_if_result_exists=True, overwrite_source=True)
    with pytest.raises(graphviz.RequiredArgumentError):
        d.render(outfile="no-suffix")
    with pytest.warns(graphviz.FormatSuffixMismatchWarning):
        d.render(outfile="d.png", format="svg")


def test_render_agrees_with_graphviz_on_where_things_go(tmp_path, monkeypatch):
    """Theirs runs `dot` by name: a stand-in writes where it is told to."""
    monkeypatch.setattr(graphviz.Digraph, "_render", property(lambda self: touch))

    def touch(engine, format, source, *, outfile=None, **options):
        path = Path(outfile or f"{source}.{format}")
        path.touch()
        return str(path)

    for number, options in enumerate(
        [
            {"outfile": "x.svg"}, {"filename": "y", "outfile": "z.svg"}, {"filename": "y.dot", "format": "png"},
            {"directory": "sub"}, {"outfile": "x.svg", "directory": "sub"}, {"filename": "deep/y", "cleanup": True}, {},
        ]
    ):  # fmt: skip
        written = []
        for kind in (graphviz.Digraph, Drawing):
            folder = tmp_path / f"{number}{kind.__name__}"
            (folder / "sub").mkdir(parents=True)
            monkeypatch.chdir(folder)
            path = kind("net", format="svg").render(**options)
            written.append((path, {str(p.relative_to(folder)) for p in folder.rglob("*")}))
        assert written[0] == written[1], options


def test_save_and_view(neuron, tmp_path, monkeypatch):
    d = draw(neuron, name="net")
    assert d.save(directory=tmp_path) == str(tmp_path / "net.gv")
    seen = []
    monkeypatch.setattr(Drawing, "_view", lambda self, path, format, quiet: seen.append((path, format, quiet)))
    d.view(directory=tmp_path)
    d.render(directory=tmp_path, format="png", quiet_view=True)
    assert seen == [(str(tmp_path / "net.gv.svg"), "svg", False), (str(tmp_path / "net.gv.png"), "png", True)]


def test_pdf_without_dot_explains_itself(neuron, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHAINRULE_DOT", raising=False)
    with pytest.raises(RenderingError, match="pdf needs Graphviz's own `dot`"):
        draw(neuron).render(outfile=tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


# --- notebooks -------------------------------------------------------------------------------------------------------


def test_the_bundle_of_a_notebook(neuron):
    neuron.label = 'o "quoted" <b>'
    bundle = draw(neuron)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    assert all(isinstance(data, str) for data in bundle.values())
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    html = re.fullmatch(
        r'<img alt="([^"]*)" style="max-width:100%" src="data:image/svg\+xml;base64,([^"]*)">', bundle["text/html"]
    )
    assert html[1] == "Computation graph: 10 values, 5 operations, o &quot;quoted&quot; &lt;b&gt; = 0.7071"
    assert base64.b64decode(html[2]).decode("utf-8") == bundle["image/svg+xml"]
    assert 'fill="white"' in bundle["image/svg+xml"]
    assert "tanh(n)" in bundle["text/plain"]


def test_include_and_exclude(neuron):
    d = draw(neuron)
    assert set(d._repr_mimebundle_(include={"image/svg+xml"})) == {"image/svg+xml"}
    assert "text/html" not in d._repr_mimebundle_(exclude=["text/html"])
    assert d._repr_mimebundle_(include=[]) == {}


def test_a_png_is_shown_if_asked_for_and_not_too_large(neuron):
    assert 'src="data:image/png;base64,' in draw(neuron, format="png")._repr_mimebundle_()["text/html"]
    large = draw(chain(100), format="png")._repr_mimebundle_()
    assert set(large) == {"text/plain", "text/html", "image/svg+xml"}


def test_no_other_repr_competes():
    public = [name for name in dir(Drawing) if re.fullmatch(r"_(repr|ipython)_\w+_", name)]
    assert public == ["_repr_mimebundle_"]


def test_without_an_engine_there_is_text_and_a_hint(neuron, no_engine):
    bundle = draw(neuron)._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "(no picture: cannot render svg (dot: not found): `pip install graphviz-pure`" in bundle["text/plain"]
    assert "tanh(n)" in bundle["text/plain"]


def test_a_notebook_is_not_kept_waiting(neuron, monkeypatch):
    waits = []
    monkeypatch.setattr(drawing, "render_dot", lambda *args, timeout, **kwargs: waits.append(timeout) or b"<svg/>")
    d = draw(neuron)
    d._repr_mimebundle_()
    d.timeout = 5.0
    d._repr_mimebundle_()
    d.pipe()
    assert waits == [20.0, 20.0, 5.0, 5.0, 5.0]


def test_a_repr_never_raises(neuron, monkeypatch):
    d = draw(neuron)
    monkeypatch.setattr(Drawing, "_picture", lambda *args, **kwargs: 1 / 0)
    assert "(no picture: division by zero)" in d._repr_mimebundle_()["text/plain"]
    d.graph = None
    assert "cannot show itself: AttributeError" in d._repr_mimebundle_()["text/plain"]
