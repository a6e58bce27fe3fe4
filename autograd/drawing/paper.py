"""A picture as a `graphviz.Digraph`: its DOT, its scene, its files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import graphviz

from autograd.browser.html import html_of
from autograd.drawing.bundle import note
from autograd.drawing.digraph import SCALABLE, Digraph
from autograd.drawing.request import Request
from autograd.drawing.saving import check_page, check_saving, ending_of, write_named
from autograd.folding.view import View
from autograd.graphs.graph import Graph
from autograd.pages.document import LARGEST, document_of
from autograd.pages.insides import LAYOUTS
from autograd.pages.sweep import MOST
from autograd.rendering.rendering import RenderingError, render_dot
from autograd.scenes.places import Layout
from autograd.scenes.scene import scene_of
from autograd.scenes.sheet import Sheet
from autograd.writers.endings import WRITERS

__all__ = ["ENDINGS", "Paper", "Problem"]

TEXT = 3600
"""Bytes of a picture in words, in a cell that may have 4 kB and needs a line or two to say more."""

ENDINGS = (*SCALABLE, "pdf", "html", "txt", *(ending for ending in WRITERS if ending != "pdf"))


class Problem(NamedTuple):
    """Why there is no picture: what it would be of, and what to do."""

    title: str
    remedy: str


class Paper(Digraph):
    """A picture that knows what it is of, and is written to files in many forms.

    Attributes:
        request: What was asked for.
        problem: Why there is nothing to be seen.
        display_timeout: Seconds that one engine may take while somebody waits to see it.
        display_limit: The most boxes that are laid out while somebody waits.
    """

    display_timeout: float = 20.0
    display_limit: int = 800
    _lines: list[str] | None = None

    def __init__(
        self,
        name: str | None = None,
        *args: Any,
        sheet: Sheet | None = None,
        request: Request | None = None,
        problem: Problem | None = None,
        **kwargs: Any,
    ) -> None:
        self._sheet, self.request, self.problem = sheet, request, problem
        if self._sheet is not None:
            kwargs = self._sheet.attributes | kwargs
        super().__init__(name, *args, **kwargs)
        if self._sheet is not None and kwargs.get("body") is None:
            self._lines = None  # made when first asked for

    def _copy_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        own = {"sheet": self._sheet, "request": self.request, "problem": self.problem}
        return {**super()._copy_kwargs(**kwargs), **own}

    # --- what is drawn ------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> View | None:
        """What is drawn, as boxes and links; None if it is of no graph."""
        return None if self._sheet is None else self._sheet.view

    @property
    def graph(self) -> Graph | None:
        """The graph that this is a picture of, as plain data."""
        return None if self.shown is None else self.shown.graph

    @property
    def title(self) -> str:
        """The picture in half a sentence."""
        if self.problem is not None:
            return self.problem.title
        return "by hand" if self._sheet is None else self._sheet.title

    @property
    def alt(self) -> str:
        """The picture for who cannot see it."""
        return self.title if self._sheet is None else self._sheet.alt

    @property
    def size(self) -> int:
        """How many boxes there are to lay out."""
        if self._sheet is None:
            return len(self.body)
        boxes = self._sheet.size
        return boxes if boxes > self.display_limit else len(self._sheet.look.boxes)

    def _require_picture(self) -> None:
        if self.problem is not None:
            raise ValueError(self.problem.remedy)

    @property
    def body(self) -> list[str]:
        """The lines of DOT, to be added to; made when first asked for."""
        if self._lines is None:
            self._lines = [] if self._sheet is None else list(self._sheet.lines)
        return self._lines

    @body.setter
    def body(self, lines: list[str]) -> None:
        self._lines = lines

    def __iter__(self, subgraph: bool = False) -> Iterator[str]:
        """The lines of DOT; with places in them if it is broken into rows, or has texts on its edges."""
        self._require_picture()
        places = None if subgraph or not self._untouched else self._fixed
        if places is None or self._sheet is None:
            yield from super().__iter__(subgraph=subgraph)
        else:
            yield from graphviz.Digraph(**super()._copy_kwargs() | {"body": self._sheet.source_lines(places)})

    @property
    def _untouched(self) -> bool:
        """Whether nothing was added or changed by hand: of such things no places are known."""
        if self._sheet is None:
            return False
        own = {"graph_attr": self.graph_attr, "node_attr": self.node_attr, "edge_attr": self.edge_attr}
        return own == self._sheet.attributes and (self._lines is None or self._lines == self._sheet.lines)

    @property
    def _fixed(self) -> Layout | None:
        """The places that the DOT gives, if it does."""
        if self._sheet is None or self.size > self.display_limit:
            return None
        return self._sheet.fixed(self._lay_out)

    def _lay_out(self, source: str, format: str) -> bytes:
        return render_dot(source, format, timeout=min(self.timeout, self.display_timeout))

    @property
    def scene(self) -> dict[str, Any]:
        """The picture as plain data, laid out: boxes and edges with their places, in points, y downwards.

        `autograd/scenes/scene.schema.json` says what is in it. What was added by hand is not.

        Raises:
            ValueError: all of the picture was put in by hand.
            RenderingError: nothing on this machine could lay it out.
        """
        self._require_picture()
        if self._sheet is None:
            raise ValueError("this Drawing was put in by hand: only draw() gives one that has a scene")
        return scene_of(self._sheet.look, self._sheet.places(self._lay_out), self.title)

    # --- files --------------------------------------------------------------------------------------------------------

    def save(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        *,
        skip_existing: bool | None = False,
        scale: float = 1.0,
    ) -> str:
        """Save the picture, or its source, whole or not at all; the path.

        Args:
            filename: By its ending: a picture (.svg, .png, .pdf), a page (.html, see `page`), a paper's (.tex),
                Markdown's (.mmd), data (.json), text (.txt); with .gv, .dot, or none it is the source, as
                `graphviz.Digraph.save` has it.
            directory: Where, if not here.
            skip_existing: Leave a file that is there already.
            scale: How much larger an .svg or .png is to be.

        Raises:
            ValueError: another ending, or a scale for what has none.
            OSError: the file cannot be written.
            RenderingError: nothing on this machine could draw it.
        """
        ending = ending_of(filename)
        check_saving(self.filename if filename is None else filename, directory, scale, ending in SCALABLE)
        if ending in ("", "gv", "dot"):
            return self._save_source(filename, directory, skip_existing=skip_existing)
        if ending not in ENDINGS:
            known = ", ".join(f".{known}" for known in ENDINGS)
            raise ValueError(f"save: {filename!r} ends in none of {known}; .gv, .dot and no ending save the source")
        path = Path(directory or "", filename or "")
        if not (skip_existing and path.exists()):
            contents = self._contents(ending, scale)
            write_named(path, contents)
        return str(path)

    def _contents(self, ending: str, scale: float) -> bytes:
        """What a file of such an ending holds."""
        if ending == "txt":
            return f"{self._text()}\n".encode("utf-8", "replace")
        if ending in SCALABLE or ending == "pdf":
            return self._picture(ending, scale=scale)
        if ending == "html":
            return html_of(self.document()).encode()
        return WRITERS[ending](self.scene)

    def page(
        self,
        filename: str | os.PathLike[str],
        directory: str | os.PathLike[str] | None = None,
        *,
        step: int = -1,
        theme: Literal["", "light", "dark"] = "",
    ) -> str:
        """Save a page that steps through backpropagation, whole or not at all; the path.

        It goes forward and then backward, one operation at a time: partial times gradient, what each operand had and
        has. Groups open into pictures of their own. One HTML file, read without a network; `?` lists its keys. Made
        after `backward()` it shows that sweep, before it what it would do. What was added by hand is not in it.

        Args:
            filename: Where, as in "loss.html".
            directory: The folder, if not here.
            step: Where it starts: 0 before anything is computed, -1 (the last) with all gradients there.
            theme: "light" or "dark", whatever the reader's system is.

        Raises:
            TypeError, ValueError: there is nothing to be shown, or an argument is none of these.
            OSError: the file cannot be written.
            RenderingError: nothing on this machine could lay it out.

        Cost: linear, in Python, up to 200,000 nodes; beyond, it shows numbers and says that it does not step. 400 kB at
        most, or the picture that is seen first.

        >>> import os, tempfile
        >>> from autograd import Value, draw
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     os.path.basename(draw(Value(3.0).exp()).page("loss.html", folder))
        'loss.html'
        """
        check_page(filename, step, theme)
        check_saving(filename, directory, 1.0, False)
        contents = html_of(self.document(), step, theme)
        path = Path(directory or "", filename)
        write_named(path, contents.encode())
        return str(path)

    def document(self, *, most: int = LARGEST, nodes: int = MOST, layouts: int = LAYOUTS) -> dict[str, Any]:
        """The page as plain data: its pictures with their places, and every step with its numbers.

        Args:
            most: How many bytes all pictures may take; the first is there in any case.
            nodes: How many nodes may be stepped through one by one.
            layouts: How many kinds of pictures may be laid out.

        Raises:
            ValueError: all of the picture was put in by hand, or there is none.
            RenderingError: nothing on this machine could lay it out.
        """
        self._require_picture()
        if self._sheet is None:
            raise ValueError("this Drawing was put in by hand: only draw() gives one that has a page")
        folded = None if self.request is None else self.request.folded
        return document_of(self._sheet, folded, self._lay_out, most=most, nodes=nodes, layouts=layouts)

    def _text(self) -> str:
        """The picture in words."""
        if self.problem is not None:
            return f"{self.title}\n{note(f'not drawn: {self.problem.remedy}')}"
        return self.source if self._sheet is None else f"{self.title}\n{self._sheet.words(TEXT)}"

    def _picture(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = True,
        engine: str | None = None,
        **how: Any,
    ) -> bytes:
        try:
            return super()._picture(format, renderer, formatter, neato_no_op, quiet, engine, **how)
        except RenderingError as error:
            of_engines = engine or renderer or formatter or neato_no_op or self.renderer or self.engine != "dot"
            if (format or self.format).lower() != "pdf" or of_engines or not self._untouched:
                raise
            return self._pdf_from_scene(error)

    def _pdf_from_scene(self, error: RenderingError) -> bytes:
        """The picture as PDF where no engine makes one: as what the scene has, and by `dot`'s layout alone."""
        try:
            return WRITERS["pdf"](self.scene)
        except ImportError:
            raise RenderingError(f"{error}, or `pip install matplotlib`, which draws it too", error.stderr) from None
