"""An optimiser of a user's own: a step, and all else comes from the base."""

import copy
import pickle
import re

import pytest

import nn
from autograd import Value
from nn import MLP, SGD, hinge, make_moons, train
from nn.optimisers.optimiser import Optimiser
from tests.nn.optimisers.oracle import START, objective


class Signs(Optimiser):
    """Moves each parameter by the learning rate, against the sign of its gradient."""

    def step(self):
        for p in self.parameters:
            p.data -= self.lr * ((p.grad > 0.0) - (p.grad < 0.0))


@pytest.mark.parametrize("compiled", [False, True])
def test_it_trains_as_any(compiled):
    points, labels = make_moons(40, rng=1)
    model = MLP(2, [8, 1], rng=1)
    history = train(
        model, points, labels, hinge, Signs(model.parameters(), lr=0.1),
        epochs=40, schedule=lambda epoch: 0.1 / (1 + epoch), compiled=compiled,
    )  # fmt: skip
    assert history.loss[-1] < 0.75 * history.loss[0]


def test_messages_name_it():
    p = Value(1.0)
    assert repr(Signs([p], lr=0.5)) == "Signs(1 parameters, lr=0.5)"
    for make, message in (
        (lambda: Signs([], lr=0.5), "Signs: no parameters: there is nothing to train"),
        (lambda: Signs([p, p], lr=0.5), f"Signs: parameter 1, {p!r}, is listed twice"),
        (lambda: Signs([p * 2.0], lr=0.5), "is computed from other Values: only a leaf"),
        (lambda: Signs([p], lr=-0.5), "Signs: lr is -0.5; a learning rate is positive or 0"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            make()
    with pytest.raises(TypeError, match=r"Signs: expected a list of parameters, got a MLP: pass its \.parameters\(\)"):
        Signs(MLP(1, [1]), lr=0.5)


def test_gradients_are_set_to_zero():
    p = Value(1.0)
    p.grad = 3.0
    Signs([p], lr=0.5).zero_grad()
    assert p.grad == 0.0


def test_one_without_a_step_is_none():
    with pytest.raises(TypeError, match="abstract"):
        Optimiser([Value(1.0)], lr=0.1)
    assert isinstance(SGD([Value(1.0)], lr=0.1), Optimiser)


KINDS = [SGD, nn.Adam, nn.AdamW, nn.NAdam, nn.RAdam, nn.RMSprop, nn.Adagrad, nn.Adadelta, nn.LBFGS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_closure_is_called_first_and_its_loss_comes_back_as_in_torch(kind):
    torch = pytest.importorskip("torch")
    ps, qs = [Value(x) for x in START], [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]
    search = {"line_search_fn": "strong_wolfe"} if kind is nn.LBFGS else {}
    ours, theirs = kind(ps, lr=0.01), getattr(torch.optim, kind.__name__)(qs, lr=0.01, **search)

    def closure_of(optimiser, parameters):
        def closure():
            optimiser.zero_grad()
            loss = objective(parameters)
            loss.backward()
            return loss

        return closure

    for _ in range(5):
        mine, yours = ours.step(closure_of(ours, ps)), theirs.step(closure_of(theirs, qs))
        assert mine.data == pytest.approx(yours.item(), rel=1e-7)
        assert [p.data for p in ps] == pytest.approx([q.item() for q in qs], rel=1e-7)


def test_a_step_without_a_closure_gives_nothing_and_a_loss_is_no_closure():
    p = Value(1.0)
    sgd = SGD([p], lr=0.25)
    p.grad = 1.0
    assert sgd.step() is None
    assert p.data == 0.75
    with pytest.raises(TypeError, match=r"SGD: step\(closure\) takes a function .* got Value: call step\(\)"):
        sgd.step(p * p)
    assert p.data == 0.75


def test_a_closure_for_each_gradient_of_a_sum():
    p = Value(1.0)
    optimiser = nn.Accumulation(SGD([p], lr=0.5), 2)

    def closure_of(slope):
        def closure():
            optimiser.zero_grad()
            loss = slope * p
            loss.backward()
            return loss

        return closure

    assert [optimiser.step(closure_of(slope)).data for slope in (1.0, 2.0)] == [1.0, 2.0]
    assert p.data == 0.25
    with pytest.raises(TypeError, match="Accumulation: step"):
        optimiser.step(3.0)


@pytest.mark.parametrize(
    ("kind", "name", "meant"),
    [
        *[(SGD, name, "lr") for name in ("learning_rate", "learningRate", "lrr", "LR", "Lr", "lrs", "rate", "lr_")],
        *[(SGD, name, "weight_decay") for name in ("weight_decays", "wieght_decay", "weightDecay", "decay", "wd")],
        *[(SGD, name, "momentum") for name in ("momentums", "momentun", "Momentum", "mom")],
        (SGD, "nestorov", "nesterov"),
        (SGD, "maximise", "maximize"),
        *[(nn.Adam, name, "betas") for name in ("beta1", "beta_2", "beta")],
        (nn.Adam, "epsilon", "eps"),
        (nn.Adam, "amsgrads", "amsgrad"),
        (nn.RMSprop, "centred", "centered"),
        (nn.LBFGS, "max_iters", "max_iter"),
    ],
)
def test_a_misspelt_setting_is_refused_not_ignored(kind, name, meant):
    optimiser = kind([Value(1.0)], lr=0.1)
    before = optimiser.state_dict()
    with pytest.raises(
        AttributeError, match=f"{kind.__name__} has no {name}, setting it would do nothing: write {meant}$"
    ):
        setattr(optimiser, name, 0.5)
    assert name not in vars(optimiser)
    assert optimiser.state_dict() == before


def test_attributes_of_ones_own_stay_free():
    sgd = SGD([Value(1.0)], lr=0.1)
    sgd.calls, sgd.name, sgd.velocity, sgd.params, sgd.beta, sgd.alpha = 3, "mine", [], [], 0.5, 0.1
    sgd.calls += 1
    assert (sgd.calls, sgd.beta) == (4, 0.5)

    class Mine(SGD):
        rate = 0.5

        def __init__(self, parameters):
            self.seen = 0
            super().__init__(parameters, lr=0.1)
            self.rate = 2.0

    assert (Mine([Value(1.0)]).rate, Mine.rate) == (2.0, 0.5)


def test_settings_of_what_accumulates_are_those_of_its_optimiser():
    inner = SGD([Value(1.0)], lr=0.1)
    optimiser = nn.Accumulation(inner, 2)
    optimiser.lr, optimiser.calls = 0.5, 1
    assert inner.lr == 0.5
    with pytest.raises(AttributeError, match=r"Accumulation has no momentum, .*: set \.optimiser\.momentum"):
        optimiser.momentum = 0.9
    with pytest.raises(AttributeError, match=r"SGD has no learning_rate, .*: write \.optimiser\.lr"):
        optimiser.learning_rate = 0.9
    assert copy.deepcopy(optimiser).lr == pickle.loads(pickle.dumps(optimiser)).lr == 0.5
