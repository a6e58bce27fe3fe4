"""A run of training: epochs of batches, and for each forward, loss, backward and update."""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite, nan
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Value, no_grad, values_to_vector, vector_to_values
from nn.chance import Feed, fed_by
from nn.checks import warn_user
from nn.modules.calls import modules_in
from nn.modules.untouched import Untouched
from nn.prediction.labels import Labels
from nn.prediction.predict import evaluating, keep_labels
from nn.recording.samples import Samples, listed
from nn.recording.stepper import Outcome, Stepper
from nn.training.asked import Asked, as_data, as_metrics, as_validation, loss_and_labels, require_function
from nn.training.blame import blamed, named_parameter
from nn.training.callbacks import Record, StopTraining, buffers_of
from nn.training.epoch import Epoch, Judge, Lazy, cut_to, diagnosed, in_short, measured_by, surely, within
from nn.training.gradients import length, mean_of
from nn.training.history import History
from nn.training.optimiser import as_optimiser, moved_by, require_fitting, require_free, set_rate
from nn.training.progress import Bar
from nn.training.supply import Portion, Supply, UnusableError, with_last

__all__ = ["Run"]


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

    kind_of_stepper: type[Stepper] = Stepper

    def __init__(
        self, model: Any, data: Any, loss: Any, optimizer: Any, validation: Any, metrics: Any, asked: Asked
    ) -> None:
        require_function(model, asked.what)
        self.model, self.asked, self.source = model, asked, asked.source
        held = as_validation(validation)
        self.supply = supply = Supply(*as_data(data, asked.epochs), self.source, asked.what)
        every = supply.all_labels
        if isinstance(held, tuple):  # which are of the same kind; where nothing else is known, the same
            both = [*every, *Samples(held[1], "labels").some(range(len(held[1])))]
            every = every if Labels.of(both) and every else both
        self.optimizer = as_optimiser(optimizer, model)
        self.loss, self.labels = loss_and_labels(loss, every, self._first_score)
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
        self.stepper: Stepper = self.kind_of_stepper(
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
            except BaseException as error:
                self._ended_by(error)
            finally:
                surely(bar.close)
                surely(self._rest)
                surely(lambda: cut_to(history, self.epoch))
            history.seconds = took()
            if self.record is not None and not history.interrupted:
                self._write()  # before callbacks put back the best weights: it may be gone on with, for more epochs
            self._end()
        except BaseException as error:  # a Ctrl-C more, or one that came late
            self._ended_by(error, late=True)
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
        self.read_as("share") if self.labels.is_unsure else keep_labels(self.model, self.labels)
        if self.record is None and self.step:  # it went on from a checkpoint of a run that had no more to do
            loss = self.history.loss[-1] if self.history.loss else nan
            last = self.epoch - 1, self.step - 1, nan, True
            self.record = Record(self.model, ([], []), loss, self.optimizer, self.history, *last)
        if self.record is not None:
            for callback in self.asked.callbacks:
                if hasattr(callback, "end"):
                    callback.end(self.record)
            self.theta = values_to_vector(self.parameters)

    def _ended_by(self, error: BaseException, late: bool = False) -> None:
        """Take down what ended the run before its last step; errors, and a stop when it is over, are raised again."""
        if isinstance(error, KeyboardInterrupt):
            self.history.interrupted, self.history.stopped = True, "interrupted"
        elif isinstance(error, StopTraining) and not late:
            self.history.stopped = str(error) or "by a callback"
        else:
            raise error

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
            set_rate(self.optimizer, self.asked.schedule, self.epoch)
        self._look_at_frozen()
        pending: list[tuple[Any, int]] = []
        portions = with_last(self.supply.portions(self.asked.size))
        while (found := self._next(portions)) is not None:
            last, portion = found
            if self.asked.per == "step" and not pending:
                set_rate(self.optimizer, self.asked.schedule, self.step)
            if portion.samples is not self.stepper.task.samples:
                self.stepper.turn_to(portion.samples, portion.labels)
            outcome = self._outcome(self.theta, portion)
            gradient = outcome.gradient
            if self.frozen:
                gradient[self.frozen] = 0.0
            norm = length(gradient)
            if not self._is_good(outcome, norm, portion):
                return
            n = len(portion.places)
            self._take_down(outcome, portion)
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

    def _outcome(self, theta: Any, portion: Portion) -> Outcome:
        """The loss of some samples and its gradient."""
        return self.stepper(theta, portion.places)

    def _take_down(self, outcome: Outcome, portion: Portion) -> None:
        """Keep what the epoch's numbers are made of."""
        truth = portion.given.some(portion.places) if self.metrics else None
        self.so_far.add(outcome.loss, len(portion.places), outcome.scores, truth)
        if self.labels.is_unsure and not within(outcome.scores):
            self.read_as("margin")

    def read_as(self, family: str) -> None:
        """Read scores of two classes so from now on."""
        self.labels = self.labels.read_as(family)
        keep_labels(self.model, self.labels)

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

    def _update(self, outcome: Outcome, gradient: Any, norm: float, portion: Portion) -> bool:
        """The update: the optimiser moves the parameters. Whether they are finite after it."""
        before = self.good = self.theta
        self.good_buffers = [b.data for b in self.buffers]
        if hasattr(self.optimizer, "update_with"):

            def evaluate(theta: Any) -> tuple[float, Any]:  # it asks for losses as often as it likes
                if theta is before or np.array_equal(theta, before):
                    return outcome.loss, gradient
                found = self._outcome(theta, portion)
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
        if mine:
            self._call(mine, record, per)

    def _call(self, callbacks: Sequence[Any], record: Record, per: str) -> None:
        """Call these, and go on from what they made of weights and settings."""
        self.settle()
        if per == "step":
            vector_to_values(self.gradient, self.parameters, "grad")
        record.batch = tuple(list(part) for part in record.batch)  # type: ignore[assignment]
        try:
            answers = [callback(record) for callback in callbacks]
        finally:
            self._be(values_to_vector(self.parameters), self.step)  # which a callback may have set
            self.stepper.task.forget()
        self._look_at_frozen()
        self.stepper.look_again()
        ended = [c for c, x in zip(callbacks, answers, strict=True) if isinstance(x, (bool, np.bool_)) and x]
        if ended:
            raise StopTraining(f"by {getattr(ended[-1], '__name__', type(ended[-1]).__name__)}")

    def _end_epoch(self, seconds: float) -> None:
        """Take an epoch down in the history."""
        history, asked = self.history, self.asked
        history.loss.append(self.so_far.mean_loss())
        history.learning_rates.append(self.optimizer.lr)
        history.gradient_norms.append(self.so_far.mean_norm())
        self._measure()
        if asked.diagnose:
            self.settle()
            history.diagnoses.append(diagnosed(self.model, self.loss, self.optimizer, self.stepper.task))
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

    def _measure(self) -> None:
        """Take down metrics, and what the samples to validate by say."""
        if self.metrics:
            self._note("", measured_by(self.metrics, self.labels, *self.so_far.labels_and_scores()))
        if self.judge is not None:
            self.settle()
            loss, scores = self.judge(self.theta, self.parameters, self.stepper.is_compiled, self.asked.threads)
            self._validated(loss)
            if self.metrics:
                self._note("validation ", measured_by(self.metrics, self.labels, self.judge.truth, scores))

    def _validated(self, loss: float) -> None:
        """Take down a validation loss."""
        self.history.validation_losses.append(loss)
        self._stop_if("" if isfinite(loss) else f"in epoch {self.epoch + 1} the validation loss is {loss}")

    def _note(self, prefix: str, found: dict[str, Any]) -> None:
        """Take the metrics of an epoch down."""
        metrics = self.history.metrics
        for name, number in found.items():
            metrics.setdefault(prefix + name, []).append(number)
        if self.labels.kind == "classes" and "accuracy" in metrics:
            self.history.accuracy = metrics["accuracy"]

    def read(self) -> Any:
        """The state in the checkpoint; None if there is none."""
        return None if self.asked.checkpoint is None else self.asked.checkpoint.read()

    def _keep(self, last_of_epoch: bool, ended: bool = False) -> None:
        """Write a checkpoint, if one is due: at the end of an epoch when that has been taken down."""
        checkpoint = self.asked.checkpoint
        if checkpoint is not None and last_of_epoch == ended and checkpoint.is_due(self.step, ended):
            self._write()

    def _write(self) -> None:
        if self.asked.checkpoint is not None:
            self.asked.checkpoint.write(self.asked.state_of(self))
