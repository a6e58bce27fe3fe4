"""Rows of numbers, scores of samples, that are spread over ranks: put together on all of them."""

from typing import Any

import numpy as np

from nn.ranks.ranks import Ranks

__all__ = ["joined", "plain", "rows_of_all"]


def rows_of_all(ranks: Ranks, parts: list[Any], spans: Any = None) -> list[tuple[Any, list[Any]]]:
    """Of each rank its spans, and its parts, each an array with a row for each sample, or a list of rows.

    >>> rows_of_all(Ranks(None), [np.eye(2)], [[0, 2]])
    [([[0, 2]], [array([[1., 0.],
           [0., 1.]])])]
    """
    shapes = {part.shape[1:] if isinstance(part, np.ndarray) else None for part in parts if len(part)}
    shape = shapes.pop() if len(shapes) == 1 else None
    flat = shape is not None
    rows = None if flat else [[*map(plain, part)] for part in parts]
    numbers = np.concatenate([np.ravel(part) for part in parts if len(part)]) if flat else ()
    found = []
    for (theirs, sizes, each, given), array in ranks.parcels([spans, [*map(len, parts)], shape, rows], numbers):
        found.append((theirs, given if each is None else np.split(array.reshape(-1, *each), np.cumsum(sizes)[:-1])))
    return found


def joined(parts: list[Any]) -> Any:
    """The rows of several parts: an array, if all are arrays with rows of one shape; else a list.

    >>> joined([np.eye(2), [[0.5]]])
    [[1.0, 0.0], [0.0, 1.0], [0.5]]
    """
    filled = [part for part in parts if len(part)]
    shapes = {part.shape[1:] if isinstance(part, np.ndarray) else None for part in filled}
    if len(shapes) == 1 and None not in shapes:
        return np.concatenate(filled)
    return [plain(row) for part in filled for row in part]


def plain(row: Any) -> Any:
    """Scores without arrays."""
    return row.tolist() if hasattr(row, "tolist") else row
