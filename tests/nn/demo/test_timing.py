"""How long a step takes: measured without a trace in the model."""

import pytest

from nn import MLP, History, hinge, make_moons
from nn.demo.timing import say_gain

pytestmark = pytest.mark.any_build


def test_timing_leaves_the_model_as_it_was(capsys, monkeypatch):
    points, labels = make_moons(10, rng=1)
    model = MLP(2, [3, 1], rng=1)
    before = model.state_dict()
    say_gain(model, points, labels, hinge)
    assert model.state_dict() == before
    assert capsys.readouterr().out.startswith("compiled: ")

    def interrupted(*args, **kwargs):
        model.layers[0].neurons[0].b.data = 9.0
        return History(interrupted=True)

    monkeypatch.setattr("nn.demo.timing.train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        say_gain(model, points, labels, hinge)
    assert model.state_dict() == before
