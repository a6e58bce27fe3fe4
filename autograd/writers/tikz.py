r"""A scene as TikZ: by itself a document for pdflatex, by `\input` a picture in a paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd.scenes.places import Point
from autograd.writers.reading import (
    APART,
    BESIDE,
    LEADING,
    LEGEND,
    PAD,
    SWATCH,
    arrow,
    identifier,
    legend_of,
    outline_of,
    sizes,
)  # fmt: skip
from autograd.writers.tex import comment, formula, mathematics_of, name, names_in, with_numbers

__all__ = ["to_tikz"]

SIZES = (5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.95, 12.0, 14.4)
"""What sizes LaTeX's own fonts have, in its points."""

LARGEST = 14_000.0
"""Points: what is larger is drawn smaller, since TeX measures up to 16,383."""

HEAD = r"""%% A picture for pdflatex as it is, or in a paper by \input, whose preamble says \usepackage{tikz}.
\expandafter\ifx\csname @nodocument\endcsname\relax
  \let\chainruleend\relax
\else
  \documentclass{article}
  \usepackage{tikz}
  \usepackage[paperwidth=%(width)sbp,paperheight=%(height)sbp,margin=0bp]{geometry}
  \pagestyle{empty}\parindent=0pt \topskip=0pt
  \def\chainruleend{\end{document}}
  \begin{document}
\fi
\ifx\tikzpicture\undefined
  \errmessage{this picture needs \string\usepackage{tikz} in the preamble}\expandafter\endinput
\fi
\begingroup %% in the languages of some papers these characters are commands
\catcode`\;=12 \catcode`\:=12 \catcode`\!=12 \catcode`\?=12 \catcode`\'=12 \catcode`\,=12
\catcode`\==12 \catcode`\^=7 \catcode`\_=8 \catcode`\*=12 \catcode`\/=12 \catcode`\.=12 \catcode`\-=12
\begin{tikzpicture}[
  x=%(unit)sbp, y=-%(unit)sbp, every node/.style={inner sep=0bp, outer sep=0bp, align=center%(scale)s},
  line/.style={line width=1bp, draw=#1},
]
\normalfont\fontsize{%(size)s}{%(leading)sbp}\selectfont
\def\fitted#1#2{\setbox0=\hbox{#2}\strut\ifdim\wd0>#1\relax\resizebox{#1}{!}{\box0}\else\box0\fi}"""


def to_tikz(scene: dict[str, Any]) -> bytes:
    r"""The picture as TikZ, in ASCII.

    pdflatex makes a page of it that is as large as the picture. A paper that says `\usepackage{tikz}` shows it by
    `\input{graph.tex}`, in its own font; `\resizebox{\linewidth}{!}{\input{graph.tex}}` fits it to the column.

    Args:
        scene: As `Drawing.scene` has it.
    """
    return ("\n".join(lines_of(scene)) + "\n").encode("ascii")


def lines_of(scene: dict[str, Any]) -> Iterator[str]:
    """The lines of the file."""
    width, height = sizes(scene)
    unit = min(1.0, LARGEST / max(width, height))
    size = max(s for s in SIZES if s <= max(scene["font_size"] * 72.27 / 72.0, SIZES[0]))
    yield HEAD % {
        "width": short(unit * (width + 2.0 * PAD) + 0.5), "height": short(unit * (height + 2.0 * PAD) + 0.5),
        "unit": f"{unit:.6g}", "scale": "" if unit == 1.0 else f", scale={unit:.6g}",
        "size": f"{size:g}", "leading": short(LEADING * scene["font_size"]),
    }  # fmt: skip
    for found in colours_of(scene):
        yield rf"\definecolor{{{colour(found)}}}{{HTML}}{{{found[1:]}}}"
    page = f"{point((-PAD, -PAD))} rectangle {point((width + PAD, height + PAD))}"
    yield rf"\useasboundingbox {page};"
    if scene["palette"]["paper"] != "#FFFFFF":
        yield rf"\fill[{colour(scene['palette']['paper'])}] {page};"
    for edge in scene["edges"]:
        yield way(edge)
    known = mathematics_of(list(names_of(scene)))
    for box in scene["boxes"]:
        yield from comment(box["tooltip"])
        yield from outline(box)
        yield label(box, known)
    ink = colour(scene["palette"]["ink"])
    for edge in scene["edges"]:
        if edge["label"]:
            yield rf"\node[text={ink}] at {point(edge['label'])} {{{with_numbers(edge['text'])}}};"
    yield from legend(scene, ink)
    yield r"\end{tikzpicture}\endgroup\chainruleend"


def outline(box: dict[str, Any]) -> Iterator[str]:
    """The border of a box, filled."""
    found = outline_of(box)
    if found is None:
        return
    corners, radius, lines = found
    width, height = box["size"]
    pen = f"draw={colour(box['border']['color'])}, line width={short(box['border']['width'])}bp"
    pen += ", dashed" * box["border"]["dashed"] + f", rounded corners={short(radius)}bp" * (radius > 0.0)
    around = " -- ".join(map(point, corners)) + " -- cycle"
    if not corners:
        around = f"{point(box['position'])} ellipse [x radius={short(width / 2)}, y radius={short(height / 2)}]"
    yield rf"\path[{pen}, fill={colour(box['fill'])}] {around};"
    for line in lines:
        yield rf"\path[{pen}] {' -- '.join(map(point, line))};"


def label(box: dict[str, Any], known: dict[str, str]) -> str:
    """The text of a box, in a node of its size, to which more can be tied."""
    width, height = box["size"]
    lines = r" \\ ".join(rf"\fitted{{{short(width - 6.0)}bp}}{{{words(line, known)}}}" for line in box["lines"])
    options = f"minimum width={short(width)}bp, minimum height={short(height)}bp, text={colour(box['ink'])}"
    return rf"\node[{options}] ({identifier(box['id'])}) at {point(box['position'])} {{{lines}}};"


def words(line: dict[str, Any], known: dict[str, str]) -> str:
    """A line of text, by what it is."""
    if line["kind"] in ("name", "id"):
        return name(line["text"], known, bold=line["bold"])
    found = formula(line["text"], known) if line["kind"] == "formula" else with_numbers(line["text"])
    return rf"\bfseries {found}" if line["bold"] else found


def names_of(scene: dict[str, Any]) -> Iterator[str]:
    """What may be names in a picture: no two of them must look alike."""
    for box in scene["boxes"]:
        yield box["name"]
        for line in box["lines"]:
            if line["kind"] in ("name", "id"):
                yield line["text"]
            elif line["kind"] == "formula":
                yield from names_in(line["text"])


def way(edge: dict[str, Any]) -> str:
    """The way of an edge, and its arrow if it has one."""
    first, *rest = edge["path"]
    curves = "".join(
        f" .. controls {point(a)} and {point(b)} .. {point(c)}"
        for a, b, c in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    )
    ink = colour(edge["color"])
    pen = f"line={ink}" + f", line width={short(edge['width'])}bp" * (edge["width"] != 1.0)
    pen += ", dashed" * edge["dashed"]
    line = rf"\draw[{pen}] {point(first)}{curves};"
    if not edge["arrow"]:
        return line
    tip = " -- ".join(map(point, arrow(edge["path"], edge["entry"])))
    return rf"{line} \fill[{ink}] {tip} -- cycle;"


def legend(scene: dict[str, Any], ink: str) -> Iterator[str]:
    """The legend: rows of samples, each beside the one before it, and rows of words."""
    samples, others = legend_of(scene)
    top = scene["height"] + LEGEND
    for k, row in enumerate(samples):
        yield from samples_in(row, f"{k}-", top + k * LEGEND, ink, colour(scene["palette"]["border"]))
    width = short(sizes(scene)[0] - 8.0)
    for k, row_of_words in enumerate(others, len(samples)):
        entry = rf"\fitted{{{width}bp}}{{{with_numbers(row_of_words)}}}"
        yield rf"\node[text={ink}, anchor=west] at (4,{short(top + k * LEGEND)}) {{{entry}}};"


def samples_in(row: list[dict[str, Any]], id: str, y: float, ink: str, border: str) -> Iterator[str]:
    """A row of samples, whose nodes are named by an id and a number."""
    before, gap = f"(4,{short(y)})", 0.0
    for k, sample in enumerate(row):
        if sample["kind"] == "sample":
            pen = f"line={border}, fill={colour(sample['fill'])}" + ", dashed" * sample["dashed"]
            size = f"minimum width={short(SWATCH[0])}bp, minimum height={short(SWATCH[1])}bp"
            yield rf"\node[{pen}, {size}, anchor=west, xshift={short(gap)}bp] (legend{id}{k}) at {before} {{}};"
            before, gap = f"(legend{id}{k}.east)", BESIDE
        entry = with_numbers(sample["text"])
        yield rf"\node[text={ink}, anchor=west, xshift={short(gap)}bp] (words{id}{k}) at {before} {{{entry}}};"
        before, gap = f"(words{id}{k}.east)", APART


def colours_of(scene: dict[str, Any]) -> list[str]:
    """Every colour of a picture, once."""
    found = [scene["palette"][part] for part in ("paper", "ink", "border")]
    found += [entry["fill"] for entry in scene["legend"] if entry["fill"]]
    found += [edge["color"] for edge in scene["edges"]]
    for box in scene["boxes"]:
        found += [box["fill"], box["border"]["color"], box["ink"]]
    return list(dict.fromkeys(found))


def colour(rgb: str) -> str:
    """The name of a colour #RRGGBB in the file."""
    return f"rgb{rgb[1:]}"


def point(place: Point | list[float]) -> str:
    """A point as TikZ writes it."""
    return f"({short(place[0])},{short(place[1])})"


def short(x: float) -> str:
    """A number with as many digits as a printer can tell."""
    return f"{x:.3f}".rstrip("0").rstrip(".")
