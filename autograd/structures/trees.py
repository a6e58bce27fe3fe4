"""Pytrees: lists, tuples, dicts, arrays, Values, and classes that are registered, as leaves and what joins them.

`optree` takes structures apart. A class registered with it under the namespace `NAMESPACE`, as `nn.Module` is, counts
as a structure too; what it gives as its children are its inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import optree

__all__ = ["NAMESPACE", "Static", "flatten", "is_plain", "register_structure", "static_key"]

NAMESPACE = "chainrule"


def flatten(structure: Any) -> tuple[list[Any], Any]:
    """The leaves of a structure, and its treespec, which puts them together again."""
    return optree.tree_flatten(structure, none_is_leaf=True, namespace=NAMESPACE)


def register_structure(
    cls: type, flatten: Callable[[Any], tuple[Any, ...]], unflatten: Callable[[Any, Any], Any]
) -> None:
    """Let objects of a class of yours be arguments of compiled functions.

    Args:
        cls: The class; not its subclasses.
        flatten: Gives of an object its children (numbers, Values, arrays, or structures of them) and what else makes it
            what it is, hashable: a tape is recorded for each different one.
        unflatten: Makes an object of what else it is, and children.

    >>> class Swap:
    ...     def __init__(self, rate, kind):
    ...         self.rate, self.kind = rate, kind
    >>> register_structure(Swap, lambda s: ((s.rate,), s.kind), lambda kind, children: Swap(*children, kind))
    >>> from autograd import compile
    >>> compile(lambda s: s.rate * s.rate).grad(Swap(3.0, "payer")).rate
    6.0
    """
    optree.register_pytree_node(cls, flatten, unflatten, namespace=NAMESPACE)


@dataclass(frozen=True)
class Static:
    """An argument that stays the Python object it is; a tape is recorded for each different one."""

    value: Any

    def key(self) -> Any:
        """The key that tells it from others."""
        return static_key(self.value)


def is_plain(treespec: Any) -> bool:
    """True of a structure that consists of tuples, lists and dicts alone."""
    return treespec.is_leaf() or (
        treespec.type in (tuple, list, dict) and all(is_plain(child) for child in treespec.children())
    )


def static_key(x: Any) -> Any:
    """A key that tells a static object from others: 1, 1.0 and True are three, 0.0 and -0.0 two, also within tuples."""
    if isinstance(x, float):
        return type(x), x.hex()
    if isinstance(x, tuple):
        return type(x), tuple(map(static_key, x))
    if isinstance(x, frozenset):
        return type(x), frozenset(map(static_key, x))
    return type(x), x
