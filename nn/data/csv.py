"""Files of comma-separated values, and of others, as samples and labels."""

import csv
import io
import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from autograd.border.wording import brief
from nn.data.categories import OneHot
from nn.data.tables import Table, assembled, chosen_places

__all__ = ["MISSING_MARKS", "read_csv"]

MISSING_MARKS = ("", "?", "na", "n/a", "nan", "null", "none")
"""What stands in a file where something is missing, in small letters."""

DELIMITERS = ("\t", ";", "|", ",", " ")
"""In the order in which they are tried: a comma may be in a number, and a space in any text."""

TRUTHS = {"true": True, "false": False}


def read_csv(
    path: Any,
    target: str | int | None = None,
    columns: Sequence[str | int] | None = None,
    *,
    missing: str | float = "error",
    text: str | OneHot = "error",
    delimiter: str | None = None,
    header: bool | None = None,
    decimal: str = ".",
    quote: str = '"',
    encoding: str = "utf-8",
    marks: Iterable[str] = MISSING_MARKS,
) -> Table:
    r"""The rows of a file of comma-separated values as samples, and one of its columns as their labels.

    Blank lines do not count. What is quoted may hold delimiters and ends of lines. `true` and `false` are 1 and 0 in
    samples, bools as labels.

    Args:
        path: A file, or something with a `read` method.
        target: The column of labels, by its name or its place (-1 is the last); labels are whole numbers, bools or text
            where the whole column is, floats where it is of other numbers.
        columns: Those that samples are made of, in this order, by name or place; None takes all but the target.
        missing: What becomes of rows in which something is missing, as for as_table.
        text: What becomes of columns that hold no numbers, as for as_table. One of as many numbers as text is of
            numbers, and refused; labels are text then.
        delimiter: What is between values; None finds it out: a tab, `;`, `|`, `,` or spaces.
        header: Whether the first row holds the names of the columns; None finds it out: it does if it has a text where
            all below it are numbers, or no number at all. Columns without a name are called x0, x1, ...
        decimal: What is before the decimals of a number: a point, or a comma.
        quote: What is around values that hold delimiters.
        encoding: Of the file; a byte order mark is passed over.
        marks: What stands for something that is missing, in small letters.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is empty, or not in its encoding; a row has more or fewer values than the first; a column is not
            there; something is missing, infinite or no number, and is not to be dealt with. The line is named.

    >>> import io
    >>> table = read_csv(io.StringIO("length,width,kind\n5.1,3.5,setosa\n6.2,2.9,other\n"), target="kind")
    >>> table
    Table of 2 rows: length, width -> kind
    >>> table.xs, table.ys
    ([[5.1, 3.5], [6.2, 2.9]], ['setosa', 'other'])
    """
    name = os.fspath(path) if isinstance(path, (str, os.PathLike)) else getattr(path, "name", "read_csv")
    name = name if isinstance(name, str) else "read_csv"
    _require_dialect(delimiter, decimal, quote)
    contents = _text_of(path, name, encoding)
    if not contents.strip():
        raise ValueError(f"{name}: the file is empty")
    found = _delimiter_of(contents, decimal, quote) if delimiter is None else delimiter
    lines, records = _records(contents, found, quote, name, guessed=delimiter is None)
    known = frozenset(marks)
    if header is None:
        header = _has_header(records, decimal, known) or _is_lone_header(records, decimal, target, columns, text)
    if header and len(records) == 1:
        raise ValueError(f"{name}: there is a header and no row below it")
    heads = records[0] if header else [""] * len(records[0])
    names = [head.strip() or f"x{j}" for j, head in enumerate(heads)]
    lines, rows = (lines[1:], records[1:]) if header else (lines, records)
    if columns is None:  # a delimiter at the end of every line makes a last column of nothing
        goal, places = chosen_places(names, target, None, name)
        columns = [j for j in places if heads[j].strip() or any(row[j].strip() for row in rows)]
    goal, places = chosen_places(names, target, columns, name)
    worded = [known is not None for known in text.categories or []] if isinstance(text, OneHot) else []
    as_text = {j for j, is_worded in zip(places, worded, strict=False) if is_worded}
    exact = decimal == "." and "_" not in contents  # a line below a digit is none of a number's, though Python's
    cells: list[list[Any]] = [[] for _ in names]
    for j, column in enumerate(zip(*rows, strict=True)):
        if j in places or j == goal:
            what = "labels" if j == goal and text != "keep" else text
            cells[j] = _parsed(column, decimal, known, exact, j in as_text, what)
    return assembled(names, cells, target, columns, missing, text, name, lambda i: f"{name}, line {lines[i]}")


def _require_dialect(delimiter: Any, decimal: Any, quote: Any) -> None:
    """Pass if such a file can be read."""
    for what, mark in (("delimiter", delimiter), ("quote", quote)):
        if mark is not None and (not isinstance(mark, str) or len(mark) != 1 or mark in "\r\n"):
            raise ValueError(f"read_csv: {what} is {brief(mark)}; it is one character")
    if decimal not in (".", ","):
        raise ValueError(f"read_csv: decimal is {brief(decimal)}; it is '.' or ','")
    if delimiter in (decimal, quote):
        raise ValueError(f"read_csv: {delimiter!r} cannot be the delimiter, and before decimals or around values too")


def _text_of(path: Any, name: str, encoding: str) -> str:
    """What is in the file."""
    if hasattr(path, "read"):
        raw = path.read()
    else:
        with open(path, "rb") as file:
            raw = file.read()
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return str(raw, encoding).removeprefix("\ufeff")
    except LookupError:
        raise ValueError(f"{name}: there is no encoding {brief(encoding)}; 'utf-8' and 'latin-1' are two") from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "latin-1"
        raise ValueError(
            f"{name}, line {line}: byte {raw[error.start]:#04x} is not {encoding.upper()}: give the encoding of the "
            f"file, perhaps encoding={hint!r}"
        ) from None


def _reader(contents: str, delimiter: str, quote: str) -> Any:
    """A reader of rows."""
    spaced = delimiter == " "
    return csv.reader(
        io.StringIO(contents, newline=""), delimiter=delimiter, quotechar=quote, skipinitialspace=spaced, strict=True
    )


def _records(contents: str, delimiter: str, quote: str, name: str, guessed: bool) -> tuple[list[int], list[list[str]]]:
    """The rows of a file, with the line that each starts in; all of one length."""
    lines, records = [], []
    reader = _reader(contents, delimiter, quote)
    start = 1
    try:
        for record in reader:
            row = _trimmed(record, delimiter)
            if row and (len(row) > 1 or row[0].strip()):
                lines.append(start)
                records.append(row)
            start = reader.line_num + 1
    except csv.Error as error:
        told = "a quote is opened and never closed" if "end of data" in str(error) else error
        raise ValueError(f"{name}, line {start}: {told}") from None
    if not records:
        raise ValueError(f"{name}: the file is empty but for quotes")
    width = len(records[0])
    ragged = [i for i, row in enumerate(records) if len(row) != width]
    if ragged:
        i = ragged[0]
        others = f", and {len(ragged) - 1} more are as ragged" if len(ragged) > 1 else ""
        hint = f"; {delimiter!r} was taken for the delimiter" if guessed else ""
        raise ValueError(
            f"{name}, line {lines[i]}: {_values(len(records[i]))} where line {lines[0]} has {width}{others}{hint}"
        )
    return lines, records


def _values(n: int) -> str:
    return f"{n} value{'s' * (n != 1)}"


def _trimmed(record: list[str], delimiter: str) -> list[str]:
    """A row without what spaces at its end have left."""
    return record[:-1] if delimiter == " " and record and not record[-1] else record


def _delimiter_of(contents: str, decimal: str, quote: str) -> str:
    """The delimiter that cuts the first rows into as many values each; else the one that does so for most of them."""
    best, share = ",", 0.0
    for delimiter in DELIMITERS:
        if delimiter in (decimal, quote):
            continue
        try:
            records = [_trimmed(row, delimiter) for row in islice(_reader(contents, delimiter, quote), 200) if row]
        except csv.Error:
            continue
        if delimiter == " " and not all(_is_number(x, decimal) for row in records[1:] for x in row):
            continue
        width, count = Counter(map(len, records)).most_common(1)[0]
        if width > 1 and count > share * len(records):
            best, share = delimiter, count / len(records)
    return best


def _has_header(records: list[list[str]], decimal: str, marks: frozenset[str]) -> bool:
    """Whether the first row names columns: one of its values is text above numbers, or none is a number."""
    first, below = records[0], records[1:200]
    if not any(_is_number(x, decimal) or x.strip().lower() in TRUTHS for x in first):
        return len(records) > 1 and any(x.strip().lower() not in marks for x in first)
    for j, x in enumerate(first):
        others = [row[j] for row in below if row[j].strip().lower() not in marks]
        named = not _is_number(x, decimal) and x.strip().lower() not in marks
        if named and others and all(_is_number(other, decimal) for other in others):
            return True
    return False


def _is_lone_header(records: list[list[str]], decimal: str, target: Any, columns: Any, text: Any) -> bool:
    """Whether the only row there is names columns: those that are asked for, or it can be no sample."""
    if len(records) != 1 or any(_is_number(x, decimal) for x in records[0]):
        return False
    asked = [target, *([] if columns is None or isinstance(columns, str) else columns)]
    names = {x.strip() for x in records[0]}
    return (isinstance(text, str) and text != "keep") or any(isinstance(x, str) and x in names for x in asked)


def _number(x: str, decimal: str) -> float | None:
    """The number that a value is, as it is written in files; None if it is none."""
    if "_" in x or (decimal == "," and "." in x):
        return None
    try:
        return float(x if decimal == "." else x.replace(",", "."))
    except ValueError:
        return None


def _is_number(x: str, decimal: str) -> bool:
    """Whether a value is a number."""
    return _number(x, decimal) is not None


def _parsed(
    column: Sequence[str], decimal: str, marks: frozenset[str], exact: bool, as_text: bool, text: Any
) -> list[Any]:
    """The values of a column: numbers or bools if it is of these, else text; None where something is missing.

    Args:
        column: What is in the file.
        decimal: What is before decimals.
        marks: What stands for something missing.
        exact: Whether numbers are just what Python takes for such.
        as_text: Whether it is text whatever it looks like.
        text: What becomes of text: "error", of which numbers in its column are told apart; "one_hot", if there is more
            of it than of numbers; "labels", if there is as much; "keep", if there is any.
    """
    if exact and not as_text:
        for kind in (int, float):
            try:
                found = list(map(kind, column))
            except ValueError:
                continue
            if not any(x != x for x in found):
                return found
    stripped = [x.strip() for x in column]
    cells: list[Any] = [None if x.lower() in marks else x for x in stripped]
    if as_text:
        return cells
    present = [x for x in cells if x is not None]
    if all(x.lower() in TRUTHS for x in present):
        return [None if x is None else TRUTHS[x.lower()] for x in cells]
    numbers = sum(_is_number(x, decimal) for x in present)
    most = {"error": 0, "keep": 2 * len(present), "labels": len(present) + 1}
    if numbers < len(present) and 2 * numbers < most.get(text if isinstance(text, str) else "one_hot", len(present)):
        return cells
    if all(x.removeprefix("-").isdecimal() for x in present):
        return [x if x is None else int(x) for x in cells]
    return [x if x is None or (number := _number(x, decimal)) is None else number for x in cells]
