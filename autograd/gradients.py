"""The Values among the arguments of a compiled call, and `backward`: its gradient is added to theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import optree

from autograd.answers import Answer, Asked, Part, together
from autograd.calls import Call
from autograd.engine import Value, is_recording
from autograd.paths import Derivation, Path
from autograd.structure import holds_objects
from autograd.sweep import add_to_grads

__all__ = ["add_gradient", "asked_of_values", "has_values", "values_among_arguments"]


def values_among_arguments(call: Call) -> Iterator[tuple[int, int | None, Value]]:
    """Values that are arguments, or in them: which input each is, of which row of the batch."""
    import numpy as np

    for leaf, x in zip(call.layout.leaves, call.leaves, strict=True):
        if isinstance(x, Value):
            yield leaf.start, None, x
        elif leaf.kind == "array" and holds_objects(x):
            rows = [x] if leaf.axis is None else np.moveaxis(x, leaf.axis, 0)
            for row, part in enumerate(rows):
                for i, v in enumerate(np.ravel(part).tolist()):
                    if isinstance(v, Value):
                        yield leaf.start + i, None if leaf.axis is None else row, v


def has_values(call: Call) -> bool:
    """Whether there are Values among the arguments, and a graph is wanted."""
    return is_recording() and next(values_among_arguments(call), None) is not None


def add_gradient(call: Call) -> Any:
    """The value; every Value that took part has been given its share of the gradient."""
    call.require_single("backward")
    if call.batched and not call.traced.reduce:
        raise ValueError(f'{call.traced.name}.backward: a batch has many values: compile with reduce="sum" or "mean"')
    if call.traced.reduce == "mean":
        call.require_rows()
    values, own = [], []
    for k, row, v in values_among_arguments(call):
        if row is not None:
            name = next(leaf.name for leaf in call.layout.leaves if leaf.start <= k < leaf.start + leaf.size)
            raise TypeError(f"{call.traced.name}.backward: {name} is a batch of Values: pass their numbers")
        values.append(v)
        own.append(k)
    n = call.n if call.traced.reduce == "mean" and call.batched else 1
    total, shares = 0.0, []
    for block in call.blocks():
        for path, rows in block.groups_of_all():
            numbers, _ = block.run_path(path, asked_of_values(call, path, tuple(own)).wanted, rows)
            total += float(numbers[0])
            shares.append(([*values, *path.captured], numbers[1:] / n))
    for targets, share in shares:
        add_to_grads(targets, share)
    return optree.tree_unflatten(call.results.treespec, [total / n])


def asked_of_values(call: Call, path: Path, own: tuple[int, ...] = ()) -> Asked:
    """The value, and in one array its slopes by some inputs and then by all that the path captured."""
    found: Asked | None = path.for_backward.get(own)
    if found is None:
        first = call.layout.size
        inputs = own + tuple(range(first, first + len(path.captured)))
        count = len(inputs)
        value = Answer(call.results.treespec, [Part((0,), 1, (), False)])
        found = path.for_backward[own] = Asked(
            Derivation("gradient", inputs, 1 + count, tuple(range(1 + count))),
            together([value, Part((1,), count, (count,), False)]),
        )
    return found
