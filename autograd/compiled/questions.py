"""What is asked of a compiled function, and how the answer is put together from what its replays give.

A replay gives numbers, which are summed over the batch or do not vary, and lanes, which have a place for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import optree

from autograd.compiled.paths import Derivation
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.structures.trees import flatten

__all__ = ["Answer", "Asked", "Part", "asked", "instead_of_one", "together"]


@dataclass(frozen=True, slots=True)
class Part:
    """A number or an array of an answer.

    Attributes:
        begins: Where its stretches of numbers, or of lanes, begin.
        size: How long each stretch is.
        shape: Of one row of the batch.
        in_lanes: Whether it has an element for each row of the batch.
        axis: Which axis of it is the batch.
    """

    begins: tuple[int, ...]
    size: int
    shape: tuple[int, ...]
    in_lanes: bool
    axis: int = 0

    def fill(self, numbers: Any, lanes: Any) -> Any:
        """A float, or an array."""
        import numpy as np

        source = lanes if self.in_lanes else numbers
        blocks = [source[begin : begin + self.size] for begin in self.begins]
        block = blocks[0] if len(blocks) == 1 else np.concatenate([source[:0], *blocks])
        if not self.in_lanes:
            return block.reshape(self.shape) if self.shape else float(block[0])
        if not self.shape:
            return block[0]
        rows = block.T.reshape(block.shape[1], *self.shape)
        return np.moveaxis(rows, 0, self.axis) if self.axis else rows

    def map(self, change: Callable[[Part], Any]) -> Any:
        """What the part is changed into."""
        return change(self)


@dataclass(frozen=True, slots=True)
class Answer:
    """Parts, other answers and Nones, and the structure they are put into."""

    treespec: Any
    parts: Sequence[Answer | Part | None]

    def fill(self, numbers: Any, lanes: Any) -> Any:
        """The structure, with numbers in it."""
        leaves = [None if part is None else part.fill(numbers, lanes) for part in self.parts]
        return optree.tree_unflatten(self.treespec, leaves)

    def map(self, change: Callable[[Part], Any]) -> Any:
        """The structure, with something else for each part."""
        return optree.tree_unflatten(self.treespec, [None if part is None else part.map(change) for part in self.parts])


@dataclass(frozen=True, slots=True)
class Asked:
    """What the replays are to give, and what is made of it."""

    wanted: Derivation
    answer: Answer | Part


def asked(
    kind: str, argnums: int | tuple[int, ...], moving: tuple[int, ...], layout: Layout, results: Results, reduced: bool
) -> Asked:
    """What is asked for.

    Args:
        kind: As of a Derivation.
        argnums: By which positional arguments derivatives are wanted.
        moving: Which inputs have tangents.
        layout, results: Of the arguments, and of what the function gives.
        reduced: Whether all is to be summed over the batch but slopes by what varies over it.
    """
    inputs, outputs, batched = layout.inputs_of(argnums), len(results.values), bool(layout.batched)
    shared = [not layout.varying[k] for k in inputs]
    summable_of: dict[str, Callable[[], list[bool]]] = {
        "value": lambda: [True] * outputs,
        "jvp": lambda: [True] * (2 * outputs),
        "gradient": lambda: [True, *shared],
        "jacobian": lambda: shared * outputs,
        "hvp": lambda: shared,
        "hessian": lambda: [all(shared)] * len(inputs) ** 2,
    }
    summable = summable_of[kind]()
    summed = [i for i, it_is in enumerate(summable) if not batched or (reduced and it_is)]
    along = tuple([layout.varying[k] for k in moving])
    wanted = Derivation(kind, inputs, len(summable), tuple(summed), moving, along=along)

    def part(begins: Sequence[int], size: int, shape: tuple[int, ...], in_lanes: bool, axis: int = 0) -> Part:
        places = [wanted.places[begin] if size else 0 for begin in begins]
        return Part(tuple([~at if at < 0 else at for at in places]), size, shape, in_lanes, axis)

    def values(begin: int) -> Answer:
        parts = []
        for shape in results.shapes:
            parts.append(part([begin], prod(shape), shape, batched and not reduced))
            begin += prod(shape)
        return Answer(results.treespec, parts)

    def slopes(begin: int, rows: tuple[int, ...] = ()) -> Answer:
        """Of one number, or of an array of them, by the arguments."""
        trees = []
        for position in (argnums,) if isinstance(argnums, int) else argnums:
            treespec, leaves = layout.part(position)
            parts: list[Part | None] = []
            for leaf in leaves:
                begins = [begin + i * len(inputs) for i in range(prod(rows))]
                in_lanes = batched and not (reduced and leaf.axis is None)
                found = part(begins, leaf.size, rows + leaf.shape, in_lanes, 0 if rows else leaf.axis or 0)
                parts.append(None if leaf.kind == "static" else found)
                begin += leaf.size
            trees.append(Answer(treespec, parts))
        return trees[0] if isinstance(argnums, int) else together(trees)

    def slopes_of_each() -> Answer:
        parts, begin = [], 0
        for shape in results.shapes:
            parts.append(slopes(begin, shape))
            begin += prod(shape) * len(inputs)
        return Answer(results.treespec, parts)

    def matrix() -> Part:
        d = len(inputs)
        return part([0], d * d, (d, d), batched and not (reduced and all(shared)))

    answer_of: dict[str, Callable[[], Answer | Part]] = {
        "value": lambda: values(0),
        "jvp": lambda: together([values(0), values(outputs)]),
        "gradient": lambda: together([values(0), slopes(1)]),
        "jacobian": slopes_of_each,
        "hvp": lambda: slopes(0),
        "hessian": matrix,
    }
    return Asked(wanted, answer_of[kind]())


def instead_of_one(what: str, results: Results, layout: Layout) -> str:
    """What to tell who asks of a function, or a row of its batch, for the derivative of the one number it gives."""
    batches = [leaf for leaf in layout.leaves if leaf.kind == "array" and leaf.shape]
    said = f"wants a function of one number{' for a row' * bool(layout.batched)}, this gives {results}"
    if layout.batched or not batches:
        row = ""
    else:
        row = f"if {batches[0].name}, of shape {batches[0].shape}, is a batch, compile with in_axes=0; else "
    rest = ".jacobian has the derivatives of each" if what == "grad" else "let it give one of them, or their sum"
    return f"{said}: {row}{rest}"


def together(answers: Sequence[Answer | Part]) -> Answer:
    """A tuple of answers."""
    return Answer(flatten((0.0,) * len(answers))[1], answers)
