"""One step for several small batches: the gradient of a large one, in the memory of a small one."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.checks import as_size, is_whole
from nn.optimisers.optimiser import Optimiser, asked_for
from nn.optimisers.remembering import restored
from nn.optimisers.settings import refuse_misspelt_setting, settings_of

__all__ = ["Accumulation"]

OWN = ("optimiser", "steps", "count")
"""What is set as one is made."""


class Accumulation:
    """An optimiser that moves at every k-th step only, by the mean of k gradients: it can stand wherever one can.

    k batches of one size make the step that one batch of all their samples would make, where the loss is a mean over
    samples. In a loop of your own there is a plain way too: call `backward()` on the losses of k batches, each divided
    by k, before one `step()`, and `zero_grad()` after it; gradients add up.

    Args:
        optimiser: What makes the step.
        steps: How many gradients make one step.

    Attributes:
        count: How many are in the sum now.

    Raises:
        TypeError: `optimiser` is no optimiser, or asks for losses; `steps` is no whole number.
        ValueError: `steps` is below 1.

    >>> from nn import SGD
    >>> p = Value(1.0)
    >>> optimiser = Accumulation(SGD([p], lr=0.5), 2)
    >>> for slope in (1.0, 2.0):
    ...     optimiser.zero_grad()
    ...     (slope * p).backward()
    ...     optimiser.step()
    ...     p.data
    1.0
    0.25
    """

    def __init__(self, optimiser: Optimiser, steps: int) -> None:
        if not isinstance(optimiser, Optimiser) or hasattr(optimiser, "update_with"):
            raise TypeError(f"Accumulation: expected an optimiser of single gradients, got {type(optimiser).__name__}")
        self.optimiser, self.steps = optimiser, as_size(steps, "Accumulation: steps")
        self.count = 0
        self._sum: Any = None

    def __setattr__(self, name: str, x: Any) -> None:
        if name[0] != "_" and name not in OWN and not hasattr(type(self), name) and name not in vars(self):
            kind = type(self.optimiser)
            if name in settings_of(kind):
                raise AttributeError(f"Accumulation has no {name}, setting it would do nothing: set .optimiser.{name}")
            refuse_misspelt_setting(name, kind, ".optimiser.")
        object.__setattr__(self, name, x)

    @property
    def parameters(self) -> list[Value]:
        """Those of the optimiser."""
        return self.optimiser.parameters

    @property
    def param_groups(self) -> Any:
        """Those of the optimiser."""
        return self.optimiser.param_groups

    @property
    def lr(self) -> float:
        """The learning rate of the optimiser."""
        return self.optimiser.lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self.optimiser.lr = lr

    def refresh(self) -> None:
        """Look which parameters are frozen."""
        self.optimiser.refresh()

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to 0; the sum stays."""
        self.optimiser.zero_grad()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Add the gradients to the sum; the k-th time, move by their mean.

        Args:
            closure: As for an optimiser's `step`.

        Returns:
            What `closure` gave.
        """
        loss = None if closure is None else asked_for(closure, "Accumulation")
        parameters = self.parameters
        self.refresh()
        data, grads = values_to_vector(parameters), values_to_vector(parameters, "grad")
        moved = self.update(data, grads)
        if moved is not data:
            vector_to_values(moved, parameters)
        return loss

    def update(self, data: Any, grads: Any) -> Any:
        """The numbers after a step, from those before it and their gradients; the very same where it is not yet time.

        >>> from nn import SGD
        >>> optimiser = Accumulation(SGD([Value(1.0)], lr=0.5), 2)
        >>> [optimiser.update(np.array([1.0]), np.array([slope])).tolist() for slope in (1.0, 2.0)]
        [[1.0], [0.25]]
        """
        with np.errstate(all="ignore"):
            total = np.array(grads, dtype=float) if self._sum is None else self._sum + grads
            if self.count + 1 < self.steps:
                self.count, self._sum = self.count + 1, total
                return data
            moved = self.optimiser.update(data, total / self.steps)
        self.count, self._sum = 0, None
        return moved

    def state_dict(self) -> dict[str, Any]:
        """What the optimiser remembers, and the sum, as plain data."""
        total = None if self._sum is None else self._sum.tolist()
        return {"optimiser": self.optimiser.state_dict(), "steps": self.steps, "count": self.count, "sum": total}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another stood.

        Raises:
            TypeError: it is no dict.
            ValueError: it is of another optimiser or size, or damaged; nothing is changed then.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"Accumulation: expected what state_dict() gives, got a {type(state).__name__}")
        count, total = state.get("count"), state.get("sum")
        if not is_whole(count) or state.get("steps") != self.steps or (total is None) != (count == 0):
            raise ValueError("Accumulation: the state is damaged, or of another number of steps")
        if total is not None:
            total = restored(total, len(self.parameters), "sum")
        self.optimiser.load_state_dict(state.get("optimiser", {}))
        self.count, self._sum = int(count or 0), total

    def __repr__(self) -> str:
        return f"Accumulation({self.optimiser!r}, steps={self.steps})"
