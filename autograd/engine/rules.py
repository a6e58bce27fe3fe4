"""Rules: pullbacks of single nodes, in place of the partials of a row.

A node has one in its `Fold`. A user's `_backward` closure is a rule (`values/closures.py`), and so is a call of a
compiled function (`compiled/joining.py`). The sweep asks a rule for its contributions and knows no more of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.border.conversion import as_float
from autograd.border.wording import brief

__all__ = ["Joint", "Result", "Rule", "as_numbers", "lay_by", "one_for_each"]


class Rule:
    """The pullback of one node, from its adjoint to its operands. `values/closures.py` makes nodes with rules: `join`.

    Attributes:
        name: What is printed.
        bound: Why its node cannot be copied.
        many: Whether it is of several results: see `Joint`.
        recorded: How a program has it, if it was made while a function was recorded: a row for each result, and what
            all of them are applied to. None if no program can have it.
        row: The function of a user's own that it is of, if that is one with partials: as a row that is in no table.
        pushes: Whether it says how tangents go on too: see `pushed`.
    """

    __slots__ = ()
    name: str = ""
    recorded: Any = None
    row: Any = None
    pushes: bool = False
    bound: str = "its rule may refer to what it was made with"
    many: bool = False

    def contributions(self, node: Any, adjoint: Any) -> Sequence[float | None]:
        """The addition to each operand's adjoint, in order, for this adjoint of the node; None for nothing."""
        raise NotImplementedError

    def contributions_as_values(self, node: Any, adjoint: Any) -> Sequence[Any]:
        """The same from Values and as Values, to be differentiated again.

        Raises:
            TypeError: the rule can be applied to numbers only.
        """
        raise TypeError(f"{node!r} has a rule of its own: create_graph cannot differentiate it again; give local_grads")

    def pushed(self, node: Any, tangents: Sequence[Any]) -> list[Any]:
        """The tangent of each result, as Values, from those of the operands, of which None stands still."""
        raise NotImplementedError

    def partials(self, node: Any) -> Sequence[float] | None:
        """∂node/∂operand; None if the node keeps them itself."""
        return [0.0 if x is None else x for x in self.contributions(node, 1.0)]


class Joint(Rule):
    """The rule of an operation whose results are differentiated together.

    If there are `many`, its node is none of them: each has a node of its own, with a `Result` for a rule, above that
    one. What is called `adjoint` is then a dictionary: of those results that have one, the adjoint by their number.
    """

    __slots__ = ("many", "name")
    name: str
    many: bool


class Result(Rule):
    """The rule of one of several results: its adjoint is kept until those of the others are there.

    Attributes:
        number: Which one it is.
    """

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def partials(self, node: Any) -> None:
        """1, which the node keeps."""


def lay_by(shares: dict[Any, dict[int, Any]], whole: Any, number: int, adjoint: Any) -> None:
    """Add to the adjoint of one of several results; of one result there are several nodes where derivatives use it."""
    given = shares.setdefault(whole, {})
    given[number] = given[number] + adjoint if number in given else adjoint


def one_for_each(rule: Rule, found: Any, count: int) -> Any:
    """What a rule gave, if it is one for each of so many operands.

    Raises:
        TypeError: it is no sequence.
        ValueError: there are more or fewer.
    """
    if not hasattr(found, "__len__"):
        raise TypeError(f"{named(rule)}: expected a contribution to each of {count} operands, got {brief(found)}")
    if len(found) != count:
        raise ValueError(f"{named(rule)}: {count} operands, but contributions to {len(found)} of them")
    return found


def as_numbers(rule: Rule, found: Any, count: int) -> list[float | None]:
    """The same as floats; None where nothing is contributed.

    Raises:
        TypeError: one is not a real number.
    """
    given = one_for_each(rule, found, count)
    return [x if x is None or type(x) is float else as_float(x, f"{named(rule)}: a contribution") for x in given]


def named(rule: Rule) -> str:
    """What a message calls the rule."""
    return rule.name or brief(rule)
