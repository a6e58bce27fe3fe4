"""What ranks say to each other, as numbers that can be added up: bytes; and what has ended one of them, in words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["EndedError", "LostError", "ShrunkError", "as_bytes", "as_words", "told_of"]

WORD = 6
"""So many bytes are in a number: whole numbers of 48 bits are doubles, and so is their sum with zeros."""


class EndedError(Exception):
    """A rank has said that it ends: all of them do."""


class ShrunkError(Exception):
    """A rank was lost, and the others are fewer now: what they were doing is to be done again."""


class LostError(Exception):
    """A rank was lost while all were waiting for it."""


def told_of(error: BaseException, stops: type[BaseException] = EndedError) -> tuple[str, str]:
    """What ended a rank, for the others: its kind, and a sentence; nothing, where that was one of them.

    Args:
        error: What was raised.
        stops: What is raised to stop without an error.

    >>> told_of(ValueError("no such label")), told_of(EndedError())
    (('error', 'ValueError: no such label'), ('', ''))
    """
    if isinstance(error, EndedError):
        return "", ""
    if isinstance(error, KeyboardInterrupt):
        return "interrupt", ""
    if isinstance(error, stops):
        return "stop", str(error)
    text = str(error).strip().splitlines()
    return "error", f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def as_words(data: bytes) -> Any:
    """Bytes as whole numbers that are doubles, how many there are before them.

    >>> as_words(b"abc").tolist()
    [3.0, 6513249.0]
    """
    padded = np.frombuffer(data + bytes(-len(data) % WORD), dtype="<u2").reshape(-1, 3).astype(float)
    return np.concatenate([[len(data)], padded @ np.array([1.0, 2.0**16, 2.0**32])])


def as_bytes(words: Sequence[float]) -> bytes:
    """The bytes that became such numbers.

    >>> as_bytes(as_words("größer".encode())).decode()
    'größer'
    """
    numbers = np.asarray(words)[1:].astype(np.int64)
    parts = np.stack([numbers >> shift & 0xFFFF for shift in (0, 16, 32)], axis=1).astype("<u2")
    return parts.tobytes()[: int(words[0])]
