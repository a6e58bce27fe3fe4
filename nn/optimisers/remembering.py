"""What an optimiser remembers, as plain data, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.optimisers.settings import Group, settings_of

__all__ = ["checked_state", "merged", "plain"]


def plain(x: Any) -> Any:
    """An array as a list, a tuple as one too; numbers, text and lists as they are.

    >>> plain(np.zeros(2)), plain((0.9, 0.999)), plain(3)
    ([0.0, 0.0], [0.9, 0.999], 3)
    """
    if isinstance(x, (np.ndarray, np.generic)):
        return x.tolist()
    return [plain(y) for y in x] if isinstance(x, (tuple, list)) else x


def merged(old: Any, new: Any, free: Any) -> Any:
    """What is remembered where some parameters moved, in `new` by these alone: the old for the others.

    >>> merged(3, 4, np.array([True, False]))
    array([4., 3.])
    """
    if not isinstance(new, np.ndarray) and not isinstance(old, np.ndarray) and new == old:
        return new
    whole = np.array(np.broadcast_to(old, free.shape), dtype=float)
    whole[free] = new
    return whole


def checked_state(state: Any, name: str, groups: Sequence[Group]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The settings of each group, and what is remembered of it, out of the plain data of `state_dict`.

    Raises:
        TypeError: it is no dict.
        ValueError: it is of another class or other sizes, or damaged.
    """
    what = f"{name}: load_state_dict"
    if not isinstance(state, Mapping):
        raise TypeError(f"{what}: expected what state_dict() gives, got a {type(state).__name__}")
    if state.get("optimiser") != name:
        raise ValueError(f"{what}: this is the state of {brief(state.get('optimiser'))}, not of {name}")
    given, states = state.get("param_groups"), state.get("state")
    for key, found in (("param_groups", given), ("state", states)):
        if not isinstance(found, Sequence) or not all(isinstance(x, Mapping) for x in found):
            raise ValueError(f"{what}: {key!r} is not a list of dicts")
        if len(found) != len(groups):
            raise ValueError(f"{what}: {key!r} has {len(found)} groups, but there are {len(groups)}")
    settings, remembered = [], []
    for i, (group, new, kept) in enumerate(zip(groups, given or [], states or [], strict=True)):
        n = len(group["params"])
        if new.get("size") != n:
            raise ValueError(f"{what}: group {i} has {brief(new.get('size'))} parameters, but here it has {n}")
        try:
            missing = [key for key in settings_of(group.kind) if key not in new]
            if missing:
                raise ValueError(f"{missing[0]!r} is missing")
            settings.append({key: group.checked(key, x) for key, x in new.items() if key != "size"})
            remembered.append({str(key): restored(x, n, str(key)) for key, x in kept.items()})
        except (TypeError, ValueError) as error:
            raise ValueError(f"{what}: group {i}: {error}") from None
    return settings, remembered


def restored(x: Any, n: int, key: str) -> Any:
    """What `plain` made of a number, or of an array of n numbers.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(x, (int, float)) and not isinstance(x, bool):
        return x
    if not isinstance(x, (list, np.ndarray)) or len(x) != n:
        raise ValueError(f"{key!r} is neither a number nor a list of {n} numbers")
    if not isinstance(x, np.ndarray) and not all(type(y) in (int, float) for y in x):
        raise ValueError(f"{key!r} holds something other than numbers")
    return np.array(x, dtype=float)
