"""A drawing: a picture that opens and closes its groups, and what a notebook shows of it."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Any

from autograd.border.console import complain
from autograd.browser.html import frame_of
from autograd.drawing.bundle import PAGE, TWICE, bounded, image, note, slim, without_page
from autograd.drawing.paper import Paper
from autograd.drawing.request import NEAR, Request
from autograd.graphs.graph import as_depth
from autograd.rendering.rendering import MEMORY, RenderingError
from autograd.scenes.sheet import ViewSheet

__all__ = ["Drawing"]

TANGLED = 2_500
"""Layers that edges go through together in what a notebook lays out by itself: two seconds' work."""

TAKES = 'take minutes to lay out: leave `fold` at "auto", close some groups, draw a part, or .save() it as it is'

FEW = 12
"""Kinds of pictures that a cell lays out."""
STEPPED = 50_000
"""Nodes that a cell steps through by itself: a third of a second's work."""


class Drawing(Paper):
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

    def __repr__(self) -> str:
        return f"Drawing({self.title!r})"

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

    # --- notebooks ----------------------------------------------------------------------------------------------------

    def widget(self) -> Any:
        """The page as a widget of a notebook: its `.step`, `.selected` and `.opened` can be read and set in Python.

        Without anywidget (`pip install 'chainrule[notebook]'`) it is the drawing itself, which shows the page, and a
        line says so.

        Raises:
            ValueError, RenderingError: as of `document`.
        """
        document = self.document()
        try:
            from autograd.browser.widget import PageWidget
        except ImportError:
            complain("no widget: `pip install 'chainrule[notebook]'` brings anywidget; the page is shown instead")
            return self
        return PageWidget(document=document)

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
                    bundle = self._framed(bundle | self._pictures())
                except Exception as error:
                    bundle["text/plain"] = f"{text}\n{note(f'no picture: {error}')}"
        except Exception as error:
            bundle["text/plain"] = f"<Drawing that cannot show itself: {type(error).__name__}: {error}>"
        return {
            kind: data
            for kind, data in bundle.items()
            if (include is None or kind in include) and (exclude is None or kind not in exclude)
        }

    def _framed(self, bundle: dict[str, str]) -> dict[str, str]:
        """The bundle with the page around its picture, as far as there is room; closures are run for nobody unasked."""
        if not self._untouched or (self.graph is not None and any(value.has_closure for value in self.graph.values)):
            return bounded(bundle)
        try:
            room = PAGE - len(bundle["text/html"])
            document = self.document(most=room, nodes=STEPPED, layouts=FEW)
        except Exception:  # the picture is there
            return bounded(bundle)
        if not document["pictures"][0].get("forward"):
            return bounded(bundle)
        framed = frame_of(document, bundle["text/html"])
        found = bounded(bundle | {"text/html": framed})
        return found if "text/html" in found else without_page(bounded(bundle))

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
