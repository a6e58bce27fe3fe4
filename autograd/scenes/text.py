"""What is written in a picture: short numbers, names that fit, and no character that would undo the rest."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["cut", "in_rows", "lines_of", "printable", "short"]

T = TypeVar("T")

LONGEST = 24
"""Characters of a name that a box shows; all of them are in its tooltip."""

LINES = 3
UNFIT_FOR_XML = "\ufffe\uffff"
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What has no look of its own and turns the direction of what stands beside it."""


def short(x: float, digits: int = 4) -> str:
    """A number in a few characters, with a minus sign as it is printed in books.

    >>> short(-0.70710678), short(2.0), short(1e-300), short(123456789.0), short(9999.5), short(float("-inf"))
    ('−0.7071', '2', '1e−300', '1.235e8', '10000', '−inf')
    """
    if x == int(x) if abs(x) < 1e6 else False:
        text = str(int(x))
    elif 1e-4 <= abs(x) < 1e6:
        text = f"{x:#.{digits}g}".rstrip("0").rstrip(".")
        if "e" in text:  # of 9999.5 too
            text = f"{x:.0f}"
    else:
        mantissa, _, exponent = f"{x:.{digits}g}".partition("e")
        text = f"{mantissa}e{int(exponent)}" if exponent else mantissa
    return text.replace("-", "\N{MINUS SIGN}")


def cut(text: str, most: int = LONGEST) -> str:
    """The text, its middle left out if it is longer than so many characters.

    >>> cut("model.layers.0.neurons.15.weights", 24)
    'model.layer…s.15.weights'
    """
    if len(text) <= most:
        return text
    return f"{text[: most // 2 - 1]}…{text[-(most // 2) :]}"


def printable(text: str) -> str:
    r"""The text with marks in place of what has no picture: controls, lone surrogates, changes of direction.

    >>> print(printable("a\x00b \u202ec"), printable("梯度"))
    a�b [U+202E]c 梯度
    """
    return text if text.isascii() and text.isprintable() else "".join(map(printable_character, text))


def printable_character(c: str) -> str:
    """One character of `printable`."""
    if c in TURNING:
        return f"[U+{ord(c):04X}]"
    if c == "\t":
        return "    "
    if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in UNFIT_FOR_XML:
        return "\N{REPLACEMENT CHARACTER}"
    return c


def lines_of(text: str, most: int = LONGEST) -> list[str]:
    r"""The lines of a name as a box shows them, each cut, the middle ones left out if there are many.

    >>> lines_of("one\ntwo")
    ['one', 'two']
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > LINES:
        lines = [lines[0], "…", lines[-1]]
    return [cut(printable(line), most) for line in lines]


def in_rows(pieces: Sequence[T], widths: Sequence[float], room: float) -> list[list[T]]:
    """Pieces side by side, as many in each row as there is room for, and at least one.

    >>> in_rows("abc", [3.0, 4.0, 9.0], 8.0)
    [['a', 'b'], ['c']]
    """
    rows: list[list[T]] = []
    left = 0.0
    for piece, width in zip(pieces, widths, strict=True):
        if not rows or width > left:
            rows.append([])
            left = room
        rows[-1].append(piece)
        left -= width
    return rows
