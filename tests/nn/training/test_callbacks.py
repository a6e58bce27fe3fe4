"""Callbacks: what they are told, how they end a run, and early stopping with the best weights."""

import numpy as np
import pytest

import nn
from autograd import Value

pytestmark = pytest.mark.any_build

POINTS, SIGNS = nn.make_moons(20, rng=3)
BITS = [(y + 1) // 2 for y in SIGNS]
BOTH = pytest.mark.parametrize("compiled", [False, True])


def fit(callbacks, model=None, **options):
    model = model or nn.MLP(2, [4, 1], "tanh", rng=1)
    return nn.fit(
        model, (POINTS, BITS), callbacks=callbacks, **{"progress": False, "seed": 2, "batch_size": 8, **options}
    )


@BOTH
def test_a_record_tells_of_its_step(compiled):
    records, states = [], []

    def look(record):
        records.append(record)
        states.append((record.epoch, record.step, record.last_of_epoch, record.history.epochs, record.history.steps))
        weights.append([p.data for p in record.model.parameters()])

    weights = []
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    history = fit(look, model, epochs=2, compiled=compiled)
    assert states == [
        (0, 0, False, 0, 1), (0, 1, False, 0, 2), (0, 2, True, 0, 3),
        (1, 3, False, 1, 4), (1, 4, False, 1, 5), (1, 5, True, 1, 6),
    ]  # fmt: skip
    assert all(r.model is model and r.history is history for r in records)
    assert sorted(x for r in records[:3] for x in r.batch[0]) == sorted(POINTS)
    assert [len(r.batch[0]) for r in records] == [len(r.batch[1]) for r in records] == [8, 8, 4] * 2
    for r in records:
        for x, y in zip(*r.batch, strict=True):
            assert BITS[POINTS.index(x)] == y
    assert weights[-1] == [p.data for p in model.parameters()]
    assert len({tuple(w) for w in weights}) == 6
    assert all(r.gradient_norm > 0.0 and r.loss > 0.0 for r in records)
    mean = sum(r.loss * len(r.batch[0]) for r in records[:3]) / 20
    assert history.loss[0] == pytest.approx(mean, rel=1e-12)


@BOTH
@pytest.mark.parametrize("answer", [True, np.True_])
@pytest.mark.parametrize("per", ["step", "epoch"])
def test_true_ends_a_run(compiled, answer, per):
    def enough(record):
        return answer if record.step == 5 else False

    enough.per = per
    history = fit(enough, epochs=9, compiled=compiled)
    assert history.stopped == "by enough"
    assert history.epochs == (1 if per == "step" else 2)
    assert not history.interrupted


@pytest.mark.parametrize("answer", [None, 1, "yes", [1], np.float64(1.0), False])
def test_no_other_answer_does(answer):
    assert fit(lambda record: answer, epochs=2).stopped == ""


@BOTH
@pytest.mark.parametrize("where", ["callback", "metric", "validation"])
def test_stop_training_ends_a_run(compiled, where):
    def stop(*args):
        raise nn.StopTraining("good enough")

    if where == "callback":
        history = fit(stop, epochs=3, compiled=compiled)
        assert history.steps == 1
    else:
        history = fit(None, epochs=3, compiled=compiled, metrics={"x": stop})
    assert (history.stopped, history.epochs, history.interrupted) == ("good enough", 0, False)


def test_stop_training_in_a_loss():
    calls = 0

    def loss(scores, labels):
        nonlocal calls
        calls += 1
        if calls > 4:
            raise nn.StopTraining
        return nn.mse(scores, labels)

    history = fit(None, loss=loss, compiled=False, epochs=9)
    assert (history.stopped, history.epochs, history.steps) == ("by a callback", 1, 4)


@BOTH
def test_weights_that_a_callback_sets_are_gone_on_with(compiled):
    def zero(record):
        if record.step == 4:
            for p in record.model.parameters():
                p.data = 0.0

    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    fit(zero, model, epochs=2, compiled=compiled, optimizer=nn.SGD(model.parameters(), lr=0.0))
    assert {p.data for p in model.parameters()} == {0.0}

    def zero_and_stop(record):
        for p in record.model.parameters():
            p.data = 0.5
        raise nn.StopTraining

    fit(zero_and_stop, model, compiled=compiled)
    assert {p.data for p in model.parameters()} == {0.5}


def test_other_errors_pass_through_with_the_model_as_it_was_trained():
    def fail(record):
        if record.step == 3:
            raise RuntimeError("mine")

    model, twin = (nn.MLP(2, [4, 1], "tanh", rng=1) for _ in range(2))
    with pytest.raises(RuntimeError, match="mine"):
        fit(fail, model)
    fit(lambda record: record.step == 3, twin)
    assert model.state_dict() == twin.state_dict()


def test_labels_are_known_to_callbacks():
    found = []

    def look(record):
        found.append(nn.predict(record.model, POINTS[:4]))

    nn.fit(nn.MLP(2, [1], rng=1), (POINTS, ["a" if y > 0 else "b" for y in SIGNS]), callbacks=look, progress=False)
    assert {x for row in found for x in row} <= {"a", "b"}


def test_what_is_no_callback():
    with pytest.raises(TypeError, match="expected functions of a record, got 3"):
        fit([3])


class Line(nn.Module):
    """A weight that goes as it is told, whatever the loss."""

    def __init__(self, path):
        self.w, self.path = Value(0.0), path

    def __call__(self, x):
        return self.w * x


def follow(losses, stop, **options):
    """A run whose loss in each epoch is as given."""
    model = Line(losses)
    model.w.data = losses[0]

    def turn(record):
        k = record.epoch + 1
        record.model.w.data = losses[k] if k < len(losses) else 99.0

    turn.per = "epoch"
    history = nn.fit(
        model, ([1.0], [0.0]), loss=nn.mae, optimizer=nn.SGD([model.w], lr=0.0), epochs=len(losses),
        callbacks=[stop, turn], progress=False, **options,
    )  # fmt: skip
    return model, history


@BOTH
def test_early_stopping_waits_and_puts_the_best_back(compiled):
    stop = nn.EarlyStopping(patience=3)
    model, history = follow([5.0, 3.0, 2.0, 4.0, 2.0, 2.5, 1.0, 0.5], stop, compiled=compiled)
    assert history.loss == [5.0, 3.0, 2.0, 4.0, 2.0, 2.5]
    assert history.stopped == "early: no better loss than 2 of epoch 3 in 3 epochs"
    assert (stop.best, stop.best_epoch) == (2.0, 2)
    assert model.w.data == 2.0


def test_early_stopping_by_settings():
    _, history = follow([5.0, 4.0, 3.0, 2.0, 1.0], nn.EarlyStopping(patience=2, min_delta=1.5))
    assert history.loss == [5.0, 4.0, 3.0, 2.0, 1.0], "3 is better than 5 by more than 1.5"
    model, history = follow([5.0, 1.0, 2.0, 3.0], nn.EarlyStopping(patience=2, restore_best=False))
    assert (history.epochs, model.w.data) == (4, 3.0)
    model, _ = follow([1.0, 2.0, 3.0], nn.EarlyStopping(mode="max", monitor="loss", patience=1))
    assert model.w.data == 3.0
    model, history = follow([1.0, 2.0], nn.EarlyStopping(monitor="validation loss"), validation=([1.0], [0.0]))
    assert history.validation_losses == [1.0, 2.0]


def test_early_stopping_by_a_metric():
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    stop = nn.EarlyStopping(patience=4, monitor="validation accuracy")
    history = fit([stop], model, epochs=300, validation=0.3, batch_size=None)
    rates = history.metrics["validation accuracy"]
    assert "early: no better validation accuracy" in history.stopped
    assert stop.best_epoch == rates.index(max(rates)) == len(rates) - 5


def test_early_stopping_begins_anew_with_each_run():
    stop = nn.EarlyStopping(patience=2)
    follow([1.0, 2.0, 3.0], stop)
    model, history = follow([9.0, 8.0, 9.0, 9.0], stop)
    assert (history.epochs, model.w.data) == (4, 8.0)


def test_early_stopping_is_told_what_it_cannot_do():
    with pytest.raises(ValueError, match=r"monitor is 'lost', did you mean 'loss'"):
        fit([nn.EarlyStopping(monitor="lost")])
    with pytest.raises(ValueError, match=r"give fit\(validation=...\)"):
        fit([nn.EarlyStopping(monitor="validation loss")])
    for bad in ({"patience": 0}, {"min_delta": -1.0}, {"mode": "up"}):
        with pytest.raises(ValueError, match="EarlyStopping"):
            nn.EarlyStopping(**bad)


@BOTH
def test_running_numbers_are_those_of_the_best_epoch(compiled):
    kept = []

    def keep(record):
        kept.append([b.data for b in record.model.buffers()])

    keep.per = "epoch"
    model = nn.Sequential(nn.Linear(2, 3, rng=1), nn.BatchNorm(3), nn.Linear(3, 1, rng=2))
    stop = nn.EarlyStopping(patience=50)
    fit([keep, stop], model, epochs=12, compiled=compiled, loss=nn.binary_cross_entropy_with_logits, validation=0.3)
    assert [b.data for b in model.buffers()] == kept[stop.best_epoch]
    assert stop.best_epoch < 12
