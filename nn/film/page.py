"""A page that stands by itself: no network, no framework; what was recorded is in it as data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["page_of"]

HERE = Path(__file__).parent


def page_of(sheet: Mapping[str, Any]) -> str:
    """HTML with its style, its scripts and its data; names are data alone, in which no letter begins a tag.

    Args:
        sheet: What `sheet_of` gave.

    >>> page = page_of({"about": ["</script><script>"]})
    >>> page.count("</script>"), page.startswith("<!doctype html>")
    (2, True)
    """
    data = json.dumps(sheet, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    parts = {"STYLE": text_of("page.css"), "SCRIPT": text_of("draw.js") + text_of("page.js"), "DATA": data}
    before, *rest = text_of("page.html").split("@@")
    return before + "".join(parts.get(part, part) for part in rest)


def text_of(name: str) -> str:
    """The text of a file that stands beside this one."""
    return (HERE / name).read_text(encoding="utf-8")
