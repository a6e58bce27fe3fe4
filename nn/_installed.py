"""Refuses to start beside an `autograd` that is not chainrule's, or among files that are not."""

from pathlib import Path

import autograd

__all__ = ["check_installation"]


def check_installation() -> None:
    """Pass if `autograd` is ours and no other `nn` is mixed with this one.

    Raises:
        ImportError: HIPS autograd, or PyPI's `nn`, has the same import name and is in its place.
    """
    if not hasattr(autograd, "native"):
        place = next(iter(autograd.__path__))
        raise ImportError(
            f"nn is part of chainrule, but `autograd` in {place} is another package, such as HIPS autograd, which "
            "has the same import name. Run `pip uninstall autograd chainrule` and install chainrule anew; the "
            "other belongs into an environment of its own"
        )
    from autograd.border.namesake import require_alone

    require_alone("nn", Path(__file__).parent)
