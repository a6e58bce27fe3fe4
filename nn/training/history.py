"""What happened in training."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite, log
from typing import Any

from nn.checks import number_of

__all__ = ["History"]

BARS = "▁▂▃▄▅▆▇█"
MOST_BARS, MOST_LETTERS = 24, 100


@dataclass
class History:
    """What happened in training, epoch by epoch.

    Attributes:
        loss: Mean loss of each epoch's steps, each before its step.
        accuracy: Share of samples decided rightly in each epoch, each before its step; between 0 and 1.
        nodes: Nodes in the graph of the first step's loss, which is made in compiled training too.
        seconds: Time spent.
        interrupted: Whether Ctrl-C ended it early. The lists then cover the epochs that were completed.

    Its repr is one line: the last loss and accuracy, and all losses as bars, by their logarithm where they are
    positive; x stands for one that is not finite.

    >>> history = History(loss=[0.5, 0.25, 0.125], accuracy=[0.5, 0.75, 1.0], seconds=1.5)
    >>> history.epochs
    3
    >>> history
    <History: loss 0.125, accuracy 100.0%, 3 epochs, 1.5 s █▅▁>
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    nodes: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.loss)

    def __repr__(self) -> str:
        losses, rates = (_floats(numbers) for numbers in (self.loss, self.accuracy))
        texts = [f"loss {losses[-1]:.4g}" if losses else "no epoch completed"]
        if rates:
            texts.append(f"accuracy {rates[-1]:.1%}" if abs(rates[-1]) <= 1.0 else f"accuracy {rates[-1]:.3g}")
        if losses:
            texts.append(f"{len(losses):,} epoch{'s' * (len(losses) != 1)}")
        texts.append(f"{_floats([self.seconds])[0]:.3g} s")
        if self.interrupted:
            texts.append("interrupted")
        text = f"<History: {', '.join(texts)}"
        bars = sparkline(losses, min(MOST_BARS, MOST_LETTERS - len(text) - 2))
        return f"{text} {bars}>" if bars else f"{text}>"


def sparkline(numbers: Sequence[float], most: int = MOST_BARS) -> str:
    """Numbers as bars, by their logarithm if all are positive; x for what is not finite. Many are taken by their means.

    >>> sparkline([1.0, 10.0, 100.0]), sparkline([0.0, 1.0, float("inf")]), sparkline(range(100), 5)
    ('▁▅█', '▁█x', '▁▅▆▇█')
    """
    n = min(len(numbers), most)
    parts = [numbers[i * len(numbers) // n : (i + 1) * len(numbers) // n] for i in range(n)]
    means = [sum(x / len(part) for x in part) for part in parts]
    finite = [x for x in means if isfinite(x)]
    if finite and min(finite) > 0.0:
        means = [log(x) if isfinite(x) else x for x in means]
        finite = [log(x) for x in finite]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    reach = high / 2 - low / 2  # halves, as a difference of the largest floats is infinite
    if reach <= 1e-12 * max(abs(low), abs(high)):  # the rounding of means
        reach = 0.0
    steps = len(BARS) - 1
    return "".join(
        "x" if not isfinite(x) else BARS[round(steps * ((x / 2 - low / 2) / reach)) if reach else 0] for x in means
    )


def _floats(numbers: Any) -> list[float]:
    """Numbers as floats, nan for what is none: users fill a history themselves, and a repr never raises."""
    found = []
    for x in numbers:
        try:
            found.append(number_of(x))
        except Exception:
            found.append(float("nan"))
    return found
