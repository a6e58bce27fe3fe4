"""The columns of a graph, and digests of how nodes are computed: against the nodes themselves, on both builds."""

import builtins
import threading

import numpy as np
from hypothesis import given, settings

import autograd
from autograd import Value, topological_order
from autograd.folding.likeness import likeness_of, numbered
from autograd.graphs.columns import BARE, columns_of
from autograd.graphs.graph import graph_of
from tests.random_graphs import on_values, programs
from tests.sizes import some


@settings(max_examples=some(50), deadline=None)
@given(programs())
def test_columns_say_what_the_nodes_do(program):
    root = program.run(on_values, [Value(x) for x in program.leaves])
    root.backward()
    order = topological_order(root)
    graph = graph_of(root)
    assert [graph.data(i).hex() for i in range(len(graph))] == [v.data.hex() for v in order]
    assert [graph.grad(i).hex() for i in range(len(graph))] == [
        (0.0).hex() if v.is_constant else v.grad.hex() for v in order
    ]
    for i, value in enumerate(order):
        assert [order[k] is x for k, x in zip(graph.operands(i), value.operands, strict=True)] == [True] * len(
            value.operands
        )
        assert graph.place(value) == i
        partials = [use.partial for use in graph.uses(i)]
        assert partials == [None if x.is_constant else p for x, p in zip(value.operands, value.partials, strict=True)]


def test_bare_numbers_are_told_apart_from_nodes():
    w = [Value(2.0), Value(3.0)]
    graph = graph_of(autograd.dot(w, [10.0, 100.0], 1.0))
    last = len(graph) - 1
    assert graph.operands(last).count(BARE) == len(graph.operands(last)) - 2
    assert [use.operand for use in graph.uses(last) if isinstance(use.operand, float)][-2:] == [10.0, 100.0]


def test_only_what_is_near_is_looked_at():
    y = Value(0.5)
    for _ in range(100_000):
        y = y.tanh()
    graph = graph_of(y, depth=2)
    assert len(graph) == 3
    assert graph.ends == {0}
    assert [graph.kind(i) for i in range(3)] == ["operation"] * 3
    assert graph.uses(0) == []


def test_nodes_that_another_thread_numbers_are_found_all_the_same():
    """A sweep of another thread writes its own numbers into shared nodes at any time."""
    x = Value(0.5)
    roots = [builtins.sum([(x * k).tanh() for k in range(200)], x) for _ in range(2)]
    order = topological_order(roots[0])
    topological_order([x.exp(), roots[1], roots[0]])  # numbers them anew
    columns = columns_of(order)
    assert [
        order[k] is v
        for value, start in zip(order, columns.starts, strict=False)
        for k, v in zip(columns.operands[start:], value.operands, strict=False)
    ].count(False) == 0
    stop = threading.Event()

    def disturb():
        while not stop.is_set():
            topological_order(roots[::-1])

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for _ in range(20):
            graph = graph_of(roots[0])
            assert all(graph.operands(i) == sorted(graph.operands(i)) or i for i in range(len(graph)))
            assert all(k < i for i in range(len(graph)) for k in graph.operands(i))
    finally:
        stop.set()
        thread.join()


def digests(root, kept=()):
    order = topological_order(root)
    none = np.zeros(len(order), np.int32)
    flags = none.copy()
    flags[list(kept)] = 1
    return order, likeness_of(columns_of(order), none, flags)


def test_digests_are_the_same_on_both_builds():
    x, y = Value(0.5), Value(2.0)
    _, found = digests((x * y + y + x).tanh() / (x**2 - 1))
    assert found.heights.tolist() == [0, 0, 1, 2, 2, 3, 0, 1, 0, 2, 4]
    assert found.units.tolist() == [0, 1, 2, 4, 4, 5, 6, 7, 8, 9, 10]
    assert hex(found.alike[-1]) == "0x79ebbeae335e9e01"


def test_what_is_alike():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    _, found = digests(a.exp() + b.exp())
    assert found.alike[1] == found.alike[3]
    order, found = digests((a * b) - (c * c))
    products = [i for i, v in enumerate(order) if v._op == "*"]
    assert len({int(found.alike[i]) for i in products}) == 2, "a square is no product of two"
    order, found = digests((a - b.exp()) * (b.exp() - a))
    differences = [i for i, v in enumerate(order) if v._op == "-"]
    assert len({int(found.alike[i]) for i in differences}) == 2, "the order of the operands counts"
    order, found = digests(a**2 + a**3)
    powers = [i for i, v in enumerate(order) if v._op == "**"]
    assert len({int(found.alike[i]) for i in powers}) == 2


def test_numbers_for_digests():
    rng = np.random.default_rng(1)
    digests = rng.integers(0, 50, 2000).astype(np.uint64) * np.uint64(2**58 + 3)
    found, count = numbered(digests)
    _, expected = np.unique(digests, return_inverse=True)
    assert count == len(set(digests.tolist()))
    assert len(set(zip(found.tolist(), expected.tolist(), strict=True))) == count
    assert numbered(np.zeros(0, np.uint64))[1] == 0
