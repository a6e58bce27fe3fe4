"""What a notebook is given, and how much of it: a cell that is kept in a file must not fill it."""

from __future__ import annotations

import base64
import re
import textwrap
from html import escape as escape_html

__all__ = ["PAGE", "TWICE", "bounded", "image", "note", "slim", "without_page"]

MOST, TWICE, PAGE = 300_000, 150_000, 90_000
"""Bytes of a bundle; of one that has its picture in more than one form; of the pictures that a cell's page has."""


def image(kind: str, picture: bytes, alt: str) -> str:
    """An <img> with the picture in it, never wider than the cell, with a text for who cannot see it."""
    data = base64.b64encode(picture).decode("ascii")
    return f'<img alt="{escape_html(alt, quote=True)}" style="max-width:100%" src="data:image/{kind};base64,{data}">'


def slim(svg: str) -> str:
    """An SVG of Graphviz that looks the same, without tooltips, comments, and what each text repeats."""
    svg = re.sub(
        r' xlink:title="[^"]*"|<!--(?!.*Generated)[^>]*-->\n|<title>[^<]*</title>\n| text-anchor="start"', "", svg
    )
    repeated = re.search(r' font-family="[^"]*" font-size="[^"]*"(?: fill="[^"]*")?(?=>)', svg)
    if repeated is None:
        return svg
    return svg.replace(repeated[0], "").replace("<svg ", f"<svg{repeated[0]} ", 1)


def bounded(bundle: dict[str, str], most: int = MOST) -> dict[str, str]:
    """As much of a bundle as has room: first its PNG goes, then the SVG that is in the HTML too, then every picture."""
    for kind in ("image/png", "image/svg+xml"):
        if size(bundle) > min(most, TWICE):
            bundle = without(bundle, kind)
    if size(bundle) > most:
        why = note(f"no picture: it takes more than {most // 1000} kB; .save('graph.svg') writes it")
        bundle = {"text/plain": f"{bundle['text/plain']}\n{why}"}
    return bundle


def without_page(bundle: dict[str, str]) -> dict[str, str]:
    """A bundle in which there is no room for the page: it says how to get it."""
    why = "the page that steps through it takes too much for a cell: .page('graph.html') writes it"
    html = f'{bundle["text/html"]}<p style="font-size:smaller">{escape_html(why)}</p>' if "text/html" in bundle else ""
    return bundle | {"text/plain": f"{bundle['text/plain']}\n{note(why)}"} | ({"text/html": html} if html else {})


def note(text: str) -> str:
    """A remark on a text, in lines that fit the cell."""
    return textwrap.fill(f"({text})", 120, break_on_hyphens=False)


def without(bundle: dict[str, str], kind: str) -> dict[str, str]:
    """The bundle without one of its forms."""
    return {other: data for other, data in bundle.items() if other != kind}


def size(bundle: dict[str, str]) -> int:
    """Bytes of a bundle as a notebook's file has it."""
    return sum(len(data.encode("utf-8", "replace")) for data in bundle.values())
