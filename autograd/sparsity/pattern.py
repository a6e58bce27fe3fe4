"""The pattern of a Jacobian or a Hessian: where it can be other than 0, and with what colours its entries are found."""

from __future__ import annotations

from base64 import b64encode
from functools import cached_property
from html import escape
from typing import Any

from autograd.sparsity.colouring import coloured, coloured_symmetrically
from autograd.sparsity.nonzeros import transposed

__all__ = ["Pattern"]

MOST_SHOWN = 64
"""A picture has at most so many cells each way; of a larger matrix a cell is a block."""


class Pattern:
    """Where a sparse matrix has entries, row by row, columns ascending: what `Compiled.pattern` gives.

    Args:
        begins, columns: Of each row where its entries begin, and the columns of all.
        width: How many columns there are.
        symmetric: Whether it is a Hessian's.

    Attributes:
        rows, columns: Of each entry, two arrays; values come in this order.
        begins: Of each row where its entries begin: the `indptr` of a matrix in compressed rows.
        shape: Rows and columns.
        symmetric: Whether an entry and its mirror image are the same.

    >>> from autograd import compile
    >>> f = compile(lambda x: x[0] * x[1] + x[2] ** 3)
    >>> print(f.pattern([1.0, 2.0, 3.0], of="hessian"))
    . x .
    x . .
    . . x
    """

    def __init__(self, begins: Any, columns: Any, width: int, symmetric: bool) -> None:
        import numpy as np

        self.begins, self.columns, self.symmetric = begins, columns, symmetric
        self.shape = len(begins) - 1, width
        self.rows = np.repeat(np.arange(self.shape[0], dtype=np.intc), np.diff(begins))
        for array in (self.begins, self.columns, self.rows):
            array.flags.writeable = False

    @property
    def nnz(self) -> int:
        """How many entries there are.

        >>> Pattern.of([[1, 0], [1, 1]]).nnz
        3
        """
        return len(self.columns)

    @classmethod
    def of(cls, matrix: Any, symmetric: bool = False) -> Pattern:
        """The pattern of the entries of a matrix that are not 0.

        >>> Pattern.of([[1.0, 0.0, 2.0]]).columns.tolist()
        [0, 2]
        """
        import numpy as np

        given = np.asarray(matrix) != 0
        begins = np.concatenate([[0], np.cumsum(given.sum(axis=1))]).astype(np.intc)
        return cls(begins, np.nonzero(given)[1].astype(np.intc), given.shape[1], symmetric)

    @cached_property
    def colouring(self) -> Colouring:
        """The colours, found when first asked for, and how entries are read from the products they give."""
        return Colouring(self)

    @property
    def colours(self) -> Any:
        """Of each column its colour, from 0 on; of each row, where `by_rows`.

        >>> Pattern.of([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]).colours.tolist()
        [0, 1, 0, 1]
        """
        return self.colouring.colours

    @property
    def by_rows(self) -> bool:
        """Whether rows have the colours, as fewer are enough for them than for columns.

        >>> Pattern.of([[1, 1, 1]]).by_rows
        True
        """
        return self.colouring.by_rows

    def picture(self) -> list[list[bool]]:
        """Of each cell, row by row, whether there is an entry in it: a cell for each, or for blocks of a large matrix.

        >>> Pattern.of([[1, 0], [0, 1]]).picture()
        [[True, False], [False, True]]
        """
        import numpy as np

        height, width = (min(n, MOST_SHOWN) for n in self.shape)
        cells = np.zeros((height, width), dtype=bool)
        if self.nnz:
            down = self.rows.astype(int) * height // self.shape[0]
            cells[down, self.columns.astype(int) * width // self.shape[1]] = True
        found: list[list[bool]] = cells.tolist()
        return found

    def __repr__(self) -> str:
        rows, columns = self.shape
        count = self.colouring.count
        share = self.nnz / (rows * columns) if self.nnz else 0.0
        return (
            f"<pattern of {rows:,} x {columns:,}: {self.nnz:,} entries, {share:.2g} of all; {count:,} "
            f"colour{'s' * (count != 1)} of {'rows' if self.by_rows else 'columns'}>"
        )

    def __str__(self) -> str:
        return "\n".join(" ".join("x" if there else "." for there in row) for row in self.picture())

    def _repr_html_(self) -> str:
        cells = self.picture()
        height, width = len(cells), max(map(len, cells), default=0)
        marks = "".join(
            f"M{j} {i}h1v1h-1z" for i, row in enumerate(cells) for j, there in enumerate(row) if there
        )  # fmt: skip
        side = max(height, width, 1)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width or 1} {height or 1}" '
            f'width="{max(320 * width // side, 1)}" height="{max(320 * height // side, 1)}">'
            f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><path fill="#14508c" d="{marks}"/></svg>'
        )
        said = escape(repr(self)[1:-1])
        return (
            f'<figure style="margin:0"><img alt="{said}" style="border:1px solid #888" '
            f'src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"><figcaption>{said}</figcaption></figure>'
        )


class Colouring:
    """The colours of a pattern, and where in the products with them its entries are.

    Attributes:
        colours: Of each column, or row, its colour.
        by_rows: Whether they are of rows.
        count: How many colours there are.
    """

    def __init__(self, pattern: Pattern) -> None:
        import numpy as np

        begins, columns, (height, width) = pattern.begins, pattern.columns, pattern.shape
        self.by_rows = False
        full = np.zeros(width, dtype=bool)
        if pattern.symmetric:
            self.colours, full = coloured_symmetrically(begins, columns)
        else:
            self.colours = coloured(begins, columns, width)
            if number_of(self.colours) > 1:
                by_rows = coloured(*transposed(begins, columns, width), height)
                if number_of(by_rows) < number_of(self.colours):
                    self.colours, self.by_rows = by_rows, True
        self.count = number_of(self.colours)
        line, coloured_line = (columns, pattern.rows) if self.by_rows else (pattern.rows, columns)
        if full.any():  # what lies in a full row, and in no full column, is read from its mirror image
            mirrored = full[line] & ~full[coloured_line]
            line, coloured_line = np.where(mirrored, coloured_line, line), np.where(mirrored, line, coloured_line)
        self._places = line, self.colours[coloured_line]
        self.colours.flags.writeable = False

    def values(self, products: Any) -> Any:
        """The entries, of the products with each colour: an array of rows (or columns, `by_rows`) and colours."""
        return products[self._places]


def number_of(colours: Any) -> int:
    """How many colours there are."""
    return int(colours.max()) + 1 if len(colours) else 0
