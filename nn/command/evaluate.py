"""`python -m nn evaluate`: how good a trained model is, on a file or on what was held out when it was trained."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd.border.console import say
from nn.command.asking import add_reading, metrics
from nn.command.data import NAMES, parted, reading
from nn.command.files import Place
from nn.command.judging import confusion_table, judged, usual_metrics, worded
from nn.command.keeping import Trained, kept_in
from nn.command.letters import as_sequences, load_letters, surprise
from nn.command.networks import GPTDesign
from nn.command.parsing import Command, checked, column, in_place, outcome, parsed, refusing
from nn.demo.command import DONE
from nn.demo.report import RefusedError, table
from nn.losses.classification import cross_entropy
from nn.plots.confusion import confusion_matrix
from nn.prediction.predict import predict_scores

__all__ = ["evaluate"]

PROGRAM = "python -m nn evaluate"
EXAMPLES = [
    ("evaluate trained", "by what was held out when it was trained"),
    ("evaluate flowers.safetensors new.csv --metrics accuracy,f1_macro", "by the rows of a file, with their labels"),
    ("evaluate trained new.csv --target kind --plot confusion.png", "labels from another column; and a picture"),
]


def evaluate_command() -> Command:
    """The options of `python -m nn evaluate`.

    >>> evaluate_command().parse_args(["trained"]).file is None
    True
    """
    command = Command(
        "evaluate",
        "Judge a trained model: its loss, metrics, and which class it takes for which.",
        EXAMPLES,
        in_place("MODEL", "FILE"),
    )
    add = command.add_argument
    add("model", type=Path, metavar="MODEL", help="what train left: a file, or the folder of one")
    add("file", nargs="?", metavar="FILE", help="rows with labels; without it, what was held out in training")
    add("--target", type=column, metavar="COLUMN", help="of the file: its labels (the column that it was trained on)")
    add("--metrics", type=checked(metrics), metavar="A,B", help="accuracy; of numbers r2,mae; or f1, auc, ...")
    add("--plot", type=Path, metavar="FILE", help="the confusion matrix as a picture: .png, .svg or .pdf")
    add_reading(command)
    return command


def evaluate(arguments: Sequence[str]) -> int:
    """Judge the model that a command line names; the exit code: 0 done, 2 refused, 130 interrupted.

    >>> evaluate(["/dev/null"])
    2
    """
    options = parsed(evaluate_command(), arguments)
    return outcome(PROGRAM, lambda: judged_as(options))


def judged_as(options: Any) -> int:
    """Print what the model is worth; the exit code."""
    trained = kept_in(options.model)
    if isinstance(trained.design, GPTDesign):
        say(of_letters(trained, options))
        return DONE
    classes = trained.labels.kind == "classes"
    if options.plot is not None and not classes:
        raise RefusedError("--plot: a confusion matrix is of classes, and this model gives numbers")
    name, xs, ys = asked_about(trained, options)
    found = judged(trained, xs, ys, options.metrics or usual_metrics(trained.labels.kind))
    say(f"{name}: {len(xs):,} samples\n")
    say(table([[what, worded(what, number)] for what, number in found.items()]))
    if classes:
        decided = trained.decided(trained.scores(xs))
        said = confusion_table(ys, decided, trained.labels.classes)
        say(f"\n{said}" if said else "")
        if options.plot is not None:
            place = Place(options.plot.parent)
            place.draw(options.plot.name, lambda figure: confusion_matrix(ys, decided, figure.subplots()), 5.2, 5.0)
            say(f"\n{place.left}")
    return DONE


def asked_about(trained: Trained, options: Any) -> tuple[str, list[Any], list[Any]]:
    """What the model is judged by: what it is called, samples and labels."""
    if options.file is None:
        return trained.held()
    target = options.target
    if target is None:
        target = trained.notes["data"].get("target", trained.notes["target"])
    found = trained.read(options.file, reading(vars(options)), target)
    classes = trained.labels.classes
    if classes and all(isinstance(label, str) for label in classes):
        return options.file, found.xs, [str(y) for y in found.ys]
    return options.file, found.xs, found.ys


def of_letters(trained: Trained, options: Any) -> str:
    """What a model of names is worth, in words."""
    if options.file is not None or options.metrics or options.plot or options.target is not None:
        raise RefusedError("this model makes up names: it is judged by those held out in training, and by its loss")
    with refusing():
        data = load_letters(trained.notes["data"].get("samples"))
    train, held = parted(data, trained.notes["share"], False, trained.notes["seed"])
    names, what = (held[0], "held out") if held[0] else (train[0], "learnt from")
    xs, ys = as_sequences(names, trained.model.preprocessing, trained.model.block)
    loss = float(cross_entropy(predict_scores(trained.model, xs), ys))
    rows = [["loss", worded("loss", loss)], ["letters in doubt", surprise(loss)]]
    return f"{NAMES}, {what}: {len(names):,} samples\n\n{table(rows)}"
