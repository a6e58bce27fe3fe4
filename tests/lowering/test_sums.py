"""What is summed over a batch: what the function gives, row by row, however its terms cancel."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, Value, compile
from autograd.lowering.lowering import lower
from autograd.programs.differentiation import differentiated
from autograd.programs.simplification import simplified
from tests.sizes import some

rng = np.random.default_rng(0)
N = 100_000
LARGE = 1e9 * (1.0 + rng.random(N))
NEAR = LARGE - 5e-3 * rng.random(N)


def close(found, expected):
    """Equal but for the rounding of a sum over the rows."""
    return found == pytest.approx(expected, rel=1e-11)


# Each with the sum of its rows, which NumPy adds up.
ROWS = {
    "a difference": (lambda x, y: x - y, (LARGE, NEAR), np.sum(LARGE - NEAR)),
    "a difference of products": (lambda x, y: 3.0 * x - y * 3.0, (LARGE, NEAR), np.sum(3.0 * LARGE - NEAR * 3.0)),
    "a sum with what is shared": (lambda x, y: x + -1e9, (LARGE, NEAR), np.sum(LARGE - 1e9)),
    "a dot product": (lambda x, y: autograd.dot([x, y], [1.0, -1.0]), (LARGE, NEAR), np.sum(LARGE - NEAR)),
    "a sum": (lambda x, y: autograd.sum([x, 1.0, -y]), (LARGE, NEAR), np.sum(LARGE + 1.0 - NEAR)),
    "a quotient": (lambda x, y: (x - y) / 7.0, (LARGE, NEAR), np.sum((LARGE - NEAR) / 7.0)),
    "a fraction": (lambda x: x - autograd.floor(x), (x13 := 1e13 + rng.random(N),), np.sum(x13 - np.floor(x13))),
    "a choice": (
        lambda x: autograd.where(autograd.step(x), autograd.sinh(x), 1.0) - autograd.sinh(x),
        (np.array([70.0, -30.0]),),
        1.0 - math.sinh(-30.0),
    ),
    "what overflows apart": (lambda x, y: x + y, (np.array([1e308] * 3), np.array([-1e308] * 3)), 0.0),
    "what overflows unscaled": (lambda x: x * 1e-300, (np.array([1e308] * 4),), 4e8),
    "infinities": (lambda x: 0.5 * x, (np.array([math.inf, -math.inf]),), math.nan),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_sum_is_that_of_its_rows(name):
    f, xs, expected = ROWS[name]
    total, mean = (compile(f, in_axes=0, reduce=reduce) for reduce in ("sum", "mean"))
    for _ in range(2):
        found = [total(*xs), total.value_and_grad(*xs)[0], total.jvp(xs, (1.0 * xs[0], *[None] * (len(xs) - 1)))[0]]
        found += [total.backward(*xs), len(xs[0]) * mean(*xs)]
        for x in found:
            assert close(x, expected) or (x != x and expected != expected)


SLOPES = {
    "a difference": (lambda w, x, y: w * x - w * y, LARGE - NEAR),
    "a difference by a dot product": (lambda w, x, y: autograd.dot([w, -w], [x, y]), LARGE - NEAR),
    "a product and a shared number": (lambda w, x, y: w * x - w * 1e9, LARGE - 1e9),
    "a product of rows and shared numbers": (lambda w, x, y: abs(w * x) - 5e8 * (w * w), LARGE - 1e9),
    "a quotient": (lambda w, x, y: (w * x - w * y) / 8.0, (LARGE - NEAR) / 8.0),
    "a choice": (
        lambda w, x, y: autograd.where(autograd.less(y, x), w * x, 0.0) - w * y,
        np.where(NEAR < LARGE, LARGE, 0.0) - NEAR,
    ),
}


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_by_what_is_shared_is_the_sum_of_the_slopes_of_the_rows(name):
    f, rows = SLOPES[name]
    w = Value(1.0)
    total = compile(f, in_axes=(None, 0, 0), reduce="sum")
    total.backward(w, LARGE, NEAR)
    captured = Value(1.0)
    compile(lambda x, y: f(captured, x, y), in_axes=0, reduce="sum").backward(LARGE, NEAR)
    found = [total.grad(1.0, LARGE, NEAR), total.jacobian(1.0, LARGE, NEAR), w.grad, captured.grad]
    found += [total.jvp((1.0, LARGE, NEAR), (1.0, None, None))[1]]
    for x in found:
        assert close(x, np.sum(rows)), name


@settings(max_examples=some(60), deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 200), st.integers(0, 2**32))
def test_slopes_with_a_penalty_are_added_up_row_by_row(left, right, n, seed):
    """A layer whose weights have a penalty each: tiles of products, to each of which a number is added in each lane."""
    random = np.random.default_rng(seed)
    w, x, c = random.normal(size=(left, right)), random.normal(size=(n, right)), random.normal(size=(left, right))

    def loss(w, x):
        scores = [autograd.dot(row, x).tanh() for row in w]
        return autograd.sum(scores) + autograd.dot(w.ravel(), c.ravel())

    found = compile(loss, in_axes=(None, 0), reduce="sum", threads=1).grad(w, x)
    slopes = (1.0 - np.tanh(x @ w.T) ** 2)[:, :, None] * x[:, None, :] + c
    assert np.all(np.abs(found - slopes.sum(axis=0)) <= 1e-13 * np.abs(slopes).sum(axis=0) + 1e-12)


@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_of_what_does_not_vary_the_sum_is_as_many_times_it(reduce):
    f = compile(lambda x, w: [x * w, w], in_axes=(0, None), reduce=reduce)
    assert f(np.ones(3), 2.0) == ([6.0, 6.0] if reduce == "sum" else [2.0, 2.0])
    if reduce == "sum":
        for w in (math.inf, math.nan, -0.89):
            assert str(f(np.array([]), w)) == "[0.0, 0.0]"
        assert (
            compile(lambda x, w: x * w + w * w, in_axes=(0, None), reduce="sum").grad(np.array([]), math.inf, argnums=1)
            == 0
        )
        captured = Value(-0.89)
        assert str(compile(lambda x: captured, in_axes=0, reduce="sum")(np.array([]))) == "0.0"


@pytest.mark.filterwarnings("ignore:.* takes (more than|another path):RuntimeWarning")
@pytest.mark.parametrize("max_paths", [1, 2, 64])
def test_the_sign_of_a_zero_does_not_depend_on_how_many_paths_are_kept(max_paths):
    def f(x):
        return -x if x >= 0.0 else 0.0 * x if x > -5.0 else x + 5.0

    zeros = np.array([0.0, -1.0, 0.0, -5.0])
    assert str(compile(f, in_axes=0, reduce="sum", max_paths=max_paths)(zeros)) == "0.0"
    assert str(compile(f, in_axes=0, max_paths=max_paths)(zeros)) == "[-0. -0. -0.  0.]"
    alone = compile(f, max_paths=max_paths)
    assert [str(alone(x)) for x in zeros] == ["-0.0", "-0.0", "-0.0", "0.0"]
    assert [str(alone.jvp((x,), (0.0,))[0]) for x in zeros] == ["-0.0", "-0.0", "-0.0", "0.0"]


def test_slopes_whose_zeros_have_no_sign_are_added_up_as_others_are():
    """0 is added to each, where something selects, so that it is not -0. No sum over lanes is: that costs nothing."""

    def loss(*numbers):
        w, x = np.array(numbers[:54]).reshape(6, 9), np.array(numbers[54:])
        return autograd.sum([autograd.dot(row, x).relu() for row in w]) + autograd.dot(w.ravel(), w.ravel())

    program = simplified(Tape.record(loss, *[0.5] * 63).program)
    slopes = simplified(differentiated(program, range(54), True, careful=False))
    assert slopes.steps.any_selects()
    lowered = lower(slopes, [False] * 54 + [True] * 9, range(55))
    assert len(lowered.instructions) < 54
