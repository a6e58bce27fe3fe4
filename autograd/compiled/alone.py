"""Rows that no path takes, run by the eager engine one after the other; and calls of one row, on ever new paths.

What is alike for them is prepared once: where their numbers stand, how the function is called, and the context that
rows are run in, of which each is given a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import Context, copy_context
from typing import Any

from autograd.compiled.arguments import Arguments
from autograd.derivatives.inlining import alone
from autograd.engine.bounds import bound_here
from autograd.engine.leaves import leaves
from autograd.engine.refusals import RecordingError
from autograd.recorded.answers import filling
from autograd.recorded.inputs import Inputs
from autograd.recorded.kinds import Derivation
from autograd.recorded.questions import Question
from autograd.values.value import Value

__all__ = ["Lone", "answers_alone"]

LANES_AT_ONCE = 2**14
"""So many numbers are made Python's, and so many results an array, at once."""


def answers_alone(
    arguments: Arguments, inputs: Inputs, first: int, rows: Sequence[int], wanted: Derivation
) -> Iterator[tuple[Sequence[int], Any]]:
    """What is wanted of some rows: some of them at a time, and an array of rows and outputs.

    Args:
        arguments: Those of the call.
        inputs: The numbers of rows of it.
        first: The number of the first of these, in the batch.
        rows: Which of these, in order.
        wanted: Its kind is one that the eager engine can give.

    Raises:
        TypeError: the results of a row are of another structure than along the path that was recorded first.
        Exception: whatever the function raises.
    """
    import numpy as np

    rows_alone, layout = Alone(arguments, wanted), arguments.layout
    given = arguments.leaves
    context: Context = alone(copy_context)  # nobody hears, nodes are left, none is compiled
    bound = context.run(bound_here)
    step = max(LANES_AT_ONCE // (layout.size + wanted.count + 1), 1)
    for start in range(0, len(rows), step):
        found: list[float] = []
        some = rows[start : start + step]
        for row, numbers in zip(some, layout.rows(inputs.shared, inputs.batches, some), strict=True):
            bound.passed = 0
            found += rows_alone.outputs(context.copy().run, numbers, first + row, given)
        yield some, np.array(found, float).reshape(len(some), wanted.count)


class Alone:
    """What is wanted of rows of some arguments, or of others of their layout, by the eager engine.

    Args:
        arguments: What these are.
        wanted: Its kind is one that the eager engine can give.
    """

    def __init__(self, arguments: Arguments, wanted: Derivation) -> None:
        traced, layout, first = arguments.traced, arguments.layout, arguments.paths.all[0].results
        assert wanted.kind.eagerly is not None
        self._function, self._eagerly, self._bare = traced.function, wanted.kind.eagerly, first.bare
        self._put, self._weights = layout.put, 1 if traced.weights else 0  # these are not among what it is called with
        self._results, self._name_row = arguments.as_results, arguments.name_row
        self._made = traced.inputs if traced.weights else leaves
        self._towards = None if wanted.inputs == tuple(range(layout.size)) else wanted.inputs

    def outputs(self, run: Callable[..., Any], numbers: list[float], row: int, given: Sequence[Any]) -> list[float]:
        """What is wanted of one row.

        Args:
            run: Calls a function in a context of its own.
            numbers: Of the row.
            row: Its number in the batch.
            given: The leaves of the arguments.
        """
        try:
            inputs, result = run(self._run, numbers, given)
        except RecordingError as error:
            self._name_row(error, row)
            raise
        outputs = [result] if self._bare and type(result) is Value else self._results(result, row)
        return self._eagerly(outputs, inputs if self._towards is None else [inputs[k] for k in self._towards])

    def _run(self, numbers: list[float], given: Sequence[Any]) -> tuple[list[Value], Any]:
        """The inputs of a row, and what the function gives for them."""
        inputs = self._made(numbers)
        args, kwargs = self._put(inputs, given)
        return inputs, self._function(*args[self._weights :], **kwargs)


class Lone:
    """The answer to a question of calls without a batch, by the eager engine.

    Attributes:
        layout, paths: Of the calls.
    """

    def __init__(self, arguments: Arguments, asked: Question) -> None:
        self.layout, self.paths = arguments.layout, arguments.paths
        self._alone = Alone(Arguments(arguments.traced, self.layout, [], self.paths), asked.wanted)
        self._fill = filling(asked.answer)

    def answer(self, numbers: list[float], given: Sequence[Any] = ()) -> Any:
        """The answer for these numbers; the leaves of the arguments are needed where some are static."""
        return self._fill(self._alone.outputs(alone, numbers, 0, given))
