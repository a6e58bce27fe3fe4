"""Which command was asked for; with none of them, the demo."""

import argparse
import sys
from collections.abc import Callable, Sequence

from autograd import __version__
from autograd.border.console import complain, program, say
from nn.command.draw import draw_model
from nn.command.evaluate import evaluate
from nn.command.parsing import meant
from nn.command.predict import predict
from nn.command.train import train
from nn.demo.command import DONE, PROGRAM, REFUSED, parser
from nn.demo.command import main as demonstrate

__all__ = ["main"]

COMMANDS: dict[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "train": (train, "train a network on points, digits, names or a file of your own"),
    "predict": (predict, "ask a trained model: labels for the rows of a file"),
    "evaluate": (evaluate, "judge it: loss, metrics, which class is taken for which"),
    "draw": (draw_model, "a picture of it, or of the graph of its loss"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or the demo where none is named; the exit code: 0 done, 2 refused, 130 interrupted.

    Training that ends because a number is not finite gives 1; codes of `autograd.console` come when nothing can be
    printed.

    >>> main(["trian"])
    2
    """
    found = list(sys.argv[1:] if arguments is None else arguments)
    if found in (["-h"], ["--help"]):
        return program(PROGRAM, explained)
    if found[:1] in (["-V"], ["--version"]) or (found[:1] and found[0] in COMMANDS and found[1:] == ["--version"]):
        return program(PROGRAM, told_version)
    if not found or found[0].startswith("-"):
        return demonstrate(found)
    name, rest = found[0], found[1:]
    if name not in COMMANDS:
        complain(f"{PROGRAM}: no command {name!r}{meant(name, COMMANDS)} (try --help)")
        return REFUSED
    return program(f"{PROGRAM} {name}", lambda: COMMANDS[name][0](rest))


def told_version() -> int:
    """Print the version; the exit code.

    >>> told_version()
    chainrule ...
    0
    """
    say(f"chainrule {__version__}")
    return DONE


def explained() -> int:
    """Print the help of the demo, and the commands there are besides; the exit code."""
    demo = parser()
    demo.add_argument("-V", "--version", action="store_true", help="print the version, and nothing else")
    lines = [f"  python -m nn {name:10} {what}" for name, (_, what) in COMMANDS.items()]
    demo.epilog = "\n".join(["commands besides, each with --help and examples:", *lines])
    demo.formatter_class = argparse.RawDescriptionHelpFormatter
    demo.print_help()
    return DONE
