"""Derivatives of a program, as another program: gradients, Jacobians, entries of them, tangents, pullbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.programs.ancestors import Ancestors
from autograd.programs.builder import Builder, Mode
from autograd.programs.program import Program
from autograd.programs.pruning import dependents, pruned
from autograd.programs.sweeps import Differentiation

__all__ = ["differentiated", "entries", "pulled_back", "pushed_forward", "reaching"]


def differentiated(
    program: Program,
    wanted: Sequence[int],
    with_outputs: bool,
    careful: bool = True,
    sharing: bool = True,
    most: int | None = None,
    signs: bool = False,
) -> Program:
    """The program of ∂output/∂input for each output and each wanted input, output by output.

    Args:
        program: What to differentiate.
        wanted: Numbers of inputs.
        with_outputs: Whether the outputs themselves come first.
        careful: Whether what a `where` did not take must receive nothing even where a partial is infinite. Else it may
            receive 0 times that, which is nan; a result without nan is the same either way, at a fraction of the steps.
        sharing: Whether equal steps are one; see `Mode`.
        most: Of how many outputs, from the first on, derivatives are wanted; None for all.
        signs: Whether a 0 may have a sign, which else does not depend on `careful`; none is left where all are summed.
    """
    first = len(program.labels)
    work = Differentiation(program.steps, first, Builder(first, mode_of(sharing)), again=not sharing, signs=signs)
    depends = dependents(program, wanted)
    if not careful:
        work.leave_out([*program.outputs])
    found = [work.place(k) for k in program.outputs] if with_outputs else []
    one = work.builder.constant(1.0)
    for k in program.outputs[:most]:
        found += work.adjoints([k], [one], wanted, depends, careful)
    return pruned(Program(program.labels, work.builder.steps, tuple(found), guards=work.guards(program)))


def entries(
    program: Program, wanted: Sequence[int], begins: Any, columns: Any, rows: Sequence[int], careful: bool
) -> Program:
    """The program of some entries of the Jacobian, row by row.

    Args:
        program, wanted, careful: See `differentiated`.
        begins, columns: Of each output where its entries begin, and the places of their inputs among `wanted`.
        rows: Of which outputs.

    Cost: linear in the ancestors of these outputs, those in common counted for each.
    """
    first = len(program.labels)
    work = Differentiation(program.steps, first, Builder(first, Mode.SHARING))
    ancestors = Ancestors(program.steps, first, dependents(program, wanted))
    found: list[int] = []
    for i in rows:
        some = [wanted[column] for column in columns[begins[i] : begins[i + 1]]]
        found += work.slopes(program.outputs[i], some, ancestors, careful)
    return pruned(Program(program.labels, work.builder.steps, tuple(found)))


def pushed_forward(program: Program, moving: Sequence[int], careful: bool = True, sharing: bool = True) -> Program:
    """The program of the outputs and then their tangents, of inputs and then the tangents of those that move.

    Args:
        program, careful, sharing: See `differentiated`.
        moving: Numbers of inputs; their tangents come after all inputs, in this order.
    """
    first = len(program.labels)
    work = Differentiation(program.steps, first, Builder(first + len(moving), mode_of(sharing)), again=not sharing)
    if not careful:
        work.leave_out([*program.outputs])
    tangents = work.tangents(moving, program.outputs, careful)
    outputs = [work.place(k) for k in program.outputs]
    dotted = [f"d_{program.labels[k]}" if program.labels[k] else "" for k in moving]
    labels, guards = (*program.labels, *dotted), work.guards(program)
    return pruned(Program(labels, work.builder.steps, (*outputs, *tangents), guards=guards))


def reaching(program: Program, outputs: Sequence[int], wanted: Sequence[int]) -> Program:
    """A program of flags: 1 for each wanted input that some of the outputs pass an adjoint to, or else 0.

    What a `where` did not take gets nothing, which is not the same as 0.
    """
    first = len(program.labels)
    work = Differentiation(program.steps, first, Builder(first, Mode.SHARING), len(outputs))
    one, ends = work.builder.constant(1.0), [program.outputs[i] for i in outputs]
    found = work.adjoints(ends, [one] * len(ends), wanted, dependents(program, wanted), True, True)
    return pruned(Program(program.labels, work.builder.steps, tuple(found)))


def pulled_back(program: Program, outputs: Sequence[int], wanted: Sequence[int], careful: bool = True) -> Program:
    """The program of ∂(sum of cotangent * output)/∂input for each wanted input.

    Args:
        program, wanted, careful: See `differentiated`.
        outputs: Numbers of outputs that have a cotangent; these come after all inputs. The others take no part.
    """
    first, count = len(program.labels), len(outputs)
    work = Differentiation(program.steps, first, Builder(first + count, Mode.SHARING), count)
    if not careful:
        work.leave_out([*program.outputs])
    ends, cotangents = [program.outputs[i] for i in outputs], list(range(first, first + count))
    found = work.adjoints(ends, cotangents, wanted, dependents(program, wanted), careful)
    return pruned(Program((*program.labels, *[""] * count), work.builder.steps, tuple(found)))


def mode_of(sharing: bool) -> Mode:
    """The builder's mode for derivatives."""
    return Mode.SHARING if sharing else Mode.FOLDING
