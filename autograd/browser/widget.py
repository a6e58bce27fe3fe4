"""The page as a widget: the same script and style, with its state where Python sees it."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from autograd.browser.html import script, style

__all__ = ["PageWidget"]


class PageWidget(anywidget.AnyWidget):
    """A page in a cell.

    Attributes:
        document: What it shows; see `Drawing.document`.
        step: The step that is shown, from 0; set it to go there. -1 until it is shown: the last.
        selected: The id of the box that was chosen, as in the scene; "" for none.
        opened: The id of the group that is looked into; "" for the whole picture.

    >>> from autograd import Value, draw
    >>> draw(Value(3.0).exp()).widget().step
    -1
    """

    _esm = script()
    _css = style()
    document: Any = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(-1).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    opened = traitlets.Unicode("").tag(sync=True)
    theme = traitlets.Unicode("").tag(sync=True)
    level = traitlets.Int(2).tag(sync=True)
