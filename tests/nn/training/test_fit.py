"""`fit`: what it takes, what it gives, and that it is the four lines of training with everything around them."""

import csv
import math
import random
import warnings

import numpy as np
import pytest

import nn
from autograd import Value

POINTS, SIGNS = nn.make_moons(30, rng=3)
BITS = [(y + 1) // 2 for y in SIGNS]
REAL = [x * y for x, y in POINTS]
BOTH = pytest.mark.parametrize("compiled", [False, True])


def mlp(outputs=1):
    return nn.MLP(2, [5, outputs], "tanh", rng=1)


def fit(model, data, **options):
    return nn.fit(model, data, **{"progress": False, "seed": 2, "epochs": 3, **options})


def by_hand(model, optimizer, batches, loss, clip=None):
    """The four lines."""
    for xs, ys in batches:
        optimizer.zero_grad()
        loss([model(x) for x in xs], ys).backward()
        if clip is not None:
            clip(model.parameters())
        optimizer.step()
    return [p.data for p in model.parameters()]


@BOTH
@pytest.mark.parametrize("size", [None, 8, 1000])
def test_it_is_the_four_lines(compiled, size):
    model, twin = mlp(), mlp()
    fit(model, (POINTS, BITS), loss="mse", optimizer="sgd", batch_size=size, compiled=compiled)
    rng, batches = random.Random(2), []
    for _ in range(3):
        batches += [(POINTS, BITS)] if size is None else list(nn.minibatches(POINTS, BITS, size, rng))
    want = by_hand(twin, nn.SGD(twin.parameters(), lr=0.01), batches, nn.mse)
    np.testing.assert_allclose([p.data for p in model.parameters()], want, rtol=1e-11)


@BOTH
@pytest.mark.parametrize("data", ["Batches", "list", "generator", "tuple of arrays"])
def test_batches(compiled, data):
    model, twin = mlp(), mlp()
    cut = [(POINTS[i : i + 7], BITS[i : i + 7]) for i in range(0, 30, 7)]
    given = {
        "Batches": lambda: nn.Batches(POINTS, BITS, 7, rng=4), "list": lambda: cut, "generator": lambda: iter(cut),
        "tuple of arrays": lambda: [(np.array(x), np.array(y)) for x, y in cut],
    }[data]  # fmt: skip
    epochs = 1 if data == "generator" else 2
    history = fit(model, given(), loss=nn.mse, optimizer="sgd", compiled=compiled, epochs=epochs)
    again = given()
    batches = [batch for _ in range(epochs) for batch in again]
    want = by_hand(twin, nn.SGD(twin.parameters(), lr=0.01), batches, nn.mse)
    np.testing.assert_allclose([p.data for p in model.parameters()], want, rtol=1e-11)
    assert history.steps == len(batches)
    assert (len(history.accuracy) == epochs) == (data != "generator")


@BOTH
def test_a_gradient_is_clipped_by_its_norm_or_value(compiled):
    for options, clip in (
        ({"clip_norm": 0.05}, lambda p: nn.clip_grad_norm(p, 0.05)),
        ({"clip_value": 0.01}, lambda p: nn.clip_grad_value(p, 0.01)),
    ):
        model, twin = mlp(), mlp()
        history = fit(model, (POINTS, REAL), loss=nn.mse, optimizer="sgd", compiled=compiled, **options)
        want = by_hand(twin, nn.SGD(twin.parameters(), lr=0.01), [(POINTS, REAL)] * 3, nn.mse, clip)
        np.testing.assert_allclose([p.data for p in model.parameters()], want, rtol=1e-11)
        assert all(norm > 0.05 for norm in history.gradient_norms), "as it was before"


@BOTH
def test_several_batches_make_a_step_as_one_large_batch_does(compiled):
    model, twin = mlp(), mlp()
    small = [(POINTS[:10], REAL[:10]), (POINTS[10:14], REAL[10:14]), (POINTS[14:30], REAL[14:30])]
    options = {"loss": nn.mse, "compiled": compiled, "epochs": 4}
    history = fit(model, small, accumulate=3, optimizer=nn.Adam(model.parameters()), **options)
    told = fit(twin, (POINTS, REAL), optimizer=nn.Adam(twin.parameters()), **options)
    np.testing.assert_allclose(
        [p.data for p in model.parameters()], [p.data for p in twin.parameters()], rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(history.loss, told.loss, rtol=1e-10)
    np.testing.assert_allclose(history.gradient_norms, told.gradient_norms, rtol=1e-9)
    assert history.steps == told.steps == 4
    assert fit(mlp(), (POINTS, REAL), loss=nn.mse, batch_size=7, accumulate=2, compiled=compiled).steps == 9


SCHEDULES = {
    "to zero": (lambda t: nn.linear_rate(t, 0.1, 1.0, 0.0, 2), [0.1, 0.05, 0.0]),
    "from zero": (lambda t: 0.1 * t, [0.0, 0.1, 0.2]),
    "object": (nn.ExponentialLR(0.1, 0.5), [0.1, 0.05, 0.025]),
    "cosine": (nn.CosineAnnealingLR(0.1, 2), [0.1, 0.05, 0.0]),
}


@BOTH
@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("kind", ["sgd", "adam", "own"])
def test_a_schedule_by_epochs_that_reaches_0(compiled, name, kind):
    schedule, rates = SCHEDULES[name]
    model = mlp()
    optimizer = Own(model.parameters()) if kind == "own" else kind
    history = fit(model, (POINTS, REAL), schedule=schedule, optimizer=optimizer, compiled=compiled, batch_size=10)
    assert history.learning_rates == pytest.approx(rates, abs=1e-15)
    assert history.epochs == 3


def test_a_schedule_by_steps():
    seen = []
    fit(mlp(), (POINTS, REAL), schedule=lambda t: t / 100, per="step", batch_size=10, optimizer="sgd",
        callbacks=lambda record: seen.append(record.optimizer.lr))  # fmt: skip
    assert seen == [t / 100 for t in range(9)]


@BOTH
def test_a_schedule_that_goes_by_the_loss(compiled):
    model = mlp()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    schedule = nn.ReduceLROnPlateau(optimizer, patience=0, factor=0.5, threshold=0.9)
    options = {"loss": nn.mse, "compiled": compiled}
    history = fit(model, (POINTS, REAL), schedule=schedule, optimizer=optimizer, epochs=5, **options)
    assert history.learning_rates == [0.1, 0.1, 0.05, 0.025, 0.0125]
    apart = nn.ReduceLROnPlateau(0.1, patience=0, factor=0.5, threshold=0.9)
    told = fit(mlp(), (POINTS, REAL), schedule=apart, optimizer="sgd", epochs=5, **options)
    assert (told.learning_rates, told.loss) == (history.learning_rates, history.loss)


def test_a_schedule_that_is_none():
    with pytest.raises(TypeError, match="schedule is a list"):
        fit(mlp(), (POINTS, REAL), schedule=[0.1, 0.01])
    with pytest.raises(ValueError, match="-1"):
        fit(mlp(), (POINTS, REAL), schedule=lambda t: -1.0)
    with pytest.raises(ValueError, match='"epoch" or by "step"'):
        fit(mlp(), (POINTS, REAL), per="batch")
    with pytest.raises(TypeError, match="make one of it"):
        fit(mlp(), (POINTS, REAL), schedule=nn.StepLR)


@pytest.mark.any_build
@BOTH
def test_lbfgs(compiled):
    model, twin = mlp(), mlp()
    history = fit(model, (POINTS, REAL), loss=nn.mse, optimizer="lbfgs", epochs=8, compiled=compiled)
    optimizer, losses = nn.LBFGS(twin.parameters()), []

    def closure():
        optimizer.zero_grad()
        loss = nn.mse([twin(x) for x in POINTS], REAL)
        loss.backward()
        return loss

    for _ in range(8):
        losses.append(optimizer.step(closure).data)
    np.testing.assert_allclose(history.loss, losses, rtol=0.02)
    assert history.loss[-1] < 1e-3
    for options in ({"accumulate": 2}, {"clip_norm": 1.0}, {"clip_value": 1.0}):
        with pytest.raises(ValueError, match="LBFGS asks for losses"):
            fit(mlp(), (POINTS, REAL), optimizer="lbfgs", **options)


class Own:
    """An optimiser of a user's own: parameters and a step."""

    def __init__(self, parameters):
        self.parameters, self.lr = list(parameters), 0.05

    def step(self):
        for p in self.parameters:
            p.data -= self.lr * p.grad


class InPlace(nn.Optimiser):
    """One whose update works in place, as it should not."""

    def update(self, data, grads):
        data -= self.lr * grads
        return data


class ByRule(nn.Optimiser):
    def rule(self, data, grads, group, state):
        data -= group["lr"] * grads
        return data


class Short(nn.Optimiser):
    def update(self, data, grads):
        return data[:3]


@BOTH
@pytest.mark.parametrize("kind", [Own, InPlace, ByRule])
def test_optimisers_of_ones_own(compiled, kind):
    model, twin = mlp(), mlp()
    optimizer = kind(model.parameters())
    optimizer.lr = 0.05
    history = fit(model, (POINTS, REAL), loss=nn.mse, optimizer=optimizer, compiled=compiled, batch_size=8)
    told = fit(twin, (POINTS, REAL), loss=nn.mse, optimizer=nn.SGD(twin.parameters(), lr=0.05), batch_size=8)
    np.testing.assert_allclose(history.loss, told.loss, rtol=1e-11)
    np.testing.assert_allclose(
        [p.data for p in model.parameters()], [p.data for p in twin.parameters()], rtol=1e-10, atol=1e-13
    )


def test_what_is_no_optimiser():
    class Without:
        def step(self):
            pass

    for bad, words in (
        (Without(), "has no list `parameters`"), (3, "expected an optimiser"), (Short, "in a shape of"),
        ("adma", "did you mean 'adam'"), ("xyz", "There are sgd, adam"),
    ):  # fmt: skip
        with pytest.raises((TypeError, ValueError), match=words):
            fit(mlp(), (POINTS, REAL), loss=nn.mse, optimizer=bad)
    with pytest.raises(TypeError, match="does not tell its parameters"):
        fit(lambda x: x, (POINTS, REAL), optimizer="adam")
    for name in ("Adam", "adam-w", "RMSProp", "SGD", "r_adam"):
        assert fit(mlp(), (POINTS, REAL), loss=nn.mse, optimizer=name, epochs=1).epochs == 1


@BOTH
def test_the_history(compiled, tmp_path):
    model = mlp()
    history = fit(
        model, (POINTS, BITS), validation=0.2, batch_size=8, compiled=compiled, epochs=4, metrics=["accuracy", "f1"]
    )
    assert history.losses is history.loss
    names = ["accuracy", "f1", "validation accuracy", "validation f1"]
    assert list(history.metrics) == names
    for numbers in (
        history.loss, history.accuracy, history.validation_losses, history.learning_rates, history.gradient_norms,
        history.times, *history.metrics.values(),
    ):  # fmt: skip
        assert len(numbers) == history.epochs == 4
        assert all(type(x) is float and math.isfinite(x) for x in numbers)
    assert history.accuracy is history.metrics["accuracy"]
    assert (history.steps, history.stopped, history.interrupted) == (12, "", False)
    assert sum(history.times) <= history.seconds
    assert history.way == ("rows" if compiled else "eager")
    history.to_csv(tmp_path / "history.csv")
    with open(tmp_path / "history.csv") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["validation loss"]) for row in rows] == history.validation_losses
    assert set(names) < rows[0].keys()


@BOTH
def test_validation_is_evaluate_after_each_epoch(compiled):
    model, seen = mlp(), []

    def look(record):
        seen.append(nn.evaluate(record.model, POINTS[:9], BITS[:9], nn.binary_cross_entropy_with_logits))

    look.per = "epoch"
    history = fit(
        model, (POINTS[9:], BITS[9:]), validation=(POINTS[:9], BITS[:9]), callbacks=look, compiled=compiled,
        loss=nn.binary_cross_entropy_with_logits,
    )  # fmt: skip
    np.testing.assert_allclose(history.validation_losses, [loss for loss, _ in seen], rtol=1e-12)
    assert history.metrics["validation accuracy"] == [right for _, right in seen]


def test_diagnoses_are_kept_and_change_nothing():
    def made():
        return nn.Sequential(nn.Linear(2, 4, rng=1), nn.BatchNorm(4), "relu", nn.Dropout(0.3), nn.Linear(4, 1, rng=2))

    plain, looked = made(), made()
    told = fit(plain, (POINTS, BITS), batch_size=10)
    history = fit(looked, (POINTS, BITS), batch_size=10, diagnose=True)
    assert history.loss == told.loss
    assert plain.state_dict() == looked.state_dict()
    assert len(history.diagnoses) == 3
    assert history.diagnoses[0]["layers"]


def test_training_leaves_the_model_as_after_train_and_freed():
    model = mlp()
    fit(model, (POINTS, BITS), validation=0.3)
    assert model.training
    loss = nn.mse([model(x) for x in POINTS], REAL)
    loss.backward()
    assert all(type(p) is Value and not p.is_constant for p in model.parameters())


def test_progress_and_threads_change_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [fit(mlp(), (POINTS, BITS), progress=p, threads=t) for p, t in ((True, 1), ("x", 2), (False, None))]
    assert len({tuple(history.loss) for history in found}) == 1
