"""What all optimisers have: groups, frozen parameters, settings that are looked at, states that go on elsewhere."""

import copy
import json
import math
import pickle

import numpy as np
import pytest

import nn
from autograd import Value
from nn import SGD, Adam
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import Setting, as_share
from tests.nn.optimisers.oracle import START, objective, together

KINDS = [
    ("SGD", {"momentum": 0.9, "dampening": 0.2, "weight_decay": 0.01}),
    ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("SGD", {}),
    ("Adam", {"weight_decay": 0.1, "amsgrad": True}),
    ("AdamW", {}),
    ("NAdam", {}),
    ("RAdam", {}),
    ("RMSprop", {"momentum": 0.5, "centered": True, "eps": 1e-3}),
    ("Adagrad", {"lr_decay": 0.1}),
    ("Adadelta", {"weight_decay": 0.1}),
]


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_groups_as_torch(kind, options):
    torch = pytest.importorskip("torch")

    def grouped(ps):
        return [{"params": ps[:1]}, {"params": ps[1:3], "lr": 0.003, "weight_decay": 0.2}, {"params": ps[3:]}]

    together(
        lambda ps: getattr(nn, kind)(grouped(ps), lr=0.01, **options),
        lambda qs: getattr(torch.optim, kind)(grouped(qs), lr=0.01, **options),
    )


@pytest.mark.parametrize(("kind", "options"), KINDS)
@pytest.mark.parametrize("groups", [False, True])
def test_frozen_for_a_while_as_torch(kind, options, groups):
    torch = pytest.importorskip("torch")

    def before(k, a, b, ps, qs):
        for i, first, last in ((1, 0, 12), (2, 9, 20), (3, 20, 30)):
            if k in (first, last):
                ps[i].requires_grad = k == last
                qs[i].requires_grad_(k == last)
                qs[i].grad = None

    def grouped(ps):
        return [{"params": ps[:2]}, {"params": ps[2:]}] if groups else ps

    together(
        lambda ps: getattr(nn, kind)(grouped(ps), lr=0.01, **options),
        lambda qs: getattr(torch.optim, kind)(grouped(qs), lr=0.01, **options),
        before=before,
    )


def test_what_is_frozen_neither_moves_nor_decays():
    p, q = Value(1.0), Value(2.0)
    sgd = SGD([p, q], lr=0.5, weight_decay=0.5)
    p.requires_grad = False
    p.grad = q.grad = 1.0
    sgd.step()
    assert (p.data, q.data) == (1.0, 1.0)
    q.requires_grad = False
    sgd.step()
    assert (p.data, q.data) == (1.0, 1.0)


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_state_goes_on_elsewhere_to_the_bit(kind, options):
    ps = [Value(x) for x in START]
    a = getattr(nn, kind)([{"params": ps[:2], "lr": 0.02}, {"params": ps[2:]}], **options)

    def steps(optimiser, ps, n):
        for k in range(n):
            ps[1].requires_grad = k != 3
            optimiser.zero_grad()
            objective(ps).backward()
            optimiser.step()

    steps(a, ps, 7)
    state = json.loads(json.dumps(a.state_dict()))
    qs = [Value(p.data) for p in ps]
    b = getattr(nn, kind)([{"params": qs[:2]}, {"params": qs[2:]}], lr=0.5)
    b.load_state_dict(state)
    copies = copy.deepcopy((a, ps)), pickle.loads(pickle.dumps((a, ps)))
    steps(a, ps, 7)
    steps(b, qs, 7)
    assert [p.data.hex() for p in ps] == [q.data.hex() for q in qs]
    assert a.state_dict() == b.state_dict()
    for other, rs in copies:
        assert all(p is r for p, r in zip(other.parameters, rs, strict=True))
        steps(other, rs, 7)
        assert [p.data.hex() for p in ps] == [r.data.hex() for r in rs]


def changed(key, x):
    def change(state):
        state[key] = x

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changed("optimiser", "SGD"), "this is the state of 'SGD', not of Adam"),
        (changed("state", []), "'state' has 0 groups, but there are 1"),
        (changed("param_groups", 3), "'param_groups' is not a list of dicts"),
        (lambda s: s["param_groups"][0].update(size=3), "group 0 has 3 parameters, but here it has 2"),
        (lambda s: s["param_groups"][0].pop("betas"), "group 0: 'betas' is missing"),
        (lambda s: s["param_groups"][0].update(lr=-1.0), "group 0: Adam: lr is -1.0"),
        (lambda s: s["param_groups"][0].update(rate=1.0), "group 0: Adam: no setting 'rate'"),
        (lambda s: s["state"][0].update(exp_avg=[1.0]), "'exp_avg' is neither a number nor a list of 2 numbers"),
        (lambda s: s["state"][0].update(exp_avg=[1.0, "x"]), "'exp_avg' holds something other than numbers"),
        (lambda s: s["state"][0].update(step=None), "'step' is neither a number nor"),
    ],
)
def test_states_that_are_refused_change_nothing(change, message):
    ps = [Value(1.0), Value(2.0)]
    adam = Adam(ps, lr=0.5)
    ps[0].grad = 1.0
    adam.step()
    before = adam.state_dict()
    state = Adam(ps).state_dict()
    change(state)
    with pytest.raises(ValueError, match=message):
        adam.load_state_dict(state)
    assert adam.state_dict() == before
    with pytest.raises(TypeError, match="expected what state_dict"):
        adam.load_state_dict([])


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_update_is_step_without_values_and_leaves_its_arguments(kind, options):
    ps = [Value(x) for x in START]
    a, b = getattr(nn, kind)(ps, **options), getattr(nn, kind)([Value(0.0) for _ in ps], **options)
    x = np.array(START)
    rng = np.random.default_rng(1)
    for _ in range(8):
        g = rng.normal(size=4)
        for p, slope in zip(ps, g.tolist(), strict=True):
            p.grad = slope
        before = x.copy(), g.copy(), b.state_dict()
        a.step()
        moved = b.update(x, g)
        assert (x == before[0]).all()
        assert (g == before[1]).all()
        x = moved
        assert [p.data for p in ps] == x.tolist()
    assert a.state_dict() == b.state_dict()


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_rate_of_0_is_a_rate(kind, options):
    ps = [Value(x) for x in START]
    optimiser = getattr(nn, kind)(ps, lr=0.0, **options)
    objective(ps).backward()
    optimiser.step()
    assert [p.data for p in ps] == START
    optimiser.lr = 0.1
    optimiser.step()
    assert [p.data for p in ps] != START


def test_a_rate_that_is_set_keeps_the_ratio_of_groups_also_through_0():
    sgd = SGD([{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.1}], lr=0.4)
    sgd.lr = 0.0
    assert [g["lr"] for g in sgd.param_groups] == [0.0, 0.0]
    sgd.lr = 0.8
    assert [g["lr"] for g in sgd.param_groups] == [0.8, 0.2]
    assert repr(sgd) == "SGD(2 parameters in 2 groups, lr=0.8, momentum=0.0)"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda p: SGD([{"params": [p]}, {"params": [p]}]), ValueError, "is in another too: it would move twice"),
        (lambda p: SGD([{"params": p}]), TypeError, "got a Value: put it in a list"),
        (lambda p: SGD([{"param": [p]}]), ValueError, "no setting 'param': did you mean 'params'"),
        (lambda p: SGD([{"lr": 0.1}]), ValueError, 'a group of parameters has no "params"'),
        (lambda p: SGD([{"params": [p]}, p]), TypeError, 'is a dict with "params", got a Value'),
        (
            lambda p: SGD([{"params": [p], "momentun": 0.9}]),
            ValueError,
            "no setting 'momentun': did you mean 'momentum'",
        ),
        (
            lambda p: SGD([{"params": [p], "momentum": 1.5}]),
            ValueError,
            "momentum is 1.5; it is at least 0 and below 1",
        ),
        (lambda p: SGD([p], 0.1, nesterov=True), ValueError, "nesterov needs a momentum above 0"),
        (lambda p: SGD([p], 0.1, maximize=1), TypeError, "maximize: expected True or False, got int 1"),
        (lambda p: SGD([p], 0.1, weight_decay=-1.0), ValueError, "weight_decay is -1.0; it is 0 or more"),
        (lambda p: Adam([p], math.nan), ValueError, "Adam: lr: expected a finite number, got nan"),
        (lambda p: Adam([p], -0.1), ValueError, "Adam: lr is -0.1; a learning rate is positive or 0"),
        (lambda p: Adam([p], betas=(0.9,)), ValueError, "betas: expected two numbers, got 1"),
        (lambda p: Adam([p], betas=0.9), TypeError, "betas: expected a list, got float"),
        (lambda p: Adam([p], betas=(0.9, 1.0)), ValueError, r"betas\[1\] is 1.0; it is at least 0 and below 1"),
        (lambda p: Adam([p], eps=-1e-8), ValueError, "eps is -1e-08; it is 0 or more"),
        (lambda p: Adam([p]).update(np.zeros(2), np.zeros(2)), ValueError, "but there are 1 parameters"),
        (lambda p: Optimiser([p]), TypeError, "Optimiser is abstract: write rule"),
    ],
)
def test_what_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make(Value(1.0))


def test_a_setting_of_a_group_that_is_refused_changes_nothing():
    group = SGD([Value(1.0)], lr=0.5).param_groups[0]
    for change in (lambda: group.update(momentum=0.5, lr=-1.0), lambda: group.__setitem__("lr", math.nan)):
        with pytest.raises(ValueError, match="lr"):
            change()
        assert (group["lr"], group["momentum"]) == (0.5, 0.0)
    with pytest.raises(ValueError, match="the parameters of a group stay"):
        group["params"] = []


class Heavy(Optimiser):
    """A rule of a user's own, with a setting of its own and something to remember."""

    friction = Setting(as_share, 0.5)

    def rule(self, data, grads, group, state):
        state["speed"] = group["friction"] * state.get("speed", 0.0) - grads
        return data + group["lr"] * state["speed"]


def test_a_rule_of_ones_own_has_groups_states_and_frozen_parameters():
    ps = [Value(1.0), Value(2.0)]
    heavy = Heavy([{"params": ps[:1], "friction": 0.0}, {"params": ps[1:]}], lr=0.1)
    for _ in range(2):
        for p in ps:
            p.grad = 1.0
        heavy.step()
    assert [p.data for p in ps] == pytest.approx([0.8, 1.75])
    assert [state["speed"] for state in heavy.state_dict()["state"]] == [[-1.0], [-1.5]]
    with pytest.raises(ValueError, match=r"Heavy: friction is 2\.0"):
        heavy.friction = 2.0
    with pytest.raises(TypeError, match="Heavy: no setting 'drag'"):
        Heavy(ps, drag=1.0)


def test_what_steps_only_can_be_updated_too():
    class Signs(Optimiser):
        def step(self):
            for p in self.parameters:
                p.data -= self.lr * math.copysign(1.0, p.grad)

    signs = Signs([Value(1.0), Value(2.0)], lr=0.5)
    assert signs.update(np.array([3.0, 4.0]), np.array([1.0, -1.0])).tolist() == [2.5, 4.5]
