"""A warm-up in front of a plateau against one written by hand; rates that are none; schedules of another optimiser."""

import json
import math

import pytest

import nn
from autograd import Value
from nn import SGD
from nn.schedules.schedule import as_schedule

METRICS = [3.0, 1.0, 2.0, 0.9, 0.95, 0.95, 0.95, math.nan, 0.8, 0.8, 0.8, 0.8, 0.7, *[0.75] * 12, 0.1, 0.2, 0.2, 0.2]


def by_hand(lrs, steps, metrics, patience, factor, least, start=0.0):
    """The rates of each group at each epoch: up a line, and then times `factor` whenever `patience` is over."""
    rates, best, bad = [], math.inf, 0
    now = list(lrs)
    for epoch in range(len(metrics) + 1):
        if epoch > steps:
            metric = metrics[epoch - 1]  # of the epoch that is over; the first counted is that at the full rate
            if metric < best * (1.0 - 1e-4):
                best, bad = metric, 0
            else:
                bad += 1
            if bad > patience:
                now, bad = [max(lr * factor, least) for lr in now], 0
        share = start + (1.0 - start) * epoch / steps if epoch < steps else 1.0
        rates.append([lr * share for lr in now])
    return rates


def sgd(*lrs):
    return SGD([{"params": [Value(1.0)], "lr": lr} for lr in lrs], lr=lrs[0])


@pytest.mark.parametrize("steps", [1, 3, 8])
@pytest.mark.parametrize("start", [0.0, 0.25])
@pytest.mark.parametrize("of_a_rate", [False, True])
def test_a_warm_up_in_front_of_a_plateau(steps, start, of_a_rate):
    optimiser = sgd(0.1, 0.02)
    plateau = nn.ReduceLROnPlateau(7.0 if of_a_rate else optimiser, patience=2, factor=0.5, min_lr=0.004)
    schedule = nn.WarmUp(optimiser, steps, plateau, start_factor=start)
    assert schedule.needs_metric
    expected = by_hand([0.1, 0.02], steps, METRICS, 2, 0.5, 0.004, start)
    assert expected[-1][0] < 0.02
    for k, rates in enumerate(expected):
        assert [group["lr"] for group in optimiser.param_groups] == pytest.approx(rates, rel=1e-12), k
        assert schedule.get_last_lr() == [group["lr"] for group in optimiser.param_groups]
        if k < len(METRICS):
            schedule.step(METRICS[k])


def test_made_of_a_rate_it_is_called_for_rates():
    schedule = nn.WarmUp(0.1, 3, nn.ReduceLROnPlateau(1.0, patience=2, factor=0.5))
    for k, (rate,) in enumerate(by_hand([0.1], 3, METRICS, 2, 0.5, 0.0)):
        assert schedule(k) == pytest.approx(rate, rel=1e-12), k
        if k < len(METRICS):
            schedule.step(METRICS[k])


def test_in_the_warm_up_no_metric_is_asked_for_and_after_it_one_is():
    schedule = nn.WarmUp(sgd(0.1), 1, nn.ReduceLROnPlateau(0.1))
    schedule.step()
    with pytest.raises(TypeError, match=r"ReduceLROnPlateau: step\(metric\)"):
        schedule.step()
    assert schedule.last_epoch == 1
    assert not nn.WarmUp(0.1, 1, nn.StepLR(0.1, 2)).needs_metric
    assert not nn.WarmUp(0.1, 1).needs_metric


@pytest.mark.parametrize("cut", [0, 2, 3, 9])
def test_its_state_goes_on_elsewhere(cut):
    def make():
        optimiser = sgd(0.1, 0.02)
        return optimiser, nn.WarmUp(optimiser, 3, nn.ReduceLROnPlateau(optimiser, patience=1, factor=0.5))

    (whole, first), (other, second) = make(), make()
    for metric in METRICS[:cut]:
        first.step(metric)
    other.load_state_dict(whole.state_dict())
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    for metric in METRICS[cut:]:
        first.step(metric)
        second.step(metric)
        assert [g["lr"] for g in whole.param_groups] == [g["lr"] for g in other.param_groups]
    assert first.state_dict() == second.state_dict()


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("then"),
        lambda state: state.update(then=3),
        lambda state: state["then"].pop("best"),
        lambda state: state["then"].update(schedule="StepLR"),
        lambda state: state.update(last_epoch="now"),
    ],
)
def test_a_damaged_state_changes_nothing(change):
    def make():
        return nn.WarmUp(0.1, 2, nn.ReduceLROnPlateau(0.1, patience=0, factor=0.5))

    schedule, other = make(), make()
    for metric in METRICS[:5]:
        other.step(metric)
    state, before = other.state_dict(), schedule.state_dict()
    change(state)
    with pytest.raises(ValueError, match="state"):
        schedule.load_state_dict(state)
    assert schedule.state_dict() == before


def test_fit_warms_up_to_a_plateau():
    points, labels = nn.make_moons(20, rng=1)
    model = nn.MLP(2, [2, 1], rng=1)
    optimiser = SGD(model.parameters(), lr=0.1)
    history = nn.fit(
        model, (points, labels), loss=nn.hinge, optimizer=optimiser, epochs=6, batch_size=None, progress=False,
        schedule=nn.WarmUp(optimiser, 2, nn.ReduceLROnPlateau(optimiser, threshold=10.0, patience=0, factor=0.5)),
    )  # fmt: skip
    assert history.learning_rates == pytest.approx([0.0, 0.05, 0.1, 0.05, 0.025, 0.0125])


# --- whose rates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda o: nn.CosineAnnealingLR(o, 4),
        lambda o: nn.ReduceLROnPlateau(o),
        lambda o: nn.WarmUp(o, 3, nn.ReduceLROnPlateau(o)),
        lambda o: nn.ChainedScheduler([nn.StepLR(o, 2)]),
        lambda o: nn.OneCycleLR(o, 0.1, 10),
    ],
)
def test_a_schedule_of_another_optimiser_is_told(make):
    mine, other = sgd(0.1), sgd(0.1)
    mine.momentum = other.momentum = 0.5
    schedule = make(mine)
    schedule.require_optimizer(mine)
    schedule.require_optimizer(nn.Accumulation(mine, 2))

    class Around:
        own = mine

    schedule.require_optimizer(Around())
    for wrong in (other, nn.Accumulation(other, 2), nn.Adam([Value(1.0)])):
        with pytest.raises(ValueError, match=f"{type(schedule).__name__} was made of another optimiser, .* no effect"):
            schedule.require_optimizer(wrong)
    nn.StepLR(0.1, 2).require_optimizer(other)


@pytest.mark.parametrize(
    "make",
    [
        lambda o, other: nn.SequentialLR(o, [nn.StepLR(o, 2), nn.StepLR(other, 2)], [3]),
        lambda o, other: nn.ChainedScheduler([nn.StepLR(o, 2), nn.StepLR(other, 2)]),
        lambda o, other: nn.WarmUp(o, 3, nn.StepLR(other, 2)),
        lambda o, other: nn.WarmUp(o, 3, nn.ReduceLROnPlateau(other)),
    ],
)
def test_parts_of_a_schedule_are_of_one_optimiser(make):
    o, other = sgd(0.1), sgd(0.1)
    make(o, o)
    with pytest.raises(ValueError, match="was made of another optimiser"):
        make(o, other)


# --- rates that are none ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "per", "error", "message"),
    [
        (
            lambda t: 0.25 - 0.125 * t,
            "epoch",
            ValueError,
            "fit: schedule: the rate at epoch 3 is -0.125; a learning rate",
        ),
        (
            lambda t: 0.1 if t < 3 else math.nan,
            "step",
            ValueError,
            "fit: schedule: the rate at step 3: expected a finite",
        ),
        (lambda t: 0.1 if t < 3 else None, "epoch", TypeError, "fit: schedule: the rate at epoch 3: expected a real"),
    ],
)
def test_a_function_that_gives_no_rate_is_told_with_the_epoch(function, per, error, message):
    rates = as_schedule(function, "fit: schedule", per)
    assert [rates(t) for t in range(3)] == [function(t) for t in range(3)]
    with pytest.raises(error, match=message):
        rates(3)


def test_a_schedule_that_gives_no_rate_is_told_with_the_epoch():
    optimiser = sgd(0.5)
    schedule = nn.LambdaLR(optimiser, lambda t: 1.0 - t)
    schedule.step()
    for ask in (lambda: schedule(2), schedule.step):
        with pytest.raises(ValueError, match=r"LambdaLR: the rate at 2 is -0\.5; a learning rate is positive or 0"):
            ask()
    assert (optimiser.lr, schedule.last_epoch) == (0.0, 1)


def test_a_schedule_stays_as_it_is_and_a_function_keeps_its_name():
    schedule = nn.StepLR(0.1, 2)
    assert as_schedule(schedule) is schedule

    class Own:
        def __call__(self, t):
            return 0.5

    class Counted(Own):
        def state_dict(self):
            return {}

    own = Counted()
    assert as_schedule(own) is own
    assert as_schedule(Own()).__name__ == "Own"

    def halving(t):
        return 0.5**t

    assert as_schedule(halving).__name__ == "halving"
