"""From a recording to the steps of a tape: every Value that was made becomes a slot.

The Values of a recording are numbered in the order in which they were made, and found again by that number, as a sweep
does it. Values from outside are found by what they are. Plain Python that Cython compiles: a recording may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd import primitives
from autograd.engine import Fold, Value, row_of
from autograd.slots import Recorder, Slot

if not cython.compiled:
    from autograd._kernel import *  # noqa: F403  (transcription.pxd names what it takes)
    from autograd.sweep import is_placed

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
    order: list[Value], inputs: int, outside: dict[int, Slot], cuts: dict[int, Any], recorder: Recorder
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
    slots: list[Slot] = recorder.input_slots()[:inputs]
    for i in range(inputs, len(order)):
        node: Value = order[i]
        if node._code <= CUSTOM:
            if id(node) in cuts:
                row, operands = cuts[id(node)]
                given: list[Slot] = []
                for k in range(len(operands)):
                    given.append(slot_of(operands[k], order, slots, outside, recorder))
                slot = recorder.apply(row, given)
                slots.append(slot if row is primitives.detach else recorder.apply(primitives.detach, [slot]))
            elif node._fold is not None:
                raise ValueError(f"Tape: {node!r} has a rule of its own ({node._op!r}), which a tape cannot run again")
            else:
                slots.append(recorder.constant(node._data))
            continue
        xs: list[Slot] = []
        if node._fold is not None:
            f: Fold = node._fold
            for k in range(len(f.operands)):
                xs.append(slot_of(f.operands[k], order, slots, outside, recorder))
        else:
            xs.append(slot_of(node._x, order, slots, outside, recorder))
            if node._y is not None:
                xs.append(slot_of(node._y, order, slots, outside, recorder))
        slots.append(recorder.apply(row_of(node._code), xs))
    return Places(order, slots, outside, recorder)


def slot_of(x: Any, order: list[Value], slots: list[Slot], outside: dict[int, Slot], recorder: Recorder) -> Slot:
    """The slot of a Value or of a number."""
    if isinstance(x, Value):
        v: Value = x
        if is_placed(v, order):
            return slots[v._slot]
        return outside[id(v)] if id(v) in outside else recorder.constant(v._data)
    return recorder.constant(float(x))


class Places:
    """Which slot anything became."""

    def __init__(self, order: list[Value], slots: list[Slot], outside: dict[int, Slot], recorder: Recorder) -> None:
        self._known = (order, slots, outside, recorder)

    def __call__(self, x: Any) -> Slot:
        """The slot of a Value or of a number."""
        order, slots, outside, recorder = self._known
        return slot_of(x, order, slots, outside, recorder)
