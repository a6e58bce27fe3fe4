"""Comparing with numbers of any type, while a function is recorded and otherwise."""

import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Tape, Value


class Number(float):
    """A user's own."""


NUMBERS = [np.float64(1.5), Number(1.5), np.float32(1.5), np.int64(1), np.int8(1), np.bool_(True), 1, True,
           Fraction(3, 2), Decimal("1.5"), 1.5, np.float16(1.5), np.longdouble(1.5)]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS, ids=lambda x: type(x).__name__)
def test_comparing_with_a_number_of_any_type(number):
    def f(x):
        return x * x if x < number else (-x if number <= x else x)

    rows = np.array([0.5, 1.5, 3.0])
    expected = [f(x) for x in rows.tolist()]
    assert type(Value(1.0) < number) is bool
    assert (number - Value(1.0)).data == float(number) - 1.0
    assert autograd.compile(f, in_axes=0)(rows).tolist() == expected
    with pytest.warns(RuntimeWarning, match="more than 1 paths"):
        assert autograd.compile(f, in_axes=0, max_paths=1, branches="guards")(rows).tolist() == expected
    assert Tape.record(f, 0.5)(0.5) == 0.25
    ready, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=autograd.compile(lambda x: ready.set() or (done.wait(20) and x)), args=(1.0,))
    thread.start()
    assert ready.wait(20)
    assert [f(Value(x)).data for x in rows.tolist()] == expected
    done.set()
    thread.join()
