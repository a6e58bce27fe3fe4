"""A scene drawn by matplotlib, at the same places, as PDF."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any

from autograd.rendering.glyphs import marked
from autograd.scenes.text import printable
from autograd.writers.reading import (
    APART,
    BESIDE,
    LEADING,
    LEGEND,
    PAD,
    SWATCH,
    arrow,
    legend_of,
    outline_of,
    sizes,
)  # fmt: skip

__all__ = ["figure_of", "to_pdf"]

FONT = "DejaVu Sans"
"""It comes with matplotlib, so that every machine draws the same."""

LAST_RESORT = "Last Resort"
"""Fonts that show for a character what kind it is of, and not which."""

SMALLEST = 0.8
"""So much smaller than in the scene are all texts at most; a line that needs less gets a size of its own."""

SETTINGS = {"pdf.fonttype": 42, "pdf.use14corefonts": False, "text.usetex": False, "path.simplify": False}
"""Over matplotlib's own defaults, whatever the user has set: letters that can be searched for and copied."""

MARGIN = 3.0
"""Points between a text and the border of its box."""


def to_pdf(scene: dict[str, Any]) -> bytes:
    """The picture as PDF: lines and letters, the same bytes each time.

    Raises:
        ImportError: matplotlib is not installed.
    """
    matplotlib = matplotlib_or_advice("matplotlib")
    contents = io.BytesIO()
    with matplotlib.rc_context(dict(matplotlib.rcParamsDefault) | SETTINGS):
        figure_of(scene).savefig(contents, format="pdf", metadata={"CreationDate": None})
    return contents.getvalue()


def figure_of(scene: dict[str, Any]) -> Any:
    """A matplotlib Figure of the picture, one point of the scene to a point of paper; its one axes are in points."""
    width, height = (size + 2.0 * PAD for size in sizes(scene))
    figure = matplotlib_or_advice("matplotlib.figure").Figure(
        figsize=(width / 72.0, height / 72.0), facecolor=scene["palette"]["paper"]
    )
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(-PAD, width - PAD)
    axes.set_ylim(height - PAD, -PAD)
    axes.set_axis_off()
    Painter(axes, scene).paint()
    return figure


class Painter:
    """Draws a scene into axes that are in its points."""

    def __init__(self, axes: Any, scene: dict[str, Any]) -> None:
        self.axes, self.scene, self.ink = axes, scene, scene["palette"]["ink"]
        self.patches = matplotlib_or_advice("matplotlib.patches")
        self.path = matplotlib_or_advice("matplotlib.path").Path
        self.letters = Letters(set("".join(texts_of(scene))), scene["font_size"])
        rooms = [self.room(box, line) for box in scene["boxes"] for line in box["lines"]]
        self.size = scene["font_size"] * max(SMALLEST, min([1.0, *rooms]))

    def paint(self) -> None:
        """Everything."""
        for edge in self.scene["edges"]:
            self.way(edge)
        for box in self.scene["boxes"]:
            self.box(box)
        for edge in self.scene["edges"]:
            if edge["label"]:
                x, y = edge["label"]
                self.text(x, y, edge["text"], self.size, self.ink, gid="label")
        self.legend()

    def room(self, box: dict[str, Any], line: dict[str, Any]) -> float:
        """How much of the size that the scene says lets a line fit into its box; more than 1 if there is room left."""
        width = self.letters.width(line["text"], line["bold"])
        return float((box["size"][0] - 2.0 * MARGIN) / width) if width else 1.0

    def box(self, box: dict[str, Any]) -> None:
        """A box and its text."""
        self.border(box)
        x, y = box["position"]
        leading = LEADING * self.scene["font_size"]
        for k, line in enumerate(box["lines"]):
            at = y + leading * (k - (len(box["lines"]) - 1) / 2.0)
            size = min(self.size, self.scene["font_size"] * self.room(box, line))
            self.text(x, at, line["text"], size, box["ink"], bold=line["bold"], gid=box["id"])

    def border(self, box: dict[str, Any]) -> None:
        """The outline of a box, filled."""
        found = outline_of(box)
        if found is None:
            return
        corners, radius, lines = found
        (x, y), (width, height) = box["position"], box["size"]
        pen = {"facecolor": box["fill"], "edgecolor": box["border"]["color"]}
        pen |= stroke(box["border"]["width"], box["border"]["dashed"])
        if not corners:
            patch = self.patches.Ellipse((x, y), width, height, **pen)
        elif radius:
            style = self.patches.BoxStyle("Round", pad=0.0, rounding_size=radius)
            patch = self.patches.FancyBboxPatch(corners[0], width, height, boxstyle=style, **pen)
        else:
            patch = self.patches.Polygon(corners, closed=True, **pen)
        self.add(patch, box["id"])
        for line in lines:
            self.add(self.patches.Polygon(line, closed=False, **pen | {"facecolor": "none"}), "line")

    def way(self, edge: dict[str, Any]) -> None:
        """The way of an edge, and its arrow if it has one."""
        points, color = [tuple(point) for point in edge["path"]], edge["color"]
        codes = [self.path.MOVETO, *[self.path.CURVE4] * (len(points) - 1)]
        pen = {"facecolor": "none", "edgecolor": color, **stroke(edge["width"], edge["dashed"])}
        self.add(self.patches.PathPatch(self.path(points, codes), **pen), f"{edge['tail']}->{edge['head']}")
        if edge["arrow"]:
            self.add(self.patches.Polygon(arrow(points, tuple(edge["entry"])), color=color, linewidth=0.5), "arrow")

    def legend(self) -> None:
        """The legend: rows of samples, then rows of words."""
        samples, words = legend_of(self.scene)
        y = self.scene["height"] + LEGEND
        for row in samples:
            self.samples(row, y)
            y += LEGEND
        for line in words:
            fitting = (sizes(self.scene)[0] - 8.0) / self.letters.width(line) * self.scene["font_size"]
            self.text(4.0, y, line, min(self.size, fitting), self.ink, aligned="left", gid="legend")
            y += LEGEND

    def samples(self, row: list[dict[str, Any]], y: float) -> None:
        """A row of samples and titles."""
        x = 4.0
        for sample in row:
            if sample["kind"] == "sample":
                pen = {"facecolor": sample["fill"], "edgecolor": self.scene["palette"]["border"]}
                pen |= stroke(1.0, sample["dashed"])
                self.add(self.patches.Rectangle((x, y - SWATCH[1] / 2.0), *SWATCH, **pen), "legend")
                x += SWATCH[0] + BESIDE
            self.text(x, y, sample["text"], self.size, self.ink, aligned="left", gid="legend")
            x += self.letters.width(sample["text"]) * self.size / self.scene["font_size"] + APART

    def add(self, patch: Any, gid: str) -> None:
        """Draw a patch, whole."""
        patch.set_clip_on(False)
        patch.set_gid(gid)
        self.axes.add_artist(patch)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        ink: str,
        *,
        bold: bool = False,
        aligned: str = "center",
        gid: str,
    ) -> None:
        """Draw a line of text, its middle at a height."""
        self.axes.text(
            x, y, self.letters.shown(words), fontsize=size, color=ink, ha=aligned, va="center_baseline", gid=gid,
            family=self.letters.families, weight=self.letters.weight(words, bold), parse_math=False,
        )  # fmt: skip


class Letters:
    """What can be written, and how wide it is.

    Attributes:
        families: Fonts to be asked in turn.
        borrowed: Characters that the first has not.
        missing: Those that none has.
    """

    def __init__(self, used: set[str], size: float) -> None:
        self.manager = matplotlib_or_advice("matplotlib.font_manager")
        self.size = size
        self.paths = matplotlib_or_advice("matplotlib.textpath").TextPath
        missing = {c for c in set(printable("".join(used))) if not c.isspace()}
        self.families = [FONT]
        missing -= self.covered(self.manager.findfont(FONT), missing)
        self.borrowed = missing.copy()
        for family, file in self.others() if missing else ():
            if found := self.covered(file, missing):
                self.families.append(family)
                missing -= found
        self.missing = missing
        self.widths: dict[tuple[str, str], float] = {}

    def others(self) -> Iterator[tuple[str, str]]:
        """The other fonts of this machine, in the order of their names."""
        files = {font.name: font.fname for font in self.manager.fontManager.ttflist}
        yield from sorted((name, file) for name, file in files.items() if not name.startswith(LAST_RESORT))

    def covered(self, file: str, wanted: Collection[str]) -> set[str]:
        """Which characters a font has."""
        if not wanted:
            return set()
        try:
            font = self.manager.get_font(file)
            return {c for c in wanted if font.get_char_index(ord(c))}
        except (OSError, RuntimeError):  # a file that is no font after all
            return set()

    def shown(self, words: str) -> str:
        """A text with marks in place of what no font has."""
        return "".join(piece for piece, _ in marked(printable(words), self.missing.__contains__))

    def weight(self, words: str, bold: bool) -> str:
        """Bold, if all of a text is in the one font that surely has it."""
        return "bold" if bold and self.borrowed.isdisjoint(words) else "normal"

    def width(self, words: str, bold: bool = False) -> float:
        """How wide a text is in the size of the scene, in points."""
        if not words.strip():
            return 0.0
        weight = self.weight(words, bold)
        if (words, weight) not in self.widths:
            self.widths[words, weight] = self.measured(words, weight)
        return self.widths[words, weight]

    def measured(self, words: str, weight: str) -> float:
        """The width of a text that is not known yet."""
        font = self.manager.FontProperties(family=self.families, weight=weight)
        text = self.shown(words).replace("$", r"\$")
        return float(self.paths((0.0, 0.0), text, size=self.size, prop=font).get_extents().width)


def texts_of(scene: dict[str, Any]) -> Iterator[str]:
    """Every text of a scene."""
    for box in scene["boxes"]:
        yield from (line["text"] for line in box["lines"])
    yield from (thing["text"] for thing in (*scene["edges"], *scene["legend"]))


def stroke(width: float, dashed: bool) -> dict[str, Any]:
    """A line as matplotlib has it, in which dashes grow with the width: these are as long in every line."""
    return {"linewidth": width, "linestyle": (0, (4.0 / width, 3.0 / width)) if dashed else "solid"}


def matplotlib_or_advice(module: str) -> Any:
    """A module of matplotlib, which is imported only when something is drawn by it.

    Raises:
        ImportError: it is not installed, or broken; the message says what to do.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise ImportError("this picture needs matplotlib, or Graphviz's own dot: pip install matplotlib") from error
