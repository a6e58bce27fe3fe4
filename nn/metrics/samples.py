"""Labels as places among their kinds, scores and numbers as arrays: looked at once, so that the rest is arithmetic."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.checks import as_list, number_of, require_as_many

__all__ = ["as_average", "as_classes", "as_numbers", "as_pair", "as_places", "place_of_positive"]

PLAIN = (str, bool, int, float, np.bool_, np.integer, np.floating)
"""Types that a label may have."""


def as_places(what: str, true: Any, predicted: Any = None, labels: Any = None) -> tuple[list[Any], Any, Any]:
    """The kinds of label in order, and for each sample the place of its label among them.

    Args:
        what: The metric, for messages.
        true: A label per sample: text, bools or numbers; a list, an array, or a column of a table.
        predicted: As many; None for a metric that is given scores.
        labels: The kinds and their order, where not all that occur count, or not all occur.

    Returns:
        The kinds, the places of `true` and those of `predicted` (of `true` again for None), in arrays of whole numbers.
        The place of a label that is not among `labels` is their number.

    Raises:
        TypeError: there is something else than text, bools and numbers, or text on one side and numbers on the other.
        ValueError: lengths differ, there are no samples, a label is nan, or one of `labels` stands there twice.

    Cost:
        Of arrays of numbers, a few passes; of lists, a look-up in a dictionary per label.

    >>> kinds, true, predicted = as_places("accuracy", ["b", "a"], ["a", "c"])
    >>> kinds, true.tolist(), predicted.tolist()
    (['a', 'b', 'c'], [1, 0], [0, 2])
    """
    sides = [_as_labels(true, f"{what}: true")]
    if predicted is not None:
        sides.append(_as_labels(predicted, f"{what}: predicted"))
    require_as_many(sides[0], sides[-1], what, ("true labels", "predicted labels"))
    if all(isinstance(side, np.ndarray) for side in sides):
        kinds, places = _places_in_arrays(sides)
    else:
        kinds, places = _places_in_lists([as_list(side, what) for side in sides], what)
    if labels is not None:
        wanted = list(_as_labels(labels, f"{what}: labels"))
        order = {kind: k for k, kind in enumerate(wanted)}
        if len(order) != len(wanted) or not wanted:
            raise ValueError(f"{what}: labels are {brief(wanted)}: expected each once, and at least one")
        _require_one_sort([*kinds, *wanted], what)
        moved = np.array([order.get(kind, len(wanted)) for kind in kinds])
        kinds, places = wanted, [moved[place] for place in places]
    return kinds, places[0], places[-1]


def _as_labels(xs: Any, what: str) -> Any:
    """Labels in an array of numbers without nan, or in a list of plain labels."""
    if isinstance(xs, (str, bytes)):
        raise TypeError(f"{what}: expected a label per sample, got {type(xs).__name__} {brief(xs)}")
    if not isinstance(xs, (list, tuple, np.ndarray)):
        array = xs.to_numpy() if hasattr(xs, "to_numpy") else xs.__array__() if hasattr(xs, "__array__") else None
        xs = as_list(xs, what) if array is None else array
    if isinstance(xs, np.ndarray):
        if xs.ndim == 2 and xs.shape[1] == 1:  # of a model with one output, or a table with one column
            xs = xs[:, 0]
        if xs.ndim != 1:
            raise ValueError(f"{what}: expected a label per sample, got an array of shape {xs.shape}")
        if xs.dtype.kind in "biuf":
            if xs.dtype.kind == "f" and (missing := np.isnan(xs)).any():
                raise ValueError(f"{what}: label {int(missing.argmax())} is nan: fill in or leave out such samples")
            return xs
        if xs.dtype.kind not in "OUT":
            raise TypeError(f"{what}: expected text, bools or numbers, got an array of {xs.dtype}")
        xs = xs.tolist()
    strange = tuple(kind for kind in set(map(type, xs)) if not issubclass(kind, PLAIN))
    if strange:
        i, x = next((i, x) for i, x in enumerate(xs) if isinstance(x, strange))
        raise TypeError(f"{what}: label {i} is {type(x).__name__} {brief(x)}: expected text, a bool or a number")
    return xs


def _places_in_arrays(sides: list[Any]) -> tuple[list[Any], list[Any]]:
    """Kinds and places of numbers."""
    if len({side.dtype for side in sides}) > 1 and np.result_type(*sides).kind not in {s.dtype.kind for s in sides}:
        return _places_in_lists([side.tolist() for side in sides], "")  # int64 and uint64: together they are rounded
    every = np.concatenate(sides)
    if every.dtype.kind in "biu":
        low, high = int(every.min()), int(every.max())
        if high - low <= 2 * len(every) + 1024 and high < 2**62 and low > -(2**62):  # a table is faster than sorting
            offsets = every.astype(np.int64) - low
            there = np.bincount(offsets) > 0
            kinds, places = np.flatnonzero(there) + low, (np.cumsum(there) - 1)[offsets]
            return kinds.tolist(), _parted(places, sides)
    kinds, places = np.unique(every, return_inverse=True)
    return kinds.tolist(), _parted(places, sides)


def _parted(places: Any, sides: list[Any]) -> list[Any]:
    """Places of all sides, cut where the sides meet."""
    return [places[: len(sides[0])], places[len(places) - len(sides[-1]) :]]


def _places_in_lists(sides: list[list[Any]], what: str) -> tuple[list[Any], list[Any]]:
    """Kinds and places of any labels that can be sorted."""
    found = set().union(*sides)
    _require_one_sort(list(found), what)
    if any(kind != kind for kind in found):
        i, side = next((i, side) for side in sides for i, label in enumerate(side) if label != label)
        name = "true" if side is sides[0] else "predicted"
        raise ValueError(f"{what}: {name}: label {i} is nan: fill in or leave out such samples")
    kinds = sorted(found)
    order = {kind: k for k, kind in enumerate(kinds)}
    return kinds, [np.fromiter(map(order.__getitem__, side), np.intp, len(side)) for side in sides]


def _require_one_sort(kinds: list[Any], what: str) -> None:
    """Pass if labels are all text, or all numbers."""
    text = [kind for kind in kinds if isinstance(kind, str)]
    if text and len(text) < len(kinds):
        number = next(kind for kind in kinds if not isinstance(kind, str))
        raise TypeError(f"{what}: {brief(min(text))} is text, {brief(number)} is a number: give labels of one sort")


def place_of_positive(what: str, kinds: Sequence[Any], positive: Any = None) -> int:
    """Which of at most two kinds is looked for; -1 for one that does not occur.

    By default the larger of the two. A kind that occurs alone is the larger one, unless it is 0, False or -1.

    Raises:
        ValueError: there are more than two, or two of which none is `positive`.

    >>> place_of_positive("f1", ["no", "yes"]), place_of_positive("f1", [0])
    (1, -1)
    """
    if len(kinds) > 2:
        raise ValueError(f"{what}: expected two labels, got {len(kinds)}: {brief(list(kinds))}")
    if positive is None:
        return -1 if len(kinds) == 1 and kinds[0] in (0, -1) else len(kinds) - 1
    if positive in kinds:
        return kinds.index(positive)
    if len(kinds) == 2:
        raise ValueError(f"{what}: positive is {brief(positive)}; the labels are {brief(list(kinds))}")
    return -1


def as_classes(what: str, true: Any, labels: Any, columns: int) -> tuple[list[Any], Any]:
    """The class of each column of scores, and the column of each sample's label.

    Without `labels`, classes are those that occur, in order, if they are as many as columns; else 0, 1, 2 and so on.

    Raises:
        TypeError: as for `as_places`.
        ValueError: as for `as_places`; a label has no column, or a column no label.

    >>> as_classes("auc", [2, 0], None, 3)[0]
    [0, 1, 2]
    """
    kinds, places, _ = as_places(what, true, labels=labels)
    if labels is not None and len(kinds) == columns and (places == columns).any():
        i = int((places == columns).argmax())
        raise ValueError(f"{what}: label {i}, {brief(as_list(true, what)[i])}, is none of the labels {brief(kinds)}")
    if labels is None and set(kinds) < set(range(columns)):
        return list(range(columns)), np.array(kinds, dtype=np.intp)[places]
    if len(kinds) != columns:
        raise ValueError(
            f"{what}: {columns} scores per sample but {len(kinds)} labels, {brief(kinds)}: labels= says which is whose"
        )
    return kinds, places


def as_numbers(xs: Any, what: str, least: float = -np.inf, most: float = np.inf) -> Any:
    """Numbers in an array of floats: one per sample, or a row; Values are taken for their numbers.

    An array with one column becomes one number per sample.

    Raises:
        TypeError: there is something that is no number.
        ValueError: rows differ in length, a number is nan, or one is not between `least` and `most`.

    >>> as_numbers([[1], [2.5]], "r2: predicted").tolist()
    [1.0, 2.5]
    """
    if isinstance(xs, (str, bytes)):
        raise TypeError(f"{what}: expected numbers, got {type(xs).__name__} {brief(xs)}")
    if hasattr(xs, "to_numpy"):
        xs = xs.to_numpy()
    elif not hasattr(xs, "__array__"):
        xs = as_list(xs, what)
    try:
        array = np.asarray(xs)
    except ValueError:  # NumPy's message speaks of inhomogeneous shapes
        raise ValueError(f"{what}: expected as many numbers for each sample, got {brief(xs)}") from None
    if array.dtype.kind not in "biuf":  # text among numbers has made text of them
        array = np.asarray(xs, dtype=object)
        array = np.array([_as_number(x, what) for x in array.ravel()], dtype=float).reshape(array.shape)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim not in (1, 2) or 0 in array.shape[1:]:
        raise ValueError(f"{what}: expected a number or a row of them per sample, got an array of shape {array.shape}")
    array = array.astype(float, copy=False)
    wrong = ~((array >= least) & (array <= most))  # of nan too
    if wrong.any():
        at = np.unravel_index(int(wrong.argmax()), array.shape)
        raise ValueError(f"{what}: sample {at[0]} is {array[at]}{_between(least, most)}")
    return array


def _between(least: float, most: float) -> str:
    """What a number should have been."""
    return ": expected a number" if least == -np.inf else f": expected a number from {least:g} to {most:g}"


def _as_number(x: Any, what: str) -> float:
    """The number of a number or a Value that came in an array of objects."""
    try:
        if not isinstance(x, (str, bytes)):
            return number_of(x)
    except (TypeError, ValueError, OverflowError):
        pass
    raise TypeError(f"{what}: expected numbers, got {type(x).__name__} {brief(x)} among them")


def as_pair(true: Any, predicted: Any, what: str) -> tuple[Any, Any]:
    """Finite numbers and as many predictions of them, in arrays of the same shape.

    Raises:
        TypeError: there is something that is no number.
        ValueError: shapes differ, there are no samples, or a number is nan or infinite.

    >>> true, predicted = as_pair([1, 2], [[1.5], [2.0]], "mae")
    >>> true.shape, predicted.shape
    ((2,), (2,))
    """
    most = np.finfo(float).max
    pair = []
    for name, xs in (("true", true), ("predicted", predicted)):
        array = as_numbers(xs, f"{what}: {name}")
        if np.isinf(array).any():
            raise ValueError(f"{what}: {name}: sample {int(np.argwhere(np.abs(array) > most)[0][0])} is infinite")
        pair.append(array)
    require_as_many(pair[0], pair[1], what, ("true numbers", "predicted numbers"))
    if pair[0].shape != pair[1].shape:
        one, other = ["one" if array.ndim == 1 else array.shape[1] for array in pair]
        raise ValueError(f"{what}: {one} true number(s) per sample but {other} predicted")
    return pair[0], pair[1]


def as_average(what: str, average: Any, known: Sequence[str]) -> Any:
    """How several classes become one number, if it is known.

    Raises:
        ValueError: it is not; the message names the nearest one that is.

    >>> as_average("f1", "macro", ("macro", "micro"))
    'macro'
    """
    if average is None or (isinstance(average, str) and average in known):
        return average
    near = get_close_matches(str(average).lower(), known, 1)
    meant = f": did you mean {near[0]!r}?" if near else "."
    raise ValueError(f"{what}: average is {brief(average)}{meant} There are {', '.join(map(repr, known))} and None")
