"""The same bits whatever runs a sweep: on any number of workers, in any order, in tasks of any size."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import optree
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Draws
from autograd.compiled import pieces
from autograd.sweeps import chunks as of_chunks
from autograd.sweeps import running
from autograd.sweeps.pieces import Joined, block_end, joined
from tests.sizes import some
from tests.sweeps import functions


def same(a, b):
    """Whether two results are equal to the bit."""
    xs, ys = optree.tree_leaves(a), optree.tree_leaves(b)
    return len(xs) == len(ys) and all(
        np.asarray(x).tobytes() == np.asarray(y).tobytes() for x, y in zip(xs, ys, strict=True)
    )


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Pieces of a few rows, so that small chunks have many."""
    monkeypatch.setattr(Draws, "grain", 256)
    monkeypatch.setattr(of_chunks, "GRAIN", 256)


FUNCTIONS = {
    "smooth": (functions.option, functions.options, (0, 0, None, 0, 0)),
    "rare paths": (functions.bent, functions.normal, (0, None)),
    "merged at once": (functions.twisted, functions.normal, (0, None)),
    "merged by some chunks": (functions.twisted, functions.some, (0, None)),
}
OPTIONS = [{}, {"reduce": "sum"}, {"max_paths": 2}, {"branches": "guards"}, {"branches": "selects"}]


@pytest.mark.filterwarnings("ignore:.* takes more than 2 paths")
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_bits_do_not_depend_on_who_computes(name, options, elsewhere):
    function, draw, axes = FUNCTIONS[name]
    alone = functions.narrow if draw is not functions.options else draw

    def swept(function, executor, reduce):
        fast = autograd.compile(function, in_axes=axes, **options)
        sizes = [200, 600, 100, 256, 1]
        chunks = [Draws(draw if k else alone, n, seed=(3, k)) for k, n in enumerate(sizes)]
        return fast.map(chunks, executor=executor, argnums=(0, 1), reduce=reduce)

    for reduce in (None, "mean"):
        expected = swept(function, None, reduce)
        assert same(swept(function, ThreadPoolExecutor(1), reduce), expected)
        for seed in (1,):
            assert same(swept(function, elsewhere(seed, 1 + seed, forgets=0.2), reduce), expected)
        assert same(swept(lambda *xs: function(*xs), elsewhere(3), reduce), expected)  # which no worker has


def test_a_second_sweep_has_the_bits_of_the_first():
    fast = autograd.compile(functions.twisted, in_axes=(0, None))
    chunks = [Draws(functions.some, 3000, seed=k) for k in range(4)]
    first = fast.map(chunks, reduce="sum")
    paths = len(fast.tapes)
    assert same(fast.map(chunks, reduce="sum"), first)
    assert len(fast.tapes) == paths


@given(st.integers(1, 40), st.lists(st.floats(0.0, 12.0), min_size=1), st.data())
def test_blocks_of_any_sizes_join_to_the_same(count, sizes, data):
    def combine(x, y):
        return f"({x} {y})"

    pieces = list(map(str, range(count)))
    whole, begin, found = Joined(count, combine), 0, None
    while begin < count:
        end = block_end(begin, count, data.draw(st.sampled_from(sizes)))
        assert begin < end <= count
        found = whole.add(begin, end, joined(pieces[begin:end], combine))
        assert (found is None) == (end < count)
        begin = end
    assert found == joined(pieces, combine)


@settings(max_examples=some(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 1500), min_size=1, max_size=5), st.integers(0, 99), st.sampled_from([1e-9, 1e-4, 0.2]))
def test_chunks_cut_anywhere_give_the_same_bits(elsewhere, lengths, seed, seconds):
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    chunks = [Draws(functions.normal, n, seed=k) for k, n in enumerate(lengths)]
    expected = fast.map(chunks, argnums=1)
    before, running.SECONDS = running.SECONDS, seconds
    try:
        found = fast.map(iter(chunks), argnums=1, executor=elsewhere(seed))
    finally:
        running.SECONDS = before
    assert same(found, expected)
    assert [len(value) for value, _ in found] == lengths


@pytest.mark.skipif(not autograd.native, reason="calls are repeated in C alone")
@pytest.mark.parametrize("own", [None, "sum", "mean"])
@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
@pytest.mark.parametrize("kind", ["value", "value_and_grad"])
def test_pieces_like_those_before_are_answered_in_c_with_the_same_bits(own, reduce, kind, monkeypatch):
    monkeypatch.setattr(Draws, "grain", 9000)  # several shares, over which sums are added up
    chunks = [Draws(functions.options, n, seed=(4, k)) for k, n in enumerate([9000, 40_000, 1, 10_000])]
    calls, whole = [], pieces.Pieces._run

    def counted(self, *args):
        calls.append(args)
        return whole(self, *args)

    def swept():
        fast = autograd.compile(functions.option, in_axes=(0, 0, None, 0, 0), reduce=own, threads=1)
        del calls[:]
        return fast.map(chunks, kind=kind, reduce=reduce, argnums=(0, 2)), len(calls)

    monkeypatch.setattr(pieces.Pieces, "_run", counted)
    found, long_ways = swept()
    monkeypatch.setattr(pieces.Pieces, "_repeated", lambda self, arguments: None)
    expected, all_pieces = swept()
    assert (long_ways, all_pieces) == (1, 9)
    assert same(found, expected)
