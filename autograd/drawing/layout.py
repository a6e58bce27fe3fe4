"""Where everything is: an engine lays out the DOT once, and says so in JSON. Points, y downwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from autograd.drawing.dot import box_id, edge_id
from autograd.drawing.look import LookOf
from autograd.drawing.places import Frame, Layout, Point, Route

__all__ = ["layout_of"]

def layout_of(look: LookOf, source: str, prefix: str, render: Callable[[str, str], bytes]) -> Layout:
    """The places that an engine finds.

    Args:
        look: What was put into DOT.
        source: The DOT.
        prefix: With which ids begin in it.
        render: From DOT and a format to what an engine writes.

    Raises:
        RenderingError: no engine could.
    """
    found = json.loads(render(source, "json"))
    _, _, width, height = numbers(found["bb"])
    objects = {thing["id"]: thing for thing in found.get("objects", ()) if "id" in thing}
    edges = {thing["id"]: thing for thing in found.get("edges", ()) if "id" in thing}
    frames = [frame(objects[box_id(box, prefix)], height) for box in look.boxes]
    routes = [route(edges[edge_id(look, tie, prefix)], height) for tie in look.ties]
    return Layout(frames, routes, width, height)


def frame(thing: dict[str, Any], height: float) -> Frame:
    """The place of a box; in the engine's JSON sizes are in inches."""
    x, y = numbers(thing["pos"])
    return Frame(x, height - y, 72.0 * float(thing["width"]), 72.0 * float(thing["height"]))


def route(thing: dict[str, Any], height: float) -> Route:
    """The way of an edge, from `e,x,y x,y x,y ...`: the tip of the arrow, then the curve up to it."""
    tip, *rest = thing["pos"].removeprefix("e,").split()
    points = [flipped(point, height) for point in rest]
    return Route(points, flipped(tip, height), flipped(thing["lp"], height) if "lp" in thing else None)


def flipped(text: str, height: float) -> Point:
    """A point `x,y` with y downwards."""
    x, y = numbers(text)
    return x, height - y


def numbers(text: str) -> list[float]:
    """Numbers between commas."""
    return [float(part) for part in text.split(",")]
