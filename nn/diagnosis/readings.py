"""What a layer gave for a batch and what came back to it, as arrays; and the numbers that are said of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, values_to_vector
from nn.diagnosis.layers import Seen, primitive_of

__all__ = ["BOUNDS", "RECTIFIERS", "Reading", "measured", "reading_of", "rms"]

BOUNDS = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "hardtanh": (-1.0, 1.0), "hardsigmoid": (0.0, 1.0),
          "softsign": (-1.0, 1.0)}  # fmt: skip
"""Activations that saturate, and what their values are between."""

RECTIFIERS = frozenset({"relu", "relu6"})
"""Activations that are 0, with a slope of 0, for half of all inputs."""

NEAR = 0.03
"""How near a bound, as a share of half the way between both, is saturated: a tanh beyond ±0.97 has 6% of its slope."""


class Reading(NamedTuple):
    """A layer at work, in numbers.

    Attributes:
        name, kind, activation: As of `Seen`.
        outputs: For each sample, or place of a sequence, an array of the numbers that it gave.
        gradients: d loss / d each of these, for those to which a gradient comes.
        given: The largest number that each rectifier was given; None where there are none.
        weights: Its parameters.
        step: By how much each of them would move; None where nothing moves them.

    >>> Reading("layers.0", "Layer", "tanh", np.zeros((5, 3)), [], None, np.zeros(9)).step is None
    True
    """

    name: str
    kind: str
    activation: str
    outputs: Sequence[Any]
    gradients: Sequence[Any]
    given: Any
    weights: Any
    step: Any = None


def reading_of(layer: Seen, steps: dict[int, float]) -> Reading:
    """A layer that was seen, after a sweep that came through it.

    Args:
        layer: What it gave.
        steps: By how much each parameter would move, by its identity.
    """
    rows = [[v for v in vector if isinstance(v, Value)] for vector in layer.outputs]
    rows = [row for row in rows if row]
    # What a table looks up is the parameter itself, with the sum over all who looked it up.
    swept = [row for row in rows if all(v.operands and not v.is_constant for v in row)]
    found = layer.parameters
    step = np.array([steps.get(id(p), 0.0) for p in found]) if any(id(p) in steps for p in found) else None
    return Reading(
        layer.name, layer.kind, layer.activation, [values_to_vector(row) for row in rows],
        [values_to_vector(row, "grad") for row in swept],
        nearest_to_life(rows) if layer.activation in RECTIFIERS and is_table(rows) else None,
        values_to_vector(found), step,
    )  # fmt: skip


def is_table(rows: Sequence[Any]) -> bool:
    """Whether all rows are as long."""
    return len({len(row) for row in rows}) == 1


def nearest_to_life(rows: list[list[Value]]) -> Any:
    """The largest number that each rectifier was given; 0 where that is not known."""
    given = [[v.operands[0].data if primitive_of(v) == "relu" else 0.0 for v in row] for row in rows]
    return np.max(given, axis=0)


def measured(layer: Reading) -> dict[str, Any]:
    """What is known of a layer, as `measure` says."""
    rows = layer.outputs
    table = np.asarray(rows) if is_table(rows) else None
    numbers = np.concatenate(rows) if len(rows) else np.empty(0)
    finite = numbers[np.isfinite(numbers)]
    with np.errstate(all="ignore"):
        found: dict[str, Any] = {
            "name": layer.name, "kind": layer.kind, "activation": layer.activation,
            "units": None if table is None else table.shape[1], "rows": len(rows),
            "mean": mean(finite), "std": number(finite.std()) if len(finite) else None, "rms": rms(finite),
            "low": quantile(finite, 0.1), "high": quantile(finite, 0.9),
            "varies": None if table is None else number(table.std(axis=0).mean()),
            "differs": None if table is None else number(table.std(axis=1).mean()),
            "finite": len(finite) == len(numbers), "dead": None, "out_of_reach": None, "saturated": None,
            **gradients(layer.gradients), **weights(layer),
        }  # fmt: skip
        if layer.activation in RECTIFIERS and table is not None:
            dead = (table <= 0.0).all(axis=0)
            found["dead"] = float(dead.mean())
            found["out_of_reach"] = float((dead & (layer.given < -(rms(table[:, ~dead].ravel()) or 0.0))).mean())
        if layer.activation in BOUNDS and len(numbers):
            low, high = BOUNDS[layer.activation]
            found["saturated"] = float((np.minimum(numbers - low, high - numbers) < NEAR * (high - low) / 2).mean())
    return found


def gradients(grads: Sequence[Any]) -> dict[str, Any]:
    """How large the gradients are that come to the outputs of a layer, sample by sample."""
    names = ("gradient", "gradient_low", "gradient_high", "gradient_norm")
    if not len(grads):
        return dict.fromkeys(names)
    sizes = np.abs(np.concatenate(grads))
    norm = number(np.sqrt(np.mean([row @ row for row in grads])))
    found = (number(sizes.mean()), quantile(sizes, 0.1), quantile(sizes, 0.9), norm)
    return dict(zip(names, found, strict=True))


def weights(layer: Reading) -> dict[str, Any]:
    """How large parameters are, and their step."""
    size = rms(layer.weights)
    found: dict[str, Any] = {"parameters": len(layer.weights), "weight": size, "update": None, "ratio": None}
    if layer.step is not None and size is not None:
        found["update"] = rms(layer.step)
        found["ratio"] = None if not size or found["update"] is None else found["update"] / size
    return found


def number(x: Any) -> float:
    """A float of Python's."""
    return float(x)


def mean(numbers: Any) -> float | None:
    """The mean of some numbers; None if there are none."""
    return number(np.mean(numbers)) if len(numbers) else None


def rms(numbers: Any) -> float | None:
    """The root mean square of some numbers; None if there are none.

    >>> rms([3.0, -3.0]), rms([])
    (3.0, None)
    """
    with np.errstate(all="ignore"):
        return number(np.sqrt(np.mean(np.square(np.asarray(numbers, dtype=float))))) if len(numbers) else None


def quantile(numbers: Any, share: float) -> float | None:
    """What so large a share of some numbers is below; None if there are none."""
    return number(np.quantile(numbers, share)) if len(numbers) else None
