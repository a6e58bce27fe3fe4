"""Points of the plane and their labels."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from autograd.border.wording import brief
from nn.checks import as_label, as_list, is_whole, number_of, require_as_many
from nn.plots.axes import BLACK, BLUE, MARKERS, ORANGE, PALETTE, as_axes, ink_on, without_formulas
from nn.plots.description import tell
from nn.prediction.labels import plain_labels

__all__ = ["Side", "as_classes", "as_points", "counted", "draw_points", "labelled_points", "looks_of"]

SHAPES = ("circles", "triangles", "squares", "diamonds", "triangles downwards", "crosses +", "stars", "crosses x")
"""What the markers are called."""
IN_LEGEND = 20
"""A legend names no more classes than these."""


class Side(NamedTuple):
    """How the points of a class look: what it is called in a legend and in the plane, its marker and its colour."""

    name: str
    short: str
    marker: str
    color: str


def labelled_points(points: Sequence[Any], labels: Sequence[Any], ax: Any = None) -> Any:
    """Points of the plane, each class with a marker and a colour of its own.

    Args:
        points: Pairs of coordinates.
        labels: As many: text, bools, or whole numbers. If these are indices of classes, from 0 on, those in between
            keep their look where they have no point.
        ax: Matplotlib axes; None makes new ones.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: a label is neither text nor a number.
        ValueError: the lengths differ, there are no points, one is no pair of finite numbers, or a label is no class.

    >>> ax = labelled_points([(0.0, 1.0), (1.0, 0.0)], [0, 2])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['class 0', 'class 1', 'class 2']
    """
    places, found = as_points(points, labels, "labelled_points")
    classes: list[Any] = sorted({False, True} if isinstance(found[0], bool) else set(found))
    if classes[0] in (-1, 1) and classes[-1] in (-1, 1) and not isinstance(found[0], bool):
        classes = [-1, 1]
    elif is_whole(classes[0]) and 0 <= classes[0] <= classes[-1] < IN_LEGEND:
        classes = list(range(classes[-1] + 1))
    sides, which = looks_of(classes), [classes.index(x) for x in found]
    ax = as_axes(ax)
    drawn = draw_points(ax, places, which, sides, ink_on(ax.get_facecolor()))
    ax.set(xlabel="x", ylabel="y", aspect="equal")
    tell(drawn, f"{len(places):,} points of the plane: {counted(which, sides)}.")
    return ax


def as_points(points: Any, labels: Any, what: str) -> tuple[list[list[float]], list[Any]]:
    """Points as pairs of floats, and as many labels.

    Raises:
        ValueError: there are not as many, or none, or one is no pair of finite numbers.
    """
    places, classes = as_list(points, f"{what}: points"), as_list(labels, f"{what}: labels")
    require_as_many(places, classes, what, ("points", "labels"))
    found = []
    for i, point in enumerate(places):
        try:
            x, y = map(number_of, point)
        except (TypeError, ValueError):
            x = y = float("nan")
        if not (isfinite(x) and isfinite(y)):
            raise ValueError(f"{what}: point {i} is {brief(point)}: expected a pair of finite numbers, x and y")
        found.append([x, y])
    return found, as_classes(classes, f"{what}: labels")


def as_classes(labels: list[Any], what: str) -> list[Any]:
    """Labels as text, bools or ints; whole floats are ints, and a list of one label is that.

    Raises:
        TypeError: one is something else.
        ValueError: one is a number that is not whole, or some are text and others are not.

    >>> as_classes([0.0, 1], "labels"), as_classes(["no", "yes"], "labels")
    ([0, 1], ['no', 'yes'])
    """
    found = [x[0] if isinstance(x, (list, tuple)) and len(x) == 1 else x for x in plain_labels(labels)]
    for i, x in enumerate(found):
        if not isinstance(x, (str, int, float)):
            raise TypeError(f"{what}: label {i} is {brief(x)}: expected text, a bool or a whole number")
        if isinstance(x, float):
            if not x.is_integer():
                raise ValueError(f"{what}: label {i} is {x}, which is no class: expected whole numbers, bools or text")
            found[i] = int(x)
        if isinstance(x, str) is not isinstance(found[0], str):
            raise ValueError(f"{what}: expected text or numbers alone; the first label is {brief(found[0])}, got {x!r}")
    return found


def looks_of(classes: Sequence[Any]) -> list[Side]:
    """How the points of each class look.

    >>> [(side.name, side.short) for side in looks_of([-1, 1])], looks_of(["cat"])[0].name
    ([('label -1', '-1'), ('label +1', '+1')], 'cat')
    """
    signs = list(classes) == [-1, 1]
    found = []
    for i, x in enumerate(classes):
        name, short = as_label(x) or repr(x), as_label(x, 12) or repr(x)
        if signs:
            name, short = f"label {x:+d}", f"{x:+d}"
        elif is_whole(x):
            name = f"class {x}"
        found.append(Side(name, short, MARKERS[i % len(MARKERS)], PALETTE[i % len(PALETTE)]))
    assert (PALETTE[0], PALETTE[1]) == (BLUE, ORANGE)  # as one score is shaded
    return found


def draw_points(ax: Any, places: list[list[float]], which: list[int], sides: list[Side], ink: str = BLACK) -> Any:
    """Draw the points and a legend above them, clear of everything; gives the artist of the first class."""
    artists = []
    for k, side in enumerate(sides):
        chosen = [p for p, label in zip(places, which, strict=True) if label == k]
        artists.append(ax.scatter(
            [p[0] for p in chosen], [p[1] for p in chosen], label=side.name,
            s=34, marker=side.marker, c=side.color, edgecolors=ink, linewidths=0.7, zorder=3,
        ))  # fmt: skip
    more = len(sides) - IN_LEGEND
    legend = ax.legend(
        artists[:IN_LEGEND], [side.name for side in sides[:IN_LEGEND]], loc="lower center", bbox_to_anchor=(0.5, 1.0),
        ncols=min(len(sides), 5 if max(len(side.name) for side in sides) <= 10 else 3), frameon=False,
        title=f"and {more:,} more" if more > 0 else None,
    )  # fmt: skip
    without_formulas(legend.get_texts())
    return artists[0]


def counted(which: list[int], sides: list[Side]) -> str:
    """How many points there are of each class, and how they look."""
    return ", ".join(
        f"{which.count(i):,} of {side.name}" + (f" ({SHAPES[i]})" if i < len(SHAPES) else "")
        for i, side in enumerate(sides[:IN_LEGEND])
    ) + (f", and {len(sides) - IN_LEGEND:,} classes more" if len(sides) > IN_LEGEND else "")
