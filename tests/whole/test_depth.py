"""Graphs far deeper than any recursion limit or stack."""

import copy
import pickle
import sys
import threading

import pytest

import autograd
from autograd import Value

MILLION = 10**6
MANY = MILLION // 10
"""Far more than a small stack holds: 512 KiB are five bytes for each."""


def chain(n):
    """x + x + ... as a chain of n operations, and its leaf."""
    x = Value(1.0)
    y = x
    for _ in range(n):
        y = y + x
    return x, y


def in_a_small_thread(function):
    """Run with a stack of 512 KiB, macOS's default for threads; re-raise what it raises."""
    failures = []

    def run():
        try:
            function()
        except BaseException as error:  # carried to the test
            failures.append(error)

    previous = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(previous)
    if failures:
        raise failures[0]


def live_through_many():
    x, y = chain(MANY)
    y.backward()
    assert (y.data, x.grad) == (MANY + 1.0, MANY + 1.0)
    assert repr(y) == f"Value(data={MANY + 1.0}, grad=1.0)"
    twin = copy.deepcopy(y)
    loaded = pickle.loads(pickle.dumps(y))
    del x, y
    for other in (twin, loaded):
        leaf = autograd.topological_order(other)[0]
        leaf.zero_grad()
        other.backward()
        assert leaf.grad == MANY + 1.0
    del other, twin, loaded


def test_a_very_deep_graph_in_a_small_thread():
    in_a_small_thread(live_through_many)


@pytest.mark.parametrize("kind", ["unary", "fold", "custom", "right", "attribute"])
def test_other_chains_are_dropped_without_recursion(kind):
    def run():
        y = x = Value(1.0)
        for _ in range(MANY // 5):
            if kind == "unary":
                y = -y
            elif kind == "fold":
                y = autograd.sum([y, x, 1.0])
            elif kind == "custom":
                y = Value(y.data, (y,), (1.0,))
            elif kind == "right":
                y = x + (x * y)
            else:
                z = Value(1.0)
                z.previous = y
                y = z
        if kind != "attribute":
            y.backward()
        del y

    in_a_small_thread(run)


@pytest.mark.skipif(not autograd.native, reason="minutes when interpreted")
def test_ten_million_operations():
    x, y = chain(10 * MILLION)
    y.backward()
    assert x.grad == 10 * MILLION + 1.0
    del y


def test_a_deep_graph_alive_at_exit():
    import subprocess

    script = "from autograd import Value\nx = y = Value(1.0)\nfor _ in range(300_000): y = y + x\nprint(y.data)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "300001.0", "")
