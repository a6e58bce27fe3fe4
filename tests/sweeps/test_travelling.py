"""A compiled function in a pickle: with its tapes and paths, with its function by name, or without it."""

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

import autograd
from autograd import Value
from tests.sweeps import functions
from tests.sweeps.functions import decorated
from tests.sweeps.test_bits import same

ROOT = Path(__file__).parents[2]
X = np.linspace(-4.0, 4.0, 50)


def twin_of(fast):
    return pickle.loads(pickle.dumps(fast))


def test_paths_and_tapes_travel():
    fast = autograd.compile(lambda x, a: functions.bent(x, a), in_axes=(0, None), reduce="sum")
    expected = fast.value_and_grad(X, 2.0, argnums=(0, 1))
    twin = twin_of(twin_of(fast))
    assert same(twin.value_and_grad(X, 2.0, argnums=(0, 1)), expected)
    assert [str(t) for t in twin.tapes] == [str(t) for t in fast.tapes]
    assert twin.__name__ == "<lambda>"
    assert repr(twin) == repr(fast)
    lines = [(x.file, x.line, x.kind, x.splits) for x in fast.report().lines]
    assert [(x.file, x.line, x.kind, x.splits) for x in twin.report().lines] == lines


def test_without_its_function_it_says_so_on_a_new_path():
    fast = autograd.compile(lambda x, a: functions.bent(x, a), in_axes=(0, None))
    with pytest.raises(Exception, match="lambda"):  # nothing to go by
        pickle.dumps(fast)
    fast(np.array([1.0, 0.5]), 2.0)
    twin = twin_of(fast)
    for ask in (twin, twin.grad):
        with pytest.raises(RuntimeError, match="came without its function, which cannot be imported here"):
            ask(np.array([1.0, -0.5]), 2.0)
    assert same(twin.grad(X[30:34], 2.0), fast.grad(X[30:34], 2.0))
    single = autograd.compile(lambda x: x * x if x > 1.0 else x)
    single(3.0)
    assert twin_of(single)(4.0) == 16.0
    with pytest.raises(RuntimeError, match="came without its function"):
        twin_of(single)(0.5)


def test_calls_of_floats_after_the_journey():
    fast = autograd.compile(lambda x, y: x * y + 1.0)
    fast(3.0, 2.0)
    twin = twin_of(fast)
    for x in (2.0, 3.0, 4.0):
        assert (twin(x, 2.0), twin.grad(x, 2.0), twin.value_and_grad(x, 2.0, argnums=1)) == (
            2.0 * x + 1.0, 2.0, (2.0 * x + 1.0, x)
        )  # fmt: skip


def test_a_sweep_of_one_without_its_function_says_so_on_a_new_path():
    fast = autograd.compile(lambda x: x * x if x > 1.0 else x, in_axes=0)
    fast(np.array([3.0]))
    twin = twin_of(fast)
    assert [x.tolist() for x in twin.map([(np.array([2.0]),)] * 2, kind="value")] == [[4.0]] * 2
    with ThreadPoolExecutor(1) as pool:
        for executor in (None, pool):
            with pytest.raises(RuntimeError, match="came without its function") as caught:
                twin.map([(np.array([2.0]),), (np.array([0.5]),)], executor=executor)
            assert caught.value.__notes__[0].startswith("in chunk 1 of a sweep")


def test_with_its_function_it_goes_on():
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    fast(np.array([1.0]), 2.0)
    twin = twin_of(fast)
    assert len(twin.tapes) == 1
    assert twin.function is functions.bent
    assert same(twin.grad(X, 2.0), fast.grad(X, 2.0))
    assert len(twin.tapes) == len(fast.tapes) == 5


def test_branches_that_were_merged_travel():
    for branches in ("auto", "selects"):
        fast = autograd.compile(functions.twisted, in_axes=(0, None), branches=branches)
        expected = fast.value_and_grad(X, 2.0)
        assert len(fast.tapes) == 1
        assert [x.kind for x in fast.report().lines] == ["select"]
        twin = twin_of(fast)
        assert same(twin.value_and_grad(X, 2.0), expected)
        assert [x.kind for x in twin.report().lines] == ["select"]
        assert same(twin.value_and_grad(3.0 * X, 2.0), fast.value_and_grad(3.0 * X, 2.0))


def test_a_decorated_function_is_the_one_in_its_module():
    decorated(2.0)
    assert twin_of(decorated) is decorated
    assert copy.deepcopy(decorated) is decorated
    program = (
        "import pickle, sys; f = pickle.load(sys.stdin.buffer); from tests.sweeps.functions import decorated; "
        "print(f is decorated, len(f.tapes), f(-3.0))"
    )
    run = [sys.executable, "-c", program]
    found = subprocess.run(run, input=pickle.dumps(decorated), capture_output=True, cwd=ROOT, timeout=60)
    assert found.stdout.decode().split() == ["True", "1", "3.0"], found.stderr


def test_a_function_of_main_goes_as_what_it_recorded():
    program = (
        "import autograd, pickle, sys\n"
        "@autograd.compile\n"
        "def f(x): return x * x if x > 0.0 else -x\n"
        "f(2.0)\n"
        "sys.stdout.buffer.write(pickle.dumps(f))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, timeout=60)
    assert pickle.loads(run.stdout).grad(3.0) == 6.0


def test_values_that_it_captures():
    w = Value(3.0, label="w")
    fast = autograd.compile(lambda x: w * x, in_axes=0, reduce="sum")
    fast(np.ones(2))
    twin, v = pickle.loads(pickle.dumps((fast, w)))
    v.data = 5.0
    assert twin.backward(np.ones(2)) == 10.0
    assert (v.grad, w.grad) == (2.0, 0.0)


def test_static_arguments_and_structures():
    fast = autograd.compile(lambda p, n: p["x"] ** n + p["y"][0], static_argnames="n")
    point = {"x": 2.0, "y": np.array([1.0])}
    expected = fast.grad(point, 3)
    twin = twin_of(fast)
    assert same(twin.grad(point, 3), expected)
    with pytest.raises(RuntimeError, match="without its function"):
        twin.grad(point, 2)


def test_cloudpickle_takes_functions_as_they_are():
    fast = autograd.compile(lambda x: x * x if x > 0.0 else -x)
    for calls in (0, 1):
        if calls:
            fast(2.0)
        twin = cloudpickle.loads(cloudpickle.dumps(fast))
        assert (twin(3.0), twin(-3.0)) == (9.0, 3.0)


def test_a_rule_of_its_own_is_refused():
    @autograd.custom_vjp
    def steep(x):
        return x.relu()

    steep.defvjp(lambda x: (steep(x), x), lambda x, g: (g * 7.0,))
    fast = autograd.compile(partial(lambda x: steep(x)))
    fast(2.0)
    with pytest.raises(TypeError, match="has a rule of its own, which no file can hold"):
        pickle.dumps(fast)


def test_what_has_no_name_and_no_recordings_cannot_be_pickled_and_says_what_would_help():
    fast = autograd.compile(lambda x: x * x, in_axes=0)
    with pytest.raises(pickle.PicklingError, match=r"no name to be imported by.*Put it into a module, call it first"):
        pickle.dumps(fast)
    copied, deep = copy.copy(fast), copy.deepcopy(fast)
    assert copied(np.array([3.0]))[0] == deep(np.array([3.0]))[0] == 9.0
    assert pickle.loads(cloudpickle.dumps(fast))(np.array([3.0]))[0] == 9.0
    fast(np.array([2.0]))
    assert pickle.loads(pickle.dumps(fast))(np.array([3.0]))[0] == 9.0
