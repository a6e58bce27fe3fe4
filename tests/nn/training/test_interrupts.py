"""Ctrl-C, at any moment: what was trained comes back, and all of it fits together."""

import random
import signal
import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd import Value

POINTS, SIGNS = nn.make_moons(20, rng=3)
BITS = [(y + 1) // 2 for y in SIGNS]

WITH_TIMERS = pytest.mark.skipif(
    not autograd.native or not hasattr(signal, "setitimer"),
    reason="needs POSIX timers; and the compiled build: Python itself forgets a Ctrl-C that comes in a __del__",
)


def lengths(history):
    """How many numbers each list of a history has."""
    lists = [history.loss, history.learning_rates, history.gradient_norms, history.times]
    return {len(x) for x in [*lists, *history.metrics.values()]} | (
        {len(history.validation_losses)} if history.validation_losses else set()
    )


@pytest.mark.usefixtures("no_collector_callbacks")
@WITH_TIMERS
@pytest.mark.parametrize("compiled", [False, True])
def test_at_random_moments(compiled):
    rng = random.Random(1)
    checked = interrupted = 0

    def weights(record):
        after.append([p.data for p in record.model.parameters()])

    def made():
        return nn.Sequential(nn.Linear(2, 6, rng=1), nn.BatchNorm(6), "tanh", nn.Dropout(0.2), nn.Linear(6, 1, rng=2))

    for _ in range(40):
        model, after = made(), []
        start = [p.data for p in model.parameters()]
        handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            signal.setitimer(signal.ITIMER_REAL, rng.uniform(0.001, 0.05))
            history = nn.fit(
                model, (POINTS, BITS), loss=nn.binary_cross_entropy_with_logits, optimizer=nn.Adam(model.parameters()),
                epochs=10_000, batch_size=6, validation=(POINTS[:4], BITS[:4]), compiled=compiled, seed=1,
                callbacks=weights, progress=False,
            )  # fmt: skip
        except KeyboardInterrupt:  # before training began
            history = None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
        now = [p.data for p in model.parameters()]
        assert model.training
        assert all(part.training for part in model.modules())
        if history is None:
            assert now == start
            continue
        interrupted += 1
        assert (history.interrupted, history.stopped) == (True, "interrupted")
        assert lengths(history) == {history.epochs}
        assert history.epochs <= history.steps // 4
        checked += now in (start, *after[-2:])
        assert now in (start, *after[-2:]) or len(after) < history.steps
        assert not np.isnan(now).any()
        assert set(nn.predict(model, POINTS)) <= {0, 1}
    assert interrupted >= 20
    assert checked >= interrupted // 2


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("at", ["loss", "metric", "validation", "callback of a step", "callback of an epoch", "end"])
def test_at_chosen_moments(compiled, at):
    calls = 0

    def interrupt(*args):
        nonlocal calls
        calls += 1
        if calls == 3 or at == "end":
            raise KeyboardInterrupt
        return 0.5

    class AtTheEnd:
        def __call__(self, record):
            return None

        def end(self, record):
            interrupt()

    def epoch(record):
        interrupt()

    epoch.per = "epoch"

    def loss(scores, labels):
        if at == "loss" or (at == "validation" and len(labels) == 5):
            interrupt()
        return nn.mse(scores, labels)

    callbacks = {"callback of a step": interrupt, "callback of an epoch": epoch, "end": AtTheEnd()}.get(at)
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = nn.fit(
            model, (POINTS, BITS), loss=loss, epochs=6, batch_size=10, compiled=compiled, seed=1, progress=False,
            validation=(POINTS[:5], BITS[:5]), callbacks=callbacks, metrics=[interrupt] if at == "metric" else None,
        )  # fmt: skip
    assert (history.interrupted, history.stopped) == (True, "interrupted")
    assert lengths(history) == {history.epochs}
    assert history.epochs == {
        "callback of a step": 1, "callback of an epoch": 3, "end": 6, "metric": 1, "loss": history.epochs,
        "validation": history.epochs,
    }[at]  # fmt: skip
    assert nn.predict(model, POINTS[:1])[0] in (0, 1)


def test_the_best_weights_are_put_back_after_an_interrupt_too():
    def interrupt(record):
        if record.epoch == 5:
            raise KeyboardInterrupt

    interrupt.per = "epoch"
    w = Value(1.0)
    stop = nn.EarlyStopping(patience=50, monitor="loss")
    model = Line(w)
    history = nn.fit(
        model, ([1.0], [0.0]), loss=nn.mse, optimizer=nn.SGD([w], lr=1.5), epochs=9, callbacks=[stop, interrupt],
        progress=False,
    )  # fmt: skip
    assert history.interrupted
    assert history.loss == sorted(history.loss), "the rate is too large"
    assert stop.best_epoch == 0
    assert w.data == -2.0


class Line(nn.Module):
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return self.w * x
