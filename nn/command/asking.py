"""What `train` can be asked for: its options, and those that do not go together."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from nn.command.choices import ENDS, OPTIMISERS, SCHEDULES, STARTS, loss_called, one_of
from nn.command.data import KNOWN, NAMES, SCALES, as_data_name
from nn.command.files import PICTURES
from nn.command.judging import metric_called
from nn.command.parsing import Command, checked, column, columns, positive, rate, share, sizes
from nn.demo.command import count
from nn.demo.report import RefusedError
from nn.layers.activations import as_activation
from nn.training.checkpoint import as_pace

__all__ = ["as_every", "as_pictures", "require_fitting", "train_command"]

EXAMPLES = [
    (
        "train --data moons --layers 16,16 --plot",
        "two moons; the network, its losses and pictures in the folder trained",
    ),
    ("train --data digits --layers 32 --epochs 20 --schedule cosine", "handwritten digits; needs scikit-learn"),
    ("train --data flowers.csv --target species --output flowers.safetensors", "a file of your own"),
    ("train --data houses.csv --target -1 --missing median --metrics r2,mae", "numbers in its last column"),
    ("train --data names --epochs 5", "a small GPT, which makes up names at the end"),
    ("train --data digits --batch-size 512", "after `mpiexec -n 4 python -m nn`: four processes share every batch"),
    (
        "train --data digits --epochs 500 --checkpoint run.ckpt --every '1 minute' --resume",
        "a long run; the same line goes on where it was killed",
    ),
]

WAYS = ("error", "drop", "mean", "median")
OF_NAMES = ("embedding", "heads", "blocks", "context", "temperature", "count")
OF_OTHERS = ("layers", "activation", "dropout", "init", "loss", "scale", "metrics", "plot", "target", "columns")


def train_command() -> Command:
    """The options of `python -m nn train`.

    >>> train_command().parse_args(["--data", "xor", "--layers", "8,4"]).layers
    [8, 4]
    """
    command = Command(
        "train", "Train a network, scalar by scalar and compiled; leave it in a file that predict, evaluate and draw "
        "read.", EXAMPLES,
    )  # fmt: skip
    add = command.add_argument_group("data").add_argument
    add("--data", required=True, type=checked(as_data_name), metavar="NAME|FILE", help=f"{', '.join(KNOWN)}; or a CSV")
    add("--target", type=column, metavar="COLUMN", help="of a file: the column of labels, by name or place")
    add("--columns", type=columns, metavar="A,B", help="of a file: those to learn from (all others)")
    add("--regression", action="store_true", help="labels are numbers, although they are few whole ones")
    add_reading(command)
    add("--samples", type=count, metavar="N", help="how many are made up; of names, how many are learnt from")
    add("--noise", type=rate, metavar="X", help="of points that are made up")
    add("--scale", choices=list(SCALES), help="of features (of files and most data: standard)")
    add("--validation", type=share, default=0.2, metavar="SHARE", help="held out to judge by (%(default)s)")
    add = command.add_argument_group("network").add_argument
    add("--layers", type=sizes, metavar="64,32", help="sizes of hidden layers (16,16); none for a linear model")
    add("--activation", type=checked(as_activation), metavar="NAME", help="of hidden layers (relu)")
    add("--dropout", type=share, metavar="SHARE", help="of hidden outputs, dropped in training (0)")
    add("--init", type=checked(one_of(STARTS, "start")), metavar="NAME", help=f"{listed(STARTS)} (kaiming_uniform)")
    add("--embedding", type=count, metavar="N", help="names: numbers for each letter (16)")
    add("--heads", type=count, metavar="N", help="names: heads of attention (4)")
    add("--blocks", type=count, metavar="N", help="names: layers of the GPT (1)")
    add("--context", type=count, metavar="N", help="names: letters that are looked back at (16)")
    add("--temperature", type=rate, metavar="X", help="names: below 1, likelier ones are made up (0.5)")
    add("--count", type=count, metavar="N", help="names: how many are made up at the end (10)")
    add = command.add_argument_group("training").add_argument
    add("--loss", type=checked(loss_called), metavar="NAME", help=f"{listed(ENDS)} (one that suits the labels)")
    add(
        "--optimizer", "--optimiser", type=checked(one_of(OPTIMISERS, "optimiser")), default="adam", metavar="NAME",
        help=f"{listed(OPTIMISERS)} (adam)",
    )  # fmt: skip
    add("--lr", type=rate, metavar="RATE", help="learning rate (adam 0.01, sgd 0.1, ...)")
    add("--momentum", type=rate, metavar="X", help="of sgd and rmsprop")
    add("--weight-decay", type=rate, metavar="X", help="pulls weights to 0")
    add("--clip-norm", type=positive, metavar="X", help="the longest that a gradient may be")
    add(
        "--schedule", type=checked(one_of(SCHEDULES, "schedule")), default="constant", metavar="NAME",
        help=f"of the learning rate: {listed(SCHEDULES)} (constant)",
    )  # fmt: skip
    add("--warm-up", type=count, default=0, metavar="N", help="epochs in which the rate goes up to --lr first")
    add("--epochs", type=count, metavar="N", help="points and files 100, digits and the like 30, names 10")
    add(
        "--batch-size", type=batch, default=None, metavar="N", help="samples in a step, or all (32, names 8, lbfgs all)"
    )
    add("--patience", type=count, metavar="N", help="end after so many epochs without a better one; keep the best")
    add("--metrics", type=checked(metrics), metavar="A,B", help="accuracy; of numbers r2,mae; or f1, auc, ...")
    add("--seed", type=int, default=1337, metavar="N", help="of every random choice (%(default)s)")
    add("--threads", type=count, metavar="N", help="all processors, if not given")
    add("--eager", action="store_true", help="train without compiling, to compare")
    add("--mpi", action="store_true", help="train with all that a launcher started, though it does not say so")
    add = command.add_argument_group("files").add_argument
    add(
        "--output", type=Path, default=Path("trained"), metavar="FOLDER|FILE",
        help="a folder, or the file of the model: .safetensors or .json (%(default)s)",
    )  # fmt: skip
    add("--plot", nargs="?", const="all", type=checked(as_pictures), metavar="A,B", help="all; or " + listed(PICTURES))
    add("--checkpoint", type=Path, metavar="FILE", help="keep the run in a file, to go on if it is killed")
    add("--every", type=checked(as_every), metavar="N|TIME", help="steps, or '5 minutes' (each epoch)")
    add("--resume", action="store_true", help="go on from the checkpoint, if there is one")
    return command


def add_reading(command: Command, missing: str = "error, drop, mean, median or a number") -> None:
    """Add the options that say how a file is to be read."""
    add = command.add_argument_group("files of values").add_argument
    add("--missing", type=filling, metavar="HOW", help=f"what becomes of missing values: {missing} (error)")
    add("--delimiter", metavar="C", help="between values; found out, if not given")
    add("--decimal", choices=[".", ","], metavar="C", help="before decimals (.)")
    add("--encoding", metavar="NAME", help="of the file (utf-8)")


def listed(names: Any) -> str:
    """Names for a help.

    >>> listed(["a", "b"])
    'a, b'
    """
    return ", ".join(names)


def filling(text: str) -> str | float:
    """What becomes of missing values: a word, or a number.

    >>> filling("drop"), filling("0")
    ('drop', 0.0)
    """
    if text in WAYS:
        return text
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"expected {', '.join(WAYS)} or a number, got {text!r}") from None


def batch(text: str) -> int:
    """The size of a batch; 0 for all samples.

    >>> batch("32"), batch("all")
    (32, 0)
    """
    return 0 if text.strip().lower() == "all" else count(text)


def metrics(text: str) -> list[str]:
    """Names of metrics.

    >>> metrics("accuracy, F1")
    ['accuracy', 'f1']
    """
    return [metric_called(part) for part in text.split(",")]


def as_pictures(text: str) -> list[str]:
    """Names of pictures.

    Raises:
        ValueError: there is none of such a name.

    >>> as_pictures("curves,Network")
    ['curves', 'network']
    """
    return list(PICTURES) if text == "all" else [one_of(PICTURES, "picture")(part) for part in text.split(",")]


def as_every(text: str) -> int | str:
    """How often a checkpoint is written: a number of steps, or a time.

    >>> as_every("100"), as_every("5 minutes")
    (100, '5 minutes')
    """
    found = int(text) if text.isascii() and text.isdigit() else text
    as_pace(found)
    return found


def require_fitting(options: Any) -> None:
    """Pass if the options go together, as far as that can be said without the data.

    Raises:
        RefusedError: they do not.

    >>> require_fitting(train_command().parse_args(["--data", "names", "--layers", "8"]))
    Traceback (most recent call last):
    nn.demo.report.RefusedError: --layers does not go with names, which a GPT learns: --embedding, --heads, ...
    """
    names = options.data == NAMES
    for option in OF_OTHERS if names else OF_NAMES:
        if getattr(options, option) is not None:
            where = f"names, which a GPT learns: {', '.join(f'--{x}' for x in OF_NAMES[:4])}"
            raise RefusedError(f"--{option} does not go with {where if names else options.data}")
    if options.resume and options.checkpoint is None:
        raise RefusedError("--resume: from which file? Give it with --checkpoint, from the first run on")
    if options.every is not None and options.checkpoint is None:
        raise RefusedError("--every: how often a checkpoint is written; give its file with --checkpoint")
