"""Pictures that are too wide for a cell, in rows."""

import itertools

import pytest

import nn
from autograd import Value, draw
from autograd.scenes.curves import joined, line
from autograd.scenes.wrapping import WIDEST
from tests.drawing.pictures import box_of, chain, picture, recurrence

pytestmark = pytest.mark.any_build


def overlapping(a, b):
    """Whether two boxes lie over each other."""
    (ax, ay), (aw, ah), (bx, by), (bw, bh) = a["position"], a["size"], b["position"], b["size"]
    return abs(ax - bx) < (aw + bw) / 2 - 1 and abs(ay - by) < (ah + bh) / 2 - 1


def points_on(path):
    """Points along a path."""
    for k in range(0, len(path) - 1, 3):
        a, b, c, d = path[k : k + 4]
        for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
            s = 1.0 - t
            weights = (s**3, 3 * s**2 * t, 3 * s * t**2, t**3)
            yield tuple(sum(w * p[i] for w, p in zip(weights, (a, b, c, d), strict=True)) for i in (0, 1))


def assert_readable(scene):
    """No box lies over another, and edges run through none but, by a little, those they join."""
    for a, b in itertools.combinations(scene["boxes"], 2):
        assert not overlapping(a, b), (a["id"], b["id"])
    for edge in scene["edges"]:
        others = [box for box in scene["boxes"] if box["id"] not in (edge["tail"], edge["head"])]
        for x, y in points_on(edge["path"]):
            for box in others:
                (bx, by), (w, h) = box["position"], box["size"]
                inside = abs(x - bx) < w / 2 - 4 and abs(y - by) < h / 2 - 4
                assert not inside, (edge["tail"], edge["head"], box["id"])


@pytest.mark.parametrize("direction", ["LR", "RL"])
@pytest.mark.parametrize("graph", [lambda: chain(60), lambda: recurrence(10)])
def test_rows_fit_and_can_be_read(engine, graph, direction):
    d = draw(graph(), fold=None, direction=direction)
    scene = d.scene
    assert scene["width"] <= WIDEST
    assert_readable(scene)
    rows = {round(box["position"][1] / 10) for box in scene["boxes"]}
    assert len(rows) >= 4
    nodes, edges = picture(d)
    assert (len(nodes), len(edges)) == (len(scene["boxes"]), len(scene["edges"]))


def test_partials_of_a_recurrence(engine):
    scene = draw(recurrence(6), fold=None, partials=True).scene
    assert scene["width"] <= WIDEST
    assert_readable(scene)
    labels = [edge["label"] for edge in scene["edges"]]
    for a, b in itertools.combinations(labels, 2):
        assert abs(a[0] - b[0]) > 12 or abs(a[1] - b[1]) > 9, "one number lies on another"


def test_every_output_shows_the_same_rows(engine):
    d = draw(chain(40), fold=None)
    assert "layout=nop2" in d.source
    wide, high = d.scene["width"], d.scene["height"]
    svg = d.pipe("svg").split(b"viewBox=")[1].split(b'"')[1].split()
    assert float(svg[2]) == pytest.approx(wide, abs=40)
    assert float(svg[3]) == pytest.approx(high, abs=80), "with the legend below"
    assert b"rounded: leaf" in d.pipe("svg").replace(b"&#45;", b"-").replace(b"\xc2\xa0", b" ")


def test_a_narrow_picture_is_left_as_it_is(neuron):
    assert "nop2" not in draw(neuron).source
    assert "nop2" not in draw(chain(60), fold=None, wrap=False).source
    assert "nop2" not in draw(chain(60), fold=None, direction="TB").source
    assert draw(chain(60), fold=None, wrap=False).scene["width"] > WIDEST


def test_a_width_of_ones_own(neuron):
    scene = draw(neuron, wrap=400).scene
    assert scene["width"] <= 400
    assert_readable(scene)
    scene = draw(neuron, wrap=10).scene
    assert scene["width"] < draw(neuron, wrap=False).scene["width"], "as narrow as its boxes let it be"


def test_rows_are_read_like_lines_of_text():
    scene = draw(chain(30), fold=None).scene
    operations = [box for box in scene["boxes"] if box["formula"]]
    for before, after in itertools.pairwise(operations):
        right = after["position"][0] > before["position"][0]
        below = after["position"][1] > before["position"][1] + before["size"][1] / 2
        assert right or below


def test_without_an_engine_the_source_is_plain(no_engine):
    d = draw(chain(60), fold=None)
    assert "nop2" not in d.source
    assert d.source.count("->") == 120


def test_what_is_wide_by_one_box_cannot_be_broken():
    d = draw(Value(1.0, label="x" * 24), wrap=20)
    assert len(d.scene["boxes"]) == 1
    assert box_of(d, "x" * 24)["size"][0] > 20


def test_lines():
    corners = [(0.0, 0.0), (20.0, 0.0), (20.0, 30.0), (20.0, 30.0)]
    points = line(corners)
    assert len(points) % 3 == 1
    assert (points[0], points[-1]) == ((0.0, 0.0), (20.0, 30.0))
    assert joined(points, line([points[-1], (50.0, 30.0)]))[-1] == (50.0, 30.0)


def test_from_top_to_bottom_a_picture_that_would_be_too_wide_is_folded():
    model, x, y = nn.MLP(2, [3, 1], "tanh", rng=1), [Value(0.5), Value(-1.0)], Value(1.0)
    loss = (model(x) - y) ** 2
    scene = draw(loss, direction="TB").scene
    assert scene["width"] <= WIDEST
    assert {box["role"] for box in scene["boxes"]} >= {"group", "input", "target"}
    assert all(box["role"] != "group" for box in draw(loss, direction="TB", wrap=False).scene["boxes"])
    named = [Value(float(k), label=f"value {k}") for k in range(30)]
    assert [box["name"] for box in draw(named, direction="TB").scene["boxes"]] == [v.label for v in named]
