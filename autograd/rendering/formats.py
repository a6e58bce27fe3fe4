"""What Graphviz writes: which formats there are of what kind, and whether the bytes are whole.

An engine that is killed, or whose disk is full, may leave half a picture and say that all went well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

__all__ = ["PURE_FORMATS", "RASTERS", "is_whole", "objects_in"]

RASTERS = frozenset({"bmp", "gif", "jpe", "jpeg", "jpg", "png", "tga", "tif", "tiff", "webp"})
"""Formats made of pixels, whose cost is the area of the drawing."""

JSONS = frozenset({"dot_json", "json", "json0", "xdot_json"})
DOTS = frozenset({"canon", "dot", "gv", "xdot", "xdot1.2", "xdot1.4"})
PURE_FORMATS = frozenset({"jpe", "jpeg", "jpg", "plain", "plain-ext", "png", "svg"}) | JSONS | DOTS
"""What graphviz-pure writes; only Graphviz's own `dot` writes the others."""

HEAD, TAIL = 4096, 1024
"""So many bytes at either end are looked at."""

_JPEG = (b"\xff\xd8\xff", b"\xff\xd9")
_PS = (b"%!PS-Adobe", b"%%EOF")
ENDS: dict[str, tuple[bytes, bytes]] = {
    "svg": (b"<svg", b"</svg>"),
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    "pdf": (b"%PDF-", b"%%EOF"),
    "gif": (b"GIF8", b";"),
    "webp": (b"WEBP", b""),
    "svgz": (b"\x1f\x8b", b""),
    "plain": (b"graph ", b"\nstop"),
    "plain-ext": (b"graph ", b"\nstop"),
    **dict.fromkeys(("jpe", "jpeg", "jpg"), _JPEG),
    **dict.fromkeys(("eps", "ps", "ps2"), _PS),
    **dict.fromkeys(DOTS, (b"graph", b"}")),
}
"""What stands near the beginning, and at the very end but for white space."""


def is_whole(picture: bytes, format: str) -> bool:
    """Whether bytes are what the format says, to the end; of a format that is not known here, whether there are any.

    >>> is_whole(b"<svg><g/></svg>", "svg"), is_whole(b"<svg><g/>", "svg")
    (True, False)
    """
    if format in JSONS:
        return is_json(picture)
    first, last = ENDS.get(format, (b"", b""))
    return bool(picture) and first in picture[:HEAD] and picture[-TAIL:].rstrip().endswith(last)


def is_json(text: bytes) -> bool:
    """Whether it is JSON objects, one after the other: an engine writes one for each graph.

    Reading them takes a fiftieth of the time of the layout.

    >>> is_json(b'{"objects": []}'), is_json(b'{} {}'), is_json(b'{"objects": [')
    (True, True, False)
    """
    try:
        found = list(objects_in(text))
    except (ValueError, RecursionError):
        return False
    return bool(found) and all(isinstance(each, dict) for each in found)


def objects_in(written: bytes) -> Iterator[Any]:
    """What an engine wrote in JSON, graph by graph; characters that no JSON may have are let pass.

    Raises:
        ValueError: it is none, or breaks off.
    """
    text, decoder, at = written.decode("utf-8", "replace").strip(), json.JSONDecoder(strict=False), 0
    while at < len(text):
        found, at = decoder.raw_decode(text, at)
        while at < len(text) and text[at].isspace():
            at += 1
        yield found
