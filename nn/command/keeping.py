"""A trained model in its file, with all that it takes to ask it: how it is built, what its samples went through."""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from autograd import values_to_vector
from nn.command.data import Data, load_data, parted
from nn.command.files import MODEL
from nn.command.networks import design_of
from nn.command.parsing import refusing
from nn.data.csv import read_csv
from nn.data.tables import Table
from nn.data.transforms import Transform
from nn.demo.report import RefusedError
from nn.files.load import load, notes_of
from nn.files.save import save
from nn.prediction.labels import Labels
from nn.prediction.predict import evaluating
from nn.recording.samples import Samples
from nn.recording.scorer import Scorer

__all__ = ["Trained", "keep", "kept_in"]

EXPECTED = {"design", "loss", "columns", "target", "data", "share", "seed", "digest"}


class Trained:
    """A trained model and what is known of it.

    Args:
        model: The model, with `labels`, and with `preprocessing`: a dict of "encoder", "scaler" and "target", each a
            transform or None.
        notes: Plain data: "design"; "loss", its name; "columns" and "target", their names; "data", the options that
            its data were loaded by, "share" and "seed", by which they were parted, and "digest", what they were like.
    """

    def __init__(self, model: Any, notes: dict[str, Any]) -> None:
        self.model, self.notes = model, notes
        self.design = design_of(notes["design"])

    @property
    def labels(self) -> Labels:
        """What labels there are."""
        found: Labels = self.model.labels
        return found

    def transform(self, part: str) -> Transform | None:
        """What is done to samples: "encoder", "scaler"; or to labels, "target"."""
        found: Transform | None = self.model.preprocessing[part]
        return found

    def scaled(self, xs: list[Any]) -> list[Any]:
        """Samples as the model takes them."""
        scaler = self.transform("scaler")
        return xs if scaler is None else scaler.transform(xs)

    def scores(self, xs: list[Any]) -> Any:
        """What the model gives for samples: an array, with a number or a row for each."""
        parameters = self.model.parameters()
        with evaluating(self.model):
            found = Scorer(self.model, Samples(self.scaled(xs), "samples"), parameters)(values_to_vector(parameters))
        return np.asarray(found, dtype=float)

    def decided(self, scores: Any) -> list[Any]:
        """What scores say: labels, or numbers as they were given."""
        decided = self.labels.decided(scores)
        target = self.transform("target")
        return decided if target is None else target.inverse(decided)

    def encoded(self, ys: list[Any]) -> list[Any]:
        """Labels as the loss takes them.

        Raises:
            ValueError: one is none of those that the model knows.
        """
        target = self.transform("target")
        return self.labels.encoded(ys) if target is None else target.transform(ys)

    def read(self, path: str, options: dict[str, Any], target: str | int | None = None) -> Table:
        """The samples in a file that the model can be asked about, in the order of its columns.

        Columns are found by their names; where the model was trained on columns without any, by their places.

        Raises:
            RefusedError: it cannot be read, or lacks a column.
        """
        names = list(self.notes["columns"])
        more = {"text": self.transform("encoder") or "error", **options}
        with refusing():
            if all(name == f"x{name[1:]}" and name[1:].isdigit() for name in names):
                there = read_csv(path, **{**options, "text": "keep", "missing": 0.0}).columns
                if not set(names) <= set(there):
                    n = len(names)
                    if len(there) not in (n, n + 1):  # with a column of labels, at the end
                        raise ValueError(
                            f"{path}: {len(there)} columns, and the model was trained on {n} without names"
                        )
                    names = list(range(n))
            return read_csv(path, target, names, **more)

    def held(self) -> tuple[str, list[Any], list[Any]]:
        """What was held out when it was trained: what it is called, samples and labels.

        Raises:
            RefusedError: nothing was, or the data are not there any more, or not as they were.
        """
        notes = self.notes
        data: Data = load_data(notes["data"])
        if data.digest != notes["digest"]:
            raise RefusedError(f"{data.name} is not as it was when the model was trained: give a file to judge it by")
        ys = [float(y) for y in data.ys] if self.labels.kind == "numbers" else data.ys
        data.ys = ys
        train, held = parted(data, notes["share"], self.labels.kind == "classes", notes["seed"])
        if not held[0]:
            return f"{data.name}, all that it was trained on", *train
        return f"{data.name}, held out", *held


def keep(trained: Trained, path: Path) -> None:
    """Write a model to a file, with all that `kept_in` needs.

    Raises:
        RefusedError: it cannot be written.
    """
    try:
        save(trained.model, path, **trained.notes)
    except OSError as error:
        raise RefusedError(f"cannot write {path}: {error.strerror or error}") from error


def kept_in(path: Path) -> Trained:
    """The model in a file that `train` wrote; or in a folder of it.

    Raises:
        RefusedError: there is none, or it cannot be read.
    """
    found = path / MODEL if path.is_dir() else path
    with refusing():
        notes = notes_of(found)["extras"]
        if not set(notes) >= EXPECTED:
            raise ValueError(f"{found}: `python -m nn train` did not write it: nn.load reads it into its model")
        try:
            model = design_of(notes["design"]).build(Random(0))
        except ValueError as error:
            raise ValueError(f"{found}: {error}") from None
        return Trained(load(found, model), notes)
