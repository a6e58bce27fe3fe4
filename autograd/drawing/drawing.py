"""A picture as a `graphviz.Digraph`: its DOT, its scene, its files, and what a notebook shows of it."""

from __future__ import annotations

import base64
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import graphviz

from autograd.drawing.bundle import TWICE, bounded, image, note, slim
from autograd.drawing.digraph import SCALABLE, Digraph
from autograd.drawing.request import NEAR, Request
from autograd.drawing.saving import check_saving, ending_of, make_folder, write_named
from autograd.drawing.sheet import Sheet, ViewSheet
from autograd.folding.view import View
from autograd.graphs.graph import Graph, as_depth
from autograd.rendering.rendering import MEMORY, RenderingError, render_dot
from autograd.scenes.places import Layout
from autograd.scenes.scene import scene_of
from autograd.writers.endings import WRITERS

__all__ = ["Drawing", "Problem"]

TEXT = 3600
"""Bytes of a picture in words, in a cell that may have 4 kB and needs a line or two to say more."""

TANGLED = 2_500
"""Layers that edges go through together in what a notebook lays out by itself: two seconds' work."""

TAKES = 'take minutes to lay out: leave `fold` at "auto", close some groups, draw a part, or .save() it as it is'

ENDINGS = (*SCALABLE, "pdf", "txt", *(ending for ending in WRITERS if ending != "pdf"))


class Problem(NamedTuple):
    """Why there is no picture: what it would be of, and what to do."""

    title: str
    remedy: str


class Drawing(Digraph):
    """A `graphviz.Digraph` that draws itself with or without Graphviz installed, and as text where nothing can draw.

    What is added to it by hand (`node`, `edge`, `attr`) is drawn too; a picture in rows is then drawn in one.

    Attributes:
        request: What was asked for: `open`, `close` and `focus` ask anew.
        problem: Why there is nothing to be seen.
        display_timeout: Seconds that one engine may take while a notebook waits to show a cell.
        display_limit: The most that a notebook lays out by itself; `render()` has no such limit.

    >>> from autograd import Value, draw
    >>> drawing = draw(Value(3.0).tanh())
    >>> drawing.source.splitlines()[0], drawing.pipe(encoding="utf-8")[:5]
    ('digraph autograd {', '<?xml')
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

    def __repr__(self) -> str:
        return f"Drawing({self.title!r})"

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

    # --- other pictures of the same -----------------------------------------------------------------------------------

    def open(self, group: Any) -> Drawing:
        """The drawing with a group opened.

        Args:
            group: A group, its id or title, `"model.layers.0"`; or a Value, or its name: then all that it is in.

        Raises:
            KeyError: there is no such thing in the picture; the message names some that are.
            TypeError: it is none of these.
            ValueError: it has more parts than can be drawn, or this is no drawing of a graph.

        >>> from autograd import Value, draw
        >>> w = Value(1.0)
        >>> drawing = draw(w * w + w.exp(), fold="repeats", max_boxes=1)
        >>> len(drawing.shown.boxes), len(drawing.open("everything").shown.boxes)
        (1, 4)
        """
        return self._anew(self._requested.opened(group))

    def close(self, group: Any) -> Drawing:
        """The drawing with a group closed: one box for all that is in it; see `open`."""
        return self._anew(self._requested.closed(group))

    def focus(self, value: Any, depth: int = NEAR) -> Drawing:
        """A drawing of what is near a Value, or near a group; see `open`.

        Args:
            value: A Value of the graph, or its name; or a group, or its id.
            depth: How many operations to go from there, in each direction.
        """
        return self._anew(self._requested.focused(value, as_depth(depth, "focus")))

    @property
    def _requested(self) -> Request:
        if self.request is None:
            raise ValueError("this Drawing has no groups: only draw() of a graph gives one that has")
        return self.request

    def _anew(self, request: Request) -> Drawing:
        """A drawing that looks as this one does, of something else."""
        kwargs = {name: x for name, x in self._copy_kwargs().items() if name != "body"}
        before = kwargs["sheet"]
        return type(self)(
            **kwargs | {"request": request, "sheet": ViewSheet(request.view(), before.options, before.wrap)}
        )

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
            filename: By its ending: a picture (.svg, .png, .pdf), a paper's (.tex), Markdown's (.mmd), data (.json),
                text (.txt); with .gv, .dot, or none it is the source, as `graphviz.Digraph.save` has it.
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
            make_folder(path)
            write_named(path, contents)
        return str(path)

    def _contents(self, ending: str, scale: float) -> bytes:
        """What a file of such an ending holds."""
        if ending == "txt":
            return f"{self._text()}\n".encode("utf-8", "replace")
        if ending in SCALABLE or ending == "pdf":
            return self._picture(ending, scale=scale)
        return WRITERS[ending](self.scene)

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

    # --- notebooks ----------------------------------------------------------------------------------------------------

    def _text(self) -> str:
        """The picture in words."""
        if self.problem is not None:
            return f"{self.title}\n{note(f'not drawn: {self.problem.remedy}')}"
        return self.source if self._sheet is None else f"{self.title}\n{self._sheet.words(TEXT)}"

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: Any
    ) -> dict[str, str]:
        """What a notebook shows: a picture where one can be made, always text; nothing is ever raised."""
        bundle: dict[str, str] = {}
        try:
            bundle["text/plain"] = text = self._text()
            if (size := self.size) > self.display_limit:
                bundle["text/plain"] = f"{text}\n{note(f'not laid out: {size:,} shapes {TAKES}')}"
            elif self._sheet is not None and self._sheet.reach > TANGLED:
                bundle["text/plain"] = f"{text}\n{note(f'not laid out: edges that go past many shapes {TAKES}')}"
            elif self.problem is None:
                try:
                    bundle = bounded(bundle | self._pictures())
                except Exception as error:
                    bundle["text/plain"] = f"{text}\n{note(f'no picture: {error}')}"
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
        html = image("svg+xml", slim(svg.decode("utf-8")).encode(), self.alt)  # an <img> shows no tooltips
        if self.size <= self.raster_limit // 2:
            try:
                png = self._picture("png", timeout=patience, memory=MEMORY)
                pictures["image/png"] = base64.b64encode(png).decode("ascii")
                if self.format == "png" and len(png) <= TWICE // 2:
                    html = image("png", png, self.alt)
            except RenderingError:
                pass  # the SVG is there
        return pictures | {"text/html": html}
