"""An optimiser of a user's own: a step, and all else comes from the base."""

import re

import pytest

from autograd import Value
from nn import MLP, SGD, hinge, make_moons, train
from nn.optimisers.optimiser import Optimiser


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
