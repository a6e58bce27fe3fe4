"""Shares of a batch: whole blocks, all rows once, whatever the number of threads."""

import itertools
import threading

import pytest

from autograd.replay.threads import LANES, LARGEST_SHARE, as_threads, most_in_one_go, shares, smallest_share, spread


@pytest.mark.parametrize("n", [1, 63, 64, 65, 4096, 100_000, 5_000_000])
@pytest.mark.parametrize("instructions", [0, 1, 500, 10**7])
def test_shares_are_whole_blocks_that_have_each_row_once(n, instructions):
    spans = list(shares(n, instructions))
    assert spans[0][0] == 0
    assert spans[-1][1] == n
    for (start, stop), (after, _) in itertools.pairwise(spans):
        assert stop == after
        assert start % LANES == stop % LANES == 0
        assert smallest_share(instructions) <= stop - start <= LARGEST_SHARE


@pytest.mark.parametrize("instructions", [0, 1, 500, 10**7])
def test_one_thread_goes_on_where_it_would_be_alone(instructions):
    least = smallest_share(instructions)
    here = {threading.get_ident()}
    for threads in (1, 2):
        most = most_in_one_go(instructions, threads)
        assert most >= least  # a batch of so many is one share, however much there is to do
        by = {*spread(lambda span: threading.get_ident(), [(0, 1), (1, most - 1)], instructions, threads)}
        assert by == here or most == least


def test_an_empty_batch_has_no_shares():
    assert list(shares(0, 1)) == []


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_order_and_little_work_stays_where_it_is(threads):
    spans = list(shares(LANES * 1000, 10**6))
    assert len(spans) > threads
    assert list(spread(lambda span: span, spans, 10**6, threads)) == spans
    here = set(spread(lambda span: threading.get_ident(), spans, 1, threads))
    assert here == {threading.get_ident()}


@pytest.mark.parametrize("threads", [0, -1, True, 1.5, "2"])
def test_threads_are_a_whole_number_from_one(threads):
    with pytest.raises(ValueError, match="threads must be a whole number from 1"):
        as_threads(threads)
    assert as_threads(None) >= 1
