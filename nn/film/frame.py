"""A frame: what is kept of a step. What it says of the network is computed when somebody asks."""

from contextlib import suppress
from math import nan
from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.diagnosis.measures import measure
from nn.diagnosis.readings import measured, rms
from nn.diagnosis.verdicts import Verdict, verdicts_of
from nn.film.samples import Kept
from nn.film.take import Take, is_pickled
from nn.losses.loss import parts_of

__all__ = ["Frame"]


class Frame:
    """What is kept of a step.

    Attributes:
        step, epoch: Their numbers, from 0; the epoch is None where nobody counts.
        loss: Of the step, a number; nan where it was given as a function.
        weights: The numbers of the parameters when the recorder was called, a vector in the order of `names`.
        grads: Their gradients then.
        update: By how much they had moved since the call before, or in the step of `fit`; None where nobody knows.
        buffers: The numbers of the buffers.
        state: What the optimiser remembered, as its `state_dict` gave it; None if it does not say.
        lr: Its learning rate; None if it has none.
        kept: Some samples of the batch, with their labels.

    >>> from nn import MLP, Recorder, hinge
    >>> model, recorder = MLP(2, [1], rng=1), Recorder()
    >>> recorder(model=model, batch=([[1.0, 2.0]], [1]), loss=hinge, optimizer=None)
    >>> frame = recorder.frames[0]
    >>> frame.step, len(frame.weights), frame.names[-1], [layer["name"] for layer in frame.measure()["layers"]]
    (0, 3, 'layers.0.neurons.0.b', ['layers.0'])
    """

    def __init__(
        self, take: Take, step: int, epoch: int | None, loss: float, kept: Kept, *, weights: Any, grads: Any,
        buffers: Any, update: Any = None, state: Any = None, lr: float | None = None, objective: Any = None,
        readings: Any = None,
    ) -> None:  # fmt: skip
        self.take, self.step, self.epoch, self.loss, self.kept = take, step, epoch, loss, kept
        self.weights, self.grads, self.buffers, self.update = weights, grads, buffers, update
        self.state, self.lr = state, lr
        self.objective = objective
        self.readings = readings
        self._measure: dict[str, Any] | None = None
        self._why = ""

    @property
    def names(self) -> list[str]:
        """The path of each parameter in the model."""
        return self.take.names

    @property
    def size(self) -> int:
        """About how many numbers are kept."""
        found = 4 * len(self.weights) + len(self.buffers)
        return found + sum(r.outputs.size * 2 if hasattr(r.outputs, "size") else 0 for r in self.readings or ())

    @property
    def by_squares(self) -> bool:
        """Whether neither the loss nor its graph is there to measure by, and the outputs' squares stand in for it."""
        return self.readings is None and (self.objective is None or self.kept.labels is None)

    def measure(self) -> dict[str, Any]:
        """What `nn.measure` says of the model as it was, with the samples that were kept; the same again later.

        Where the loss was given with its graph, signals and gradients are those of the graph. Where neither its graph
        nor its function is known, they are of the sum of the outputs' squares.

        Raises:
            ValueError: it cannot be measured, and why.

        Cost: that of `nn.measure`, once.
        """
        if self._why:
            raise ValueError(self._why)
        if self._measure is None:
            try:
                self._measure = self._measured()
            except Exception as error:  # whatever a model of a user's own makes of Values
                self._why = f"step {self.step} cannot be measured: {error}"
                raise ValueError(self._why) from error
        return self._measure

    def verdicts(self) -> list[Verdict]:
        """What ailed the network: what `nn.verdicts_of` says of the measure.

        Raises:
            ValueError: it cannot be measured.
        """
        return verdicts_of(self.measure())

    def _measured(self) -> dict[str, Any]:
        kept = self.kept
        if self.readings is not None:
            try:
                inputs = rms(np.concatenate([np.ravel(np.asarray(x, dtype=float)) for x in kept.samples]))
            except (TypeError, ValueError):
                inputs = None
            layers = [measured(reading._replace(step=None)) for reading in self.readings]
            return {
                "loss": self.loss, "chance": None, "samples": kept.total, "inputs": inputs, "layers": layers,
                "step": None,
            }  # fmt: skip
        known = not self.by_squares
        with self.take.holding(self.weights, self.buffers) as (model, values):
            optimizer = self.take.optimiser_at(self.state, values)
            batch = (kept.samples, kept.labels) if known else kept.samples
            return measure(model, batch, self.objective if known else None, optimizer)

    def gradient_scale(self) -> float:
        """What turns d loss / d output into that of a sample alone: how many samples a loss is the mean of."""
        samples = self.measure()["samples"]
        if self.by_squares:
            return 1.0
        parts = None if self.readings is not None else parts_of(self.objective)
        return 1.0 if parts is not None and not parts.mean else float(samples)

    def ratios(self) -> dict[str, float]:
        """How large the update was beside the weights before it, by layer: root mean squares; nan where nobody knows.

        >>> from nn import MLP, Recorder, fit, make_moons
        >>> recorder = Recorder(every=1)
        >>> history = fit(MLP(2, [3, 1], rng=1), make_moons(8, rng=1), epochs=1, callbacks=[recorder], progress=False)
        >>> list(recorder.frames[0].ratios())
        ['layers.0', 'layers.1']
        """
        found: dict[str, float] = {}
        for name, places in self.take.groups().items():
            found[name] = nan
            if self.update is not None:
                before, moved = rms((self.weights - self.update)[places]), rms(self.update[places])
                found[name] = moved / before if before and moved is not None else nan
        return found

    def __getstate__(self) -> dict[str, Any]:
        """All of it; where model or loss cannot be pickled, what was measured by them in their place."""
        if not (is_pickled(self.objective) and is_pickled(self.take.model)):
            with suppress(ValueError):
                self.measure()
        return {**vars(self), "objective": self.objective if is_pickled(self.objective) else None}

    def __repr__(self) -> str:
        what = f"{len(self.weights):,} parameters of {brief(self.take.model)}"
        return f"<Frame: step {self.step}, loss {self.loss:.4g}, {what}>"
