"""The graph as plain data: what is in it, in which order, and that it takes no recursion to find out."""

import copy
import math
import operator
import time

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, no_grad, topological_order
from autograd.graphs.graph import Use, graph_of, reached
from tests.random_graphs import programs, tamed
from tests.sizes import some


def apply(name, operands):
    """A row by its name, on Values."""
    operators = {"div": operator.truediv} | vars(operator)
    return getattr(autograd, name, operators.get(name))(*operands)


def run(program):
    """The root of a random program on Values."""
    return program.run(lambda name, operands: tamed(name, operands, apply), [Value(x) for x in program.leaves])


def facts(graph):
    """What there is to say of a graph: of each node its id, label, numbers, kind, operation and uses; the roots."""
    nodes = [
        (graph.id(i), graph.label(i), graph.data(i), graph.grad(i), graph.kind(i), graph.name_of_operation(i),
         tuple(graph.uses(i)))
        for i in range(len(graph))
    ]  # fmt: skip
    return nodes, graph.roots


def ids(graph):
    return [graph.id(i) for i in range(len(graph))]


def test_a_graph_written_out_by_hand():
    w, x = Value(2.0, label="w"), Value(5.0, label="x")
    loss = (w * x - 12) ** 2
    loss.label = "loss"
    loss.backward()
    assert facts(graph_of(loss)) == (
        [
            ("leaf0", "w", 2.0, -20.0, "leaf", "", ()),
            ("leaf1", "x", 5.0, -8.0, "leaf", "", ()),
            ("mul2", "", 10.0, -4.0, "operation", "*", (Use(0, 0, 5.0), Use(1, 1, 2.0))),
            ("constant3", "", 12.0, 0.0, "constant", "", ()),
            ("sub4", "", -2.0, -4.0, "operation", "-", (Use(2, 0, 1.0), Use(3, 1, None))),
            ("constant5", "", 2.0, 0.0, "constant", "", ()),
            ("pow6", "loss", 4.0, 1.0, "operation", "**", (Use(4, 0, -4.0), Use(5, 1, None))),
        ],
        (6,),
    )


def test_a_repeated_operand_is_used_twice():
    x = Value(3.0)
    graph = graph_of(x * x)
    assert graph.uses(1) == [Use(0, 0, 3.0), Use(0, 1, 3.0)]
    assert graph.operands(1) == [0, 0]
    assert (graph.used(0), graph.used(1)) == (2, 0)


@settings(deadline=None, max_examples=some(60))
@given(programs())
def test_nodes_and_uses_are_those_of_the_graph(program):
    root = run(program)
    graph, order = graph_of(root), topological_order(root)
    assert [graph.data(i) for i in range(len(graph))] == [value.data for value in order]
    for i, value in enumerate(order):
        assert graph.place(value) == i
        assert value in graph
        assert [order[x] is y for x, y in zip(graph.operands(i), value.operands, strict=True)].count(False) == 0
        assert [use.partial for use in graph.uses(i)] == [
            None if x.is_constant else d for x, d in zip(value.operands, value.partials, strict=True)
        ]
    tails, heads = graph.edges()
    assert all(tails < heads)
    assert len(tails) == sum(len(value.operands) for value in order)
    assert len(set(ids(graph))) == len(order)
    assert graph.count == sum(not value.is_constant for value in order)
    assert facts(graph_of(run(program))) == facts(graph)


def test_several_roots_share_what_they_share():
    x = Value(2.0)
    y, z = x * 3, x + 1
    graph = graph_of([y, z, y])
    assert ids(graph) == ["leaf0", "constant1", "mul2", "constant3", "add4"]
    assert graph.roots == (2, 4)
    graph = graph_of([z, y])
    assert graph.roots == (graph.place(z), graph.place(y))


def test_bare_numbers_of_a_node_of_many_operands_are_no_nodes():
    w = [Value(2.0), Value(3.0)]
    graph = graph_of(autograd.dot(w, [10.0, 100.0]))
    assert ids(graph) == ["leaf0", "leaf1", "dot2"]
    assert graph.uses(2) == [Use(0, 0, 10.0), Use(10.0, 1, None), Use(1, 2, 100.0), Use(100.0, 3, None)]
    assert graph.operands(2) == [0, -1, 1, -1]


def test_constants_detached_values_and_results_without_a_graph():
    x = Value(2.0)
    with no_grad():
        y = x * 3
    graph = graph_of([x.detach(), y])
    assert [graph.kind(i) for i in range(2)] == ["constant", "constant"]
    assert (len(graph), graph.count, len(graph.edges()[0])) == (2, 0, 0)


def test_rules_of_ones_own():
    x = Value(2.0)
    known = Value(8.0, (x,), "cube", local_grads=(12.0,))
    closed = Value(8.0, (x,), "cube")
    closed._backward = lambda: None
    unnamed = Value(8.0, (x,), local_grads=(12.0,))
    for z, op, partial in ((known, "cube", 12.0), (closed, "cube", None), (unnamed, "custom", 12.0)):
        graph = graph_of(z)
        assert (graph.id(1), graph.name_of_operation(1), graph.kind(1), graph.row(1)) == (
            "custom1", op, "operation", None,
        )  # fmt: skip
        assert graph.uses(1) == [Use(0, 0, partial)]


def test_what_is_not_in_it_has_no_place():
    graph = graph_of(Value(1.0))
    assert Value(1.0) not in graph
    with pytest.raises(KeyError):
        graph.place(Value(1.0))


def test_what_is_not_a_value_is_named():
    for wrong, name in ((3.0, "float 3.0"), ("abc", "str 'abc'"), (None, "NoneType None"), ([Value(1.0), 7], "int 7")):
        with pytest.raises(TypeError, match=f"graph_of: expected a Value or several, got {name}"):
            graph_of(wrong)
    with pytest.raises(ValueError, match=r"got none \(an empty list\)"):
        graph_of([])


def test_any_iterable_of_values_will_do():
    values = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    assert len(graph_of(np.array(values, dtype=object)).roots) == 4
    assert len(graph_of(v for v in values[0]).roots) == 2


def test_odd_numbers_and_labels_pass_through():
    x = Value(math.nan, label="α\n|")
    x.grad = -math.inf
    graph = graph_of(x)
    assert math.isnan(graph.data(0))
    assert (graph.grad(0), graph.label(0)) == (-math.inf, "α\n|")


class Mute:
    def __str__(self):
        raise ValueError("not now")


@pytest.mark.parametrize(("label", "text"), [(5, "5"), (None, "None"), (["a"], "['a']"), (Mute(), "")])
def test_a_label_that_is_no_str_is_what_it_prints_as(label, text):
    x = Value(1.0)
    x.label = label
    assert graph_of(x).label(0) == text


def test_a_copy_has_the_same_graph():
    x = Value(0.5, label="x")
    y = autograd.logsumexp([x, 1.0, x * x])
    assert facts(graph_of(copy.deepcopy(y))) == facts(graph_of(y))


def test_where_a_sweep_has_been():
    w, x = Value(2.0), Value(0.0)
    y, z = w * x, (w + 1.0).sin()
    assert not reached(graph_of([y, z])).any()
    y.backward()
    graph = graph_of([y, z])
    found = {graph.id(i): bool(there) for i, there in enumerate(reached(graph))}
    assert found == {"leaf0": True, "leaf1": True, "mul2": True, "constant3": False, "add4": False, "sin5": False}
    y.grad = math.nan
    assert reached(graph_of(y)).all()
    y.grad = 0.0
    assert not reached(graph_of(y)).any()
    assert graph_of(y).grad(graph_of(y).place(x)) == 2.0


@settings(deadline=None, max_examples=some(40))
@given(programs())
def test_a_sweep_has_been_where_walking_down_from_the_root_leads(program):
    root = run(program)
    root.backward()
    graph = graph_of([root, Value(1.0).exp()])
    below, stack = {}, [root]
    while stack:
        value = stack.pop()
        if id(value) not in below:
            below[id(value)] = value
            stack += value.operands
    assert reached(graph).tolist() == [id(v) in below and not v.is_constant for v in graph.values]


def test_a_very_deep_graph_without_recursion():
    z = Value(0.0)
    for _ in range(200_000):
        z = z.sin()
    z.grad = 1.0
    start = time.perf_counter()
    graph = graph_of(z)
    assert reached(graph).all()
    assert time.perf_counter() - start < 24
    assert (len(graph), len(graph.edges()[0])) == (200_001, 200_000)
    assert graph.id(200_000) == "sin200000"
