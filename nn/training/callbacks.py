"""Callbacks: what is called while a model is trained, with a record of the step just made.

A callback is a function of a `Record`. It ends training by returning True, or by raising `StopTraining`. It is called
after each step; one with the attribute `per = "epoch"`, after each epoch. One with a method `wants(record)` is called
after those steps of which it wants to know: it is asked before Values get the numbers of the step, which takes longer
than a compiled step of a small network. One with `state_dict` and `load_state_dict` has its state kept in checkpoints.
Where several ranks train together, callbacks are called on the first; one with `every_rank = True` on each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, isfinite
from typing import Any

from autograd import values_to_vector, vector_to_values
from nn.checks import as_finite, as_size
from nn.training.history import History

__all__ = ["EarlyStopping", "Record", "StopTraining"]


class StopTraining(Exception):
    """Raised by a callback, a loss or a metric, to end training: what was trained is kept.

    >>> str(StopTraining("good enough"))
    'good enough'
    """


@dataclass
class Record:
    """A step of training, as callbacks are told of it.

    Attributes:
        model: The model; its parameters are those after the step.
        batch: Samples and labels of the step, as `(xs, ys)`.
        loss: Of these, before the step.
        optimizer: What made the step.
        history: What happened so far: of an epoch that has ended, its numbers too.
        epoch, step: Their numbers, from 0; steps are counted over all epochs.
        gradient_norm: The length of the step's gradient, before it was clipped.
        last_of_epoch: Whether an epoch ended with it.
        objective: The loss as a function of scores and labels.
        before: The numbers of the optimiser's parameters before the step, a vector; None where there was no step.

    >>> from nn import MLP, fit, make_moons
    >>> def good_enough(record):
    ...     return record.loss < 0.2
    >>> history = fit(
    ...     MLP(2, [8, 1], rng=1), make_moons(20, rng=1), epochs=500, callbacks=good_enough, progress=False, seed=1
    ... )
    >>> history.stopped, history.epochs < 500
    ('by good_enough', True)
    """

    model: Any
    batch: tuple[list[Any], list[Any]]
    loss: float
    optimizer: Any
    history: History
    epoch: int
    step: int
    gradient_norm: float
    last_of_epoch: bool = False
    objective: Any = None
    before: Any = None


class EarlyStopping:
    """A callback that ends training when it no longer gets better, and puts the best weights back.

    Args:
        patience: After so many epochs without a better one.
        monitor: What is watched: "validation loss", "loss", or the name of a metric; None takes the validation loss
            where there is one, else the loss.
        min_delta: By how much better is better.
        mode: "min" or "max"; None takes "min" for losses and errors, else "max".
        restore_best: Whether the weights of the best epoch are put back at the end, however training ends.

    Attributes:
        best, best_epoch: The best number so far, and its epoch, from 0.

    Raises:
        TypeError, ValueError: a setting is out of range.

    >>> from nn import MLP, fit, make_moons
    >>> model = MLP(2, [8, 1], rng=1)
    >>> stop = EarlyStopping(patience=3, monitor="loss", min_delta=10.0)
    >>> history = fit(model, make_moons(20, rng=1), epochs=50, callbacks=[stop], progress=False, seed=1)
    >>> history.epochs, history.stopped
    (4, 'early: no better loss than 0.446 of epoch 1 in 3 epochs')
    """

    per = "epoch"

    def __init__(
        self,
        patience: int = 10,
        monitor: str | None = None,
        min_delta: float = 0.0,
        mode: str | None = None,
        restore_best: bool = True,
    ) -> None:
        self.patience, self.monitor = as_size(patience, "EarlyStopping: patience"), monitor
        self.min_delta = as_finite(min_delta, "EarlyStopping: min_delta")
        if self.min_delta < 0.0:
            raise ValueError(f"EarlyStopping: min_delta is {min_delta}; it is 0 or more")
        if mode not in (None, "min", "max"):
            raise ValueError(f'EarlyStopping: mode is {mode!r}; it is "min", "max" or None')
        self.mode, self.restore_best = mode, restore_best
        self.begin()

    def begin(self) -> None:
        """Forget what was seen: `fit` calls it before the first epoch.

        >>> stop = EarlyStopping()
        >>> stop.begin()
        >>> stop.best
        inf
        """
        self.best, self.best_epoch, self.since = inf, -1, 0
        self.weights: list[float] | None = None
        self.buffers: list[float] | None = None

    def __call__(self, record: Record) -> bool:
        """Whether to end training."""
        name = self._name(record.history)
        number = self._number(record.history, name)
        sign = -1.0 if self._mode(name) == "max" else 1.0
        worse_by = sign * number - (self.best if self.best_epoch >= 0 else inf)
        if isfinite(number) and (self.best_epoch < 0 or worse_by < -self.min_delta):
            self.best, self.best_epoch, self.since = sign * number, record.epoch, 0
            self.weights = values_to_vector(record.optimizer.parameters).tolist()
            self.buffers = [b.data for b in buffers_of(record.model)]
            return False
        self.since += 1
        if self.since < self.patience:
            return False
        raise StopTraining(
            f"early: no better {name} than {sign * self.best:.3g} of epoch {self.best_epoch + 1} in {self.since} epochs"
        )

    def end(self, record: Record) -> None:
        """Put the best weights back: `fit` calls it after the last epoch."""
        if self.restore_best and self.weights is not None:
            vector_to_values(self.weights, record.optimizer.parameters)
            for b, number in zip(buffers_of(record.model), self.buffers or [], strict=False):
                b.data = number

    def _name(self, history: History) -> str:
        if self.monitor is not None:
            name = self.monitor.replace("_", " ")
            name = f"validation {name[4:]}" if name.startswith("val ") else name  # as Keras calls it
            return name if name in history.columns() else self.monitor
        return "validation loss" if history.validation_losses else "loss"

    def _number(self, history: History, name: str) -> float:
        columns = {key: numbers for key, numbers in history.columns().items() if key not in ("epoch", "seconds")}
        if name not in columns:
            near = get_close_matches(name, columns, 1, 0.5)
            meant = f", did you mean {near[0]!r}?" if near else ""
            raise ValueError(
                f"EarlyStopping: monitor is {name!r}{meant}; there are {', '.join(map(repr, columns))}"
                + ("" if not name.startswith("validation ") else ": give fit(validation=...)")
            )
        return float(columns[name][-1])

    def _mode(self, name: str) -> str:
        lower = any(part in name.lower() for part in ("loss", "mae", "mse", "rmse", "error"))
        return self.mode or ("min" if lower else "max")

    def state_dict(self) -> dict[str, Any]:
        """What it has seen, as plain data.

        >>> EarlyStopping().state_dict()["since"]
        0
        """
        return {
            "best": self.best, "best_epoch": self.best_epoch, "since": self.since, "weights": self.weights,
            "buffers": self.buffers,
        }  # fmt: skip

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another stood.

        >>> stop = EarlyStopping()
        >>> stop.load_state_dict(EarlyStopping().state_dict())
        """
        self.best, self.best_epoch, self.since = float(state["best"]), int(state["best_epoch"]), int(state["since"])
        self.weights, self.buffers = state["weights"], state["buffers"]


def buffers_of(model: Any) -> list[Any]:
    """The buffers of a module; none, of anything else."""
    found: list[Any] = model.buffers() if hasattr(model, "buffers") else []
    return found
