"""A look with room for every number that a step may bring: a page is laid out once, and its numbers change."""

from __future__ import annotations

from autograd.scenes.looks import Line, Look, LookOf

__all__ = ["with_room"]

PARTIAL = "×−8.88e−8"
"""As wide as nearly all numbers of three digits."""
WORDS = ("data", "grad")
"""What a line with a number begins with."""
READABLE = 60
"""Of so many boxes edges have room for their partials; beyond, they would take the picture apart."""


def with_room(look: LookOf, digits: int = 4) -> LookOf:
    """The look with the widest numbers of so many digits in place of those that are there.

    >>> from autograd import Value, draw
    >>> [line.text for line in with_room(draw(Value(2.0).exp())._sheet.look).boxes[1].lines]
    ['exp(v1)', 'data −8.888e−88', 'grad −8.888e−88']
    """
    widest = f"−8.{(digits - 1) * '8'}e−88"
    boxes = [box._replace(lines=roomy(box, widest)) for box in look.boxes]
    texts = len(boxes) <= READABLE
    ties = [tie._replace(text=PARTIAL if texts and tie.partial is not None else "") for tie in look.ties]
    return look._replace(boxes=boxes, ties=ties, legend=[])


def roomy(box: Look, widest: str) -> list[Line]:
    """The lines of a box; of a group also one for a number, as a sample of it has."""
    lines = [
        Line(f"{line.text[:4]} {widest}", "number") if line.kind == "number" and line.text[:4] in WORDS else line
        for line in box.lines
        if line.kind != "alarm"
    ]
    if box.role == "group":
        lines = [line for line in lines if line.kind == "name"]
        lines += [Line("88,888 values, 88,888 p.", "note"), Line(f"mean |grad| {widest[1:]}", "note")]
    return lines
