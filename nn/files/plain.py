"""Plain data: what JSON can hold, and gives back as it was."""

from __future__ import annotations

import json
from typing import Any

from autograd.border.wording import brief

__all__ = ["from_json", "listed", "plain", "shown", "to_json"]


def plain(x: Any, what: str) -> Any:
    """The data with tuples as lists, and NumPy's numbers and arrays as Python's.

    Args:
        x: None, bools, ints, floats, text, and lists and dicts of them; keys are text.
        what: What it is called in an error.

    Raises:
        TypeError: there is something else in it.
        ValueError: it is nested too deeply, or in itself.

    >>> plain({"lr": 0.1, "sizes": (3, 1)}, "about")
    {'lr': 0.1, 'sizes': [3, 1]}
    """
    try:
        return converted(x, what)
    except RecursionError:
        raise ValueError(f"{what}: nested too deeply to be written to a file") from None


def converted(x: Any, what: str) -> Any:
    """The data, converted part by part."""
    if x is None or type(x) in (bool, int, float, str):
        return x
    if isinstance(x, dict):
        for key in x:
            if type(key) is not str:
                raise TypeError(f"{what}: a key is {brief(key)}, a {type(key).__name__}; keys in files are text")
        return {key: converted(part, f"{what}[{key!r}]") for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return [converted(part, f"{what}[{i}]") for i, part in enumerate(x)]
    for name in ("tolist", "to_list"):  # NumPy and pandas; polars
        if hasattr(x, name) and type(inner := getattr(x, name)()) is not type(x):
            return converted(inner, what)
    raise TypeError(
        f"{what}: {brief(x)} is a {type(x).__name__}: files hold None, bools, numbers, text, lists and dicts"
    )


def to_json(x: Any, compact: bool = False) -> str:
    """Plain data as JSON; floats to the bit, also those that are not finite, as Python's `json` spells them.

    >>> to_json([0.1, None])
    '[0.1, null]'
    """
    return json.dumps(x, separators=(",", ":") if compact else None)


def from_json(text: str | bytes) -> Any:
    """The data in JSON.

    Raises:
        ValueError: it is not JSON in UTF-8; an object has a key twice; it is nested too deeply.

    >>> from_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: the key 'a' is there twice
    """
    try:
        return json.loads(text.decode() if isinstance(text, bytes) else text, object_pairs_hook=unique)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, which must have each key once."""
    found: dict[str, Any] = {}
    for key, item in pairs:
        if key in found:
            raise ValueError(f"the key {shown(key)} is there twice")
        found[key] = item
    return found


def shown(x: Any) -> str:
    """The beginning of anything that was read, however deep or long it is.

    >>> len(shown("x" * 1000))
    60
    """
    return brief(x)


def listed(names: list[Any], most: int = 4) -> str:
    """The first few names, and how many more there are.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(shown, names[:most])) + more
