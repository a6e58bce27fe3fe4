"""Where things are left: a folder, or the file of a model; pictures beside it."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from autograd import write_file
from autograd.border.console import complain
from nn.checks import import_extra
from nn.command.parsing import refusing
from nn.demo.report import RefusedError, first_line
from nn.plots.description import describe

__all__ = ["MODEL", "PICTURES", "Place", "told", "written"]

MODEL = "model.safetensors"
"""What the file of a model is called in a folder."""

PICTURES = {
    "curves": "losses, epoch by epoch", "boundary": "the plane, for classes of points with two numbers each",
    "confusion": "which class was taken for which", "network": "neurons and their weights",
}  # fmt: skip

ENDINGS = (".safetensors", ".json")


class Place:
    """Where a command leaves its files.

    Args:
        output: A folder, which is made; or the file of a model, with the ending .safetensors or .json.

    Attributes:
        folder: The folder.
        model: The path of the model's file.
        files: The names of files that were written.

    Raises:
        RefusedError: the folder cannot be made, or not be written to.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     Place(Path(folder, "moons.json")).named("curves.png"), Place(Path(folder, "moons")).named("curves.png")
    ('moons_curves.png', 'curves.png')
    """

    def __init__(self, output: Path) -> None:
        self.alone = output.suffix.lower() in ENDINGS
        self.folder = output.parent if self.alone else output
        self.model = output if self.alone else output / MODEL
        self.files: list[str] = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise RefusedError(f"cannot write to {self.folder}: {error.strerror or error}") from error
        if self.model.is_dir():
            raise RefusedError(f"cannot write {self.model}: it is a folder")

    def named(self, name: str) -> str:
        """The name of a file beside the model."""
        return f"{self.model.stem}_{name}" if self.alone else name

    def write(self, name: str, contents: str | bytes | Callable[[str], object]) -> None:
        """Write a file, whole or not at all.

        Raises:
            RefusedError: it cannot be written.
        """
        name = self.named(name)
        written(self.folder / name, contents)
        self.files.append(name)

    def draw(self, name: str, draw: Callable[[Any], object], width: float = 6.0, height: float = 4.2) -> None:
        """Write a picture by matplotlib, without a display.

        Args:
            name: Of the file; its ending says the format.
            draw: Draws on a figure.
            width, height: In inches.

        Raises:
            RefusedError: it cannot be written, or matplotlib is not there.
        """
        with refusing():
            figure = import_extra("matplotlib.figure").Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        self.write(name, lambda path: saved(figure, path, Path(name).suffix.lower().lstrip(".")))

    @property
    def left(self) -> str:
        """What was left, in words."""
        return f"{', '.join(self.files)} in {self.folder}" if self.files else "no files"


def saved(figure: Any, path: str, form: str) -> None:
    """Have a figure write itself, with words for those who do not see it."""
    kept = {"png": "Description", "svg": "Description", "pdf": "Subject"}.get(form)
    about = {"metadata": {kept: describe(figure)}} if kept else {}
    figure.savefig(path, format=form, dpi=150, bbox_inches="tight", **about)


def written(path: Path, contents: str | bytes | Callable[[str], object]) -> None:
    """Write a file, whole or not at all.

    Raises:
        RefusedError: it cannot be written.

    >>> written(Path("/dev/null/predictions.csv"), "")
    Traceback (most recent call last):
    nn.demo.report.RefusedError: cannot write /dev/null/predictions.csv: Not a directory
    """
    try:
        write_file(path, contents)
    except OSError as error:
        raise RefusedError(f"cannot write {path}: {error.strerror or error}") from error


@contextmanager
def told(program: str) -> Iterator[list[str]]:
    """Meanwhile, warnings are told on standard error, in one line each.

    Args:
        program: Who tells them.

    >>> with told("python -m nn") as found:
    ...     warnings.warn("training is eager")
    >>> found
    ['training is eager']
    """
    found: list[str] = []

    def tell(message: Any, *rest: Any, **more: Any) -> None:
        found.append(first_line(message))
        complain(f"{program}: {found[-1]}")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = tell
        yield found
