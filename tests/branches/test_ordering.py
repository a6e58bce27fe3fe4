"""max, min and sorted of a function that is recorded: Python's own, in every row, on one path."""

import heapq
import math
import statistics
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, Value
from autograd.branches.ordering import merge_exchange, neighbours
from tests.compiled.last_digits import differ
from tests.random_graphs import value_and_slopes
from tests.sizes import some


def helper(xs):
    return max(xs)


PROGRAMS = {
    "max": lambda a, b, c: max(a, b, c) * 2.0,
    "min of a list": lambda a, b, c: min([a, 0.5, c]) * b,
    "whole numbers beside": lambda a, b, c: max(a, 0) + min(b, 1) * c,
    "of numbers alone": lambda a, b, c: max(3, 5) * a + [a, b, c][min(1, 2)],
    "default": lambda a, b, c: max([], default=a) + max((x for x in (b, c)), default=0.0),
    "key": lambda a, b, c: max([a, b, c], key=lambda x: x * x) + min(a, b, key=abs),
    "key of pairs": lambda a, b, c: max([(a, b), (b, c), (c, a)], key=lambda pair: pair[0])[1] * a,
    "sorted": lambda a, b, c: sorted([a, b, c])[1] + sorted((c, b))[0] * a,
    "sorted, reversed": lambda a, b, c: sorted([a, b, c], reverse=True)[0] - b,
    "sorted by key": lambda a, b, c: sorted([a, b, c], key=lambda x: -x * x)[0] + sorted([a, b], key=abs)[0],
    "pairs sorted by key": lambda a, b, c: sorted([(a, b), (c, a)], key=second)[0][0] * c,
    "median": lambda a, b, c: statistics.median([a, b, c, a + b]),
    "largest": lambda a, b, c: heapq.nlargest(2, [a, b, c])[1] + heapq.nsmallest(1, [a, b, c], key=abs)[0],
    "in functions that it calls": lambda a, b, c: helper([a, b]) + (lambda x: max(x, c))(a),
    "in what runs through": lambda a, b, c: sum(max(x, y) for x, y in pairwise([a, b, c])),
    "two at once": lambda a, b, c: min(max(a, -1.0), 1.0) * max(b, min(c, a)),
}  # fmt: skip


GUARDS = {
    PROGRAMS[name]: n
    for name, n in {"sorted": 2, "sorted, reversed": 1, "sorted by key": 2, "pairs sorted by key": 1, "median": 1,
                    "largest": 2}.items()
}  # fmt: skip
"""How many guards say that there is no nan."""


def second(pair):
    return pair[1]


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS.keys())
@pytest.mark.parametrize(
    "edges", [(0.5, -1.0, 0.0, 2.0), (0.0, -0.0, 1e300, -math.inf), (math.nan, 1.0, -2.0, math.inf)]
)
def test_every_row_is_pythons_on_one_path(f, edges):
    rows = [(a, b, c) for a in edges for b in edges for c in edges]
    fast = autograd.compile(f, in_axes=0)
    value, slopes = fast.value_and_grad(*np.array(rows).T, argnums=(0, 1, 2))
    for i, row in enumerate(rows):
        expected = value_and_slopes(f, row)
        found = [float(value[i]), *(float(s[i]) for s in slopes)]
        assert not any(map(differ, found, expected)), (row, found, expected)
    if not any(map(math.isnan, edges)):  # beside which what Python has sorted is in no order
        assert len(fast.tapes) == 1
        assert str(fast.tapes[0]).count("guard") == GUARDS.get(f, 0)


@pytest.mark.parametrize(("n", "network"), [(6, neighbours), *((n, merge_exchange) for n in range(2, 8))])
def test_networks_sort(n, network):
    for order in permutations(range(n)):
        found = list(order)
        for i, j in network(n):
            if found[j] < found[i]:
                found[i], found[j] = found[j], found[i]
        assert found == [*range(n)]


@settings(max_examples=some(30))
@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, -1.0]), min_size=33, max_size=70), st.booleans())
def test_many_are_sorted_and_equal_ones_keep_their_order(numbers, reverse):
    def f(*xs):
        ordered = sorted(xs, reverse=reverse)
        return autograd.dot(ordered, [1.0 + k * k for k in range(len(xs))])

    tape = Tape.record(f, *[float(k) for k in range(len(numbers))])
    found = tape.gradient()(*numbers)
    leaves = [Value(x) for x in numbers]
    expected = autograd.grad(f(*leaves), leaves, allow_unused=True)
    assert [*found][-len(numbers) :] == expected


def test_what_no_select_chooses_is_chosen_by_guards():
    class Named:
        def __init__(self, number):
            self.number = number

        def __lt__(self, other):
            return self.number < other.number

    programs = [
        lambda a, b: [a, b][max(range(2), key=[a, b].__getitem__)] * 2.0,  # an index
        lambda a, b: min(Named(a), Named(b)).number * b,
        lambda a, b: max((a, b), (b, a))[0] * 2.0,  # pairs, as Python orders them
        lambda a, b: a * b if sorted(["x", "y"], key={"x": a, "y": b}.get)[0] == "x" else a - b,
    ]
    for f in programs:
        fast = autograd.compile(f, in_axes=0)
        rows = np.array([(0.5, 2.0), (2.0, 0.5), (1.0, 1.0), (-1.0, 3.0)])
        value = fast(*rows.T)
        assert 2 <= len(fast.tapes) <= 3
        assert [*value] == [f(Value(a), Value(b)).data for a, b in rows]


@pytest.mark.parametrize("call", [
    lambda x: max(), lambda x: max(x), lambda x: max([]), lambda x: max(x, x, default=x), lambda x: max(x, "a"),
    lambda x: sorted(x), lambda x: sorted([x, "a"]), lambda x: min([x, None]),
])  # fmt: skip
def test_what_python_refuses_is_refused_in_its_words(call):
    with pytest.raises((TypeError, ValueError)) as said:
        call(Value(1.0))
    with pytest.raises(said.type) as found:
        autograd.compile(call)(1.0)
    assert str(found.value).replace("greatest", "max") == str(said.value)


def test_a_derivative_by_what_max_gave_is_by_what_it_took():
    def f(a, b):
        v = max(a * 1.0, b)
        return autograd.grad(v * a * a + b, v, create_graph=True)

    def itself(a, b):
        v = max(a, b)
        return autograd.grad(a * a * b, v, create_graph=True) if a > b else a

    rows = np.array([(2.0, 1.0), (1.0, 2.0), (3.0, 0.5), (1.0, 1.0)])
    for function in (f, itself):
        fast = autograd.compile(function, in_axes=0)
        value, slopes = fast.value_and_grad(*rows.T, argnums=(0, 1))
        for i, row in enumerate(rows):
            expected = value_and_slopes(function, row.tolist())
            assert [value[i], *(s[i] for s in slopes)] == pytest.approx(expected)
