"""The inputs of a path's programs: what they are, in which order, and the numbers that a call has for them.

The inputs are, in this order,

    numbers of the arguments  as `Layout` counts them: those of batches vary, the others are shared by all rows
    captured Values           in the order of `Path.captured`: shared
    tangents or cotangents    in the order of `Derivation.moving` or `pulled`, as `along` says: shared or varying

A program is given the shared ones as one array and the varying ones as arrays of rows and columns, in this order each.
Programs of guards end before the tangents. In C the same is done by `Fork.fill` and `Repetition.take`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy import empty

from autograd.recorded.kinds import Derivation
from autograd.recorded.paths import Path
from autograd.values.value import Value
from autograd.values.vectors import read_values

__all__ = ["Captured", "Inputs"]


class Captured:
    """The numbers of Values that paths capture, read once for a whole call: another thread may set them meanwhile."""

    def __init__(self) -> None:
        self._known: dict[int, float] = {}

    def numbers(self, values: list[Value]) -> Any:
        """Their numbers, as they were when first read, in an array."""
        import numpy as np

        numbers = np.empty(len(values))
        read_values(values, numbers)
        if self._known:
            numbers[:] = [self._known.get(id(v), x) for v, x in zip(values, numbers.tolist(), strict=True)]
        self._known.update(zip(map(id, values), numbers.tolist(), strict=True))
        return numbers


NOTHING = empty(0)
FEW_BATCHES = 8
SMALL = 2**18
"""So many numbers are copied to have them together."""


class Inputs:
    """The numbers of some rows: those of the arguments, and of tangents or cotangents.

    Args:
        n: How many rows there are.
        shared: The numbers of arguments that are no batches, in one array.
        batches: Of those that are, arrays of rows and columns.
        captured: The numbers of what paths capture.
        tangents, tangent_batches: As `shared` and `batches`.
    """

    def __init__(
        self,
        n: int,
        shared: Any,
        batches: Sequence[Any],
        captured: Captured,
        tangents: Any = NOTHING,
        tangent_batches: Sequence[Any] = (),
    ) -> None:
        self.n, self.shared, self.batches, self.captured = n, shared, batches, captured
        self.tangents, self.tangent_batches = tangents, tangent_batches

    def of_guards(self, path: Path, rows: Any) -> tuple[tuple[bool, ...], Any, list[Any], int]:
        """The inputs of a path's guards for some of the rows, or for all if that is None.

        Returns:
            Of each input whether it varies; the shared numbers; the batches; how many rows there are.
        """
        import numpy as np

        shared = self.shared
        if path.captured:
            shared = np.concatenate([shared, self.captured.numbers(path.captured)])
        return path.varying, shared, picked(self.batches, rows), self.n if rows is None else len(rows)

    def gathered(self) -> Inputs:
        """The same; many small batches as one, of which a path that few rows take is given its rows in one go."""
        import numpy as np

        columns = sum(x.shape[1] for x in self.batches)
        if len(self.batches) < FEW_BATCHES or columns * self.n > SMALL or any(x.dtype != float for x in self.batches):
            return self
        whole = np.empty((columns, self.n)).T
        np.concatenate(self.batches, axis=1, out=whole)
        return Inputs(self.n, self.shared, [whole], self.captured, self.tangents, self.tangent_batches)

    def of_program(self, path: Path, wanted: Derivation, rows: Any) -> tuple[tuple[bool, ...], Any, list[Any], int]:
        """The inputs of what gives a derivation along a path: those of the guards, and then tangents."""
        import numpy as np

        _, shared, batches, n = self.of_guards(path, rows)
        if wanted.along:
            shared = np.concatenate([shared, self.tangents])
            batches = [*batches, *picked(self.tangent_batches, rows)]
        return path.varying_of(wanted), shared, batches, n

    def with_tangents(self, tangents: Any, batches: Sequence[Any]) -> Inputs:
        """Inputs with the same numbers of the arguments, and others of tangents or cotangents."""
        return Inputs(self.n, self.shared, self.batches, self.captured, tangents, batches)

    def span(self, start: int, stop: int) -> Inputs:
        """The rows from one to before another."""
        stop = min(stop, self.n)
        batches, along = ([x[start:stop] for x in some] for some in (self.batches, self.tangent_batches))
        return Inputs(stop - start, self.shared, batches, self.captured, self.tangents, along)

    def copied(self) -> Inputs:
        """Inputs with the same numbers, whatever becomes of the arrays that they were in."""
        import numpy as np

        batches = [np.array(x, dtype=float) for x in self.batches]
        return Inputs(self.n, self.shared, batches, self.captured, self.tangents, self.tangent_batches)


def picked(batches: Sequence[Any], rows: Any) -> list[Any]:
    """Some rows of each batch, or all if that is None."""
    if rows is None:
        return list(batches)
    if len(rows) == 1:  # as most paths have that few rows take, where they are many
        row = int(rows[0])
        return [x[row : row + 1] for x in batches]
    return [x[rows] for x in batches]
