"""What is in a group, as pictures of their own: whoever opens a box goes there, and nothing is laid out in a browser.

What looks alike is laid out once: the sixteen neurons of a layer differ in their numbers and in a digit of their names.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, NamedTuple

from autograd.folding.folding import Folded, Group
from autograd.folding.view import TooManyBoxes, View, view_of
from autograd.pages.picture import layout_data, picture_of
from autograd.pages.samples import samples_of
from autograd.pages.sweep import Swept
from autograd.scenes.looks import LookOf
from autograd.scenes.places import Layout

__all__ = ["Arranged", "Pictures"]

PARTS = 32
"""What has more parts than that of one kind is no picture worth opening."""
LAYOUTS = 40
"""So many kinds of pictures are laid out: a second's work."""
SMALLEST, LEAST = 1_000, 60
"""Bytes: there is no picture that takes less; nor a box that does."""
MISSES = 6
"""After so many pictures for which there was no room no more are tried."""
NEIGHBOURS = 6
"""Of so many boxes that a group takes from or gives to it is said."""


class Arranged(NamedTuple):
    """How a view looks, with room for all numbers; and what lays it out, when asked to."""

    look: LookOf
    lay_out: Callable[[], Layout]


class Pictures:
    """A view, and what is in its groups, as far as there is room.

    Args:
        folded: The graph; None if the view has no groups.
        arrange: From a view to how it looks and where things are.
        swept: What the sweep does; None if there is none.
        most: How many bytes all pictures may take, as JSON.
        layouts: How many kinds of pictures may be laid out.

    Attributes:
        pictures, layouts: The pictures, and the places that they refer to by number.
        left_out: How many groups are not in it that could be opened.
    """

    def __init__(
        self,
        folded: Folded | None,
        arrange: Callable[[View], Arranged],
        swept: Swept | None,
        most: int,
        layouts: int = LAYOUTS,
    ) -> None:
        self.folded, self.arrange, self.swept, self.left = folded, arrange, swept, most
        self.most_layouts, self.missed = layouts, 0
        self.pictures: list[dict[str, Any]] = []
        self.layouts: list[dict[str, Any]] = []
        self.left_out = 0
        self.kinds: dict[Any, int] = {}
        self.refused: set[Any] = set()
        self.laid_out = 0
        self.views: list[View] = []

    def add_all(self, view: View, title: str) -> None:
        """Put in a view, and then level by level what is in its groups."""
        first = self.add(view, {"title": title}, whatever=True)
        assert first is not None
        waiting = deque([(view, first)])
        while waiting:
            view, number = waiting.popleft()
            for k, inner, about in self.to_open(view, number):
                inside = self.add(inner, about)
                if inside is None:
                    self.left_out += 1
                else:
                    self.pictures[number]["boxes"][k]["inside"] = inside
                    waiting.append((inner, inside))
        for view, picture in zip(self.views, self.pictures, strict=True):
            self.add_samples(view, picture)

    def add_samples(self, view: View, picture: dict[str, Any]) -> None:
        """Put in the numbers of what is done many times, where there is room left: they take the most."""
        samples = samples_of(view, self.swept) if view.numbers and self.left > SMALLEST else []
        size = size_of(samples)
        if samples and size <= self.left:
            picture["samples"] = samples
            self.left -= size

    def to_open(self, view: View, number: int) -> Iterator[tuple[int, View, dict[str, Any]]]:
        """The boxes of a picture that can be opened: what is in them, and what is said of that."""
        for k, box in enumerate(view.boxes):
            if box.group is None or self.folded is None or not is_worth_it(box.group):
                continue
            if self.left < SMALLEST or self.missed >= MISSES:
                self.left_out += 1
                continue
            try:
                inner = view_of(within(self.folded, box.group))._replace(numbers=view.numbers)
            except TooManyBoxes:
                continue
            if len(inner.boxes) > 1:
                about = {"title": box.group.title, "id": box.group.id, "parent": number}
                yield k, inner, about | neighbours(view, self.pictures[number], k)

    def add(self, view: View, about: dict[str, Any], *, whatever: bool = False) -> int | None:
        """The number of a view's picture; None if there is no room for it."""
        if self.left <= 0 and not whatever:
            return None
        look, lay_out = self.arrange(view)
        kind = kind_of(look)
        if kind in self.refused or (kind not in self.kinds and self.laid_out >= self.most_layouts and not whatever):
            return None
        picture = about | {"layout": self.kinds.get(kind, len(self.layouts))} | picture_of(view, look, self.swept)
        size = size_of(picture)
        layout = None
        if kind not in self.kinds and (whatever or size + LEAST * len(view.boxes) <= self.left):
            layout = layout_data(lay_out())
            self.laid_out += 1
            size += size_of(layout)
        if not whatever and (size > self.left or (layout is None and kind not in self.kinds)):
            self.refused.add(kind)
            self.missed += 1
            return None
        if layout is not None:
            self.kinds[kind] = len(self.layouts)
            self.layouts.append(layout)
        self.left -= size
        self.pictures.append(picture)
        self.views.append(view)
        return len(self.pictures) - 1


def is_worth_it(group: Group) -> bool:
    """Whether something is seen when a group is opened."""
    return group.kind in ("module", "steps") or (not group.chunked and len(group.parts) <= PARTS)


def within(folded: Folded, group: Group) -> Folded:
    """The same graph with nothing in sight but a group."""
    inner = copy(folded)
    inner.top = group
    return inner


def neighbours(view: View, picture: dict[str, Any], k: int) -> dict[str, list[str]]:
    """What a box takes from, and what it gives to, in words."""
    tails = dict.fromkeys(title_of(picture, link.tail) for link in view.links if link.head == k)
    heads = dict.fromkeys(title_of(picture, link.head) for link in view.links if link.tail == k)
    return {"from": list(tails)[:NEIGHBOURS], "to": list(heads)[:NEIGHBOURS]}


def title_of(picture: dict[str, Any], k: int) -> str:
    """What a box is called."""
    box = picture["boxes"][k]
    return str(box.get("name") or next((text for text, _ in box.get("lines", ())), box["id"]))


def kind_of(look: LookOf) -> Any:
    """What two looks have in common that are laid out in the same way."""
    boxes = tuple(
        (box.shape, box.ports, tuple((len(line.text), line.bold) for line in box.lines), box.border.width)
        for box in look.boxes
    )
    return boxes, tuple((tie.tail, tie.head, tie.port, tie.text) for tie in look.ties)


def size_of(data: Any) -> int:
    """How many bytes something takes as JSON."""
    return len(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace"))
