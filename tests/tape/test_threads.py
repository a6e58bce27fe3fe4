"""Other threads while one records: what they do is not recorded, and what is recorded is not theirs."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Value


def test_a_value_of_another_thread_is_refused():
    def in_a_pool(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: x * x).result() + x

    def in_a_thread(x):
        found = []
        worker = threading.Thread(target=lambda: found.append(x.sin()))
        worker.start()
        worker.join()
        return found[0] * x

    def only_compared(x):
        with ThreadPoolExecutor(1) as pool:
            return x * x if pool.submit(lambda: x * 1.0).result() > 0 else -x

    def given_back(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: x * x).result()

    for f in (in_a_pool, in_a_thread, only_compared, given_back):
        with pytest.raises(RecordingError):
            autograd.compile(f, in_axes=0)(np.array([3.0, 4.0]))


def test_reading_or_comparing_in_another_thread_freezes_nothing():
    def read(x):
        with ThreadPoolExecutor(1) as pool:
            return x * pool.submit(lambda: x.data).result()

    def compared(x):
        with ThreadPoolExecutor(1) as pool:
            return x * x if pool.submit(lambda: bool(x > 0)).result() else -x

    for f in (read, compared):
        try:
            found = autograd.compile(f, in_axes=0)(np.array([3.0, -4.0])).tolist()
        except RecordingError:
            continue
        assert found == [f(Value(x)).data for x in (3.0, -4.0)]


def test_a_thread_that_follows_in_a_copied_context_is_right():
    import contextvars

    def f(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(contextvars.copy_context().run, lambda: x * x if x > 0 else -x).result() + x

    try:
        found = autograd.compile(f, in_axes=0)(np.array([3.0, -4.0])).tolist()
    except RecordingError:
        return
    assert found == [12.0, 0.0]


def test_recordings_of_other_threads_are_left_alone():
    ready, done, found = threading.Event(), threading.Event(), []

    def slow(x):
        y = x * x
        ready.set()
        assert done.wait(20)
        return y * x if y > 0 else x

    thread = threading.Thread(target=lambda: found.append(autograd.compile(slow).grad(2.0)))
    thread.start()
    assert ready.wait(20)
    assert autograd.compile(lambda x: x * x).grad(3.0) == 6.0
    with pytest.raises(ZeroDivisionError):
        autograd.compile(lambda x: 1 // 0)(1.0)
    done.set()
    thread.join()
    assert found == [12.0]


def test_a_value_of_another_recording_in_progress_is_not_captured():
    shared, ready, done = [], threading.Event(), threading.Event()

    def slow(x):
        shared.append(x * x)
        ready.set()
        assert done.wait(20)
        return x

    thread = threading.Thread(target=lambda: autograd.compile(slow)(2.0))
    thread.start()
    assert ready.wait(20)
    try:
        with pytest.raises(RecordingError, match="another thread's recording"):
            autograd.compile(lambda x: x * shared[0])(3.0)
    finally:
        done.set()
        thread.join()


def test_a_derivative_taken_inside_keeps_the_marks_of_the_recording():
    """A sweep renumbers nodes; another thread must not be able to read them then either."""

    def f(x):
        slope = autograd.grad(x * x, x, create_graph=True)
        with ThreadPoolExecutor(1) as pool:
            return x * pool.submit(lambda: x.data).result() + slope

    with pytest.raises(RecordingError, match=r"reading \.data"):
        autograd.compile(f)(3.0)


def test_a_task_begun_inside_hears_nothing_afterwards():
    import contextvars

    left = []

    def f(x):
        left.append(contextvars.copy_context())
        return x * x

    autograd.compile(f)(3.0)
    y = left[0].run(lambda: Value(2.0) * 3.0)
    assert y.data == 6.0
    assert left[0].run(lambda: autograd.compile(lambda x: x * x)(3.0)) == 9.0
    waiting, go = threading.Event(), threading.Event()
    thread = threading.Thread(target=autograd.compile(lambda x: waiting.set() or (go.wait(20) and x)), args=(1.0,))
    thread.start()
    assert waiting.wait(20)
    assert left[0].run(lambda: (Value(2.0) * 3.0).data) == 6.0
    go.set()
    thread.join()


def test_another_thread_reads_while_one_records():
    w, ready, done, found = Value(4.0), threading.Event(), threading.Event(), []

    def f(x):
        ready.set()
        assert done.wait(20)
        return w * x if x > 0 else x

    def reader():
        assert ready.wait(20)
        y = w * 3.0 if w > 0 else w
        y.backward()
        found.extend([w.data, y.data, float(f"{w:.1f}"), repr(w)])
        done.set()

    thread = threading.Thread(target=reader)
    thread.start()
    fast = autograd.compile(f)
    assert fast(2.0) == 8.0
    thread.join()
    assert found[:3] == [4.0, 12.0, 4.0]
    assert "data=4.0" in found[3]
    assert len(fast.tapes) == 1
    assert str(fast.tapes[0]).count("guard") == 1
