"""The Values among the arguments of a compiled call, and `backward`: its gradient is added to theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import optree

from autograd.compiled.call import Call
from autograd.engine.listening import heard_by
from autograd.engine.pausing import grad_enabled
from autograd.recorded.paths import Path
from autograd.recorded.questions import Question, question_of_values
from autograd.structures.layout import holds_objects
from autograd.structures.results import Results
from autograd.structures.trees import flatten
from autograd.values.value import Value
from autograd.values.vectors import add_to_grads

__all__ = [
    "add_gradient", "add_gradient_eagerly", "asks_for_a_graph", "gradient_by_values", "has_values",
    "run_on_values", "values_among_arguments",
]  # fmt: skip


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
    """True, if there are Values among the arguments, and a graph is wanted.

    Raises:
        TypeError: there are, and the function has its weights by their numbers: these have no graph.
    """
    found = grad_enabled() and next(values_among_arguments(call), None) is not None
    if found and call.traced.weights:
        raise TypeError(f"{call.traced.name}: compiled with weights it takes numbers; got Values")
    return found


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
    total, shares = call.layout.zero, []
    for block in call.rows.blocks():
        for path, rows in block.groups_of_all():
            numbers, _ = block.run_path(path, gradient_by_values(path, tuple(own)).wanted, rows)
            total += float(numbers[0])
            shares.append(([*values, *path.captured], numbers[1:] / n))
    for targets, share in shares:
        add_to_grads(targets, share)
    call.look_at_steps()
    return optree.tree_unflatten(call.results.treespec, [total / n])


def add_gradient_eagerly(call: Call) -> Any:
    """The value and its gradient likewise, of a call without a batch, by the eager engine."""
    call.require_single("backward")
    result = heard_by(None, run_on_values, (call, 0), {})
    results = Results(result, call.traced.name)
    call.arguments.require_same_structure(results, 0)
    if isinstance(results.values[0], Value) and not results.values[0].is_constant:
        results.values[0].backward()
    return optree.tree_unflatten(call.results.treespec, results.numbers())


def run_on_values(call: Call, row: int) -> Any:
    """The result of the function for a row, run on the Values among its arguments themselves."""
    inputs: list[Any] = [Value(x) for x in call.layout.row(call.leaves, row)]
    for k, of_row, v in values_among_arguments(call):
        if of_row is None or of_row == row:
            inputs[k] = v
    return call.traced.run_inlined(call.layout, call.leaves, inputs)


def gradient_by_values(path: Path, own: tuple[int, ...] = ()) -> Question:
    """The question of a path's value and, in one array, its slopes by some inputs and then by all that it captured."""
    inputs = (*own, *path.captured_inputs)
    return path.once(("backward", own), lambda: question_of_values(path.results, inputs))


def asks_for_a_graph(args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    """Whether there are Values among the arguments of a call, whose graph is wanted."""
    return grad_enabled() and any(isinstance(x, Value) or holds_objects(x) for x in flatten((args, kwargs))[0])
