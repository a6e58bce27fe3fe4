"""Listeners that are heard within themselves, or are equal to one another."""

import threading

from autograd import Value
from autograd.engine.listening import Listener, heard_by


class Counter(Listener):
    __slots__ = ("count",)

    def __init__(self):
        self.count = 0

    def made(self, node):
        self.count += 1


class Equal(Counter):
    __slots__ = ()

    def __eq__(self, other):
        return isinstance(other, Equal)

    def __hash__(self):
        return 1


class Unhashable(Counter):
    __slots__ = ()
    __hash__ = None


def test_one_that_is_heard_within_itself_hears_on_afterwards():
    listener = Counter()

    def run():
        heard_by(listener, Value, (1.0,), {})
        Value(2.0)

    heard_by(listener, run, (), {})
    assert listener.count == 3  # the inner one twice


def test_equal_ones_are_apart():
    outer, inner = Equal(), Equal()

    def run():
        heard_by(inner, Value, (1.0,), {})
        Value(2.0)

    heard_by(outer, run, (), {})
    assert (outer.count, inner.count) == (2, 1)


def test_one_need_not_be_hashable():
    listener = Unhashable()
    heard_by(listener, Value, (1.0,), {})
    assert listener.count == 1


def test_one_in_two_threads_hears_on_when_the_other_ends():
    listener = Counter()
    inside, go_on = threading.Event(), threading.Event()

    def run():
        inside.set()
        assert go_on.wait(10)
        Value(1.0)

    thread = threading.Thread(target=heard_by, args=(listener, run, (), {}))
    thread.start()
    assert inside.wait(10)
    heard_by(listener, Value, (2.0,), {})
    go_on.set()
    thread.join()
    assert listener.count == 2
