"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress

__all__ = ["write_file"]


Contents = str | bytes | Callable[[str], object]


def write_file(path: str | os.PathLike[str], contents: Contents) -> None:
    """Write a file whole or not at all: whatever goes wrong, a file that was there before is there unchanged.

    The contents go to a new file in the same folder, are made sure to be on the disk, and take the old file's place in
    one step, with its permissions. A symbolic link stays one: the file that it leads to is replaced. What is no file
    (a pipe, `/dev/stdout`) is written to directly.

    Args:
        path: Where.
        contents: Text, written in UTF-8; bytes; or a function that writes a file at the path it is given.

    Raises:
        OSError: it cannot be written: a full disk, say. The new file is removed then, as it is if `contents` raises,
            and on Ctrl-C.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_file(Path(folder, "state.json"), "{}")
    ...     Path(folder, "state.json").read_text()
    '{}'
    """
    if os.path.exists(path) and not os.path.isfile(path):
        put(contents, os.fspath(path))
        return
    target = os.path.realpath(path)
    mode = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else None
    if mode is not None and not os.access(target, os.W_OK):  # to replace it the folder's permission would do
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    replace(target, contents, mode)


def replace(target: str, contents: Contents, mode: int | None) -> None:
    """Write beside the target, and put what was written in its place."""
    unfinished = os.path.join(os.path.dirname(target), f".{os.urandom(8).hex()}.part")  # nobody else's
    try:
        put(contents, unfinished)
        with open(unfinished, "rb+") as file:
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(unfinished, mode)
        os.replace(unfinished, target)
    finally:
        with suppress(OSError):
            os.unlink(unfinished)


def put(contents: Contents, path: str) -> None:
    """Write the contents to a path."""
    if callable(contents):
        contents(path)
    else:
        with open(path, "wb") as file:
            file.write(contents.encode() if isinstance(contents, str) else contents)
