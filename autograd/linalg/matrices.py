"""Matrices of numbers and Values, as they come in and go out: lists of rows, or arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.border.conversion import as_float, describe
from autograd.calculus.arrays import is_array
from autograd.engine.node import constant
from autograd.values.value import Value

__all__ = ["Rows", "as_given", "entries_of", "is_matrix", "rows_of", "square"]

Rows = list[list[Any]]


def entries_of(xs: Any, what: str) -> list[Any]:
    """The numbers and Values of a vector: floats, or Values as they are.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(xs, (list, tuple)) and not is_array(xs):
        raise TypeError(f"{what}: expected a list or an array of numbers and Values, got {describe(xs)}")
    found: Sequence[Any] = xs.tolist() if is_array(xs) else xs
    return [x if isinstance(x, Value) else as_float(x, what) for x in found]


def is_matrix(xs: Any) -> bool:
    """Whether it is of rows, and no vector."""
    if is_array(xs):
        return bool(xs.ndim > 1)
    return isinstance(xs, (list, tuple)) and bool(xs) and (isinstance(xs[0], (list, tuple)) or is_array(xs[0]))


def rows_of(matrix: Any, what: str) -> Rows:
    """The rows of a matrix, each a new list.

    Raises:
        TypeError: it is no matrix of numbers and Values.
        ValueError: its rows are not of one length, or it has more axes than two.
    """
    if is_array(matrix) and matrix.ndim != 2:
        raise ValueError(f"{what}: expected one matrix, got an array of shape {matrix.shape}: give them one at a time")
    if not is_array(matrix) and not isinstance(matrix, (list, tuple)):
        raise TypeError(f"{what}: expected a matrix, as an array or a list of rows, got {describe(matrix)}")
    rows = [entries_of(row, f"{what}: a row") for row in matrix]
    if rows and any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"{what}: expected rows of one length, got {', '.join(str(len(row)) for row in rows)}")
    return rows


def square(matrix: Any, what: str) -> Rows:
    """The rows of a square matrix.

    Raises:
        numpy.linalg.LinAlgError: it is not square.
    """
    rows = rows_of(matrix, what)
    if rows and len(rows[0]) != len(rows):
        raise np.linalg.LinAlgError(f"{what}: expected a square matrix, got {len(rows)} rows of {len(rows[0])}")
    return rows


def as_given(found: list[Any], *given: Any) -> Any:
    """A vector, or rows, of results: an array if one was given, else lists; where one is a Value, all are."""
    flat = [x for row in found for x in row] if found and isinstance(found[0], list) else found
    if any(isinstance(x, Value) for x in flat):
        flat = [x if isinstance(x, Value) else constant(x) for x in flat]
    if any(map(is_array, given)):
        out = np.empty(len(flat), dtype=object if flat and isinstance(flat[0], Value) else float)
        out[:] = flat
        return out.reshape(len(found), -1) if found and isinstance(found[0], list) else out
    if flat is found or not found or not isinstance(found[0], list):
        return flat
    width = len(found[0])
    return [flat[i * width : (i + 1) * width] for i in range(len(found))]
