"""Starting points for weights that keep signals at one scale from layer to layer."""

from math import sqrt
from typing import Any

from autograd.border.wording import brief
from nn.chance import as_generator
from nn.layers.activations import row_of
from nn.layers.dense import Neuron
from nn.modules.module import Module
from nn.parts.walk import Walk

__all__ = ["kaiming_uniform"]


def kaiming_uniform(module: Module, rng: Any = None) -> None:
    """Draw the weights of every neuron anew, uniformly between ±gain·√(3/nin); set its bias to 0.

    micrograd's ±1 suits two or three inputs. With 64, sums come out √64 times too large, and training starts badly.

    Args:
        module: A neuron, a layer, or any module that holds neurons, however deep.
        rng: As for Neuron.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015), §2.2.

    >>> from nn import Neuron
    >>> neuron = Neuron(600, rng=1)
    >>> kaiming_uniform(neuron, rng=1)
    >>> max(abs(w.data) for w in neuron.w) <= 0.1
    True
    """
    source = as_generator(rng)
    neurons = [x for x in Walk(module).containers if isinstance(x, Neuron)]
    if not neurons:
        raise TypeError(f"kaiming_uniform: no neuron found in {brief(module)}; give a Neuron, a Layer or an MLP")
    for neuron in neurons:
        bound = row_of(neuron.activation).gain * sqrt(3.0 / len(neuron.w))
        for w in neuron.w:
            w.data = source.uniform(-bound, bound)
        if neuron.b is not None:
            neuron.b.data = 0.0
