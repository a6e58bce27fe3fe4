"""`python -m nn train`: train a network, tell how it went, leave it in a file."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import autograd
from autograd.border.console import complain, say
from autograd.border.wording import brief
from nn.checks import import_extra
from nn.command.asking import require_fitting, train_command
from nn.command.choices import OPTIMISERS, schedule_of
from nn.command.data import BROUGHT, NAMES, SCALES, load_data, parted
from nn.command.files import Place, told
from nn.command.judging import judged, of_units, require_metrics, usual_metrics, worded
from nn.command.keeping import Trained, keep
from nn.command.labels import numbers_only, task_of
from nn.command.letters import as_sequences, load_letters, made_up, say_made_up, surprise
from nn.command.networks import Design, GPTDesign, described
from nn.command.parsing import outcome, parsed, refusing
from nn.command.pictures import draw_pictures, fitting_pictures
from nn.command.ranks import muted, rank_told, world
from nn.data.names import Vocabulary
from nn.data.scaling import Standardiser
from nn.demo.command import DONE, INTERRUPTED, REFUSED
from nn.demo.report import RefusedError, table
from nn.optimisers.settings import settings_of
from nn.prediction.labels import Labels
from nn.ranks.ranks import Ranks
from nn.training.callbacks import EarlyStopping
from nn.training.fit import fit

__all__ = ["train"]

PROGRAM = "python -m nn train"
STRAYED = 1
"""The exit code where training ended because a number was not finite."""

BATCH, BATCH_OF_NAMES = 32, 8


def train(arguments: Sequence[str]) -> int:
    """Train what a command line asks for; the exit code.

    0 is done, 1 is ended by a number that is not finite (the last good weights are kept), 2 refused, 130 interrupted.

    >>> train(["--data", "moons", "--resume"])
    2
    """
    with muted(rank_told() > 0):
        options = parsed(train_command(), arguments)
    return outcome(PROGRAM, lambda: trained_together(options))


def trained_together(options: Any) -> int:
    """The same on all ranks, of which the first reports and writes; the exit code.

    Raises:
        RefusedError: as `trained_as`; one rank says why.
    """
    with muted(rank_told() > 0):
        ranks = Ranks(world(options.mpi))
    try:
        with muted(not ranks.first), ranks.listening():
            code = trained_as(options, ranks)
            return int(ranks.told(lambda: code))
    except (RefusedError, RuntimeError, KeyboardInterrupt) as error:
        if ranks.many and ranks.ended_by != ranks.rank:
            return INTERRUPTED if isinstance(error, KeyboardInterrupt) else REFUSED
        raise


def trained_as(options: Any, ranks: Ranks) -> int:
    """Train, report and write as the options say; the exit code."""
    require_fitting(options)
    place = Place(options.output) if ranks.first else None
    if options.checkpoint is not None and ranks.first:
        Place(options.checkpoint.parent)
    if options.plot:
        with refusing():
            import_extra("matplotlib.figure")
    with told(PROGRAM) as warnings:
        history = (train_letters if options.data == NAMES else train_network)(options, place, ranks)
    if place is None:
        return DONE
    left = place.left
    if history.interrupted:
        say(f"interrupted: what was trained so far left {left}")
        return INTERRUPTED
    say(left + (f"; stopped {history.stopped}" if history.stopped.startswith("early") else ""))
    return STRAYED if any(text.startswith("fit: stopped") for text in warnings) else DONE


def train_network(options: Any, place: Place | None, ranks: Ranks) -> Any:
    """Train a network of neurons; the history. Without a place nothing more is done."""
    asked = {key: x for key, x in vars(options).items() if key in KEPT and x is not None}
    data = load_data(asked)
    task = task_of(data.ys, options.loss, options.regression)
    classes = task.labels.kind == "classes"
    if not classes:
        data.ys = numbers_only(data.ys)
    train, held = parted(data, options.validation, classes, options.seed)
    scale = SCALES[options.scale or data.scale]
    scaler = None if scale is None else scale().fit(train[0])
    # Numbers of another size than 1 would take a network long to reach.
    target = Standardiser().fit(train[1]) if scaler is not None and not classes else None
    layers = [16, 16] if options.layers is None else options.layers
    source = Random(options.seed)
    with refusing():
        design = Design(
            len(train[0][0]), layers, task.outputs, options.activation or "relu", task.end, options.dropout or 0.0
        )
        model = design.build(source, options.init or "kaiming_uniform")
    model.labels = task.labels
    model.preprocessing = {"encoder": data.encoder, "scaler": scaler, "target": target}
    notes = {
        "design": described(design), "loss": task.loss, "columns": data.columns, "target": data.target, "data": asked,
        "share": options.validation, "seed": options.seed, "digest": data.digest,
    }  # fmt: skip
    trained = Trained(model, notes)
    pictures = fitting_pictures(options.plot or [], trained)
    metrics = options.metrics or usual_metrics(task.labels.kind)
    require_metrics(metrics, task.labels.kind)

    def ready(part: tuple[Any, Any]) -> tuple[Any, Any]:
        return trained.scaled(part[0]), trained.encoded(part[1])

    history = fitted(
        options, ranks, model, ready(train), ready(held) if held[0] else None,
        loss=task.loss, metrics=metrics if classes else {name: of_units(name, target) for name in metrics},
    )  # fmt: skip
    if place is None:
        return history
    model.labels = task.labels
    kept(trained, place, history)
    parts = {"training": train, **({"validation": held} if held[0] else {})}
    report({name: judged(trained, *part, metrics) for name, part in parts.items()}, parts, model, history)
    draw_pictures(pictures, place, trained, history, held if held[0] else train)
    return history


KEPT = (
    "data", "target", "columns", "missing", "delimiter", "decimal", "encoding", "samples", "noise", "seed",
)  # fmt: skip
"""Options by which the data of a model are loaded again."""


def train_letters(options: Any, place: Place | None, ranks: Ranks) -> Any:
    """Train a GPT on names, and have it make up some; the history. Without a place nothing more is done."""
    with refusing():
        data = load_letters(options.samples)
    vocabulary = Vocabulary(data.xs)
    train, held = parted(data, options.validation, False, options.seed)
    with refusing():
        design = GPTDesign(
            len(vocabulary), options.embedding or 16, options.heads or 4, options.blocks or 1, options.context or 16
        )
        model = design.build(Random(options.seed))
    sequences = {
        name: as_sequences(part[0], vocabulary, model.block)
        for name, part in (("training", train), ("validation", held))
        if part[0]
    }
    history = fitted(
        options, ranks, model, sequences["training"], sequences.get("validation"), loss="cross_entropy", metrics=None
    )
    if place is None:
        return history
    model.labels, model.preprocessing = Labels("lists", (), "index"), vocabulary
    notes = {
        "design": described(design), "loss": "cross_entropy", "columns": [], "target": "",
        "data": {"data": NAMES, "samples": options.samples}, "share": options.validation, "seed": options.seed,
        "digest": data.digest,
    }  # fmt: skip
    kept(Trained(model, notes), place, history)
    if history.epochs:
        told = {"training": history.loss[-1]}
        if history.validation_losses:
            told["validation"] = history.validation_losses[-1]
        judgements = {name: {"loss": x, "letters in doubt": float(surprise(x))} for name, x in told.items()}
        report(judgements, sequences, model, history)
        count, heat = options.count or 10, 0.5 if options.temperature is None else options.temperature
        say_made_up(made_up(model, vocabulary, count, heat, options.seed), data.xs)
    return history


def fitted(
    options: Any, ranks: Ranks, model: Any, train: tuple[Any, Any], held: Any, loss: str, metrics: Any
) -> Any:  # fmt: skip
    """Train a model as the options say; the history.

    Raises:
        RefusedError: an option is not right for it; the checkpoint cannot be gone on from.
    """
    names = options.data == NAMES
    n = len(train[0])
    epochs = options.epochs or (10 if names else 30 if options.data in BROUGHT else 100)
    kind, usual = OPTIMISERS[options.optimizer]
    lr = usual if options.lr is None else options.lr
    more = {key: x for key in ("momentum", "weight_decay") if (x := getattr(options, key)) is not None}
    for key in more:
        if key not in settings_of(kind):
            raise RefusedError(f"--{key.replace('_', '-')}: {options.optimizer} has none")
    size = options.batch_size
    if size is None:
        size = 0 if options.optimizer == "lbfgs" else BATCH_OF_NAMES if names else BATCH
    elif size > n:
        complain(f"{PROGRAM}: --batch-size {size} is beyond the {n:,} samples: each step takes all of them")
    held_out = f" and {len(held[0]):,} held out" if held else ""
    slowly = "" if autograd.native else "; interpreted engine, about ten times slower"
    title = Path(options.data).stem
    callbacks = [SameRun(options), *([EarlyStopping(options.patience)] if options.patience else [])]
    with refusing():
        schedule = schedule_of(options.schedule, lr, epochs, options.warm_up)
        optimizer = kind(model.parameters(), lr=lr, **more)
        on = f", on {ranks.size} ranks" if ranks.many else ""
        say(f"{title}: {len(model.parameters()):,} parameters, {n:,} samples{held_out}, {epochs} epochs{on}{slowly}")
        return fit(
            model, train, loss=loss, optimizer=optimizer, epochs=epochs, batch_size=size if 0 < size < n else None,
            validation=held, metrics=metrics, schedule=schedule, compiled=not options.eager, threads=options.threads,
            callbacks=callbacks, progress=title,
            seed=options.seed, checkpoint=options.checkpoint, every=options.every, resume=options.resume,
            clip_norm=options.clip_norm, comm=ranks,
        )  # fmt: skip


class SameRun:
    """A callback that does nothing but refuse a checkpoint of a run that was asked for otherwise.

    Args:
        options: Of the command line.

    Raises:
        ValueError: on `load_state_dict` of such a one.
    """

    per = "epoch"
    free = (
        "output",
        "plot",
        "checkpoint",
        "every",
        "resume",
        "epochs",
        "threads",
        "eager",
        "mpi",
        "temperature",
        "count",
    )
    """What may be another when a run goes on."""

    def __init__(self, options: Any) -> None:
        self.asked = {key: x for key, x in vars(options).items() if key not in self.free}

    def __call__(self, record: Any) -> None:
        """Nothing is done."""

    def state_dict(self) -> dict[str, Any]:
        """What was asked for."""
        return self.asked

    def load_state_dict(self, state: Any) -> None:
        """Pass if the same was asked for."""
        for key, x in self.asked.items():
            if state.get(key) != x:
                there, here = ("not given" if value is None else brief(value) for value in (state.get(key), x))
                raise ValueError(f"--resume: --{key.replace('_', '-')} is {here}, and was {there} in the checkpoint")


def kept(trained: Trained, place: Place, history: Any) -> None:
    """Write the model, and its history where it is left in a folder."""
    keep(trained, place.model)
    place.files.append(place.model.name)
    if history.epochs and not place.alone:
        place.write("history.csv", history.to_csv)


def report(judgements: dict[str, dict[str, float]], parts: dict[str, Any], model: Any, history: Any) -> None:
    """Print a table: how good the model is, and what that took."""
    names = list(judgements)
    blank = [""] * (len(names) - 1)
    rows = [["", *names], ["samples", *(f"{len(parts[name][0]):,}" for name in names)]]
    rows += [[what, *(worded(what, judgements[name][what]) for name in names)] for what in judgements[names[0]]]
    rows += [
        ["epochs", str(history.epochs), *blank], ["steps", f"{history.steps:,}", *blank],
        ["seconds", f"{history.seconds:.2f}", *blank], ["parameters", f"{len(model.parameters()):,}", *blank],
        ["compiled", {"eager": "no", "": "nothing was left to do"}.get(history.way, f"by {history.way}"), *blank],
    ]  # fmt: skip
    say("\n" + table(rows) + "\n")
