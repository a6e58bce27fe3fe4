"""A picture that is too wide, in rows."""
from __future__ import annotations

from autograd.drawing.look import LookOf
from autograd.drawing.places import Layout

__all__ = ["WIDEST", "may_be_wider", "wrapped"]

WIDEST = 1222.0
def may_be_wider(look: LookOf, width: float) -> bool:
    return False

def wrapped(layout: Layout, look: LookOf, width: float) -> Layout | None:
    return None
