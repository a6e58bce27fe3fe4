"""The first operation that made nan or inf out of finite numbers, and where it stands.

A nan goes through everything that is computed from it, so the place where it is seen is seldom the place where it was
made. While a block listens, every operation is looked at as it is made, and every sweep before it writes a `grad`. What
looks is a listener, so it costs nothing outside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd.border.wording import brief
from autograd.calculus.primitive import Primitive
from autograd.engine.listening import Listener, hear, stop_hearing
from autograd.engine.reading import (
    all_operands,
    data_of,
    label_of,
    name_of,
    operands_of,
    partials_of,
    rule_of,
    title_of,
)
from autograd.engine.refusals import place
from autograd.engine.sweep import carries

__all__ = ["OURS", "AnomalyError", "detect_anomaly"]

# The engine and the networks: a line of code that is in neither is the user's.
OURS = tuple(str(Path(__file__).parents[2] / name) for name in ("autograd", "nn"))
LONGEST_PATH = 8
"""Of a path to the root so many nodes are named."""
FEW = 4
"""Of so many operands the numbers are told."""


class AnomalyError(FloatingPointError):
    """An operation made nan or inf out of finite numbers.

    Attributes:
        node: The Value that was made; or that of the operation whose partial made the adjoint.
        where: File and line of the user's code that made it, as `file.py:12`; "" if that is not known.

    >>> from autograd import Value, detect_anomaly
    >>> try:
    ...     with detect_anomaly():
    ...         Value(1.0) / 0.0
    ... except AnomalyError as error:
    ...     error.node.data
    inf
    """

    __module__ = "autograd"  # where users find it

    def __init__(self, message: str, node: Any = None, where: str = "") -> None:
        super().__init__(message)
        self.node, self.where = node, where


class Anomalies(Listener):
    """Raises AnomalyError at the first number that is not finite though those that it was made of are."""

    def __init__(self) -> None:
        self.checks = True
        self.places: dict[int, tuple[str, str]] = {}  # by id of a node that was made, what made it, and where
        self.row, self.steps = "", 0

    def entered(self, what: str) -> None:
        """As of Listener."""
        self.row, self.steps = what, 0

    def made(self, node: Any) -> None:
        """As of Listener."""
        operands = all_operands(node)
        if operands:
            self.look_at(node, name_of(node) or "a rule of your own", operands)

    def cut(self, node: Any, row: Primitive, operands: tuple[Any, ...]) -> None:
        """As of Listener."""
        self.look_at(node, row.symbol or row.name, operands)

    def look_at(self, node: Any, name: str, operands: Sequence[Any]) -> None:
        """Raise if the node is the first that is not finite; else note where it was made."""
        where = place(OURS)
        self.steps += 1
        if not math.isfinite(data_of(node)) and are_finite(*operands):
            raise AnomalyError(
                f"{self.at()}{applied(name, operands)} gave {data_of(node):g}, and its operands are finite ({where})",
                node, where,
            )  # fmt: skip
        self.places[id(node)] = name, where

    def at(self) -> str:
        """Which row of a compiled function it is at, and at which of its operations."""
        return f"{self.row}, step {self.steps}: " if self.row else ""

    def swept(self, order: list[Any], adjoints: list[float]) -> None:
        """As of Listener."""
        if all(map(math.isfinite, adjoints)):
            return
        places = {id(node): i for i, node in enumerate(order)}
        users: dict[int, tuple[int, int]] = {}  # of each that is not finite, who sent to it last, of finite numbers
        strayed: set[int] = set()
        for i in range(len(order) - 1, -1, -1):
            sends = math.isfinite(adjoints[i]) and are_finite(order[i], *all_operands(order[i]))
            for k, (x, share) in enumerate(contributions(order[i], adjoints[i])):
                at = places.get(id(x), -1)
                if at < 0 or math.isfinite(adjoints[at]):
                    continue
                if not sends:
                    strayed.add(at)
                elif share is not None and not math.isfinite(share):
                    self.refuse(order, i, k, f"{partials_of(order[i])[k]:g} * {adjoints[i]:g} is {share:g}")
                else:
                    users[at] = i, k
        for at in sorted(users.keys() - strayed, reverse=True):  # finite contributions whose sum is not, or a rule's
            self.refuse(order, *users[at], f"that makes {adjoints[at]:g} of what came to it")

    def refuse(self, order: list[Any], i: int, k: int, how: str) -> None:
        """Raise for the contribution of a node to one of its operands."""
        node = order[i]
        name = name_of(node) or "a rule of your own"
        made_by, where = self.places.get(id(node), (name, ""))
        if made_by != name:  # of a node that is no more, and this one was made where nobody heard
            where = ""
        row = f"{self.row}: " if self.row else ""
        text = applied(name, all_operands(node))
        raise AnomalyError(
            f"{row}backward through {text}, into {title_of(operands_of(node)[k])}: {how} "
            f"({where or 'made before detect_anomaly began'}); {path(order, i)}", node, where,
        )  # fmt: skip


def contributions(node: Any, adjoint: float) -> list[tuple[Any, float | None]]:
    """The operands that something goes to, with partial times adjoint; None where a rule keeps it to itself."""
    if rule_of(node) is not None:
        return [(x, None) for x in operands_of(node)]
    pairs = zip(operands_of(node), partials_of(node), strict=True)
    return [(x, d * adjoint if carries(node, x, d) else 0.0) for x, d in pairs]


def path(order: list[Any], i: int) -> str:
    """How the node goes into the root, in words."""
    names, node = [title_of(order[i])], order[i]
    for j in range(i + 1, len(order)):
        if any(x is node for x in operands_of(order[j])):
            node = order[j]
            names.append(title_of(node))
    if len(names) > LONGEST_PATH:
        names = [*names[: LONGEST_PATH // 2], "...", *names[-LONGEST_PATH // 2 :]]
    return f"it goes into the root by {' -> '.join(names)}" if len(names) > 1 else "it is the root"


def applied(name: str, operands: Sequence[Any]) -> str:
    """An operation with the numbers that it was applied to: `log(-1)`, `1 / 0`."""
    numbers = [with_label(x) for x in operands[:FEW]]
    if len(operands) == 2 and not name[0].isalpha():
        return f"{numbers[0]} {name} {numbers[1]}"
    more = f", ... {len(operands):,} in all" if len(operands) > FEW else ""
    return f"{name}({', '.join(numbers)}{more})"


def with_label(x: Any) -> str:
    """An operand's number, and what its author called it."""
    label = "" if isinstance(x, float) else label_of(x)
    return f"{label} = {number(x):g}" if label else f"{number(x):g}"


def are_finite(*operands: Any) -> bool:
    """Whether the numbers of these are neither nan nor inf."""
    return all(math.isfinite(number(x)) for x in operands)


def number(x: Any) -> float:
    """The number of an operand."""
    return x if isinstance(x, float) else data_of(x)


class detect_anomaly:  # noqa: N801  (PyTorch's name)
    """Inside, the first operation that makes nan or inf out of finite numbers raises AnomalyError.

    It names the operation with its operands, and file and line of the code that applied it. A sweep raises where an
    adjoint goes astray, before any `grad` is written, and names the way to the root too. Numbers that come in as nan or
    inf are none of its business, nor is what is computed from them.

    Of a compiled function each row is run by the eager engine first, and the message begins with its number, counted
    from 0, and with the number of the operation there: `row 2 of f, step 3: log(-1) gave nan`. Second derivatives are
    not looked at, and where it is called with Values, the way back through it is one step.

    A context manager, per thread and task. Outside of it operations cost what they always do; inside, each takes about
    2 µs more.

    Raises:
        TypeError: it is given something.

    >>> from autograd import Value, detect_anomaly
    >>> with detect_anomaly():
    ...     y = (Value(2.0) - 3.0).log()
    Traceback (most recent call last):
    autograd.AnomalyError: log(-1) gave nan, and its operands are finite (...)
    """

    def __init__(self, *args: object) -> None:
        if args:
            raise TypeError(f"detect_anomaly takes nothing, got {brief(args[0])}: write `with detect_anomaly():`")
        self.open: list[Anomalies] = []

    def __enter__(self) -> None:
        listener = Anomalies()
        self.open.append(listener)
        hear(listener)

    def __exit__(self, *exc: object) -> None:
        if not self.open:
            raise RuntimeError("detect_anomaly: left without having been entered")
        stop_hearing(self.open.pop())
