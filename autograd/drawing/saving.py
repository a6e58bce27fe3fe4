"""Files of a picture on the disk: an error names the path that the user gave."""

from __future__ import annotations

from pathlib import Path

from autograd.border.files import write_file

__all__ = ["make_folder", "scaled", "write_named"]


def scaled(source: str, dpi: float) -> str:
    """DOT of a picture with so many dots per inch."""
    return source.replace("{\n", f"{{\n\tgraph [dpi={dpi:g}]\n", 1)


def make_folder(path: Path) -> None:
    """Make the folder of a file, as graphviz does; an error names the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None


def write_named(path: Path, contents: bytes) -> None:
    """Write a file; an error names the path as the user did."""
    try:
        write_file(path, contents)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
