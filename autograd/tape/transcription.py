"""From a recording to the steps of a tape: every Value that was made becomes a slot.

The Values of a recording are numbered in the order in which they were made, and found again by that number, as a sweep
does it. Values from outside are found by what they are. Plain Python that Cython compiles: a recording may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.calculus import table
from autograd.engine.node import Fold, Value
from autograd.programs.builder import Recorder
from autograd.programs.steps import whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import CUSTOM, DETACH
    from autograd.engine.sweep import is_placed

__all__ = ["strangers", "transcribe"]


def strangers(order: list[Value], cuts: dict[int, Any], others: list[Any]) -> list[Value]:
    """The Values that take part in a recording without being made in it, in order of appearance. Numbers `order`.

    Args:
        order: The inputs and then the Values that were made.
        cuts: See `Recording`.
        others: More Values or numbers that take part: compared, or given back.
    """
    found: list[Value] = []
    collect(order, cuts, others, found, set())
    return found


def collect(order: list[Value], cuts: dict[int, Any], others: list[Any], found: list[Value], known: set[int]) -> None:
    """Number the Values of `order`, and put what else takes part into `found`."""
    for i in range(len(order)):
        node: Value = order[i]
        node._slot = i
    for i in range(len(order)):
        node = order[i]
        if node._code <= CUSTOM:
            if id(node) in cuts:
                meet(cuts[id(node)][1], order, found, known)
        elif node._fold is not None:
            f: Fold = node._fold
            meet(f.operands, order, found, known)
        else:
            x: Value = node._x
            if not is_placed(x, order):
                meet((x,), order, found, known)
            y: Value | None = node._y
            if y is not None and not is_placed(y, order):
                meet((y,), order, found, known)
    meet(tuple(others), order, found, known)


def meet(operands: tuple[Any, ...], order: list[Value], found: list[Value], known: set[int]) -> None:
    """Note those of the operands that are Values from outside."""
    for i in range(len(operands)):
        if isinstance(operands[i], Value):
            x: Value = operands[i]
            if not is_placed(x, order) and id(x) not in known:
                known.add(id(x))
                found.append(x)


def transcribe(
    order: list[Value], inputs: int, outside: dict[int, int], cuts: dict[int, Any], recorder: Recorder
) -> Any:
    """Write the steps of the Values that were made.

    Args:
        order: The inputs, `inputs` of them, and then the Values that were made; numbered by `strangers`.
        inputs: How many inputs there are; they are the recorder's first slots.
        outside: The slots of Values from outside, by id; of any other the number is taken.
        cuts: See `Recording`.
        recorder: Writes the steps.

    Returns:
        A function that gives the slot of anything: a Value or a number.

    Raises:
        ValueError: a node has a rule of its own, which a tape cannot run again.
    """
    places = Places(order, outside, recorder)
    for i in range(inputs):
        places.slots[i] = i
    for i in range(inputs, len(order)):
        node: Value = order[i]
        if node._code <= CUSTOM:
            if id(node) in cuts:
                row, operands = cuts[id(node)]
                places.slots[i] = places.apply(row.code, operands)
                if row is not table.detach:
                    places.slots[i] = recorder.unary(DETACH, places.slots[i])
            elif node._fold is not None:
                raise ValueError(f"Tape: {node!r} has a rule of its own ({node._op!r}), which a tape cannot run again")
            else:
                places.slots[i] = recorder.constant(node._data)
        elif node._fold is not None:
            f: Fold = node._fold
            places.slots[i] = places.apply(node._code, f.operands)
        elif node._y is None:
            places.slots[i] = recorder.unary(node._code, places.of_value(node._x))
        else:
            x = places.of_value(node._x)
            places.slots[i] = recorder.binary(node._code, x, places.of_value(node._y))
    return places


@cython.final
@cython.cclass
class Places:
    """Which slot anything became.

    Args:
        order, outside, recorder: See `transcribe`.
    """

    if not cython.compiled:
        __slots__ = ("order", "outside", "recorder", "slots")

    def __init__(self, order: list[Value], outside: dict[int, int], recorder: Recorder) -> None:
        self.order, self.outside, self.recorder = order, outside, recorder
        self.slots = whole_numbers(len(order))

    def __call__(self, x: Any) -> int:
        """The slot of a Value or of a number."""
        return self.of_value(x) if isinstance(x, Value) else self.recorder.constant(float(x))

    def of_value(self, x: Value) -> int:
        """The slot of a Value."""
        if is_placed(x, self.order):
            return self.slots[x._slot]
        return self.outside[id(x)] if id(x) in self.outside else self.recorder.constant(x._data)

    def apply(self, code: int, operands: Any) -> int:
        """The slot of a row applied to Values and numbers."""
        given = [self(x) for x in operands]  # a number is a step of its own, which comes before
        for slot in given:
            self.recorder.push(slot)
        return self.recorder.apply(code)
