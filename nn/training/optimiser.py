"""Optimisers as training takes them: nn's, by name or class too, and those of a user's own."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from autograd.border.wording import brief
from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.adaptive import Adadelta, Adagrad, RMSprop
from nn.optimisers.lbfgs import LBFGS
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.rectified import NAdam, RAdam
from nn.optimisers.sgd import SGD
from nn.training.asked import Asked

__all__ = [
    "ByItsStep",
    "as_optimiser",
    "moved_by",
    "parameters_of",
    "require_fitting",
    "require_free",
    "set_rate",
    "state_of_optimiser",
]  # fmt: skip

OPTIMISERS = {
    kind.__name__.lower(): kind
    for kind in (SGD, Adam, AdamW, NAdam, RAdam, RMSprop, Adagrad, Adadelta, LBFGS)
}  # fmt: skip


def as_optimiser(optimizer: Any, model: Any) -> Any:
    """An optimiser: what was given; or by its name, or of its class, over the parameters of the model.

    Raises:
        TypeError: it is none, or the model does not tell its parameters.
        ValueError: there is none of this name.

    >>> from nn import Neuron
    >>> as_optimiser("adam", Neuron(2))
    Adam(3 parameters, lr=0.01)
    """
    if optimizer is None:
        return Adam(parameters_of(model), lr=0.01)
    if isinstance(optimizer, str):
        name = "".join(c for c in optimizer.lower() if c.isalnum())
        kind = OPTIMISERS.get(name)
        if kind is None:
            near = get_close_matches(name, OPTIMISERS, 1, 0.5)
            meant = f": did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"fit: optimizer: no {optimizer!r}{meant} There are {', '.join(OPTIMISERS)}")
        return kind(parameters_of(model), lr=0.01) if kind is not LBFGS else kind(parameters_of(model))
    if isinstance(optimizer, type) or (callable(optimizer) and not hasattr(optimizer, "step")):
        optimizer = optimizer(parameters_of(model))
    if isinstance(optimizer, Optimiser):
        return optimizer
    if not hasattr(optimizer, "step"):
        raise TypeError(
            f"fit: optimizer: expected an optimiser such as nn.Adam(model.parameters()), or its name, got "
            f"{type(optimizer).__name__} {brief(optimizer)}"
        )
    if not hasattr(optimizer, "parameters") or callable(optimizer.parameters):
        raise TypeError(
            f"fit: the optimiser {type(optimizer).__name__} has no list `parameters` of the Values that it moves: keep "
            "what it was given under that name, or derive it from nn.Optimiser"
        )
    return ByItsStep(optimizer)


def parameters_of(model: Any) -> list[Value]:
    """The parameters of a model.

    Raises:
        TypeError: it does not tell them.
    """
    if not hasattr(model, "parameters"):
        raise TypeError(
            f"fit: {brief(model)} does not tell its parameters: give an optimiser of them, such as nn.Adam([w, b])"
        )
    found: list[Value] = list(model.parameters() if callable(model.parameters) else model.parameters)
    return found


class ByItsStep:
    """An optimiser of a user's own that has `parameters` and `step()`, as one with `update`.

    Args:
        optimiser: What it is.
    """

    def __init__(self, optimiser: Any) -> None:
        self.own = optimiser
        self.parameters: list[Value] = list(optimiser.parameters)

    @property
    def lr(self) -> float:
        """Its learning rate; nan, if it has none."""
        return float(getattr(self.own, "lr", float("nan")))

    @lr.setter
    def lr(self, lr: float) -> None:
        self.own.lr = lr

    def update(self, data: Any, grads: Any) -> Any:
        """The numbers after a step of its own."""
        vector_to_values(data, self.parameters)
        vector_to_values(grads, self.parameters, "grad")
        self.own.step()
        return values_to_vector(self.parameters)

    def state_dict(self) -> Any:
        """What it says it remembers; None, if it says nothing."""
        return self.own.state_dict() if hasattr(self.own, "state_dict") else None

    def load_state_dict(self, state: Any) -> None:
        """Go on from such a state."""
        if state is not None:
            self.own.load_state_dict(state)


def is_own(optimiser: Any) -> bool:
    """Whether an optimiser is of a user's own."""
    return type(optimiser).__module__.partition(".")[0] != "nn" or isinstance(optimiser, ByItsStep)


def moved_by(optimiser: Any, data: Any, grads: Any) -> Any:
    """The numbers after a step.

    Raises:
        ValueError: the `update` of a user's own gives another number of them.

    >>> from nn import SGD
    >>> moved_by(SGD([Value(1.0)], lr=0.25), np.array([1.0]), np.array([2.0]))
    array([0.5])
    """
    if not is_own(optimiser):
        return optimiser.update(data, grads)
    moved = np.array(optimiser.update(data.copy(), grads), dtype=float)  # which may have worked in place
    if moved.shape != data.shape:
        raise ValueError(
            f"fit: {type(optimiser).__name__}.update gave numbers in a shape of {moved.shape}; there are {len(data)} "
            "parameters"
        )
    return moved


def require_fitting(optimiser: Any, asked: Asked) -> None:
    """Refuse a schedule of another optimiser, and what is done to gradients where an optimiser asks for losses too.

    Raises:
        ValueError: it is asked for.
    """
    if hasattr(asked.schedule, "require_optimizer"):
        asked.schedule.require_optimizer(optimiser)
    if not hasattr(optimiser, "update_with"):
        return
    for what, given in (("accumulate", asked.accumulate > 1), ("clip_norm or clip_value", asked.limits.are_set)):
        if given:
            raise ValueError(
                f"fit: {what} is for optimisers that go by a gradient; {type(optimiser).__name__} asks for losses as "
                "it goes"
            )


def require_free(parameters: Sequence[Value], what: str) -> None:
    """Refuse to train where all parameters are frozen.

    Raises:
        ValueError: they are.
    """
    if parameters and all(p.is_constant for p in parameters):
        raise ValueError(
            f"{what}: all {len(parameters)} parameters are frozen, so there is nothing that can learn: "
            "model.requires_grad_(True), or unfreeze() a layer"
        )


def set_rate(optimiser: Any, schedule: Any, t: int) -> None:
    """Set the learning rate as of an epoch or a step, if there is a schedule.

    >>> from nn import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.5)
    >>> set_rate(sgd, lambda epoch: 0.1 * epoch, 3)
    >>> round(sgd.lr, 6)
    0.3
    """
    if schedule is None:
        return
    if getattr(schedule, "optimizer", None) is None:
        optimiser.lr = schedule(t)
    elif not getattr(schedule, "needs_metric", False):
        schedule.apply(t)


def state_of_optimiser(optimiser: Any) -> Any:
    """What an optimiser remembers, as plain data; None, if it does not say."""
    return optimiser.state_dict() if hasattr(optimiser, "state_dict") else None
