"""Stand-ins for what compiled nodes have in C: storage, dropping, dictionaries. Python does most of it by itself.

Of these names the compiled engine has its own, in `memory.pxd` and, where they know a node's fields, in `node.pxd`.
"""

from __future__ import annotations

from operator import getitem
from typing import Any

__all__ = [
    "Doubles", "Pile", "count", "doubles", "drop", "flags", "free_pile", "free_workspace",
    "give_signature", "hang_dict_on", "has_dict", "interleaved", "is_numbered", "keep", "listed", "new_pile", "node_at",
    "node_in", "operand_at", "poll", "push", "release", "stop_draining", "take", "take_kept", "take_slots", "workspace",
]  # fmt: skip

Doubles = list[float]

node_at: Any = getitem  # out of a list of nodes; in C, without asking again for its type
operand_at: Any = getitem

Pile = list[Any]
new_pile: Any = list
keep: Any = list.append
push: Any = list.append  # in C, without a reference
take: Any = list.pop
take_kept: Any = list.pop
count: Any = len
node_in: Any = getitem


def listed(pile: Pile) -> list[Any]:
    """A list of them."""
    return list(pile)


def is_numbered(node: Any, order: Pile) -> bool:
    """Whether the node's place in the order is its own."""
    return node._slot < len(order) and order[node._slot] is node


def free_pile(pile: Pile, kept: bool) -> None:
    """Give storage back; Python's does so by itself."""


def doubles(n: int) -> Doubles:
    """Storage for `n` numbers, all 0."""
    return [0.0] * n


def release(numbers: Doubles | None) -> None:
    """Give storage back; Python's does so by itself."""


def workspace(n: int) -> Doubles:
    """The same for the length of a sweep."""
    return [0.0] * n


flags: Any = bytearray  # the same for so many flags


def free_workspace(found: Doubles | bytearray) -> None:
    """Give storage back; Python's does so by itself."""


def poll() -> None:
    """Let a pending signal raise. Between bytecodes Python does so by itself."""


def interleaved(left: list[Any], right: list[Any], started: list[Any]) -> tuple[Any, ...]:
    """The operands of a dot: what it starts with, then pair by pair."""
    return (*started, *(x for pair in zip(left, right, strict=True) for x in pair))


_dying: list[Any] = []
_draining: list[bool] = []


def drop(node: Any, dying: list[Any] = _dying, draining: list[bool] = _draining) -> None:
    """Let a dying node's operands go one by one, not within one another: some CPythons overflow the stack on a chain.

    The lists are default arguments because module globals may be gone when the interpreter exits.
    """
    hung = vars(node)
    if getattr(node, "_slot", None) is None or (node._x is None and node._fold is None and not hung):
        return  # never initialised, or with nothing to let go of
    dying.append((node._x, node._y, node._fold, *hung.values()))
    node._x = node._y = node._fold = None
    hung.clear()
    if not draining:
        try:
            draining.append(True)
            while dying:
                dying.pop()
        finally:
            draining.clear()


def stop_draining() -> None:
    """In a forked process: the thread that was letting go did not come along."""
    _draining.clear()


def take_slots(kind: type, base: type) -> None:
    """Make and free nodes of a class as those of its base; Python's are anyway."""


def hang_dict_on(kind: type, node: Any) -> None:
    """Give nodes a dictionary when first used; Python's `__slots__` does so by itself."""


def give_signature(kind: type, name: bytes, signature: bytes) -> None:
    """Say where a class is found and how it is called; Python reads that off its source."""


def has_dict(node: Any) -> bool:
    """Whether anything may be hung on the node."""
    return True
