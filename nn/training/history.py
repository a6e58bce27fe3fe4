"""What happened in training."""

from dataclasses import dataclass, field

__all__ = ["History"]


@dataclass
class History:
    """What happened in training, epoch by epoch.

    Attributes:
        loss: Mean loss of each epoch's steps, each before its step.
        accuracy: Share of samples decided rightly in each epoch, each before its step; between 0 and 1.
        nodes: Nodes in the graph of the first step's loss, which is made in compiled training too.
        seconds: Time spent.
        interrupted: Whether Ctrl-C ended it early. The lists then cover the epochs that were completed.

    >>> History(loss=[0.5, 0.25]).epochs
    2
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
