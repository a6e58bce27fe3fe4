"""The second task: handwritten digits."""

from random import Random

from autograd.border.console import say
from nn.data.sklearn import load_digits
from nn.demo.report import Demo
from nn.demo.timing import say_gain
from nn.layers.dense import MLP
from nn.layers.init import kaiming_uniform
from nn.losses.classification import cross_entropy
from nn.optimisers.sgd import SGD
from nn.plots.confusion import confusion_matrix
from nn.prediction.predict import evaluate, predict
from nn.training.train import train

__all__ = ["train_digits"]


def train_digits(demo: Demo, epochs: int) -> bool:
    """64 pixels, 32 hidden neurons, 10 classes; mini-batches with momentum; judged on a held-out fifth.

    Returns whether it was completed.
    """
    rng = Random(demo.seed)
    digits = load_digits(test_share=0.2, rng=rng)
    model = MLP(64, [32, 10], rng=rng)
    kaiming_uniform(model, rng)
    parameters = model.parameters()
    samples = f"{len(digits.train_x):,} samples and {len(digits.test_x)} held out"
    say(f"digits: {len(parameters):,} parameters, {samples}, {epochs} epochs")
    history = train(
        model, digits.train_x, digits.train_y, cross_entropy, SGD(parameters, lr=0.1, momentum=0.9),
        epochs=epochs, batch_size=16, schedule=lambda k: 0.1 * (1.0 - k / epochs), rng=rng, progress="digits",
        compiled=demo.compiled,
    )  # fmt: skip
    demo.report("digits, held out", *evaluate(model, digits.test_x, digits.test_y, cross_entropy), history)
    decided = predict(model, digits.test_x)
    demo.plot(
        "digits_confusion.png", lambda figure: confusion_matrix(digits.test_y, decided, figure.subplots()), 5.2, 5.0
    )
    if demo.compiled and not history.interrupted:
        say_gain(model, digits.train_x[:16], digits.train_y[:16], cross_entropy, momentum=0.9)
    return not history.interrupted
