"""The entries of a Jacobian or a Hessian along one path: where they are, their values, and the matrix they make.

There are two ways to the values. Where rows come from a little of the program each, as in sums of local terms, one
program has all entries, row by row, from the ancestors of each. Where they share most of it, the columns of a colour
are a direction, and directions are lanes: what does not depend on them is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import optree

from autograd.programs.ancestors import Ancestors
from autograd.programs.differentiation import differentiated
from autograd.programs.program import Program
from autograd.programs.pruning import dependents
from autograd.recorded.answers import Marked, Part
from autograd.recorded.kinds import KINDS, Derivation
from autograd.recorded.paths import Path
from autograd.recorded.questions import Question
from autograd.sparsity.linear import adds_up
from autograd.sparsity.nonzeros import nonzeros, transposed
from autograd.sparsity.pattern import Pattern
from autograd.structures.layout import Layout

__all__ = ["Entries"]

SHARED = 16
"""Rows that have together so many times as many ancestors as there are steps are found along directions."""
ROWS = 16
"""So many rows are found alone at once, where directions do not tell their entries apart."""


class Entries:
    """The entries of the Jacobian or the Hessian along a path, and the matrix that they make.

    The path is given to what needs it: it keeps what was found of it.

    Args:
        path: The path.
        kind: "jacobian" or "hessian".
        inputs: By which inputs, each once.
        layout: Of the arguments.

    Attributes:
        pattern: Where they are.
        asked: What is asked of the path: all values; or where they are found along directions, its inputs.

    Cost: as of `nonzeros`.
    """

    def __init__(self, path: Path, kind: str, inputs: tuple[int, ...], layout: Layout) -> None:
        self._kind, self._inputs, self._layout, self._results = kind, inputs, layout, path.results
        program: Program = path.plain
        self._slopes: Program | None = None
        if kind == "hessian":  # with nothing for what is cut off
            program = self._slopes = differentiated(program, inputs, False, True, sharing=False)
        begins, columns = nonzeros(program, inputs)
        if kind == "hessian":
            begins, columns = symmetrised(begins, columns)
        self.pattern = Pattern(begins, columns, len(inputs), kind == "hessian")
        self._along: Derivation | None = None
        if is_local(program, inputs):
            self.asked = self.of_rows(range(len(program.outputs)))
        else:
            count = len(path.varying)
            self.asked = Derivation(KINDS["inputs"], (), count, tuple(range(count)))
            self._along = self.along_directions()
            self._varying = path.varying_of(self._along)
            self._adds_up: bool | None = None  # not known before there is a program

    def question(self, path: Path) -> Question:
        """The question of what is asked; its answer comes with these entries and the path, to go on with."""
        count = self.asked.count
        return Question(self.asked, Marked(Part((0,), count, (count,), False), (self, path)))

    def of_rows(self, rows: Sequence[int]) -> Derivation:
        """The derivation of the entries of some rows."""
        begins = self.pattern.begins
        count = sum(int(begins[i + 1] - begins[i]) for i in rows)
        kind = KINDS[f"{self._kind} entries"]
        summed = tuple(range(count))
        return Derivation(kind, self._inputs, count, summed, pattern=self.pattern, rows=rows, slopes=self._slopes)

    def along_directions(self) -> Derivation:
        """The derivation of what comes along directions."""
        inputs, count = self._inputs, len(self._inputs)
        outputs = tuple(range(self.pattern.shape[0]))
        if self._kind == "hessian":
            return Derivation(KINDS["hvp along"], inputs, count, (), moving=inputs, along=(True,) * count)
        if self.pattern.by_rows:
            return Derivation(KINDS["adjoints along"], inputs, count, (), pulled=outputs, along=(True,) * len(outputs))
        return Derivation(KINDS["tangents along"], inputs, len(outputs), (), moving=inputs, along=(True,) * count)

    # --- values ---

    def values(self, path: Path, numbers: Any) -> Any:
        """The values in the order of the pattern, of what was asked of the path."""
        if self._along is None:
            return numbers
        products, some_nan = self.products(path, self._along, numbers)
        values = self.pattern.colouring.values(products)
        return self.told_apart(values, path, numbers) if some_nan else values

    def array(self, path: Path, numbers: Any) -> Any:
        """The matrix as an array, likewise."""
        height, width = self.pattern.shape
        if self._along is not None and self.pattern.nnz == height * width and not self.pattern.by_rows:
            products, some_nan = self.products(path, self._along, numbers)  # a colour for each column: the matrix
            return self.dense(self.told_apart(products.reshape(-1), path, numbers)) if some_nan else products
        return self.dense(self.values(path, numbers))

    def products(self, path: Path, along: Derivation, inputs: Any) -> tuple[Any, bool]:
        """What comes along each colour, and whether some of that may be nan.

        That is an array of rows, or of columns where colours are of rows, and colours.
        """
        colouring, replay = self.pattern.colouring, path.replay(along)
        if self._adds_up is None:
            self._adds_up = adds_up(replay.program, len(path.varying))
        return replay.run_directions(self._varying, inputs, colouring.colours, colouring.count, self._adds_up)

    def told_apart(self, values: Any, path: Path, inputs: Any) -> Any:
        """The values, as they came along colours; rows of which some are nan are found alone.

        A direction that does not move an input has 0 times its slope, which is nan where that is not finite: so a nan
        may come from another entry of the row.
        """
        import numpy as np

        begins, doubtful = self.pattern.begins, np.unique(self.pattern.rows[np.isnan(values)]).tolist()
        for first in range(0, len(doubtful), ROWS):
            some = doubtful[first : first + ROWS]
            careful, at = path.run_once(self.of_rows(some), inputs), 0
            for i in some:
                count = begins[i + 1] - begins[i]
                values[begins[i] : begins[i + 1]] = careful[at : at + count]
                at += count
        return values

    # --- the matrix ---

    def dense(self, values: Any) -> Any:
        """The matrix of these values as an array."""
        import numpy as np

        found = np.zeros(self.pattern.shape)
        found[self.pattern.rows, self.pattern.columns] = values
        return found

    def sparse(self, values: Any) -> Any:
        """The matrix as SciPy has it, in compressed rows.

        Raises:
            ImportError: SciPy is not installed.
        """
        try:
            from scipy.sparse import csr_array
        except ImportError:
            raise ImportError(
                "sparse=True gives a matrix of SciPy, which is not installed: pip install scipy, or ask for "
                'sparse="values" and put them where pattern() says'
            ) from None
        found = csr_array((values, self.pattern.columns.copy(), self.pattern.begins.copy()), shape=self.pattern.shape)
        found.has_sorted_indices = found.has_canonical_format = True
        return found

    def in_structure(self, matrix: Any, argnums: int | tuple[int, ...]) -> Any:
        """An array as a user has it: a Hessian as it is, a Jacobian in the structure of results and arguments."""
        if self.pattern.symmetric:
            return matrix
        positions = (argnums,) if isinstance(argnums, int) else argnums
        begin, ends = 0, []
        for position in positions:
            treespec, leaves = self._layout.part(position)
            columns = []
            for leaf in leaves:
                columns.append(None if leaf.kind == "static" else (begin, begin + leaf.size, leaf.shape))
                begin += leaf.size
            ends.append((treespec, columns))
        found, row = [], 0
        for shape in self._results.shapes:
            rows = matrix[row : row + prod(shape)]
            row += len(rows)
            parts = []
            for treespec, columns in ends:
                blocks = [None if of is None else block(rows, shape, *of) for of in columns]
                parts.append(blocks[0] if treespec.is_leaf() else optree.tree_unflatten(treespec, blocks))
            found.append(parts[0] if isinstance(argnums, int) else tuple(parts))
        return optree.tree_unflatten(self._results.treespec, found)


def block(rows: Any, shape: tuple[int, ...], begin: int, end: int, to: tuple[int, ...]) -> Any:
    """The slopes of a leaf of the results, whose rows these are, by a leaf of the arguments, between two columns."""
    if shape or to:
        return rows[:, begin:end].reshape(shape + to)
    return float(rows[0, begin])


def is_local(program: Program, inputs: Sequence[int]) -> bool:
    """Whether the outputs of a program come from a little of it each."""
    steps, first = program.steps, len(program.labels)
    most = SHARED * (first + len(steps))
    return Ancestors(steps, first, dependents(program, inputs)).count(program.outputs, most) <= most


def symmetrised(begins: Any, columns: Any) -> tuple[Any, Any]:
    """A square pattern with the mirror image of each entry."""
    import numpy as np

    count = len(begins) - 1
    turned_begins, rows = transposed(begins, columns, count)
    if np.array_equal(begins, turned_begins) and np.array_equal(columns, rows):
        return begins, columns
    both = [np.repeat(np.arange(count), np.diff(b)) * count + c for b, c in ((begins, columns), (turned_begins, rows))]
    places = np.unique(np.concatenate(both))
    begins = np.searchsorted(places, np.arange(count + 1) * count)
    return begins.astype(np.intc), (places % count).astype(np.intc)
