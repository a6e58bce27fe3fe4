"""A callback that keeps what the steps of a training were like."""

from contextlib import suppress
from copy import deepcopy
from math import nan
from typing import Any

import numpy as np

from autograd import Value, values_to_vector
from autograd.border.wording import brief
from nn.checks import as_size
from nn.diagnosis.measures import rate_of
from nn.diagnosis.readings import Reading
from nn.film.film import Film
from nn.film.frame import Frame
from nn.film.samples import Kept, kept_of
from nn.film.take import Take, is_pickled, optimiser_of
from nn.losses.naming import named

__all__ = ["Recorder"]

MOST_NUMBERS = 2**25
"""So many are kept, 256 MB; of more, every other frame is let go, and half as many are recorded from there on."""

MOST_STATES = 8
"""Numbers that are kept of what an optimiser remembers, for each parameter: of a long memory nothing is."""

MISSING: Any = object()


class Recorder(Film):
    """A callback that records a training, to be looked at: gradients, updates, dead units, boundaries, step by step.

    `fit(..., callbacks=[recorder])` calls it; in a loop of your own call it after each step. What it keeps of a step is
    a copy of numbers; everything else is computed when somebody looks, with those numbers put into the model for a
    while. Use in another training goes on where the last one ended; `forget` begins anew.

    Args:
        every: Each step whose number is a multiple of it is recorded, the first among them.
        samples: So many samples of a batch are kept, evenly out of all, to measure by.
        loss: The loss as a function of scores and labels, or its name, for loops of your own; None takes what is given
            in each call.

    Attributes:
        frames: What was kept, a `Frame` for each step that was recorded: `step`, `loss`, `weights`, `grads`, `update`,
            and what is computed of it, `measure()` and `verdicts()`.
        losses: Pairs of a step and its loss, of all steps of which it was told.
        every: As given.
        spacing: How far apart frames are by now: `every`, or twice, four times as much where they took too much room.

    Raises:
        TypeError: `every` or `samples` is no whole number, or `loss` neither a function nor a name.
        ValueError: one is below 1.

    Cost: at a step that is recorded, a walk over the model and copies of its numbers; where a loss is given with its
        graph, a look at each of its nodes.

    >>> from nn import MLP, SGD, fit, make_moons
    >>> model = MLP(2, [8] * 7 + [1], "sigmoid", rng=1)
    >>> recorder = Recorder(every=5)
    >>> history = fit(
    ...     model, make_moons(40, rng=1), loss="hinge", optimizer=SGD(model.parameters(), lr=0.1), epochs=20,
    ...     callbacks=[recorder], progress=False,
    ... )
    >>> recorder.steps, recorder.gradients.shape
    ([0, 5, 10, 15], (8, 4))
    >>> print(recorder.diagnose())
    step 15, loss ...
    vanishing: layers.0 receives 1/... of the last layer's gradient (a sigmoid multiplies it by at most 0.25). Try ...
    In 4 steps looked at, from 0 to 15: vanishing in 4, ...
    """

    def __init__(self, every: int = 5, *, samples: int = 64, loss: Any = None) -> None:
        self.every = self.spacing = as_size(every, "Recorder: every")
        self.samples = as_size(samples, "Recorder: samples")
        self._loss = None if loss is None else as_function(loss)
        if loss is not None and self._loss is None:
            raise TypeError(f"Recorder: loss is {brief(loss)}; it is a function of scores and labels, or its name")
        self.forget()

    def forget(self) -> None:
        """Have nothing recorded, as at the beginning.

        >>> recorder = Recorder()
        >>> recorder.forget()
        >>> recorder.steps
        []
        """
        super().__init__()
        self.spacing = self.every
        self._next = self._offset = 0  # the number of the next step; of the first of this run
        self._before: tuple[Take, Any] | None = None  # what the parameters were at the call before

    # --- recording ---------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Go on with the next run: `fit` calls it before the first epoch."""
        self._offset, self._before = self._next, None

    def wants(self, record: Any) -> bool:
        """Whether a step is to be recorded; its loss is noted either way. `fit` asks it before it calls.

        >>> from types import SimpleNamespace
        >>> recorder = Recorder(every=2)
        >>> [recorder.wants(SimpleNamespace(step=k, loss=0.5)) for k in range(3)], recorder.losses
        ([True, False, True], [(0, 0.5), (1, 0.5), (2, 0.5)])
        """
        step: int = self._offset + record.step
        self._next = step + 1
        self.losses.append((step, float(record.loss)))
        return step % self.spacing == 0

    def __call__(
        self, record: Any = None, /, *, model: Any = MISSING, batch: Any = MISSING, loss: Any = MISSING,
        optimizer: Any = MISSING, history: Any = None,
    ) -> None:  # fmt: skip
        """Record a step, if its turn has come.

        Args:
            record: What `fit` tells its callbacks; in its place by name:
            model: A module, or a function of a sample that uses some.
            batch: Samples and labels of the step, as a tuple.
            loss: Of the batch: a Value, whose graph then says how large gradients are; a number; or the loss as a
                function of scores and labels, or its name, by which they are computed later.
            optimizer: What moves the parameters; None where that is code of your own.
            history: Is taken and not looked at.

        Raises:
            TypeError: one is missing, or not of its kind.
            ValueError: the batch has no samples, or another number of labels.
        """
        if record is not None:
            lacking = [name for name in ("model", "batch", "loss", "optimizer") if not hasattr(record, name)]
            if lacking:
                raise TypeError(
                    f"Recorder: expected the record of a step, got {brief(record)} without {', '.join(lacking)}: give "
                    "it to fit(callbacks=[recorder]), or call recorder(model=, batch=, loss=, optimizer=)"
                )
            model, batch, loss, optimizer = record.model, record.batch, record.loss, record.optimizer
        given = {"model": model, "batch": batch, "loss": loss, "optimizer": optimizer}
        lacking = [f"{name}=" for name, x in given.items() if x is MISSING]
        if lacking:
            raise TypeError(
                f"Recorder: {', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing: call it after a "
                "step as recorder(model=model, batch=(xs, ys), loss=loss, optimizer=optimizer); where there is no "
                "optimiser, optimizer=None"
            )
        if not callable(model) or isinstance(model, type):
            raise TypeError(f"Recorder: model is {brief(model)}; expected a module, or a function of a sample")
        function, number = self._function_of(loss, record), number_in(loss)
        if function is None and number is None:
            raise TypeError(f"Recorder: loss is {brief(loss)}; expected a Value, a number, a function, or its name")
        if record is not None and hasattr(record, "step"):
            step = self._offset + record.step
            due = step % self.spacing == 0 if self._next == step + 1 else self.wants(record)
        else:
            step, self._next = self._next, self._next + 1
            due = step % self.spacing == 0
            if number is not None:
                self.losses.append((step, number))
        if due:
            self._record(record, step, nan if number is None else number, function, given)
            self._thin()
        elif (step + 1) % self.spacing == 0:  # the call before one that is recorded
            take = self.frames[-1].take if self.frames else None
            if take is None or take.model is not model or take.optimizer is not optimizer:
                take = Take(model, optimizer)
            self._before = take, values_to_vector(take.values)

    def _function_of(self, loss: Any, record: Any) -> Any:
        """The loss as a function; None if nobody gave it."""
        if self._loss is not None:
            return self._loss
        found = as_function(loss)
        return found if found is not None else getattr(record, "objective", None)

    def _record(self, record: Any, step: int, number: float, function: Any, given: dict[str, Any]) -> None:
        """Keep a step."""
        kept = kept_of(given["batch"], self.samples)
        if self.frames and kept == self.frames[-1].kept:
            kept = self.frames[-1].kept
        optimizer = given["optimizer"]
        take = self._take(given["model"], optimizer)
        weights = values_to_vector(take.values)
        frame = Frame(
            take, step, getattr(record, "epoch", None), number, kept, weights=weights,
            grads=values_to_vector(take.values, "grad"), buffers=values_to_vector(take.buffers),
            update=self._update(take, weights, getattr(record, "before", None)),
            state=state_of(optimizer, len(weights)), lr=rate_of(optimiser_of(optimizer)), objective=function,
            readings=readings_of(take, kept, given["loss"]) if function is None else None,
        )  # fmt: skip
        self.frames.append(frame)
        self._before = take, weights

    def _take(self, model: Any, optimizer: Any) -> Take:
        """The take that goes on, or a new one."""
        for take in (self.frames[-1].take if self.frames else None, self._before[0] if self._before else None):
            if take is not None and take.goes_on(model, optimizer):
                return take
        return Take(model, optimizer)

    def _update(self, take: Take, weights: Any, before: Any) -> Any:
        """By how much the parameters have moved; None where nobody knows."""
        if before is not None and len(before) == len(take.moved):
            update = np.zeros(len(weights))
            with np.errstate(all="ignore"):
                update[take.moved] = weights[take.moved] - before
            return update
        if self._before is None or self._before[0] is not take:
            return None
        with np.errstate(all="ignore"):
            return weights - self._before[1]

    def _thin(self) -> None:
        """Let every other frame go, where they take too much room."""
        while len(self.frames) > 2 and sum(frame.size for frame in self.frames) > MOST_NUMBERS:
            self.frames = self.frames[::2]
            self.spacing *= 2

    # --- copies ------------------------------------------------------------------------------------------------------

    def __copy__(self) -> "Recorder":
        """One that goes on by itself; what was recorded does not change, and is shared."""
        twin = object.__new__(type(self))
        vars(twin).update(vars(self))
        twin.frames, twin.losses = list(self.frames), list(self.losses)
        return twin

    def __deepcopy__(self, memo: Any) -> "Recorder":
        return self.__copy__()

    def __getstate__(self) -> dict[str, Any]:
        """All of it but a loss that cannot be pickled: of that there is what frames measured by it."""
        return {**vars(self), "_loss": self._loss if is_pickled(self._loss) else None, "_before": None}


def as_function(loss: Any) -> Any:
    """A loss as a function of scores and labels; None if it is something else.

    Raises:
        ValueError: there is no loss of this name.

    >>> as_function("mse").__name__, as_function(0.5)
    ('mse', None)
    """
    if isinstance(loss, str):
        return named(loss)
    return loss if callable(loss) and not isinstance(loss, Value) else None


def number_in(loss: Any) -> float | None:
    """The number of a loss; None if it is something else.

    >>> number_in(Value(2.0)), number_in(np.float64(3.0)), number_in("mse")
    (2.0, 3.0, None)
    """
    if isinstance(loss, Value):
        return loss.data
    if isinstance(loss, str) or callable(loss) or not hasattr(type(loss), "__float__"):
        return None
    with suppress(TypeError, ValueError):  # an array of several
        return float(loss)
    return None


def readings_of(take: Take, kept: Kept, loss: Any) -> list[Reading] | None:
    """What the layers gave, if the graph of the loss says it."""
    if not isinstance(loss, Value) or not loss.operands:
        return None
    finder = take.finder(kept.samples[0])
    return None if finder is None else finder.readings(loss)


def state_of(optimizer: Any, n: int) -> Any:
    """What an optimiser remembers, lists of numbers as arrays; None if it does not say, or if it is very much.

    >>> from nn import SGD
    >>> sgd = SGD([Value(1.0)], momentum=0.9)
    >>> sgd.step()
    >>> state_of(sgd, 1)["state"]
    [{'momentum_buffer': array([0.])}]
    """
    own = optimiser_of(optimizer)
    with suppress(Exception):  # of a user's own, whatever it does
        state = own.state_dict()
        groups = state.get("state") if isinstance(state, dict) else None
        if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
            return deepcopy(state)
        found = [{key: as_numbers(x) for key, x in group.items()} for group in groups]
        if sum(np.size(x) for group in found for x in group.values()) <= MOST_STATES * (n + 8):
            return {**state, "state": found}
    return None


def as_numbers(x: Any) -> Any:
    """A list of numbers as an array; anything else as it is."""
    return np.array(x, dtype=float) if isinstance(x, list) else x
