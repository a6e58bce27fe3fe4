"""Rows of a user's own: a function that says its derivatives itself, as steps of a program.

Of a call of such a function a program has a step for each result, applied to the results as arithmetic gives them and
then to what the function was given. Its value is that of its result: where no derivative is wanted any more, the step
is left out (`inlining.py`). What its derivatives are, other programs say, recorded when they are first wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from autograd.calculus.primitive import Primitive

__all__ = ["FIRST_OWN", "OwnRow", "Owner", "own_row", "owned"]

FIRST_OWN = 1000
"""Codes from here on are those of rows of a user's own, in the order in which they came up."""


class Owner:
    """A function with a rule of its own, called in a program: how its derivatives are computed there.

    Attributes:
        name: What is printed.
        results: How many results it has.
        inputs: How many numbers it is given.
        rows: A row for each result.
        pull: The program of what goes to each input, of results, inputs and an adjoint for each result; and of which
            inputs these are. Asked for when it is first wanted.
        push: The program of the tangent of each result, of results, inputs and a tangent for each input.
    """

    name: str
    results: int
    inputs: int
    rows: tuple[OwnRow, ...]

    def pull(self) -> tuple[Any, Sequence[int]]:
        """See above."""
        raise NotImplementedError

    def push(self) -> Any:
        """See above."""
        raise NotImplementedError


class OwnRow(Primitive):
    """One result of such a call, as a row of a program: it is applied to all results and then to all inputs.

    Attributes:
        owner: Whose result it is.
        which: Which one.
        applied: How it is applied to numbers of a kind that remembers: by the kind.
    """

    __slots__ = ("__weakref__", "owner", "which")
    applied: ClassVar[dict[type, Callable[..., Any]]] = {}

    def __init__(self, owner: Owner, which: int) -> None:
        super().__init__(owner.name, lambda *xs: float(xs[which]))
        self.owner, self.which = owner, which

    def __call__(self, *operands: Any) -> Any:
        """The result, of any operands."""
        for operand in operands:
            for kind, apply in self.applied.items():
                if isinstance(operand, kind):
                    return apply(self, operands)
        return super().__call__(*operands)

    def takes(self, count: int) -> bool:
        """Whether it can be applied to so many operands."""
        return count == self.owner.results + self.owner.inputs

    def derive(self, i: int, xs: Sequence[Any], z: Any) -> Any:
        """There is no partial of one result by itself: the rule is that of all."""
        raise TypeError(f"{self.name} has a rule of its own, which says no single partials: differentiate the program")

    def __reduce__(self) -> Any:
        raise TypeError(f"{self.name} has a rule of its own, which no file can hold: keep a program without it")


_rows: WeakValueDictionary[int, OwnRow] = WeakValueDictionary()  # by their codes; the programs that have them hold them
_codes = count(FIRST_OWN)


def owned(owner: Owner) -> tuple[OwnRow, ...]:
    """Rows for the results of a function with a rule of its own."""
    found = []
    for which in range(owner.results):
        row = OwnRow(owner, which)
        row.code, row.home = next(_codes), ""
        _rows[row.code] = row
        found.append(row)
    return tuple(found)


def own_row(code: int) -> OwnRow:
    """The row with that code."""
    return _rows[code]
