"""Marks in place of characters that no font can show, by their numbers: an empty box would not say which they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

__all__ = ["for_pixels", "marked"]

UNKNOWN = re.compile(
    r"[^\0-\u052f\u0590-\u05ff\u1d00-\u1d2b\u1e00-\u1fff\u2000-\u20be\u2100-\u214f\u2190-\u2195\u2202\u2206\u220f\u2211"
    r"\u2212\u2215\u2219\u221a\u221e\u2229\u222b\u2248\u2260\u2261\u2264\u2265\u25a0\u25a1\u25cf\ufb01\ufb02\ufffd]"
)
"""What graphviz-pure's fonts lack: Arimo, Cousine and Tinos have Latin, Greek, Cyrillic, Hebrew and some signs."""

TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|(?<=[<>])[^<>"]*(?=[<>])', re.DOTALL)
"""Where texts are in DOT: between quotes, and between the tags of a label in HTML; bare ids take no marks."""


def marked(text: str, missing: Callable[[str], bool]) -> list[tuple[str, bool]]:
    """A text in pieces, those of characters that cannot be shown by their numbers; and which pieces these are.

    >>> marked("a中文", lambda c: not c.isascii())
    [('a', False), ('[U+4E2D 6587]', True)]
    """
    found = []
    for is_missing, run in groupby(text, missing):
        piece = list(run)
        numbers = " ".join(f"{ord(c):04X}" for c in piece)
        found.append((f"[U+{numbers}]", True) if is_missing else ("".join(piece), False))
    return found


def for_pixels(source: str) -> str:
    """DOT whose texts graphviz-pure can show in full; in SVG whoever opens it has fonts of his own.

    >>> print(for_pixels('a [label=<<b>α 中文</b>> tooltip="😀"]'))
    a [label=<<b>α [U+4E2D 6587]</b>> tooltip="[U+1F600]"]
    """
    if not UNKNOWN.search(source):
        return source
    if "layout=nop2" in source:  # all places are given: there is no room for numbers
        return TEXT.sub(lambda found: UNKNOWN.sub("\N{REPLACEMENT CHARACTER}", found[0]), source)
    return TEXT.sub(lambda found: "".join(piece for piece, _ in marked(found[0], is_unknown)), source)


def is_unknown(c: str) -> bool:
    """Whether a character has no picture there."""
    return UNKNOWN.match(c) is not None
