"""A SHA-256 over all of a file but its own digits."""

from __future__ import annotations

import hashlib

__all__ = ["DIGITS", "UNSEALED", "is_sealed", "sealed"]

DIGITS = 64
UNSEALED = b"0" * DIGITS
"""What stands in the place of the digest while it is computed."""


def digest_of(data: bytes | bytearray, at: int) -> bytes:
    """The SHA-256 of a file, in hexadecimal, with zeros where its own digits are."""
    view = memoryview(data)
    found = hashlib.sha256(view[:at])
    found.update(UNSEALED)
    found.update(view[at + DIGITS :])
    return found.hexdigest().encode()


def sealed(data: bytes, at: int) -> bytes:
    """The file with its digest put where 64 zeros are.

    >>> sealed(b"x" + UNSEALED, 1)[:9]
    b'x7263e928'
    """
    return data[:at] + digest_of(data, at) + data[at + DIGITS :]


def is_sealed(data: bytes, at: int) -> bool:
    """Whether the digest in a file is that of the rest; any flipped bit, wherever it is, makes it another.

    >>> whole = sealed(b"x" + UNSEALED, 1)
    >>> is_sealed(whole, 1), is_sealed(b"y" + whole[1:], 1)
    (True, False)
    """
    return data[at : at + DIGITS] == digest_of(data, at)
