"""Schedules step for step against torch, as objects and as functions of the epoch; what they refuse."""

import json
import math
import warnings

import pytest

import nn
from autograd import Value
from nn import SGD, Adam
from nn.schedules.schedule import Schedule, as_schedule

CASES = [
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.9}),
    ("MultiStepLR", {"milestones": [3, 10, 11, 30], "gamma": 0.3}),
    ("ExponentialLR", {"gamma": 0.93}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.2, "total_iters": 12}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.9, "end_factor": 0.1, "total_iters": 33}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 40, "power": 1.7}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingLR", {"T_max": 13, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 7}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.001}),
    ("OneCycleLR", {"max_lr": 0.3, "total_steps": 60}),
    ("OneCycleLR", {"max_lr": 0.3, "epochs": 11, "steps_per_epoch": 5, "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": [0.3, 0.1], "total_steps": 55, "three_phase": True, "pct_start": 0.25}),
    ("LambdaLR", {"lr_lambda": lambda t: 1.0 / (1 + t)}),
    ("LambdaLR", {"lr_lambda": [lambda t: 0.5**t, lambda t: 1.0 / (1 + t)]}),
]


def pair(kind="SGD", **options):
    """An optimiser of ours and one of torch's, each with two groups."""
    torch = pytest.importorskip("torch")
    ours = [{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.02}]
    theirs = [{"params": [torch.ones(1)]}, {"params": [torch.ones(1)], "lr": 0.02}]
    return getattr(nn, kind)(ours, lr=0.1, **options), getattr(torch.optim, kind)(theirs, lr=0.1, **options)


def same(a, b):
    for name in ("lr", "momentum", "betas"):
        if name in b.param_groups[0]:
            mine, yours = [[g[name] for g in x.param_groups] for x in (a, b)]
            assert mine == [pytest.approx(y, rel=1e-12, abs=1e-16) for y in yours], name


def stepped(b, other):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants a step of the optimiser before
        other.step()


@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_step_for_step_as_torch(kind, name, options):
    torch = pytest.importorskip("torch")
    a, b = pair(kind, **({"momentum": 0.9} if kind == "SGD" else {}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mine, yours = getattr(nn, name)(a, **options), getattr(torch.optim.lr_scheduler, name)(b, **options)
    for k in range(50):
        same(a, b)
        assert mine(k) == a.lr == mine.get_last_lr()[0]
        mine.step()
        stepped(b, yours)
    same(a, b)


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "options"),
    [
        (nn.step_rate, {"step_size": 7}, "StepLR", {"step_size": 7}),
        (nn.multi_step_rate, {"milestones": [3, 9]}, "MultiStepLR", {"milestones": [9, 3]}),
        (nn.exponential_rate, {"gamma": 0.9}, "ExponentialLR", {"gamma": 0.9}),
        (nn.constant_rate, {"factor": 0.1}, "ConstantLR", {"factor": 0.1}),
        (nn.linear_rate, {"start_factor": 0.1}, "LinearLR", {"start_factor": 0.1}),
        (nn.polynomial_rate, {"power": 2.0}, "PolynomialLR", {"power": 2.0}),
        (nn.cosine_rate, {"T_max": 9}, "CosineAnnealingLR", {"T_max": 9}),
        (nn.cosine_restarts_rate, {"T_0": 4}, "CosineAnnealingWarmRestarts", {"T_0": 4}),
    ],
)
def test_a_function_and_its_object_are_alike(function, arguments, kind, options):
    schedule = getattr(nn, kind)(0.5, **options)
    assert [function(t, 0.5, **arguments) for t in range(20)] == [schedule(t) for t in range(20)]


def test_one_after_the_other_as_torch():
    torch = pytest.importorskip("torch")
    a, b = pair(momentum=0.5)
    mine = nn.SequentialLR(
        a, [nn.LinearLR(a, 0.1, total_iters=5), nn.ConstantLR(a, 0.5, 3), nn.ExponentialLR(a, 0.9)], [5, 12]
    )
    s = torch.optim.lr_scheduler
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = [s.LinearLR(b, 0.1, total_iters=5), s.ConstantLR(b, 0.5, 3), s.ExponentialLR(b, 0.9)]
        yours = s.SequentialLR(b, parts, [5, 12])
    for _ in range(50):
        same(a, b)
        mine.step()
        stepped(b, yours)


def test_at_once_as_torch():
    torch = pytest.importorskip("torch")
    a, b = pair()
    mine = nn.ChainedScheduler([nn.ConstantLR(a, 0.1, 4), nn.ExponentialLR(a, 0.9), nn.StepLR(a, 10, 0.5)])
    s = torch.optim.lr_scheduler
    yours = s.ChainedScheduler([s.ConstantLR(b, 0.1, 4), s.ExponentialLR(b, 0.9), s.StepLR(b, 10, 0.5)])
    for _ in range(50):
        same(a, b)
        mine.step()
        stepped(b, yours)


def test_a_warm_up_in_front_is_torchs_line_and_then_the_schedule():
    torch = pytest.importorskip("torch")
    a, b = pair()
    mine = nn.WarmUp(a, 5, nn.CosineAnnealingLR(a, 45), start_factor=0.1)
    s = torch.optim.lr_scheduler
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yours = s.SequentialLR(b, [s.LinearLR(b, 0.1, total_iters=5), s.CosineAnnealingLR(b, 45)], [5])
    for _ in range(50):
        same(a, b)
        mine.step()
        stepped(b, yours)


def test_a_warm_up_from_0_and_a_cosine_to_0_are_rates_that_an_optimiser_takes():
    p = Value(1.0)
    sgd = SGD([p], lr=0.5)
    schedule = nn.WarmUp(sgd, 2, nn.CosineAnnealingLR(sgd, 3))
    rates = []
    for _ in range(6):
        rates.append(sgd.lr)
        p.grad = 1.0
        sgd.step()
        schedule.step()
    assert rates[0] == 0.0
    assert rates[-1] == pytest.approx(0.0, abs=1e-16)
    assert p.data == pytest.approx(1.0 - sum(rates))
    assert sum(rates) > 1.0


METRICS = [1.0, 0.9, 0.95, 0.95, 0.95, 0.9, 0.8, 0.8, math.nan, 0.8, 0.79999, 0.7, *[0.7] * 20, 0.1, *[0.2] * 10]


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 2},
        {"patience": 0, "factor": 0.5, "cooldown": 3},
        {"patience": 1, "mode": "max", "threshold": 0.1},
        {"patience": 1, "threshold_mode": "abs", "threshold": 0.05, "min_lr": [0.01, 0.001]},
        {"patience": 1, "mode": "max", "threshold_mode": "abs", "min_lr": 0.003, "factor": 0.3},
    ],
)
def test_a_plateau_as_torch(options):
    torch = pytest.importorskip("torch")
    a, b = pair()
    mine, yours = nn.ReduceLROnPlateau(a, **options), torch.optim.lr_scheduler.ReduceLROnPlateau(b, **options)
    for metric in METRICS:
        mine.step(metric)
        yours.step(metric)
        same(a, b)
        assert mine(3) == a.lr
    assert a.lr < 0.1


def test_a_plateau_takes_a_value_and_needs_a_metric():
    schedule = nn.ReduceLROnPlateau(1.0, patience=0, factor=0.5)
    assert schedule.needs_metric
    schedule.step(Value(1.0))
    schedule.step(2)
    assert schedule.get_last_lr() == [0.5]
    with pytest.raises(TypeError, match="such as the validation loss"):
        schedule.step()


@pytest.mark.parametrize(("name", "options"), CASES)
def test_a_state_goes_on_elsewhere(name, options):
    def fresh():
        sgd = SGD([{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.02}], lr=0.1, momentum=0.9)
        return sgd, getattr(nn, name)(sgd, **options)

    whole, schedule = fresh()
    for _ in range(20):
        schedule.step()
    other, resumed = fresh()
    other.load_state_dict(json.loads(json.dumps(whole.state_dict())))
    resumed.load_state_dict(json.loads(json.dumps(schedule.state_dict())))
    for _ in range(10):
        schedule.step()
        resumed.step()
        assert [dict(g, params=0) for g in whole.param_groups] == [dict(g, params=0) for g in other.param_groups]


def test_a_plateaus_state_goes_on_elsewhere():
    schedules = [nn.ReduceLROnPlateau(SGD([Value(1.0)], lr=0.1), patience=2, cooldown=1) for _ in range(2)]
    for metric in METRICS[:9]:
        schedules[0].step(metric)
    schedules[1].load_state_dict(json.loads(json.dumps(schedules[0].state_dict())))
    schedules[1].optimizer.lr = schedules[0].optimizer.lr
    for metric in METRICS[9:]:
        for schedule in schedules:
            schedule.step(metric)
        assert schedules[0].state_dict() == schedules[1].state_dict()


def test_calling_changes_nothing():
    sgd = SGD([Value(1.0)], lr=0.5)
    schedule = nn.ExponentialLR(sgd, 0.5)
    assert schedule(3) == 0.0625
    assert (sgd.lr, schedule.last_epoch) == (0.5, 0)


def test_a_second_schedule_is_of_the_rate_before_the_first():
    sgd = SGD([Value(1.0)], lr=0.5)
    first = nn.CosineAnnealingLR(sgd, 2)
    first.step()
    first.step()
    assert sgd.lr == 0.0
    assert nn.ExponentialLR(sgd, 0.5)(1) == 0.25


def test_after_its_last_step_one_cycle_stays():
    schedule = nn.OneCycleLR(SGD([Value(1.0)], lr=1.0, momentum=0.9), max_lr=0.1, total_steps=10)
    assert schedule(9) == schedule(30) == pytest.approx(0.1 / 25 / 1e4)


def test_a_rate_that_is_none_changes_nothing():
    sgd = SGD([{"params": [Value(1.0)]}, {"params": [Value(2.0)]}], lr=0.5)
    schedule = nn.LambdaLR(sgd, [lambda t: 1.0, lambda t: 1.0 if t < 1 else math.nan])
    with pytest.raises(ValueError, match="LambdaLR: the rate at 1: expected a finite number, got nan"):
        schedule.step()
    assert ([g["lr"] for g in sgd.param_groups], schedule.last_epoch) == ([0.5, 0.5], 0)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.StepLR("sgd", 2), TypeError, "expected an optimiser, or a learning rate, got str 'sgd'"),
        (lambda: nn.StepLR(-1.0, 2), ValueError, "StepLR: the rate is -1.0"),
        (lambda: nn.StepLR(1.0, 0), ValueError, "StepLR: step_size: expected 1 or more, got 0"),
        (lambda: nn.StepLR(1.0, 2.5), TypeError, "StepLR: step_size: expected a whole number"),
        (lambda: nn.ExponentialLR(1.0, math.nan), ValueError, "gamma: expected a finite number"),
        (lambda: nn.ExponentialLR(1.0, -0.5), ValueError, "gamma is -0.5; it is 0 or more"),
        (lambda: nn.ExponentialLR(1.0, 0.5).step(), ValueError, "made of a rate, it has no optimiser"),
        (lambda: nn.LambdaLR(1.0, [0.1]), TypeError, "expected a function of the epoch, got float 0.1"),
        (lambda: nn.OneCycleLR(1.0, 0.1), ValueError, "say total_steps, or epochs and steps_per_epoch"),
        (lambda: nn.OneCycleLR(1.0, 0.1, 9, anneal_strategy="x"), ValueError, "anneal_strategy is 'x'"),
        (lambda: nn.OneCycleLR(1.0, 0.1, 9, pct_start=2.0), ValueError, "pct_start is 2.0; it is a share"),
        (lambda: nn.OneCycleLR(nn.Adagrad([Value(1.0)]), 0.1, 9), ValueError, "Adagrad has no momentum"),
        (lambda: nn.SequentialLR(1.0, [nn.StepLR(1.0, 2)], [3]), ValueError, "1 milestones for 1 schedules"),
        (lambda: nn.SequentialLR(1.0, [nn.StepLR(1.0, 2)] * 3, [3, 2]), ValueError, "do not ascend"),
        (lambda: nn.SequentialLR(1.0, [lambda t: 1.0], []), TypeError, "wrap a function in LambdaLR"),
        (lambda: nn.ChainedScheduler([]), ValueError, "no schedules"),
        (lambda: nn.SequentialLR(1.0, [nn.ReduceLROnPlateau(1.0)], []), ValueError, "is no function of the epoch"),
        (lambda: nn.ChainedScheduler([nn.ReduceLROnPlateau(1.0)]), ValueError, "put a WarmUp before it"),
        (lambda: nn.WarmUp(1.0, 2, lambda t: 1.0), TypeError, "wrap a function in LambdaLR"),
        (lambda: nn.ReduceLROnPlateau(1.0, mode="least"), ValueError, "mode is 'least'; it is 'min' or 'max'"),
        (lambda: nn.ReduceLROnPlateau(1.0, factor=1.0), ValueError, "factor is 1.0"),
        (lambda: as_schedule([0.1, 0.2], "fit: schedule"), TypeError, "fit: schedule is a list; give a function"),
        (lambda: as_schedule(0.1), TypeError, "schedule is a float; give a function"),
        (lambda: as_schedule(nn.StepLR), TypeError, "schedule is the class StepLR: make one of it"),
        (lambda: Schedule(SGD([Value(1.0)])), NotImplementedError, "Schedule has no rate"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        ([], TypeError, "got a list"),
        ({"schedule": "StepLR"}, ValueError, "the state of 'StepLR', not of ExponentialLR"),
        ({"schedule": "ExponentialLR", "base_lrs": [1.0]}, ValueError, "damaged"),
        (
            {"schedule": "ExponentialLR", "base_lrs": [1.0] * 2, "last_epoch": 1},
            ValueError,
            "2 groups, here there are 1",
        ),
        ({"schedule": "ExponentialLR", "base_lrs": [math.nan], "last_epoch": 1}, ValueError, "got nan"),
    ],
)
def test_states_that_are_refused(state, error, message):
    schedule = nn.ExponentialLR(1.0, 0.5)
    with pytest.raises(error, match=message):
        schedule.load_state_dict(state)
    assert (schedule.last_epoch, schedule.base_lrs) == (0, [1.0])


def test_adam_takes_momentum_from_one_cycle():
    adam = Adam([Value(1.0)], betas=(0.9, 0.99))
    schedule = nn.OneCycleLR(adam, 0.1, 10)
    assert adam.betas == (0.95, 0.99)
    schedule.apply(2)
    assert adam.betas == pytest.approx((0.85, 0.99))
