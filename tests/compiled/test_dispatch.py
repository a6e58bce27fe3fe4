"""Which way a call is answered, and what a function is warned of."""

import gc
import random
import subprocess
import sys
import threading
import tracemalloc
import warnings

import numpy as np
import pytest

import autograd
from autograd import Value, compile, grad
from autograd.recorded import traced as tracing
from tests.sizes import some


def halved(x):
    """A path of its own for each power of two."""
    k = 0
    while x > 1.0:
        x, k = x * 0.5, k + 1
    return x * x + 0.0 * k


def points(n):
    return [1.5 * 2.0**k for k in range(n)]


# --- single calls that take paths of their own -----------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*another path at every call:RuntimeWarning")
def test_single_calls_on_ever_new_paths_are_hardly_recorded_and_always_right():
    f = compile(halved, max_paths=1000)
    with_jacobian = compile(lambda x: [halved(x), 2.0 * x], max_paths=1000)
    structured = compile(lambda p: halved(p["x"]) * p["w"], max_paths=1000)
    w3, count = Value(3.0), some(300)
    captures = compile(lambda x: halved(x) * w3, max_paths=1000)
    for x in points(count):
        v = Value(x)
        slope = grad(halved(v), v)
        assert f(x) == halved(x)
        assert f.value_and_grad(x) == (halved(x), slope)
        assert f.value_and_grad(x, argnums=(0,)) == (halved(x), (slope,))
        assert with_jacobian.jacobian(x) == [slope, 2.0]
        assert structured.value_and_grad({"x": x, "w": 2.0}) == (2.0 * halved(x), {"x": 2.0 * slope, "w": halved(x)})
        w = Value(x)
        (f(w) * 3.0).backward()
        assert w.grad == 3.0 * slope
        k = Value(x)
        assert captures.backward(x) == 3.0 * halved(x)
        assert captures.backward(k) == 3.0 * halved(x)
        assert (k.grad, w3.grad) == (3.0 * slope, 2.0 * halved(x))
        w3.grad = 0.0
        assert f.jvp((x,), (1.0,)) == (halved(x), slope)
        assert compile(halved, in_axes=0)(np.array([x, x])).tolist() == [halved(x)] * 2
    assert len(f.tapes) < count + 10  # jvp records
    assert len(with_jacobian.tapes) < 10
    assert len(structured.tapes) < 10
    assert len(captures.tapes) < 10


def test_of_64_calls_on_new_paths_few_are_recorded():
    f = compile(halved)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for x in points(64):
            f.grad(x)
    assert len(f.tapes) <= 3


def test_paths_that_come_again_are_learnt():
    f = compile(lambda x: x * x if x > 0.0 else -x)
    for _ in range(20):
        assert f.grad(3.0) == 6.0
        assert f.grad(-3.0) == -1.0
    assert len(f.tapes) == 2
    assert f._traced.skipping == f._traced.misses == 0


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_static_arguments_and_shapes_are_kept_up_to_a_bound():
    f = compile(lambda x, n: x * n, static_argnames="n")
    g = compile(lambda xs: autograd.sum(list(xs)))
    for n in range(3 * tracing.MOST_LAYOUTS):
        assert f(2.0, n) == 2.0 * n
        assert g([1.0] * (n + 1)) == n + 1
    for traced in (f._traced, g._traced):
        assert len(traced.paths) == tracing.MOST_LAYOUTS
        assert sum(len(known) for _, known in traced._layouts.values()) == tracing.MOST_LAYOUTS
        assert len(traced._layouts) <= tracing.MOST_LAYOUTS
    assert [f(2.0, n) for n in (0, 5, 3 * tracing.MOST_LAYOUTS - 1)] == [
        0.0,
        10.0,
        2.0 * (3 * tracing.MOST_LAYOUTS - 1),
    ]


@pytest.mark.any_build
def test_ever_new_static_arguments_do_not_fill_the_memory():
    f = compile(lambda x, n: x * n, static_argnames="n")
    sizes = []
    tracemalloc.start()
    for n in range(4 * tracing.MOST_LAYOUTS):
        f(2.0, n)
        if n % tracing.MOST_LAYOUTS == tracing.MOST_LAYOUTS - 1:
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert sizes[3] < 1.1 * sizes[1]


def test_what_cannot_be_repeated_is_not_kept_either():
    f = compile(lambda x, k: x[0] * k, in_axes=(1, None), static_argnames="k")
    for k in range(3 * tracing.MOST_LAYOUTS):
        assert f(np.ones((1, 2)), k).tolist() == [k, k]
    assert len(f._traced.repetitions._tried) <= tracing.MOST_LAYOUTS


def test_threads_with_ever_new_static_arguments():
    f, wrong = compile(lambda x, n: x * n, static_argnames="n"), []

    def work(first):
        try:
            for n in range(first, first + 400):
                if f(2.0, n) != 2.0 * n:
                    wrong.append(n)
        except Exception as error:
            wrong.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(100 * k,)) for k in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


# --- captured Values -------------------------------------------------------------------------------------------------


def test_captured_values_are_read_once_a_call():
    """Another thread that changes one meanwhile changes it for all rows of a call, whatever their paths, or none."""
    w = Value(1.0)
    f = compile(lambda x: w * x if x > 0.0 else w * -x if x > -2.0 else w * 3.0, in_axes=0)
    xs = np.tile([1.0, -1.0, -3.0], 3000)
    expected = np.tile([1.0, 1.0, 3.0], 3000)
    f(xs)
    stop = False

    def change():
        while not stop:
            w.data = w.data + 1.0

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(200 if autograd.native else 20):
            assert len(set(f(xs) / expected)) == 1
            assert len(set(f(xs[:9]) / expected[:9])) == 1
    finally:
        stop = True
        thread.join()


# --- warnings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draw", [random.random, random.gauss, lambda: float(np.random.rand()), lambda: float(np.random.normal())]
)
def test_a_function_that_draws_is_warned_of_once(draw):
    f = compile(lambda x: x * draw() if x > 0.0 else x)
    with pytest.warns(RuntimeWarning, match="draws random numbers while it is recorded"):
        f(2.0)
    f(-2.0)
    compile(lambda x: x * np.random.default_rng(0).normal())(1.0)  # a generator of its own is no global state


def drawn_elsewhere(draw):
    """A function during whose first run another thread draws."""
    runs = []

    def f(x):
        runs.append(x)
        if len(runs) == 1:
            thread = threading.Thread(target=draw)
            thread.start()
            thread.join()
        return x * x

    return f


@pytest.mark.parametrize("draw", [random.random, np.random.rand])
def test_what_another_thread_draws_is_no_draw_of_the_function(draw):
    gone = threading.Event()
    thread = threading.Thread(target=gone.wait)
    thread.start()
    try:
        f = compile(drawn_elsewhere(draw))
        with warnings.catch_warnings(action="error"):
            assert f(3.0) == 9.0
        drawing = compile(lambda x: x * draw())
        with pytest.warns(RuntimeWarning, match="draws random numbers while it is recorded"):
            drawing(2.0)
    finally:
        gone.set()
        thread.join()


def test_any_generator_may_be_the_global_one():
    """In a process of its own: NumPy warns of the change."""
    code = "import numpy as np, autograd; np.random.set_bit_generator(np.random.PCG64(1))\n"
    code += (
        "assert autograd.compile(lambda x: x * x)(2.0) == 4.0; autograd.compile(lambda x: x * np.random.rand())(2.0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "draws random numbers" in done.stderr


def bisected(g, target):
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if g(middle) < target else (low, middle)
    return low


def test_what_is_found_by_comparisons_alone_is_warned_of_once():
    f = compile(lambda y: bisected(lambda x: x * x, y))
    assert f(2.0) == pytest.approx(2.0**0.5)  # of a value there is nothing to warn
    with pytest.warns(RuntimeWarning, match="through comparisons alone"):
        assert f.grad(2.0) == 0.0
    assert f.grad(3.0) == 0.0
    batch = compile(lambda y: bisected(lambda x: x * x, y), in_axes=0)
    with pytest.warns(RuntimeWarning, match="through comparisons alone"):
        batch.grad(np.array([2.0, 3.0]))


def test_the_remedy_of_that_warning():
    """One step of Newton's from where the search has ended."""

    def root(y):
        x = bisected(lambda x: x * x, y)
        return x - (x * x - y) / (2.0 * x)

    assert compile(root).grad(2.0) == pytest.approx(0.5 / 2.0**0.5)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x - 1.0 if x > 1.0 else 0.0,
        lambda x: x if x < 1.0 else 1.0,
        lambda x: max(x, 0.5),
        lambda x: 0.0 if any(x * k > 100.0 for k in range(50)) else x,
    ],
)
def test_what_is_cut_off_is_not_warned_of(f):
    for x in (-3.0, 0.0, 0.7, 1.3, 4.0):
        compile(f).grad(x)


def test_too_many_paths_are_warned_of_with_the_line_that_parts_them():
    def put(s):
        total = 0.0
        for k in range(9):
            total = total + max(0.9 + 0.02 * k - s, 0.0) * (1.0 if s * k > 3.3 else 0.5)  # the line
        return total

    fast = compile(put, in_axes=0, max_paths=3, branches="guards")
    with pytest.warns(RuntimeWarning, match="more than 3 paths") as found:
        fast(np.linspace(0.5, 1.5, 40))
    message = str(found[0].message)
    line = put.__code__.co_firstlineno + 3
    assert f"part at {__file__}:{line}" in message
    assert "maximum" in message
    assert "minimum" in message
    assert found[0].filename == __file__
