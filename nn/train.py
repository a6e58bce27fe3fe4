"""Training, in the open: forward, loss, backward, step; and asking a trained model without recording a graph."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from autograd import Value, no_grad, topological_order
from autograd.border.wording import brief
from nn.checks import as_generator, as_list, as_size, number_of, require_as_many
from nn.data import minibatches
from nn.optim import SGD
from nn.passes import CompiledPasses, Passes
from nn.progress import Bar

__all__ = ["History", "decide", "evaluate", "predict", "train"]


@dataclass
class History:
    """What happened in training, epoch by epoch.

    Attributes:
        loss: Mean loss of each epoch's steps, each before its step.
        accuracy: Share of samples decided rightly in each epoch, each before its step; between 0 and 1.
        nodes: Nodes in the graph of the first step's loss, which is made in compiled training too.
        seconds: Time spent.
        interrupted: Whether Ctrl-C ended it early. The lists then cover the epochs that were completed.

    >>> History(loss=[0.5, 0.25]).epochs
    2
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    nodes: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.loss)


def train(
    model: Callable[[Any], Any],
    xs: Sequence[Any],
    ys: Sequence[Any],
    loss: Callable[[list[Any], list[Any]], Any],
    optimiser: SGD,
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
        ys: Labels, as many: -1 and 1, or the index of a class.
        loss: Maps the scores and labels of a batch to a Value.
        optimiser: Holds the model's parameters.
        epochs: How often every sample is seen.
        batch_size: Samples in a step, drawn without replacement; None takes all of them, in the order given.
        schedule: Maps the number of an epoch, from 0, to its learning rate.
        rng: An int seed or a random.Random for the order of samples; None takes Python's global generator.
        callback: Called with the history after each epoch.
        progress: Title of a progress bar, if one is wanted; needs tqdm. Where standard error is no terminal, or cannot
            be written to, there is none.
        compiled: Record the model once and replay it over the batches, several times faster. The first step is made as
            ever; after it, losses differ from those of eager training by rounding alone. Parameters are read anew in
            each step, but all else in the model stays what it was when it was recorded: leave this False if the model
            draws random numbers (dropout), keeps a state, or is changed by `callback`. Samples must be numbers, or
            lists, tuples or arrays of numbers, all of one shape. `loss` is called as ever, and may do anything; the
            scores that it is given are leaves.

    Returns:
        The history. Ctrl-C (KeyboardInterrupt) ends training and returns it too, marked `interrupted`.

    Raises:
        ImportError: a progress bar is wanted and tqdm is not installed.
        RecordingError: with `compiled`, the model reads a number out of a Value, or otherwise cannot be recorded.
        TypeError: `loss` is no function, or does not give a Value; with `compiled`, the samples are not numbers.
        ValueError: the lengths differ, there are no samples, or a size is below 1; with `compiled`, the samples differ
            in shape, or the model gives other scores when it is called again.

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
    epochs = as_size(epochs, "train: epochs")
    samples, labels = as_list(xs, "train: xs"), as_list(ys, "train: ys")
    require_as_many(samples, labels, "train", ("samples", "labels"))
    size = None if batch_size is None else as_size(batch_size, "train: batch_size")
    source = as_generator(rng)
    passes = (CompiledPasses if compiled else Passes)(model, samples)
    everything = range(len(samples))
    bar = Bar(progress, epochs)
    history = History()
    start = perf_counter()
    try:
        for epoch in range(epochs):
            if schedule is not None:
                optimiser.lr = schedule(epoch)
            batches = [(everything, labels)] if size is None else minibatches(everything, labels, size, source)
            losses: list[float] = []
            right = 0
            for batch, wanted in batches:
                scores = passes.forward(batch)
                objective = loss(scores, wanted)
                if not isinstance(objective, Value):
                    raise TypeError(f"train: loss(scores, labels) gave a {type(objective).__name__}; expected a Value")
                if not history.nodes:
                    order = topological_order(objective)
                    history.nodes = len(order)
                    warn_if_strange(optimiser, order)
                optimiser.zero_grad()
                objective.backward()
                passes.backward()
                optimiser.step()
                losses.append(objective.data)
                right += count_right(scores, wanted)
            history.loss.append(sum(losses) / len(losses))
            history.accuracy.append(right / len(samples))
            history.seconds = perf_counter() - start
            bar.update(f"loss {history.loss[-1]:.4f}, accuracy {history.accuracy[-1]:.1%}")
            if callback is not None:
                callback(history)
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        bar.close()
    history.seconds = perf_counter() - start
    return history


def warn_if_strange(optimiser: SGD, order: Sequence[Value]) -> None:
    """Warn if nothing that the optimiser moves is in a loss's graph: it may hold another model's parameters."""
    found = set(map(id, order))
    if not any(id(p) in found for p in optimiser.parameters):
        warnings.warn(
            "train: the first loss depends on none of the optimiser's parameters, so training will not change it: "
            "give the optimiser model.parameters()",
            stacklevel=3,
        )


def decide(score: Any) -> int:
    """What a model's output says: the index of the largest of several scores, else the sign of the one score.

    A tie goes to the first class; a score of 0 to -1.

    >>> decide([0.1, 2.0, -1.0]), decide(Value(-0.3))
    (1, -1)
    """
    if isinstance(score, (list, tuple)):
        return score.index(max(score))
    if getattr(score, "shape", ()):
        return decide(score.tolist())
    return 1 if score > 0.0 else -1


def predict(model: Callable[[Any], Any], xs: Iterable[Any]) -> list[int]:
    """What the model decides for each sample. Records no graph.

    >>> predict(lambda x: x[0] - x[1], [[1.0, 2.0], [3.0, 1.0]])
    [-1, 1]
    """
    with no_grad():
        return [decide(model(x)) for x in xs]


def evaluate(
    model: Callable[[Any], Any], xs: Sequence[Any], ys: Sequence[Any], loss: Callable[[list[Any], list[Any]], Any]
) -> tuple[float, float]:
    """The loss over these samples, and the share that is decided rightly. Records no graph, changes nothing.

    Raises:
        ValueError: the lengths differ, or there are no samples.

    >>> from nn import hinge
    >>> evaluate(lambda x: x[0], [[2.0], [0.5]], [1, -1], hinge)
    (0.75, 0.5)
    """
    samples, labels = as_list(xs, "evaluate: xs"), as_list(ys, "evaluate: ys")
    require_as_many(samples, labels, "evaluate", ("samples", "labels"))
    with no_grad():
        scores = [model(x) for x in samples]
        found = loss(scores, labels)
    return number_of(found), count_right(scores, labels) / len(samples)


def count_right(scores: Iterable[Any], labels: Iterable[int]) -> int:
    """How many scores say what their labels say.

    >>> count_right([0.3, -0.2], [1, 1])
    1
    """
    return sum([decide(score) == label for score, label in zip(scores, labels, strict=True)])
