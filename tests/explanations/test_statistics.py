"""Counts of a graph, against a plain walk over it."""

import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, dot, statistics, topological_order
from tests.random_graphs import on_values, programs
from tests.sizes import some


def test_of_a_small_graph():
    w, x = Value(2.0), Value(5.0)
    found = statistics(((w * x - 12.0) ** 2).tanh())
    assert (found.nodes, found.leaves, found.constants, found.edges) == (8, 2, 2, 7)
    assert found.operations == {"*": 1, "**": 1, "-": 1, "tanh": 1}
    assert (found.depth, found.width) == (4, 4)
    assert str(found).splitlines()[0].split() == ["nodes", "8"]


@settings(max_examples=some(50), deadline=None)
@given(programs())
def test_as_a_plain_walk_counts(program):
    root = program.run(on_values, [Value(x) for x in program.leaves])
    found, order = statistics(root), topological_order(root)
    level = {}
    for v in order:
        level[v] = 1 + max(level[x] for x in v.operands) if v.operands else 0
    widths = [list(level.values()).count(k) for k in set(level.values())]
    assert (found.nodes, found.edges) == (len(order), sum(len(v.operands) for v in order))
    assert (found.depth, found.width) == (max(level.values()), max(widths))
    assert found.constants == sum(v.is_constant for v in order)
    assert found.leaves + found.constants + sum(found.operations.values()) == len(order)


def test_many_operands_take_memory_and_depth_is_no_recursion():
    xs = [Value(1.0) for _ in range(1000)]
    few, many = statistics(dot(xs[:1], [2.0])), statistics(dot(xs, [2.0] * 1000))
    assert many.edges == 1000
    assert many.bytes - few.bytes > 1000 * 16
    y = Value(1.0)
    for _ in range(50_000):
        y = y.sin()
    assert statistics(y).depth == 50_000


def test_refusals():
    with pytest.raises(TypeError, match="statistics: expected a Value or several, got float"):
        statistics(3.0)
    with pytest.raises(autograd.RecordingError):
        autograd.Tape.record(lambda x: x * statistics(x).nodes, 1.0)
