"""`python -m nn predict`: what a trained model says of the rows of a file; or new names, of one that makes up names."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from autograd.border.console import say
from nn.command.asking import add_reading
from nn.command.data import reading
from nn.command.files import written
from nn.command.keeping import Trained, kept_in
from nn.command.letters import made_up
from nn.command.networks import GPTDesign
from nn.command.parsing import Command, in_place, outcome, parsed, rate, refusing
from nn.demo.command import DONE, count
from nn.demo.report import RefusedError

__all__ = ["predict"]

PROGRAM = "python -m nn predict"
EXAMPLES = [
    ("predict trained flowers.csv", "a label for each row, on standard output"),
    (
        "predict flowers.safetensors new.csv --proba --output labels.csv",
        "with the probability of each class, in a file",
    ),
    ("predict trained --count 20 --temperature 0.8", "names, by a model that was trained on names"),
]


def predict_command() -> Command:
    """The options of `python -m nn predict`.

    >>> predict_command().parse_args(["trained", "new.csv", "--proba"]).proba
    True
    """
    command = Command(
        "predict", "Ask a trained model: a prediction for each row of a file.", EXAMPLES, in_place("MODEL", "FILE")
    )
    add = command.add_argument
    add("model", type=Path, metavar="MODEL", help="what train left: a file, or the folder of one")
    add("file", nargs="?", metavar="FILE", help="rows with the columns that it was trained on; others are passed over")
    add("--proba", action="store_true", help="the probability of each class too")
    add("--output", type=Path, metavar="FILE", help="a CSV file, in place of standard output")
    add("--count", type=count, metavar="N", help="how many names (10)")
    add("--temperature", type=rate, metavar="X", help="of names: below 1, likelier ones (0.5)")
    add("--seed", type=int, metavar="N", help="of names (1337)")
    add_reading(command, "error, mean, median or a number")
    return command


def predict(arguments: Sequence[str]) -> int:
    """Ask a model what a command line asks for; the exit code: 0 done, 2 refused, 130 interrupted.

    >>> predict(["/dev/null", "new.csv"])
    2
    """
    options = parsed(predict_command(), arguments)
    return outcome(PROGRAM, lambda: answered(options))


def answered(options: Any) -> int:
    """Write or print the answers; the exit code."""
    trained = kept_in(options.model)
    rows = names_of(trained, options) if isinstance(trained.design, GPTDesign) else predictions(trained, options)
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    if options.output is None:
        say(text.getvalue().removesuffix("\n"))
    else:
        written(options.output, text.getvalue())
        say(f"{len(rows) - 1:,} predictions in {options.output}")
    return DONE


def names_of(trained: Trained, options: Any) -> list[list[Any]]:
    """Names that the model makes up, below a head."""
    if options.file is not None or options.proba:
        raise RefusedError("this model makes up names: it takes no file; --count says how many")
    heat, seed = (0.5 if options.temperature is None else options.temperature), options.seed
    vocabulary = trained.model.preprocessing
    names = made_up(trained.model, vocabulary, options.count or 10, heat, 1337 if seed is None else seed)
    return [["name"], *([name] for name in names)]


def predictions(trained: Trained, options: Any) -> list[list[Any]]:
    """For each row of the file a prediction, below a head."""
    for option in ("count", "temperature", "seed"):
        if getattr(options, option) is not None:
            raise RefusedError(f"--{option} is of models that make up names; this one is not")
    if options.file is None:
        raise RefusedError("what is the model asked about? Give a file with rows")
    if options.missing == "drop":
        raise RefusedError("--missing drop: there is a prediction for each row; fill in what is missing, by mean, say")
    table = trained.read(options.file, reading(vars(options)))
    with refusing():
        scores = trained.scores(table.xs)
        rows = [[label] for label in trained.decided(scores)]
        head = [trained.notes["target"] or "prediction"]
        if options.proba:
            head += [f"p({label})" for label in trained.labels.classes]
            for row, shares in zip(rows, trained.labels.probabilities(scores), strict=True):
                row += shares
    return [head, *rows]
