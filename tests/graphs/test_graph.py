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
from autograd.graphs.graph import Edge, Graph, Node, graph_of
from tests.random_graphs import programs, tamed


def apply(name, operands):
    """A row by its name, on Values."""
    operators = {"div": operator.truediv} | vars(operator)
    return getattr(autograd, name, operators.get(name))(*operands)


def run(program):
    """The root of a random program on Values."""
    return program.run(lambda name, operands: tamed(name, operands, apply), [Value(x) for x in program.leaves])


def test_a_graph_written_out_by_hand():
    w, x = Value(2.0, label="w"), Value(5.0, label="x")
    loss = (w * x - 12) ** 2
    loss.label = "loss"
    loss.backward()
    assert graph_of(loss) == Graph(
        nodes=(
            Node("leaf0", "w", 2.0, -20.0, "leaf", ""),
            Node("leaf1", "x", 5.0, -8.0, "leaf", ""),
            Node("mul2", "", 10.0, -4.0, "op", "*"),
            Node("constant3", "", 12.0, 0.0, "constant", ""),
            Node("sub4", "", -2.0, -4.0, "op", "-"),
            Node("constant5", "", 2.0, 0.0, "constant", ""),
            Node("pow6", "loss", 4.0, 1.0, "op", "**"),
        ),
        edges=(
            Edge("leaf0", "mul2", 0, 5.0),
            Edge("leaf1", "mul2", 1, 2.0),
            Edge("mul2", "sub4", 0, 1.0),
            Edge("constant3", "sub4", 1, None),
            Edge("sub4", "pow6", 0, -4.0),
            Edge("constant5", "pow6", 1, None),
        ),
        roots=("pow6",),
    )


def test_a_repeated_operand_has_two_edges():
    x = Value(3.0)
    assert graph_of(x * x).edges == (Edge("leaf0", "mul1", 0, 3.0), Edge("leaf0", "mul1", 1, 3.0))


@settings(deadline=None, max_examples=60)
@given(programs())
def test_nodes_and_edges_are_those_of_the_graph(program):
    root = run(program)
    graph, order = graph_of(root), topological_order(root)
    assert [node.data for node in graph.nodes] == [value.data for value in order]
    assert len(graph.edges) == sum(len(value.operands) for value in order)
    assert len({node.id for node in graph.nodes}) == len(order)
    place = {node.id: i for i, node in enumerate(graph.nodes)}
    assert all(place[edge.tail] < place[edge.head] for edge in graph.edges)
    assert graph_of(run(program)) == graph


def test_several_roots_share_what_they_share():
    x = Value(2.0)
    y, z = x * 3, x + 1
    graph = graph_of([y, z, y])
    assert [node.id for node in graph.nodes] == ["leaf0", "constant1", "mul2", "constant3", "add4"]
    assert graph.roots == ("mul2", "add4")


def test_bare_numbers_of_a_node_of_many_operands_are_constants():
    w = [Value(2.0), Value(3.0)]
    graph = graph_of(autograd.dot(w, [10.0, 100.0]))
    assert [(node.kind, node.data) for node in graph.nodes] == [
        ("leaf", 2.0), ("leaf", 3.0), ("constant", 10.0), ("constant", 100.0), ("op", 320.0),
    ]  # fmt: skip
    assert [(edge.tail, edge.index, edge.partial) for edge in graph.edges] == [
        ("leaf0", 0, 10.0), ("constant2", 1, None), ("leaf1", 2, 100.0), ("constant3", 3, None),
    ]  # fmt: skip


def test_constants_detached_values_and_results_without_a_graph():
    x = Value(2.0)
    with no_grad():
        y = x * 3
    graph = graph_of([x.detach(), y])
    assert [node.kind for node in graph.nodes] == ["constant", "constant"]
    assert graph.edges == ()


def test_rules_of_ones_own():
    x = Value(2.0)
    known = Value(8.0, (x,), "cube", local_grads=(12.0,))
    closed = Value(8.0, (x,), "cube")
    closed._backward = lambda: None
    unnamed = Value(8.0, (x,), local_grads=(12.0,))
    for z, op, partial in ((known, "cube", 12.0), (closed, "cube", None), (unnamed, "custom", 12.0)):
        graph = graph_of(z)
        assert (graph.nodes[1].id, graph.nodes[1].op, graph.nodes[1].kind) == ("custom1", op, "op")
        assert graph.edges == (Edge("leaf0", "custom1", 0, partial),)


def test_depth_cuts_and_says_where():
    x = Value(2.0, label="x")
    y = (x * x).exp().sin()
    assert [node.id for node in graph_of(y, depth=0).nodes] == ["sin0"]
    two = graph_of(y, depth=2)
    assert [(node.id, node.cut) for node in two.nodes] == [("mul0", True), ("exp1", False), ("sin2", False)]
    assert [edge.head for edge in two.edges] == ["exp1", "sin2"]
    assert graph_of(y, depth=3) == graph_of(y)
    assert not any(node.cut for node in graph_of(y, depth=3).nodes)
    assert not graph_of(x, depth=0).nodes[0].cut


def test_a_short_way_to_a_node_wins_over_a_long_one():
    x = Value(2.0)
    h = x.sin().cos()
    graph = graph_of(h * x, depth=1)
    assert {(node.id, node.cut) for node in graph.nodes} == {("leaf0", False), ("cos1", True), ("mul2", False)}


def test_what_is_not_a_value_is_named():
    for wrong, name in ((3.0, "float 3.0"), ("abc", "str 'abc'"), (None, "NoneType None"), ([Value(1.0), 7], "int 7")):
        with pytest.raises(TypeError, match=f"graph_of: expected a Value or several, got {name}"):
            graph_of(wrong)
    with pytest.raises(ValueError, match=r"got none \(an empty list\)"):
        graph_of([])
    with pytest.raises(ValueError, match="depth -1 is negative"):
        graph_of(Value(1.0), depth=-1)


def test_any_iterable_of_values_will_do():
    values = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    assert len(graph_of(np.array(values, dtype=object)).roots) == 4
    assert len(graph_of(v for v in values[0]).roots) == 2


def test_odd_numbers_and_labels_pass_through():
    x = Value(math.nan, label="α\n|")
    x.grad = -math.inf
    (node,) = graph_of(x).nodes
    assert math.isnan(node.data)
    assert (node.grad, node.label) == (-math.inf, "α\n|")


def test_a_copy_has_the_same_graph():
    x = Value(0.5, label="x")
    y = autograd.logsumexp([x, 1.0, x * x])
    assert graph_of(copy.deepcopy(y)) == graph_of(y)


def test_a_very_deep_graph_without_recursion():
    z = Value(0.0)
    for _ in range(200_000):
        z = z.sin()
    start = time.perf_counter()
    graph = graph_of(z)
    assert time.perf_counter() - start < 24
    assert (len(graph.nodes), len(graph.edges)) == (200_001, 200_000)
    assert graph.nodes[-1].id == "sin200000"
