"""Names that are nearly those of a Value's attributes, or PyTorch's: refused, not accepted and ignored.

A Value takes attributes of a user's own (`v.m = 0.0`), so a name that is nearly right would be one of them.
"""

from __future__ import annotations

from typing import Any

__all__ = ["NAMES", "refuse_misspelt"]


def slips(name: str) -> set[str]:
    """A name as fingers write it that slip: a letter left out, written twice, or in the place of its neighbour.

    >>> sorted(slips("ab"))
    ['a', 'aab', 'abb', 'b', 'ba']
    """
    left_out = {name[:i] + name[i + 1 :] for i in range(len(name))}
    twice = {name[:i] + name[i] + name[i:] for i in range(len(name))}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    return (left_out | twice | swapped) - {name}


MEANT = {
    "write requires_grad": " ".join(
        [
            "required_grad require_grads requires_grads requires_gradient requiresGrad require_gradient trainable",
            *sorted(slips("requires_grad")),
        ]
    ),
    "every Value keeps its graph and shows its grad": "grad_fn retains_grad retain_graph volatile",
    "write grad": "grads gradient",
    "its number is a Python float": "dtype device",
}
"""What to write, and the names in whose place."""

NAMES = frozenset(name for names in MEANT.values() for name in names.split())
"""All of them: who asks what a Value has is not told of these."""


class Misspelt:
    """An attribute that no Value has: reading or setting it says what to write.

    Args:
        name: What it is called.
        meant: What to write.
    """

    def __init__(self, name: str, meant: str) -> None:
        self.name, self.meant = name, meant

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise AttributeError(f"a Value has no {self.name}: {self.meant}")

    def __set__(self, instance: Any, x: Any) -> None:
        raise AttributeError(f"a Value has no {self.name}, setting it would do nothing: {self.meant}")


def refuse_misspelt(kind: type) -> None:
    """Have objects of a class refuse such names."""
    for meant, names in MEANT.items():
        for name in names.split():
            setattr(kind, name, Misspelt(name, meant))
