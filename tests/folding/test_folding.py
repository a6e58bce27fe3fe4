"""Folding: whatever is opened or closed, boxes make no loop and together are everything."""

import builtins
import math
import time
from graphlib import TopologicalSorter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.calculus._codes import CONSTANT
from autograd.folding import folding
from autograd.folding.folding import Folded
from autograd.folding.view import TooManyBoxes, view_of
from autograd.graphs.graph import graph_of
from autograd.graphs.names import names_of
from tests.folding.networks import HARD, moons, named, recurrence
from tests.random_graphs import on_values, programs
from tests.sizes import some

pytestmark = pytest.mark.any_build


def check_group(graph, group, order):
    """Its parts are everything in it once, and follow one another: an order of which any choice of boxes has one."""
    nodes = np.concatenate([part.nodes for part in group.parts])
    assert len(nodes) == len(group.nodes)
    assert np.array_equal(np.sort(nodes), np.sort(group.nodes))
    assert all(np.all(np.diff(part.nodes) > 0) for part in group.parts)
    place = {int(i): k for k, part in enumerate(group.parts) for i in part.nodes}
    for i in group.nodes:
        for operand in graph.operands(int(i)):
            if operand in place:
                assert place[operand] <= place[int(i)], f"{group}: {group.parts[place[int(i)]]} before its operand"
    order.update(place)


def walk(folded, most=3000):
    """Every group, from the top; no more than so many."""
    stack, seen = [folded.top], 0
    while stack and seen < most:
        group = stack.pop()
        seen += 1
        if group.kind != "node":
            yield group
            stack.extend(group.parts)


def check_tree(folded):
    ids = set()
    for group in walk(folded):
        check_group(folded.graph, group, {})
        assert group.id not in ids
        ids.add(group.id)
        assert group.kind == "all" or group.count > 1 or group.kind == "module", group
        assert len(group.parts) > 1 or group.kind in ("all", "module"), group


def check_view(view, count):
    assert builtins.sum(len(box.nodes) for box in view.boxes) == count
    assert len({box.id for box in view.boxes}) == len(view.boxes)
    TopologicalSorter(
        {k: [link.tail for link in view.links if link.head == k] for k in range(len(view.boxes))}
    ).prepare()
    assert all(link.tail < link.head for link in view.links)
    inside = np.full(len(view.graph), -1)
    for k, box in enumerate(view.boxes):
        inside[box.nodes] = k
    tails, heads = view.graph.edges()
    apart = (inside[tails] != inside[heads]) & (inside[tails] >= 0)
    assert builtins.sum(link.count for link in view.links) == np.count_nonzero(apart), "every use is in a link"


@settings(max_examples=some(60), deadline=None)
@given(programs(max_steps=120), st.data())
def test_random_graphs_fold_without_loops(program, data):
    leaves = [Value(x) for x in program.leaves]
    graph = graph_of(program.run(on_values, leaves))
    folded = Folded(graph, names_of(graph))
    check_tree(folded)
    closed = data.draw(st.sets(st.sampled_from(sorted(folded.groups))))
    for fold in (lambda group: group.id in closed, "auto", None, "repeats"):
        check_view(view_of(folded, fold), graph.count)


@settings(max_examples=some(40), deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_random_modules_fold_without_loops(seed, modules):
    """Any node may belong to any module: boxes around them are cut until they make no loop."""
    rng = np.random.default_rng(seed)
    weights = [[Value(x) for x in rng.normal(size=2)] for _ in range(modules)]
    values = [Value(0.5)]
    for _ in range(60):
        x = values[int(rng.integers(max(0, len(values) - 6), len(values)))]
        w = weights[int(rng.integers(modules))][int(rng.integers(2))]
        values.append((w * x).tanh() if rng.random() < 0.7 else x + values[-1])
    root = builtins.sum(values[-3:])

    class Box:
        def __init__(self, parameters):
            self.weights = parameters

        def named_parameters(self):
            return [(f"weights.{k}", w) for k, w in enumerate(self.weights)]

    graph, names = named(root, boxes=[Box(w) for w in weights])
    folded = Folded(graph, names)
    assert names.owners
    check_tree(folded)
    check_view(view_of(folded, "module"), graph.count)


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("modules", [True, False])
def test_hard_cases_fold_without_loops(name, modules):
    scope, root = HARD[name]()
    graph, names = named(root, **scope)
    folded = Folded(graph, names, modules=modules)
    check_tree(folded)
    for fold in ("auto", "module", "layer", "neuron", "repeats"):
        check_view(view_of(folded, fold), graph.count)


def test_the_check_sees_a_loop(monkeypatch):
    """Boxes around modules as they come, uncut, make one."""
    monkeypatch.setattr(folding, "without_loops", lambda labels, *_: labels)
    scope, root = HARD["twice"]()
    graph, names = named(root, **scope)
    with pytest.raises(AssertionError, match="before its operand"):
        check_tree(Folded(graph, names))


def test_a_layer_applied_twice_is_cut_where_something_is_between():
    scope, root = HARD["twice"]()
    graph, names = named(root, **scope)
    boxes = view_of(Folded(graph, names), "layer").boxes
    kinds = [box.group.kind for box in boxes if box.group is not None]
    assert kinds == ["parameters", "module", "module"]
    assert [len(box.nodes) for box in boxes if box.group is not None] == [20, 8, 8]


@pytest.mark.parametrize("by_operator", [True, False])
def test_the_loss_of_the_moons(by_operator):
    model, loss = moons(by_operator)
    loss.backward()
    began = time.perf_counter()
    graph, names = named(loss, model=model)
    view = view_of(Folded(graph, names))
    assert time.perf_counter() - began < 5.0  # a cliff, not a bar: those are in benchmarks
    assert 5 <= len(view.boxes) <= 40
    check_view(view, graph.count)
    titles = [box.group.title for box in view.boxes if box.group is not None]
    assert titles[:3] == ["model.layers.0", "model.layers.1", "model.layers.2"]
    assert [box.group.times for box in view.boxes if box.group is not None and box.group.title == "relu"][-1] in (
        50,
        100,
    )
    check_view(view_of(Folded(graph, names), "neuron"), graph.count)
    unnamed = Folded(graph, names_of(graph, labels=None))
    check_view(view_of(unnamed), graph.count)
    assert len(view_of(unnamed).boxes) <= 40


def test_rounds_of_a_loop_are_found_without_names():
    x, a, y = Value(1.0), Value(0.9), Value(1.0)
    for _ in range(200):
        y = (y * a + x).tanh()
    graph = graph_of(y)
    view = view_of(Folded(graph, names_of(graph)))
    steps = [box.group for box in view.boxes if box.group is not None]
    assert [group.kind for group in steps] == ["steps"]
    assert steps[0].times >= 198
    assert steps[0].count == 3 * steps[0].times
    assert [part.kind for part in steps[0].parts][:1] == ["round"]


def test_rounds_of_a_network_are_found():
    scope, root = recurrence(50)
    graph, names = named(root, **scope)
    whole = view_of(Folded(graph, names), "module")
    assert [box.group.title for box in whole.boxes if box.group is not None][:1] == ["cell"]
    inside = view_of(Folded(graph, names))
    assert 50 in {box.group.times for box in inside.boxes if box.group is not None}


def test_one_nan_among_a_hundred_is_a_part_of_its_own():
    w = Value(1.0, label="w")
    losses = [(w * (math.nan if k == 37 else 0.1 * k)).tanh() for k in range(100)]
    graph = graph_of(builtins.sum(losses))
    folded = Folded(graph, names_of(graph))
    box = next(part for part in folded.top.parts if part.title == "tanh")
    assert (box.times, [part.count for part in box.parts]) == (100, [1, 99])
    assert math.isnan(graph.data(int(box.parts[0].nodes[0])))
    assert [group.id for group in folded.way_to(graph.place(losses[37]))][-1] == box.parts[0].id


def test_powers_are_told_apart_and_orders_of_a_sum_are_not():
    x = [Value(float(k)) for k in range(40)]
    y = builtins.sum([v**2 for v in x[:20]] + [v**3 for v in x[20:]])
    graph = graph_of(y)
    titles = sorted(
        (part.title, part.times) for part in Folded(graph, names_of(graph)).top.parts if part.kind == "family"
    )
    assert titles == [("**", 20), ("**", 20), ("leaf", 40)]
    a, b = Value(1.0), Value(2.0)
    z = builtins.sum([(a.exp() + b).tanh() for _ in range(50)] + [(b + a.exp()).tanh() for _ in range(50)])
    graph = graph_of(z)
    assert ("tanh", 100) in [(p.title, p.times) for p in Folded(graph, names_of(graph)).top.parts]


def test_parameters_that_are_put_together_say_whose_they_are():
    model, loss = moons(False, samples=20, hidden=(3, 2))
    graph, names = named(loss, model=model)
    opened = view_of(Folded(graph, names), "auto", open={"model.layers.0", "model.layers.0.neurons.1"})
    assert "model.layers.0.neurons.1.parameters" in titles_of(opened)
    assert "model.*" in titles_of(view_of(Folded(graph, names, modules=False), "repeats"))
    graph, names = named(loss + builtins.sum(Value(float(k)) ** 2 for k in range(40)), model=model)
    assert {"model.*", "leaf"} & titles_of(view_of(Folded(graph, names, modules=False), "repeats")) == {"leaf"}


def test_what_has_nothing_to_do_with_each_other_is_told_apart():
    """As the paths of a compiled function are, which a chain of neighbours would cut across."""

    def of_length(n):
        v = [Value(0.5), Value(0.25)]
        for k in range(n):
            v.append([v[-1] + v[-2], v[-1] * v[k], (v[-2] - v[k]).tanh()][(k * k + n) % 3])
        return v[-1]

    roots = {f"path {n}: output": of_length(n) for n in range(20, 26)}
    graph = graph_of(list(roots.values()))
    given = {graph.place(root): name for name, root in roots.items()}
    folded = Folded(graph, names_of(graph)._replace(given=given))
    assert sorted((part.kind, part.title) for part in folded.top.parts) == [
        ("island", f"path {n}") for n in range(20, 26)
    ]
    assert sum(part.count for part in folded.top.parts) == graph.count
    assert [len(view_of(folded, "auto", max_boxes=n).boxes) for n in (3, 6)] == [1, 6]
    many = Folded(graph_of([of_length(n) for n in range(20, 60)]), names_of(graph, None))
    assert {part.kind for part in many.top.parts} == {"islands"}
    assert sum(len(part.parts) for part in many.top.parts) == 40
    assert many.top.parts[0].title.count(" to ") == 1


def titles_of(view):
    return {box.group.title for box in view.boxes if box.group}


def test_what_is_asked_for_one_by_one_has_a_limit():
    y = Value(0.5)
    for _ in range(1000):
        y = y.tanh()
    graph = graph_of(y)
    with pytest.raises(TooManyBoxes, match=r'1,001 nodes, of which at most 800.*leave `fold` at "auto"'):
        view_of(Folded(graph, names_of(graph)), None)
    with pytest.raises(TooManyBoxes, match="at most 800"):
        view_of(Folded(graph, names_of(graph)), lambda group: False)
    assert len(view_of(Folded(graph, names_of(graph)), max_boxes=1).boxes) == 1


def test_groups_are_opened_and_closed_by_id():
    model, loss = moons(False, samples=20)
    graph, names = named(loss, model=model)
    folded = Folded(graph, names)
    before = view_of(folded)
    after = view_of(folded, open={"model.layers.2"})
    assert "model.layers.2" in [box.id for box in before.boxes]
    assert "model.layers.2" not in [box.id for box in after.boxes]
    assert "model.layers.1" in [box.id for box in after.boxes]
    closed = view_of(folded, close={"model"})
    assert [box.id for box in closed.boxes][:1] == ["model"]
    for view in (before, after, closed):
        check_view(view, graph.count)
        assert CONSTANT not in {graph.columns.codes[i] for box in view.boxes for i in box.nodes}


def test_a_node_that_one_operation_uses_many_times_has_one_link():
    x, y = Value(2.0), Value(3.0)
    graph = graph_of(autograd.sum([x] * 1000 + [y] * 8))
    view = view_of(Folded(graph, names_of(graph)), None)
    (first, *others) = view.links
    assert (first.tail, first.place, first.count, first.partial) == (0, 0, 1000, None)
    assert [(link.tail, link.place, link.count, link.partial) for link in others] == [
        (1, place, 1, 1.0) for place in range(1000, 1008)
    ]


def test_a_small_graph_is_folded_if_all_would_be_linked_with_all():
    nodes = [Value(1.0), Value(2.0)]
    while len(nodes) < 50:
        nodes.append(autograd.sum(nodes))
    graph = graph_of(nodes[-1])
    assert graph.count == 50 > len(view_of(Folded(graph, names_of(graph))).boxes)
