"""Points of the plane and their labels."""

from collections.abc import Sequence
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_list, require_as_many
from nn.plots.axes import BLACK, BLUE, MARKERS, ORANGE, PALETTE, as_axes
from nn.plots.description import tell

__all__ = ["as_points", "counted", "draw_points", "labelled_points", "sides_of"]

SHAPES = ("circles", "triangles", "squares", "diamonds", "triangles downwards", "crosses +", "stars", "crosses x")
"""What the markers are called."""

Sides = dict[int, tuple[str, str, str]]
"""For each label its name, its marker and its colour."""


def labelled_points(points: Sequence[Any], labels: Sequence[int], ax: Any = None) -> Any:
    """Points of the plane, each class with a marker and a colour of its own.

    Args:
        points: Pairs of coordinates.
        labels: As many: -1 and 1, or the index of a class.
        ax: Matplotlib axes; None makes new ones.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: the lengths differ, there are no points, or a label is none of these.

    >>> ax = labelled_points([(0.0, 1.0), (1.0, 0.0)], [0, 2])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['class 0', 'class 1', 'class 2']
    """
    places, classes = as_points(points, labels, "labelled_points")
    found = set(classes)
    sides = sides_of(None if found <= {-1, 1} else 1 + max(found), classes, "labelled_points")
    ax = as_axes(ax)
    drawn = draw_points(ax, places, classes, sides)
    ax.set(xlabel="x", ylabel="y", aspect="equal")
    tell(drawn, f"{len(places):,} points of the plane: {counted(classes, sides)}.")
    return ax


def as_points(points: Any, labels: Any, what: str) -> tuple[list[Any], list[Any]]:
    """Points and labels as lists, as many of the one as of the other."""
    places, classes = as_list(points, f"{what}: points"), as_list(labels, f"{what}: labels")
    require_as_many(places, classes, what, ("points", "labels"))
    return places, classes


def sides_of(n: int | None, labels: Sequence[Any], what: str) -> Sides:
    """How the points of each label look: of -1 and 1 if `n` is None, else of `n` classes.

    Raises:
        ValueError: a label is none of them.
    """
    sides: Sides = {-1: ("label -1", MARKERS[0], BLUE), 1: ("label +1", MARKERS[1], ORANGE)}
    expected = "-1 or 1, one score telling two sides apart"
    if n is not None:
        sides = {
            i: (f"class {i}", MARKERS[i % len(MARKERS)], PALETTE[i % len(PALETTE)]) for i in range(int(n))
        }  # fmt: skip
        expected = f"the index of a class, from 0 to {n - 1}"
    for label in labels:
        if label not in sides:
            raise ValueError(f"{what}: labels: expected {expected}; got {brief(label)}")
    return sides


def draw_points(ax: Any, places: list[Any], classes: list[Any], sides: Sides) -> Any:
    """Draw the points and a legend above them, clear of everything; gives the artist of the first class."""
    first = None
    for side, (name, marker, color) in sides.items():
        chosen = [p for p, label in zip(places, classes, strict=True) if label == side]
        drawn = ax.scatter(
            [p[0] for p in chosen], [p[1] for p in chosen], label=name,
            s=34, marker=marker, c=color, edgecolors=BLACK, linewidths=0.7, zorder=3,
        )  # fmt: skip
        first = first or drawn
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=min(len(sides), 5), frameon=False)
    return first


def counted(classes: list[Any], sides: Sides) -> str:
    """How many points there are of each label, and how they look."""
    return ", ".join(
        f"{classes.count(side):,} of {name}" + (f" ({SHAPES[i]})" if i < len(SHAPES) else "")
        for i, (side, (name, _, _)) in enumerate(sides.items())
    )
