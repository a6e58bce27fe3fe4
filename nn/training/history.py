"""What happened in training."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import zip_longest
from math import isfinite, log
from typing import Any

from autograd import write_file
from nn.checks import import_extra, number_of
from nn.plots.curves import loss_curves

__all__ = ["History"]

BARS = "▁▂▃▄▅▆▇█"
MOST_BARS, MOST_LETTERS = 24, 100


@dataclass
class History:
    """What happened in training, epoch by epoch.

    Lists have a number for each epoch that was completed.

    Attributes:
        loss: Mean loss of each epoch's samples, each before its step. `losses` is the same.
        accuracy: Share of samples decided rightly in each epoch, each before its step; between 0 and 1. Empty where
            labels are no classes.
        nodes: Nodes in the graph of the first step's loss, which is made in compiled training too; where the step has
            more than 64 samples, about so many.
        seconds: Time spent.
        interrupted: Whether Ctrl-C ended it early. The lists then cover the epochs that were completed.
        validation_losses: The loss of the samples to validate by, after each epoch.
        metrics: By name a list each, over the samples as they were trained on; those of the samples to validate by are
            called "validation accuracy" and so on.
        learning_rates: Of each epoch's last step.
        gradient_norms: The mean length of each epoch's gradients, before they were clipped.
        times: Seconds each epoch took.
        steps: How many steps were made.
        stopped: Why it ended before its last epoch; "" if it did not.
        way: How steps were made: "sample", "rows", "batch" or "scores", which are compiled, or "eager".
        why: Why they were eager where they were to be compiled.
        diagnoses: What `diagnose=True` found, epoch by epoch.

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
    validation_losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[Any]] = field(default_factory=dict)
    learning_rates: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    steps: int = 0
    stopped: str = ""
    way: str = ""
    why: str = ""
    diagnoses: list[Any] = field(default_factory=list)

    @property
    def losses(self) -> list[float]:
        """The mean loss of each epoch: `loss`, under the name that goes with `validation_losses`."""
        return self.loss

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.loss)

    def columns(self) -> dict[str, list[Any]]:
        """All that there is for each epoch, a list under each name; lists as long as there are epochs.

        >>> History(loss=[0.5, 0.25], times=[1.0, 2.0]).columns()
        {'epoch': [1, 2], 'loss': [0.5, 0.25], 'seconds': [1.0, 2.0]}
        """
        found: dict[str, list[Any]] = {"epoch": list(range(1, self.epochs + 1)), "loss": self.loss}
        found["validation loss"] = self.validation_losses
        found["accuracy"] = self.accuracy
        found.update(self.metrics)
        found["learning rate"], found["gradient norm"] = self.learning_rates, self.gradient_norms
        found["seconds"] = self.times
        return {name: numbers for name, numbers in found.items() if numbers}

    def plot(self, ax: Any = None) -> Any:
        """The losses over the epochs, those of validation too, and accuracies if there are any; needs matplotlib.

        Args:
            ax: Matplotlib axes; None makes new ones.

        Returns:
            The axes of the losses.

        Raises:
            ImportError: matplotlib is not installed.

        >>> History(loss=[0.5, 0.25]).plot().get_xlabel()
        'epoch'
        """
        return loss_curves(self, ax, accuracy=bool(self.accuracy))

    def to_csv(self, path: Any) -> None:
        r"""Write a table with a line for each epoch, whole or not at all.

        Raises:
            OSError: it cannot be written.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     History(loss=[0.5]).to_csv(f"{folder}/history.csv")
        ...     Path(folder, "history.csv").read_text()
        'epoch,loss\n1,0.5\n'
        """
        columns = self.columns()
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip_longest(*columns.values(), fillvalue=""))
        write_file(path, text.getvalue().encode())

    def to_dataframe(self) -> Any:
        """A DataFrame of pandas with a row for each epoch; needs pandas.

        Raises:
            ImportError: pandas is not installed.

        >>> History(loss=[0.5, 0.25]).to_dataframe()["loss"].tolist()
        [0.5, 0.25]
        """
        pandas = import_extra("pandas")
        return pandas.DataFrame({name: pandas.Series(numbers) for name, numbers in self.columns().items()})

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
        elif self.stopped:
            texts.append("stopped")
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
