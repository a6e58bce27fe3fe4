"""RecordingError, its messages, and the place in the user's code where a function that is recorded would go wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FrameType

__all__ = [
    "RecordingError",
    "SelectedError",
    "by_selected",
    "endless",
    "frames_of_ours",
    "frozen",
    "outlived",
    "place",
    "users_frame",
]

PACKAGE = str(Path(__file__).parents[1]) + os.sep
REMEDY = (
    "stay on Values (autograd.exp for math.exp, x != x for math.isnan(x), abs(x) < math.inf for math.isfinite(x), a "
    "list or an object array for an array of floats, autograd.detach for its number, autograd.where for a choice); an "
    "argument that must be a plain number, such as a count or an index, is named in static_argnames"
)


class RecordingError(TypeError):
    """A function that is being recorded reads a number out of a Value: a replay would repeat that one number.

    >>> from autograd import Tape
    >>> Tape.record(lambda x: x * x.data, 3.0)
    Traceback (most recent call last):
    autograd.RecordingError: reading .data while a function is recorded would freeze this run's number into every ...
    """

    __module__ = "autograd"  # where users find it


class SelectedError(RecordingError):
    """It matters which of some Values one is that was chosen, which in a recording is a Value of its own."""


def by_selected(what: str) -> SelectedError:
    """The error where that matters for what is asked: what is recorded then compares by guards."""
    return SelectedError(
        f"{what} what max, min, sorted or a branch gave, which is one of what it was given ({place()}): use that"
    )


def frozen(what: str) -> RecordingError:
    """The error for reading a number, with the place in the user's code and the remedy."""
    return RecordingError(
        f"{what} while a function is recorded would freeze this run's number into every replay ({place()}): {REMEDY}"
    )


def outlived() -> RecordingError:
    """The error for using a Value of a recording that is over."""
    return RecordingError(
        f"a Value that was made while a function was recorded is used after that is over ({place()}). Its number was "
        "that of one run: make the Value before, give it back as a result, or pass it as an argument"
    )


def endless(most: int, where: str = "") -> RecordingError:
    """The error for a function that goes on and on, with the place in the user's code."""
    return RecordingError(
        f"after {most:,} comparisons it is still running ({where or place()}): does a loop there never end for these "
        "numbers? Give it a limit of rounds"
    )


def frames_of_ours(ours: str | tuple[str, ...] = PACKAGE) -> int:
    """The number of frames from the caller's up to the user's code, which is in none of these folders."""
    frame, count = sys._getframe(1), 0
    while frame.f_back is not None and frame.f_code.co_filename.startswith(ours):
        frame, count = frame.f_back, count + 1
    return count


def users_frame(frame: FrameType, ours: str | tuple[str, ...] = PACKAGE) -> FrameType:
    """The user's frame from one on: the first of code that is in none of these folders."""
    while frame.f_back is not None and frame.f_code.co_filename.startswith(ours):
        frame = frame.f_back
    return frame


def place(ours: str | tuple[str, ...] = PACKAGE) -> str:
    """Where the user's code is, which is in none of these folders."""
    frame = users_frame(sys._getframe(), ours)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
