"""A view on its way to paper: how it looks, its DOT, where things are. Each is found when first asked for, and kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from zlib import crc32

import graphviz

from autograd.folding.listing import listing, summary
from autograd.folding.loops import ends_of, nearest_layers, reach
from autograd.folding.view import SMALL, View
from autograd.rendering.rendering import RenderingError
from autograd.scenes.dot import attributes, lines_of, lines_to_place
from autograd.scenes.layout import Render, layout_of
from autograd.scenes.look import look_of
from autograd.scenes.looks import LookOf, Options
from autograd.scenes.network import Diagram
from autograd.scenes.places import Layout
from autograd.scenes.two import in_two
from autograd.scenes.wrapping import breadth_of, may_be_wider, width_at_most, wrapped

__all__ = ["DiagramSheet", "Sheet", "ViewSheet"]


ROWS = 2.8
"""Rows that a small graph may take, by an estimate that is too high, before it is folded."""
MANY = 16
"""Parameters that it may have before it is."""
ROOTS = 8
"""Of more Values that somebody asks for each is to be seen."""
NEARLY, CLOSER = 1.15, "\tgraph [ranksep=0.2]\n"
"""A picture that is wider than a cell by no more than this may fit if its columns are closer."""


class Sheet(ABC):
    """What is drawn, and how.

    Attributes:
        view: What is drawn; None if it is of no graph.
        options: How it is to look.
        wrap: How wide it may be in points; None if it is not to be broken into rows.
    """

    view: View | None = None
    wrap: float | None = None
    options: Options

    @property
    @abstractmethod
    def title(self) -> str:
        """The picture in half a sentence."""

    @property
    def alt(self) -> str:
        """The same for who cannot see it."""
        return self.title

    @property
    @abstractmethod
    def size(self) -> int:
        """How many boxes there are at least; quick also where they are too many to be drawn."""

    @property
    def reach(self) -> int:
        """How many layers all edges go through together, a measure of the time that laying out takes."""
        tails, heads = ends_of(self.look.ties)
        return reach(nearest_layers(len(self.look.boxes), tails, heads), tails, heads)

    @abstractmethod
    def words(self, limit: int) -> str:
        """The picture as text, of so many bytes at most."""

    @property
    @abstractmethod
    def look(self) -> LookOf:
        """What every box and edge shows."""

    @abstractmethod
    def fixed(self, render: Render) -> Layout | None:
        """The places that the picture's DOT is to tell; None if an engine finds them."""

    @abstractmethod
    def places(self, render: Render) -> Layout:
        """Where things are in the picture.

        Raises:
            RenderingError: no engine could tell.
        """

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

    def source_lines(self, layout: Layout) -> list[str]:
        """The lines of DOT, with places."""
        return list(lines_of(self.look, self.prefix, layout))


class ViewSheet(Sheet):
    """A picture of a view, which an engine lays out."""

    def __init__(self, view: View, options: Options, wrap: float | None) -> None:
        self.view = self._view = view
        self.options, self.wrap = options, wrap
        self._one_row: Layout | None = None
        self._fixed: Layout | None = None
        self._asked = False  # for what the DOT is to tell

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
    def is_long(self) -> bool:
        """Whether it is of a graph shown whole that would take more than a few rows, or has many parameters.

        From top to bottom there are no rows: there it is whether it would be wider than a cell.
        """
        if len(self._view.boxes) > SMALL or any(box.group is not None for box in self._view.boxes):
            return False
        if sum(box.node in self._view.names.owners for box in self._view.boxes) > MANY:
            return True
        if self.wrap is None or len(self._view.graph.roots) > ROOTS:
            return False
        if self.options.direction in ("LR", "RL"):
            return width_at_most(self.look) > ROWS * self.wrap
        return breadth_of(self.look) > self.wrap

    def words(self, limit: int) -> str:
        """The picture as text, of so many bytes at most."""
        return listing(self._view, limit)

    @cached_property
    def look_in_one(self) -> LookOf:
        """What every box and edge shows, with an operation and its number in one box."""
        return look_of(self._view, self.options)

    @cached_property
    def _look(self) -> LookOf:
        look = self.look_in_one
        return in_two(look, self._view, self.options) if self.options.boxes == "two" else look

    @property
    def look(self) -> LookOf:
        """What every box and edge shows."""
        return self._look

    def in_one_row(self, render: Render) -> Layout:
        """Where an engine puts things.

        Raises:
            RenderingError: no engine could.
        """
        if self._one_row is None:
            self._one_row = self.laid_out(lines_to_place(self.look, self.prefix), render)
        return self._one_row

    def laid_out(self, lines: Iterable[str], render: Render) -> Layout:
        """Where an engine puts what some lines of DOT say."""
        return layout_of(self.look, self.digraph(lines), self.prefix, render)

    def fixed(self, render: Render) -> Layout | None:
        """The places that the picture's DOT is to tell: of rows, or of texts on edges; None if an engine finds them."""
        if not self._asked:
            self._asked = True
            with suppress(RenderingError):
                self._fixed = self.places_to_tell(render)
        return self._fixed

    def places_to_tell(self, render: Render) -> Layout | None:
        """The same, or an error of the engine's."""
        if self.wrap is not None and self.options.direction in ("LR", "RL") and may_be_wider(self.look, self.wrap):
            row = self.in_one_row(render)
            if self.wrap < row.width <= NEARLY * self.wrap:
                closer = self.laid_out([CLOSER, *lines_to_place(self.look, self.prefix)], render)
                if closer.width <= self.wrap:
                    return closer
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


class DiagramSheet(Sheet):
    """A picture that is of no graph, and whose places are known."""

    def __init__(self, diagram: Diagram, options: Options) -> None:
        self.options, self._diagram = options, diagram

    @property
    def title(self) -> str:
        """The picture in half a sentence."""
        return self._diagram.title

    @property
    def size(self) -> int:
        """How many boxes there are."""
        return len(self._diagram.look.boxes)

    @property
    def reach(self) -> int:
        """Nothing is laid out."""
        return 0

    def words(self, limit: int) -> str:
        """The picture as text, a line for each column."""
        return self._diagram.text

    @property
    def look(self) -> LookOf:
        """What every box and edge shows."""
        return self._diagram.look

    def fixed(self, render: Render) -> Layout:
        """The places that the picture's DOT tells."""
        return self._diagram.layout

    def places(self, render: Render) -> Layout:
        """The same."""
        return self._diagram.layout
