"""Colouring: columns of a sparse matrix that can be told apart in their sum.

Columns that no row has in common have one colour. The product of the matrix with the sum of a colour's unit vectors
then has each entry of these columns in a place of its own: as many products as colours, not as columns, give all.
Source: Curtis, Powell and Reid (1974); Gebremedhin, Manne and Pothen, "What Color Is Your Jacobian?" (2005).
"""

from __future__ import annotations

from typing import Any

from autograd.sparsity.nonzeros import transposed

__all__ = ["coloured", "coloured_symmetrically"]


def coloured(begins: Any, columns: Any, count: int) -> Any:
    """A colour for each column of a matrix, from 0 on, so that no two in one row have the same; greedily, in order.

    Args:
        begins, columns: Of each row where its entries begin, and their columns.
        count: How many columns there are.

    Cost: entries times colours, a bit for each.
    """
    import numpy as np

    if len(columns) and int(np.diff(begins).max()) == count:
        return np.arange(count, dtype=np.intc)  # a row with all of them
    return greedy(*transposed(begins, columns, count), len(begins) - 1, np.zeros(len(begins) - 1, dtype=bool))


def coloured_symmetrically(begins: Any, columns: Any) -> tuple[Any, Any]:
    """A colour for each column of a symmetric matrix, and which columns are read from their own colour alone.

    Where an entry is known, so is its mirror image. So some full columns have a colour each, which gives their rows
    too; the others need to be told apart in the other rows only. An arrow has two colours, not as many as columns.

    Args:
        begins, columns: Of each row where its entries begin, and their columns; symmetric.
    """
    import numpy as np

    count = len(begins) - 1
    degrees = np.diff(begins)
    falling = np.sort(degrees)[::-1]
    full = np.zeros(count, dtype=bool)
    if count:
        alone = int(np.argmin(falling + np.arange(count)))  # so many alone, and the longest row among the rest
        full[np.argsort(-degrees, kind="stable")[:alone]] = True
        if alone == 0 and falling[0] == count:
            return np.arange(count, dtype=np.intc), full
    return greedy(begins, columns, count, full), full


def greedy(begins: Any, rows: Any, count: int, full: Any) -> Any:
    """The colours of columns, each the first that no row that counts has yet.

    Args:
        begins, rows: The matrix, column by column.
        count: How many rows it has.
        full: Which rows do not count; where they are columns too, these have colours of their own.
    """
    import numpy as np

    taken = [0] * count  # of each row a bit for each colour that is there
    starts, entries, left_out = begins.tolist(), rows.tolist(), full.tolist()
    symmetric = any(left_out)
    own = int(full.sum())
    colours = np.empty(len(begins) - 1, dtype=np.intc)
    alone = 0
    for column in range(len(starts) - 1):
        if symmetric and left_out[column]:
            colours[column] = alone
            alone += 1
            continue
        some = [row for row in entries[starts[column] : starts[column + 1]] if not left_out[row]]
        used = 0
        for row in some:
            used |= taken[row]
        bit = ~used & (used + 1)
        for row in some:
            taken[row] |= bit
        colours[column] = own + bit.bit_length() - 1
    return colours
