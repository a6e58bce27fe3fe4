"""What can be drawn, and how: `draw`, and `draw_dot` as micrograd has it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import graphviz

from autograd.border.wording import brief
from autograd.drawing.colours import PALETTES
from autograd.drawing.drawing import Drawing
from autograd.drawing.look import Colour, Options
from autograd.drawing.wrapping import WIDEST
from autograd.graphs.graph import HasGraph, as_roots, graph_of
from autograd.graphs.names import Labels, names_of, scope_of
from autograd.graphs.view import unfolded
from autograd.values.value import Value

__all__ = ["draw", "draw_dot"]

DIRECTIONS = ("LR", "RL", "TB", "BT")


def draw(
    what: Value | Iterable[Value] | Mapping[str, Value] | HasGraph,
    *,
    labels: Labels = "auto",
    boxes: Literal["one", "two"] = "one",
    partials: bool | Literal["auto"] = "auto",
    color: Colour = "grad",
    direction: str = "LR",
    rankdir: str | None = None,
    digits: int = 4,
    wrap: bool | float | Literal["auto"] = "auto",
    format: str = "svg",
    name: str = "autograd",
    theme: str = "light",
) -> Drawing:
    """A drawing of the graph below one Value or several; the last expression of a notebook cell shows itself.

    There is a box for each leaf and for each operation, with its formula in the reader's names, its number and its
    gradient; operands enter in the order of the program, and constants are in the formulas. Shapes and borders tell
    what a box is, the fill is its gradient; the legend says so. An en dash stands for a gradient that no sweep has
    brought.

    Args:
        what: A Value; any iterable of Values; a dict, whose keys are their names; or an object whose `__graph__()`
            gives these.
        labels: Where names are from: see `names_of` of graphs/names.py. "auto" takes labels, paths of parameters in
            modules, and variables of the caller; "given" labels alone; None nothing; or a dict of Values and names.
        boxes: "two" draws micrograd's: a box for each number, constants too, and an ellipse for each operation.
        partials: Write on each edge the partial derivative that the chain rule multiplies by there.
        color: What is filled in: "grad", "data", "magnitude" (of the gradient), None, or a function from a Value to a
            number.
        direction: "LR" puts results to the right of their operands, "TB" below, "RL" and "BT" the reverse.
        rankdir: The same, by Graphviz's name.
        digits: How many significant digits numbers have; tooltips have all of them.
        wrap: Whether a picture from left to right that is wider than a cell is broken into rows, or how many points
            wide it may be.
        format: What `render()` and `pipe()` write unless told otherwise, as in graphviz.
        name: The graph's name, which is also that of the files it is saved to.
        theme: "light" or "dark".

    Returns:
        A `graphviz.Digraph`: `.source` is its DOT text, `.save("loss.svg")` writes a file, `.scene` is it as data.

    Raises:
        TypeError: a root is not a Value.
        ValueError: no roots, or an option that does not exist.
        RecordingError: a function is being recorded here.

    Cost: linear in nodes and edges, and no recursion; laying out is the engine's affair and happens on showing.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> print(draw(w * x).scene["boxes"][2]["formula"])
    w * x
    """
    options = options_of(
        boxes=boxes, partials=partials, color=color, direction=rankdir or direction, digits=digits, theme=theme
    )
    scope = scope_of(sys._getframe(1)) if labels == "auto" or isinstance(labels, Mapping) else ()
    return drawing_of(what, "draw", scope, labels, options, width_of(wrap), format, name)


def draw_dot(root: Value | Iterable[Value] | HasGraph, format: str = "svg", rankdir: str = "LR") -> Drawing:
    """The drawing that micrograd's notebook makes by this name.

    Each number has a box with its label, data and grad, and each operation an ellipse.

    Args:
        root: As of `draw`.
        format: What `render()` and `pipe()` write unless told otherwise.
        rankdir: As `direction` of `draw`.

    Raises:
        TypeError, ValueError, RecordingError: as of `draw`.

    >>> from autograd import draw_dot
    >>> sorted(box["role"] for box in draw_dot(Value(2.0) * 3).scene["boxes"])
    ['constant', 'leaf', 'operation', 'operator']
    """
    options = options_of(boxes="two", partials=False, color=None, direction=rankdir, digits=4, theme="light")
    return drawing_of(root, "draw_dot", scope_of(sys._getframe(1)), "auto", options, WIDEST, format, "autograd")


def drawing_of(
    what: Any,
    who: str,
    scope: Sequence[Mapping[str, Any]],
    labels: Labels,
    options: Options,
    wrap: float | None,
    format: str,
    name: str,
) -> Drawing:
    """The drawing of anything, with all options checked but those that are about the graph."""
    if format.lower() not in graphviz.FORMATS:
        raise ValueError(f"{who}: unknown format {format!r}: choose svg, png, pdf or another that Graphviz writes")
    roots, told = roots_of(what, who)
    graph = graph_of(roots, who)
    names = names_of(graph, labels, scope)
    if labels is not None:
        names = names._replace(given=names.given | {graph.place(value): label for label, value in told.items()})
    return Drawing(
        name=graphviz.escape(name),  # a backslash at its end would open what DOT's quotes closed
        filename=f"{name}.gv",
        format=format,
        shown=unfolded(graph, names),
        options=options,
        wrap=wrap,
    )


def roots_of(what: Any, who: str) -> tuple[list[Value], dict[str, Value]]:
    """The Values to start from, and the names that a dict gives them."""
    if not isinstance(what, Mapping):
        return as_roots(what, who), {}
    roots = as_roots(list(what.values()), who)
    return roots, dict(zip(map(str, what), roots, strict=True))


def options_of(*, boxes: Any, partials: Any, color: Any, direction: Any, digits: Any, theme: Any) -> Options:
    """How things are to look.

    Raises:
        TypeError, ValueError: an option that does not exist.
    """
    for what, given, known in (
        ("boxes", boxes, ("one", "two")),
        ("partials", partials, (True, False, "auto")),
        ("direction", direction, DIRECTIONS),
        ("theme", theme, tuple(PALETTES)),
    ):
        if given not in known:
            raise ValueError(f"draw: {what} {brief(given)} is no choice: {', '.join(map(repr, known))}")
    if color not in ("grad", "data", "magnitude", None) and not callable(color):
        raise ValueError(
            f'draw: color {brief(color)} is no choice: "grad", "data", "magnitude", None, or a function from a Value '
            "to a number"
        )
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= 17:
        raise ValueError(f"draw: digits {brief(digits)}: a whole number from 1 to 17")
    return Options(boxes, partials is True, color, direction, digits, theme)


def width_of(wrap: Any) -> float | None:
    """The most that a row may take, in points; None for no rows.

    Raises:
        ValueError: it is neither a choice nor a width.
    """
    if wrap is False:
        return None
    if wrap is True or wrap == "auto":
        return WIDEST
    if isinstance(wrap, str) or not 0.0 < wrap < float("inf"):
        raise ValueError(f'draw: wrap {brief(wrap)} is no choice: "auto", True, False, or a width in points')
    return float(wrap)
