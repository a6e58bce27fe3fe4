"""One step of training: forward, loss, backward, update."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, topological_order
from nn.optimisers.optimiser import Optimiser
from nn.training.passes import Passes

__all__ = ["Step"]


class Step:
    """A step of training, to be made on one batch after another.

    Args:
        passes: The model's way over its samples and back.
        loss: Maps the scores and labels of a batch to a Value.
        optimiser: Holds the model's parameters.

    Attributes:
        nodes: In the graph of the first step's loss; 0 before there is one.

    >>> from autograd import Value
    >>> from nn import SGD, mse
    >>> w = Value(3.0)
    >>> step = Step(Passes(lambda x: w * x, [1.0, 2.0]), mse, SGD([w], lr=0.1))
    >>> objective, scores = step([1], [4.0])
    >>> objective.data, scores[0].data, w.data
    (4.0, 6.0, 2.2)
    """

    def __init__(self, passes: Passes, loss: Callable[[list[Any], list[Any]], Any], optimiser: Optimiser) -> None:
        self.passes, self.loss, self.optimiser = passes, loss, optimiser
        self.nodes = 0

    def __call__(self, batch: Sequence[int], labels: list[Any]) -> tuple[Value, list[Any]]:
        """The loss of some samples, by number, and their scores, made before the parameters moved.

        Raises:
            TypeError: the loss does not give a Value.
        """
        scores = self.passes.forward(batch)
        objective = self.loss(scores, labels)
        if not isinstance(objective, Value):
            raise TypeError(f"train: loss(scores, labels) gave a {type(objective).__name__}; expected a Value")
        if not self.nodes:
            order = topological_order(objective)
            self.nodes = len(order)
            warn_if_strange(self.optimiser, order)
        self.optimiser.zero_grad()
        objective.backward()
        self.passes.backward()
        self.optimiser.step()
        return objective, scores


def warn_if_strange(optimiser: Optimiser, order: Sequence[Value]) -> None:
    """Warn if nothing that the optimiser moves is in a loss's graph: it may hold another model's parameters."""
    found = set(map(id, order))
    if not any(id(p) in found for p in optimiser.parameters):
        warnings.warn(
            "train: the first loss depends on none of the optimiser's parameters, so training will not change it: "
            "give the optimiser model.parameters()",
            stacklevel=4,  # who called `train`, which calls the step
        )
