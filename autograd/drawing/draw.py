"""What can be drawn, and how: `draw`, and `draw_dot` as micrograd has it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import graphviz

from autograd.border.conversion import is_number
from autograd.border.wording import brief
from autograd.drawing.calls import called
from autograd.drawing.drawing import Drawing
from autograd.drawing.paper import Problem
from autograd.drawing.request import Request, requested
from autograd.folding.listing import number
from autograd.folding.view import Fold, TooManyBoxes
from autograd.graphs.graph import TooManyNodes, as_depth, graph_of
from autograd.graphs.names import Labels, names_of, scope_of
from autograd.graphs.roots import named_roots, shows_numbers
from autograd.scenes.colours import PALETTES
from autograd.scenes.looks import Colour, Options
from autograd.scenes.network import diagram_of
from autograd.scenes.sheet import DiagramSheet, ViewSheet
from autograd.scenes.text import printable
from autograd.scenes.wrapping import WIDEST
from autograd.values.value import Value

__all__ = ["draw", "draw_dot"]

LARGEST = 3_000_000
"""Nodes: what is known of more than that to fold them takes over 500 MB."""

FOLDS = ("auto", None, "module", "layer", "neuron", "repeats")
DIRECTIONS = ("LR", "RL", "TB", "BT")


def draw(
    what: Any,
    *,
    args: Any = None,
    fold: Fold = "auto",
    depth: int | None = None,
    around: Any = None,
    between: Any = None,
    max_boxes: int | None = None,
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
    brought. Of a graph that is not small a box may stand for many nodes: a module, the rounds of a loop, what is done
    alike a hundred times; `.open(id)` looks into one.

    Args:
        what: A Value; lists and dicts of Values, whose keys are names; a Tape; a Module, drawn as a network; a compiled
            function, drawn path by path; what has a `__graph__()`; or, with `args`, any function.
        args: Arguments, a tuple or a dict by name: what the function computes of them is drawn.
        fold: Which groups are closed. "auto": none of a small graph, else as many levels are opened as can be read;
            "module", "layer", "neuron": modules of that level; "repeats": what is alike, modules or not; None: no
            group; or a function that says it of each group, by its `kind`, `title`, `count`, `depth`.
        depth: How many operations to go down from the roots, all if not given; with `around`, how many to go from
            there in each direction.
        around: A Value of the graph, or several: what is near them is drawn.
        between: Two Values of the graph: the ways from the first to the second are drawn.
        max_boxes: How many boxes can be read.
        labels: Where names are from. "auto" takes labels, paths of parameters in modules, and variables of the caller;
            "given" labels alone; None nothing; or a dict of Values and names.
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
        A `graphviz.Digraph`: `.source` is its DOT text, `.save("loss.svg")` writes a file, `.scene` is it as data. Of
        more than can be drawn it says so, and what to do, instead of a picture.

    Raises:
        TypeError: there is something else than Values in `what`, or an option is of another type.
        ValueError: no roots, or an option that does not exist.
        RecordingError: a function is being recorded here.

    Cost: linear in nodes and edges, and no recursion: 1 s for a million; laying out happens on showing.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> print(draw(w * x).scene["boxes"][2]["formula"])
    w * x
    """
    options = options_of(
        boxes=boxes,
        partials=partials,
        color=color,
        direction=direction if rankdir is None else rankdir,
        digits=digits,
        theme=theme,
    )
    scope = scope_of(sys._getframe(1), labels)
    told: dict[str, Any] = {}
    if args is not None:
        if not callable(what):
            raise TypeError(f"draw: args: {type(what).__name__} {brief(what)} cannot be called: leave args out")
        function = what
        what, told = called(function, args)
        scope = [*scope, {"model": function}]
    selection = Selection(fold, depth, around, between, max_boxes, labels, [told, *scope])
    return drawing_of(what, "draw", selection, options, width_of(wrap), format, name)


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR") -> Drawing:
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
    selection = Selection(None, None, None, None, None, "auto", scope_of(sys._getframe(1)))
    return drawing_of(root, "draw_dot", selection, options, WIDEST, format, "autograd")


class Selection(NamedTuple):
    """The options of `draw` that are about the graph."""

    fold: Fold
    depth: int | None
    around: Any
    between: Any
    max_boxes: int | None
    labels: Labels
    scope: Sequence[Mapping[str, Any]]


def drawing_of(
    what: Any, who: str, selection: Selection, options: Options, wrap: float | None, format: str, name: str
) -> Drawing:
    """The drawing of anything, with all options checked but those that are about the graph."""
    if not isinstance(format, str) or format.lower() not in graphviz.FORMATS:
        raise ValueError(f"{who}: unknown format {brief(format)}: choose svg, png, pdf or another that Graphviz writes")
    if not isinstance(name, str):
        raise TypeError(f"{who}: name: expected a str, got {type(name).__name__} {brief(name)}")
    check_folding(selection)
    # A backslash at its end would open what DOT's quotes closed.
    made = {"name": graphviz.escape(printable(name)), "filename": f"{name}.gv", "format": format}
    if hasattr(type(what), "__network__"):
        check_network(selection, options)
        return Drawing(**made, sheet=DiagramSheet(diagram_of(what, options), options))
    try:
        request = request_of(what, who, selection)
    except TooManyNodes as error:
        return Drawing(**made, problem=problem_of(what, who, selection, error.nodes, error))
    try:
        sheet = ViewSheet(request.view(), options, wrap)
        if selection.fold == "auto" and sheet.is_long:
            request = replace(request, whole=False)
            sheet = ViewSheet(request.view(), options, wrap)
        return Drawing(**made, request=request, sheet=sheet)
    except TooManyBoxes as error:
        return Drawing(**made, problem=problem_of(what, who, selection, request.folded.top.count, error))


def problem_of(what: Any, who: str, selection: Selection, nodes: int, error: ValueError) -> Problem:
    """What is said in place of a picture: how much there is, the first roots and their numbers, what to do."""
    roots = named_roots(what, who)
    ends = [f"{label or called_in(selection.scope, root)} = {number(root.data)}" for label, root in roots[:3]]
    title = ", ".join([f"{nodes:,} nodes", *ends, *["..."] * (len(roots) > 3)])
    remedy = str(error).removeprefix("draw: ")
    if who == "draw_dot" and isinstance(error, TooManyBoxes):  # which has no options
        remedy = f'{remedy.partition(":")[0]}: draw(root, boxes="two") folds them, draw(root, depth=3) draws their end'
    return Problem(title, remedy)


def request_of(what: Any, who: str, selection: Selection) -> Request:
    """The folded graph of anything, and what of it is to be seen."""
    roots = named_roots(what, who)
    near = selection.around is None
    graph = graph_of([root for _, root in roots], who, depth=selection.depth if near else None, most=LARGEST)
    names = names_of(graph, selection.labels, selection.scope)
    if selection.labels is not None:
        told = {graph.place(root): label for label, root in roots if label}
        names = names._replace(given=names.given | told)
    steps = None if near or selection.depth is None else as_depth(selection.depth, who)
    fold, most, around, between = selection.fold, selection.max_boxes, selection.around, selection.between
    return requested(graph, names, fold, most, around, between, steps, shows_numbers(what))


def called_in(scope: Sequence[Mapping[str, Any]], root: Value) -> str:
    """The label of a root, or a variable that holds it."""
    names = [name for space in scope for name, x in list(space.items()) if x is root and not name.startswith("_")]
    return str(root.label) or min(names, key=len, default="root")


def check_network(selection: Selection, options: Options) -> None:
    """Refuse what a network has not.

    Raises:
        ValueError: an option that is about graphs.
    """
    asked = {
        "fold": selection.fold != "auto", "depth": selection.depth is not None, "around": selection.around is not None,
        "between": selection.between is not None, "max_boxes": selection.max_boxes is not None,
        "boxes": options.boxes != "one", "partials": options.partials, "direction": options.direction != "LR",
    }  # fmt: skip
    for option, given in asked.items():
        if given:
            raise ValueError(
                f"draw: {option} says nothing of a Module, which is drawn as a network: draw(model, args=(x,)) draws "
                "the graph of what it computes"
            )


def check_folding(selection: Selection) -> None:
    """Refuse what is no way of folding, before anything is walked.

    Raises:
        TypeError, ValueError: see there.
    """
    fold, most = selection.fold, selection.max_boxes
    if not callable(fold) and not is_choice(fold, FOLDS):
        raise ValueError(
            f"draw: fold {brief(fold)} is no choice: {', '.join(map(repr, FOLDS))}, or a function that says of a group "
            "whether it is closed"
        )
    if selection.between is not None and selection.depth is not None and selection.around is None:
        raise ValueError("draw: depth goes down from the roots, between along ways: leave one of them out")
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
        raise ValueError(f"draw: max_boxes {brief(most)}: a whole number from 1 on")


def is_choice(given: Any, known: Sequence[Any]) -> bool:
    """Whether it is one of these; nothing else is compared, as an array has an answer of its own to that."""
    return (given is None or isinstance(given, (str, int))) and given in known


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
        if not is_choice(given, known):
            raise ValueError(f"draw: {what} {brief(given)} is no choice: {', '.join(map(repr, known))}")
    if not is_choice(color, ("grad", "data", "magnitude", None)) and not callable(color):
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
    if wrap is False or wrap is None:
        return None
    if wrap is True or is_choice(wrap, ("auto",)):
        return WIDEST
    if not is_number(wrap) or not 0.0 < float(wrap) < float("inf"):
        raise ValueError(f'draw: wrap {brief(wrap)} is no choice: "auto", True, False, or a width in points')
    return float(wrap)
