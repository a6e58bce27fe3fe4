"""Training as micrograd's demo does it: `train` is `fit` with fewer questions, and eager unless it is asked."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_list, as_size, require_as_many
from nn.optimisers.optimiser import Optimiser
from nn.training.asked import Asked
from nn.training.callbacks import Record
from nn.training.history import History
from nn.training.progress import Bar
from nn.training.run import Run

__all__ = ["train"]


def train(
    model: Callable[[Any], Any],
    xs: Sequence[Any],
    ys: Sequence[Any],
    loss: Callable[[list[Any], list[Any]], Any],
    optimiser: Optimiser,
    *,
    epochs: int,
    batch_size: int | None = None,
    schedule: Callable[[int], float] | None = None,
    rng: Any = None,
    callback: Callable[[History], object] | None = None,
    progress: str = "",
    compiled: bool = False,
) -> History:
    """Train a model in place, and tell how it went.

    Args:
        model: Maps a sample to its score, or to a list of scores, one per class.
        xs: Samples.
        ys: Labels, as many, of whatever kind: see `fit`.
        loss: Maps the scores and labels of a batch to a Value.
        optimiser: Holds the model's parameters.
        epochs: How often every sample is seen.
        batch_size: Samples in a step, drawn without replacement; None takes all of them, in the order given.
        schedule: Maps the number of an epoch, from 0, to its learning rate.
        rng: An int seed or a random.Random for the order of samples; None takes Python's global generator.
        callback: Called with the history after each epoch.
        progress: Title of a progress bar, if one is wanted; needs tqdm. Where standard error is no terminal, or cannot
            be written to, there is none.
        compiled: Record the model once and replay it over the batches, many times faster: losses differ from those of
            eager training by rounding alone. What `fit` would train eagerly, with a warning, is refused here.

    Returns:
        The history. Ctrl-C (KeyboardInterrupt) ends training and returns it too, marked `interrupted`.

    Raises:
        ImportError: a progress bar is wanted and tqdm is not installed.
        RecordingError: with `compiled`, the model cannot be recorded: it reads a number out of a Value, say.
        TypeError: `loss` is no function, or does not give a Value.
        ValueError: the lengths differ, there are no samples, or a size is below 1.

    >>> from nn import MLP, SGD, hinge, make_moons
    >>> points, labels = make_moons(50, rng=1)
    >>> def trained(**options):
    ...     model = MLP(2, [8, 1], rng=1)
    ...     return train(model, points, labels, hinge, SGD(model.parameters(), lr=0.5), epochs=20, **options).loss
    >>> losses = trained()
    >>> losses[-1] < losses[0]
    True
    >>> max(abs(a - b) for a, b in zip(trained(compiled=True), losses)) < 1e-12
    True
    """
    if not callable(loss):
        raise TypeError(f"train: loss is {brief(loss)}; it is a function of scores and labels, such as nn.hinge")
    as_size(epochs, "train: epochs")
    require_as_many(as_list(xs, "train: xs"), as_list(ys, "train: ys"), "train", ("samples", "labels"))
    asked = Asked(
        epochs=epochs, batch_size=batch_size, callbacks=None if callback is None else EachEpoch(callback),
        schedule=schedule, compiled=compiled, seed=rng, what="train", required=compiled,
    )  # fmt: skip
    run = Run(model, (xs, ys), loss, optimiser, None, None, asked)
    return run(Bar(progress, asked.epochs))


class EachEpoch:
    """A callback of the history, after each epoch.

    Args:
        callback: What is called; what it gives back does not matter.
    """

    per = "epoch"

    def __init__(self, callback: Callable[[History], object]) -> None:
        self.callback = callback

    def __call__(self, record: Record) -> None:
        """Tell it."""
        self.callback(record.history)
