"""A page's document, gone through as the page does: what it computes, what it is told, how much there is of it."""

import json
import math
from builtins import sum as total

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, backward, compile, dot, draw, relu, where
from autograd.graphs.graph import graph_of
from autograd.pages import sweep as sweep_module
from autograd.pages.sweep import addend, swept
from tests.folding.networks import moons, recurrence
from tests.random_graphs import programs, swept_graph
from tests.sizes import some

pytestmark = pytest.mark.any_build


def read(x):
    return float(x) if isinstance(x, str) else x


def gone_through(picture):
    """The gradient of each box after the last step, by number: partial times gradient, and the sum."""
    grads = {k: read(x) for k, x in picture["seeds"]}
    for k, rows, *given_ in picture["backward"]:
        if given_ and isinstance(given_[0], list):
            continue
        gradient = read(given_[0]) if given_ else grads[k]
        grads[k] = gradient
        for row in rows:
            if isinstance(row, dict):
                continue
            to, partial, _rule, _edge, *told = row
            share = read(told[0]) if told else read(partial) * gradient
            after = read(told[2]) if told else grads.get(to, 0.0) + share
            if share is not None and isinstance(to, int):
                grads[to] = after
    for k, before, *told in picture["leaves"]:
        if isinstance(before, list):
            continue
        if told == [None]:
            grads[k] = read(before)
        else:
            came = read(told[0]) if told else grads[k]
            grads[k] = read(told[1]) if len(told) > 1 else read(before) + came
    return grads


def assert_as_the_engine(drawing):
    picture, view = drawing.document()["pictures"][0], drawing.shown
    grads = gone_through(picture)
    assert grads
    for k, box in enumerate(view.boxes):
        if box.group is None and not view.graph.values[box.node].is_constant:
            grad = view.graph.values[box.node].grad
            assert grads.get(k, 0.0) == grad or math.isnan(grad), picture["boxes"][k]["id"]
    return picture


@settings(max_examples=some(100), deadline=None)
@given(programs(max_steps=30), st.integers(0, 10**9), st.integers(1, 2))
def test_random_graphs(program, seed, sweeps):
    root = swept_graph(program, seed, sweeps)
    if root is not None:
        assert_as_the_engine(draw(root, fold=None, wrap=False))


def test_folded_graphs_have_the_engines_numbers_in_all_their_boxes_of_one_node():
    for by_operator in (False, True):
        model, loss = moons(by_operator, samples=20)  # noqa: RUF059  # draw finds it by this name
        loss.backward()
        assert not assert_as_the_engine(draw(loss))["whole"]


def test_what_the_page_can_compute_it_is_not_told():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    loss = dot([x, y, x], [y, y, 4.0]) + relu(x * y)
    loss.backward()
    picture = assert_as_the_engine(draw(loss, fold=None))
    assert all(len(row) == 4 for step in picture["backward"] for row in step[1])
    assert all(len(step) == 2 for step in picture["backward"])


def test_what_a_where_did_not_take_gets_nothing():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    z = where(x > 1.0, x * 1.0, y * 1.0)
    z.backward()
    picture = assert_as_the_engine(draw(z, fold=None))
    names = [box["id"] for box in picture["boxes"]]
    (rows,) = [rows for k, rows in picture["backward"] if names[k].startswith("where")]
    assert [row[4:5] for row in rows] in ([[], [None]], [[None], [], [None]])


def test_the_sweep_that_has_been_is_told_from_the_one_that_would_be():
    x = Value(0.3)
    y = x.sin() * x
    assert not swept(graph_of(y)).done
    y.backward()
    found = swept(graph_of(y))
    assert found.done
    assert list(found.leaves.values()) == [0.0]
    first = x.grad
    y.backward()
    assert list(swept(graph_of(y)).leaves.values()) == [first]
    y.backward(2.5)
    found = swept(graph_of(y))
    assert found.done
    assert list(found.seeds.values()) == [2.5]
    z = y.exp()
    assert not swept(graph_of(z)).done
    backward([y, z])
    assert swept(graph_of([y, z])).done


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-1e3, 1e3))
def test_what_was_there_before_is_found_again(before, adjoint):
    after = before + adjoint
    found = addend(after, adjoint)
    assert found is None or found + adjoint == after
    if abs(before) < 1e6:
        assert found is not None


def test_numbers_that_have_changed_are_not_stepped_through():
    x = Value(2.0, label="x")
    drawing = draw(x * x)
    x.data = 5.0
    assert "numbers have changed since this was drawn (x: 2, now 5)" in drawing.document()["notes"][0]
    assert "backward" not in drawing.document()["pictures"][0]


def test_a_large_graph_seen_in_part_is_not_walked_through(monkeypatch):
    z = Value(1.0)
    for _ in range(1_000):
        z = z.tanh()
    monkeypatch.setattr(sweep_module, "steps", lambda *_: pytest.fail("stepped"))
    assert "more than 100 nodes" in swept(graph_of(z, depth=2), 100)


@pytest.mark.parametrize("depth", [2, 4])
def test_a_group_at_the_edge_of_a_part_has_the_gradients_that_came_to_it(depth):
    model = nn.MLP(2, [4, 1], rng=1)
    points, labels = nn.make_moons(60, rng=1)
    loss = nn.hinge([model(point) for point in points], labels)
    loss.backward()
    drawing = draw(loss, depth=depth)
    box, step = drawing.shown.boxes[0], drawing.document()["pictures"][0]["backward"][-1]
    sizes = [abs(drawing.graph.values[i].grad) for i in box.nodes]
    assert box.group.times == 60
    assert step[:2] == [0, []]
    assert 0 < step[2][0] <= 60
    assert step[2][0] * step[2][1] == pytest.approx(total(sizes), rel=1e-12)


def test_groups_are_laid_out_once_for_each_kind_and_open_into_each_other():
    model, loss = moons(by_operator=True)  # noqa: RUF059  # draw finds it by this name
    loss.backward()
    document = draw(loss).document()
    assert len(document["pictures"]) > 60
    assert len(document["layouts"]) < 20
    for number, picture in enumerate(document["pictures"]):
        layout = document["layouts"][picture["layout"]]
        assert len(layout["boxes"]) == len(picture["boxes"])
        assert len(layout["edges"]) == len(picture["edges"])
        for box in picture["boxes"]:
            if "inside" in box:
                assert document["pictures"][box["inside"]]["parent"] == number


def test_there_is_as_much_as_there_is_room_for():
    model, loss = moons(by_operator=False, samples=30)  # noqa: RUF059  # draw finds it by this name
    loss.backward()
    drawing = draw(loss)
    sizes = []
    for most in (0, 40_000, 90_000):
        document = drawing.document(most=most)
        sizes.append(len(json.dumps(document)))
        assert sizes[-1] < most + 30_000
        if most < 90_000:
            assert any("groups are not in this page" in note for note in document["notes"])
    assert sizes == sorted(sizes)
    assert len(drawing.document(most=0)["pictures"]) == 1


def test_a_recurrent_network_and_islands():
    scope, loss = recurrence(40)
    cell = scope["cell"]
    loss.backward()
    assert cell is not None
    assert assert_as_the_engine(draw(loss))
    many = [(Value(0.1 * k) * Value(2.0)).tanh() for k in range(50)]
    backward(many)
    assert draw(many).document()["pictures"]


def test_the_samples_of_boxes_that_belong_together():
    w = Value(0.5, label="w")
    outer = [(w * (0.1 * k)).tanh() for k in range(40)]
    loss = total(outer)
    loss.backward()
    (samples,) = draw(loss, max_boxes=5, labels="given").document()["pictures"][0]["samples"]
    assert samples["count"] == 40
    assert len(samples["data"]) == 2
    assert len(samples["partials"]) == 1


def test_a_document_is_plain_data(tmp_path):
    x = Value(2.0, label="x")
    y = (x - x) / (x - x) + x / 0.0
    y.backward()
    document = draw(y).document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"filename": None}, TypeError, "filename: expected a path, got NoneType None"),
        ({"filename": 3}, TypeError, "filename: expected a path, got int 3"),
        ({"filename": "x.html", "step": 1.5}, TypeError, "page: step: expected a whole number, got float 1.5"),
        ({"filename": "x.html", "step": True}, TypeError, "page: step: expected a whole number, got bool True"),
        ({"filename": "x.html", "theme": "blue"}, ValueError, "page: theme 'blue' is no choice"),
        ({"filename": "x.html", "theme": ["dark"]}, ValueError, r"page: theme \['dark'\] is no choice"),
        ({"filename": "x.svg"}, ValueError, r"page: filename 'x\.svg': a page is a file that ends in \.html"),
        ({"filename": ""}, ValueError, "a page is a file that ends in"),
        ({"filename": "a\0b.html"}, ValueError, "is no path that a file can have"),
    ],
)
def test_what_cannot_be_a_page(arguments, error, message):
    with pytest.raises(error, match=message):
        draw(Value(1.0).exp()).page(**arguments)


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"file/page\.html"):
        draw(Value(1.0).exp()).page(tmp_path / "file" / "page.html")
    assert draw(Value(1.0).exp()).save(tmp_path / "x.html") == str(tmp_path / "x.html")
    assert (tmp_path / "x.html").read_text().startswith("<!doctype html>")


def test_a_drawing_by_hand_and_one_of_too_much_have_no_page(tmp_path):
    from autograd.drawing.drawing import Drawing

    by_hand = Drawing("mine")
    by_hand.node("a")
    with pytest.raises(ValueError, match="was put in by hand: only draw"):
        by_hand.page(tmp_path / "x.html")
    model = nn.MLP(2, [2], rng=1)
    assert draw(model).page(tmp_path / "net.html")
    z = Value(1.0)
    for _ in range(1_000):
        z = z + 1.0
    with pytest.raises(ValueError, match="drawn one by one"):
        draw(z, fold=None).page(tmp_path / "x.html")


# --- which sweep has been ---


def state(roots):
    """Whether a sweep is told to have been, from what, and what leaves had before."""
    found = swept(graph_of(roots))
    return found.done, list(found.seeds.values()), list(found.leaves.values())


def test_seeds_of_all_kinds_are_found_again():
    x, w = Value(2.0), Value(-5.0)
    y = x * w
    z = x + y
    backward([y, z], [2.0, 3.0])
    assert state([y, z]) == (True, [3.0, 2.0], [0.0, 0.0])
    x, w = Value(0.5), Value(-5.0)
    h = x.exp()
    a, b = h * w, h * x
    a.backward()
    assert state([a, b]) == (True, [1.0], [0.0, 0.0])
    x, w = Value(2.0), Value(3.0)
    z = x * w
    backward([x, z])
    assert state([x, z])[2] == [0.0, 0.0]


def test_gradients_that_are_not_of_one_sweep_are_said_to_be_none():
    x = Value(0.5)
    h = x.exp()
    y = h * h
    y.backward()
    h.grad = 99.0
    found = swept(graph_of(y))
    assert not found.done
    assert "not those of one sweep" in found.note
    y = Value(1.0) * 2.0
    assert "No backward() has been yet: this is what it would do." in swept(graph_of(y)).note
    x = Value(2.0, label="x")
    q = x * x
    r = q * x
    r.label = "r"
    assert "this is what backward() of r would do" in swept(graph_of([q, r])).note


def test_what_was_set_to_0_since_is_not_given_a_past():
    x = Value(3.0)
    y = x * x
    y.backward()
    x.grad = 0.0
    assert state(y) == (True, [1.0], [None])


def test_a_group_of_leaves_tells_what_came_and_what_is_there():
    xs = [Value(0.1 * k) for k in range(100)]
    for x in xs:
        x.grad = 10.0
    loss = total((x * x).tanh() for x in xs)
    loss.backward()
    picture = draw(loss, labels=None).document()["pictures"][0]
    (row,) = [row for row in picture["leaves"] if isinstance(row[1], list)]
    came = [x.grad - 10.0 for x in xs]
    assert row[1][1] == pytest.approx(sum(map(abs, came)) / 100, rel=1e-9)
    assert row[2] == [
        100,
        pytest.approx(sum(x.grad for x in xs) / 100),
        min(x.grad for x in xs),
        max(x.grad for x in xs),
    ]


def test_samples_that_single_precision_cannot_hold_and_those_that_nothing_comes_to():
    w = Value(1.0, label="w")
    loss = total((w * (1e100 * (k + 1))).sqrt() for k in range(40))
    loss.backward()
    (samples,) = draw(loss, max_boxes=5, labels="given").document()["pictures"][0]["samples"]
    assert any(text.startswith("d") and len(text) % 4 == 1 for text in samples["data"].values())
    loss = total(where(w * (k - 20.0) > 0.0, (w * float(k)).tanh(), w * 0.0) for k in range(40))
    loss.backward()
    document = draw(loss, max_boxes=8, labels="given").document()
    missed = [s["missed"] for s in document["pictures"][0]["samples"] if s.get("missed")]
    assert missed
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_a_call_of_several_results_has_the_engines_gradients():
    f = compile(lambda a, b: (a * b, a + b))
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    r = f(x, w)
    y = r[0] * r[1]
    y.backward()
    assert_as_the_engine(draw(y, fold=None))


def test_folded_pictures_of_parts():
    model = nn.MLP(3, [6, 6, 1], rng=1)
    loss = total((model([0.1 * k, 0.2, -0.3]) - 1.0) ** 2 for k in range(20))
    loss.backward()
    for depth in (2, 4, 8):
        assert draw(loss, depth=depth).document()["pictures"]
    assert draw(dot([Value(1.0).exp()], [Value(2.0).sin()]) + 1.0, depth=1).document()["pictures"]
