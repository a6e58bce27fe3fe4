"""A document as one HTML file that asks no network, and as a frame for a notebook's cell."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

__all__ = ["frame_of", "html_of", "script", "style"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"
START = """
const documentOfPage = JSON.parse(document.getElementById("document").textContent)
const model = new Map(Object.entries(documentOfPage.settings)).set("document", documentOfPage)
model.save_changes = () => {}
model.on = () => {}
render({ model, el: document.getElementById("page") })
"""
SCRIPTS = ("numbers", "elements", "steps", "scene", "words", "camera", "page")
ROOM, BAR, WIDTH, TALLEST = 290, 20, 960, 620
"""Pixels of a frame: above and below the picture; a little more; its usual width; the most for a picture."""


@cache
def script() -> str:
    """The script of the page: its files one after the other as one module, without comments."""
    folder = files("autograd.browser")
    whole = "\n".join(folder.joinpath(f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    whole = re.sub(r"^import .*\n", "", whole, flags=re.M)
    whole = re.sub(r"^export (?!default)", "", whole, flags=re.M)
    return re.sub(r"^[ \t]*(?://.*)?\n|^[ \t]+", "", whole, flags=re.M)


@cache
def style() -> str:
    """The style of the page, without its comments."""
    text = files("autograd.browser").joinpath("page.css").read_text("utf-8")
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip()


def html_of(document: dict[str, Any], step: int = -1, theme: str = "") -> str:
    """A page.

    Args:
        document: What it shows.
        step: Where it starts, from 0; negative numbers count from the end.
        theme: "light" or "dark", whatever the reader's system is; "" follows it.

    >>> page = html_of({"title": "</script><b>", "pictures": [], "layouts": []})
    >>> page.count("</script>"), "default-src 'none'" in page
    (2, True)
    """
    data = json.dumps(
        document | {"settings": {"step": step, "theme": theme, "level": 1}},
        separators=(",", ":"), ensure_ascii=False, allow_nan=False,
    )  # fmt: skip
    # No text of anybody's can end the script that it is in.
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").encode("utf-8", "replace").decode("utf-8")
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(document['title'])}</title>\n<style>\n{style()}\n</style>\n"
        f'<main id="page"></main>\n<script type="application/json" id="document">{data}</script>\n'
        f'<script type="module">\n{script().replace("export default", "void")}'
        f"{START}</script>\n</html>\n"
    )


def frame_of(document: dict[str, Any], image: str) -> str:
    """A page in a frame, as a notebook's cell has it; the image in it is shown where frames are not.

    A notebook that is not trusted drops the frame and keeps what is in it.
    """
    width, height = document["layouts"][document["pictures"][0]["layout"]]["size"]
    shown = min(TALLEST, BAR + height * min(1.3, WIDTH / max(width, 1)))
    page = html_of(document).replace("&", "&amp;").replace("'", "&#39;")
    return (
        f'<iframe title="{escape(document["title"], quote=True)}" sandbox="allow-scripts" '
        f"style=\"width:100%;height:{ROOM + shown:.0f}px;border:0\" srcdoc='{page}'>{image}</iframe>"
    )
