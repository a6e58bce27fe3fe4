"""A run of training: epochs of batches, and for each forward, loss, backward and update."""

from collections.abc import Callable, Iterator
from math import isfinite, nan
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Value, no_grad, values_to_vector, vector_to_values
from nn.chance import Feed, fed_by
from nn.checks import warn_user
from nn.diagnosis.measures import measure
from nn.modules.calls import modules_in
from nn.modules.untouched import Untouched
from nn.prediction.labels import Labels
from nn.prediction.predict import evaluating, keep_labels
from nn.recording.samples import Samples, listed
from nn.recording.stepper import Outcome, Stepper
from nn.training.asked import Asked, as_data, as_loss, as_metrics, as_validation, labels_for, require_scores
from nn.training.blame import blamed, named_parameter
from nn.training.callbacks import Record, StopTraining, buffers_of
from nn.training.epoch import Epoch, Judge, Lazy, cut_to, in_short, length, mean_of, measured_by, surely, within
from nn.training.history import History
from nn.training.optimiser import as_optimiser, moved_by, require_fitting, require_free
from nn.training.progress import Bar
from nn.training.supply import Portion, Supply, UnusableError, with_last

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
        good_buffers: The buffers of the model, as they were then.
        sure: After the last step that was completed: the numbers, the buffers, how many steps there were.
        epoch, step: Where it is: which epoch, how many steps were made.
        share: Of the data, to validate by; None for no share.
        supply: What it trains on, and where it is in it.
        record: Of the last step.
        frozen: Which parameters are.

    Raises:
        TypeError, ValueError: As of `fit`.
    """

    def __init__(
        self, model: Any, data: Any, loss: Any, optimizer: Any, validation: Any, metrics: Any, asked: Asked
    ) -> None:
        if isinstance(model, type):
            raise TypeError(f"{asked.what}: model: {model.__name__} is a class: give an object of it")
        if not callable(model):
            hint = ": derive it from nn.Module, or call its forward __call__" if hasattr(model, "forward") else ""
            raise TypeError(f"{asked.what}: model: expected a function of a sample, got {type(model).__name__}{hint}")
        self.model, self.asked, self.source = model, asked, asked.source
        held = as_validation(validation)
        self.supply = supply = Supply(*as_data(data, asked.epochs), self.source, asked.what)
        every = supply.all_labels
        if isinstance(held, tuple):  # which are of the same kind; where nothing else is known, the same
            both = [*every, *Samples(held[1], "labels").some(range(len(held[1])))]
            every = every if Labels.of(both) and every else both
        self.optimizer = as_optimiser(optimizer, model)
        named = as_loss(loss, Labels("other"), float) if loss is not None else None
        self.labels = labels_for(every, named, self._first_score)
        self.loss = named if named is not None else as_loss(None, self.labels, self._first_score)
        if named is None:
            self.labels = labels_for(every, self.loss, self._first_score)
        require_scores(self.labels, self.loss, self._first_score)
        supply.know(self.labels)
        self.metrics = as_metrics(metrics, self.labels)
        self.parameters: list[Value] = list(self.optimizer.parameters)
        self.theta = self.good = values_to_vector(self.parameters)
        self.buffers = buffers_of(model)
        self.good_buffers = [b.data for b in self.buffers]
        self.sure = self.theta, self.good_buffers, 0
        self.judge: Judge | None = None
        self.share = held if isinstance(held, float) else None
        if isinstance(held, float):
            held = supply.hold_out(held)
        if held is not None:
            self.judge_by(*held)
        self.history = History()
        self.stepper = Stepper(
            model, self.loss, supply.samples, supply.labels, self.parameters, self.source, asked.compiled,
            asked.threads, asked.required,
        )  # fmt: skip
        self.epoch = self.step = 0
        self.so_far = Epoch()
        self.record: Record | None = None
        require_fitting(self.optimizer, asked)
        require_free(self.parameters, asked.what)
        for callback in asked.callbacks:
            if hasattr(callback, "begin"):
                callback.begin()

    def judge_by(self, xs: Any, ys: Any) -> None:
        """Validate by some samples."""
        self.judge = Judge(self.model, self.loss, self.labels, xs, ys, self.source)

    def _first_score(self) -> Any:
        """What the model says of the first sample."""
        if not len(self.supply.samples):
            raise ValueError("fit: loss: batches that can be gone through only once do not tell which: give a loss")
        with Untouched([modules_in(self.model)]), no_grad(), evaluating(self.model), fed_by(Feed(self.source)):
            return listed(self.model(self.supply.samples[0]))

    # --- the run -----------------------------------------------------------------------------------------------------

    def __call__(self, bar: Bar) -> History:
        """Make all steps that are left, and tell how it went."""
        history, before, start = self.history, self.history.seconds, perf_counter()
        keep_labels(self.model, self.labels)

        def took() -> float:
            return before + perf_counter() - start

        try:
            try:
                self._train(bar, took)
            except KeyboardInterrupt:
                self._interrupted()
            except StopTraining as stop:
                history.stopped = str(stop) or "by a callback"
            finally:
                surely(bar.close)
                surely(self._rest)
                surely(lambda: cut_to(history, self.epoch))
            history.seconds = took()
            if self.record is not None and not history.interrupted:
                self._write()  # before callbacks put back the best weights: it may be gone on with, for more epochs
            self._end()
        except KeyboardInterrupt:  # one more, or one that came late
            self._interrupted()
            surely(self._rest)
        history.seconds = took()
        history.nodes, history.way, history.why = self.stepper.nodes, self.stepper.way, self.stepper.why
        return history

    def _train(self, bar: Bar, took: Callable[[], float]) -> None:
        """Epoch by epoch."""
        history = self.history
        if self.supply.batches is None and not history.stopped:
            self._stop_if(self.supply.not_finite())
        if self.judge is not None and not history.stopped:
            self._stop_if(self.judge.not_finite(self.supply.parts and self.supply.parts[1]))
        while not history.stopped and self.epoch < self.asked.epochs:
            began = perf_counter()
            for record in self._steps_of_epoch():
                self.record = record
                history.seconds = took()
                self._tell(record, "step")
                self._keep(record.last_of_epoch)
            if not history.stopped:
                self._end_epoch(perf_counter() - began)
                history.seconds = took()
                bar.update(in_short(history))

    def _end(self) -> None:
        """What callbacks do at the end."""
        if self.labels.is_unsure:
            self.labels = self.labels.read_as("share")
        keep_labels(self.model, self.labels)
        if self.record is None and self.step:  # it went on from a checkpoint of a run that had no more to do
            loss = self.history.loss[-1] if self.history.loss else nan
            last = self.epoch - 1, self.step - 1, nan, True
            self.record = Record(self.model, ([], []), loss, self.optimizer, self.history, *last)
        if self.record is not None:
            for callback in self.asked.callbacks:
                if hasattr(callback, "end"):
                    callback.end(self.record)
            self.theta = values_to_vector(self.parameters)

    def _interrupted(self) -> None:
        self.history.interrupted, self.history.stopped = True, "interrupted"

    def _rest(self) -> None:
        """Be as after the last step that was completed, whatever another one has begun."""
        self.theta, buffers, self.step = self.sure
        self.history.steps = self.step
        for b, number in zip(self.buffers, buffers, strict=True):
            b.data = number
        self.settle()

    def _be(self, theta: Any, step: int) -> None:
        """Have completed a step, all at once."""
        self.theta, self.sure = theta, (theta, [b.data for b in self.buffers], step)

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
        if self.asked.per == "epoch" and self.supply.place == 0:
            self._schedule(self.epoch)
        self._look_at_frozen()
        pending: list[tuple[Any, int]] = []
        portions = with_last(self.supply.portions(self.asked.size))
        while (found := self._next(portions)) is not None:
            last, portion = found
            if self.asked.per == "step" and not pending:
                self._schedule(self.step)
            if portion.samples is not self.stepper.task.samples:
                self.stepper.turn_to(portion.samples, portion.labels)
            outcome = self.stepper(self.theta, portion.places)
            gradient = outcome.gradient
            if self.frozen:
                gradient[self.frozen] = 0.0
            norm = length(gradient)
            if not self._is_good(outcome, norm, portion):
                return
            n = len(portion.places)
            self.so_far.add(
                outcome.loss, n, outcome.scores, portion.given.some(portion.places) if self.metrics else None
            )
            if self.labels.is_unsure and not within(outcome.scores):
                self.labels = self.labels.read_as("margin")
                keep_labels(self.model, self.labels)
            pending.append((gradient, n))
            self.supply.place = portion.after
            if len(pending) < self.asked.accumulate and not last:
                continue
            if len(pending) > 1:
                gradient = mean_of(pending)
                norm = length(gradient)
            pending = []
            self.gradient = gradient
            if not self._update(outcome, gradient, norm, portion):
                return
            self.so_far.norms.append(norm)
            self.step += 1
            self.history.steps = self.step
            yield Record(
                self.model, tuple(Lazy(s, portion.places) for s in (portion.samples, portion.given)),  # type: ignore
                outcome.loss, self.optimizer, self.history, self.epoch, self.step - 1, norm, last, self.loss, self.good,
            )  # fmt: skip

    def _next(self, portions: Iterator[tuple[bool, Portion]]) -> tuple[bool, Portion] | None:
        """The next samples, and whether they are the last; None if there are none, or none that can be used."""
        try:
            return next(portions, None)
        except UnusableError as error:
            self._stop_if(str(error))
            return None

    def _look_at_frozen(self) -> None:
        """Note which parameters are frozen."""
        if hasattr(self.optimizer, "refresh"):
            self.optimizer.refresh()
        free = values_to_vector(self.parameters, "requires_grad")
        self.frozen = [] if free.all() else np.flatnonzero(free == 0.0).tolist()

    def _schedule(self, t: int) -> None:
        """Set the learning rate, if there is a schedule."""
        schedule = self.asked.schedule
        if schedule is None:
            return
        if getattr(schedule, "optimizer", None) is None:
            self.optimizer.lr = schedule(t)
        elif not getattr(schedule, "needs_metric", False):
            schedule.apply(t)

    def _update(self, outcome: Outcome, gradient: Any, norm: float, portion: Portion) -> bool:
        """The update: the optimiser moves the parameters. Whether they are finite after it."""
        before = self.good = self.theta
        self.good_buffers = [b.data for b in self.buffers]
        if hasattr(self.optimizer, "update_with"):

            def evaluate(theta: Any) -> tuple[float, Any]:  # it asks for losses as often as it likes
                if theta is before or np.array_equal(theta, before):
                    return outcome.loss, gradient
                found = self.stepper(theta, portion.places)
                if self.frozen:
                    found.gradient[self.frozen] = 0.0
                return found.loss, found.gradient

            moved = self.optimizer.update_with(evaluate, before)
        else:
            moved = moved_by(self.optimizer, before, self.asked.limits(gradient, norm))
        if isfinite(length(moved)) or np.isfinite(moved).all():
            self._be(moved, self.step + 1)
            return True
        k = int(np.flatnonzero(~np.isfinite(moved))[0])
        self._stop_with(
            f"the update made {named_parameter(self.model, self.parameters, k)} {moved[k]}; the weights before it are "
            "kept"
        )
        return False

    def _is_good(self, outcome: Outcome, norm: float, portion: Portion) -> bool:
        """Whether loss and gradient are finite; if not, training stops, with the last weights that gave one."""
        if isfinite(outcome.loss) and (isfinite(norm) or np.isfinite(outcome.gradient).all()):
            return True
        self.settle()
        what = blamed(outcome, self.stepper.task, portion.places, self.supply.names(portion))
        self.sure = self.good, self.good_buffers, self.step
        self._rest()
        self._stop_with(f"{what}; the weights before it are kept")
        return False

    def _stop_with(self, what: str) -> None:
        self._stop_if(
            f"at step {self.step + 1} (epoch {self.epoch + 1}) {what}; a learning rate below {self.optimizer.lr:g}, "
            "clip_norm, or a loss made of logits may help"
        )

    def _tell(self, record: Record, per: str) -> None:
        """Call the callbacks that go by steps, or by epochs."""
        mine = [c for c in self.asked.callbacks if (getattr(c, "per", "step") == "epoch") == (per == "epoch")]
        mine = [c for c in mine if per == "epoch" or not hasattr(c, "wants") or c.wants(record)]
        if not mine:
            return
        self.settle()
        if per == "step":
            vector_to_values(self.gradient, self.parameters, "grad")
        record.batch = tuple(list(part) for part in record.batch)  # type: ignore[assignment]
        ended = ""
        try:
            for callback in mine:
                answer = callback(record)
                if isinstance(answer, (bool, np.bool_)) and answer:
                    ended = f"by {getattr(callback, '__name__', type(callback).__name__)}"
        finally:
            self._be(values_to_vector(self.parameters), self.step)  # which a callback may have set
            self.stepper.task.forget()
        self._look_at_frozen()
        self.stepper.look_again()
        if ended:
            raise StopTraining(ended)

    def _end_epoch(self, seconds: float) -> None:
        """Take an epoch down in the history."""
        history, asked = self.history, self.asked
        history.loss.append(self.so_far.mean_loss())
        history.learning_rates.append(self.optimizer.lr)
        history.gradient_norms.append(self.so_far.mean_norm())
        if self.metrics:
            self._note("", *self.so_far.labels_and_scores())
        if self.judge is not None:
            self.settle()
            compiled = self.stepper.way in ("sample", "rows", "batch", "scores")
            loss, scores = self.judge(self.theta, self.parameters, compiled, asked.threads)
            history.validation_losses.append(loss)
            self._stop_if("" if isfinite(loss) else f"in epoch {self.epoch + 1} the validation loss is {loss}")
            if self.metrics:
                self._note("validation ", self.judge.truth, scores)
        if asked.diagnose:
            self.settle()
            task = self.stepper.task
            some = range(min(len(task.samples), MOST_DIAGNOSED))
            batch = task.samples.some(some), task.labels.some(some)
            optimizer = getattr(self.optimizer, "own", self.optimizer)
            history.diagnoses.append(measure(self.model, batch, self.loss, optimizer, coded=True))
        history.times.append(seconds)
        if getattr(asked.schedule, "needs_metric", False):
            asked.schedule.step(history.validation_losses[-1] if self.judge is not None else history.loss[-1])
            if getattr(asked.schedule, "optimizer", None) is None:
                self.optimizer.lr = asked.schedule(self.epoch)
        self.epoch += 1
        self.supply.end_epoch()
        self.so_far = Epoch()
        if self.record is not None:
            self.record.last_of_epoch = True
            self._tell(self.record, "epoch")
        self._keep(True, ended=True)

    def _note(self, prefix: str, truth: list[Any], scores: Any) -> None:
        """Take the metrics of an epoch down."""
        metrics = self.history.metrics
        for name, number in measured_by(self.metrics, self.labels, truth, scores).items():
            metrics.setdefault(prefix + name, []).append(number)
        if self.labels.kind == "classes" and "accuracy" in metrics:
            self.history.accuracy = metrics["accuracy"]

    def _keep(self, last_of_epoch: bool, ended: bool = False) -> None:
        """Write a checkpoint, if one is due: at the end of an epoch when that has been taken down."""
        checkpoint = self.asked.checkpoint
        if checkpoint is not None and last_of_epoch == ended and checkpoint.is_due(self.step, ended):
            self._write()

    def _write(self) -> None:
        if self.asked.checkpoint is not None:
            self.asked.checkpoint.write(self.asked.state_of(self))
