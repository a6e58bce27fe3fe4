"""Recording a function: what it computes on Values, and every comparison that decided a branch.

A function is recorded by running it, on the Values and by the engine that run it eagerly. Meanwhile the engine tells a
`Recording` of each node and each comparison. A number that is read out of a Value would be the number of this one run
in all replays, so reading one raises `RecordingError`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograd import primitives
from autograd.engine import Value, all_operands, listen, stop_listening
from autograd.primitives import Primitive

__all__ = ["Recording", "RecordingError", "frozen", "record_call"]

PACKAGE = str(Path(__file__).parent)
REMEDY = "stay on Values (autograd.detach, autograd.where), or make it a static argument"
COMPARISONS: tuple[tuple[Primitive, bool, bool], ...] = (
    (primitives.equal, False, True), (primitives.equal, False, False),
    (primitives.less, False, True), (primitives.less_equal, False, True),
    (primitives.less, True, True), (primitives.less_equal, True, True),
)  # fmt: skip
"""Of ==, !=, <, <=, > and >=: the row that decides it, whether its operands are swapped, and what it gives for True."""


class RecordingError(TypeError):
    """A function that is being recorded reads a number out of a Value: a replay would repeat that one number.

    >>> from autograd import Tape
    >>> Tape.record(lambda x: x * x.data, 3.0)
    Traceback (most recent call last):
    autograd.recording.RecordingError: reading .data while a function is recorded would freeze this run's number ...
    """


def frozen(what: str) -> RecordingError:
    """The error for reading a number, with the place in the user's code and the remedy."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    return RecordingError(
        f"{what} while a function is recorded would freeze this run's number into every replay ({place}): {REMEDY}"
    )


class Recording:
    """What was heard while a function ran.

    Attributes:
        nodes: Every Value that was made, in order.
        cuts: Of those that are constants but computed (detached, or made under `no_grad`), by `id`: row and operands.
        guards: Of every comparison: the row, its operands, and whether the branch taken needs it to hold.
    """

    __slots__ = ("cuts", "guards", "nodes")

    def __init__(self) -> None:
        self.nodes: list[Value] = []
        self.cuts: dict[int, tuple[Primitive, tuple[Any, ...]]] = {}
        self.guards: list[tuple[Primitive, Any, Any, bool]] = []

    def guard(self, how: int, x: Value, y: Any, outcome: bool) -> None:
        """Hear of a comparison."""
        row, swapped, holds = COMPARISONS[how]
        self.guards.append((row, y, x, outcome == holds) if swapped else (row, x, y, outcome == holds))

    def captured(self, inputs: Sequence[Value], outputs: Sequence[Any]) -> list[Value]:
        """The Values that took part and were there before, other than the inputs: weights in a closure."""
        known = {id(x) for x in (*inputs, *self.nodes)}
        found: list[Value] = []
        groups = [self.operands_of(node) for node in self.nodes]
        for group in (*groups, *((x, y) for _, x, y, _ in self.guards), outputs):
            for x in group:
                if isinstance(x, Value) and id(x) not in known:
                    known.add(id(x))
                    found.append(x)
        return found

    def operands_of(self, node: Value) -> tuple[Any, ...]:
        """What a node was computed from."""
        return self.cuts[id(node)][1] if id(node) in self.cuts else all_operands(node)

    def path(self) -> tuple[bool, ...]:
        """How the comparisons came out, in order."""
        return tuple([outcome for _, _, _, outcome in self.guards])


def record_call(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, Recording]:
    """What the function gives, and the recording of it. What it raises passes through."""
    recording = Recording()
    token = listen(recording)
    try:
        result = function(*args, **kwargs)
    finally:
        stop_listening(token)
    return result, recording
