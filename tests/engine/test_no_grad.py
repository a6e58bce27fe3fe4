"""no_grad: nothing is recorded within, in this thread alone, until it is left."""

import threading

import pytest

import autograd
from autograd import Value


def test_no_grad_records_nothing():
    x = Value(2.0)
    with autograd.no_grad():
        y = (x * 3).exp() + autograd.dot([x], [x])
        leaf = Value(1.0)
        with autograd.no_grad():
            pass
        assert (x + x).operands == ()
    assert y.operands == ()
    assert y.is_constant
    assert not leaf.is_constant
    assert (x * 3).operands

    @autograd.no_grad()
    def quiet(v):
        """Documented."""
        return v * v

    assert quiet(x).operands == ()
    assert quiet.__doc__ == "Documented."
    with pytest.raises(TypeError, match="it yields"):

        @autograd.no_grad()
        def generator():
            yield 1


def test_no_grad_is_per_thread():
    x, inside, results = Value(2.0), threading.Event(), []
    done = threading.Event()

    def other():
        inside.wait()
        results.append(len((x * 2).operands))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with autograd.no_grad():
        inside.set()
        done.wait()
        results.append(len((x * 2).operands))
    thread.join()
    assert results == [2, 0]


def test_no_grad_survives_an_exception():
    with pytest.raises(RuntimeError), autograd.no_grad():
        raise RuntimeError
    assert (Value(1.0) * 2).operands
