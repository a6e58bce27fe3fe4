"""Weights averaged over steps: often better than those of the last one."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from autograd.border.wording import brief
from nn.checks import as_finite, is_whole
from nn.optimisers.remembering import restored
from nn.optimisers.settings import trainable

__all__ = ["ExponentialMovingAverage"]


class ExponentialMovingAverage:
    """The running mean of weights: a ← decay·a + (1 - decay)·p after each step; the first time, a is p.

    Args:
        parameters: What `module.parameters()` gives.
        decay: What is kept of the mean, from 0 to 1.

    Attributes:
        average: The mean, a vector in the order of the parameters.
        updates: How many steps are in it.

    Raises:
        TypeError: something given is not a parameter, or `decay` is no number.
        ValueError: `decay` is out of range; something given is no parameter that can be trained.

    Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992). The numbers are those
    of PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(decay)`.

    >>> p = Value(1.0)
    >>> ema = ExponentialMovingAverage([p], decay=0.5)
    >>> ema.update()
    >>> p.data = 3.0
    >>> ema.update()
    >>> with ema.applied():
    ...     p.data
    2.0
    >>> p.data
    3.0
    """

    def __init__(self, parameters: Iterable[Value], decay: float = 0.999) -> None:
        name = type(self).__name__
        self.parameters = trainable(parameters, name)
        self.decay = as_finite(decay, f"{name}: decay")
        if not 0.0 <= self.decay <= 1.0:
            raise ValueError(f"{name}: decay is {self.decay}; it is a share, from 0 to 1")
        self.average = values_to_vector(self.parameters)
        self.updates = 0
        self._kept: Any = None

    def update(self, data: Any = None) -> None:
        """Take in the weights after a step.

        Args:
            data: A vector of them; None reads the parameters.

        Raises:
            ValueError: there are not as many numbers as parameters; the average is in their place now.

        >>> ema = ExponentialMovingAverage([Value(1.0)], decay=0.9)
        >>> ema.update([2.0])
        >>> ema.update([3.0])
        >>> ema.average
        array([2.1])
        """
        if data is None and self._kept is not None:
            raise ValueError(f"{type(self).__name__}: the parameters are the average now: restore() comes first")
        fresh = values_to_vector(self.parameters) if data is None else np.array(data, dtype=float)
        if fresh.shape != self.average.shape:
            raise ValueError(f"{type(self).__name__}: shape {fresh.shape} for {len(self.average)} parameters")
        if self.updates:
            with np.errstate(all="ignore"):
                fresh = self.average + (1.0 - self.decay) * (fresh - self.average)
        self.average, self.updates = fresh, self.updates + 1

    def apply(self) -> None:
        """Put the average in place of the parameters, which are kept for `restore`.

        Raises:
            ValueError: it is there already.
        """
        if self._kept is not None:
            raise ValueError(f"{type(self).__name__}: the parameters are the average already")
        kept = values_to_vector(self.parameters)
        vector_to_values(self.average, self.parameters)
        self._kept = kept

    def restore(self) -> None:
        """Put the parameters back.

        Raises:
            ValueError: `apply` was not called.
        """
        if self._kept is None:
            raise ValueError(f"{type(self).__name__}: nothing to restore: apply() comes before")
        vector_to_values(self._kept, self.parameters)
        self._kept = None

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Meanwhile the average is in place of the parameters."""
        self.apply()
        try:
            yield
        finally:
            self.restore()

    def state_dict(self) -> dict[str, Any]:
        """All of it as plain data, fit for JSON.

        >>> ExponentialMovingAverage([Value(1.0)], decay=0.5).state_dict()
        {'decay': 0.5, 'updates': 0, 'average': [1.0]}
        """
        return {"decay": self.decay, "updates": self.updates, "average": self.average.tolist()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another stood, over as many parameters.

        Raises:
            TypeError: it is no dict.
            ValueError: it is of another size, or damaged; nothing is changed then.
        """
        name = type(self).__name__
        if not isinstance(state, Mapping):
            raise TypeError(f"{name}: expected what state_dict() gives, got a {type(state).__name__}")
        decay, updates = state.get("decay"), state.get("updates")
        if not isinstance(decay, (int, float)) or not 0.0 <= decay <= 1.0 or not is_whole(updates):
            raise ValueError(f"{name}: the state is damaged: decay {brief(decay)}, updates {brief(updates)}")
        average = restored(state.get("average"), len(self.parameters), "average")
        if not isinstance(average, np.ndarray):
            raise ValueError(f"{name}: the state is damaged: 'average' is no list of {len(self.parameters)} numbers")
        self.decay, self.updates, self.average = float(decay), int(updates or 0), average

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, decay={self.decay}, {self.updates} updates)"
