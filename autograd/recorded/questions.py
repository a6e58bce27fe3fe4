"""Questions: what is asked of a function, for arguments and results of one structure."""

from __future__ import annotations

from dataclasses import dataclass

from autograd.recorded.answers import Answer, Form, Marked, Part, together
from autograd.recorded.kinds import KINDS, Derivation
from autograd.structures.layout import Layout
from autograd.structures.results import Results

__all__ = ["Question", "instead_of_one", "question", "question_of_values"]


@dataclass(frozen=True, slots=True)
class Question:
    """A derivation of each path, and the answer that is made of what it gives.

    Attributes:
        values: "never", "always" or "unrecorded": whether Values among the arguments are no more than numbers; the
            last, where no graph is wanted.
    """

    wanted: Derivation
    answer: Answer | Part | Marked
    values: str = "always"


def question(
    kind: str, argnums: int | tuple[int, ...], moving: tuple[int, ...], layout: Layout, results: Results, reduced: bool
) -> Question:
    """A question of one of the kinds of derivatives, with its answer.

    Args:
        kind: Its name.
        argnums: By which positional arguments derivatives are wanted.
        moving: Which inputs have tangents.
        layout, results: Of the arguments, and of what the function gives.
        reduced: Whether all is to be summed over the batch but slopes by what varies over it.
    """
    row, inputs = KINDS[kind], layout.inputs_of(argnums)
    summable = row.summable([not layout.varying[k] for k in inputs], len(results.values))
    summed = [i for i, it_is in enumerate(summable) if not layout.batched or (reduced and it_is)]
    along = tuple([layout.varying[k] for k in moving])
    kept = len(results.values) - 1 if row.aux and layout.batched else 0
    sums = bool(layout.batched) and len(summed) == len(summable)
    wanted = Derivation(row, inputs, len(summable), tuple(summed), moving, along=along, sums=sums, kept=kept)
    answer = row.form(Form(layout, results, argnums, reduced, wanted.places))
    return Question(wanted, answer, "unrecorded" if row.among_values else "always")


def question_of_values(results: Results, inputs: tuple[int, ...]) -> Question:
    """A question of a function's one number: its value, and in one array its slopes by some inputs."""
    count = len(inputs)
    value = Answer(results.treespec, [Part((0,), 1, (), False)])
    wanted = Derivation(KINDS["gradient"], inputs, 1 + count, tuple(range(1 + count)))
    return Question(wanted, together(value, Part((1,), count, (count,), False)), "never")


def instead_of_one(what: str, results: Results, layout: Layout) -> str:
    """A message for who asks of a function, or a row of its batch, for the derivative of the one number it gives."""
    batches = [leaf for leaf in layout.leaves if leaf.kind == "array" and leaf.shape]
    said = f"wants a function of one number{' for a row' * bool(layout.batched)}, this gives {results}"
    if layout.batched or not batches:
        row = ""
    else:
        name, shape = batches[0].name, batches[0].shape
        row = f"if {name}, of shape {shape}, is a batch, compile with in_axes=0; else "
        if shape == (1,):  # as optimisers give a number
            row = f"compute with {name}[0], if {name} is one number in an array; {row}"
    rest = ".jacobian has the derivatives of each" if what == "grad" else "let it give one of them, or their sum"
    return f"{said}: {row}{rest}"
