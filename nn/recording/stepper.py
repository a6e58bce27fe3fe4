"""A step's forward and backward: the loss of some samples and its gradient, by the quickest way there is.

    rows    a sample is recorded, with its share of the loss: the batch are rows of numbers
    batch   a whole batch is recorded, whatever the loss does with it
    scores  a sample is recorded; the loss is made of its scores by the eager engine
    eager   nothing is recorded

Each way is tried on the first batch, beside the eager engine; the first that agrees with it is taken.
"""

import random
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd import (
    AnomalyError,
    RecordingError,
    Value,
    no_grad,
    topological_order,
    values_to_vector,
    vector_to_values,
)
from nn.chance import Feed, fed_by
from nn.checks import number_of, warn_user
from nn.losses.loss import parts_of
from nn.modules.arguments import take_apart
from nn.modules.calls import modules_in
from nn.modules.module import Module
from nn.modules.untouched import Untouched
from nn.recording.feeding import Handing, NotAsRehearsedError, endless
from nn.recording.samples import Samples
from nn.recording.settings import Settings
from nn.recording.task import Task, Unfit, as_array
from nn.recording.ways import Batch, Outcome, Rows, Sample, Scores, Way

__all__ = ["Outcome", "Stepper"]

RTOL = 1e-6
"""How near a recorded loss must be to the eager one: far more than rounding, far less than another random draw."""

MOST_PROBED = 64
"""Of larger batches so many samples go beside the eager engine, where samples are recorded one by one."""

FEW_SAMPLES = 8
"""In larger batches a comparison in the loss of each sample would make too many paths."""

FEW_STEPS, MOST_SHORT_LIVED = 4, 8
"""So many recordings in a row that were of use for fewer steps each, and there will be no more of them."""


class Stepper:
    """The loss of samples, by number, and its gradient.

    Args:
        model, loss, samples, labels, parameters: As for `Task`.
        source: Where masks for dropout come from, but for modules that have a source of their own.
        compiled: Whether to look for a way that records.
        threads: Over how many threads a batch is spread.
        required: Whether a model that cannot be recorded is refused, not trained eagerly.

    Attributes:
        way: Which was taken: "sample", "rows", "batch", "scores", "eager", or "" before the first batch.
        why: Why it is eager, if it was to be compiled.
        nodes: In the graph of the first loss.
        other: What the model was last found to go by otherwise than when it was recorded.

    >>> from nn import mse
    >>> w = Value(3.0)
    >>> stepper = Stepper(lambda x: w * x, mse, Samples([1.0, 2.0], "samples"), Samples([3.0, 4.0], "labels"), [w])
    >>> stepper(np.array([3.0]), [1]), stepper.way
    (Outcome(loss=4.0, gradient=array([8.]), scores=array([6.])), 'sample')
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        loss: Callable[[Any, Any], Any],
        samples: Samples,
        labels: Samples,
        parameters: Sequence[Value],
        source: Any = None,
        compiled: bool = True,
        threads: int | None = None,
        required: bool = False,
    ) -> None:
        self.task = Task(model, loss, samples, labels, parameters, random if source is None else source)
        self.threads, self.required = threads, required
        self.way = "" if compiled else "eager"
        self.why = self.other = ""
        self.nodes = 0
        self._taken: Way | None = None
        self._before = ""
        self._settings = Settings(model, loss)
        self._recorded: Any = None  # with which settings
        self._steps = self._short_lived = 0

    def turn_to(self, samples: Samples, labels: Samples) -> None:
        """Take other samples from now on."""
        self.task.samples, self.task.labels = samples, labels

    @property
    def is_compiled(self) -> bool:
        """Whether a way was taken that records."""
        return self.way in ("sample", "rows", "batch", "scores")

    def look_again(self) -> None:
        """After others had the model in hand: if it goes by other settings now, it is recorded anew."""
        if self._taken is None or self._settings.are(self._recorded):
            return
        now = self._settings.now()
        self.other = Settings.difference(self._recorded, now)
        self._taken = None
        self._short_lived = self._short_lived + 1 if self._steps < FEW_STEPS else 0
        if self._short_lived == MOST_SHORT_LIVED:
            self._give_up(Unfit(f"it changes at nearly every step: {self.other}"))

    def go_on(self, way: str, why: str) -> None:
        """Take the way that was taken before, so that numbers agree to the bit.

        Args:
            way: Its name; "" where none was.
            why: Why it was eager.
        """
        if self.way != "eager":
            self.way, self.why, self._before = way, why, way

    def __call__(self, theta: Any, batch: Sequence[int]) -> Outcome:
        """The loss of some samples and its gradient, at these numbers of the parameters.

        Raises:
            TypeError: the loss gives no Value.
            RecordingError: the model cannot be recorded, and that is required.
        """
        if self._taken is not None:
            self._steps += 1
            try:
                return self._by(self._taken, theta, batch)
            except Unfit as unfit:
                self._give_up(unfit)
        elif self.way != "eager":
            self._steps = 1
            found = self._choose(theta, batch)
            if found is not None:
                return found
        return self.eagerly(theta, batch)

    def eagerly(self, theta: Any, batch: Sequence[int]) -> Outcome:
        """The same as a call, nothing being recorded."""
        task = self.task
        task.hold(theta)
        vector_to_values(0.0, task.parameters, "grad")
        with fed_by(Feed(task.source)):
            objective, outputs = task.objective(batch)
        self._look_at(objective)
        objective.backward()
        return Outcome(objective.data, values_to_vector(task.parameters, "grad"), as_array(outputs))

    def _look_at(self, objective: Value) -> None:
        """At the first loss: count its nodes, and warn if it depends on no parameter."""
        if self.nodes:
            return
        order = topological_order(objective)
        self.nodes = len(order)
        if self.task.numbers.keys().isdisjoint(map(id, order)):
            warn_user(
                "fit: the first loss depends on none of the optimiser's parameters, so training will not change it: "
                "give the optimiser model.parameters()"
            )

    # --- which way ---

    def _choose(self, theta: Any, batch: Sequence[int]) -> Outcome | None:
        """What the first way that can be taken gives for the first batch; None, if none can."""
        self.task.hold(theta)
        first: Unfit | None = None
        before = Untouched([modules_in(self.task.model), self.task.parameters, [self.task.source]])
        try:
            ways = self._ways(batch)
        except Unfit as unfit:
            ways, first = [], unfit
        for kind in ways:
            before.restore()
            way = kind(self.task, self.threads)
            try:
                found = self._tried(way, theta, batch if kind is Batch else batch[:MOST_PROBED])
                if kind is not Batch and len(batch) > MOST_PROBED:
                    before.restore()
                    self._extrapolate(len(batch))
                    found = self._by(way, theta, batch)
            except Unfit as unfit:
                first = first or unfit
            else:
                self.way, self._taken, self._recorded = way.name, way, self._settings.now()
                return found
        before.restore()
        self._give_up(first or Unfit("no way to record it was found"))
        return None

    def _extrapolate(self, n: int) -> None:
        """Estimate the nodes of a loss of n samples by those of some."""
        halves = []
        for size in (MOST_PROBED // 2, MOST_PROBED):
            with fed_by(Handing(endless(1.0))):
                halves.append(len(topological_order(self.task.objective(range(size))[0])))
        self.nodes = halves[1] + round((halves[1] - halves[0]) * (n - MOST_PROBED) / (MOST_PROBED // 2))

    def _give_up(self, unfit: Unfit) -> None:
        self.way, self._taken, self.why = "eager", None, " ".join(str(unfit).split())
        if self.required:
            raise RecordingError(f"train: compiled=True needs a model that can be recorded: {self.why}") from unfit
        warn_user(f"fit: trains eagerly, as the model or its loss cannot be recorded: {self.why}")

    def _ways(self, batch: Sequence[int]) -> list[type[Way]]:
        """The ways that may be taken, quickest first.

        Raises:
            Unfit: none may.
        """
        task = self.task
        for things in (task.samples, task.labels):
            if not things.numeric:
                raise Unfit(things.why)
        self._require_stateless(batch)
        try:
            wanted = task.wanted(batch if task.whole else batch[:MOST_PROBED])
        except Exception as error:
            raise self._unfit(error, batch) from error
        if len({*map(id, wanted.updates)}) < len(wanted.updates):
            raise Unfit("a buffer is set more than once in a batch")
        if self._before:
            return [kind for kind in (Sample, Rows, Batch, Scores) if kind.name == self._before]
        if task.whole or wanted.updates:
            return [Batch]
        if parts_of(task.loss) is None:
            return [Batch, Scores]
        return [Sample if len(batch) == 1 else Rows, Scores]

    def _require_stateless(self, batch: Sequence[int]) -> None:
        """Refuse a model in which a call changes numbers that are no buffers.

        Raises:
            Unfit: it does.
        """
        task = self.task
        settings = self._settings.now()
        with no_grad(), fed_by(Handing(endless(1.0))), suppress(RecordingError):
            task.objective(batch)
        changed = Settings.difference(settings, self._settings.now())
        if changed:
            raise Unfit(f"the model or its loss changes as it is called: {changed}")
        if not isinstance(task.model, Module):
            return
        samples = task.samples.some(batch if task.whole else batch[:1])
        anatomies = [take_apart(task.model)[1]]
        with no_grad(), fed_by(Handing(endless(1.0))):
            for _ in range(2):
                task.outputs(samples)
                anatomies.append(take_apart(task.model)[1])
        before, mid, after = anatomies
        if mid == before and after == before:
            return
        changed = changed_numbers(mid.parts, after.parts) if len(mid.parts) == len(after.parts) else "an attribute"
        if changed:
            raise Unfit(
                f"the model changes as it is called ({changed}): what it keeps from call to call is to be an "
                "nn.buffer, set by nn.update"
            )

    def _unfit(self, error: Exception, batch: Sequence[int]) -> Unfit:
        """Why something failed on Values; what the model refuses as it stands, it refuses here.

        Raises:
            AnomalyError: that is why: somebody asked for it.
        """
        if isinstance(error, AnomalyError):
            raise error
        batch = batch if self.task.whole else batch[:MOST_PROBED]
        with no_grad(), fed_by(Handing(endless(1.0))):
            self.task.loss(self.task.outputs(self.task.samples.some(batch)), self.task.labels.some(batch))
        return Unfit(str(error) or type(error).__name__)

    def _tried(self, way: Way, theta: Any, batch: Sequence[int]) -> Outcome:
        """What a way gives for the first batch, if it agrees with the eager engine.

        Raises:
            Unfit: it does not, or cannot be taken.
        """
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                if isinstance(way, Scores):
                    way.require_scores_alone(batch)
                masks = way.masks(batch)
                eager = self._expected(batch, masks)
            except (RecordingError, NotAsRehearsedError) as error:
                raise self._unfit(error, batch) from error
            found = self._by(way, theta, batch, masks)
        if any("draws random numbers" in str(each.message) for each in caught):
            raise Unfit("it draws random numbers of its own: nn.Dropout, or nn.chance.masks, draws them anew")
        many = len(batch) > FEW_SAMPLES and not self.task.whole and not self._before
        if many and isinstance(way, Batch) and way.guards():
            raise Unfit("the loss compares numbers of each sample")
        for each in caught:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
        if not np.isclose(found.loss, eager, RTOL, 1e-12, equal_nan=True):
            raise Unfit(
                f"its loss on the first batch is {eager:.6g} as it stands and {found.loss:.6g} recorded: does the "
                "model change as it is called?"
            )
        return found

    def _expected(self, batch: Sequence[int], masks: Any) -> float:
        """The loss by the eager engine, with these masks."""
        flat = [] if masks is None else np.concatenate(masks).tolist()
        if not self.nodes:
            with fed_by(Handing(flat)):
                self._look_at(self.task.objective(batch)[0])
        feed = Handing(flat, setting=True)  # what is read after it was set, is read as it was set
        try:
            with no_grad(), fed_by(feed):
                return number_of(self.task.objective(batch)[0])
        finally:
            feed.put_back()

    def _by(self, way: Way, theta: Any, batch: Sequence[int], masks: Any = None) -> Outcome:
        """What a way gives.

        Raises:
            Unfit: it cannot be taken.
        """
        try:
            return way(theta, batch, masks)
        except Unfit:
            raise
        except Exception as error:  # whatever a model of a user's own makes of Values
            raise self._unfit(error, batch) from error


def changed_numbers(before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    """A number that differs between two anatomies; "" if only Values do, which a recording makes anew."""
    for x, y in zip(before, after, strict=True):
        if x != y and not (hasattr(x, "thing") and isinstance(x.thing, Value)):
            return f"{x[1]!r} became {y[1]!r}" if isinstance(x, tuple) and isinstance(y, tuple) else "an attribute"
    return ""
