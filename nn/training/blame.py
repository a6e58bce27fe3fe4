"""Where a number that is not finite came from: which sample, which layer, which operation."""

from collections.abc import Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

import numpy as np

from autograd import Value, topological_order
from nn.chance import Feed, fed_by
from nn.modules.module import Module
from nn.parts.walk import Walk
from nn.recording.stepper import Outcome
from nn.recording.task import Task

__all__ = ["blamed", "blamed_gradient", "blamed_loss", "named_parameter"]

NAMES = {"*": "a product", "+": "a sum", "-": "a difference", "/": "a quotient", "**": "a power", "dot": "w·x + b"}


def blamed(outcome: Outcome, task: Task, places: Sequence[int], names: Sequence[Any]) -> str:
    """What is not finite of an outcome, and where it came from.

    Args:
        outcome: Of some samples.
        task: What was computed; the Values hold the numbers of then.
        places: Which samples.
        names: What they are called.
    """
    if isfinite(outcome.loss):
        return f"the gradient is not finite: {blamed_gradient(task.model, task.parameters, outcome.gradient)}"
    what = f"the loss is {outcome.loss}"
    with suppress(Exception), fed_by(Feed(task.source)), np.errstate(all="ignore"):
        objective, outputs = task.objective(places)
        what += blamed_loss(task.model, outputs, objective, names)
    return what


def blamed_loss(model: Any, outputs: Sequence[Any], objective: Value, names: Sequence[Any]) -> str:
    """What first was not finite on the way to a loss.

    Args:
        model: Its layers are named, if it is a module.
        outputs: What it gave, sample by sample: Values in lists.
        objective: The loss.
        names: What the samples are called.

    Returns:
        Where, after a colon; nothing, where all is finite now.

    >>> x = Value(0.0)
    >>> blamed_loss(None, [x.log()], x.log() * 2.0, [7])
    ': log of 0 gave -inf in sample 7'
    """
    layers = layers_of(model)
    for place, output in zip(names, outputs, strict=False):
        found = first_not_finite(values_in(output))
        if found is not None:
            return f": {told(found, layers)} in sample {place}"
    found = first_not_finite([objective])
    if found is None:
        return ""
    order = topological_order(objective)
    users = [node for node in order if node.operands and not isfinite(node.data)]
    traced = (samples_of(node, outputs, names) for node in users)
    places: list[Any] = next((found for found in traced if found), [])
    whose = f" of sample {places[0]}" if len(places) == 1 else ""
    if not found.operands and id(found) not in layers and whose:  # a loss that gives nan for what it does not take
        scores = [f"{v.data:.6g}" for v in values_in(outputs[list(names).index(places[0])])]
        return f": the score {', '.join(scores[:4])}{whose} is none that the loss takes"
    return f": {told(found, layers)} in the loss{whose}"


def samples_of(node: Value, outputs: Sequence[Any], names: Sequence[Any]) -> list[Any]:
    """The names of the samples whose scores a node was computed from."""
    below = {id(x) for x in topological_order(node)}
    return [
        name for name, output in zip(names, outputs, strict=False) if any(id(v) in below for v in values_in(output))
    ]  # fmt: skip


def blamed_gradient(model: Any, parameters: Sequence[Value], gradient: Sequence[float]) -> str:
    """Which parameter's gradient is not finite.

    >>> blamed_gradient(None, [Value(1.0)], [float("inf")])
    'that of parameter 0 is inf'
    """
    for k, g in enumerate(gradient):
        if not isfinite(g):
            return f"that of {named_parameter(model, parameters, k)} is {g}"
    return "its length is infinite"


def named_parameter(model: Any, parameters: Sequence[Value], k: int) -> str:
    """What a parameter is called: by its name in the model, else by its number.

    >>> named_parameter(None, [Value(1.0)], 0)
    'parameter 0'
    """
    return f"parameter {layers_of(model).get(id(parameters[k]), k)}"


def values_in(output: Any) -> list[Value]:
    """The Values in nested lists."""
    if isinstance(output, (list, tuple)):
        return [v for part in output for v in values_in(part)]
    return [output] if isinstance(output, Value) else []


def first_not_finite(roots: list[Value]) -> Value | None:
    """The first node below some roots that is not finite, while its operands are."""
    if all(isfinite(root.data) for root in roots):
        return None
    return next((node for node in topological_order(roots) if not isfinite(node.data)), None)


def told(node: Value, layers: dict[int, str]) -> str:
    """An operation in words, with its operands, and the layer whose parameters it reads."""
    if not node.operands:
        kind = "parameter" if id(node) in layers else "a number"
        return f"{kind}{' ' + layers[id(node)] if id(node) in layers else ''} is {node.data}"
    name = node._op
    numbers = [f"{x.data:.6g}" for x in node.operands]
    shown = ", ".join(numbers[:3]) + (", ..." if len(numbers) > 3 else "")
    what = f"{NAMES.get(name, name)} of {shown} gave {node.data}"
    layer = layer_of(node, layers)
    return f"{what} in layer {layer}" if layer else what


def layer_of(node: Value, layers: dict[int, str]) -> str:
    """The layer of the nearest parameter below a node."""
    for below in reversed(topological_order(node)):
        if id(below) in layers:
            return layers[id(below)].rpartition(".neurons.")[0] or layers[id(below)].rpartition(".")[0]
    return ""


def layers_of(model: Any) -> dict[int, str]:
    """By the identity of each parameter of a module its name."""
    if not isinstance(model, Module):
        return {}
    walk = Walk(model)
    return dict(zip(map(id, walk.parameters), walk.names(), strict=True))
