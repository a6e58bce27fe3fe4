"""Training with everything around it: `fit` is the four steps of training, again and again."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from nn.checks import silenced
from nn.ranks.ranks import Ranks
from nn.training.asked import Asked
from nn.training.checkpoint import Checkpoint
from nn.training.gradients import Limits
from nn.training.history import History
from nn.training.kept import resume as take_up
from nn.training.kept import state_of_run
from nn.training.progress import Bar
from nn.training.run import Run
from nn.training.together import SharedRun, begin_alike

__all__ = ["fit"]


def fit(
    model: Callable[[Any], Any],
    data: Any,
    labels: Any = None,
    *,
    loss: Any = None,
    optimizer: Any = None,
    epochs: int = 10,
    batch_size: int | None = None,
    validation: Any = None,
    metrics: Any = None,
    callbacks: Any = None,
    schedule: Any = None,
    per: str = "epoch",
    compiled: bool = True,
    threads: int | None = None,
    progress: bool | str = True,
    seed: Any = None,
    checkpoint: str | os.PathLike[str] | None = None,
    every: Any = None,
    resume: bool = False,
    diagnose: bool = False,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    accumulate: int = 1,
    comm: Any = None,
) -> History:
    """Train a model in place, compiled where it can be, and tell how it went.

    Around the four steps of training, which are forward, loss, backward and update, there is no more than this says.

    Args:
        model: Maps a sample to its score, a Value; or to a list or array of them. With a batch norm in it, all samples
            of a batch to all scores.
        data: `(xs, ys)`: lists, arrays or DataFrames; or an iterable of batches, each `(xs, ys)`, such as `nn.Batches`.
        labels: The `ys`, if data are the `xs` alone. Text, bools and whole numbers of at most 20 values are classes (of
            0.0 and 1.0 too); a loss is given their indices, -1 and 1, or 0 and 1, as it takes them. Other numbers are
            what a regression is to find. Lists are sequences, or several numbers at once.
        loss: A function of the scores and labels of a batch, or the name of one of nn's; None takes one that suits the
            labels: `cross_entropy` for several scores, `binary_cross_entropy_with_logits` for one, `hinge` for
            labels -1 and 1, `mse` for numbers.
        optimizer: An optimiser, its name, or its class; None is Adam with a rate of 0.01.
        epochs: How often every sample is seen.
        batch_size: Samples in a step, drawn without replacement; None takes all of them, in the order given.
            Where it is more than there are, a step takes all.
        validation: `(xs, ys)` to validate by after each epoch, or the share of the data for it.
        metrics: Names (see `nn.metrics`), or functions of true and predicted labels; in a list, or a dict by name.
            None takes the accuracy for classes.
        callbacks: Functions of a `Record` (model, batch, loss, optimizer, history, epoch, step, gradient_norm), called
            after each step, or after each epoch where a callback has `per = "epoch"`. True ends training.
        schedule: Maps the number of an epoch, from 0, to its learning rate: a function, or one of nn's schedules.
        per: "step" has the schedule called with the number of the step.
        compiled: Whether to record the model and replay it. Where that cannot be, a warning says why, and training is
            eager.
        threads: Over how many threads a compiled batch is spread; None takes all processors.
        progress: Whether to show a bar, with tqdm, where standard error is a terminal; text is its title.
        seed: Of the order of samples and the masks of dropout, but for modules with an `rng` of their own: None for
            Python's global generator, an int, a `random.Random` or a `numpy.random.Generator`.
        checkpoint: A file to keep the run in.
        every: How often: a number of steps, or a time such as "5 minutes"; None is each epoch.
        resume: Whether to go on from the checkpoint, if there is one. The run then ends with the same numbers, bit for
            bit, as if it had not been ended before; one that was finished is given back.
        diagnose: Whether to keep what `nn.diagnose` measures, epoch by epoch.
        clip_norm: The longest that a gradient may be; a longer one is shortened.
        clip_value: What the numbers of a gradient are cut to, on both sides of 0.
        accumulate: How many batches make a step: the mean of their gradients.
        comm: Others that train the same model at the same time, each with a share of every batch: `MPI.COMM_WORLD` of
            mpi4py, or anything with `rank`, `size` and `Allreduce(send, recv)`. All give the same arguments. Losses are
            those of one alone, up to rounding. Progress, files, warnings and callbacks are those of rank 0 (a callback
            with `every_rank = True` is called on all); what ends one rank ends all of them in the same step. A loss of
            one's own without `terms`, or a batch norm, has each compute every batch as a whole.

    Returns:
        The history. Ctrl-C, a callback, or a loss that is not finite end training early; `history.stopped` says which.
        Then, as ever, the model is as after the last good step.

    Raises:
        TypeError: an argument is not of its kind; the loss gives no Value.
        ValueError: one is out of range; lengths differ, there are no samples; the checkpoint is of another run; ranks
            have other data, options, weights or versions.
        RuntimeError: another rank has raised something: which, and what.
        OSError: the checkpoint cannot be read. One that cannot be written is warned of.

    Warns:
        UserWarning: training is eager, and why; a number is not finite, and which; a checkpoint cannot be written.

    >>> from nn import MLP, make_moons, predict
    >>> model = MLP(2, [16, 16, 1], rng=1)
    >>> points, labels = make_moons(100, rng=1)
    >>> history = fit(model, (points, labels), epochs=100, optimizer="adam", seed=1, progress=False)
    >>> history.metrics["accuracy"][-1] > 0.95, history.way
    (True, 'rows')
    >>> predict(model, [(0.0, 1.0), (1.0, -0.5)])
    [-1, 1]
    """
    data = data if labels is None else (data, labels)
    kept = None if checkpoint is None else Checkpoint(checkpoint, every)
    if kept is None and (resume or every is not None):
        raise ValueError("fit: resume and every are of a checkpoint: give the path of one, checkpoint=...")
    ranks = Ranks.of(comm)
    ranks.watch.checkpoint = "" if kept is None else os.path.abspath(kept.path)
    with ranks.listening(), silenced() if not ranks.first else nullcontext():
        asked = Asked(
            epochs=epochs, batch_size=batch_size, callbacks=callbacks, schedule=schedule, per=per, compiled=compiled,
            threads=threads, seed=seed, checkpoint=kept, diagnose=diagnose, limits=Limits(clip_norm, clip_value),
            accumulate=accumulate, state_of=state_of_run,
        )  # fmt: skip
        arguments = model, data, loss, optimizer, validation, metrics, asked
        if ranks.many:
            begin_alike(asked, ranks)
        run = SharedRun(*arguments, ranks, resume) if ranks.many else Run(*arguments)
        if resume:
            take_up(run)
        title = progress if isinstance(progress, str) else "fit" if progress else ""
        return run(Bar(title if ranks.first else "", asked.epochs, run.epoch, required=False))
