"""Where pictures are drawn, and in which colours.

Colours are of Okabe and Ito's palette, which the colour-blind tell apart; shapes and numbers repeat what they say.
"""

from typing import Any

from nn.checks import import_extra

__all__ = ["BLACK", "BLUE", "ORANGE", "PALETTE", "STROKES", "as_axes"]

BLUE, ORANGE, BLACK = "#0072B2", "#E69F00", "#000000"
PALETTE = (BLUE, "#D55E00", "#009E73", "#CC79A7")
STROKES = ("-", "--", "-.", ":")


def as_axes(ax: Any) -> Any:
    """The axes given, or those of a new figure."""
    return import_extra("matplotlib.pyplot").subplots()[1] if ax is None else ax
