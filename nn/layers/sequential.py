"""Modules and functions in a row: each one's output is the next one's input."""

from collections.abc import Callable, Iterator
from typing import Any, Self

from autograd.border.wording import brief
from nn.layers.activations import ACTIVATIONS, Activation, activated, as_activation, row_of
from nn.layers.dense import MLP, Layer, Neuron
from nn.layers.norm import BatchNorm, LayerNorm, RMSNorm
from nn.layers.signals import as_signal, is_batch, shortened
from nn.modules.module import Module
from nn.parts.walk import Walk

__all__ = ["Sequential"]


class Sequential(Module):
    """Steps in a row: modules, functions, names of activations.

    An activation is applied to every number of what comes, a softmax to every innermost list; any other function is
    called on what comes as it is.

    Where the first module takes a list of numbers (Linear, Layer, MLP, a norm), a list of lists is a batch. Each step
    is then called on each sample, but for batch norm, and what has one in it, which is called on the whole batch. With
    a batch norm among the steps, what comes in training is always a batch.

    Args:
        steps: Modules, functions, names or rows of `nn.layers.activations`; or one list of them.

    Raises:
        TypeError: a step is none of these.
        ValueError: there is no activation of such a name.

    >>> from nn import Linear
    >>> model = Sequential(Linear(2, 3, rng=1), "tanh", Linear(3, 1, rng=2))
    >>> model
    Sequential of [Linear(2, 3), tanh, Linear(3, 1)]
    >>> len(model([1.0, 2.0])), len(model([[1.0, 2.0], [3.0, 4.0]])), model[0].nin, len(model)
    (1, 2, 2, 3)
    """

    def __init__(self, *steps: Any) -> None:
        if len(steps) == 1 and isinstance(steps[0], (list, tuple)) and not isinstance(steps[0], Activation):
            steps = tuple(steps[0])
        self.steps = [as_step(step, i) for i, step in enumerate(steps)]

    def __call__(self, x: Any) -> Any:
        """What the last step gives; `x` itself, if there is none."""
        if hasattr(x, "__len__"):
            if self.steps and isinstance(self.first(), TAKE_NUMBERS):
                found = as_signal(x, 1, "Sequential")
                if is_batch(found, x):
                    return self.of_batch(found)
            elif self.training and self.norms_batches():
                return self.of_batch(as_signal(x, 1, "Sequential"))
        for step in self.steps:
            x = called(step, x)
        return x

    def of_batch(self, samples: list[Any]) -> list[Any]:
        """What the last step gives for each of some samples.

        >>> Sequential("relu", lambda x: x[0]).of_batch([[-1.0], [2.0]])
        [0.0, 2.0]
        """
        for step in self.steps:
            samples = step(samples) if needs_batch(step) else [called(step, x) for x in samples]
        return samples

    def norms_batches(self) -> bool:
        """Whether one of the steps, or of those in a sequence among them, is a batch norm.

        >>> Sequential("relu", Sequential(BatchNorm(2))).norms_batches()
        True
        """
        return any(
            step.norms_batches() if isinstance(step, Sequential) else getattr(step, "whole_batch", False) is True
            for step in self.steps
        )

    def first(self) -> Any:
        """The module that comes first, in sequences that come first too; the step itself where it is no module.

        >>> Sequential(Sequential(abs)).first() is abs
        True
        """
        step: Any = self
        while isinstance(step, Sequential) and step.steps:
            step = step.steps[0]
        return step

    def append(self, step: Any) -> Self:
        """Itself, with one step more.

        Raises:
            TypeError, ValueError: as when it is made.

        >>> Sequential("relu").append("Tanh")
        Sequential of [relu, tanh]
        """
        self.steps.append(as_step(step, len(self.steps)))
        return self

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.steps)

    def __getitem__(self, place: Any) -> Any:
        """A step by its place; of a slice, a Sequential of the same steps."""
        return Sequential(*self.steps[place]) if isinstance(place, slice) else self.steps[place]

    def __setitem__(self, place: int, step: Any) -> None:
        self.steps[place] = as_step(step, place)

    def __repr__(self) -> str:
        return f"Sequential of {shortened([text_of(step) for step in self.steps])}"


TAKE_NUMBERS = (Neuron, Layer, MLP, LayerNorm, RMSNorm, BatchNorm)
"""Modules of which one sample is a list of numbers, so that a list of lists is a batch."""


def as_step(step: Any, place: int) -> Any:
    """A step as it is kept: an activation of the table by its name.

    Raises:
        TypeError: it is nothing to call.
    """
    if step is None or isinstance(step, (str, Activation)):
        return as_activation(step)
    if not callable(step) or isinstance(step, type):
        hint = f": write {step.__name__}(...)" if isinstance(step, type) else ""
        raise TypeError(f"Sequential: step {place} is {brief(step)}; expected a module, a function or a name{hint}")
    return step if isinstance(step, Module) else as_activation(step)


def called(step: Any, x: Any) -> Any:
    """What a step gives."""
    if isinstance(step, Module):
        return step(x)
    if isinstance(step, (str, Activation)) or any(row.function is step for row in ACTIVATIONS.values()):
        return activated(step, x)
    return step(x)


def needs_batch(step: Callable[[Any], Any] | str) -> bool:
    """Whether a step is to be called on a whole batch: batch norm, and what has one in it.

    >>> needs_batch(BatchNorm(2)), needs_batch(Layer(2, 2)), needs_batch(Sequential(BatchNorm(2)))
    (True, False, True)
    """
    if isinstance(step, (Neuron, Layer, MLP)) or not isinstance(step, Module):
        return False
    return any(getattr(x, "whole_batch", False) is True for x in Walk(step).containers)


def text_of(step: Any) -> str:
    """A step in the repr of a sequence."""
    if isinstance(step, Activation):
        return step.name
    if isinstance(step, (str, Module)):
        return step if isinstance(step, str) else repr(step)
    return row_of(step).name if hasattr(step, "__name__") else brief(step)
