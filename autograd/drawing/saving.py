"""Files of a picture on the disk: an error names the path that the user gave."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograd.border.conversion import is_number
from autograd.border.files import write_file
from autograd.border.wording import brief

__all__ = ["check_page", "check_saving", "ending_of", "scaled", "write_named"]

LARGEST = 100.0
"""Times the size that a picture has of itself."""


def check_saving(filename: Any, directory: Any, scale: Any, scalable: bool) -> None:
    """Pass if something can be saved there, so large.

    Raises:
        TypeError: a path is none.
        ValueError: a path that no file can have, or a scale.
    """
    for what, path in (("filename", filename), ("directory", directory)):
        if path is not None and not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"save: {what}: expected a path, got {type(path).__name__} {brief(path)}")
        try:
            nameless = b"\0" in os.fsencode(path or "")
        except UnicodeEncodeError:
            nameless = True
        if nameless:
            raise ValueError(
                f"save: {what} {brief(path)} is no path that a file can have: leave out what is unprintable"
            )
    if not is_number(scale) or not 1.0 / LARGEST <= float(scale) <= LARGEST or (float(scale) != 1.0 and not scalable):
        raise ValueError(f"save: scale {brief(scale)}: a number from 0.01 to 100, for .svg and .png alone")


def check_page(filename: Any, step: Any, theme: Any) -> None:
    """Pass if a page has a path, can start there, and look so.

    Raises:
        TypeError, ValueError: see there.
    """
    if not isinstance(filename, (str, os.PathLike)):
        raise TypeError(f"page: filename: expected a path, got {type(filename).__name__} {brief(filename)}")
    if ending_of(filename) not in ("html", "htm"):
        raise ValueError(f"page: filename {brief(str(filename))}: a page is a file that ends in .html")
    if isinstance(step, bool) or not isinstance(step, int):
        raise TypeError(f"page: step: expected a whole number, got {type(step).__name__} {brief(step)}")
    if theme not in ("", "light", "dark"):
        raise ValueError(f'page: theme {brief(theme)} is no choice: "light", "dark", or "" for that of the reader')


def scaled(source: str, dpi: float) -> str:
    """DOT of a picture with so many dots per inch."""
    return source.replace("{\n", f"{{\n\tgraph [dpi={dpi:g}]\n", 1)


def ending_of(filename: Any) -> str:
    """The ending of a path in small letters; nothing if it has none, or is none."""
    path = os.fspath(filename) if isinstance(filename, (str, os.PathLike)) else ""
    return Path(path).suffix.lower().removeprefix(".")


def write_named(path: Path, contents: bytes) -> None:
    """Write a file, and make its folder, as graphviz does; an error names the path as the user did."""
    with named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, contents)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An error of the disk names this path, whatever it was about."""
    try:
        yield
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
