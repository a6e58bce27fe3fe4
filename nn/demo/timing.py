"""How long a step of training takes, compiled and eager."""

from collections.abc import Sequence
from typing import Any

from autograd.border.console import say
from nn.layers.dense import MLP
from nn.optimisers.sgd import SGD
from nn.training.train import train

__all__ = ["say_gain"]

TIMED_STEPS = 8


def say_gain(model: MLP, xs: Sequence[Any], ys: Sequence[int], loss: Any, momentum: float = 0.0) -> None:
    """Print how long a step on these samples takes, compiled and eager. The numbers of the model are left as they were.

    Raises:
        KeyboardInterrupt: it was interrupted meanwhile.
    """
    parameters, before = model.parameters(), model.state_dict()
    fastest = []
    for compiled in (True, False):
        try:
            history = train(
                model, xs, ys, loss, SGD(parameters, lr=1e-9, momentum=momentum), epochs=TIMED_STEPS, compiled=compiled
            )  # fmt: skip
        finally:
            model.load_state_dict(before)
        if history.interrupted:
            raise KeyboardInterrupt
        fastest.append(1000.0 * min(history.times))
    ours, eager = fastest
    say(f"compiled: {ours:.2f} ms a step, eager {eager:.2f} ms: {eager / ours:.1f}x")
