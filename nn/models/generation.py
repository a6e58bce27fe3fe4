"""Which token comes next: the most likely, or one that is drawn by what all are worth."""

from collections.abc import Sequence
from math import exp, isfinite
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_finite

__all__ = ["as_temperature", "drawn"]


def as_temperature(x: Any, what: str) -> float:
    """`x` as a temperature: 0 or more.

    Raises:
        TypeError: it is no real number.
        ValueError: it is negative, infinite or nan.

    >>> as_temperature(1, "generate")
    1.0
    """
    found = as_finite(x, f"{what}: temperature")
    if found < 0.0:
        raise ValueError(f"{what}: temperature is {found}; expected 0 (always the most likely) or more, 1 as learnt")
    return found


def drawn(logits: Sequence[float], temperature: float, source: Any) -> int:
    """The number of a token, drawn with the probabilities softmax(logits / temperature).

    Args:
        logits: One for each token.
        temperature: 1 takes the logits as they are, less makes likely tokens likelier; at 0 it is the most likely
            token, the first of equals, and nothing is drawn.
        source: What has the methods of `random.Random`.

    Raises:
        ValueError: a logit is nan or infinite.

    >>> import random
    >>> drawn([0.0, 2.0, 1.0], 0.0, random), drawn([0.0, 1000.0], 1.0, random.Random(1))
    (1, 1)
    """
    top = max(logits)
    if not (isfinite(top) and isfinite(sum(logits))):
        raise ValueError(f"generate: the logits are {brief(list(logits))}: a parameter is nan, or too large")
    if temperature == 0.0:
        return logits.index(top)
    shares = [exp((x - top) / temperature) for x in logits]
    return int(source.choices(range(len(shares)), shares)[0])
