"""What is said between ranks: frames, plain data, numbers; rows that are put together."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.ranks.ranks import Ranks
from nn.ranks.rows import joined, rows_of_all
from nn.ranks.saying import as_bytes, as_words
from tests.nn.ranks.comms import together

pytestmark = pytest.mark.any_build


@given(st.binary(max_size=50))
def test_bytes_travel_as_whole_numbers(data):
    words = as_words(data)
    assert all(0 <= word < 2**48 and word == int(word) for word in words.tolist())
    assert as_bytes(words) == data


@given(st.integers(1, 40), st.integers(1, 7))
def test_spans_are_all_samples_once(n, size):
    spans = []
    for rank in range(size):
        ranks = Ranks(None)
        ranks.rank, ranks.size = rank, size
        spans.append(ranks.span(n))
    assert [i for span in spans for i in range(*span)] == list(range(n))
    assert max(b - a for a, b in spans) - min(b - a for a, b in spans) <= 1


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize("length", [0, 1, 300, 5000])
def test_plain_data_of_any_length(size, length):
    rng = random.Random(1)
    texts = ["".join(rng.choices("aä\n☃", k=length * (rank + 1))) for rank in range(size)]
    data = [{"rank": rank, "text": texts[rank], "x": [0.1, 1e300, None]} for rank in range(size)]
    for found in together(size, lambda comm: Ranks(comm).gathered(data[comm.rank])):
        assert found == data
    for found in together(size, lambda comm: Ranks(comm).told(lambda: data[comm.rank])):
        assert found == data[0]


@pytest.mark.parametrize("lengths", [(0, 0), (3, 0, 1000), (1, 700, 2)])
def test_numbers_arrive_to_the_bit(lengths):
    rng = np.random.default_rng(1)
    sent = [np.append(rng.normal(size=max(n - 2, 0)), [np.inf, 1e-310][: min(n, 2)]) for n in lengths]
    for found in together(len(lengths), lambda comm: Ranks(comm).numbers(sent[comm.rank])):
        assert all(map(np.array_equal, found, sent))


def test_rows_of_all():
    given = [
        [np.ones((2, 3)), np.empty(0)], [np.zeros((1, 3)), np.zeros((4, 3))], [[], [[1.0, [2.0]], [3.0, [4.0]]]],
    ]  # fmt: skip
    for found in together(3, lambda comm: rows_of_all(Ranks(comm), given[comm.rank])):
        parts = [each for _, each in found]
        assert joined([parts[0][0], parts[1][0]]).tolist() == [[1.0] * 3] * 2 + [[0.0] * 3]
        assert joined([parts[r][1] for r in range(3)]) == [[0.0] * 3] * 4 + [[1.0, [2.0]], [3.0, [4.0]]]


def test_ranks_at_different_places():
    def work(comm):
        ranks = Ranks(comm)
        return ranks.gathered(1) if comm.rank else ranks.step([], {})

    for error in together(2, work):
        assert isinstance(error, RuntimeError)
        assert "at different places" in str(error)
