"""One call of a compiled function: its arguments as numbers, what is asked of them, and what is kept of it."""

from __future__ import annotations

from operator import index
from typing import Any

import optree

from autograd._build import native
from autograd.border.wording import brief
from autograd.compiled.arguments import Arguments
from autograd.compiled.rows import BLOCK, Rows
from autograd.compiled.tangents import pack_tangents
from autograd.engine.listening import recorder
from autograd.engine.refusals import RecordingError
from autograd.recorded.inputs import Captured, Inputs
from autograd.recorded.kinds import KINDS
from autograd.recorded.paths import Paths
from autograd.recorded.questions import Question, instead_of_one, question
from autograd.recorded.traced import Traced
from autograd.replay.threads import most_in_one_go, smallest_share
from autograd.structures.trees import flatten, is_plain
from autograd.values.value import Value

if native:
    from autograd.recorded.repetition import Leaf, Piece, Repetition

__all__ = ["Call"]


class Call:
    """A call, on numbers.

    Args:
        traced: The function.
        args, kwargs: Its arguments.
        tangents: Directions for the positional ones, if there are to be any.

    Attributes:
        rows: Those of the batch, or the one that there is.
        results: The structure of what the function gives.
    """

    def __init__(
        self, traced: Traced, args: tuple[Any, ...], kwargs: dict[str, Any], tangents: tuple[Any, ...] | None = None
    ) -> None:
        if recorder() is not None:
            raise RecordingError(
                f"{traced.name}: derivatives of a compiled function are numbers, which a recording freezes: use "
                "autograd.grad(..., create_graph=True) inside a function that is recorded"
            )
        self.traced, self.tangents = traced, tangents
        marked = traced.wrapped(args, kwargs)
        self.positional = len(args)
        self.leaves, treespec = flatten(marked)
        self.layout = layout = traced.layout(marked, self.leaves, treespec)
        self.batched = bool(layout.batched)
        numbers, batches, self.n = layout.pack(self.leaves)
        inputs = Inputs(self.n, numbers, batches, Captured())
        self.moving: tuple[int, ...] = ()
        if tangents is not None:
            self.moving, *directions = pack_tangents(traced, args, layout, self.n, tangents)
            inputs = inputs.with_tangents(*directions)
        with traced.lock:
            paths = traced.paths_of(layout)
            self._known = paths, len(paths.all)
            self.arguments = Arguments(traced, layout, self.leaves, paths)
            if not paths.all:
                self.arguments.record(0)
        self.rows = Rows(self.arguments, inputs)
        self.results = self.paths.all[0].results

    @property
    def paths(self) -> Paths:
        """The paths that there are by now."""
        return self.arguments.paths

    def answer(self, asked: Question) -> Any:
        """The answer to a question."""
        import numpy as np

        numbers, lanes = self.rows.run(asked.wanted)
        if self.traced.reduce == "mean" and self.batched:
            self.require_rows()
            kept = asked.wanted.kept
            numbers, lanes = numbers / self.n, np.concatenate([lanes[:kept], lanes[kept:] / self.n])
        found = asked.answer.fill(numbers, lanes)
        if asked.wanted.kind.slopes:
            self.look_at_steps()
        return found

    def question(self, kind: str, argnums: Any = ()) -> Question:
        """The question of a kind of derivative (see `KINDS`), for arguments and results of this structure.

        Raises:
            TypeError: it is about functions of one number, which this is not.
            ValueError: `argnums` has what is no argument.
        """
        if KINDS[kind].single:
            self.require_single(KINDS[kind].single, KINDS[kind].aux)
        argnums, reduced = self.positions(argnums), self.traced.reduce is not None
        return self.paths.once(
            (kind, argnums, self.moving),
            lambda: question(kind, argnums, self.moving, self.layout, self.results, reduced),
        )

    def inputs(self, kind: str, argnums: Any) -> tuple[int, ...]:
        """Towards which inputs a kind of derivative is asked for by `argnums`.

        Raises:
            TypeError, ValueError: as of `question`.
        """
        if KINDS[kind].single:
            self.require_single(KINDS[kind].single)
        return self.layout.inputs_of(self.positions(argnums))

    def look_at_steps(self) -> None:
        """Warn once, if that is called for, of a path along which nothing moves."""
        for path in self.paths.all:
            if path.example is not None:
                self.traced.warn_of_steps(self.layout, self.leaves, path)

    @property
    def missed(self) -> bool:
        """True, if a row took a path that was not known."""
        return self._known != (self.paths, len(self.paths.all)) or bool(self.rows.alone)

    # --- what is kept of it ---

    def way(self) -> Any:
        """The fork or the one path that all rows took; None, if there is none by which calls are repeated."""
        if self.rows.in_blocks:
            return None
        return self.rows.fork if self.rows.fork is not None else self.rows.only_path()

    def repetition(self, asked: Question, as_sums: bool = False) -> Any:
        """The `Repetition` that answers a question of calls like this one, on its way; None, if something is odd.

        Args:
            asked: The question.
            as_sums: Whether sums over rows are wanted where the function is to give means.
        """
        traced, layout, wanted, fork = self.traced, self.layout, asked.wanted, self.rows.fork
        odd = any(leaf.axis or (not leaf.size and leaf.kind != "static") for leaf in layout.leaves)
        odd = odd or not wanted.count  # as of the derivatives of nothing
        if odd or not is_plain(layout.treespec) or not is_plain(self.results.treespec):
            return None
        pattern: Any = optree.tree_unflatten(layout.treespec, range(len(layout.leaves)))
        leaves = [Leaf(leaf, x, asked.values) for leaf, x in zip(layout.leaves, self.leaves, strict=True)]
        primals = len(leaves)
        if self.tangents is not None:
            moved = [leaf for leaf in layout.leaves if self.tangents[leaf.argument] is not None]
            if any(leaf.kind == "static" for leaf in moved):
                return None
            pattern = pattern[0], self._pattern_of_tangents(primals)
            leaves += [Leaf(leaf, 0.0, "never") for leaf in moved]
        path: Any = self.paths.all[0] if fork is not None else self.way()
        form = asked.answer.map(Piece)
        instructions = len(path.lowered(wanted).instructions)
        mean = traced.reduce == "mean" and self.batched and not as_sums
        if fork is not None:
            most = smallest_share(instructions)
            return Repetition(pattern, leaves, primals, [], None, None, fork, form, mean, wanted.kept, False, most, 1)
        guards = path.guards.machine(path.varying, True) if path.outcomes else None
        machine, careful = path.machine(wanted), path.needs_care(wanted)
        most = min(most_in_one_go(instructions, traced.threads), BLOCK)
        by = 1 if path.outcomes else instructions  # as batches on several paths are divided
        return Repetition(
            pattern, leaves, primals, path.captured, machine, guards, None, form, mean, wanted.kept, careful, most, by
        )

    def _pattern_of_tangents(self, first: int) -> tuple[Any, ...]:
        """The tangents, with numbers for leaves, counted from the first on."""
        given: Any = self.tangents
        numbers = iter(range(first, first + len(self.layout.leaves)))
        places = [None if given[leaf.argument] is None else next(numbers) for leaf in self.layout.leaves]
        along: Any = optree.tree_unflatten(self.layout.treespec, places)
        return tuple([None if t is None else x for t, x in zip(given, along[0], strict=True)])

    # --- what is refused ---

    def require_rows(self) -> None:
        """Refuse an empty batch."""
        if self.batched and not self.n:
            raise ValueError(f"{self.traced.name}: the mean over an empty batch is undefined")

    def require_single(self, what: str, aux: bool = False) -> None:
        """Refuse results that are not one number; or with `aux` a pair, the first of which is."""
        if aux:
            if not self.results.is_pair:
                raise TypeError(
                    f"{self.traced.name}.{what}: has_aux wants a function that gives a pair, one number and whatever "
                    f"else is wanted of it; this gives {self.results}"
                )
        elif not self.results.single:
            raise TypeError(f"{self.traced.name}.{what}: {instead_of_one(what, self.results, self.layout)}")

    def positions(self, argnums: Any) -> Any:
        """`argnums`, counted from the front."""
        n = self.positional
        single = not isinstance(argnums, (tuple, list))
        positions = []
        for k in (argnums,) if single else argnums:
            if isinstance(k, (bool, Value)) or not hasattr(k, "__index__") or not -n <= k < n:
                raise ValueError(f"{self.traced.name}: argnums has {brief(k)}; there are {n} positional arguments")
            positions.append(index(k) % n)
        return positions[0] if single else tuple(positions)
