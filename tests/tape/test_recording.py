"""Recording: what a function does with Values is replayed for other numbers."""

import functools
import heapq
import itertools
import math
import operator
from bisect import bisect

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Tape, Value, no_grad
from tests.tape.as_eager import ROWS, assert_as_eager


def test_detached_numbers_vary_and_have_no_slope():
    assert_as_eager(lambda x: x * x.detach(), ROWS)
    assert_as_eager(lambda x, y: autograd.detach(x * y) * y + x.detach(), ROWS, ROWS[::-1])
    assert_as_eager(lambda x: x if x.detach() * 2.0 > 1.0 else x * x.detach(), ROWS)
    assert_as_eager(lambda x: (x * x).detach(), ROWS)
    assert_as_eager(lambda x: x.detach().exp() + 3.0, ROWS)
    assert autograd.compile(lambda x: x * x.detach()).hessian(3.0).tolist() == [[0.0]]


def test_no_grad_inside_varies_and_has_no_slope():
    def f(x, y):
        with no_grad():
            a = (x * y).sin() + autograd.dot([x, y], [y, 2.0]) + autograd.where(x > 0, x, y * 3.0)
            b = a if a > 0.5 else -a
        return x * b + a

    @no_grad()
    def quiet(x):
        return x * x

    assert_as_eager(f, ROWS, ROWS[::-1])
    assert_as_eager(lambda x: quiet(x) * x, ROWS)
    assert_as_eager(lambda x: quiet(x), ROWS)


@pytest.mark.parametrize("how", ["value", "grad", "jacobian", "hessian", "jvp", "backward"])
def test_a_call_under_no_grad_leaves_nothing_behind(how):
    w = Value(2.0)
    fast = autograd.compile(lambda x: w * x * x)
    with no_grad():
        if how == "jvp":
            assert fast.jvp((3.0,), (1.0,)) == (18.0, 12.0)
        elif how == "value":
            assert fast(3.0) == 18.0
        else:
            getattr(fast, how)(3.0)
    assert fast.value_and_grad(3.0) == (18.0, 12.0)
    before = w.grad
    fast.backward(3.0)
    assert w.grad == before + 9.0
    assert fast.hessian(3.0).tolist() == [[4.0]]


def test_newton_steps_by_grad_inside():
    def root(a):
        x = a * 0.5 + 1.0
        for _ in range(6):
            r = x * x - a
            x = x - r / autograd.grad(r, x)
        return x

    def root_by_guard(a):
        x = Value(1.0) + 0.0 * a
        for _ in range(60):
            r = x * x * x - a
            step = r / autograd.grad(r, x, create_graph=True)
            x = x - step
            if abs(step) < 1e-9:
                break
        return x

    numbers = [2.0, 9.0, 0.5, 1.0, 123.0]
    assert_as_eager(root, numbers, rel=1e-10)
    fast = assert_as_eager(root_by_guard, numbers, rel=1e-9)
    assert len(fast.tapes) > 1
    assert fast(np.array(numbers)) == pytest.approx(np.cbrt(numbers))
    # At the root, the derivative of x**3 = a is 1 / (3 x**2).
    assert fast.grad(np.array(numbers)) == pytest.approx(1.0 / (3.0 * np.cbrt(numbers) ** 2), rel=1e-6)


@pytest.mark.parametrize("create_graph", [True, False])
def test_grad_inside_in_every_lane(create_graph):
    def grad(y, x):
        d = autograd.grad(y, x, create_graph=create_graph)
        return d if isinstance(d, Value) else Value(d).detach()

    def f(x, y):
        z = autograd.maximum(x * y, x - y).tanh() + (x * x).exp() / (y * y + 1.0)
        return grad(z, x) * y + z

    def kinks(x, y):
        z = autograd.where(autograd.less(x, y), x * y, x.relu() + y * y) + abs(x) * y
        return grad(z, x) + grad(z, y) * x

    def branches(x, y):
        z = x * x * y if x > y else autograd.sin(x) * y
        d = grad(z, x)
        return d if d > 1.0 else d * y

    for g in (f, kinks, branches):
        assert_as_eager(g, ROWS, ROWS[::-1], rel=1e-11)
        assert_as_eager(g, ROWS, ROWS, rel=1e-11)


def test_grad_inside_towards_what_is_captured_or_made_there():
    w = Value(3.0)

    def f(x):
        y = w * w * x
        return autograd.grad(y, w, create_graph=True) * x

    assert_as_eager(f, [1.0, 2.0])
    fast = autograd.compile(f)
    assert fast(2.0) == 24.0
    w.data = 5.0
    assert fast(2.0) == 40.0
    assert fast.backward(2.0) == 40.0
    assert w.grad == 8.0
    assert_as_eager(lambda x: autograd.grad((c := x + 1.0) * c * x, c, create_graph=True) * x, ROWS)


def test_the_zero_of_a_slope_has_the_sign_that_the_eager_engine_gives_it():
    def f(x):
        slope = autograd.grad(x * x, x)
        return 1.0 / (slope if isinstance(slope, Value) else Value(slope)) + 0.0 * (x + 1.0)

    assert autograd.compile(f)(-0.0) == f(Value(-0.0)).data == math.inf


def test_python_around_values():
    def containers(x, y):
        d = {x: 1.0, y: 2.0}
        s = {x, y, x}
        return d[x] * x + d[y] * y + len(s) + len(d) * x

    def membership(x, y):
        return x * y if x in [y, 2.0, 0.0] else x - y

    def lookup(x, y):
        return [x, y, x * y][[y, 2.0, x].index(x)]

    def counting(x, y):
        return x * [x, y, 2.0, y].count(y)

    def ordering(x, y):
        a, b, c, *_ = sorted([x, y, x * y, 1.0])
        return a * b - c

    def heap(x, y):
        h = [x, y, x * y, y - x]
        heapq.heapify(h)
        return heapq.heappop(h) * 2.0 + heapq.heappop(h)

    def search(x, y):
        return x * bisect([-1.0, 0.0, 1.0], y) + y

    def matching(x, y):
        match x:
            case 0:
                return y * 2.0 + x
            case 1 | 2:
                return y * x
            case _:
                return x - y

    def groups(x, y):
        return sum(len(list(g)) * k for k, g in itertools.groupby([x, y, 2.0 + 0.0 * x, x]))

    def folded(x, y):
        return functools.reduce(operator.mul, [x, y, x]) + sum([x, y], start=1.0) + math.prod([x, y])

    def logic(x, y):
        return (x and y) + (x or y * 2.0) + (1.0 if not x else 2.0) + (x if any([x, y]) else y) + all([x, y]) * x

    def chained(x, y):
        return x if -1.0 < x <= y < 2.0 else y

    def generated(x, y):
        def numbers():
            yield x
            yield from (k * y for k in range(3) if x > k)

        return sum(numbers()) + next(a * a for a in [x, y, 1.0] if a == a)

    def recursive(x, y, depth=0):
        return x if depth == 3 or x > y else recursive(x + 1.0, y * 1.5, depth + 1) + y

    def caught(x, y):
        try:
            if x < 0:
                raise ValueError("negative")
            return x * y
        except ValueError:
            return x - y

    def classes(x, y):
        class Point:
            def __init__(self, a, b):
                self.a, self.b = a, b

            def __lt__(self, other):
                return self.a < other.a

        p = min(Point(x, y), Point(y, x))
        return p.a * 2.0 + p.b

    for f in (containers, membership, lookup, counting, ordering, heap, search, matching, groups, folded, logic,
              chained, generated, recursive, caught, classes):  # fmt: skip
        assert_as_eager(f, ROWS, ROWS[::-1])
        assert_as_eager(f, ROWS, ROWS)


def test_numpy_around_values():
    def f(x, y):
        a = np.array([x, y, x * y, 2.0 + 0.0 * x])
        b = np.exp(-a * a) + np.maximum(a, 0.5) + np.abs(a) + np.sqrt(a * a + 1.0)
        c = np.where(a > 0.3, a, -a * a) + np.minimum(a, a[::-1]) + np.sort(a) + np.clip(a, -1.0, 1.0)
        return np.dot(b, c) + b @ c + b.mean() + np.max(a) * np.min(a) + a[np.argmax(a)] + np.sum(b) + a.std()

    def matrices(x, y):
        a, b = np.array([[x, y], [y, 1.0]]), np.array([[x * y, 2.0], [y, x]])
        c = np.tanh(a @ b) + np.einsum("ij,jk->ik", a, b) + a.T * b + np.outer(a[0], b[1])
        return (c.sum() + np.trace(c)) / (1.0 + c[0, 0] * c[0, 0])

    def conditions(x, y):
        a = np.array([x, y, x - y])
        return a[a > 0].sum() + (x if np.any(a < -1.0) else y) * (a == 0.0).sum() + np.count_nonzero(a) * x

    def bare(x, y):
        return (
            np.exp(x) + np.hypot(x, y) + np.arctan2(x, y) + np.float64(2.0) * x + np.array(3.0) * y + np.float32(1) + x
        )

    for g in (f, matrices, conditions, bare):
        assert_as_eager(g, [0.7, -1.3, 2.0, 0.3], [1.5, 0.25, 2.0, -0.75], rel=1e-11)


def test_arrays_among_the_arguments_are_arrays_of_values():
    def f(a, m):
        assert a.shape == (3,)
        assert m.shape == (2, 3)
        assert a.dtype == m.dtype == object
        s = np.sort(a)
        return np.dot(m @ a, np.exp(m @ s)) + np.max(a) + np.where(a > 0, a, 0.0).sum() + m.T.sum(axis=1)[0] * a[-1]

    fast = autograd.compile(f)
    rng = np.random.default_rng(5)
    for _ in range(3):
        a, m = rng.normal(size=3), rng.normal(size=(2, 3))
        value, (da, dm) = fast.value_and_grad(a, m, argnums=(0, 1))
        va, vm = [Value(x) for x in a], [Value(x) for x in m.ravel()]
        y = f(np.array(va), np.array(vm).reshape(2, 3))
        assert value == pytest.approx(y.data, rel=1e-12)
        assert [*da, *dm.ravel()] == pytest.approx(autograd.grad(y, va + vm), rel=1e-12)


def test_math_floor_and_the_functions_of_autograd():
    assert_as_eager(lambda x: math.floor(x) * x + math.ceil(x) + abs(x) + pow(x, 2) + autograd.floor(x), ROWS)


def test_a_value_made_inside_is_a_number_of_the_program():
    assert_as_eager(lambda x: Value(3.0) * x + Value(2.0).sin() * Value(1.0, label="one"), ROWS)
    assert_as_eager(lambda x: sum((Value(k) * x for k in range(3)), Value(0.0)), ROWS)


# --- functions inside functions --------------------------------------------------------------------------------------


def test_a_generator_begun_outside_is_recorded_where_it_runs():
    w = Value(2.0)

    def numbers():
        while True:
            yield w * w

    stream = numbers()
    next(stream)
    fast = autograd.compile(lambda x: next(stream) * x)
    assert fast(3.0) == 12.0
    w.data = 3.0
    assert fast(3.0) == 27.0


def test_a_recording_inside_a_recording():
    inner = autograd.compile(lambda x: x * x if x > 0 else -x)
    assert_as_eager(lambda x: inner.function(x) + x, ROWS)
    outer = autograd.compile(lambda x: inner(x) + inner(x - 1.0), in_axes=0)
    assert outer(np.array([3.0, 0.5, -2.0])).tolist() == [13.0, 0.75, 5.0]
    assert outer.grad(np.array([3.0, 0.5, -2.0])).tolist() == [10.0, 0.0, -2.0]
    assert inner.tapes == []
    assert inner(3.0) == 9.0
    batched = autograd.compile(lambda x: x * x, in_axes=0, reduce="sum")
    try:
        found = autograd.compile(lambda a: batched(a) * 2.0)(np.array([1.0, 2.0]))
    except RecordingError:
        found = 10.0
    assert found == 10.0
    for derivative in (inner.grad, inner.value_and_grad, inner.jacobian, inner.hessian, inner.backward):
        with pytest.raises(RecordingError, match=r"autograd\.grad"):
            autograd.compile(lambda x, d=derivative: x * d(2.0))(1.0)


def test_compiled_and_compiled_again():
    again = autograd.compile(autograd.compile(lambda x: x * x if x > 0 else -x), in_axes=0)
    assert again(np.array([3.0, -2.0])).tolist() == [9.0, 2.0]
    assert again.grad(np.array([3.0, -2.0])).tolist() == [6.0, -1.0]


def test_tape_record_keeps_to_the_function():
    w = Value(3.0)
    tape = Tape.record(lambda x, y: w * x + y, 2.0, 1)
    assert tape(2.0, 1.0) == 7.0
    w.data = 10.0
    assert tape(2.0, 1.0) == 7.0  # frozen, as in Tape(...)
    pair = Tape.record(lambda x: [x * x, x + 1.0], 2.0)
    assert pair(3.0) == (9.0, 4.0)
    with pytest.raises(TypeError, match="expected a Value"):
        Tape.record(lambda x: 3.0, 2.0)
    with pytest.raises(RecordingError):
        Tape.record(lambda x: x * x.data, 2.0)
    with pytest.raises(TypeError, match="str"):
        Tape.record(lambda x: x, "2")
    assert Value(2.0).data == 2.0
