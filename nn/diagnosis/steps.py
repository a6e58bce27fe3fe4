"""What a step of an optimiser would do, and what larger and smaller ones, without making it."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values

__all__ = ["SHARES", "losses_after", "step_of"]

SHARES = (0.1, 1.0, 1000.0)
"""Parts and multiples of a step that are tried."""


def step_of(optimizer: Any, gradient: Any) -> Any:
    """By how much an optimiser would move each of its parameters, in their order; None if it cannot be asked.

    It is asked in a copy, so that what it remembers stays as it is. One that moves the Values themselves is asked too,
    and they are put back.

    Args:
        optimizer: With `update(data, grads)`, or with `step()`, which reads gradients from the parameters.
        gradient: A vector, as many numbers as it has parameters.

    >>> from nn import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.5, momentum=0.9)
    >>> step_of(sgd, np.array([2.0])), sgd.state_dict()["state"]
    (array([-1.]), [{}])
    """
    parameters = list(optimizer.parameters)
    data = values_to_vector(parameters)
    try:
        twin = deepcopy(optimizer, {id(p): p for p in parameters})
        if hasattr(twin, "refresh"):
            twin.refresh()
        if hasattr(twin, "update"):
            moved = np.asarray(twin.update(data, gradient), dtype=float)
        else:
            free = [not p.is_constant for p in parameters]
            vector_to_values(gradient[free], [p for p in parameters if not p.is_constant], "grad")
            twin.step()
            moved = values_to_vector(parameters)
            vector_to_values(data, parameters, "data")
    except Exception:  # one that asks for a closure (L-BFGS), or that cannot be copied, has no step to be told
        vector_to_values(data, parameters, "data")
        return None
    with np.errstate(all="ignore"):
        return moved - data if moved.shape == data.shape else None


def losses_after(loss_now: Callable[[], float], parameters: list[Value], step: Any) -> list[list[float]]:
    """What the loss would be after a tenth of a step, after it, and after a thousand of them at once.

    Args:
        loss_now: Gives the loss of the batch with parameters as they are.
        parameters: What moves.
        step: By how much each of them would.

    Returns:
        Pairs of a share and a loss; infinity where the model cannot be computed. The parameters are where they were.

    >>> w = Value(1.0)
    >>> losses_after(lambda: w.data**2, [w], np.array([-1.0]))
    [[0.1, 0.81], [1.0, 0.0], [1000.0, 998001.0]]
    """
    data = values_to_vector(parameters)
    found = []
    try:
        for share in SHARES:
            with np.errstate(all="ignore"):
                vector_to_values(data + share * step, parameters, "data")
            try:
                loss = loss_now()
            except (ValueError, ArithmeticError):  # a logarithm of what became negative, for example
                loss = float("inf")
            found.append([share, loss])
    finally:
        vector_to_values(data, parameters, "data")
    return found
