"""A compiled call where somebody checks numbers: its rows one by one, by the eager engine, before it is answered."""

from __future__ import annotations

from collections.abc import Collection

from autograd.compiled.call import Call
from autograd.engine.listening import checkers, heard_by
from autograd.engine.node import constant
from autograd.engine.refusals import RecordingError
from autograd.engine.sweep import gradient

__all__ = ["look_through"]


def look_through(call: Call, wanted: Collection[int] | None, outputs: int | None = None) -> None:
    """Have those who check numbers hear what the function does with each row, forward and back.

    A replay tells nobody of its steps, and may do them in another order. Whoever checks raises.

    Args:
        call: The call.
        wanted: The inputs towards which derivatives are asked for, the others are numbers; None if none are asked for.
        outputs: Of so many results, the first, derivatives are asked for; None is all.

    Cost: that of the eager engine, for each row.
    """
    for checker in checkers():
        for row in range(call.n):
            checker.entered(f"row {row} of {call.traced.name}" if call.batched else call.traced.name)
            try:
                heard_by(None, heard_by, (checker, run, (call, row, wanted, outputs), {}), {})
            finally:
                checker.entered("")


def run(call: Call, row: int, wanted: Collection[int] | None, outputs: int | None) -> None:
    """Run the function on a row, forward, and back from its results; inputs that are not wanted are constants then."""
    traced, numbers = call.traced, call.layout.row(call.leaves, row)
    inputs = traced.inputs(numbers)
    if wanted is not None:
        n = len(traced.weights)  # which the function captures
        inputs[n:] = [x if k in wanted else constant(numbers[k]) for k, x in enumerate(inputs[n:], n)]
    try:
        result = traced.run_inlined(call.layout, call.leaves, inputs)
    except RecordingError as error:
        call.arguments.name_row(error, row)
        raise
    results = call.arguments.as_results(result, row)
    for result in results[:outputs] if wanted is not None else ():
        if not result.is_constant:
            gradient([result], inputs, [1.0])
