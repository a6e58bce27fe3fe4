"""A picture in between: one neuron."""

from typing import Any

import autograd
from autograd.border.console import say
from nn.demo.report import Demo, first_line
from nn.layers.dense import Neuron

__all__ = ["draw_neuron"]


def draw_neuron(demo: Demo) -> None:
    """The graph of one neuron, with the gradients of its output."""
    neuron = Neuron(2, "tanh", rng=demo.seed)
    inputs = [autograd.Value(2.0, label="x1"), autograd.Value(-0.5, label="x2")]
    neuron.w[0].label, neuron.w[1].label, neuron.b.label = "w1", "w2", "b"
    output = neuron(inputs)
    output.label = "output"
    output.backward()
    drawing = autograd.draw(output)
    for form in ("svg", "png"):
        try:
            picture: Any = drawing.pipe(format=form, quiet=True)
        except RuntimeError as error:
            say(f"neuron.{form} is left out: {first_line(error)}")
        else:
            demo.write(f"neuron.{form}", picture)
