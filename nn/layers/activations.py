"""The activations, a row each: all that is known of one stands here."""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

from autograd import relu, sigmoid, tanh

__all__ = ["ACTIVATIONS", "Activation", "as_activation"]


class Activation(NamedTuple):
    """What a neuron may do to its weighted sum.

    Attributes:
        name: What users write.
        function: Of one Value; None is nothing.
        gain: By how much weights are enlarged to make up for what it takes from a signal's variance.
        spelling: In the repr of a neuron.

    >>> ACTIVATIONS["tanh"].spelling
    'Tanh'
    """

    name: str
    function: Callable[[Any], Any] | None
    gain: float
    spelling: str


ROWS = (
    Activation("relu", relu, sqrt(2.0), "ReLU"),
    Activation("tanh", tanh, 5.0 / 3.0, "Tanh"),
    Activation("sigmoid", sigmoid, 1.0, "Sigmoid"),
    Activation("linear", None, 1.0, "Linear"),
)

ACTIVATIONS = {row.name: row for row in ROWS}
"""The rows by name."""


def as_activation(name: Any, nonlin: bool | None = None) -> str:
    """The name of an activation, checked; a bool in its place is micrograd's `nonlin`.

    Raises:
        ValueError: there is no such activation.

    >>> as_activation("tanh"), as_activation("relu", nonlin=False), as_activation(False)
    ('tanh', 'linear', 'linear')
    """
    if isinstance(name, bool):
        name = "relu" if name else "linear"
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"activation: no {name!r}; choose one of {', '.join(ACTIVATIONS)}")
    return "linear" if nonlin is False else name
