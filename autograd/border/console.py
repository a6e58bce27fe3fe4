"""What a command-line program prints, wherever that goes: a terminal of another alphabet, a closed pipe, a full disk.

A reader that has gone (`python -m nn | head -1`) ends a program quietly, as it does any other; a device that takes no
more ends it with one sentence. Programs without a standard output or error (pythonw, `2>&-`) are silent.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

__all__ = ["complain", "program", "say"]

UNWRITTEN, READER_GONE = 1, 141
"""Exit codes: the output could not be written; the shell's for a program that SIGPIPE has ended."""


class OutputError(Exception):
    """Standard output takes no more; raised from the OSError that tells why."""


def say(text: str) -> None:
    """Print at once, so that a pipe shows progress too.

    Raises:
        OutputError: it cannot be written; let it end the program.

    >>> say("moons: 337 parameters")
    moons: 337 parameters
    """
    try:
        print(showable(text, sys.stdout), flush=True)
    except OSError as error:
        raise OutputError from error


def complain(text: str) -> None:
    """Print on standard error, if that can be written to: the exit code says the same."""
    if sys.stderr is not None:
        try:
            print(showable(text, sys.stderr), file=sys.stderr, flush=True)
        except OSError:
            give_up(sys.stderr)


def program(name: str, run: Callable[[], int]) -> int:
    """The exit code of a program: what `run` returns, or what tells that its output could not be written.

    >>> program("python -m nn", lambda: 0)
    0
    """
    try:
        try:
            return run()
        finally:
            flush()
    except OutputError as failure:
        give_up(sys.stdout)
        error = failure.__cause__
        if isinstance(error, OSError) and not reader_gone(error):
            complain(f"{name}: cannot write to standard output: {error.strerror or error}")
            return UNWRITTEN
        return READER_GONE


def flush() -> None:
    """Write what Python still holds back: at its exit nobody could catch what that raises."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        raise OutputError from error


def showable(text: str, stream: TextIO | None) -> str:
    r"""The text as the stream can write it: characters that it has no code for as escapes.

    >>> import io
    >>> showable("Übung", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    '\\xdcbung'
    """
    encoding, errors = getattr(stream, "encoding", None) or "utf-8", getattr(stream, "errors", None) or "strict"
    try:
        text.encode(encoding, errors)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


def reader_gone(error: OSError) -> bool:
    """Whether it was a pipe whose other end is closed; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == 22)


def give_up(stream: TextIO) -> None:
    """Let the rest of a stream go nowhere, or Python would complain about it at its exit."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
