"""The numbers of a diagnosis, as plain data: how signals and gradients fare, layer by layer.

Gradients are those of each sample's outputs of a layer. Those of parameters are sums over a batch, in which samples
cancel each other: in a stack of sigmoids they look healthy where next to nothing arrives.
"""

from collections.abc import Callable
from math import isfinite
from random import Random
from typing import Any

import numpy as np

from autograd import Value, dot, no_grad, topological_order, values_to_vector, vector_to_values
from autograd.border.wording import brief
from nn.chance import Feed, fed_by
from nn.checks import as_list, number_of, require_as_many
from nn.diagnosis.layers import layers_seen
from nn.diagnosis.readings import measured, reading_of, rms
from nn.diagnosis.steps import losses_after, step_of
from nn.losses.naming import named
from nn.modules.calls import calls_of, modules_in, vectors_in
from nn.modules.untouched import Untouched
from nn.parts.walk import Walk
from nn.prediction.labels import Labels, family_of, ignored_by, key_of, plain_labels
from nn.prediction.predict import labels_kept_by

__all__ = ["measure", "movable", "rate_of"]


def measure(
    model: Callable[[Any], Any], batch: Any, loss: Any = None, optimizer: Any = None, *, coded: bool = False
) -> dict[str, Any]:
    """How a model fares with a batch, as plain data: numbers, text, lists and dicts, fit for JSON.

    The model, the optimiser and all sources of random numbers are left as they were.

    Args:
        model, batch, loss, optimizer: As for `diagnose`.
        coded: Whether labels are what the loss takes, and not what stands for it: those that `fit` takes.

    Returns:
        - "loss": The loss of the batch; without one, the sum of the outputs' squares.
        - "chance": What it would be if all outputs were 0; None where that is no number.
        - "samples": How many there are.
        - "inputs": The root mean square of what the first layer is given; None where these are no numbers.
        - "layers": A dict for each layer. "name", "kind", "activation"; "units", how many numbers it gives (None
          where that varies), "rows", how often; "mean", "std", "rms" of these, "low" and "high", between which 80% of
          them are; "varies", how much a number varies from sample to sample (a standard deviation), "differs", how
          much the numbers of one sample differ from each other; "finite"; "dead", the share of rectifiers that give 0
          for all samples, and "out_of_reach", of those which are given less, each time, than 0 by the root mean square
          of what the others give; "saturated", the share of numbers next to a bound of their activation; "gradient",
          the mean size of d loss / d output, with "gradient_low" and "gradient_high", "gradient_norm", the root mean
          square over samples of the length of a sample's gradient; None where no gradient comes to; "parameters", how
          many; "weight", their root mean square, "update", that of their step, and "ratio", the one by the other.
        - "step": Of an optimiser: "lr"; "slope", which is gradient · step; "ratio", how large it is beside all that it
          moves; "losses", pairs of a share of the step and the loss after it. Else None.

    Raises:
        TypeError, ValueError: As `diagnose`.

    Cost: a sweep over the graph of the batch; with an optimiser, three times the way forward.

    >>> from nn import MLP
    >>> found = measure(MLP(2, [3, 1], rng=1), [[1.0, 2.0], [0.5, -1.0]])
    >>> [(layer["name"], layer["units"], layer["rows"]) for layer in found["layers"]]
    [('layers.0', 3, 2), ('layers.1', 1, 2)]
    """
    modules = modules_in(model)
    samples, labels = taken(batch, loss)
    if loss is not None and not callable(loss):
        loss = named(loss)
    moved = movable(optimizer)
    whole = any(getattr(x, "whole_batch", False) for x in Walk(modules).containers)

    def outputs() -> list[Any]:
        return as_list(model(samples), "diagnose: outputs") if whole else [model(x) for x in samples]

    def objective(found: list[Any]) -> Any:
        if loss is not None:
            return loss(found, labels)
        numbers = [v for vector in vectors_in(found) for v in vector]
        return dot(numbers, numbers)

    with Untouched([modules, moved]) as before:

        def afresh(compute: Callable[[], Any]) -> Any:
            before.draw_again()  # so that what is dropped out is the same each time
            with fed_by(Feed(Random(0))), np.errstate(all="ignore"):
                return compute()

        top = afresh(lambda: calls_of(modules, outputs))
        if labels is not None and loss is not None and not coded:
            labels = as_coded(labels, model, loss, top.output)
        goal = objective(top.output)
        if not isinstance(goal, Value):
            what = "the loss" if loss is not None else "the sum of the outputs' squares"
            raise TypeError(f"diagnose: {what} is a {type(goal).__name__}, no Value: does the model compute Values?")
        layers = layers_seen(top)
        nodes = topological_order(goal)
        order = [v for v in {id(v): v for v in [*nodes, *moved]}.values() if not v.is_constant]
        kept = values_to_vector(order, "grad")  # those of Values that the model does not hold, too
        try:
            vector_to_values(0.0, order, "grad")
            if any(not v.operands and not v.is_constant for v in nodes):  # something in there can learn
                goal.backward()
            gradient = values_to_vector(moved, "grad")
            step = None if optimizer is None else step_of(optimizer, gradient)
            by_parameter = {} if step is None else dict(zip(map(id, moved), step.tolist(), strict=True))
            found: dict[str, Any] = {
                "loss": goal.data,
                "chance": chance(loss, top.output, labels),
                "samples": len(samples),
                "inputs": rms([number_of(v) for vector in layers[0].inputs for v in vector]) if layers else None,
                "layers": [measured(reading_of(layer, by_parameter)) for layer in layers],
                "step": None,
            }
        finally:
            vector_to_values(kept, order, "grad")
        if step is not None:

            def loss_now() -> float:
                with no_grad():
                    return number_of(objective(afresh(outputs)))

            with np.errstate(all="ignore"):
                slope, size = float(gradient @ step), rms(values_to_vector(moved))
            ratio = (rms(step) or 0.0) / size if size else None
            losses = losses_after(loss_now, moved, step)
            found["step"] = {"lr": rate_of(optimizer), "slope": slope, "ratio": ratio, "losses": losses}
    return found


def taken(batch: Any, loss: Any) -> tuple[list[Any], list[Any] | None]:
    """The samples and labels of a batch.

    Raises:
        TypeError: there are no labels for a loss.
        ValueError: there are no samples, or another number of labels.
    """
    if is_pair(batch, loss):
        samples, labels = as_list(batch[0], "diagnose: samples"), as_list(batch[1], "diagnose: labels")
        require_as_many(samples, labels, "diagnose", ("samples", "labels"))
        return samples, labels
    if isinstance(batch, tuple) and len(batch) == 2 and batch[1] is None:  # a table without labels
        batch = batch[0]
    samples = as_list(batch, "diagnose: batch")
    if loss is not None:
        raise TypeError("diagnose: a loss needs labels: give batch=(samples, labels)")
    if not samples:
        raise ValueError("diagnose: no samples: give at least one")
    return samples, None


def is_pair(batch: Any, loss: Any) -> bool:
    """Whether a batch is samples and labels: a tuple of both; a list of two that would make no sense as samples.

    >>> is_pair(([[1.0]], [1]), None), is_pair([[[1.0]], [1]], None), is_pair([[1.0], [2.0]], None)
    (True, True, False)
    """
    if not isinstance(batch, (tuple, list)) or len(batch) != 2 or not all(hasattr(x, "__len__") for x in batch):
        return False
    return isinstance(batch, tuple) or loss is not None or (holds_lists(batch[0]) and not holds_lists(batch[1]))


def holds_lists(x: Any) -> bool:
    """Whether it is a list of lists, or a table."""
    return len(x.shape) > 1 if hasattr(x, "shape") else len(x) > 0 and isinstance(x, (list, tuple)) and is_listed(x[0])


def is_listed(x: Any) -> bool:
    """Whether it is a list of something, and no text."""
    return hasattr(x, "__len__") and not isinstance(x, (str, bytes))


def as_coded(labels: list[Any], model: Any, loss: Any, outputs: list[Any]) -> list[Any]:
    """Labels as a loss takes them: those that `fit` took and keeps on the model, or takes; what are codes stay so.

    Raises:
        ValueError: one is none of those that the model was trained on.

    >>> from nn import hinge
    >>> as_coded(["a", "b"], None, hinge, [0.0, 0.0])
    [-1, 1]
    """
    found = plain_labels(labels)
    if any(isinstance(x, (list, tuple, Value)) for x in found):
        return labels
    kept = labels_kept_by(model)
    if kept is None:
        several = {len(x) for x in outputs if hasattr(x, "__len__")}
        known = Labels.for_loss(labels, loss, several.pop() if len(several) == 1 else None)
    elif kept.kind == "classes":
        known = Labels(kept.kind, kept.classes, family_of(loss))
    else:
        return labels
    ignored = ignored_by(loss)
    counted = [i for i, x in enumerate(found) if ignored is None or x != ignored]
    mine = [found[i] for i in counted]
    if known.plain or (not are_among(mine, known.classes) and are_among(mine, known.codes)):
        return labels
    for i, code in zip(counted, known.encoded(mine), strict=True):
        found[i] = code
    return found


def are_among(labels: list[Any], classes: list[Any]) -> bool:
    """Whether each of some labels is one of some classes."""
    return {key_of(x) for x in labels} <= {key_of(x) for x in classes}


def movable(optimizer: Any) -> list[Value]:
    """The parameters that an optimiser moves.

    Raises:
        TypeError: it has none.
    """
    if optimizer is None:
        return []
    parameters = getattr(optimizer, "parameters", None)
    if isinstance(parameters, (list, tuple)) and parameters and all(isinstance(p, Value) for p in parameters):
        return list(parameters)
    raise TypeError(
        f"diagnose: optimizer is {brief(optimizer)}; expected an optimiser, with a list `parameters` of Values, "
        "such as nn.SGD(model.parameters())"
    )


def chance(loss: Any, outputs: Any, labels: Any) -> float | None:
    """The loss of a model whose outputs are all 0; None where there is none to compare with."""
    if loss is None:
        return None

    def without(x: Any) -> Any:
        return [without(part) for part in x] if isinstance(x, (list, tuple)) else 0.0

    try:
        with np.errstate(all="ignore"):
            found = number_of(loss(without([x.tolist() if hasattr(x, "tolist") else x for x in outputs]), labels))
    except Exception:  # a loss that has its own ideas of outputs
        return None
    return found if isfinite(found) else None


def rate_of(optimizer: Any) -> float | None:
    """The learning rate, if it says so."""
    rate = getattr(optimizer, "lr", None)
    return float(rate) if isinstance(rate, (int, float)) else None
