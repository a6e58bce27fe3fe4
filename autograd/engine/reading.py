"""Reading a node: number, operands, partials, rule, attributes; and where that is refused.

A function that is being recorded is run once, for replays with other numbers. So its nodes are stamped: their numbers
are refused wherever somebody would read them, in other threads too; and once the recording is over they are refused
altogether. Operations do not come through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cython

from autograd.border.conversion import describe
from autograd.engine.listening import ask_reading, recorder, refuse_elsewhere, refuse_over
from autograd.engine.node import N, Node, row_of
from autograd.engine.rules import as_numbers

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, CUSTOM, OVER
    from autograd.engine.listening import _listening
    from autograd.engine.memory import has_dict, node_at

__all__ = [
    "all_operands", "as_nodes", "attributes", "data_of", "finish", "hooks_of", "is_moving", "is_selected", "is_stamped",
    "label_of", "name_of", "operands_of", "partials_of", "refuse", "refuse_any", "refuse_childless", "refuse_strangers",
    "require_alive", "require_root", "rule_of", "stamp", "title_of",
]  # fmt: skip

# --- what it holds ---------------------------------------------------------------------------------------------------


def data_of(x: Node) -> float:
    """The number, unguarded, also while a function is recorded: for callers that let no replay depend on it."""
    if x._code < CONSTANT:
        refuse_over()
    return x._data


def operands_of(node: Node) -> tuple[Any, ...]:
    """The nodes it was computed from, in order and with repeats; none for a leaf."""
    if node._code < CONSTANT:
        refuse_over()
    if node._fold is not None:
        return tuple([x for x in node._fold.operands if type(x) is not float])
    if node._x is None:
        return ()
    return (node._x,) if node._y is None else (node._x, node._y)


def all_operands(node: Node) -> tuple[Any, ...]:
    """The operands of the row: nodes, and the bare numbers of a fold."""
    return operands_of(node) if node._fold is None else tuple(node._fold.operands)


def partials_of(node: Node) -> tuple[float, ...]:
    """∂node/∂operand for each of `operands_of`, at the numbers of the forward pass."""
    if node._code < CONSTANT:
        refuse_over()
    fold = node._fold
    if fold is not None:
        found = fold.rule.partials(node) if fold.rule is not None else None
        if found is not None:
            numbers = as_numbers(fold.rule, found, len(fold.operands))
            return tuple([0.0 if x is None else x for x in numbers])
        return tuple([fold.partials[i] for i in range(len(fold.operands)) if type(fold.operands[i]) is not float])
    if node._x is None:
        return ()
    if node._y is None:
        return (node._dx,)
    return (node._dx, node._dy)


def rule_of(node: Node) -> Any:
    """Its rule, if it has one that is no row of the table; else None."""
    return node._fold.rule if node._fold is not None else None


def attributes(node: Node) -> dict[str, Any]:
    """A copy of the attributes hung on a node: its label, the name of its rule, a user's own."""
    found = dict(vars(node)) if has_dict(node) else {}
    found.pop("_hooks", None)  # they are of this node, and of no copy
    return found


def hooks_of(node: Node) -> Any:
    """The hooks that hang on a node (`hooks.py`), or None."""
    return vars(node).get("_hooks") if has_dict(node) else None


def is_selected(node: Node) -> bool:
    """Whether it was chosen from nodes in a recording: eagerly it is one of them, and not a node of its own."""
    return has_dict(node) and "selected" in vars(node)


def label_of(node: Node) -> str:
    """The name that its author gave a node, or nothing; of a label that is no str what it prints as."""
    return text_of(node, "label")


def text_of(node: Node, key: str) -> str:
    """An attribute that was hung on a node, as text; nothing if there is none."""
    try:
        return str(attributes(node).get(key, ""))
    except Exception:  # anything can be hung on it; its __str__ is its author's
        return ""


def name_of(node: Node) -> str:
    """The name of its row, or of its rule; empty for a leaf."""
    if node._code > CUSTOM:
        row = row_of(node._code)
        return row.symbol or row.name
    rule = rule_of(node)
    return rule.name if rule is not None and rule.name else text_of(node, "op")


def title_of(node: Node) -> str:
    """What a line of text calls a node: its label, what made it, or its number."""
    return label_of(node) or name_of(node) or f"{data_of(node):g}"


def is_moving(node: Node) -> bool:
    """Whether gradients flow to it."""
    return node._code != CONSTANT


# --- what is asked of it ---------------------------------------------------------------------------------------------


def as_nodes(values: Any, what: str) -> list[Any]:
    """A list of nodes from one or several.

    Raises:
        TypeError: something in it is none.
        RecordingError: one is of a recording that is over.
    """
    if isinstance(values, Node):
        found = [values]
    elif isinstance(values, Iterable):
        found = list(values)
    else:
        raise TypeError(f"{what}: expected a Value or several, got {describe(values)}")
    for x in found:
        if not isinstance(x, Node):
            raise TypeError(f"{what}: expected a Value, got {describe(x)}")
        require_alive(x)
    return found


def require_root(root: Node, what: str = "backward from") -> None:
    """Pass if a sweep can start from the node.

    Raises:
        ValueError: it is a constant.
        TypeError: it is the node of an operation with several results, and none of these.
    """
    if root._code == CONSTANT:
        raise ValueError(f"{what} {root!r}: a constant (detached, or made under no_grad) has no graph")
    rule = rule_of(root)
    if rule is not None and rule.many:
        raise TypeError(f"backward from the node of {rule.name}: it has several results, start from one of these")


def refuse_childless(root: Node) -> None:
    """Refuse a root below which there is nothing to learn.

    Raises:
        ValueError: always.
    """
    raise ValueError(
        f"backward from {root!r}: nothing below it can learn, there are only constants: what is assigned under "
        "no_grad, as in w -= lr * w.grad, becomes one (set w.data in its place), and so does a leaf whose "
        "requires_grad is False"
    )


def require_alive(x: N) -> N:
    """The node, unless it is of a recording that is over."""
    if x._code < CONSTANT:
        refuse_over()
    return x


# --- nodes of a function that is being recorded ----------------------------------------------------------------------

STAMP = 2**32 - 1  # in place of the number that a sweep gives


def stamp(node: Node) -> None:
    """Mark a node of a recording in progress."""
    node._slot = STAMP


def is_stamped(node: Node) -> bool:
    """Whether the node belongs to a recording in progress, if there is one."""
    return node._slot == STAMP


def refuse(what: str, node: Any = None) -> None:
    """Raise RecordingError if who listens here refuses to have a number read, or its node is of another thread's."""
    ask_reading(what)
    if node is not None:
        refuse_strangers(what, node)


def refuse_strangers(what: str, node: Node) -> None:
    """Raise RecordingError if the node belongs to a recording, and none goes on here."""
    if is_stamped(node) and recorder() is None:
        refuse_elsewhere(what)


def refuse_any(what: str, nodes: Sequence[Node]) -> None:
    """What `refuse` does, for many nodes at once."""
    if _listening:
        for node in nodes:
            refuse(what, node)


def finish(nodes: Sequence[Node]) -> None:
    """The recording that made these nodes is over: what uses one of them from now on is refused.

    Each replay has numbers of its own for them; theirs are those of the one run that was recorded.
    """
    for i in range(len(nodes)):
        node: Node = node_at(nodes, i)
        node._code = OVER
        node._x = node._y = node._fold = None
