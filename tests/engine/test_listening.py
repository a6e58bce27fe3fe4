"""Listeners: whoever wants to hear of what a function does writes one, and the engine needs to know nothing of it."""

import math
import threading
from collections import Counter

import pytest

import autograd
from autograd import RecordingError, Tape, Value, compile
from autograd.engine.listening import Listener, heard_by, listeners
from autograd.engine.reading import data_of, name_of


class Counts(Listener):
    """How many nodes of each row are made, constants and leaves by no name."""

    def __init__(self):
        self.rows = Counter()

    def made(self, node):
        self.rows[name_of(node)] += 1


class Names(Listener):
    """Labels nodes v1, v2, ... in the order in which they are made."""

    def __init__(self):
        self.count = 0

    def made(self, node):
        self.count += 1
        node.label = node.label or f"v{self.count}"


class FirstNan(Listener):
    """The first node that is nan although none of its operands is."""

    def __init__(self):
        self.found = None

    def made(self, node):
        if self.found is None and data_of(node) != data_of(node):
            self.found = name_of(node), [x.data for x in node.operands]


class Everything(Listener):
    """All that is heard, as text."""

    def __init__(self):
        self.heard = []

    def made(self, node):
        self.heard.append(f"made {name_of(node) or data_of(node)}")

    def cut(self, node, row, operands):
        self.heard.append(f"cut {row.name} of {len(operands)}")

    def compared(self, how, x, y, outcome):
        self.heard.append(f"{data_of(x)} {how} {y}: {outcome}")

    def reading(self, what):
        self.heard.append(what)


def heard(listener, function, *args):
    """What the function gives, heard by the listener."""
    return heard_by(listener, function, args, {})


def polynomial(x):
    return x * x + 3.0 * x


def test_a_listener_counts_nodes_by_row():
    x, counts = Value(2.0), Counts()
    y = heard(counts, polynomial, x)
    assert counts.rows == {"*": 2, "+": 1, "": 1}
    _ = y * 2.0  # nobody listens any more
    assert counts.rows["*"] == 2
    y.backward()
    assert (y.data, x.grad) == (10.0, 7.0)


def test_a_listener_names_nodes():
    y = heard(Names(), lambda: polynomial(Value(2.0, label="x")))
    assert [node.label for node in autograd.topological_order(y)] == ["x", "v2", "v3", "v4", "v5"]


def test_a_listener_finds_the_first_nan():
    first = FirstNan()
    y = heard(first, lambda x: (x - 3.0).log().exp() * 0.0 + x, Value(1.0))
    assert math.isnan(y.data)
    assert first.found == ("log", [-2.0])


def test_all_that_a_listener_hears():
    ear = Everything()

    def f(x):
        if x > 1.0:
            x = x.detach()
        with autograd.no_grad():
            y = autograd.sum([x, x, 2.0])
        y.data, y.grad = y.data + 1.0, 0.5
        return y

    heard(ear, f, Value(2.0))
    assert ear.heard == [
        "2.0 > 1.0: True", "made 2.0", "cut detach of 1", "made 6.0", "cut sum of 3", "reading .data", "setting .data",
        "setting .grad",
    ]  # fmt: skip


def test_a_listener_that_refuses_readings():
    class Deaf(Listener):
        def reading(self, what):
            raise PermissionError(what)

    x = Value(2.0)
    with pytest.raises(PermissionError, match=r"calling \.backward"):
        heard(Deaf(), lambda: (x * x).backward())
    assert x.grad == 0.0
    with pytest.raises(PermissionError, match=r"reading \.data"):
        heard(Deaf(), lambda: x.data)
    assert heard(Deaf(), lambda: x * x).data == 4.0


def test_what_a_listener_raises_is_raised_by_the_operation():
    class Strict(Listener):
        def made(self, node):
            if math.isinf(data_of(node)):
                raise FloatingPointError(name_of(node))

    x = Value(0.0)
    with pytest.raises(FloatingPointError, match="/"):
        heard(Strict(), lambda: 1.0 / x)
    assert listeners() == []
    assert (1.0 / x).data == math.inf


def test_listeners_nest_and_the_outer_one_hears_what_the_inner_one_hears():
    outer, inner = Counts(), Counts()
    x = Value(2.0)

    def both():
        assert listeners() == [outer, inner]
        return x * x

    heard(outer, lambda: x + heard(inner, both))
    assert outer.rows == {"*": 1, "+": 1}
    assert inner.rows == {"*": 1}
    silence = heard(outer, lambda: heard(None, listeners))
    assert silence == []


def test_a_recording_is_heard_by_listeners_within_it_and_not_by_those_around():
    outer, inner = Counts(), Counts()
    tape = heard(outer, lambda: Tape.record(lambda x: heard(inner, polynomial, x), 2.0))
    assert inner.rows == {"*": 2, "+": 1, "": 1}
    assert outer.rows == {"": 1}  # the input
    assert tape(3.0) == 18.0
    with pytest.raises(RecordingError, match="would freeze this run's number"):
        Tape.record(lambda x: heard(FirstNan(), lambda: x * x.data), 2.0)


def test_a_compiled_function_is_recorded_and_repeated_where_somebody_listens():
    fast, counts, x = compile(polynomial), Counts(), Value(2.0)
    for _ in range(3):
        y = heard(counts, fast, x)
    assert y.data == 10.0
    assert counts.rows == {"polynomial": 3, "": 1}  # a node a call; the input of the one recording
    assert heard(counts, fast.grad, 2.0) == 7.0


def test_a_listener_hears_its_own_thread_alone():
    counts, x, go, done = Counts(), Value(2.0), threading.Event(), threading.Event()

    def other():
        go.wait(60)
        _ = x * x
        done.set()

    thread = threading.Thread(target=other)
    thread.start()

    def here():
        go.set()
        done.wait(60)
        return x + x.data

    heard(counts, here)
    thread.join()
    assert counts.rows == {"+": 1, "": 1}


def test_copies_of_a_graph_are_heard_as_nodes_of_their_rows():
    import copy
    import pickle

    y = polynomial(Value(2.0))
    for again in (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
        counts = Counts()
        heard(counts, again, y)
        assert counts.rows == {"*": 2, "+": 1, "": 2}
