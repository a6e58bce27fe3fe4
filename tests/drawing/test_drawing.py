"""Drawings: sets of nodes, edges and labels, in the DOT source and in the picture; never the bytes of a picture.

Which engine draws does not matter to these tests: they run with whatever `render_dot` finds.
"""

import json
import re
import sys

import pytest
from hypothesis import given, settings

from autograd import Value, dot, native, topological_order
from autograd.drawing import drawing
from autograd.drawing.drawing import draw
from tests.drawing.pictures import chain, layout, picture
from tests.graphs.test_graph import run
from tests.random_graphs import programs

# --- what is drawn ---------------------------------------------------------------------------------------------------


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


# --- errors ----------------------------------------------------------------------------------------------------------


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


# --- size ------------------------------------------------------------------------------------------------------------


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
    n = 100_000 if native else 20_000
    bundle = draw(chain(n))._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert len(bundle["text/plain"].splitlines()) < 45
    assert f"(not laid out, with {3 * n + 1:,} nodes: " in bundle["text/plain"].splitlines()[-1]


def test_pixels_of_a_large_graph_are_refused(tmp_path):
    d = draw(chain(100))
    assert d.size == 301
    for ask in (lambda: d.pipe("png"), lambda: d.render(outfile=tmp_path / "x.jpg")):
        with pytest.raises(ValueError, match=r'g of 301 nodes takes too much memory .*: use format="svg", draw only'):
            ask()
    assert d.pipe("svg")
    d.raster_limit = 400
    assert d.pipe("png").startswith(b"\x89PNG")
