"""Rates of convergence on a quadratic, for each optimiser what its theory says. Those of SGD are in its own file."""

import math

import numpy as np
import pytest

import nn
from autograd import Value


def walk(kind, steps, curvature=1.0, schedule=None, start=1.0, **options):
    """Places of a parameter on its way down curvature·x²/2."""
    optimiser = getattr(nn, kind)([Value(start)], **options)
    x, places = np.array([start]), []
    for k in range(steps):
        if schedule is not None:
            optimiser.lr = schedule(k)
        x = optimiser.update(x, curvature * x)
        places.append(x[0])
    return np.array(places), optimiser


ADAPTIVE = [
    ("RMSprop", {"alpha": 0.9, "eps": 0.0}),
    ("Adam", {"betas": (0.0, 0.9), "eps": 0.0}),
    ("Adam", {"betas": (0.9, 0.9), "eps": 0.0}),
    ("AdamW", {"betas": (0.9, 0.9), "eps": 0.0, "weight_decay": 0.0}),
    ("NAdam", {"betas": (0.9, 0.9), "eps": 0.0}),
    ("RAdam", {"betas": (0.9, 0.9), "eps": 0.0}),
]


@pytest.mark.parametrize("r", [0.98, 0.99])
@pytest.mark.parametrize(("kind", "options"), ADAPTIVE)
def test_a_step_is_as_long_as_the_rate_so_the_distance_falls_as_the_rate_does(kind, options, r):
    # Gradients are divided by their own size, so x stays within reach of lr; with lr·rᵏ it falls as rᵏ, and no faster.
    places, _ = walk(kind, 900, schedule=lambda k: 0.1 * r**k, lr=0.1, **options)
    sizes = np.abs(places) / (0.1 * r ** np.arange(900))
    before, after = sizes[600:750].max(), sizes[750:].max()
    assert (after / before) ** (1 / 150) == pytest.approx(1.0, abs=2e-4)  # NAdam's momentum still grows
    if (kind, options) in ADAPTIVE[:2]:  # x[k+1] = -r·x[k] = x[k] - lr·|grad|/√v, with v the mean of squares r⁻²ʲ
        ratio = math.sqrt((1.0 - 0.9 / r**2) / (1.0 - 0.9))
        assert after == pytest.approx(r * ratio / (1.0 + r), rel=1e-3)


@pytest.mark.parametrize(("kind", "options"), ADAPTIVE[:2])
@pytest.mark.parametrize("curvature", [0.1, 1.0, 50.0])
def test_with_a_fixed_rate_and_no_momentum_it_ends_between_plus_and_minus_half_of_it(kind, options, curvature):
    # x - lr·sign(x) = -x at |x| = lr/2, whatever the curvature.
    places, _ = walk(kind, 600, curvature, lr=0.1, **options)
    assert np.abs(places[-20:]) == pytest.approx(np.full(20, 0.05), rel=1e-6)
    assert (places[-20:] * places[-21:-1] < 0.0).all()


@pytest.mark.parametrize(
    ("kind", "options"),
    [*ADAPTIVE, ("Adagrad", {"eps": 0.0}), ("Adam", {"betas": (0.9, 0.9), "eps": 0.0, "amsgrad": True})],
)
def test_the_way_does_not_depend_on_the_curvature(kind, options):
    # RAdam's first steps do: it has momentum alone until its mean of squares is known.
    start = {"lr": 0.05, **options}
    ways = [walk(kind, 60, curvature, **start)[0] for curvature in (1.0, 4096.0)]
    if kind == "RAdam":
        assert ways[0] != pytest.approx(ways[1], rel=1e-3)
    else:
        assert ways[0] == pytest.approx(ways[1], rel=1e-9, abs=1e-12)


def test_adadelta_needs_no_unit():
    # A step has the parameter's unit: scale both x and what keeps the first steps going, and the way is scaled too.
    small, _ = walk("Adadelta", 300, eps=1e-10)
    large, _ = walk("Adadelta", 300, eps=1e-10 * 64.0**2, start=64.0)
    assert large == pytest.approx(64.0 * small, rel=1e-9)
    assert abs(small[-1]) < abs(small[0])


@pytest.mark.parametrize("lr", [0.1, 0.5])
def test_adagrad_converges_linearly_at_the_rate_that_its_sum_ends_with(lr):
    # Σ grad² stays finite where x falls geometrically, so in the end it is gradient descent with lr/√s.
    places, optimiser = walk("Adagrad", 400, lr=lr, eps=0.0)
    end = optimiser.state_dict()["state"][0]["sum"][0]
    ratios = places[101:150] / places[100:149]
    assert ratios == pytest.approx(np.full(49, 1.0 - lr / math.sqrt(end)), rel=1e-3)


def test_on_a_constant_slope_steps_are_what_the_formulas_say():
    def moves(kind, **options):
        optimiser = getattr(nn, kind)([Value(0.0)], lr=1.0, **options)
        x, found = np.zeros(1), []
        for _ in range(10):
            moved = optimiser.update(x, np.full(1, 3.0))
            found.append((x - moved)[0])
            x = moved
        return found

    assert moves("Adam", eps=0.0) == pytest.approx([1.0] * 10)
    assert moves("Adagrad", eps=0.0) == pytest.approx([1.0 / math.sqrt(k) for k in range(1, 11)])
    assert moves("RMSprop", eps=0.0, alpha=0.9) == pytest.approx([(1 - 0.9**k) ** -0.5 for k in range(1, 11)])
    assert moves("SGD", momentum=0.5) == pytest.approx([3.0 * (2.0 - 0.5**k) for k in range(10)])
    assert moves("RAdam")[:5] == pytest.approx([3.0] * 5)


@pytest.mark.parametrize("curvature", [0.5, 4.0, 9.0])
def test_nesterovs_rate_is_the_larger_root_of_its_polynomial(curvature):
    # x[k+1] = (1 + m)(1 - lr·c)·x[k] - m(1 - lr·c)·x[k-1]: complex roots of modulus √(m(1 - lr·c)).
    m, lr = 0.9, 0.1
    roots = np.abs(np.roots([1.0, -(1 + m) * (1 - lr * curvature), m * (1 - lr * curvature)]))
    places, _ = walk("SGD", 200, curvature, lr=lr, momentum=m, nesterov=True)
    size = np.hypot(places[1:], places[:-1])
    assert (size[150] / size[50]) ** 0.01 == pytest.approx(roots.max(), rel=0.02)


@pytest.mark.parametrize("decoupled", [False, True])
def test_weight_decay_adds_to_the_curvature(decoupled):
    places, _ = walk("SGD", 50, 2.0, lr=0.1, weight_decay=0.5, decoupled_weight_decay=decoupled)
    assert places[1:] / places[:-1] == pytest.approx(np.full(49, 1.0 - 0.1 * (2.0 + 0.5)))


def test_decoupled_decay_shrinks_by_itself_and_the_other_is_divided_like_a_gradient():
    still, _ = walk("AdamW", 20, 0.0, lr=0.1, weight_decay=0.5)
    assert still == pytest.approx(0.95 ** np.arange(1, 21))
    coupled, _ = walk("Adam", 20, 0.0, lr=0.1, weight_decay=0.5)
    assert coupled[0] == pytest.approx(0.9)
