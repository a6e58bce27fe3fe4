"""The rule of a root: of `function(x, *params) == 0` the derivative by a parameter is -(∂f/∂x)⁻¹ ∂f/∂parameter.

It is stated over the root itself, so derivatives of any order follow. In a graph the function is called again at the
root when a sweep comes by; of a function that is recorded its program is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.custom.arguments import Given
from autograd.custom.calls import Called, constants, outputs
from autograd.derivatives.forward import pushed_as_values
from autograd.derivatives.reverse import as_value, gradient_between, swept, values_from
from autograd.engine.listening import heard_by
from autograd.engine.reading import data_of
from autograd.engine.rules import Joint
from autograd.linalg.elimination import Factors, is_number
from autograd.programs.builder import Builder, Mode
from autograd.programs.program import Program
from autograd.structures.results import Results
from autograd.tape.transcription import number_values, strangers, transcribe
from autograd.values.closures import results_of
from autograd.values.value import Value

__all__ = ["Implied", "Kept", "kept", "solved"]


def solved(matrix: list[list[Any]], right: list[Any]) -> list[Any] | None:
    """The solution of a linear system; None if there is none, or more than one, and that is known here."""
    factors = Factors([list(row) for row in matrix], [[b] for b in right])
    if any(is_number(pivot) and pivot == 0.0 for pivot in factors.pivots()):
        return None
    return [x for [x] in factors.solved()]


class Implied(Joint):
    """The rule of a root in a graph, whose operands are the Values that the function uses.

    Args:
        search: What found it, by which the function is called again.
        operands: These Values.
        numbers: The root.
        values: What the function gave there, to notice if they have been changed.
    """

    __slots__ = ("many", "name", "numbers", "operands", "search", "values")
    bound = "root gave it, which keeps what it was given"

    def __init__(self, search: Any, operands: tuple[Value, ...], numbers: list[float], values: list[float]) -> None:
        self.search, self.operands, self.numbers, self.values = search, operands, numbers, values
        self.name, self.many = search.name, len(numbers) > 1

    def contributions(self, node: Any, adjoint: Any) -> list[float | None]:
        """As of Rule."""
        found = heard_by(None, self.contributions_as_values, (node, adjoint), {})
        return [d if d is None else data_of(as_value(d)) for d in found]

    def contributions_as_values(self, node: Any, adjoint: Any) -> list[Any]:
        """As of Rule."""
        given = adjoint if self.many else {0: adjoint}
        roots = results_of(node, self.numbers, self)
        inputs = [x * 1.0 for x in roots]
        made, values = self.search.at(inputs)
        if not np.array_equal([y.data for y in values], self.values, equal_nan=True):
            raise RuntimeError(f"{self.name}: called at the root again it gives other numbers: was data changed since?")
        columns = [pushed_as_values(values, {x: 1.0}) for x in inputs]  # of the transposed Jacobian the rows
        weights = solved(columns, [given.get(k, 0.0) for k in range(len(values))])
        if weights is None:
            raise self.search.refusal("the function does not move with x there, its Jacobian is singular", roots, 0.0)
        adjoints: dict[Value, Any] = {}
        for y, weight in zip(values, weights, strict=True):
            if not y.is_constant:
                adjoints[y] = adjoints[y] - weight if y in adjoints else -weight
        swept(made, adjoints, values_from)
        return [adjoints.get(v) for v in self.operands]


class Kept(Called):
    """A root in a recording: its rule is written over the program of the function.

    Args:
        name: What is printed.
        where: The place in the user's code where the function is written.
        program: Of the root and then of the operands it gives what is to be 0.
        roots: The root.
        operands: The Values that the function uses.
        find: Of numbers for the operands, the root anew.
    """

    def __init__(
        self, name: str, where: str, program: Program, roots: Sequence[Any], operands: Sequence[Value], find: Any
    ) -> None:
        super().__init__(name, Given(operands), (), object())
        self.form = Results(list(roots), name)
        self.place, self.program, self.find = where, program, find

    def pulled(self, items: Sequence[Any], results: Sequence[Any], adjoints: Sequence[Any]) -> list[Any]:
        """As of Called."""
        inputs, operands = [x * 1.0 for x in results], [x * 1.0 for x in items]
        values = [as_value(y) for y in outputs(self.program, [*inputs, *operands])]
        columns = [pushed_as_values(values, {x: 1.0}) for x in inputs]  # of the transposed Jacobian the rows
        weights = solved(columns, list(adjoints))
        if weights is None:
            raise ValueError(f"{self.name}: the function does not move with x there, its Jacobian is singular")
        return gradient_between(values, operands, [-w for w in weights])

    def again(self, items: Sequence[Any]) -> Called:
        """As of Called."""
        numbers = [data_of(x) for x in items]
        roots = constants(self.find(self.program, self.form.numbers(), numbers))
        return Kept(self.name, self.place, self.program, roots, items, self.find)

    def where(self) -> str:
        """As of Called."""
        return self.place


def kept(here: Any, inputs: list[Value], made: list[Value], values: list[Any]) -> tuple[Program, list[Value]]:
    """The program of some of what a recording has heard, and the Values from elsewhere that are its further inputs.

    Args:
        here: The recording.
        inputs: Values that what follows was made from.
        made: What was made.
        values: What of it is wanted.
    """
    order: list[Any] = [*inputs, *made]
    number_values(order)
    others = strangers(order, here.cuts, values)
    builder = Builder(len(inputs) + len(others), Mode.VERBATIM)
    outside = {id(x): k for k, x in enumerate(others, len(inputs))}
    slot_of = transcribe(order, len(inputs), outside, here.cuts, builder)
    ends = tuple([slot_of(y) for y in values])
    return Program(("",) * (len(inputs) + len(others)), builder.steps, ends, False), others
