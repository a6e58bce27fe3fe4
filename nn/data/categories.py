"""Categories as numbers, and back: a column of zeros and ones for each, or a number for each."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Self

from autograd.border.wording import brief
from nn.checks import as_list, as_size
from nn.data.transforms import Transform

__all__ = ["LabelEncoder", "OneHot"]


class LabelEncoder(Transform):
    """Labels as whole numbers from 0 on: sorted, or in the order they came in where they cannot be sorted.

    Attributes:
        classes: The labels, once it is fitted: text, bools and numbers.

    >>> encoder = LabelEncoder().fit(["cat", "dog", "cat", "ape"])
    >>> encoder.transform(["dog", "ape"]), encoder.inverse([0, 2])
    ([2, 0], ['ape', 'dog'])
    """

    state = ("classes",)

    def __init__(self) -> None:
        self.classes: list[Any] | None = None

    def fit(self, samples: Any) -> Self:
        """The encoder itself, after it has learnt which labels there are.

        Raises:
            TypeError: a label is no text, bool or number.
            ValueError: there are none, or one is nan.
        """
        self.classes = kinds_of(as_list(samples, "LabelEncoder.fit: labels"), "LabelEncoder.fit: label")
        return self

    def transform(self, samples: Any) -> list[Any]:
        """The number of each label.

        Raises:
            ValueError: a label is none of those learnt, or nothing was learnt yet.
        """
        self.require_fitted("transform")
        return numbers_of(as_list(samples, "LabelEncoder.transform: labels"), self.classes or [], "LabelEncoder: label")

    def inverse(self, samples: Any) -> list[Any]:
        """The label of each number.

        Raises:
            TypeError: one is no whole number.
            ValueError: one is no label's number, or nothing was learnt yet.
        """
        self.require_fitted("inverse")
        classes = self.classes or []
        places = [
            as_size(i, "LabelEncoder.inverse", least=0) for i in as_list(samples, "LabelEncoder.inverse: numbers")
        ]
        for i in places:
            if i >= len(classes):
                raise ValueError(f"LabelEncoder.inverse: {i} is no label's number; they are 0 to {len(classes) - 1}")
        return [classes[i] for i in places]

    def set_state(self, **state: Any) -> None:
        """Take over what `to_dict` gave."""
        self.classes = _kept(state["classes"])

    def __repr__(self) -> str:
        return f"LabelEncoder({brief(self.classes) if self.classes else ''})"


class OneHot(Transform):
    """Categories as columns of 0 and 1, one for each: of plain labels a row, in rows in place of the category.

    Args:
        columns: In rows, the places of those that are categories; None takes those where something was no number.
        unknown: What becomes of a category that was not learnt: "error", or "zeros" in all its columns, which come back
            as None.

    Attributes:
        categories: For each place of a row, its categories, or None for numbers; for plain labels the one list.

    Raises:
        ValueError: `unknown` is neither.

    >>> OneHot().fit_transform(["red", "blue", "red"])
    [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    >>> rows = [[1.5, "red"], [2.5, "blue"]]
    >>> encoder = OneHot().fit(rows)
    >>> encoder.transform(rows)
    [[1.5, 0.0, 1.0], [2.5, 1.0, 0.0]]
    >>> encoder.inverse([[1.5, 0.2, 0.7]])
    [[1.5, 'red']]
    """

    state = ("categories", "flat", "unknown")

    def __init__(self, columns: Sequence[int] | None = None, unknown: str = "error") -> None:
        if unknown not in ("error", "zeros"):
            raise ValueError(f"OneHot: unknown is {brief(unknown)}; it is 'error' or 'zeros'")
        self.columns = None if columns is None else [as_size(i, "OneHot: columns", least=0) for i in columns]
        self.unknown = unknown
        self.categories: list[list[Any] | None] | None = None
        self.flat = False

    @property
    def width(self) -> int:
        """How many numbers a sample becomes."""
        return sum(1 if kinds is None else len(kinds) for kinds in self.categories or ())

    def fit(self, samples: Any) -> Self:
        """The encoder itself, after it has learnt which categories there are, in order.

        Raises:
            TypeError: a category is no text, bool or number.
            ValueError: there are no samples, they differ in length, or a category is nan.
        """
        rows, flat = _rows(as_list(samples, "OneHot.fit: samples"), "OneHot.fit")
        if not rows:
            raise ValueError("OneHot.fit: no samples")
        width = len(rows[0])
        wanted = [0] if flat else self.columns
        if wanted is None:
            wanted = [j for j in range(width) if any(not hasattr(type(row[j]), "__float__") for row in rows)]
        for j in wanted:
            if j >= width:
                raise ValueError(f"OneHot.fit: there is no column {j}; a sample has {width}, counted from 0")
        columns: list[list[Any] | None] = [None] * width
        for j in wanted:
            columns[j] = kinds_of(
                [row[j] for row in rows], "OneHot.fit: category" if flat else f"OneHot.fit: column {j}"
            )
        self.categories, self.flat = columns, flat
        return self

    def transform(self, samples: Any) -> list[Any]:
        """The samples with columns of 0 and 1 in place of categories.

        Raises:
            TypeError: what was a number is none.
            ValueError: a category was not learnt from, samples have more or fewer columns, or nothing was learnt yet.
        """
        self.require_fitted("transform")
        kinds = self.categories or []
        rows = self._as_wide(samples, "transform", len(kinds))
        made: list[list[float]] = [[] for _ in rows]
        for j, known in enumerate(kinds):
            column = [row[j] for row in rows]
            if known is None:
                for i, x in enumerate(column):
                    if not hasattr(type(x), "__float__"):
                        raise TypeError(f"OneHot.transform: sample {i}, column {j} is {brief(x)}: expected a number")
                    made[i].append(float(x))
                continue
            what = "OneHot: category" if self.flat else f"OneHot: column {j}"
            for i, place in enumerate(numbers_of(column, known, what, strict=self.unknown == "error")):
                made[i] += [1.0 if k == place else 0.0 for k in range(len(known))]
        return made

    def inverse(self, samples: Any) -> list[Any]:
        """The samples with categories in place of their columns: of each, the one whose number is largest.

        Raises:
            ValueError: samples have more or fewer numbers than `transform` gives, or nothing was learnt yet.
        """
        self.require_fitted("inverse")
        found: list[list[Any]] = []
        for row in self._as_wide(samples, "inverse", self.width, flat=False):
            at, one = 0, []
            for known in self.categories or ():
                part = row[at : at + (1 if known is None else len(known))]
                at += len(part)
                none = known is not None and self.unknown == "zeros" and not any(part)
                one.append(part[0] if known is None else None if none else known[part.index(max(part))])
            found.append(one)
        return [row[0] for row in found] if self.flat else found

    def set_state(self, **state: Any) -> None:
        """Take over what `to_dict` gave."""
        categories, flat, unknown = (state[name] for name in self.state)
        if not isinstance(categories, list) or not categories or not isinstance(flat, bool):
            raise ValueError("categories is no list, or flat no bool")
        if unknown not in ("error", "zeros") or (flat and (len(categories) != 1 or categories[0] is None)):
            raise ValueError(f"unknown is {brief(unknown)}, or there is not the one column of plain labels")
        self.categories = [None if kinds is None else _kept(kinds) for kinds in categories]
        self.flat, self.unknown = flat, unknown

    def _as_wide(self, samples: Any, what: str, width: int, flat: bool | None = None) -> list[Any]:
        """Samples as rows of so many columns."""
        rows, found = _rows(as_list(samples, f"OneHot.{what}: samples"), f"OneHot.{what}")
        if rows and (found != (self.flat if flat is None else flat) or len(rows[0]) != width):
            got = "plain labels" if found else f"rows of {len(rows[0])}"
            wanted = "plain labels" if self.flat and flat is None else f"rows of {width}"
            raise ValueError(f"OneHot.{what}: expected {wanted}, got {got}")
        return rows

    def __repr__(self) -> str:
        if self.categories is None:
            return f"OneHot({'' if self.columns is None else f'columns={self.columns}'})"
        chosen = {j: kinds for j, kinds in enumerate(self.categories) if kinds is not None}
        return f"OneHot({brief(self.categories[0] if self.flat else chosen)})"


def kinds_of(labels: list[Any], what: str) -> list[Any]:
    """The different labels among these, sorted where they can be.

    Raises:
        TypeError: one is no text, bool or number.
        ValueError: there are none, or one is nan.
    """
    if not labels:
        raise ValueError(f"{what}: there are none")
    found: dict[Any, None] = {}
    for i, label in enumerate(labels):
        plain = label.item() if hasattr(label, "item") and getattr(label, "shape", None) == () else label
        if not isinstance(plain, (str, bool, int, float)):
            raise TypeError(f"{what} {i} is {type(label).__name__} {brief(label)}: expected text, a bool or a number")
        if plain != plain:
            raise ValueError(f"{what} {i} is nan: fill in or leave out what is missing")
        found[plain] = None
    try:
        return sorted(found)
    except TypeError:
        return list(found)


def numbers_of(labels: list[Any], kinds: list[Any], what: str, strict: bool = True) -> list[int]:
    """The place of each label among the kinds; -1 for one that is none of them, if that is not an error.

    Raises:
        ValueError: a label is none of the kinds.
    """
    places = {kind: k for k, kind in enumerate(kinds)}
    try:
        found = [places.get(label, -1) for label in labels]
    except TypeError:
        found = [places.get(label, -1) if getattr(label, "__hash__", None) else -1 for label in labels]
    if strict and -1 in found:
        i = found.index(-1)
        near = get_close_matches(str(labels[i]), [kind for kind in kinds if isinstance(kind, str)], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{what} {brief(labels[i])} of sample {i} is none of {brief(kinds)}{hint}")
    return found


def _rows(samples: list[Any], what: str) -> tuple[list[Any], bool]:
    """Samples as rows of one length, and whether they were plain labels."""
    flat = not samples or isinstance(samples[0], str) or not hasattr(samples[0], "__len__")
    if flat:
        for i, label in enumerate(samples):
            if hasattr(label, "__len__") and not isinstance(label, str):
                raise ValueError(f"{what}: sample {i} is a row of {len(label)}, the first is {brief(samples[0])}")
        return [[label] for label in samples], True
    rows = [row if isinstance(row, str) or not hasattr(row, "__len__") else as_list(row, what) for row in samples]
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(rows[0]):
            has = f"has {len(row)} columns" if isinstance(row, list) else f"is {brief(row)}"
            raise ValueError(f"{what}: sample {i} {has}, the first has {len(rows[0])}")
    return rows, False


def _kept(kinds: Any) -> list[Any]:
    """A list of labels that came out of a file."""
    if not isinstance(kinds, list) or not kinds or not all(isinstance(kind, (str, bool, int, float)) for kind in kinds):
        raise ValueError(f"{brief(kinds)} is no list of text, bools and numbers")
    if len(set(kinds)) != len(kinds):
        raise ValueError(f"{brief(kinds)} has a label twice")
    return list(kinds)
