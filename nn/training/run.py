"""A run of training: epochs of batches, and for each forward, loss, backward and update."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Value, no_grad, values_to_vector
from nn.chance import Feed, fed_by, state_of
from nn.checks import require_as_many, warn_user
from nn.data.splits import split
from nn.diagnosis.measures import measure
from nn.modules.module import Module
from nn.prediction.labels import Labels, family_of
from nn.prediction.predict import evaluating, keep_labels
from nn.recording.samples import Samples, listed
from nn.recording.stepper import Outcome, Stepper
from nn.training.asked import Asked, as_batch, as_data, as_loss, as_metrics, as_optimiser, as_validation, cuts
from nn.training.blame import blamed_gradient, blamed_loss
from nn.training.callbacks import Record, StopTraining
from nn.training.epoch import Epoch, Judge, Lazy, length, mean_of, measured_by, with_last
from nn.training.history import History
from nn.training.progress import Bar

__all__ = ["Run"]

MOST_DIAGNOSED = 64
"""So many samples are looked at for a diagnosis."""


class Run:
    """A run of training, from its first step to its last.

    Args:
        model, data, loss, optimizer, validation, metrics: As for `fit`.
        asked: The rest of what `fit` was asked for.

    Attributes:
        theta: The numbers of the parameters, a vector.
        good: Those at the last loss that was finite.
        epoch, step, place: Where it is: which epoch, how many steps were made, how far in the epoch.
        order: Of the samples in this epoch.
        begun: Where batches that are shuffled have their order from, as it was when the epoch began.
        split: Which samples are trained on and which are held out, if a share is.

    Raises:
        TypeError, ValueError: As of `fit`.
    """

    def __init__(
        self, model: Any, data: Any, loss: Any, optimizer: Any, validation: Any, metrics: Any, asked: Asked
    ) -> None:
        if not callable(model):
            raise TypeError(
                f"{asked.what}: model: expected something that can be called on a sample, got {type(model).__name__}"
            )
        self.model, self.asked, self.source = model, asked, asked.source
        found = as_data(data, asked.epochs)
        self.batches = found.batches
        held = as_validation(validation)
        xs, ys = found.xs, found.ys
        every: list[Any] = []
        if self.batches is not None:
            if isinstance(held, float):
                raise ValueError("fit: a share for validation is taken of (xs, ys), not of batches: give its samples")
            xs, ys, every = self._looked_through()
        self.xs, self.given = Samples(xs, "samples"), Samples(ys, "labels")
        if self.batches is None:
            require_as_many(self.xs, self.given, asked.what, ("samples", "labels"))
            every = self.given.some(range(len(self.given)))
        if isinstance(held, tuple):
            every = [*every, *Samples(held[1], "labels").some(range(len(held[1])))]
        self.optimizer = as_optimiser(optimizer, model)
        named = as_loss(loss, Labels("other"), float) if loss is not None else None
        self.labels = Labels.of(every, family_of(named))
        self.loss = named if named is not None else as_loss(None, self.labels, self._first_score)
        if named is None:
            self.labels = Labels.of(every, family_of(self.loss))
        self.metrics = as_metrics(metrics, self.labels)
        self.parameters: list[Value] = list(self.optimizer.parameters)
        self.theta = self.good = values_to_vector(self.parameters)
        self.split: Any = None
        self.judge: Judge | None = None
        if isinstance(held, float):
            self._all = self.xs, self.given
            classes = every if self.labels.kind == "classes" else None
            kept, out, _ = split(
                range(len(every)), classes if classes is not None else range(len(every)), validation=held, test=0,
                stratified=classes is not None, rng=self.source,
            )  # fmt: skip
            self.part_with([*map(int, kept[0])], [*map(int, out[0])])
        elif held is not None:
            self.judge = Judge(model, self.loss, self.labels, *held, self.source)
        self.history = History()
        self.stepper = Stepper(
            model, self.loss, self.xs, self._encoded(self.given), self.parameters, self.source, asked.compiled,
            asked.threads, asked.required,
        )  # fmt: skip
        self.epoch = self.step = self.place = 0
        self.order: list[int] | None = None
        self.begun: Any = None
        self.so_far = Epoch()
        for callback in asked.callbacks:
            if hasattr(callback, "begin"):
                callback.begin()

    # --- data --------------------------------------------------------------------------------------------------------

    def _looked_through(self) -> tuple[Any, Any, list[Any]]:
        """The first of the batches, and the labels of all; nothing, where they can be gone through only once."""
        if iter(self.batches) is self.batches:
            return [], [], []
        first, every = None, []
        for k, batch in enumerate(self.batches):
            xs, ys = as_batch(batch, k)
            first = first or (xs, ys)
            labels = Samples(ys, "labels")
            every += labels.some(range(len(labels)))
        if first is None:
            raise ValueError("fit: data: there are no batches")
        return (*first, every)

    def _first_score(self) -> Any:
        """What the model says of the first sample."""
        with no_grad(), evaluating(self.model), fed_by(Feed(self.source)):
            return listed(self.model(self.xs[0]))

    def part_with(self, kept: list[int], held: list[int]) -> None:
        """Train on some samples, by number, and validate by others."""
        self.split = kept, held
        xs, ys = self._all
        self.xs, self.given = (Samples(part.some(kept), part.what) for part in (xs, ys))
        self.judge = Judge(self.model, self.loss, self.labels, xs.some(held), ys.some(held), self.source)
        if hasattr(self, "stepper"):
            self.stepper.turn_to(self.xs, self._encoded(self.given))

    def _encoded(self, labels: Samples) -> Samples:
        """Labels as the loss takes them."""
        if self.labels.plain:
            return labels
        return Samples(self.labels.encoded(labels.some(range(len(labels)))), "labels")

    def _not_finite(self) -> str:
        """Which number of the data is not finite; "" if all are."""
        for things, what in ((self.xs, "sample"), (self.given, "label")):
            found = things.first_not_finite()
            if found is not None:
                i, place = found
                where = f", number {', '.join(map(str, place))}" if place else ""
                return f"{what} {i}{where} is nan or infinite: leave it out, or fill it in"
        return ""

    # --- the run -----------------------------------------------------------------------------------------------------

    def __call__(self, bar: Bar) -> History:
        """Make all steps that are left, and tell how it went."""
        history, before, start = self.history, self.history.seconds, perf_counter()
        record: Record | None = None
        try:
            if not self.xs.uniform or len(self.xs):
                self._stop_if(self._not_finite())
            while not history.stopped and self.epoch < self.asked.epochs:
                began = perf_counter()
                for record in self._steps_of_epoch():
                    history.seconds = before + perf_counter() - start
                    self._tell(record, "step")
                    self._keep(record.last_of_epoch)
                if not history.stopped:
                    self._end_epoch(perf_counter() - began, record)
                    history.seconds = before + perf_counter() - start
                    bar.update(self._in_short())
        except KeyboardInterrupt:
            history.interrupted, history.stopped = True, "interrupted"
        except StopTraining as stop:
            history.stopped = str(stop) or "by a callback"
        finally:
            bar.close()
            self.settle()
        if record is not None:
            for callback in self.asked.callbacks:
                if hasattr(callback, "end"):
                    callback.end(record)
            self.theta = values_to_vector(self.parameters)
        history.seconds = before + perf_counter() - start
        history.nodes, history.way, history.why = self.stepper.nodes, self.stepper.way, self.stepper.why
        keep_labels(self.model, self.labels)
        if record is not None and not history.interrupted:
            self._write()
        return history

    def settle(self) -> None:
        """Have the Values hold what was trained."""
        self.stepper.task.forget()
        self.stepper.task.hold(self.theta)

    def _stop_if(self, why: str) -> None:
        """Stop, and warn, if there is a reason."""
        if why:
            self.history.stopped = why
            warn_user(f"{self.asked.what}: stopped: {why}")

    def _steps_of_epoch(self) -> Iterator[Record]:
        """Make the steps that are left of an epoch; after each there is a record."""
        if self.asked.per == "epoch" and self.place == 0:
            self._schedule(self.epoch)
        if hasattr(self.optimizer, "refresh"):
            self.optimizer.refresh()
        frozen = [k for k, p in enumerate(self.parameters) if p.is_constant]
        pending: list[tuple[Any, int]] = []
        for last, (given, place) in with_last(self._batches()):
            batch = given if self.batches is None else self._turned_to(given, place - 1)
            if not batch:
                return
            if self.asked.per == "step" and not pending:
                self._schedule(self.step)
            outcome = self.stepper(self.theta, batch)
            gradient = outcome.gradient
            if frozen:
                gradient[frozen] = 0.0
            norm = length(gradient)
            if not self._is_good(outcome, norm, batch):
                return
            self.so_far.add(
                outcome.loss, len(batch), outcome.scores, self.given.some(batch) if self.metrics else None
            )  # fmt: skip
            pending.append((gradient, len(batch)))
            self.place = place
            if len(pending) < self.asked.accumulate and not last:
                continue
            if len(pending) > 1:
                gradient = mean_of(pending)
                norm = length(gradient)
            pending = []
            self.so_far.norms.append(norm)
            self._update(outcome, gradient, norm, batch)
            self.step += 1
            self.history.steps = self.step
            yield Record(
                self.model, (Lazy(self.xs, batch), Lazy(self.given, batch)),  # type: ignore[arg-type]
                outcome.loss, self.optimizer, self.history, self.epoch, self.step - 1, norm, last,
            )  # fmt: skip

    def _batches(self) -> Iterator[tuple[Any, int]]:
        """The batches that are left of an epoch, each with the number of what comes after it."""
        if self.batches is not None:
            yield from self._given_batches()
            return
        size, n = self.asked.size, len(self.xs)
        if size is not None and self.order is None:
            order = list(range(n))
            self.source.shuffle(order)
            self.order = order
        everything: Sequence[int] = range(n) if self.order is None else self.order
        at = self.place
        for cut in cuts(everything[at:] if at else everything, size):
            at += len(cut)
            yield cut, at

    def _given_batches(self) -> Iterator[tuple[Any, int]]:
        """The same, where data are batches: pairs of samples and labels."""
        if self.place == 0 and hasattr(self.batches, "source"):
            self.begun = state_of(self.batches.source)
        for k, batch in enumerate(self.batches):
            if k < self.place:
                continue
            yield as_batch(batch, k), k + 1

    def _turned_to(self, batch: tuple[Any, Any], k: int) -> Sequence[int]:
        """The places of a batch's samples, which are those to train on now; none, if a number is not finite."""
        self.xs, self.given = Samples(batch[0], f"batch {k}: samples"), Samples(batch[1], f"batch {k}: labels")
        require_as_many(self.xs, self.given, f"{self.asked.what}: batch {k}", ("samples", "labels"))
        self.stepper.turn_to(self.xs, self._encoded(self.given))
        bad = self._not_finite()
        self._stop_if(f"batch {k}: {bad}" if bad else "")
        return range(0 if bad else len(self.xs))

    def _schedule(self, t: int) -> None:
        """Set the learning rate, if there is a schedule."""
        schedule = self.asked.schedule
        if schedule is None or getattr(schedule, "needs_metric", False):
            return
        if getattr(schedule, "optimizer", None) is not None:
            schedule.apply(t)
        else:
            self.optimizer.lr = schedule(t)

    def _update(self, outcome: Outcome, gradient: Any, norm: float, batch: Any) -> None:
        """The update: the optimiser moves the parameters."""
        before = self.good = self.theta
        if not hasattr(self.optimizer, "update_with"):
            self.theta = self.optimizer.update(before, self.asked.limits(gradient, norm))
            return

        def evaluate(theta: Any) -> tuple[float, Any]:  # it asks for losses as often as it likes
            if theta is before or np.array_equal(theta, before):
                return outcome.loss, gradient
            found = self.stepper(theta, batch)
            return found.loss, found.gradient

        self.theta = self.optimizer.update_with(evaluate, before)

    def _is_good(self, outcome: Outcome, norm: float, batch: Any) -> bool:
        """Whether loss and gradient are finite; if not, training stops, with the last weights that gave one."""
        if isfinite(outcome.loss) and (isfinite(norm) or np.isfinite(outcome.gradient).all()):
            return True
        self.settle()
        if isfinite(outcome.loss):
            module = self.model if isinstance(self.model, Module) else None
            what = f"the gradient is not finite: {blamed_gradient(module, self.parameters, outcome.gradient)}"
        else:
            what = f"the loss is {outcome.loss}"
            with suppress(Exception), fed_by(Feed(self.source)), np.errstate(all="ignore"):
                objective, outputs = self.stepper.task.objective(batch)
                what += f": {blamed_loss(self.model, outputs, objective, batch)}"
        self.theta = self.good
        self._stop_if(
            f"at step {self.step + 1} (epoch {self.epoch + 1}) {what}; the weights before it are kept; a learning rate "
            f"below {self.optimizer.lr:g}, clip_norm, or a loss made of logits may help"
        )
        return False

    def _tell(self, record: Record, per: str) -> None:
        """Call the callbacks that go by steps, or by epochs."""
        mine = [c for c in self.asked.callbacks if (getattr(c, "per", "step") == "epoch") == (per == "epoch")]
        if not mine:
            return
        self.settle()
        record.batch = tuple(list(part) for part in record.batch)  # type: ignore[assignment]
        ended = ""
        for callback in mine:
            if callback(record) is True:
                ended = f"by {getattr(callback, '__name__', type(callback).__name__)}"
        self.theta = values_to_vector(self.parameters)  # which a callback may have set
        self.stepper.task.forget()
        if ended:
            raise StopTraining(ended)

    def _end_epoch(self, seconds: float, record: Record | None) -> None:
        """Take an epoch down in the history."""
        history, asked = self.history, self.asked
        history.loss.append(self.so_far.mean_loss())
        history.learning_rates.append(self.optimizer.lr)
        history.gradient_norms.append(self.so_far.mean_norm())
        if self.metrics:
            self._note("", *self.so_far.labels_and_scores())
        if self.judge is not None:
            self.settle()
            compiled = self.stepper.way in ("rows", "batch", "scores")
            loss, scores = self.judge(self.theta, self.parameters, compiled, asked.threads)
            history.validation_losses.append(loss)
            if self.metrics:
                self._note("validation ", self.judge.truth, scores)
        if asked.diagnose:
            self.settle()
            some = range(min(len(self.xs), MOST_DIAGNOSED))
            batch = self.xs.some(some), self.stepper.task.labels.some(some)
            history.diagnoses.append(
                measure(self.model, batch, self.loss, getattr(self.optimizer, "own", self.optimizer))
            )  # fmt: skip
        history.times.append(seconds)
        if getattr(asked.schedule, "needs_metric", False):
            asked.schedule.step(history.validation_losses[-1] if self.judge is not None else history.loss[-1])
            if getattr(asked.schedule, "optimizer", None) is None:
                self.optimizer.lr = asked.schedule(self.epoch)
        self.epoch += 1
        self.place, self.order, self.so_far = 0, None, Epoch()
        if record is not None:
            record.last_of_epoch = True
            self._tell(record, "epoch")
        self._keep(True, ended=True)

    def _note(self, prefix: str, truth: list[Any], scores: Any) -> None:
        """Take the metrics of an epoch down."""
        metrics = self.history.metrics
        for name, number in measured_by(self.metrics, self.labels, truth, scores).items():
            metrics.setdefault(prefix + name, []).append(number)
        if self.labels.kind == "classes" and "accuracy" in metrics:
            self.history.accuracy = metrics["accuracy"]

    def _in_short(self) -> str:
        """The last epoch, for the bar."""
        history = self.history
        texts = [f"loss {history.loss[-1]:.4g}"]
        if history.validation_losses:
            texts.append(f"validation {history.validation_losses[-1]:.4g}")
        for name, numbers in history.metrics.items():
            if isinstance(numbers[-1], (int, float)) and not name.startswith("validation "):
                texts.append(f"{name} {numbers[-1]:.1%}" if name == "accuracy" else f"{name} {numbers[-1]:.4g}")
        return ", ".join(texts)

    def _keep(self, last_of_epoch: bool, ended: bool = False) -> None:
        """Write a checkpoint, if one is due: at the end of an epoch when that has been taken down."""
        checkpoint = self.asked.checkpoint
        if checkpoint is not None and last_of_epoch == ended and checkpoint.is_due(self.step, ended):
            self._write()

    def _write(self) -> None:
        if self.asked.checkpoint is not None:
            self.asked.checkpoint.write(self.asked.state_of(self))
