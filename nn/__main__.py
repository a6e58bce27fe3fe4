"""`python -m nn`: train two moons and handwritten digits, print how it went, and leave pictures of it."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from typing import Any, NoReturn

import autograd
from autograd.border.console import complain, program, say
from nn import (
    MLP,
    SGD,
    History,
    Neuron,
    confusion_matrix,
    cross_entropy,
    decision_boundary,
    evaluate,
    hinge,
    kaiming_uniform,
    l2,
    load_digits,
    loss_curves,
    make_moons,
    predict,
    train,
)  # fmt: skip
from nn.checks import import_extra

__all__ = ["main"]

DONE, REFUSED, INTERRUPTED = 0, 2, 130
PROGRAM = "python -m nn"
EPOCHS, EPOCHS_INTERPRETED = 15, 4
TIMED_STEPS = 8
EXTRAS = ("matplotlib.figure", "numpy", "sklearn.datasets", "tqdm")


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
            self.write(name, lambda path: figure.savefig(path, dpi=150, format="png", bbox_inches="tight"))

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


def train_moons(demo: Demo, steps: int) -> bool:
    """micrograd's own demo: 100 points, max-margin loss with L2, the rate falling from 1.0 to 0.1.

    Returns whether it was completed.
    """
    rng = Random(demo.seed)
    points, labels = make_moons(100, noise=0.1, rng=rng)
    model = MLP(2, [16, 16, 1], rng=rng)
    parameters = model.parameters()

    def loss(scores: list[Any], labels: list[Any]) -> Any:
        return hinge(scores, labels) + l2(parameters, 1e-4)

    say(f"moons: {len(parameters)} parameters, {len(points)} samples, {steps} steps")
    history = train(
        model, points, labels, loss, SGD(parameters, lr=1.0),
        epochs=steps, schedule=lambda k: 1.0 - 0.9 * k / steps, progress="moons", compiled=demo.compiled,
    )  # fmt: skip
    demo.report("moons", *evaluate(model, points, labels, loss), history)
    demo.plot(
        "moons_boundary.png", lambda figure: decision_boundary(model, points, labels, figure.subplots()), 6.0, 4.2
    )
    if demo.compiled and not history.interrupted:
        say_gain(model, points, labels, loss)
    return not history.interrupted


def draw_neuron(demo: Demo) -> None:
    """The graph of one neuron, with the gradients of its output."""
    neuron = Neuron(2, "tanh", rng=demo.seed)
    inputs = [autograd.Value(2.0, label="x1"), autograd.Value(-0.5, label="x2")]
    neuron.w[0].label, neuron.w[1].label, neuron.b.label = "w1", "w2", "b"
    output = neuron(inputs)
    output.label = "output"
    output.backward()
    drawing = autograd.draw(output)
    for form in ("svg", "png"):
        try:
            picture: Any = drawing.pipe(format=form, quiet=True)
        except RuntimeError as error:
            say(f"neuron.{form} is left out: {first_line(error)}")
        else:
            demo.write(f"neuron.{form}", picture)


def train_digits(demo: Demo, epochs: int) -> bool:
    """64 pixels, 32 hidden neurons, 10 classes; mini-batches with momentum; judged on a held-out fifth.

    Returns whether it was completed.
    """
    rng = Random(demo.seed)
    digits = load_digits(test_share=0.2, rng=rng)
    model = MLP(64, [32, 10], rng=rng)
    kaiming_uniform(model, rng)
    parameters = model.parameters()
    samples = f"{len(digits.train_x):,} samples and {len(digits.test_x)} held out"
    say(f"digits: {len(parameters):,} parameters, {samples}, {epochs} epochs")
    history = train(
        model, digits.train_x, digits.train_y, cross_entropy, SGD(parameters, lr=0.1, momentum=0.9),
        epochs=epochs, batch_size=16, schedule=lambda k: 0.1 * (1.0 - k / epochs), rng=rng, progress="digits",
        compiled=demo.compiled,
    )  # fmt: skip
    demo.report("digits, held out", *evaluate(model, digits.test_x, digits.test_y, cross_entropy), history)
    decided = predict(model, digits.test_x)
    demo.plot(
        "digits_confusion.png", lambda figure: confusion_matrix(digits.test_y, decided, figure.subplots()), 5.2, 5.0
    )
    if demo.compiled and not history.interrupted:
        say_gain(model, digits.train_x[:16], digits.train_y[:16], cross_entropy, momentum=0.9)
    return not history.interrupted


def say_gain(model: MLP, xs: Sequence[Any], ys: Sequence[int], loss: Any, momentum: float = 0.0) -> None:
    """Print how long a step on these samples takes, compiled and eager. The numbers of the model are left as they were.

    Raises:
        KeyboardInterrupt: it was interrupted meanwhile.
    """
    parameters, before = model.parameters(), model.state_dict()
    fastest = []
    for compiled in (True, False):
        ends: list[float] = []
        try:
            history = train(
                model, xs, ys, loss, SGD(parameters, lr=1e-9, momentum=momentum), epochs=TIMED_STEPS, progress="",
                callback=lambda history, ends=ends: ends.append(history.seconds), compiled=compiled,  # type: ignore[misc]
            )  # fmt: skip
        finally:
            model.load_state_dict(before)
        if history.interrupted:
            raise KeyboardInterrupt
        fastest.append(1000.0 * min(end - start for start, end in pairwise(ends)))
    ours, eager = fastest
    say(f"compiled: {ours:.2f} ms a step, eager {eager:.2f} ms: {eager / ours:.1f}x")


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


class Parser(argparse.ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with what was wrong and where to read more."""
        complain(f"{self.prog}: {message} (try --help)")
        self.exit(REFUSED)

    def print_help(self, file: Any = None) -> None:
        """Print what there is to know."""
        say(self.format_help().rstrip())


def count(text: str) -> int:
    """A command-line argument that counts something."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def parser() -> Parser:
    """The command line of the demo."""
    default = EPOCHS if autograd.native else EPOCHS_INTERPRETED
    found = Parser(
        prog=PROGRAM,
        description="Train two moons (micrograd's demo) and handwritten digits, scalar by scalar; leave pictures.",
    )
    found.add_argument(
        "--epochs", type=count, default=default, metavar="N", help="epochs over the digits (default: %(default)s)"
    )
    found.add_argument(
        "--steps", type=count, default=100, metavar="N", help="steps on the moons (default: %(default)s)"
    )
    found.add_argument(
        "--seed", type=int, default=1337, metavar="N", help="of every random choice (default: %(default)s)"
    )
    found.add_argument(
        "--output", type=Path, default=Path("demo"), metavar="FOLDER", help="for pictures (default: %(default)s)"
    )
    found.add_argument("--eager", action="store_true", help="train without compiling, to compare")
    return found


def prepare(folder: Path) -> None:
    """Make the folder and see that it can be written to, before any time is spent.

    Raises:
        RefusedError: it cannot, or a library of the demo is missing.
    """
    for name in EXTRAS:
        try:
            import_extra(name)
        except ImportError as error:
            raise RefusedError(first_line(error)) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RefusedError(f"cannot write to {folder}: {error.strerror or error}") from error


def run(demo: Demo, steps: int, epochs: int) -> bool:
    """Both tasks, each leaving its pictures as soon as it ends. True if neither was interrupted."""
    completed = train_moons(demo, steps)
    draw_neuron(demo)
    return completed and train_digits(demo, epochs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; the exit code: 0 done, 2 refused, 130 interrupted, and those of `autograd.console`.

    >>> main(["--steps", "1", "--epochs", "1", "--output", "/dev/null/demo"])
    2
    """
    return program(PROGRAM, lambda: demonstrate(arguments))


def demonstrate(arguments: Sequence[str] | None) -> int:
    """Train, draw and report as the command line says."""
    options = parser().parse_args(arguments)
    start = time.perf_counter()
    demo = Demo(options.output, options.seed, not options.eager)
    try:
        prepare(demo.folder)
        if not autograd.native:
            say(f"interpreted engine, about ten times slower: {options.epochs} epochs of digits (--epochs changes it)")
        completed = run(demo, options.steps, options.epochs)
    except KeyboardInterrupt:
        completed = False
        demo.finish()
    except RefusedError as error:
        complain(f"{PROGRAM}: {error}")
        return REFUSED
    say("\n" + table([("task", "loss", "accuracy", "nodes", "seconds"), *demo.rows]) + "\n" if demo.rows else "")
    left = f"{', '.join(demo.files)} in {demo.folder}" if demo.files else "no files"
    if not completed:
        say(f"interrupted: what was trained so far left {left}")
        return INTERRUPTED
    say(f"{left}; {time.perf_counter() - start:.1f} seconds in all")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
