"""The heart of it: operands enter in the order of the program, and what is drawn is what the engine has."""

import re
import struct
from itertools import product

import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, draw, topological_order
from autograd.engine.reading import all_operands
from tests.drawing.pictures import random_graph, tips
from tests.graphs.test_graph import run
from tests.random_graphs import programs
from tests.sizes import some

pytestmark = pytest.mark.any_build

DIRECTIONS = ["LR", "RL", "TB", "BT"]
TOGETHER = 20


def bits(x):
    return None if x is None else struct.pack("d", x)


def assert_true_to(d, roots):
    """The scene of a drawing has the nodes, the numbers and the edges of the engine."""
    order = [value for value in topological_order(roots) if not value.is_constant]
    scene = d.scene
    boxes = sorted(scene["boxes"], key=lambda box: int(re.search(r"\d+$", box["id"])[0]))
    assert [(bits(box["data"]), box["count"]) for box in boxes] == [(bits(value.data), 1) for value in order]
    swept = [(box, value) for box, value in zip(boxes, order, strict=True) if box["grad"] is not None]
    assert [bits(box["grad"]) for box, _ in swept] == [bits(value.grad) for _, value in swept]
    place = {id(value): k for k, value in enumerate(order)}
    at = {box["id"]: k for k, box in enumerate(boxes)}
    assert len(at) == len(order)
    found = [(at[edge["tail"]], at[edge["head"]], edge["operand"], bits(edge["partial"])) for edge in scene["edges"]]
    assert sorted(found, key=head_and_operand) == [
        (place[id(operand)], place[id(value)], k, bits(partial))
        for value in order
        for k, operand, partial in uses(value)
        if not operand.is_constant
    ]


def head_and_operand(edge):
    return edge[1], edge[2]


def uses(value):
    """The operands of a Value that are Values, with their places, bare numbers counted, and their partials."""
    placed = [(k, operand) for k, operand in enumerate(all_operands(value)) if isinstance(operand, Value)]
    return [(k, operand, partial) for (k, operand), partial in zip(placed, value.partials, strict=True)]


def assert_in_order(d, direction):
    """Operands enter one after the other, from the top down or from left to right, in the scene and in the SVG."""
    across = int(direction in ("LR", "RL"))
    into = {}
    for edge in d.scene["edges"]:
        into.setdefault(edge["head"], []).append((edge["operand"], edge["entry"][across]))
    for entries in into.values():
        assert entries == sorted(entries)
        assert len({place for _, place in entries}) == len(entries)
    seen = {}
    for id, tip in tips(d).items():
        head, _, port = id.rpartition("-in")
        seen.setdefault(head, []).append((int(port), tip[across]))
    assert sorted(len(entries) for entries in seen.values()) == sorted(len(entries) for entries in into.values())
    for entries in seen.values():
        assert [place for _, place in sorted(entries)] == sorted(place for _, place in entries)


def test_300_random_graphs(engine):
    """A few of them to a picture, all directions in turn, with and without partials."""
    ways = list(product(DIRECTIONS, [False, True], ["one", "two"]))
    for k, first in enumerate(range(0, 300, TOGETHER)):
        direction, partials, boxes = ways[k % len(ways)]
        roots = [random_graph(seed) for seed in range(first, first + TOGETHER)]
        d = draw(roots, fold=None, direction=direction, partials=partials, boxes=boxes, labels=None, wrap=k % 2 == 0)
        assert_in_order(d, direction)
        if boxes == "one":
            assert_true_to(d, roots)


@settings(deadline=None, max_examples=some(15))
@given(programs(max_steps=20))
def test_any_graph(program):
    root = run(program)
    root.backward()
    d = draw(root, fold=None)
    assert_true_to(d, root)
    assert_in_order(d, "LR")


@pytest.mark.parametrize("partials", [False, True])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_both_ways_around(engine, direction, partials):
    e, one = Value(3.0, label="e"), Value(1.0, label="one")
    roots = [e - one, one - e, e / e, 2.0 - e, e - 2.0, autograd.where(one, e, one), autograd.atan2(e, e)]
    d = draw(roots, fold=None, direction=direction, partials=partials)
    assert_in_order(d, direction)
    assert_true_to(d, roots)
    formulas = [box["formula"] for box in d.scene["boxes"] if box["formula"]]
    assert sorted(formulas) == sorted([
        "e - one", "one - e", "e / e", "2 - e", "e - 2", "where(one, e, one)", "atan2(e, e)"
    ])  # fmt: skip


def test_operands_are_counted_with_constants():
    e = Value(3.0, label="e")
    edges = draw([2.0 - e, autograd.dot([e, 2.0], [5.0, e])]).scene["edges"]
    assert [(edge["head"], edge["operand"], edge["port"]) for edge in edges] == [
        ("sub2", 1, 0), ("dot3", 0, 0), ("dot3", 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_an_arrow_ends_at_the_border_where_edges_enter(engine, direction):
    x, y = Value(1.0), Value(2.0)
    scene = draw(x - y, direction=direction).scene
    boxes = {box["id"]: box for box in scene["boxes"]}
    for edge in scene["edges"]:
        (x, y), (w, h) = boxes[edge["head"]]["position"], boxes[edge["head"]]["size"]
        border = {"LR": (0, x - w / 2), "RL": (0, x + w / 2), "TB": (1, y - h / 2), "BT": (1, y + h / 2)}[direction]
        assert edge["entry"][border[0]] == pytest.approx(border[1], abs=0.6)


def test_ids_are_those_of_one_node():
    """Names of operations may end in digits: exp2, node 1, and exp, node 21."""
    x = Value(0.5)
    boxes = draw([autograd.exp2(x), *(x.sin() for _ in range(19)), x.exp()]).scene["boxes"]
    ids = [box["id"] for box in boxes]
    assert (ids[1], ids[-1], len(set(ids))) == ("exp2_1", "exp21", 22)
