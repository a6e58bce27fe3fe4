"""The picture as plain data, from which every output is made: `scene.schema.json` says what is in it."""

from __future__ import annotations

import json
import math
from typing import Any

from autograd.drawing.dot import SIZE
from autograd.drawing.look import Look, LookOf
from autograd.drawing.places import Layout

__all__ = ["VERSION", "as_json", "scene_of"]

VERSION = 1


def scene_of(look: LookOf, layout: Layout, title: str) -> dict[str, Any]:
    """What is seen and where, as dicts, lists, strings and numbers; points, y downwards.

    Args:
        look: What boxes and edges show.
        layout: Where they are.
        title: The picture in half a sentence, for who cannot see it.
    """
    boxes = [
        box_data(box) | {"position": [frame.x, frame.y], "size": [frame.width, frame.height]}
        for box, frame in zip(look.boxes, layout.frames, strict=True)
    ]
    edges = [
        {
            "tail": look.boxes[tie.tail].id,
            "head": look.boxes[tie.head].id,
            "operand": tie.operand,
            "partial": tie.partial,
            "entry": list(route.entry),
            "count": tie.count,
            "path": [list(point) for point in route.points],
            "text": tie.text,
            "label": None if route.label is None else list(route.label),
            "color": tie.color,
            "tooltip": tie.tooltip,
        }
        for tie, route in zip(look.ties, layout.routes, strict=True)
    ]
    return {
        "version": VERSION,
        "title": title,
        "direction": look.direction,
        "width": layout.width,
        "height": layout.height,
        "text_size": float(SIZE),
        "palette": look.palette._asdict(),
        "legend": [swatch._asdict() for swatch in look.legend],
        "boxes": boxes,
        "edges": edges,
    }


def box_data(box: Look) -> dict[str, Any]:
    """A box as plain data, without its place."""
    return {
        **box._asdict(),
        "lines": [line._asdict() for line in box.lines],
        "border": box.border._asdict(),
    }


def as_json(scene: dict[str, Any]) -> str:
    """A scene as a JSON document; what JSON has no number for is the string "NaN", "Infinity" or "-Infinity"."""
    return json.dumps(finite(scene), ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def finite(thing: Any) -> Any:
    """Plain data with strings in place of numbers that are not finite."""
    if isinstance(thing, dict):
        return {key: finite(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [finite(value) for value in thing]
    if isinstance(thing, float) and not math.isfinite(thing):
        return "NaN" if thing != thing else "Infinity" if thing > 0.0 else "-Infinity"
    return thing
