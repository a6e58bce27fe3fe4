"""The cache of repetitions: what it keeps, in which order, and when it rests."""

from threading import RLock
from types import SimpleNamespace

import pytest

from autograd.recorded.repetitions import KINDS_OF_CALLS, Repetitions

KEY = ("value", ())


class Fork:
    retired = False


def along(fork=None):
    return SimpleNamespace(fork=fork, hits=0)


@pytest.fixture
def repetitions():
    return Repetitions(RLock())


def test_a_way_is_tried_once_also_in_vain(repetitions):
    assert repetitions.wants(KEY, "a path")
    repetitions.keep(KEY, "a path", None)
    assert not repetitions.wants(KEY, "a path")
    assert repetitions.wants(KEY, "another")
    assert repetitions.wants(("gradient", 0), "a path")
    assert KEY not in repetitions.kept
    repetitions.keep(KEY, "a path", along())
    assert KEY not in repetitions.kept
    repetitions.forget({"a path"})
    assert repetitions.wants(KEY, "a path")


def test_forks_come_first_and_retired_ones_go(repetitions):
    path, fork, later = along(), *[along(Fork()) for _ in range(2)]
    repetitions.keep(KEY, "a path", path)
    repetitions.keep(KEY, fork.fork, fork)
    assert repetitions.kept[KEY] == (fork, path)
    fork.fork.retired = True
    repetitions.keep(KEY, later.fork, later)
    assert repetitions.kept[KEY] == (later, path)
    repetitions.bring_forward(KEY, path)
    assert repetitions.kept[KEY] == (path, later)


def test_there_are_so_many_of_a_key_at_the_most(repetitions):
    for way in range(KINDS_OF_CALLS + 2):
        repetitions.keep(KEY, way, along())
    assert len(repetitions.kept[KEY]) == KINDS_OF_CALLS


def test_while_they_rest_nothing_is_kept_or_found(repetitions):
    first = along()
    repetitions.keep(KEY, 1, first)
    repetitions.rest()
    repetitions.keep(KEY, 2, along())
    repetitions.bring_forward(KEY, first)
    assert not repetitions.kept
    repetitions.resume()
    assert repetitions.kept == {KEY: (first,)}
    repetitions.resume()
    assert repetitions.wants(KEY, 2)


def test_hits_are_counted_since_they_were_last_asked(repetitions):
    some = [along(), along()]
    for way, repetition in enumerate(some):
        repetitions.keep(KEY, way, repetition)
        repetition.hits = 3
    assert repetitions.take_hits() == 6
    assert repetitions.take_hits() == 0
