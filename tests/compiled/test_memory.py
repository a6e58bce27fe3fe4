"""Whose memory a result lies in, and for how long; calls leave nothing behind."""

import gc
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autograd import Value, compile


def test_arguments_and_results_do_not_share_memory():
    fast = compile(lambda x, a: {"same": x, "twice": [x, x], "array": a, "moved": a[::-1]}, in_axes=(0, 0))
    for n in (3, 64, 128, 200):
        xs, a = np.arange(float(n)), np.ones((n, 2))
        found = fast(xs, a)
        arrays = [found["same"], *found["twice"], found["array"], found["moved"]]
        for k, array in enumerate(arrays):
            array += k + 1.0
        assert xs.tolist() == list(range(n))
        assert (a == 1.0).all()
        assert [float(x.ravel()[0]) for x in arrays] == [1.0, 2.0, 3.0, 5.0, 6.0]
    shared = compile(lambda a, b: a * 1.0)
    a = np.ones(3)
    out = shared(a, 1.0)
    out += 1.0
    assert a.tolist() == [1.0] * 3
    w = np.array([1.0, 2.0])
    g = compile(lambda w, u: w[0] * u[0] + w[1] * u[1]).grad(w, w, argnums=(0, 1))
    g[0][:] = 7.0
    assert g[1].tolist() == w.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("n", [10, 5_000, pytest.param(600_000, marks=pytest.mark.any_build)])
def test_a_result_stays_when_the_function_is_called_again(n):
    """Large results lie in memory that was used before: not while anybody looks at it."""
    fast = compile(lambda x: [x * 2.0, x + 1.0], in_axes=0)
    xs = np.arange(float(n))
    first = fast(xs)
    kept, view, raw = first[0], first[1][: n // 2 : 2], memoryview(first[1])
    del first
    for k in range(5):
        fast(xs + k)
        gc.collect()
    assert np.array_equal(kept, xs * 2.0)
    assert np.array_equal(view, (xs + 1.0)[: n // 2 : 2])
    assert np.array_equal(np.asarray(raw), xs + 1.0)
    batch = [fast(np.full(n, float(k)))[0] for k in range(6)]
    assert [set(b[[0, n // 2, -1]]) for b in batch] == [{2.0 * k} for k in range(6)]


def test_large_results_made_in_several_threads_stay_apart():
    n = 600_000
    fast = compile(lambda x, k: [x * k, x + k], in_axes=(0, None), threads=2)
    xs = np.arange(float(n))

    def work(k):
        kept = []
        for turn in range(6):
            kept.append((k + turn, fast(xs, float(k + turn))))
            kept = kept[-2:]
            for factor, (product, plus) in kept:
                assert np.array_equal(product[::1000], xs[::1000] * factor)
                assert np.array_equal(plus[::1000], xs[::1000] + factor)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, [1, 10, 100, 1000]))


def test_memory_does_not_grow_with_calls():
    v, w = Value(2.0), Value(3.0)
    fast = compile(lambda a, b: a * b if a > 0 else a - b)
    batch = compile(lambda a, x: a * x if x > 0 else a - x, in_axes=(None, 0), reduce="sum")
    xs = np.linspace(-1.0, 1.0, 100)

    def calls():
        for _ in range(30):
            fast.backward(v, 3.0)
            fast.backward(2.0, w)
            fast.backward(v, w)
            batch.backward(v, xs)
            batch.backward(2.0, xs)
            fast.value_and_grad(2.0, 3.0, argnums=(0, 1))
            fast.grad(2.0, 3.0, argnums=[0, 1])
            batch.jvp((2.0, xs), (1.0, xs))

    calls()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    calls()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 30_000
