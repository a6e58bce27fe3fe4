"""draw: a picture of anything that Values are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import graphviz

from autograd.drawing.colours import PALETTES
from autograd.drawing.drawing import Drawing
from autograd.drawing.look import Colour, Options
from autograd.drawing.wrapping import WIDEST
from autograd.graphs.graph import HasGraph, as_roots, graph_of
from autograd.graphs.names import Names, names_of
from autograd.graphs.view import unfolded
from autograd.values.value import Value

__all__ = ["draw", "draw_dot"]

DIRECTIONS = ("LR", "RL", "TB", "BT")


def draw(
    what: Value | Iterable[Value] | Mapping[str, Value] | HasGraph,
    *,
    fold: Any = "auto",
    depth: int | None = None,
    around: Any = None,
    between: Any = None,
    labels: Any = "auto",
    boxes: Literal["one", "two"] = "one",
    partials: bool | Literal["auto"] = "auto",
    color: Colour = "grad",
    direction: str = "LR",
    rankdir: str | None = None,
    digits: int = 4,
    max_boxes: int = 150,
    wrap: bool | float | Literal["auto"] = "auto",
    format: str = "svg",
    name: str = "autograd",
    theme: str = "light",
) -> Drawing:
    """A drawing.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> draw(w * x)
    Drawing('3 values')
    """
    direction = check(direction=direction if rankdir is None else rankdir, boxes=boxes, format=format, depth=depth, digits=digits, theme=theme, color=color, partials=partials, wrap=wrap)
    roots, given = roots_of(what)
    graph = graph_of(roots, "draw")
    names = names_of(graph)
    for value, label in given:
        names.given[graph.place(value)] = label
    view = unfolded(graph, names)
    options = Options(boxes, partials is True, color, direction, digits, theme)
    return Drawing(
        name=graphviz.escape(name),  # a backslash at its end would open what DOT's quotes closed
        filename=f"{name}.gv",
        format=format,
        shown=view,
        options=options,
        wrap=None if wrap is False else WIDEST if wrap is True or wrap == "auto" else float(wrap),
    )


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR") -> Drawing:
    """micrograd's."""
    return draw(root, fold=None, boxes="two", format=format, rankdir=rankdir)


def roots_of(what: Any) -> tuple[list[Value], list[tuple[Value, str]]]:
    """The Values."""
    if isinstance(what, Mapping):
        roots = as_roots(list(what.values()), "draw")
        return roots, [(value, str(label)) for label, value in what.items()]
    return as_roots(what, "draw"), []


def check(*, direction, boxes, format, depth, digits, theme, color, partials, wrap) -> str:
    """Refuse."""
    if direction not in DIRECTIONS:
        raise ValueError(f"draw: rankdir {direction!r} is not a direction: choose LR, RL, TB or BT")
    if format.lower() not in graphviz.FORMATS:
        raise ValueError(f"draw: unknown format {format!r}: choose svg, png, pdf or another that Graphviz writes")
    if depth is not None and depth < 0:
        raise ValueError(f"draw: depth {depth} is negative: 0 draws the roots alone, None everything")
    if theme not in PALETTES:
        raise ValueError(f"draw: unknown theme {theme!r}: choose light or dark")
    return direction
