"""Files of a picture by their ending, made from its scene alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.scenes.scene import as_json
from autograd.writers.mermaid import to_mermaid
from autograd.writers.plot import to_pdf
from autograd.writers.tikz import to_tikz

__all__ = ["WRITERS", "Writer"]

Writer = Callable[[dict[str, Any]], bytes]

WRITERS: dict[str, Writer] = {
    "json": lambda scene: as_json(scene).encode("ascii"),
    "mmd": to_mermaid,
    "pdf": to_pdf,
    "tex": to_tikz,
}
"""What can be made from a scene; svg and png an engine draws from DOT, and pdf if it can; txt needs no picture."""
