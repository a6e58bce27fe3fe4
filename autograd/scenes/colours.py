"""Colours of a picture: a sign as a hue, a size as its strength, on paper that lets every text be read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["DARK", "LIGHT", "PALETTES", "Palette", "Scale", "contrast"]

DECADES = 3
"""Powers of ten over which a colour gets stronger; what is smaller is as pale as can be told from none."""

PALEST, STRONGEST = 0.06, 0.5


class Palette(NamedTuple):
    """The colours of a theme, as #RRGGBB."""

    paper: str
    box: str
    ink: str
    border: str
    edge: str
    positive: str
    negative: str
    neutral: str
    dead: str
    alarm: str


LIGHT = Palette(
    paper="#FFFFFF", box="#FFFFFF", ink="#111111", border="#333333", edge="#666666",
    positive="#D55E00", negative="#0072B2", neutral="#777777", dead="#BBBBBB", alarm="#B00020",
)  # fmt: skip
DARK = Palette(
    paper="#1B1B1B", box="#262626", ink="#F2F2F2", border="#C8C8C8", edge="#A0A0A0",
    positive="#D55E00", negative="#0072B2", neutral="#999999", dead="#555555", alarm="#FF5A6E",
)  # fmt: skip
PALETTES = {"light": LIGHT, "dark": DARK}


class Scale(NamedTuple):
    """From a number to the colour of its box.

    Attributes:
        top: The largest size, which has the strongest colour; 0 if there is none.
        palette: Whose colours.

    >>> scale = Scale(2.0, LIGHT)
    >>> scale.colour(2.0), scale.colour(-0.002), scale.colour(0.0)
    ('#EAAE80', '#F0F7FA', '#FFFFFF')
    """

    top: float
    palette: Palette

    @classmethod
    def over(cls, numbers: Iterable[float], palette: Palette) -> Scale:
        """The scale whose top is the largest finite size among the numbers."""
        return cls(max((abs(x) for x in numbers if math.isfinite(x)), default=0.0), palette)

    @property
    def bottom(self) -> float:
        """The size below which all is equally pale."""
        return self.top * 10.0**-DECADES

    def colour(self, x: float) -> str:
        """The colour of a number: none for 0 and for what is no number."""
        return self.strength(x, self.palette.positive if x > 0.0 else self.palette.negative)

    def grey(self, x: float) -> str:
        """The same for a size that has no sign, as that of many numbers."""
        return self.strength(x, self.palette.neutral)

    def strength(self, x: float, hue: str) -> str:
        """So much of a hue as the size of a number asks for."""
        if x == 0.0 or x != x or not self.top:
            return self.palette.box
        size = 1.0 if math.isinf(x) else (math.log10(abs(x)) - math.log10(self.top)) / DECADES + 1.0
        amount = PALEST + (STRONGEST - PALEST) * min(1.0, max(0.0, size))
        return mixed(hue, self.palette.box, amount)


def mixed(colour: str, paper: str, amount: float) -> str:
    """So much of a colour, the rest paper."""
    pairs = zip(channels(colour), channels(paper), strict=True)
    return "#" + "".join(f"{round(amount * a + (1.0 - amount) * b):02X}" for a, b in pairs)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of #RRGGBB, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(ink: str, paper: str) -> float:
    """How well one colour is read on another, from 1 to 21; small text needs 4.5.

    Source: WCAG 2.2, "contrast ratio".

    >>> round(contrast("#000000", "#FFFFFF"), 3)
    21.0
    """
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """How bright a colour is to the eye, from 0 to 1."""
    r, g, b = map(linear, channels(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def linear(channel: int) -> float:
    """How much light a channel of sRGB stands for, from 0 to 1."""
    x = channel / 255.0
    return float(x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4)
