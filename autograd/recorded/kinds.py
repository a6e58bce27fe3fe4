"""The kinds of derivatives, a row each; and a derivation, which is one of them of a path.

A kind of derivative is added by a row, and a method of `Compiled` that asks for it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from autograd.engine.reading import data_of
from autograd.engine.sweep import gradient
from autograd.programs.differentiation import differentiated, entries, pulled_back, pushed_forward, reaching
from autograd.programs.program import Program
from autograd.programs.simplification import simplified
from autograd.recorded.answers import Answer, Form, Part, together
from autograd.sparsity.linear import collected
from autograd.sparsity.pattern import Pattern
from autograd.values.value import Value

__all__ = ["KINDS", "Derivation", "Kind"]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of derivative.

    Attributes:
        name: What it is asked for by.
        transform: Of the program of a path (without its guards, which hold there), a derivation, and whether to be
            careful (see `differentiated`): the program of what is wanted.
        summable: Of the inputs towards which derivatives are taken, whether each is shared by the batch, and of the
            number of results: of each output of that program, whether it may be summed over the batch.
        form: Of these outputs: the answer. A call among Values puts together itself what it alone asks for.
        single: The name of the method to which a function must give one number, or "".
        aux: Whether that number comes first in a pair, with what else is wanted of the function.
        slopes: Whether derivatives are among what it gives.
        among_values: Whether Values among the arguments, where a graph is wanted, have it give Values.
        eagerly: Of results and inputs: the same outputs by the eager engine. None if that cannot give them.
    """

    name: str
    transform: Callable[[Program, Derivation, bool], Program]
    summable: Callable[[list[bool], int], list[bool]] = lambda shared, results: []
    form: Callable[[Form], Answer | Part] = lambda form: together()
    single: str = ""
    aux: bool = False
    slopes: bool = True
    among_values: bool = False
    eagerly: Callable[[list[Value], list[Value]], list[float]] | None = None


@dataclass(frozen=True, eq=False)
class Derivation:
    """A kind of derivative of a path: which outputs, towards which inputs.

    Two are equal if they are the same: each is made once for what is asked, and kept there, and so the replays and
    forks that are kept for it are found without hashing thousands of numbers at every call.

    Attributes:
        kind: Its kind of derivative.
        inputs: Towards which inputs.
        count: How many outputs that makes.
        summed: Which of them are summed over the batch.
        moving: Which inputs have tangents.
        pulled: Which outputs have a cotangent.
        along: Of each tangent or cotangent whether it varies over the batch.
        sums: Whether all outputs are summed over a batch.
        kept: How many of the outputs that are not summed, from the first on, are no part of a mean over the batch.
        pattern: Of a sparse matrix, where it has entries.
        rows: Of which of its rows they are wanted.
        slopes: Of a Hessian, the program of the gradient, which the pattern was found on: a careful one.
    """

    kind: Kind
    inputs: tuple[int, ...]
    count: int
    summed: tuple[int, ...]
    moving: tuple[int, ...] = ()
    pulled: tuple[int, ...] = ()
    along: tuple[bool, ...] = ()
    sums: bool = False
    kept: int = 0
    pattern: Pattern | None = None
    rows: Sequence[int] = ()
    slopes: Program | None = None

    @cached_property
    def others(self) -> list[int]:
        """The outputs that are not summed."""
        summed = set(self.summed)
        return [i for i in range(self.count) if i not in summed]

    @cached_property
    def places(self) -> dict[int, int]:
        """Of each output its place among the summed ones, or ~its place among the others."""
        places = {i: at for at, i in enumerate(self.summed)}
        places.update((i, ~at) for at, i in enumerate(self.others))
        return places


def _hessian(program: Program, wanted: Derivation, careful: bool) -> Program:
    """The program of all second derivatives: the gradient's gradient."""
    slopes = differentiated(program, wanted.inputs, False, careful, sharing=False)
    return differentiated(slopes, wanted.inputs, False, careful)


def _tangents(program: Program, wanted: Derivation, careful: bool) -> Program:
    """The program of the slopes along a direction alone."""
    pushed = pushed_forward(program, wanted.moving, careful)
    return replace(pushed, outputs=pushed.outputs[len(program.outputs) :])


def _entries(program: Program, wanted: Derivation, careful: bool) -> Program:
    """The program of the entries of the Jacobian, where the pattern has them."""
    assert wanted.pattern is not None
    return entries(program, wanted.inputs, wanted.pattern.begins, wanted.pattern.columns, wanted.rows, careful)


def _second_entries(program: Program, wanted: Derivation, careful: bool) -> Program:
    """The program of the entries of the Hessian: of the gradient's Jacobian."""
    slopes = wanted.slopes
    if slopes is None or (not careful and program.steps.any_selects()):  # where care makes a difference
        slopes = differentiated(program, wanted.inputs, False, careful, sharing=False)
    return _entries(slopes, wanted, careful)


def _hvp(program: Program, wanted: Derivation, careful: bool) -> Program:
    """The program of the Hessian times a direction: the gradient of the slope along it."""
    half = pushed_forward(program, wanted.moving, careful, sharing=False)
    slopes = replace(half, outputs=half.outputs[len(program.outputs) :])
    return differentiated(slopes, wanted.inputs, False, careful)


def _vjp(program: Program, wanted: Derivation, careful: bool) -> Program:
    """The program of the slopes of the results, times cotangents, by inputs."""
    return pulled_back(program, wanted.pulled, wanted.inputs, careful)


def _along(
    transform: Callable[[Program, Derivation, bool], Program],
) -> Callable[[Program, Derivation, bool], Program]:
    """The same, for many directions from one point: with what is alike for all of them collected."""
    return lambda program, wanted, careful: collected(transform(program, wanted, careful), len(program.labels))


def _numbers(outputs: list[Value], inputs: list[Value]) -> list[float]:
    """The results themselves."""
    return [data_of(x) for x in outputs]


def _value_and_slopes(outputs: list[Value], inputs: list[Value]) -> list[float]:
    """The one result, and its slopes."""
    return [data_of(outputs[0]), *_slopes(outputs, inputs)]


def _slopes(outputs: list[Value], inputs: list[Value]) -> list[float]:
    """The slopes of each result by each input, by a sweep for each result."""
    if len(outputs) == 1 and not outputs[0].is_constant:
        return gradient(outputs, inputs, [1.0])
    found: list[float] = []
    for output in outputs:
        found += gradient([output], inputs, [1.0]) if not output.is_constant else [0.0] * len(inputs)
    return found


_ROWS = (
    Kind(
        "value",
        lambda program, wanted, careful: simplified(program),
        lambda shared, results: [True] * results,
        Form.values,
        slopes=False,
        among_values=True,
        eagerly=_numbers,
    ),
    Kind(
        "gradient",  # the value too
        lambda program, wanted, careful: differentiated(program, wanted.inputs, True, careful, signs=wanted.sums),
        lambda shared, results: [True, *shared],
        lambda form: together(form.values(), form.slopes(1)),
        single="grad",
        eagerly=_value_and_slopes,
    ),
    Kind(
        "gradient and aux",  # the value and what else the function gives too
        lambda program, wanted, careful: differentiated(program, wanted.inputs, True, careful, most=1),
        lambda shared, results: [True, *[False] * (results - 1), *shared],
        lambda form: together(form.value_and_aux(), form.slopes(len(form.results.values))),
        single="value_and_grad",
        aux=True,
        eagerly=lambda outputs, inputs: _numbers(outputs, inputs) + _slopes(outputs[:1], inputs),
    ),
    Kind(
        "jacobian",
        lambda program, wanted, careful: differentiated(program, wanted.inputs, False, careful),
        lambda shared, results: shared * results,
        Form.slopes_of_each,
        eagerly=_slopes,
    ),
    Kind(
        "hessian",
        _hessian,
        lambda shared, results: [all(shared)] * len(shared) ** 2,
        Form.matrix,
        single="hessian",
    ),
    Kind(
        "jvp",  # the value too
        lambda program, wanted, careful: pushed_forward(program, wanted.moving, careful),
        lambda shared, results: [True] * (2 * results),
        lambda form: together(form.values(), form.values(len(form.results.values))),
    ),
    Kind("hvp", _hvp, lambda shared, results: shared, Form.slopes, single="hvp"),
    # what a matrix with a pattern is made of:
    Kind("jacobian entries", _entries),
    Kind("hessian entries", _second_entries, single="hessian"),
    Kind("inputs", lambda program, wanted, careful: replace(program, outputs=wanted.summed), slopes=False),
    Kind("tangents along", _along(_tangents)),
    Kind("adjoints along", _along(_vjp)),
    Kind("hvp along", _along(_hvp)),
    # what a call among Values asks for:
    Kind("vjp", _vjp),
    Kind("reach", lambda program, wanted, careful: reaching(program, wanted.pulled, wanted.inputs)),
)
KINDS = {kind.name: kind for kind in _ROWS}
"""The table, by name."""
