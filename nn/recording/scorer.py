"""A model's scores over many samples, at the speed of compiled code where it can be recorded."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Value, vector_to_values
from nn.checks import number_of
from nn.recording.feeding import rehearsed
from nn.recording.programs import RowsProgram
from nn.recording.samples import Samples, like, listed
from nn.recording.settings import Settings

__all__ = ["Scorer"]

CHUNK = 4096
"""So many samples at once."""


class Scorer:
    """What a model gives for some samples, as numbers.

    Args:
        model: Maps a sample to its score.
        samples: All of them.
        weights: Its parameters.
        compiled: Whether to record it; where that fails, it is called as it stands.
        threads: Over how many threads samples are spread.

    >>> w = Value(3.0)
    >>> Scorer(lambda x: w * x, Samples([1.0, 2.0], "samples"), [w])(np.array([2.0]))
    array([2., 4.])
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        samples: Samples,
        weights: Sequence[Value],
        compiled: bool = True,
        threads: int | None = None,
    ) -> None:
        self.model, self.samples, self.weights, self.threads = model, samples, list(weights), threads
        self.compiled = compiled and samples.numeric
        self._programs: dict[Any, RowsProgram] = {}
        self._settings = Settings(model)
        self._by: Any = None  # these
        self._groups: dict[Any, list[int]] = {}
        for i in range(len(samples)):
            self._groups.setdefault(() if samples.uniform else samples.shape_of(i), []).append(i)

    def __call__(self, theta: Any) -> Any:
        """The scores: an array with a row for each sample; a list where they differ in shape."""
        if self.compiled:
            settings = self._settings.now()
            if settings != self._by:
                self._programs, self._by = {}, settings
            try:
                return self._recorded(theta)
            except Exception:  # whatever it is, the model as it stands says it better
                self.compiled = False
        vector_to_values(theta, self.weights)
        found = [as_number(listed(self.model(self.samples[i]))) for i in range(len(self.samples))]
        arrays = [np.array(x) for x in found]
        return np.array(arrays) if len({a.shape for a in arrays}) == 1 else found

    def _recorded(self, theta: Any) -> Any:
        parts: list[Any] = [None] * len(self.samples)
        whole = None
        for key, places in self._groups.items():
            program = self._program(key, places[0])
            for start in range(0, len(places), CHUNK):
                some = places[start : start + CHUNK]
                everything = self.samples.uniform and len(some) == len(parts)
                x = self.samples.array(range(len(parts)) if everything else some)
                rows = program.scores(theta, x)
                if everything:
                    return rows
                for i, row in zip(some, rows, strict=True):
                    parts[i] = row
            whole = rows.shape[1:]
        if all(part.shape == whole for part in parts):
            return np.array(parts)
        return [part.tolist() for part in parts]

    def _program(self, key: Any, first: int) -> RowsProgram:
        found = self._programs.get(key)
        if found is None:
            sample, shape = self.samples[first], self.samples.shape_of(first)
            numbers = {id(w): k for k, w in enumerate(self.weights)}

            def run(inputs: list[Value]) -> Any:
                array = np.empty(len(inputs), dtype=object)
                array[:] = inputs
                return self.model(like(sample, array.reshape(shape) if shape else inputs[0]))

            flat = np.ravel(self.samples.array([first]))
            wanted = rehearsed(run, len(flat), flat, None, numbers)
            found = self._programs[key] = RowsProgram(
                self.model, None, sample, None, wanted, self.weights, self.threads
            )
        return found


def as_number(score: Any) -> Any:
    """A score as a number, or lists of numbers."""
    return [as_number(part) for part in score] if isinstance(score, list) else number_of(score)
