"""Tables of any kind as samples and labels: DataFrames, arrays, lists, columns by their names."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from math import isfinite
from statistics import mean, median, mode
from typing import Any

from autograd.border.wording import brief, shortened
from nn.checks import as_finite, as_list, is_whole
from nn.data.categories import OneHot

__all__ = ["Table", "as_table", "assembled"]


class Table(tuple[list[list[Any]], Any]):
    """Samples and their labels, as `fit` takes them, and what is known of them.

    It is a tuple of two: `xs, ys = table`.

    Attributes:
        columns: The names of the columns that samples were made of.
        target: The name of the column of labels, or None.
        encoder: The `OneHot` that made numbers of text, or None.

    >>> table = as_table({"size": [1.0, 2.0], "kind": ["a", "b"]}, target="kind")
    >>> xs, ys = table
    >>> xs, ys
    ([[1.0], [2.0]], ['a', 'b'])
    >>> table.columns, table.target
    (['size'], 'kind')
    """

    columns: list[str]
    target: str | None
    encoder: OneHot | None

    def __new__(
        cls,
        xs: list[list[Any]],
        ys: list[Any] | None,
        columns: Sequence[str],
        target: str | None = None,
        encoder: OneHot | None = None,
    ) -> "Table":
        """A table of such samples and labels."""
        made = super().__new__(cls, (xs, ys))
        made.columns, made.target, made.encoder = list(columns), target, encoder
        return made

    @property
    def xs(self) -> list[list[Any]]:
        """The samples, a list of numbers each."""
        return self[0]

    @property
    def ys(self) -> Any:
        """Their labels; None if there is no column of them."""
        return self[1]

    @property
    def features(self) -> list[str]:
        """The names of a sample's numbers; those that stand for a category are named column=category."""
        if self.encoder is None:
            return self.columns
        kinds = zip(self.columns, self.encoder.categories or [], strict=True)
        return [name if known is None else f"{name}={kind}" for name, known in kinds for kind in known or [None]]

    def __getnewargs__(self) -> tuple[Any, ...]:
        return *self, self.columns, self.target, self.encoder

    def __repr__(self) -> str:
        made = shortened(", ".join(self.columns), 60)
        return f"Table of {len(self.xs)} rows: {made}" + ("" if self.target is None else f" -> {self.target}")


def as_table(
    data: Any,
    target: str | int | None = None,
    columns: Sequence[str | int] | None = None,
    *,
    missing: str | float = "error",
    text: str | OneHot = "error",
) -> Table:
    """The rows of a table as samples, and one of its columns as their labels.

    Args:
        data: A DataFrame of pandas, polars or another library that has columns; a dict of columns; a list of dicts or
            of rows; a NumPy array of two dimensions, or of records. Columns without a name are called x0, x1, ...
        target: The column of labels, by its name or its place (-1 is the last). Whole numbers, bools and text stay what
            they are; other numbers are floats.
        columns: Those that samples are made of, in this order; None takes all but the target.
        missing: What becomes of rows in which something is missing (None, nan, NA): "error"; "drop", they are left out;
            "mean", "median" or a number, which is filled in (for text, the most frequent). A label is never filled in.
        text: What becomes of columns that hold more text than numbers: "error"; "one_hot", a column of 0 and 1 for each
            category; "keep", they stay as they are; or an encoder that another table had.

    Raises:
        TypeError: `data` is no table.
        ValueError: it has no rows, or rows of different lengths; a column is not there; something is missing, infinite
            or no number, and is not to be dealt with. The row and the column are named.

    >>> as_table([[5.1, 0], [6.2, 1]], target=-1)
    Table of 2 rows: x0 -> x1
    >>> rows = [{"colour": "red", "size": 1, "sold": True}, {"colour": "blue", "size": None, "sold": False}]
    >>> table = as_table(rows, target="sold", missing=0.0, text="one_hot")
    >>> table.xs, table.ys, table.features
    ([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]], [True, False], ['colour=blue', 'colour=red', 'size'])
    """
    names, found = _columns_of(data)
    return assembled(names, found, target, columns, missing, text, "as_table", lambda i: f"as_table: row {i}")


def assembled(
    names: list[str],
    cells: Sequence[Sequence[Any]],
    target: Any,
    chosen: Any,
    missing: Any,
    text: Any,
    what: str,
    place: Callable[[int], str],
) -> Table:
    """A table of columns: numbers, text, None where something is missing.

    Args:
        names: The columns' names.
        cells: The columns.
        target: As for as_table.
        chosen: Its `columns`.
        missing: As for as_table.
        text: As for as_table.
        what: Who asks, for messages.
        place: Where a row came from, for messages.

    >>> assembled(["a", "b"], [[1, 2], [3.5, 4]], "b", None, "error", "error", "f", str)
    Table of 2 rows: a -> b
    """
    fill = _as_filling(missing, what)
    if not (isinstance(text, OneHot) or text in ("error", "one_hot", "keep")):
        raise ValueError(f"{what}: text is {brief(text)}; it is 'error', 'one_hot', 'keep' or a OneHot")
    goal, places = chosen_places(names, target, chosen, what)
    kept = _kept_rows(cells, names, goal, places, fill, what, place)

    def where(j: int) -> tuple[Callable[[int], str], str]:
        return lambda i: place(kept[i]), f", column {names[j]!r}"

    made: list[list[Any]] = []
    words: list[int] = []
    for at, j in enumerate(places):
        column = [cells[j][i] for i in kept]
        if _is_text(column, text, where(j)):
            words.append(at)
        else:
            column = _floats(column, where(j))
        made.append(_filled(column, fill, f"{what}: column {names[j]!r}"))
    xs = [list(row) for row in zip(*made, strict=True)]
    encoder = text if isinstance(text, OneHot) else None
    if words and text == "one_hot":
        encoder = OneHot(columns=words).fit(xs)
    if encoder is not None:
        xs = encoder.transform(xs)
    named = [names[j] for j in places]
    if goal is None:
        return Table(xs, None, named, None, encoder)
    return Table(xs, _labels([cells[goal][i] for i in kept], text, where(goal)), named, names[goal], encoder)


def chosen_places(names: list[str], target: Any, chosen: Any, what: str) -> tuple[int | None, list[int]]:
    """The place of the target, if there is one, and the places of the columns of samples.

    Raises:
        TypeError: a column is given by something else than its name or place.
        ValueError: one is not there, the target is among the others, or none is left.

    >>> chosen_places(["a", "b", "c"], "b", None, "f")
    (1, [0, 2])
    """
    goal = None if target is None else column_at(target, names, what)
    if chosen is None:
        places = [j for j in range(len(names)) if j != goal]
    else:
        places = [column_at(column, names, what) for column in ([chosen] if isinstance(chosen, str) else chosen)]
    if chosen is None:
        same = [names[j] for j in places if sum(names[k] == names[j] for k in places) > 1]
        if same:
            raise ValueError(
                f"{what}: {same.count(same[0])} columns are called {same[0]!r}: give them names of their own, or "
                "choose by their places, from 0: columns=[...]"
            )
    if goal is not None and goal in places:
        raise ValueError(f"{what}: column {names[goal]!r} is the target, and among the columns of samples too")
    if not places:
        raise ValueError(f"{what}: no columns are left to make samples of")
    return goal, places


def column_at(column: Any, names: list[str], what: str) -> int:
    """The place of a column that is given by its name or its place.

    Raises:
        TypeError: it is given by something else.
        ValueError: there is none, or more than one of that name.

    >>> column_at("b", ["a", "b"], "f"), column_at(-1, ["a", "b"], "f")
    (1, 1)
    """
    if is_whole(column):
        if not -len(names) <= column < len(names):
            raise ValueError(f"{what}: there is no column {column}; there are {len(names)}, counted from 0")
        return int(column) % len(names)
    if not isinstance(column, str):
        raise TypeError(
            f"{what}: a column is given by its name or its place, got {type(column).__name__} {brief(column)}"
        )
    if names.count(column) > 1:
        raise ValueError(f"{what}: {names.count(column)} columns are called {column!r}: give the place of one, from 0")
    if column not in names:
        near = get_close_matches(column, names, 1) or [name for name in names if name.lower() == column.lower()]
        hint = f"did you mean {near[0]!r}?" if near else f"there are {shortened(', '.join(names), 200)}"
        raise ValueError(f"{what}: there is no column {column!r}; {hint}")
    return names.index(column)


def is_number(x: Any) -> bool:
    """Whether a cell holds a number.

    >>> is_number(1.5), is_number(True), is_number("1.5")
    (True, True, False)
    """
    return type(x) in (float, int, bool) or (hasattr(type(x), "__float__") and not isinstance(x, (str, bytes)))


def _columns_of(data: Any) -> tuple[list[str], list[list[Any]]]:
    """The names and the columns of whatever is a table."""
    what = "as_table: data"
    if isinstance(data, dict):
        return _even(
            [str(name) for name in data], [as_list(column, f"{what}[{name!r}]") for name, column in data.items()]
        )
    fields = getattr(getattr(data, "dtype", None), "names", None)  # a NumPy array of records
    if fields:
        return list(fields), [data[name].tolist() for name in fields]
    if hasattr(data, "collect"):
        as_list(data, what)  # which says what to do
    if hasattr(data, "columns"):
        names = list(getattr(data, "column_names", data.columns))
        by_place = getattr(data, "iloc", None)  # of pandas, where names may be there twice
        found = [data[name] if by_place is None else by_place[:, j] for j, name in enumerate(names)]
        return _even([str(name) for name in names], [_listed(column) for column in found])
    rows = as_list(data, what)
    if rows and all(isinstance(row, dict) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return [str(name) for name in names], [[row.get(name) for row in rows] for name in names]
    listed = []
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__len__"):
            raise TypeError(f"{what}: row {i} is {type(row).__name__} {brief(row)}: expected rows of cells")
        if len(row) != len(rows[0]):
            raise ValueError(f"{what}: row {i} has {len(row)} cells, the first has {len(rows[0])}")
        listed.append(as_list(row, f"{what}: row {i}"))
    return _even(
        [f"x{j}" for j in range(len(listed[0]) if listed else 0)], [list(c) for c in zip(*listed, strict=True)]
    )


def _even(names: list[str], columns: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Names and columns that are as long as one another, and not empty."""
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        told = ", ".join(f"{name} {len(column)}" for name, column in zip(names, columns, strict=True))
        raise ValueError(f"as_table: columns differ in length: {shortened(told, 120)}")
    if lengths in (set(), {0}):
        raise ValueError("as_table: no rows")
    return names, columns


def _listed(column: Any) -> list[Any]:
    """A column of some library in a list."""
    for method in ("tolist", "to_list", "to_pylist"):
        if hasattr(column, method):
            return list(getattr(column, method)())
    return as_list(column, "as_table: a column")


def _is_missing(x: Any) -> bool:
    """Whether a cell holds nothing: None, nan, or a library's own way to say so, which is unlike itself."""
    if x is None:
        return True
    try:
        return bool(x != x)
    except (TypeError, ValueError):
        return type(x).__name__ == "NAType"  # of pandas: whether it is like itself, it does not say


def _kept_rows(
    cells: Sequence[Sequence[Any]],
    names: list[str],
    goal: int | None,
    places: list[int],
    fill: Any,
    what: str,
    place: Callable[[int], str],
) -> list[int]:
    """The rows that stay: all, or those in which nothing is missing."""
    asked = places if goal is None else [*places, goal]
    holes = sorted((i, j) for j in asked for i, x in enumerate(cells[j]) if _is_missing(x))
    wrong = [(i, j) for i, j in holes if fill == "error" or (fill != "drop" and j == goal)]
    if wrong:
        i, j = wrong[0]
        count = len({i for i, _ in wrong})
        others = f", as something is in {count} rows" if count > 1 else ""
        remedy = "'drop' leaves such rows out" + ("" if j == goal else ", 'mean', 'median' or a number fills them in")
        raise ValueError(f"{place(i)}, column {names[j]!r}: it is missing{others}: missing={remedy}")
    gone = {i for i, _ in holes} if fill == "drop" else set()
    kept = [i for i in range(len(cells[places[0]])) if i not in gone]
    if not kept:
        raise ValueError(f"{what}: no rows are left without those in which something is missing")
    return kept


def _is_text(column: list[Any], text: Any, where: tuple[Callable[[int], str], str]) -> bool:
    """Whether a column is of text, and may be; one with as many numbers as text is of numbers, and may hold none."""
    wrong = [i for i, x in enumerate(column) if not is_number(x) and not _is_missing(x)]
    if not wrong:
        return False
    right = [i for i, x in enumerate(column) if is_number(x) and not _is_missing(x)]
    most = {"error": -1, "keep": len(right), "labels": len(wrong)}
    if len(right) > most.get(text if isinstance(text, str) else "one_hot", len(wrong) - 1):
        place, where_in = where
        others = f", nor {len(wrong) - 1} more of {len(column)}" if len(wrong) > 1 else ""
        if right and len(right) <= len(wrong):  # which of them is wrong, one may see otherwise
            line = " ".join(place(right[0]).split()[-2:])
            others += f", where {line} has {column[right[0]]:g}"
        mostly = len(right) < len(wrong)
        remedy = "text='one_hot' makes numbers of categories" if mostly else "mend it, or leave the column out"
        raise ValueError(f"{place(wrong[0])}{where_in}: {brief(column[wrong[0]])} is no number{others}: {remedy}")
    return True


def _floats(column: list[Any], where: tuple[Callable[[int], str], str]) -> list[float | None]:
    """A column of numbers as floats; None where one is missing."""
    place, where_in = where
    found: list[float | None] = []
    for i, x in enumerate(column):
        if _is_missing(x):
            found.append(None)
            continue
        try:
            number = float(x)
        except OverflowError:
            raise ValueError(f"{place(i)}{where_in}: {brief(x)} is too large for a float") from None
        if not isfinite(number):
            raise ValueError(f"{place(i)}{where_in}: {number} is not finite")
        found.append(number)
    return found


def _as_filling(missing: Any, what: str) -> Any:
    """What is to become of what is missing: a word, or a number."""
    if isinstance(missing, str) and missing in ("error", "drop", "mean", "median"):
        return missing
    if isinstance(missing, str) or not is_number(missing):
        raise ValueError(f"{what}: missing is {brief(missing)}; it is 'error', 'drop', 'mean', 'median' or a number")
    return as_finite(missing, f"{what}: missing")


def _filled(column: list[Any], fill: Any, what: str) -> list[Any]:
    """A column without holes."""
    present = [x for x in column if not _is_missing(x)]
    if len(present) == len(column):
        return column
    if not present and fill in ("mean", "median"):
        raise ValueError(f"{what} is missing in every row: leave it out, or give a number")
    if any(not is_number(x) for x in present):
        chosen = mode(present)
    else:
        chosen = {"mean": mean, "median": median}[fill](present) if isinstance(fill, str) else fill
    return [chosen if _is_missing(x) else x for x in column]


def _labels(column: list[Any], text: Any, where: tuple[Callable[[int], str], str]) -> list[Any]:
    """A column of labels: whole numbers, bools and text as they are, other numbers as floats."""
    plain = [x.item() if hasattr(x, "item") and getattr(x, "shape", None) == () else x for x in column]
    if _is_text(plain, "keep" if text == "keep" else "labels", where) or {type(x) for x in plain} in ({int}, {bool}):
        return plain
    return list(_floats(plain, where))
