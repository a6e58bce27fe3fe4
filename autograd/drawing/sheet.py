"""A view on its way to paper: how it looks, its DOT, where things are. Each is found when first asked for, and kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from zlib import crc32

import graphviz
import numpy as np

from autograd.folding.listing import listing, summary
from autograd.folding.loops import nearest_layers, reach
from autograd.folding.view import View
from autograd.rendering.rendering import RenderingError
from autograd.scenes.dot import attributes, lines_of, lines_to_place
from autograd.scenes.layout import Render, layout_of
from autograd.scenes.look import LookOf, Options, look_of
from autograd.scenes.network import Diagram
from autograd.scenes.places import Layout
from autograd.scenes.two import in_two
from autograd.scenes.wrapping import may_be_wider, wrapped

__all__ = ["DiagramSheet", "Sheet"]


class Sheet:
    """What is drawn, and how.

    Attributes:
        view: What is drawn; None if it is of no graph.
        options: How it is to look.
        wrap: How wide it may be in points; None if it is not to be broken into rows.
    """

    view: View | None

    def __init__(self, view: View, options: Options, wrap: float | None) -> None:
        self.view = self._view = view
        self.options, self.wrap = options, wrap
        self._one_row: Layout | None = None

    @property
    def title(self) -> str:
        """The picture in half a sentence."""
        return summary(self._view)

    @property
    def alt(self) -> str:
        """The same for who cannot see it."""
        return f"Computation graph: {self.title}"

    @property
    def size(self) -> int:
        """How many boxes there are at least; quick also where they are too many to be drawn."""
        return len(self._view.boxes)

    @property
    def reach(self) -> int:
        """How many layers all edges go through together, a measure of the time that laying out takes."""
        ties = self.look.ties
        tails, heads = (np.array(ends, np.int32) for ends in ([t.tail for t in ties], [t.head for t in ties]))
        return reach(nearest_layers(len(self.look.boxes), tails, heads), tails, heads)

    def words(self, limit: int) -> str:
        """The picture as text, of so many bytes at most."""
        return listing(self._view, limit)

    @cached_property
    def look(self) -> LookOf:
        """What every box and edge shows."""
        look = look_of(self._view, self.options)
        return in_two(look, self._view, self.options) if self.options.boxes == "two" else look

    @cached_property
    def prefix(self) -> str:
        """What ids begin with in this drawing: several may share a page. The same in every run."""
        return f"g{crc32(repr(self.look).encode('utf-8', 'surrogatepass')):08x}"

    @cached_property
    def lines(self) -> list[str]:
        """The lines of DOT, without places."""
        return list(lines_of(self.look, self.prefix))

    @cached_property
    def attributes(self) -> dict[str, dict[str, str]]:
        """What DOT says of all boxes and edges."""
        return attributes(self.options)

    def digraph(self, lines: Iterable[str]) -> str:
        """A whole graph in DOT."""
        return str(graphviz.Digraph(**self.attributes, body=list(lines)).source)

    def in_one_row(self, render: Render) -> Layout:
        """Where an engine puts things.

        Raises:
            RenderingError: no engine could.
        """
        if self._one_row is None:
            source = self.digraph(lines_to_place(self.look, self.prefix))
            self._one_row = layout_of(self.look, source, self.prefix, render)
        return self._one_row

    def fixed(self, render: Render) -> Layout | None:
        """The places that the picture's DOT is to tell: of rows, or of texts on edges; None if an engine finds them."""
        if "_fixed" not in vars(self):
            try:
                self._fixed = self.places_to_tell(render)
            except RenderingError:
                self._fixed = None
        return self._fixed

    def places_to_tell(self, render: Render) -> Layout | None:
        """The same, or an error of the engine's."""
        if self.wrap is not None and self.options.direction in ("LR", "RL") and may_be_wider(self.look, self.wrap):
            row = self.in_one_row(render)
            rows = wrapped(row, self.look, self.wrap, self.prefix, self.digraph, render)
            if rows is not None:
                return rows
        return self.in_one_row(render) if any(tie.text for tie in self.look.ties) else None

    def places(self, render: Render) -> Layout:
        """Where things are in the picture.

        Raises:
            RenderingError: no engine could tell.
        """
        return self.fixed(render) or self.in_one_row(render)

    def source_lines(self, layout: Layout) -> list[str]:
        """The lines of DOT, with places."""
        return list(lines_of(self.look, self.prefix, layout))


class DiagramSheet(Sheet):
    """A picture that is of no graph, and whose places are known."""

    def __init__(self, diagram: Diagram, options: Options) -> None:
        self.view, self.options, self.wrap = None, options, None
        self._diagram = diagram

    @property
    def title(self) -> str:
        """The picture in half a sentence."""
        return self._diagram.title

    @property
    def alt(self) -> str:
        """The same for who cannot see it."""
        return self.title

    @property
    def size(self) -> int:
        """How many boxes there are."""
        return len(self._diagram.look.boxes)

    @property
    def reach(self) -> int:
        """Nothing is laid out."""
        return 0

    def words(self, limit: int) -> str:
        """The picture as text."""
        return self._diagram.text

    @property
    def look(self) -> LookOf:
        """What every box and edge shows."""
        return self._diagram.look

    def fixed(self, render: Render) -> Layout:
        """The places that the picture's DOT tells."""
        return self._diagram.layout
