"""A scene as a flowchart of Mermaid, which GitHub and notebooks draw from text. Mermaid lays it out anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from autograd.scenes.looks import Shape
from autograd.scenes.text import printable
from autograd.writers.reading import identifier

__all__ = ["to_mermaid"]

MOST_EDGES, LONGEST = 500, 50_000
"""What Mermaid draws where nobody has set it otherwise: so many edges, and characters of a file."""

SHAPES: dict[Shape, str] = {
    "box": '["{}"]', "rounded": '("{}")', "double": '[["{}"]]', "note": '@{{ shape: notch-rect, label: "{}" }}',
    "octagon": '{{{{"{}"}}}}', "tab": '@{{ shape: st-rect, label: "{}" }}', "ellipse": '(["{}"])',
    "circle": '(("{}"))', "square": '["{}"]', "plain": '@{{ shape: text, label: "{}" }}',
}  # fmt: skip
OWN_SHAPES = {
    "dog-ear": "cut corner",
    "octagon": "hexagon",
    "tab": "stack",
    "double border": "double sides",
    "squares": "boxes",
}
"""What Mermaid has in place of shapes that it lacks, for the words of the legend."""

MEANS_MORE, NOTHING = r"#36;(?=#36;)|#58;(?=fa)|#92;(?=n)", "<b></b>"
"""Even by their numbers `$$` begins a formula, `:fa-car` is an icon and `\\n` ends a line: something without width
comes between."""


def to_mermaid(scene: dict[str, Any]) -> bytes:
    """The picture as Mermaid, in UTF-8: every label in quotes, what might mean something in it by its number.

    Args:
        scene: As `Drawing.scene` has it.

    Raises:
        ValueError: it has more edges, or more text, than Mermaid draws.
    """
    edges = len(scene["edges"])
    if edges + len(unseen(scene)) + len(scene["legend"]) > MOST_EDGES:  # the legend is held together by unseen ones too
        raise ValueError(
            f"mmd: Mermaid draws at most {MOST_EDGES} edges with the legend's, and this picture has {edges:,}: "
            f'fold it, as by draw(..., fold="auto", max_boxes=100), or save it as .svg'
        )
    picture = "".join(f"{line}\n" for line in lines_of(scene))
    whole = "".join(f"%% {id}: {name}\n" for id, name in names_cut(scene))
    if len(picture) > LONGEST:
        raise ValueError(
            f"mmd: Mermaid draws at most {LONGEST:,} characters, and this picture takes {len(picture):,}: fold it, as "
            f'by draw(..., fold="auto", max_boxes=100), or save it as .svg'
        )
    if len(picture) + len(whole) > LONGEST:
        whole = "%% names that are cut are whole in .json and .svg\n" * (len(picture) < LONGEST - 60)
    return (picture + whole).encode("utf-8")


def lines_of(scene: dict[str, Any]) -> Iterator[str]:
    """The lines of the flowchart."""
    palette, styles = scene["palette"], Styles()
    yield f"flowchart {scene['direction']}"
    for box in scene["boxes"]:
        lines = [f"<b>{escaped(line['text'])}</b>" if line["bold"] else escaped(line["text"]) for line in box["lines"]]
        border = box["border"]
        style = styles.name(box["fill"], border["color"], border["width"], border["dashed"], box["ink"])
        yield from node(box_id(box["id"]), box["shape"], "<br>".join(lines), style)
    for edge in scene["edges"]:
        text = f'|"{escaped(edge["text"])}"|' if edge["text"] else ""
        yield f"  {box_id(edge['tail'])} {'-->' if edge['arrow'] else '---'}{text} {box_id(edge['head'])}"
    yield from (f"  {box_id(tail)} ~~~ {box_id(head)}" for tail, head in unseen(scene))
    yield from legend(scene, styles)
    if scene["edges"]:
        yield f"  linkStyle default stroke:{palette['edge']}"
    yield from links(scene)
    yield from styles.lines()


def unseen(scene: dict[str, Any]) -> list[tuple[str, str]]:
    """Edges that keep the columns of a network in order: what none enters Mermaid would put into the first.

    Each such box is tied to the first of the column before.
    """
    if all(box["role"] != "title" for box in scene["boxes"]):
        return []
    firsts = {box["position"][0]: box["id"] for box in reversed(scene["boxes"])}
    entered = {edge["head"] for edge in scene["edges"]}
    places = sorted(firsts)
    before = {x: firsts[y] for y, x in pairwise(places)}
    return [
        (before[box["position"][0]], box["id"])
        for box in scene["boxes"]
        if box["id"] not in entered and box["position"][0] in before
    ]


def links(scene: dict[str, Any]) -> Iterator[str]:
    """How edges look that look otherwise than most."""
    found: dict[str, list[str]] = {}
    for k, edge in enumerate(scene["edges"]):
        look = [f"stroke:{edge['color']}"] * (edge["color"] != scene["palette"]["edge"])
        look += [f"stroke-width:{edge['width']:.2f}px"] * (edge["width"] != 1.0)
        look += ["stroke-dasharray:4 3"] * edge["dashed"]
        found.setdefault(",".join(look), []).append(str(k))
    for style, numbers in found.items():
        if style:
            yield f"  linkStyle {','.join(numbers)} {style}"


def node(id: str, shape: Shape, label: str, style: str) -> Iterator[str]:
    """A node; one of the newer shapes gets its class in a line of its own."""
    if SHAPES[shape].startswith("@"):
        yield f"  {id}{SHAPES[shape].format(label)}"
        yield f"  class {id} {style}"
    else:
        yield f"  {id}{SHAPES[shape].format(label)}:::{style}"


def legend(scene: dict[str, Any], styles: Styles) -> Iterator[str]:
    """The legend, as a part of its own, in a row that no edge is seen in."""
    samples = [entry for entry in scene["legend"] if entry["kind"] != "words"]
    words = [in_own_shapes(entry["text"]) for entry in scene["legend"] if entry["kind"] == "words"]
    if not samples and not words:
        return
    palette = scene["palette"]
    plain = styles.name(palette["paper"], palette["paper"], 1.0, False, palette["ink"])
    yield '  subgraph legend[" "]'
    ids = [f"legend_{k}" for k in range(len(samples))] + ["legend_words"] * bool(words)
    for id, sample in zip(ids, samples, strict=False):
        style = plain
        if sample["kind"] == "sample":
            style = styles.name(sample["fill"], palette["border"], 1.0, sample["dashed"], palette["ink"])
        yield f'  {id}["{escaped(sample["text"])}"]:::{style}'
    if words:
        yield f'  legend_words["{"<br>".join(map(escaped, words))}"]:::{plain}'
    if len(ids) > 1:
        yield f"  {' ~~~ '.join(ids)}"
    yield "  end"
    yield f"  style legend fill:{palette['paper']},stroke:{palette['edge']}"


def in_own_shapes(words: str) -> str:
    """Words of the legend about a shape, for the shape that is drawn here."""
    shape, colon, role = words.partition(": ")
    return f"{OWN_SHAPES.get(shape, shape)}{colon}{role}"


class Styles:
    """The looks of nodes, each a class of its own, numbered as they come."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str, float, bool, str], str] = {}

    def name(self, fill: str, stroke: str, width: float, dashed: bool, ink: str) -> str:
        """The class for a look."""
        return self.names.setdefault((fill, stroke, width, dashed, ink), f"look{len(self.names)}")

    def lines(self) -> Iterator[str]:
        """What the classes are."""
        for (fill, stroke, width, dashed, ink), name in self.names.items():
            dashes = ",stroke-dasharray:5 3" * dashed
            yield f"  classDef {name} fill:{fill},stroke:{stroke},stroke-width:{width:g}px{dashes},color:{ink}"


def names_cut(scene: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Boxes whose name is not shown whole, and the name as one line of ASCII, in which no directive can be."""
    for box in scene["boxes"]:
        if box["name"] and box["name"] not in [line["text"] for line in box["lines"]]:
            plain = box["name"].encode("unicode_escape", "surrogatepass").decode("ascii")
            yield box_id(box["id"]), plain.translate({ord(c): f"\\x{ord(c):02x}" for c in "%{}"})


def box_id(id: str) -> str:
    """An id that is no word of Mermaid's."""
    return f"n_{identifier(id)}"


def escaped(text: str) -> str:
    """Text between quotes: letters, digits, and what is not ASCII as they are, the rest by its number.

    >>> escaped('a "b" #1')
    'a #34;b#34; #35;1'
    """
    numbered = (c if c.isalnum() or c == " " or not c.isascii() else f"#{ord(c)};" for c in printable(text))
    return re.sub(MEANS_MORE, rf"\g<0>{NOTHING}", "".join(numbered))
