"""A compiled call where somebody checks numbers: its rows one by one, by the eager engine, before it is answered."""

from __future__ import annotations

from autograd.compiled.call import Call
from autograd.engine.listening import checkers, heard_by
from autograd.engine.sweep import gradient

__all__ = ["look_through"]


def look_through(call: Call, slopes: bool) -> None:
    """Have those who check numbers hear what the function does with each row; with `slopes` the sweeps back too.

    A replay tells nobody of its steps, and may do them in another order. Whoever checks raises.

    Cost: that of the eager engine, for each row.
    """
    for checker in checkers():
        for row in range(call.n):
            checker.entered(f"row {row} of {call.traced.name}" if call.batched else call.traced.name)
            try:
                heard_by(None, heard_by, (checker, run, (call, row, slopes), {}), {})
            finally:
                checker.entered("")


def run(call: Call, row: int, slopes: bool) -> None:
    """Run the function on a row, forward, and back from each of its results."""
    inputs, outputs = call.arguments.run_heard(row)
    for output in outputs if slopes else ():
        if not output.is_constant:
            gradient([output], inputs, [1.0])
