"""The first task: two moons."""

from random import Random
from typing import Any

from autograd.border.console import say
from nn.data.toy import make_moons
from nn.demo.report import Demo
from nn.demo.timing import say_gain
from nn.layers.dense import MLP
from nn.losses.classification import hinge
from nn.losses.penalties import l2
from nn.optimisers.sgd import SGD
from nn.plots.boundary import decision_boundary
from nn.prediction.predict import evaluate
from nn.training.train import train

__all__ = ["train_moons"]


def train_moons(demo: Demo, steps: int) -> bool:
    """micrograd's own demo: 100 points, max-margin loss with L2, the rate falling from 1.0 to 0.1.

    Returns whether it was completed.
    """
    rng = Random(demo.seed)
    points, labels = make_moons(100, noise=0.1, rng=rng)
    model = MLP(2, [16, 16, 1], rng=rng)
    parameters = model.parameters()

    def loss(scores: list[Any], labels: list[Any]) -> Any:
        return hinge(scores, labels) + l2(parameters, 1e-4)

    say(f"moons: {len(parameters)} parameters, {len(points)} samples, {steps} steps")
    history = train(
        model, points, labels, loss, SGD(parameters, lr=1.0),
        epochs=steps, schedule=lambda k: 1.0 - 0.9 * k / steps, progress="moons", compiled=demo.compiled,
    )  # fmt: skip
    demo.report("moons", *evaluate(model, points, labels, loss), history)
    demo.plot(
        "moons_boundary.png", lambda figure: decision_boundary(model, points, labels, figure.subplots()), 6.0, 4.2
    )
    if demo.compiled and not history.interrupted:
        say_gain(model, points, labels, loss)
    return not history.interrupted
