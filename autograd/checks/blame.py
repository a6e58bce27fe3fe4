"""Which operation of a graph has a wrong derivative: each row that was applied is checked by itself, where it was.

A row is blamed only if its own value says otherwise, at the numbers that it was applied to; if no row is wrong, a rule
of a user's own is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.calculus.primitive import Primitive
from autograd.checks.anomaly import OURS
from autograd.checks.differences import ByDifferences, Measured, Slope
from autograd.checks.exactly import Exactly
from autograd.custom.calls import CallRow, Ruled
from autograd.engine.listening import Listener
from autograd.engine.reading import all_operands, data_of, name_of, operands_of, rule_of, title_of
from autograd.engine.refusals import place
from autograd.engine.rules import Result
from autograd.engine.sweep import gradient
from autograd.foreign.digits import Digits
from autograd.foreign.numbers import Foreign, each
from autograd.structures.trees import flatten
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Places", "blamed", "is_off"]

MOST = 2_000
"""So many operations are looked at, one of each row at a line."""
MOST_CUTS = 3
"""So many places are named where something was detached, or computed under no_grad."""
MOST_OPERANDS = 8
"""So many operands of a row are looked at."""
ROUGH = 1e-6
"""What differences of doubles can tell, where mpmath has no such function."""
SHOWN = 13
"""So many digits are written."""
KINK = "kink"
FAR = 10.0
"""Differences may be off by so many times their own estimate."""


class Places(Listener):
    """Where nodes were made or cut off; once somebody was blamed, whether one is at a kink or a jump of its row too."""

    def __init__(self) -> None:
        self.where: dict[int, str] = {}
        self.cuts: dict[str, None] = {}
        self.kinked = False

    def made(self, node: Any) -> None:
        """As of Listener."""
        if all_operands(node):
            self.where[id(node)] = place(OURS)

    def cut(self, node: Any, row: Any, operands: tuple[Any, ...]) -> None:
        """As of Listener."""
        if any(isinstance(x, Value) and not x.is_constant for x in operands):
            self.cuts.setdefault(place(OURS))


def blamed(
    roots: Sequence[Value], places: Places, order: int, rtol: float, digits: Digits | None = None,
    imaginary: bool = False,
) -> str:  # fmt: skip
    """What is wrong in a graph, in a sentence; nothing if that cannot be told.

    Args:
        roots: What the graph is of.
        places: Where its nodes were made.
        order: Whether it is the first derivatives that are wrong, or the second.
        rtol: How far off a derivative may be, relatively.
        digits: mpmath, where rows are compared with what it has; differences, where they are not.
        imaginary: Whether by complex steps.
    """
    seen: set[tuple[str, str]] = set()
    rules: dict[str, str] = {}
    for node in topological_order(list(roots)):
        if not operands_of(node) or isinstance(rule_of(node), Result):  # what several results are of comes before
            continue
        where, name = places.where.get(id(node), ""), name_of(node)
        rows = rows_of(node)
        if not rows:
            rules.setdefault(name or title_of(node), where)
            continue
        if (name, where) in seen or len(seen) >= MOST:
            continue
        seen.add((name, where))
        for row in rows:
            try:
                found = wrong_partial(row, numbers_of(node), order, rtol, digits, imaginary)
            except (TypeError, AttributeError, NotImplementedError):  # a function of one's own, written for floats
                if digits is None:
                    raise
                found = wrong_partial(row, numbers_of(node), order, max(rtol, ROUGH))
                rules.setdefault(name, where)
            if found == KINK:
                places.kinked = True
            elif found:
                what = f"the row {row.name}" if row.code is not None else f"the rule of {row.name} ({row.where()})"
                return f"{what} is wrong, applied at {where or 'a line that is not known'}: {found}"
    if rules:
        said = "; ".join(f"{name} at {where}" if where else name for name, where in rules.items())
        return f"every row of the table is right where it was applied; look at rules of your own: {said}"
    if places.cuts and not places.kinked:
        said = ", ".join(list(places.cuts)[:MOST_CUTS])
        return f"every row of the table is right where it was applied; no derivative goes through what is cut at {said}"
    return ""


def rows_of(node: Value) -> list[Any]:
    """The row of a node; of a function with a rule of its own, that of each result; none of any other rule."""
    rule = rule_of(node)
    if isinstance(rule, Ruled) and rule.many:
        return [CallRow(rule.called, k) for k in range(len(rule.numbers))]
    return [node.primitive] if node.primitive is not None else []


def numbers_of(node: Value) -> list[float]:
    """The numbers that a node was made of."""
    return [float(x) if isinstance(x, float) else data_of(x) for x in all_operands(node)]


def wrong_partial(
    row: Any, numbers: list[float], order: int, rtol: float, digits: Digits | None = None, imaginary: bool = False
) -> str:
    """What is wrong with a row at its operands, in a sentence; nothing if it is right, `KINK` at one."""
    kinked, few = "", range(min(len(numbers), MOST_OPERANDS))
    for k in few:
        if digits is not None:
            measured = exact_slopes(row, numbers, k, order, digits, imaginary)
        for j in few if order == 2 else (0,):
            got = partial_of(row, k, numbers) if order == 1 else second_partial(row, j, k, numbers)
            if digits is None:
                measured = slopes_of(row, numbers, j, k, order)
            found = compared(got, measured, 0 if digits is None else j, rtol)
            kinked = KINK if found == KINK else kinked
            if found not in ("", KINK):
                of = f"∂/∂operand {k}" if order == 1 else f"∂²/∂operand {j} ∂operand {k}"
                against = "differences" if digits is None else digits.name
                return f"{of} at {told(numbers)}: it gives {got:.{SHOWN}g}, {against} {found}"
    return kinked


def size_of(x: float) -> float:
    """The size of a number that is moved."""
    return max(abs(x), 1e-3)


def slopes_of(row: Any, numbers: list[float], j: int, k: int, order: int) -> Measured:
    """By differences, the slope along an operand of a row, or of its j-th partial."""

    def moved(t: float) -> Any:
        xs = list(numbers)
        xs[k] += t
        return np.array([row.evaluate(xs) if order == 1 else partial_of(row, j, xs)])

    return ByDifferences(moved, size_of(numbers[k]), abs(numbers[k]))


def exact_slopes(row: Any, numbers: list[float], k: int, order: int, digits: Digits, imaginary: bool) -> Measured:
    """By mpmath, the slope along an operand of a row, or of each of its partials."""
    units = [[float(i == j) for i in range(len(numbers))] for j in range(min(len(numbers), MOST_OPERANDS))]
    size, scale = np.array([abs(row.evaluate(numbers))]), size_of(numbers[k])
    exactly = Exactly(digits, lambda xs: [by_digits(row, digits, xs)], numbers, imaginary)
    if order == 1:
        return exactly.first(units[k], scale, size)
    return exactly.second(units[k], scale, size, [1.0], [(e, size_of(x)) for e, x in zip(units, numbers, strict=False)])


def by_digits(row: Any, digits: Digits, xs: list[Any]) -> Any:
    """A row, or a function with a rule of its own, of numbers of mpmath."""
    if not isinstance(row, CallRow):
        return digits.apply(row, xs)
    called = row.called
    given = called.given.filled([Foreign(digits, x) for x in xs])
    found = called.spec.function(*called.spec.merged(given, called.others))
    return [y for leaf in flatten(found)[0] for y in each(digits, leaf, row.name)][row.which]


def partial_of(row: Primitive, k: int, numbers: Sequence[float]) -> float:
    """The partial of a row, as the table has it."""
    return float(row.derive(k, list(numbers), row.evaluate(numbers)))


def second_partial(row: Primitive, j: int, k: int, numbers: Sequence[float]) -> float:
    """The derivative of a partial, by the engine."""
    from_operands = [Value(x) for x in numbers]
    partial = row.moved_together(j, from_operands, row(*from_operands))
    if not isinstance(partial, Value) or partial.is_constant:
        return 0.0
    return float(gradient([partial], [from_operands[k]], [1.0])[0])


def compared(got: float, measured: Measured, which: int, rtol: float) -> str:
    """What a derivative is to be, if it is wrong; nothing if it is right, and `KINK` at one."""
    left, right, jumps = measured.sides()
    low, high = min(left[which], right[which]), max(left[which], right[which])
    apart = high - low > 1e-3 * (abs(low) + abs(high))
    if jumps[which] or (apart and low - 1e-4 <= got <= high + 1e-4 < math.inf):
        return KINK
    if not is_off(got, measured.found, which, rtol) or not is_off(got, measured.closer(), which, rtol):
        return ""
    return f"{measured.closer().value[which]:.{SHOWN}g}"


def is_off(got: float, found: Slope, k: int, rtol: float) -> bool:
    """Whether a derivative differs from differences by more than these may be off."""
    expected, error = float(found.value[k]), float(found.error[k])
    if not math.isfinite(expected) or not math.isfinite(error):
        return False
    if not math.isfinite(got):
        return True
    apart = abs(got - expected)
    if apart <= FAR * error + rtol * max(abs(got), abs(expected)) + 1e-300:
        return False
    return not any(
        step < found.step[k] and off[k] < CLOSER * apart and abs(got - value[k]) <= FAR * off[k] + rtol * abs(got)
        for value, off, step in found.shorter
    )


def told(numbers: Sequence[float]) -> str:
    """A few numbers."""
    return f"({', '.join(f'{x:g}' for x in numbers[:4])}{', ...' * (len(numbers) > 4)})"


CLOSER = 1e-3
"""Shorter steps that agree with a derivative, and are off by less than this of what longer ones find, are believed."""
