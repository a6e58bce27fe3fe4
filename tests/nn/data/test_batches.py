"""The batches are each sample once."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import Batches, buckets, minibatches


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 9))
def test_batches_hold_each_sample_once_with_its_label(n, size, seed):
    batches = list(minibatches(range(n), [i * i for i in range(n)], size, rng=seed))
    assert [len(xs) for xs, _ in batches] == [size] * (n // size) + [n % size] * (n % size > 0)
    pairs = [pair for xs, ys in batches for pair in zip(xs, ys, strict=True)]
    assert sorted(pairs) == [(i, i * i) for i in range(n)]
    assert batches == list(minibatches(range(n), [i * i for i in range(n)], size, rng=seed))


def test_batches_are_shuffled_anew_with_each_draw():
    rng = random.Random(1)
    first, second = ([xs for xs, _ in minibatches(range(20), range(20), 20, rng)] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1], [1], 0), ValueError, "size: expected 1 or more, got 0"),
        (([1], [1], 1.5), TypeError, "size: expected a whole number, got float"),
        (([1, 2], [1], 1), ValueError, "2 samples but 1 labels"),
        (([], [], 1), ValueError, "no samples"),
        ((5, [1], 1), TypeError, "xs: expected a list, got int"),
    ],
)
def test_batches_that_are_refused_at_once(arguments, error, message):
    with pytest.raises(error, match=message):
        minibatches(*arguments)  # without drawing the first


def test_the_order_is_that_of_micrograd():
    """A shuffle of the places, cut: whoever seeds as before gets the batches of before."""
    order = list(range(9))
    random.Random(4).shuffle(order)
    assert [xs for xs, _ in minibatches(range(9), range(9), 4, rng=4)] == [order[:4], order[4:8], order[8:]]


def test_batches_larger_than_the_data_hold_all_of_it():
    ((xs, ys),) = minibatches([1, 2, 3], [4, 5, 6], 1000, rng=1)
    assert (sorted(xs), sorted(ys)) == ([1, 2, 3], [4, 5, 6])


ragged = st.lists(st.lists(st.integers(0, 9), max_size=6).map(tuple), min_size=1, max_size=40)


@given(ragged, st.integers(1, 8), st.integers(1, 4), st.integers(0, 9))
def test_buckets_hold_each_sequence_once_with_others_of_its_length(sequences, size, width, seed):
    places = list(range(len(sequences)))
    batches = list(buckets(sequences, places, size, rng=seed, width=width))
    assert sorted(i for _, ys in batches for i in ys) == places
    bucket_of = [0 if not sequence else (len(sequence) - 1) // width for sequence in sequences]
    for xs, ys in batches:
        assert xs == [sequences[i] for i in ys]
        assert 1 <= len(xs) <= size
        assert len({bucket_of[i] for i in ys}) == 1
    for bucket in set(bucket_of):
        count = bucket_of.count(bucket)
        assert sum(bucket_of[ys[0]] == bucket for _, ys in batches) == -(-count // size)  # no more than are needed
    assert batches == list(buckets(sequences, places, size, rng=seed, width=width))


def test_buckets_come_in_random_order():
    names = ["a", "bb", "ccc", "dddd"] * 10
    rng = random.Random(1)
    first, second = ([ys for _, ys in buckets(names, range(40), 4, rng)] for _ in range(2))
    assert first != second
    lengths = [len(names[ys[0]]) for ys in first]
    assert lengths != sorted(lengths)
    assert [len(ys) for ys in first] == [4] * 8 + [2] * 4 or sorted(map(len, first)) == [2] * 4 + [4] * 8


@pytest.mark.parametrize("by_length", [False, True])
def test_batches_are_gone_through_any_number_of_times(by_length):
    names = ["ann", "bob", "carla", "dan", "ellen", "fay", "gus"]
    batches = Batches(names, range(7), 2, rng=3, by_length=by_length)
    rng = random.Random(3)
    draw = buckets if by_length else minibatches
    epochs = [list(batches) for _ in range(3)]
    assert epochs == [list(draw(names, range(7), 2, rng)) for _ in range(3)]
    assert epochs[0] != epochs[1]
    assert [len(batches)] * 3 == list(map(len, epochs))
    assert repr(batches) == f"Batches of 2{' by length' * by_length} from 7 samples"


def test_batches_go_on_from_the_state_of_their_source():
    batches = Batches(range(20), range(20), 5, rng=3)
    list(batches)
    state = batches.source.getstate()
    wanted = list(batches)
    batches.source.setstate(state)
    assert list(batches) == wanted


def test_batches_of_tables():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    columns = {"a": [1, 2, 3], "b": [4, 5, 6]}
    wanted = list(minibatches([[1, 4], [2, 5], [3, 6]], [0, 1, 0], 2, rng=1))
    for frame in (pd.DataFrame(columns), pl.DataFrame(columns), np.array([[1, 4], [2, 5], [3, 6]])):
        assert list(minibatches(frame, np.array([0, 1, 0]), 2, rng=1)) == wanted
        assert list(Batches(frame, [0, 1, 0], 2, rng=1)) == wanted


def test_sequences_without_a_length_are_refused():
    for make in (buckets, lambda *a: Batches(*a, by_length=True)):
        with pytest.raises(TypeError, match=r"sample 1 is float 3\.5, no sequence"):
            make([[1], 3.5], [0, 0], 1)
        with pytest.raises(ValueError, match="no samples"):
            make([], [], 1)
        with pytest.raises(ValueError, match="2 samples but 1 labels"):
            make([[1], [2]], [0], 1)
        with pytest.raises(ValueError, match="size: expected 1 or more, got -2"):
            make([[1]], [0], -2)
    with pytest.raises(ValueError, match="buckets: width: expected 1 or more, got 0"):
        buckets([[1]], [0], 1, width=0)
