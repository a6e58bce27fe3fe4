"""What can be drawn, what draw is told, and what micrograd's look is."""

import json
import re
import sys

import numpy as np
import pytest

import autograd
from autograd import Value, draw, draw_dot
from autograd.rendering import rendering
from tests.drawing.pictures import box_of, chain, lines_of, picture

pytestmark = pytest.mark.any_build

# --- what is drawn ---------------------------------------------------------------------------------------------------


def test_the_neuron_of_micrograds_notebook(neuron, engine):
    nodes, edges = picture(draw(neuron))
    assert sorted(lines for _, lines in nodes.values()) == sorted([
        ["x1", "data 2", "grad −1.5"], ["w1", "data −3", "grad 1"], ["x2", "data 0", "grad 0.5"],
        ["w2", "data 1", "grad 0"], ["b", "data 6.881", "grad 0.5"], ["x1 * w1", "data −6", "grad 0.5"],
        ["x2 * w2", "data 0", "grad 0.5"], ["x1 * w1 + x2 * w2", "data −6", "grad 0.5"],
        ["n", "x1 * w1 + x2 * w2 + b", "data 0.8814", "grad 0.5"], ["o", "tanh(n)", "data 0.7071", "grad 1"],
    ])  # fmt: skip
    assert sorted(classes[0] for classes, _ in nodes.values()) == ["leaf"] * 5 + ["operation"] * 5
    assert [classes for classes, _ in nodes.values() if "root" in classes] == [["operation", "root"]]
    assert len(edges) == 9


def test_anything_that_values_are_in():
    x, y = Value(2.0), Value(3.0)

    class Holder:
        def __graph__(self):
            return (v for v in (x, y))

    for what in ([x, y], (x, y), {x: 0, y: 1}.keys(), np.array([x, y]), Holder(), {"a": x, "b": y}):
        scene = draw(what).scene
        assert [(box["data"], box["root"]) for box in scene["boxes"]] == [(2.0, True), (3.0, True)]


def test_the_keys_of_a_dict_are_names():
    w = Value(2.0, label="w")
    assert [box["name"] for box in draw({"loss": w * w, 3: w}).scene["boxes"]] == ["3", "loss"]


def test_names_are_those_of_the_caller_unless_told_otherwise():
    alpha = Value(2.0)
    beta = Value(3.0, label="given")
    z = alpha - beta
    assert list(lines_of(draw(z))) == ["alpha", "given", "z"]
    assert list(lines_of(draw(z, labels="given"))) == ["leaf0", "given", "v1 - given"]
    assert list(lines_of(draw(z, labels=None))) == ["leaf0", "leaf1", "v1 - v2"]
    assert list(lines_of(draw(z, labels={alpha: "mine"}))) == ["mine", "given", "z"]
    assert (alpha.label, z.label) == ("", "")


def test_several_roots_of_which_one_feeds_another():
    x = Value(2.0)
    y = x.exp()
    assert [box["root"] for box in draw([y.sin(), y]).scene["boxes"]] == [False, True, True]


def test_a_constant_that_is_a_root_has_a_box():
    constant = Value(2.0).detach()
    (box,) = draw(constant).scene["boxes"]
    assert (box["role"], box["data"], box["grad"], box["count"]) == ("constant", 2.0, None, 0)
    scene = draw([constant, constant * Value(3.0)]).scene
    assert [box["role"] for box in scene["boxes"]] == ["constant", "leaf", "operation"]
    assert [edge["operand"] for edge in scene["edges"]] == [0, 1]


def test_inside_no_grad_and_while_a_function_is_recorded():
    x = Value(2.0)
    y = x * 3
    with autograd.no_grad():
        assert len(draw(y).scene["boxes"]) == 2

    def f(x):
        draw(x * 3)
        return x

    with pytest.raises(autograd.RecordingError, match="draw of a Value"):
        autograd.compile(f)(1.0)


def test_a_sum_of_2000_terms_without_recursion():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(220)
    try:
        d = draw(chain(2000))
        assert sum(" -> " in line for line in d.body) == 1
    finally:
        sys.setrecursionlimit(limit)
    assert [box["count"] for box in d.scene["boxes"]] == [2001, 2000]


def test_pixels_of_a_large_graph_are_refused(tmp_path):
    d = draw(chain(20))
    d.raster_limit = 40
    for ask in (
        lambda: d.pipe("png"),
        lambda: d.render(outfile=tmp_path / "x.jpg"),
        lambda: d.save(tmp_path / "x.png"),
    ):
        with pytest.raises(ValueError, match=r"g of 41 boxes takes too much memory \(the limit is 40\): use format"):
            ask()
    assert d.pipe("svg")
    d.raster_limit = 41
    assert d.pipe("png").startswith(b"\x89PNG")


# --- options ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_directions_by_both_names(direction):
    z = Value(1.0) - Value(2.0)
    d = draw(z, direction=direction)
    assert d.source == draw(z, rankdir=direction).source
    (*_, root), first = d.scene["boxes"], d.scene["boxes"][0]
    across, sign = {"LR": (0, 1), "RL": (0, -1), "TB": (1, 1), "BT": (1, -1)}[direction]
    assert sign * (root["position"][across] - first["position"][across]) > 0


def test_partials_are_written_on_request():
    w = Value(2.0)
    d = draw(autograd.dot([w], [-5.0]).tanh(), partials=True)
    assert [edge["text"] for edge in d.scene["edges"]] == ["×−5", "×8.24e−9"]
    assert [edge["text"] for edge in draw(w * 5.0).scene["edges"]] == [""]


def test_digits():
    third = Value(1 / 3)
    assert [draw(third, digits=n).scene["boxes"][0]["lines"][1]["text"] for n in (1, 3, 17)] == [
        "data 0.3", "data 0.333", "data 0.33333333333333331",
    ]  # fmt: skip


def test_ids_differ_between_drawings_and_not_between_runs():
    ids = [set(picture(draw(Value(x)))[0]) for x in (2.0, 3.0, 2.0)]
    assert ids[0].isdisjoint(ids[1])
    assert ids[0] == ids[2]


@pytest.mark.parametrize("name", ["a\\", 'a"b', "x} y {", "<b>", "%s", "a\nb", "a\0b", "\ud800"])
def test_the_name_of_a_graph_is_a_name_alone(name):
    d = draw(Value(1.0, label="x"), name=name)
    assert picture(d) == picture(draw(Value(1.0, label="x")))
    assert d.filename == f"{name}.gv"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rankdir": "left"}, "direction 'left' is no choice: 'LR', 'RL', 'TB', 'BT'"),
        ({"format": "jpog"}, "draw: unknown format 'jpog': choose svg"),
        ({"boxes": "three"}, "boxes 'three' is no choice: 'one', 'two'"),
        ({"partials": "yes"}, "partials 'yes' is no choice: True, False, 'auto'"),
        ({"color": "red"}, "color 'red' is no choice: \"grad\""),
        ({"theme": "pink"}, "theme 'pink' is no choice: 'light', 'dark'"),
        ({"digits": 0}, "digits 0: a whole number from 1 to 17"),
        ({"digits": 2.5}, r"digits 2\.5: a whole number"),
        ({"wrap": "no"}, "wrap 'no' is no choice: \"auto\", True, False, or a width"),
        ({"wrap": -3}, "wrap -3 is no choice"),
        ({"labels": "none"}, "labels 'none' is no choice"),
        ({"rankdir": ""}, "direction '' is no choice"),
        ({"wrap": np.ones(2)}, r"wrap array\(.*\) is no choice"),
        *[({name: np.ones(2)}, f"{name} array") for name in ("fold", "boxes", "partials", "color", "theme")],
    ],
)
def test_options_that_do_not_exist(options, message):
    with pytest.raises(ValueError, match=message):
        draw(Value(1.0), **options)


def test_labels_that_are_an_array_are_refused():
    with pytest.raises(TypeError, match=r"labels: expected one of these, got ndarray array"):
        draw(Value(1.0), labels=np.ones(2))


def test_what_is_not_a_value_is_named():
    with pytest.raises(TypeError, match=r"draw: expected a Value or several, got float 3\.0"):
        draw(3.0)
    with pytest.raises(TypeError, match="got object <object object"):
        draw([Value(1.0), object()])
    with pytest.raises(TypeError, match=r"draw: expected a Value or several, got float 1\.0"):
        draw({"a": 1.0})
    with pytest.raises(ValueError, match="draw: expected a Value or several, got none"):
        draw([])
    with pytest.raises(TypeError, match="draw_dot: expected a Value or several, got str 'x'"):
        draw_dot("x")


# --- micrograd's -----------------------------------------------------------------------------------------------------


def test_draw_dot_is_micrograds_picture(engine):
    x1, w1 = Value(2.0, label="x1"), Value(-3.0, label="w1")
    n = (x1 * w1 + 1).relu()
    n.label = "n"
    n.backward()
    d = draw_dot(n)
    nodes, edges = picture(d)
    assert sorted("".join(lines) for _, lines in nodes.values()) == sorted([
        "x1data 2grad 0", "w1data −3grad 0", "*", "data −6grad 0", "data 1grad –", "+", "data −5grad 0", "relu",
        "ndata 0grad 1",
    ])  # fmt: skip
    assert sorted(re.sub(":[a-z0-9]+", "", title) for _, title in edges) == sorted([
        "leaf0->mul2_op", "leaf1->mul2_op", "mul2_op->mul2", "mul2->add4_op", "constant3->add4_op", "add4_op->add4",
        "add4->relu5_op", "relu5_op->relu5",
    ])  # fmt: skip
    assert {box["fill"] for box in d.scene["boxes"]} == {"#FFFFFF"}
    assert (d.format, d.graph_attr["rankdir"]) == ("svg", "LR")
    assert draw_dot(n, format="png", rankdir="TB").graph_attr["rankdir"] == "TB"


def test_every_operand_has_a_box_in_two():
    x = Value(2.0)
    scene = draw(autograd.dot([x, 4.0, x], [3.0, x, 5.0], x), boxes="two").scene
    into = [edge for edge in scene["edges"] if edge["head"].endswith("_op")]
    tails = {box["id"]: box["data"] for box in scene["boxes"]}
    assert [(edge["operand"], tails[edge["tail"]]) for edge in into] == list(
        enumerate([2.0, 1.0, 2.0, 3.0, 4.0, 2.0, 2.0, 5.0])
    )
    assert sum(box["count"] for box in scene["boxes"]) == 2


@pytest.mark.parametrize("op", ["  ", "\n\n", "\r\n"])
def test_an_operation_whose_name_is_nothing_to_be_seen(op):
    d = draw_dot(Value(1.0, (Value(2.0),), op))
    assert [box["name"] for box in d.scene["boxes"] if box["role"] == "operator"] == ["custom"]
    assert ["custom"] in [lines for _, lines in picture(d)[0].values()]


def test_names_of_operations_are_text():
    x = Value(2.0)
    nodes, _ = picture(draw(Value(4.0, (x,), 'sq<2> | {"\\n"}', local_grads=(4.0,)), boxes="two"))
    assert ['sq<2> | {"\\n"}'] in [lines for _, lines in nodes.values()]


def test_the_engines_agree_on_boxes_and_edges(neuron, monkeypatch):
    found = []
    for path in filter(None, (next(rendering.pure_paths(), ""), rendering.shutil.which("dot") or "")):
        monkeypatch.setattr(rendering, "engines", lambda path=path: iter([rendering.Engine("one", path)]))
        names = json.loads(draw(neuron).pipe("json"))
        found.append(sorted(thing["name"] for thing in names["objects"]))
        assert box_of(draw(neuron), "o")["position"][0] > 300
    assert all(names == found[0] for names in found)
