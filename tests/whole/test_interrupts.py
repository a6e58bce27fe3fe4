"""Ctrl-C at any moment: nothing stays switched, held or half-made, and what is called afterwards is right."""

import dis
import gc
import os
import subprocess
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tape, Value, no_grad
from tests.sizes import every_few, some

PACKAGE = str(Path(autograd.__file__).parent) + os.sep
EVERY = 10
"""After so many interrupts functions are compiled anew: that takes far longer than a look at what can be switched."""
MOMENTS = int(os.environ.get("CHAINRULE_INTERRUPTS", some(100)))
UNRAISABLE = {"__dealloc__", "__del__", "drop", "release"}  # what is raised there is printed, and goes no further


def branching(x):
    return x * x if x > 0.0 else -x


def assert_nothing_is_switched(fast=None):
    """Values, blocks and recordings are as ever, and `fast`, a function that may have been interrupted, is right."""
    x = Value(3.0)
    y = x * x
    assert (y.data, len(y.operands), autograd.grad(y, x)) == (9.0, 2, 6.0)
    y.backward()
    assert x.grad == 6.0
    with no_grad():
        assert (x * x).operands == ()
        with no_grad():
            pass
        assert (x * x).operands == ()
    assert len((x * x).operands) == 2
    for _ in range(2 if fast is not None else 0):
        assert (fast(3.0), fast(-2.0)) == (9.0, 2.0)
        assert (fast.grad(3.0), fast.grad(-2.0)) == (6.0, -1.0)
    assert Tape.record(branching, 2.0)(3.0) == 9.0
    assert x.data == 3.0


def assert_all_is_right(fast=None):
    """And functions that are compiled now are right, and so is whatever they share with those before them."""
    assert_nothing_is_switched(fast)
    fresh = autograd.compile(branching)
    for _ in range(2):
        assert (fresh.value_and_grad(3.0), fresh.value_and_grad(-2.0)) == ((9.0, 6.0), (2.0, -1.0))
    many = autograd.compile(branching, in_axes=0)
    assert many(np.array([3.0, -2.0])).tolist() == [9.0, 2.0]
    assert_nothing_is_switched()
    assert gc.isenabled()  # now: where it was to be switched on, that was left to whoever compiles next


def in_blocks(fast):
    x, again = Value(2.0), no_grad()
    with no_grad(), again, again:
        x * x
    no_grad()(lambda: x * x)()
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        x * x


def by_hand(fast):
    block = no_grad()
    block.__enter__()
    block.__exit__(None, None, None)


def on_a_second_path(fast):
    fast(3.0)
    fast(-2.0)
    fast.grad(-2.0)
    fast.grad(3.0)


def over_a_batch(fast):
    many = autograd.compile(branching, in_axes=0, reduce="sum")
    many.grad(np.array([1.0, -2.0, 3.0]))
    many(np.array([1.0, -2.0, 3.0]))


def beyond_all_paths(fast):
    with pytest.warns(RuntimeWarning, match="more than 1 paths"):
        autograd.compile(branching, in_axes=0, max_paths=1, branches="guards").grad(np.array([1.0, -2.0, 3.0]))


def with_merged_branches(fast):
    merged = autograd.compile(branching, in_axes=0, branches="selects")
    assert merged.grad(np.array([1.0, -2.0, 3.0])).shape == (3,)
    assert len(merged.tapes) == 1


def to_leaves(fast):
    w = Value(2.0)
    autograd.compile(lambda x: w * branching(x)).backward(3.0)
    (w * w).backward()
    autograd.grad(w * w, w, create_graph=True)


def among_values(fast):
    w = Value(3.0)
    many = autograd.compile(lambda x, w: branching(x) * w, in_axes=(0, None))
    (sum(many(np.array([1.0, -2.0]), w)) * fast(w)).backward()
    autograd.grad(autograd.grad(fast(w), w, create_graph=True), w)


def on_ever_new_paths(fast):
    def halved(x):
        while x > 1.0:
            x = x * 0.5
        return x

    again = autograd.compile(halved)
    for k in range(12):
        again(2.0**k)
    again.backward(Value(2.0))
    fast(3.0)


def to_a_tape(fast):
    Tape.record(branching, 2.0).gradient()


def is_idle(frame):
    """Whether it is about to do nothing, as at `try:`, where Python delivers no interrupt and tables none to catch."""
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] == "NOP"


@cache
def has_line(code, line):
    """Whether a line of its file is one of this function's own."""
    return any(line == number for *_, number in code.co_lines())


def run_interrupted(scenario, at=None):
    """The lines of the package that it comes to, in order; raise KeyboardInterrupt when it first comes to `at`."""
    lines = {}

    def on_line(frame, event, argument):
        here = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and here not in lines and not is_idle(frame):
            lines[here] = None
            if here == at:
                raise KeyboardInterrupt
        return on_line

    def on_call(frame, event, argument):
        code = frame.f_code
        if at is not None and not (code.co_filename == at[0] and has_line(code, at[1])):
            return None  # what is not interrupted is not looked at: most of the time went into that
        return on_line if code.co_filename.startswith(PACKAGE) and code.co_name not in UNRAISABLE else None

    fast, previous = autograd.compile(branching), sys.gettrace()
    sys.settrace(on_call)
    try:
        scenario(fast)
    finally:
        sys.settrace(previous)
        if at is not None:
            run_interrupted.fast = fast
    return list(lines)


SCENARIOS = [
    in_blocks,
    on_a_second_path,
    over_a_batch,
    beyond_all_paths,
    with_merged_branches,
    to_leaves,
    among_values,
    on_ever_new_paths,
    to_a_tape,
]
ON_FAST = {on_a_second_path, among_values, on_ever_new_paths}
"""Those that call the function they are given; to the others it is one that nobody has called."""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda f: f.__name__)
def test_an_interrupt_at_any_line(scenario):
    lines = run_interrupted(scenario)
    assert lines or (autograd.native and scenario is in_blocks)
    lines = every_few(lines)
    for number, line in enumerate(lines, start=1):
        kept = None
        try:
            run_interrupted(scenario, line)
        except KeyboardInterrupt as error:
            kept = error  # as a prompt keeps the last error, with all its frames
        try:
            assert_nothing_is_switched(run_interrupted.fast if scenario in ON_FAST else None)
            if number % EVERY == 0 or number == len(lines):
                assert_all_is_right(run_interrupted.fast)
        except BaseException as error:
            raise AssertionError(f"after interrupts at {lines[max(number - EVERY, 0) : number]}: {kept!r}") from error


def test_blocks_entered_by_hand_last_until_they_are_left():
    x = Value(2.0)
    by_hand(None)
    block = no_grad()
    block.__enter__()
    try:
        gc.collect()
        assert (x * x).operands == ()
        with no_grad():
            assert (x * x).operands == ()
        assert (x * x).operands == ()
    finally:
        block.__exit__(None, None, None)
    assert len((x * x).operands) == 2
    with pytest.raises(RuntimeError, match="without having been entered"):
        no_grad().__exit__(None, None, None)


def test_a_look_at_its_methods_enters_no_block():
    block, x = no_grad(), Value(2.0)
    leaving = block.__exit__
    assert hasattr(no_grad, "__exit__")
    assert len((x * x).operands) == 2
    with block:
        assert (x * x).operands == ()
    assert len((x * x).operands) == 2
    del leaving


def test_blocks_in_generators_and_tasks():
    import asyncio

    x = Value(2.0)

    def numbers():
        with no_grad():
            yield x * x
        yield x * x

    stream = numbers()
    assert next(stream).operands == ()
    assert len(next(stream).operands) == 2
    abandoned = numbers()
    next(abandoned)
    del abandoned
    assert len((x * x).operands) == 2

    async def quiet(turn):
        with no_grad():
            await asyncio.sleep(0)
            found = (x * x).operands
            turn.set()
            await asyncio.sleep(0)
        return found, (x * x).operands

    async def loud(turn):
        await turn.wait()
        return (x * x).operands

    async def both():
        turn = asyncio.Event()
        return await asyncio.gather(quiet(turn), loud(turn), quiet(turn))

    first, second, third = asyncio.run(both())
    assert first == third == ((), (x, x))
    assert second == (x, x)


RANDOM_MOMENTS = """
import random, signal, sys
from contextlib import suppress
import numpy as np
import autograd, nn
from autograd import Value, no_grad
from tests.whole.test_interrupts import assert_all_is_right, branching
import time

armed = False

def ring(*_):
    global armed
    if armed:
        armed = False
        raise KeyboardInterrupt

signal.signal(signal.SIGALRM, ring)
rng = random.Random(7)
points, labels = nn.make_moons(8, rng=1)
model = nn.MLP(2, [2, 1], activation="tanh", rng=1)

def work(fast, many):
    fast(2.0), fast.grad(-3.0)
    many.grad(np.linspace(-1.0, 1.0, 65))
    w = Value(1.0)
    y = w
    for _ in range(30):
        with no_grad():
            w * w
        y = (y * w).tanh()
    y.backward()
    nn.train(model, points, labels, nn.hinge, nn.SGD(model.parameters(), lr=0.1), epochs=2, compiled=True)

def fresh():
    return autograd.compile(branching), autograd.compile(branching, in_axes=0, reduce="sum")

work(*fresh())
begin = time.perf_counter()
work(*fresh())
long = time.perf_counter() - begin
hit, end = 0, time.monotonic() + 100.0
while hit < int(sys.argv[1]) and time.monotonic() < end:
    fast, many = fresh()
    try:
        armed = True
        signal.setitimer(signal.ITIMER_REAL, rng.uniform(1e-5, long))
        work(fast, many)
        armed = False
    except KeyboardInterrupt as error:
        kept = error
        hit += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert_all_is_right(fast)
    assert abs(many.grad(np.array([3.0, -2.0]))[0] - 6.0) < 1e-12
print("right after", hit)
"""


@pytest.mark.skipif(not hasattr(__import__("signal"), "setitimer"), reason="no timers on this system")
def test_interrupts_at_random_moments():
    done = subprocess.run(
        [sys.executable, "-c", RANDOM_MOMENTS, str(MOMENTS)], capture_output=True, text=True, timeout=600,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.split()[-1]) > min(MOMENTS, 30) // 2
