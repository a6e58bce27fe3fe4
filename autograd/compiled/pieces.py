"""What answers for the pieces of a sweep: a compiled function as it was when the sweep began.

The result of a piece is to depend on nothing but the piece. But a function learns: a new path makes no difference to
rows on others, while branches that are merged, and paths for which there is no room, do. So what is met on the way is
learned beside the function as it was, and as long as that could not have made a difference it is as good. Where it
could have, the piece is answered by the function as it was, with nothing but that piece to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from threading import RLock
from typing import Any, NamedTuple

from autograd.border.wording import brief
from autograd.branches.decisions import Decisions
from autograd.compiled.absent import Absent, AbsentError
from autograd.compiled.answers import Answer, Form, Part
from autograd.compiled.arguments import FullError
from autograd.compiled.call import Call
from autograd.compiled.kinds import KINDS
from autograd.compiled.paths import Path, Paths
from autograd.compiled.questions import Question, question
from autograd.compiled.recordings import is_overfull
from autograd.compiled.traced import Traced
from autograd.compiled.travelling import Luggage, luggage, paths_of, unpacked
from autograd.engine.pausing import no_grad
from autograd.structures.layout import Layout
from autograd.structures.results import Results
from autograd.tape.recording import line_of

__all__ = ["Asked", "Found", "Packed", "Pieces", "question_of", "structure_of"]

ROOM = 4
"""So many times as many paths are learned as a function may have."""


class Found(NamedTuple):
    """The result of some rows: what is summed over them, arrays of what each has, and how many there are."""

    numbers: Any
    lanes: list[Any]
    rows: int


class Asked(NamedTuple):
    """What a sweep asks of each piece: a kind of derivative, by which arguments, and whether all rows are summed."""

    kind: str
    argnums: Any
    summed: bool


def question_of(call: Call, asked: Asked) -> Question:
    """The question that this is, of a call."""
    row = KINDS[asked.kind]
    if row.single:
        call.require_single(row.single)
    argnums = call.positions(asked.argnums) if row.slopes else ()

    def make() -> Question:
        reduced = call.traced.reduce is not None or asked.summed
        found = question(asked.kind, argnums, (), call.layout, call.results, reduced)
        if not asked.summed or not found.wanted.others:
            return found
        wanted = replace(found.wanted, summed=tuple(range(found.wanted.count)))  # slopes by what varies, too
        answer = row.form(Form(call.layout, call.results, argnums, True, wanted.places))
        return Question(wanted, without_lanes(answer))

    return call.paths.once(("piece", asked.kind, argnums, asked.summed), make)


def without_lanes(answer: Answer | Part) -> Any:
    """The same answer, of rows that are summed."""
    if isinstance(answer, Part):
        return replace(answer, in_lanes=False, axis=0)
    return replace(answer, parts=[None if part is None else without_lanes(part) for part in answer.parts])


class Packed:
    """What a `Pieces` is made of, to be pickled: what comes out of the pickle is one.

    Args:
        args: Those of `Pieces`.
    """

    def __init__(self, *args: Any) -> None:
        self._args = args

    def __reduce__(self) -> Any:
        return Pieces, self._args


class Pieces:
    """What answers for pieces, here or, unpickled, in another process.

    Args:
        begun: The function as it was when the sweep began.
        learned: The same with the paths that were met since.
        asked: What is asked.
        structure: Of the arguments of the first chunk, and of what the function gave.
    """

    def __init__(self, begun: Luggage, learned: Luggage, asked: Asked, structure: tuple[Any, Any]) -> None:
        self._begun, self._learned, self.asked, self._structure = begun, learned, asked, structure
        self._facts = {layout: x.decisions.facts() for layout, x in begun.paths.items()}
        self._lock = RLock()  # one recording at a time: weights are set for it
        self._now = self._unpacked(learned)

    def _unpacked(self, packed: Luggage) -> Traced:
        """The function, to learn paths, and to merge nothing that is not."""
        traced = unpacked(packed)
        if traced.branches == "auto":
            traced.branches = "as they are"
        traced.lock, traced.strict = self._lock, True
        traced.max_paths *= ROOM
        for paths in traced.paths.values():
            paths.most = traced.max_paths
        return traced

    def learned(self) -> Luggage:
        """What is known by now."""
        return luggage(self._now, self._begun.options)

    @property
    def paths(self) -> int:
        """How many paths are known by now."""
        return sum(len(each.all) for each in list(self._now.paths.values()))

    def combine(self, left: Found, right: Found) -> Found:
        """The result of two neighbours."""
        return Found(left.numbers + right.numbers, left.lanes + right.lanes, left.rows + right.rows)

    def answer(self, arguments: Sequence[Any]) -> Found | None:
        """The result of a piece; None, where the function is needed and is not there.

        Raises:
            ValueError: the arguments are of another structure than those of the first chunk.
        """
        now = self._now
        with no_grad():
            try:
                found, call = self._run(now, arguments)
                if self._holds(call):
                    return found
                spoiled = self._is_spoiled(call)
            except AbsentError:
                return None
            except FullError:
                spoiled = True
            if spoiled:
                self._now = self._unpacked(self._begun)
            if isinstance(self._begun.function, Absent):
                return None
            alone = unpacked(self._begun)
            alone.lock = self._lock
            with self._lock if self._begun.options.weights else nullcontext():
                return self._run(alone, arguments)[0]

    def _run(self, traced: Traced, arguments: Sequence[Any]) -> tuple[Found, Call]:
        """The result by a function, and the call."""
        call = Call(traced, tuple(arguments), {})
        given, gave = structure_of(call.layout, call.results)
        if given != self._structure[0] or gave != self._structure[1]:
            raise ValueError(
                f"{traced.name}: a chunk is of another structure than the first: its arguments are "
                f"{described(given)}, and were {described(self._structure[0])}"
                + ("" if gave == self._structure[1] else f"; what comes of it is {call.results}")
            )
        numbers, lanes = call.rows.run(question_of(call, self.asked).wanted)
        return Found(numbers, [lanes] if len(lanes) else [], call.n), call

    # --- whether what was learned made a difference ---

    def _holds(self, call: Call) -> bool:
        """Whether a result is that of the function as it was."""
        paths = call.paths
        if self._is_spoiled(call):
            return False
        if self._is_calm(paths):
            return True
        used: dict[int, Path] = {}
        for block in call.rows.blocks():
            used.update((id(path), path) for path, _ in block.sort())
        data = self._begun.paths.get(call.layout)
        alone = paths_of(data, 1) if data is not None else Paths(paths.most, paths.decisions)
        known = {path.outcomes for path in alone.all}
        for path in paths.all:
            if id(path) in used and path.outcomes not in known:
                at = alone.parting(path.outcomes)
                if alone.all and at < len(path.places):
                    alone.splits[line_of(path.places[at])] += 1
                alone.add(path)
        return self._is_calm(alone)

    def _is_calm(self, paths: Paths) -> bool:
        """Whether a function with these paths has room for them, and has merged nothing because of them."""
        merges = self._begun.options.branches == "auto"
        return len(paths.all) <= self._begun.options.max_paths and not (merges and is_overfull(paths))

    def _is_spoiled(self, call: Call) -> bool:
        """Whether paths were learned under other decisions than there were."""
        paths = call.paths
        facts = self._facts.get(call.layout) or Decisions(self._begun.options.branches == "selects").facts()
        return paths.decisions.facts() != facts


def structure_of(layout: Layout, results: Results) -> tuple[Any, Any]:
    """The structure of arguments, but for static ones, and of what the function gives."""
    leaves = [(leaf.name, leaf.kind, leaf.axis, leaf.shape) for leaf in layout.leaves]
    return (layout.treespec, leaves), (results.treespec, tuple(results.shapes))


def described(given: Any) -> str:
    """The structure of arguments in words."""
    said = [f"{name}: {kind}" + (f" of {shape}" if kind == "array" else "") for name, kind, _, shape in given[1]]
    return brief(", ".join(said), 150).strip("'\"")
