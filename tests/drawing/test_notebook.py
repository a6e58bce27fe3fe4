"""What a notebook shows of a drawing."""

import base64
import os
import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest

import autograd
import nn
from autograd import Value, draw, native
from autograd.browser.html import html_of
from autograd.drawing import digraph, drawing
from autograd.drawing.bundle import bounded, slim
from autograd.drawing.drawing import Drawing
from tests.drawing.pictures import SVG, chain, recurrence

pytestmark = pytest.mark.any_build


def test_the_bundle_of_a_notebook(neuron):
    neuron.label = 'o "quoted" <b>'
    bundle = draw(neuron)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    assert all(isinstance(data, str) for data in bundle.values())
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    frame = re.fullmatch(
        r"<iframe title=\"[^\"]*\" sandbox=\"allow-scripts\" style=\"[^\"]*\" srcdoc='([^']*)'>(.*)</iframe>",
        bundle["text/html"],
        re.DOTALL,
    )
    assert unescape(frame[1]) == html_of(draw(neuron).document(most=10**9))
    html = re.fullmatch(
        r'<img alt="([^"]*)" style="max-width:100%" src="data:image/svg\+xml;base64,([^"]*)">', frame[2]
    )
    assert html[1] == "Computation graph: 10 values, 5 operations, o &quot;quoted&quot; &lt;b&gt; = 0.7071"
    assert base64.b64decode(html[2]).decode("utf-8") == slim(bundle["image/svg+xml"])
    assert 'fill="#ffffff"' in bundle["image/svg+xml"].lower(), "on white paper"
    assert "tanh(n)" in bundle["text/plain"]


def test_include_and_exclude(neuron):
    d = draw(neuron)
    assert set(d._repr_mimebundle_(include={"image/svg+xml"})) == {"image/svg+xml"}
    assert "text/html" not in d._repr_mimebundle_(exclude=["text/html"])
    assert d._repr_mimebundle_(include=[]) == {}


def test_a_png_is_shown_if_asked_for_and_not_too_large(neuron):
    assert 'src="data:image/png;base64,' in draw(neuron, format="png")._repr_mimebundle_()["text/html"]
    large = draw(chain(60), fold=None, format="png")
    assert "image/svg+xml;base64," in large._repr_mimebundle_()["text/html"], "its PNG would take too much"
    larger = draw(chain(100), fold=None)._repr_mimebundle_()
    assert set(larger) == {"text/plain", "text/html"}


def test_no_other_repr_competes():
    public = [name for name in dir(Drawing) if re.fullmatch(r"_(repr|ipython)_\w+_", name)]
    assert public == ["_repr_mimebundle_"]


def test_without_an_engine_there_is_text_and_a_hint(neuron, no_engine):
    bundle = draw(neuron)._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    text = " ".join(bundle["text/plain"].split())
    assert "(no picture: cannot render svg (dot: not found): `pip install graphviz-pure`" in text
    assert "tanh(n)" in bundle["text/plain"]


def test_a_notebook_is_not_kept_waiting(neuron, monkeypatch):
    waits = []
    monkeypatch.setattr(digraph, "render_dot", lambda *args, timeout, **kwargs: waits.append(timeout) or b"<svg/>")
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
    d._sheet = 3
    assert "cannot show itself: AttributeError" in d._repr_mimebundle_()["text/plain"]


def test_above_the_limit_there_is_text_at_once(monkeypatch):
    monkeypatch.setattr(digraph, "render_dot", lambda *args, **kwargs: pytest.fail("laid out"))
    n = 20_000 if native else 5_000
    bundle = draw(chain(n), fold=None)._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert len(bundle["text/plain"].encode()) <= 4096
    assert max(map(len, bundle["text/plain"].splitlines())) <= 120
    assert f"(not drawn: the graph has {2 * n + 1:,} nodes, of which" in " ".join(bundle["text/plain"].split())


@pytest.mark.parametrize("boxes", ["one", "two"])
def test_of_what_takes_long_to_lay_out_there_is_text_at_once(monkeypatch, boxes):
    monkeypatch.setattr(digraph, "render_dot", lambda *args, **kwargs: pytest.fail("laid out"))
    text = draw(recurrence(50), fold=None, boxes=boxes)._repr_mimebundle_()["text/plain"]
    assert len(text.encode()) <= 4096
    assert "(not laid out: edges that go past many shapes take minutes" in " ".join(text.split())


def test_one_node_of_400_000_operands_is_shown_at_once():
    n = 400_000 if native else 40_000
    z = autograd.dot([Value(0.5) for _ in range(n // 2)], [Value(2.0) for _ in range(n // 2)])
    begin = sum(os.times()[:4])  # of this process and those it ran, however busy the machine is
    bundle = draw(z)._repr_mimebundle_()
    assert sum(os.times()[:4]) - begin < 5.0
    assert f"# {n:,} operands" in bundle["text/plain"]
    assert "image/png" in bundle


def test_a_bundle_is_bounded():
    labels = [Value(1.0, label=f"{k} " + "x" * 10_000) for k in range(20)]
    bundle = draw(labels)._repr_mimebundle_()
    assert sum(len(data.encode()) for data in bundle.values()) <= 300_000
    assert set(bundle) == {"text/plain", "text/html"}
    shown = base64.b64decode(re.search(r"base64,([^\"]*)", bundle["text/html"])[1]).decode("utf-8")
    assert "x" * 100 not in shown, "an <img> shows no tooltips: it has none"
    ET.fromstring(shown)


def test_what_a_bundle_loses_first():
    full = {"text/plain": "text", "text/html": "h" * 100, "image/svg+xml": "s" * 100, "image/png": "p" * 100}
    assert bounded(full, most=304) == full
    assert bounded(full, most=303).keys() == full.keys() - {"image/png"}
    assert bounded(full, most=203).keys() == {"text/plain", "text/html"}
    assert bounded(full, most=103).keys() == {"text/plain"}
    long = full | {"text/html": "h" * 200_000}
    assert bounded(long).keys() == {"text/plain", "text/html"}, "a large picture is there once"


def test_a_slim_picture_looks_the_same(neuron):
    """In the same places and colours; what a parent says of a text need not be said again."""
    full = ET.fromstring(draw(neuron).pipe("svg"))
    less = ET.fromstring(slim(draw(neuron).pipe("svg").decode()))
    for tag, attributes in (("polygon", ("points", "fill", "stroke")), ("path", ("d", "stroke")), ("text", ("x", "y"))):
        there = [[x.get(a) for a in attributes] + [x.text] for x in full.iter(SVG + tag)]
        assert there == [[x.get(a) for a in attributes] + [x.text] for x in less.iter(SVG + tag)]
        assert there
    first = next(full.iter(f"{SVG}text"))
    assert {a: less.get(a) for a in ("font-family", "font-size", "fill")} == {
        a: first.get(a) for a in ("font-family", "font-size", "fill")
    }
    assert not any(x.get("fill") is None for kind in ("polygon", "path") for x in less.iter(SVG + kind))


@pytest.mark.parametrize("make", [lambda: chain(20), lambda: nn.MLP(2, [16, 16, 1], rng=1)([1.0, 2.0])])
def test_one_prediction_takes_little_and_is_a_page(make):
    bundle = draw(make())._repr_mimebundle_()
    assert sum(len(data.encode()) for data in bundle.values()) <= 150_000
    assert "<iframe" in bundle["text/html"]


def test_where_there_is_no_room_for_the_page_the_picture_says_how_to_get_it(neuron, monkeypatch):
    monkeypatch.setattr(drawing, "frame_of", lambda document, picture: picture + 300_000 * " ")
    bundle = draw(neuron)._repr_mimebundle_()
    assert "<iframe" not in bundle["text/html"]
    assert "<img" in bundle["text/html"]
    for kind in ("text/plain", "text/html"):
        assert ".page(" in bundle[kind]


def test_what_cannot_be_stepped_through_is_a_picture_alone():
    assert "<iframe" not in draw(nn.MLP(2, [3, 1], rng=1))._repr_mimebundle_()["text/html"]
    by_hand = draw(Value(3.0).exp())
    by_hand.node("mine")
    assert "<iframe" not in by_hand._repr_mimebundle_()["text/html"], "the page would not have it"
