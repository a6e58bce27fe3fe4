"""A compiled call among Values: its results are joined to the graph of the arguments.

The results of a call with Values among its arguments are Values, whose graph goes on to the arguments and to what the
function captures. Of the call one node is kept, with the numbers that went in. When a sweep comes to it, the compiled
function is replayed backwards from the adjoints of all results at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import optree

from autograd.border.conversion import as_float
from autograd.compiled.call import Call
from autograd.compiled.gradients import has_values, run_on_values, values_among_arguments
from autograd.compiled.rows import Rows, of_blocks
from autograd.derivatives.grad import grad
from autograd.engine.node import constant
from autograd.engine.reading import data_of
from autograd.engine.rules import Joint, Result
from autograd.recorded.kinds import KINDS, Derivation
from autograd.recorded.paths import Path
from autograd.structures.results import Results
from autograd.structures.trees import flatten
from autograd.values.closures import join
from autograd.values.value import Value

__all__ = ["joined", "joined_eagerly"]


def joined(call: Call) -> Any:
    """The results as Values.

    Rows that no path is kept for are run on the Values themselves, by the eager engine.
    """
    import numpy as np

    traced = call.traced
    if traced.reduce == "mean":
        call.require_rows()
    blocks = list(call.rows.blocks())
    for block in blocks:
        block.sort()
    call.look_at_steps()
    alone = [block.first + row for block in blocks for row in block.alone]
    if not call.batched and alone:
        return joined_eagerly(call)
    pullback = Pullback(call, blocks)
    values = pullback.results()
    if alone:
        eager = [Results(run_on_values(call, row), traced.name) for row in alone]
        for found in eager:
            call.arguments.require_same_structure(found, 0)
        if pullback.by_rows:
            for row, found in zip(alone, eager, strict=True):
                values[:, row] = [result_as_values(x) for x in found.values]
        else:
            weight = 1.0 / call.n if traced.reduce == "mean" else 1.0
            for i in range(len(values)):
                values[i, 0] = values[i, 0] + sum(found.values[i] * weight for found in eager)
    leaves, at = [], 0
    for shape in call.results.shapes:
        size = int(np.prod(shape))
        part = values[at : at + size]
        at += size
        if pullback.by_rows:
            leaves.append(part.T.reshape(call.n, *shape))
        else:
            leaves.append(part[:, 0].reshape(shape) if shape else part[0, 0])
    return optree.tree_unflatten(call.results.treespec, leaves)


def joined_eagerly(call: Call) -> Any:
    """The results as Values likewise, of a call without a batch, by the eager engine."""
    leaves, treespec = flatten(run_on_values(call, 0))
    return optree.tree_unflatten(treespec, [result_as_values(x) for x in leaves])


def result_as_values(x: Any) -> Any:
    """A result as a Value, or an array of them: one of a path that depends on nothing is a number."""
    import numpy as np

    if not getattr(x, "shape", ()):
        return x if isinstance(x, Value) else constant(as_float(x, "result"))
    array = np.empty(x.shape, dtype=object)
    array.ravel()[:] = [result_as_values(v) for v in x.ravel().tolist()]
    return array


class Pullback(Joint):
    """A call in the graph: the rule of its node, whose operands are the Values that took part.

    Args:
        call: It was given Values.
        blocks: Its rows, sorted onto their paths.

    Attributes:
        by_rows: Whether each row has results of its own.
        n: How many rows the results have.
        operands: The Values among the arguments, shared ones first, and then those that were captured.
    """

    __slots__ = (
        "blocks",
        "by_rows",
        "call",
        "captured",
        "data",
        "leaves",
        "n",
        "of_rows",
        "operands",
        "shared",
        "varying",
    )
    bound = "a compiled function gave it, which keeps what it was given"

    def __init__(self, call: Call, blocks: Sequence[Rows]) -> None:
        import numpy as np

        self.call, self.name = call, call.traced.name
        self.by_rows = call.batched and call.traced.reduce is None
        self.n = call.n if self.by_rows else 1
        found = list(values_among_arguments(call))
        of_all = [(k, v) for k, row, v in found if row is None]
        self.shared = [k for k, _ in of_all]
        self.operands = [v for _, v in of_all]
        self.varying = sorted({k for k, row, _ in found if row is not None})
        self.of_rows = np.full((len(self.varying), call.n), -1)  # of an input and a row, which operand it is
        place = {k: i for i, k in enumerate(self.varying)}
        for k, row, v in found:
            if row is not None:
                self.of_rows[place[k], row] = len(self.operands)
                self.operands.append(v)
        self.captured: dict[int, int] = {}  # of what was captured, by id, which operand it is
        for block in blocks:
            for path, _ in block.groups:
                block.inputs.captured.numbers(path.captured)  # from now on, they are those of this call
                for v in path.captured:
                    if id(v) not in self.captured:
                        self.captured[id(v)] = len(self.operands)
                        self.operands.append(v)
        self.data = [data_of(v) for v in self.operands]
        self.leaves = [
            np.array(x) if leaf.kind == "array" else x for leaf, x in zip(call.layout.leaves, call.leaves, strict=True)
        ]
        self.blocks = [block.with_inputs(block.inputs.copied()) for block in blocks]

    def results(self) -> Any:
        """The results as Values, an array of results and rows."""
        import numpy as np

        wanted = self.call.question("value").wanted
        outputs = ((block, block.run_groups(wanted, alone=[])) for block in self.blocks)
        sums, lanes = of_blocks(outputs, wanted, self.call.n, self.call.layout.zero)
        if self.call.traced.reduce == "mean" and self.call.batched:
            sums = sums / self.call.n
        data = sums.reshape(-1, 1) if wanted.summed or not wanted.count else lanes
        values = np.empty(data.shape, dtype=object)
        self.many = values.size != 1
        if not self.many:
            values[0, 0] = join(float(data[0, 0]), tuple(self.operands), self)
        elif values.size:
            whole = join(0.0, tuple(self.operands), self)
            flat = [join(x, (whole,), Result(i)) for i, x in enumerate(data.ravel().tolist())]
            values.ravel()[:] = flat
        return values

    def partials(self, node: Any) -> Sequence[float]:
        """∂result/∂operand; of several results, of their sum."""
        ones = dict.fromkeys(range(len(self.call.results.values) * self.n), 1.0)
        return [0.0 if x is None else x for x in self.contributions(node, ones if self.many else 1.0)]

    def contributions(self, node: Any, adjoint: Any) -> Sequence[float | None]:
        """The adjoint that each operand gets from those of the results that have one; None for nothing.

        Nothing goes to what those results do not depend on in the rows that have adjoints: the slopes below it may be
        infinite, and 0 times that would be nan.
        """
        import numpy as np

        found, coming = np.zeros(len(self.operands)), np.zeros(len(self.operands))
        cotangents, reached = self.cotangents(adjoint, float)
        for block in self.blocks:
            for path, rows in block.groups:
                for outputs, some in self.divided(block, rows, reached):
                    self._add(block, path, outputs, some, cotangents, found)
                    self._add(block, path, outputs, some, None, coming)
        return [x if count else None for x, count in zip(found.tolist(), coming.tolist(), strict=True)]

    def cotangents(self, adjoint: Any, kind: type) -> tuple[Any, Any]:
        """The adjoints as an array of results and rows, and where there are some."""
        import numpy as np

        adjoints = adjoint if self.many else {0: adjoint}
        shape = len(self.call.results.values), self.n
        cotangents: Any
        cotangents, reached = np.zeros(shape, dtype=kind), np.zeros(shape, dtype=bool)
        places = list(adjoints)
        cotangents.ravel()[places] = list(adjoints.values())
        reached.ravel()[places] = True
        if self.call.traced.reduce == "mean" and self.call.batched:
            cotangents = cotangents / self.call.n
        return cotangents, reached

    def divided(self, block: Rows, rows: Any, reached: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
        """Those of the rows that have adjoints, by which results do: 0 times an infinite slope would be nan."""
        import numpy as np

        if not self.by_rows:
            yield tuple(np.flatnonzero(reached[:, 0]).tolist()), rows
            return
        numbers = np.arange(block.n) if rows is None else rows
        patterns, which = np.unique(reached[:, block.first + numbers], axis=1, return_inverse=True)
        for i, pattern in enumerate(patterns.T):
            if pattern.any():
                some = numbers[which.ravel() == i]
                yield tuple(np.flatnonzero(pattern).tolist()), None if len(some) == block.n else some

    def _wanted(self, path: Path, kind: str, outputs: tuple[int, ...]) -> Derivation:
        """A derivation of a path, made once: slopes by the shared inputs, by those that vary, by what it captured."""
        key = kind, outputs, self.by_rows, tuple(self.shared), tuple(self.varying)

        def make() -> Derivation:
            in_lanes = range(len(self.shared), len(self.shared) + len(self.varying))
            inputs = (*self.shared, *self.varying, *path.captured_inputs)
            summed = tuple([i for i in range(len(inputs)) if i not in in_lanes])
            along = (self.by_rows,) * len(outputs) if kind == "vjp" else ()
            return Derivation(KINDS[kind], inputs, len(inputs), summed, pulled=outputs, along=along)

        return path.once(key, make)

    def _add(self, block: Rows, path: Path, outputs: tuple[int, ...], rows: Any, cotangents: Any, found: Any) -> None:
        """Add a path's vjp for some results and rows to `found`; without cotangents, flags of the operands reached."""
        import numpy as np

        wanted = self._wanted(path, "vjp" if cotangents is not None else "reach", outputs)
        if cotangents is not None and self.by_rows:
            of_block = cotangents[list(outputs), block.first : block.first + block.n]
            block = block.with_inputs(block.inputs.with_tangents(np.empty(0), [np.ascontiguousarray(of_block.T)]))
        elif cotangents is not None:
            block = block.with_inputs(block.inputs.with_tangents(cotangents[list(outputs), 0], []))
        if cotangents is not None or path.selects:
            numbers, lanes = block.run_path(path, wanted, rows)
        else:  # the same in every row, and in every call
            numbers, lanes = path.once(("reached", wanted), lambda: block.run_path(path, wanted, np.arange(1)))
            lanes = np.broadcast_to(lanes, (len(lanes), block.n if rows is None else len(rows)))
        np.add.at(found, [*range(len(self.shared)), *[self.captured[id(v)] for v in path.captured]], numbers)
        if len(self.varying):
            places = self.of_rows[:, block.first + (np.arange(block.n) if rows is None else rows)]
            np.add.at(found, places[places >= 0], lanes[places >= 0])

    # --- derivatives that can be differentiated again ---

    def contributions_as_values(self, node: Any, adjoint: Any) -> list[Any]:
        """The contributions from Values and as Values: the pullback is a compiled function too.

        Raises:
            ValueError: the data of an operand was changed, so that this would not be of the forward pass that ran.
        """
        import numpy as np

        operands = node.operands
        for v, x in zip(operands, self.data, strict=True):
            if data_of(v) != x and (data_of(v) == data_of(v) or x == x):
                raise ValueError(f"create_graph: data was changed after {v!r} was used; compute the output again")
        found: list[Any] = [0.0] * len(operands)
        cotangents, reached = self.cotangents(adjoint, object)
        coming = np.zeros(len(operands))
        for block in self.blocks:
            for path, of_path in block.groups:
                for outputs, some in self.divided(block, of_path, reached):
                    self._add(block, path, outputs, some, None, coming)
        for outputs, rows in self.divided(self.call.rows, self.rows(), reached):
            chosen = cotangents[list(outputs)]
            slopes = Slopes(self, outputs)
            leaves = self.leaves_of(rows)
            given = chosen[:, 0].tolist() if not self.by_rows else list(chosen if rows is None else chosen[:, rows])
            places = [*range(len(self.shared)), *self.captured.values()]
            if places:
                for place, x in zip(places, slopes.of_shared(given, leaves), strict=True):
                    found[place] = found[place] + x
            if self.varying:
                numbers = np.arange(self.call.n) if rows is None else rows
                for place_of, lane in zip(self.of_rows, slopes.of_rows(given, leaves), strict=True):
                    for row, x in zip(numbers.tolist(), lane, strict=True):
                        if place_of[row] >= 0:
                            found[place_of[row]] = found[place_of[row]] + x
        return [x if count else None for x, count in zip(found, coming.tolist(), strict=True)]

    def rows(self) -> Any:
        """Those that have paths, in order; None for all."""
        import numpy as np

        if not any(block.alone for block in self.blocks):
            return None
        parts = [block.first + rows for block in self.blocks for _, rows in block.groups if rows is not None]
        return np.sort(np.concatenate([np.empty(0, dtype=int), *parts]))

    def leaves_of(self, rows: Any) -> list[Any]:
        """The leaves of the arguments, with some rows of the batch."""
        import numpy as np

        found = []
        for leaf, x in zip(self.call.layout.leaves, self.leaves, strict=True):
            if leaf.axis is not None and rows is not None:
                x = np.moveaxis(np.moveaxis(np.asarray(x), leaf.axis, 0)[rows], 0, leaf.axis)
            found.append(x)
        return found


class Slopes:
    """The slopes of a function's weighted results, as functions to be compiled: by what is shared, and row by row.

    Args:
        pullback: Of which call.
        outputs: Which results are weighted; by rows, each row has weights of its own.
    """

    def __init__(self, pullback: Pullback, outputs: tuple[int, ...]) -> None:
        call = pullback.call
        self.layout, self.traced, self.outputs, self.by_rows = call.layout, call.traced, outputs, pullback.by_rows
        self.shared = pullback.shared
        self.varying = pullback.varying
        self.captured = [pullback.operands[i] for i in pullback.captured.values()]

    def of_shared(self, weights: list[Any], leaves: list[Any]) -> list[Any]:
        """Summed over the batch, by the shared inputs and by what is captured."""

        def slopes_by_shared(weights: Any, leaves: Any) -> Any:
            total, inputs = self._weighted(weights, leaves)
            wanted = [*[inputs[k] for k in self.shared], *self.captured]
            return grad(total, wanted, create_graph=True, allow_unused=True)

        found: list[Any] = self._compiled(slopes_by_shared, "sum" if self.layout.batched else None, weights, leaves)
        return found

    def of_rows(self, weights: list[Any], leaves: list[Any]) -> list[Any]:
        """Row by row, by the inputs that vary."""

        def slopes_by_rows(weights: Any, leaves: Any) -> Any:
            total, inputs = self._weighted(weights, leaves)
            return grad(total, [inputs[k] for k in self.varying], create_graph=True, allow_unused=True)

        found: list[Any] = self._compiled(slopes_by_rows, None, weights, leaves)
        return found

    def _weighted(self, weights: Any, leaves: Any) -> tuple[Value, list[Any]]:
        """The sum of the results, each times its weight; and the inputs."""
        inputs: list[Any] = []
        for leaf, x in zip(self.layout.leaves, leaves, strict=True):
            if leaf.kind != "static":
                inputs += [x] if not leaf.shape else x.ravel().tolist()
        args, kwargs = optree.tree_unflatten(self.layout.treespec, leaves)
        values = Results(self.traced.function(*args, **kwargs), self.traced.name).values
        total = weights[0] * values[self.outputs[0]]
        for weight, i in zip(weights[1:], self.outputs[1:], strict=True):
            total = total + weight * values[i]
        return total, inputs

    def _compiled(self, function: Any, reduce: str | None, weights: list[Any], leaves: list[Any]) -> Any:
        """The result of the function, compiled."""
        axes = [leaf.axis for leaf in self.layout.leaves]
        key = function.__name__, self.layout, self.outputs, tuple(self.shared), tuple(map(id, self.captured))
        in_axes = ([0 if self.by_rows else None] * len(weights), axes) if self.layout.batched else None
        traced = self.traced.derive(key, function, in_axes, reduce)
        if self.by_rows:
            weights = [as_rows(x) for x in weights]
        call = Call(traced, (weights, leaves), {})
        return joined(call) if has_values(call) else call.answer(call.question("value"))


def as_rows(x: Any) -> Any:
    """Numbers and Values as an array: of floats where all are."""
    import numpy as np

    return x if any(isinstance(v, Value) for v in x) else np.array(x, dtype=float)
