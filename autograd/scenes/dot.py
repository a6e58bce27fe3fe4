"""From a look to DOT: boxes with a port for each operand on the side where edges enter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape as escape_html

from autograd.scenes.colours import PALETTES, Palette
from autograd.scenes.looks import FONT_SIZE, Line, Look, LookOf, Options, Shape, Swatch, Tie
from autograd.scenes.places import Frame, Layout, Route
from autograd.scenes.text import in_rows, printable

__all__ = [
    "attributes",
    "box_id",
    "box_line",
    "edge_id",
    "lines_of",
    "lines_to_place",
    "node_id",
    "quoted",
    "safe_id",
    "tie_to_place",
]

SIZE = f"{FONT_SIZE:g}"
FONT = {
    "fontname": "Helvetica",
    "fontsize": SIZE,
}  # whose widths engines know; in a list they take those of Times
ENTERS = {"LR": "w", "RL": "e", "TB": "n", "BT": "s"}
LEAVES = {"LR": "e", "RL": "w", "TB": "s", "BT": "n"}
AROUND = {"LR": ["nw", "w", "sw"], "RL": ["ne", "e", "se"], "TB": ["nw", "n", "ne"], "BT": ["sw", "s", "se"]}
"""Where up to three edges meet an ellipse, first operand first."""

GRAPHVIZ_SHAPES: dict[Shape, dict[str, str]] = {
    "box": {}, "rounded": {}, "double": {"peripheries": "2"}, "note": {"shape": "note"},
    "octagon": {"shape": "octagon"}, "tab": {"shape": "tab"}, "ellipse": {"shape": "ellipse"},
    "circle": {"shape": "circle", "fixedsize": "true"}, "square": {"shape": "square", "fixedsize": "true"},
    "plain": {"shape": "plain"},
}  # fmt: skip
PADDING = {"note": 5, "octagon": 2}
CLOSER = "nodesep=0.08"
FEW = 4
"""Of a group so many operands have a port of their own; more enter at one place: their order says nothing."""
PAD = "0.09"
"""Inches around a picture: the tab of a box is beyond what engines take for its frame."""
PORT, ROW = 9, 15
"""Points between two edges that enter; between two lines of text."""
LETTER, FEWEST = 5.2, 90
"""Of a row of the legend: how wide a letter is, about; for how many there is room below any picture."""


def attributes(options: Options) -> dict[str, dict[str, str]]:
    """Attributes of the graph, of all nodes and of all edges, as `graphviz.Digraph` takes them."""
    palette = PALETTES[options.theme]
    graph = {
        "rankdir": options.direction, "bgcolor": palette.paper, "nodesep": "0.15", "ranksep": "0.4",
        "pad": PAD, "fontcolor": palette.ink, **FONT,
    }  # fmt: skip
    node = {
        "shape": "box",
        "margin": "0",
        "width": "0",
        "height": "0",
        "color": palette.border,
        "fontcolor": palette.ink,
    }
    edge = {"color": palette.edge, "fontcolor": palette.ink, "arrowsize": "0.6"}
    return {"graph_attr": graph, "node_attr": node | FONT, "edge_attr": edge | FONT}


def lines_of(look: LookOf, prefix: str, layout: Layout | None = None) -> Iterator[str]:
    """The lines of DOT: one for the legend, one per box, one per edge.

    Args:
        look: What they show.
        prefix: What all ids begin with.
        layout: Where everything is; engines then move nothing.
    """
    found = [f"id={prefix}"] + [CLOSER] * look.crowded
    if look.legend:
        width = 0.0 if layout is None else layout.width
        found.append(f"label={legend(look, width)} labelloc=b labeljust=l")
    if layout is not None:
        found.append("layout=nop2")
    yield f"\tgraph [{' '.join(found)}]\n"
    for k in range(len(look.boxes)):
        yield box_line(look, k, prefix, None if layout is None else layout.frames[k])
    for k in range(len(look.ties)):
        yield tie_line(look, k, prefix, None if layout is None else layout.routes[k])


def lines_to_place(look: LookOf, prefix: str) -> Iterator[str]:
    """The lines of DOT by which an engine is asked for places."""
    if look.crowded:
        yield f"\tgraph [{CLOSER}]\n"
    for k in range(len(look.boxes)):
        yield box_line(look, k, prefix, tooltips=False)
    for k in range(len(look.ties)):
        yield tie_to_place(look, k, prefix)


def tie_to_place(look: LookOf, k: int, prefix: str, tail: str = "") -> str:
    """An edge in DOT to be laid out; from another tail than its own, if one is given.

    A text on it is a thing on its way, which no other edge goes through, with a line under or beside the text.
    """
    tie = look.ties[k]
    head = look.boxes[tie.head]
    tail = tail or exit_of(look, tie)
    id = edge_id(look, tie, prefix)
    end = f"{node_id(head)}:{entry(head, tie, look.direction)}"
    if not tie.text:
        return f"\t{tail} -> {end} [id={quoted(id)}]\n"
    text, name = as_html(tie.text), quoted(f"{id}-text")
    if look.direction in ("LR", "RL"):
        cells = f'<tr><td>{text}</td></tr><tr><td port="p" height="3"></td></tr>'
    else:
        cells = f'<tr><td port="p" width="3"></td><td>{text}</td></tr>'
    first, second = ENTERS[look.direction], LEAVES[look.direction]
    return (
        f"\t{name} [id={name} shape=plain label=<{table(cells)}>]\n"
        f"\t{tail} -> {name}:p:{first} [id={quoted(id + '-tail')} arrowhead=none]\n"
        f"\t{name}:p:{second} -> {end} [id={quoted(id)}]\n"
    )


def box_line(look: LookOf, k: int, prefix: str, frame: Frame | None = None, *, tooltips: bool = True) -> str:
    """A box in DOT."""
    box = look.boxes[k]
    found = node(box, prefix, tooltips)
    if frame is not None:
        found["pos"] = f"{frame.x:.2f},{-frame.y:.2f}"
        if "fixedsize" in GRAPHVIZ_SHAPES[box.shape]:
            found |= {"width": f"{frame.width / 72:.3f}", "height": f"{frame.height / 72:.3f}"}
    return f"\t{node_id(box)} [label=<{label(box, look.direction)}> {listed(found)}]\n"


def tie_line(look: LookOf, k: int, prefix: str, way: Route | None = None) -> str:
    """An edge in DOT."""
    tie = look.ties[k]
    head = look.boxes[tie.head]
    found = edge(look, tie, prefix)
    if way is not None:
        found |= route(way, tie.arrow)
    end = f":{entry(head, tie, look.direction)}" if head.ports else ""
    return f"\t{exit_of(look, tie)} -> {node_id(head)}{end} [{listed(found)}]\n"


def route(way: Route, arrow: bool) -> dict[str, str]:
    """A given way, as DOT has it: y upwards, the tip of the arrow first."""
    points = [f"{x:.2f},{-y:.2f}" for x, y in way.points]
    tip = f"e,{way.entry[0]:.2f},{-way.entry[1]:.2f} " if arrow else ""
    found = {"pos": tip + " ".join(points)}
    return found if way.label is None else found | {"lp": f"{way.label[0]:.2f},{-way.label[1]:.2f}"}


def listed(attributes: dict[str, str]) -> str:
    """Attributes as DOT lists them."""
    return " ".join(f"{key}={quoted(value)}" for key, value in attributes.items())


def node(box: Look, prefix: str, tooltips: bool) -> dict[str, str]:
    """The attributes of a box, but for its label."""
    style = ["filled"] + ["rounded"] * (box.shape == "rounded") + ["dashed"] * box.border.dashed
    found = {
        "id": box_id(box, prefix),
        "class": " ".join([box.role, *["root"] * box.root]),
        "style": ",".join(style),
        "fillcolor": box.fill,
        "color": box.border.color,
        "penwidth": f"{box.border.width:g}",
        **GRAPHVIZ_SHAPES[box.shape],
    }
    if box.shape == "ellipse" and box.ports > len(AROUND["LR"]):  # more than these have no place on an ellipse
        found |= {"shape": "box", "style": ",".join([*style, "rounded"])}
    if tooltips:
        found["tooltip"] = box.tooltip
    return found


def label(box: Look, direction: str) -> str:
    """The text of a box, and the ports beside it; the outer edge of a port is the border of the box."""
    pad = PADDING.get(box.shape, 4)
    if box.lines and box.lines[0].kind == "record":
        cell = f"<td>{table(record(box.lines[0]))}</td>"
    else:
        rows = "".join(f"<tr><td>{text_of(line)}</td></tr>" for line in box.lines)
        # Else a box with many ports would spread its lines over its height.
        excess = ports_of(box) * PORT - ROW * len(box.lines)
        room = f'<tr><td height="{max(0, excess) // 2}"></td></tr>' * (ports_of(box) > 3)
        cell = f'<td cellpadding="{pad - 1}">{padded(room + rows + room)}</td>'
    if not box.ports or (box.shape == "ellipse" and box.ports <= 3):
        return table(f"<tr>{cell}</tr>")
    ports = range(ports_of(box))
    if direction in ("LR", "RL"):
        strip = "".join(f'<tr><td port="i{k}" width="1" height="{PORT}"></td></tr>' for k in ports)
        cells = f"<td>{table(strip)}</td>{cell}" if direction == "LR" else f"{cell}<td>{table(strip)}</td>"
        return table(f"<tr>{cells}</tr>")
    strip = "<tr>" + "".join(f'<td port="i{k}" width="{PORT}" height="1"></td>' for k in ports) + "</tr>"
    entrance, rest = f"<tr><td>{table(strip)}</td></tr>", f"<tr>{cell}</tr>"
    return table(entrance + rest if direction == "TB" else rest + entrance)


def table(rows: str) -> str:
    """A table without lines or gaps."""
    return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0">{rows}</table>'


def padded(rows: str) -> str:
    """A table without lines, whose cells have a little room."""
    return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>'


def record(line: Line) -> str:
    """A line of parts with lines between them, as a row of cells."""
    parts = [text_of(Line(part, "number")) for part in line.text.split(" | ")]
    cells = "<vr/>".join(f'<td cellpadding="3">{part}</td>' for part in parts)
    return f"<tr>{cells}</tr>"


def text_of(line: Line) -> str:
    """A line of text as HTML."""
    text = as_html(line.text) or " "
    return f"<b>{text}</b>" if line.bold else text


def as_html(text: str) -> str:
    """A text for an HTML label, each backslash by itself: with what follows Graphviz would read a name in it."""
    return escape_html(printable(text)).replace("\\", f'<font point-size="{SIZE}">\\</font>')


def edge(look: LookOf, tie: Tie, prefix: str) -> dict[str, str]:
    """The attributes of an edge."""
    found = {"id": edge_id(look, tie, prefix)}
    if tie.text:
        found["label"] = f" {tie.text} "
    if tie.color != look.palette.edge:
        found["color"] = tie.color
    if tie.tooltip:
        found["tooltip"] = tie.tooltip
    if tie.width != 1.0:
        found["penwidth"] = f"{tie.width:.2f}"
    if tie.dashed:
        found["style"] = "dashed"
    if not tie.arrow:
        found["arrowhead"] = "none"
    return found


def edge_id(look: LookOf, tie: Tie, prefix: str) -> str:
    """The id of an edge: its head's, and which of the edges into it this is."""
    return f"{box_id(look.boxes[tie.head], prefix)}-in{tie.port}"


def box_id(box: Look, prefix: str) -> str:
    """The id of a box."""
    return f"{prefix}-{safe_id(box.id)}"


def entry(head: Look, tie: Tie, direction: str) -> str:
    """Where an edge enters its head, as DOT says it."""
    if head.shape == "ellipse" and head.ports <= 3:
        return AROUND[direction][[[1], [0, 2], [0, 1, 2]][head.ports - 1][tie.port]]
    return f"i{min(tie.port, ports_of(head) - 1)}:{ENTERS[direction]}"


def exit_of(look: LookOf, tie: Tie) -> str:
    """Where an edge leaves its tail, as DOT says it: towards an ellipse in the middle, else it hugs the border."""
    to_ellipse = look.boxes[tie.head].shape == "ellipse"
    return node_id(look.boxes[tie.tail]) + f":{LEAVES[look.direction]}" * to_ellipse


def ports_of(box: Look) -> int:
    """How many places there are at which edges enter."""
    return 1 if box.role == "group" and box.ports > FEW else box.ports


def legend(look: LookOf, width: float) -> str:
    """The legend as an HTML label: samples in one row, words in as many as they need below a picture so wide."""
    samples = "<td>  </td>".join(sample(swatch, look.palette) for swatch in look.legend if swatch.kind != "words")
    rows = [spaced(samples)] * bool(samples)
    words = [swatch.text for swatch in look.legend if swatch.kind == "words"]
    room = max(width / LETTER, FEWEST)
    rows += [as_html(" · ".join(row)) for row in in_rows(words, [len(word) + 3.0 for word in words], room)]
    cells = "".join(f'<tr><td align="left">{row}</td></tr>' for row in rows)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="2">{cells}</table>>'


def sample(swatch: Swatch, palette: Palette) -> str:
    """A sample and what it means, or the title of those that come."""
    text = f"<td>{as_html(swatch.text)}</td>"
    if swatch.kind == "title":
        return text
    style = ' style="dashed"' if swatch.dashed else ""
    return f'<td width="22" border="1" color="{palette.border}" bgcolor="{swatch.fill}"{style}></td>{text}'


def spaced(cells: str) -> str:
    """A table of one row."""
    return f'<table border="0" cellborder="0" cellspacing="2" cellpadding="1"><tr>{cells}</tr></table>'


def node_id(box: Look) -> str:
    """The name of a box in DOT."""
    return quoted(safe_id(box.id)) if not re.fullmatch(r"[A-Za-z_]\w*", safe_id(box.id), re.A) else safe_id(box.id)


def safe_id(text: str) -> str:
    """A name as an id that any document takes: other characters as their number, so that no two become one."""
    return re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"_{ord(found[0]):x}_", text)


def quoted(text: str) -> str:
    r"""A text between double quotes, so that what Graphviz shows as a tooltip is the text itself.

    It reads backslashes twice: for names of things (`\N`), and for ends of lines.

    >>> print(quoted('a "b" & \\N'))
    "a \"b\" &amp; \\\\N"
    """
    lines = (printable(line).replace("&", "&amp;").replace("\\", "\\\\\\\\") for line in text.splitlines())
    return '"' + "\\n".join(line.replace('"', '\\"') for line in lines) + '"'
