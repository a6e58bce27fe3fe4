"""Checkpoints: the same derivatives as without, in less memory."""

import random
import tracemalloc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
import nn
from autograd import Value, checkpoint, compile, grad, hessian, no_grad, where
from tests.random_graphs import on_values, programs
from tests.sizes import some


def bits(xs):
    return [float(x).hex() for x in xs]


@settings(max_examples=some(60), deadline=None)
@given(programs(max_steps=15))
def test_the_same_derivatives_as_without(program):
    f = lambda *x: program.run(on_values, list(x))  # noqa: E731
    plain, kept = [Value(x) for x in program.leaves], [Value(x) for x in program.leaves]
    y, z = f(*plain) * plain[0], checkpoint(f)(*kept) * kept[0]
    assert y.data.hex() == z.data.hex()
    y.backward()
    z.backward()
    np.testing.assert_allclose([x.grad for x in kept], [x.grad for x in plain], rtol=1e-13, atol=1e-15)
    everything = tuple(range(len(plain)))
    np.testing.assert_allclose(
        hessian(lambda *x: checkpoint(f)(*x) * x[0], everything)(*program.leaves),
        hessian(lambda *x: f(*x) * x[0], everything)(*program.leaves),
        rtol=1e-10, atol=1e-12,
    )  # fmt: skip


def test_several_results_in_a_structure_and_what_is_captured():
    w = Value(3.0)
    inner = (w * 2.0).tanh()
    f = checkpoint(lambda x, n: {"a": [x[0] * w, x[1] ** n], "b": np.array([x[0] * inner, 7.0, w], dtype=object)})
    x = [Value(2.0), Value(5.0)]
    found = f(x, 2)
    (found["a"][0] + 10.0 * found["a"][1] + found["b"][0] + found["b"][1] + found["b"][2]).backward()
    assert [v.grad for v in x] == [3.0 + inner.data, 100.0]
    assert w.grad == 2.0 + 1.0 + 2.0 * 2.0 * (1.0 - inner.data**2)


def test_they_nest_and_follow_one_another():
    square = checkpoint(lambda x: x * x)
    fourth = checkpoint(lambda x: square(square(x)))
    assert grad(lambda x: fourth(x) + square(x))(2.0) == 36.0
    assert grad(grad(grad(lambda x: fourth(x))))(2.0) == 48.0
    x = Value(1.5)
    y = square(x)
    (y * y * x).backward()
    assert x.grad == 5.0 * 1.5**4


def test_a_million_steps_take_the_memory_of_thousands():
    def segment(x, steps=500):
        for _ in range(steps):
            x = x * 0.9999 + 0.0001
        return x

    def peak(f, segments):
        tracemalloc.start()
        x = Value(2.0)
        y = x
        for _ in range(segments):
            y = f(y)
        y.backward()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return x.grad, most

    slope, small = peak(checkpoint(segment), 20)
    expected, large = peak(segment, 20)
    assert slope == pytest.approx(expected, rel=1e-12)
    if large > 1e6:  # what the compiled engine keeps is not Python's to count
        assert small < large / 4


def test_where_nothing_is_kept_anyway_it_is_the_function():
    f = checkpoint(lambda x: x * x if x > 0 else -x)
    with no_grad():
        assert f(Value(3.0)).is_constant
    assert f(3.0) == 9.0 or f(3.0).data == 9.0
    assert compile(lambda x: f(x) * 2.0).grad(3.0) == 12.0
    assert f.__name__ == "<lambda>"


def test_branches_selections_and_unused_arguments():
    f = checkpoint(lambda x, y, z: where(x > 0.0, x * y, y) + 0.0 * x)
    x, y, z = Value(2.0), Value(3.0), Value(4.0)
    f(x, y, z).backward()
    assert (x.grad, y.grad, z.grad) == (3.0, 2.0, 0.0)
    x = Value(2.0)
    checkpoint(lambda v: v)(x).backward()
    assert x.grad == 1.0


def test_a_model_in_checkpoints_learns_the_same():
    a, b = (nn.MLP(2, [8, 8, 1], activation="tanh", rng=1) for _ in range(2))
    points, labels = nn.make_moons(20, rng=1)
    run = checkpoint(lambda point: b(point))
    nn.hinge([a(p) for p in points], labels).backward()
    nn.hinge([run(p) for p in points], labels).backward()
    np.testing.assert_allclose(
        [p.grad for p in b.parameters()], [p.grad for p in a.parameters()], rtol=1e-12, atol=1e-16
    )


def test_what_is_not_the_same_twice_is_refused():
    f = checkpoint(lambda x: x * random.random())
    y = f(Value(2.0))
    with pytest.raises(RuntimeError, match=r"checkpoint of <lambda>: called once more it gives other numbers"):
        y.backward()
    w = Value(2.0)
    y = checkpoint(lambda x: x * w)(Value(3.0))
    w.data = 5.0
    with pytest.raises(RuntimeError, match="or has what it uses been changed since"):
        y.backward()


def test_what_is_refused():
    with pytest.raises(TypeError, match="checkpoint: expected a function, got float"):
        checkpoint(3.0)
    with pytest.raises(TypeError, match="gave None"):
        checkpoint(lambda x: None)(Value(1.0))


def test_an_error_within_a_sweep_leaves_every_grad():
    x = Value(2.0)
    f = checkpoint(lambda v: v * random.random())
    y = f(x) + x * 3.0
    with pytest.raises(RuntimeError):
        y.backward()
    assert x.grad == 0.0
    assert autograd.grad(x * 3.0, x) == 3.0


def test_of_numbers_it_gives_what_the_function_gives():
    square = checkpoint(lambda x: x * x)
    assert [square(2.0), square(3)] == [4.0, 9]
    assert type(square(2.0)) is float
    assert type(square(3)) is int
    assert checkpoint(lambda x: [x, {"a": 2.0 * x}])(3.0) == [3.0, {"a": 6.0}]
    assert checkpoint(lambda x: np.array([x, x]))(2.0).tolist() == [2.0, 2.0]
    assert autograd.grad(lambda x: square(2.0) * square(x))(3.0) == 24.0
    w = Value(3.0)
    y = checkpoint(lambda x: w * x)(2.0)  # a Value that it captures takes part
    assert autograd.grad(y, w) == 2.0


class Tag:
    """What a Value is given to hold, to see when it goes."""


def test_what_it_makes_is_let_go_and_nobody_around_holds_it():
    tags = []

    def steps(x):
        for _ in range(5):
            x = x.sin()
            x.tag = Tag()
            tags.append(weakref.ref(x.tag))
        return x

    inner = checkpoint(steps)

    def outer(x):
        y = inner(inner(x) * 2.0)
        assert all(tag() is None for tag in tags)
        return y

    x, plain = Value(0.3), Value(0.3)
    y = checkpoint(outer)(x)
    assert len(tags) == 10
    assert all(tag() is None for tag in tags)
    y.backward()
    steps(steps(plain) * 2.0).backward()
    assert x.grad == pytest.approx(plain.grad, rel=1e-15)


def test_the_sweep_within_goes_no_further_than_what_is_used():
    seen = []
    w = Value(2.0)
    below = w * 3.0
    between = below * below
    between.register_hook(lambda g: seen.append(g))
    below.register_hook(lambda g: seen.append(g))
    y = checkpoint(lambda x: [x * between * below, between])(Value(5.0))
    (y[0] + y[1]).backward()
    assert seen == [5.0 * 6.0 + 1.0, 2.0 * 6.0 * 31.0 + 5.0 * 36.0]
    assert w.grad == 3.0 * seen[1]


def test_hooks_within_are_called_once_for_each_sweep():
    seen = []

    def f(x):
        y = x * x
        y.register_hook(lambda g: seen.append(g))
        return y * 3.0

    x = Value(2.0)
    checkpoint(f)(x).backward()
    assert seen == [3.0]
    assert x.grad == 12.0


def test_where_no_value_of_outside_takes_part_nothing_moves():
    y = checkpoint(lambda n: {"a": Value(3.0) * n, "b": 2.0})(2.0)
    assert y["a"].data == 6.0
    assert y["a"].is_constant
    assert y["b"] == 2.0


def test_what_is_not_reached_is_sent_nothing():
    x, y = Value(2.0), Value(0.0)
    checkpoint(lambda a, b: [a * 3.0, b])(x, y.sqrt())[0].backward()  # the slope of sqrt is infinite there
    assert (x.grad, y.grad) == (3.0, 0.0)


def test_several_results_of_the_same_value():
    x = Value(2.0)
    a, b, c = checkpoint(lambda v: (v * v, v, v))(x)
    (a + 10.0 * b + 100.0 * c).backward()
    assert x.grad == 114.0
