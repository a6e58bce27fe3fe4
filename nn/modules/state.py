"""What is loaded into a module, entry by entry, and what is wrong with it."""

from typing import Any

from autograd import Value
from autograd.border.wording import brief

__all__ = ["StateError", "as_number", "some_of"]


class StateError(ValueError, TypeError):
    """What was to be loaded holds something else than numbers."""


def as_number(name: str, entry: Any) -> float:
    """One entry of a state as a float."""
    if isinstance(entry, (list, tuple, dict)):
        raise StateError(f"load_state_dict: {name} is wrongly sized: one number belongs there, got {brief(entry)}")
    try:
        return Value(entry).data
    except (TypeError, ValueError, OverflowError) as error:
        raise StateError(f"load_state_dict: {name} is not a number: {error}") from None


def some_of(names: list[str]) -> str:
    """The first few names and how many more there are."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(map(str, names[:5])) + more
