"""Files of a picture by their ending, made from its scene alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.drawing.scene import as_json

__all__ = ["WRITERS", "Writer"]

Writer = Callable[[dict[str, Any]], bytes]

WRITERS: dict[str, Writer] = {
    "json": lambda scene: as_json(scene).encode("ascii"),
}
"""What can be made from a scene; svg and png an engine draws from DOT, and txt needs no picture."""
