"""What changes while a model is trained is followed: by callbacks, or by itself."""

import random
import warnings

import numpy as np
import pytest

import nn
from autograd import Value
from nn.recording.settings import Settings
from tests.nn.recording.runs import assert_alike, assert_eager, points, run

POINTS = points()[0]
REAL = POINTS, [[x * y + 0.3] for x, y in POINTS]


def with_dropout():
    return nn.Sequential(nn.Linear(2, 6, rng=1), nn.Dropout(0.5), nn.Linear(6, 1, rng=2))


def each_epoch(function):
    function.per = "epoch"
    return function


@pytest.mark.parametrize("validation", [None, 0.25])
@pytest.mark.parametrize("change", ["eval", "share"])
def test_a_dropout_that_a_callback_changes(change, validation):
    @each_epoch
    def act(record):
        if record.epoch == 1 and change == "eval":
            record.model.eval()
        elif change == "share":
            record.model[1].p = 0.5 / (record.epoch + 2)

    assert_alike(
        with_dropout, REAL, "rows", loss=nn.mse, callbacks=act, batch_size=None if validation else 7,
        validation=validation,
    )  # fmt: skip


class Scaled(nn.Module):
    """Scores times a number."""

    def __init__(self):
        self.out, self.scale = nn.Linear(2, 1, rng=1), 1.0

    def __call__(self, x):
        return [self.scale * u for u in self.out(x)]


def test_an_attribute_that_a_callback_changes_counts_for_validation_too():
    @each_epoch
    def act(record):
        record.model.scale *= 0.5

    history = assert_alike(Scaled, REAL, "rows", loss=nn.mse, callbacks=act, validation=REAL)
    assert len(set(history.validation_losses)) == 4


@pytest.mark.parametrize("per", ["epoch", "step"])
def test_a_weight_of_the_loss_that_a_callback_changes(per):
    beta = 1.0

    def loss(scores, targets):
        return nn.mse(scores, targets) + beta * scores[0][0] * scores[-1][0]

    def act(record):
        nonlocal beta
        beta *= 0.5

    act.per = per
    results = []
    for compiled in (False, True):
        beta = 1.0
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            results.append(run(Scaled, REAL, compiled, loss=loss, callbacks=act, batch_size=8)[1])
    np.testing.assert_allclose(results[1].loss, results[0].loss, rtol=1e-12)
    assert results[1].way == ("batch" if per == "epoch" else "eager")
    assert ["changes at nearly every step: beta was" in str(w.message) for w in caught] == [True] * (per == "step")


def test_a_loss_that_counts_its_calls_is_computed_eagerly():
    class Warming:
        def __init__(self):
            self.calls = 0

        def __call__(self, scores, targets):
            self.calls += 1
            return nn.mse(scores, targets) * (1.0 if self.calls < 5 else 2.0)

    losses = []
    for compiled in (False, True):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _, history = run(Scaled, REAL, compiled, loss=Warming(), epochs=6)
        losses.append(history.loss)
    assert ["calls was" in str(w.message) for w in caught] == [True]
    assert history.way == "eager"
    assert len(losses[1]) == 6


def test_a_model_that_is_no_module_and_counts():
    class Counting:
        def __init__(self):
            self.w, self.calls = Value(0.5), 0

        def parameters(self):
            return [self.w]

        def __call__(self, x):
            self.calls += 1
            return self.w * x[0] * (1.0 if self.calls < 1000 else 2.0)

    with pytest.warns(UserWarning, match="calls was 0 and became"):
        run(Counting, (POINTS, [0.5] * 24), True, loss=nn.mse)


def test_a_function_that_counts():
    w, calls = Value(0.5), 0

    def model(x):
        nonlocal calls
        calls += 1
        return w * x[0]

    with pytest.warns(UserWarning, match="calls was"):
        nn.fit(model, (POINTS, [0.5] * 24), loss=nn.mse, optimizer=nn.SGD([w]), epochs=1, progress=False)


def test_numbers_drawn_by_the_model_itself():
    class Draws(nn.Module):
        def __init__(self):
            self.w, self.rng = Value(0.5), random.Random(1)

        def __call__(self, x):
            return self.w * x[0] * (1.0 + self.rng.random())

    class DrawsGlobally(nn.Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            return self.w * x[0] * (1.0 + random.random())

    def make():
        random.seed(4)
        return DrawsGlobally()

    ys = [0.5] * 24
    assert_eager(Draws, (POINTS, ys), "does the model change", loss=nn.mse)
    assert_eager(make, (POINTS, ys), "random numbers of its own", loss=nn.mse)


def test_what_is_equal_is_no_change():
    settings = Settings(nn.MLP(2, [3, 1]), nn.mse)
    assert Settings.difference(settings.now(), settings.now()) == ""
    assert Settings.difference([("x", float("nan"))], [("x", float("nan"))]) == ""
    assert Settings.difference([("x", 1)], []) == "its attributes became others"


class Held(nn.Module):
    """Numbers in containers, and a layer that can be another."""

    def __init__(self):
        self.layer, self.dict, self.list, self.array = nn.Linear(2, 1, rng=1), {"k": 1.0}, [1.0], np.ones(1)

    def __call__(self, x):
        return self.layer(x)[0] * self.dict["k"] * self.list[0] * self.array[0]


CHANGES = {
    "a layer": lambda model: setattr(model, "layer", nn.Linear(2, 1, rng=9)),
    "a weight": lambda model: model.layer.neurons[0].w.__setitem__(0, Value(5.0)),
    "in a dict": lambda model: model.dict.update(k=0.5),
    "in a list": lambda model: model.list.__setitem__(0, 0.5),
    "in an array": lambda model: model.array.__imul__(0.5),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_in_a_model_may_become_something_else(change):
    def act(record):
        if record.step == 1:
            CHANGES[change](record.model)

    assert_alike(Held, REAL, "rows", loss=nn.mse, callbacks=act)


def test_a_list_that_a_loss_has_captured_may_change():
    shares = [1.0]

    def made():
        shares[0] = 1.0
        return nn.MLP(2, [1], rng=1)

    def act(record):
        shares[0] *= 0.5

    def loss(scores, labels):
        return nn.mse(scores, labels) * shares[0]

    histories = []
    for compiled in (True, False):
        histories.append(nn.fit(made(), REAL, loss=loss, compiled=compiled, epochs=3, callbacks=act, progress=False))
    assert histories[0].loss == pytest.approx(histories[1].loss, rel=1e-12)
