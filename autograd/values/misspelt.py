"""Names that are nearly those of a Value's attributes, or PyTorch's: refused, not accepted and ignored.

A Value takes attributes of a user's own (`v.m = 0.0`), so a name that is nearly right would be one of them.
"""

from __future__ import annotations

from autograd.border.wording import slips

__all__ = ["MEANT", "NAMES"]

MEANT = {
    "write requires_grad": [
        "required_grad", "require_grads", "requires_grads", "requires_gradient", "require_gradient", "requiresGrad",
        "Requires_grad", "Requires_Grad", "requiresgrad", "trainable",
        *sorted(slips("requires_grad")),
    ],
    "write requires_grad, which is_frozen tells of": ["frozen", "freeze"],
    "every Value keeps its graph and shows its grad": [
        "grad_fn", "retains_grad", "retain_grad", "retain_graph", "volatile",
    ],
    "write grad": ["grads", "gradient", "gradients", "Grad", *sorted(slips("grad") - {"rad"})],  # a radius is a word
    "write data": ["Data", "datas", "value", "val", *sorted(slips("data"))],
    "its name is its label": ["names"],
    "its number is a Python float": ["dtype", "device"],
}  # fmt: skip
"""What to write, and the names in whose place."""

NAMES = frozenset(name for names in MEANT.values() for name in names)
"""All of them: who asks what a Value has is not told of these."""
