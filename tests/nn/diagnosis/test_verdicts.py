"""Verdicts: networks that ail get theirs, healthy ones none, before and after some training."""

import copy
import math
import random

import pytest

import nn
from nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    BatchNorm,
    Dropout,
    LayerNorm,
    Linear,
    RMSprop,
    Sequential,
    diagnose,
    init,
    measure,
)
from nn.diagnosis import verdicts
from nn.diagnosis.verdicts import verdicts_of

pytestmark = pytest.mark.any_build

MOONS = nn.make_moons(64, rng=1)
LAYER = {
    "name": "a", "kind": "Layer", "activation": "relu", "units": 4, "rows": 32, "mean": 0.5, "std": 1.0, "rms": 1.0,
    "low": 0.0, "high": 1.0, "varies": 0.5, "differs": 0.5, "finite": True, "dead": 0.0, "out_of_reach": 0.0,
    "saturated": None, "gradient": 0.1, "gradient_low": 0.0, "gradient_high": 0.2, "gradient_norm": 0.5,
    "parameters": 12, "weight": 0.5, "update": None, "ratio": None,
}  # fmt: skip


def made(model, function=nn.kaiming_uniform):
    function(model, rng=3)
    return model


def kinds(model, batch=MOONS, loss=nn.hinge, optimizer=None):
    return [verdict.kind for verdict in diagnose(model, batch, loss, optimizer).verdicts]


def scaled(model, factor):
    for p in model.parameters():
        p.data *= factor
    return model


# --- what ails -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [None, init.xavier_uniform, nn.kaiming_uniform])
@pytest.mark.parametrize("loss", [nn.mse, None])
def test_a_stack_of_sigmoids_vanishes(function, loss):
    model = MLP(2, [16] * 7 + [1], "sigmoid", rng=3)
    if function:
        made(model, function)
    found = diagnose(model, MOONS, loss)
    assert "vanishing" in [verdict.kind for verdict in found.verdicts]
    assert (found.verdicts[0].layer, found.healthy) == ("layers.0", False)
    assert "relu" in found.verdicts[0].remedy


def test_what_would_hide_it():
    """The gradients of parameters look healthy in the same stack, which is why they are not what is measured."""
    model = made(MLP(2, [8] * 7 + [1], "sigmoid", rng=3), init.xavier_uniform)
    nn.hinge([model(p) for p in MOONS[0]], MOONS[1]).backward()
    first, last = (math.hypot(*[p.grad for p in model.layers[k].parameters()]) for k in (0, -1))
    layers = measure(model, MOONS, nn.hinge)["layers"]
    ratio = layers[0]["gradient_norm"] / layers[-1]["gradient_norm"]
    assert ratio < 1e-3
    assert first / last != pytest.approx(ratio, rel=0.5)


def test_dead_rectifiers():
    model = made(MLP(2, [16, 16, 1], rng=3))
    for neuron in model.layers[0].neurons:
        neuron.b.data = -20.0
    found = diagnose(model, MOONS, nn.hinge)
    assert [(v.kind, v.layer) for v in found.verdicts] == [("dead", "layers.0")]
    assert "100%" in found.verdicts[0].says
    assert "leaky_relu" in found.verdicts[0].remedy


@pytest.mark.parametrize("place", [0, 1])
def test_a_third_of_a_layer_is_dead(place):
    model = made(MLP(2, [16, 16, 1], rng=3))
    for neuron in model.layers[place].neurons:
        neuron.b.data = 5.0
    assert kinds(model, loss=None) == []
    for count in (4, 5, 8):
        for neuron in model.layers[place].neurons[:count]:
            neuron.b.data = -50.0
        found = diagnose(model, MOONS, None)
        said = [(v.layer, f"{count / 16:.0%} of its rectifiers" in v.says) for v in found.verdicts if v.kind == "dead"]
        assert said == ([(f"layers.{place}", True)] if count > 4 else [])


def test_how_far_dead_ones_are_counts_below_so_many():
    for dead, far, told in ((0.55, 0.25, False), (0.55, 0.3, True), (0.61, 0.0, True), (0.61, None, True)):
        assert bool(verdicts.dead(plain({"dead": dead, "out_of_reach": far}, {}))) == told


RUNS = {
    "hinge, SGD": (lambda: MLP(2, [16, 16, 1], rng=3), MOONS, nn.hinge, SGD, 0.5),
    "hinge, Adam": (lambda: MLP(2, [16, 16, 1], rng=3), MOONS, nn.hinge, Adam, 0.01),
    "mse, sigmoid": (
        lambda: MLP(2, [16, 1], ["tanh", "sigmoid"], rng=3),
        (MOONS[0], [(y + 1) // 2 for y in MOONS[1]]), nn.mse, SGD, 0.5,
    ),
    "cross-entropy, RMSprop": (
        lambda: MLP(2, [16, 16, 3], rng=3), nn.make_spirals(64, rng=1), nn.cross_entropy, RMSprop, 0.003,
    ),
    "cross-entropy, AdamW": (
        lambda: MLP(2, [16, 16, 3], "gelu", rng=3), nn.make_spirals(64, rng=1), nn.cross_entropy, AdamW, 0.01,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_rates_too_large_and_too_small(name):
    make, batch, loss, optimizer, lr = RUNS[name]
    model = made(make())
    sane = [v for v in diagnose(model, batch, loss, optimizer(model.parameters(), lr=lr)).verdicts if v.kind == "rate"]
    assert sane == []
    (large,) = diagnose(model, batch, loss, optimizer(model.parameters(), lr=100 * lr)).verdicts
    assert large.kind == "rate"
    assert f"{100 * lr:g} is too large" in large.says
    (small,) = diagnose(model, batch, loss, optimizer(model.parameters(), lr=1e-5 * lr)).verdicts
    assert "too small" in small.says


def test_starts_of_the_wrong_scale():
    relu = made(MLP(2, [16, 16, 1], rng=3))
    tanh = made(MLP(2, [16, 16, 16, 1], "tanh", rng=3), init.xavier_uniform)
    assert "scale" in kinds(scaled(copy.deepcopy(relu), 10.0))
    assert "scale" in kinds(scaled(copy.deepcopy(relu), 0.05))
    assert "scale" in kinds(scaled(copy.deepcopy(tanh), 0.03))
    assert "saturated" in kinds(scaled(copy.deepcopy(tanh), 30.0))
    assert "exploding" in kinds(scaled(made(MLP(2, [16] * 12 + [1], rng=3)), 2.0))
    assert kinds(scaled(copy.deepcopy(relu), 0.0)) == ["scale"]
    init.constant(relu, 0.3)
    assert kinds(relu) == ["scale"]
    points = [[1000.0 * x for x in p] for p in MOONS[0]]
    assert kinds(made(MLP(2, [16, 1], rng=3)), (points, MOONS[1])) == ["scale"]


def test_what_is_not_finite():
    model = made(MLP(2, [4, 4, 1], rng=3))
    model.layers[1].neurons[0].w[0].data = math.inf
    found = diagnose(model, MOONS, nn.hinge, SGD(model.parameters(), lr=0.1))
    assert (found.verdicts[0].kind, found.verdicts[0].layer) == ("exploding", "layers.1")
    model.layers[1].neurons[0].w[0].data = math.nan
    assert kinds(model)[0] == "exploding"
    assert "nan" in str(diagnose(model, MOONS, nn.hinge).measured["loss"])


# --- what does not ---------------------------------------------------------------------------------------------------


def digits():
    pytest.importorskip("sklearn")
    data = nn.load_digits()
    return [list(x) for x in data.train_x[:160]], list(data.train_y[:160])


def sine():
    source = random.Random(1)
    points = [[source.uniform(-3, 3)] for _ in range(96)]
    return points, [math.sin(x) for (x,) in points]


def wine():
    pytest.importorskip("sklearn")
    data = nn.load_wine()
    return [list(map(float, x)) for x in data.train_x], list(data.train_y)


def zeros_and_ones():
    points, labels = nn.make_circles(100, rng=1)
    return points, [max(0, y) for y in labels]


HEALTHY = {
    "micrograd's demo": (lambda: MLP(2, [16, 16, 1], rng=1), lambda: nn.make_moons(100, rng=1), nn.hinge, SGD, 1.0),
    "relu": (lambda: made(MLP(2, [16, 16, 1], rng=1)), lambda: MOONS, nn.hinge, SGD, 0.5),
    "relu, eight layers": (lambda: made(MLP(2, [16] * 8 + [1], rng=1)), lambda: MOONS, nn.hinge, Adam, 0.003),
    "tanh": (
        lambda: made(MLP(2, [8, 8, 8, 1], "tanh", rng=1), init.xavier_normal),
        lambda: nn.make_xor(100, rng=1), nn.hinge, Adam, 0.03,
    ),
    "sigmoid": (
        lambda: made(MLP(2, [12, 1], "sigmoid", rng=1), init.xavier_uniform),
        zeros_and_ones, nn.binary_cross_entropy_with_logits, SGD, 1.0,
    ),
    "gelu": (
        lambda: made(MLP(2, [16, 16, 3], "gelu", rng=1)), lambda: nn.make_spirals(120, rng=1), nn.cross_entropy,
        AdamW, 0.01,
    ),
    "selu": (
        lambda: made(MLP(2, [20, 20, 20, 3], "selu", rng=1), init.lecun_normal),
        lambda: nn.make_blobs(120, rng=1), nn.cross_entropy, RMSprop, 0.003,
    ),
    "sine": (lambda: made(MLP(1, [24, 24, 1], "tanh", rng=1), init.xavier_uniform), sine, nn.mse, Adam, 0.01),
    "digits": (
        lambda: made(MLP(64, [32, 10], rng=1)), digits, nn.cross_entropy,
        lambda p, lr: SGD(p, lr=lr, momentum=0.9), 0.1,
    ),
    "wine": (lambda: made(MLP(13, [16, 3], "silu", rng=1)), wine, nn.cross_entropy, Adam, 0.01),
    "batch norm and dropout": (
        lambda: Sequential(Linear(64, 16, rng=1), BatchNorm(16), "relu", Dropout(0.2), Linear(16, 10, rng=2)),
        digits, nn.cross_entropy, Adam, 0.01,
    ),
    "PyTorch's start": (
        lambda: Sequential(Linear(2, 16, rng=1), "relu", Linear(16, 16, rng=2), "relu", Linear(16, 3, rng=3)),
        lambda: nn.make_spirals(120, rng=1), nn.cross_entropy, Adam, 0.01,
    ),
    "narrow": (lambda: made(MLP(2, [8, 8, 1], rng=1)), lambda: nn.make_circles(100, rng=1), nn.hinge, Adam, 0.01),
    "wide": (lambda: made(MLP(2, [64, 3], rng=1)), lambda: nn.make_blobs(120, rng=1), nn.cross_entropy, SGD, 0.1),
    "relu6": (lambda: made(MLP(2, [16, 16, 1], "relu6", rng=1)), lambda: nn.make_xor(100, rng=1), nn.hinge, Adam, 0.01),
    "layer norm": (
        lambda: Sequential(Linear(2, 12, rng=1), LayerNorm(12), "relu", Linear(12, 12, rng=2), "tanh",
                           Linear(12, 1, rng=3)),
        lambda: nn.make_circles(120, rng=1), lambda scores, ys: nn.hinge([s[0] for s in scores], ys), Adam, 0.01,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_networks_have_no_verdict(name):
    make, data, loss, optimizer, lr = HEALTHY[name]
    model = make()
    points, labels = data()
    mover = optimizer(model.parameters(), lr=lr)
    source = random.Random(1)
    look = (list(points[:48]), list(labels[:48]))
    whole = any(isinstance(m, BatchNorm) for m in model.modules())
    losses = []
    for steps in (0, 4, 16):
        for _ in range(steps):
            picked = source.sample(range(len(points)), 24)
            xs = [list(points[i]) for i in picked]
            objective = loss(model(xs) if whole else [model(x) for x in xs], [labels[i] for i in picked])
            mover.zero_grad()
            objective.backward()
            mover.step()
        found = diagnose(model, look, loss, mover)
        assert found.healthy, f"after {steps} more steps: {found}"
        losses.append(found.measured["loss"])
    assert losses[-1] < losses[0]  # it does train
    assert diagnose(model, look).healthy


def test_a_last_layer_of_zeros_is_a_start_that_some_advise():
    model = made(MLP(2, [16, 16, 1], rng=3))
    scaled(model.layers[-1], 0.0)
    assert kinds(model, optimizer=SGD(model.parameters(), lr=0.1)) == []


def test_a_loss_of_nothing_is_no_trouble():
    model = made(MLP(2, [8, 1], rng=3))
    assert kinds(model, loss=lambda scores, ys: nn.mse(scores, [s.data for s in scores])) == []


def test_few_samples_say_nothing_of_death():
    model = MLP(2, [16, 16, 1], rng=3)
    for sample in MOONS[0][:8]:
        assert "dead" not in kinds(model, [sample], None)


# --- as functions of plain data --------------------------------------------------------------------------------------


def plain(*layers, **others):
    found = [{**LAYER, "name": f"layers.{i}", **layer} for i, layer in enumerate(layers)]
    return {"loss": 1.0, "chance": 1.0, "samples": 32, "inputs": 1.0, "layers": found, "step": None, **others}


@pytest.mark.parametrize(
    ("function", "measured", "layer"),
    [
        (verdicts.vanishing, plain({"gradient_norm": 0.004}, {}), "layers.0"),
        (verdicts.vanishing, plain({"gradient_norm": 0.0}, {}), "layers.0"),
        (verdicts.exploding, plain({}, {"gradient_norm": 60.0}, {}), "layers.1"),
        (verdicts.exploding, plain({}, {"finite": False}, {"finite": False}), "layers.1"),
        (verdicts.exploding, plain({"gradient_norm": math.inf}, {"gradient_norm": math.nan}, {}), "layers.1"),
        (verdicts.exploding, plain({}, {}, loss=math.inf), ""),
        (verdicts.dead, plain({"dead": 0.7}, {}), "layers.0"),
        (verdicts.saturated, plain({"saturated": 0.8}, {}), "layers.0"),
        (verdicts.scale, plain({"weight": 0.0}, {}), "layers.0"),
        (verdicts.scale, plain({"rms": 31.0}, {}), "layers.0"),
        (verdicts.scale, plain({}, {"rms": 0.03}, {}), "layers.1"),
        (verdicts.scale, plain({}, {}, loss=11.0), "layers.1"),
        (verdicts.scale, plain({}, {}, inputs=21.0), ""),
    ],
)
def test_each_verdict_of_plain_data(function, measured, layer):
    (verdict,) = function(measured)
    assert verdict.layer == layer
    assert verdict.kind == function.__name__
    assert str(verdict).startswith(f"{verdict.kind}: ")
    assert function(plain({}, {}, {})) == []
    assert verdict in verdicts_of(measured)


@pytest.mark.parametrize(
    ("losses", "ratio", "slope", "said"),
    [
        ((0.99, 0.9, 1e6), 0.01, -0.1, None),
        ((0.99, 2.0, 1e6), 0.2, -0.1, None),
        ((0.9, 1.2, 1e6), 0.8, -0.1, "too large"),
        ((0.9, 4.0, 1e6), 0.2, -0.1, "too large"),
        ((0.9, 0.5, 1e6), 2.5, -0.1, "too large"),
        ((1.2, 2.0, 1e6), 0.2, -0.1, "too large"),
        ((0.9, math.nan, math.inf), 0.2, -0.1, "too large"),
        ((1.0, 1.0, 0.9), 1e-6, -1e-4, "too small"),
        ((1.0, 1.0, 0.96), 1e-6, -1e-4, None),
        ((1.0, 1.0, 1.0), 0.0, 0.0, None),
        ((1.0, 1.0, 1.0), None, math.nan, None),
    ],
)
def test_the_verdict_on_a_rate(losses, ratio, slope, said):
    pairs = [list(pair) for pair in zip((0.1, 1.0, 1000.0), losses, strict=True)]
    step = {"lr": 0.5, "slope": slope, "ratio": ratio, "losses": pairs}
    found = verdicts.rate(plain({}, {}, step=step))
    assert [said in verdict.says for verdict in found] == ([True] if said else [])


def test_nothing_is_said_of_nothing():
    assert verdicts_of(plain()) == []
    assert (
        verdicts_of(plain({"gradient_norm": None, "rms": None, "weight": None, "units": None, "differs": None})) == []
    )
