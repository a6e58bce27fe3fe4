"""Numbers that are not finite: one warning says where from, and the last good weights are kept."""

import math
import warnings

import numpy as np
import pytest

import nn
from autograd import Value
from nn.training.blame import blamed_gradient, blamed_loss, named_parameter

POINTS, SIGNS = nn.make_moons(20, rng=3)
BOTH = pytest.mark.parametrize("compiled", [False, True])


def stopped(model, data, **options):
    """The history of a run that ends early, and its only warning."""
    with pytest.warns(UserWarning, match="stopped") as caught:
        history = nn.fit(model, data, progress=False, **{"seed": 1, **options})
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert history.stopped in str(caught[0].message)
    assert "\n" not in history.stopped
    assert all(math.isfinite(p.data) for p in model.parameters())
    return history


@BOTH
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_sample_that_is_not_finite(compiled, bad):
    points = [list(p) for p in POINTS]
    points[7][1] = bad
    for data in ((points, SIGNS), (np.array(points), SIGNS)):
        for options in ({}, {"batch_size": 4}, {"validation": (POINTS, SIGNS)}):
            model = nn.MLP(2, [3, 1], rng=1)
            before = model.state_dict()
            history = stopped(model, data, compiled=compiled, **options)
            assert history.stopped.startswith("sample 7, number 1 is nan or infinite")
            assert (history.epochs, model.state_dict()) == (0, before)


@BOTH
def test_a_label_that_is_not_finite(compiled):
    ys = [x for x, _ in POINTS]
    ys[5] = math.inf
    assert stopped(nn.MLP(2, [1], rng=1), (POINTS, ys), compiled=compiled).stopped.startswith("label 5 is nan")
    ys[5] = math.nan
    assert stopped(nn.MLP(2, [1], rng=1), (POINTS, ys), compiled=compiled).stopped.startswith("label 5 is nan")


def test_samples_keep_their_numbers_where_a_share_is_held_out():
    found = set()
    for seed in range(8):
        points = [list(p) for p in POINTS]
        points[7][0] = math.nan
        history = stopped(nn.MLP(2, [1], rng=1), (points, SIGNS), validation=0.4, seed=seed)
        found.add(history.stopped.partition(" is")[0].partition(" holds")[0])
    assert found == {"sample 7, number 0", "validation sample 7"}


def test_a_batch_that_is_not_finite_is_named_when_its_turn_comes():
    batches = [(POINTS[:5], SIGNS[:5]), (POINTS[5:10], SIGNS[5:10]), ([(0.0, math.nan)], [1])]
    model = nn.MLP(2, [3, 1], rng=1)
    history = stopped(model, batches, loss=nn.hinge)
    assert history.stopped.startswith("batch 2: sample 0, number 1 is nan")
    twin = nn.MLP(2, [3, 1], rng=1)
    assert nn.fit(twin, batches[:2], loss=nn.hinge, epochs=1, progress=False).steps == history.steps == 2
    np.testing.assert_allclose(list(model.state_dict().values()), list(twin.state_dict().values()), rtol=1e-12)


class Logarithm(nn.Module):
    """log of a layer's output."""

    def __init__(self):
        self.layer = nn.Linear(1, 1, rng=1)
        self.layer.neurons[0].w[0].data, self.layer.neurons[0].b.data = 1.0, 0.0

    def __call__(self, x):
        return self.layer(x)[0].log()


@BOTH
@pytest.mark.parametrize("size", [None, 2])
def test_sample_layer_and_operation_are_named(compiled, size):
    history = stopped(Logarithm(), ([[1.0], [2.0], [0.0], [3.0]], [0.5] * 4), loss=nn.mse, compiled=compiled,
                      batch_size=size, optimizer=lambda p: nn.SGD(p, lr=0.0))  # fmt: skip
    assert "log of 0 gave -inf in layer layer in sample 2" in history.stopped
    assert "the loss is" in history.stopped
    assert "epoch 1" in history.stopped


@BOTH
def test_a_hand_written_cross_entropy_at_a_probability_of_1(compiled):
    def loss(scores, labels):
        total = Value(0.0)
        for p, y in zip(scores, labels, strict=True):
            total = total - (p.log() if y == 1 else (1.0 - p).log())
        return total / len(labels)

    model = nn.Sequential(nn.Linear(1, 1, rng=1), "sigmoid")
    model[0].neurons[0].w[0].data = 50.0
    history = stopped(
        lambda_model(model), ([[1.0], [2.0], [-1.0]], [0, 1, 0]), loss=loss, compiled=compiled,
        optimizer=nn.SGD(model.parameters(), lr=0.1),
    )  # fmt: skip
    assert "log of 0 gave -inf" in history.stopped
    assert "in the loss" in history.stopped
    assert "logits" in history.stopped


def lambda_model(model):
    class One(nn.Module):
        def __init__(self):
            self.body = model

        def __call__(self, x):
            return self.body(x)[0]

    return One()


@BOTH
def test_a_rate_that_is_too_large_keeps_the_last_good_weights(compiled):
    weights = []

    def keep(record):
        weights.append([p.data for p in record.model.parameters()])

    model = nn.MLP(2, [6, 1], "relu", rng=1)
    history = stopped(
        model, (POINTS, [x * y for x, y in POINTS]), loss=nn.mse, optimizer=nn.SGD(model.parameters(), lr=1e6),
        epochs=30, compiled=compiled, callbacks=keep,
    )  # fmt: skip
    assert history.epochs < 30
    assert all(math.isfinite(x) for x in history.loss)
    assert "learning rate below 1e+06" in history.stopped
    assert [p.data for p in model.parameters()] in weights
    score = nn.mse([model(x) for x in POINTS], [x * y for x, y in POINTS]).data
    assert math.isfinite(score)


@BOTH
def test_the_last_update_of_all_is_looked_at_too(compiled):
    model = nn.MLP(2, [1], rng=1)
    before = model.state_dict()
    optimizer = nn.SGD(model.parameters(), lr=1.7e308)
    history = stopped(
        model, ([[1e3, 1e3]], [1.5]), loss=nn.mse, epochs=1, compiled=compiled, optimizer=optimizer
    )  # fmt: skip
    assert "the update made parameter layers.0.neurons.0" in history.stopped
    assert model.state_dict() == before


@BOTH
def test_running_numbers_are_put_back_too(compiled):
    model = nn.Sequential(nn.Linear(1, 2, rng=1), nn.BatchNorm(2), nn.Linear(2, 1, rng=2))
    buffers = []

    def keep(record):
        buffers.append([b.data for b in record.model.buffers()])
        if record.step == 2:
            record.model[0].neurons[0].w[0].data = math.inf

    stopped(model, ([[1.0], [2.0], [3.0]], [[1.0], [2.0], [0.0]]), loss=nn.mse, compiled=compiled, callbacks=keep)
    assert all(math.isfinite(b.data) for b in model.buffers())
    assert [b.data for b in model.buffers()] in buffers


@BOTH
def test_a_gradient_that_is_not_finite_names_its_parameter(compiled):
    class Root(nn.Module):
        def __init__(self):
            self.w = Value(0.0)

        def __call__(self, x):
            return (self.w * x) ** 0.5

    history = stopped(Root(), ([1.0], [1.0]), loss=nn.mse, compiled=compiled)
    assert "the gradient is not finite: that of parameter w is" in history.stopped


def test_a_long_gradient_whose_square_overflows_is_finite():
    w = Value(1.0)

    class Line(nn.Module):
        def __init__(self):
            self.w = w

        def __call__(self, x):
            return self.w * x

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = nn.fit(
            Line(), ([1.0, 2.0], [0.0, 0.0]), loss=lambda s, y: s[0] * 1e200 + s[1], epochs=2, progress=False,
            optimizer=nn.SGD([w], lr=1e-200), compiled=False,
        )  # fmt: skip
    assert history.epochs == 2
    assert not history.stopped


def test_words_for_where():
    x = Value(0.0)
    assert blamed_loss(None, [[x.log()], [Value(1.0)]], x.log(), [3, 4]) == ": log of 0 gave -inf in sample 3"
    assert blamed_loss(None, [Value(1.0)], Value(1.0), [3]) == ""
    big = Value(1e300)
    assert blamed_loss(None, [Value(1.0)], big * big, ["3"]) == ": a product of 1e+300, 1e+300 gave inf in the loss"
    model = nn.MLP(1, [1], rng=1)
    model.layers[0].neurons[0].w[0].data = math.nan
    assert "parameter layers.0.neurons.0.w.0 is nan" in blamed_loss(model, [model([1.0])], model([1.0]), [0])
    assert named_parameter(model, model.parameters(), 0) == "parameter layers.0.neurons.0.w.0"
    assert blamed_gradient(model, model.parameters(), [1e200, 1.0]) == "its length is infinite"
