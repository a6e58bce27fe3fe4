"""L-BFGS: the same minimum as torch's, with no more evaluations; its search; what it refuses."""

import math
from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import LBFGS
from nn.optimisers.line_search import ENOUGH, FLAT, Point, strong_wolfe


def rosenbrock(p):
    return sum((1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2 for x, y in pairwise(p))


def quadratic(p):
    return sum(c * (x - 1.0) ** 2 for c, x in zip((1.0, 10.0, 100.0, 1000.0), p, strict=False))


def smooth(p):
    x, y = p
    return ((x * y - 1.0) ** 2 + (x - 2.0 * y) ** 2 + (x + y).tanh() * 0.1) ** 0.5 * 1.5 + (x * x + 1.0).log()


def beale(p):
    x, y = p
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


CASES = [
    (rosenbrock, [-1.2, 1.0]),
    (rosenbrock, [-1.2, 1.0, 0.5, -0.3]),
    (rosenbrock, [2.0, -1.5]),
    (quadratic, [0.0, 3.0, -2.0, 5.0]),
    (smooth, [1.5, -0.5]),
    (beale, [1.0, 1.0]),
    (beale, [0.5, -1.0]),
]


def ours(f, start, calls, **options):
    ps = [Value(x) for x in start]
    optimiser, count = LBFGS(ps, **options), 0

    def closure():
        nonlocal count
        count += 1
        optimiser.zero_grad()
        loss = f(ps)
        loss.backward()
        return loss

    trace = []
    for _ in range(calls):
        optimiser.step(closure)
        trace.append([p.data for p in ps])
    return trace, count, optimiser


def theirs(f, start, calls, **options):
    torch = pytest.importorskip("torch")
    ps = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    optimiser, count = torch.optim.LBFGS(ps, **options), 0

    def closure():
        nonlocal count
        count += 1
        optimiser.zero_grad()
        loss = f(ps)
        loss.backward()
        return loss

    trace = []
    for _ in range(calls):
        optimiser.step(closure)
        trace.append([p.item() for p in ps])
    return trace, count


@pytest.mark.parametrize("options", [{}, {"max_iter": 4}, {"history_size": 3, "max_iter": 30}, {"max_iter": 200}])
@pytest.mark.parametrize(("f", "start"), CASES)
def test_the_minimum_of_torch_with_no_more_evaluations(f, start, options):
    trace, count, _ = ours(f, start, 12, **options)
    expected, most = theirs(f, start, 12, line_search_fn="strong_wolfe", **options)
    assert trace[-1] == pytest.approx(expected[-1], rel=1e-6, abs=1e-7)
    assert count <= most, (count, most)


@pytest.mark.parametrize(("f", "start"), CASES)
def test_the_first_steps_are_those_of_torch(f, start):
    trace, _, _ = ours(f, start, 6, max_iter=1)
    expected, _ = theirs(f, start, 6, max_iter=1, line_search_fn="strong_wolfe")
    for k, (a, b) in enumerate(zip(trace, expected, strict=True)):
        assert a == pytest.approx(b, rel=1e-8, abs=1e-9), k


def test_without_a_search_its_steps_are_those_of_torch():
    start = [0.0, 3.0, -2.0, 5.0]
    trace, count, _ = ours(quadratic, start, 6, lr=0.5, max_iter=3, line_search_fn=None)
    expected, most = theirs(quadratic, start, 6, lr=0.5, max_iter=3)
    assert count == most
    for a, b in zip(trace, expected, strict=True):
        assert a == pytest.approx(b, rel=1e-8, abs=1e-9)


def test_on_a_quadratic_it_ends_after_as_many_steps_as_there_are_curvatures():
    # With exact searches it is conjugate gradients there: n steps for n curvatures. Wolfe's search is near to it.
    trace, count, _ = ours(quadratic, [0.0, 3.0, -2.0, 5.0], 1, max_iter=100, tolerance_change=1e-16)
    assert trace[0] == pytest.approx([1.0] * 4, abs=1e-5)
    assert count <= 25


@pytest.mark.parametrize("t", [1e-3, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize("f", [lambda x: (x - 3) ** 2, lambda x: -x / (x * x + 2), lambda x: math.exp(x) - 5 * x])
def test_the_search_finds_what_wolfe_asks_for(f, t):
    def at(x):
        try:
            return Point(x, f(x), None, (f(x + 1e-6) - f(x - 1e-6)) / 2e-6)
        except OverflowError:
            return Point(x, math.inf, None, math.nan)

    start = at(0.0)
    point, asked = strong_wolfe(at, t, start, 1.0)
    assert point.loss <= start.loss + ENOUGH * point.t * start.slope
    assert abs(point.slope) <= -FLAT * start.slope
    assert asked <= 26


def test_a_loss_that_is_no_number_is_stepped_back_from():
    p = Value(0.5)
    optimiser = LBFGS([p], max_iter=50, lr=20.0)

    def closure():
        optimiser.zero_grad()
        if p.data >= 2.0:
            return Value(math.nan)
        loss = -autograd.log(2.0 - p) * 1.0 + (p - 1.9) ** 2
        loss.backward()
        return loss

    optimiser.step(closure)
    x = p.data
    assert 1.0 / (2.0 - x) + 2.0 * (x - 1.9) == pytest.approx(0.0, abs=1e-5)


def test_an_error_puts_the_parameters_back():
    ps = [Value(-1.2), Value(1.0)]
    optimiser, calls = LBFGS(ps), 0
    before = optimiser.state_dict()

    def closure():
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        optimiser.zero_grad()
        loss = rosenbrock(ps)
        loss.backward()
        return loss

    with pytest.raises(KeyboardInterrupt):
        optimiser.step(closure)
    assert [p.data for p in ps] == [-1.2, 1.0]
    assert optimiser.state_dict() == before


def test_what_is_frozen_stays():
    ps = [Value(-1.2), Value(1.0), Value(0.5)]
    optimiser = LBFGS(ps, max_iter=100)

    def closure():
        optimiser.zero_grad()
        loss = rosenbrock(ps)
        loss.backward()
        return loss

    optimiser.max_iter = 5
    optimiser.step(closure)
    ps[1].requires_grad = False
    kept = ps[1].data
    optimiser.max_iter = 100
    optimiser.step(closure)
    assert ps[1].data == kept
    assert ps[2].data == pytest.approx(kept * kept, abs=1e-6)


def test_its_state_goes_on_elsewhere():
    whole, _, _ = ours(rosenbrock, [-1.2, 1.0], 6, max_iter=3)
    first, _, optimiser = ours(rosenbrock, [-1.2, 1.0], 3, max_iter=3)
    state = optimiser.state_dict()
    ps = [Value(x) for x in first[-1]]
    other = LBFGS(ps, max_iter=3)
    other.load_state_dict(state)

    def closure():
        other.zero_grad()
        loss = rosenbrock(ps)
        loss.backward()
        return loss

    for k in range(3):
        other.step(closure)
        assert [p.data for p in ps] == whole[3 + k]


def test_what_is_refused():
    p = Value(1.0)
    optimiser = LBFGS([p])
    with pytest.raises(TypeError, match="asks for the loss more than once"):
        optimiser.step()
    with pytest.raises(TypeError, match="asks for the loss more than once"):
        optimiser.update(np.zeros(1), np.zeros(1))
    with pytest.raises(ValueError, match="line_search_fn is 'wolfe'"):
        LBFGS([p], line_search_fn="wolfe")
    with pytest.raises(ValueError, match="it can have one"):
        LBFGS([{"params": [p]}, {"params": [Value(2.0)]}])
    with pytest.raises(ValueError, match="max_iter: expected 1 or more, got 0"):
        LBFGS([p], max_iter=0)
