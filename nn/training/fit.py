"""Training with everything around it: `fit` is the four steps of training, again and again."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from math import isfinite, sqrt
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Value, no_grad, values_to_vector
from nn.chance import Feed, as_generator, fed_by, state_of, to_state
from nn.checks import as_size, number_of, require_as_many
from nn.data.splits import split
from nn.modules.module import Module
from nn.prediction.labels import Labels, family_of
from nn.prediction.predict import evaluating, keep_labels
from nn.recording.samples import Samples, listed
from nn.recording.scorer import Scorer
from nn.recording.stepper import Outcome, Stepper
from nn.training.asked import (
    as_batch,
    as_callbacks,
    as_data,
    as_loss,
    as_metrics,
    as_optimiser,
    as_rates,
    as_validation,
    cuts,
)
from nn.training.blame import blamed_gradient, blamed_loss
from nn.training.callbacks import Record, StopTraining
from nn.training.checkpoint import Checkpoint
from nn.training.history import History
from nn.training.progress import Bar

__all__ = ["fit"]


def fit(
    model: Callable[[Any], Any],
    data: Any,
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
) -> History:
    """Train a model in place, compiled where it can be, and tell how it went.

    Around the four steps of training, which are forward, loss, backward and update, there is no more than this says.

    Args:
        model: Maps a sample to its score, a Value; or to a list or array of them. With a batch norm in it, all samples
            of a batch to all scores.
        data: `(xs, ys)`: lists, arrays or DataFrames; or an iterable of batches, each `(xs, ys)`, such as `nn.Batches`.
        loss: A function of the scores and labels of a batch, or the name of one of nn's; None takes one that suits the
            labels: `cross_entropy` for several scores, `binary_cross_entropy_with_logits` for one, `hinge` for
            labels -1 and 1, `mse` for numbers.
        optimizer: An optimiser, its name, or its class; None is Adam with a rate of 0.01.
        epochs: How often every sample is seen.
        batch_size: Samples in a step, drawn without replacement; None takes all of them, in the order given.
        validation: `(xs, ys)` to validate by after each epoch, or the share of the data for it.
        metrics: Names (see `nn.metrics`), or functions of true and predicted labels; in a list, or a dict by name.
            None takes the accuracy for classes.
        callbacks: Functions of a `Record`, called after each step (or epoch: see `nn.training.callbacks`).
        schedule: Maps the number of an epoch, from 0, to its learning rate: a function, or one of nn's schedules.
        per: "step" has the schedule called with the number of the step.
        compiled: Whether to record the model and replay it. Where that cannot be, a warning says why, and training is
            eager.
        threads: Over how many threads a compiled batch is spread; None takes all processors.
        progress: Whether to show a bar, with tqdm, where standard error is a terminal; text is its title.
        seed: Of the order of samples and the masks of dropout: None for Python's global generator, an int, a
            `random.Random` or a `numpy.random.Generator`.
        checkpoint: A file to keep the run in.
        every: How often: a number of steps, or a time such as "5 minutes"; None is each epoch.
        resume: Whether to go on from the checkpoint, if there is one. The run then ends with the same numbers, bit for
            bit, as if it had not been ended before; one that was finished is given back.
        diagnose: Whether to keep what `nn.diagnose` measures, epoch by epoch.
        clip_norm: The longest that a gradient may be; a longer one is shortened.
        clip_value: What the numbers of a gradient are cut to, on both sides of 0.
        accumulate: How many batches make a step: the mean of their gradients.

    Returns:
        The history. Ctrl-C, a callback, or a loss that is not finite end training early; `history.stopped` says which.
        Then, as ever, the model is as after the last good step.

    Raises:
        TypeError: an argument is not of its kind; the loss gives no Value.
        ValueError: one is out of range; lengths differ, there are no samples; the checkpoint is of another run.
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
    run = Run(
        model, data, loss, optimizer, as_size(epochs, "fit: epochs"), batch_size, validation, metrics, callbacks,
        schedule, per, compiled, threads, seed, diagnose,
        Limits(clip_norm, clip_value), as_size(accumulate, "fit: accumulate"),
        None if checkpoint is None else Checkpoint(checkpoint, every),
    )  # fmt: skip
    if resume and run.checkpoint is None:
        raise ValueError("fit: resume=True needs the path of a checkpoint: checkpoint=...")
    if resume:
        run.resume()
    return run(progress)


class Limits:
    """How long a gradient may be.

    Args:
        norm: Of all its numbers; None for no limit.
        value: Of each.

    Raises:
        TypeError, ValueError: one is no positive number.

    >>> Limits(1.0, None)(np.array([3.0, 4.0]), 5.0).round(6).tolist()
    [0.6, 0.8]
    """

    def __init__(self, norm: float | None, value: float | None) -> None:
        for name, limit in (("clip_norm", norm), ("clip_value", value)):
            if limit is not None and not (isinstance(limit, (int, float)) and 0.0 < limit < float("inf")):
                raise ValueError(f"fit: {name} is {limit!r}; it is a positive number, or None")
        self.norm, self.value = norm, value

    def __call__(self, gradient: Any, norm: float) -> Any:
        """A gradient of some length within the limits."""
        if self.value is not None:
            gradient = np.clip(gradient, -self.value, self.value)
            norm = sqrt(gradient @ gradient)
        if self.norm is not None and norm > self.norm:
            gradient = gradient * (self.norm / (norm + 1e-6))  # PyTorch's way to be safe
        return gradient


class Run:
    """A run of training, from its first step to its last; arguments as of `fit`.

    Attributes:
        theta: The numbers of the parameters, a vector.
    """

    def __init__(
        self, model: Any, data: Any, loss: Any, optimizer: Any, epochs: int, batch_size: Any, validation: Any,
        metrics: Any, callbacks: Any, schedule: Any, per: str, compiled: bool, threads: Any, seed: Any, diagnose: bool,
        limits: Limits, accumulate: int, checkpoint: Checkpoint | None,
    ) -> None:  # fmt: skip
        if not callable(model):
            raise TypeError(
                f"fit: model: expected something that can be called on a sample, got {type(model).__name__}"
            )
        if per not in ("epoch", "step"):
            raise ValueError(f'fit: per is {per!r}; a schedule goes by "epoch" or by "step"')
        self.model, self.epochs, self.per, self.diagnose = model, epochs, per, diagnose
        self.compiled, self.threads, self.limits, self.accumulate = compiled, threads, limits, accumulate
        self.size = None if batch_size is None else as_size(batch_size, "fit: batch_size")
        self.source = as_generator(seed)
        self.checkpoint, self.callbacks, self.schedule = checkpoint, as_callbacks(callbacks), as_rates(schedule)
        asked = as_data(data, epochs)
        self.batches = asked.batches
        held = as_validation(validation)
        xs, ys = asked.xs, asked.ys
        first: tuple[Any, Any] | None = None
        if self.batches is not None:
            if isinstance(held, float):
                raise ValueError("fit: a share for validation is taken of (xs, ys), not of batches: give its samples")
            first = next(iter(self.batches), None) if iter(self.batches) is not self.batches else None
            if first is None and iter(self.batches) is not self.batches:
                raise ValueError("fit: data: there are no batches")
            xs, ys = as_batch(first, 0) if first is not None else ([], [])
        self.given = Samples(ys, "labels")
        self.xs = Samples(xs, "samples")
        if self.batches is None:
            require_as_many(self.xs, self.given, "fit", ("samples", "labels"))
        family = (
            family_of(loss)
            if callable(loss)
            else family_of(as_loss(loss, Labels("other"), float))
            if isinstance(loss, str)
            else ""
        )
        self.labels = Labels.of(self._all_labels(ys, held), family)
        self.optimizer = as_optimiser(optimizer, model)
        self.loss = as_loss(loss, self.labels, self._first_score)
        if loss is None:
            self.labels = Labels.of(self._all_labels(ys, held), family_of(self.loss))
        if isinstance(held, float):
            held = self._hold_out(held)
        self.metrics = as_metrics(metrics, self.labels)
        self.validation = None if held is None else self._scorer(*held)
        self.parameters: list[Value] = list(self.optimizer.parameters)
        self.theta = self.good = values_to_vector(self.parameters)
        self.history = History()
        self.stepper = Stepper(
            model, self.loss, self.xs, self._encoded(self.given), self.parameters, self.source, compiled, threads
        )
        self._begin()

    def _begin(self) -> None:
        """As before the first step."""
        self.epoch = self.step = self.place = 0
        self.order: list[int] | None = None
        self.state_at_epoch: Any = None
        self.losses: list[float] = []
        self.weights: list[int] = []
        self.norms: list[float] = []
        self.scores: list[Any] = []
        self.truth: list[Any] = []
        for callback in self.callbacks:
            if hasattr(callback, "begin"):
                callback.begin()

    # --- data --------------------------------------------------------------------------------------------------------

    def _all_labels(self, ys: Any, held: Any) -> list[Any]:
        """All labels that are known from the beginning."""
        found = Samples(ys, "labels").some(range(len(Samples(ys, "labels"))))
        if self.batches is not None and iter(self.batches) is not self.batches:
            found = [y for k, batch in enumerate(self.batches) for y in listed_labels(as_batch(batch, k)[1])]
        if isinstance(held, tuple):
            found = [*found, *listed_labels(held[1])]
        return found

    def _first_score(self) -> Any:
        """What the model says of the first sample."""
        with no_grad(), evaluating(self.model), fed_by(Feed(self.source)):
            return listed(self.model(self.xs[0]))

    def _hold_out(self, share: float) -> tuple[Any, Any]:
        """Part with a share of the samples, of each class alike."""
        xs, ys = self.xs.some(range(len(self.xs))), self.given.some(range(len(self.given)))
        kept, held, _ = split(
            xs, ys, validation=share, test=0, stratified=self.labels.kind == "classes", rng=self.source
        )
        self.xs, self.given = Samples(kept[0], "samples"), Samples(kept[1], "labels")
        return held  # type: ignore[no-any-return]

    def _encoded(self, labels: Samples) -> Samples:
        """Labels as the loss takes them."""
        if self.labels.plain:
            return labels
        return Samples(self.labels.encoded(labels.some(range(len(labels)))), "labels")

    def _scorer(self, xs: Any, ys: Any) -> "Judge":
        samples, labels = Samples(xs, "validation samples"), Samples(ys, "validation labels")
        require_as_many(samples, labels, "fit: validation", ("samples", "labels"))
        return Judge(self, samples, labels)

    # --- the run -----------------------------------------------------------------------------------------------------

    def __call__(self, progress: bool | str) -> History:
        """Make all steps that are left."""
        history = self.history
        before = history.seconds
        start = perf_counter()
        bar = shown_bar(progress, self.epochs, self.epoch)
        record: Record | None = None
        try:
            bad = self._not_finite()
            if bad:
                self._stop(bad, warn=True)
            while not history.stopped and self.epoch < self.epochs:
                began = perf_counter()
                for record in self._steps_of_epoch():
                    history.seconds = before + perf_counter() - start
                    self._tell(record, "step")
                if history.stopped:
                    break
                self._end_epoch(perf_counter() - began, record)
                history.seconds = before + perf_counter() - start
                bar.update(self._in_short())
        except KeyboardInterrupt:
            history.interrupted = True
            history.stopped = "interrupted"
        except StopTraining as stop:
            history.stopped = str(stop) or "by a callback"
        finally:
            bar.close()
            self._settle()
        if record is not None:
            for callback in self.callbacks:
                if hasattr(callback, "end"):
                    callback.end(record)
        history.seconds = before + perf_counter() - start
        history.nodes, history.way, history.why = self.stepper.nodes, self.stepper.way, self.stepper.why
        keep_labels(self.model, self.labels)
        if self.checkpoint is not None and not history.interrupted and record is not None:
            self.theta = values_to_vector(self.parameters)
            self.checkpoint.write(self.state())
        return history

    def _settle(self) -> None:
        """Have the Values hold what was trained."""
        self.stepper.task.forget()
        self.stepper.task.hold(self.theta)

    def _not_finite(self) -> str:
        """Which number of the data is not finite; "" if all are."""
        for things, what in ((self.xs, "sample"), (self.given, "label")):
            found = things.first_not_finite()
            if found is not None:
                i, place = found
                where = f", number {', '.join(map(str, place))}" if place else ""
                return f"{what} {i}{where} is nan or infinite: leave it out, or fill it in"
        return ""

    def _stop(self, why: str, warn: bool = False) -> None:
        self.history.stopped = why
        if warn:
            warnings.warn(f"fit: stopped: {why}", stacklevel=5)

    def _steps_of_epoch(self) -> Iterator[Record]:
        """Make the steps that are left of an epoch; after each there is a record."""
        if self.per == "epoch" and self.place == 0:
            self._schedule(self.epoch)
        refresh = getattr(self.optimizer, "refresh", None)
        if refresh is not None:
            refresh()
        frozen = [k for k, p in enumerate(self.parameters) if p.is_constant]
        pending: list[tuple[Any, int]] = []
        batches = self._batches()
        for last, (batch, place) in with_last(batches):
            if self.per == "step" and not pending:
                self._schedule(self.step)
            outcome = self._outcome(batch)
            if self.history.stopped:
                return
            gradient = outcome.gradient
            if frozen:
                gradient[frozen] = 0.0
            norm = self._norm(gradient)
            if not self._is_good(outcome, norm, batch):
                return
            self.losses.append(outcome.loss)
            self.weights.append(len(batch))
            if self.metrics:
                self.scores.append(outcome.scores)
                self.truth.append(self.given.some(batch))
            pending.append((gradient, len(batch)))
            self.place = place
            if len(pending) < self.accumulate and not last:
                continue
            if len(pending) > 1:
                gradient = mean_of(pending)
                norm = self._norm(gradient)
            pending = []
            self.norms.append(norm)
            self._update(gradient, norm, batch)
            self.step += 1
            record = Record(
                self.model, (LazySamples(self.xs, batch), LazySamples(self.given, batch)),  # type: ignore[arg-type]
                outcome.loss, self.optimizer, self.history, self.epoch, self.step - 1, norm, last,
            )  # fmt: skip
            self.history.steps = self.step
            if self.checkpoint is not None and not last and self.checkpoint.is_due(self.step, False):
                self.checkpoint.write(self.state())
            yield record

    def _norm(self, gradient: Any) -> float:
        with np.errstate(all="ignore"):
            return sqrt(square) if (square := float(gradient @ gradient)) == square else square

    def _batches(self) -> Iterator[tuple[Any, int]]:
        """The batches that are left of an epoch, each with the number of what comes after it."""
        if self.batches is not None:
            yield from self._given_batches()
            return
        n = len(self.xs)
        if self.order is None:
            if self.size is None:
                self.order = list(range(n))
            else:
                self.order = list(range(n))
                self.source.shuffle(self.order)
        everything: Sequence[int] = range(n) if self.size is None else self.order
        at = self.place
        for cut in cuts(everything[at:] if at else everything, self.size):
            at += len(cut)
            yield cut, at

    def _given_batches(self) -> Iterator[tuple[Any, int]]:
        """The same, where data are batches: the samples of one take the place of those of the last."""
        skip = self.place
        for k, batch in enumerate(self.batches):
            if k < skip:
                continue
            xs, ys = as_batch(batch, k)
            self.xs, self.given = Samples(xs, f"batch {k}: samples"), Samples(ys, f"batch {k}: labels")
            require_as_many(self.xs, self.given, f"fit: batch {k}", ("samples", "labels"))
            self.stepper.turn_to(self.xs, self._encoded(self.given))
            if bad := self._not_finite():
                self._stop(f"batch {k}: {bad}", warn=True)
                return
            yield range(len(self.xs)), k + 1

    def _schedule(self, t: int) -> None:
        """Set the learning rate, if there is a schedule."""
        schedule = self.schedule
        if schedule is None or getattr(schedule, "needs_metric", False):
            return
        if getattr(schedule, "optimizer", None) is not None:
            schedule.apply(t)
        else:
            self.optimizer.lr = schedule(t)

    def _outcome(self, batch: Any) -> Outcome:
        """Forward, loss and backward."""
        if hasattr(self.optimizer, "update_with"):  # it asks for losses as often as it likes
            return self.stepper(self.theta, batch)
        return self.stepper(self.theta, batch)

    def _update(self, gradient: Any, norm: float, batch: Any) -> None:
        """The update: the optimiser moves the parameters."""
        self.good = self.theta
        if hasattr(self.optimizer, "update_with"):

            def evaluate(theta: Any) -> tuple[float, Any]:
                found = self.stepper(theta, batch)
                return found.loss, found.gradient

            self.theta = self.optimizer.update_with(evaluate, self.theta)
            return
        if self.limits.norm is not None or self.limits.value is not None:
            gradient = self.limits(gradient, norm)
        self.theta = self.optimizer.update(self.theta, gradient)

    def _is_good(self, outcome: Outcome, norm: float, batch: Any) -> bool:
        """Whether loss and gradient are finite; if not, training stops, with the last weights that gave one."""
        if isfinite(outcome.loss) and (isfinite(norm) or np.isfinite(outcome.gradient).all()):
            return True
        self.stepper.task.forget()
        self.stepper.task.hold(self.theta)
        if isfinite(outcome.loss):
            what = f"its gradient is not finite: {blamed_gradient(self._module(), self.parameters, outcome.gradient)}"
        else:
            what = f"the loss is {outcome.loss}"
            with suppress(Exception), fed_by(Feed(self.source)), np.errstate(all="ignore"):
                objective, outputs = self.stepper.task.objective(batch)
                what += f": {blamed_loss(self.model, outputs, objective, batch)}"
        self.theta = self.good
        self._stop(
            f"step {self.step + 1} (epoch {self.epoch + 1}): {what}; the weights before it are kept; a smaller learning "
            f"rate than {self.optimizer.lr:g}, clip_norm, or a loss made of logits may help",
            warn=True,
        )
        return False

    def _module(self) -> Any:
        return self.model if isinstance(self.model, Module) else None

    def _tell(self, record: Record, per: str) -> None:
        """Call the callbacks that go by steps, or by epochs."""
        mine = [c for c in self.callbacks if (getattr(c, "per", "step") == "epoch") == (per == "epoch")]
        if not mine:
            return
        self._settle()
        record.batch = tuple(list(part) for part in record.batch)  # type: ignore[assignment]
        ended = ""
        for callback in mine:
            if callback(record) is True:
                ended = f"by {getattr(callback, '__name__', type(callback).__name__)}"
        self.theta = values_to_vector(self.parameters)  # which a callback may have set
        self.stepper.task.forget()
        if ended:
            raise StopTraining(ended)

    # --- the end of an epoch -----------------------------------------------------------------------------------------

    def _end_epoch(self, seconds: float, record: Record | None) -> None:
        history = self.history
        total = sum(self.weights)
        history.loss.append(sum(x * w for x, w in zip(self.losses, self.weights, strict=True)) / total)
        history.learning_rates.append(self.optimizer.lr)
        history.gradient_norms.append(sum(self.norms) / len(self.norms))
        if self.metrics:
            truth = [y for part in self.truth for y in part]
            self._note("", truth, together(self.scores))
        if self.validation is not None:
            self._settle()
            loss, scores = self.validation.loss_and_scores(self.theta)
            history.validation_losses.append(loss)
            if self.metrics:
                self._note("validation ", self.validation.truth, scores)
        if self.diagnose:
            self._settle()
            history.diagnoses.append(self._measured())
        history.times.append(seconds)
        if self.labels.kind == "classes" and "accuracy" in history.metrics:
            history.accuracy = history.metrics["accuracy"]
        if getattr(self.schedule, "needs_metric", False):
            self.schedule.step(history.validation_losses[-1] if self.validation is not None else history.loss[-1])
            if getattr(self.schedule, "optimizer", None) is None:
                self.optimizer.lr = self.schedule(self.epoch)
        self.epoch += 1
        self.place, self.order = 0, None
        self.losses, self.weights, self.norms, self.scores, self.truth = [], [], [], [], []
        if record is not None:
            record.last_of_epoch = True
            self._tell(record, "epoch")
        if self.checkpoint is not None and self.checkpoint.is_due(self.step, True) and self.epoch < self.epochs:
            self.checkpoint.write(self.state())

    def _note(self, prefix: str, truth: list[Any], scores: Any) -> None:
        """Take the metrics of an epoch down."""
        predicted: Any = None
        for name, metric in self.metrics.items():
            if metric.takes == "scores":
                number = metric.function(truth, flat_scores(scores))
            elif metric.takes == "probabilities":
                number = metric.function(truth, self.labels.probabilities(scores))
            else:
                if predicted is None:
                    predicted = self._predicted(scores)
                number = metric.function(truth, predicted)
            if hasattr(number, "item"):
                number = number.item()
            self.history.metrics.setdefault(prefix + name, []).append(number)

    def _predicted(self, scores: Any) -> list[Any]:
        if self.labels.kind == "classes" or not isinstance(scores, list):
            return self.labels.decided(np.asarray(scores)) if not isinstance(scores, list) else scores
        return scores

    def _measured(self) -> Any:
        """What a diagnosis measures on the first samples."""
        some = range(min(len(self.xs), 64))
        batch = self.xs.some(some), self.stepper.task.labels.some(some)
        from nn.diagnosis.measuring import measure

        return measure(self.model, batch, self.loss, getattr(self.optimizer, "own", self.optimizer))

    def _in_short(self) -> str:
        history = self.history
        texts = [f"loss {history.loss[-1]:.4g}"]
        if history.validation_losses:
            texts.append(f"validation {history.validation_losses[-1]:.4g}")
        for name, numbers in history.metrics.items():
            if isinstance(numbers[-1], (int, float)) and not name.startswith("validation "):
                texts.append(f"{name} {numbers[-1]:.1%}" if name == "accuracy" else f"{name} {numbers[-1]:.4g}")
        return ", ".join(texts)

    # --- checkpoints -------------------------------------------------------------------------------------------------

    def _sources(self) -> list[Any]:
        """Where random numbers come from: that of the run, and those that modules have for themselves."""
        own = [getattr(part, "rng", None) for part in self.model.modules()] if isinstance(self.model, Module) else []
        found = {id(s): s for s in (self.source, *own) if hasattr(s, "getstate")}
        return list(found.values())

    def _buffers(self) -> list[Value]:
        return self.model.buffers() if isinstance(self.model, Module) else []

    def _kind(self) -> dict[str, Any]:
        """What must be the same for a run to go on."""
        return {
            "parameters": len(self.parameters), "samples": None if self.batches is not None else len(self.xs),
            "batch_size": self.size, "loss": str(getattr(self.loss, "__name__", type(self.loss).__name__)),
            "optimizer": type(getattr(self.optimizer, "own", self.optimizer)).__name__,
        }  # fmt: skip

    def state(self) -> dict[str, Any]:
        """All that the steps to come depend on, and the history so far, as plain data."""
        history = {f.name: getattr(self.history, f.name) for f in fields(History)}
        return {
            "kind": self._kind(), "epoch": self.epoch, "step": self.step, "place": self.place, "order": self.order,
            "theta": self.theta.tolist(), "good": self.good.tolist(), "buffers": [b.data for b in self._buffers()],
            "optimizer": self.optimizer.state_dict() if hasattr(self.optimizer, "state_dict") else None,
            "schedule": self.schedule.state_dict() if hasattr(self.schedule, "state_dict") else None,
            "callbacks": [c.state_dict() if hasattr(c, "state_dict") else None for c in self.callbacks],
            "sources": [state_of(s) for s in self._sources()], "losses": self.losses, "weights": self.weights,
            "norms": self.norms, "scores": [plain_scores(s) for s in self.scores], "truth": self.truth,
            "history": history, "nodes": self.stepper.nodes,
        }  # fmt: skip

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one.

        Raises:
            OSError, ValueError: it cannot be read, is damaged, or of another run.
        """
        assert self.checkpoint is not None
        state = self.checkpoint.read()
        if state is None:
            return
        path, mine = self.checkpoint.path, self._kind()
        try:
            differing = [key for key in mine if state["kind"][key] != mine[key]]
            if differing:
                said = ", ".join(f"{key} {state['kind'][key]} there, {mine[key]} here" for key in differing)
                raise ValueError(f"{path} is a checkpoint of another run: {said}")
            self._take_up(state)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} is no checkpoint that can be gone on from: {error!r}") from error

    def _take_up(self, state: Mapping[str, Any]) -> None:
        if state["optimizer"] is not None:
            self.optimizer.load_state_dict(state["optimizer"])
        if state["schedule"] is not None:
            self.schedule.load_state_dict(state["schedule"])
        for callback, kept in zip(self.callbacks, state["callbacks"], strict=True):
            if kept is not None:
                callback.load_state_dict(kept)
        for source, kept in zip(self._sources(), state["sources"], strict=True):
            to_state(source, kept)
        for b, number in zip(self._buffers(), state["buffers"], strict=True):
            b.data = number
        self.theta, self.good = np.array(state["theta"], dtype=float), np.array(state["good"], dtype=float)
        self.epoch, self.step, self.place, self.order = (state[key] for key in ("epoch", "step", "place", "order"))
        self.losses, self.weights, self.norms, self.truth = (
            list(state[key]) for key in ("losses", "weights", "norms", "truth")
        )
        self.scores = [
            np.array(s["numbers"], dtype=float).reshape(s["shape"]) if isinstance(s, dict) else s
            for s in state["scores"]
        ]
        self.history = History(**state["history"])
        if self.epoch < self.epochs:  # it was told to go on
            self.history.interrupted, self.history.stopped = False, ""
        if self.labels.kind == "classes" and "accuracy" in self.history.metrics:
            self.history.accuracy = self.history.metrics["accuracy"]
        self.stepper.nodes = state["nodes"]
        self._settle()


class Judge:
    """Samples to validate by.

    Args:
        run: Of which they are.
        samples, labels: As they were given.
    """

    def __init__(self, run: Run, samples: Samples, labels: Samples) -> None:
        self.run, self.samples = run, samples
        self.truth = labels.some(range(len(labels)))
        self.wanted = run.labels.encoded(self.truth) if not run.labels.plain else self.truth
        self._scorer: Scorer | None = None

    def loss_and_scores(self, theta: Any) -> tuple[float, Any]:
        """The loss of all of them, the model being as after `eval()`, and their scores."""
        run = self.run
        if self._scorer is None:
            eagerly = not run.compiled or run.stepper.way in ("eager", "")
            self._scorer = Scorer(run.model, self.samples, run.parameters, not eagerly, run.threads)
        with no_grad(), evaluating(run.model), fed_by(Feed(run.source)):
            scores = self._scorer(theta)
            return number_of(run.loss(scores.tolist() if hasattr(scores, "tolist") else scores, self.wanted)), scores


class LazySamples:
    """Some samples, made when first looked at."""

    def __init__(self, samples: Samples, places: Any) -> None:
        self._samples, self._places = samples, places

    def __iter__(self) -> Iterator[Any]:
        return iter(self._samples.some(self._places))


def mean_of(pending: list[tuple[Any, int]]) -> Any:
    """The mean of gradients, each as much as its batch has samples."""
    total = sum(n for _, n in pending)
    return sum(gradient * (n / total) for gradient, n in pending)


def together(parts: list[Any]) -> Any:
    """The scores of all batches: an array where they are of one shape, else a list."""
    if all(isinstance(part, np.ndarray) for part in parts) and len({part.shape[1:] for part in parts}) == 1:
        return np.concatenate(parts)
    return [plain_row(row) for part in parts for row in part]


def flat_scores(scores: Any) -> Any:
    """Scores as metrics take them: a list of one is its number."""
    if isinstance(scores, np.ndarray) and scores.ndim == 2 and scores.shape[1] == 1:
        return scores[:, 0]
    return scores


def plain_row(row: Any) -> Any:
    """A score without arrays."""
    return row.tolist() if hasattr(row, "tolist") else row


def plain_scores(scores: Any) -> Any:
    """The scores of a batch as plain data."""
    if isinstance(scores, np.ndarray):
        return {"shape": list(scores.shape), "numbers": scores.ravel().tolist()}
    return [plain_row(row) for row in scores]


def listed_labels(ys: Any) -> list[Any]:
    """Labels in a list."""
    samples = Samples(ys, "labels")
    return samples.some(range(len(samples)))


def with_last(items: Iterator[Any]) -> Iterator[tuple[bool, Any]]:
    """Items, each with whether it is the last.

    >>> list(with_last(iter("ab")))
    [(False, 'a'), (True, 'b')]
    """
    held = next(items, None)
    while held is not None:
        following = next(items, None)
        yield following is None, held
        held = following


def shown_bar(progress: bool | str, epochs: int, done: int) -> Bar:
    """A bar, if one is wanted; without tqdm there is none."""
    title = progress if isinstance(progress, str) else "fit" if progress else ""
    try:
        bar = Bar(title, epochs)
    except ImportError:
        bar = Bar("", epochs)
    for _ in range(done):
        bar.update("")
    return bar


PlainMapping = Mapping[str, Any]
