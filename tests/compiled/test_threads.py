"""Threads of Python: one function called from several at once, several recorded at once."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd
from autograd import Value, compile


def test_one_compiled_function_called_from_several_threads_at_once():
    w = Value(2.0)

    def f(x, k):
        return w * x * x + k if x > 0 else autograd.sin(x) * k

    fast = compile(f, in_axes=(0, None))
    total = compile(f, in_axes=(0, None), reduce="sum")
    start, switch = threading.Barrier(6), sys.getswitchinterval()
    rng = np.random.default_rng(11)
    batches = [(rng.normal(size=n), float(k)) for k, n in enumerate([1, 5, 64, 100, 1000, 70])]
    expected = [compile(f, in_axes=(0, None)).value_and_grad(*b) for b in batches]
    shares = [float(np.sum(b[0][b[0] > 0] ** 2)) for b in batches]

    def work(k):
        start.wait()
        for _ in range(30):
            value, slope = fast.value_and_grad(*batches[k])
            assert value.tobytes() == expected[k][0].tobytes()
            assert slope.tobytes() == expected[k][1].tobytes()
            total.backward(*batches[k])
            assert total.hessian(*batches[k], argnums=1).tolist() == [[0.0]]

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(work, k) for k in range(6)]:
                done.result()
    finally:
        sys.setswitchinterval(switch)
    assert w.grad == pytest.approx(30.0 * sum(shares), rel=1e-10)
    assert len(fast.tapes) == len(total.tapes) == 2


def test_backward_from_several_threads_gives_each_value_its_own_share():
    f = compile(lambda a, b: a * a * b)
    switch = sys.getswitchinterval()

    def work(k):
        v, w = Value(2.0 + k), Value(3.0 + k)
        for turn in range(60):
            args = [(v, 1.0), (1.0, w), (v, w)][(k + turn) % 3]
            f.backward(*args)
        a, b = v.data, w.data
        return v.grad, w.grad, 20 * (2 * a + 2 * a * b), 20 * (1.0 + a * a)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            for v, w, ev, ew in pool.map(work, range(6)):
                assert (v, w) == pytest.approx((ev, ew))
    finally:
        sys.setswitchinterval(switch)


def test_two_functions_recorded_at_once_do_not_mix():
    barrier = threading.Barrier(2)

    def make(sign):
        def f(x):
            barrier.wait(20)
            y = x * sign
            barrier.wait(20)
            return y * y if y > 0 else y

        return f

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda s: compile(make(s)).value_and_grad(3.0), [1.0, -1.0]))
    assert found == [(9.0, 6.0), (-3.0, -1.0)]
