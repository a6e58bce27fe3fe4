"""A share of a step: what some of the samples of a batch add to its loss and to its gradient.

Whoever has the other samples adds theirs, and all have what one alone would have, up to rounding: sums are in another
order. Random numbers are drawn for all of the batch, whichever samples of it are computed.
"""

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, no_grad, values_to_vector, vector_to_values
from nn.chance import Feed, fed_by
from nn.checks import number_of
from nn.losses.loss import parts_of
from nn.modules.calls import modules_in
from nn.modules.untouched import Untouched
from nn.recording.feeding import Handing, endless
from nn.recording.programs import Found
from nn.recording.stepper import Stepper
from nn.recording.task import Unfit, as_array
from nn.recording.ways import Rows, Scores, summed_up

__all__ = ["Share", "Sharer"]

LOOKED_AT = 4
"""By so many samples models are compared."""


class Share(NamedTuple):
    """What came of a share.

    Attributes:
        total, weight, gradient: To be added up; then the loss is one divided by the other, and its gradient too.
        scores: What the model gave, as of `Outcome`.
        masks: That were drawn for all of the batch, to be given where the share is computed anew; None for none.
    """

    total: float
    weight: float
    gradient: Any
    scores: Any
    masks: Any


class Sharer(Stepper):
    """A stepper that can be asked for a share of a step.

    Attributes:
        draws: Whether the model, as it stands, draws random numbers as it is called.

    >>> from nn import mse
    >>> from nn.recording.samples import Samples
    >>> w = Value(3.0)
    >>> sharer = Sharer(lambda x: w * x, mse, Samples([1.0, 2.0], "samples"), Samples([3.0, 4.0], "labels"), [w])
    >>> sharer.undivided([0, 1])
    ''
    >>> parts = [sharer.share(np.array([3.0]), [0, 1], (i, i + 1)) for i in range(2)]
    >>> sum(part.total for part in parts) / sum(part.weight for part in parts)
    2.0
    """

    draws = False

    @property
    def is_mean(self) -> bool:
        """Whether the loss is a sum divided by a weight."""
        parts = parts_of(self.task.loss)
        return parts is None or parts.mean

    def undivided(self, batch: Sequence[int]) -> str:
        """Why a batch can only be computed as a whole; "" if it need not be. Nothing is changed by the look."""
        task = self.task
        if task.whole:
            return "the model is called on whole batches, as a batch norm is in it"
        if parts_of(task.loss) is None:
            name = getattr(task.loss, "__name__", type(task.loss).__name__)
            return f"the loss, {name}, does not say by `terms` how it is a sum over samples"
        before = Untouched([modules_in(task.model), task.parameters, [task.source]])
        try:
            self._require_stateless(batch[:1])
            before.restore()
            if self.way == "eager" and not self.nodes:
                with fed_by(Handing(endless(1.0))):
                    self._look_at(task.objective(batch)[0])
            feed, states = Feed(task.source), (random.getstate(), repr(np.random.get_state()))
            with no_grad(), fed_by(feed):
                task.outputs(task.samples.some(batch[:1]))
            self.draws = bool(feed.drawn) or states != (random.getstate(), repr(np.random.get_state()))
            return "the model sets a buffer as it is called" if feed.updated else ""
        except Unfit as unfit:
            return str(unfit)
        except Exception:
            return ""  # the step itself says it better
        finally:
            before.restore()

    def first_loss(self, batch: Sequence[int]) -> float:
        """The loss of the first samples of a batch, which tells models that compute others; nothing is changed."""
        task = self.task
        with Untouched([modules_in(task.model), task.parameters, [task.source]]), no_grad(), fed_by(Feed(task.source)):
            return number_of(task.objective(batch[:LOOKED_AT])[0])

    def share(self, theta: Any, batch: Sequence[int], span: tuple[int, int], masks: Any = None) -> Share:
        """What some samples of a batch add to it, at these numbers of the parameters.

        Args:
            theta: The numbers.
            batch: All samples of the batch.
            span: Which of these, from one to below the other.
            masks: That an earlier call drew for this batch.

        Raises:
            TypeError, RecordingError: As of a call.
        """
        task = self.task
        if self._taken is None and self.way != "eager":  # by all of the batch, so that everybody finds the same way
            self._steps = 1
            before = Untouched([modules_in(task.model), task.parameters, [task.source]])
            self._choose(theta, batch)
            before.restore()
            task.forget()
        way, some = self._taken, batch[slice(*span)]
        if way is not None:
            self._steps += 1
            try:
                if masks is None:
                    masks = drawn(way, batch)
                if not len(some):
                    return Share(0.0, 0.0, np.zeros(len(theta)), np.empty(0), masks)
                found = self._summed(way, theta, some, None if masks is None else masks[slice(*span)])
                return Share(found.total, found.weight, found.gradient, found.scores, masks)
            except Unfit as unfit:
                self._give_up(unfit)
        return self._eager_share(theta, batch, span, masks)

    def _summed(self, way: Any, theta: Any, some: Sequence[int], masks: Any) -> Found:
        """What a way gives for some samples.

        Raises:
            Unfit: it cannot be taken.
        """
        try:
            found: Found = way.summed(theta, some, masks)
        except Unfit:
            raise
        except Exception as error:
            raise self._unfit(error, some) from error
        return found

    def _eager_share(self, theta: Any, batch: Sequence[int], span: tuple[int, int], masks: Any) -> Share:
        """The same, nothing being recorded."""
        task, (low, high) = self.task, span
        task.hold(theta)
        vector_to_values(0.0, task.parameters, "grad")
        if masks is not None:
            feed: Feed = Handing([m for row in masks[low:high] for m in np.ravel(row).tolist()], setting=True)
        else:
            feed = Feed(task.source)
        others = self.draws and masks is None  # which draw theirs in the order of the batch
        with fed_by(feed):
            if others:
                with no_grad():
                    task.outputs(task.samples.some(batch[:low]))
            outputs = task.outputs(task.samples.some(batch[low:high]))
            total, weight = summed_up(task.loss, outputs, task.labels.some(batch[low:high]))
            if others:
                with no_grad():
                    task.outputs(task.samples.some(batch[high:]))
        if isinstance(total, Value):
            total.backward()
        scores = as_array(outputs) if outputs else np.empty(0)
        return Share(number_of(total), weight, values_to_vector(task.parameters, "grad"), scores, masks)


def drawn(way: Any, batch: Sequence[int]) -> Any:
    """Masks for all of a batch, row by row, as the way would draw them; None if there are none."""
    task = way.task
    if not isinstance(way, (Rows, Scores)) or not task.samples.uniform or not task.labels.uniform:
        return way.masks(batch)
    program = way.program(batch[:1])
    return program.drawn(len(batch)) if program.wanted.masks else None
