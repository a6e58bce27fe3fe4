"""Dropout: a share of the numbers is left out while a module is trained."""

from typing import Any

from nn.chance import as_generator, masks
from nn.checks import as_finite
from nn.layers.signals import in_our_words
from nn.modules.module import Module

__all__ = ["Dropout"]


class Dropout(Module):
    """Each number 0 with a chance of p, else divided by 1 - p, so that the mean stays; after `eval()`, as it is.

    Args:
        p: The share that is left out.
        rng: A source of its own, as for Neuron; None takes that of the training, or Python's global generator.

    Raises:
        TypeError: `p` is not a number.
        ValueError: `p` is not between 0 and 1.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014).

    >>> dropout = Dropout(0.5, rng=1)
    >>> dropout([1.0, 1.0, 1.0, 1.0]), dropout.eval()([1.0, 1.0])
    ([0.0, 2.0, 2.0, 0.0], [1.0, 1.0])
    """

    @in_our_words
    def __init__(self, p: float = 0.5, *, rng: Any = None) -> None:
        self.p = as_finite(p, "Dropout: p")
        if not 0.0 <= self.p <= 1.0:
            raise ValueError(f"Dropout: p: expected a share from 0 to 1, got {self.p}")
        self.rng = None if rng is None else as_generator(rng)

    def __call__(self, x: Any) -> Any:
        """What is left of a number or Value, of each in a list, of each list in a list."""
        return self.left(x) if self.training and self.p > 0.0 else x

    def left(self, x: Any) -> Any:
        """What is left in training.

        >>> Dropout(1.0).left([2.0])
        [0.0]
        """
        if not hasattr(x, "__len__") or getattr(x, "shape", None) == ():
            return x * masks(1, self.p, self.rng)[0]
        found = x.tolist() if hasattr(x, "tolist") else list(x)
        if found and hasattr(found[0], "__len__"):
            return [self.left(part) for part in found]
        return [number * mask for number, mask in zip(found, masks(len(found), self.p, self.rng), strict=True)]

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"
