"""Graphviz's own interface, and files of other endings."""

import json
import os
import re
from pathlib import Path

import graphviz
import pytest

from autograd import Value, draw
from autograd.drawing.drawing import Drawing
from autograd.rendering.rendering import RenderingError
from tests.drawing.pictures import chain, picture

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


def test_a_copy_is_one(neuron):
    d = draw(neuron)
    twin = d.copy()
    twin.node("note")
    assert (twin.source == d.source, "note" in d.source) == (False, False)
    assert twin.scene == d.scene


def test_what_is_added_to_a_picture_in_rows_is_drawn_too():
    d = draw(chain(30), fold=None)
    assert "layout=nop2" in d.source
    d.node("note", "by hand")
    d.edge("add2", "note")
    assert "layout=nop2" not in d.source
    nodes, edges = picture(d)
    assert ["by hand"] in [lines for _, lines in nodes.values()]
    assert any(title == "add2->note" for _, title in edges)


def test_a_subgraph_is_drawn_in_it(neuron):
    d = draw(neuron)
    with d.subgraph(name="cluster_mine") as part:
        part.attr(label="mine")
        part.node("leaf0")
    assert "mine" in d.pipe(encoding="utf-8")
    assert d.source.count("digraph") == 1


def test_one_may_make_an_empty_one():
    d = Drawing("mine", node_attr={"shape": "box"}, format="svg")
    d.edge("a", "b")
    assert b"<svg" in d.pipe()
    assert d.copy().source == d.source
    assert "image/svg+xml" in d._repr_mimebundle_()
    with pytest.raises(ValueError, match=r"put in by hand: only draw\(\) gives one"):
        print(d.scene)


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


@pytest.mark.parametrize(
    ("ending", "start"),
    [("svg", b"<?xml"), ("png", b"\x89PNG"), ("json", b"{"), ("txt", b"10 values"), ("SVG", b"<?xml")],
)
def test_saved_by_its_ending(neuron, tmp_path, ending, start):
    d = draw(neuron)
    assert d.save(tmp_path / f"x.{ending}") == str(tmp_path / f"x.{ending}")
    assert (tmp_path / f"x.{ending}").read_bytes().startswith(start)
    assert d.save(f"y.{ending}", tmp_path) == str(tmp_path / f"y.{ending}")
    assert sorted(os.listdir(tmp_path)) == [f"x.{ending}", f"y.{ending}"]
    assert d.filename == "autograd.gv", "where the source goes is another matter"


@pytest.mark.parametrize("name", ["x.gv", "x.dot", "x"])
def test_the_source_is_saved_as_graphviz_does(neuron, tmp_path, name):
    d = draw(neuron)
    assert d.save(tmp_path / name) == str(tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8") == d.source
    assert d.filename == str(tmp_path / name)


@pytest.mark.parametrize(("format", "attribute"), [("svg", rb'<svg width="([\d.]+)pt"'), ("png", None)])
def test_twice_as_large(neuron, tmp_path, format, attribute):
    widths = []
    for scale in (1, 2):
        draw(neuron).save(tmp_path / f"x.{format}", scale=scale)
        found = (tmp_path / f"x.{format}").read_bytes()
        widths.append(float(re.search(attribute, found)[1]) if attribute else int.from_bytes(found[16:20], "big"))
    assert widths[1] == pytest.approx(2 * widths[0], abs=2)


def test_a_picture_that_is_there_may_be_left(neuron, tmp_path):
    (tmp_path / "x.svg").write_text("mine")
    draw(neuron).save(tmp_path / "x.svg", skip_existing=True)
    assert (tmp_path / "x.svg").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"filename": "x.jpog"}, r"save: 'x.jpog' ends in none of \.svg, \.png, \.pdf, \.html, \.txt, .*\.json"),
        ({"filename": "x.json", "scale": 2}, r"scale 2: a number from 0.01 to 100, for \.svg and \.png alone"),
        ({"filename": "x.svg", "scale": -1.0}, r"scale -1\.0: a number from 0.01"),
        ({"scale": 2}, "scale 2: a number from 0.01 to 100"),
    ],
)
def test_what_cannot_be_saved(neuron, arguments, message):
    with pytest.raises(ValueError, match=message):
        draw(neuron).save(**arguments)


@pytest.mark.parametrize("name", ["x.svg", "x.json", "x.gv"])
def test_a_path_that_cannot_be_written_is_named(neuron, tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=re.escape(str(tmp_path / "file" / name))):
        draw(neuron).save(tmp_path / "file" / name)
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_named(neuron, tmp_path):
    for name in ("x.svg", "x.gv", "x.json"):
        draw(neuron).save(tmp_path / "new" / name)
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"x.svg", "x.gv", "x.json"}
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=re.escape(str(tmp_path / "file" / "x.svg"))):
        draw(neuron).save(tmp_path / "file" / "x.svg")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"filename": 3}, TypeError, "save: filename: expected a path, got int 3"),
        ({"filename": b"x.svg"}, TypeError, "save: filename: expected a path, got bytes"),
        ({"filename": "x.svg", "directory": [1]}, TypeError, r"save: directory: expected a path, got list \[1\]"),
        ({"filename": "a\0.svg"}, ValueError, r"save: filename 'a\\x00.svg' is no path"),
        ({"filename": "\ud800.svg"}, ValueError, "save: filename .* is no path that a file can have"),
        ({"filename": "x.svg", "scale": None}, ValueError, "save: scale None: a number from 0.01 to 100"),
        ({"filename": "x.svg", "scale": "2"}, ValueError, "save: scale '2': a number"),
        ({"filename": "x.svg", "scale": 1e30}, ValueError, "save: scale 1e\\+30: a number"),
        ({"filename": "x.pdf", "scale": 2}, ValueError, "save: scale 2: a number .* for .svg and .png alone"),
    ],
)
def test_what_save_cannot_do_is_said_before_anything_is_drawn(neuron, options, error, message):
    with pytest.raises(error, match=message):
        draw(neuron).save(**options)


def test_numbers_in_json_are_words_where_json_has_none(tmp_path):
    draw([Value(float("nan")), Value(float("-inf"))]).save(tmp_path / "x.json")
    boxes = json.loads((tmp_path / "x.json").read_text(), parse_constant=pytest.fail)["boxes"]
    assert [box["data"] for box in boxes] == ["NaN", "-Infinity"]


def test_what_only_dot_writes_explains_itself(neuron, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHAINRULE_DOT", raising=False)
    with pytest.raises(RenderingError, match="eps needs Graphviz's own `dot`"):
        draw(neuron).render(outfile=tmp_path / "x.eps")
    assert not (tmp_path / "x.eps").exists()
