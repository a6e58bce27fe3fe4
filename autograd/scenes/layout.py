"""Where an engine puts things: it lays out DOT and says so in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.rendering.formats import objects_in
from autograd.scenes.curves import joined, line
from autograd.scenes.dot import box_id, edge_id
from autograd.scenes.looks import LookOf, Tie
from autograd.scenes.places import Frame, Layout, Point, Route

__all__ = ["Render", "box_frame", "by_id", "layout_of", "numbers", "tie_route"]

Render = Callable[[str, str], bytes]
"""From DOT and a format to what an engine writes."""


def layout_of(look: LookOf, source: str, prefix: str, render: Render) -> Layout:
    """The places of a picture.

    Args:
        look: What was put into DOT.
        source: The DOT.
        prefix: With which ids begin in it.
        render: What runs an engine.

    Raises:
        RenderingError: no engine could.
    """
    (found,) = objects_in(render(source, "json"))
    height = numbers(found["bb"])[3]
    things = by_id(found)
    frames = [box_frame(things[box_id(box, prefix)], height) for box in look.boxes]
    routes = [tie_route(things, look, tie, prefix, height) for tie in look.ties]
    return Layout(frames, routes, numbers(found["bb"])[2], height)


def by_id(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Boxes and edges of a graph by their ids."""
    return {thing["id"]: thing for kind in ("objects", "edges") for thing in graph.get(kind, ()) if "id" in thing}


def box_frame(thing: dict[str, Any], height: float) -> Frame:
    """The place of a box; in the engine's JSON sizes are in inches."""
    x, y = numbers(thing["pos"])
    return Frame(x, height - y, 72.0 * float(thing["width"]), 72.0 * float(thing["height"]))


def tie_route(things: dict[str, Any], look: LookOf, tie: Tie, prefix: str, height: float) -> Route:
    """The way of an edge, with that under its text if it has one."""
    id = edge_id(look, tie, prefix)
    way = edge_route(things[id], height)
    if not tie.text:
        return way
    first, text = edge_route(things[f"{id}-tail"], height), box_frame(things[f"{id}-text"], height)
    across = line([first.points[-1], way.points[0]])
    sideways = look.direction in ("LR", "RL")
    label = (text.x, text.y - 1.5) if sideways else (text.x + 1.5, text.y)  # the line takes 3 points of its place
    return Route(joined(first.points, across, way.points), way.entry, label)


def edge_route(thing: dict[str, Any], height: float) -> Route:
    """The way of an edge, from `e,x,y x,y x,y ...`: the tip of the arrow, if it has one, then the curve up to it."""
    first, *rest = thing["pos"].split()
    points = [flipped(point, height) for point in ([] if first[:2] == "e," else [first]) + rest]
    tip = flipped(first[2:], height) if first[:2] == "e," else points[-1]
    return Route(points, tip, None)


def flipped(text: str, height: float) -> Point:
    """A point `x,y` with y downwards."""
    x, y = numbers(text)
    return x, height - y


def numbers(text: str) -> list[float]:
    """Numbers between commas."""
    return [float(part) for part in text.split(",")]
