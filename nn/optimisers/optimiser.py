"""What every optimiser has: parameters, a learning rate, and a step."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from autograd import Value, vector_to_values
from nn.checks import as_finite, as_list

__all__ = ["Optimiser"]


class Optimiser(ABC):
    """How parameters follow their gradients; what a step is, a class below says.

    Args:
        parameters: What `module.parameters()` gives.
        lr: Learning rate, positive. Set the attribute for a schedule.

    Raises:
        TypeError: something given is not a parameter, or not a number; there is no `step`.
        ValueError: `lr` is out of range; there are no parameters; one is listed twice, or is a constant or a computed
            Value, which training cannot move.

    >>> class Signs(Optimiser):
    ...     def step(self):
    ...         for p in self.parameters:
    ...             p.data -= self.lr if p.grad > 0.0 else -self.lr
    >>> p = Value(1.0)
    >>> optimiser = Signs([p], lr=0.25)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> p.data
    0.75
    """

    def __init__(self, parameters: Iterable[Value], lr: float) -> None:
        self.parameters = trainable(parameters, type(self).__name__)
        self.lr = lr

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        name = type(self).__name__
        rate = as_finite(lr, f"{name}: lr")
        if rate <= 0.0:
            raise ValueError(f"{name}: lr is {rate}; a learning rate is positive")
        self._lr = rate

    @abstractmethod
    def step(self) -> None:
        """Move every parameter once, as its `grad` says."""

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to 0.

        >>> from nn import SGD
        >>> p = Value(1.0)
        >>> p.grad = 2.0
        >>> SGD([p], lr=0.1).zero_grad()
        >>> p.grad
        0.0
        """
        vector_to_values(0.0, self.parameters, "grad")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters)} parameters, lr={self.lr})"


def trainable(parameters: Any, what: str) -> list[Value]:
    """The parameters as a list, each of them one that a step can move.

    Raises:
        TypeError: something is not a parameter.
        ValueError: there are none, or one cannot be moved, or would be twice.

    >>> trainable(iter([Value(1.0)]), "SGD")
    [Value(data=1.0, grad=0.0)]
    """
    if isinstance(parameters, Value) or hasattr(parameters, "parameters"):
        hint = "put it in a list" if isinstance(parameters, Value) else "pass its .parameters()"
        raise TypeError(f"{what}: expected a list of parameters, got a {type(parameters).__name__}: {hint}")
    found = as_list(parameters, f"{what}: parameters")
    if not found:
        raise ValueError(f"{what}: no parameters: there is nothing to train")
    seen: set[int] = set()
    for i, p in enumerate(found):
        if not isinstance(p, Value):
            raise TypeError(f"{what}: parameter {i} is a {type(p).__name__}; expected a Value")
        if p.is_constant or p.operands:
            kind = "a constant" if p.is_constant else "computed from other Values"
            raise ValueError(
                f"{what}: parameter {i}, {p!r}, is {kind}: only a leaf made by Value(number) can be trained"
            )
        if id(p) in seen:
            raise ValueError(f"{what}: parameter {i}, {p!r}, is listed twice: it would move twice in a step")
        seen.add(id(p))
    return found
