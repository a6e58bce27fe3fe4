"""What a node takes, and that nothing of it stays."""

import gc
import math
import sys

import pytest

import autograd
from autograd import Value
from tests.sizes import some


def resident():
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@linux
@pytest.mark.skipif(not autograd.native, reason="the compiled engine's promise")
def test_a_binary_node_takes_at_most_112_bytes(no_collector):
    x = y = Value(1.0)
    before = resident()
    nodes = [y := y + x for _ in range(10**6)]
    used = resident() - before - sys.getsizeof(nodes)
    assert used / 10**6 <= 112
    del nodes, y


@linux
def test_training_steps_leave_nothing_behind(no_collector):
    weights = [Value(0.1 * k) for k in range(20)]

    def step():
        hidden = [autograd.dot(weights, [w * 2.0 for w in weights], weights[0]).tanh() for _ in range(5)]
        loss = sum(h * h for h in hidden) + autograd.logsumexp(hidden)
        loss.backward()
        for w in weights:
            w.data -= 0.01 * w.grad
            w.grad = 0.0

    for _ in range(200):  # until what the tests before this one have left is filled again
        step()
    before, objects = resident(), len(gc.get_objects())
    for _ in range(1000):
        step()
    assert resident() - before < 2**22  # nodes that stayed would be twenty MB
    assert len(gc.get_objects()) - objects < 100


@linux
def test_closures_of_the_users_own_leave_nothing_behind(no_collector):
    x = Value(0.5)

    def custom(v):
        out = Value(math.tanh(v.data), (v,), "tanh")

        def _backward():
            v.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def defaulted(v):
        out = Value(2.0 * v.data, (v,), "twice")

        def _backward(out=out, *, again=out):
            v.grad += out.grad + again.grad

        out._backward = _backward
        return out

    def step():
        y = x
        for _ in range(20):
            y = defaulted(custom(y)) * 0.75
        y.backward()

    for _ in range(20):
        step()
    before = resident()
    for _ in range(some(1000)):
        step()
    assert resident() - before < 2**20
