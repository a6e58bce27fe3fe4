"""Calls of a few floats, answered with as little around the arithmetic as possible: the same, in every case."""

import inspect
import math
import pickle
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, compile
from autograd._build import native
from tests.benchmarks.workloads import black_scholes


def curve(x, y):
    return autograd.exp(x) * y if x < y else x * y - autograd.sin(y)


def hits(f):
    """How many calls were answered by repetitions, since this was last asked."""
    return f._traced.repetitions.take_hits()


def shortcuts(f):
    return len(f._traced.repetitions.shortcuts)


def price(*xs):
    return black_scholes(*xs, autograd)


OPTION = (100.0, 95.0, 0.03, 0.2, 1.5)


@pytest.mark.skipif(not native, reason="what answers such calls is compiled")
def test_calls_of_floats_leave_shortcuts_and_others_do_not():
    f = compile(curve)
    for _ in range(4):
        f(1.0, 2.0), f.grad(1.0, 2.0), f.value_and_grad(1.0, 2.0, argnums=(0, 1))
    assert shortcuts(f) == 3
    assert hits(f) == 9
    g = compile(lambda x: autograd.sum(x) * 2.0)
    for _ in range(3):
        g(np.ones(3)), g([1.0, 2.0])
    assert not shortcuts(g)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=8))
def test_answers_are_those_of_the_long_way_on_every_path(points):
    f = compile(curve)
    for _ in range(2):
        for x, y in points:
            assert f(x, y) == curve(Value(x), Value(y)).data
            value, (by_x, by_y) = f.value_and_grad(x, y, argnums=(0, 1))
            assert f.grad(x, y, argnums=1) == by_y
            assert f.grad(x, y) == by_x
            a, b = Value(x), Value(y)
            z = curve(a, b)
            z.backward()
            assert math.isclose(value, z.data, rel_tol=1e-15)
            assert math.isclose(by_x, a.grad, rel_tol=1e-14, abs_tol=1e-300)
            assert math.isclose(by_y, b.grad, rel_tol=1e-14, abs_tol=1e-300)


@pytest.mark.parametrize("argnums", [0, 3, (0,), (4, 0), (0, 1, 2, 3, 4), (1, 1), ()])
def test_every_choice_of_arguments_has_its_structure(argnums):
    f = compile(price)
    first = f.value_and_grad(*OPTION, argnums=argnums)
    assert all(f.value_and_grad(*OPTION, argnums=argnums) == first for _ in range(3))
    assert f.grad(*OPTION, argnums=argnums) == first[1]
    assert type(first[1]) is (float if isinstance(argnums, int) else tuple)
    assert f(*OPTION) == pytest.approx(first[0], rel=1e-15)


def test_results_of_any_structure_come_back_in_it():
    f = compile(lambda x, y: {"sum": x + y, "all": [x, (y, x * y)], "array": np.array([x, y])})
    for x, y in ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)):
        found = f(x, y)
        assert (found["sum"], found["all"]) == (x + y, [x, (y, x * y)])
        assert found["array"].tolist() == [x, y]


def test_other_numbers_mean_the_same():
    f = compile(price)
    expected = f.value_and_grad(*OPTION)
    for _ in range(3):
        assert f.value_and_grad(100, 95.0, np.float64(0.03), 0.2, 1.5) == expected
        assert f.value_and_grad(*OPTION[:4], Value(1.5)) == expected
        assert f.value_and_grad(*OPTION) == expected


def test_keywords_and_aux_are_left_to_the_method():
    f = compile(lambda x, y=2.0: (x * y, x + y))
    for _ in range(3):
        assert f(3.0) == (6.0, 5.0)
        assert f(3.0, y=4.0) == (12.0, 7.0)
        assert f(3.0, 4.0) == (12.0, 7.0)
        assert f.value_and_grad(3.0, 4.0, has_aux=True) == ((12.0, 7.0), 4.0)
        assert f.value_and_grad(3.0, argnums=0, has_aux=True, y=5.0) == ((15.0, 8.0), 5.0)


def test_values_in_a_closure_are_read_at_every_call():
    w = Value(2.0)
    f = compile(lambda x: w * x * x)
    for number in (2.0, 3.0, 4.0, 5.0):
        w.data = number
        assert f(3.0) == 9.0 * number
        assert f.value_and_grad(3.0) == (9.0 * number, 6.0 * number)
    v = Value(3.0)
    assert f(v).backward() is None
    assert v.grad == 30.0


def test_what_is_refused_is_refused_the_second_time_too():
    f = compile(curve)
    assert f.grad(1.0, 2.0) == f.grad(1.0, 2.0)
    for argnums in (2, True, 0.0, "x", (0, 5), [[]]):
        with pytest.raises((ValueError, TypeError)):
            f.grad(1.0, 2.0, argnums=argnums)
    with pytest.raises(TypeError):
        f.grad(1.0)
    with pytest.raises(TypeError):
        f.grad(1.0, 2.0, z=3.0)
    assert f.grad(1.0, 2.0, argnums=[0, 1]) == f.grad(1.0, 2.0, argnums=(0, 1))


def test_within_a_function_that_is_differentiated_it_gives_what_it_gave():
    f = compile(lambda x: x * x * x)
    assert f(2.0) == f(2.0) == 8.0
    assert autograd.grad(lambda x: f(x) * x)(2.0) == 32.0
    outer = compile(lambda x: f(x) + f(2.0))
    assert (outer(3.0), outer(3.0), outer.grad(3.0)) == (35.0, 35.0, 27.0)
    assert f(2.0) == 8.0
    w = Value(3.0)
    g = compile(lambda x: w * x)
    assert g(2.0) == g(2.0) == 6.0
    assert autograd.grad(lambda x: g(2.0) + x)(1.0) == 1.0
    with autograd.detect_anomaly():
        assert f(2.0) == 8.0


def test_after_many_new_paths_nothing_is_answered_for_a_while():
    f = compile(lambda x: x * x)
    assert f(1.0) == f(1.0) == 1.0
    f._traced.skip(3)
    assert not shortcuts(f)
    assert [f(2.0) for _ in range(6)] == [4.0] * 6
    assert not native or shortcuts(f) == 1


def test_long_programs_and_many_arguments():
    def chain(*xs):
        x = xs[0]
        for k in range(3000):
            x = autograd.sin(x) + xs[k % len(xs)]
        return x

    for n in (1, 100):
        f = compile(chain)
        xs = [0.01 * k for k in range(n)]
        first = f.value_and_grad(*xs, argnums=tuple(range(n)))
        assert f.value_and_grad(*xs, argnums=tuple(range(n))) == first
        assert f(*xs) == f(*xs) == pytest.approx(first[0], rel=1e-12)
    g = compile(lambda *xs: sum(xs))
    for n in (0, 63, 64, 65, 90):
        assert [g(*[1.0] * n) if n else None for _ in range(3)] == [float(n) if n else None] * 3


def test_methods_have_shortcuts_of_their_own():
    class Line:
        def __init__(self, slope):
            self.slope = slope

        @compile
        def at(self, x):
            return self.slope * x

    steep, flat = Line(3.0), Line(0.5)
    for _ in range(3):
        assert (steep.at(2.0), flat.at(2.0), steep.at.grad(2.0), flat.at.grad(2.0)) == (6.0, 1.0, 3.0, 0.5)


def test_threads_do_not_meet():
    f, wrong = compile(price), []
    expected = {s: f.value_and_grad(s, *OPTION[1:]) for s in (80.0, 90.0, 100.0, 110.0)}

    def work(s):
        for _ in range(3000):
            if f.value_and_grad(s, *OPTION[1:]) != expected[s]:
                wrong.append(s)

    threads = [threading.Thread(target=work, args=(s,)) for s in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_nan_is_looked_at_with_care():
    f = compile(lambda x: autograd.where(autograd.less(0.0, x), autograd.sqrt(x), 0.0 * x))
    for _ in range(3):
        assert f.value_and_grad(4.0) == (2.0, 0.25)
        assert f.value_and_grad(-4.0) == (0.0, 0.0)


def test_methods_tell_what_they_take():
    f = compile(price)
    assert list(inspect.signature(f.value_and_grad).parameters) == ["args", "argnums", "has_aux", "kwargs"]
    assert list(inspect.signature(f.grad).parameters) == ["args", "argnums", "kwargs"]
    assert "derivatives by the arguments" in f.grad.__doc__
    assert "Numbers for numbers" in type(f).__call__.__doc__
    assert pickle.loads(pickle.dumps(compiled_here.grad))(3.0) == 6.0


@compile
def compiled_here(x):
    return x * x
