"""Drawing a graph: a box per Value with its label, data and grad, and between boxes the operation that made each."""

from __future__ import annotations

import base64
import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from html import escape as escape_html
from pathlib import Path
from typing import Any
from zlib import crc32

import graphviz

from autograd.border.files import write_file
from autograd.drawing.rendering import RASTERS, TIMEOUT, RenderingError, render_dot
from autograd.graphs.graph import Graph, HasGraph, Node, as_roots, graph_of
from autograd.graphs.listing import listing, number, summary
from autograd.values.value import Value

__all__ = ["Drawing", "draw", "escape"]

FONT = {"fontname": "Helvetica"}  # engines know its widths; in a list with others they fall back to those of Times
GRAPH_STYLE = {"bgcolor": "white", "nodesep": "0.15", "ranksep": "0.3", "ordering": "in"} | FONT
NODE_STYLE = {
    "shape": "record", "fontsize": "11", "height": "0.3", "width": "0.3", "margin": "0.1,0.05",
    "color": "#444444", "fontcolor": "#111111",
} | FONT  # fmt: skip
EDGE_STYLE = {"fontsize": "9", "color": "#555555", "fontcolor": "#333333", "arrowsize": "0.6"} | FONT
LEAF = 'style=filled fillcolor="#e8f1fb"'
OPERATION = 'shape=ellipse style=filled fillcolor="#f4ecd8" margin="0.02,0.02"'
CONSTANT = 'shape=plaintext margin="0.04,0.02"'
ROOT = "penwidth=2"
UNFIT_FOR_XML = "\ufffe\uffff"


def draw(
    roots: Value | Iterable[Value] | HasGraph,
    *,
    format: str = "svg",
    rankdir: str = "LR",
    partials: bool = False,
    depth: int | None = None,
    name: str = "autograd",
) -> Drawing:
    """A drawing of the graph below one Value or several; the last expression of a notebook cell shows itself.

    Leaves are tinted boxes, results white ones, and the roots have a thick border. A constant is a bare number: it has
    no gradient. Ellipses are the operations, with their operands in order from the top (or left); one that reads "..."
    stands for what `depth` left out.

    Args:
        roots: A Value, any iterable of Values, or an object whose `__graph__()` gives these.
        format: What `render()` and `pipe()` write unless told otherwise, as in graphviz.
        rankdir: "LR" puts results to the right of their operands, "TB" below, "RL" and "BT" the reverse.
        partials: Write on each edge the partial derivative that the chain rule multiplies by there.
        depth: How many operations to go down from the roots; all if not given.
        name: The graph's name, which is also that of the files it is saved to.

    Returns:
        A `graphviz.Digraph`: `.source` is its DOT text, `.render(outfile="loss.svg")` writes a file.

    Raises:
        TypeError: a root is not a Value.
        ValueError: no roots, or an option that does not exist.

    Cost: linear in nodes and edges, and no recursion; laying out is the engine's affair and happens on showing.

    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> draw(w * x)
    Drawing('3 values, 1 operation, mul2 = 10.0000')
    """
    if rankdir not in ("LR", "RL", "TB", "BT"):
        raise ValueError(f"draw: rankdir {rankdir!r} is not a direction: choose LR, RL, TB or BT")
    if format.lower() not in graphviz.FORMATS:
        raise ValueError(f"draw: unknown format {format!r}: choose svg, png, pdf or another that Graphviz writes")
    if depth is not None and depth < 0:
        raise ValueError(f"draw: depth {depth} is negative: 0 draws the roots alone, None everything")
    graph = graph_of(as_roots(roots, "draw"), depth=depth)
    # Several drawings may share a page: ids start with a digest of what is drawn, the same in every run.
    prefix = f"g{crc32(repr((graph, rankdir, partials)).encode()):08x}"
    return Drawing(
        name=graphviz.escape(name),  # a backslash at its end would open what DOT's quotes closed
        filename=f"{name}.gv",
        format=format,
        graph=graph,
        body=[*node_lines(graph, prefix), *edge_lines(graph, prefix, partials)],
        graph_attr=GRAPH_STYLE | {"rankdir": rankdir, "id": prefix},
        node_attr=NODE_STYLE,
        edge_attr=EDGE_STYLE,
    )


def node_lines(graph: Graph, prefix: str) -> Iterator[str]:
    """A line of DOT per box, and one per operation."""
    roots = frozenset(graph.roots)
    for node in graph.nodes:
        style = LEAF if node.kind == "leaf" else CONSTANT if node.kind == "constant" else ""
        if node.id in roots:
            style += f" {ROOT}"
        tag = f'id="{prefix}-{node.id}" class={node.kind if node.kind != "op" else "result"}'
        yield f'\t{node.id} [label="{box(node)}" {tag} {style}]\n'
        if node.kind == "op":
            tag = f'id="{prefix}-{node.id}-op" class=op'
            yield f'\t{node.id}_op [label="{"..." if node.cut else escape(node.op)}" {tag} {OPERATION}]\n'


def edge_lines(graph: Graph, prefix: str, partials: bool) -> Iterator[str]:
    """A line of DOT per use of an operand, and one from each operation to its result."""
    for node in graph.nodes:
        if node.kind == "op":
            yield f'\t{node.id}_op -> {node.id} [id="{prefix}-{node.id}-out"]\n'
    for edge in graph.edges:
        label = f' label=" {number(edge.partial)} "' if partials and edge.partial is not None else ""
        yield f'\t{edge.tail} -> {edge.head}_op [id="{prefix}-{edge.head}-in{edge.index}"{label}]\n'


def box(node: Node) -> str:
    """The label of a node: the fields of a record, stacked if the graph runs sideways; a bare number for a constant."""
    if node.kind == "constant":
        data = number(node.data, plain=True)
        return f"{escape(node.label)} = {data}" if node.label else data
    fields = [escape(node.label, record=True)] if node.label else []
    return "|".join([*fields, f"data {number(node.data)}", f"grad {number(node.grad)}"])


def escape(text: str, *, record: bool = False) -> str:
    r"""`text` to be put between double quotes in DOT, so that what is drawn is the text itself.

    Args:
        text: Anything; what has no picture (control characters, lone surrogates) becomes U+FFFD.
        record: It is a field of a record label, where braces, bars, angle brackets and spaces have a meaning too.

    >>> print(escape('a "b" <c>'), escape("{x|y}", record=True))
    a \"b\" <c> \{x\|y\}
    """
    lines = ["".join(escape_character(c, record) for c in line) for line in text.replace("\t", "    ").splitlines()]
    return r"\n".join(lines)


def escape_character(c: str, record: bool) -> str:
    """One character of `escape`."""
    if c in '\\"' or (record and c in "{}|<> "):
        return f"\\{c}"
    if c == "&":
        return "&amp;"  # Graphviz reads HTML entities in labels
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cs") or c in UNFIT_FOR_XML else c


class Drawing(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` that draws itself with or without Graphviz installed, and as text where nothing can draw.

    Attributes:
        graph: What is drawn, as plain data; the text form is made from it.
        timeout: Seconds that one engine may take.
        display_timeout: The same while a notebook waits to show a cell.
        raster_limit: The most nodes, boxes and ellipses, that are rendered to pixels: beyond, it takes gigabytes.
        display_limit: The most that a notebook lays out by itself; `render()` has no such limit.

    >>> drawing = draw(Value(3.0).tanh())
    >>> drawing.source.splitlines()[0], drawing.pipe(encoding="utf-8")[:5]
    ('digraph autograd {', '<?xml')
    """

    timeout: float = TIMEOUT
    display_timeout: float = 20.0
    raster_limit: int = 300
    display_limit: int = 4000

    def __init__(self, name: str | None = None, *args: Any, graph: Graph | None = None, **kwargs: Any) -> None:
        super().__init__(name, *args, **kwargs)
        self.graph = Graph((), (), ()) if graph is None else graph

    def _copy_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super()._copy_kwargs(**kwargs), "graph": self.graph}

    def __repr__(self) -> str:
        return f"Drawing({summary(self.graph)!r})"

    @property
    def size(self) -> int:
        """How many boxes and ellipses there are to lay out."""
        return len(self.graph.nodes) + sum(node.kind == "op" for node in self.graph.nodes)

    def save(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        *,
        skip_existing: bool | None = False,
    ) -> str:
        """Save the source, whole or not at all; its path. Arguments as in `graphviz.Digraph.save`."""
        if filename is not None:
            self.filename = os.fspath(filename)
        if directory is not None:
            self.directory = os.fspath(directory)
        path = Path(self.filepath)
        if not (skip_existing and path.exists()):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, self.source.encode(self.encoding))
        return str(self.filepath)

    def pipe(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        *,
        engine: str | None = None,
        encoding: str | None = None,
    ) -> bytes | str:
        """The picture, as bytes, or as text in the given encoding; arguments as in `graphviz.Digraph.pipe`.

        Raises:
            ValueError: an unknown format or engine, or too many nodes for pixels.
            RenderingError: nothing on this machine could render it.
        """
        picture = self._picture(format, renderer, formatter, neato_no_op, quiet, engine)
        return picture if encoding is None else picture.decode(encoding)

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        quiet_view: bool = False,
        *,
        outfile: str | os.PathLike[str] | None = None,
        engine: str | None = None,
        raise_if_result_exists: bool = False,
        overwrite_source: bool = False,
    ) -> str:
        """Save the source and the picture; the path of the picture. Arguments as in `graphviz.Digraph.render`.

        Raises:
            ValueError: an unknown format or engine, too many nodes for pixels, or `outfile` is the source's own path.
            FileExistsError: the picture is there already, and `raise_if_result_exists`.
            RenderingError: nothing on this machine could render it.
        """
        if raise_if_result_exists and overwrite_source:
            raise ValueError("render: overwrite_source contradicts raise_if_result_exists: leave one of them out")
        target = None if outfile is None else Path(outfile)
        if target is not None:
            format = self._get_format(target, format=format)
            target = target if directory is not None else Path(self.directory, target)
            filename = self._get_filepath(target) if filename is None else filename
        source = Path(self.save(filename, directory=directory, skip_existing=None))
        if target is None:
            parts = (formatter, renderer, (format or self.format).lower())
            target = source.with_name(".".join([source.name, *[part for part in parts if part]]))
        elif not overwrite_source and target.resolve() == source.resolve():
            raise ValueError(f"render: {str(target)!r} is also where the source is saved: pass overwrite_source=True")
        if raise_if_result_exists and target.exists():
            raise graphviz.FileExistsError(f"output file exists: {str(target)!r}")
        picture = self._picture(format, renderer, formatter, neato_no_op, quiet, engine, folder=source.parent)
        write_file(target, picture)
        if cleanup:
            source.unlink()
        if view or quiet_view:
            self._view(str(target), format=format or self.format, quiet=quiet_view)
        return str(target)

    def _picture(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = True,
        engine: str | None = None,
        folder: Path | None = None,
        timeout: float | None = None,
    ) -> bytes:
        format = (format or self.format).lower()
        if format in RASTERS and self.size > self.raster_limit:
            raise ValueError(
                f"{format} of {self.size:,} nodes takes too much memory (the limit is {self.raster_limit:,}): use "
                'format="svg", draw only the end of the graph with draw(..., depth=2), or raise .raster_limit'
            )
        return render_dot(
            self.source, format, layout=engine or self.engine,
            renderer=renderer or self.renderer, formatter=formatter or self.formatter, neato_no_op=neato_no_op,
            encoding=self.encoding, folder=None if folder is None else str(folder),
            timeout=timeout or self.timeout, quiet=quiet,
        )  # fmt: skip

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: Any
    ) -> dict[str, str]:
        """What a notebook shows: a picture where one can be made, always text; nothing is ever raised."""
        bundle: dict[str, str] = {}
        try:
            text = f"{summary(self.graph)}\n{listing(self.graph)}"
            bundle["text/plain"] = text
            if self.size > self.display_limit:
                hint = 'render(outfile="graph.svg") may take long, draw(..., depth=2) draws the end of it'
                bundle["text/plain"] = f"{text}\n(not laid out, with {self.size:,} nodes: {hint})"
            else:
                try:
                    bundle |= self._pictures()
                except Exception as error:
                    bundle["text/plain"] = f"{text}\n(no picture: {error})"
        except Exception as error:
            bundle["text/plain"] = f"<Drawing that cannot show itself: {type(error).__name__}: {error}>"
        return {
            kind: data
            for kind, data in bundle.items()
            if (include is None or kind in include) and (exclude is None or kind not in exclude)
        }

    def _pictures(self) -> dict[str, str]:
        """The picture as HTML, SVG and, if it is small, PNG. An <img> also shows in a notebook not yet trusted."""
        patience = min(self.timeout, self.display_timeout)
        svg = self._picture("svg", timeout=patience)
        pictures = {"image/svg+xml": svg.decode("utf-8")}
        kind, data = "image/svg+xml", base64.b64encode(svg).decode("ascii")
        if self.size <= self.raster_limit // 2:
            try:
                png = base64.b64encode(self._picture("png", timeout=patience)).decode("ascii")
                pictures["image/png"] = png
                if self.format == "png":
                    kind, data = "image/png", png
            except RenderingError:
                pass  # the SVG is there
        alt = escape_html(f"Computation graph: {summary(self.graph)}", quote=True)
        pictures["text/html"] = f'<img alt="{alt}" style="max-width:100%" src="data:{kind};base64,{data}">'
        return pictures
