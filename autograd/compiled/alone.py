"""Rows that no path takes, run by the eager engine one after the other.

What is alike for them is prepared once: where their numbers stand, how the function is called, and the context that it
is run in, of which each row is given a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from typing import Any

from autograd.compiled.arguments import Arguments
from autograd.compiled.inputs import Inputs
from autograd.compiled.kinds import Derivation
from autograd.derivatives.inlining import inlined
from autograd.engine.listening import heard_by
from autograd.values.value import Value

__all__ = ["answers_alone"]

TOGETHER = 2**14
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

    answer, layout = answer_of(arguments, wanted), arguments.layout
    step = max(TOGETHER // (layout.size + wanted.count + 1), 1)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        numbers = layout.rows(inputs.shared, inputs.batches, some)
        found = [answer(each, first + row) for each, row in zip(numbers, some, strict=True)]
        yield some, np.array(found, dtype=float).reshape(len(some), wanted.count)


def answer_of(arguments: Arguments, wanted: Derivation) -> Callable[[list[float], int], list[float]]:
    """The function that gives what is wanted of one row, of its numbers and its number in the batch."""
    traced, layout, leaves = arguments.traced, arguments.layout, arguments.leaves
    eagerly = wanted.kind.eagerly
    assert eagerly is not None
    function, made, rebuilt = traced.function, traced.inputs, traced.rebuild
    bare = arguments.paths.all[0].results.bare
    towards = wanted.inputs if wanted.inputs != tuple(range(layout.size)) else None
    context = heard_by(None, inlined, (copy_context, (), {}), {})  # nobody hears, nodes are left, none is compiled

    def run(numbers: list[float]) -> tuple[list[Value], Any]:
        inputs = made(numbers)
        args, kwargs = rebuilt(layout, leaves, inputs)
        return inputs, function(*args, **kwargs)

    def answer(numbers: list[float], row: int) -> list[float]:
        inputs, result = context.copy().run(run, numbers)
        outputs = [result] if bare and type(result) is Value else arguments.as_results(result, row)
        return eagerly(outputs, inputs if towards is None else [inputs[k] for k in towards])

    return answer
