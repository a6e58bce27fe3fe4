"""matplotlib: the same picture at the same places."""

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import matplotlib
import pytest

from autograd import Value, draw
from autograd.rendering.rendering import RenderingError
from autograd.writers import plot
from autograd.writers.plot import figure_of, to_pdf
from tests.writers.scenes import HOSTILE, every_shape, hostile, network, neuron

pytestmark = pytest.mark.any_build


def artists(figure, gid):
    (axes,) = figure.axes
    return [artist for artist in (*axes.patches, *axes.texts) if artist.get_gid() == gid]


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_artists_are_where_the_scene_has_them(direction):
    scene = neuron(direction=direction, partials=True).scene
    figure = figure_of(scene)
    (axes,) = figure.axes
    for box in scene["boxes"]:
        border, *texts = artists(figure, box["id"])
        frame = border.get_path().get_extents(border.get_patch_transform())
        assert ((frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2) == pytest.approx(box["position"])
        assert (frame.width, frame.height) == pytest.approx(box["size"])
        assert [text.get_text() for text in texts] == [line["text"] for line in box["lines"]]
        ys = [text.get_position()[1] for text in texts]
        assert ys == sorted(ys)
    heads = artists(figure, "arrow")
    assert [tuple(head.get_xy()[0]) for head in heads] == [pytest.approx(edge["entry"]) for edge in scene["edges"]]
    labels = artists(figure, "label")
    assert [label.get_text() for label in labels] == [edge["text"] for edge in scene["edges"]]
    low, high = axes.get_ylim()
    assert low > high, "y goes downwards"


def test_operands_enter_in_ascending_order():
    scene = neuron().scene
    places = [(edge["head"], edge["operand"]) for edge in scene["edges"]]
    tips = dict(zip(places, artists(figure_of(scene), "arrow"), strict=True))
    pairs = [(head, place) for head, place in tips if (head, place + 1) in tips]
    assert pairs
    for head, place in pairs:
        assert tips[head, place].get_xy()[0][1] < tips[head, place + 1].get_xy()[0][1]


@pytest.mark.parametrize("scene", [neuron(partials=True).scene, every_shape(), hostile().scene])
def test_every_text_fits_its_box(scene):
    figure = figure_of(scene)
    (axes,) = figure.axes
    figure.canvas.draw()
    for box in scene["boxes"]:
        for text in axes.texts:
            if text.get_gid() == box["id"]:
                frame = text.get_window_extent().transformed(axes.transData.inverted())
                assert frame.width <= box["size"][0] + 1.0, text.get_text()


def test_what_no_font_has_is_marked_and_formulas_are_not_read(monkeypatch):
    monkeypatch.setattr(plot.Letters, "others", lambda self: iter(()))
    texts = [text.get_text() for text in figure_of(hostile().scene).axes[0].texts]
    assert any(re.match(r"\[U\+4E2D 6587\] ", text) for text in texts)
    assert "$\\alpha$ $$x$$" in texts
    assert "[U+202E]abc[U+2066]" in texts
    assert to_pdf(hostile().scene).startswith(b"%PDF-")  # a glyph that is missing would warn
    assert len([label for label in HOSTILE if label in texts]) > 15


def test_the_pdf_is_the_same_each_time_and_has_letters():
    code = "from tests.writers.scenes import *; from autograd.writers.plot import to_pdf; import sys;"
    code += "sys.stdout.buffer.write(to_pdf(neuron(partials=True).scene))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == to_pdf(neuron(partials=True).scene)
    assert b"/FontFile2" in runs[0]
    assert b"/Image" not in re.sub(rb"/ProcSet \[[^]]*\]", b"", runs[0])
    assert any(b"BT\n" in zlib.decompress(found) for found in streams(runs[0]))


def streams(pdf):
    for found in re.finditer(rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        yield found[1]


def test_settings_of_the_user_change_nothing():
    before = to_pdf(neuron().scene)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):
        assert to_pdf(neuron().scene) == before


def test_lines_of_a_network_are_as_wide_as_they_are_and_no_arrows(tmp_path):
    scene = network().scene
    figure = figure_of(scene)
    for edge in scene["edges"]:
        (line,) = artists(figure, f"{edge['tail']}->{edge['head']}")
        assert line.get_linewidth() == edge["width"]
        assert (line.get_linestyle() not in ("solid", "-")) == edge["dashed"]
    assert artists(figure, "arrow") == []
    for box in scene["boxes"]:
        borders = [x for x in artists(figure, box["id"]) if x in figure.axes[0].patches]
        kinds = {"circle": ["Ellipse"], "square": ["Polygon"], "plain": []}
        assert [type(border).__name__ for border in borders] == kinds[box["shape"]]


@pytest.mark.parametrize("scene", [network().scene, neuron().scene, draw(Value(1.0, label="x")).scene])
def test_the_legend_is_whole_and_on_the_page(scene):
    figure = figure_of(scene)
    figure.canvas.draw()
    texts = artists(figure, "legend")
    words = " ".join(text.get_text() for text in texts if hasattr(text, "get_text"))
    assert all(entry["text"] in words for entry in scene["legend"])
    for artist in texts:
        frame = artist.get_window_extent()
        assert frame.x1 <= figure.bbox.x1
        assert frame.y0 >= figure.bbox.y0
        assert not hasattr(artist, "get_text") or artist.get_fontsize() >= 8.0


@pytest.fixture
def no_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHAINRULE_DOT", raising=False)


def test_pdf_is_made_without_dot_whatever_asks_for_it(tmp_path, no_dot):
    d = neuron()
    assert d.save(tmp_path / "graph.pdf") == str(tmp_path / "graph.pdf")
    path = d.render(tmp_path / "graph", format="pdf")
    for found in ((tmp_path / "graph.pdf").read_bytes(), d.pipe("pdf"), Path(path).read_bytes()):
        assert b"Matplotlib" in found


@pytest.mark.parametrize("options", [{"engine": "neato"}, {"renderer": "cairo"}])
def test_what_is_asked_of_engines_alone_is_refused_without_one(options, no_dot):
    with pytest.raises(RenderingError, match="pdf needs Graphviz's own `dot`"):
        neuron().pipe("pdf", **options)


def test_what_was_added_by_hand_is_never_left_out_of_a_pdf(no_dot):
    d = neuron()
    d.node("mine")
    with pytest.raises(RenderingError, match="pdf needs Graphviz's own `dot`"):
        d.pipe("pdf")


def test_without_dot_and_matplotlib_both_are_named(monkeypatch, no_dot):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RenderingError, match=r"needs Graphviz's own `dot` .*, or `pip install matplotlib`"):
        neuron().pipe("pdf")


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    scene = neuron().scene
    with pytest.raises(ImportError, match="needs matplotlib, or Graphviz's own dot: pip install matplotlib"):
        to_pdf(scene)
