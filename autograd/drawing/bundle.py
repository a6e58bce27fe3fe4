"""What a notebook is given, and how much of it: a cell that is kept in a file must not fill it."""

from __future__ import annotations

import base64
import re
from html import escape as escape_html

__all__ = ["MOST", "bounded", "image", "without_tooltips"]

MOST = 300_000
"""Bytes of a bundle."""


def image(kind: str, picture: bytes, alt: str) -> str:
    """An <img> with the picture in it, never wider than the cell, with a text for who cannot see it."""
    data = base64.b64encode(picture).decode("ascii")
    alt = escape_html(alt, quote=True)
    return f'<img alt="{alt}" style="max-width:100%" src="data:image/{kind};base64,{data}">'


def without_tooltips(svg: str) -> str:
    """An SVG of Graphviz without its tooltips."""
    return re.sub(r' xlink:title="[^"]*"', "", svg)


def bounded(bundle: dict[str, str], alt: str, most: int = MOST) -> dict[str, str]:
    """As much of a bundle as has room: first it loses its PNG, then its tooltips, then every picture."""
    if size(bundle) > most:
        bundle = {kind: data for kind, data in bundle.items() if kind != "image/png"}
    if size(bundle) > most and "image/svg+xml" in bundle:
        slim = without_tooltips(bundle["image/svg+xml"])
        bundle |= {"image/svg+xml": slim, "text/html": image("svg+xml", slim.encode(), alt)}
    if size(bundle) > most:
        text = f"{bundle['text/plain']}\n(no picture: it has more than {most // 1000} kB; .save('graph.svg') writes it)"
        bundle = {"text/plain": text}
    return bundle


def size(bundle: dict[str, str]) -> int:
    """Bytes of a bundle as a notebook's file has it."""
    return sum(len(data.encode("utf-8", "replace")) for data in bundle.values())
