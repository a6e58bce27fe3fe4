"""The picture as plain data, from which every output is made: `scene.schema.json` says what is in it."""

from __future__ import annotations

import json
import math
from typing import Any

from autograd.scenes.looks import FONT_SIZE, Look, LookOf
from autograd.scenes.places import Layout

__all__ = ["VERSION", "as_json", "finite", "scene_of"]

VERSION = 1


def scene_of(look: LookOf, layout: Layout, title: str) -> dict[str, Any]:
    """What is seen and where, as dicts, lists, strings and numbers; points, y downwards.

    Args:
        look: What boxes and edges show.
        layout: Where they are.
        title: The picture in half a sentence, for who cannot see it.

    >>> from autograd import Value, draw
    >>> scene = draw(Value(2.0, label="x") * 3).scene
    >>> [box["id"] for box in scene["boxes"]], scene["edges"][0]["head"], scene["edges"][0]["operand"]
    (['leaf0', 'mul2'], 'mul2', 0)
    """
    boxes = [
        {**as_data(box), "position": [frame.x, frame.y], "size": [frame.width, frame.height]}
        for box, frame in zip(look.boxes, layout.frames, strict=True)
    ]
    edges = [
        {
            **tie._asdict(),
            "tail": look.boxes[tie.tail].id,
            "head": look.boxes[tie.head].id,
            "entry": list(route.entry),
            "path": [list(point) for point in route.points],
            "label": None if route.label is None else list(route.label),
        }
        for tie, route in zip(look.ties, layout.routes, strict=True)
    ]
    return {
        "version": VERSION,
        "title": title,
        "direction": look.direction,
        "width": layout.width,
        "height": layout.height,
        "font_size": FONT_SIZE,
        "palette": look.palette._asdict(),
        "legend": [swatch._asdict() for swatch in look.legend],
        "boxes": boxes,
        "edges": edges,
    }


def as_data(box: Look) -> dict[str, Any]:
    """A box as plain data, without its place."""
    lines = [{**line._asdict(), "bold": line.bold} for line in box.lines]
    return {**box._asdict(), "lines": lines, "border": box.border._asdict()}


def as_json(scene: dict[str, Any]) -> str:
    """A scene as a JSON document; what JSON has no number for is the string "NaN", "Infinity" or "-Infinity"."""
    return json.dumps(finite(scene), allow_nan=False, indent=1) + "\n"


def finite(thing: Any) -> Any:
    """Plain data with strings in place of numbers that are not finite.

    >>> finite({"data": [float("nan"), 1.0]})
    {'data': ['NaN', 1.0]}
    """
    if isinstance(thing, dict):
        return {key: finite(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [finite(value) for value in thing]
    if isinstance(thing, float) and not math.isfinite(thing):
        return "NaN" if thing != thing else "Infinity" if thing > 0.0 else "-Infinity"
    return thing
