"""Boxes without loops, what repeats, what is near: small functions on columns, against plain Python."""

import builtins
import time
from graphlib import CycleError, TopologicalSorter
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.folding import rounds
from autograd.folding.belonging import belonging
from autograd.folding.loops import layers, links_between, without_loops
from autograd.folding.rounds import Run, runs_of
from autograd.graphs.graph import graph_of
from autograd.graphs.selection import FAR, above, below, nodes_around, nodes_between

dags = st.lists(st.lists(st.integers(0, 30), max_size=3), min_size=1, max_size=30)
"""For each node which of those before it are its operands."""


def csr(operands):
    rows = [[k for k in row if k < i] for i, row in enumerate(operands)]
    starts = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    heads = np.array([i for i, row in enumerate(rows) for _ in row], np.int32)
    return rows, starts, np.array([k for row in rows for k in row], np.int32), heads


@given(dags, st.data())
def test_boxes_are_cut_until_they_make_no_loop(operands, data):
    rows, starts, tails, heads = csr(operands)
    n = len(rows)
    labels = np.array(data.draw(st.lists(st.integers(-1, 4), min_size=n, max_size=n)), np.int32)
    found = without_loops(labels, starts, tails, tails, heads)
    a, b = links_between(found, tails, heads)
    TopologicalSorter({int(h): set(a[b == h].tolist()) for h in set(b.tolist())}).prepare()
    for x in range(n):
        assert (labels[x] < 0) == (found[x] < 0)
        for y in range(n):
            if found[x] == found[y]:
                assert labels[x] == labels[y], "a box is cut, never joined with another"
    a, b = links_between(labels, tails, heads)
    try:
        TopologicalSorter({int(h): set(a[b == h].tolist()) for h in set(b.tolist())}).prepare()
    except CycleError:
        return
    assert np.array_equal(found, labels), "what makes no loop stays whole"


@given(dags)
def test_layers_are_longest_ways(operands):
    rows, _, tails, heads = csr(operands)
    longest = []
    for row in rows:
        longest.append(max([longest[k] + 1 for k in row], default=0))
    assert layers(len(rows), tails, heads).tolist() == longest


@given(dags, st.data())
def test_distances(operands, data):
    rows, starts, tails, _ = csr(operands)
    n = len(rows)
    start = data.draw(st.integers(0, n - 1))

    class Columns:
        pass

    columns = Columns()
    columns.starts, columns.operands, columns.codes = starts, tails, np.ones(n, np.int32)
    down = {start: 0}
    for i in range(n - 1, -1, -1):
        if i in down:
            for k in rows[i]:
                down[k] = min(down.get(k, FAR), down[i] + 1)
    up = {start: 0}
    for i in range(n):
        near = [up[k] + 1 for k in rows[i] if k in up]
        if near and i != start:
            up[i] = min(near)
    assert below(columns, [start]).tolist() == [down.get(i, FAR) for i in range(n)]
    assert above(columns, [start]).tolist() == [up.get(i, FAR) for i in range(n)]
    assert set(nodes_around(columns, [start], 1).tolist()) == {
        i for i in range(n) if min(down.get(i, 9), up.get(i, 9)) <= 1
    }
    end = data.draw(st.integers(0, n - 1))
    ways = set(nodes_between(columns, [start], [end]).tolist())
    assert ways == {i for i in range(n) if i in up and below(columns, [end])[i] != FAR}


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], []),
        ([1] * 10, [Run(0, 1, 10)]),
        ([9, 8, *[1, 2, 3] * 20, 7], [Run(2, 3, 20)]),
        ([*[1, 2] * 10, 9, *[3, 4, 5] * 10], [Run(0, 2, 10), Run(21, 3, 10)]),
        ([*[1, 1, 2] * 30], [Run(0, 3, 30)]),
        ([1, 2, 1, 2, 1], []),
    ],
)
def test_runs(signs, expected):
    assert runs_of(np.array(signs)) == expected


@given(st.lists(st.integers(0, 1), min_size=8, max_size=400), st.integers(1, 20), st.integers(0, 300), st.data())
def test_what_may_repeat_is_never_passed_over(noise, period, extra, data):
    """Whoever looks at a few items only says no where a look at all of them says so too."""
    at = data.draw(st.integers(0, len(noise)))
    length = 3 * period + extra
    motif = noise[:period] * (length // min(period, len(noise)) + 1)
    part = np.array([*noise[:at], *motif[:length], *noise[at:]])
    real = min(period, len(noise))
    for looks in (2, 16, 512):
        with mock.patch.object(rounds, "LOOKS", looks):
            assert rounds.may_repeat(part, real, length)


def test_random_signs_take_no_longer_than_others():
    signs = np.random.default_rng(0).integers(0, 4, 1_000_000)
    begin = time.process_time()
    assert runs_of(signs) == []
    assert time.process_time() - begin < 0.5


def owners_in(root, parameters):
    graph = graph_of(root)
    owners = np.full(len(graph), -1, np.int32)
    for module, values in enumerate(parameters):
        for value in values:
            owners[graph.place(value)] = module
    return graph, belonging(graph.columns, owners)


def test_a_neuron_is_its_products_their_sum_its_bias_and_its_activation():
    w, b, x = [Value(0.1), Value(0.2)], Value(0.3), [Value(1.0), Value(2.0)]
    for total, bias in (
        (builtins.sum((wi * xi for wi, xi in zip(w, x, strict=True)), b), [b]),
        (x[0] * w[0] + x[1] * w[1] + b, [b]),
        (b + 1.0 * w[0] + 2.0 * w[1], [b]),
        (w[0] * x[0] + w[1] * x[1], []),
    ):
        activation = total.tanh()
        root = activation * 2 - 1
        graph, found = owners_in(root, [[*w, *bias]])
        inside = {id(v) for v in (total, *total.operands, activation, *w, *bias)} - {id(v) for v in x}
        for i, value in enumerate(graph.values):
            if not value.is_constant:
                of_neuron = id(value) in inside or (value._op in ("*", "+") and value is not root.operands[0])
                assert (found[i] == 0) == of_neuron, value


def test_a_penalty_belongs_to_no_neuron():
    w = [Value(0.1), Value(0.2)]
    for root in (builtins.sum(p * p for p in w), w[0] ** 2 + w[1] ** 2, abs(w[0]) + abs(w[1])):
        graph, found = owners_in(root, [w])
        assert [int(found[i]) for i in range(len(graph))].count(0) == 2


def test_what_combines_two_modules_belongs_to_neither():
    v, w, x = Value(0.1), Value(0.2), Value(1.0)
    root = v * x + w * x
    graph, found = owners_in(root, [[v], [w]])
    assert found[graph.place(root)] == -1
    assert sorted(found[[graph.place(k) for k in root.operands]].tolist()) == [0, 1]
