"""`python -m nn`: its options, its messages, its exit codes."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NoReturn

import autograd
from autograd.border.console import complain, program, say
from nn.checks import import_extra
from nn.demo.digits import train_digits
from nn.demo.moons import train_moons
from nn.demo.neuron import draw_neuron
from nn.demo.report import Demo, RefusedError, first_line, table

__all__ = ["main"]

DONE, REFUSED, INTERRUPTED = 0, 2, 130
PROGRAM = "python -m nn"
EPOCHS, EPOCHS_INTERPRETED = 15, 4
EXTRAS = ("matplotlib.figure", "numpy", "sklearn.datasets", "tqdm")


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
