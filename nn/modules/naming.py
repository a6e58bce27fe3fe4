"""Attributes of modules by their names: those that are nearly right are refused, and a buffer gets one that is free."""

from collections.abc import Sequence
from typing import Any

from autograd.border.wording import brief, slips
from nn.parts.buffers import buffer

__all__ = ["MEANT", "NAMES", "as_buffers"]

MEANT = {
    "write requires_grad, or call freeze() and unfreeze()": [
        "trainable", "frozen", "is_frozen", "required_grad", "require_grads", "requires_grads", "requires_gradient",
        "require_gradient", "requiresGrad", "Requires_grad", "Requires_Grad", "requiresgrad",
        *sorted(slips("requires_grad")),
    ],
    "call train() or eval(), which set training": [
        "is_training", "train_mode", "training_mode", "Training", *sorted(slips("training") - {"raining"}),  # a word
    ],
}  # fmt: skip
"""What to write, and the names in whose place. A module takes attributes of a user's own: such a name would be one."""

NAMES = frozenset(name for names in MEANT.values() for name in names)
"""All of them: who asks what a module has is not told of these."""


def as_buffers(module: Any, name: Any, numbers: Any) -> Any:
    """A number as a buffer of a module, numbers as lists of buffers; None stays.

    Raises:
        TypeError: the name is no text, or something is no real number.
        ValueError: the name is none, or taken.
    """
    what = f"{type(module).__name__}: register_buffer"
    if not isinstance(name, str):
        raise TypeError(f"{what}: expected a name, got {type(name).__name__} {brief(name)}")
    if not name.isidentifier():
        raise ValueError(f"{what}: {name!r} is no name of an attribute")
    if hasattr(module, name):
        raise ValueError(f"{what}: there is an attribute {name!r} already: choose another name, or delete it")
    return None if numbers is None else buffers_of(numbers)


def buffers_of(numbers: Any) -> Any:
    """A buffer for each number."""
    if hasattr(numbers, "tolist"):
        numbers = numbers.tolist()
    if isinstance(numbers, Sequence) and not isinstance(numbers, (str, bytes)):
        return [buffers_of(x) for x in numbers]
    return buffer(numbers)
