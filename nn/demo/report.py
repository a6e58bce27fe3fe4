"""What the demo leaves behind: pictures in a folder, and a table."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import autograd
from nn.checks import import_extra
from nn.plots.curves import loss_curves
from nn.plots.description import describe
from nn.training.history import History

__all__ = ["Demo", "RefusedError", "first_line", "table"]


class RefusedError(Exception):
    """What was asked cannot be done; the message is for the user."""


@dataclass
class Demo:
    """Where the pictures go, and what there is to report so far.

    Attributes:
        folder: The output folder.
        seed: Of every random choice.
        compiled: Whether to train compiled.
        rows: Of the final table, as text.
        files: Names written.
        histories: Of each task that completed an epoch.
        pending: Pictures that were begun and are not written yet, each with what writes it.
    """

    folder: Path
    seed: int
    compiled: bool = True
    rows: list[tuple[str, ...]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    histories: dict[str, History] = field(default_factory=dict)
    pending: dict[str, Callable[[], object]] = field(default_factory=dict)

    def report(self, task: str, loss: float, accuracy: float, history: History) -> None:
        """Add a row to the table, and the training to the curves."""
        self.rows.append((task, f"{loss:.4f}", f"{accuracy:.1%}", f"{history.nodes:,}", f"{history.seconds:.2f}"))
        if history.epochs:
            self.histories[task.split(",")[0]] = history
            self.plot("loss_curves.png", self.draw_curves, width=4.6 * len(self.histories), height=3.6)

    def draw_curves(self, figure: Any) -> None:
        """One panel for each task: their epochs differ too much to share an axis."""
        panels = figure.subplots(1, len(self.histories), squeeze=False)[0]
        for panel, (task, history) in zip(panels, self.histories.items(), strict=True):
            loss_curves({task: history}, panel, per="step" if task == "moons" else "epoch")

    def plot(self, name: str, draw: Callable[[Any], object], width: float, height: float) -> None:
        """Write a picture by matplotlib, without a display. One that is interrupted stays pending."""

        def make() -> None:
            figure = import_extra("matplotlib.figure").Figure(figsize=(width, height), layout="constrained")
            draw(figure)
            look = {"dpi": 150, "format": "png", "bbox_inches": "tight", "metadata": {"Description": describe(figure)}}
            self.write(name, lambda path: figure.savefig(path, **look))

        self.pending[name] = make
        make()
        del self.pending[name]

    def finish(self) -> None:
        """Write what an interrupt came between: what was trained is not to be lost, unless it is interrupted again."""
        with suppress(KeyboardInterrupt, RefusedError):
            for name in list(self.pending):
                self.pending.pop(name)()

    def write(self, name: str, contents: bytes | Callable[[str], object]) -> None:
        """Write a file, and note its name."""
        try:
            autograd.write_file(self.folder / name, contents)
        except OSError as error:
            raise RefusedError(f"cannot write {self.folder / name}: {error.strerror or error}") from error
        if name not in self.files:
            self.files.append(name)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text in aligned columns, the first to the left and numbers to the right.

    >>> print(table([("task", "loss"), ("moons", "0.01")]))
    task   loss
    moons  0.01
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def first_line(error: BaseException) -> str:
    """An error in one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
