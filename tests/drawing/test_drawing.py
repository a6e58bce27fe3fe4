"""Drawings: sets of nodes, edges and labels, in the DOT source and in the picture; never the bytes of a picture.

Which engine draws does not matter to these tests: they run with whatever `render_dot` finds.
"""

import base64
import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import graphviz
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import Value, dot, topological_order
from autograd.drawing import drawing
from autograd.drawing import rendering as rendering_module
from autograd.drawing.drawing import Drawing, draw
from autograd.drawing.rendering import RenderingError
from tests.graphs.test_graph import run
from tests.random_graphs import programs

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def neuron():
    """tanh(x1*w1 + x2*w2 + b), as in micrograd's notebook."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    o.backward()
    return o


@pytest.fixture
def no_engine(monkeypatch):
    """A machine on which nothing can draw."""
    monkeypatch.setattr(rendering_module, "engines", lambda: iter([rendering_module.Engine("dot", "")]))


def picture(d):
    """What was laid out: the classes and the lines of text of every node, and the edges, by SVG id."""
    root = ET.fromstring(d.pipe("svg"))
    nodes, edges = {}, set()
    for g in root.iter(f"{SVG}g"):
        if g.get("class", "").startswith("node"):
            nodes[g.get("id")] = (
                g.get("class").split()[1],
                [t.text.replace("\xa0", " ") for t in g.iter(f"{SVG}text")],
            )
        elif g.get("class", "").startswith("edge"):
            edges.add((g.get("id"), g.find(f"{SVG}title").text))
    return nodes, edges


def layout(d):
    """Node names and edges as the engine's JSON has them."""
    found = json.loads(d.pipe("json"))
    names = [thing["name"] for thing in found["objects"]]
    return names, [(names[edge["tail"]], names[edge["head"]]) for edge in found.get("edges", [])]


def chain(n):
    z = Value(1.0)
    for _ in range(n):
        z = z + Value(1.0)
    return z


# --- what is drawn ---


def test_the_neuron_of_micrograds_notebook(neuron):
    nodes, edges = picture(draw(neuron))
    assert sorted(lines for _, lines in nodes.values()) == sorted([
        ["x1", "data 2.0000", "grad -1.5000"], ["w1", "data -3.0000", "grad 1.0000"],
        ["x2", "data 0.0000", "grad 0.5000"], ["w2", "data 1.0000", "grad 0.0000"],
        ["b", "data 6.8814", "grad 0.5000"], ["n", "data 0.8814", "grad 0.5000"], ["o", "data 0.7071", "grad 1.0000"],
        ["data -6.0000", "grad 0.5000"], ["data 0.0000", "grad 0.5000"], ["data -6.0000", "grad 0.5000"],
        ["*"], ["*"], ["+"], ["+"], ["tanh"],
    ])  # fmt: skip
    assert sorted(kind for kind, _ in nodes.values()) == ["leaf"] * 5 + ["op"] * 5 + ["result"] * 5
    assert len(edges) == 14


@settings(deadline=None, max_examples=25)
@given(programs(max_steps=20))
def test_boxes_ellipses_and_arrows_are_those_of_the_graph(program):
    root = run(program)
    order = topological_order(root)
    operations = [value for value in order if value.operands]
    names, edges = layout(draw(root))
    assert len(names) == len(set(names)) == len(order) + len(operations) == draw(root).size
    assert len(edges) == sum(len(value.operands) for value in order) + len(operations)
    assert sorted(head for _, head in edges if not head.endswith("_op")) == sorted(
        name.removesuffix("_op") for name in names if name.endswith("_op")
    )


def test_a_repeated_operand_has_two_arrows():
    x = Value(3.0)
    _, edges = layout(draw(x * x))
    assert sorted(edges) == [("leaf0", "mul1_op"), ("leaf0", "mul1_op"), ("mul1_op", "mul1")]


def test_constants_are_plain():
    frozen = Value(0.25, label="k").detach()
    frozen.label = "k"
    nodes, _ = picture(draw(Value(2.0) ** 3 * frozen))
    assert sorted(lines for kind, lines in nodes.values() if kind == "constant") == [["3"], ["k = 0.25"]]


def test_numbers_of_any_size():
    values = [Value(x) for x in (float("nan"), float("inf"), -1e-300, 123456789.0)]
    nodes, _ = picture(draw(values))
    assert {lines[0] for _, lines in nodes.values()} == {"data nan", "data inf", "data -1e-300", "data 1.235e+08"}


def test_partials_are_written_on_request():
    w = Value(2.0)
    d = draw(dot([w], [5.0]).tanh(), partials=True)
    texts = re.findall(r'label=" (\S+) "', d.source)
    assert texts == ["5.0000", "8.245e-09"]
    assert 'label=" ' not in draw(w * 5.0).source


def test_roots_are_thick_and_depth_leaves_an_ellipsis():
    x = Value(2.0)
    d = draw([x.sin().cos(), x.exp()], depth=1)
    assert sum("penwidth=2" in line for line in d.body) == 2
    nodes, _ = picture(d)
    assert sorted(lines for kind, lines in nodes.values() if kind == "op") == [["..."], ["cos"], ["exp"]]


def test_ids_differ_between_drawings_and_not_between_runs():
    x, y = Value(2.0), Value(3.0)
    ids = [set(picture(draw(v * v))[0]) for v in (x, y, Value(2.0))]
    assert ids[0].isdisjoint(ids[1])
    assert ids[0] == ids[2]
    assert draw(x).source == draw(x).source != draw(x, rankdir="TB").source


def test_operands_are_drawn_in_order():
    nodes = json.loads(draw(dot([Value(1.0), Value(2.0)], [3.0, 4.0])).pipe("json"))["objects"]
    height = {node["name"]: float(node["pos"].split(",")[1]) for node in nodes}
    names = ["leaf0", "constant2", "leaf1", "constant3"]
    assert sorted(names, key=height.__getitem__, reverse=True) == names


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_directions(rankdir):
    assert f"rankdir={rankdir}" in draw(Value(1.0), rankdir=rankdir).source


# --- labels ---


def shown(label):
    """The lines of text that a label becomes in a picture of a leaf."""
    nodes, _ = picture(draw(Value(1.0, label=label)))
    (((kind, lines),)) = nodes.values()
    assert kind == "leaf"
    assert lines[-2:] == ["data 1.0000", "grad 0.0000"], "a field was lost"
    return lines[:-2]


@pytest.mark.parametrize(
    "label",
    [
        "{", "}", "|", "<y>", "<", ">", "a|b|c", "{x}", "\\", "\\\\", "\\n", "\\N", "\\G", "\\l", 'say "hi"', '\\"',
        "&", "&lt;", "&amp;", "a  b", "∂loss/∂w₁", "梯度", "x\\", "<b>bold</b>", "{{|<\\>|}}", "%s $x$ #1 // c /* d */",
        "->", "node", "1.5",
    ],
)  # fmt: skip
def test_a_label_is_drawn_as_it_is(label):
    assert shown(label) == [label]


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), min_size=1, max_size=12))
@example("<a>|")
def test_any_label_keeps_every_field(label):
    (text,) = shown(label) or [""]
    squeezed = [re.sub(r"\s+", " ", t).strip() for t in (text, label)]
    assert squeezed[0] == squeezed[1]


def test_lines_of_a_label_are_lines():
    assert shown("one\ntwo") == ["one", "two"]
    assert shown("one\r\ntwo\tthree") == ["one", "two    three"]


def test_what_has_no_picture_is_replaced():
    assert shown("a\x00b\x07c\ud800d") == ["a\ufffdb\ufffdc\ufffdd"]
    assert shown("a\ufffeb\uffffc") == ["a\ufffdb\ufffdc"]


@pytest.mark.parametrize("name", ["a\\", 'a"b', "x} y {", "<b>", "%s", "a\nb"])
def test_the_name_of_a_graph_is_a_name_alone(name):
    drawing = draw(Value(1.0, label="x"), name=name)
    assert picture(drawing) == picture(draw(Value(1.0, label="x")))
    assert drawing.filename == f"{name}.gv"


def test_names_of_operations_are_escaped_too():
    x = Value(2.0)
    nodes, _ = picture(draw(Value(4.0, (x,), 'sq<2> | {"\\n"}', local_grads=(4.0,))))
    assert ['sq<2> | {"\\n"}'] in [lines for _, lines in nodes.values()]


# --- errors ---


def test_what_is_not_a_value_is_named():
    with pytest.raises(TypeError, match=r"draw: expected a Value or several, got float 3\.0"):
        draw(3.0)
    with pytest.raises(TypeError, match="got object <object object"):
        draw([Value(1.0), object()])
    with pytest.raises(ValueError, match="draw: expected a Value or several, got none"):
        draw([])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rankdir": "left"}, "rankdir 'left' is not a direction: choose LR"),
        ({"format": "jpog"}, "draw: unknown format 'jpog': choose svg"),
        ({"depth": -2}, "draw: depth -2 is negative"),
    ],
)
def test_options_that_do_not_exist(options, message):
    with pytest.raises(ValueError, match=message):
        draw(Value(1.0), **options)


# --- size ---


def test_a_sum_of_2000_terms_without_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        d = draw(chain(2000))
    finally:
        sys.setrecursionlimit(limit)
    assert d.size == 6001
    assert sum(" -> " in line for line in d.body) == 6000


def test_a_graph_too_large_to_show_shows_as_text_at_once(monkeypatch):
    monkeypatch.setattr(drawing, "render_dot", lambda *args, **kwargs: pytest.fail("laid out"))
    bundle = draw(chain(100_000))._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert len(bundle["text/plain"].splitlines()) < 45
    assert "(not laid out, with 300,001 nodes: " in bundle["text/plain"].splitlines()[-1]


def test_pixels_of_a_large_graph_are_refused(tmp_path):
    d = draw(chain(100))
    assert d.size == 301
    for ask in (lambda: d.pipe("png"), lambda: d.render(outfile=tmp_path / "x.jpg")):
        with pytest.raises(ValueError, match=r'g of 301 nodes takes too much memory .*: use format="svg", draw only'):
            ask()
    assert d.pipe("svg")
    d.raster_limit = 400
    assert d.pipe("png").startswith(b"\x89PNG")


# --- graphviz's interface ---


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


# --- notebooks ---


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
