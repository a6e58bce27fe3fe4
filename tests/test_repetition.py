"""A call like one before is answered in C, and every other one the long way: nobody can tell which it was."""

import sys

import numpy as np
import pytest

from autograd import compile


# --- what is kept of a call --------------------------------------------------------------------------------------------


def test_arguments_are_let_go():
    fast = compile(lambda w, x: w["a"] * x.sum(), in_axes=(None, 0))
    w, x = {"a": 1e300}, np.ones((5, 2))
    before = sys.getrefcount(w), sys.getrefcount(w["a"]), sys.getrefcount(x)
    for call in (fast, fast.grad, fast.jacobian, fast.hessian):
        for _ in range(3):
            call(w, x)
    assert (sys.getrefcount(w), sys.getrefcount(w["a"]), sys.getrefcount(x)) == before
