"""The steps of a recording: every Value that was made becomes a slot.

The Values of a recording are numbered in the order in which they were made, and found again by that number, as a sweep
does it. Values from outside are found by what they are. Plain Python that Cython compiles: a recording may be long.
"""

from __future__ import annotations

from typing import Any

import cython

from autograd.calculus import table
from autograd.engine.node import Fold, Node
from autograd.engine.reading import name_of, operands_of, rule_of
from autograd.engine.rules import Result
from autograd.programs.builder import Builder
from autograd.programs.steps import whole_numbers

if not cython.compiled:
    from autograd.calculus._codes import CUSTOM, DETACH
    from autograd.engine.memory import node_at, operand_at
    from autograd.engine.sweep import is_placed

__all__ = ["number_values", "strangers", "transcribe"]


def number_values(order: list[Node]) -> None:
    """Give each Value of a recording its place in the order, by which it is found."""
    for i in range(len(order)):
        node: Node = node_at(order, i)
        node._slot = i


def strangers(order: list[Node], cuts: dict[int, Any], others: list[Any]) -> list[Any]:
    """The Values that take part in a recording without being made in it, in order of appearance.

    Args:
        order: The inputs and then the Values that were made; numbered.
        cuts: See `Recording`.
        others: More Values or numbers that take part: compared, or given back.
    """
    found: list[Node] = []
    collect(order, cuts, others, found, set())
    return found


def collect(order: list[Node], cuts: dict[int, Any], others: list[Any], found: list[Node], known: set[int]) -> None:
    """Put what takes part in `order`, and is not in it, into `found`."""
    for i in range(len(order)):
        node: Node = node_at(order, i)
        if node._code <= CUSTOM:
            if id(node) in cuts:
                meet(cuts[id(node)][1], order, found, known)
            elif node._fold is not None and node._fold.rule is not None and node._fold.rule.recorded is not None:
                meet(node._fold.rule.recorded[1], order, found, known)
        elif node._fold is not None:
            f: Fold = node._fold
            meet(f.operands, order, found, known)
        else:
            x: Node = node._x
            if not is_placed(x, order):
                meet((x,), order, found, known)
            y: Node | None = node._y
            if y is not None and not is_placed(y, order):
                meet((y,), order, found, known)
    meet(tuple(others), order, found, known)


def meet(operands: tuple[Any, ...], order: list[Node], found: list[Node], known: set[int]) -> None:
    """Note those of the operands that are Values from outside."""
    for i in range(len(operands)):
        if isinstance(operands[i], Node):
            x: Node = operand_at(operands, i)
            if not is_placed(x, order) and id(x) not in known:
                known.add(id(x))
                found.append(x)


def transcribe(order: list[Node], inputs: int, outside: dict[int, int], cuts: dict[int, Any], builder: Builder) -> Any:
    """Write the steps of the Values that were made.

    Args:
        order: The inputs, `inputs` of them, and then the Values that were made; numbered.
        inputs: How many inputs there are; they are the builder's first slots.
        outside: The slots of Values from outside, by id; of any other the number is taken.
        cuts: See `Recording`.
        builder: Writes the steps.

    Returns:
        A function that gives the slot of anything: a Value or a number.

    Raises:
        ValueError: a node has a rule of its own, which a tape cannot run again.
    """
    places = Places(order, outside, builder)
    for i in range(inputs):
        places.slots[i] = i
    for i in range(inputs, len(order)):
        node: Node = node_at(order, i)
        if node._code <= CUSTOM:
            if id(node) in cuts:
                row, operands = cuts[id(node)]
                places.slots[i] = places.apply(row.code, operands)
                if row is not table.detach:
                    places.slots[i] = builder.unary(DETACH, places.slots[i])
            elif node._fold is not None:
                row, operands = own_step(node)
                if row is not None:
                    places.slots[i] = places.apply(row.code, operands)
            else:
                places.slots[i] = builder.constant(node._data)
        elif node._fold is not None:
            f: Fold = node._fold
            places.slots[i] = places.apply(node._code, f.operands)
        elif node._y is None:
            places.slots[i] = builder.unary(node._code, places.of_value(node._x))
        else:
            x = places.of_value(node._x)
            places.slots[i] = builder.binary(node._code, x, places.of_value(node._y))
    return places


def own_step(node: Node) -> tuple[Any, tuple[Any, ...]]:
    """The row of a node with a rule of its own, and what it is applied to; no row of one that has several results.

    Raises:
        ValueError: no program can have it.
    """
    rule, which = rule_of(node), 0
    if isinstance(rule, Result):
        rule, which = rule_of(operands_of(node)[0]), rule.number
        many = False
    else:
        many = rule is not None and rule.many
    if rule is None or rule.recorded is None:
        raise ValueError(f"Tape: {node!r} has a rule of its own ({name_of(node)!r}), which a tape cannot run again")
    rows, operands = rule.recorded
    return None if many else rows[which], operands


@cython.final
@cython.cclass
class Places:
    """The slots that Values and numbers became.

    Args:
        order, outside, builder: See `transcribe`.
    """

    if not cython.compiled:
        __slots__ = ("builder", "order", "outside", "slots")

    def __init__(self, order: list[Node], outside: dict[int, int], builder: Builder) -> None:
        self.order, self.outside, self.builder = order, outside, builder
        self.slots = whole_numbers(len(order))

    def __call__(self, x: Any) -> int:
        """The slot of a Value or of a number."""
        return self.of_value(x) if isinstance(x, Node) else self.builder.constant(float(x))

    def of_value(self, x: Node) -> int:
        """The slot of a Value."""
        if is_placed(x, self.order):
            return self.slots[x._slot]
        return self.outside[id(x)] if id(x) in self.outside else self.builder.constant(x._data)

    def apply(self, code: int, operands: Any) -> int:
        """The slot of a row applied to Values and numbers."""
        given = [self(x) for x in operands]  # a number is a step of its own, which comes before
        for slot in given:
            self.builder.push(slot)
        return self.builder.apply(code)
