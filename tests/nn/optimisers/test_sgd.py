"""SGD: step for step against torch, its rate of convergence, and what it refuses."""

import math
import random
import signal

import pytest

import autograd
from autograd import Value, values_to_vector, vector_to_values
from nn import MLP, SGD


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_step_for_step_as_torch(momentum):
    torch = pytest.importorskip("torch")
    start = [1.5, -2.0, 0.3]
    ours = [Value(x) for x in start]
    theirs = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    a, b = SGD(ours, lr=0.05, momentum=momentum), torch.optim.SGD([theirs], lr=0.05, momentum=momentum)
    for k in range(60):
        a.lr = b.param_groups[0]["lr"] = 0.05 / (1 + 0.1 * k)  # a change of rate shows which of two conventions it is
        x, y, z = ours
        a.zero_grad()
        ((x * y - 1.0) ** 2 + (y + z).tanh() + z * z).backward()
        a.step()
        x, y, z = theirs
        b.zero_grad()
        ((x * y - 1.0) ** 2 + (y + z).tanh() + z * z).backward()
        b.step()
        assert [p.data for p in ours] == pytest.approx(theirs.tolist(), rel=1e-11, abs=1e-13), k


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_bits_are_those_of_python_numbers(momentum):
    rng = random.Random(1)
    numbers = [rng.uniform(-1, 1) for _ in range(50)] + [0.0, -0.0, 1e308, 5e-324, 1e-300]
    ps, velocities = [Value(x) for x in numbers], [0.0] * len(numbers)
    sgd = SGD(ps, lr=0.1, momentum=momentum)
    for k in range(4):
        slopes = [rng.choice([rng.gauss(0, 1), 1e308, -1e308, math.inf, math.nan, -0.0]) for _ in ps]
        sgd.lr = 0.1 / (k + 1)
        velocities = [momentum * v + g if momentum else g for v, g in zip(velocities, slopes, strict=True)]
        numbers = [x - sgd.lr * v for x, v in zip(numbers, velocities, strict=True)]
        for p, g in zip(ps, slopes, strict=True):
            p.grad = g
        sgd.step()
        assert [p.data.hex() for p in ps] == [x.hex() for x in numbers]
        assert all(type(p.data) is float for p in ps)


def test_two_steps_by_hand():
    p = Value(1.0)
    sgd = SGD([p], lr=0.5, momentum=0.5)
    p.grad = 1.0
    sgd.step()
    assert p.data == 0.5
    sgd.step()  # v = 0.5 * 1 + 1
    assert p.data == -0.25
    sgd.zero_grad()
    assert p.grad == 0.0
    sgd.step()  # v = 0.5 * 1.5: it rolls on
    assert p.data == -0.625


def distance_ratio(curvatures, lr, momentum, steps):
    """The factor per step by which the distance to the minimum of Σ c x²/2 falls, over the last half of the steps."""
    ps = [Value(1.0) for _ in curvatures]
    sgd = SGD(ps, lr, momentum)
    distances = []
    for _ in range(steps):
        sgd.zero_grad()
        (autograd.sum([c * p * p for c, p in zip(curvatures, ps, strict=True)]) / 2.0).backward()
        sgd.step()
        distances.append(math.hypot(*[p.data for p in ps]))
    half = steps // 2
    return (distances[-1] / distances[half - 1]) ** (1.0 / (steps - half))


def test_rate_of_convergence_on_a_quadratic():
    # Without momentum each coordinate shrinks by |1 - lr*c| a step; the slowest decides.
    assert distance_ratio([1.0, 10.0], lr=0.1, momentum=0.0, steps=200) == pytest.approx(0.9, rel=1e-9)
    assert distance_ratio([1.0, 10.0], lr=2 / 11, momentum=0.0, steps=200) == pytest.approx(9 / 11, rel=1e-9)


def test_momentum_converges_at_its_own_rate():
    # z² - (1 + m - lr*c) z + m = 0 has complex roots of modulus √m for every curvature between: Polyak's rate.
    m = ((math.sqrt(100) - 1) / (math.sqrt(100) + 1)) ** 2
    lr = (2 / (math.sqrt(100) + 1)) ** 2
    rate = distance_ratio([1.5, 50.0, 99.0], lr=lr, momentum=m, steps=200)
    assert rate == pytest.approx(math.sqrt(m), rel=0.02)
    assert rate < distance_ratio([1.5, 50.0, 99.0], lr=2 / 100.5, momentum=0.0, steps=200)


def test_a_step_that_cannot_be_computed_moves_nothing():
    a, b = Value(1.0), Value(2.0)
    a.grad = 1.0
    sgd = SGD([a, b], lr=0.1, momentum=0.9)
    sgd.parameters[1] = None
    with pytest.raises(TypeError, match="expected a Value, got None"):
        sgd.step()
    assert (a.data, b.data) == (1.0, 2.0)


@pytest.mark.parametrize("left", [1, 2])
def test_with_momentum_the_parameters_stay_as_many(left):
    ps = [Value(1.0), Value(2.0), Value(3.0)]
    sgd = SGD(iter(ps), lr=0.1, momentum=0.9)
    for p in ps:
        p.grad = 1.0
    sgd.step()
    before = [p.data for p in ps]
    sgd.parameters[left:] = []
    with pytest.raises(ValueError, match="shape"):
        sgd.step()
    assert [p.data for p in ps] == before


def test_without_momentum_they_may_be_replaced():
    p, q, r = Value(1.0), Value(2.0), Value(3.0)
    sgd = SGD([p], lr=0.5)
    sgd.parameters = (q, r)
    q.grad = r.grad = p.grad = 1.0
    sgd.step()
    assert [x.data for x in (p, q, r)] == [1.0, 1.5, 2.5]
    sgd.zero_grad()
    assert [x.grad for x in (p, q, r)] == [1.0, 0.0, 0.0]


@pytest.mark.skipif(not autograd.native or not hasattr(signal, "setitimer"), reason="of the compiled build; POSIX")
@pytest.mark.usefixtures("no_collector_callbacks")
def test_an_interrupt_leaves_all_parameters_moved_or_none():
    n = 50_000
    ps = [Value(0.0) for _ in range(n)]
    sgd = SGD(ps, lr=1.0, momentum=0.5)
    vector_to_values(-1.0, ps, "grad")
    rung = 0

    def ring(*_):
        raise InterruptedError

    previous = signal.signal(signal.SIGALRM, ring)
    try:
        for k in range(40):
            try:
                signal.setitimer(signal.ITIMER_REAL, 1e-6 + 2e-5 * k)
                while True:
                    sgd.step()
            except InterruptedError:
                rung += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert len(set(values_to_vector(ps).tolist())) == 1
            assert len(set(sgd.state_dict()["state"][0].get("momentum_buffer", [0.0]))) == 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert rung == 40


@pytest.mark.parametrize(
    ("lr", "error", "message"),
    [
        (-0.1, ValueError, r"lr is -0\.1; a learning rate is positive or 0"),
        (math.nan, ValueError, "lr: expected a finite number, got nan"),
        (math.inf, ValueError, "lr: expected a finite number, got inf"),
        ("0.1", TypeError, "lr: expected a real number, got str '0.1'"),
        (None, TypeError, "lr: expected a real number, got NoneType"),
    ],
)
def test_learning_rates_that_are_refused(lr, error, message):
    with pytest.raises(error, match=message):
        SGD([Value(1.0)], lr)
    sgd = SGD([Value(1.0)], 0.1)
    with pytest.raises(error, match=message):
        sgd.lr = lr


def test_a_refused_rate_leaves_the_old_one():
    sgd = SGD([Value(1.0)], 0.1, 0.5)
    for name in ("lr", "momentum"):
        with pytest.raises(ValueError, match="-1"):
            setattr(sgd, name, -1.0)
    assert (sgd.lr, sgd.momentum) == (0.1, 0.5)


@pytest.mark.parametrize("momentum", [-0.1, 1.0, 1.5])
def test_momenta_that_are_refused(momentum):
    with pytest.raises(ValueError, match=f"momentum is {momentum}; it is at least 0 and below 1"):
        SGD([Value(1.0)], 0.1, momentum)
    with pytest.raises(ValueError, match="momentum: expected a finite number, got nan"):
        SGD([Value(1.0)], 0.1, math.nan)


def test_parameters_that_are_refused():
    p = Value(1.0)
    for parameters, error, message in [
        ([], ValueError, "no parameters"),
        ([p, Value(2.0), p], ValueError, r"parameter 2, .* is listed twice"),
        ([p.detach()], ValueError, "parameter 0, .* is a constant"),
        ([p * p], ValueError, "parameter 0, .* is computed from other Values"),
        ([1.0], TypeError, "parameter 0 is a float; expected a Value"),
        (p, TypeError, "got a Value: put it in a list"),
        (MLP(1, [1]), TypeError, r"got a MLP: pass its \.parameters\(\)"),
    ]:
        with pytest.raises(error, match=message):
            SGD(parameters, 0.1)


def test_an_iterator_of_parameters_and_the_repr():
    assert repr(SGD(iter([Value(1.0), Value(2.0)]), 0.1)) == "SGD(2 parameters, lr=0.1, momentum=0.0)"
