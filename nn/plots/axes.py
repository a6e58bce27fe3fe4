"""Where pictures are drawn, and in which colours.

Colours are of Okabe and Ito's palette, which the colour-blind tell apart; shapes, strokes and numbers repeat what they
say. Orange is what is positive and blue what is negative, here and in the pictures of graphs.
"""

from typing import Any

from nn.checks import import_extra

__all__ = [
    "BLACK", "BLUE", "GREY", "LETTERS", "MARKERS", "ORANGE", "PALETTE", "STROKES", "as_axes", "figure_of", "ink_on",
    "lighter", "shown", "without_formulas",
]  # fmt: skip

BLUE, ORANGE, BLACK, GREY = "#0072B2", "#D55E00", "#000000", "#555555"
PALETTE = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", BLACK)
STROKES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (9, 3)), (0, (1, 3)), (0, (7, 2, 1, 2, 1, 2)), (0, (2, 1)))
MARKERS = "o^sDvP*X<>"
LETTERS = 9
"""The size of small text, in points: 12 pixels in a notebook."""


def as_axes(ax: Any, size: tuple[float, float] | None = None) -> Any:
    """The axes given, or those of a new figure, of a size in inches."""
    if ax is not None:
        return ax
    return import_extra("matplotlib.pyplot").subplots(figsize=size, layout="constrained")[1]


def figure_of(ax: Any) -> Any:
    """The figure that axes belong to; a figure is its own."""
    return ax.get_figure() or ax


def ink_on(color: Any) -> str:
    """Black or white, whichever is read better on a colour.

    >>> ink_on("#0072B2"), ink_on("#F0E442")
    ('white', 'black')
    """
    red, green, blue = import_extra("matplotlib.colors").to_rgb(color)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"


def lighter(color: Any, share: float) -> tuple[float, ...]:
    """A colour of which so much is left on white; with nothing shining through, as there is with alpha.

    >>> lighter("#000000", 0.25)
    (0.75, 0.75, 0.75)
    """
    return tuple(1.0 - share * (1.0 - c) for c in import_extra("matplotlib.colors").to_rgb(color))


def shown(n: int, most: int) -> list[int | None]:
    """The numbers from 0 to n-1, or the first and last of them, with None for those left out in between.

    >>> shown(3, 5), shown(9, 5)
    ([0, 1, 2], [0, 1, None, 7, 8])
    """
    if n <= most:
        return list(range(n))
    first = most // 2
    return [*range(first), None, *range(n - (most - first - 1), n)]


def without_formulas(texts: Any) -> None:
    """Have texts stand as they are: a dollar in a user's name begins no formula."""
    for text in texts:
        text.set_parse_math(False)
