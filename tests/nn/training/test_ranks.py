"""What is said between ranks: frames, plain data, numbers; and who is lost on the way."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.training.ranks import Ranks, as_bytes, as_words
from nn.training.rows import joined, rows_of_all
from tests.nn.training.comms import DiedError, LossyComm, together
from tests.nn.training.test_together import BITS, POINTS, SIGNS, dropping, normed, require_same, result

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
    for found in together(size, lambda comm: Ranks(comm).told(data[comm.rank])):
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


# --- the lost --------------------------------------------------------------------------------------------------------


def survive(who, when, lucky, **options):
    """What runs of three ranks give, one of which dies at some call of Allreduce."""
    return together(3, lambda comm: result(comm, **options), lambda rank, hub: LossyComm(rank, hub, (who, when, lucky)))


@pytest.mark.filterwarnings("ignore:fit. 1 ranks were lost")
@pytest.mark.parametrize("lucky", [(), (2,)])
@pytest.mark.parametrize("when", range(30, 44))  # at each place of an epoch
def test_others_go_on_when_a_rank_dies(when, lucky):
    """It dies before it has said anything, or after that: then the result reaches all others, or one of them."""
    options = {"made": dropping, "validation": 0.25}
    found = survive(1, when, lucky, **options)  # with all others lucky, the next call fails them, as without
    assert isinstance(found[1], DiedError)
    history, held = result(None, **options)
    for each in (found[0], found[2]):
        if isinstance(each, BaseException):
            raise each
        np.testing.assert_allclose(each[0].loss, history.loss, 1e-12)
        np.testing.assert_allclose(each[0].validation_losses, history.validation_losses, 1e-12)
        np.testing.assert_allclose(each[1], held, 1e-12, 1e-12)
        assert each[0].steps == history.steps
        assert len(each[0].accuracy) == len(history.accuracy)


@pytest.mark.filterwarnings("ignore:fit. 1 ranks were lost")
@pytest.mark.filterwarnings("ignore:fit. every rank computes")
@pytest.mark.parametrize(
    "options",
    [
        {"compiled": False, "made": dropping},
        {"made": normed},
        {"data": (POINTS, BITS), "loss": lambda s, y: nn.binary_cross_entropy_with_logits(s, y), "metrics": ["f1"]},
    ],
)
def test_others_go_on_whatever_they_do(options):
    history, held = result(None, **options)
    for when in (31, 34, 36):
        first, second, third = survive(0, when, (), **options)
        assert isinstance(first, DiedError)
        for each in (second, third):
            if isinstance(each, BaseException):
                raise each
            np.testing.assert_allclose(each[0].loss, history.loss, 1e-12)
            np.testing.assert_allclose(each[1], held, 1e-9, 1e-12)


@pytest.mark.filterwarnings("ignore:fit. 1 ranks were lost")
def test_files_go_to_the_first_of_those_that_are_left(tmp_path):
    path = tmp_path / "run"
    options = {"made": dropping, "checkpoint": str(path), "epochs": 4}
    written = []

    def note(record):
        written.append(record.epoch)
        path.unlink()

    note.per = "epoch"
    found = survive(0, 38, (), **options, callbacks=lambda: note)
    assert isinstance(found[0], DiedError)
    assert written[-1] == 3
    assert path.exists()
    want = result(None, **{**options, "checkpoint": None})
    np.testing.assert_allclose(found[1][0].loss, want[0].loss, 1e-12)
    path.unlink()
    require_same(together(2, lambda comm: result(comm)), result(None))
    assert SIGNS
