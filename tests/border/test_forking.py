"""fork(): what threads held that did not come along into the child holds nobody up there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

FORKED = """
import gc, os, signal, threading, warnings
warnings.simplefilter("ignore")  # Python itself warns of forks with threads
import numpy as np
import autograd
from autograd import Tape, Value, no_grad
from autograd.engine import listening, sweep
from tests.whole.test_interrupts import assert_all_is_right, branching

go = threading.Event()

def waiting(ready):
    ready.set()
    assert go.wait(60)

def in_thread(work):
    ready = threading.Event()
    thread = threading.Thread(target=work, args=(ready,), daemon=True)
    thread.start()
    assert ready.wait(60)
    return thread

def forked(check):
    child = os.fork()
    if child == 0:
        signal.alarm(10)  # ends a child that hangs
        try:
            check()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0

def held_up(x):
    if threading.current_thread() is not threading.main_thread() and not go.is_set():
        waiting(x_ready)
    return branching(x)

SCENES = {}
def scene(f):
    SCENES[f.__name__] = f

@scene
def a_function_is_recorded():
    global x_ready
    fast = autograd.compile(held_up)
    def work(ready):
        global x_ready
        x_ready = ready
        fast(3.0)
    thread = in_thread(work)
    assert listening.recorders()
    def check():
        assert fast(3.0) == 9.0
        assert fast.grad(-2.0) == -1.0
        assert listening.recorders() == []
        assert_all_is_right(fast)
    forked(check)
    go.set()
    thread.join()
    assert_all_is_right(fast)

@scene
def a_known_function_meets_a_new_path():
    global x_ready
    fast = autograd.compile(held_up)
    fast(3.0)
    def work(ready):
        global x_ready
        x_ready = ready
        fast(-2.0)
    thread = in_thread(work)
    forked(lambda: assert_all_is_right(fast))
    go.set()
    thread.join()
    assert_all_is_right(fast)

@scene
def a_sweep_runs():
    x = Value(2.0)
    y = x * x
    def work(ready):
        z = Value(1.0, (y,), "mine")
        z._backward = lambda: waiting(ready)
        z.backward()
    thread = in_thread(work)
    forked(assert_all_is_right)
    go.set()
    thread.join()
    assert_all_is_right()

@scene
def a_block_of_no_grad_is_open():
    def work(ready):
        with no_grad():
            waiting(ready)
    thread = in_thread(work)
    def check():
        assert_all_is_right()
    forked(check)
    with no_grad():  # what the forking thread has switched stays
        def quiet():
            assert (Value(2.0) * 3.0).operands == ()
        forked(quiet)
    go.set()
    thread.join()
    assert_all_is_right()

@scene
def the_collector_rests():
    from autograd.programs.collector import collector_paused
    def work(ready):
        with collector_paused():
            waiting(ready)
    thread = in_thread(work)
    assert not gc.isenabled()
    def check():
        assert gc.isenabled()
    forked(check)
    go.set()
    thread.join()
    assert gc.isenabled()

@scene
def attributes_are_dropped():
    class Slow:
        def __init__(self, ready):
            self.ready = ready
        def __del__(self):
            waiting(self.ready)
    def work(ready):
        x = Value(1.0)
        x.slow = Slow(ready)
        del x
    thread = in_thread(work)
    def check():
        import weakref
        class Mark: pass
        x, mark = Value(1.0), Mark()
        x.mark, alive = mark, weakref.ref(mark)
        del mark, x
        assert alive() is None
    forked(check)
    go.set()
    thread.join()

@scene
def the_function_itself_forks():
    def forking(x):
        y = x * x
        def check():
            assert (y * x).primitive is not None
            inner = y * 2.0
        forked(check)
        return y if x > 0 else -x
    fast = autograd.compile(forking)
    assert (fast(3.0), fast(-2.0), fast.grad(3.0)) == (9.0, 2.0, 6.0)
    go.set()

@scene
def rows_are_spread_over_threads():
    fast = autograd.compile(branching, in_axes=0, threads=2)
    xs = np.linspace(-1.0, 1.0, 2**21 if autograd.native else 2**16)  # NumPy replays in one thread
    expected = fast(xs)
    def check():
        assert (fast(xs) == expected).all()
    forked(check)
    go.set()

import sys
SCENES[sys.argv[1]]()
print("right")
"""
SCENES = [line.split()[1][:-3] for line in FORKED.split("@scene\n")[1:] for line in [line.split("\n")[0]]]


@pytest.mark.parametrize("scene", SCENES)
def test_a_forked_process_goes_on_while(scene):
    done = subprocess.run(
        [sys.executable, "-c", FORKED, scene], capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "right\n"), done.stderr[-3000:]


def test_there_are_scenes():
    assert len(SCENES) == 8
