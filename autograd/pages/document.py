"""A page's document: all its pictures, and what is said about them; plain data, as `page.js` reads it."""

from __future__ import annotations

from functools import partial
from typing import Any

from autograd.folding.folding import Folded
from autograd.folding.view import View
from autograd.pages.insides import LAYOUTS, Arranged, Pictures
from autograd.pages.picture import layout_data
from autograd.pages.room import with_room
from autograd.pages.sweep import MOST, swept
from autograd.scenes.layout import Render
from autograd.scenes.looks import LookOf
from autograd.scenes.sheet import Sheet, ViewSheet

__all__ = ["LARGEST", "document_of"]

VERSION = 1
LARGEST = 340_000
"""Bytes of all pictures: with its script a page then has 400 kB at most."""


class RoomySheet(ViewSheet):
    """A picture of a view whose numbers are to change."""

    def __init__(self, view: View, like: Sheet) -> None:
        super().__init__(view, like.options, like.wrap)
        look = like.look_in_one if isinstance(like, ViewSheet) and view is like.view else self.look_in_one
        self._roomy = with_room(look, like.options.digits)

    @property
    def look(self) -> LookOf:
        """What every box and edge has room for."""
        return self._roomy


def document_of(
    sheet: Sheet,
    folded: Folded | None,
    render: Render,
    *,
    most: int = LARGEST,
    nodes: int = MOST,
    layouts: int = LAYOUTS,
) -> dict[str, Any]:
    """The document of a picture and of what is in its groups.

    Args:
        sheet: What is seen first.
        folded: The graph with its groups; None if nothing of it can be opened.
        render: What runs an engine.
        most: How many bytes all pictures may take; the first is there in any case.
        nodes: How many nodes may be stepped through.
        layouts: How many kinds of pictures may be laid out.

    Raises:
        RenderingError: no engine could lay it out.

    Cost: linear in nodes and edges, in Python; laying out some forty pictures at most.
    """
    if not isinstance(sheet, ViewSheet) or sheet.view is None:
        return of_diagram(sheet, render)
    sweep = swept(sheet.view.graph, nodes) if sheet.view.numbers else "a recorded program has no numbers to show"

    def arrange(view: View) -> Arranged:
        roomy = RoomySheet(view, sheet)
        return Arranged(roomy.look, partial(roomy.places, render))

    found = Pictures(folded, arrange, None if isinstance(sweep, str) else sweep, most, layouts)
    found.add_all(sheet.view, sheet.title)
    document = {"version": VERSION, "title": sheet.title, "pictures": found.pictures, "layouts": found.layouts}
    document |= looks_of(sheet)
    notes = [sweep] if isinstance(sweep, str) else []
    if not isinstance(sweep, str):
        notes.append(sweep.note)
        if sweep.done and any(before != 0.0 for before in sweep.leaves.values()):
            notes.append("What a leaf had before is what gives, with what came, the gradient that it has.")
    if found.left_out:
        notes.append(
            f"{found.left_out:,} groups are not in this page: a drawing in which one is opened has a page of it"
        )
    return document | ({"notes": notes} if notes else {})


def looks_of(sheet: Sheet) -> dict[str, Any]:
    """What a page takes over from its picture: how many digits, and that it is dark."""
    dark = {"theme": "dark"} if sheet.options.theme == "dark" else {}
    return {"digits": sheet.options.digits} | dark


def of_diagram(sheet: Sheet, render: Render) -> dict[str, Any]:
    """The document of a picture that is of no graph: it is looked at, and not stepped through."""
    look = sheet.look
    boxes = [
        {"id": box.id, "role": box.role, "shape": box.shape, "lines": [[line.text, line.kind] for line in box.lines]}
        for box in look.boxes
    ]
    edges = [[tie.tail, tie.head, tie.partial, tie.width, int(tie.dashed)] for tie in look.ties]
    return looks_of(sheet) | {
        "version": VERSION,
        "title": sheet.title,
        "notes": ["a network is looked at as a whole: draw(model, args=(x,)) draws what it computes, step by step"],
        "pictures": [{"title": sheet.title, "layout": 0, "whole": False, "boxes": boxes, "edges": edges}],
        "layouts": [layout_data(sheet.places(render))],
    }
