"""Answers: how they are put together, in the structure of arguments and results, from what replays give.

A replay gives numbers, which are summed over the batch or do not vary, and lanes, which have a place for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import optree

from autograd.structures.layout import Layout
from autograd.structures.plain import Put, pattern_of, putter
from autograd.structures.results import Results
from autograd.structures.trees import NAMESPACE, flatten

__all__ = ["Answer", "Form", "Marked", "Part", "filling", "together"]

SINGLE = flatten(0.0)[1]
"""What one number is put into."""


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
        """A float, or an array; `Piece` of repetition.pyx does the same in C."""
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
        """The object that the part is changed into."""
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
class Marked:
    """A part of an answer, and what it is a part of."""

    part: Part
    mark: Any

    def fill(self, numbers: Any, lanes: Any) -> Any:
        """The pair."""
        return self.part.fill(numbers, lanes), self.mark

    def map(self, change: Callable[[Part], Any]) -> Any:
        """The pair, with what the part is changed into."""
        return self.part.map(change), self.mark


def together(*answers: Answer | Part) -> Answer:
    """A tuple of answers."""
    return Answer(flatten((0.0,) * len(answers))[1], answers)


def filling(answer: Answer | Part | Marked) -> Callable[[list[float]], Any]:
    """The function that fills an answer for no batch, of which numbers alone are asked: as `fill` does, of a list."""
    found = flattened(answer)
    if found is None:
        return lambda numbers: answer.fill(np.array(numbers), None)
    treespec, parts = found
    begins = [None if part is None or part.shape else part.begins[0] for part in parts]
    others: list[Any] = [list_filling(part) if begins[k] is None else None for k, part in enumerate(parts)]
    pattern = pattern_of(treespec)
    put = [putter(k, begins, others) for k in range(len(parts))] if pattern is None else []
    whole = None if pattern is None else putter(pattern, begins, others)

    def fill(numbers: list[float]) -> Any:
        if whole is not None:
            return whole(numbers, ())
        return optree.tree_unflatten(treespec, [each(numbers, ()) for each in put])

    return fill


def list_filling(part: Part | None) -> Put:
    """The function that makes an array of a stretch of a list; or None, where there is no part."""
    if part is None:
        return lambda numbers, given: None
    first, last, shape = part.begins[0], part.begins[0] + part.size, part.shape
    if len(shape) == 1:
        return lambda numbers, given: np.array(numbers[first:last], dtype=float)
    return lambda numbers, given: np.array(numbers[first:last], dtype=float).reshape(shape)


def flattened(answer: Answer | Part | Marked) -> tuple[Any, list[Part | None]] | None:
    """The parts of an answer, and of answers within it, and what they are put into; None if some cannot be opened."""
    if isinstance(answer, Part):
        return (SINGLE, [answer]) if len(answer.begins) == 1 else None
    if isinstance(answer, Marked):
        return None
    found = [(SINGLE, [part]) if part is None else flattened(part) for part in answer.parts]
    parts = [part for each in found if each is not None for part in each[1]]
    if None in found:
        return None
    if len(parts) == len(found) and all(each is not None and each[0] == SINGLE for each in found):
        return answer.treespec, parts
    specs = [each[0] for each in found if each is not None]
    if answer.treespec == flatten((0.0,) * len(specs))[1]:
        return optree.treespec_tuple(specs, none_is_leaf=True, namespace=NAMESPACE), parts
    return (specs[0], parts) if answer.treespec == SINGLE else None


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of an answer, made of a program's outputs: values, slopes, a Jacobian or a Hessian.

    Attributes:
        layout, results: Of the arguments, and of what the function gives.
        argnums: By which positional arguments derivatives are wanted.
        reduced: Whether all is summed over the batch but slopes by what varies over it.
        places: Of each output its place among the summed ones, or ~its place among the others.
    """

    layout: Layout
    results: Results
    argnums: int | tuple[int, ...]
    reduced: bool
    places: dict[int, int]

    def values(self, begin: int = 0) -> Answer:
        """Numbers in the structure of the results, from the output `begin` on."""
        batched, parts = bool(self.layout.batched), []
        for shape in self.results.shapes:
            parts.append(self._part([begin], prod(shape), shape, batched and not self.reduced))
            begin += prod(shape)
        return Answer(self.results.treespec, parts)

    def value_and_aux(self) -> Answer:
        """Numbers in the structure of the results, of which only the first is reduced."""
        begin, batched, parts = 0, bool(self.layout.batched), []
        for k, shape in enumerate(self.results.shapes):
            parts.append(self._part([begin], prod(shape), shape, batched and not (self.reduced and k == 0)))
            begin += prod(shape)
        return Answer(self.results.treespec, parts)

    def slopes(self, begin: int = 0, rows: tuple[int, ...] = ()) -> Answer:
        """Numbers in the structure of the arguments `argnums`: of one result, or of each of an array of them."""
        layout, trees = self.layout, []
        inputs, batched = len(layout.inputs_of(self.argnums)), bool(layout.batched)
        for position in (self.argnums,) if isinstance(self.argnums, int) else self.argnums:
            treespec, leaves = layout.part(position)
            parts: list[Part | None] = []
            for leaf in leaves:
                begins = [begin + i * inputs for i in range(prod(rows))]
                in_lanes = batched and not (self.reduced and leaf.axis is None)
                found = self._part(begins, leaf.size, rows + leaf.shape, in_lanes, 0 if rows else leaf.axis or 0)
                parts.append(None if leaf.kind == "static" else found)
                begin += leaf.size
            trees.append(Answer(treespec, parts))
        return trees[0] if isinstance(self.argnums, int) else together(*trees)

    def slopes_of_each(self) -> Answer:
        """The slopes of each result, in the structure of the results."""
        parts, begin = [], 0
        for shape in self.results.shapes:
            parts.append(self.slopes(begin, shape))
            begin += prod(shape) * len(self.layout.inputs_of(self.argnums))
        return Answer(self.results.treespec, parts)

    def matrix(self) -> Part:
        """A square matrix over the inputs."""
        inputs = self.layout.inputs_of(self.argnums)
        summed = self.reduced and not any(self.layout.varying[k] for k in inputs)
        return self._part([0], len(inputs) ** 2, (len(inputs),) * 2, bool(self.layout.batched) and not summed)

    def _part(self, begins: Sequence[int], size: int, shape: tuple[int, ...], in_lanes: bool, axis: int = 0) -> Part:
        places = [self.places[begin] if size else 0 for begin in begins]
        return Part(tuple([~at if at < 0 else at for at in places]), size, shape, in_lanes, axis)
