"""The states of global random numbers: they tell whether a function drew any while it was recorded."""

from __future__ import annotations

import random
import sys
from typing import Any

__all__ = ["random_states"]


def random_states() -> dict[str, Any]:
    """The states of Python's and NumPy's global random numbers."""
    found: dict[str, Any] = {"random": random.getstate()}
    if "numpy.random" in sys.modules:  # NumPy imports it when it is first used
        get_state = getattr(sys.modules["numpy.random"], "get_state", None)
        found["numpy.random"] = as_bytes(get_state(legacy=False)) if get_state else None
    return found


def as_bytes(state: Any) -> Any:
    """A state of a generator, with bytes in place of arrays: these compare as a whole."""
    if isinstance(state, dict):
        return {name: as_bytes(part) for name, part in state.items()}
    return state.tobytes() if hasattr(state, "tobytes") else state
