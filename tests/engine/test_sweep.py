"""The sweep: what it says is wrong, and what must not go wrong in the middle of it."""

import signal
import sys
import threading
import time
from fractions import Fraction

import pytest

import autograd
from autograd import Value


def test_backward_says_what_is_wrong():
    x = Value(2.0)
    with pytest.raises(TypeError, match="backward: expected a Value, got float"):
        autograd.backward([x, 2.0])
    with pytest.raises(ValueError, match="expected 2 seeds, one per root, got 1"):
        autograd.backward([x, x], [1.0])
    with autograd.no_grad():
        y = x * 2
    with pytest.raises(ValueError, match="no graph"):
        y.backward()
    with pytest.raises(ValueError, match="constant"):
        autograd.grad(x * 2, y)
    with pytest.raises(TypeError, match="grad: expected a Value, got str"):
        autograd.grad(x * 2, ["x"])
    assert x.grad == 0.0


def test_backward_of_what_is_no_value_is_named():
    for wrong in (None, 3.0, 1j):
        with pytest.raises(TypeError, match="expected a Value or several, got"):
            autograd.backward(wrong)
    with pytest.raises(TypeError, match="parentheses"):
        autograd.no_grad(lambda: 1)
    with pytest.raises(ValueError, match="has no graph"):
        autograd.grad(Value(1.0).detach(), Value(1.0), create_graph=True)
    with pytest.raises(OverflowError, match="operand of \\+: an integer of 1329 bits"):
        _ = Value(1.0) + 10**400
    with pytest.raises(OverflowError, match="this Fraction is too large"):
        Value(Fraction(10**400))


def test_topological_order_is_deterministic_and_complete():
    x, y = Value(2.0), Value(3.0)
    z = autograd.where(True, x * y, y.exp()) + x
    order = autograd.topological_order([z, y])
    assert len(order) == len(set(order)) == 6
    place = {node: i for i, node in enumerate(order)}
    assert all(place[operand] < place[node] for node in order for operand in node.operands)
    assert [id(n) for n in order] == [id(n) for n in autograd.topological_order([z, y])]
    with pytest.raises(TypeError, match="topological_order: expected a Value"):
        autograd.topological_order([1.0])


# --- when things go wrong in mid-sweep -------------------------------------------------------------------------------


def exploding(x, error):
    """A node whose rule raises."""
    out = Value(x.data, (x,), "boom")

    def rule():
        x.grad += out.grad
        raise error

    out._backward = rule
    return out


@pytest.mark.parametrize("error", [ValueError("boom"), KeyboardInterrupt()])
def test_an_exception_in_the_sweep_changes_no_grad(error):
    a, b = Value(2.0), Value(3.0)
    c = a * b
    root = exploding(c, error) + a * 5.0
    (a * b).backward()
    before = (a.grad, b.grad, c.grad, root.grad)
    with pytest.raises(type(error)):
        root.backward()
    assert (a.grad, b.grad, c.grad, root.grad) == before
    c.backward()  # and the engine still works
    assert (a.grad, b.grad) == (before[0] + 3.0, before[1] + 2.0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
@pytest.mark.usefixtures("no_collector_callbacks")
def test_a_signal_in_the_sweep_changes_no_grad_or_all():
    x = Value(1.0)
    y = x
    for _ in range(200_000 if autograd.native else 40_000):
        y = y * 1.0 + x
    expected = autograd.grad(y, x)

    class Bell(Exception):
        pass

    def ring(*_):
        raise Bell

    previous = signal.signal(signal.SIGALRM, ring)
    rung = 0
    try:
        for k in range(30):
            before = x.grad
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0005 * (k + 1))
                y.backward()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Bell:
                rung += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert x.grad in (before, before + expected)
            time.sleep(0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert rung > 0


@pytest.mark.skipif(not autograd.native or not hasattr(signal, "setitimer"), reason="of the compiled build; POSIX")
@pytest.mark.usefixtures("no_collector_callbacks")
def test_a_signal_handler_may_unfreeze_what_the_sweep_has_not_numbered():
    w, a = Value(2.0), Value(1.0)
    s = a
    for _ in range(3_000_000):
        s = s + a
    (s * w).backward()  # the place of w is now far beyond that of the next order
    w.requires_grad = False
    y = a * w
    for _ in range(200_000):
        y = y + a

    def unfreeze(*_):
        w.requires_grad = True

    previous = signal.signal(signal.SIGALRM, unfreeze)
    try:
        for k in range(12):
            w.requires_grad = False
            w.grad = a.grad = 0.0
            signal.setitimer(signal.ITIMER_REAL, 0.0005 * (k + 1))
            y.backward()
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert a.grad == 200_002.0
            assert w.grad in (0.0, 1.0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
@pytest.mark.usefixtures("no_collector_callbacks")
def test_a_signal_handler_may_sweep_the_same_graph():
    x = Value(1.5)
    y = x
    for _ in range(100_000 if autograd.native else 20_000):
        y = y * 1.0 + x
    expected = autograd.grad(y, x)
    inner = []
    previous = signal.signal(signal.SIGALRM, lambda *_: inner.append(autograd.grad(y, x)))
    try:
        for k in range(10):
            signal.setitimer(signal.ITIMER_REAL, 0.001 * (k + 1))
            assert autograd.grad(y, x) == expected
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert inner
    assert set(inner) == {expected}


def test_four_threads_lose_no_update():
    leaves = [Value(float(k + 1)) for k in range(50)]
    shared = autograd.sum([x * x for x in leaves])
    previous = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work():
        for _ in range(50):
            (shared * 1.0).backward()
            autograd.dot(leaves, leaves).backward()

    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(previous)
    assert [x.grad for x in leaves] == [4 * 50 * 2 * 2.0 * x.data for x in leaves]
