"""What is trained on: made up, brought by scikit-learn, or in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from nn.command.parsing import bare, meant, refusing
from nn.data.categories import OneHot
from nn.data.csv import read_csv
from nn.data.scaling import MinMax, Standardiser
from nn.data.sklearn import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from nn.data.splits import split
from nn.data.toy import make_blobs, make_checkerboard, make_circles, make_moons, make_spirals, make_xor
from nn.demo.report import RefusedError

__all__ = ["BROUGHT", "KNOWN", "NAMES", "SCALES", "Data", "as_data_name", "load_data", "parted", "reading"]

MADE: dict[str, tuple[Callable[..., Any], int]] = {
    "moons": (make_moons, 200), "circles": (make_circles, 200), "spirals": (make_spirals, 300),
    "xor": (make_xor, 200), "blobs": (make_blobs, 200), "checkerboard": (make_checkerboard, 400),
}  # fmt: skip
"""Each with how many points are made where no number is given."""

BROUGHT: dict[str, Callable[..., Any]] = {
    "digits": load_digits, "iris": load_iris, "wine": load_wine, "breast_cancer": load_breast_cancer,
    "diabetes": load_diabetes,
}  # fmt: skip

NAMES = "names"
KNOWN = [*MADE, *BROUGHT, NAMES]

SCALES: dict[str, Any] = {"standard": Standardiser, "minmax": MinMax, "none": None}

AS_THEY_ARE = (*MADE, "digits")
"""Features of these are of one scale already."""


@dataclass
class Data:
    """Samples and labels, and what is known of them.

    Attributes:
        name: As it was asked for: a name or a path.
        xs, ys: All samples, and their labels.
        columns: What each number of a sample is, before categories became several numbers.
        target: What a label is.
        encoder: What made numbers of categories, or None.
        scale: What is done to features where nothing else was asked for: a key of `SCALES`.
    """

    name: str
    xs: list[Any]
    ys: list[Any]
    columns: list[str]
    target: str
    encoder: OneHot | None = None
    scale: str = "none"

    @property
    def digest(self) -> str:
        """What tells whether other data are the same.

        >>> Data("a", [[1.0]], [2], ["x0"], "y").digest == Data("b", [[1.0]], [3], ["x0"], "y").digest
        False
        """
        return sha256(repr((self.xs, self.ys)).encode(errors="replace")).hexdigest()


def as_data_name(text: str) -> str:
    """The name of data that are known, or the path of a file.

    Raises:
        ValueError: it is neither.

    >>> as_data_name("Breast-Cancer"), as_data_name("flowers.csv")
    ('breast_cancer', 'flowers.csv')
    >>> as_data_name("mons")
    Traceback (most recent call last):
    ValueError: no data 'mons', and no file of this name; did you mean 'moons'? There are moons, circles, ...
    """
    found = {bare(name): name for name in KNOWN}.get(bare(text))
    if found is not None:
        return found
    if Path(text).suffix or len(Path(text).parts) > 1 or Path(text).exists():
        return text
    near = meant(text, KNOWN) or "."
    raise ValueError(f"no data {text!r}, and no file of this name{near} There are {', '.join(KNOWN)}")


def reading(options: dict[str, Any]) -> dict[str, Any]:
    """How a file is to be read, of the options of a command line: arguments of `read_csv`.

    >>> reading({"delimiter": ";", "missing": None, "lr": 0.1})
    {'delimiter': ';'}
    """
    asked = {key: options.get(key) for key in ("delimiter", "decimal", "encoding", "missing")}
    return {key: x for key, x in asked.items() if x is not None}


def load_data(options: dict[str, Any]) -> Data:
    """The data that were asked for.

    Args:
        options: Those of a command line, or those that are kept with a model: `data`, `target`, `columns`, `samples`,
            `noise`, `seed`, and how a file is to be read.

    Raises:
        RefusedError: there is no such file, or it is not in order; an option does not go with the data.

    >>> data = load_data({"data": "moons", "samples": 10, "seed": 1})
    >>> len(data.xs), data.columns, sorted(set(data.ys))
    (10, ['x0', 'x1'], [-1, 1])
    """
    name = options["data"]
    own = name not in KNOWN
    for option, fits in (
        ("target", own), ("columns", own), ("delimiter", own), ("decimal", own), ("encoding", own), ("missing", own),
        ("samples", not own and name not in BROUGHT), ("noise", name in MADE),
    ):  # fmt: skip
        if options.get(option) is not None and not fits:
            raise RefusedError(f"--{option} does not go with {name if not own else 'a file'}")
    if own:
        return of_file(name, options)
    with refusing():
        if name in BROUGHT:
            parts = BROUGHT[name](**({} if name == "digits" else {"normalised": False}))
            xs, ys = parts.train_x + parts.test_x, parts.train_y + parts.test_y
        else:
            make, n = MADE[name]
            noise = options.get("noise")
            more = {} if noise is None else {"spread" if name == "blobs" else "noise": noise}
            xs, ys = make(options.get("samples") or n, rng=Random(options["seed"]), **more)
            xs = [list(x) for x in xs]
    scale = "none" if name in AS_THEY_ARE else "standard"
    return Data(name, xs, ys, [f"x{j}" for j in range(len(xs[0]))], "label", None, scale)


def of_file(path: str, options: dict[str, Any]) -> Data:
    """The samples and labels in a file."""
    target = options.get("target")
    if target is None:
        raise RefusedError(f"--target is missing: which column of {path} holds the labels? -1 is the last")
    with refusing():
        table = read_csv(path, target, options.get("columns"), **{"text": "one_hot", **reading(options)})
    return Data(path, table.xs, table.ys, table.columns, str(table.target), table.encoder, "standard")


def parted(data: Data, share: float, by_class: bool, seed: int) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The samples to train on, and those to validate by, each with their labels; the same for the same seed.

    Raises:
        RefusedError: so many leave none to train on.

    >>> trained, held = parted(load_data({"data": "moons", "samples": 10, "seed": 1}), 0.2, True, 1)
    >>> len(trained[0]), len(held[0])
    (8, 2)
    """
    if not share:
        return (data.xs, data.ys), ([], [])
    with refusing("--validation"):
        parts = split(data.xs, data.ys, validation=share, test=0, stratified=by_class, rng=Random(seed))
    return parts.train, parts.validation
