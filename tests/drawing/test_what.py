"""What can be drawn, and what is said of all else."""

import math
import pickle
import re

import numpy as np
import pytest

import autograd
import nn
from autograd import Tape, Value, compile, draw, no_grad
from autograd.drawing import draw as draw_file
from autograd.engine.refusals import RecordingError
from autograd.writers.reading import PAD, outline_of

pytestmark = pytest.mark.any_build


def names_in(drawing):
    return [box["name"] for box in drawing.scene["boxes"]]


def formulas_in(drawing):
    return [box["formula"] for box in drawing.scene["boxes"] if box["formula"]]


def test_a_value_several_and_structures_of_them():
    x = Value(2.0)
    y, z = x * x, x.exp()
    assert formulas_in(draw(y)) == ["x * x"]
    assert {box["name"] for box in draw([y, z]).scene["boxes"] if box["root"]} == {"y", "z"}
    assert {box["name"] for box in draw({"square": y, "rest": [z, -x]}).scene["boxes"] if box["root"]} == {
        "square", "rest[0]", "rest[1]",
    }  # fmt: skip
    assert len(draw(np.array([[y, z], [y, x]], dtype=object)).scene["boxes"]) == 3
    assert len(draw(v for v in (y, z)).scene["boxes"]) == 3
    assert draw([z, z.log()]).scene["boxes"][1]["root"], "a root that feeds another"


def test_names_of_the_caller_are_seen_and_nothing_is_written_or_kept():
    weights = {"rate": Value(0.5), "list": [Value(1.0), Value(2.0)]}
    loss = weights["rate"] * weights["list"][1]
    drawing = draw(loss)
    assert names_in(drawing) == ['weights["rate"]', 'weights["list"][1]', "loss"]
    assert weights["rate"].label == ""
    assert loss.label == ""
    assert names_in(draw(loss, labels=None)) == ["", "", ""]
    assert names_in(draw(loss, labels={loss: "total"}))[-1] == "total"
    assert names_in(draw(loss, labels="given")) == ["", "", ""]


def test_a_tape_and_a_compiled_function_have_formulas_and_no_numbers():
    tape = Tape.record(lambda x, y: (x * y).exp() if x > 0 else -x, 3.0, 2.0)
    drawing = draw(tape)
    assert sorted(formulas_in(drawing)) == ["exp(x0 * x1)", "less(0, x0)", "x0 * x1"]
    assert all(box["data"] is None and box["grad"] is None for box in drawing.scene["boxes"])
    assert "data" not in drawing.source
    assert "nan" not in drawing.title
    f = compile(lambda x, y: x * y if x > y else x - y)
    with pytest.raises(ValueError, match=r"recorded no path yet: call it once, or write draw\(<lambda>, args=\.\.\.\)"):
        draw(f)
    f(1.0, 2.0)
    f(2.0, 1.0)
    drawing = draw(f)
    assert {box["name"] for box in drawing.scene["boxes"] if box["root"]} == {
        "path 1: output", "path 1: only if false", "path 2: output", "path 2: only if true",
    }  # fmt: skip
    assert "x - y" in formulas_in(drawing)
    assert "x * y" in formulas_in(drawing)


def test_a_function_with_arguments():
    def price(spot, rates, *, scale=2.0):
        return spot * rates[1] * scale

    drawing = draw(price, args=(3.0, [0.1, 0.2]))
    assert names_in(drawing)[:2] == ["spot", "rates[1]"]
    assert drawing.scene["boxes"][-1]["data"] == 3.0 * 0.2 * 2.0
    assert names_in(draw(price, args={"spot": 3.0, "rates": np.array([1.0, 2.0]), "scale": 1.0}))[0] == "spot"
    assert len(draw(compile(lambda x: x * x), args=3.0).scene["boxes"]) == 2
    model = nn.MLP(2, [2, 1], rng=1)
    names = names_in(draw(model, args=([1.0, 2.0],)))
    assert "model.layers.0.neurons.0.b" in names
    with pytest.raises(
        TypeError, match=r"price cannot be called with args=\(1.0,\): missing a required argument: 'rates'"
    ):
        draw(price, args=(1.0,))
    with pytest.raises(TypeError, match=r"args: float 3\.0 cannot be called: leave args out"):
        draw(3.0, args=(1.0,))
    with pytest.raises(TypeError, match=r"expected a Value or several, got float 3\.0"):
        draw(lambda x: 3.0, args=(1.0,))


@pytest.mark.parametrize(
    ("thing", "error", "message"),
    [
        (
            3.0,
            TypeError,
            "draw: expected a Value or several, got float 3.0: pass what a computation on Values returned",
        ),
        ([Value(1.0), "w"], TypeError, "draw: expected a Value or several, got str 'w'"),
        ([], ValueError, r"draw: expected a Value or several, got none \(an empty list\)"),
        ({}, ValueError, "an empty dict"),
        (None, TypeError, "got NoneType None"),
        (np.array([1.0]), TypeError, "got float64 "),
        (
            math.sin,
            TypeError,
            r"draw what it computes, as in draw\(sin, args=\(1.0, 2.0\)\) or draw\(sin\(Value\(1.0\)\)\)",
        ),
        (lambda x: x, TypeError, r"as in draw\(f, args="),
        (nn.Module(), ValueError, "draw: nothing to draw: .* has no parameters"),
    ],
)
def test_what_cannot_be_drawn_is_told_what_to_write(thing, error, message):
    with pytest.raises(error, match=message):
        draw(thing)


def test_a_module_without_neurons_is_told_of_its_loss():
    class Line(nn.Module):
        def __init__(self):
            self.slope = Value(1.0)

    with pytest.raises(ValueError, match=r"draw: nothing to draw as columns.*autograd.draw\(loss\)"):
        draw(Line())


def test_a_list_that_contains_itself():
    endless = [Value(1.0)]
    endless.append(endless)
    with pytest.raises(ValueError, match="a list that contains itself has no end"):
        draw(endless)


def test_under_no_grad_and_while_a_function_is_recorded():
    x = Value(2.0)
    y = x * x
    with no_grad():
        assert len(draw(y).scene["boxes"]) == 2
        assert [box["role"] for box in draw(y * 2).scene["boxes"]] == ["constant"]
        assert formulas_in(draw(Tape(y, x))) == ["x0 * x0"], "a tape is recorded anew, whatever goes on around it"

    def curious(x):
        draw(x * x)
        return x

    for run in (lambda: compile(curious)(1.0), lambda: Tape.record(curious, 1.0)):
        with pytest.raises(RecordingError, match="draw of a Value"):
            run()


def test_options_that_do_not_exist():
    y = Value(1.0).exp()
    for options, message in (
        ({"fold": "modules"}, "fold 'modules' is no choice: 'auto', None, 'module', 'layer', 'neuron', 'repeats'"),
        ({"max_boxes": 0}, "max_boxes 0: a whole number from 1 on"),
        ({"depth": -1}, "depth -1 is negative"),
        ({"around": Value(2.0)}, "around: .* is not in the graph that is drawn"),
        ({"between": (y, y.exp())}, "between: .* is not in the graph"),
        ({"between": (y, y.operands[0])}, "no way from the first to the second"),
        ({"around": []}, "around: expected a Value of the graph, got none"),
        ({"format": "docx"}, "unknown format 'docx'"),
    ):
        with pytest.raises(ValueError, match=message):
            draw(y, **options)
    for options, message in (
        ({"depth": 1.5}, "depth: expected a whole number of operations, got float 1.5"),
        ({"around": 3}, "around: expected a Value of the graph, got int 3"),
        ({"between": y}, "between: expected two Values"),
        ({"name": 3}, "name: expected a str, got int 3"),
    ):
        with pytest.raises(TypeError, match=message):
            draw(y, **options)


def test_parts_of_a_graph():
    x = Value(0.5)
    chain = [x]
    for _ in range(10):
        chain.append(chain[-1].sin())
    y = chain[-1] + x * 2
    assert len(draw(y, depth=1).scene["boxes"]) == 3
    assert [box["cut"] for box in draw(y, depth=1).scene["boxes"]] == [True, True, False]
    near = draw(y, around=chain[5])
    assert len(near.scene["boxes"]) == 5
    assert [box["cut"] for box in near.scene["boxes"]] == [True, False, False, False, False]
    assert len(draw(y, around=chain[5], depth=1).scene["boxes"]) == 3
    assert len(draw(y, between=(chain[3], chain[7])).scene["boxes"]) == 5
    assert len(draw(y, between=(x, y)).scene["boxes"]) == 13
    both = draw(y, around=chain[5], between=(chain[4], chain[10]))
    assert len(both.scene["boxes"]) == 4


def test_groups_are_opened_closed_and_looked_around():
    w = Value(0.3)
    losses = [(w * k).tanh() for k in range(100)]
    total = autograd.sum(losses)
    drawing = draw(total)
    assert [box["role"] for box in drawing.scene["boxes"]] == ["leaf", "group", "group", "operation"]
    opened = drawing.open("tanh")
    assert len(opened.scene["boxes"]) > 10
    assert len(drawing.scene["boxes"]) == 4, "the drawing itself stays as it was"
    assert "tanh" in [box["formula"][:4] for box in drawing.open(losses[37]).scene["boxes"]]
    assert len(opened.close("tanh").scene["boxes"]) == 4
    near = drawing.focus(losses[37], depth=1)
    assert len(near.scene["boxes"]) == 3
    with pytest.raises(KeyError, match="no group or Value is called 'relu'; there are 'equal"):
        drawing.open("relu")
    with pytest.raises(KeyError, match="is not in this picture"):
        drawing.focus(Value(1.0))
    with pytest.raises(TypeError, match="expected a Value or the id of a group, got int 3"):
        drawing.close(3)
    with pytest.raises(ValueError, match="is a single node: name a group"):
        drawing.close(w)


def test_a_module_is_opened_by_its_path():
    model = nn.MLP(2, [3, 3, 1], rng=1)
    loss = autograd.sum([model([0.1 * k, 1.0]) for k in range(50)])
    drawing = draw(loss, fold="module")
    assert "model" in [box["id"] for box in drawing.scene["boxes"]]
    inside = drawing.open("model").open("model.layers.1")
    ids = [box["id"] for box in inside.scene["boxes"]]
    assert "model.layers.0" in ids
    assert "model.layers.1.neurons.2" in ids
    assert "model" in [box["id"] for box in inside.close("model").scene["boxes"]]


def test_more_than_can_be_drawn_says_so_and_what_to_do(monkeypatch):
    y = x = Value(0.5)
    for _ in range(900):
        y = y.sin()
    many = draw(y, fold=None)
    text = many._repr_mimebundle_()["text/plain"]
    assert text.startswith("901 nodes, y = ")
    assert 'leave `fold` at "auto"' in text
    for ask in (many.pipe, lambda: many.source, lambda: many.scene):
        with pytest.raises(ValueError, match="901 nodes, of which at most 800"):
            ask()
    with pytest.raises(ValueError, match="no groups"):
        many.open("x")
    monkeypatch.setattr(draw_file, "LARGEST", 500)
    huge = draw(y)
    assert "901 nodes, more than the 500 that can be folded" in huge._repr_mimebundle_()["text/plain"]
    assert len(draw(y, depth=3).scene["boxes"]) == 4
    assert x.grad == 0.0


def test_a_network_has_no_depth_and_says_so():
    model = nn.MLP(2, [2, 1], rng=1)
    for options in ({"depth": 2}, {"fold": None}, {"around": Value(1.0)}, {"boxes": "two"}, {"direction": "TB"}):
        with pytest.raises(ValueError, match=rf"draw: {next(iter(options))} says nothing of a Module.*args=\(x,\)"):
            draw(model, **options)


def test_options_of_other_types_are_named():
    y = Value(1.0).exp()
    for options, error, message in (
        ({"wrap": "wide"}, ValueError, "wrap 'wide' is no choice"),
        ({"wrap": [3]}, ValueError, r"wrap \[3\] is no choice"),
        ({"boxes": np.array([1])}, ValueError, "boxes .* is no choice"),
        ({"color": np.array([1])}, ValueError, "color .* is no choice"),
        ({"color": lambda v: "red"}, TypeError, "draw: what color gives: expected a real number, got str 'red'"),
        ({"depth": 1, "between": (y.operands[0], y)}, ValueError, "leave one of them out"),
    ):
        with pytest.raises(error, match=message):
            draw(y, **options).source  # noqa: B018
    assert draw(y, wrap=None).scene["boxes"]
    for depth, error in ((-1, ValueError), ("a", TypeError)):
        with pytest.raises(error, match="focus: depth"):
            draw(y).focus(y, depth)


def test_groups_are_opened_by_what_the_picture_calls_them():
    w = Value(0.3)
    drawing = draw(autograd.sum([(w * k).tanh() for k in range(100)]))
    assert len(drawing.open("tanh ×100").scene["boxes"]) > 10


def test_ways_around_a_value_in_a_large_graph_are_quick():
    y = first = Value(0.5)
    for _ in range(60_000):
        y = y.sin()
    assert len(draw(y, around=first, between=(first, y)).scene["boxes"]) == 3


def test_many_paths_of_a_compiled_function_are_a_box_each():
    def rounds(x):
        while x < 1000.0:
            x = 2.0 * x + x.sin() / x
        return x

    fast = compile(rounds, in_axes=0)
    fast(np.array([500.0 / 2.0**k for k in range(9)]))
    drawing, paths = draw(fast), [f"path {k}" for k in range(1, len(fast.tapes) + 1)]
    assert len(paths) > 5
    assert sorted(box.group.title for box in drawing.shown.boxes) == paths
    text = drawing._repr_mimebundle_()["text/plain"]
    assert all(f"# {path}: " in text for path in paths)
    assert "path 3: output" in {box["name"] for box in drawing.open("path 3").scene["boxes"]}


@pytest.mark.parametrize("wrap", [False, 100])
def test_nothing_is_drawn_beyond_the_page(wrap):
    """Not the tab of a group either, which engines do not count among what a box takes."""
    w = Value(1.0, label="w")
    drawing = draw(sum((w * k).tanh() for k in range(100)), wrap=wrap)
    svg = drawing.pipe(encoding="utf-8")
    width, height = map(float, re.search(r'viewBox="0\.00 0\.00 ([\d.]+) ([\d.]+)"', svg).groups())
    left, top = map(float, re.search(r"translate\(([\d.]+) ([\d.]+)\)", svg).groups())
    tabs = [points for points in re.findall(r'points="([^"]*)"', svg) if len(points.split()) > 6]
    assert len(tabs) >= 2
    for points in tabs:
        for x, y in (map(float, point.split(",")) for point in points.split()):
            assert 1.0 < x + left < width - 1.0
            assert 1.0 < y + top < height - 1.0
    scene = drawing.scene
    corners = [corner for box in scene["boxes"] for corner in outline_of(box).corners]
    assert min(y for _, y in corners) > 1.0 - PAD


@pytest.mark.parametrize("depth", [None, "2", 1.5, [], np.ones(2)])
def test_how_far_to_go_is_a_whole_number(depth):
    x = Value(2.0)
    with pytest.raises(TypeError, match="focus: depth: expected a whole number of operations, got "):
        draw(x.tanh()).focus(x, depth=depth)


def test_a_drawing_is_kept_by_pickle_with_its_groups():
    w = Value(1.0)
    drawing = draw(autograd.sum([(w * k).tanh() for k in range(100)]))
    kept = pickle.loads(pickle.dumps(drawing))
    assert kept.scene == drawing.scene
    assert kept.open("tanh").scene == drawing.open("tanh").scene


def test_micrograds_call_has_no_options_to_advise():
    y = Value(0.5)
    for _ in range(900):
        y = y.sin()
    text = " ".join(autograd.draw_dot(y)._repr_mimebundle_()["text/plain"].split())
    assert 'of which at most 800 can be drawn one by one: draw(root, boxes="two") folds them' in text
    assert "fold" not in text.replace("folds them", "")
    assert autograd.draw(y, boxes="two").scene["boxes"]
