"""The batches are each sample once."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import minibatches


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
